//! What the stages of `reconcile` share: the inputs, the records by path, and what was decided so far.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::{Changes, Choice, Choices, Found, Locks, Snapshot, VERSION, Wanted};
use crate::digest::Digest;
use crate::finding::{Finding, FindingCode};
use crate::lock::{Entry, Lock};
use crate::plan::{Owner, Ownership};

/// What the locks say about a path.
#[derive(Debug, Clone, Copy)]
pub(super) enum Record {
    /// The file was written.
    Entry(Entry),
    /// Two branches wrote it differently.
    Disputed([Entry; 2]),
    /// The user deleted it.
    Tombstone(Ownership),
}

/// A reconciliation under way.
pub(super) struct Project<'a> {
    pub wanted: Wanted<'a>,
    pub locks: &'a Locks,
    pub snapshot: &'a Snapshot,
    pub choices: &'a Choices,
    /// What the locks say, by path.
    pub records: BTreeMap<&'a Utf8Path, (&'a Owner, Record)>,
    /// The locks as they will be.
    pub next: BTreeMap<Owner, Lock>,
    /// Base copies that the next locks refer to and that are not stored.
    pub new_bases: BTreeMap<Digest, Vec<u8>>,
    /// Owners of which something is out of step for a reason that is already named.
    pub explained: BTreeSet<Owner>,
    pub changes: Changes,
}

impl<'a> Project<'a> {
    pub fn new(wanted: Wanted<'a>, locks: &'a Locks, snapshot: &'a Snapshot, choices: &'a Choices) -> Self {
        let mut records = BTreeMap::new();
        for (owner, stored) in locks {
            let lock = &stored.parsed.lock;
            let files = lock.files.iter().map(|(path, entry)| (path, Record::Entry(*entry)));
            let disputed = stored.parsed.disputed.iter().map(|(path, entries)| (path, Record::Disputed(*entries)));
            let tombstones = lock.tombstones.iter().map(|(path, class)| (path, Record::Tombstone(*class)));
            for (path, record) in files.chain(disputed).chain(tombstones) {
                let is_owner = wanted.tree.get(path).is_some_and(|file| &file.owner == owner);
                if is_owner || !records.contains_key(path.as_path()) {
                    records.insert(path.as_path(), (owner, record));
                }
            }
        }
        Self {
            wanted,
            locks,
            snapshot,
            choices,
            records,
            next: BTreeMap::new(),
            new_bases: BTreeMap::new(),
            explained: BTreeSet::new(),
            changes: Changes::default(),
        }
    }

    /// Another minor version may render other bytes, so it writes nothing.
    pub fn check_pin(&mut self) {
        let pinned = self.locks.get(&Owner::Project).and_then(|stored| stored.parsed.lock.generator.as_deref());
        let Some(pinned) = pinned.filter(|pinned| minor(pinned) != minor(VERSION)) else {
            return;
        };
        let message = format!("the project was written by backendgen {pinned}, this is {VERSION}");
        let fix = format!("cargo install backendgen --locked --version {pinned}");
        self.changes.refusals.push(Finding::new(FindingCode::BG602, message).fix(fix));
    }

    pub fn found(&self, path: &Utf8Path) -> &'a Found {
        self.snapshot.files.get(path).unwrap_or(&Found::Absent)
    }

    pub fn choice(&self, path: &Utf8Path) -> Option<Choice> {
        self.choices.by_path.get(path).copied()
    }

    /// Whether the user asked to decide about other files only.
    pub fn is_out_of_scope(&self, path: &Utf8Path) -> bool {
        self.choices.only_these && !self.choices.by_path.contains_key(path)
    }

    pub fn lock(&mut self, owner: &Owner) -> &mut Lock {
        self.next.entry(owner.clone()).or_insert_with(|| Lock::new(owner.clone()))
    }

    /// Keeps what the lock says about a path.
    pub fn carry(&mut self, path: &Utf8Path) {
        let Some((owner, record)) = self.records.get(path).copied() else {
            return;
        };
        let path: Utf8PathBuf = path.to_owned();
        match record {
            Record::Entry(entry) | Record::Disputed([entry, _]) => {
                self.lock(owner).files.insert(path, entry);
            }
            Record::Tombstone(ownership) => {
                self.lock(owner).tombstones.insert(path, ownership);
            }
        }
    }

    /// Notes what `generate` repairs.
    pub fn pending(&mut self, owner: &Owner, finding: Finding) {
        self.explained.insert(owner.clone());
        self.changes.pending.push(of_owner(owner, finding));
    }

    /// Notes what only the user can decide.
    pub fn refuse(&mut self, owner: &Owner, finding: Finding) {
        self.explained.insert(owner.clone());
        self.changes.refusals.push(of_owner(owner, finding));
    }

    /// Notes what is worth knowing.
    pub fn note(&mut self, owner: &Owner, finding: Finding) {
        self.changes.notes.push(of_owner(owner, finding));
    }
}

fn of_owner(owner: &Owner, finding: Finding) -> Finding {
    match owner {
        Owner::Project => finding,
        Owner::Resource(name) => Finding { resource: Some(name.clone()), ..finding },
    }
}

fn minor(version: &str) -> Vec<&str> {
    version.split('.').take(2).collect()
}
