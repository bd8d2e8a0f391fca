//! What a command has to say: as text, as JSON, as annotations of GitHub. The only files that print. They decide
//! nothing.

use crate::diagnostic::{Diagnostics, Severity};
use crate::exit::Exit;
use crate::finding::{Decision, Finding};
use crate::reconcile::{Action, Change};
use crate::source::Source;
use crate::text_diff::counts;

pub mod diagnostics;
mod github;
mod json;
pub mod printer;
pub mod text;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON document.
    Json,
    /// Annotations for GitHub.
    Github,
}

/// Everything that a command has to say.
#[derive(Debug, Clone)]
pub struct Report {
    /// The verb: `check`.
    pub command: &'static str,
    /// How it ended.
    pub exit: Exit,
    /// The spec, to show where diagnostics stand.
    pub source: Source,
    /// What is wrong with the spec.
    pub diagnostics: Diagnostics,
    /// What is wrong with the project.
    pub findings: Vec<Finding>,
    /// What the user has to decide.
    pub decisions: Vec<Decision>,
    /// What happens to the files.
    pub files: Vec<FileLine>,
    /// What the command was asked for: a diff, the routes, a schema.
    pub data: String,
    /// What else to say to a person, after everything else.
    pub message: String,
}

/// What happens to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLine {
    /// Relative to the project root.
    pub path: String,
    /// `new`, `changed`, `mode` or `deleted`.
    pub action: &'static str,
    /// Who writes it.
    pub class: &'static str,
    /// Lines that come.
    pub added: usize,
    /// Lines that go.
    pub removed: usize,
}

impl Report {
    /// A report with nothing to say.
    #[must_use]
    pub fn new(command: &'static str, exit: Exit) -> Self {
        Self {
            command,
            exit,
            source: Source::default(),
            diagnostics: Diagnostics::default(),
            findings: Vec::new(),
            decisions: Vec::new(),
            files: Vec::new(),
            data: String::new(),
            message: String::new(),
        }
    }

    /// A report that says one thing to a person.
    #[must_use]
    pub fn message(command: &'static str, exit: Exit, message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::new(command, exit) }
    }

    /// How many findings and diagnostics there are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let diagnostics = self.diagnostics.sorted().iter().filter(|found| found.severity() == severity).count();
        diagnostics + self.findings.iter().filter(|found| found.severity() == severity).count()
    }
}

impl FileLine {
    /// What a report says about a change of a file of the project; none for the tool's own state.
    #[must_use]
    pub fn of(change: &Change) -> Option<Self> {
        let class = class(change);
        if change.path.starts_with(".backendgen") {
            return None;
        }
        let (added, removed) = match change.action {
            Action::Mode => (0, 0),
            Action::New | Action::Changed | Action::Deleted => {
                counts(change.before.as_deref(), change.after.as_deref())
            }
        };
        let action = match change.action {
            Action::New => "new",
            Action::Changed => "changed",
            Action::Mode => "mode",
            Action::Deleted => "deleted",
        };
        Some(Self { path: change.path.to_string(), action, class, added, removed })
    }
}

fn class(change: &Change) -> &'static str {
    use crate::plan::Ownership;
    match change.ownership {
        Some(Ownership::Generated) => "generated",
        Some(Ownership::Merged) => "merged",
        Some(Ownership::Yours) => "yours",
        Some(Ownership::Record) => "record",
        None => "input",
    }
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}
