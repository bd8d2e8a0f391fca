//! What a field type is in Python: the one match from type to annotation.

use super::imports::Imports;
use super::python::{Expr, Ident};
use crate::model::{FieldType, JsonShape, KeyType, Number, Value};

/// The annotation of a stored value, without `None`. Types come under CamelCase names, so that a field may be called `date`.
pub fn annotation(ty: &FieldType, imports: &mut Imports) -> Expr {
    match ty {
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
        | FieldType::Password(_) => Expr::code("str"),
        FieldType::Integer { .. } => Expr::code("int"),
        FieldType::Float { .. } => Expr::code("float"),
        FieldType::Decimal { .. } | FieldType::Money { .. } => imported(imports, "decimal", "Decimal"),
        FieldType::Bool => Expr::code("bool"),
        FieldType::Date { .. } => imported(imports, "datetime", "date as Date"),
        FieldType::Time { .. } => imported(imports, "datetime", "time as Time"),
        FieldType::Datetime { .. } | FieldType::LocalDatetime { .. } => {
            imported(imports, "datetime", "datetime as DateTime")
        }
        FieldType::Duration { .. } => imported(imports, "datetime", "timedelta as TimeDelta"),
        FieldType::Uuid => imported(imports, "uuid", "UUID"),
        FieldType::Enum(class) => Expr::code(class.class.clone()),
        FieldType::Json(shape) => {
            imports.add("typing", "Any");
            Expr::code(json_annotation(*shape))
        }
        FieldType::Object(_) => {
            imports.add("typing", "Any");
            Expr::code("dict[str, Any]")
        }
        FieldType::List(list) => Expr::code(format!("list[{}]", annotation(&list.element, imports))),
        FieldType::Bytes { .. } => Expr::code("bytes"),
    }
}

fn json_annotation(shape: JsonShape) -> &'static str {
    match shape {
        JsonShape::Any => "Any",
        JsonShape::Object => "dict[str, Any]",
        JsonShape::Array => "list[Any]",
    }
}

/// The annotation of an id.
pub fn key_annotation(ty: KeyType, imports: &mut Imports) -> Expr {
    match ty {
        KeyType::Int | KeyType::Bigint => Expr::code("int"),
        KeyType::Uuid | KeyType::Uuid4 => imported(imports, "uuid", "UUID"),
        KeyType::String(_) => Expr::code("str"),
    }
}

/// A literal as the value that Python code holds; `ty` is the type of its field.
pub fn literal(value: &Value, ty: &FieldType, imports: &mut Imports) -> Expr {
    match value {
        Value::Null => Expr::code("None"),
        Value::Bool(value) => Expr::bool(*value),
        Value::Integer(value) => Expr::code(value.to_string()),
        Value::Float(number) => Expr::code(float(number)),
        Value::Decimal(number) => call(imports, "decimal", "Decimal", &Expr::string(&number.0)),
        Value::Text(text) => Expr::string(text),
        Value::Date(text) => {
            imports.add("datetime", "date as Date");
            Expr::code(format!("Date.fromisoformat({})", Expr::string(text)))
        }
        Value::Time(text) => {
            imports.add("datetime", "time as Time");
            Expr::code(format!("Time.fromisoformat({})", Expr::string(text)))
        }
        Value::Datetime(text) | Value::LocalDatetime(text) => {
            imports.add("datetime", "datetime as DateTime");
            Expr::code(format!("DateTime.fromisoformat({})", Expr::string(text)))
        }
        Value::Duration(microseconds) => {
            imports.add("datetime", "timedelta as TimeDelta");
            Expr::code(format!("TimeDelta({})", duration_arguments(*microseconds)))
        }
        Value::Uuid(text) => call(imports, "uuid", "UUID", &Expr::string(text)),
        Value::Enum(value) => enum_member(ty, value),
        Value::Json(value) => Expr::json(value),
    }
}

/// The member of the field's enum that stands for the value.
fn enum_member(ty: &FieldType, value: &str) -> Expr {
    let FieldType::Enum(class) = ty else { return Expr::string(value) };
    let member = class.values.iter().find(|candidate| candidate.value == value);
    let member = member.expect("the model holds only values of the enum");
    Expr::code(format!("{}.{}", Ident::new(class.class.clone()), Ident::new(member.member.clone())))
}

fn imported(imports: &mut Imports, module: &str, name: &str) -> Expr {
    imports.add(module, name);
    Expr::code(name.rsplit(' ').next().expect("a name is not empty"))
}

fn call(imports: &mut Imports, module: &str, name: &str, argument: &Expr) -> Expr {
    imports.add(module, name);
    Expr::code(format!("{name}({argument})"))
}

/// A float literal needs a point or an exponent.
fn float(number: &Number) -> String {
    if number.0.contains('.') { number.0.clone() } else { format!("{}.0", number.0) }
}

/// The largest unit that divides the duration.
fn duration_arguments(microseconds: i64) -> String {
    const UNITS: [(&str, i64); 7] = [
        ("weeks", 604_800_000_000),
        ("days", 86_400_000_000),
        ("hours", 3_600_000_000),
        ("minutes", 60_000_000),
        ("seconds", 1_000_000),
        ("milliseconds", 1_000),
        ("microseconds", 1),
    ];
    let fits = |unit: &&(&str, i64)| microseconds % unit.1 == 0;
    match UNITS.iter().find(fits) {
        Some(_) if microseconds == 0 => String::new(),
        Some((unit, size)) => format!("{unit}={}", microseconds / size),
        None => format!("microseconds={microseconds}"),
    }
}
