//! The sidecar of a revision: what it does, as data. Its id follows from its content.

use serde::{Deserialize, Serialize};

use super::canonical;
use crate::model::Database;
use crate::schema::{Op, short_hash};

/// What a revision does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sidecar {
    /// Version of this format.
    pub v: u32,
    /// Id of the revision.
    pub rev: String,
    /// Words of the file name.
    pub slug: String,
    /// Why it exists.
    pub kind: Kind,
    /// The revisions it follows; none for a first one.
    pub parents: Vec<String>,
    /// The databases it was written for.
    pub dialects: Vec<Database>,
    /// What it changes, in this order.
    pub ops: Vec<Op>,
    /// Steps that later revisions must finish.
    #[serde(default)]
    pub contract: Vec<serde_json::Value>,
    /// Findings that somebody accepted.
    #[serde(default)]
    pub ack: Vec<String>,
    /// Hex sha256 of the revision file as it was written.
    pub py_sha256: String,
}

/// Why a revision exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The spec changed.
    Schema,
    /// A step that another revision left open.
    Contract,
    /// Rows change, tables do not.
    Data,
    /// Several heads become one.
    Merge,
    /// A hand-written revision that is accounted for.
    Adopted,
}

impl Sidecar {
    /// A revision of the schema; the hash of its file is still open.
    pub(super) fn of_schema(slug: String, parents: Vec<String>, dialects: Vec<Database>, ops: Vec<Op>) -> Self {
        let mut sidecar = Self {
            v: 1,
            rev: String::new(),
            slug,
            kind: Kind::Schema,
            parents,
            dialects,
            ops,
            contract: Vec::new(),
            ack: Vec::new(),
            py_sha256: String::new(),
        };
        sidecar.rev = sidecar.id();
        sidecar
    }

    /// The id that its content gives: no clock, so the same change on the same parents is the same revision everywhere.
    pub(super) fn id(&self) -> String {
        let content = serde_json::json!({
            "parents": self.parents, "slug": self.slug, "kind": self.kind, "ops": self.ops, "contract": self.contract,
        });
        short_hash(&canonical::compact(&content), 12)
    }

    /// The text of the file.
    pub(super) fn text(&self) -> String {
        canonical::pretty(&serde_json::to_value(self).expect("a sidecar holds only what JSON can express"))
    }
}
