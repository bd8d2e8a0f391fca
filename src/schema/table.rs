//! Tables and what belongs to them. All names are final: they are what the database calls the thing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Column;
use crate::model::Database;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Unique in the schema.
    pub name: String,
    /// In the order of the model, or in the order in which migrations added them; the order has no meaning.
    pub columns: Vec<Column>,
    /// Its key.
    pub primary_key: PrimaryKey,
    /// In the order of the fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<ForeignKey>,
    /// Fields first, rules after them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// Uniques first, then the indexes of the spec, then those that follow from references and the default list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
}

/// A primary key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrimaryKey {
    /// Name in the database.
    pub name: String,
    /// In this order.
    pub columns: Vec<String>,
}

/// A foreign key over one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Name in the database.
    pub name: String,
    /// The referring column.
    pub column: String,
    /// The table it refers to.
    pub table: String,
    /// The column it refers to.
    pub target: String,
    /// What a delete of the target does.
    pub on_delete: DeleteRule,
}

/// `ON DELETE` of a foreign key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeleteRule {
    /// `RESTRICT`
    Restrict,
    /// `CASCADE`
    Cascade,
    /// `SET NULL`
    SetNull,
    /// `NO ACTION`
    NoAction,
}

impl DeleteRule {
    /// As SQL.
    #[must_use]
    pub fn sql(self) -> &'static str {
        match self {
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::NoAction => "NO ACTION",
        }
    }
}

/// A CHECK.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Name in the database; changes with the expression.
    pub name: String,
    /// The columns it names.
    pub columns: Vec<String>,
    /// The expression by database. A database that is missing does not hold it.
    pub sql: BTreeMap<Database, String>,
}

/// An index; a unique is one too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Name in the database.
    pub name: String,
    /// In this order.
    pub parts: Vec<IndexPart>,
    /// Whether no two rows may have equal parts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    /// Whether nulls count as equal.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nulls_equal: bool,
    /// Whether only rows without `deleted_at` count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub live_rows: bool,
    /// Only the rows for which this is true count, by database; a database that is missing indexes all rows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub condition: BTreeMap<Database, String>,
    /// How it is built; a database that lacks the method has no such index.
    #[serde(default, skip_serializing_if = "IndexMethod::is_btree")]
    pub method: IndexMethod,
}

/// One column of an index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexPart {
    /// Which column.
    pub column: String,
    /// Whether it runs from high to low.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub descending: bool,
    /// Whether the text is folded with `lower()`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub case_insensitive: bool,
}

/// How an index is built.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexMethod {
    /// Everywhere.
    #[default]
    Btree,
    /// PostgreSQL.
    Hash,
    /// PostgreSQL.
    Gin,
    /// PostgreSQL.
    Gist,
    /// PostgreSQL.
    Brin,
    /// PostgreSQL, GIN over `gin_trgm_ops`.
    Trigram,
    /// MySQL.
    Fulltext,
}

impl IndexMethod {
    /// Whether it is the ordinary one.
    #[must_use]
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub fn is_btree(&self) -> bool {
        *self == Self::Btree
    }

    /// Whether the database can build it.
    #[must_use]
    pub fn exists_on(self, database: Database) -> bool {
        match self {
            Self::Btree => true,
            Self::Hash | Self::Gin | Self::Gist | Self::Brin | Self::Trigram => database == Database::Postgresql,
            Self::Fulltext => database == Database::Mysql,
        }
    }
}

impl Table {
    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The foreign key over that column.
    #[must_use]
    pub fn foreign_key(&self, column: &str) -> Option<&ForeignKey> {
        self.foreign_keys.iter().find(|key| key.column == column)
    }
}

impl Index {
    /// Whether it holds all rows, ordered by its first column as it is.
    #[must_use]
    pub fn starts_with(&self, column: &str) -> bool {
        let first = self.parts.first();
        self.method == IndexMethod::Btree
            && !self.is_partial()
            && first.is_some_and(|part| part.column == column && !part.case_insensitive)
            && !self.nulls_equal
    }

    /// Whether some rows are left out.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.live_rows || !self.condition.is_empty()
    }

    /// The names of its columns, without those of its condition.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.column.as_str())
    }
}
