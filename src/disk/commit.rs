//! The one function that writes. It stages everything before it touches anything, and on an error restores what it
//! touched.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write as _;
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, anyhow};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{AtFlags, Mode, OFlags, fchmod, fsync, linkat, openat, renameat, unlinkat};
use rustix::io::Errno;

use super::root::{Folder, Root, read_at, split};
use crate::plan;
use crate::reconcile::{Action, Change, Found};

const TMP: &str = ".backendgen/tmp";
const NEW: &str = ".backendgen/tmp/txn/new";
const OLD: &str = ".backendgen/tmp/txn/old";
const REPLACED: &str = ".backendgen/tmp/replaced";
/// How many runs keep the texts that they replaced.
const KEPT_RUNS: usize = 20;
/// From this many files on, one flush of the file system is cheaper than one a file.
const MANY: usize = 16;

/// One step of a transaction.
#[derive(Debug)]
pub struct Operation<'a> {
    /// Relative to the project root.
    pub path: &'a Utf8Path,
    /// The new content; none deletes the file.
    pub after: Option<&'a [u8]>,
    /// The permission bits of the new file.
    pub permissions: u32,
    /// What must be there, or the transaction does not start.
    pub expected: Expected<'a>,
    /// Whether a copy of what was there is kept.
    pub keeps_copy: bool,
}

/// What must be at a path.
#[derive(Debug, Clone, Copy)]
pub enum Expected<'a> {
    /// Nothing.
    Absent,
    /// A file with this content.
    File(&'a [u8]),
    /// The tool's own state may be damaged.
    Anything,
}

/// Why nothing was written.
#[derive(Debug)]
pub enum CommitError {
    /// The user pressed Ctrl-C; everything is as it was.
    Interrupted,
    /// The environment; everything is as it was, or the message says what is not.
    Environment(anyhow::Error),
}

impl From<anyhow::Error> for CommitError {
    fn from(error: anyhow::Error) -> Self {
        Self::Environment(error)
    }
}

impl<'a> From<&'a Change> for Operation<'a> {
    fn from(change: &'a Change) -> Self {
        let is_own = change.path.starts_with(".backendgen/base") || change.path == ".backendgen/.gitattributes";
        let expected = match (&change.before, change.action) {
            _ if is_own => Expected::Anything,
            (Some(before), _) => Expected::File(before),
            (None, _) => Expected::Absent,
        };
        Self {
            path: &change.path,
            after: change.after.as_deref().filter(|_| change.action != Action::Deleted),
            permissions: match change.mode {
                plan::Mode::Regular => 0o644,
                plan::Mode::Executable => 0o755,
            },
            expected,
            keeps_copy: change.replaces_edit,
        }
    }
}

/// Writes all or nothing.
///
/// # Errors
///
/// If a target is not as expected, something cannot be written, or the user interrupts.
pub fn commit(root: &Root, operations: &[Operation<'_>], interrupted: &AtomicBool) -> Result<(), CommitError> {
    let mut transaction = Transaction::begin(root)?;
    let outcome = transaction.run(operations, interrupted);
    if outcome.is_err() {
        transaction.roll_back(operations)?;
    }
    transaction.end()?;
    outcome
}

struct Transaction<'a> {
    root: &'a Root,
    new: OwnedFd,
    old: OwnedFd,
    created: Vec<Utf8PathBuf>,
    /// How many operations were carried out.
    done: usize,
}

impl<'a> Transaction<'a> {
    fn begin(root: &'a Root) -> Result<Self> {
        recover(root)?;
        let mut unused = Vec::new();
        let new = root.create_folder(Utf8Path::new(NEW), &mut unused)?;
        let old = root.create_folder(Utf8Path::new(OLD), &mut unused)?;
        Ok(Self { root, new, old, created: Vec::new(), done: 0 })
    }

    fn run(&mut self, operations: &[Operation<'_>], interrupted: &AtomicBool) -> Result<(), CommitError> {
        self.stage(operations)?;
        self.keep_copies(operations)?;
        self.verify(operations)?;
        let mut folders = BTreeSet::new();
        for (number, operation) in operations.iter().enumerate() {
            if interrupted.load(Ordering::SeqCst) {
                return Err(CommitError::Interrupted);
            }
            // Counted before it starts: half an operation is rolled back too.
            self.done = number + 1;
            let path = operation.path;
            self.apply(number, operation).with_context(|| format!("cannot write {path}"))?;
            folders.insert(path.parent().unwrap_or(Utf8Path::new("")));
        }
        self.remove_empty_folders(operations);
        for folder in folders {
            if let Folder::Open(folder) = self.root.folder(folder)? {
                fsync(folder).context("cannot flush a folder")?;
            }
        }
        Ok(())
    }

    fn stage(&self, operations: &[Operation<'_>]) -> Result<()> {
        let mut staged = 0;
        for (number, operation) in operations.iter().enumerate() {
            let Some(bytes) = operation.after else {
                continue;
            };
            let context = || format!("cannot stage {}", operation.path);
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let file =
                openat(&self.new, number.to_string(), flags, Mode::from_raw_mode(0o600)).with_context(context)?;
            fchmod(&file, Mode::from_raw_mode(operation.permissions)).with_context(context)?;
            let mut file = File::from(file);
            file.write_all(bytes).with_context(context)?;
            if operations.len() < MANY {
                file.sync_all().with_context(context)?;
            }
            staged += 1;
        }
        if staged > 0 && operations.len() >= MANY {
            flush(&self.new)?;
        }
        Ok(())
    }

    /// Nobody may have saved a target since it was read.
    fn verify(&self, operations: &[Operation<'_>]) -> Result<()> {
        for operation in operations {
            let found = self.root.read(operation.path)?;
            let is_expected = match (operation.expected, &found) {
                (Expected::File(expected), Found::File { bytes, .. }) => expected == bytes,
                (Expected::Absent | Expected::Anything, Found::Absent) | (Expected::Anything, Found::File { .. }) => {
                    true
                }
                _ => false,
            };
            if !is_expected {
                return Err(anyhow!("{} changed while this command ran; run it again", operation.path));
            }
        }
        Ok(())
    }

    fn apply(&mut self, number: usize, operation: &Operation<'_>) -> Result<()> {
        let (parent, name) = split(operation.path)?;
        let folder = self.root.create_folder(parent, &mut self.created)?;
        let number = number.to_string();
        if operation.after.is_none() {
            // A file that is already gone is what was wanted.
            return match renameat(&folder, name, &self.old, &number) {
                Ok(()) | Err(Errno::NOENT) => Ok(()),
                Err(error) => Err(error.into()),
            };
        }
        match linkat(&folder, name, &self.old, &number, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(Errno::PERM | Errno::MLINK | Errno::NOTSUP) => copy(&folder, name, &self.old, &number)?,
            Err(error) => return Err(error.into()),
        }
        Ok(renameat(&self.new, &number, &folder, name)?)
    }

    /// Folders that a deletion left empty go too; one that is not empty stays, and that is no error.
    fn remove_empty_folders(&self, operations: &[Operation<'_>]) {
        for operation in operations.iter().filter(|operation| operation.after.is_none()) {
            let folders = operation.path.ancestors().skip(1).filter(|folder| !folder.as_str().is_empty());
            for folder in folders {
                if self.remove_folder(folder).is_err() {
                    break;
                }
            }
        }
    }

    fn remove_folder(&self, path: &Utf8Path) -> Result<()> {
        let (parent, name) = split(path)?;
        match self.root.folder(parent)? {
            Folder::Open(parent) => Ok(unlinkat(parent, name, AtFlags::REMOVEDIR)?),
            Folder::Absent | Folder::Obstacle(_) => Ok(()),
        }
    }

    /// Restores the originals, the last one first. It goes on after a failure and names what it could not restore.
    fn roll_back(&self, operations: &[Operation<'_>]) -> Result<()> {
        let mut lost = Vec::new();
        for (number, operation) in operations.iter().enumerate().take(self.done).rev() {
            if let Err(error) = self.restore(&number.to_string(), operation) {
                lost.push(format!("{} ({error:#})", operation.path));
            }
        }
        for folder in self.created.iter().rev() {
            // Something else may have been put there in the meantime.
            let _ = self.remove_folder(folder);
        }
        if lost.is_empty() {
            return Ok(());
        }
        Err(anyhow!("cannot restore {}; the originals are in {OLD}", lost.join(", ")))
    }

    fn restore(&self, number: &str, operation: &Operation<'_>) -> Result<()> {
        let (parent, name) = split(operation.path)?;
        let Folder::Open(folder) = self.root.folder(parent)? else {
            return Ok(());
        };
        match renameat(&self.old, number, &folder, name) {
            Ok(()) => {
                // Linking a file to itself and renaming leaves both names: that is how rename is defined.
                let _ = unlinkat(&self.old, number, AtFlags::empty());
                Ok(())
            }
            // There was no original. Without a staged file, the new one is in its place.
            Err(Errno::NOENT) if matches!(read_at(self.new.as_fd(), number)?, Found::Absent) => {
                match (operation.after, unlinkat(&folder, name, AtFlags::empty())) {
                    (None, _) | (_, Ok(()) | Err(Errno::NOENT)) => Ok(()),
                    (_, Err(error)) => Err(error.into()),
                }
            }
            Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps the texts of the user that go.
    fn keep_copies(&self, operations: &[Operation<'_>]) -> Result<()> {
        let kept: Vec<_> = operations.iter().filter(|operation| operation.keeps_copy).collect();
        if kept.is_empty() {
            return Ok(());
        }
        let run = next_run(self.root)?;
        for operation in kept {
            let (parent, name) = split(operation.path)?;
            let folder = self.root.create_folder(&run.join(parent), &mut Vec::new())?;
            if let Expected::File(bytes) = operation.expected {
                let context = || format!("cannot keep a copy of {}", operation.path);
                write_new(&folder, name, bytes).with_context(context)?;
            }
        }
        Ok(())
    }

    fn end(&self) -> Result<()> {
        clear(&self.new)?;
        clear(&self.old)?;
        remove_transaction(self.root)
    }
}

/// Writes all data of the file system to the disk.
fn flush(folder: &OwnedFd) -> Result<()> {
    #[cfg(target_os = "linux")]
    return rustix::fs::syncfs(folder).context("cannot flush the new files");
    #[cfg(not(target_os = "linux"))]
    {
        let _ = folder;
        rustix::fs::sync();
        Ok(())
    }
}

fn copy(from: &OwnedFd, name: &str, to: &OwnedFd, number: &str) -> Result<()> {
    match read_at(from.as_fd(), name)? {
        Found::File { bytes, .. } => write_new(to, number, &bytes),
        Found::Absent | Found::Obstacle(_) => Ok(()),
    }
}

fn write_new(folder: &OwnedFd, name: &str, bytes: &[u8]) -> Result<()> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut file = File::from(openat(folder, name, flags, Mode::from_raw_mode(0o644))?);
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

/// The folder of this run among the replaced texts; the oldest runs go.
fn next_run(root: &Root) -> Result<Utf8PathBuf> {
    let replaced = root.create_folder(Utf8Path::new(REPLACED), &mut Vec::new())?;
    let mut runs: Vec<u32> = list(&replaced)?.iter().filter_map(|name| name.parse().ok()).collect();
    runs.sort_unstable();
    let next = runs.last().map_or(1, |last| last + 1);
    let surplus = (runs.len() + 1).saturating_sub(KEPT_RUNS);
    for run in &runs[..surplus] {
        fs_err::remove_dir_all(root.path().join(REPLACED).join(run.to_string()))?;
    }
    Ok(Utf8Path::new(REPLACED).join(next.to_string()))
}

/// Removes what a run left that was killed. Originals of replaced files are kept.
fn recover(root: &Root) -> Result<()> {
    let Folder::Open(old) = root.folder(Utf8Path::new(OLD))? else {
        if let Folder::Open(new) = root.folder(Utf8Path::new(NEW))? {
            clear(&new)?;
        }
        return remove_transaction(root);
    };
    let names = list(&old)?;
    if !names.is_empty() {
        let run = next_run(root)?;
        let folder = root.create_folder(&run, &mut Vec::new())?;
        for name in names {
            renameat(&old, &name, &folder, &name).context("cannot keep the originals of a killed run")?;
        }
    }
    if let Folder::Open(new) = root.folder(Utf8Path::new(NEW))? {
        clear(&new)?;
    }
    remove_transaction(root)
}

fn remove_transaction(root: &Root) -> Result<()> {
    let tmp = match root.folder(Utf8Path::new(TMP))? {
        Folder::Open(tmp) => tmp,
        Folder::Absent => return Ok(()),
        Folder::Obstacle(what) => return Err(anyhow!("{TMP}: {what} is in the way")),
    };
    for name in ["txn/new", "txn/old", "txn"] {
        match unlinkat(&tmp, name, AtFlags::REMOVEDIR) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(error) => return Err(error).with_context(|| format!("cannot remove {TMP}/{name}")),
        }
    }
    Ok(())
}

fn clear(folder: &OwnedFd) -> Result<()> {
    for name in list(folder)? {
        unlinkat(folder, &name, AtFlags::empty()).with_context(|| format!("cannot remove the staged file {name}"))?;
    }
    Ok(())
}

fn list(folder: &OwnedFd) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in rustix::fs::Dir::read_from(folder).context("cannot list the transaction")? {
        let name = entry.context("cannot list the transaction")?.file_name().to_string_lossy().into_owned();
        if name != "." && name != ".." {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
