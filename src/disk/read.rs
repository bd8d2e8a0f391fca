//! Reads the spec, the locks, the migrations and the state of every managed file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Read as _;
use std::os::fd::AsFd as _;

use anyhow::{Context as _, Result};
use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use rustix::fs::Dir;

use super::root::{Folder, Root, read_at, split};
use crate::digest::Digest;
use crate::lock::{self, UnsupportedVersion};
use crate::reconcile::{ATTRIBUTES, ATTRIBUTES_PATH, Found, Locks, Snapshot, StoredLock};
use crate::source::Source;

/// Why the spec could not be read.
#[derive(Debug)]
pub enum SpecError {
    /// Something that is no file stands there.
    Obstacle(Utf8PathBuf, &'static str),
    /// The environment.
    Environment(anyhow::Error),
}

/// Why the locks could not be read.
#[derive(Debug)]
pub enum ReadLocksError {
    /// A newer version of the tool wrote one.
    Unsupported(Utf8PathBuf, UnsupportedVersion),
    /// Something that is no file stands there.
    Obstacle(Utf8PathBuf, &'static str),
    /// The environment.
    Environment(anyhow::Error),
}

impl From<anyhow::Error> for SpecError {
    fn from(error: anyhow::Error) -> Self {
        Self::Environment(error)
    }
}

impl From<anyhow::Error> for ReadLocksError {
    fn from(error: anyhow::Error) -> Self {
        Self::Environment(error)
    }
}

/// Reads the spec of a project. Folders inside of `resources/` count as empty files, so that they are noticed.
///
/// # Errors
///
/// If a file of the spec is no file, or cannot be read.
pub fn source(root: &Root) -> Result<Source, SpecError> {
    let mut paths = vec![Utf8PathBuf::from("backendgen.yaml")];
    for folder in ["resources", "seeds"] {
        let names = names(root, Utf8Path::new(folder))?.into_iter();
        paths.extend(names.filter(|name| !is_skipped(name)).map(|name| Utf8Path::new(folder).join(name)));
    }
    let mut source = Source::default();
    for (path, found) in read_all(root, &paths)? {
        match found {
            Found::File { bytes, .. } => source.insert(path, bytes),
            Found::Obstacle("a folder") => source.insert(path, Vec::new()),
            Found::Obstacle(what) => return Err(SpecError::Obstacle(path, what)),
            Found::Absent => {}
        }
    }
    Ok(source)
}

/// Reads the spec in any folder, such as the one of `new --from`.
///
/// # Errors
///
/// As [`source`].
pub fn folder_source(folder: &Utf8Path) -> Result<Source, SpecError> {
    source(&Root::open(folder)?)
}

/// Hidden files and the backups of editors are no part of a spec.
fn is_skipped(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~')
}

/// Reads all lock files.
///
/// # Errors
///
/// If one was written by a newer version, is no file, or cannot be read.
pub fn locks(root: &Root) -> Result<Locks, ReadLocksError> {
    let folder = Utf8Path::new(".backendgen/lock");
    let paths: Vec<_> = names(root, folder)?.into_iter().map(|name| folder.join(name)).collect();
    let mut locks = Locks::new();
    for (path, found) in read_all(root, &paths)? {
        let Some(owner) = path.file_name().and_then(lock::owner_of) else {
            continue;
        };
        match found {
            Found::File { bytes, .. } => {
                let parsed = lock::parse(&owner, &bytes);
                let parsed = parsed.map_err(|version| ReadLocksError::Unsupported(path, version))?;
                locks.insert(owner, StoredLock { bytes, parsed });
            }
            Found::Obstacle(what) => return Err(ReadLocksError::Obstacle(path, what)),
            Found::Absent => {}
        }
    }
    Ok(locks)
}

/// Reads the revisions and their sidecars.
///
/// # Errors
///
/// If one cannot be read.
pub fn migrations(root: &Root) -> Result<BTreeMap<Utf8PathBuf, Vec<u8>>> {
    let mut paths = Vec::new();
    for (folder, extension) in [("migrations/versions", "py"), ("migrations/ops", "json")] {
        let folder = Utf8Path::new(folder);
        let files = names(root, folder)?.into_iter().map(|name| folder.join(name));
        paths.extend(files.filter(|path| path.extension() == Some(extension)));
    }
    let files = read_all(root, &paths)?.into_iter().filter_map(|(path, found)| match found {
        Found::File { bytes, .. } => Some((path, bytes)),
        Found::Absent | Found::Obstacle(_) => None,
    });
    Ok(files.collect())
}

/// Reads everything that `reconcile` compares: files, base copies, and the modules of some folders.
///
/// # Errors
///
/// If something is there that cannot be read.
pub fn snapshot(
    root: &Root,
    paths: &BTreeSet<Utf8PathBuf>,
    bases: &BTreeSet<Digest>,
    folders: &BTreeSet<Utf8PathBuf>,
) -> Result<Snapshot> {
    let paths: Vec<_> = paths.iter().cloned().collect();
    let base_paths: Vec<_> = bases.iter().map(|digest| lock::base_path(*digest)).collect();
    let mut modules = Vec::new();
    for folder in folders {
        modules.extend(names(root, folder)?.into_iter().map(|name| folder.join(name)));
    }
    modules.retain(|path| path.extension() == Some("py"));
    let attributes = root.read(Utf8Path::new(ATTRIBUTES_PATH))?;
    Ok(Snapshot {
        files: read_all(root, &paths)?.into_iter().collect(),
        bases: bases.iter().copied().zip(read_all(root, &base_paths)?).filter_map(intact_base).collect(),
        stored_bases: stored_bases(root)?,
        modules,
        has_attributes: matches!(attributes, Found::File { bytes, .. } if bytes == ATTRIBUTES.as_bytes()),
        ignores_modes: ignores_modes(root)?,
    })
}

fn intact_base((digest, (_, found)): (Digest, (Utf8PathBuf, Found))) -> Option<(Digest, Vec<u8>)> {
    match found {
        Found::File { bytes, .. } if Digest::of(&bytes) == digest => Some((digest, bytes)),
        Found::File { .. } | Found::Absent | Found::Obstacle(_) => None,
    }
}

fn stored_bases(root: &Root) -> Result<BTreeSet<Digest>> {
    let base = Utf8Path::new(".backendgen/base");
    let mut stored = BTreeSet::new();
    for folder in names(root, base)? {
        stored.extend(names(root, &base.join(folder))?.iter().filter_map(|name| Digest::parse(name)));
    }
    Ok(stored)
}

/// Git itself says whether it can trust executable bits here.
fn ignores_modes(root: &Root) -> Result<bool> {
    let Found::File { bytes, .. } = read_git_config(root)? else {
        return Ok(false);
    };
    let text = String::from_utf8_lossy(&bytes).to_lowercase();
    let value =
        |line: &str| line.split_once('=').map(|(key, value)| (key.trim() == "filemode", value.trim() == "false"));
    Ok(text.lines().any(|line| value(line) == Some((true, true))))
}

fn read_git_config(root: &Root) -> Result<Found> {
    match root.folder(Utf8Path::new(".git"))? {
        Folder::Open(folder) => read_at(folder.as_fd(), "config").context("cannot read .git/config"),
        Folder::Absent | Folder::Obstacle(_) => Ok(Found::Absent),
    }
}

/// Reads many files, each folder opened once.
fn read_all(root: &Root, paths: &[Utf8PathBuf]) -> Result<Vec<(Utf8PathBuf, Found)>> {
    let mut folders = BTreeMap::new();
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let (parent, name) = split(path)?;
        if !folders.contains_key(parent) {
            folders.insert(parent, root.folder(parent)?);
        }
        files.push((path, parent, name));
    }
    let read = |(path, parent, name): (&Utf8PathBuf, &Utf8Path, &str)| {
        let found = match &folders[parent] {
            Folder::Open(folder) => read_at(folder.as_fd(), name).with_context(|| format!("cannot read {path}"))?,
            Folder::Absent => Found::Absent,
            Folder::Obstacle(what) => Found::Obstacle(what),
        };
        Ok((path.clone(), found))
    };
    files.into_par_iter().map(read).collect()
}

/// The names in a folder, sorted; none if it does not exist. Names that are not safe paths are left out.
fn names(root: &Root, path: &Utf8Path) -> Result<Vec<String>> {
    let Folder::Open(folder) = root.folder(path)? else {
        return Ok(Vec::new());
    };
    let mut names = Vec::new();
    for entry in Dir::read_from(folder).with_context(|| format!("cannot list {path}"))? {
        let entry = entry.with_context(|| format!("cannot list {path}"))?;
        let name = String::from_utf8_lossy(entry.file_name().to_bytes()).into_owned();
        if crate::safe_path::check(Utf8Path::new(&name)).is_ok() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// A new secret: 32 random bytes in hexadecimal.
///
/// # Errors
///
/// If the system has no randomness.
pub fn random_key() -> Result<String> {
    let mut bytes = [0_u8; 32];
    let mut source = fs_err::File::open("/dev/urandom").context("cannot read random bytes")?;
    source.read_exact(&mut bytes).context("cannot read random bytes")?;
    let mut key = String::with_capacity(64);
    for byte in bytes {
        write!(key, "{byte:02x}").expect("writing to a string does not fail");
    }
    Ok(key)
}
