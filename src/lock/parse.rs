//! Reads lock files, also those that were cut, edited or merged by git.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Entry, Lock, owner_name};
use crate::digest::{Digest, normalise};
use crate::plan::{Mode, Owner, Ownership};
use crate::safe_path;

/// What a lock file says, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// What could be read.
    pub lock: Lock,
    /// Files about which the two sides of a git conflict say different things, with the entry of each side.
    pub disputed: BTreeMap<Utf8PathBuf, [Entry; 2]>,
    /// Lines that count as absent.
    pub problems: Vec<Problem>,
    /// Whether it contained conflict markers of git.
    pub is_conflicted: bool,
}

/// A line of a lock that counts as absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It cannot be read.
    Damaged {
        /// From 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// It names a path that the tool must not touch.
    Path {
        /// From 1.
        line: usize,
        /// The path, as written.
        path: String,
        /// Why not, as the rest of a sentence.
        reason: &'static str,
    },
}

/// The lock was written in a format that only newer versions know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnsupportedVersion(pub u64);

/// Reads the lock of an owner.
///
/// # Errors
///
/// If a newer version of the tool wrote it.
pub fn parse(owner: &Owner, bytes: &[u8]) -> Result<Parsed, UnsupportedVersion> {
    let text = String::from_utf8_lossy(&normalise(bytes)).into_owned();
    let sides = Sides::split(&text);
    let ours = parse_side(owner, &sides.ours)?;
    if !sides.is_conflicted {
        return Ok(ours);
    }
    let theirs = parse_side(owner, &sides.theirs)?;
    Ok(unite(ours, theirs))
}

/// The numbered lines of both sides of a lock.
struct Sides<'a> {
    ours: Vec<(usize, &'a str)>,
    theirs: Vec<(usize, &'a str)>,
    is_conflicted: bool,
}

enum Part {
    Both,
    Ours,
    Base,
    Theirs,
}

impl<'a> Sides<'a> {
    fn split(text: &'a str) -> Self {
        let mut sides = Self { ours: Vec::new(), theirs: Vec::new(), is_conflicted: false };
        let mut part = Part::Both;
        for (index, line) in text.lines().enumerate() {
            if let Some(next) = marker(line) {
                sides.is_conflicted = true;
                part = next;
                continue;
            }
            let numbered = (index + 1, line);
            match part {
                Part::Both => {
                    sides.ours.push(numbered);
                    sides.theirs.push(numbered);
                }
                Part::Ours => sides.ours.push(numbered),
                Part::Theirs => sides.theirs.push(numbered),
                Part::Base => {}
            }
        }
        sides
    }
}

fn marker(line: &str) -> Option<Part> {
    match line.get(..7)? {
        "<<<<<<<" => Some(Part::Ours),
        "|||||||" => Some(Part::Base),
        "=======" => Some(Part::Theirs),
        ">>>>>>>" => Some(Part::Both),
        _ => None,
    }
}

fn parse_side(owner: &Owner, lines: &[(usize, &str)]) -> Result<Parsed, UnsupportedVersion> {
    let mut parsed = Parsed {
        lock: Lock::new(owner.clone()),
        disputed: BTreeMap::new(),
        problems: Vec::new(),
        is_conflicted: false,
    };
    let mut lines = lines.iter().copied();
    match lines.next().map(|(_, line)| version(line)) {
        Some(Some(1)) => {}
        Some(Some(version)) if version > 1 => return Err(UnsupportedVersion(version)),
        _ => parsed.problems.push(damaged(1, "the first line is not `#backendgen-lock 1`")),
    }
    for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
        if let Err(problem) = read_record(&mut parsed.lock, number, line) {
            parsed.problems.push(problem);
        }
    }
    Ok(parsed)
}

fn version(line: &str) -> Option<u64> {
    line.strip_prefix("#backendgen-lock ")?.split(' ').next()?.parse().ok()
}

fn damaged(line: usize, message: impl Into<String>) -> Problem {
    Problem::Damaged { line, message: message.into() }
}

fn read_record(lock: &mut Lock, number: usize, line: &str) -> Result<(), Problem> {
    let unreadable = || damaged(number, format!("cannot read `{line}`"));
    let (word, rest) = line.split_once(' ').ok_or_else(unreadable)?;
    match word {
        "owner" if rest == owner_name(&lock.owner) => {}
        "owner" => return Err(damaged(number, format!("the owner `{rest}` does not match the name of the file"))),
        "spec" => lock.spec = Some(hex(rest).ok_or_else(unreadable)?.to_string()),
        "tpl" => lock.templates = Some(hex(rest).ok_or_else(unreadable)?.to_string()),
        "generator" => lock.generator = Some(rest.to_owned()),
        "n" => {
            let (key, value) = rest.split_once(' ').ok_or_else(unreadable)?;
            lock.names.insert(key.to_owned(), value.to_owned());
        }
        "f" => {
            let (entry, path) = entry(rest).ok_or_else(unreadable)?;
            claim(lock, number, path)?;
            lock.files.insert(path.into(), entry);
        }
        "t" => {
            let (class, path) = rest.split_once(' ').ok_or_else(unreadable)?;
            let ownership = ownership(class).ok_or_else(unreadable)?;
            claim(lock, number, path)?;
            lock.tombstones.insert(path.into(), ownership);
        }
        _ if word.bytes().all(|byte| byte.is_ascii_lowercase()) => lock.unknown.push(line.to_owned()),
        _ => return Err(unreadable()),
    }
    Ok(())
}

/// A path may stand in a lock once, and only if the tool may touch it.
fn claim(lock: &mut Lock, line: usize, path: &str) -> Result<(), Problem> {
    let key = Utf8Path::new(path);
    if let Err(reason) = safe_path::check_output(key) {
        return Err(Problem::Path { line, path: path.to_owned(), reason });
    }
    let known = lock.files.remove(key).is_some() | lock.tombstones.remove(key).is_some();
    if known { Err(damaged(line, format!("`{path}` is listed twice"))) } else { Ok(()) }
}

fn entry(record: &str) -> Option<(Entry, &str)> {
    let mut words = record.splitn(5, ' ');
    let ownership = ownership(words.next()?)?;
    let mode = match words.next()? {
        "644" => Mode::Regular,
        "755" => Mode::Executable,
        _ => return None,
    };
    let written = hex(words.next()?)?;
    let base = match words.next()? {
        "-" => None,
        digest => Some(hex(digest)?),
    };
    Some((Entry { ownership, mode, written, base }, words.next()?))
}

fn hex(word: &str) -> Option<Digest> {
    Digest::parse(word.strip_prefix("sha256:")?)
}

fn ownership(letter: &str) -> Option<Ownership> {
    match letter {
        "g" => Some(Ownership::Generated),
        "m" => Some(Ownership::Merged),
        "y" => Some(Ownership::Yours),
        _ => None,
    }
}

/// Unites both sides of a conflict. What both cannot agree on is rendered again, or disputed.
fn unite(ours: Parsed, theirs: Parsed) -> Parsed {
    let (mut lock, other) = (ours.lock, theirs.lock);
    let mut disputed = BTreeMap::new();
    for (path, entry) in other.files {
        match lock.files.get(&path) {
            Some(mine) if *mine != entry => {
                disputed.insert(path.clone(), [*mine, entry]);
                lock.files.remove(&path);
            }
            Some(_) => {}
            None => {
                lock.files.insert(path, entry);
            }
        }
    }
    lock.tombstones.extend(other.tombstones);
    lock.tombstones.retain(|path, _| !lock.files.contains_key(path) && !disputed.contains_key(path));
    for (key, value) in other.names {
        lock.names.entry(key).or_insert(value);
    }
    lock.spec = lock.spec.filter(|spec| Some(spec) == other.spec.as_ref());
    lock.templates = lock.templates.filter(|templates| Some(templates) == other.templates.as_ref());
    lock.generator = newer(lock.generator, other.generator);
    lock.unknown.extend(other.unknown.into_iter().filter(|line| !lock.unknown.contains(line)).collect::<Vec<_>>());
    let mut problems = ours.problems;
    problems.extend(theirs.problems.into_iter().filter(|problem| !problems.contains(problem)).collect::<Vec<_>>());
    Parsed { lock, disputed, problems, is_conflicted: true }
}

fn newer(one: Option<String>, other: Option<String>) -> Option<String> {
    let numbers = |version: &Option<String>| -> Vec<u64> {
        version.iter().flat_map(|text| text.split('.')).filter_map(|part| part.parse().ok()).collect()
    };
    if numbers(&other) > numbers(&one) { other } else { one }
}
