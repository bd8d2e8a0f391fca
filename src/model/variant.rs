//! Further values of fields, and rows against rules: what generated tests write besides the examples.

use std::collections::BTreeMap;

use super::calendar;
use super::evaluate::{self, Known};
use super::exact::Exact;
use super::field_type::{Bounds, FieldType, IntSize, Lengths, Number, TextCase, TextRules, Value};
use super::{Expression, FieldId, FieldKind, Function, Model, ResourceId, example, value};

const DAY: i64 = 86_400_000_000;
const MINUTE: i64 = 60_000_000;

impl Model {
    /// Valid values of a scalar field that differ from its example and from each other.
    #[must_use]
    pub fn variants(&self, resource: ResourceId, field: FieldId) -> Vec<Value> {
        let declared = self.field(resource, field);
        let (FieldKind::Scalar(scalar), Some(first)) = (&declared.kind, self.example(resource, field)) else {
            return Vec::new();
        };
        let mut found = vec![first.clone()];
        for candidate in candidates(&scalar.ty, &declared.name.words(), &first) {
            if accepts(&scalar.ty, &candidate) && !found.contains(&candidate) {
                found.push(candidate);
            }
        }
        found.remove(0);
        found
    }

    /// The example of a scalar field, if requests accept it.
    #[must_use]
    pub fn accepted_example(&self, resource: ResourceId, field: FieldId) -> Option<Value> {
        let declared = self.field(resource, field);
        self.example(resource, field).filter(|value| example::fits_pattern(declared, value))
    }
}

/// Whether a rule is false for a row; fields that are left out have some value that nothing is known about.
#[must_use]
pub fn is_broken(expression: &Expression, row: &BTreeMap<FieldId, Known>) -> bool {
    evaluate::is_false(expression, &|id| row.get(&id).cloned().unwrap_or(Known::Something))
}

/// The literals that an expression compares with.
#[must_use]
pub fn literals(expression: &Expression) -> Vec<Value> {
    let mut found = Vec::new();
    walk(expression, &mut |part| {
        if let Expression::Literal(value) = part {
            found.push(value.clone());
        }
    });
    found
}

/// Whether the truth of an expression changes with time.
#[must_use]
pub fn reads_the_clock(expression: &Expression) -> bool {
    let mut found = false;
    walk(expression, &mut |part| {
        found |= matches!(part, Expression::Call(Function::Now | Function::Today, _) | Expression::Timestamp(_));
    });
    found
}

fn walk(expression: &Expression, visit: &mut impl FnMut(&Expression)) {
    visit(expression);
    match expression {
        Expression::Field(_)
        | Expression::Id
        | Expression::Timestamp(_)
        | Expression::Version
        | Expression::Literal(_) => {}
        Expression::Compare(_, left, right)
        | Expression::Implies(left, right)
        | Expression::Add(left, right)
        | Expression::Subtract(left, right)
        | Expression::Multiply(left, right) => {
            walk(left, visit);
            walk(right, visit);
        }
        Expression::In { value, options, .. } => {
            walk(value, visit);
            for option in options {
                walk(option, visit);
            }
        }
        Expression::IsNull { value, .. }
        | Expression::Matches(value, _)
        | Expression::Not(value)
        | Expression::Negate(value) => walk(value, visit),
        Expression::And(parts) | Expression::Or(parts) | Expression::Call(_, parts) => {
            for part in parts {
                walk(part, visit);
            }
        }
    }
}

/// Whether a value of that kind keeps the limits of the type.
#[must_use]
pub fn accepts(ty: &FieldType, candidate: &Value) -> bool {
    match (ty, candidate) {
        (FieldType::String(rules) | FieldType::Text(rules), Value::Text(text)) => accepts_text(rules, text),
        (FieldType::Integer { size, bounds, multiple_of }, Value::Integer(number)) => {
            let limit = match size {
                IntSize::Small => i64::from(i16::MAX),
                IntSize::Regular => i64::from(i32::MAX),
                IntSize::Big => i64::MAX,
            };
            (-limit..=limit).contains(number) && accepts_number(bounds, multiple_of.as_ref(), candidate)
        }
        (FieldType::Float { bounds, multiple_of }, Value::Float(_)) => {
            accepts_number(bounds, multiple_of.as_ref(), candidate)
        }
        (FieldType::Decimal { precision, scale, bounds, multiple_of }, Value::Decimal(number)) => {
            let (whole, fraction) = digits(number);
            let fits = fraction <= usize::from(*scale) && whole <= usize::from(precision.saturating_sub(*scale));
            fits && accepts_number(bounds, multiple_of.as_ref(), candidate)
        }
        (FieldType::Money { currency, bounds, multiple_of }, Value::Decimal(number)) => {
            let fits = digits(number).1 <= usize::from(currency.decimals);
            fits && accepts_number(bounds, multiple_of.as_ref(), candidate)
        }
        (FieldType::Date { bounds }, Value::Date(_))
        | (FieldType::Time { bounds }, Value::Time(_))
        | (FieldType::Datetime { bounds }, Value::Datetime(_))
        | (FieldType::LocalDatetime { bounds }, Value::LocalDatetime(_))
        | (FieldType::Duration { bounds }, Value::Duration(_)) => is_within(bounds, candidate),
        (FieldType::Enum(kind), Value::Enum(text)) => kind.values.iter().any(|option| option.value == *text),
        (FieldType::Bool, Value::Bool(_))
        | (FieldType::Uuid, Value::Uuid(_))
        | (
            FieldType::Email
            | FieldType::Url
            | FieldType::Slug { .. }
            | FieldType::Phone
            | FieldType::Ip
            | FieldType::Timezone
            | FieldType::Locale
            | FieldType::Country
            | FieldType::Currency
            | FieldType::Color,
            Value::Text(_),
        )
        | (FieldType::Json(_) | FieldType::List(_), Value::Json(_)) => true,
        _ => false,
    }
}

/// How many digits stand before and behind the point.
fn digits(number: &Number) -> (usize, usize) {
    let text = number.0.trim_start_matches('-');
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    (whole.trim_start_matches('0').len(), fraction.len())
}

fn accepts_text(rules: &TextRules, text: &str) -> bool {
    let Lengths { min, max } = rules.lengths;
    let fits = (min as usize..=max as usize).contains(&text.chars().count());
    let folded = match rules.case {
        TextCase::Keep => true,
        TextCase::Lower => text.to_lowercase() == text,
        TextCase::Upper => text.to_uppercase() == text,
    };
    let pattern = rules.pattern.as_ref().and_then(|pattern| regex::Regex::new(pattern).ok());
    fits && folded && (!rules.trim || text.trim() == text) && pattern.is_none_or(|pattern| pattern.is_match(text))
}

fn accepts_number(bounds: &Bounds, multiple_of: Option<&Number>, candidate: &Value) -> bool {
    let is_multiple = || {
        let (Some(step), Some(number)) = (multiple_of.and_then(Exact::of), value::exact(candidate)) else {
            return true;
        };
        number.floor_to(step).is_some_and(|floor| floor.compare(number).is_eq())
    };
    is_within(bounds, candidate) && is_multiple()
}

fn is_within(bounds: &Bounds, candidate: &Value) -> bool {
    let lower = bounds.lower.as_ref().is_none_or(|limit| match value::compare(candidate, &limit.value) {
        Some(order) => order.is_gt() || (order.is_eq() && !limit.exclusive),
        None => false,
    });
    let upper = bounds.upper.as_ref().is_none_or(|limit| match value::compare(candidate, &limit.value) {
        Some(order) => order.is_lt() || (order.is_eq() && !limit.exclusive),
        None => false,
    });
    lower && upper
}

/// Values to try; those that the type refuses are left out by the caller.
fn candidates(ty: &FieldType, name: &str, first: &Value) -> Vec<Value> {
    let texts = |texts: &[&str]| texts.iter().map(|text| Value::Text((*text).to_owned())).collect();
    match ty {
        FieldType::String(rules) | FieldType::Text(rules) => text_candidates(rules, name, first),
        FieldType::Integer { .. } | FieldType::Float { .. } | FieldType::Decimal { .. } | FieldType::Money { .. } => {
            number_candidates(ty, first)
        }
        FieldType::Bool => vec![Value::Bool(false), Value::Bool(true)],
        FieldType::Date { .. }
        | FieldType::Time { .. }
        | FieldType::Datetime { .. }
        | FieldType::LocalDatetime { .. }
        | FieldType::Duration { .. } => [1, 2, -1, -2].iter().filter_map(|step| moved(first, *step)).collect(),
        FieldType::Uuid => vec![
            Value::Uuid("0192f0c1-2345-7abc-8def-0123456789ac".to_owned()),
            Value::Uuid("0192f0c1-2345-7abc-8def-0123456789ad".to_owned()),
        ],
        FieldType::Enum(kind) => kind.values.iter().map(|option| Value::Enum(option.value.clone())).collect(),
        FieldType::Email => texts(&["bob@example.org", "cid@example.net"]),
        FieldType::Url => texts(&["https://example.org/", "https://example.net/"]),
        FieldType::Slug { .. } => vec![
            Value::Text(format!("other-{}", name.replace(' ', "-"))),
            Value::Text(format!("third-{}", name.replace(' ', "-"))),
        ],
        FieldType::Phone => texts(&["+4915112345679", "+4915112345680"]),
        FieldType::Ip => texts(&["192.0.2.2", "192.0.2.3"]),
        FieldType::Timezone => texts(&["Europe/Oslo", "Europe/Paris"]),
        FieldType::Locale => texts(&["nb-NO", "sv-SE"]),
        FieldType::Country => texts(&["NO", "SE"]),
        FieldType::Currency => texts(&["NOK", "SEK"]),
        FieldType::Color => texts(&["#669933", "#993366"]),
        FieldType::Json(_)
        | FieldType::Object(_)
        | FieldType::List(_)
        | FieldType::Bytes { .. }
        | FieldType::Password(_) => Vec::new(),
    }
}

/// Words first; then the example with another last character, which often matches its pattern.
fn text_candidates(rules: &TextRules, name: &str, first: &Value) -> Vec<Value> {
    let Value::Text(first) = first else { return Vec::new() };
    let mut texts = vec![format!("other {name}"), "value".to_owned(), "word".to_owned()];
    let start: String = first.chars().take(first.chars().count().saturating_sub(1)).collect();
    if let Some(last) = first.chars().last() {
        let others = "xyzXYZ789".chars().filter(|other| other.is_alphabetic() == last.is_alphabetic());
        texts.extend(others.map(|other| format!("{start}{other}")));
    }
    texts.extend(["x", "y", "z"].map(|letter| letter.repeat(rules.lengths.min.max(1) as usize)));
    let folded = texts.into_iter().map(|text| match rules.case {
        TextCase::Keep => text,
        TextCase::Lower => text.to_lowercase(),
        TextCase::Upper => text.to_uppercase(),
    });
    folded.map(Value::Text).collect()
}

fn number_candidates(ty: &FieldType, first: &Value) -> Vec<Value> {
    let (FieldType::Integer { multiple_of, .. }
    | FieldType::Float { multiple_of, .. }
    | FieldType::Decimal { multiple_of, .. }
    | FieldType::Money { multiple_of, .. }) = ty
    else {
        return Vec::new();
    };
    let steps = match (multiple_of.as_ref().and_then(Exact::of), ty) {
        (Some(step), _) => vec![step],
        (None, FieldType::Float { .. }) => vec![Exact::whole(1), Exact::new(25, 2), Exact::new(1, 4)],
        (None, FieldType::Decimal { scale, .. }) => vec![Exact::whole(1), Exact::new(1, u32::from(*scale))],
        (None, _) => vec![Exact::whole(1)],
    };
    let Some(origin) = value::exact(first) else { return Vec::new() };
    let mut found = Vec::new();
    for step in steps {
        for step in [step, step.negate()] {
            let mut number = origin;
            for _ in 0..2 {
                let Some(next) = number.add(step) else { break };
                number = next;
                found.extend(number_like(first, number));
            }
        }
    }
    found
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only numbers have neighbours of this kind")]
fn number_like(first: &Value, number: Exact) -> Option<Value> {
    match first {
        Value::Integer(_) => number.to_integer().map(Value::Integer),
        Value::Decimal(_) => Some(Value::Decimal(number.into())),
        Value::Float(_) => Some(Value::Float(number.into())),
        _ => None,
    }
}

/// A day later, an hour for times, a minute for durations.
#[must_use]
#[expect(clippy::wildcard_enum_match_arm, reason = "only times have neighbours of this kind")]
pub fn moved(first: &Value, steps: i64) -> Option<Value> {
    Some(match first {
        Value::Date(text) => Value::Date(calendar::write_date(calendar::read_date(text)? + steps)),
        Value::Time(text) => {
            let time = calendar::read_time(text)? + steps * 60 * MINUTE;
            if !(0..DAY).contains(&time) {
                return None;
            }
            Value::Time(calendar::write_time(time))
        }
        Value::Datetime(text) => {
            Value::Datetime(format!("{}Z", calendar::write_datetime(calendar::read_datetime(text)? + steps * DAY)))
        }
        Value::LocalDatetime(text) => {
            Value::LocalDatetime(calendar::write_datetime(calendar::read_local_datetime(text)? + steps * DAY))
        }
        Value::Duration(micros) => Value::Duration(micros + steps * MINUTE),
        _ => return None,
    })
}

/// The nearest number or time outside a limit: `steps` is 1 above, -1 below.
#[must_use]
pub fn beyond(ty: &FieldType, limit: &Value, steps: i64) -> Option<Value> {
    match (ty, limit) {
        (FieldType::Integer { .. }, Value::Integer(number)) => number.checked_add(steps).map(Value::Integer),
        (FieldType::Decimal { scale, .. }, Value::Decimal(_)) => shifted(limit, steps, u32::from(*scale)),
        (FieldType::Money { currency, .. }, Value::Decimal(_)) => shifted(limit, steps, u32::from(currency.decimals)),
        (FieldType::Float { .. }, Value::Float(_)) => shifted(limit, steps, 1),
        (_, Value::Integer(number)) => shifted(&Value::Decimal(Number(number.to_string())), steps, 0),
        _ => moved(limit, steps),
    }
}

fn shifted(limit: &Value, steps: i64, scale: u32) -> Option<Value> {
    let number = value::exact(limit)?.add(Exact::new(i128::from(steps), scale))?;
    number_like(limit, number)
}

/// A decimal with exactly that many digits after the point, as the database gives it back.
#[must_use]
pub fn with_scale(number: &Number, scale: u32) -> String {
    let (whole, fraction) = number.0.split_once('.').unwrap_or((&number.0, ""));
    if scale == 0 {
        return whole.to_owned();
    }
    format!("{whole}.{fraction:0<width$}", width = scale as usize)
}

/// The order of two values of one field, as a database sorts them.
#[must_use]
pub fn order(ty: &FieldType, left: &Value, right: &Value) -> Option<std::cmp::Ordering> {
    if let (FieldType::Enum(kind), Value::Enum(left), Value::Enum(right)) = (ty, left, right) {
        let place = |text: &str| kind.values.iter().position(|option| option.value == text);
        return Some(place(left).cmp(&place(right)));
    }
    value::compare(left, right)
}
