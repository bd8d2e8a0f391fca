//! `backendgen generate`: writes what the spec wants.

use super::apply::{Plan, apply};
use super::{Context, Outcome, project};
use crate::compile::{Compiled, MigrationOutcome};
use crate::plan::Ownership;
use crate::reconcile::Choices;

const VERB: &str = "generate";

pub(super) fn run(context: &Context, no_migration: bool) -> Outcome {
    let project = project::open_to_write(context, VERB)?;
    let mut compiled = project.compile(&project.source, VERB)?;
    if no_migration {
        leave_out_migration(&mut compiled);
    }
    let changes = project.reconcile(&compiled, &Choices::default())?;
    let (source, preface) = (&project.source, String::new());
    let plan =
        Plan { verb: VERB, project: &project, source, compiled: &compiled, changes: &changes, edits: &[], preface };
    apply(context, &plan)
}

fn leave_out_migration(compiled: &mut Compiled) {
    compiled.tree.retain(|_, file| file.ownership != Ownership::Record);
    compiled.migration = MigrationOutcome::UpToDate;
}
