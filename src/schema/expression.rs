//! Rules and bounds as SQL. SQL and rules share three-valued logic, so the translation is node by node.

use super::check::leaf_columns;
use super::quote;
use crate::model::{
    Comparison, Database, Expression, Field, FieldKind, FieldType, Function, Resource, RuleType, Value,
};

/// Compiles the rules of a resource for one database.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compiler<'a> {
    pub(super) resource: &'a Resource,
    pub(super) database: Database,
}

/// SQL and how strongly its outermost operator binds.
struct Sql {
    text: String,
    binds: Binding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Compare,
    Add,
    Multiply,
    Atom,
}

impl Sql {
    fn new(binds: Binding, text: impl Into<String>) -> Self {
        Self { text: text.into(), binds }
    }

    /// The text, in parentheses if it binds less than it must.
    fn at_least(self, binds: Binding) -> String {
        if self.binds >= binds { self.text } else { format!("({})", self.text) }
    }
}

const MICROSECONDS_OF_A_DAY: i64 = 86_400_000_000;

impl Compiler<'_> {
    /// The rule as SQL; none if a database cannot hold it.
    pub(super) fn rule(self, expression: &Expression) -> Option<String> {
        Some(self.sql(expression)?.text)
    }

    fn sql(self, expression: &Expression) -> Option<Sql> {
        Some(match expression {
            Expression::Field(_) | Expression::Id | Expression::Timestamp(_) | Expression::Version => {
                Sql::new(Binding::Atom, self.column(expression)?)
            }
            Expression::Literal(value) => literal(value, self.database)?,
            Expression::Compare(comparison, left, right) => self.comparison(*comparison, left, right)?,
            Expression::In { value, options, negated } => self.membership(value, options, *negated)?,
            Expression::IsNull { value, negated } => {
                let value = self.sql(value)?.at_least(Binding::Add);
                Sql::new(Binding::Compare, format!("{value} IS {}NULL", if *negated { "NOT " } else { "" }))
            }
            Expression::Matches(..) => return None,
            Expression::Not(inner) => Sql::new(Binding::Not, format!("NOT ({})", self.sql(inner)?.text)),
            Expression::And(parts) => Sql::new(Binding::And, self.joined(parts, " AND ", Binding::And)?),
            Expression::Or(parts) => Sql::new(Binding::Or, self.joined(parts, " OR ", Binding::Or)?),
            Expression::Implies(condition, then) => {
                let (condition, then) = (self.sql(condition)?.text, self.sql(then)?.at_least(Binding::Or));
                Sql::new(Binding::Or, format!("NOT ({condition}) OR {then}"))
            }
            Expression::Add(left, right) => self.sum("+", left, right)?,
            Expression::Subtract(left, right) => self.sum("-", left, right)?,
            Expression::Multiply(left, right) => {
                let (left, right) = (self.operand(left, Binding::Multiply)?, self.operand(right, Binding::Atom)?);
                Sql::new(Binding::Multiply, format!("{left} * {right}"))
            }
            Expression::Negate(inner) => Sql::new(Binding::Atom, format!("-{}", self.operand(inner, Binding::Atom)?)),
            Expression::Call(function, arguments) => self.call(*function, arguments)?,
        })
    }

    fn joined(self, parts: &[Expression], operator: &str, binds: Binding) -> Option<String> {
        let parts: Option<Vec<_>> = parts.iter().map(|part| Some(self.sql(part)?.at_least(binds))).collect();
        Some(parts?.join(operator))
    }

    fn comparison(self, comparison: Comparison, left: &Expression, right: &Expression) -> Option<Sql> {
        if let Some(sql) = self.some_present(comparison, left, right) {
            return Some(sql);
        }
        let operator = match comparison {
            Comparison::Equal => "=",
            Comparison::NotEqual => "<>",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        };
        let (left, right) = (self.sql(left)?.at_least(Binding::Add), self.sql(right)?.at_least(Binding::Add));
        Some(Sql::new(Binding::Compare, format!("{left} {operator} {right}")))
    }

    /// `present(a, b) >= 1` the way one writes it by hand.
    fn some_present(self, comparison: Comparison, left: &Expression, right: &Expression) -> Option<Sql> {
        let (Expression::Call(Function::Present, arguments), Expression::Literal(Value::Integer(1))) = (left, right)
        else {
            return None;
        };
        if comparison != Comparison::GreaterOrEqual {
            return None;
        }
        let present: Option<Vec<_>> = arguments.iter().map(|argument| self.is_present(argument)).collect();
        let binds = if arguments.len() == 1 { Binding::Compare } else { Binding::Or };
        Some(Sql::new(binds, present?.join(" OR ")))
    }

    fn is_present(self, argument: &Expression) -> Option<String> {
        Some(format!("{} IS NOT NULL", self.sql(argument)?.at_least(Binding::Add)))
    }

    fn membership(self, value: &Expression, options: &[Expression], negated: bool) -> Option<Sql> {
        let value = self.sql(value)?.at_least(Binding::Add);
        let options: Option<Vec<_>> = options.iter().map(|option| Some(self.sql(option)?.text)).collect();
        let operator = if negated { "NOT IN" } else { "IN" };
        Some(Sql::new(Binding::Compare, format!("{value} {operator} ({})", options?.join(", "))))
    }

    fn call(self, function: Function, arguments: &[Expression]) -> Option<Sql> {
        if function == Function::Present {
            return self.present(arguments);
        }
        let name = match function {
            Function::Length if self.database == Database::Mysql => "char_length",
            Function::Length => "length",
            Function::Lower => "lower",
            Function::Upper => "upper",
            Function::Abs => "abs",
            Function::Coalesce => "coalesce",
            Function::Present | Function::Now | Function::Today => return None,
        };
        let arguments: Option<Vec<_>> = arguments.iter().map(|argument| Some(self.sql(argument)?.text)).collect();
        Some(Sql::new(Binding::Atom, format!("{name}({})", arguments?.join(", "))))
    }

    /// How many of the arguments are not null.
    fn present(self, arguments: &[Expression]) -> Option<Sql> {
        if self.database == Database::Postgresql {
            let arguments: Option<Vec<_>> = arguments.iter().map(|argument| Some(self.sql(argument)?.text)).collect();
            return Some(Sql::new(Binding::Atom, format!("num_nonnulls({})", arguments?.join(", "))));
        }
        let present: Option<Vec<_>> =
            arguments.iter().map(|argument| Some(format!("({})", self.is_present(argument)?))).collect();
        Some(Sql::new(Binding::Add, present?.join(" + ")))
    }

    /// `+` and `-`: of numbers, of two points in time, or of a point and a duration.
    fn sum(self, operator: &str, left: &Expression, right: &Expression) -> Option<Sql> {
        match (self.kind(left), self.kind(right)) {
            (
                Some(point @ (RuleType::Date | RuleType::Datetime | RuleType::LocalDatetime)),
                Some(RuleType::Duration),
            ) => self.moved(operator, point, left, right),
            (
                Some(RuleType::Duration),
                Some(point @ (RuleType::Date | RuleType::Datetime | RuleType::LocalDatetime)),
            ) => self.moved(operator, point, right, left),
            (Some(point @ (RuleType::Date | RuleType::Datetime | RuleType::LocalDatetime)), _) => {
                self.distance(point, left, right)
            }
            _ => {
                let left = self.operand(left, Binding::Add)?;
                let right = self.operand(right, Binding::Multiply)?;
                Some(Sql::new(Binding::Add, format!("{left} {operator} {right}")))
            }
        }
    }

    /// An operand of arithmetic. Integer columns are widened, since PostgreSQL and MySQL raise where a sum overflows.
    fn operand(self, expression: &Expression, binds: Binding) -> Option<String> {
        let text = self.sql(expression)?.at_least(binds);
        Some(match (expression, self.kind(expression), self.database) {
            (Expression::Field(_), Some(RuleType::Integer), Database::Postgresql) => format!("CAST({text} AS numeric)"),
            (Expression::Field(_), Some(RuleType::Integer), Database::Mysql) => format!("CAST({text} AS decimal(65))"),
            _ => text,
        })
    }

    /// A date or a point in time, moved by a duration. A date moves by whole days, as in Python.
    fn moved(self, operator: &str, kind: RuleType, point: &Expression, duration: &Expression) -> Option<Sql> {
        let point = self.instant(point, Binding::Add)?;
        let constant =
            if let Expression::Literal(Value::Duration(constant)) = duration { Some(*constant) } else { None };
        let amount = match (constant, kind) {
            (Some(microseconds), RuleType::Date) => microseconds.div_euclid(MICROSECONDS_OF_A_DAY).to_string(),
            (Some(microseconds), _) => microseconds.to_string(),
            (None, RuleType::Date) => {
                format!("floor({} / {MICROSECONDS_OF_A_DAY}.0)", self.operand(duration, Binding::Multiply)?)
            }
            (None, _) => self.operand(duration, Binding::Multiply)?,
        };
        let text = match (self.database, kind) {
            (Database::Sqlite, _) => return None,
            (Database::Postgresql, RuleType::Date) => format!("{point} {operator} CAST({amount} AS integer)"),
            (Database::Postgresql, _) => format!("{point} {operator} {amount} * interval '1 microsecond'"),
            (Database::Mysql, RuleType::Date) => format!("{point} {operator} INTERVAL {amount} DAY"),
            (Database::Mysql, _) => format!("{point} {operator} INTERVAL {amount} MICROSECOND"),
        };
        Some(Sql::new(Binding::Add, text))
    }

    /// The microseconds between two points in time.
    fn distance(self, kind: RuleType, left: &Expression, right: &Expression) -> Option<Sql> {
        let (later, earlier) = (self.instant(left, Binding::Add)?, self.instant(right, Binding::Multiply)?);
        Some(match (self.database, kind) {
            (Database::Sqlite, _) => return None,
            (Database::Mysql, _) => Sql::new(Binding::Atom, format!("timestampdiff(MICROSECOND, {earlier}, {later})")),
            (Database::Postgresql, RuleType::Date) => {
                Sql::new(Binding::Multiply, format!("CAST({later} - {earlier} AS bigint) * {MICROSECONDS_OF_A_DAY}"))
            }
            (Database::Postgresql, _) => {
                Sql::new(Binding::Multiply, format!("extract(epoch FROM {later} - {earlier}) * 1000000"))
            }
        })
    }

    /// A point in time inside arithmetic, where a bare literal would have no type.
    fn instant(self, expression: &Expression, binds: Binding) -> Option<String> {
        let text = self.sql(expression)?.at_least(binds);
        let Expression::Literal(value) = expression else { return Some(text) };
        let keyword = match (literal_kind(value), self.database) {
            (Some(RuleType::Date), _) => "DATE",
            (Some(RuleType::Datetime), Database::Postgresql) => "timestamptz",
            (Some(RuleType::Datetime | RuleType::LocalDatetime), _) => "TIMESTAMP",
            (_, _) => return Some(text),
        };
        Some(format!("{keyword} {text}"))
    }

    fn column(self, expression: &Expression) -> Option<String> {
        let columns = leaf_columns(self.resource, expression);
        let [name] = columns.as_slice() else { return None };
        Some(quote::identifier(name, self.database))
    }

    /// The type of an operand of `+`, `-` or `*`; none where it does not matter for the SQL.
    fn kind(self, expression: &Expression) -> Option<RuleType> {
        match expression {
            Expression::Field(field) => field_kind(self.resource.field(*field)),
            Expression::Timestamp(_) => Some(RuleType::Datetime),
            Expression::Literal(value) => literal_kind(value),
            Expression::Add(left, right) | Expression::Subtract(left, right) => self.kind_of_sum(left, right),
            Expression::Negate(inner) => self.kind(inner),
            Expression::Multiply(left, right) => {
                let sides = [left, right].map(|side| self.kind(side));
                sides.into_iter().flatten().find(|kind| *kind == RuleType::Duration)
            }
            Expression::Call(Function::Coalesce | Function::Abs, arguments) => {
                arguments.iter().find_map(|argument| self.kind(argument))
            }
            Expression::Call(..)
            | Expression::Id
            | Expression::Version
            | Expression::Compare(..)
            | Expression::In { .. }
            | Expression::IsNull { .. }
            | Expression::Matches(..)
            | Expression::Not(_)
            | Expression::And(_)
            | Expression::Or(_)
            | Expression::Implies(..) => None,
        }
    }

    fn kind_of_sum(self, left: &Expression, right: &Expression) -> Option<RuleType> {
        match (self.kind(left), self.kind(right)) {
            (Some(RuleType::Duration), Some(other)) | (Some(other), Some(RuleType::Duration)) => Some(other),
            (Some(RuleType::Date | RuleType::Datetime | RuleType::LocalDatetime), Some(_)) => Some(RuleType::Duration),
            (left, right) => left.or(right),
        }
    }
}

fn field_kind(field: &Field) -> Option<RuleType> {
    let FieldKind::Scalar(scalar) = &field.kind else { return None };
    if let FieldType::Integer { .. } = scalar.ty {
        Some(RuleType::Integer)
    } else if let FieldType::Date { .. } = scalar.ty {
        Some(RuleType::Date)
    } else if let FieldType::Datetime { .. } = scalar.ty {
        Some(RuleType::Datetime)
    } else if let FieldType::LocalDatetime { .. } = scalar.ty {
        Some(RuleType::LocalDatetime)
    } else if let FieldType::Duration { .. } = scalar.ty {
        Some(RuleType::Duration)
    } else {
        None
    }
}

fn literal_kind(value: &Value) -> Option<RuleType> {
    match value {
        Value::Date(_) => Some(RuleType::Date),
        Value::Datetime(_) => Some(RuleType::Datetime),
        Value::LocalDatetime(_) => Some(RuleType::LocalDatetime),
        Value::Duration(_) => Some(RuleType::Duration),
        Value::Null
        | Value::Bool(_)
        | Value::Integer(_)
        | Value::Decimal(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::Time(_)
        | Value::Uuid(_)
        | Value::Enum(_)
        | Value::Json(_) => None,
    }
}

/// A literal beside a column of its type; none for what has no SQL form.
fn literal(value: &Value, database: Database) -> Option<Sql> {
    let is_sqlite = database == Database::Sqlite;
    Some(Sql::new(
        Binding::Atom,
        match value {
            Value::Null => "NULL".to_owned(),
            Value::Bool(true) => "true".to_owned(),
            Value::Bool(false) => "false".to_owned(),
            Value::Integer(number) | Value::Duration(number) => number.to_string(),
            Value::Decimal(number) | Value::Float(number) => number.0.clone(),
            Value::Text(text) | Value::Enum(text) => quote::text(text, database),
            Value::Date(day) => format!("'{day}'"),
            Value::Time(time) if is_sqlite => format!("'{}'", with_microseconds(time)),
            Value::Time(time) => format!("'{time}'"),
            Value::LocalDatetime(time) | Value::Datetime(time) => {
                let bare = time.trim_end_matches('Z').replace('T', " ");
                match (value, database) {
                    (_, Database::Sqlite) => format!("'{}'", with_microseconds(&bare)),
                    (Value::Datetime(_), Database::Postgresql) => format!("'{bare}+00'"),
                    _ => format!("'{bare}'"),
                }
            }
            Value::Uuid(uuid) if database == Database::Postgresql => format!("'{uuid}'"),
            Value::Uuid(uuid) => format!("'{}'", uuid.replace('-', "")),
            Value::Json(_) => return None,
        },
    ))
}

/// SQLite compares times as the text that is stored, which has all six digits.
fn with_microseconds(time: &str) -> String {
    match time.split_once('.') {
        Some((seconds, fraction)) => format!("{seconds}.{fraction:0<6}"),
        None => format!("{time}.000000"),
    }
}

/// A literal of a bound as SQL.
pub(super) fn bound(value: &Value, database: Database) -> Option<String> {
    Some(literal(value, database)?.text)
}
