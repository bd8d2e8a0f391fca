//! The one pure function behind every command: the text of a spec and the recorded state go in, the wanted project
//! comes out.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use crate::diagnostic::Diagnostics;
use crate::finding::{Decision, Finding};
use crate::plan::OwnerRecord;
use crate::source::Source;
use crate::tree::Tree;

/// What earlier runs recorded and later ones must respect.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The pinned names of each resource, by key (`class`, `singular`, `table`, `column.<field>`).
    pub names: BTreeMap<String, BTreeMap<String, String>>,
    /// The files of `migrations/versions` and `migrations/ops`, by path relative to the project root.
    pub migrations: BTreeMap<Utf8PathBuf, Vec<u8>>,
}

/// What a valid spec wants the project to be.
#[derive(Debug)]
pub struct Compiled {
    /// Every wanted file, the new migration included, under its final ownership.
    pub tree: Tree,
    /// What the locks record beside their files: `Owner::Project` first, then the resources by name.
    pub owners: Vec<OwnerRecord>,
    /// The routes of the API, in the order `backendgen routes` prints them.
    pub routes: Vec<Route>,
    /// Warnings and information about the spec; never an error.
    pub diagnostics: Diagnostics,
    /// What happens to the database schema.
    pub migration: MigrationOutcome,
    /// Findings about the recorded migrations (`BG4xx`, but not BG401: that one follows from `migration`).
    pub findings: Vec<Finding>,
}

/// What the spec asks of the database schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MigrationOutcome {
    /// The recorded migrations lead to the schema of the spec.
    UpToDate,
    /// One more revision is needed and safe; its files are in the tree, with `Ownership::Record`.
    Pending {
        /// Its name, such as `orders_note`.
        slug: String,
    },
    /// The change needs a decision of the user; the tree holds no new revision.
    Undecided(Vec<Decision>),
}

/// One route of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// With prefix and version: `/api/v1/orders/{order_id}`.
    pub path: String,
    /// Who may call it, as the spec writes it: `authenticated`, `owner | admin`.
    pub permission: String,
    /// The function of the endpoint module.
    pub function: String,
}

/// Compiles a spec.
///
/// # Errors
///
/// Every diagnostic, warnings included, if the spec is invalid.
pub fn compile(source: &Source, recorded: &Recorded) -> Result<Compiled, Diagnostics> {
    let _ = (source, recorded);
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(crate::diagnostic::Diagnostic::of_project(
        crate::diagnostic::Code::E001,
        "this binary has no compiler yet",
    ));
    Err(diagnostics)
}
