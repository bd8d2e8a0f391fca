//! Literals as values: their order, and how a message shows them.

use std::cmp::Ordering;

use super::calendar;
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

/// Days of a date; microseconds of a time, datetime or duration, since midnight or 1970.
pub(super) fn count(value: &Value) -> Option<i64> {
    match value {
        Value::Date(text) => calendar::read_date(text),
        Value::Time(text) => calendar::read_time(text),
        Value::Datetime(text) => calendar::read_datetime(text),
        Value::LocalDatetime(text) => calendar::read_local_datetime(text),
        Value::Duration(micros) => Some(*micros),
        Value::Null
        | Value::Bool(_)
        | Value::Integer(_)
        | Value::Decimal(_)
        | Value::Float(_)
        | Value::Text(_)
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
        (Value::Time(left), Value::Time(right))
        | (Value::LocalDatetime(left), Value::LocalDatetime(right))
        | (Value::Datetime(left), Value::Datetime(right)) => Some(with_fraction(left).cmp(&with_fraction(right))),
        (Value::Date(left), Value::Date(right))
        | (Value::Text(left), Value::Text(right))
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
        Value::Bool(truth) => truth.to_string(),
        Value::Integer(number) => number.to_string(),
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
    let text = text.trim_end_matches('Z');
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
