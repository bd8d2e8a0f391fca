//! Constant defaults as SQL.

use serde_json::Value as Json;

use super::ColumnType;
use super::expression::bound;
use crate::model::{Database, Number, Value};

/// A constant of a column of that type, as SQL.
#[must_use]
pub fn literal(ty: &ColumnType, value: &Json, database: Database) -> String {
    let value = typed(ty, value);
    bound(&value, database).unwrap_or_else(|| "NULL".to_owned())
}

/// The JSON of a default as a literal of the type.
fn typed(ty: &ColumnType, value: &Json) -> Value {
    let text = || value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match ty {
        ColumnType::Varchar(_) | ColumnType::Text | ColumnType::Bytes(_) | ColumnType::NativeEnum(_) => {
            Value::Text(text())
        }
        ColumnType::Smallint | ColumnType::Int | ColumnType::Bigint | ColumnType::Duration => {
            Value::Integer(value.as_i64().unwrap_or_default())
        }
        ColumnType::Double | ColumnType::Numeric(..) => Value::Decimal(Number(text())),
        ColumnType::Boolean => Value::Bool(value.as_bool().unwrap_or_default()),
        ColumnType::Date => Value::Date(text()),
        ColumnType::Time => Value::Time(text()),
        ColumnType::Timestamptz => Value::Datetime(text()),
        ColumnType::Timestamp => Value::LocalDatetime(text()),
        ColumnType::Uuid => Value::Uuid(text()),
        ColumnType::Json => Value::Text(value.to_string()),
        ColumnType::Array(_) => Value::Text(array(value)),
    }
}

/// An array in the words of PostgreSQL: `{"a","b"}`.
fn array(value: &Json) -> String {
    let items = value.as_array().into_iter().flatten().map(|item| {
        let text = item.as_str().map_or_else(|| item.to_string(), str::to_owned);
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    });
    format!("{{{}}}", items.collect::<Vec<_>>().join(","))
}
