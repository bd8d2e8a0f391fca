//! What a client is told when a constraint of a table is broken.

use super::python::{Expr, joined};
use crate::model::{Bounds, Field, FieldKind, FieldType, Limit, Model, Resource, Value};
use crate::schema::{CheckOrigin, Schema, Table, check_origins};

/// One entry of `CONSTRAINTS`: the name of the constraint and its `Violation`.
type Entry = (Expr, Expr);

/// The entries of a resource, by name.
#[must_use]
pub fn violations(model: &Model, schema: &Schema, resource: &Resource) -> Vec<Entry> {
    let table = schema.table(&resource.names.table).expect("every resource has its table in the schema");
    let mut violations = checks(model, resource, table);
    violations.extend(uniques(resource, table));
    violations.extend(foreign_keys(model, resource, table));
    violations.extend(resource.fields.iter().filter_map(|field| join_tables(model, schema, resource, field)));
    violations.sort();
    violations
}

fn checks(model: &Model, resource: &Resource, table: &Table) -> Vec<Entry> {
    let origins = check_origins(model, resource);
    let pairs = table.checks.iter().zip(origins);
    pairs
        .map(|(check, origin)| match origin {
            CheckOrigin::Field(id) => {
                let field = resource.field(id);
                violation(&check.name, "check_violation", &[field.json.as_str()], &limits(field))
            }
            CheckOrigin::Rule(position) => {
                let rule = &resource.rules[position];
                let names: Vec<_> = rule.fields.iter().map(|id| resource.field(*id).json.as_str()).collect();
                violation(&check.name, "rule_violation", &names, &rule.message)
            }
        })
        .collect()
}

fn uniques(resource: &Resource, table: &Table) -> Vec<Entry> {
    let label = &resource.label;
    let uniques = table.indexes.iter().filter(|index| index.unique);
    uniques
        .map(|index| {
            let fields: Vec<_> = index.columns().map(|column| json_name(resource, column)).collect();
            let names: Vec<_> = index.columns().map(|column| words(resource, column)).collect();
            let detail = format!("Another {label} has this {}.", and(&names));
            violation(&index.name, "unique_violation", &fields, &detail)
        })
        .collect()
}

fn foreign_keys(model: &Model, resource: &Resource, table: &Table) -> Vec<Entry> {
    let keys = table.foreign_keys.iter();
    keys.map(|key| {
        let target = model.resources.iter().find(|target| target.names.table == key.table);
        let label = &target.expect("references lead to resources").label;
        let field = json_name(resource, &key.column);
        violation(&key.name, "reference_not_found", &[field], &format!("The {label} does not exist."))
    })
    .collect()
}

/// Only the far side of a link can be missing: the near one is the row that is written.
fn join_tables(model: &Model, schema: &Schema, resource: &Resource, field: &Field) -> Option<Entry> {
    let FieldKind::Many(many) = &field.kind else { return None };
    let key = schema.table(&many.join_table)?.foreign_key(&many.target_column)?;
    let label = &model.resource(many.target).label;
    let detail = format!("The {label} does not exist.");
    debug_assert!(resource.fields.contains(field), "the field belongs to the resource");
    Some(violation(&key.name, "reference_not_found", &[&field.json], &detail))
}

fn violation(name: &str, code: &str, fields: &[&str], detail: &str) -> Entry {
    let trailing = if fields.len() == 1 { "," } else { "" };
    let fields = joined(fields.iter().map(|field| Expr::string(field)));
    let value = format!("Violation(\"{code}\", ({fields}{trailing}), {})", Expr::string(detail));
    (Expr::string(name), Expr::code(value))
}

/// The JSON name of what a column holds; the column's own name if no field declares it.
fn json_name<'a>(resource: &'a Resource, column: &'a str) -> &'a str {
    field_of(resource, column).map_or(column, |field| &field.json)
}

/// The name of what a column holds, for a sentence.
fn words(resource: &Resource, column: &str) -> String {
    field_of(resource, column).map_or_else(|| column.replace('_', " "), |field| field.name.words())
}

fn field_of<'a>(resource: &'a Resource, column: &str) -> Option<&'a Field> {
    resource.fields.iter().find(|field| match &field.kind {
        FieldKind::Scalar(scalar) => scalar.column == column,
        FieldKind::Reference(reference) => reference.column == column,
        FieldKind::Polymorphic(polymorphic) => polymorphic.targets.iter().any(|target| target.column == column),
        FieldKind::Many(_) => false,
    })
}

/// `a`, `a and b`, `a, b and c`
fn and(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => name.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

/// What the CHECK of a field demands, as a sentence.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other type has a CHECK of its own")]
fn limits(field: &Field) -> String {
    let FieldKind::Scalar(scalar) = &field.kind else {
        let least = if field.presence.nullable { "At most" } else { "Exactly" };
        return format!("{least} one of its targets is set");
    };
    match &scalar.ty {
        FieldType::String(rules) | FieldType::Text(rules) => at_least(rules.lengths.min, "character"),
        FieldType::Bytes { min, .. } => at_least(*min, "byte"),
        FieldType::Enum(class) => {
            let values: Vec<_> = class.values.iter().map(|value| value.value.as_str()).collect();
            format!("One of {}", values.join(", "))
        }
        FieldType::Integer { bounds, .. }
        | FieldType::Float { bounds, .. }
        | FieldType::Decimal { bounds, .. }
        | FieldType::Money { bounds, .. }
        | FieldType::Date { bounds }
        | FieldType::Time { bounds }
        | FieldType::Datetime { bounds }
        | FieldType::LocalDatetime { bounds }
        | FieldType::Duration { bounds } => within(bounds),
        _ => "A value that is allowed".to_owned(),
    }
}

fn at_least(count: u32, unit: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("At least {count} {unit}{plural}")
}

fn within(bounds: &Bounds) -> String {
    let limit = |limit: &Limit, exclusive: &str, inclusive: &str| {
        let word = if limit.exclusive { exclusive } else { inclusive };
        format!("{word} {}", shown(&limit.value))
    };
    let lower = bounds.lower.as_ref().map(|lower| limit(lower, "more than", "at least"));
    let upper = bounds.upper.as_ref().map(|upper| limit(upper, "less than", "at most"));
    let sentence = [lower, upper].into_iter().flatten().collect::<Vec<_>>().join(" and ");
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A limit as a reader would write it.
fn shown(value: &Value) -> String {
    match value {
        Value::Integer(value) => value.to_string(),
        Value::Decimal(number) | Value::Float(number) => number.0.clone(),
        Value::Date(text)
        | Value::Time(text)
        | Value::Datetime(text)
        | Value::LocalDatetime(text)
        | Value::Text(text)
        | Value::Uuid(text)
        | Value::Enum(text) => text.clone(),
        Value::Duration(microseconds) => format!("{} s", microseconds / 1_000_000),
        Value::Bool(value) => value.to_string(),
        Value::Null => "null".to_owned(),
        Value::Json(value) => value.to_string(),
    }
}
