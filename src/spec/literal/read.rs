//! Reads a literal by the type of its field.

use serde_json::Value;

use super::{Function, Literal, LiteralKind, LiteralSpec, LiteralText};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::reader::one_of;
use crate::spec::suggest;

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

/// The value of a literal.
///
/// # Errors
///
/// What is wrong with it, at its place.
pub fn read(literal: &LiteralSpec, kind: &LiteralKind) -> Result<Literal, Diagnostic> {
    let (text, is_plain) = match &literal.text {
        LiteralText::Plain(text) => (text.as_str(), true),
        LiteralText::Quoted(text) => (text.as_str(), false),
        LiteralText::Tree(value) => return tree(literal, kind, value),
    };
    if is_plain && text == "null" {
        return Ok(Literal::Null);
    }
    if let Some(function) = function(text, kind).filter(|_| is_plain) {
        return Ok(Literal::Function(function));
    }
    value(text, kind).map_err(|fault| fault.at(literal, text, kind))
}

/// What is wrong with the text of a literal.
enum Fault {
    /// It is of another type.
    Type,
    /// It is of the type and too large, too long or too exact.
    Range(String),
}

impl Fault {
    fn at(self, literal: &LiteralSpec, text: &str, kind: &LiteralKind) -> Diagnostic {
        let diagnostic = |code, message: String| Diagnostic::new(code, &literal.span, message);
        match (self, kind) {
            (Self::Range(message), LiteralKind::SmallInt | LiteralKind::Int) => {
                diagnostic(Code::E208, message).help("use bigint")
            }
            (Self::Range(message), _) => diagnostic(Code::E208, message),
            (Self::Type, LiteralKind::Enum(values)) => {
                let names = values.iter().map(String::as_str);
                let diagnostic = diagnostic(Code::E202, format!("`{text}` is not one of {}", values.join(", ")));
                match suggest::nearest(text, names) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic,
                }
            }
            (Self::Type, kind) => diagnostic(Code::E201, format!("`{text}` is not {}", noun(kind))).help(hint(kind)),
        }
    }
}

fn noun(kind: &LiteralKind) -> &'static str {
    match kind {
        LiteralKind::Bool => "true or false",
        LiteralKind::SmallInt | LiteralKind::Int | LiteralKind::BigInt => "a whole number",
        LiteralKind::Float | LiteralKind::Decimal { .. } => "a number",
        LiteralKind::Date => "a date",
        LiteralKind::Time => "a time",
        LiteralKind::DateTime => "a date and time",
        LiteralKind::LocalDateTime => "a local date and time",
        LiteralKind::Duration => "a duration",
        LiteralKind::Uuid => "a uuid",
        LiteralKind::Color => "a color",
        LiteralKind::Enum(_) => "a value of the enum",
        LiteralKind::Reference => "a default of a reference",
        LiteralKind::Json => "JSON",
        LiteralKind::Text => "text",
    }
}

fn hint(kind: &LiteralKind) -> &'static str {
    match kind {
        LiteralKind::Bool => "write true or false",
        LiteralKind::SmallInt | LiteralKind::Int | LiteralKind::BigInt => "e.g. `42` or `-1`",
        LiteralKind::Float | LiteralKind::Decimal { .. } => "e.g. `9.99`, without exponent and separators",
        LiteralKind::Date => "e.g. `2025-01-15`, or `today`",
        LiteralKind::Time => "e.g. `09:00`, or `now`",
        LiteralKind::DateTime => "e.g. `2025-01-15T09:00:00Z`, or `now`",
        LiteralKind::LocalDateTime => "e.g. `2025-01-15T09:00:00`, without `Z` or offset",
        LiteralKind::Duration => "one number and one unit: `500ms`, `90s`, `15m`, `2h`, `7d` or `1w`",
        LiteralKind::Uuid => "e.g. `0190b5c8-6d3e-7e6f-8a3b-0c1d2e3f4a5b`, or `uuid`",
        LiteralKind::Color => "e.g. `\"#336699\"`, in quotes",
        LiteralKind::Enum(_) => "write one of the values",
        LiteralKind::Reference => "the only default of a reference is `current_user`",
        LiteralKind::Json => "e.g. `{}` or `[\"a\"]`",
        LiteralKind::Text => "write text",
    }
}

fn tree(literal: &LiteralSpec, kind: &LiteralKind, value: &Value) -> Result<Literal, Diagnostic> {
    if *kind == LiteralKind::Json {
        return Ok(Literal::Json(value.clone()));
    }
    let message = format!("a list or mapping is not {}", noun(kind));
    Err(Diagnostic::new(Code::E201, &literal.span, message).help(hint(kind)))
}

fn function(text: &str, kind: &LiteralKind) -> Option<Function> {
    match (kind, text) {
        (LiteralKind::DateTime | LiteralKind::Time, "now") => Some(Function::Now),
        (LiteralKind::Date, "today") => Some(Function::Today),
        (LiteralKind::Uuid, "uuid") => Some(Function::Uuid),
        (LiteralKind::Uuid, "uuid4") => Some(Function::Uuid4),
        (LiteralKind::Reference, "current_user") => Some(Function::CurrentUser),
        _ => None,
    }
}

fn value(text: &str, kind: &LiteralKind) -> Result<Literal, Fault> {
    match kind {
        LiteralKind::Bool => match text {
            "true" => Ok(Literal::Bool(true)),
            "false" => Ok(Literal::Bool(false)),
            _ => Err(Fault::Type),
        },
        LiteralKind::SmallInt => integer(text, i64::from(i16::MIN)..=i64::from(i16::MAX), "smallint"),
        LiteralKind::Int => integer(text, i64::from(i32::MIN)..=i64::from(i32::MAX), "int"),
        LiteralKind::BigInt => integer(text, i64::MIN..=i64::MAX, "bigint"),
        LiteralKind::Float => float(text),
        LiteralKind::Decimal { precision, scale } => decimal(text, *precision as usize, *scale as usize),
        LiteralKind::Date => date(text).map(|_| Literal::Date(text.to_owned())).ok_or(Fault::Type),
        LiteralKind::Time => time(text).map(|micros| Literal::Time(time_text(micros))).ok_or(Fault::Type),
        LiteralKind::DateTime => date_time(text).map(Literal::DateTime).ok_or(Fault::Type),
        LiteralKind::LocalDateTime => local_date_time(text).map(Literal::LocalDateTime).ok_or(Fault::Type),
        LiteralKind::Duration => duration(text).map(Literal::Duration).ok_or(Fault::Type),
        LiteralKind::Uuid => uuid(text).map(Literal::Uuid).ok_or(Fault::Type),
        LiteralKind::Color => color(text).map(Literal::Text).ok_or(Fault::Type),
        LiteralKind::Enum(values) if values.iter().any(|value| value == text) => Ok(Literal::Enum(text.to_owned())),
        LiteralKind::Enum(_) | LiteralKind::Reference => Err(Fault::Type),
        LiteralKind::Json => serde_json::from_str(text).map(Literal::Json).map_err(|_| Fault::Type),
        LiteralKind::Text => Ok(Literal::Text(text.to_owned())),
    }
}

/// The digits before and behind the point of `-?[0-9]+(\.[0-9]+)?`, and the sign.
pub(crate) fn digits(text: &str) -> Option<(bool, &str, &str)> {
    let (is_negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = match rest.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (rest, ""),
    };
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    (!whole.is_empty() && is_digits(whole) && is_digits(fraction)).then_some((is_negative, whole, fraction))
}

fn integer(text: &str, range: std::ops::RangeInclusive<i64>, name: &str) -> Result<Literal, Fault> {
    let (_, _, fraction) = digits(text).ok_or(Fault::Type)?;
    if !fraction.is_empty() {
        return Err(Fault::Type);
    }
    let value = text.parse().ok().filter(|value| range.contains(value));
    value.map(Literal::Integer).ok_or_else(|| Fault::Range(format!("`{text}` does not fit in {name}")))
}

/// The shortest spelling of a number, sign first.
fn canonical(is_negative: bool, whole: &str, fraction: &str) -> String {
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    let number = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    if is_negative && number != "0" { format!("-{number}") } else { number }
}

fn float(text: &str) -> Result<Literal, Fault> {
    let (is_negative, whole, fraction) = digits(text).ok_or(Fault::Type)?;
    if !text.parse::<f64>().is_ok_and(f64::is_finite) {
        return Err(Fault::Range(format!("`{text}` does not fit in float")));
    }
    Ok(Literal::Float(canonical(is_negative, whole, fraction)))
}

fn decimal(text: &str, precision: usize, scale: usize) -> Result<Literal, Fault> {
    let (is_negative, whole, fraction) = digits(text).ok_or(Fault::Type)?;
    let number = canonical(is_negative, whole, fraction);
    let (_, whole, fraction) = digits(&number).ok_or(Fault::Type)?;
    if fraction.len() > scale {
        return Err(Fault::Range(format!("`{text}` has more than {scale} decimal places")));
    }
    if whole.trim_start_matches('0').len() > precision - scale {
        return Err(Fault::Range(format!("`{text}` does not fit in decimal({precision},{scale})")));
    }
    Ok(Literal::Decimal(number))
}

/// Days since 1970-01-01 of a date that exists.
fn date(text: &str) -> Option<i64> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let days = days(year, month, day);
    ((1..=9999).contains(&year) && (1..=12).contains(&month) && civil(days) == (year, month, day)).then_some(days)
}

fn number(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Days since 1970-01-01 in the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date of a day since 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// Microseconds since midnight of `09:00`, `09:00:30` or `09:00:30.000001`.
fn time(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next().unwrap_or("00"));
    let (second, fraction) = second.split_once('.').unwrap_or((second, "0"));
    let is_shaped = parts.next().is_none()
        && [hour, minute, second].iter().all(|part| part.len() == 2)
        && (1..=6).contains(&fraction.len());
    if !is_shaped {
        return None;
    }
    let (hour, minute, second) = (number(hour)?, number(minute)?, number(second)?);
    let micros = number(&format!("{fraction:0<6}"))?;
    (hour < 24 && minute < 60 && second < 60).then_some(((hour * 60 + minute) * 60 + second) * SECOND + micros)
}

fn time_text(micros: i64) -> String {
    let (seconds, fraction) = (micros / SECOND, micros % SECOND);
    let base = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction == 0 { base } else { format!("{base}.{fraction:06}") }
}

fn local_date_time(text: &str) -> Option<String> {
    let (day, clock) = text.split_once('T')?;
    date(day)?;
    Some(format!("{day}T{}", time_text(time(clock)?)))
}

/// RFC 3339, brought to UTC.
fn date_time(text: &str) -> Option<String> {
    let (day, rest) = text.split_once('T')?;
    let days = date(day)?;
    let zone_at = rest.find(['Z', '+', '-'])?;
    let (clock, zone) = rest.split_at(zone_at);
    let micros = time(clock)? - offset(zone)? * 60 * SECOND;
    let day_length = 86_400 * SECOND;
    let (year, month, day) = civil(days + micros.div_euclid(day_length));
    (1..=9999)
        .contains(&year)
        .then(|| format!("{year:04}-{month:02}-{day:02}T{}Z", time_text(micros.rem_euclid(day_length))))
}

/// Minutes east of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone[1..].split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// Microseconds of one number and one unit.
pub(crate) fn duration(text: &str) -> Option<i64> {
    let unit_at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (amount, unit) = text.split_at(unit_at);
    let unit = match unit {
        "ms" => 1000,
        "s" => SECOND,
        "m" => 60 * SECOND,
        "h" => 3600 * SECOND,
        "d" => 86_400 * SECOND,
        "w" => 604_800 * SECOND,
        _ => return None,
    };
    let (is_negative, whole, fraction) = digits(amount)?;
    if fraction.len() > 9 {
        return None;
    }
    let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    let micros = format!("{whole}{fraction}").parse::<i128>().ok()?.checked_mul(i128::from(unit))?;
    if micros % scale != 0 {
        return None;
    }
    let micros = i64::try_from(micros / scale).ok()?;
    Some(if is_negative { -micros } else { micros })
}

fn uuid(text: &str) -> Option<String> {
    let lengths: Vec<_> = text.split('-').map(str::len).collect();
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    (is_hex && lengths == [8, 4, 4, 4, 12]).then(|| text.to_ascii_lowercase())
}

fn color(text: &str) -> Option<String> {
    let hex = text.strip_prefix('#')?;
    (hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| text.to_owned())
}

/// A size such as `10MB` in bytes; 1 KB is 1024 bytes.
#[must_use]
pub fn size(text: &str) -> Option<u64> {
    let unit_at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (amount, unit) = text.split_at(unit_at);
    let unit = match unit {
        "KB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        _ => return None,
    };
    let amount: u64 = amount.bytes().all(|byte| byte.is_ascii_digit()).then(|| amount.parse().ok()).flatten()?;
    amount.checked_mul(unit)
}

/// The words of a list of values, for a message.
#[must_use]
pub fn listed(values: &[String]) -> String {
    one_of(values.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use camino::Utf8Path;

    use super::*;
    use crate::source::Span;

    fn outcome(text: &str, kind: &LiteralKind) -> String {
        let span = Span::new(&Arc::from(Utf8Path::new("a.yaml")), 0, 0);
        match read(&LiteralSpec { text: LiteralText::Plain(text.to_owned()), span }, kind) {
            Ok(literal) => format!("{literal:?}"),
            Err(diagnostic) => format!("{}: {}", diagnostic.code, diagnostic.message),
        }
    }

    #[test]
    fn literals_are_read_by_the_type_of_the_field() {
        let decimal = LiteralKind::Decimal { precision: 5, scale: 2 };
        let values = LiteralKind::Enum(vec!["draft".to_owned(), "paid".to_owned()]);
        let table = [
            // text, kind, outcome
            ("true", LiteralKind::Bool, "Bool(true)"),
            ("yes", LiteralKind::Bool, "E201: `yes` is not true or false"),
            ("-12", LiteralKind::Int, "Integer(-12)"),
            ("2147483648", LiteralKind::Int, "E208: `2147483648` does not fit in int"),
            ("9223372036854775808", LiteralKind::BigInt, "E208: `9223372036854775808` does not fit in bigint"),
            ("1_000", LiteralKind::Int, "E201: `1_000` is not a whole number"),
            ("+5", LiteralKind::Int, "E201: `+5` is not a whole number"),
            ("1e3", LiteralKind::Float, "E201: `1e3` is not a number"),
            (".5", LiteralKind::Float, "E201: `.5` is not a number"),
            ("1.", LiteralKind::Float, "E201: `1.` is not a number"),
            ("1.50", LiteralKind::Float, "Float(\"1.5\")"),
            ("-0.00", decimal.clone(), "Decimal(\"0\")"),
            ("12.50", decimal.clone(), "Decimal(\"12.5\")"),
            ("1.234", decimal.clone(), "E208: `1.234` has more than 2 decimal places"),
            ("1234", decimal, "E208: `1234` does not fit in decimal(5,2)"),
            ("2024-02-29", LiteralKind::Date, "Date(\"2024-02-29\")"),
            ("2023-02-29", LiteralKind::Date, "E201: `2023-02-29` is not a date"),
            ("today", LiteralKind::Date, "Function(Today)"),
            ("09:00", LiteralKind::Time, "Time(\"09:00:00\")"),
            ("09:00:30.5", LiteralKind::Time, "Time(\"09:00:30.500000\")"),
            ("24:00", LiteralKind::Time, "E201: `24:00` is not a time"),
            ("2025-01-01T00:30:00+02:00", LiteralKind::DateTime, "DateTime(\"2024-12-31T22:30:00Z\")"),
            ("2025-01-01T00:30:00", LiteralKind::DateTime, "E201: `2025-01-01T00:30:00` is not a date and time"),
            ("2025-01-01T00:30:00", LiteralKind::LocalDateTime, "LocalDateTime(\"2025-01-01T00:30:00\")"),
            ("500ms", LiteralKind::Duration, "Duration(500000)"),
            ("1.5h", LiteralKind::Duration, "Duration(5400000000)"),
            ("1h30m", LiteralKind::Duration, "E201: `1h30m` is not a duration"),
            ("uuid4", LiteralKind::Uuid, "Function(Uuid4)"),
            ("#fff", LiteralKind::Color, "E201: `#fff` is not a color"),
            ("payed", values.clone(), "E202: `payed` is not one of draft, paid"),
            ("paid", values, "Enum(\"paid\")"),
            ("null", LiteralKind::Text, "Null"),
            ("now", LiteralKind::Text, "Text(\"now\")"),
            ("{\"a\": 1}", LiteralKind::Json, "Json(Object {\"a\": Number(1)})"),
            ("{a", LiteralKind::Json, "E201: `{a` is not JSON"),
            ("ann", LiteralKind::Reference, "E201: `ann` is not a default of a reference"),
        ];
        for (text, kind, expected) in table {
            assert_eq!(outcome(text, &kind), expected, "{text}");
        }
    }

    #[test]
    fn sizes_are_powers_of_two() {
        assert_eq!(size("10MB"), Some(10 * 1024 * 1024));
        assert_eq!(size("10"), None);
    }
}
