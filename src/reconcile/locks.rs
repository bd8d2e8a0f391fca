//! Decides what the locks and the base copies become.

use std::collections::BTreeSet;

use super::project::Project;
use super::{Action, Change, Changes, StoredLock, VERSION};
use crate::digest::Digest;
use crate::finding::{Finding, FindingCode};
use crate::lock::{self, Lock, Problem};
use crate::plan::{Mode, Owner};

/// What git should know about the state: no line end conversion, and no part in statistics.
pub const ATTRIBUTES: &str = "* -text linguist-generated\n";
/// The folder of the state.
const STATE: &str = ".backendgen";
/// Where that stands.
pub const ATTRIBUTES_PATH: &str = ".backendgen/.gitattributes";

/// Finishes a reconciliation: base copies first, locks last.
pub(super) fn reconcile(mut project: Project<'_>) -> Changes {
    complete_locks(&mut project);
    report_problems(&mut project);
    let mut state = bases(&project);
    state.extend(attributes(&project));
    let owners: BTreeSet<Owner> = project.next.keys().chain(project.locks.keys()).cloned().collect();
    for owner in owners {
        state.extend(change_lock(&mut project, &owner));
    }
    if !state.is_empty() && project.explained.is_empty() && project.changes.pending.is_empty() {
        let finding = Finding::at(FindingCode::BG303, STATE, "holds base copies or settings that are out of date");
        project.changes.pending.push(finding.fix("backendgen generate"));
    }
    project.changes.state = state;
    project.changes
}

/// Adds what a lock records beside its files.
fn complete_locks(project: &mut Project<'_>) {
    for record in project.wanted.owners {
        let stored = project.locks.get(&record.owner).map(|stored| &stored.parsed.lock);
        let recorded = stored.filter(|_| project.choices.only_these);
        let (spec, templates) = match recorded {
            Some(lock) => (lock.spec.clone(), lock.templates.clone()),
            None => (Some(record.spec_digest.clone()), Some(record.template_digest.clone())),
        };
        let lock = project.lock(&record.owner);
        lock.spec = spec;
        lock.templates = templates;
        lock.names = record.names.iter().cloned().collect();
    }
    for (owner, stored) in project.locks {
        let old = &stored.parsed.lock;
        let is_wanted = project.wanted.owners.iter().any(|record| &record.owner == owner);
        let Some(lock) = project.next.get_mut(owner) else {
            continue;
        };
        lock.unknown.clone_from(&old.unknown);
        lock.generator.clone_from(&old.generator);
        if !is_wanted {
            lock.spec.clone_from(&old.spec);
            lock.templates.clone_from(&old.templates);
            lock.names.clone_from(&old.names);
        }
    }
    pin_version(project);
}

/// The version changes only together with something else: another patch version alone is no reason to write.
fn pin_version(project: &mut Project<'_>) {
    let stored = project.locks.get(&Owner::Project).map(|stored| stored.bytes.as_slice());
    let Some(lock) = project.next.get_mut(&Owner::Project) else {
        return;
    };
    if lock.generator.is_none() || stored != Some(lock.render().as_bytes()) {
        lock.generator = Some(VERSION.to_owned());
    }
}

fn report_problems(project: &mut Project<'_>) {
    for (owner, stored) in project.locks {
        let path = lock::path(owner);
        if stored.parsed.is_conflicted {
            let finding = Finding::at(FindingCode::BG305, &path, "contains conflict markers");
            project.pending(owner, finding.fix("backendgen generate"));
        }
        for problem in &stored.parsed.problems {
            match problem {
                Problem::Damaged { line, message } => {
                    let finding = Finding::at(FindingCode::BG301, &path, message).fix("backendgen generate");
                    project.pending(owner, Finding { line: Some(*line), ..finding });
                }
                Problem::Path { line, path: named, reason } => {
                    let message = format!("the path `{named}` {reason}");
                    let finding = Finding::at(FindingCode::BG502, &path, message).fix("remove the line");
                    project.refuse(owner, Finding { line: Some(*line), ..finding });
                }
            }
        }
    }
}

/// New base copies are written, and those that no lock refers to go.
fn bases(project: &Project<'_>) -> Vec<Change> {
    let needed: BTreeSet<Digest> =
        project.next.values().flat_map(|lock| lock.files.values()).filter_map(|entry| entry.base).collect();
    let missing = project.new_bases.iter().filter(|(digest, _)| needed.contains(digest));
    let written = missing.map(|(digest, text)| {
        // A copy whose content does not match its name is replaced.
        let action = if project.snapshot.stored_bases.contains(digest) { Action::Changed } else { Action::New };
        state_change(lock::base_path(*digest), action, None, Some(text.clone()))
    });
    let unused = project.snapshot.stored_bases.difference(&needed);
    let deleted = unused.map(|digest| {
        let before = project.snapshot.bases.get(digest).cloned();
        state_change(lock::base_path(*digest), Action::Deleted, before, None)
    });
    written.chain(deleted).collect()
}

fn attributes(project: &Project<'_>) -> Option<Change> {
    let text = Some(ATTRIBUTES.as_bytes().to_vec());
    (!project.snapshot.has_attributes).then(|| state_change(ATTRIBUTES_PATH.into(), Action::Changed, None, text))
}

fn state_change(path: camino::Utf8PathBuf, action: Action, before: Option<Vec<u8>>, after: Option<Vec<u8>>) -> Change {
    Change { path, action, ownership: None, before, after, mode: Mode::Regular, replaces_edit: false }
}

fn change_lock(project: &mut Project<'_>, owner: &Owner) -> Option<Change> {
    let is_wanted = project.wanted.owners.iter().any(|record| &record.owner == owner);
    let next = project.next.get(owner).filter(|lock| is_wanted || !lock.is_empty());
    let text = next.map(Lock::render);
    let stored = project.locks.get(owner);
    let before = stored.map(|stored| stored.bytes.clone());
    if before.as_deref() == text.as_ref().map(String::as_bytes) {
        return None;
    }
    let changes_templates = changes_templates(stored, next);
    let path = lock::path(owner);
    if changes_templates {
        let finding = Finding::at(FindingCode::BG601, &path, "its files were rendered with other templates");
        project.pending(owner, finding.fix("backendgen generate"));
    } else if !project.explained.contains(owner) {
        let message = if stored.is_some() { "does not match the spec and the files" } else { "is missing" };
        project.pending(owner, Finding::at(FindingCode::BG303, &path, message).fix("backendgen generate"));
    }
    let action = match (&before, &text) {
        (None, _) => Action::New,
        (_, None) => Action::Deleted,
        _ => Action::Changed,
    };
    Some(state_change(path, action, before, text.map(String::into_bytes)))
}

fn changes_templates(stored: Option<&StoredLock>, next: Option<&Lock>) -> bool {
    match (stored.and_then(|stored| stored.parsed.lock.templates.as_ref()), next) {
        (Some(old), Some(next)) => next.templates.as_ref() != Some(old),
        _ => false,
    }
}
