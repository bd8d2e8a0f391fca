//! Literals as values: their order, and how a message shows them.

use std::cmp::Ordering;

use super::exact::Exact;
use super::field_type::Value;

/// The number that a numeric value is.
pub(super) fn exact(value: &Value) -> Option<Exact> {
    match value {
        Value::Integer(whole) | Value::Duration(whole) => Some(Exact::whole(*whole)),
        Value::Decimal(number) | Value::Float(number) => Exact::of(number),
        Value::Null
        | Value::Bool(_)
        | Value::Text(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Datetime(_)
        | Value::LocalDatetime(_)
        | Value::Uuid(_)
        | Value::Enum(_)
        | Value::Json(_) => None,
    }
}

/// Compares two values of one type; canonical forms of dates and times sort as text.
pub(super) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    if let (Some(left), Some(right)) = (exact(left), exact(right)) {
        return Some(left.compare(right));
    }
    match (left, right) {
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::Time(left), Value::Time(right)) | (Value::LocalDatetime(left), Value::LocalDatetime(right)) => {
            Some(with_fraction(left).cmp(&with_fraction(right)))
        }
        (Value::Datetime(left), Value::Datetime(right)) => {
            Some(with_fraction(left.trim_end_matches('Z')).cmp(&with_fraction(right.trim_end_matches('Z'))))
        }
        (Value::Text(left), Value::Text(right))
        | (Value::Uuid(left), Value::Uuid(right))
        | (Value::Enum(left), Value::Enum(right)) => Some(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// The value as the spec writes it.
pub(super) fn show(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Decimal(number) | Value::Float(number) => number.0.clone(),
        Value::Text(text)
        | Value::Date(text)
        | Value::Time(text)
        | Value::Datetime(text)
        | Value::LocalDatetime(text)
        | Value::Uuid(text)
        | Value::Enum(text) => text.clone(),
        Value::Duration(micros) => show_duration(*micros),
        Value::Json(json) => json.to_string(),
    }
}

fn with_fraction(text: &str) -> String {
    if text.contains('.') { text.to_owned() } else { format!("{text}.000000") }
}

fn show_duration(micros: i64) -> String {
    const UNITS: [(i64, &str); 5] =
        [(604_800_000_000, "w"), (86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "m"), (1_000_000, "s")];
    if micros == 0 {
        return "0s".to_owned();
    }
    let unit = UNITS.iter().find(|(size, _)| micros % size == 0);
    unit.map_or_else(|| format!("{}ms", micros / 1000), |(size, unit)| format!("{}{unit}", micros / size))
}
