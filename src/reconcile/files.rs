//! Decides about the files of the project, wanted and unwanted ones.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::project::{Project, Record};
use super::table::{Base, Disk, Facts, Refusal, Verdict, decide};
use super::{Action, Change, Choice, Found, module_folders};
use crate::digest::{Digest, normalise};
use crate::finding::{Finding, FindingCode};
use crate::lock::Entry;
use crate::plan::{Mode, Owner, Ownership};
use crate::safe_path;
use crate::text_diff::{first_difference, has_conflict_markers, unified, with_line_ends_of};
use crate::tree::File;

/// How a wanted file compares with the disk and its record.
#[derive(Debug, Clone, Copy)]
struct Comparison {
    disk: Disk,
    base: Base,
    wanted: Digest,
    /// What the lock says; for a disputed file the side that fits best.
    entry: Option<Entry>,
    /// The texts differ in their line ends.
    line_ends_differ: bool,
    /// The file is a product of git: rewritten, with a copy of it kept.
    is_merge_product: bool,
    /// Conflict markers that the user has to resolve.
    has_markers: bool,
}

/// Decides about every file, in the order of the paths.
pub(super) fn reconcile(project: &mut Project<'_>) {
    report_twins(project);
    let comparisons = compare_all(project);
    for (path, comparison) in &comparisons {
        let file = &project.wanted.tree[*path];
        decide_wanted(project, path, file, comparison);
    }
    let tree = project.wanted.tree;
    let unwanted: Vec<_> = project.records.keys().copied().filter(|path| !tree.contains_key(*path)).collect();
    for path in unwanted {
        decide_unwanted(project, path);
    }
    report_strays(project);
    project.changes.files.sort_by(|one, other| one.path.as_str().cmp(other.path.as_str()));
}

/// Hashing is most of the work, so it is spread over the cores.
fn compare_all<'a>(project: &Project<'a>) -> Vec<(&'a Utf8Path, Comparison)> {
    let tree = project.wanted.tree;
    let files: Vec<_> = tree.iter().map(|(path, file)| (path.as_path(), file)).collect();
    files.into_par_iter().map(|(path, file)| (path, compare(project, path, file))).collect()
}

fn compare(project: &Project<'_>, path: &Utf8Path, file: &File) -> Comparison {
    let wanted = Digest::of(&file.bytes);
    let record = project.records.get(path).map(|(_, record)| *record);
    let entry = record.and_then(|record| best_entry(record, wanted, project.found(path)));
    let mut comparison = Comparison {
        disk: Disk::Absent,
        base: base(record, entry, wanted),
        wanted,
        entry,
        line_ends_differ: false,
        is_merge_product: false,
        has_markers: false,
    };
    let Found::File { bytes, .. } = project.found(path) else {
        return comparison;
    };
    comparison.disk = if *bytes == file.bytes {
        Disk::Wanted
    } else if *normalise(bytes) == file.bytes[..] {
        comparison.line_ends_differ = true;
        Disk::Wanted
    } else if entry.is_some_and(|entry| entry.untouched() == Digest::of_text(bytes)) {
        Disk::Base
    } else {
        Disk::Edited
    };
    if comparison.disk == Disk::Edited {
        let has_markers = has_conflict_markers(bytes);
        let is_generated = file.ownership == Ownership::Generated && entry.is_some();
        let is_disputed = matches!(record, Some(Record::Disputed(_)));
        comparison.is_merge_product = is_generated && (has_markers || is_disputed);
        comparison.has_markers = has_markers && matches!(file.ownership, Ownership::Merged | Ownership::Yours);
    }
    if comparison.is_merge_product {
        comparison.disk = Disk::Base;
    }
    comparison
}

fn base(record: Option<Record>, entry: Option<Entry>, wanted: Digest) -> Base {
    match (record, entry) {
        (Some(Record::Tombstone(_)), _) => Base::Tombstone,
        (_, Some(entry)) if entry.untouched() == wanted => Base::Wanted,
        (_, Some(_)) => Base::Older,
        (_, None) => Base::Unknown,
    }
}

/// The entry of a file; of two disputed ones the side that is wanted, else the one on disk, else the smaller one.
fn best_entry(record: Record, wanted: Digest, found: &Found) -> Option<Entry> {
    let mut sides = match record {
        Record::Tombstone(_) => return None,
        Record::Entry(entry) => return Some(entry),
        Record::Disputed(sides) => sides,
    };
    let on_disk = match found {
        Found::File { bytes, .. } => Some(Digest::of_text(bytes)),
        Found::Absent | Found::Obstacle(_) => None,
    };
    sides.sort_by_key(Entry::untouched);
    let side = |digest| sides.iter().find(|entry| Some(entry.untouched()) == digest);
    side(Some(wanted)).or_else(|| side(on_disk)).or(sides.first()).copied()
}

fn decide_wanted(project: &mut Project<'_>, path: &Utf8Path, file: &File, comparison: &Comparison) {
    if project.is_out_of_scope(path) {
        return project.carry(path);
    }
    if let Err(reason) = safe_path::check_output(path) {
        let message = format!("the path {reason}");
        return project.refuse(&file.owner, Finding::at(FindingCode::BG502, path, message).fix("fix the spec"));
    }
    if let Found::Obstacle(what) = project.found(path) {
        return refuse_obstacle(project, &file.owner, path, what);
    }
    let facts =
        Facts { ownership: file.ownership, imported: file.imported, disk: comparison.disk, base: comparison.base };
    let verdict = match (project.choice(path), comparison.disk) {
        (Some(Choice::Generated), Disk::Edited | Disk::Base | Disk::Absent) => Verdict::Write,
        (Some(Choice::Mine), Disk::Edited) if file.ownership != Ownership::Generated => Verdict::Adopt,
        _ if comparison.has_markers => Verdict::Refuse(Refusal::Markers),
        _ => decide(facts),
    };
    let verdict = with_stored_base(project, path, comparison, verdict);
    carry_out(project, path, file, comparison, verdict);
}

fn refuse_obstacle(project: &mut Project<'_>, owner: &Owner, path: &Utf8Path, what: &str) {
    let finding = Finding::at(FindingCode::BG501, path, format!("{what} is in the way"));
    project.refuse(owner, finding.fix("remove it"));
    project.carry(path);
}

/// A merge needs the text of the base; where it is lost and cannot be found elsewhere, the user decides.
fn with_stored_base(project: &mut Project<'_>, path: &Utf8Path, comparison: &Comparison, verdict: Verdict) -> Verdict {
    let keeps_base = matches!(verdict, Verdict::Keep | Verdict::KeepBehind | Verdict::Refuse(Refusal::Conflict));
    let Some(base) = comparison.entry.and_then(|entry| entry.base).filter(|_| keeps_base) else {
        return verdict;
    };
    if project.snapshot.bases.contains_key(&base) {
        return verdict;
    }
    let on_disk = match project.found(path) {
        Found::File { bytes, .. } => normalise(bytes).into_owned(),
        Found::Absent | Found::Obstacle(_) => Vec::new(),
    };
    let known = [&on_disk, &project.wanted.tree[path].bytes].into_iter().find(|text| Digest::of(text) == base).cloned();
    let owner = project.wanted.tree[path].owner.clone();
    match known {
        Some(text) => {
            project.new_bases.insert(base, text);
            project.pending(&owner, lost_base(path));
            verdict
        }
        None => Verdict::Refuse(Refusal::LostBase),
    }
}

fn lost_base(path: &Utf8Path) -> Finding {
    Finding::at(FindingCode::BG304, path, "its stored base is missing or damaged").fix("backendgen generate")
}

fn carry_out(project: &mut Project<'_>, path: &Utf8Path, file: &File, comparison: &Comparison, verdict: Verdict) {
    match verdict {
        Verdict::Record => record(project, path, file, comparison),
        Verdict::Keep => keep(project, path, file, comparison),
        Verdict::KeepBehind => {
            let finding = Finding::at(
                FindingCode::BG205,
                path,
                "its template changed since it was written; the file stays yours",
            );
            project.note(&file.owner, finding);
            keep(project, path, file, comparison);
        }
        Verdict::Adopt => insert(project, path, file, entry_of(file, comparison.wanted)),
        Verdict::Write => write(project, path, file, comparison),
        Verdict::Bury => bury(project, path, file, comparison),
        Verdict::Refuse(refusal) => refuse(project, path, file, comparison.wanted, refusal),
    }
}

fn entry_of(file: &File, wanted: Digest) -> Entry {
    let base = matches!(file.ownership, Ownership::Merged | Ownership::Yours).then_some(wanted);
    Entry { ownership: file.ownership, mode: file.mode, written: wanted, base }
}

/// Lists a file, and makes sure that the text of its base is stored.
fn insert(project: &mut Project<'_>, path: &Utf8Path, file: &File, entry: Entry) {
    if file.ownership == Ownership::Record {
        return;
    }
    let missing = entry.base.filter(|base| !project.snapshot.bases.contains_key(base));
    if let Some(base) = missing.filter(|base| *base == Digest::of(&file.bytes)) {
        project.new_bases.insert(base, file.bytes.clone());
    }
    project.lock(&file.owner).files.insert(path.to_owned(), entry);
}

fn record(project: &mut Project<'_>, path: &Utf8Path, file: &File, comparison: &Comparison) {
    insert(project, path, file, entry_of(file, comparison.wanted));
    let base = comparison.entry.and_then(|entry| entry.base).filter(|base| *base == comparison.wanted);
    if base.is_some_and(|base| !project.snapshot.bases.contains_key(&base)) {
        project.pending(&file.owner, lost_base(path));
    }
    if comparison.line_ends_differ {
        project.note(&file.owner, Finding::at(FindingCode::BG106, path, "only the line ends differ"));
    }
    let Found::File { bytes, executable } = project.found(path) else {
        return;
    };
    let differs = *executable != (file.mode == Mode::Executable);
    if differs && !project.snapshot.ignores_modes && file.ownership != Ownership::Yours {
        let message = match file.mode {
            Mode::Executable => "is not executable",
            Mode::Regular => "is executable",
        };
        project.pending(&file.owner, Finding::at(FindingCode::BG103, path, message).fix("backendgen generate"));
        let text = Some(bytes.clone());
        project.changes.files.push(change(path, file, Action::Mode, text.clone(), text));
    }
}

/// The base stays; a file that was `generated` until now has its first base.
fn keep(project: &mut Project<'_>, path: &Utf8Path, file: &File, comparison: &Comparison) {
    let entry = match comparison.entry {
        Some(Entry { written, base: Some(base), .. }) => {
            Entry { ownership: file.ownership, mode: file.mode, written, base: Some(base) }
        }
        _ => entry_of(file, comparison.wanted),
    };
    insert(project, path, file, entry);
}

fn write(project: &mut Project<'_>, path: &Utf8Path, file: &File, comparison: &Comparison) {
    insert(project, path, file, entry_of(file, comparison.wanted));
    let (action, before) = match project.found(path) {
        Found::File { bytes, .. } => (Action::Changed, Some(bytes)),
        Found::Absent | Found::Obstacle(_) => (Action::New, None),
    };
    let after = match before {
        Some(existing) => with_line_ends_of(&file.bytes, existing).into_owned(),
        None => file.bytes.clone(),
    };
    if file.ownership != Ownership::Record {
        let finding = stale(path, file, before.map(Vec::as_slice), comparison.wanted);
        project.pending(&file.owner, finding);
    }
    let replaces_edit = comparison.is_merge_product || (before.is_some() && comparison.disk == Disk::Edited);
    let change = change(path, file, action, before.cloned(), Some(after));
    project.changes.files.push(Change { replaces_edit, ..change });
}

fn change(path: &Utf8Path, file: &File, action: Action, before: Option<Vec<u8>>, after: Option<Vec<u8>>) -> Change {
    Change {
        path: path.to_owned(),
        action,
        ownership: Some(file.ownership),
        before,
        after,
        mode: file.mode,
        replaces_edit: false,
    }
}

fn stale(path: &Utf8Path, file: &File, before: Option<&[u8]>, wanted: Digest) -> Finding {
    let (code, message) = match (before, file.ownership) {
        (None, _) => (FindingCode::BG102, "is missing"),
        (Some(_), Ownership::Merged) => (FindingCode::BG107, "its template changed"),
        (Some(_), _) => (FindingCode::BG101, "is out of date"),
    };
    let finding = Finding::at(code, path, message).fix("backendgen generate");
    Finding { expected: Some(format!("{wanted:?}")), ..with_difference(finding, file, before) }
}

fn with_difference(finding: Finding, file: &File, on_disk: Option<&[u8]>) -> Finding {
    let (Some(path), Some(on_disk)) = (finding.file.clone(), on_disk) else {
        return finding;
    };
    let wanted = with_line_ends_of(&file.bytes, on_disk);
    Finding {
        line: Some(first_difference(&file.bytes, on_disk)),
        actual: Some(format!("{:?}", Digest::of_text(on_disk))),
        diff: Some(unified(&path, Some(on_disk), Some(&wanted))),
        ..finding
    }
}

fn bury(project: &mut Project<'_>, path: &Utf8Path, file: &File, comparison: &Comparison) {
    if comparison.base == Base::Older && file.ownership == Ownership::Merged {
        let finding = Finding::at(FindingCode::BG206, path, "its template changed; the file stays deleted");
        project.note(&file.owner, finding);
    }
    project.lock(&file.owner).tombstones.insert(path.to_owned(), file.ownership);
}

fn refuse(project: &mut Project<'_>, path: &Utf8Path, file: &File, wanted: Digest, refusal: Refusal) {
    let (message, fix) = explain(path, file.ownership, refusal);
    let on_disk = match project.found(path) {
        Found::File { bytes, .. } => Some(bytes.as_slice()),
        Found::Absent | Found::Obstacle(_) => None,
    };
    let finding = with_difference(Finding::at(refusal.code(), path, message).fix(fix), file, on_disk);
    project.refuse(&file.owner, Finding { expected: Some(format!("{wanted:?}")), ..finding });
    project.carry(path);
}

fn explain(path: &Utf8Path, ownership: Ownership, refusal: Refusal) -> (&'static str, String) {
    let either = match ownership {
        Ownership::Generated | Ownership::Record => format!("backendgen resolve {path} --generated"),
        Ownership::Merged | Ownership::Yours => format!("backendgen resolve {path} --mine|--generated"),
    };
    match refusal {
        Refusal::Edited => ("was edited by hand", either),
        Refusal::InTheWay => ("is in the way: backendgen did not write it", format!("move it, or run: {either}")),
        Refusal::Conflict => ("was edited by hand, and its template changed too", either),
        Refusal::Markers => ("contains conflict markers", "resolve them, then run: backendgen generate".to_owned()),
        Refusal::LostBase => ("its stored base is missing or damaged", either),
    }
}

fn decide_unwanted(project: &mut Project<'_>, path: &Utf8Path) {
    let Some((owner, record)) = project.records.get(path).copied() else {
        return;
    };
    if project.is_out_of_scope(path) {
        return project.carry(path);
    }
    let entries = match record {
        Record::Tombstone(_) => return,
        Record::Entry(entry) => vec![entry],
        Record::Disputed(entries) => entries.to_vec(),
    };
    match project.found(path) {
        Found::Absent => {}
        Found::Obstacle(what) => refuse_obstacle(project, owner, path, what),
        Found::File { bytes, .. } => {
            let actual = Digest::of_text(bytes);
            if entries.iter().any(|entry| entry.untouched() == actual) {
                delete(project, owner, path, bytes, entries[0]);
            } else {
                let finding = Finding::at(FindingCode::BG105, path, "is no longer part of the spec, but was edited");
                project.note(owner, finding.fix("delete it, or move it out of the way"));
                project.carry(path);
            }
        }
    }
}

fn delete(project: &mut Project<'_>, owner: &Owner, path: &Utf8Path, bytes: &[u8], entry: Entry) {
    let finding = Finding::at(FindingCode::BG104, path, "is no longer part of the spec").fix("backendgen generate");
    project.pending(owner, finding);
    project.changes.files.push(Change {
        path: path.to_owned(),
        action: Action::Deleted,
        ownership: Some(entry.ownership),
        before: Some(bytes.to_vec()),
        after: None,
        mode: entry.mode,
        replaces_edit: false,
    });
}

/// Outputs that are one file where the file system ignores case.
fn report_twins(project: &mut Project<'_>) {
    let mut first: BTreeMap<String, &Utf8Path> = BTreeMap::new();
    for (path, file) in project.wanted.tree {
        if let Some(twin) = first.insert(path.as_str().to_ascii_lowercase(), path) {
            let message = format!("is the same file as {twin} where case does not count");
            let finding = Finding::at(FindingCode::BG503, path, message).fix("rename one of the resources");
            project.refuse(&file.owner, finding);
        }
    }
}

/// Modules that the tool did not write, in folders where every module is imported.
fn report_strays(project: &mut Project<'_>) {
    let folders = module_folders(project.wanted.tree);
    let is_known =
        |path: &Utf8PathBuf| project.wanted.tree.contains_key(path) || project.records.contains_key(path.as_path());
    let is_stray =
        |path: &&Utf8PathBuf| path.parent().is_some_and(|folder| folders.contains(folder)) && !is_known(path);
    let strays: Vec<_> = project.snapshot.modules.iter().filter(is_stray).collect();
    for path in strays {
        let finding = Finding::at(FindingCode::BG302, path, "stands among generated modules, which are all imported");
        project.note(&Owner::Project, finding.fix("move it"));
    }
}
