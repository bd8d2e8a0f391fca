//! The words of `test_<plural>_crud.py`: each operation that is on.

use serde::Serialize;

use super::super::imports::{ImportBlock, Imports};
use super::super::python::Expr;
use super::super::schema::cased;
use super::facts::Facts;
use super::sample::import_model;
use super::value;
use crate::model::{
    Access, Field, FieldDefault, FieldKind, FieldType, KeyType, Operation, Page, Resource, Value, Versioning,
};

/// `resource.tests.crud` in templates.
#[derive(Debug, Clone, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word that templates ask for")]
pub struct CrudView {
    /// Import statements.
    pub imports: ImportBlock,
    /// Whether the caller may create, and a body can be made.
    pub creates: bool,
    /// The answer to a create, read again, at most one assertion.
    pub read_again: Vec<Expr>,
    /// See the operation.
    pub gets: bool,
    /// The `ETag` of GET, at most one.
    pub versions: Vec<Expr>,
    /// GET after a delete, at most one assertion.
    pub not_found: Vec<Expr>,
    /// See the operation.
    pub lists: bool,
    /// See the operation.
    pub updates: bool,
    /// See the operation.
    pub replaces: bool,
    /// Whether a delete removes the row.
    pub deletes: bool,
    /// Whether a delete hides the row.
    pub hides: bool,
    /// See the operation.
    pub restores: bool,
    /// See the operation.
    pub purges: bool,
    /// Whether hidden rows are left out of a list.
    pub lists_live: bool,
    /// The answer to the full body.
    pub stored: Expr,
    /// What the answer has of an `ETag` after a create.
    pub created_etag: Expr,
    /// Assertion on the `ETag` of GET, at most one.
    pub got_etag: Vec<Expr>,
    /// Assertion on the `ETag` after an update, at most one.
    pub updated_etag: Vec<Expr>,
    /// Same after an empty update.
    pub unchanged_etag: Vec<Expr>,
    /// Whether a field has a default that can be foretold.
    pub has_defaults: bool,
    /// Field and default.
    pub defaults: Vec<Expr>,
    /// Slugs that are made from another field, with the slug of the sample.
    pub slugs: Vec<SlugView>,
    /// JSON name of the owner and the id of the caller; at most one.
    pub owners: Vec<OwnerView>,
    /// Keys of a page.
    pub page_keys: Expr,
    /// `every post` or `a page of posts`
    pub page: String,
    /// What a page holds.
    pub listed: Expr,
    /// The id of the row in JSON.
    pub row_id: Expr,
    /// What differs after an update, besides the body.
    pub updated: Expr,
    /// `updated_at` after an update, at most one assertion.
    pub later: Vec<Expr>,
    /// Headers of a write to the first version.
    pub if_match: String,
    /// Headers of a write to the second version.
    pub next_if_match: String,
    /// Assertion that the row is gone.
    pub gone: Expr,
    /// Methods on an item that need no body, a list.
    pub methods: Expr,
    /// Whether there is one.
    pub has_methods: bool,
    /// An id that is none.
    pub malformed_id: String,
    /// Method, path and allowed methods of what is off.
    pub refused: Vec<Expr>,
    /// Whether something is off.
    pub has_refused: bool,
    /// Links that are replaced as a whole.
    pub links: Vec<LinkView>,
}

/// A slug that is made from another field.
#[derive(Debug, Clone, Serialize)]
pub struct SlugView {
    /// Attribute.
    pub attribute: String,
    /// In a test's name.
    pub name: String,
    /// JSON name.
    pub json: Expr,
    /// The slug of the sample.
    pub slug: Expr,
    /// The next one.
    pub next: Expr,
}

/// The owner of a row.
#[derive(Debug, Clone, Serialize)]
pub struct OwnerView {
    /// JSON name.
    pub json: Expr,
    /// The id of the caller in JSON.
    pub id: Expr,
}

/// Links of a row.
#[derive(Debug, Clone, Serialize)]
pub struct LinkView {
    /// `tags`
    pub name: String,
    /// In words.
    pub words: String,
    /// Last word of the path.
    pub path: String,
    /// JSON name of the ids.
    pub json: Expr,
    /// Class of the targets.
    pub class: String,
    /// Id of the first and the second target in JSON.
    pub first: Expr,
    /// See `first`.
    pub second: Expr,
}

/// The words of the tests of the operations.
#[expect(clippy::too_many_lines, reason = "one entry for each word of the view, and little else")]
pub fn view(facts: &Facts<'_>) -> CrudView {
    let resource = facts.resource;
    let model = facts.model;
    let (row, caller) = (facts.row_fixture(), facts.caller());
    let creates = facts.required.is_some();
    let defaults = if creates { defaults(facts) } else { Vec::new() };
    let slugs = if creates { slugs(facts) } else { Vec::new() };
    let owners = if creates { owners(facts) } else { Vec::new() };
    let links = links(facts);
    let refused = refused(resource);
    let methods = methods(facts);
    let is_versioned = resource.versioning != Versioning::Off;
    let etag = |version: u32| {
        let assertion = format!("assert response.headers[\"etag\"] == '\"{version}\"'");
        is_versioned.then(|| Expr::code(assertion)).into_iter().collect::<Vec<_>>()
    };
    let class = &resource.names.class;
    let does = |operation| facts.can(operation);
    let can_delete = does(Operation::Delete) && !(facts.is_own_row());
    let mut view = CrudView {
        imports: Imports::new("").block(),
        creates,
        read_again: assertions(
            creates && does(Operation::Get),
            format!("assert (await {caller}.get(f\"{{PATH}}/{{created['id']}}\")).json() == created"),
        ),
        gets: does(Operation::Get),
        versions: assertions(does(Operation::Get) && is_versioned, "'\"1\"'".to_owned()),
        not_found: assertions(
            does(Operation::Get),
            format!("assert_problem(await {caller}.get(f\"{{PATH}}/{{{row}['id']}}\"), 404, \"not_found\")"),
        ),
        lists: does(Operation::List),
        updates: does(Operation::Update),
        replaces: super::sample::replacement(facts).is_some(),
        deletes: can_delete && !resource.soft_delete,
        hides: can_delete && resource.soft_delete,
        restores: does(Operation::Restore) && !facts.is_own_row(),
        purges: does(Operation::Purge) && !facts.is_own_row(),
        lists_live: does(Operation::List) && resource.soft_delete && !facts.is_user(),
        stored: stored(facts),
        created_etag: Expr::code(if is_versioned {
            "assert response.headers[\"etag\"] == '\"1\"'"
        } else {
            "assert \"etag\" not in response.headers"
        }),
        got_etag: etag(1),
        updated_etag: etag(2),
        unchanged_etag: etag(1),
        has_defaults: !defaults.is_empty(),
        defaults,
        slugs,
        owners,
        page_keys: page_keys(facts),
        page: match resource.list.page {
            Page::None => format!("every_{}", resource.names.singular.snake()),
            Page::Offset | Page::Cursor => format!("a_page_of_{}", resource.names.plural.snake()),
        },
        listed: listed(facts, &row),
        row_id: value::id_in_json(model, resource.key.ty, &format!("{row}[\"id\"]")),
        updated: updated(facts),
        later: assertions(
            resource.updated_at && has_changes(facts),
            format!("assert response.json()[{0}] > before[{0}]", Expr::string(&cased(model, "updated_at"))),
        ),
        if_match: facts.if_match(1),
        next_if_match: facts.if_match(2),
        gone: Expr::code(if facts.is_user() {
            format!("{row} not in await rows.all({class})")
        } else {
            format!("await rows.all({class}) == []")
        }),
        has_methods: !methods.is_empty(),
        methods: Expr::code(format!("[{}]", methods.join(", "))),
        malformed_id: malformed_id(resource.key.ty),
        has_refused: !refused.is_empty(),
        refused,
        links,
    };
    view.imports = imports(facts, &view);
    view
}

fn imports(facts: &Facts<'_>, view: &CrudView) -> ImportBlock {
    let mut imports = Imports::new(&facts.model.project.package);
    let resource = facts.resource;
    if view.has_defaults {
        imports.add("typing", "Any");
    }
    let is_parametrized = view.has_defaults || view.has_methods || view.has_refused;
    if is_parametrized {
        imports.add_module("pytest");
    }
    let needs_model = view.updates || view.deletes || view.hides || view.restores || view.purges || view.lists_live;
    if needs_model || !view.slugs.is_empty() {
        import_model(&mut imports, resource);
    }
    for link in &view.links {
        let target = facts.model.resources.iter().find(|target| target.names.class == link.class);
        import_model(&mut imports, target.expect("links lead to resources"));
    }
    let needs_row = view.gets || view.lists || needs_model || view.replaces || !view.links.is_empty();
    let needs_rows = view.creates || needs_model || view.replaces || !view.links.is_empty();
    imports.add("tests.fixtures.application", "Caller");
    let has_problem =
        view.has_methods || view.has_refused || view.deletes || view.hides || view.restores || view.purges;
    if has_problem {
        imports.add("tests.fixtures.assertions", "assert_problem");
    }
    if view.restores || view.lists_live || view.purges {
        imports.add("tests.fixtures.rows", "CREATED_AT");
    }
    if needs_row {
        imports.add("tests.fixtures.rows", "Row");
    }
    if needs_rows {
        imports.add("tests.fixtures.rows", "Rows");
    }
    let sample = format!("tests.samples.{}", resource.names.singular.python());
    imports.add(&sample, "PATH");
    if view.creates || view.gets || view.lists || view.replaces {
        imports.add(&sample, "FIELDS");
    }
    if view.creates {
        imports.add_all(&sample, ["required_body", "full_body"]);
    }
    if view.updates {
        imports.add(&sample, "changes");
    }
    if view.replaces {
        imports.add(&sample, "replacement");
    }
    imports.block()
}

/// What GET shows after a create with the full body.
fn stored(facts: &Facts<'_>) -> Expr {
    let is_hidden = |field: &Field| {
        field.access == Access::Writeonly
            || matches!(&field.kind, FieldKind::Scalar(scalar) if matches!(scalar.ty, FieldType::Password(_)))
    };
    let hides = facts.resource.fields.iter().any(|field| field.access.in_create() && is_hidden(field));
    Expr::code(if hides { "created | {name: body[name] for name in body.keys() & FIELDS}" } else { "created | body" })
}

fn defaults(facts: &Facts<'_>) -> Vec<Expr> {
    let required = facts.required.as_ref().expect("only asked for where a body can be made");
    let fields = facts
        .resource
        .fields_with_ids()
        .filter(|(id, field)| field.access.in_responses() && !required.contains_key(id) && !field.presence.required);
    let defaults = fields.filter_map(|(_, field)| {
        let default = match (&field.presence.default, &field.kind) {
            (_, FieldKind::Many(_)) => Expr::code("[]"),
            (FieldDefault::Constant(found), FieldKind::Scalar(scalar)) => {
                if !value::has_full_scale(&scalar.ty, found) || matches!(scalar.ty, FieldType::Object(_)) {
                    return None;
                }
                value::in_json(facts.model, &scalar.ty, found)
            }
            (FieldDefault::None, _) if field.presence.nullable && !super::super::schema::is_owner(field) => {
                Expr::code("None")
            }
            _ => return None,
        };
        Some(Expr::code(format!("({}, {default})", Expr::string(&field.json))))
    });
    defaults.collect()
}

/// Derived slugs that are unique on their own.
fn slugs(facts: &Facts<'_>) -> Vec<SlugView> {
    let required = facts.required.as_ref().expect("only asked for where a body can be made");
    let fields = facts.resource.fields_with_ids().filter_map(|(id, field)| {
        let FieldDefault::Slug(source) = field.presence.default else { return None };
        field.access.in_responses().then_some((id, field, source))
    });
    let slugs = fields.filter_map(|(id, field, source)| {
        let Some(Value::Text(text)) = required.get(&source) else { return None };
        let alone = facts
            .resource
            .uniques
            .iter()
            .any(|unique| unique.columns == [crate::model::Column::Field(id)] && unique.condition.is_none());
        let slug = slugified(text);
        let is_plain = text.is_ascii() && !slug.is_empty() && slug.len() < 100;
        (alone && is_plain).then(|| SlugView {
            attribute: field.attribute.clone(),
            name: field.name.snake().to_owned(),
            json: Expr::string(&field.json),
            next: Expr::string(&format!("{slug}-2")),
            slug: Expr::string(&slug),
        })
    });
    slugs.collect()
}

fn slugified(text: &str) -> String {
    let words = text.to_lowercase();
    let words = words.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

fn owners(facts: &Facts<'_>) -> Vec<OwnerView> {
    let owner = facts.resource.owner_reference().filter(|_| facts.owns_row());
    let owner = owner.map(|id| facts.resource.field(id)).filter(|field| field.access.in_responses());
    let FieldKind::Reference(reference) = (match owner {
        Some(field) => &field.kind,
        None => return Vec::new(),
    }) else {
        return Vec::new();
    };
    let key = facts.model.resource(reference.target).key.ty;
    let json = Expr::string(&owner.expect("looked at above").json);
    vec![OwnerView { json, id: value::id_in_json(facts.model, key, &format!("{}.user_id", facts.caller())) }]
}

fn page_keys(facts: &Facts<'_>) -> Expr {
    let names: &[&str] = match facts.resource.list.page {
        Page::None => &["items"],
        Page::Offset => &["items", "total", "limit", "offset"],
        Page::Cursor => &["items", "limit", "next_cursor"],
    };
    let names: Vec<_> = names.iter().map(|name| Expr::string(&cased(facts.model, name)).to_string()).collect();
    Expr::code(format!("{{{}}}", names.join(", ")))
}

fn listed(facts: &Facts<'_>, row: &str) -> Expr {
    let id = value::id_in_json(facts.model, facts.resource.key.ty, &format!("{row}[\"id\"]"));
    Expr::code(if facts.is_user() {
        format!("{id} in [item[\"id\"] for item in response.json()[\"items\"]]")
    } else {
        format!("[item[\"id\"] for item in response.json()[\"items\"]] == [{id}]")
    })
}

/// The statement, if it holds.
fn assertions(is_wanted: bool, statement: String) -> Vec<Expr> {
    is_wanted.then(|| Expr::code(statement)).into_iter().collect()
}

/// Whether the change of everything changes something.
fn has_changes(facts: &Facts<'_>) -> bool {
    let references = facts.resource.fields.iter().filter(|field| !matches!(field.kind, FieldKind::Scalar(_)));
    let mut changed = references.filter(|field| field.access.in_update() && !super::super::schema::is_owner(field));
    !facts.changes().is_empty() || changed.next().is_some()
}

fn updated(facts: &Facts<'_>) -> Expr {
    let mut entries = Vec::new();
    let bump = if has_changes(facts) { 2 } else { 1 };
    if facts.resource.versioning != Versioning::Off {
        entries.push(format!("\"version\": {bump}"));
    }
    if facts.resource.updated_at {
        let name = Expr::string(&cased(facts.model, "updated_at"));
        entries.push(format!("{name}: response.json()[{name}]"));
    }
    if entries.is_empty() {
        return Expr::code("before | body");
    }
    Expr::code(format!("before | body | {{{}}}", entries.join(", ")))
}

/// GET, PATCH and DELETE of an item, as far as the caller may.
fn methods(facts: &Facts<'_>) -> Vec<String> {
    let all = [(Operation::Get, "GET"), (Operation::Update, "PATCH"), (Operation::Delete, "DELETE")];
    all.iter().filter(|(operation, _)| facts.can(*operation)).map(|(_, name)| format!("\"{name}\"")).collect()
}

fn malformed_id(ty: KeyType) -> String {
    match ty {
        KeyType::String(length) => "x".repeat(length as usize + 1),
        KeyType::Int | KeyType::Bigint | KeyType::Uuid | KeyType::Uuid4 => "not-an-id".to_owned(),
    }
}

/// What is off on the two paths of the resource.
fn refused(resource: &Resource) -> Vec<Expr> {
    const LIST: [(&str, Operation); 2] = [("GET", Operation::List), ("POST", Operation::Create)];
    const ITEM: [(&str, Operation); 4] = [
        ("GET", Operation::Get),
        ("PATCH", Operation::Update),
        ("PUT", Operation::Replace),
        ("DELETE", Operation::Delete),
    ];
    let mut rows = rows_of(resource, "PATH", &LIST);
    rows.extend(rows_of(resource, "f\"{PATH}/{UNKNOWN_ID}\"", &ITEM));
    rows
}

fn rows_of(resource: &Resource, path: &str, methods: &[(&str, Operation)]) -> Vec<Expr> {
    let on: Vec<&str> =
        methods.iter().filter(|(_, operation)| resource.does(*operation)).map(|(method, _)| *method).collect();
    if on.is_empty() {
        return Vec::new();
    }
    let allowed = on.iter().flat_map(|method| if *method == "GET" { vec!["GET", "HEAD"] } else { vec![*method] });
    let allowed: Vec<_> = allowed.map(|method| format!("\"{method}\"")).collect();
    let off = ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().filter(|method| !on.contains(method));
    off.map(|method| Expr::code(format!("(\"{method}\", {path}, {{{}}})", allowed.join(", ")))).collect()
}

fn links(facts: &Facts<'_>) -> Vec<LinkView> {
    if !facts.can(Operation::Update) {
        return Vec::new();
    }
    let fields = facts.resource.fields.iter().filter(|field| field.access.in_update() && facts.may_write(field));
    let links = fields.filter_map(|field| {
        let FieldKind::Many(many) = &field.kind else { return None };
        let target = facts.model.resource(many.target);
        let id = |name: &str| value::id_in_json(facts.model, target.key.ty, &format!("{name}[\"id\"]"));
        (facts.sees(target, facts.who()) && field.access.in_responses()).then(|| LinkView {
            name: field.name.snake().to_owned(),
            words: field.name.words(),
            path: field.name.kebab(),
            json: Expr::string(&field.json),
            class: target.names.class.clone(),
            first: id("first"),
            second: id("second"),
        })
    });
    links.collect()
}
