//! Reads the literals of a spec by the resolved type of their field.

use super::exact::Exact;
use super::field_type::{FieldType, IntSize, JsonShape, Number, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::spec::literal::{self, Function, Literal, LiteralKind, LiteralSpec, LiteralText};

/// What a literal is: a value, or something that is made when a row is made.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Read {
    /// A value of the type.
    Value(Value),
    /// `now` and friends.
    Function(Function),
}

/// Reads a literal.
pub(super) fn read(literal: &LiteralSpec, ty: &FieldType) -> Result<Read, Diagnostic> {
    let value = match literal::read(literal, &kind(ty))? {
        Literal::Function(function) => return Ok(Read::Function(function)),
        Literal::Null => Value::Null,
        Literal::Bool(value) => Value::Bool(value),
        Literal::Integer(value) => Value::Integer(value),
        Literal::Decimal(number) => Value::Decimal(Number(number)),
        Literal::Float(number) => Value::Float(Number(number)),
        Literal::Text(text) => Value::Text(text),
        Literal::Date(text) => Value::Date(text),
        Literal::Time(text) => Value::Time(text),
        Literal::DateTime(text) => Value::Datetime(text),
        Literal::LocalDateTime(text) => Value::LocalDatetime(text),
        Literal::Duration(micros) => Value::Duration(micros),
        Literal::Uuid(text) => Value::Uuid(text),
        Literal::Enum(value) => Value::Enum(value),
        Literal::Json(json) => Value::Json(json),
    };
    check_form(&value, ty, &literal.span)?;
    Ok(Read::Value(value))
}

/// Reads a literal where only a value makes sense.
pub(super) fn read_value(literal: &LiteralSpec, ty: &FieldType) -> Result<Value, Diagnostic> {
    match read(literal, ty)? {
        Read::Value(value) => Ok(value),
        Read::Function(_) => {
            let LiteralText::Plain(text) = &literal.text else { return Ok(Value::Null) };
            Err(Diagnostic::new(Code::E201, &literal.span, format!("`{text}` only works as a default")))
        }
    }
}

/// Reads the default of a reference; nothing for `null`.
pub(super) fn read_reference(literal: &LiteralSpec) -> Result<Option<Function>, Diagnostic> {
    let read = literal::read(literal, &LiteralKind::Reference)?;
    if let Literal::Function(function) = read { Ok(Some(function)) } else { Ok(None) }
}

/// Reads a text in quotes.
pub(super) fn read_text(text: &str, ty: &FieldType, span: &Span) -> Result<Value, Diagnostic> {
    let literal = LiteralSpec { text: LiteralText::Quoted(text.to_owned()), span: span.clone() };
    read_value(&literal, ty)
}

fn kind(ty: &FieldType) -> LiteralKind {
    match ty {
        FieldType::Bool => LiteralKind::Bool,
        FieldType::Integer { size: IntSize::Small, .. } => LiteralKind::SmallInt,
        FieldType::Integer { size: IntSize::Regular, .. } => LiteralKind::Int,
        FieldType::Integer { size: IntSize::Big, .. } => LiteralKind::BigInt,
        FieldType::Float { .. } => LiteralKind::Float,
        FieldType::Decimal { precision, scale, .. } => {
            LiteralKind::Decimal { precision: u32::from(*precision), scale: u32::from(*scale) }
        }
        FieldType::Money { currency, .. } => {
            LiteralKind::Decimal { precision: 19, scale: u32::from(currency.decimals) }
        }
        FieldType::Date { .. } => LiteralKind::Date,
        FieldType::Time { .. } => LiteralKind::Time,
        FieldType::Datetime { .. } => LiteralKind::DateTime,
        FieldType::LocalDatetime { .. } => LiteralKind::LocalDateTime,
        FieldType::Duration { .. } => LiteralKind::Duration,
        FieldType::Uuid => LiteralKind::Uuid,
        FieldType::Color => LiteralKind::Color,
        FieldType::Enum(kind) => LiteralKind::Enum(kind.values.iter().map(|value| value.value.clone()).collect()),
        FieldType::Json(_) | FieldType::Object(_) | FieldType::List(_) => LiteralKind::Json,
        FieldType::String(_)
        | FieldType::Text(_)
        | FieldType::Email
        | FieldType::Url
        | FieldType::Slug { .. }
        | FieldType::Phone
        | FieldType::Ip
        | FieldType::Timezone
        | FieldType::Locale
        | FieldType::Country
        | FieldType::Currency
        | FieldType::Password(_)
        | FieldType::Bytes { .. } => LiteralKind::Text,
    }
}

/// Checks what the kind of literal leaves open: the form of texts and the shape of JSON.
fn check_form(value: &Value, ty: &FieldType, span: &Span) -> Result<(), Diagnostic> {
    if let Value::Text(text) = value {
        return check_text(text, ty, span);
    }
    if let Value::Json(json) = value {
        return check_json(json, ty, span);
    }
    Ok(())
}

fn check_json(json: &serde_json::Value, ty: &FieldType, span: &Span) -> Result<(), Diagnostic> {
    let (fits, wanted) = if matches!(ty, FieldType::Json(JsonShape::Object) | FieldType::Object(_)) {
        (json.is_object(), "object")
    } else {
        (json.is_array() || matches!(ty, FieldType::Json(JsonShape::Any)), "array")
    };
    if !fits {
        return Err(Diagnostic::new(Code::E201, span, format!("`{json}` is not a JSON {wanted}")));
    }
    let (FieldType::List(list), Some(items)) = (ty, json.as_array()) else { return Ok(()) };
    items.iter().try_for_each(|item| check_item(item, &list.element, span))
}

fn check_item(item: &serde_json::Value, element: &FieldType, span: &Span) -> Result<(), Diagnostic> {
    let text = match item {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Bool(_) | serde_json::Value::Number(_) => item.to_string(),
        serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
            return Err(Diagnostic::new(Code::E201, span, format!("`{item}` is not a plain value")));
        }
    };
    read_text(&text, element, span).map(|_| ())
}

fn check_text(text: &str, ty: &FieldType, span: &Span) -> Result<(), Diagnostic> {
    let all = |text: &str, fits: fn(char) -> bool| !text.is_empty() && text.chars().all(fits);
    let is_word = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let has_blank = text.contains(char::is_whitespace);
    let (fits, what, example) = match ty {
        FieldType::Email => {
            let fits = text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
            (fits && !has_blank, "an e-mail address", "ann@example.com")
        }
        FieldType::Url => {
            let fits = text.starts_with("http://") || text.starts_with("https://");
            (fits && !has_blank, "a URL", "https://example.com/")
        }
        FieldType::Slug { .. } => {
            let fits = text.split('-').all(|part| !part.is_empty() && part.chars().all(is_word));
            (fits, "a slug", "my-first-post")
        }
        FieldType::Phone => (is_phone(text), "a phone number in E.164", "+4915112345678"),
        FieldType::Ip => (text.parse::<std::net::IpAddr>().is_ok(), "an IP address", "192.0.2.1"),
        FieldType::Country => {
            (text.len() == 2 && all(text, |letter| letter.is_ascii_uppercase()), "a country code", "DE")
        }
        FieldType::Currency => {
            (text.len() == 3 && all(text, |letter| letter.is_ascii_uppercase()), "a currency code", "EUR")
        }
        FieldType::Timezone => {
            let is_part = |letter: char| letter.is_ascii_alphanumeric() || "/_+-".contains(letter);
            (!text.is_empty() && text.chars().all(is_part), "a time zone", "Europe/Berlin")
        }
        FieldType::Locale => (is_locale(text), "a locale", "en-GB"),
        FieldType::String(_)
        | FieldType::Text(_)
        | FieldType::Integer { .. }
        | FieldType::Float { .. }
        | FieldType::Decimal { .. }
        | FieldType::Money { .. }
        | FieldType::Bool
        | FieldType::Date { .. }
        | FieldType::Time { .. }
        | FieldType::Datetime { .. }
        | FieldType::LocalDatetime { .. }
        | FieldType::Duration { .. }
        | FieldType::Uuid
        | FieldType::Enum(_)
        | FieldType::Color
        | FieldType::Password(_)
        | FieldType::Json(_)
        | FieldType::Object(_)
        | FieldType::List(_)
        | FieldType::Bytes { .. } => return Ok(()),
    };
    if fits {
        return Ok(());
    }
    Err(Diagnostic::new(Code::E201, span, format!("`{text}` is not {what}")).help(format!("e.g. `{example}`")))
}

fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    (7..=15).contains(&digits.len()) && is_number
}

fn is_locale(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    let is_language = (2..=3).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_part = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_language && parts.all(is_part)
}

/// The number that a rule writes.
pub(super) fn read_number(text: &str) -> Option<Value> {
    let number = Exact::parse(text)?;
    let whole = number.to_integer().map(Value::Integer);
    Some(whole.unwrap_or_else(|| Value::Decimal(number.into())))
}
