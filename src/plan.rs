//! The types of the plan: which file, rendered from what, and whose it is. `stack` and `migration` make them.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;

pub use crate::ownership::Ownership;

/// What the current spec, templates and binary want the project to be.
#[derive(Debug, Default)]
pub struct Plan {
    /// One entry a file, in the order of the paths.
    pub artifacts: Vec<Artifact>,
    /// What every template may say.
    pub words: View,
    /// What else templates may say, shared by all files of one owner; [`ViewId`] is the position in this list.
    pub views: Vec<View>,
    /// Owners in the order of their lock files, with what their locks record.
    pub owners: Vec<OwnerRecord>,
}

impl Plan {
    /// The names of the templates that it needs.
    #[must_use]
    pub fn templates(&self) -> BTreeSet<&str> {
        self.artifacts.iter().filter_map(|artifact| artifact.content.template()).collect()
    }
}

/// Words by name.
pub type View = serde_json::Map<String, serde_json::Value>;

/// One file of the project.
#[derive(Debug)]
pub struct Artifact {
    /// Relative to the project root, with `/`.
    pub path: Utf8PathBuf,
    /// Where its text comes from.
    pub content: Content,
    /// Who writes it.
    pub ownership: Ownership,
    /// Which lock lists it.
    pub owner: Owner,
    /// Whether it is executable.
    pub mode: Mode,
    /// Whether generated code imports it, so that it must exist.
    pub imported: bool,
}

/// Where the text of a file comes from.
#[derive(Debug)]
pub enum Content {
    /// A template and the words it may use.
    Template {
        /// Path of the template in its tree.
        template: String,
        /// The words.
        view: ViewId,
    },
    /// Text that is ready, such as a sidecar or an editor schema.
    Text(String),
}

impl Content {
    fn template(&self) -> Option<&str> {
        match self {
            Self::Template { template, .. } => Some(template),
            Self::Text(_) => None,
        }
    }
}

/// A view of the plan: its position in [`Plan::views`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewId(pub usize);

/// Which lock lists a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// `_project.lock`.
    Project,
    /// `<plural>.lock`.
    Resource(String),
}

/// The permission bits of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// 644.
    Regular,
    /// 755.
    Executable,
}

/// What the lock of an owner records beside its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerRecord {
    /// Whose lock.
    pub owner: Owner,
    /// Hex sha256 of the resolved resource or settings, as canonical JSON.
    pub spec_digest: String,
    /// Hex sha256 of all templates that the owner uses.
    pub template_digest: String,
    /// Pinned derived names: key (`class`, `singular`, `table`, `column.<field>`) and value, in the order of the keys.
    pub names: Vec<(String, String)>,
}
