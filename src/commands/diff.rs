//! `backendgen diff`: shows what `generate` would change.

use super::{Context, Outcome, project};
use crate::exit::Exit;
use crate::reconcile::Choices;
use crate::report::{FileLine, Report, text};

const VERB: &str = "diff";

pub(super) fn run(context: &Context, exit_code: bool) -> Outcome {
    let project = project::open_to_read(context, VERB)?;
    let compiled = project.compile(&project.source, VERB)?;
    let changes = project.reconcile(&compiled, &Choices::default())?;
    let data = text::diff(changes.files.iter());
    let differs = !data.is_empty() || !changes.refusals.is_empty();
    let exit = if exit_code && differs { Exit::Findings } else { Exit::Ok };
    let files = changes.files.iter().filter_map(FileLine::of).collect();
    let findings = changes.refusals.clone();
    Ok(Report { source: project.source, findings, files, data, ..Report::new(VERB, exit) })
}
