//! The CHECKs of a resource: bounds, minimum lengths, values of enums, polymorphic references and rules.

use std::collections::BTreeMap;

use super::expression::{Compiler, bound};
use super::{Check, quote};
use crate::model::{
    Bounds, Database, Deletion, Expression, Field, FieldId, FieldKind, FieldType, Limit, Model, Polymorphic, Resource,
    Rule, Scalar,
};

/// What a CHECK follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckOrigin {
    /// The bounds, lengths, values or targets of a field.
    Field(FieldId),
    /// A rule: its position in `Resource::rules`.
    Rule(usize),
}

/// All CHECKs of a resource. Where the name is set it stands for the columns in the final name.
pub(super) fn of_resource(model: &Model, resource: &Resource) -> Vec<Check> {
    with_origins(model, resource).into_iter().map(|(_, check)| check).collect()
}

/// What the CHECKs of a resource follow from, in the order of its table.
#[must_use]
pub fn check_origins(model: &Model, resource: &Resource) -> Vec<CheckOrigin> {
    with_origins(model, resource).into_iter().map(|(origin, _)| origin).collect()
}

fn with_origins(model: &Model, resource: &Resource) -> Vec<(CheckOrigin, Check)> {
    let databases = &model.project.databases;
    let fields = resource
        .fields_with_ids()
        .filter_map(|(id, field)| Some((CheckOrigin::Field(id), of_field(field, databases)?)));
    let rules = resource.rules.iter().enumerate();
    let rules = rules.filter_map(|(position, rule)| Some((CheckOrigin::Rule(position), of_rule(resource, rule)?)));
    fields.chain(rules).collect()
}

/// The text that a change of the expression changes.
pub(super) fn canonical(check: &Check) -> &str {
    let order = [Database::Postgresql, Database::Sqlite, Database::Mysql];
    order.iter().find_map(|database| check.sql.get(database)).map_or("", String::as_str)
}

fn of_field(field: &Field, databases: &[Database]) -> Option<Check> {
    match &field.kind {
        FieldKind::Scalar(scalar) if scalar.check => {
            let sql = by_database(databases, |database| of_scalar(scalar, database));
            (!sql.is_empty()).then(|| Check { name: String::new(), columns: vec![scalar.column.clone()], sql })
        }
        FieldKind::Polymorphic(polymorphic) => of_polymorphic(polymorphic, field.presence.nullable, databases),
        FieldKind::Scalar(_) | FieldKind::Reference(_) | FieldKind::Many(_) => None,
    }
}

fn by_database(databases: &[Database], sql: impl Fn(Database) -> Option<String>) -> BTreeMap<Database, String> {
    databases.iter().filter_map(|database| Some((*database, sql(*database)?))).collect()
}

fn of_scalar(scalar: &Scalar, database: Database) -> Option<String> {
    let column = quote::identifier(&scalar.column, database);
    match &scalar.ty {
        FieldType::String(rules) | FieldType::Text(rules) => at_least_long(&column, rules.lengths.min, database),
        FieldType::Bytes { min, .. } => (*min > 0).then(|| format!("length({column}) >= {min}")),
        FieldType::Integer { bounds, .. }
        | FieldType::Float { bounds, .. }
        | FieldType::Decimal { bounds, .. }
        | FieldType::Money { bounds, .. }
        | FieldType::Date { bounds }
        | FieldType::Time { bounds }
        | FieldType::Datetime { bounds }
        | FieldType::LocalDatetime { bounds }
        | FieldType::Duration { bounds } => within(&column, bounds, database),
        FieldType::Enum(enumeration) if enumeration.native => None,
        FieldType::Enum(enumeration) => {
            let values: Vec<_> = enumeration.values.iter().map(|value| quote::text(&value.value, database)).collect();
            Some(format!("{column} IN ({})", values.join(", ")))
        }
        FieldType::Bool
        | FieldType::Uuid
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
        | FieldType::Json(_)
        | FieldType::Object(_)
        | FieldType::List(_) => None,
    }
}

/// MySQL's `length` counts bytes, which makes no difference between something and nothing.
fn at_least_long(column: &str, min: u32, database: Database) -> Option<String> {
    let function = if min > 1 && database == Database::Mysql { "char_length" } else { "length" };
    (min > 0).then(|| format!("{function}({column}) >= {min}"))
}

fn within(column: &str, bounds: &Bounds, database: Database) -> Option<String> {
    let test = |limit: &Limit, operator: &str| {
        let equals = if limit.exclusive { "" } else { "=" };
        Some(format!("{column} {operator}{equals} {}", bound(&limit.value, database)?))
    };
    let lower = bounds.lower.as_ref().and_then(|limit| test(limit, ">"));
    let upper = bounds.upper.as_ref().and_then(|limit| test(limit, "<"));
    match (lower, upper) {
        (Some(lower), Some(upper)) => Some(format!("{lower} AND {upper}")),
        (lower, upper) => lower.or(upper),
    }
}

/// Exactly one target is set, or at most one. MySQL refuses CHECKs over columns that a foreign key changes.
fn of_polymorphic(polymorphic: &Polymorphic, is_optional: bool, databases: &[Database]) -> Option<Check> {
    let columns: Vec<_> = polymorphic.targets.iter().map(|target| target.column.clone()).collect();
    let is_changed = matches!(polymorphic.on_delete, Deletion::Cascade | Deletion::SetNull);
    let sql = by_database(databases, |database| {
        (database != Database::Mysql || !is_changed).then(|| one_of(&columns, is_optional, database))
    });
    (!sql.is_empty()).then_some(Check { name: String::new(), columns, sql })
}

fn one_of(columns: &[String], is_optional: bool, database: Database) -> String {
    let names: Vec<_> = columns.iter().map(|column| quote::identifier(column, database)).collect();
    let count = if database == Database::Postgresql {
        format!("num_nonnulls({})", names.join(", "))
    } else {
        names.iter().map(|name| format!("({name} IS NOT NULL)")).collect::<Vec<_>>().join(" + ")
    };
    format!("{count} {} 1", if is_optional { "<=" } else { "=" })
}

fn of_rule(resource: &Resource, rule: &Rule) -> Option<Check> {
    let sql = by_database(&rule.checked_by, |database| Compiler { resource, database }.rule(&rule.expression));
    let columns = columns_of(resource, &rule.expression);
    (!sql.is_empty()).then(|| Check { name: rule.name.clone().unwrap_or_default(), columns, sql })
}

/// The columns that a rule names, in the order of their first mention.
fn columns_of(resource: &Resource, expression: &Expression) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    visit(expression, &mut |leaf| {
        for name in leaf_columns(resource, leaf) {
            if !columns.iter().any(|column| column == name) {
                columns.push(name.to_owned());
            }
        }
    });
    columns
}

/// The columns of a node without children.
pub(super) fn leaf_columns<'a>(resource: &'a Resource, leaf: &Expression) -> Vec<&'a str> {
    if let Expression::Field(field) = leaf {
        field_columns(resource.field(*field)).collect()
    } else if let Expression::Timestamp(name) = leaf {
        vec![*name]
    } else if *leaf == Expression::Version {
        vec!["version"]
    } else if *leaf == Expression::Id {
        vec![&resource.key.column]
    } else {
        Vec::new()
    }
}

/// Calls a function for every node without children.
fn visit(expression: &Expression, leaf: &mut impl FnMut(&Expression)) {
    match expression {
        Expression::Field(_)
        | Expression::Id
        | Expression::Timestamp(_)
        | Expression::Version
        | Expression::Literal(_) => leaf(expression),
        Expression::Compare(_, left, right)
        | Expression::Implies(left, right)
        | Expression::Add(left, right)
        | Expression::Subtract(left, right)
        | Expression::Multiply(left, right) => {
            visit(left, leaf);
            visit(right, leaf);
        }
        Expression::In { value, options, .. } => {
            visit(value, leaf);
            for option in options {
                visit(option, leaf);
            }
        }
        Expression::IsNull { value, .. } => visit(value, leaf),
        Expression::Matches(inner, _) | Expression::Not(inner) | Expression::Negate(inner) => visit(inner, leaf),
        Expression::And(parts) | Expression::Or(parts) | Expression::Call(_, parts) => {
            for part in parts {
                visit(part, leaf);
            }
        }
    }
}

/// The columns of a field in its own table.
pub(super) fn field_columns(field: &Field) -> Box<dyn Iterator<Item = &str> + '_> {
    match &field.kind {
        FieldKind::Scalar(scalar) => Box::new(std::iter::once(scalar.column.as_str())),
        FieldKind::Reference(reference) => Box::new(std::iter::once(reference.column.as_str())),
        FieldKind::Polymorphic(polymorphic) => {
            Box::new(polymorphic.targets.iter().map(|target| target.column.as_str()))
        }
        FieldKind::Many(_) => Box::new(std::iter::empty()),
    }
}
