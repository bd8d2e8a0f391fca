//! Who writes a file. Stands above the spec, whose `ownership:` names it, and the plan, which decides by it.

/// Who writes a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ownership {
    /// The tool; always rewritten.
    Generated,
    /// Both; merged.
    Merged,
    /// The user, from birth.
    Yours,
    /// The tool, once: migrations.
    Record,
}
