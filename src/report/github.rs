//! Reports as annotations of GitHub.

use std::fmt::Write as _;

use super::Report;
use super::json::position;
use crate::diagnostic::Severity;

/// GitHub drops what follows the tenth annotation of a severity in a step.
const SHOWN: usize = 9;

/// One line of the report.
struct Row {
    severity: Severity,
    code: String,
    file: String,
    line: Option<usize>,
    column: Option<usize>,
    message: String,
}

pub(super) fn render(report: &Report) -> String {
    let rows = rows(report);
    let mut text = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let of_severity: Vec<_> = rows.iter().filter(|row| row.severity == severity).collect();
        for row in of_severity.iter().take(SHOWN) {
            text.push_str(&annotation(row));
        }
        let more = of_severity.len().saturating_sub(SHOWN);
        if more > 0 {
            writeln!(text, "::{}::and {more} more, listed in the summary of the job", command(severity))
                .expect("writing to a string does not fail");
        }
    }
    text
}

/// All findings as a Markdown table, for the summary page of the job.
pub(super) fn summary(report: &Report) -> String {
    let rows = rows(report);
    if rows.is_empty() {
        return String::new();
    }
    let mut text =
        format!("### backendgen {}\n\n| code | file | line | message |\n| --- | --- | --- | --- |\n", report.command);
    for row in rows {
        let line = row.line.map(|line| line.to_string()).unwrap_or_default();
        let cell = |text: &str| text.replace('|', "\\|").replace(['\r', '\n'], " ");
        writeln!(text, "| {} | {} | {line} | {} |", row.code, cell(&row.file), cell(&row.message))
            .expect("writing to a string does not fail");
    }
    text
}

fn rows(report: &Report) -> Vec<Row> {
    let diagnostics = report.diagnostics.sorted().into_iter().map(|found| {
        let place = found.span.as_ref().map(|span| position(&report.source, span, span.start));
        Row {
            severity: found.severity(),
            code: found.code.as_str().to_owned(),
            file: found.span.as_ref().map(|span| span.path.to_string()).unwrap_or_default(),
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
            message: with_fix(&found.message, found.help.as_deref()),
        }
    });
    let findings = report.findings.iter().map(|found| Row {
        severity: found.severity(),
        code: found.code.as_str().to_owned(),
        file: found.file.as_ref().map(ToString::to_string).unwrap_or_default(),
        line: found.line,
        column: None,
        message: with_fix(&found.message, found.fix.as_deref()),
    });
    diagnostics.chain(findings).collect()
}

fn with_fix(message: &str, fix: Option<&str>) -> String {
    match fix {
        Some(fix) => format!("{message}\n{fix}"),
        None => message.to_owned(),
    }
}

fn annotation(row: &Row) -> String {
    let mut properties = Vec::new();
    if !row.file.is_empty() {
        properties.push(format!("file={}", escape_property(&row.file)));
    }
    properties.extend(row.line.map(|line| format!("line={line}")));
    properties.extend(row.column.map(|column| format!("col={column}")));
    properties.push(format!("title={}", escape_property(&row.code)));
    format!("::{} {}::{}\n", command(row.severity), properties.join(","), escape(&row.message))
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;
    use crate::finding::{Finding, FindingCode};

    fn report(findings: Vec<Finding>) -> Report {
        Report { findings, ..Report::new("check", Exit::Findings) }
    }

    #[test]
    fn paths_and_messages_are_escaped() {
        let finding = Finding::at(FindingCode::BG201, "a,b%c:d", "was edited: 100%").fix("do this");
        assert_eq!(
            render(&report(vec![finding])),
            "::error file=a%2Cb%25c%3Ad,title=BG201::was edited: 100%25%0Ado this\n"
        );
    }

    #[test]
    fn what_github_would_drop_is_counted() {
        let findings = (0..12).map(|number| Finding::at(FindingCode::BG102, format!("f{number}"), "is missing"));
        let report = report(findings.collect());
        let text = render(&report);
        assert_eq!(text.lines().count(), 10);
        assert!(text.ends_with("::error::and 3 more, listed in the summary of the job\n"));
        assert_eq!(summary(&report).lines().count(), 4 + 12);
    }
}
