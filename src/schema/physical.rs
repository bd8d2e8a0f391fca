//! What an index is on one database: its key parts, its condition and, on MySQL, the hidden columns it needs.

use super::{Column, ColumnType, DeleteRule, Index, IndexMethod, IndexPart, Table, quote};
use crate::model::Database;

/// An index on one database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhysicalIndex {
    /// What it is over, in this order.
    pub parts: Vec<KeyPart>,
    /// Whether nulls collide by a word of the database.
    pub nulls_not_distinct: bool,
    /// Which rows it holds; all if none.
    pub condition: Option<String>,
    /// How it is built.
    pub method: IndexMethod,
}

/// One part of the key of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPart {
    /// A column, from low to high.
    Column(String),
    /// Anything else, as SQL.
    Expression(String),
}

/// A generated column that only MySQL has, since it lacks what other databases index directly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenColumn {
    /// Begins with `_`.
    pub name: String,
    /// Type of the value.
    pub ty: ColumnType,
    /// The expression.
    pub sql: String,
    /// STORED or VIRTUAL.
    pub is_stored: bool,
}

impl Table {
    /// The index on that database; none if it cannot build it.
    #[must_use]
    pub fn physical_index(&self, index: &Index, database: Database) -> Option<PhysicalIndex> {
        if !index.method.exists_on(database) {
            return None;
        }
        let mut parts: Vec<_> = index.parts.iter().flat_map(|part| self.key_parts(index, part, database)).collect();
        if index.live_rows && database == Database::Mysql {
            parts.push(KeyPart::Column("_active".to_owned()));
        }
        Some(PhysicalIndex {
            parts,
            nulls_not_distinct: index.nulls_equal && database == Database::Postgresql && self.has_nulls(index),
            condition: condition(index, database),
            method: index.method,
        })
    }

    /// The hidden columns that the index needs on MySQL.
    #[must_use]
    pub fn hidden_columns(&self, index: &Index) -> Vec<HiddenColumn> {
        let mut hidden = Vec::new();
        for part in &index.parts {
            let Some(column) = self.column(&part.column) else { continue };
            if index.nulls_equal && column.nullable {
                hidden.push(self.hidden(key_name(part), column, coalesced(part, column, Database::Mysql)));
                let is_null = format!("{} IS NULL", quote::identifier(&column.name, Database::Mysql));
                hidden.push(HiddenColumn { ty: ColumnType::Boolean, ..self.hidden(null_name(part), column, is_null) });
            } else if part.case_insensitive {
                hidden.push(self.hidden(lower_name(part), column, folded(part, Database::Mysql)));
            }
        }
        if index.live_rows {
            hidden.push(HiddenColumn {
                name: "_active".to_owned(),
                ty: ColumnType::Boolean,
                sql: "CASE WHEN deleted_at IS NULL THEN 1 END".to_owned(),
                is_stored: true,
            });
        }
        hidden
    }

    /// A hidden column over another one. MySQL refuses to store what depends on a reference that cascades.
    fn hidden(&self, name: String, column: &Column, sql: String) -> HiddenColumn {
        let cascades = self.foreign_key(&column.name).is_some_and(|key| key.on_delete == DeleteRule::Cascade);
        HiddenColumn { name, ty: column.ty.clone(), sql, is_stored: !cascades }
    }

    fn has_nulls(&self, index: &Index) -> bool {
        index.columns().any(|name| self.column(name).is_some_and(|column| column.nullable))
    }

    fn key_parts(&self, index: &Index, part: &IndexPart, database: Database) -> Vec<KeyPart> {
        let column = self.column(&part.column);
        let splits_nulls = index.nulls_equal && column.is_some_and(|column| column.nullable);
        match (column, database) {
            (Some(_), Database::Mysql) if splits_nulls => {
                vec![KeyPart::Column(key_name(part)), KeyPart::Column(null_name(part))]
            }
            (Some(column), Database::Sqlite) if splits_nulls => {
                let name = quote::identifier(&part.column, database);
                vec![
                    KeyPart::Expression(coalesced(part, column, database)),
                    KeyPart::Expression(format!("{name} IS NULL")),
                ]
            }
            (_, Database::Mysql) if part.case_insensitive => vec![KeyPart::Column(lower_name(part))],
            _ if part.case_insensitive => vec![KeyPart::Expression(folded(part, database))],
            _ => vec![self.ordered(part, database)],
        }
    }

    /// A column with its direction. Lists sort nulls last in both directions, which PostgreSQL must be told.
    fn ordered(&self, part: &IndexPart, database: Database) -> KeyPart {
        let name = quote::identifier(&part.column, database);
        if !part.descending {
            return KeyPart::Column(part.column.clone());
        }
        let is_nullable = self.column(&part.column).is_some_and(|column| column.nullable);
        let nulls = if is_nullable && database == Database::Postgresql { " NULLS LAST" } else { "" };
        KeyPart::Expression(format!("{name} DESC{nulls}"))
    }
}

fn condition(index: &Index, database: Database) -> Option<String> {
    if database == Database::Mysql {
        return None;
    }
    let rule = index.condition.get(&database);
    match (index.live_rows, rule) {
        (false, rule) => rule.cloned(),
        (true, None) => Some("deleted_at IS NULL".to_owned()),
        (true, Some(rule)) => Some(format!("deleted_at IS NULL AND ({rule})")),
    }
}

fn key_name(part: &IndexPart) -> String {
    let fold = if part.case_insensitive { "lower_" } else { "" };
    format!("_key_{fold}{}", part.column)
}

fn null_name(part: &IndexPart) -> String {
    format!("_null_{}", part.column)
}

fn lower_name(part: &IndexPart) -> String {
    format!("_lower_{}", part.column)
}

fn folded(part: &IndexPart, database: Database) -> String {
    format!("lower({})", quote::identifier(&part.column, database))
}

/// The value, or one that stands for null; a part beside it tells the two apart.
fn coalesced(part: &IndexPart, column: &Column, database: Database) -> String {
    let name = quote::identifier(&part.column, database);
    let value = match (&column.ty, database) {
        _ if part.case_insensitive => folded(part, database),
        (ColumnType::Uuid, Database::Mysql) => format!("rtrim({name})"),
        _ => name,
    };
    format!("coalesce({value}, {})", zero(&column.ty))
}

fn zero(ty: &ColumnType) -> &'static str {
    match ty {
        ColumnType::Smallint
        | ColumnType::Int
        | ColumnType::Bigint
        | ColumnType::Double
        | ColumnType::Numeric(..)
        | ColumnType::Boolean
        | ColumnType::Duration => "0",
        ColumnType::Date => "'1970-01-01'",
        ColumnType::Time => "'00:00:00'",
        ColumnType::Timestamptz | ColumnType::Timestamp => "'1970-01-01 00:00:00'",
        ColumnType::Varchar(_)
        | ColumnType::Text
        | ColumnType::Uuid
        | ColumnType::Json
        | ColumnType::Bytes(_)
        | ColumnType::NativeEnum(_)
        | ColumnType::Array(_) => "''",
    }
}
