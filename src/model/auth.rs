//! Who may log in.

use serde::Serialize;

use super::{FieldId, ResourceId};

/// `auth:`, resolved.
#[derive(Debug, Clone, Serialize)]
pub struct Auth {
    /// The resource of the people who log in.
    pub user: ResourceId,
    /// Its login field.
    pub login: FieldId,
    /// Its password field.
    pub password: FieldId,
    /// Its field of the type `role`; absent with a single role.
    pub role: Option<FieldId>,
    /// At least one.
    pub roles: Vec<Role>,
    /// Position in `roles`.
    pub default_role: usize,
    /// Position in `roles` of the role that passes every check.
    pub superuser: Option<usize>,
    /// Who may register.
    pub register: Registration,
    /// Life of an access token in seconds.
    pub access_ttl: u64,
    /// Life of a session in seconds.
    pub refresh_ttl: u64,
}

/// A role of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Role {
    /// As in JSON and database.
    pub value: String,
    /// What it is for.
    pub doc: Option<String>,
}

/// Who may call `POST /auth/register`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// Everybody.
    Public,
    /// The route does not exist.
    Nobody,
}
