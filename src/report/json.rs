//! Reports as one JSON document, valid and complete on every exit code.

use serde_json::{Value, json};

use super::{Report, severity_name};
use crate::diagnostic::{Diagnostic, Severity};
use crate::exit::Exit;
use crate::finding::{Decision, Finding};
use crate::source::{Source, Span};

const SCHEMA: &str = "backendgen.findings/1";

pub(super) fn render(report: &Report) -> String {
    let diagnostics = report.diagnostics.sorted().into_iter().map(|found| diagnostic(found, &report.source));
    let findings: Vec<Value> = diagnostics.chain(report.findings.iter().map(finding)).collect();
    let mut document = json!({
        "schema": SCHEMA,
        "command": report.command,
        "status": report.exit.status(),
        "exit_code": report.exit.code(),
        "summary": {
            "error": report.count(Severity::Error),
            "warning": report.count(Severity::Warning),
            "info": report.count(Severity::Info),
        },
        "findings": findings,
        "decisions": decisions(report),
    });
    if matches!(report.command, "generate" | "diff" | "new" | "add" | "resolve") {
        let files = report.files.iter().map(|file| {
            json!({
                "file": file.path, "action": file.action, "class": file.class,
                "added": file.added, "removed": file.removed,
            })
        });
        document["files"] = files.collect();
    }
    if report.command == "diff" {
        document["diff"] = report.data.clone().into();
    } else if !report.data.is_empty() && report.files.is_empty() {
        document["data"] = serde_json::from_str(&report.data).unwrap_or_else(|_| report.data.clone().into());
    }
    pretty(&document)
}

pub(super) fn error(command: &str, exit: Exit, message: &str) -> String {
    pretty(&json!({
        "schema": SCHEMA,
        "command": command,
        "status": exit.status(),
        "exit_code": exit.code(),
        "summary": {"error": 0, "warning": 0, "info": 0},
        "findings": [],
        "decisions": [],
        "error": message,
    }))
}

fn pretty(document: &Value) -> String {
    let mut text = serde_json::to_string_pretty(document).expect("a value of JSON is serialisable");
    text.push('\n');
    text
}

fn finding(finding: &Finding) -> Value {
    json!({
        "code": finding.code.as_str(),
        "severity": severity_name(finding.severity()),
        "file": finding.file.as_ref().map(|file| file.as_str()),
        "line": finding.line,
        "resource": finding.resource,
        "subject": finding.subject,
        "message": finding.message,
        "expected": finding.expected,
        "actual": finding.actual,
        "diff": finding.diff,
        "fix": finding.fix,
    })
}

fn diagnostic(diagnostic: &Diagnostic, source: &Source) -> Value {
    let span = diagnostic.span.as_ref();
    let position = |span: &Span, offset| position(source, span, offset);
    let (line, column) = span.map(|span| position(span, span.start)).unzip();
    let end = span.map(|span| position(span, span.end));
    json!({
        "code": diagnostic.code.as_str(),
        "severity": severity_name(diagnostic.severity()),
        "file": span.map(|span| span.path.as_str()),
        "line": line,
        "column": column,
        "end": end.map(|(line, column)| json!({"line": line, "column": column})),
        "resource": null,
        "subject": null,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "fix": diagnostic.edit.as_ref().map(|edit| json!({
            "start": edit.span.start, "end": edit.span.end, "replacement": edit.replacement,
        })),
    })
}

/// Line and column of an offset, both from 1, columns in characters.
pub(super) fn position(source: &Source, span: &Span, offset: usize) -> (usize, usize) {
    let bytes = source.get(&span.path).map(|file| file.bytes.as_slice()).unwrap_or_default();
    let before = &bytes[..offset.min(bytes.len())];
    let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let line = before.split(|&byte| byte == b'\n').count();
    (line, 1 + String::from_utf8_lossy(&before[start..]).chars().count())
}

/// What the exit waits for: the questions of the migration, and every refusal.
fn decisions(report: &Report) -> Vec<Value> {
    let refusals = report.findings.iter().filter(|finding| finding.severity() == Severity::Error);
    let refusals = refusals.filter(|_| report.exit == Exit::Decision).map(|finding| Decision {
        code: finding.code.as_str().to_owned(),
        subject: finding.file.as_ref().map(ToString::to_string).or(finding.subject.clone()).unwrap_or_default(),
        message: finding.message.clone(),
        candidates: Vec::new(),
        yaml: None,
        command: finding.fix.clone(),
    });
    refusals.chain(report.decisions.iter().cloned()).map(|found| decision(&found)).collect()
}

fn decision(decision: &Decision) -> Value {
    json!({
        "code": decision.code,
        "subject": decision.subject,
        "message": decision.message,
        "candidates": decision.candidates,
        "yaml": decision.yaml,
        "command": decision.command,
    })
}
