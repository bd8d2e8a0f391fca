//! Values of fields as tests write them: in bodies and answers, in rows, in query strings.

use super::super::field_schema;
use super::super::imports::Imports;
use super::super::python::Expr;
use crate::model::{
    BigintJson, DecimalJson, Field, FieldKind, FieldType, IntSize, KeyType, Model, Scalar, Value, variant,
};

/// A value as a body carries it and an answer shows it.
pub fn in_json(model: &Model, ty: &FieldType, value: &Value) -> Expr {
    let api = &model.project.api;
    match (ty, value) {
        (FieldType::Decimal { .. } | FieldType::Money { .. }, Value::Decimal(_)) => {
            let text = decimal_text(ty, value);
            if api.decimal == DecimalJson::Number { Expr::code(text) } else { Expr::string(&text) }
        }
        (FieldType::Integer { size: IntSize::Big, .. }, Value::Integer(number)) if api.bigint == BigintJson::String => {
            Expr::string(&number.to_string())
        }
        (_, Value::Duration(microseconds)) => Expr::string(&iso_duration(*microseconds)),
        _ => Expr::json(&field_schema::json(value)),
    }
}

/// A decimal with all digits of its scale.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other type has a scale")]
fn decimal_text(ty: &FieldType, value: &Value) -> String {
    let scale = match ty {
        FieldType::Decimal { scale, .. } => u32::from(*scale),
        FieldType::Money { currency, .. } => u32::from(currency.decimals),
        _ => 0,
    };
    if let Value::Decimal(number) = value { variant::with_scale(number, scale) } else { String::new() }
}

/// Whether the text of a default is the one that an answer shows.
pub fn has_full_scale(ty: &FieldType, value: &Value) -> bool {
    !matches!(ty, FieldType::Decimal { .. } | FieldType::Money { .. })
        || matches!(value, Value::Decimal(number) if number.0 == decimal_text(ty, value))
}

/// ISO 8601 as answers have it: days, hours, minutes and seconds.
pub fn iso_duration(microseconds: i64) -> String {
    let sign = if microseconds < 0 { "-" } else { "" };
    let total = microseconds.unsigned_abs();
    let (seconds, rest) = (total / 1_000_000, total % 1_000_000);
    let (days, seconds) = (seconds / 86_400, seconds % 86_400);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let days = if days > 0 { format!("{days}D") } else { String::new() };
    let text = format!("{sign}P{days}");
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:06}").trim_end_matches('0').to_owned() };
    let parts = [
        (hours > 0).then(|| format!("{hours}H")),
        (minutes > 0).then(|| format!("{minutes}M")),
        (seconds > 0 || rest > 0 || total == 0).then(|| format!("{seconds}{fraction}S")),
    ];
    let time: String = parts.into_iter().flatten().collect();
    if time.is_empty() { text } else { format!("{text}T{time}") }
}

/// A value as Python holds it in a row.
pub fn in_row(ty: &FieldType, value: &Value, imports: &mut Imports) -> Expr {
    match (ty, value) {
        (FieldType::Password(_), _) => {
            imports.add("tests.fixtures.passwords", "PASSWORD_HASH");
            Expr::code("PASSWORD_HASH")
        }
        (FieldType::Bytes { .. }, Value::Text(text)) => {
            imports.add("base64", "b64decode");
            Expr::code(format!("b64decode({})", Expr::string(text)))
        }
        (FieldType::Object(object), Value::Json(json)) => Expr::json(&with_attributes(&object.fields, json)),
        (_, Value::Decimal(number)) => {
            imports.add("decimal", "Decimal");
            Expr::code(format!("Decimal({})", Expr::string(&number.0)))
        }
        (_, Value::Float(number)) if !number.0.contains('.') => Expr::code(format!("{}.0", number.0)),
        (_, Value::Uuid(text)) => {
            imports.add("uuid", "UUID");
            Expr::code(format!("UUID({})", Expr::string(text)))
        }
        (_, Value::Date(text)) => {
            imports.add("datetime", "date");
            Expr::code(format!("date({})", numbers(text)))
        }
        (_, Value::Time(text)) => {
            imports.add("datetime", "time");
            Expr::code(format!("time({})", numbers(text)))
        }
        (_, Value::Datetime(text)) => {
            imports.add_all("datetime", ["UTC", "datetime"]);
            Expr::code(format!("datetime({}, tzinfo=UTC)", numbers(text.trim_end_matches('Z'))))
        }
        (_, Value::LocalDatetime(text)) => {
            imports.add("datetime", "datetime");
            Expr::code(format!("datetime.fromisoformat({})", Expr::string(text)))
        }
        (_, Value::Duration(microseconds)) => {
            imports.add("datetime", "timedelta");
            let minute = 60_000_000;
            let argument = if microseconds % minute == 0 {
                format!("minutes={}", microseconds / minute)
            } else {
                format!("microseconds={microseconds}")
            };
            Expr::code(format!("timedelta({argument})"))
        }
        _ => Expr::json(&field_schema::json(value)),
    }
}

/// The numbers of a date or time as arguments, without zeros at the end of the time.
fn numbers(text: &str) -> String {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts: Vec<i64> = seconds.split(['-', 'T', ':']).filter_map(|part| part.parse().ok()).collect();
    if !fraction.is_empty() {
        parts.extend(format!("{fraction:0<6}").parse::<i64>().ok());
    }
    let least = if text.contains('-') { 3 } else { 1 };
    while parts.len() > least && parts.last() == Some(&0) {
        parts.pop();
    }
    parts.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// An object with the names of attributes, as rows hold it.
fn with_attributes(fields: &[Field], json: &serde_json::Value) -> serde_json::Value {
    let Some(entries) = json.as_object() else { return json.clone() };
    let renamed = entries.iter().map(|(key, value)| {
        let Some(field) = fields.iter().find(|field| field.json == *key) else { return (key.clone(), value.clone()) };
        let value = if let FieldKind::Scalar(Scalar { ty: FieldType::Object(object), .. }) = &field.kind {
            with_attributes(&object.fields, value)
        } else {
            value.clone()
        };
        (field.attribute.clone(), value)
    });
    serde_json::Value::Object(renamed.collect())
}

/// The id of a row as JSON shows it.
pub fn id_in_json(model: &Model, ty: KeyType, id: &str) -> Expr {
    let is_text = match ty {
        KeyType::Uuid | KeyType::Uuid4 => true,
        KeyType::Bigint => model.project.api.bigint == BigintJson::String,
        KeyType::Int | KeyType::String(_) => false,
    };
    Expr::code(if is_text { format!("str({id})") } else { id.to_owned() })
}

/// An id that no row has, as JSON shows it.
pub fn unknown_id(ty: KeyType) -> Expr {
    match ty {
        KeyType::Int | KeyType::Bigint => Expr::string("2000000000"),
        KeyType::Uuid | KeyType::Uuid4 => Expr::string("018f0000-0000-7000-8000-000000000000"),
        KeyType::String(length) => Expr::string(&"z".repeat(length.min(2) as usize)),
    }
}

/// A value that differs from row to row: an expression over `number`.
pub fn numbered(ty: &FieldType, first: &Value, imports: &mut Imports) -> Expr {
    match (ty, first) {
        (FieldType::String(rules) | FieldType::Text(rules), Value::Text(text)) => {
            let is_plain = text.chars().all(|character| character.is_ascii_alphanumeric() || " -_".contains(character));
            let is_short = text.chars().count() + 5 <= rules.lengths.max as usize;
            if is_plain && is_short {
                return Expr::code(format!("f\"{text}-{{number}}\""));
            }
            Expr::code(format!("f\"{{number:0{}}}\"", rules.lengths.min.max(rules.lengths.max.min(2))))
        }
        (FieldType::Slug { .. }, Value::Text(text)) => Expr::code(format!("f\"{text}-{{number}}\"")),
        (FieldType::Email, _) => Expr::code("f\"ann{number}@example.com\""),
        (FieldType::Url, _) => Expr::code("f\"https://example.com/{number}\""),
        (FieldType::Phone, _) => Expr::code("f\"+49151{number:08}\""),
        (FieldType::Ip, _) => Expr::code("f\"192.0.2.{number}\""),
        (FieldType::Color, _) => Expr::code("f\"#{number:06x}\""),
        (FieldType::Country, _) => Expr::code("f\"{number:02}\""),
        (FieldType::Currency, _) => Expr::code("f\"{number:03}\""),
        (FieldType::Timezone | FieldType::Locale, _) => Expr::code("f\"zone-{number}\""),
        (FieldType::Enum(kind), _) => {
            let values = kind.values.iter().map(|option| Expr::string(&option.value).to_string());
            let values: Vec<_> = values.collect();
            Expr::code(format!("[{}][number % {}]", values.join(", "), values.len()))
        }
        (FieldType::Uuid, _) => {
            imports.add("uuid", "UUID");
            Expr::code("UUID(int=number)")
        }
        (FieldType::Integer { multiple_of, .. }, Value::Integer(first)) => match multiple_of {
            Some(step) => Expr::code(format!("{first} + number * {}", step.0)),
            None => Expr::code(format!("{first} + number")),
        },
        (_, Value::Decimal(_) | Value::Float(_)) => Expr::code(format!("{} + number", in_row(ty, first, imports))),
        (_, Value::Date(_) | Value::Datetime(_) | Value::LocalDatetime(_)) => {
            imports.add("datetime", "timedelta");
            Expr::code(format!("{} + timedelta(days=number)", in_row(ty, first, imports)))
        }
        (_, Value::Duration(_)) => Expr::code(format!("{} * number", in_row(ty, first, imports))),
        (_, Value::Time(_)) => {
            imports.add("datetime", "time");
            Expr::code("time(number % 24)")
        }
        _ => in_row(ty, first, imports),
    }
}

/// A list with one entry a line.
pub fn table(entries: &[Expr]) -> Expr {
    if entries.is_empty() {
        return Expr::code("[]");
    }
    let lines: Vec<_> = entries.iter().map(|entry| format!("    {entry},")).collect();
    Expr::code(format!("[\n{}\n]", lines.join("\n")))
}
