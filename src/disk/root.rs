//! The handle of the project root, and how paths beneath it are reached.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use anyhow::{Context as _, Result, anyhow};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, fstat, mkdirat, open, openat, statat};
use rustix::io::Errno;

use crate::reconcile::Found;
use crate::safe_path;

const FOLDER: OFlags = OFlags::DIRECTORY.union(OFlags::NOFOLLOW).union(OFlags::RDONLY).union(OFlags::CLOEXEC);
const FILE: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::RDONLY).union(OFlags::CLOEXEC);

/// An open project.
#[derive(Debug)]
pub struct Root {
    folder: OwnedFd,
    path: Utf8PathBuf,
}

/// A folder beneath the root, or why there is none.
#[derive(Debug)]
pub(super) enum Folder {
    Open(OwnedFd),
    Absent,
    Obstacle(&'static str),
}

impl Root {
    /// Opens the project in a folder. The folder itself may be reached through a link.
    ///
    /// # Errors
    ///
    /// If it cannot be opened.
    pub fn open(path: &Utf8Path) -> Result<Self> {
        let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC;
        let folder = open(path.as_std_path(), flags, Mode::empty()).with_context(|| format!("cannot open {path}"))?;
        Ok(Self { folder, path: path.to_owned() })
    }

    /// Where the project is, for messages.
    #[must_use]
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// Reads what is at a path.
    ///
    /// # Errors
    ///
    /// If the path is not safe, or something is there that cannot be read.
    pub fn read(&self, path: &Utf8Path) -> Result<Found> {
        let (parent, name) = split(path)?;
        match self.folder(parent)? {
            Folder::Open(folder) => read_at(folder.as_fd(), name).with_context(|| format!("cannot read {path}")),
            Folder::Absent => Ok(Found::Absent),
            Folder::Obstacle(what) => Ok(Found::Obstacle(what)),
        }
    }

    /// Opens a folder beneath the root.
    pub(super) fn folder(&self, path: &Utf8Path) -> Result<Folder> {
        let mut folder = self.handle()?;
        for component in path.components() {
            match openat(&folder, component.as_str(), FOLDER, Mode::empty()) {
                Ok(next) => folder = next,
                Err(Errno::NOENT) => return Ok(Folder::Absent),
                Err(Errno::NOTDIR | Errno::LOOP) => return Ok(Folder::Obstacle(obstacle(&folder, component.as_str()))),
                Err(error) => return Err(error).with_context(|| format!("cannot open {path}")),
            }
        }
        Ok(Folder::Open(folder))
    }

    /// Opens a folder beneath the root and creates what is missing on the way; names the created folders.
    pub(super) fn create_folder(&self, path: &Utf8Path, created: &mut Vec<Utf8PathBuf>) -> Result<OwnedFd> {
        let mut folder = self.handle()?;
        let mut reached = Utf8PathBuf::new();
        for component in path.components() {
            reached.push(component);
            let name = component.as_str();
            match mkdirat(&folder, name, Mode::from_raw_mode(0o777)) {
                Ok(()) => created.push(reached.clone()),
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error).with_context(|| format!("cannot create {reached}")),
            }
            folder = openat(&folder, name, FOLDER, Mode::empty()).with_context(|| format!("cannot open {reached}"))?;
        }
        Ok(folder)
    }

    fn handle(&self) -> Result<OwnedFd> {
        self.folder.try_clone().with_context(|| format!("cannot open {}", self.path))
    }
}

/// The folder and the name of a path that may be touched.
pub(super) fn split(path: &Utf8Path) -> Result<(&Utf8Path, &str)> {
    safe_path::check(path).map_err(|reason| anyhow!("the path `{path}` {reason}"))?;
    let name = path.file_name().expect("a safe path ends in a name");
    Ok((path.parent().unwrap_or(Utf8Path::new("")), name))
}

/// Reads a file of an open folder with as few system calls as possible.
pub(super) fn read_at(folder: BorrowedFd<'_>, name: &str) -> Result<Found> {
    let file = match openat(folder, name, FILE, Mode::empty()) {
        Ok(file) => file,
        Err(Errno::NOENT) => return Ok(Found::Absent),
        Err(Errno::LOOP | Errno::NXIO) => return Ok(Found::Obstacle(obstacle(folder, name))),
        Err(error) => return Err(error.into()),
    };
    let stat = fstat(&file)?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => {}
        FileType::Directory => return Ok(Found::Obstacle("a folder")),
        FileType::Symlink
        | FileType::Fifo
        | FileType::Socket
        | FileType::CharacterDevice
        | FileType::BlockDevice
        | FileType::Unknown => return Ok(Found::Obstacle("a special file")),
    }
    let size = usize::try_from(stat.st_size).context("the file is too large")?;
    let mut bytes = vec![0; size];
    let mut filled = 0;
    while filled < size {
        match rustix::io::read(&file, &mut bytes[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    bytes.truncate(filled);
    Ok(Found::File { bytes, executable: stat.st_mode & 0o100 != 0 })
}

fn obstacle(folder: impl AsFd, name: &str) -> &'static str {
    match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).map(|stat| FileType::from_raw_mode(stat.st_mode)) {
        Ok(FileType::Symlink) => "a symbolic link",
        Ok(FileType::RegularFile) => "a file where a folder belongs",
        Ok(FileType::Directory) => "a folder",
        _ => "a special file",
    }
}

/// The nearest folder, from here upwards, that holds a `backendgen.yaml`.
#[must_use]
pub fn find_root(from: &Utf8Path) -> Option<Utf8PathBuf> {
    from.ancestors().find(|folder| folder.join("backendgen.yaml").is_file()).map(Utf8Path::to_owned)
}
