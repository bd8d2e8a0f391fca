//! The relational schema: what the tables of a project are, on every database at once. Models, migrations and the
//! mapping of violations are all made from it, so names and expressions never differ. Knows neither Alembic nor Python.

mod auth;
mod check;
mod column;
mod column_type;
mod derive;
mod diff;
mod expression;
mod fold;
mod index;
mod literal;
mod name;
mod op;
mod physical;
pub mod quote;
mod table;

pub use check::{CheckOrigin, check_origins};
pub use column::{Column, ColumnDefault, ColumnType};
pub use derive::derive;
pub use diff::diff;
pub use literal::literal;
pub use name::short_hash;
pub use op::{ColumnChange, Op};
pub use physical::{HiddenColumn, KeyPart, PhysicalIndex};
pub use table::{Check, DeleteRule, ForeignKey, Index, IndexMethod, IndexPart, PrimaryKey, Table};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// All tables of a project by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// By name.
    pub tables: BTreeMap<String, Table>,
    /// Values of the native enums of PostgreSQL by the name of the type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub enums: BTreeMap<String, Vec<String>>,
}

impl Schema {
    /// The table of that name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }
}
