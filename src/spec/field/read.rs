//! Reads fields: the shorthand first, then the keys of the long form into the same shape.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Access, BoundSpec, Database, Deprecation, EnumValueSpec, FieldSpec, FieldUnique, Include, InverseSpec, LetterCase,
    LimitsSpec, OnDelete, SortKey, Storage, TypeSpec, check,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::spec::document::{Entry, Node, NodeKind, Style};
use crate::spec::kind::{self, Kind};
use crate::spec::literal::{LiteralSpec, LiteralText};
use crate::spec::name::{is_name, refusal};
use crate::spec::permission::{ReadWriteSpec, read_write};
use crate::spec::reader::{Allowed, Keys, Reader, Words, json, leading_zero, one_of, with_help};
use crate::spec::shorthand::{self, Modifier, Token};
use crate::spec::suggest;

/// The deepest nesting of objects.
const MAX_OBJECT_DEPTH: usize = 3;

/// The keys of a field.
pub(in crate::spec) const ALLOWED: Allowed = Allowed {
    place: "a field",
    now: &[
        "type",
        "doc",
        "example",
        "deprecated",
        "default",
        "required",
        "nullable",
        "unique",
        "index",
        "access",
        "immutable",
        "readonly",
        "writeonly",
        "private",
        "sensitive",
        "min",
        "max",
        "min_length",
        "max_length",
        "min_items",
        "max_items",
        "unique_items",
        "multiple_of",
        "pattern",
        "values",
        "trim",
        "case",
        "column",
        "column_type",
        "check",
        "json",
        "permissions",
        "filter",
        "sort",
        "search",
        "fake",
        "inverse",
        "on_delete",
        "include",
        "join_table",
        "join_columns",
        "order",
        "fields",
        "storage",
    ],
    later: &["renamed_from", "computed", "stored", "nested", "through", "max_size", "accept"],
    foreign: suggest::FOREIGN_FIELD_KEYS,
};

const ACCESS: Words<Access> = Words {
    code: Code::E022,
    noun: "access",
    now: &[
        ("readwrite", Access::ReadWrite),
        ("immutable", Access::Immutable),
        ("readonly", Access::ReadOnly),
        ("writeonly", Access::WriteOnly),
        ("private", Access::Private),
    ],
    later: &[],
    foreign: &[("hidden", "private"), ("read_only", "readonly"), ("write_only", "writeonly"), ("read", "readonly")],
};

const CASE: Words<LetterCase> = Words {
    code: Code::E016,
    noun: "case",
    now: &[("lower", LetterCase::Lower), ("upper", LetterCase::Upper)],
    later: &[],
    foreign: &[("lowercase", "lower"), ("uppercase", "upper")],
};

const STORAGE: Words<Storage> = Words {
    code: Code::E016,
    noun: "storage",
    now: &[("portable", Storage::Portable), ("native", Storage::Native)],
    later: &[],
    foreign: &[],
};

/// The databases.
pub(in crate::spec) const DATABASES: Words<Database> = Words {
    code: Code::E024,
    noun: "database",
    now: &[("postgresql", Database::Postgresql), ("mysql", Database::Mysql), ("sqlite", Database::Sqlite)],
    later: &[],
    foreign: suggest::FOREIGN_DATABASES,
};

/// What a delete does.
pub(in crate::spec) const ON_DELETE: Words<OnDelete> = Words {
    code: Code::E310,
    noun: "on_delete",
    now: &[
        ("restrict", OnDelete::Restrict),
        ("cascade", OnDelete::Cascade),
        ("set_null", OnDelete::SetNull),
        ("no_action", OnDelete::NoAction),
    ],
    later: &[],
    foreign: suggest::FOREIGN_ON_DELETE,
};

const INCLUDE: Words<Include> = Words {
    code: Code::E016,
    noun: "include",
    now: &[("never", Include::Never), ("on_request", Include::OnRequest), ("always", Include::Always)],
    later: &[],
    foreign: &[],
};

const INVERSE: Allowed =
    Allowed { place: "`inverse`", now: &["name", "order", "include"], later: &["renamed_from"], foreign: &[] };

const VALUE: Allowed = Allowed { place: "an enum value", now: &["doc"], later: &["renamed_from"], foreign: &[] };

/// The words behind a type, in the order of the layout.
pub(in crate::spec) const MODIFIERS: &[&str] =
    &["required", "unique", "index", "immutable", "readonly", "writeonly", "private", "sensitive", "inverse"];

/// Fields that could be read, and the names of those that could not.
#[derive(Default)]
pub(in crate::spec) struct Fields {
    pub fields: Vec<FieldSpec>,
    pub broken: BTreeSet<String>,
}

/// What stands around a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Directly in a resource, mixin or `types:`.
    Top,
    /// In an object, so many deep.
    Object(usize),
}

/// Reads a mapping of name to field.
pub(in crate::spec) fn fields(reader: &mut Reader, node: &Node, name: &str) -> Fields {
    nested(reader, node, name, Place::Top)
}

fn nested(reader: &mut Reader, node: &Node, name: &str, place: Place) -> Fields {
    if let NodeKind::List(items) = &node.kind {
        let span = items.first().map_or(&node.span, |item| &item.span);
        let message = format!("`{name}` is a mapping of name to type, not a list");
        reader.push(Diagnostic::new(Code::E009, span, message).help("remove the dashes: `title: string(200)`"));
        return Fields::default();
    }
    let mut found = Fields::default();
    for entry in reader.mapping(node, name).unwrap_or_default() {
        let (field, failed) = reader.watch(|reader| field(reader, entry, place));
        match field {
            Some(field) if !failed => found.fields.push(field),
            _ => {
                found.broken.insert(entry.key.value.clone());
            }
        }
    }
    found
}

/// Reads a field or a named type; its name is checked by the caller of a named type.
pub(in crate::spec) fn named_type(reader: &mut Reader, entry: &Entry) -> Option<FieldSpec> {
    field(reader, entry, Place::Top)
}

/// Reads a field of the command line, to see what is wrong with it.
pub(in crate::spec) fn checked(reader: &mut Reader, key: &Spanned<String>, node: &Node) {
    let mut field = FieldSpec::new(key, &node.span);
    if shorthand(reader, node, &mut field) {
        finish(reader, &field);
    }
}

fn field(reader: &mut Reader, entry: &Entry, place: Place) -> Option<FieldSpec> {
    let name = check_name(reader, &entry.key);
    let node = &entry.value;
    let field = match &node.kind {
        NodeKind::Broken => None,
        NodeKind::Mapping(_) => long_form(reader, entry, place),
        NodeKind::List(_) => {
            let message = format!("the field `{}` is a shorthand or a mapping, not a list", entry.key.value);
            reader.refuse(Diagnostic::new(Code::E009, &node.span, message).help("write e.g. `string(1..200)`"))
        }
        NodeKind::Scalar(_) if node.is_null() => {
            let message = format!("the field `{}` has no type", entry.key.value);
            reader.refuse(Diagnostic::new(Code::E011, &entry.key.span, message).help("write e.g. `string(1..200)`"))
        }
        NodeKind::Scalar(_) => {
            let mut field = FieldSpec::new(&entry.key, &node.span);
            shorthand(reader, node, &mut field).then_some(field)
        }
    };
    let field = field?;
    finish(reader, &field);
    name.then_some(field)
}

fn check_name(reader: &mut Reader, key: &Spanned<String>) -> bool {
    let is_fine = is_name(&key.value);
    if !is_fine {
        reader.push(refusal(Code::E101, key, "field name"));
    }
    is_fine
}

/// What shows only when the whole field is known.
fn finish(reader: &mut Reader, field: &FieldSpec) {
    reader.diagnostics_of(check::check(field));
    let is_numeric = check::is_numeric(&field.kind.value);
    let bounds = [&field.limits.min, &field.limits.max].into_iter().flatten().map(|bound| &bound.literal);
    for literal in bounds.chain(field.default.iter()).chain(field.example.iter()).filter(|_| is_numeric) {
        if let LiteralText::Plain(text) = &literal.text
            && let Some(warning) = leading_zero(text, &literal.span)
        {
            reader.push(warning);
        }
    }
}

/// Reads a shorthand into a field; says whether its type could be read.
fn shorthand(reader: &mut Reader, node: &Node, field: &mut FieldSpec) -> bool {
    let NodeKind::Scalar(scalar) = &node.kind else { return false };
    let Some(parts) = shorthand::parse(reader, node, &scalar.text) else { return false };
    if scalar.in_flow && scalar.style == Style::Plain && scalar.text.contains('?') {
        let message = "`?` inside {…} is rejected by YAML 1.1 tools such as yamllint";
        reader.push(
            Diagnostic::new(Code::W018, &node.span, message)
                .help("quote the shorthand or use block form; `backendgen fmt` does it")
                .edit(&node.span, format!("\"{}\"", scalar.text.replace('\\', "\\\\").replace('"', "\\\""))),
        );
    }
    let kind = kind::read(reader, node, &parts);
    let is_readable = kind.is_some();
    if let Some(Kind { spec, limits }) = kind {
        field.kind = spec;
        field.limits = limits;
    }
    field.nullable = parts.nullable.map(|span| Spanned::new(true, span));
    for modifier in parts.modifiers {
        match modifier {
            Modifier::Word { name, arguments, span } => word(reader, field, &name, arguments, &span),
            Modifier::Bound { operator, literal, is_quoted, span } => {
                let text =
                    if is_quoted { LiteralText::Quoted(literal.value) } else { LiteralText::Plain(literal.value) };
                bound(reader, &mut field.limits, &operator, LiteralSpec { text, span: literal.span }, &span);
            }
        }
    }
    field.default = parts.default.map(|default| {
        let text = default.text.value;
        let text = if default.is_quoted { LiteralText::Quoted(text) } else { LiteralText::Plain(text) };
        LiteralSpec { text, span: default.text.span }
    });
    is_readable
}

fn word(reader: &mut Reader, field: &mut FieldSpec, name: &Token, arguments: Option<Vec<Token>>, span: &Span) {
    if let Some(access) = access_word(&name.value).filter(|_| arguments.is_none()) {
        return set_access(reader, field, Spanned::new(access, name.span.clone()), &name.value);
    }
    let yes = || Spanned::new(true, name.span.clone());
    let is_repeated = match (name.value.as_str(), arguments) {
        ("required", None) => field.required.replace(yes()).is_some(),
        ("index", None) => field.index.replace(yes()).is_some(),
        ("sensitive", None) => field.sensitive.replace(yes()).is_some(),
        ("unique", None) => field.unique.replace(Spanned::new(FieldUnique::Alone, span.clone())).is_some(),
        ("unique", Some(scope)) if !scope.is_empty() => {
            field.unique.replace(Spanned::new(FieldUnique::Within(scope), span.clone())).is_some()
        }
        ("inverse", Some(names)) if names.len() == 1 => {
            let Some(inverse) = inverse_name(reader, &names[0]) else { return };
            field.inverse.replace(Spanned::new(inverse, span.clone())).is_some()
        }
        _ => return reader.push(unknown_modifier(name, span)),
    };
    if is_repeated {
        let message = format!("`{}` is given twice", name.value);
        reader.push(Diagnostic::new(Code::E015, &name.span, message).help("remove one of the two"));
    }
}

fn unknown_modifier(name: &Token, span: &Span) -> Diagnostic {
    let word = name.value.as_str();
    let message = format!("unknown modifier `{word}`");
    let diagnostic = Diagnostic::new(Code::E020, &name.span, message);
    if matches!(word, "nullable" | "null" | "optional" | "?") || word.ends_with('?') {
        return diagnostic.help("write `?` directly after the type: `string?`");
    }
    match word {
        "inverse" => {
            Diagnostic::new(Code::E020, span, "`inverse` takes one name or `none`").help("e.g. `inverse(edited_posts)`")
        }
        "unique" => Diagnostic::new(Code::E020, span, "`unique` takes the fields of its scope, or nothing")
            .help("e.g. `unique(project)`"),
        _ if MODIFIERS.contains(&word) => Diagnostic::new(Code::E020, span, format!("`{word}` takes no arguments"))
            .help(format!("write `{word}` alone")),
        "default" => diagnostic.help("write the default last, behind `=`"),
        _ => match suggest::help(word, MODIFIERS.iter().copied(), suggest::FOREIGN_MODIFIERS) {
            Some(help) => with_help(diagnostic, Some(help), &name.span),
            None => {
                diagnostic.help(format!("one of {}; a default stands behind `=`", one_of(MODIFIERS.iter().copied())))
            }
        },
    }
}

fn access_word(word: &str) -> Option<Access> {
    ACCESS.now.iter().find(|(name, _)| *name == word).map(|(_, access)| *access).filter(|_| word != "readwrite")
}

fn set_access(reader: &mut Reader, field: &mut FieldSpec, access: Spanned<Access>, word: &str) {
    let Some(before) = &field.access else {
        field.access = Some(access);
        return;
    };
    let diagnostic = if before.value == access.value {
        Diagnostic::new(Code::E015, &access.span, format!("`{word}` is given twice")).help("remove one of the two")
    } else {
        let other = ACCESS.now.iter().find(|(_, other)| *other == before.value).map_or("", |(name, _)| *name);
        Diagnostic::new(Code::E021, &access.span, format!("`{other}` and `{word}` exclude each other"))
            .help("keep one of the two")
    };
    reader.push(diagnostic);
}

fn bound(reader: &mut Reader, limits: &mut LimitsSpec, operator: &Token, literal: LiteralSpec, span: &Span) {
    let inclusive = operator.value.ends_with('=');
    let slot = if operator.value.starts_with('>') { &mut limits.min } else { &mut limits.max };
    if slot.is_some() {
        let end = if operator.value.starts_with('>') { "lower" } else { "upper" };
        let message = format!("the {end} bound is given twice");
        return reader.push(Diagnostic::new(Code::E015, span, message).help("remove one of the two"));
    }
    *slot = Some(BoundSpec { literal, inclusive });
}

fn inverse_name(reader: &mut Reader, token: &Token) -> Option<InverseSpec> {
    if token.value == "none" {
        return Some(InverseSpec::None);
    }
    let name = reader.checked_name(token.clone(), "name of an inverse")?;
    Some(InverseSpec::Named { name, order: Vec::new(), include: None })
}

fn long_form(reader: &mut Reader, entry: &Entry, place: Place) -> Option<FieldSpec> {
    let node = &entry.value;
    let keys = reader.keys(node, &entry.key.value, &ALLOWED)?;
    let mut field = FieldSpec::new(&entry.key, &node.span);
    let (has_type, failed) = reader.watch(|reader| read_type(reader, &keys, &mut field, &entry.key, place));
    plain_keys(reader, &keys, &mut field);
    shared_keys(reader, &keys, &mut field);
    limit_keys(reader, &keys, &mut field.limits);
    access_keys(reader, &keys, &mut field);
    relation_keys(reader, &keys, &mut field);
    (has_type && !failed).then_some(field)
}

/// Reads `type:`, `values:` and `fields:`.
fn read_type(reader: &mut Reader, keys: &Keys<'_>, field: &mut FieldSpec, key: &Spanned<String>, place: Place) -> bool {
    let has_type = match keys.get("type") {
        Some(entry) => match &entry.value.kind {
            NodeKind::Scalar(_) if !entry.value.is_null() => shorthand(reader, &entry.value, field),
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Mapping(_) | NodeKind::Broken => {
                reader.scalar(&entry.value, "type");
                false
            }
        },
        None if keys.get("fields").is_some() => {
            field.kind = Spanned::new(TypeSpec::Object(Vec::new()), key.span.clone());
            true
        }
        None if keys.entries.iter().any(|entry| matches!(entry.key.value.as_str(), "computed" | "nested")) => false,
        None => {
            let message = format!("the field `{}` has no `type:`", key.value);
            reader.push(Diagnostic::new(Code::E011, &key.span, message).help("add e.g. `type: string(1..200)`"));
            false
        }
    };
    values_key(reader, keys, field);
    fields_key(reader, keys, field, place);
    has_type
}

#[expect(clippy::wildcard_enum_match_arm, reason = "every other type refuses the key alike")]
fn values_key(reader: &mut Reader, keys: &Keys<'_>, field: &mut FieldSpec) {
    let Some(entry) = keys.get("values") else { return };
    let values = enum_values(reader, &entry.value, "values");
    match &mut field.kind.value {
        TypeSpec::Enum(given) if given.is_empty() => {
            if let Some(values) = values {
                *given = values;
            }
        }
        TypeSpec::Enum(_) => {
            let message = "the values are given in the shorthand and as a key";
            reader.push(Diagnostic::new(Code::E015, &entry.key.span, message).help("write `type: enum`"));
        }
        _ => reader.push(does_not_work(&entry.key, "values", "it is for `enum`")),
    }
}

/// Reads a list of values, or a mapping of value to doc.
pub(in crate::spec) fn enum_values(reader: &mut Reader, node: &Node, name: &str) -> Option<Vec<EnumValueSpec>> {
    let values: Vec<EnumValueSpec> = match &node.kind {
        NodeKind::Mapping(entries) => entries
            .iter()
            .map(|entry| EnumValueSpec { name: entry.key.clone(), doc: value_doc(reader, entry) })
            .collect(),
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => {
            let names = reader.names(node, name)?;
            names.into_iter().map(|name| EnumValueSpec { name, doc: None }).collect()
        }
    };
    kind::enum_values(reader, &values).then_some(values)
}

fn value_doc(reader: &mut Reader, entry: &Entry) -> Option<Spanned<String>> {
    if entry.value.is_null() {
        return None;
    }
    match &entry.value.kind {
        NodeKind::Mapping(_) => {
            let keys = reader.keys(&entry.value, &entry.key.value, &VALUE)?;
            keys.read(reader, "doc", Reader::text)
        }
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => reader.text(&entry.value, &entry.key.value),
    }
}

fn fields_key(reader: &mut Reader, keys: &Keys<'_>, field: &mut FieldSpec, place: Place) {
    let Some(entry) = keys.get("fields") else { return };
    let depth = match place {
        Place::Top => 1,
        Place::Object(depth) => depth + 1,
    };
    let TypeSpec::Object(given) = &mut field.kind.value else {
        return reader.push(does_not_work(&entry.key, "fields", "it is for `object`"));
    };
    if depth > MAX_OBJECT_DEPTH {
        let message = "objects are nested more than 3 deep";
        return reader
            .push(Diagnostic::new(Code::E019, &entry.key.span, message).help("use a resource, or `json(object)`"));
    }
    *given = nested(reader, &entry.value, "fields", Place::Object(depth)).fields;
}

fn does_not_work(key: &Spanned<String>, name: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::E019, &key.span, format!("`{name}` does not work on this type")).help(help)
}

/// Keys that only the long form has.
fn plain_keys(reader: &mut Reader, keys: &Keys<'_>, field: &mut FieldSpec) {
    field.doc = keys.read(reader, "doc", Reader::text);
    field.example = keys.read(reader, "example", |reader, node, _| reader.literal(node));
    field.deprecated = keys.read(reader, "deprecated", deprecation);
    field.pattern = keys.read(reader, "pattern", Reader::text);
    field.trim = keys.read(reader, "trim", Reader::bool);
    field.case = keys.read(reader, "case", |reader, node, name| reader.word(node, name, &CASE));
    field.column = keys.read(reader, "column", Reader::database_name);
    field.column_type = keys.read(reader, "column_type", column_type).unwrap_or_default();
    field.check = keys.read(reader, "check", Reader::bool);
    field.json = keys.read(reader, "json", json_name);
    field.permissions = keys.read(reader, "permissions", read_write).unwrap_or_default();
    field.filter = keys.read(reader, "filter", Reader::bool);
    field.sort = keys.read(reader, "sort", Reader::bool);
    field.search = keys.read(reader, "search", Reader::bool);
    field.fake = keys.read(reader, "fake", fake);
    field.storage = keys.read(reader, "storage", |reader, node, name| reader.word(node, name, &STORAGE));
    field.allow = reader.allow(keys);
    field.extensions = keys.extensions().map(|entry| (entry.key.value.clone(), json(&entry.value))).collect();
}

/// Keys that the shorthand has too.
fn shared_keys(reader: &mut Reader, keys: &Keys<'_>, field: &mut FieldSpec) {
    once(reader, keys, "default", &mut field.default, |reader, node, _| reader.literal(node));
    once(reader, keys, "required", &mut field.required, Reader::bool);
    once(reader, keys, "nullable", &mut field.nullable, Reader::bool);
    once(reader, keys, "index", &mut field.index, Reader::bool);
    once(reader, keys, "sensitive", &mut field.sensitive, Reader::bool);
    once(reader, keys, "unique", &mut field.unique, |reader, node, name| {
        let flag = reader.bool(node, name)?;
        Some(flag.map(|flag| if flag { FieldUnique::Alone } else { FieldUnique::No }))
    });
    once(reader, keys, "inverse", &mut field.inverse, inverse);
}

/// Reads a key unless the shorthand has said it.
fn once<T>(
    reader: &mut Reader,
    keys: &Keys<'_>,
    key: &str,
    slot: &mut Option<T>,
    read: impl FnOnce(&mut Reader, &Node, &str) -> Option<T>,
) {
    let Some(entry) = keys.get(key) else { return };
    if slot.is_some() {
        let message = format!("`{key}` is given in the shorthand and as a key");
        return reader.push(Diagnostic::new(Code::E015, &entry.key.span, message).help("remove one of the two"));
    }
    *slot = read(reader, &entry.value, key);
}

fn limit_keys(reader: &mut Reader, keys: &Keys<'_>, limits: &mut LimitsSpec) {
    once(reader, keys, "min_length", &mut limits.min_length, Reader::count);
    once(reader, keys, "max_length", &mut limits.max_length, Reader::count);
    once(reader, keys, "min_items", &mut limits.min_items, Reader::count);
    once(reader, keys, "max_items", &mut limits.max_items, Reader::count);
    once(reader, keys, "unique_items", &mut limits.unique_items, Reader::bool);
    once(reader, keys, "min", &mut limits.min, inclusive);
    once(reader, keys, "max", &mut limits.max, inclusive);
    once(reader, keys, "multiple_of", &mut limits.multiple_of, |reader, node, _| reader.literal(node));
}

fn inclusive(reader: &mut Reader, node: &Node, _: &str) -> Option<BoundSpec> {
    Some(BoundSpec { literal: reader.literal(node)?, inclusive: true })
}

fn access_keys(reader: &mut Reader, keys: &Keys<'_>, field: &mut FieldSpec) {
    if let Some(access) = keys.read(reader, "access", |reader, node, name| reader.word(node, name, &ACCESS)) {
        let word = ACCESS.now.iter().find(|(_, other)| *other == access.value).map_or("", |(name, _)| *name);
        set_access(reader, field, access, word);
    }
    for word in ["immutable", "readonly", "writeonly", "private"] {
        let is_on = keys.read(reader, word, Reader::bool).filter(|flag| flag.value);
        if let (Some(flag), Some(access)) = (is_on, access_word(word)) {
            let span = keys.get(word).map_or(flag.span, |entry| entry.key.span.clone());
            set_access(reader, field, Spanned::new(access, span), word);
        }
    }
}

fn relation_keys(reader: &mut Reader, keys: &Keys<'_>, field: &mut FieldSpec) {
    field.on_delete = keys.read(reader, "on_delete", |reader, node, name| reader.word(node, name, &ON_DELETE));
    field.include = keys.read(reader, "include", |reader, node, name| reader.word(node, name, &INCLUDE));
    field.order = keys.read(reader, "order", sort_keys).unwrap_or_default();
    field.join_table = keys.read(reader, "join_table", Reader::database_name);
    field.join_columns = keys.read(reader, "join_columns", join_columns);
}

fn inverse(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<InverseSpec>> {
    let inverse = match &node.kind {
        NodeKind::Mapping(_) => {
            let keys = reader.keys(node, name, &INVERSE)?;
            let order = keys.read(reader, "order", sort_keys).unwrap_or_default();
            let include = keys.read(reader, "include", |reader, node, name| reader.word(node, name, &INCLUDE));
            if keys.get("name").is_none() {
                let message = "`inverse` has no `name:`";
                return reader.refuse(Diagnostic::new(Code::E011, &node.span, message).help("add e.g. `name: items`"));
            }
            let name = keys.read(reader, "name", |reader, node, key| reader.name(node, key, "name of an inverse"))?;
            InverseSpec::Named { name, order, include }
        }
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => {
            let token = reader.text(node, name)?;
            inverse_name(reader, &token)?
        }
    };
    Some(Spanned::new(inverse, node.span.clone()))
}

/// Reads `-created_at` or a list of such.
pub(in crate::spec) fn sort_keys(reader: &mut Reader, node: &Node, name: &str) -> Option<Vec<Spanned<SortKey>>> {
    let items = reader.items(node, name)?;
    Some(items.iter().filter_map(|item| sort_key(reader, item, name)).collect())
}

fn sort_key(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<SortKey>> {
    let text = reader.text(node, name)?;
    let (field, descending) = text.value.strip_prefix('-').map_or((text.value.as_str(), false), |field| (field, true));
    if !field.split('.').all(is_name) {
        return reader.refuse(refusal(Code::E101, &text, "field name"));
    }
    Some(Spanned::new(SortKey { field: field.to_owned(), descending }, text.span))
}

fn join_columns(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<[Spanned<String>; 2]>> {
    let items = reader.list(node, name)?;
    let columns: Vec<_> = items.iter().filter_map(|item| reader.database_name(item, name)).collect();
    if items.len() != 2 {
        let message = "`join_columns` are two: the column of this side first";
        return reader.refuse(Diagnostic::new(Code::E009, &node.span, message).help("e.g. `[playlist_id, track_id]`"));
    }
    let columns: [Spanned<String>; 2] = columns.try_into().ok()?;
    Some(Spanned::new(columns, node.span.clone()))
}

/// Reads `true`, `false` or words.
pub(in crate::spec) fn deprecation(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<Deprecation>> {
    let text = reader.text(node, name)?;
    let is_plain = matches!(&node.kind, NodeKind::Scalar(scalar) if scalar.style == Style::Plain);
    Some(text.map(|text| match text.as_str() {
        "true" if is_plain => Deprecation::Yes,
        "false" if is_plain => Deprecation::No,
        _ => Deprecation::Because(text),
    }))
}

fn column_type(reader: &mut Reader, node: &Node, name: &str) -> Option<Vec<(Spanned<Database>, Spanned<String>)>> {
    let entries = reader.mapping(node, name)?;
    Some(
        entries
            .iter()
            .filter_map(|entry| {
                let database = reader.word_of(&entry.key, &DATABASES);
                let text = reader.text(&entry.value, &entry.key.value);
                Some((database?, text?))
            })
            .collect(),
    )
}

/// A JSON name: any identifier.
fn json_name(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<String>> {
    let text = reader.text(node, name)?;
    let is_identifier = text.value.len() <= 63
        && text.value.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
        && !text.value.contains("__");
    if is_identifier {
        return Some(text);
    }
    let message = format!("`{}` is not a JSON name", text.value);
    let help = "letters, digits and single `_` or `-`, starting with a letter";
    reader.refuse(Diagnostic::new(Code::E101, &text.span, message).help(help))
}

/// The name of a Faker provider.
fn fake(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<String>> {
    let text = reader.text(node, name)?;
    if is_name(&text.value) {
        return Some(text);
    }
    let message = format!("`{}` is not the name of a Faker provider", text.value);
    reader.refuse(Diagnostic::new(Code::E016, &text.span, message).help("e.g. `company`"))
}

impl Reader {
    /// Adds all diagnostics of a check.
    pub(in crate::spec) fn diagnostics_of(&mut self, diagnostics: Vec<Diagnostic>) {
        for diagnostic in diagnostics {
            self.push(diagnostic);
        }
    }
}

impl FieldSpec {
    fn new(name: &Spanned<String>, span: &Span) -> Self {
        Self {
            name: name.clone(),
            span: span.clone(),
            kind: Spanned::new(TypeSpec::String, span.clone()),
            limits: LimitsSpec::default(),
            nullable: None,
            default: None,
            required: None,
            unique: None,
            index: None,
            access: None,
            sensitive: None,
            doc: None,
            example: None,
            deprecated: None,
            pattern: None,
            trim: None,
            case: None,
            column: None,
            column_type: Vec::new(),
            check: None,
            json: None,
            permissions: ReadWriteSpec::default(),
            filter: None,
            sort: None,
            search: None,
            fake: None,
            storage: None,
            inverse: None,
            on_delete: None,
            include: None,
            order: Vec::new(),
            join_table: None,
            join_columns: None,
            allow: Vec::new(),
            extensions: BTreeMap::new(),
        }
    }
}
