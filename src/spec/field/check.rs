//! Which keys and modifiers work on which type, and what contradicts itself within one field.

use super::{Access, BoundSpec, FieldSpec, FieldUnique, LimitsSpec, TypeSpec};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::spec::literal::LiteralText;

/// The longest `string`: MySQL rows have no room for more.
const MAX_STRING: u32 = 16_383;

/// What is wrong with a field by itself. A field of a named type is checked again once the type is known.
#[must_use]
pub fn check(field: &FieldSpec) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    check_order(&field.limits, &mut found);
    if let Some(pattern) = &field.pattern {
        found.extend(check_pattern(pattern, &format!("`{}`", field.name.value)));
    }
    if matches!(field.kind.value, TypeSpec::Named(_)) {
        return found;
    }
    check_bounds(field, &mut found);
    check_lengths(field, &mut found);
    check_text_keys(field, &mut found);
    check_relation_keys(field, &mut found);
    check_uniqueness(field, &mut found);
    check_default(field, &mut found);
    check_visibility(field, &mut found);
    check_contents(field, &mut found);
    found
}

/// Whether the type is a number.
#[must_use]
pub fn is_numeric(kind: &TypeSpec) -> bool {
    matches!(
        kind,
        TypeSpec::SmallInt
            | TypeSpec::Int
            | TypeSpec::BigInt
            | TypeSpec::Float
            | TypeSpec::Decimal { .. }
            | TypeSpec::Money(_)
    )
}

fn is_temporal(kind: &TypeSpec) -> bool {
    matches!(kind, TypeSpec::Date | TypeSpec::Time | TypeSpec::DateTime | TypeSpec::LocalDateTime | TypeSpec::Duration)
}

fn has_length(kind: &TypeSpec) -> bool {
    matches!(kind, TypeSpec::String | TypeSpec::Text | TypeSpec::Password | TypeSpec::Bytes)
}

fn is_relation(kind: &TypeSpec) -> bool {
    matches!(kind, TypeSpec::Ref(_) | TypeSpec::Many(_))
}

/// The diagnostic of something that the type does not take.
fn refuse(span: &Span, what: &str, kind: &TypeSpec, help: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::E019, span, format!("{what} does not work on {}", word(kind)));
    if help.is_empty() { diagnostic } else { diagnostic.help(help) }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "help for the few types that look as if they had bounds")]
fn check_bounds(field: &FieldSpec, found: &mut Vec<Diagnostic>) {
    let kind = &field.kind.value;
    if is_numeric(kind) || is_temporal(kind) {
        return;
    }
    let help = match kind {
        TypeSpec::String | TypeSpec::Text | TypeSpec::Password => "lengths go in parentheses: `string(1..200)`",
        TypeSpec::List(_) => "the number of items goes in parentheses: `list(url, 0..20)`",
        _ => "bounds are for numbers, dates, times and durations",
    };
    let name = |bound: &BoundSpec, sign: &str| {
        if bound.inclusive { format!("`{sign}=`") } else { format!("`{sign}`") }
    };
    for (bound, sign) in [(&field.limits.min, ">"), (&field.limits.max, "<")] {
        if let Some(bound) = bound {
            found.push(refuse(&bound.literal.span, &name(bound, sign), kind, help));
        }
    }
    if let Some(multiple) = &field.limits.multiple_of {
        found.push(refuse(&multiple.span, "`multiple_of`", kind, "it is for numbers"));
    }
}

fn check_lengths(field: &FieldSpec, found: &mut Vec<Diagnostic>) {
    let (kind, limits) = (&field.kind.value, &field.limits);
    for (length, name) in [(&limits.min_length, "`min_length`"), (&limits.max_length, "`max_length`")] {
        let Some(length) = length else { continue };
        if is_numeric(kind) {
            let message = format!("{name} does not work on {}: it takes a range, e.g. `int(1..5)`", word(kind));
            found.push(Diagnostic::new(Code::E018, &length.span, message).help("use `min` and `max`"));
        } else if !has_length(kind) {
            found.push(refuse(&length.span, name, kind, "lengths are for text and bytes"));
        } else if *kind == TypeSpec::String && length.value > MAX_STRING {
            let message = format!("`string` holds at most {MAX_STRING} characters");
            found.push(Diagnostic::new(Code::E018, &length.span, message).help("use `text`"));
        }
    }
    let items = [(&limits.min_items, "`min_items`"), (&limits.max_items, "`max_items`")];
    let items = items.into_iter().filter_map(|(count, name)| Some((&count.as_ref()?.span, name)));
    let unique = limits.unique_items.iter().map(|flag| (&flag.span, "`unique_items`"));
    for (span, name) in items.chain(unique) {
        if !matches!(kind, TypeSpec::List(_)) {
            found.push(refuse(span, name, kind, "it is for `list`"));
        }
    }
}

fn check_order(limits: &LimitsSpec, found: &mut Vec<Diagnostic>) {
    let pairs = [(&limits.min_length, &limits.max_length, "length"), (&limits.min_items, &limits.max_items, "count")];
    for (min, max, noun) in pairs {
        let (Some(min), Some(max)) = (min, max) else { continue };
        if min.value > max.value {
            let message = format!("the minimum {noun} {} is above the maximum {}", min.value, max.value);
            found.push(Diagnostic::new(Code::E206, &min.span, message).help("swap the two"));
        }
    }
    let is_zero = |max: &&Spanned<u32>| max.value == 0;
    if let Some(max) = limits.max_length.as_ref().filter(is_zero) {
        found.push(Diagnostic::new(Code::E206, &max.span, "the maximum length is 0: no text fits"));
    }
}

fn check_text_keys(field: &FieldSpec, found: &mut Vec<Diagnostic>) {
    let kind = &field.kind.value;
    let is_text = matches!(kind, TypeSpec::String | TypeSpec::Text);
    let keys = [
        (field.pattern.as_ref().map(|key| &key.span), "`pattern`"),
        (field.trim.as_ref().map(|key| &key.span), "`trim`"),
        (field.case.as_ref().map(|key| &key.span), "`case`"),
    ];
    for (span, name) in keys {
        if let Some(span) = span.filter(|_| !is_text) {
            found.push(refuse(span, name, kind, "it is for `string` and `text`"));
        }
    }
    if let Some(storage) = &field.storage
        && !matches!(kind, TypeSpec::Enum(_) | TypeSpec::Role | TypeSpec::List(_))
    {
        found.push(refuse(&storage.span, "`storage`", kind, "it is for `enum` and `list`"));
    }
}

fn check_relation_keys(field: &FieldSpec, found: &mut Vec<Diagnostic>) {
    let kind = &field.kind.value;
    let (is_ref, is_many) = (matches!(kind, TypeSpec::Ref(_)), matches!(kind, TypeSpec::Many(_)));
    let keys = [
        // key, its place, whether it works, what it is for
        ("`on_delete`", field.on_delete.as_ref().map(|key| &key.span), is_ref, "it is for `ref`"),
        ("`inverse`", field.inverse.as_ref().map(|key| &key.span), is_relation(kind), "it is for `ref` and `many`"),
        ("`include`", field.include.as_ref().map(|key| &key.span), is_relation(kind), "it is for `ref` and `many`"),
        ("`order`", field.order.first().map(|key| &key.span), is_many, "it is for `many`"),
        ("`join_table`", field.join_table.as_ref().map(|key| &key.span), is_many, "it is for `many`"),
        ("`join_columns`", field.join_columns.as_ref().map(|key| &key.span), is_many, "it is for `many`"),
        ("`column`", field.column.as_ref().map(|key| &key.span), !is_many, "a `many` has a join table: `join_columns`"),
        ("`column_type`", field.column_type.first().map(|(key, _)| &key.span), !is_many, "a `many` has no column"),
        ("`check`", field.check.as_ref().map(|key| &key.span), !is_many, "a `many` has no column"),
        ("`fake`", field.fake.as_ref().map(|key| &key.span), !is_relation(kind), "it is for scalars"),
    ];
    for (name, span, works, help) in keys {
        if let Some(span) = span.filter(|_| !works) {
            found.push(refuse(span, name, kind, help));
        }
    }
}

fn check_uniqueness(field: &FieldSpec, found: &mut Vec<Diagnostic>) {
    let kind = &field.kind.value;
    let unique = field.unique.as_ref().filter(|unique| unique.value != FieldUnique::No);
    let index = field.index.as_ref().filter(|index| index.value);
    let is_many = matches!(kind, TypeSpec::Many(_));
    let has_no_order = matches!(kind, TypeSpec::Json(_) | TypeSpec::List(_) | TypeSpec::Object(_) | TypeSpec::Bytes);
    let cannot_be_unique = has_no_order || matches!(kind, TypeSpec::Bool | TypeSpec::Float);
    if let Some(unique) = unique {
        if is_many {
            found.push(no_many(&unique.span, "unique"));
        } else if cannot_be_unique {
            let message = format!("`unique` does not work on {}", word(kind));
            found.push(Diagnostic::new(Code::E214, &unique.span, message).help("remove `unique`"));
        }
    }
    if let Some(index) = index {
        if is_many {
            found.push(no_many(&index.span, "index"));
        } else if has_no_order {
            found.push(refuse(&index.span, "`index`", kind, "use an entry of `indexes:` with a `method`"));
        }
    }
    if !is_many {
        return;
    }
    if let Some(required) = field.required.as_ref().filter(|required| required.value) {
        found.push(no_many(&required.span, "required"));
    }
    if let Some(nullable) = field.nullable.as_ref().filter(|nullable| nullable.value) {
        found.push(no_many(&nullable.span, "?"));
    }
}

fn no_many(span: &Span, what: &str) -> Diagnostic {
    Diagnostic::new(Code::E309, span, format!("`many` takes no `{what}`")).help(format!("remove `{what}`"))
}

fn check_default(field: &FieldSpec, found: &mut Vec<Diagnostic>) {
    let Some(default) = &field.default else { return };
    let kind = &field.kind.value;
    if matches!(kind, TypeSpec::Bytes | TypeSpec::Password | TypeSpec::Object(_) | TypeSpec::Many(_)) {
        let message = format!("`{}` takes no default", word(kind));
        found.push(Diagnostic::new(Code::E019, &default.span, message).help("remove the default"));
        return;
    }
    let is_nullable = field.nullable.as_ref().is_some_and(|nullable| nullable.value);
    let name = &field.name.value;
    if default.text == LiteralText::Plain("null".to_owned()) && !is_nullable {
        let message = format!("the default of `{name}` is null, but the field cannot be null");
        found.push(Diagnostic::new(Code::E205, &default.span, message).help("write `?` after the type"));
    }
    if let Some(required) = field.required.as_ref().filter(|required| required.value) {
        let message = format!("`{name}` is required: its default only fills existing rows");
        found.push(
            Diagnostic::new(Code::W205, &required.span, message).help("remove `required` if clients may leave it out"),
        );
    }
}

/// A field that nobody may see is not asked for either.
fn check_visibility(field: &FieldSpec, found: &mut Vec<Diagnostic>) {
    let access = field.access.as_ref().map(|access| access.value);
    let property = match access {
        Some(Access::WriteOnly) => "writeonly",
        Some(Access::Private) => "private",
        _ if field.sensitive.as_ref().is_some_and(|sensitive| sensitive.value) => "sensitive",
        _ if field.kind.value == TypeSpec::Password => "a password",
        _ => return,
    };
    for (flag, name) in [(&field.filter, "filter"), (&field.sort, "sort"), (&field.search, "search")] {
        if let Some(flag) = flag.as_ref().filter(|flag| flag.value) {
            let message = format!("`{}` is {property} and cannot be used in `{name}`", field.name.value);
            found.push(Diagnostic::new(Code::E213, &flag.span, message).help(format!("remove `{name}`")));
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "most types hold nothing of their own")]
fn check_contents(field: &FieldSpec, found: &mut Vec<Diagnostic>) {
    let name = &field.name.value;
    match &field.kind.value {
        TypeSpec::Enum(values) if values.is_empty() => {
            let message = format!("the enum `{name}` has no values");
            found.push(Diagnostic::new(Code::E204, &field.kind.span, message).help("e.g. `enum(draft, published)`"));
        }
        TypeSpec::Object(fields) if fields.is_empty() => {
            let message = format!("the object `{name}` has no `fields:`");
            let help = "add its fields, or use `json(object)` for any keys";
            found.push(Diagnostic::new(Code::E011, &field.kind.span, message).help(help));
        }
        TypeSpec::Object(fields) => fields.iter().for_each(|field| check_nested(field, found)),
        TypeSpec::List(element) => {
            check_order(&element.limits, found);
            let max = element.limits.max_length.as_ref().filter(|max| max.value > MAX_STRING);
            if let Some(max) = max.filter(|_| element.kind.value == TypeSpec::String) {
                let message = format!("`string` holds at most {MAX_STRING} characters");
                found.push(Diagnostic::new(Code::E018, &max.span, message).help("use `text`"));
            }
            if matches!(&element.kind.value, TypeSpec::Enum(values) if values.is_empty()) {
                let message = format!("the enum in `{name}` has no values");
                found.push(
                    Diagnostic::new(Code::E204, &element.kind.span, message)
                        .help("e.g. `list(enum(draft, published))`"),
                );
            }
        }
        _ => {}
    }
}

/// A field of an object has no column of its own.
fn check_nested(field: &FieldSpec, found: &mut Vec<Diagnostic>) {
    let kind = &field.kind.value;
    if is_relation(kind) || matches!(kind, TypeSpec::Password | TypeSpec::Bytes | TypeSpec::Slug(_) | TypeSpec::Role) {
        let message = format!("`{}` does not work inside an object", word(kind));
        let help = "an object holds scalars, lists and objects";
        found.push(Diagnostic::new(Code::E019, &field.kind.span, message).help(help));
    }
    let keys = [
        (field.unique.as_ref().map(|key| &key.span), "unique"),
        (field.index.as_ref().map(|key| &key.span), "index"),
        (field.column.as_ref().map(|key| &key.span), "column"),
        (field.column_type.first().map(|(key, _)| &key.span), "column_type"),
        (field.check.as_ref().map(|key| &key.span), "check"),
        (field.storage.as_ref().map(|key| &key.span), "storage"),
        (field.access.as_ref().map(|key| &key.span), "access"),
        (field.filter.as_ref().map(|key| &key.span), "filter"),
        (field.sort.as_ref().map(|key| &key.span), "sort"),
        (field.search.as_ref().map(|key| &key.span), "search"),
    ];
    for (span, name) in keys {
        if let Some(span) = span {
            let message = format!("`{name}` does not work inside an object");
            found.push(Diagnostic::new(Code::E019, span, message).help("write it on the object itself"));
        }
    }
}

/// Why a pattern does not work in the API; `owner` names it.
#[must_use]
pub fn check_pattern(pattern: &Spanned<String>, owner: &str) -> Option<Diagnostic> {
    let text = pattern.value.as_str();
    if has_look_around(text) {
        let message = format!("the pattern of {owner} uses look-around or a back-reference");
        return Some(
            Diagnostic::new(Code::E211, &pattern.span, message).help("Pydantic has neither; write a rule or a hook"),
        );
    }
    let error = regex::Regex::new(text).err()?;
    let reason = error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let message = format!("the pattern of {owner} is not a regular expression");
    Some(Diagnostic::new(Code::E211, &pattern.span, message).help(reason))
}

fn has_look_around(pattern: &str) -> bool {
    let mut rest = pattern;
    while let Some(at) = rest.find(['\\', '(']) {
        let part = &rest[at..];
        let is_reference =
            part.strip_prefix('\\').is_some_and(|part| part.starts_with(|c: char| "123456789k".contains(c)));
        let is_look = ["(?=", "(?!", "(?<=", "(?<!", "(?P=", "(?>"].iter().any(|start| part.starts_with(start));
        if is_reference || is_look {
            return true;
        }
        let skipped = if part.starts_with('\\') { 2 } else { 1 };
        rest = part.char_indices().nth(skipped).map_or("", |(next, _)| &part[next..]);
    }
    false
}

/// The word of a type.
fn word(kind: &TypeSpec) -> &str {
    match kind {
        TypeSpec::String => "string",
        TypeSpec::Text => "text",
        TypeSpec::SmallInt => "smallint",
        TypeSpec::Int => "int",
        TypeSpec::BigInt => "bigint",
        TypeSpec::Float => "float",
        TypeSpec::Decimal { .. } => "decimal",
        TypeSpec::Money(_) => "money",
        TypeSpec::Bool => "bool",
        TypeSpec::Date => "date",
        TypeSpec::Time => "time",
        TypeSpec::DateTime | TypeSpec::LocalDateTime => "datetime",
        TypeSpec::Duration => "duration",
        TypeSpec::Uuid => "uuid",
        TypeSpec::Enum(_) => "enum",
        TypeSpec::Email => "email",
        TypeSpec::Url => "url",
        TypeSpec::Slug(_) => "slug",
        TypeSpec::Phone => "phone",
        TypeSpec::Ip => "ip",
        TypeSpec::Timezone => "timezone",
        TypeSpec::Locale => "locale",
        TypeSpec::Country => "country",
        TypeSpec::Currency => "currency",
        TypeSpec::Color => "color",
        TypeSpec::Password => "password",
        TypeSpec::Json(_) => "json",
        TypeSpec::Object(_) => "object",
        TypeSpec::List(_) => "list",
        TypeSpec::Bytes => "bytes",
        TypeSpec::Ref(_) => "ref",
        TypeSpec::Many(_) => "many",
        TypeSpec::Role => "role",
        TypeSpec::Named(name) => name,
    }
}
