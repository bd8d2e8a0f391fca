//! The exit codes, the same in every command.

/// How a command ended. With several causes the first of invalid, environment, decision and findings counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Ok,
    /// There are findings, or a difference.
    Findings,
    /// The command line or the spec is wrong.
    Invalid,
    /// The user has to decide; nothing was written.
    Decision,
    /// The environment failed; everything is as it was.
    Environment,
    /// The user interrupted; everything is as it was.
    Interrupted,
}

/// We are wrong.
pub const INTERNAL_ERROR: i32 = 70;
/// The exit code after Ctrl-C.
pub const INTERRUPTED: i32 = 130;

impl Exit {
    /// The number that the process ends with.
    #[must_use]
    pub fn code(self) -> i32 {
        match self {
            Self::Ok => 0,
            Self::Findings => 1,
            Self::Invalid => 2,
            Self::Decision => 3,
            Self::Environment => 4,
            Self::Interrupted => INTERRUPTED,
        }
    }

    /// The word of reports.
    #[must_use]
    pub fn status(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Findings => "findings",
            Self::Invalid => "invalid",
            Self::Decision => "decision",
            Self::Environment => "environment",
            Self::Interrupted => "interrupted",
        }
    }
}
