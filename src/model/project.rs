//! The settings of a project.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::api::{Api, Rate};
use super::auth::Auth;
use super::name::Name;
use crate::ownership::Ownership;

/// `backendgen.yaml`, resolved.
#[derive(Debug, Clone, Serialize)]
pub struct Project {
    /// Distribution and database name.
    pub name: Name,
    /// Description in OpenAPI.
    pub doc: Option<String>,
    /// The Python package, `app` by default.
    pub package: String,
    /// The oldest Python that the backend runs on.
    pub python: PythonVersion,
    /// The listed databases without repeats; the first one is production.
    pub databases: Vec<Database>,
    /// What is switched on.
    pub features: BTreeSet<Feature>,
    /// Login and roles.
    pub auth: Option<Auth>,
    /// Paths and JSON.
    pub api: Api,
    /// How constraints and indexes are named.
    pub naming: Naming,
    /// `defaults.rate_limit`.
    pub rate_limit: Option<Rate>,
    /// `ownership:`, in the order of the file; the last matching line wins.
    #[serde(skip)]
    pub ownership: Vec<OwnershipRule>,
    /// Whether tests of the project are generated.
    pub tests: bool,
}

/// A Python version such as 3.11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PythonVersion {
    /// 3
    pub major: u16,
    /// 11 or more
    pub minor: u16,
}

/// A database that a project can run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Database {
    /// PostgreSQL 15 or newer.
    Postgresql,
    /// MySQL 8.0.16 and MariaDB 10.6 or newer.
    Mysql,
    /// SQLite 3.35 or newer.
    Sqlite,
}

/// An optional part of the backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Prometheus metrics.
    Metrics,
    /// Image and compose file.
    Docker,
    /// Workflow.
    Ci,
    /// Hooks for commits.
    PreCommit,
    /// Keys in place of a token.
    ApiKeys,
}

/// Templates of names with `{table}` and `{columns}`.
#[derive(Debug, Clone, Serialize)]
pub struct Naming {
    /// `pk_{table}`
    pub primary_key: String,
    /// `fk_{table}_{columns}`
    pub foreign_key: String,
    /// `ix_{table}_{columns}`
    pub index: String,
    /// `uq_{table}_{columns}`
    pub unique: String,
    /// `ck_{table}_{columns}`
    pub check: String,
}

/// One line of `ownership:`.
#[derive(Debug, Clone)]
pub struct OwnershipRule {
    /// Path glob: `*` within a segment, `**` across.
    pub glob: String,
    /// Never `Record`.
    pub ownership: Ownership,
    /// Where the line stands, for the warning that nothing matches it (W031, E034).
    pub span: crate::source::Span,
}

impl OwnershipRule {
    /// Whether the line is about the file.
    #[must_use]
    pub fn matches(&self, path: &camino::Utf8Path) -> bool {
        crate::ownership::glob_matches(&self.glob, path.as_str())
    }
}
