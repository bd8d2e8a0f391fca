//! `backendgen resolve`: the user decides whose text wins.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::apply::{Plan, apply};
use super::project::Project;
use super::{Context, Failure, Outcome, project};
use crate::cli::Resolve;
use crate::compile::{Compiled, MigrationOutcome};
use crate::plan::Ownership;
use crate::reconcile::{Choice, Choices};

const VERB: &str = "resolve";

pub(super) fn run(context: &Context, resolve: &Resolve) -> Outcome {
    let project = project::open_to_write(context, VERB)?;
    let mut compiled = project.compile(&project.source, VERB)?;
    let choice = if resolve.side.mine { Choice::Mine } else { Choice::Generated };
    let choices = choices(context, &project, &compiled, &resolve.paths, choice)?;
    // This is about files that exist; what else is open stays open.
    compiled.migration = MigrationOutcome::UpToDate;
    compiled.findings.clear();
    let changes = project.reconcile(&compiled, &choices)?;
    let (source, preface) = (&project.source, String::new());
    let plan =
        Plan { verb: VERB, project: &project, source, compiled: &compiled, changes: &changes, edits: &[], preface };
    apply(context, &plan)
}

fn choices(
    context: &Context,
    project: &Project,
    compiled: &Compiled,
    paths: &[Utf8PathBuf],
    choice: Choice,
) -> Result<Choices, Failure> {
    let mut by_path = BTreeMap::new();
    for path in paths {
        let path = relative(context, project, path)?;
        let Some(file) = compiled.tree.get(&path) else {
            return Err(Failure::Invalid(format!("{path} is not a file that backendgen writes")));
        };
        if choice == Choice::Mine && file.ownership == Ownership::Generated {
            let message = format!(
                "{path} is always generated; to keep your edit, write this into backendgen.yaml:\n  ownership:\n    {path}: yours"
            );
            return Err(Failure::Invalid(message));
        }
        by_path.insert(path, choice);
    }
    Ok(Choices { by_path, only_these: true })
}

/// The path relative to the project root, as it was typed in a folder of the project.
fn relative(context: &Context, project: &Project, path: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    let typed = context.environment.folder.join(path);
    let mut parts = Vec::new();
    for component in typed.strip_prefix(project.root.path()).unwrap_or(&typed).components() {
        match component.as_str() {
            "." => {}
            ".." if parts.pop().is_some() => {}
            part => parts.push(part),
        }
    }
    let relative = Utf8PathBuf::from(parts.join("/"));
    if typed.starts_with(project.root.path()) {
        Ok(relative)
    } else {
        Err(Failure::Invalid(format!("{path} is outside of the project")))
    }
}
