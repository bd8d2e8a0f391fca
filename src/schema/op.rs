//! Changes of a schema. A list of them is what a sidecar keeps; each carries enough to be undone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Check, Column, ColumnDefault, ColumnType, ForeignKey, Index, PrimaryKey, Table};
use crate::model::Database;

/// One change of a schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Op {
    /// A new table with all that belongs to it.
    CreateTable {
        /// The table.
        table: Table,
    },
    /// A table that goes.
    DropTable {
        /// The table as it was.
        table: Table,
    },
    /// Another primary key.
    AlterPk {
        /// Of which table.
        table: String,
        /// As it was.
        old: PrimaryKey,
        /// As it becomes.
        new: PrimaryKey,
    },
    /// A new column; its constraints and indexes are ops of their own.
    AddColumn {
        /// Of which table.
        table: String,
        /// The column.
        column: Column,
    },
    /// A column that goes.
    DropColumn {
        /// Of which table.
        table: String,
        /// The column as it was.
        column: Column,
    },
    /// A column that changes.
    AlterColumn {
        /// Of which table.
        table: String,
        /// Its name.
        column: String,
        /// What changes: old and new.
        set: ColumnChange,
    },
    /// A new index or unique.
    AddIndex {
        /// Of which table.
        table: String,
        /// The index.
        index: Index,
    },
    /// An index or unique that goes.
    DropIndex {
        /// Of which table.
        table: String,
        /// The index as it was.
        index: Index,
    },
    /// A new foreign key.
    AddFk {
        /// Of which table.
        table: String,
        /// The foreign key.
        foreign_key: ForeignKey,
    },
    /// A foreign key that goes.
    DropFk {
        /// Of which table.
        table: String,
        /// The foreign key as it was.
        foreign_key: ForeignKey,
    },
    /// A new CHECK.
    AddCheck {
        /// Of which table.
        table: String,
        /// The CHECK.
        check: Check,
    },
    /// A CHECK that goes.
    DropCheck {
        /// Of which table.
        table: String,
        /// The CHECK as it was.
        check: Check,
    },
    /// A new native enum.
    AddEnum {
        /// Name of the type.
        name: String,
        /// In their order.
        values: Vec<String>,
    },
    /// A native enum that goes.
    DropEnum {
        /// Name of the type.
        name: String,
        /// As they were.
        values: Vec<String>,
    },
    /// A new value of a native enum.
    AddEnumValue {
        /// Name of the type.
        name: String,
        /// The value.
        value: String,
    },
}

/// What changes in a column, each as old and new.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnChange {
    /// Its type.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub ty: Option<(ColumnType, ColumnType)>,
    /// Whether it may be null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nullable: Option<(bool, bool)>,
    /// Its default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<(Option<ColumnDefault>, Option<ColumnDefault>)>,
    /// Whether the database counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<(bool, bool)>,
    /// Its DDL types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ddl: Option<(BTreeMap<Database, String>, BTreeMap<Database, String>)>,
}

impl Op {
    /// The table it changes; none for an enum.
    #[must_use]
    pub fn table(&self) -> Option<&str> {
        match self {
            Self::CreateTable { table } | Self::DropTable { table } => Some(&table.name),
            Self::AlterPk { table, .. }
            | Self::AddColumn { table, .. }
            | Self::DropColumn { table, .. }
            | Self::AlterColumn { table, .. }
            | Self::AddIndex { table, .. }
            | Self::DropIndex { table, .. }
            | Self::AddFk { table, .. }
            | Self::DropFk { table, .. }
            | Self::AddCheck { table, .. }
            | Self::DropCheck { table, .. } => Some(table),
            Self::AddEnum { .. } | Self::DropEnum { .. } | Self::AddEnumValue { .. } => None,
        }
    }
}
