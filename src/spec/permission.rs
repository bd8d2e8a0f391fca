//! Permissions: `owner | admin`.

use crate::source::{Span, Spanned};

mod read;
pub(super) use read::{OPERATIONS, permissions, read_write};

/// Who may do something: anybody whom one of the alternatives fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionSpec {
    /// At least one, unless the permission could not be read.
    pub alternatives: Vec<Spanned<Atom>>,
    /// The whole permission.
    pub span: Span,
}

/// One alternative of a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Atom {
    /// Everybody.
    Public,
    /// Everybody who is logged in.
    Authenticated,
    /// The owner of the row.
    Owner,
    /// Nobody, not even the superuser.
    Nobody,
    /// The users of a role; whether it exists is for `model`.
    Role(String),
}

/// The key of an entry in `permissions:` of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ActionKey {
    /// One operation.
    Operation(Operation),
    /// `list` and `get`.
    Read,
    /// `create`, `update` and `delete`.
    Write,
    /// Every action.
    All,
}

/// What a resource can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// `GET /posts`.
    List,
    /// `GET /posts/{id}`.
    Get,
    /// `POST /posts`.
    Create,
    /// `PATCH /posts/{id}`.
    Update,
    /// `PUT /posts/{id}`.
    Replace,
    /// `DELETE /posts/{id}`.
    Delete,
    /// `POST /posts/{id}/restore`.
    Restore,
    /// `DELETE /posts/{id}/purge`.
    Purge,
}

/// `permissions:` of a resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PermissionsSpec {
    /// In the order of the file; every key once.
    pub entries: Vec<(Spanned<ActionKey>, PermissionSpec)>,
}

/// `{read, write}` of a field or of `auth.permissions`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadWriteSpec {
    /// Who may read.
    pub read: Option<PermissionSpec>,
    /// Who may write.
    pub write: Option<PermissionSpec>,
}
