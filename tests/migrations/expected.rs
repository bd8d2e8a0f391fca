//! What a schema is on one database, as data for the comparison in Python.

use backendgen::model::Database;
use backendgen::schema::{ColumnDefault, IndexMethod, KeyPart, Schema, Table, literal};
use serde_json::{Value, json};

/// The tables, each after those it refers to where that is possible.
pub fn expected(schema: &Schema, database: Database) -> Value {
    json!({ "tables": schema.tables.values().map(|table| of_table(table, database)).collect::<Vec<_>>() })
}

fn of_table(table: &Table, database: Database) -> Value {
    json!({
        "name": table.name,
        "primary_key": table.primary_key.columns,
        "columns": table.columns.iter().map(|column| json!({
            "name": column.name,
            "type": column.ty,
            "nullable": column.nullable,
            "identity": column.identity,
            "default": column.default.as_ref().map(|default| of_default(default, &column.ty, database)),
        })).collect::<Vec<_>>(),
        "foreign_keys": table.foreign_keys.iter().map(|key| json!({
            "name": key.name,
            "column": key.column,
            "target": format!("{}.{}", key.table, key.target),
            "on_delete": key.on_delete.sql(),
        })).collect::<Vec<_>>(),
        "checks": table.checks.iter().filter_map(|check| Some((&check.name, check.sql.get(&database)?))).collect::<Vec<_>>(),
        "indexes": table.indexes.iter().filter_map(|index| {
            let physical = table.physical_index(index, database)?;
            let parts: Vec<_> = physical.parts.iter().map(|part| match part {
                KeyPart::Column(name) => ("column", name),
                KeyPart::Expression(sql) => ("expression", sql),
            }).collect();
            let mut options = serde_json::Map::new();
            if physical.nulls_not_distinct {
                options.insert("postgresql_nulls_not_distinct".to_owned(), true.into());
            }
            match physical.method {
                IndexMethod::Btree => {}
                IndexMethod::Trigram => {
                    options.insert("postgresql_using".to_owned(), "gin".into());
                    let operators = index.columns().map(|column| (column.to_owned(), "gin_trgm_ops".into()));
                    options.insert("postgresql_ops".to_owned(), Value::Object(operators.collect()));
                }
                IndexMethod::Fulltext => {
                    options.insert("mysql_prefix".to_owned(), "FULLTEXT".into());
                }
                method @ (IndexMethod::Hash | IndexMethod::Gin | IndexMethod::Gist | IndexMethod::Brin) => {
                    options.insert("postgresql_using".to_owned(), serde_json::to_value(method).expect("it is a word"));
                }
            }
            Some(json!({
                "name": index.name, "parts": parts, "unique": index.unique, "condition": physical.condition, "options": options,
            }))
        }).collect::<Vec<_>>(),
    })
}

fn of_default(default: &ColumnDefault, ty: &backendgen::schema::ColumnType, database: Database) -> String {
    let is_mysql = database == Database::Mysql;
    match default {
        ColumnDefault::Constant(value) => literal(ty, value, database),
        ColumnDefault::Now if is_mysql => "CURRENT_TIMESTAMP(6)".to_owned(),
        ColumnDefault::Now => "CURRENT_TIMESTAMP".to_owned(),
        ColumnDefault::NowTime if is_mysql => "(CURRENT_TIME(6))".to_owned(),
        ColumnDefault::NowTime => "CURRENT_TIME".to_owned(),
        ColumnDefault::Today if is_mysql => "(CURRENT_DATE)".to_owned(),
        ColumnDefault::Today => "CURRENT_DATE".to_owned(),
    }
}
