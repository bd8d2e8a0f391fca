//! Keeps two runs from writing at once. The system frees the lock of a process that dies.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};

use anyhow::{Context as _, Result, anyhow};
use camino::Utf8Path;
use rustix::fs::{Mode, OFlags, openat};
use rustix::io::Errno;

use super::root::{Folder, Root};

const TMP: &str = ".backendgen/tmp";

/// Held while the process reads or writes the project.
#[derive(Debug)]
pub struct ProcessLock {
    _file: Option<File>,
}

/// Takes the lock of a command that writes.
///
/// # Errors
///
/// If another process holds it, or the state cannot be written.
pub fn hold(root: &Root) -> Result<ProcessLock> {
    let tmp = root.create_folder(Utf8Path::new(TMP), &mut Vec::new())?;
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let ignore =
        openat(&tmp, ".gitignore", flags, Mode::from_raw_mode(0o644)).context("cannot write .backendgen/tmp")?;
    let mut ignore = File::from(ignore);
    if ignore.metadata().context("cannot read .backendgen/tmp")?.len() == 0 {
        ignore.write_all(b"*\n").context("cannot write .backendgen/tmp")?;
    }
    let file = openat(&tmp, "lock", flags, Mode::from_raw_mode(0o644)).context("cannot open .backendgen/tmp/lock")?;
    let mut file = File::from(file);
    match file.try_lock() {
        Ok(()) => {
            sign(&mut file).context("cannot write .backendgen/tmp/lock")?;
            Ok(ProcessLock { _file: Some(file) })
        }
        Err(error) => Err(held(error, &mut file)),
    }
}

/// Takes the lock of a command that only reads, if there is a lock: such a command creates nothing.
///
/// # Errors
///
/// If another process is writing.
pub fn share(root: &Root) -> Result<ProcessLock> {
    let Folder::Open(tmp) = root.folder(Utf8Path::new(TMP))? else {
        return Ok(ProcessLock { _file: None });
    };
    let file = match openat(&tmp, "lock", OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty()) {
        Ok(file) => file,
        Err(Errno::NOENT) => return Ok(ProcessLock { _file: None }),
        Err(error) => return Err(error).context("cannot open .backendgen/tmp/lock"),
    };
    let mut file = File::from(file);
    match file.try_lock_shared() {
        Ok(()) => Ok(ProcessLock { _file: Some(file) }),
        Err(error) => Err(held(error, &mut file)),
    }
}

/// Says who holds the lock, for the message of the next process.
fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    let uname = rustix::system::uname();
    writeln!(file, "{} on {}", std::process::id(), uname.nodename().to_string_lossy())
}

fn held(error: TryLockError, file: &mut File) -> anyhow::Error {
    match error {
        TryLockError::Error(error) => anyhow::Error::new(error).context("cannot lock .backendgen/tmp/lock"),
        TryLockError::WouldBlock => {
            let mut holder = String::new();
            let read = file.read_to_string(&mut holder);
            match (read, holder.trim()) {
                (Ok(_), holder) if !holder.is_empty() => anyhow!("process {holder} is working on this project"),
                _ => anyhow!("another process is working on this project"),
            }
        }
    }
}
