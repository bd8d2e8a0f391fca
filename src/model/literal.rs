//! Reads the literals of a spec by the type of their field.

use serde_json::Value as Json;

use super::calendar;
use super::exact::Exact;
use super::field_type::{FieldType, IntSize, JsonShape, Number, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::spec::literal::{LiteralSpec, LiteralText};

/// Why a literal cannot be read.
pub(super) struct Problem {
    code: Code,
    message: String,
    help: Option<String>,
}

impl Problem {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The problem at a place.
    pub fn at(self, span: &Span) -> Diagnostic {
        let diagnostic = Diagnostic::new(self.code, span, self.message);
        match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// Reads a literal; unquoted `null` is null.
pub(super) fn read(literal: &LiteralSpec, ty: &FieldType) -> Result<Value, Diagnostic> {
    let value = match &literal.text {
        LiteralText::Plain(text) if text == "null" || text == "~" => Ok(Value::Null),
        LiteralText::Plain(text) | LiteralText::Quoted(text) => read_text(text, ty),
        LiteralText::Tree(tree) => read_tree(tree, ty),
    };
    value.map_err(|problem| problem.at(&literal.span))
}

/// Reads the text of a literal.
pub(super) fn read_text(text: &str, ty: &FieldType) -> Result<Value, Problem> {
    match ty {
        FieldType::Bool => read_bool(text),
        FieldType::Integer { size, .. } => read_integer(text, *size),
        FieldType::Float { .. } => {
            let number = Exact::parse(text).ok_or_else(|| not_a(text, "a number", "e.g. 1.5"))?;
            Ok(Value::Float(number.into()))
        }
        FieldType::Decimal { precision, scale, .. } => read_decimal(text, *precision, *scale),
        FieldType::Money { currency, .. } => read_decimal(text, 19, currency.decimals),
        FieldType::Date { .. } => {
            let days = calendar::read_date(text).ok_or_else(|| not_a(text, "a date", "e.g. 2025-01-15"))?;
            Ok(Value::Date(calendar::write_date(days)))
        }
        FieldType::Time { .. } => {
            let micros = calendar::read_time(text).ok_or_else(|| not_a(text, "a time", "e.g. 09:00 or 09:00:30"))?;
            Ok(Value::Time(calendar::write_time(micros)))
        }
        FieldType::Datetime { .. } => read_datetime(text),
        FieldType::LocalDatetime { .. } => {
            let micros = calendar::read_local_datetime(text)
                .ok_or_else(|| not_a(text, "a date and time without an offset", "e.g. 2025-01-15T09:00:00"))?;
            Ok(Value::LocalDatetime(calendar::write_datetime(micros)))
        }
        FieldType::Duration { .. } => read_duration(text),
        FieldType::Uuid => read_uuid(text),
        FieldType::Enum(kind) => {
            if kind.values.iter().any(|known| known.value == text) {
                return Ok(Value::Enum(text.to_owned()));
            }
            let values: Vec<&str> = kind.values.iter().map(|value| value.value.as_str()).collect();
            Err(not_one_of(text, &values))
        }
        FieldType::Json(_) | FieldType::Object(_) | FieldType::List(_) => {
            let tree: Json =
                serde_json::from_str(text).map_err(|_| not_a(text, "JSON", "e.g. {} or [\"a\"], quoted in YAML"))?;
            read_tree(&tree, ty)
        }
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
        | FieldType::Color
        | FieldType::Password(_)
        | FieldType::Bytes { .. } => read_formatted(text, ty),
    }
}

/// Microseconds of `90s`, `15m`, `2h`, `7d`, `1w`, `500ms`.
pub(super) fn read_duration_text(text: &str) -> Option<i64> {
    const UNITS: [(&str, i64); 6] = [
        ("ms", 1000),
        ("s", 1_000_000),
        ("m", 60_000_000),
        ("h", 3_600_000_000),
        ("d", 86_400_000_000),
        ("w", 604_800_000_000),
    ];
    let (count, size) = UNITS.iter().find_map(|(unit, size)| Some((text.strip_suffix(unit)?, size)))?;
    let count = Exact::parse(count)?.multiply(Exact::whole(*size))?;
    count.to_integer()
}

fn not_a(text: &str, what: &str, help: &str) -> Problem {
    Problem::new(Code::E201, format!("`{text}` is not {what}")).help(help)
}

/// The problem of a value that is not in a list.
pub(super) fn not_one_of(text: &str, values: &[&str]) -> Problem {
    let problem = Problem::new(Code::E202, format!("`{text}` is not one of {}", values.join(", ")));
    match crate::diagnostic::closest(text, values.iter().copied()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem,
    }
}

fn read_bool(text: &str) -> Result<Value, Problem> {
    match text {
        "true" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        _ => Err(not_a(text, "true or false", "write true or false")),
    }
}

fn read_integer(text: &str, size: IntSize) -> Result<Value, Problem> {
    let number = Exact::parse(text).filter(|_| !text.contains('.'));
    let number = number.ok_or_else(|| not_a(text, "a whole number", "e.g. 5"))?;
    let (min, max, name, wider) = match size {
        IntSize::Small => (i64::from(i16::MIN), i64::from(i16::MAX), "smallint", Some("use int")),
        IntSize::Regular => (i64::from(i32::MIN), i64::from(i32::MAX), "int", Some("use bigint")),
        IntSize::Big => (i64::MIN, i64::MAX, "bigint", None),
    };
    match number.to_integer() {
        Some(value) if (min..=max).contains(&value) => Ok(Value::Integer(value)),
        _ => {
            let problem = Problem::new(Code::E208, format!("`{text}` does not fit in {name}"));
            Err(match wider {
                Some(wider) => problem.help(wider),
                None => problem,
            })
        }
    }
}

fn read_decimal(text: &str, precision: u8, scale: u8) -> Result<Value, Problem> {
    let number = Exact::parse(text).ok_or_else(|| not_a(text, "a number", "e.g. 9.99"))?;
    if number.scale() > u32::from(scale) {
        return Err(Problem::new(Code::E208, format!("`{text}` has more than {scale} digits after the point")));
    }
    if number.whole_digits() > u32::from(precision - scale) {
        return Err(Problem::new(Code::E208, format!("`{text}` does not fit in decimal({precision},{scale})")));
    }
    Ok(Value::Decimal(Number::from(number)))
}

fn read_datetime(text: &str) -> Result<Value, Problem> {
    let micros = calendar::read_datetime(text)
        .ok_or_else(|| not_a(text, "a date and time with `Z` or an offset", "e.g. 2025-01-15T09:00:00Z"))?;
    Ok(Value::Datetime(format!("{}Z", calendar::write_datetime(micros))))
}

fn read_duration(text: &str) -> Result<Value, Problem> {
    let micros = read_duration_text(text)
        .ok_or_else(|| not_a(text, "a duration", "one number and one unit: 500ms, 90s, 15m, 2h, 7d or 1w"))?;
    Ok(Value::Duration(micros))
}

fn read_uuid(text: &str) -> Result<Value, Problem> {
    let is_canonical = text.len() == 36
        && text.char_indices().all(|(position, letter)| match position {
            8 | 13 | 18 | 23 => letter == '-',
            _ => letter.is_ascii_hexdigit(),
        });
    if is_canonical {
        return Ok(Value::Uuid(text.to_ascii_lowercase()));
    }
    Err(not_a(text, "a UUID", "e.g. 0192f0c1-2345-7abc-8def-0123456789ab"))
}

fn read_tree(tree: &Json, ty: &FieldType) -> Result<Value, Problem> {
    let fits = match ty {
        FieldType::Json(JsonShape::Any) => true,
        FieldType::Json(JsonShape::Object) | FieldType::Object(_) => tree.is_object(),
        FieldType::Json(JsonShape::Array) | FieldType::List(_) => tree.is_array(),
        _ => return Err(Problem::new(Code::E201, "a list or mapping only works on json, list and object")),
    };
    if !fits {
        let wanted =
            if matches!(ty, FieldType::Json(JsonShape::Array) | FieldType::List(_)) { "array" } else { "object" };
        return Err(Problem::new(Code::E201, format!("`{tree}` is not a JSON {wanted}")));
    }
    if let (FieldType::List(list), Json::Array(items)) = (ty, tree) {
        for item in items {
            read_item(item, &list.element)?;
        }
    }
    Ok(Value::Json(tree.clone()))
}

fn read_item(item: &Json, element: &FieldType) -> Result<Value, Problem> {
    match item {
        Json::String(text) => read_text(text, element),
        Json::Null | Json::Bool(_) | Json::Number(_) => read_text(&item.to_string(), element),
        Json::Array(_) | Json::Object(_) => Err(Problem::new(Code::E201, format!("`{item}` is not a plain value"))),
    }
}

fn read_formatted(text: &str, ty: &FieldType) -> Result<Value, Problem> {
    let all = |text: &str, fits: fn(char) -> bool| !text.is_empty() && text.chars().all(fits);
    let alphanumeric = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let wanted = match ty {
        FieldType::Email => {
            let fits = text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
            (!fits || text.contains(' ')).then_some(("an e-mail address", "e.g. ann@example.com"))
        }
        FieldType::Url => {
            let fits = text.starts_with("http://") || text.starts_with("https://");
            (!fits || text.contains(' ')).then_some(("a URL", "e.g. https://example.com/"))
        }
        FieldType::Slug { .. } => {
            let fits = text.split('-').all(|part| !part.is_empty() && part.chars().all(alphanumeric));
            (!fits).then_some(("a slug", "e.g. my-first-post"))
        }
        FieldType::Phone => {
            let digits = text.strip_prefix('+').unwrap_or_default();
            let fits = (7..=15).contains(&digits.len()) && all(digits, |letter| letter.is_ascii_digit());
            (!fits || digits.starts_with('0')).then_some(("a phone number", "e.g. +4915112345678"))
        }
        FieldType::Ip => text.parse::<std::net::IpAddr>().is_err().then_some(("an IP address", "e.g. 192.0.2.1")),
        FieldType::Country => {
            (text.len() != 2 || !all(text, |letter| letter.is_ascii_uppercase())).then_some(("a country", "e.g. DE"))
        }
        FieldType::Currency => {
            (text.len() != 3 || !all(text, |letter| letter.is_ascii_uppercase())).then_some(("a currency", "e.g. EUR"))
        }
        FieldType::Color => {
            let fits = text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && all(hex, |c| c.is_ascii_hexdigit()));
            (!fits).then_some(("a color", "e.g. \"#336699\", in quotes"))
        }
        _ => None,
    };
    match wanted {
        Some((what, help)) => Err(not_a(text, what, help)),
        None => Ok(Value::Text(text.to_owned())),
    }
}
