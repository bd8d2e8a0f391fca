//! The codes of all findings.

use crate::diagnostic::Severity;

/// Declares the codes: the text is both the documentation of the variant and what `explain` prints.
macro_rules! codes {
    ($($code:ident $severity:ident $text:literal,)*) => {
        /// The stable code of a finding. A code is never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FindingCode {
            $(#[doc = $text] $code,)*
        }

        impl FindingCode {
            /// All codes in their order.
            pub const ALL: &[Self] = &[$(Self::$code,)*];

            /// As it is printed: `BG201`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$code => stringify!($code),)*
                }
            }

            /// How much a finding of this code matters.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$code => Severity::$severity,)*
                }
            }

            /// What it means and what to do.
            #[must_use]
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Self::$code => $text,)*
                }
            }
        }
    };
}

codes! {
    BG101 Error "A generated file is older than the spec or the templates. Nobody edited it: `backendgen generate` rewrites it.",
    BG102 Error "A file that the project needs is missing. `backendgen generate` writes it again.",
    BG103 Error "The executable bit of a file differs. `backendgen generate` sets it.",
    BG104 Error "The spec no longer asks for this file and nobody edited it. `backendgen generate` deletes it.",
    BG105 Warning "The spec no longer asks for this file, but it was edited, so it stays. Delete it, or move it out of the way.",
    BG106 Info "A file differs from what would be written in its line ends only. This is no edit.",
    BG107 Error "The template of a shared file changed and nobody edited the file. `backendgen generate` updates it.",
    BG201 Error "A generated file was edited by hand. `backendgen resolve PATH --generated` writes it again; to keep the edit, put `PATH: yours` or `PATH: merged` under `ownership:` in backendgen.yaml.",
    BG202 Error "A file that backendgen did not write is in the way. Move it; or take its place with `backendgen resolve PATH --generated`.",
    BG203 Error "A file contains conflict markers. Resolve them, then run `backendgen generate`.",
    BG204 Error "A shared file was edited and its template changed too. `backendgen resolve PATH --mine` keeps the file, `--generated` replaces it.",
    BG205 Info "The template of a file that belongs to you changed. The file stays as it is.",
    BG206 Info "The template of a shared file that you deleted changed. The file stays deleted.",
    BG301 Error "A lock has a line that cannot be read. The line counts as absent; `backendgen generate` writes the lock again.",
    BG302 Warning "A module that backendgen did not write stands among generated ones, where it is found and imported. Move it, for instance to `api/v1/custom/`.",
    BG303 Error "A lock does not say what the spec and the files say. `backendgen generate` writes it again.",
    BG304 Error "The stored base of a file is missing or damaged. `backendgen generate` repairs it where it can, else `backendgen resolve PATH`.",
    BG305 Error "A lock contains conflict markers of git. `backendgen generate` unites both sides.",
    BG401 Error "The spec asks for a database schema that no migration makes. `backendgen generate` writes the migration.",
    BG402 Error "The schema change needs a decision: a rename, a loss of data, or a change that is not supported yet. The message names it; until then no migration is written.",
    BG403 Warning "A revision was written by hand and has no sidecar, so backendgen does not know what it does.",
    BG404 Info "A revision was edited after it was written. Its sidecar stays the truth about what it does.",
    BG405 Warning "There are several heads, and their changes do not touch each other.",
    BG406 Error "There are several heads whose changes touch each other. Delete the revision and the sidecar that are not deployed yet, then run `backendgen generate`.",
    BG407 Error "The revisions do not form a graph: a parent is missing, an id is used twice, there is a cycle, or a file cannot be read.",
    BG409 Error "A database was added for which the recorded revisions have no statements.",
    BG412 Error "The sidecar of a revision is missing, was altered, or does not belong to it.",
    BG501 Error "A symbolic link, a folder or a special file stands where a file is expected. Remove it.",
    BG502 Error "A path leaves the project or is forbidden. Fix the spec or the lock that names it.",
    BG503 Error "Two files have the same name on file systems that ignore case. Rename one of the resources.",
    BG505 Error "An earlier run was stopped in the middle of writing. Any writing command cleans up.",
    BG601 Error "Files were rendered with other templates than those of this binary. `backendgen generate` renders them again.",
    BG602 Error "The project was written by another minor version of backendgen. Install that version.",
}

impl FindingCode {
    /// The code of that name, whatever the case of its letters.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(name))
    }
}
