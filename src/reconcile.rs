//! Compares the wanted tree with the disk and the locks, and decides what to do. Pure: `disk` reads before and writes
//! after.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use crate::digest::Digest;
use crate::finding::Finding;
use crate::lock::Parsed;
use crate::plan::{Mode, Owner, OwnerRecord, Ownership};
use crate::safe_path;
use crate::tree::Tree;

mod files;
mod locks;
pub use locks::{ATTRIBUTES, ATTRIBUTES_PATH};
mod project;
pub mod table;

/// The version of this binary, as locks record it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the spec wants.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Every file.
    pub tree: &'a Tree,
    /// What the locks record beside the files.
    pub owners: &'a [OwnerRecord],
}

/// The lock files, as found.
pub type Locks = BTreeMap<Owner, StoredLock>;

/// One lock file, as found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLock {
    /// As on disk.
    pub bytes: Vec<u8>,
    /// What it says.
    pub parsed: Parsed,
}

/// What is on disk, as far as `reconcile` needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Every path of [`paths`].
    pub files: BTreeMap<Utf8PathBuf, Found>,
    /// The stored base copies whose content matches their name.
    pub bases: BTreeMap<Digest, Vec<u8>>,
    /// The names of all stored base copies, whatever they contain.
    pub stored_bases: BTreeSet<Digest>,
    /// The Python modules in the folders of [`module_folders`].
    pub modules: Vec<Utf8PathBuf>,
    /// Whether `.backendgen/.gitattributes` says what it should.
    pub has_attributes: bool,
    /// Whether executable bits mean nothing here.
    pub ignores_modes: bool,
}

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Absent,
    /// A regular file, reached without links.
    File {
        /// As on disk.
        bytes: Vec<u8>,
        /// Whether its owner may execute it.
        executable: bool,
    },
    /// Something that is no file, here or on the way.
    Obstacle(&'static str),
}

/// What the user decided about single files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Whose text wins, by path.
    pub by_path: BTreeMap<Utf8PathBuf, Choice>,
    /// Whether files without a choice are left alone.
    pub only_these: bool,
}

/// Whose text wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The file stays, and this change of the template is declined.
    Mine,
    /// The file is rendered again.
    Generated,
}

/// What to do, and what is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// What happens to the files of the project, by path.
    pub files: Vec<Change>,
    /// What happens to base copies and locks, in the order of writing.
    pub state: Vec<Change>,
    /// What is wrong and `generate` repairs.
    pub pending: Vec<Finding>,
    /// What is wrong and only the user can decide; nothing is written while there is one.
    pub refusals: Vec<Finding>,
    /// What is worth knowing.
    pub notes: Vec<Finding>,
}

impl Changes {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.state.is_empty()
    }

    /// All changes in the order of writing: locks come last, so that they never describe what is not there.
    pub fn in_order(&self) -> impl Iterator<Item = &Change> {
        self.files.iter().chain(&self.state)
    }
}

/// What happens to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Relative to the project root.
    pub path: Utf8PathBuf,
    /// What happens.
    pub action: Action,
    /// Who writes the file; none for the tool's own state and the spec.
    pub ownership: Option<Ownership>,
    /// What is there now.
    pub before: Option<Vec<u8>>,
    /// What will be there.
    pub after: Option<Vec<u8>>,
    /// The permission bits it will have.
    pub mode: Mode,
    /// Whether a text of the user goes, so that a copy of it is kept.
    pub replaces_edit: bool,
}

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It is written for the first time.
    New,
    /// Its text changes.
    Changed,
    /// Only its executable bit changes.
    Mode,
    /// It goes.
    Deleted,
}

/// The paths whose content `reconcile` needs. Unsafe ones are left out: nothing is read there.
#[must_use]
pub fn paths(tree: &Tree, locks: &Locks) -> BTreeSet<Utf8PathBuf> {
    let mut paths: BTreeSet<_> = tree.keys().cloned().collect();
    for stored in locks.values() {
        paths.extend(stored.parsed.lock.files.keys().cloned());
        paths.extend(stored.parsed.disputed.keys().cloned());
        paths.extend(stored.parsed.lock.tombstones.keys().cloned());
    }
    paths.retain(|path| safe_path::check_output(path).is_ok());
    paths
}

/// The digests of the base copies that `reconcile` needs.
#[must_use]
pub fn bases(locks: &Locks) -> BTreeSet<Digest> {
    let entries = |stored: &StoredLock| {
        let disputed = stored.parsed.disputed.values().flatten();
        stored.parsed.lock.files.values().chain(disputed).filter_map(|entry| entry.base).collect::<Vec<_>>()
    };
    locks.values().flat_map(entries).collect()
}

/// The folders in which every module is found and imported, and all of whose modules are generated.
#[must_use]
pub fn module_folders(tree: &Tree) -> BTreeSet<Utf8PathBuf> {
    let is_module = |path: &Utf8Path| path.extension() == Some("py") && !path.starts_with("tests");
    let modules = || tree.iter().filter(|(path, _)| is_module(path));
    let folder = |path: &Utf8Path| path.parent().map(Utf8Path::to_owned);
    let yours: BTreeSet<_> = modules()
        .filter(|(_, file)| matches!(file.ownership, Ownership::Yours | Ownership::Record))
        .filter_map(|(path, _)| folder(path))
        .collect();
    modules()
        .filter(|(_, file)| matches!(file.owner, Owner::Resource(_)))
        .filter_map(|(path, _)| folder(path))
        .filter(|folder| !yours.contains(folder))
        .collect()
}

/// Decides what to do about every file.
#[must_use]
pub fn reconcile(wanted: Wanted<'_>, locks: &Locks, snapshot: &Snapshot, choices: &Choices) -> Changes {
    let mut project = project::Project::new(wanted, locks, snapshot, choices);
    project.check_pin();
    files::reconcile(&mut project);
    locks::reconcile(project)
}

#[cfg(test)]
mod tests;
