//! Who may do what.

use serde::Serialize;

/// The alternatives of which one must fit, in the order of the spec; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Permission(pub Vec<Alternative>);

/// One alternative of a permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Alternative {
    /// Anybody, logged in or not.
    Public,
    /// Anybody who is logged in.
    Authenticated,
    /// The owner of the row.
    Owner,
    /// No one but the superuser role.
    Nobody,
    /// Position in `Auth::roles`.
    Role(usize),
}

impl Permission {
    /// Whether anonymous callers pass.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.0.contains(&Alternative::Public)
    }

    /// Whether the answer depends on the row.
    #[must_use]
    pub fn depends_on_row(&self) -> bool {
        self.0.contains(&Alternative::Owner)
    }
}
