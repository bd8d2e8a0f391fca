//! The codes of all diagnostics.

use super::Severity;

/// The stable code of a diagnostic. A code, letter and number together, is never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The file is not valid YAML.
    E001,
}

impl Code {
    /// How much a diagnostic of this code matters.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::E001 => Severity::Error,
        }
    }
}
