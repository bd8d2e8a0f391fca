//! `backendgen fmt`: lays out the spec.

use super::apply::{Shown, carry_out};
use super::{Context, Failure, Outcome, project};
use crate::diagnostic::Diagnostics;
use crate::disk::Operation;
use crate::exit::Exit;
use crate::plan::Mode;
use crate::reconcile::{Action, Change};
use crate::report::{FileLine, Report, text};
use crate::source::{Source, SourceFile};
use crate::spec;
use crate::spec::format::{FileKind, format};

const VERB: &str = "fmt";

/// Writes the files that are laid out differently.
pub(super) fn run(context: &Context) -> Outcome {
    let project = project::open_to_write(context, VERB)?;
    let edits = edits(&project.source)?;
    let mut report = Report::new(VERB, Exit::Ok);
    report.files = edits.iter().filter_map(FileLine::of).collect();
    let diff = if context.global.diff { text::diff(edits.iter()) } else { String::new() };
    let shown = Shown { text: diff + &text::plan(&report.files), report };
    let operations: Vec<_> = edits.iter().map(Operation::from).collect();
    carry_out(context, &project.root, &operations, shown)
}

/// Names the files that are laid out differently, and writes nothing.
pub(super) fn check(context: &Context) -> Outcome {
    let project = project::open_to_read(context, VERB)?;
    let edits = edits(&project.source)?;
    let mut report = Report::new(VERB, Exit::Ok);
    report.files = edits.iter().filter_map(FileLine::of).collect();
    if context.global.diff {
        report.data = text::diff(edits.iter());
    }
    report.data.push_str(&text::plan(&report.files));
    if edits.is_empty() {
        report.message = "the spec is laid out\n".into();
    } else {
        report.exit = Exit::Findings;
        report.message = "`backendgen fmt` lays these files out\n".into();
    }
    Ok(report)
}

/// The files whose layout differs, or everything that keeps a file from being laid out.
fn edits(source: &Source) -> Result<Vec<Change>, Failure> {
    let mut edits = Vec::new();
    let mut diagnostics = Diagnostics::default();
    for file in source.files() {
        let Some(kind) = spec::kind_of(&file.path) else { continue };
        match edit(file, kind) {
            Ok(edit) => edits.extend(edit),
            Err(found) => diagnostics.extend(found),
        }
    }
    if diagnostics.has_errors() {
        let report = Report { source: source.clone(), diagnostics, ..Report::new(VERB, Exit::Invalid) };
        return Err(report.into());
    }
    Ok(edits)
}

fn edit(file: &SourceFile, kind: FileKind) -> Result<Option<Change>, Diagnostics> {
    let after = format(file, kind)?.into_bytes();
    let change = Change {
        path: file.path.to_path_buf(),
        action: Action::Changed,
        ownership: None,
        before: Some(file.bytes.clone()),
        after: Some(after),
        mode: Mode::Regular,
        replaces_edit: false,
    };
    Ok((change.before != change.after).then_some(change))
}
