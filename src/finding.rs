//! What is wrong with a project, as data: its files, locks and migrations. What is wrong with the spec is a
//! `Diagnostic`.

use camino::Utf8PathBuf;

use crate::diagnostic::Severity;

mod code;
pub use code::FindingCode;

/// One problem of a project on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its stable code; the severity follows from it.
    pub code: FindingCode,
    /// The file it is about, relative to the project root.
    pub file: Option<Utf8PathBuf>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The resource whose lock lists the file.
    pub resource: Option<String>,
    /// What inside the file, such as `orders.note`.
    pub subject: Option<String>,
    /// One sentence without a period.
    pub message: String,
    /// What should be there, as `sha256:<hex>`.
    pub expected: Option<String>,
    /// What is there, as `sha256:<hex>`.
    pub actual: Option<String>,
    /// The unified diff from what is there to what should be.
    pub diff: Option<String>,
    /// The command or the YAML line that resolves it.
    pub fix: Option<String>,
}

impl Finding {
    /// A finding without a place.
    pub fn new(code: FindingCode, message: impl Into<String>) -> Self {
        Self {
            code,
            file: None,
            line: None,
            resource: None,
            subject: None,
            message: message.into(),
            expected: None,
            actual: None,
            diff: None,
            fix: None,
        }
    }

    /// A finding about a file.
    pub fn at(code: FindingCode, file: impl Into<Utf8PathBuf>, message: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..Self::new(code, message) }
    }

    /// Adds the command that resolves it.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// Adds what inside the file it is about.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// How much it matters.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// A question that only the user can answer; the answer is a line of YAML or a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// The code of the question: `DS103`, `BG201`.
    pub code: String,
    /// What it is about: `orders.name`, or a path.
    pub subject: String,
    /// One sentence without a period.
    pub message: String,
    /// Possible answers.
    pub candidates: Vec<String>,
    /// The line of YAML that answers it.
    pub yaml: Option<String>,
    /// The command that answers it.
    pub command: Option<String>,
}
