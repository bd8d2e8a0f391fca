//! The last step of every command that writes: show, ask, commit.

use super::project::Project;
use super::{Context, Failure, Outcome};
use crate::compile::{Compiled, MigrationOutcome};
use crate::diagnostic::Severity;
use crate::disk::{self, CommitError, Operation};
use crate::exit::Exit;
use crate::finding::{Decision, Finding, FindingCode};
use crate::reconcile::{Change, Changes};
use crate::report::printer::{self, Answer};
use crate::report::{FileLine, Format, Report, text};
use crate::source::Source;

/// What a command wants to write.
pub(super) struct Plan<'a> {
    pub verb: &'static str,
    pub project: &'a Project,
    /// The spec that was compiled.
    pub source: &'a Source,
    pub compiled: &'a Compiled,
    pub changes: &'a Changes,
    /// Edits of the spec, written in the same transaction.
    pub edits: &'a [Change],
    /// What the command derived, shown before it asks.
    pub preface: String,
}

/// Shows the plan, asks if there is somebody to ask, and writes all of it or nothing.
pub(super) fn apply(context: &Context, plan: &Plan<'_>) -> Outcome {
    let report = report(plan);
    if report.exit == Exit::Decision {
        return Ok(report);
    }
    let shown = shown(context, plan, &report);
    carry_out(context, &plan.project.root, &operations(plan), Shown { report, text: shown })
}

/// What a command that writes says: as a report, and to a person before anything is written.
pub(super) struct Shown {
    pub report: Report,
    pub text: String,
}

/// Shows what will be written, asks if there is somebody to ask, and writes all of it or nothing.
pub(super) fn carry_out(
    context: &Context,
    root: &disk::Root,
    operations: &[Operation<'_>],
    Shown { mut report, text }: Shown,
) -> Outcome {
    if operations.is_empty() {
        report.message = "nothing to do\n".into();
        return Ok(report);
    }
    if asks(context) {
        context.printer.show(&text);
        if context.printer.confirm() == Answer::No {
            report.exit = Exit::Decision;
            report.message = "nothing was written\n".into();
            return Ok(report);
        }
    } else {
        report.data = text;
    }
    if !context.global.dry_run {
        commit_operations(context, root, operations)?;
        report.message = next_command(&report);
    }
    Ok(report)
}

fn report(plan: &Plan<'_>) -> Report {
    let mut report = Report::new(plan.verb, Exit::Ok);
    report.source.clone_from(plan.source);
    report.diagnostics.clone_from(&plan.compiled.diagnostics);
    report.findings.clone_from(&plan.changes.refusals);
    report.findings.extend(errors(&plan.compiled.findings));
    report.findings.extend(plan.changes.notes.iter().cloned());
    report.findings.sort_by(by_place);
    report.decisions = decisions(plan.compiled);
    if !plan.changes.refusals.is_empty() || !report.decisions.is_empty() || has_errors(&plan.compiled.findings) {
        report.exit = Exit::Decision;
        report.message = "nothing was written\n".into();
    }
    report.files = plan.edits.iter().chain(plan.changes.in_order()).filter_map(FileLine::of).collect();
    report
}

/// The order of findings in every report: file, line, code.
pub(super) fn by_place(one: &Finding, other: &Finding) -> std::cmp::Ordering {
    (&one.file, one.line, one.code, &one.subject).cmp(&(&other.file, other.line, other.code, &other.subject))
}

fn errors(findings: &[Finding]) -> impl Iterator<Item = Finding> {
    findings.iter().filter(|finding| finding.severity() == Severity::Error).cloned()
}

fn has_errors(findings: &[Finding]) -> bool {
    errors(findings).next().is_some()
}

/// What the migration waits for.
fn decisions(compiled: &Compiled) -> Vec<Decision> {
    match &compiled.migration {
        MigrationOutcome::UpToDate | MigrationOutcome::Pending { .. } => Vec::new(),
        MigrationOutcome::Undecided(decisions) => decisions.clone(),
    }
}

/// What `check` says about the migration.
pub(super) fn migration_findings(compiled: &Compiled) -> Vec<Finding> {
    match &compiled.migration {
        MigrationOutcome::UpToDate => Vec::new(),
        MigrationOutcome::Pending { slug } => {
            let message = format!("the migration `{slug}` is missing");
            vec![Finding::new(FindingCode::BG401, message).subject(slug).fix("backendgen generate")]
        }
        MigrationOutcome::Undecided(decisions) => decisions.iter().map(undecided).collect(),
    }
}

fn undecided(decision: &Decision) -> Finding {
    let finding = Finding::new(FindingCode::BG402, &decision.message).subject(&decision.subject);
    Finding { fix: decision.yaml.clone().or_else(|| decision.command.clone()), ..finding }
}

fn shown(context: &Context, plan: &Plan<'_>, report: &Report) -> String {
    let mut shown = plan.preface.clone();
    if context.global.diff {
        shown.push_str(&text::diff(plan.edits.iter().chain(plan.changes.in_order())));
    } else if report.files.is_empty() {
        shown.push_str("only the state in .backendgen changes\n");
    }
    shown.push_str(&text::plan(&report.files));
    shown
}

/// A decision lives in the spec or in a flag; this is only a last look, and only for a person.
fn asks(context: &Context) -> bool {
    let silent = context.global.yes || context.global.dry_run || context.environment.is_ci;
    !silent && context.printer.format == Format::Text && printer::is_interactive()
}

/// What a person does after this.
fn next_command(report: &Report) -> String {
    let is_revision = |file: &FileLine| file.action == "new" && file.path.starts_with("migrations/versions/");
    if report.files.iter().any(is_revision) { "next: alembic upgrade heads\n".into() } else { String::new() }
}

/// The order of writing: the files of the project, the spec, and the locks that describe them last.
fn operations<'a>(plan: &'a Plan<'_>) -> Vec<Operation<'a>> {
    let is_lock = |change: &&Change| change.path.starts_with(".backendgen/lock");
    let files = plan.changes.in_order().filter(|change| !is_lock(change));
    let locks = plan.changes.in_order().filter(is_lock);
    files.chain(plan.edits).chain(locks).map(Operation::from).collect()
}

/// Writes all or nothing, also when the user interrupts.
pub(super) fn commit_operations(
    context: &Context,
    root: &disk::Root,
    operations: &[Operation<'_>],
) -> Result<(), Failure> {
    let outcome = context.interrupts.hold_back(|interrupted| disk::commit(root, operations, interrupted));
    outcome.map_err(|error| match error {
        CommitError::Interrupted => Failure::Interrupted,
        CommitError::Environment(error) => Failure::Environment(error.context("nothing was written")),
    })
}
