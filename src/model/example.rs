//! Example values of fields and example rows of resources: what generated tests and OpenAPI show.

use serde_json::{Map, Value as Json};

use super::calendar;
use super::exact::Exact;
use super::field::{Field, FieldKind};
use super::field_type::{Bounds, FieldType, IntSize, JsonShape, Lengths, ListType, TextCase, TextRules, Value};
use super::value;
use super::{FieldDefault, FieldId};

const FIRST_DAY: &str = "2025-01-15";
const SECOND: i64 = 1_000_000;
const MICROS_PER_HOUR: i64 = 3600 * SECOND;
const MICROS_PER_DAY: i64 = 24 * MICROS_PER_HOUR;
const EXAMPLE_UUID: &str = "0192f0c1-2345-7abc-8def-0123456789ab";

/// Which fields an example row has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExampleRow {
    /// Those that a create must send.
    RequiredOnly,
    /// Everything that a create may send.
    AllFields,
}

/// The values of an example row: scalars that a client sends; references are made by the fixture that uses the row.
pub(super) fn row(fields: &[Field], which: ExampleRow) -> Vec<(FieldId, Value)> {
    let wanted = |field: &Field| match which {
        ExampleRow::RequiredOnly => field.presence.required,
        ExampleRow::AllFields => field.access.in_create(),
    };
    let ids = fields.iter().enumerate().map(|(position, field)| (FieldId(position), field));
    ids.filter(|(_, field)| wanted(field))
        .filter_map(|(id, field)| Some((id, value(field, id.0).filter(|value| fits_pattern(field, value))?)))
        .collect()
}

/// The example value of a scalar field at that position among its siblings.
pub(super) fn value(field: &Field, position: usize) -> Option<Value> {
    let FieldKind::Scalar(scalar) = &field.kind else { return None };
    if let Some(example) = &field.example {
        return Some(example.clone());
    }
    let derived = of_type(&scalar.ty, &field.name.words(), position);
    if fits_pattern(field, &derived) {
        return Some(derived);
    }
    if let FieldDefault::Constant(value) = &field.presence.default { Some(value.clone()) } else { Some(derived) }
}

/// Whether a value matches the pattern of its field.
pub(super) fn fits_pattern(field: &Field, value: &Value) -> bool {
    let FieldKind::Scalar(scalar) = &field.kind else { return true };
    let (FieldType::String(rules) | FieldType::Text(rules), Value::Text(text)) = (&scalar.ty, value) else {
        return true;
    };
    let pattern = rules.pattern.as_ref().and_then(|pattern| regex::Regex::new(pattern).ok());
    pattern.is_none_or(|pattern| pattern.is_match(text))
}

fn of_type(ty: &FieldType, name: &str, position: usize) -> Value {
    let text = |text: &str| Value::Text(text.to_owned());
    match ty {
        FieldType::String(rules) | FieldType::Text(rules) => Value::Text(of_text(rules, name)),
        FieldType::Integer { size, bounds, multiple_of } => {
            let step = multiple_of.as_ref().and_then(Exact::of);
            let fitted = fit(Exact::whole(1), bounds, Exact::whole(1), step, Some(integer_limits(*size)));
            Value::Integer(fitted.to_integer().unwrap_or(1))
        }
        FieldType::Float { bounds, multiple_of } => {
            let step = multiple_of.as_ref().and_then(Exact::of);
            Value::Float(fit(Exact::new(15, 1), bounds, Exact::new(1, 2), step, None).into())
        }
        FieldType::Decimal { precision, scale, bounds, multiple_of } => {
            let step = multiple_of.as_ref().and_then(Exact::of);
            of_decimal(u32::from(*precision), u32::from(*scale), bounds, step)
        }
        FieldType::Money { currency, bounds, multiple_of } => {
            let step = multiple_of.as_ref().and_then(Exact::of);
            of_decimal(19, u32::from(currency.decimals), bounds, step)
        }
        FieldType::Bool => Value::Bool(true),
        FieldType::Date { bounds } => Value::Date(calendar::write_date(between(day(position), bounds, 1))),
        FieldType::Time { bounds } => Value::Time(calendar::write_time(between(hour(position), bounds, SECOND))),
        FieldType::Datetime { bounds } => {
            let instant = between(morning(position), bounds, SECOND);
            Value::Datetime(format!("{}Z", calendar::write_datetime(instant)))
        }
        FieldType::LocalDatetime { bounds } => {
            Value::LocalDatetime(calendar::write_datetime(between(morning(position), bounds, SECOND)))
        }
        FieldType::Duration { bounds } => Value::Duration(between(MICROS_PER_HOUR / 2, bounds, SECOND)),
        FieldType::Uuid => Value::Uuid(EXAMPLE_UUID.to_owned()),
        FieldType::Enum(kind) => Value::Enum(kind.values[0].value.clone()),
        FieldType::Email => text("ann@example.com"),
        FieldType::Url => text("https://example.com/"),
        FieldType::Slug { .. } => Value::Text(name.replace(' ', "-")),
        FieldType::Phone => text("+4915112345678"),
        FieldType::Ip => text("192.0.2.1"),
        FieldType::Timezone => text("Europe/Berlin"),
        FieldType::Locale => text("en-GB"),
        FieldType::Country => text("DE"),
        FieldType::Currency => text("EUR"),
        FieldType::Color => text("#336699"),
        FieldType::Password(lengths) => Value::Text(padded("correct horse battery", *lengths)),
        FieldType::Json(JsonShape::Any | JsonShape::Object) => Value::Json(Json::Object(Map::new())),
        FieldType::Json(JsonShape::Array) => Value::Json(Json::Array(Vec::new())),
        FieldType::Object(object) => Value::Json(of_object(&object.fields)),
        FieldType::List(list) => Value::Json(of_list(list, name)),
        FieldType::Bytes { min, .. } => Value::Text(base64_of_zeros((*min).max(1))),
    }
}

fn of_text(rules: &TextRules, name: &str) -> String {
    let text = padded(name, rules.lengths);
    match rules.case {
        TextCase::Keep => text,
        TextCase::Lower => text.to_lowercase(),
        TextCase::Upper => text.to_uppercase(),
    }
}

/// The text cut to the maximum or filled up to the minimum; it neither starts nor ends with a blank.
fn padded(text: &str, lengths: Lengths) -> String {
    let cut: String = text.chars().take(lengths.max as usize).collect();
    let mut text = cut.trim().to_owned();
    let missing = (lengths.min as usize).saturating_sub(text.chars().count());
    text.extend(std::iter::repeat_n('x', missing));
    text
}

fn integer_limits(size: IntSize) -> (Exact, Exact) {
    let (min, max) = match size {
        IntSize::Small => (i64::from(i16::MIN), i64::from(i16::MAX)),
        IntSize::Regular => (i64::from(i32::MIN), i64::from(i32::MAX)),
        IntSize::Big => (i64::MIN, i64::MAX),
    };
    (Exact::whole(min), Exact::whole(max))
}

fn of_decimal(precision: u32, scale: u32, bounds: &Bounds, step: Option<Exact>) -> Value {
    let unit = Exact::new(1, scale);
    let candidate = match scale {
        0 => Exact::whole(9),
        1 => Exact::new(99, 1),
        _ => Exact::new(999, 2),
    };
    let max = 10_i128.checked_pow(precision).map(|power| Exact::new(power - 1, scale));
    let limits = max.map(|max| (max.negate(), max));
    Value::Decimal(fit(candidate, bounds, unit, step, limits).into())
}

/// The number nearest to `candidate` that keeps the bounds, is a multiple of `step`, and fits the type.
fn fit(candidate: Exact, bounds: &Bounds, unit: Exact, step: Option<Exact>, limits: Option<(Exact, Exact)>) -> Exact {
    let inner = |limit: &super::Limit, shift: Exact| {
        let value = value::exact(&limit.value)?;
        if limit.exclusive { value.add(shift) } else { Some(value) }
    };
    let lower = bounds.lower.as_ref().and_then(|limit| inner(limit, unit)).or(limits.map(|(min, _)| min));
    let upper = bounds.upper.as_ref().and_then(|limit| inner(limit, unit.negate()));
    let max = limits.map(|(_, max)| max);
    let mut fitted = candidate;
    for upper in [upper, max].into_iter().flatten() {
        if fitted.compare(upper).is_gt() {
            fitted = upper;
        }
    }
    if let Some(lower) = lower.filter(|lower| fitted.compare(*lower).is_lt()) {
        fitted = lower;
    }
    let Some(step) = step else { return fitted };
    let below = fitted.floor_to(step).unwrap_or(fitted);
    let is_low = below.compare(Exact::whole(0)).is_eq() || lower.is_some_and(|lower| below.compare(lower).is_lt());
    let above = below.add(step).filter(|above| is_low && upper.is_none_or(|upper| above.compare(upper).is_le()));
    above.unwrap_or(below)
}

/// Later fields have later examples, so that `ends_at > starts_at` holds for fields in their natural order.
fn day(position: usize) -> i64 {
    let first = calendar::read_date(FIRST_DAY).expect("the first day exists");
    first + i64::try_from(position).unwrap_or(0)
}

/// Nine o'clock of that day.
fn morning(position: usize) -> i64 {
    day(position) * MICROS_PER_DAY + 9 * MICROS_PER_HOUR
}

/// One hour later for each field.
fn hour(position: usize) -> i64 {
    (9 + i64::try_from(position).unwrap_or(0)) % 24 * MICROS_PER_HOUR
}

/// A count of days or microseconds within bounds.
fn between(candidate: i64, bounds: &Bounds, unit: i64) -> i64 {
    let inner = |limit: &super::Limit, shift: i64| {
        let count = value::count(&limit.value)?;
        Some(if limit.exclusive { count + shift } else { count })
    };
    let upper = bounds.upper.as_ref().and_then(|limit| inner(limit, -unit));
    let lower = bounds.lower.as_ref().and_then(|limit| inner(limit, unit));
    let capped = upper.map_or(candidate, |upper| candidate.min(upper));
    lower.map_or(capped, |lower| capped.max(lower))
}

fn of_list(list: &ListType, name: &str) -> Json {
    let items = (0..list.min as usize).map(|position| {
        let item = of_type(&list.element, name, position);
        if list.unique { distinct(&item, position, &list.element) } else { to_json(&item) }
    });
    Json::Array(items.collect())
}

/// The n-th of several different items.
fn distinct(item: &Value, position: usize, element: &FieldType) -> Json {
    let n = i64::try_from(position).unwrap_or(0);
    match (item, element) {
        (_, FieldType::Enum(kind)) => Json::from(kind.values[position % kind.values.len()].value.clone()),
        (Value::Integer(first), _) => Json::from(first + n),
        (Value::Text(text), FieldType::String(_) | FieldType::Text(_)) if position > 0 => {
            Json::from(format!("{text}{position}"))
        }
        (Value::Text(text), FieldType::Url) if position > 0 => Json::from(format!("{text}{position}")),
        (Value::Text(text), FieldType::Slug { .. }) if position > 0 => Json::from(format!("{text}-{position}")),
        (Value::Text(text), FieldType::Email) if position > 0 => Json::from(format!("{position}{text}")),
        _ => to_json(item),
    }
}

fn of_object(fields: &[Field]) -> Json {
    let members = fields.iter().enumerate().filter_map(|(position, field)| {
        let value = value(field, position)?;
        Some((field.json.clone(), to_json(&value)))
    });
    Json::Object(members.collect())
}

/// A value as JSON sends it; exact numbers as text.
fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Integer(value) => Json::from(*value),
        Value::Float(number) => number.0.parse::<f64>().map_or(Json::Null, Json::from),
        Value::Decimal(number) => Json::from(number.0.clone()),
        Value::Duration(micros) => Json::from(iso_duration(*micros)),
        Value::Text(text)
        | Value::Date(text)
        | Value::Time(text)
        | Value::Datetime(text)
        | Value::LocalDatetime(text)
        | Value::Uuid(text)
        | Value::Enum(text) => Json::from(text.clone()),
        Value::Json(json) => json.clone(),
    }
}

fn iso_duration(micros: i64) -> String {
    let seconds = Exact::new(i128::from(micros), 6);
    let text = super::Number::from(seconds).0;
    match text.strip_prefix('-') {
        Some(positive) => format!("-PT{positive}S"),
        None => format!("PT{text}S"),
    }
}

fn base64_of_zeros(bytes: u32) -> String {
    let letters = (bytes * 8).div_ceil(6) as usize;
    let text = "A".repeat(letters);
    let padding = (4 - letters % 4) % 4;
    format!("{text}{}", "=".repeat(padding))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Limit, Number};

    fn bounds(lower: Option<(i64, bool)>, upper: Option<(i64, bool)>) -> Bounds {
        let limit = |(value, exclusive)| Limit { value: Value::Integer(value), exclusive };
        Bounds { lower: lower.map(limit), upper: upper.map(limit) }
    }

    fn int(bounds: Bounds, multiple_of: Option<&str>) -> Value {
        let multiple_of = multiple_of.map(|step| Number(step.to_owned()));
        of_type(&FieldType::Integer { size: IntSize::Regular, bounds, multiple_of }, "a", 0)
    }

    #[test]
    fn integers_keep_their_bounds() {
        // lower, upper, multiple, example
        let rows = [
            (None, None, None, 1),
            (Some((0, false)), None, None, 1),
            (Some((5, true)), None, None, 6),
            (None, Some((0, true)), None, -1),
            (Some((10, false)), Some((20, false)), Some("7"), 14),
            (None, None, Some("5"), 5),
        ];
        let examples = rows.map(|(lower, upper, multiple, _)| int(bounds(lower, upper), multiple));
        assert_eq!(examples, rows.map(|(.., expected)| Value::Integer(expected)));
    }

    #[test]
    fn decimals_fit_their_digits() {
        let decimal = |precision, scale| of_decimal(precision, scale, &Bounds::default(), None);
        let number = |text: &str| Value::Decimal(Number(text.to_owned()));
        assert_eq!(decimal(10, 2), number("9.99"));
        assert_eq!(decimal(2, 2), number("0.99"));
        assert_eq!(decimal(5, 0), number("9"));
        assert_eq!(decimal(38, 38), number("0.99999999999999999999999999999999999999"));
    }

    #[test]
    fn texts_fit_their_lengths() {
        let text = |min, max| padded("first name", Lengths { min, max });
        assert_eq!(
            [text(0, 255), text(12, 20), text(0, 6), text(0, 5)],
            ["first name", "first namexx", "first", "first"]
        );
    }

    #[test]
    fn bytes_are_base64() {
        assert_eq!([1, 2, 3, 4].map(base64_of_zeros), ["AA==", "AAA=", "AAAA", "AAAAAA=="]);
    }
}
