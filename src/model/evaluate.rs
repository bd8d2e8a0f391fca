//! Evaluates rules on example rows, in SQL's three-valued logic.

use std::cmp::Ordering;

use super::FieldId;
use super::calendar;
use super::exact::Exact;
use super::field_type::Value;
use super::rule::{Comparison, Expression, Function};
use super::value::{compare, count, exact};

/// The clock of every evaluation.
pub(super) const NOW: &str = "2025-01-15T09:00:00Z";

/// The day of every evaluation.
pub(super) const TODAY: &str = "2025-01-15";

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// What is known about a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    /// It is null.
    Null,
    /// It is this.
    Value(Value),
    /// It is there, and nothing else is known, as of the id of a row.
    Something,
}

/// Whether the expression is false for a row; what is unknown is not false.
pub(super) fn is_false(expression: &Expression, row: &dyn Fn(FieldId) -> Known) -> bool {
    truth(&evaluate(expression, row)) == Some(false)
}

fn truth(known: &Known) -> Option<bool> {
    match known {
        Known::Value(Value::Bool(value)) => Some(*value),
        Known::Value(_) | Known::Null | Known::Something => None,
    }
}

fn known(truth: Option<bool>) -> Known {
    truth.map_or(Known::Null, |value| Known::Value(Value::Bool(value)))
}

fn evaluate(expression: &Expression, row: &dyn Fn(FieldId) -> Known) -> Known {
    let of = |part: &Expression| evaluate(part, row);
    let truth_of = |part: &Expression| truth(&of(part));
    match expression {
        Expression::Field(id) => row(*id),
        Expression::Id | Expression::Timestamp(_) | Expression::Version => Known::Something,
        Expression::Literal(value) => Known::Value(value.clone()),
        Expression::Compare(comparison, left, right) => known(compares(*comparison, &of(left), &of(right))),
        Expression::In { value, options, negated } => {
            let value = of(value);
            let found = any(options.iter().map(|option| compares(Comparison::Equal, &value, &of(option))));
            known(found.map(|found| found != *negated))
        }
        Expression::IsNull { value, negated } => known(Some((of(value) == Known::Null) != *negated)),
        Expression::Matches(value, pattern) => match (of(value), regex::Regex::new(pattern)) {
            (Known::Value(Value::Text(text)), Ok(pattern)) => known(Some(pattern.is_match(&text))),
            _ => Known::Null,
        },
        Expression::Not(part) => known(truth_of(part).map(|value| !value)),
        Expression::And(parts) => known(any(parts.iter().map(|part| truth_of(part).map(|v| !v))).map(|v| !v)),
        Expression::Or(parts) => known(any(parts.iter().map(truth_of))),
        Expression::Implies(condition, result) => {
            known(any([truth_of(condition).map(|value| !value), truth_of(result)].into_iter()))
        }
        Expression::Add(left, right) => add(&of(left), &of(right)).unwrap_or(Known::Null),
        Expression::Subtract(left, right) => subtract(&of(left), &of(right)).unwrap_or(Known::Null),
        Expression::Multiply(left, right) => multiply(&of(left), &of(right)).unwrap_or(Known::Null),
        Expression::Negate(part) => negate(&of(part)).unwrap_or(Known::Null),
        Expression::Call(function, arguments) => {
            let arguments: Vec<Known> = arguments.iter().map(of).collect();
            call(*function, &arguments).unwrap_or(Known::Null)
        }
    }
}

/// True if one is true, unknown if none is and one is unknown.
fn any(values: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(false);
    for value in values {
        match value {
            Some(true) => return Some(true),
            Some(false) => {}
            None => result = None,
        }
    }
    result
}

fn compares(comparison: Comparison, left: &Known, right: &Known) -> Option<bool> {
    let (Known::Value(left), Known::Value(right)) = (left, right) else { return None };
    let order = compare(left, right)?;
    Some(match comparison {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
    })
}

fn number(number: Exact) -> Known {
    Known::Value(Value::Decimal(number.into()))
}

fn add(left: &Known, right: &Known) -> Option<Known> {
    let (Known::Value(left), Known::Value(right)) = (left, right) else { return None };
    match (left, right) {
        (Value::Duration(left), Value::Duration(right)) => {
            Some(Known::Value(Value::Duration(left.checked_add(*right)?)))
        }
        (Value::Duration(duration), day) | (day, Value::Duration(duration)) => shift(day, *duration),
        _ => Some(number(exact(left)?.add(exact(right)?)?)),
    }
}

fn subtract(left: &Known, right: &Known) -> Option<Known> {
    let (Known::Value(left_value), Known::Value(right_value)) = (left, right) else { return None };
    if let Value::Duration(duration) = right_value
        && !matches!(left_value, Value::Duration(_))
    {
        return shift(left_value, duration.checked_neg()?);
    }
    if let (Some(from), Some(to)) = (instant(right_value), instant(left_value)) {
        return Some(Known::Value(Value::Duration(to.checked_sub(from)?)));
    }
    add(left, &negate(right)?)
}

fn multiply(left: &Known, right: &Known) -> Option<Known> {
    let (Known::Value(left), Known::Value(right)) = (left, right) else { return None };
    Some(number(exact(left)?.multiply(exact(right)?)?))
}

fn negate(part: &Known) -> Option<Known> {
    match part {
        Known::Value(Value::Duration(micros)) => Some(Known::Value(Value::Duration(micros.checked_neg()?))),
        Known::Value(value) => Some(number(exact(value)?.negate())),
        Known::Null | Known::Something => None,
    }
}

/// Microseconds since 1970 of a date or datetime.
fn instant(value: &Value) -> Option<i64> {
    if matches!(value, Value::Time(_) | Value::Duration(_)) {
        return None;
    }
    let count = count(value)?;
    if matches!(value, Value::Date(_)) { count.checked_mul(MICROS_PER_DAY) } else { Some(count) }
}

/// A date or datetime moved by microseconds; a date moves by whole days.
fn shift(day: &Value, micros: i64) -> Option<Known> {
    let moved = instant(day)?.checked_add(micros)?;
    let value = if matches!(day, Value::Date(_)) {
        Value::Date(calendar::write_date(moved.div_euclid(MICROS_PER_DAY)))
    } else if matches!(day, Value::Datetime(_)) {
        Value::Datetime(format!("{}Z", calendar::write_datetime(moved)))
    } else {
        Value::LocalDatetime(calendar::write_datetime(moved))
    };
    Some(Known::Value(value))
}

fn call(function: Function, arguments: &[Known]) -> Option<Known> {
    let text = || match arguments.first()? {
        Known::Value(Value::Text(text)) => Some(text),
        Known::Value(_) | Known::Null | Known::Something => None,
    };
    let whole = |count: usize| i64::try_from(count).ok().map(|count| Known::Value(Value::Integer(count)));
    match function {
        Function::Length => whole(text()?.chars().count()),
        Function::Lower => Some(Known::Value(Value::Text(text()?.to_lowercase()))),
        Function::Upper => Some(Known::Value(Value::Text(text()?.to_uppercase()))),
        Function::Abs => match arguments.first()? {
            Known::Value(value) => Some(number(exact(value)?.abs())),
            Known::Null | Known::Something => None,
        },
        Function::Coalesce => arguments.iter().find(|argument| **argument != Known::Null).cloned(),
        Function::Present => whole(arguments.iter().filter(|argument| **argument != Known::Null).count()),
        Function::Now => Some(Known::Value(Value::Datetime(NOW.to_owned()))),
        Function::Today => Some(Known::Value(Value::Date(TODAY.to_owned()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(value: Value) -> Expression {
        Expression::Literal(value)
    }

    fn less(left: Value, right: Value) -> Expression {
        Expression::Compare(Comparison::Less, Box::new(literal(left)), Box::new(literal(right)))
    }

    fn null() -> Expression {
        Expression::Field(FieldId(0))
    }

    fn run(expression: &Expression) -> Option<bool> {
        truth(&evaluate(expression, &|_| Known::Null))
    }

    #[test]
    fn a_comparison_with_null_is_unknown() {
        let with_null = Expression::Compare(Comparison::Equal, Box::new(null()), Box::new(literal(Value::Integer(1))));
        assert_eq!(run(&with_null), None);
        assert_eq!(run(&Expression::Not(Box::new(with_null.clone()))), None);
        assert!(!is_false(&with_null, &|_| Known::Null));
    }

    #[test]
    fn and_or_and_implication_follow_the_truth_tables() {
        let yes = less(Value::Integer(1), Value::Integer(2));
        let no = less(Value::Integer(2), Value::Integer(1));
        let unknown = Expression::Compare(Comparison::Equal, Box::new(null()), Box::new(literal(Value::Integer(1))));
        let and = |left: &Expression, right: &Expression| run(&Expression::And(vec![left.clone(), right.clone()]));
        let or = |left: &Expression, right: &Expression| run(&Expression::Or(vec![left.clone(), right.clone()]));
        let implies = |left: &Expression, right: &Expression| {
            run(&Expression::Implies(Box::new(left.clone()), Box::new(right.clone())))
        };
        assert_eq!([and(&yes, &unknown), and(&no, &unknown), and(&yes, &yes)], [None, Some(false), Some(true)]);
        assert_eq!([or(&yes, &unknown), or(&no, &unknown), or(&no, &no)], [Some(true), None, Some(false)]);
        assert_eq!(
            [implies(&no, &unknown), implies(&yes, &no), implies(&unknown, &no)],
            [Some(true), Some(false), None]
        );
    }

    #[test]
    fn dates_and_durations_are_computed() {
        let day = |text: &str| Value::Date(text.to_owned());
        let later =
            Expression::Add(Box::new(literal(day("2025-01-31"))), Box::new(literal(Value::Duration(MICROS_PER_DAY))));
        assert_eq!(evaluate(&later, &|_| Known::Null), Known::Value(day("2025-02-01")));
        let apart = Expression::Subtract(Box::new(literal(day("2025-03-01"))), Box::new(literal(day("2025-02-28"))));
        assert_eq!(evaluate(&apart, &|_| Known::Null), Known::Value(Value::Duration(MICROS_PER_DAY)));
    }

    #[test]
    fn numbers_of_different_types_compare_exactly() {
        let product = Expression::Multiply(
            Box::new(literal(Value::Integer(3))),
            Box::new(literal(Value::Decimal(crate::model::Number("1.1".to_owned())))),
        );
        let equal = Expression::Compare(
            Comparison::Equal,
            Box::new(product),
            Box::new(literal(Value::Decimal(crate::model::Number("3.3".to_owned())))),
        );
        assert_eq!(run(&equal), Some(true));
    }
}
