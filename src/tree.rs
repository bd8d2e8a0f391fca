//! The rendered project: every file the spec wants, as bytes. `render` makes it, `reconcile` compares it with the disk.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use crate::plan::{Mode, Owner, Ownership};

/// All wanted files by path relative to the project root, with `/`.
///
/// New migrations (`Ownership::Record`) are in it, accepted ones are not: nobody renders those again.
pub type Tree = BTreeMap<Utf8PathBuf, File>;

/// One wanted file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// UTF-8 with LF line ends and one final newline.
    pub bytes: Vec<u8>,
    /// Who writes it, overrides of the spec included.
    pub ownership: Ownership,
    /// Which lock lists it.
    pub owner: Owner,
    /// Whether it is executable.
    pub mode: Mode,
    /// Whether generated code imports it, so that it must exist.
    pub imported: bool,
}
