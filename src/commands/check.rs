//! `backendgen check`: finds every difference between the spec and the project, and writes nothing.

use super::apply::{by_place, migration_findings};
use super::{Context, Failure, Outcome, project};
use crate::diagnostic::{Code, Severity};
use crate::exit::Exit;
use crate::finding::FindingCode;
use crate::reconcile::Choices;
use crate::report::Report;

const VERB: &str = "check";

pub(super) fn run(context: &Context, deny: &[String]) -> Outcome {
    let deny = Deny::parse(deny)?;
    let project = project::open_to_read(context, VERB)?;
    let compiled = project.compile(&project.source, VERB)?;
    let changes = project.reconcile(&compiled, &Choices::default())?;
    let mut report = Report::new(VERB, Exit::Ok);
    report.findings = [changes.pending, changes.refusals, changes.notes].concat();
    report.findings.extend(migration_findings(&compiled));
    report.findings.extend(compiled.findings);
    report.findings.sort_by(by_place);
    report.source = project.source;
    report.diagnostics = compiled.diagnostics;
    if deny.matches(&report) {
        report.exit = Exit::Findings;
    }
    Ok(report)
}

/// What makes `check` fail beside errors.
struct Deny {
    warnings: bool,
    codes: Vec<String>,
}

impl Deny {
    fn parse(words: &[String]) -> Result<Self, Failure> {
        let mut deny = Self { warnings: false, codes: Vec::new() };
        for word in words {
            if word == "warnings" {
                deny.warnings = true;
            } else if FindingCode::parse(word).is_some() || Code::named(word).is_some() {
                deny.codes.push(word.to_ascii_uppercase());
            } else {
                return Err(Failure::Invalid(format!("`{word}` in --deny is neither `warnings` nor a code")));
            }
        }
        Ok(deny)
    }

    fn matches(&self, report: &Report) -> bool {
        let findings = report.findings.iter().map(|found| (found.code.as_str(), found.severity()));
        let diagnostics = report.diagnostics.sorted();
        let diagnostics = diagnostics.iter().map(|found| (found.code.as_str(), found.severity()));
        findings.chain(diagnostics).any(|(code, severity)| match severity {
            Severity::Error => true,
            Severity::Warning if self.warnings => true,
            Severity::Warning | Severity::Info => self.codes.iter().any(|denied| denied == code),
        })
    }
}
