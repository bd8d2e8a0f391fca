//! What a field is in the API: the one match from field type to Pydantic annotation, for requests, responses and queries.

use super::imports::Imports;
use super::python::{Expr, joined};
use crate::model::{
    Bounds, Field, FieldType, IntSize, JsonShape, KeyType, Lengths, Limit, ListType, Number, TextCase, TextRules, Value,
};

/// Where the types of the API live.
const CORE: &str = "core.schemas";

/// An annotation in the making: the type, the validators, and the arguments of `Field`.
#[derive(Default)]
struct Parts {
    base: String,
    metadata: Vec<String>,
    arguments: Vec<String>,
    /// What the JSON Schema says besides, as entries of a dictionary.
    extra: Vec<String>,
}

impl Parts {
    fn of(base: impl Into<String>) -> Self {
        Self { base: base.into(), ..Self::default() }
    }

    /// A type of `core.schemas`.
    fn core(imports: &mut Imports, name: &str) -> Self {
        imports.add_own(CORE, name);
        Self::of(name)
    }

    fn argument(&mut self, name: &str, value: impl std::fmt::Display) {
        self.arguments.push(format!("{name}={value}"));
    }

    /// The annotation, with `Annotated` only where it is needed.
    fn annotation(mut self, imports: &mut Imports) -> Expr {
        if !self.extra.is_empty() {
            self.arguments.push(format!("json_schema_extra={{{}}}", self.extra.join(", ")));
        }
        if !self.arguments.is_empty() {
            imports.add("pydantic", "Field");
            self.metadata.insert(0, format!("Field({})", self.arguments.join(", ")));
        }
        if self.metadata.is_empty() {
            return Expr::code(self.base);
        }
        imports.add("typing", "Annotated");
        Expr::code(format!("Annotated[{}, {}]", self.base, self.metadata.join(", ")))
    }
}

/// The annotation of a field in a request, without `None` and `MISSING`.
pub fn input(field: &Field, ty: &FieldType, imports: &mut Imports) -> Expr {
    let mut parts = input_parts(ty, imports);
    describe(field, ty, &mut parts);
    parts.annotation(imports)
}

/// The annotation of a field in a response, without `None` and `MISSING`. Responses are not validated again.
pub fn output(field: &Field, ty: &FieldType, imports: &mut Imports) -> Expr {
    let mut parts = output_parts(ty, imports);
    describe(field, ty, &mut parts);
    parts.annotation(imports)
}

/// The annotation of one value of a field in a query string. What arrives there is text, so numbers and bools are lax.
pub fn query(ty: &FieldType, imports: &mut Imports) -> Expr {
    let name = match ty {
        FieldType::Integer { size, .. } => match size {
            IntSize::Small => "SmallIntText",
            IntSize::Regular => "IntText",
            IntSize::Big => "BigIntText",
        },
        FieldType::Float { .. } => "FloatText",
        FieldType::Decimal { .. } | FieldType::Money { .. } => "DecimalText",
        FieldType::Bool => return Expr::code("bool"),
        FieldType::Date { .. } => "Date",
        FieldType::Time { .. } => "Time",
        FieldType::Datetime { .. } => "DateTime",
        FieldType::LocalDatetime { .. } => "LocalDateTime",
        FieldType::Duration { .. } => "TimeDelta",
        FieldType::Uuid => {
            imports.add("uuid", "UUID");
            return Expr::code("UUID");
        }
        FieldType::Enum(class) => return Expr::code(class.class.clone()),
        FieldType::List(list) => return query(&list.element, imports),
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
        | FieldType::Json(_)
        | FieldType::Object(_)
        | FieldType::Bytes { .. } => "FilterText",
    };
    imports.add_own(CORE, name);
    Expr::code(name)
}

/// The annotation of an id in bodies and paths.
pub fn key(ty: KeyType, imports: &mut Imports) -> Expr {
    match ty {
        KeyType::Int => core(imports, "IntKey"),
        KeyType::Bigint => core(imports, "BigIntKey"),
        KeyType::Uuid | KeyType::Uuid4 => {
            imports.add("uuid", "UUID");
            Expr::code("UUID")
        }
        KeyType::String(length) => {
            imports.add_own(CORE, "TrimmedText");
            imports.add("pydantic", "Field");
            imports.add("typing", "Annotated");
            Expr::code(format!("Annotated[TrimmedText, Field(min_length=1, max_length={length})]"))
        }
    }
}

fn core(imports: &mut Imports, name: &str) -> Expr {
    imports.add_own(CORE, name);
    Expr::code(name)
}

/// Description, deprecation and example, for OpenAPI.
fn describe(field: &Field, ty: &FieldType, parts: &mut Parts) {
    if let Some(doc) = &field.doc {
        parts.argument("description", Expr::string(doc.trim()));
    }
    parts.extra.extend(extras(field, ty));
    if let Some(example) = example(field, ty) {
        parts.argument("examples", format!("[{}]", Expr::json(&example)));
    }
}

/// What OpenAPI is told besides. Pydantic takes `deprecated` on a whole field only, not where `None` may stand beside it.
fn extras(field: &Field, ty: &FieldType) -> Vec<String> {
    let mut extras = Vec::new();
    if field.deprecated {
        extras.push("\"deprecated\": True".to_owned());
    }
    if let FieldType::Money { currency, .. } = ty {
        extras.push(format!("\"x-currency\": \"{}\"", currency.code));
    }
    extras
}

fn input_parts(ty: &FieldType, imports: &mut Imports) -> Parts {
    match ty {
        FieldType::String(rules) | FieldType::Text(rules) => text(rules, imports),
        FieldType::Integer { size, bounds, multiple_of } => {
            let name = match size {
                IntSize::Small => "SmallInt",
                IntSize::Regular => "Int",
                IntSize::Big => "BigInt",
            };
            number(Parts::core(imports, name), bounds, multiple_of.as_ref(), imports)
        }
        FieldType::Float { bounds, multiple_of } => {
            number(Parts::core(imports, "Float"), bounds, multiple_of.as_ref(), imports)
        }
        FieldType::Decimal { precision, scale, bounds, multiple_of } => {
            decimal(*precision, *scale, bounds, multiple_of.as_ref(), imports)
        }
        FieldType::Money { currency, bounds, multiple_of } => {
            decimal(19, currency.decimals, bounds, multiple_of.as_ref(), imports)
        }
        FieldType::Bool => Parts::core(imports, "Bool"),
        FieldType::Date { bounds } => number(Parts::core(imports, "Date"), bounds, None, imports),
        FieldType::Time { bounds } => number(Parts::core(imports, "Time"), bounds, None, imports),
        FieldType::Datetime { bounds } => number(Parts::core(imports, "DateTime"), bounds, None, imports),
        FieldType::LocalDatetime { bounds } => number(Parts::core(imports, "LocalDateTime"), bounds, None, imports),
        FieldType::Duration { bounds } => number(Parts::core(imports, "TimeDelta"), bounds, None, imports),
        FieldType::Uuid => {
            imports.add("uuid", "UUID");
            Parts::of("UUID")
        }
        FieldType::Enum(class) => Parts::of(class.class.clone()),
        FieldType::Email => Parts::core(imports, "EmailText"),
        FieldType::Url => Parts::core(imports, "UrlText"),
        FieldType::Slug { .. } => Parts::core(imports, "SlugText"),
        FieldType::Phone => Parts::core(imports, "PhoneText"),
        FieldType::Ip => Parts::core(imports, "IpText"),
        FieldType::Timezone => Parts::core(imports, "TimezoneText"),
        FieldType::Locale => Parts::core(imports, "LocaleText"),
        FieldType::Country => Parts::core(imports, "CountryText"),
        FieldType::Currency => Parts::core(imports, "CurrencyText"),
        FieldType::Color => Parts::core(imports, "ColorText"),
        FieldType::Password(lengths) => {
            imports.add("pydantic", "SecretStr");
            let mut parts = Parts::of("SecretStr");
            add_lengths(*lengths, &mut parts);
            parts
        }
        FieldType::Json(shape) => Parts::core(imports, json_name(*shape)),
        FieldType::Object(object) => Parts::of(object.class.clone()),
        FieldType::List(list) => items(list, imports),
        FieldType::Bytes { min, max } => {
            let mut parts = Parts::core(imports, "Base64");
            if *min > 0 {
                parts.argument("min_length", min);
            }
            if let Some(max) = max {
                parts.argument("max_length", max);
            }
            parts
        }
    }
}

fn output_parts(ty: &FieldType, imports: &mut Imports) -> Parts {
    match ty {
        FieldType::Integer { size: IntSize::Big, .. } => Parts::core(imports, "BigIntRead"),
        FieldType::Integer { .. } => Parts::of("int"),
        FieldType::Float { .. } => Parts::of("float"),
        FieldType::Decimal { .. } | FieldType::Money { .. } => Parts::core(imports, "DecimalRead"),
        FieldType::Bool => Parts::of("bool"),
        FieldType::Date { .. } => Parts::core(imports, "Date"),
        FieldType::Time { .. } => Parts::core(imports, "Time"),
        FieldType::Datetime { .. } => Parts::core(imports, "DateTime"),
        FieldType::LocalDatetime { .. } => Parts::core(imports, "LocalDateTime"),
        FieldType::Duration { .. } => Parts::core(imports, "TimeDelta"),
        FieldType::Uuid => {
            imports.add("uuid", "UUID");
            Parts::of("UUID")
        }
        FieldType::Enum(class) => Parts::of(class.class.clone()),
        FieldType::Json(shape) => json_output(*shape, imports),
        FieldType::Object(object) => Parts::of(format!("{}Read", object.class)),
        FieldType::List(list) => {
            let element = output_parts(&list.element, imports).annotation(imports);
            Parts::of(format!("list[{element}]"))
        }
        FieldType::Bytes { .. } => Parts::core(imports, "Base64"),
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
        | FieldType::Password(_) => Parts::of("str"),
    }
}

fn json_name(shape: JsonShape) -> &'static str {
    match shape {
        JsonShape::Any => "Json",
        JsonShape::Object => "JsonObject",
        JsonShape::Array => "JsonArray",
    }
}

fn json_output(shape: JsonShape, imports: &mut Imports) -> Parts {
    imports.add("typing", "Any");
    Parts::of(match shape {
        JsonShape::Any => "Any",
        JsonShape::Object => "dict[str, Any]",
        JsonShape::Array => "list[Any]",
    })
}

/// Text is normalised first. A pattern of the spec takes the place of the one that keeps U+0000 out, which then is checked
/// after it; where the case is changed first, OpenAPI does not show the pattern, because more than it is accepted.
fn text(rules: &TextRules, imports: &mut Imports) -> Parts {
    let mut parts = match (rules.trim, rules.pattern.is_some()) {
        (true, false) => Parts::core(imports, "TrimmedText"),
        (false, false) => Parts::core(imports, "Text"),
        (true, true) => Parts::core(imports, "TrimmedString"),
        (false, true) => Parts::of("str"),
    };
    add_lengths(rules.lengths, &mut parts);
    if let Some(pattern) = &rules.pattern {
        parts.argument("pattern", Expr::string(pattern));
        imports.add_own(CORE, "without_nul");
        imports.add("pydantic", "AfterValidator");
        parts.metadata.push("AfterValidator(without_nul)".to_owned());
    }
    let fold = match rules.case {
        TextCase::Keep => return parts,
        TextCase::Lower => "lower",
        TextCase::Upper => "upper",
    };
    imports.add_own(CORE, fold);
    imports.add("pydantic", "BeforeValidator");
    parts.metadata.push(format!("BeforeValidator({fold})"));
    if rules.pattern.is_some() {
        imports.add("pydantic", "WithJsonSchema");
        let Lengths { min, max } = rules.lengths;
        let schema = format!("{{\"type\": \"string\", \"minLength\": {min}, \"maxLength\": {max}}}");
        parts.metadata.push(format!("WithJsonSchema({schema})"));
    }
    parts
}

fn add_lengths(lengths: Lengths, parts: &mut Parts) {
    if lengths.min > 0 {
        parts.argument("min_length", lengths.min);
    }
    parts.argument("max_length", lengths.max);
}

fn number(mut parts: Parts, bounds: &Bounds, multiple_of: Option<&Number>, imports: &mut Imports) -> Parts {
    if let Some(lower) = &bounds.lower {
        let name = if lower.exclusive { "gt" } else { "ge" };
        parts.argument(name, limit(lower, imports));
    }
    if let Some(upper) = &bounds.upper {
        let name = if upper.exclusive { "lt" } else { "le" };
        parts.argument(name, limit(upper, imports));
    }
    if let Some(step) = multiple_of {
        parts.argument("multiple_of", step.0.clone());
    }
    parts
}

fn decimal(precision: u8, scale: u8, bounds: &Bounds, multiple_of: Option<&Number>, imports: &mut Imports) -> Parts {
    let mut parts = Parts::core(imports, "DecimalValue");
    parts.argument("max_digits", precision);
    parts.argument("decimal_places", scale);
    let mut parts = number(parts, bounds, None, imports);
    if let Some(step) = multiple_of {
        imports.add("annotated_types", "MultipleOf");
        imports.add("decimal", "Decimal");
        parts.metadata.push(format!("MultipleOf(Decimal({}))", Expr::string(&step.0)));
    }
    parts
}

/// A limit as a value. Times are read from text, since their names are taken by the types of the API.
fn limit(limit: &Limit, imports: &mut Imports) -> Expr {
    let (reader, text) = match &limit.value {
        Value::Integer(value) => return Expr::code(value.to_string()),
        Value::Float(number) => return Expr::code(number.0.clone()),
        Value::Decimal(number) => {
            if !number.0.contains('.') {
                return Expr::code(number.0.clone());
            }
            imports.add("decimal", "Decimal");
            return Expr::code(format!("Decimal({})", Expr::string(&number.0)));
        }
        Value::Date(text) => ("as_date", Expr::string(text)),
        Value::Time(text) => ("as_time", Expr::string(text)),
        Value::Datetime(text) | Value::LocalDatetime(text) => ("as_datetime", Expr::string(text)),
        Value::Duration(microseconds) => ("as_duration", Expr::code(microseconds.to_string())),
        Value::Null | Value::Bool(_) | Value::Text(_) | Value::Uuid(_) | Value::Enum(_) | Value::Json(_) => {
            unreachable!("the model bounds only numbers and times")
        }
    };
    imports.add_own(CORE, reader);
    Expr::code(format!("{reader}({text})"))
}

fn items(list: &ListType, imports: &mut Imports) -> Parts {
    let element = input_parts(&list.element, imports).annotation(imports);
    let mut parts = Parts::of(format!("list[{element}]"));
    if list.min > 0 {
        parts.argument("min_length", list.min);
    }
    if let Some(max) = list.max {
        parts.argument("max_length", max);
    }
    if list.unique {
        imports.add_own(CORE, "each_once");
        imports.add("pydantic", "AfterValidator");
        parts.extra.push("\"uniqueItems\": True".to_owned());
        parts.metadata.push("AfterValidator(each_once)".to_owned());
    }
    parts
}

/// What OpenAPI shows: the example of the spec, or for types whose form is not obvious one of their own.
fn example(field: &Field, ty: &FieldType) -> Option<serde_json::Value> {
    if let Some(value) = &field.example {
        return Some(json(value));
    }
    let text = match ty {
        FieldType::String(TextRules { pattern: None, lengths, .. })
        | FieldType::Text(TextRules { pattern: None, lengths, .. }) => sample_text(&field.name.title(), *lengths),
        FieldType::Email => "ann@example.com".to_owned(),
        FieldType::Url => "https://example.com/".to_owned(),
        FieldType::Slug { .. } => field.name.kebab(),
        FieldType::Phone => "+4915112345678".to_owned(),
        FieldType::Ip => "192.0.2.1".to_owned(),
        FieldType::Timezone => "Europe/Berlin".to_owned(),
        FieldType::Locale => "en-GB".to_owned(),
        FieldType::Country => "DE".to_owned(),
        FieldType::Currency => "EUR".to_owned(),
        FieldType::Color => "#336699".to_owned(),
        FieldType::Password(lengths) => sample_text("correct horse battery", *lengths),
        FieldType::Duration { .. } => "PT30M".to_owned(),
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
        | FieldType::Uuid
        | FieldType::Enum(_)
        | FieldType::Json(_)
        | FieldType::Object(_)
        | FieldType::List(_)
        | FieldType::Bytes { .. } => return None,
    };
    Some(text.into())
}

/// A text, repeated and cut to the lengths.
pub fn sample_text(text: &str, lengths: Lengths) -> String {
    let wanted = usize::try_from(lengths.min).expect("lengths are small").max(text.chars().count());
    let wanted = wanted.min(usize::try_from(lengths.max).expect("lengths are small"));
    text.chars()
        .chain(" ".chars())
        .cycle()
        .take(wanted)
        .collect::<String>()
        .replace(' ', if wanted == 0 { "" } else { " " })
}

/// A literal as JSON.
pub fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Integer(value) => (*value).into(),
        Value::Decimal(number) => number.0.clone().into(),
        Value::Float(number) => serde_json::from_str(&number.0).expect("the model holds numbers that JSON can read"),
        Value::Text(text)
        | Value::Date(text)
        | Value::Time(text)
        | Value::Datetime(text)
        | Value::LocalDatetime(text)
        | Value::Uuid(text)
        | Value::Enum(text) => text.clone().into(),
        Value::Duration(microseconds) => iso_duration(*microseconds).into(),
        Value::Json(value) => value.clone(),
    }
}

/// ISO 8601, in seconds.
fn iso_duration(microseconds: i64) -> String {
    let sign = if microseconds < 0 { "-" } else { "" };
    let (seconds, rest) = (microseconds.unsigned_abs() / 1_000_000, microseconds.unsigned_abs() % 1_000_000);
    if rest == 0 {
        return format!("{sign}PT{seconds}S");
    }
    let fraction = format!("{rest:06}");
    format!("{sign}PT{seconds}.{}S", fraction.trim_end_matches('0'))
}

/// Text literals, for `Literal[…]`.
pub fn literals<'a>(words: impl IntoIterator<Item = &'a str>) -> Expr {
    Expr::code(joined(words.into_iter().map(Expr::string)))
}
