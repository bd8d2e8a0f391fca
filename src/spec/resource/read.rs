//! Reads `resources/<plural>.yaml`.

use std::collections::BTreeSet;
use std::sync::Arc;

use camino::Utf8Path;

use super::{
    Hook, IdSpec, IdType, IndexMethod, IndexSpec, ListSpec, MixinUse, OwnerSpec, Page, ResourceSpec, Selection,
    Timestamps, UniqueSpec, Versioning,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::spec::document::{Entry, Node, NodeKind};
use crate::spec::field::SortKey;
use crate::spec::field::read::{Fields, deprecation, fields, sort_keys};
use crate::spec::name::{is_name, refusal};
use crate::spec::permission::{OPERATIONS, permissions};
use crate::spec::reader::{Allowed, Keys, Reader, Section, Words, json, later, noun, with_help};
use crate::spec::rule::{condition, rules};
use crate::spec::{shorthand, suggest};

/// The longest `id: string(n)`.
const MAX_ID: u32 = 255;

/// The keys of a resource.
pub(in crate::spec) const ALLOWED: Allowed = Allowed {
    place: "the resource",
    now: &[
        "doc",
        "label",
        "tags",
        "deprecated",
        "singular",
        "table",
        "route",
        "include",
        "id",
        "timestamps",
        "soft_delete",
        "versioned",
        "owner",
        "fields",
        "unique",
        "indexes",
        "rules",
        "operations",
        "permissions",
        "list",
        "hooks",
        "tests",
    ],
    later: &["renamed_from", "tenant", "bulk", "get_by", "states", "actions", "cache", "rate_limit"],
    foreign: suggest::FOREIGN_RESOURCE_KEYS,
};

const ID: Allowed = Allowed { place: "`id`", now: &["type", "column", "generated"], later: &[], foreign: &[] };
const MIXIN: Allowed = Allowed { place: "an entry of `include`", now: &["prefix"], later: &[], foreign: &[] };
const UNIQUE: Allowed = Allowed {
    place: "an entry of `unique`",
    now: &["fields", "where", "name", "case", "nulls"],
    later: &["renamed_from"],
    foreign: &[("columns", "fields"), ("condition", "where")],
};
const INDEX: Allowed = Allowed {
    place: "an entry of `indexes`",
    now: &["fields", "where", "name", "method"],
    later: &["renamed_from"],
    foreign: &[("columns", "fields"), ("condition", "where"), ("type", "method"), ("using", "method")],
};
/// The keys of `list`.
pub(in crate::spec) const LIST: Allowed = Allowed {
    place: "`list`",
    now: &["filter", "sort", "default_sort", "search", "page", "page_size", "max_page_size", "count"],
    later: &[],
    foreign: &[("filters", "filter"), ("limit", "page_size"), ("order", "default_sort"), ("pagination", "page")],
};

const METHODS: Words<IndexMethod> = Words {
    code: Code::E016,
    noun: "method",
    now: &[
        ("btree", IndexMethod::Btree),
        ("hash", IndexMethod::Hash),
        ("gin", IndexMethod::Gin),
        ("gist", IndexMethod::Gist),
        ("brin", IndexMethod::Brin),
        ("trigram", IndexMethod::Trigram),
        ("fulltext", IndexMethod::Fulltext),
    ],
    later: &[],
    foreign: &[("trgm", "trigram"), ("full_text", "fulltext")],
};

const PAGES: Words<Page> = Words {
    code: Code::E016,
    noun: "page",
    now: &[("offset", Page::Offset), ("cursor", Page::Cursor), ("none", Page::None)],
    later: &[],
    foreign: &[("keyset", "cursor"), ("false", "none")],
};

const HOOKS: Words<Hook> = Words {
    code: Code::E614,
    noun: "hook",
    now: &[
        ("before_create", Hook::BeforeCreate),
        ("after_create", Hook::AfterCreate),
        ("before_update", Hook::BeforeUpdate),
        ("after_update", Hook::AfterUpdate),
        ("before_delete", Hook::BeforeDelete),
        ("after_delete", Hook::AfterDelete),
        ("scope", Hook::Scope),
    ],
    later: &["before_transition", "after_transition"],
    foreign: &[
        ("before_save", "before_update"),
        ("after_save", "after_update"),
        ("before_insert", "before_create"),
        ("after_insert", "after_create"),
        ("before_destroy", "before_delete"),
        ("after_destroy", "after_delete"),
        ("pre_save", "before_update"),
        ("post_save", "after_update"),
    ],
};

/// Reads a resource file; `name` is the file name without its ending.
pub(in crate::spec) fn resource(reader: &mut Reader, path: &Arc<Utf8Path>, name: &str, node: &Node) -> ResourceSpec {
    let name = Spanned::new(name.to_owned(), Span::new(path, 0, 0));
    let keys = reader.keys(node, "the resource", &ALLOWED).unwrap_or(Keys { span: &node.span, entries: &[] });
    let mut section = Section::new(reader, keys);
    let id = section.read("id", id).unwrap_or_default();
    let own = fields_of(&mut section, &name);
    let spec = ResourceSpec {
        name,
        path: Arc::clone(path),
        doc: section.read("doc", Reader::text),
        label: section.read("label", Reader::text),
        tags: section.read("tags", Reader::names).unwrap_or_default(),
        deprecated: section.read("deprecated", deprecation),
        singular: section.read("singular", |reader, node, key| reader.name(node, key, "singular")),
        table: section.read("table", Reader::database_name),
        route: section.read("route", Reader::route),
        include: section.read("include", include).unwrap_or_default(),
        id,
        timestamps: section.read("timestamps", timestamps),
        soft_delete: section.read("soft_delete", Reader::bool),
        versioned: section.read("versioned", versioned),
        owner: section.read("owner", owner),
        fields: own.fields,
        unique: section.read("unique", uniques).unwrap_or_default(),
        indexes: section.read("indexes", indexes).unwrap_or_default(),
        rules: section.read("rules", rules).unwrap_or_default(),
        operations: section.read("operations", |reader, node, key| reader.words(node, key, &OPERATIONS)),
        permissions: section.read("permissions", permissions).unwrap_or_default(),
        list: section.read("list", list).unwrap_or_default(),
        hooks: section.read("hooks", hooks).unwrap_or_default(),
        tests: section.read("tests", Reader::bool),
        allow: section.reader.allow(&keys),
        extensions: keys.extensions().map(|entry| (entry.key.value.clone(), json(&entry.value))).collect(),
        broken: section.broken,
    };
    ResourceSpec { broken: spec.broken.into_iter().chain(own.broken).collect(), ..spec }
}

fn fields_of(section: &mut Section<'_, '_>, name: &Spanned<String>) -> Fields {
    match section.keys.get("fields") {
        Some(entry) => fields(section.reader, &entry.value, "fields"),
        None if section.keys.get("include").is_some() => Fields::default(),
        None => {
            let is_misspelt = section.keys.entries.iter().any(|entry| {
                !ALLOWED.now.contains(&entry.key.value.as_str()) && matches!(entry.value.kind, NodeKind::Mapping(_))
            });
            if !is_misspelt {
                let diagnostic = Diagnostic::new(Code::E011, &name.span, "the resource has no `fields:`");
                section.reader.push(diagnostic.help("add `fields:` and e.g. `  title: string(1..200)`"));
            }
            section.broken.insert("fields".to_owned());
            Fields::default()
        }
    }
}

fn id(reader: &mut Reader, node: &Node, name: &str) -> Option<IdSpec> {
    match &node.kind {
        NodeKind::Mapping(_) => {
            let keys = reader.keys(node, name, &ID)?;
            let kind = keys.read(reader, "type", |reader, node, _| id_type(reader, node));
            let column = keys.read(reader, "column", Reader::database_name);
            let generated = keys.read(reader, "generated", Reader::bool);
            Some(IdSpec { kind, column, generated })
        }
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => {
            let kind = id_type(reader, node)?;
            Some(IdSpec { kind: Some(kind), column: None, generated: None })
        }
    }
}

/// Reads the type of an id.
pub(in crate::spec) fn id_type(reader: &mut Reader, node: &Node) -> Option<Spanned<IdType>> {
    let text = reader.scalar(node, "id")?.text.clone();
    let parts = shorthand::parse(reader, node, &text)?;
    let is_bare = parts.nullable.is_none() && parts.modifiers.is_empty() && parts.default.is_none();
    let length = match parts.arguments.as_deref() {
        Some([length]) => length.value.parse().ok().filter(|length| (1..=MAX_ID).contains(length)),
        _ => None,
    };
    let kind = match (parts.kind.value.as_str(), &parts.arguments, length) {
        ("uuid", None, _) => IdType::Uuid,
        ("uuid4", None, _) => IdType::Uuid4,
        ("int", None, _) => IdType::Int,
        ("bigint", None, _) => IdType::BigInt,
        ("string", Some(_), Some(length)) => IdType::String(length),
        _ => return reader.refuse(no_id(&text, &node.span)),
    };
    if is_bare { Some(Spanned::new(kind, node.span.clone())) } else { reader.refuse(no_id(&text, &node.span)) }
}

fn no_id(text: &str, span: &Span) -> Diagnostic {
    Diagnostic::new(Code::E026, span, format!("`{text}` cannot be an id"))
        .help("int, bigint, uuid, uuid4 or string(n) with n up to 255")
}

fn include(reader: &mut Reader, node: &Node, name: &str) -> Option<Vec<MixinUse>> {
    let uses: Vec<_> = match &node.kind {
        NodeKind::Mapping(entries) => entries.iter().filter_map(|entry| mixin_use(reader, entry)).collect(),
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => {
            let names = reader.names(node, name)?;
            names.into_iter().map(|mixin| MixinUse { mixin, prefix: None }).collect()
        }
    };
    Some(uses.into_iter().filter(|used| is_known_mixin(reader, &used.mixin)).collect())
}

fn mixin_use(reader: &mut Reader, entry: &Entry) -> Option<MixinUse> {
    let mixin = entry.key.clone();
    if entry.value.is_null() {
        return Some(MixinUse { mixin, prefix: None });
    }
    let keys = reader.keys(&entry.value, &entry.key.value, &MIXIN)?;
    let prefix = match keys.get("prefix") {
        Some(entry) => Some(prefix(reader, &entry.value)?),
        None => None,
    };
    Some(MixinUse { mixin, prefix })
}

fn prefix(reader: &mut Reader, node: &Node) -> Option<Spanned<String>> {
    let text = reader.text(node, "prefix")?;
    let name = text.value.strip_suffix('_').unwrap_or(&text.value);
    if is_name(name) { Some(text) } else { reader.refuse(refusal(Code::E101, &text, "prefix")) }
}

fn is_known_mixin(reader: &mut Reader, mixin: &Spanned<String>) -> bool {
    let Some(shared) = &reader.shared else { return true };
    if shared.mixins.contains(&mixin.value) {
        return true;
    }
    let help = suggest::help(&mixin.value, shared.mixins.iter().map(String::as_str), &[])
        .unwrap_or_else(|| "define it in `mixins:` of backendgen.yaml".to_owned());
    let diagnostic = Diagnostic::new(Code::E027, &mixin.span, format!("unknown mixin `{}`", mixin.value));
    reader.push(with_help(diagnostic, Some(help), &mixin.span));
    false
}

/// Reads `timestamps:`.
pub(in crate::spec) fn timestamps(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<Timestamps>> {
    const NAMES: Words<bool> = Words {
        code: Code::E016,
        noun: "timestamps",
        now: &[("created_at", true), ("updated_at", false)],
        later: &[],
        foreign: &[("created", "created_at"), ("updated", "updated_at")],
    };
    if matches!(node.kind, NodeKind::List(_)) {
        let names = reader.words(node, name, &NAMES)?;
        let has = |created: bool| names.value.iter().any(|name| name.value == created);
        return Some(Spanned::new(Timestamps { created_at: has(true), updated_at: has(false) }, names.span));
    }
    let flag = reader.bool(node, name)?;
    Some(flag.map(|flag| Timestamps { created_at: flag, updated_at: flag }))
}

/// Reads `versioned:`.
pub(in crate::spec) fn versioned(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<Versioning>> {
    if reader.scalar(node, name)?.text == "required" {
        return Some(Spanned::new(Versioning::Required, node.span.clone()));
    }
    let flag = reader.bool(node, name)?;
    Some(flag.map(|flag| if flag { Versioning::On } else { Versioning::Off }))
}

fn owner(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<OwnerSpec>> {
    let text = reader.text(node, name)?;
    if text.value == "self" {
        return Some(text.map(|_| OwnerSpec::Itself));
    }
    if text.value.contains('.') && text.value.split('.').all(is_name) {
        return reader.refuse(later(Code::E016, &text, "an owner behind another reference"));
    }
    let name = reader.checked_name(text, "field name")?;
    Some(name.map(OwnerSpec::Field))
}

fn uniques(reader: &mut Reader, node: &Node, name: &str) -> Option<Vec<UniqueSpec>> {
    let items = reader.list(node, name)?;
    Some(items.iter().filter_map(|item| unique(reader, item)).collect())
}

fn unique(reader: &mut Reader, node: &Node) -> Option<UniqueSpec> {
    const CASES: Words<bool> = Words {
        code: Code::E016,
        noun: "case",
        now: &[("sensitive", false), ("insensitive", true)],
        later: &[],
        foreign: &[("ignore", "insensitive")],
    };
    const NULLS: Words<bool> = Words {
        code: Code::E016,
        noun: "nulls",
        now: &[("distinct", false), ("equal", true)],
        later: &[],
        foreign: &[("not_distinct", "equal")],
    };
    let mapping = entry_of(reader, node, "unique", "write `- [project, number]`", &UNIQUE)?;
    let Some(keys) = mapping else {
        let fields = names_once(reader, node, "unique")?;
        let span = node.span.clone();
        let (case_insensitive, nulls_equal) = (None, None);
        return Some(UniqueSpec { fields, condition: None, name: None, case_insensitive, nulls_equal, span });
    };
    let fields = keys.read(reader, "fields", names_once);
    let condition = keys.read(reader, "where", condition);
    let name = keys.read(reader, "name", Reader::database_name);
    let case = keys.read(reader, "case", |reader, node, key| reader.word(node, key, &CASES));
    let nulls = keys.read(reader, "nulls", |reader, node, key| reader.word(node, key, &NULLS));
    let span_if = |flag: Option<Spanned<bool>>| flag.filter(|flag| flag.value).map(|flag| flag.span);
    require_fields(reader, &keys, "unique");
    Some(UniqueSpec {
        fields: fields?,
        condition,
        name,
        case_insensitive: span_if(case),
        nulls_equal: span_if(nulls),
        span: node.span.clone(),
    })
}

fn indexes(reader: &mut Reader, node: &Node, name: &str) -> Option<Vec<IndexSpec>> {
    let items = reader.list(node, name)?;
    Some(items.iter().filter_map(|item| index(reader, item)).collect())
}

fn index(reader: &mut Reader, node: &Node) -> Option<IndexSpec> {
    let mapping = entry_of(reader, node, "indexes", "write `- [status, -created_at]`", &INDEX)?;
    let Some(keys) = mapping else {
        let fields = sort_keys_once(reader, node, "indexes")?;
        return Some(IndexSpec { fields, condition: None, name: None, method: None, span: node.span.clone() });
    };
    let fields = keys.read(reader, "fields", sort_keys_once);
    let condition = keys.read(reader, "where", condition);
    let name = keys.read(reader, "name", Reader::database_name);
    let method = keys.read(reader, "method", |reader, node, key| reader.word(node, key, &METHODS));
    require_fields(reader, &keys, "indexes");
    Some(IndexSpec { fields: fields?, condition, name, method, span: node.span.clone() })
}

/// The keys of an entry that is a mapping; `Some(None)` when it is a list.
#[expect(clippy::option_option, reason = "the outer says unreadable, the inner says a list")]
fn entry_of<'a>(
    reader: &mut Reader,
    node: &'a Node,
    name: &str,
    help: &str,
    allowed: &Allowed,
) -> Option<Option<Keys<'a>>> {
    match &node.kind {
        NodeKind::Mapping(_) => reader.keys(node, name, allowed).map(Some),
        NodeKind::List(_) => Some(None),
        NodeKind::Broken => None,
        NodeKind::Scalar(_) => {
            let message = format!("an entry of `{name}` is a list of fields or a mapping, not {}", noun(node));
            reader.refuse(Diagnostic::new(Code::E009, &node.span, message).help(help))
        }
    }
}

fn require_fields(reader: &mut Reader, keys: &Keys<'_>, name: &str) {
    if keys.get("fields").is_none() {
        let message = format!("an entry of `{name}` has no `fields:`");
        reader.push(Diagnostic::new(Code::E011, keys.span, message).help("add e.g. `fields: [name]`"));
    }
}

fn names_once(reader: &mut Reader, node: &Node, name: &str) -> Option<Vec<Spanned<String>>> {
    let items = reader.items(node, name)?;
    let names: Vec<_> = items.iter().filter_map(|item| reader.name(item, name, "field name")).collect();
    let is_complete = names.len() == items.len();
    let refer = names.iter().map(|name| (&name.value, &name.span));
    (each_once(reader, refer, node, name) && is_complete).then_some(names)
}

fn sort_keys_once(reader: &mut Reader, node: &Node, name: &str) -> Option<Vec<Spanned<SortKey>>> {
    let wanted = reader.items(node, name)?.len();
    let keys = sort_keys(reader, node, name)?;
    let refer = keys.iter().map(|key| (&key.value.field, &key.span));
    (each_once(reader, refer, node, name) && keys.len() == wanted).then_some(keys)
}

/// Tells of fields that are listed twice, and of a list without any.
fn each_once<'a>(
    reader: &mut Reader,
    names: impl Iterator<Item = (&'a String, &'a Span)>,
    node: &Node,
    name: &str,
) -> bool {
    let mut seen = BTreeSet::new();
    let mut is_fine = true;
    for (field, span) in names {
        if !seen.insert(field) {
            is_fine = false;
            let message = format!("the field `{field}` is listed twice");
            reader.push(Diagnostic::new(Code::E402, span, message).help("remove one of the two"));
        }
    }
    if let NodeKind::List(items) = &node.kind
        && items.is_empty()
    {
        let message = format!("an entry of `{name}` lists no field");
        reader.push(Diagnostic::new(Code::E009, &node.span, message).help("write e.g. `- [name]`"));
        return false;
    }
    is_fine
}

/// Reads `list:`.
pub(in crate::spec) fn list(reader: &mut Reader, node: &Node, name: &str) -> Option<ListSpec> {
    let keys = reader.keys(node, name, &LIST)?;
    Some(ListSpec {
        filter: keys.read(reader, "filter", selection),
        sort: keys.read(reader, "sort", selection),
        default_sort: keys.read(reader, "default_sort", |reader, node, key| {
            let keys = sort_keys(reader, node, key)?;
            Some(Spanned::new(keys, node.span.clone()))
        }),
        search: keys.read(reader, "search", selection),
        page: keys.read(reader, "page", |reader, node, key| reader.word(node, key, &PAGES)),
        page_size: keys.read(reader, "page_size", Reader::positive),
        max_page_size: keys.read(reader, "max_page_size", Reader::positive),
        count: keys.read(reader, "count", Reader::bool),
    })
}

fn selection(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<Selection>> {
    let word = match &node.kind {
        NodeKind::Scalar(scalar) => scalar.text.as_str(),
        NodeKind::List(_) | NodeKind::Mapping(_) | NodeKind::Broken => "",
    };
    let selection = match word {
        "all" => Selection::All,
        "none" => Selection::None,
        _ => {
            let items = reader.items(node, name)?;
            let names: Vec<_> = items.iter().filter_map(|item| reader.path(item, name)).collect();
            let refer = names.iter().map(|name| (&name.value, &name.span));
            let mut seen = BTreeSet::new();
            for (field, span) in refer {
                if !seen.insert(field) {
                    let message = format!("the field `{field}` is listed twice");
                    reader.push(Diagnostic::new(Code::E402, span, message).help("remove one of the two"));
                }
            }
            Selection::Names(names)
        }
    };
    Some(Spanned::new(selection, node.span.clone()))
}

fn hooks(reader: &mut Reader, node: &Node, name: &str) -> Option<Vec<Spanned<Hook>>> {
    reader.words(node, name, &HOOKS).map(|hooks| hooks.value)
}
