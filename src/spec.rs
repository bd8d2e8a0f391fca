//! The text of a spec to its shape: YAML events, a tree with places, the typed [`Spec`].
//!
//! Decides everything that one file shows by itself. Knows nothing about the meaning of names in other files.

use std::collections::BTreeMap;

pub mod field;
pub mod literal;
pub mod permission;
pub mod project;
pub mod resource;
pub mod rule;

pub use project::ProjectSpec;
pub use resource::ResourceSpec;

use crate::diagnostic::Diagnostics;
use crate::source::Source;

/// A spec whose shape is right.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// `backendgen.yaml`.
    pub project: ProjectSpec,
    /// By name.
    pub resources: BTreeMap<String, ResourceSpec>,
}

/// What could be read, and everything that single files show to be wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// Present when every file could be read; what is wrong in it is left out and listed in `broken` of its owner, so
    /// that `model` finds the other mistakes in the same run.
    pub spec: Option<Spec>,
    /// Errors, warnings and information; the spec is invalid when one of them is an error.
    pub diagnostics: Diagnostics,
}

/// Reads the shape of a spec and collects everything that is wrong with it.
#[must_use]
pub fn parse(_source: &Source) -> Parsed {
    Parsed { spec: None, diagnostics: Diagnostics::default() }
}
