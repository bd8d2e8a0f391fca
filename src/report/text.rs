//! Reports for people. Clear without colour.

use std::fmt::Write as _;

use super::diagnostics::{self, Color, printable};
use super::printer::Printer;
use super::{FileLine, Report, severity_name};
use crate::diagnostic::Severity;
use crate::exit::Exit;
use crate::finding::{Decision, Finding};
use crate::reconcile::{Action, Change};
use crate::text_diff::unified;

/// What goes to stdout: the findings of `check`, otherwise what the command was asked for.
pub(super) fn data(report: &Report, printer: &Printer) -> String {
    let mut text = report.data.clone();
    if report.command == "check" {
        text.push_str(&problems(report, printer));
        text.push_str(&totals(report));
    }
    text
}

/// What goes to stderr.
pub(super) fn rest(report: &Report, printer: &Printer) -> String {
    let mut text = String::new();
    if report.command != "check" {
        text.push_str(&problems(report, printer));
        text.push_str(&decisions(&report.decisions));
    }
    text.push_str(&report.message);
    text
}

fn problems(report: &Report, printer: &Printer) -> String {
    let least = if printer.verbose { Severity::Info } else { Severity::Warning };
    let color = if printer.color { Color::On } else { Color::Off };
    let mut text = diagnostics::render(&report.source, &report.diagnostics, least, color);
    for found in report.findings.iter().filter(|finding| finding.severity() <= least) {
        text.push_str(&finding(found, printer));
    }
    text
}

/// Code, path, sentence, fix.
fn finding(finding: &Finding, printer: &Printer) -> String {
    let severity = severity_name(finding.severity());
    let head = paint(&format!("{severity}[{}]", finding.code.as_str()), finding.severity(), printer);
    let mut line = format!("{head}: ");
    if let Some(path) = &finding.file {
        line.push_str(&printable(path.as_str()));
        if let Some(number) = finding.line {
            write!(line, ":{number}").expect("writing to a string does not fail");
        }
        line.push_str(": ");
    } else if let Some(subject) = &finding.subject {
        write!(line, "{subject}: ").expect("writing to a string does not fail");
    }
    writeln!(line, "{}", printable(&finding.message)).expect("writing to a string does not fail");
    if let Some(fix) = &finding.fix {
        writeln!(line, "  = fix: {fix}").expect("writing to a string does not fail");
    }
    line
}

fn paint(text: &str, severity: Severity, printer: &Printer) -> String {
    if !printer.color {
        return text.to_owned();
    }
    let color = match severity {
        Severity::Error => "31",
        Severity::Warning => "33",
        Severity::Info => "36",
    };
    format!("\u{1b}[1;{color}m{text}\u{1b}[0m")
}

fn totals(report: &Report) -> String {
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    match (errors, warnings, report.exit) {
        (0, 0, Exit::Ok) => "no findings: the project is what its spec says\n".to_owned(),
        _ => format!("{}, {}\n", number(errors, "error"), number(warnings, "warning")),
    }
}

fn decisions(decisions: &[Decision]) -> String {
    let mut text = String::new();
    for decision in decisions {
        writeln!(text, "decide[{}]: {}: {}", decision.code, decision.subject, decision.message)
            .expect("writing to a string does not fail");
        for answer in decision.yaml.iter().chain(&decision.command) {
            writeln!(text, "  = either: {answer}").expect("writing to a string does not fail");
        }
    }
    text
}

/// One line a file, and the totals.
#[must_use]
pub fn plan(files: &[FileLine]) -> String {
    let mut text = String::new();
    for file in files {
        let FileLine { path, action, added, removed, .. } = file;
        match *action {
            "changed" => writeln!(text, "changed  {path} +{added} -{removed}"),
            _ => writeln!(text, "{action:<8} {path}"),
        }
        .expect("writing to a string does not fail");
    }
    let count = |action| files.iter().filter(|file| file.action == action).count();
    let totals =
        [("new", count("new")), ("changed", count("changed")), ("mode", count("mode")), ("deleted", count("deleted"))];
    let totals: Vec<_> = totals.into_iter().filter(|(_, count)| *count > 0).collect();
    let totals: Vec<_> = totals.into_iter().map(|(action, count)| format!("{count} {action}")).collect();
    if !totals.is_empty() {
        writeln!(text, "{}", totals.join(", ")).expect("writing to a string does not fail");
    }
    text
}

/// The unified diff of everything that happens outside of `.backendgen/`.
#[must_use]
pub fn diff<'a>(changes: impl Iterator<Item = &'a Change>) -> String {
    let mut text = String::new();
    for change in changes.filter(|change| !change.path.starts_with(".backendgen")) {
        match change.action {
            Action::Mode => writeln!(text, "mode {}", change.path).expect("writing to a string does not fail"),
            Action::New | Action::Changed | Action::Deleted => {
                text.push_str(&unified(&change.path, change.before.as_deref(), change.after.as_deref()));
            }
        }
    }
    text
}

fn number(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
