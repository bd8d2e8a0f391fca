//! What is wrong with a spec, as data. Diagnostics are collected, never thrown one by one, and only `report` prints them.

use crate::source::Span;

mod code;
pub use code::Code;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The spec is invalid.
    Error,
    /// Legal, and probably not what the user wants.
    Warning,
    /// Shown with `--verbose` only.
    Info,
}

/// One problem of a spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its stable code; the severity follows from it.
    pub code: Code,
    /// The smallest range that shows it; none for a problem of the whole project.
    pub span: Option<Span>,
    /// One sentence without a period, names in backticks.
    pub message: String,
    /// The words beside the underline; may be empty.
    pub label: String,
    /// How to fix it, if we know.
    pub help: Option<String>,
    /// The mechanical fix that `check --fix` applies.
    pub edit: Option<Edit>,
}

/// Replaces the text of a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes in its place.
    pub replacement: String,
}

impl Diagnostic {
    /// A diagnostic at a place.
    pub fn new(code: Code, span: &Span, message: impl Into<String>) -> Self {
        Self { span: Some(span.clone()), ..Self::of_project(code, message) }
    }

    /// A diagnostic that no single place shows.
    pub fn of_project(code: Code, message: impl Into<String>) -> Self {
        Self { code, span: None, message: message.into(), label: String::new(), help: None, edit: None }
    }

    /// Adds the words beside the underline.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds the help line.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the mechanical fix.
    #[must_use]
    pub fn edit(mut self, span: &Span, replacement: impl Into<String>) -> Self {
        self.edit = Some(Edit { span: span.clone(), replacement: replacement.into() });
        self
    }

    /// How much it matters.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// All problems found so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all problems of another list.
    pub fn extend(&mut self, others: Diagnostics) {
        self.0.extend(others.0);
    }

    /// Whether one of them makes the spec invalid.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them by file, position and code, each once.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<_> = self.0.iter().collect();
        sorted.sort_by(|a, b| (&a.span, a.code, &a.message).cmp(&(&b.span, b.code, &b.message)));
        sorted.dedup();
        sorted
    }
}
