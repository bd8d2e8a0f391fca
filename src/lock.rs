//! The lock files: one per resource and one for the project. Reads what git and people do to them, writes one form.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};

use crate::digest::Digest;
use crate::plan::{Mode, Owner, Ownership};

mod parse;
pub use parse::{Parsed, Problem, UnsupportedVersion, parse};

/// First line of every lock.
const HEADER: &str =
    "#backendgen-lock 1 - machine-written. Conflict here? Resolve the YAML spec, then run: backendgen generate";

/// What one lock file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// Whose files it lists.
    pub owner: Owner,
    /// Digest of the resolved resource or settings.
    pub spec: Option<String>,
    /// Digest of the templates.
    pub templates: Option<String>,
    /// Pinned derived names.
    pub names: BTreeMap<String, String>,
    /// The managed files.
    pub files: BTreeMap<Utf8PathBuf, Entry>,
    /// Files that the user deleted and that stay deleted.
    pub tombstones: BTreeMap<Utf8PathBuf, Ownership>,
    /// The version that wrote last; in the lock of the project only.
    pub generator: Option<String>,
    /// Records of letters that this version does not know, written back as they are.
    pub unknown: Vec<String>,
}

/// One managed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Who writes it.
    pub ownership: Ownership,
    /// Its permission bits.
    pub mode: Mode,
    /// What the tool wrote last.
    pub written: Digest,
    /// What the tool rendered when file and template were last brought together; for `merged` and `yours`.
    pub base: Option<Digest>,
}

impl Entry {
    /// What an untouched file looks like.
    #[must_use]
    pub fn untouched(&self) -> Digest {
        self.base.unwrap_or(self.written)
    }
}

impl Lock {
    /// A lock that lists nothing.
    #[must_use]
    pub fn new(owner: Owner) -> Self {
        Self {
            owner,
            spec: None,
            templates: None,
            names: BTreeMap::new(),
            files: BTreeMap::new(),
            tombstones: BTreeMap::new(),
            generator: None,
            unknown: Vec::new(),
        }
    }

    /// Whether it lists neither files nor tombstones.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.tombstones.is_empty()
    }

    /// The text of the lock file.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = format!("{HEADER}\nowner {}\n", owner_name(&self.owner));
        let mut record = |line: std::fmt::Arguments<'_>| {
            text.write_fmt(line).expect("writing to a string does not fail");
            text.push('\n');
        };
        if let Some(digest) = &self.spec {
            record(format_args!("spec sha256:{digest}"));
        }
        if let Some(digest) = &self.templates {
            record(format_args!("tpl sha256:{digest}"));
        }
        for (key, value) in &self.names {
            record(format_args!("n {key} {value}"));
        }
        for (path, entry) in by_bytes(&self.files) {
            record(format_args!("f {entry} {path}"));
        }
        for (path, ownership) in by_bytes(&self.tombstones) {
            record(format_args!("t {} {path}", letter(*ownership)));
        }
        if let Some(version) = &self.generator {
            record(format_args!("generator {version}"));
        }
        for line in &self.unknown {
            record(format_args!("{line}"));
        }
        text
    }
}

impl std::fmt::Display for Entry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mode = match self.mode {
            Mode::Regular => "644",
            Mode::Executable => "755",
        };
        write!(formatter, "{} {mode} {:?} ", letter(self.ownership), self.written)?;
        match self.base {
            Some(base) => write!(formatter, "{base:?}"),
            None => write!(formatter, "-"),
        }
    }
}

/// The path of the lock of an owner, relative to the project root.
#[must_use]
pub fn path(owner: &Owner) -> Utf8PathBuf {
    Utf8PathBuf::from(format!(".backendgen/lock/{}.lock", owner_name(owner)))
}

/// Whose lock has that file name.
#[must_use]
pub fn owner_of(file_name: &str) -> Option<Owner> {
    let name = file_name.strip_suffix(".lock")?;
    let is_resource = !name.is_empty() && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    match name {
        "_project" => Some(Owner::Project),
        _ if is_resource && !name.starts_with('_') => Some(Owner::Resource(name.to_owned())),
        _ => None,
    }
}

/// The path of a stored base, relative to the project root.
#[must_use]
pub fn base_path(digest: Digest) -> Utf8PathBuf {
    let hex = digest.to_string();
    Utf8PathBuf::from(format!(".backendgen/base/{}/{hex}", &hex[..2]))
}

/// The word of an owner in its lock.
#[must_use]
pub fn owner_name(owner: &Owner) -> &str {
    match owner {
        Owner::Project => "_project",
        Owner::Resource(name) => name,
    }
}

fn letter(ownership: Ownership) -> char {
    match ownership {
        Ownership::Generated => 'g',
        Ownership::Merged => 'm',
        Ownership::Yours => 'y',
        Ownership::Record => 'r',
    }
}

/// Paths compare by components, locks are sorted by bytes.
fn by_bytes<T>(files: &BTreeMap<Utf8PathBuf, T>) -> Vec<(&Utf8Path, &T)> {
    let mut sorted: Vec<_> = files.iter().map(|(path, value)| (path.as_path(), value)).collect();
    sorted.sort_by_key(|(path, _)| path.as_str());
    sorted
}

#[cfg(test)]
mod tests;
