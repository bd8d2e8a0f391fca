//! Reads `backendgen.yaml`.

use std::sync::Arc;

use camino::Utf8Path;

use super::{
    ApiSpec, AuthSpec, DefaultsSpec, Feature, JsonCase, JsonNumber, MixinSpec, NamingSpec, ProjectSpec, PythonVersion,
    Rate, RateBy, RateKey, RateLimitSpec, RateUnit, Register,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::ownership::Ownership;
use crate::source::{Span, Spanned};
use crate::spec::document::{Entry, Node, NodeKind};
use crate::spec::field::FieldSpec;
use crate::spec::field::read::{DATABASES, ON_DELETE, enum_values, fields, named_type};
use crate::spec::kind::{LATER_TYPES, TYPES, is_currency};
use crate::spec::literal::duration;
use crate::spec::name::{is_name, refusal};
use crate::spec::permission::{Operation, read_write};
use crate::spec::reader::{Allowed, Keys, Reader, Section, SharedNames, Words, json, with_help};
use crate::spec::resource::IdType;
use crate::spec::resource::read::{id_type, list, timestamps, versioned};
use crate::spec::rule::rules;
use crate::spec::suggest;

/// The version of the language that is read.
const VERSION: &str = "1";
/// The oldest Python that a backend runs on.
const OLDEST_PYTHON: PythonVersion = PythonVersion { major: 3, minor: 11 };

/// The keys of the project.
pub(in crate::spec) const ALLOWED: Allowed = Allowed {
    place: "the project",
    now: &[
        "backendgen",
        "name",
        "doc",
        "package",
        "python",
        "databases",
        "orm",
        "features",
        "ownership",
        "migrations",
        "auth",
        "api",
        "defaults",
        "naming",
        "types",
        "mixins",
        "tests",
    ],
    later: &["tenancy", "files"],
    foreign: suggest::FOREIGN_PROJECT_KEYS,
};

/// The keys of `auth`.
pub(in crate::spec) const AUTH: Allowed = Allowed {
    place: "`auth`",
    now: &[
        "method",
        "user",
        "login",
        "password",
        "roles",
        "default_role",
        "superuser",
        "register",
        "access_ttl",
        "refresh_ttl",
        "permissions",
    ],
    later: &[],
    foreign: &[("admin", "superuser"), ("default", "default_role"), ("user_resource", "user"), ("signup", "register")],
};
/// The keys of `api`.
pub(in crate::spec) const API: Allowed = Allowed {
    place: "`api`",
    now: &["prefix", "version", "case", "decimal", "bigint", "currency", "trim"],
    later: &[],
    foreign: &[("base_path", "prefix"), ("casing", "case")],
};
/// The keys of `defaults`.
pub(in crate::spec) const DEFAULTS: Allowed = Allowed {
    place: "`defaults`",
    now: &["id", "timestamps", "soft_delete", "versioned", "on_delete", "list", "rate_limit", "tests"],
    later: &[],
    foreign: &[("primary_key", "id"), ("pagination", "list")],
};
/// The keys of `naming`.
pub(in crate::spec) const NAMING: Allowed = Allowed {
    place: "`naming`",
    now: &["primary_key", "foreign_key", "index", "unique", "check"],
    later: &[],
    foreign: &[("ck", "check"), ("fk", "foreign_key"), ("ix", "index"), ("pk", "primary_key"), ("uq", "unique")],
};
const MIGRATIONS: Allowed = Allowed { place: "`migrations`", now: &["mode", "heads"], later: &[], foreign: &[] };
/// The keys of a mixin.
pub(in crate::spec) const MIXIN: Allowed =
    Allowed { place: "a mixin", now: &["fields", "rules"], later: &[], foreign: &[] };

const METHODS: Words<()> = Words { code: Code::E016, noun: "method", now: &[("jwt", ())], later: &[], foreign: &[] };
const ORMS: Words<()> =
    Words { code: Code::E016, noun: "orm", now: &[("sqlalchemy", ())], later: &["sqlmodel"], foreign: &[] };
const MODES: Words<()> =
    Words { code: Code::E016, noun: "mode", now: &[("simple", ())], later: &["online"], foreign: &[] };
const HEADS: Words<()> =
    Words { code: Code::E016, noun: "heads", now: &[("dag", ())], later: &["single"], foreign: &[] };

const FEATURES: Words<Feature> = Words {
    code: Code::E032,
    noun: "feature",
    now: &[
        ("metrics", Feature::Metrics),
        ("docker", Feature::Docker),
        ("ci", Feature::Ci),
        ("pre_commit", Feature::PreCommit),
        ("api_keys", Feature::ApiKeys),
    ],
    later: &["redis", "worker", "tracing", "kubernetes", "email", "social_login", "admin", "adr"],
    foreign: suggest::FOREIGN_FEATURES,
};

const OWNERS: &[(&str, Ownership)] =
    &[("generated", Ownership::Generated), ("merged", Ownership::Merged), ("yours", Ownership::Yours)];

const REGISTER: Words<Register> = Words {
    code: Code::E016,
    noun: "register",
    now: &[("public", Register::Public), ("nobody", Register::Nobody)],
    later: &[],
    foreign: &[("false", "nobody"), ("none", "nobody"), ("true", "public")],
};

const CASES: Words<JsonCase> = Words {
    code: Code::E016,
    noun: "case",
    now: &[("snake", JsonCase::Snake), ("camel", JsonCase::Camel)],
    later: &[],
    foreign: &[("camelcase", "camel"), ("snake_case", "snake")],
};

const NUMBERS: Words<JsonNumber> = Words {
    code: Code::E016,
    noun: "a number in JSON",
    now: &[("string", JsonNumber::String), ("number", JsonNumber::Number)],
    later: &[],
    foreign: &[("text", "string")],
};

const RATE_BY: Words<RateBy> = Words {
    code: Code::E016,
    noun: "by",
    now: &[("user", RateBy::User), ("ip", RateBy::Ip)],
    later: &["tenant"],
    foreign: &[],
};

const RATE_KEYS: Words<RateKey> = Words {
    code: Code::E008,
    noun: "key in a rate limit:",
    now: &[
        ("all", RateKey::All),
        ("read", RateKey::Read),
        ("write", RateKey::Write),
        ("list", RateKey::Operation(Operation::List)),
        ("get", RateKey::Operation(Operation::Get)),
        ("create", RateKey::Operation(Operation::Create)),
        ("update", RateKey::Operation(Operation::Update)),
        ("replace", RateKey::Operation(Operation::Replace)),
        ("delete", RateKey::Operation(Operation::Delete)),
        ("restore", RateKey::Operation(Operation::Restore)),
        ("purge", RateKey::Operation(Operation::Purge)),
    ],
    later: &["upsert", "bulk_create", "bulk_update", "bulk_delete"],
    foreign: suggest::FOREIGN_OPERATIONS,
};

/// The names that every file may use, whatever else is wrong with the project.
pub(in crate::spec) fn shared_names(node: &Node) -> SharedNames {
    let names = |key: &str| {
        let NodeKind::Mapping(entries) = &node.kind else { return Vec::new() };
        let entry = entries.iter().find(|entry| entry.key.value == key);
        match entry.map(|entry| &entry.value.kind) {
            Some(NodeKind::Mapping(entries)) => entries.iter().map(|entry| entry.key.value.clone()).collect(),
            _ => Vec::new(),
        }
    };
    SharedNames { types: names("types").into_iter().collect(), mixins: names("mixins").into_iter().collect() }
}

/// Reads the project file.
pub(in crate::spec) fn project(reader: &mut Reader, path: &Arc<Utf8Path>, node: &Node) -> ProjectSpec {
    let keys = reader.keys(node, "the project", &ALLOWED).unwrap_or(Keys { span: &node.span, entries: &[] });
    check_version(reader, path, &keys);
    let mut section = Section::new(reader, keys);
    section.read("orm", |reader, node, key| reader.word(node, key, &ORMS));
    section.read("migrations", migrations);
    let name = name(&mut section, path);
    ProjectSpec {
        path: Arc::clone(path),
        name,
        doc: section.read("doc", Reader::text),
        package: section.read("package", |reader, node, key| reader.name(node, key, "name of a package")),
        python: section.read("python", python),
        databases: section.read("databases", databases),
        features: section.read("features", |reader, node, key| reader.words(node, key, &FEATURES)),
        ownership: section.read("ownership", ownership).unwrap_or_default(),
        auth: auth(&mut section),
        api: section.read("api", api).unwrap_or_default(),
        defaults: section.read("defaults", defaults).unwrap_or_default(),
        naming: section.read("naming", naming).unwrap_or_default(),
        types: section.read("types", types).unwrap_or_default(),
        mixins: section.read("mixins", mixins).unwrap_or_default(),
        tests: section.read("tests", Reader::bool),
        allow: section.reader.allow(&keys),
        extensions: keys.extensions().map(|entry| (entry.key.value.clone(), json(&entry.value))).collect(),
        broken: section.broken,
    }
}

fn check_version(reader: &mut Reader, path: &Arc<Utf8Path>, keys: &Keys<'_>) {
    let Some(entry) = keys.get("backendgen") else {
        let diagnostic =
            Diagnostic::new(Code::E011, &Span::new(path, 0, 0), "`backendgen:` (the spec version) is missing");
        return reader.push(diagnostic.help("add `backendgen: 1` as the first line"));
    };
    let Some(version) = reader.text(&entry.value, "backendgen") else { return };
    if version.value != VERSION {
        let message = format!("spec version `{}` is not supported", version.value);
        let help = format!("this backendgen understands version {VERSION}");
        reader.push(Diagnostic::new(Code::E023, &version.span, message).help(help));
    }
}

fn name(section: &mut Section<'_, '_>, path: &Arc<Utf8Path>) -> Spanned<String> {
    if section.keys.get("name").is_none() {
        let diagnostic = Diagnostic::new(Code::E011, &Span::new(path, 0, 0), "the project has no `name:`");
        section.reader.push(diagnostic.help("add e.g. `name: my_shop`"));
        section.broken.insert("name".to_owned());
    }
    let name = section.read("name", |reader, node, key| reader.name(node, key, "name of a project"));
    name.unwrap_or_else(|| Spanned::new("app".to_owned(), Span::new(path, 0, 0)))
}

fn migrations(reader: &mut Reader, node: &Node, name: &str) -> Option<()> {
    let keys = reader.keys(node, name, &MIGRATIONS)?;
    keys.read(reader, "mode", |reader, node, key| reader.word(node, key, &MODES));
    keys.read(reader, "heads", |reader, node, key| reader.word(node, key, &HEADS));
    Some(())
}

fn python(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<PythonVersion>> {
    let text = reader.text(node, name)?;
    let version = text
        .value
        .split_once('.')
        .and_then(|(major, minor)| Some(PythonVersion { major: major.parse().ok()?, minor: minor.parse().ok()? }));
    match version {
        Some(version) if version >= OLDEST_PYTHON && version.major == 3 => Some(text.map(|_| version)),
        _ => {
            let message = format!("Python `{}` is not supported", text.value);
            reader.refuse(Diagnostic::new(Code::E029, &text.span, message).help("3.11 or newer"))
        }
    }
}

fn databases(
    reader: &mut Reader,
    node: &Node,
    name: &str,
) -> Option<Spanned<Vec<Spanned<crate::spec::field::Database>>>> {
    for item in reader.items(node, name)? {
        if let NodeKind::Scalar(scalar) = &item.kind
            && scalar.text.eq_ignore_ascii_case("mariadb")
        {
            let diagnostic = Diagnostic::new(Code::E024, &item.span, format!("unknown database `{}`", scalar.text));
            return reader.refuse(diagnostic.help("`mysql` covers MariaDB 10.6 and newer").edit(&item.span, "mysql"));
        }
    }
    let databases = reader.words(node, name, &DATABASES)?;
    if databases.value.is_empty() && matches!(&node.kind, NodeKind::List(items) if items.is_empty()) {
        let diagnostic = Diagnostic::new(Code::E011, &node.span, "`databases` names no database");
        return reader.refuse(diagnostic.help("e.g. `[postgresql, sqlite]`"));
    }
    Some(databases)
}

fn ownership(reader: &mut Reader, node: &Node, name: &str) -> Option<Vec<(Spanned<String>, Spanned<Ownership>)>> {
    let entries = reader.mapping(node, name)?;
    Some(entries.iter().filter_map(|entry| owner_of(reader, entry)).collect())
}

fn owner_of(reader: &mut Reader, entry: &Entry) -> Option<(Spanned<String>, Spanned<Ownership>)> {
    let pattern = entry.key.clone();
    let is_relative = !pattern.value.is_empty()
        && !pattern.value.starts_with('/')
        && !pattern.value.contains('\\')
        && pattern.value.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !is_relative {
        let message = format!("`{}` is not a path relative to the project root", pattern.value);
        return reader.refuse(Diagnostic::new(Code::E016, &pattern.span, message).help("e.g. `app/core/**`"));
    }
    let text = reader.text(&entry.value, &pattern.value)?;
    if let Some((_, owner)) = OWNERS.iter().find(|(word, _)| *word == text.value) {
        return Some((pattern, Spanned::new(*owner, text.span)));
    }
    let help = suggest::help(&text.value, OWNERS.iter().map(|(word, _)| *word), &[("mine", "yours")])
        .unwrap_or_else(|| "generated, merged or yours".to_owned());
    let message = format!("unknown owner `{}` of `{}`", text.value, pattern.value);
    reader.refuse(with_help(Diagnostic::new(Code::E030, &text.span, message), Some(help), &text.span))
}

fn auth(section: &mut Section<'_, '_>) -> Option<AuthSpec> {
    let key = section.keys.get("auth")?.key.span.clone();
    section.read("auth", |reader, node, name| {
        let keys = reader.keys(node, name, &AUTH)?;
        let resource = |reader: &mut Reader, node: &Node, key: &str| reader.name(node, key, "resource name");
        let field = |reader: &mut Reader, node: &Node, key: &str| reader.name(node, key, "field name");
        keys.read(reader, "method", |reader, node, key| reader.word(node, key, &METHODS));
        let user = keys.read(reader, "user", resource);
        if keys.get("user").is_none() {
            let diagnostic = Diagnostic::new(Code::E011, &key, "`auth` has no `user:`");
            reader.push(diagnostic.help("name the resource of the people who log in: `user: users`"));
        }
        let spec = AuthSpec {
            key,
            user: Spanned::new(String::new(), node.span.clone()),
            login: keys.read(reader, "login", field),
            password: keys.read(reader, "password", field),
            roles: keys.read(reader, "roles", roles),
            default_role: keys.read(reader, "default_role", Reader::text),
            superuser: keys.read(reader, "superuser", Reader::text),
            register: keys.read(reader, "register", |reader, node, key| reader.word(node, key, &REGISTER)),
            access_ttl: keys.read(reader, "access_ttl", seconds),
            refresh_ttl: keys.read(reader, "refresh_ttl", seconds),
            permissions: keys.read(reader, "permissions", read_write).unwrap_or_default(),
        };
        Some(AuthSpec { user: user?, ..spec })
    })
}

fn roles(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<Vec<crate::spec::field::EnumValueSpec>>> {
    let roles = enum_values(reader, node, name)?;
    let ((), failed) = reader.watch(|reader| {
        if roles.is_empty() {
            reader.push(Diagnostic::new(Code::E204, &node.span, "`roles` has no values").help("e.g. `[user, admin]`"));
        }
        for role in &roles {
            if ["public", "authenticated", "owner", "nobody", "member"].contains(&role.name.value.as_str()) {
                let message = format!("`{}` is a word of permissions and cannot be a role", role.name.value);
                reader.push(Diagnostic::new(Code::E016, &role.name.span, message).help("choose another name"));
            }
        }
    });
    (!failed).then(|| Spanned::new(roles, node.span.clone()))
}

fn seconds(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<u64>> {
    let text = reader.text(node, name)?;
    let seconds = duration(&text.value).filter(|micros| micros % 1_000_000 == 0).map(|micros| micros / 1_000_000);
    let Some(seconds) = seconds.and_then(|seconds| u64::try_from(seconds).ok()).filter(|seconds| *seconds > 0) else {
        let message = format!("`{}` is not a duration of whole seconds", text.value);
        return reader
            .refuse(Diagnostic::new(Code::E201, &text.span, message).help("e.g. `90s`, `15m`, `2h` or `30d`"));
    };
    Some(text.map(|_| seconds))
}

fn api(reader: &mut Reader, node: &Node, name: &str) -> Option<ApiSpec> {
    let keys = reader.keys(node, name, &API)?;
    Some(ApiSpec {
        prefix: keys.read(reader, "prefix", |reader, node, key| path_part(reader, node, key, is_prefix, "/api")),
        version: keys.read(reader, "version", |reader, node, key| path_part(reader, node, key, is_segment, "v1")),
        case: keys.read(reader, "case", |reader, node, key| reader.word(node, key, &CASES)),
        decimal: keys.read(reader, "decimal", |reader, node, key| reader.word(node, key, &NUMBERS)),
        bigint: keys.read(reader, "bigint", |reader, node, key| reader.word(node, key, &NUMBERS)),
        currency: keys.read(reader, "currency", currency),
        trim: keys.read(reader, "trim", Reader::bool),
    })
}

fn path_part(
    reader: &mut Reader,
    node: &Node,
    name: &str,
    is_fine: fn(&str) -> bool,
    example: &str,
) -> Option<Spanned<String>> {
    let text = reader.text(node, name)?;
    if text.value.is_empty() || is_fine(&text.value) {
        return Some(text);
    }
    let message = format!("`{}` is not a value of `api.{name}`", text.value);
    reader.refuse(Diagnostic::new(Code::E016, &text.span, message).help(format!("e.g. `{example}`, or `\"\"`")))
}

fn is_prefix(text: &str) -> bool {
    text.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_segment))
}

fn is_segment(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte))
        && text.starts_with(|c: char| c.is_ascii_lowercase())
}

fn currency(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<String>> {
    let text = reader.text(node, name)?;
    if is_currency(&text.value) {
        return Some(text);
    }
    let message = format!("`{}` is not a currency", text.value);
    reader.refuse(Diagnostic::new(Code::E016, &text.span, message).help("three capital letters of ISO 4217: `EUR`"))
}

fn defaults(reader: &mut Reader, node: &Node, name: &str) -> Option<DefaultsSpec> {
    let keys = reader.keys(node, name, &DEFAULTS)?;
    Some(DefaultsSpec {
        id: keys.read(reader, "id", default_id),
        timestamps: keys.read(reader, "timestamps", timestamps),
        soft_delete: keys.read(reader, "soft_delete", Reader::bool),
        versioned: keys.read(reader, "versioned", versioned),
        on_delete: keys.read(reader, "on_delete", |reader, node, key| reader.word(node, key, &ON_DELETE)),
        list: keys.read(reader, "list", default_list).unwrap_or_default(),
        rate_limit: keys.read(reader, "rate_limit", rate_limit),
        tests: keys.read(reader, "tests", Reader::bool),
    })
}

fn default_id(reader: &mut Reader, node: &Node, _: &str) -> Option<Spanned<IdType>> {
    let id = id_type(reader, node)?;
    if let IdType::String(_) = id.value {
        let diagnostic = Diagnostic::new(Code::E026, &id.span, "a string cannot be the id of every resource");
        return reader.refuse(diagnostic.help("uuid, uuid4, int or bigint; write `id: string(n)` in the resource"));
    }
    Some(id)
}

fn default_list(reader: &mut Reader, node: &Node, name: &str) -> Option<super::ListSpec> {
    use crate::spec::resource::Selection;
    let list = list(reader, node, name)?;
    for (key, selection) in [("filter", &list.filter), ("sort", &list.sort), ("search", &list.search)] {
        if let Some(Spanned { value: Selection::Names(_), span }) = selection {
            let message = format!("`defaults.list.{key}` cannot name fields");
            reader.push(Diagnostic::new(Code::E016, span, message).help("all or none; name fields in the resource"));
        }
    }
    Some(list)
}

fn rate_limit(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<RateLimitSpec>> {
    let spec = match &node.kind {
        NodeKind::Mapping(entries) => {
            let by = entries.iter().find(|entry| entry.key.value == "by");
            let by = by.and_then(|entry| reader.word(&entry.value, "by", &RATE_BY));
            let rates = entries.iter().filter(|entry| entry.key.value != "by").filter_map(|entry| {
                let key = reader.word_of(&entry.key, &RATE_KEYS);
                let rate = rate(reader, &entry.value, &entry.key.value);
                Some((key?, rate?))
            });
            RateLimitSpec { rates: rates.collect(), by }
        }
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => {
            let rate = rate(reader, node, name)?;
            let key = Spanned::new(RateKey::All, rate.span.clone());
            RateLimitSpec { rates: vec![(key, rate)], by: None }
        }
    };
    Some(Spanned::new(spec, node.span.clone()))
}

fn rate(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<Rate>> {
    let text = reader.text(node, name)?;
    let rate = text.value.split_once('/').and_then(|(requests, unit)| {
        let per = match unit.trim() {
            "second" => RateUnit::Second,
            "minute" => RateUnit::Minute,
            "hour" => RateUnit::Hour,
            "day" => RateUnit::Day,
            _ => return None,
        };
        let requests = requests.trim();
        let requests = requests.bytes().all(|byte| byte.is_ascii_digit()).then(|| requests.parse().ok()).flatten()?;
        (requests > 0).then_some(Rate { requests, per })
    });
    let Some(rate) = rate else {
        let message = format!("cannot read the rate `{}`", text.value);
        let help = "e.g. `100/minute`; second, minute, hour or day";
        return reader.refuse(Diagnostic::new(Code::E613, &text.span, message).help(help));
    };
    Some(text.map(|_| rate))
}

fn naming(reader: &mut Reader, node: &Node, name: &str) -> Option<NamingSpec> {
    let keys = reader.keys(node, name, &NAMING)?;
    Some(NamingSpec {
        primary_key: keys
            .read(reader, "primary_key", |reader, node, key| name_template(reader, node, key, &["{table}"])),
        foreign_key: keys.read(reader, "foreign_key", columns_template),
        index: keys.read(reader, "index", columns_template),
        unique: keys.read(reader, "unique", columns_template),
        check: keys.read(reader, "check", columns_template),
    })
}

fn columns_template(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<String>> {
    name_template(reader, node, name, &["{table}", "{columns}"])
}

fn name_template(reader: &mut Reader, node: &Node, name: &str, needed: &[&str]) -> Option<Spanned<String>> {
    let text = reader.text(node, name)?;
    let mut rest = text.value.clone();
    for placeholder in ["{table}", "{columns}"] {
        rest = rest.replace(placeholder, "");
    }
    let is_plain = rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_plain && needed.iter().all(|placeholder| text.value.contains(placeholder)) {
        return Some(text);
    }
    let message = format!("`{}` is not a template for the name of `{name}`", text.value);
    let help = format!("letters, digits and `_` around {}", needed.join(" and "));
    reader.refuse(Diagnostic::new(Code::E016, &text.span, message).help(help))
}

fn types(reader: &mut Reader, node: &Node, name: &str) -> Option<Vec<FieldSpec>> {
    let entries = reader.mapping(node, name)?;
    Some(entries.iter().filter_map(|entry| named(reader, entry)).collect())
}

fn named(reader: &mut Reader, entry: &Entry) -> Option<FieldSpec> {
    let name = entry.key.value.as_str();
    let is_built_in = TYPES.contains(&name) || LATER_TYPES.contains(&name);
    if is_built_in {
        let message = format!("the named type `{name}` has the name of a built-in type");
        reader.push(Diagnostic::new(Code::E025, &entry.key.span, message).help("choose another name"));
    }
    named_type(reader, entry).filter(|_| !is_built_in)
}

fn mixins(reader: &mut Reader, node: &Node, name: &str) -> Option<Vec<MixinSpec>> {
    let entries = reader.mapping(node, name)?;
    Some(entries.iter().filter_map(|entry| mixin(reader, entry)).collect())
}

fn mixin(reader: &mut Reader, entry: &Entry) -> Option<MixinSpec> {
    if !is_name(&entry.key.value) {
        reader.push(refusal(Code::E101, &entry.key, "name of a mixin"));
    }
    let keys = reader.keys(&entry.value, &entry.key.value, &MIXIN)?;
    let Some(own) = keys.get("fields") else {
        let message = format!("the mixin `{}` has no `fields:`", entry.key.value);
        return reader.refuse(Diagnostic::new(Code::E011, &entry.key.span, message).help("add `fields:`"));
    };
    let own = fields(reader, &own.value, "fields");
    let rules = keys.read(reader, "rules", rules).unwrap_or_default();
    Some(MixinSpec { name: entry.key.clone(), fields: own.fields, rules, broken: own.broken })
}
