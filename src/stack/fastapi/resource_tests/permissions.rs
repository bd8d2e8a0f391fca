//! The words of `test_<plural>_permissions.py`: every action for every kind of caller.

use serde::Serialize;

use super::super::imports::{ImportBlock, Imports};
use super::super::python::{Expr, docstring};
use super::facts::{Facts, Grant, Values, Who};
use super::sample::import_model;
use super::value;
use crate::model::{Alternative, Field, FieldId, FieldKind, Operation, Permission, RuleMoment, Value};

/// `resource.tests.permissions` in templates.
#[derive(Debug, Clone, Serialize)]
pub struct PermissionsView {
    /// Import statements.
    pub imports: ImportBlock,
    /// The actions that are tested, in their order.
    pub actions: Vec<ActionView>,
    /// Fields that some callers may not read.
    pub reads: Vec<FieldView>,
    /// Fields that some callers may not write on create.
    pub creates: Vec<FieldView>,
    /// Fields that some callers may not write on update.
    pub updates: Vec<FieldView>,
}

/// One action.
#[derive(Debug, Clone, Serialize)]
pub struct ActionView {
    /// `update`
    pub name: String,
    /// `UPDATE`
    pub constant: String,
    /// The permission as the spec has it.
    pub permission: String,
    /// Whether somebody is allowed.
    pub has_allowed: bool,
    /// Callers that are allowed, a list.
    pub allowed: Expr,
    /// Whether somebody is refused.
    pub has_refused: bool,
    /// Caller, status and code, a table.
    pub refused: Expr,
    /// Statements that add what the action is about.
    pub setup: Vec<Expr>,
    /// The same where only the refusal is looked at.
    pub refused_setup: Vec<Expr>,
    /// The caller.
    pub caller: Expr,
    /// The request.
    pub request: Expr,
    /// What is asserted of an answer.
    pub assertions: Vec<Expr>,
    /// What is asserted after a refusal.
    pub untouched: Vec<Expr>,
}

/// A field with a permission of its own.
#[derive(Debug, Clone, Serialize)]
pub struct FieldView {
    /// `hidden`
    pub name: String,
    /// `HIDDEN`
    pub constant: String,
    /// The permission as the spec has it.
    pub permission: String,
    /// JSON name.
    pub json: Expr,
    /// Attribute and value of the field in a body.
    pub body: Expr,
    /// The comparison with the value in the answer.
    pub value: Expr,
    /// Headers of the write.
    pub if_match: String,
    /// Who passes, a list.
    pub allowed: Expr,
    /// Who is refused, a list.
    pub refused: Expr,
    /// Who sees the field and who does not, a table.
    pub readers: Expr,
    /// The statement that adds the row.
    pub setup: Expr,
    /// The caller.
    pub caller: Expr,
    /// The path of the row.
    pub item: String,
    /// What is asserted after a refusal.
    pub untouched: Expr,
}

/// One kind of caller: its name in the tables, who it is, and whether the row is its own.
struct Kind {
    name: String,
    who: Who,
    owns: bool,
}

/// The words of the tests of the permissions.
pub fn view(facts: &Facts<'_>) -> PermissionsView {
    let mut view = PermissionsView {
        imports: Imports::new("").block(),
        actions: Vec::new(),
        reads: Vec::new(),
        creates: Vec::new(),
        updates: Vec::new(),
    };
    if facts.model.project.auth.is_none() {
        return view;
    }
    let operations = facts.resource.operations.iter();
    view.actions = operations.filter_map(|operation| action(facts, *operation)).collect();
    view.reads = reads(facts);
    view.creates = writes(facts, Operation::Create);
    view.updates = writes(facts, Operation::Update);
    view.imports = imports(facts, &view);
    view
}

fn imports(facts: &Facts<'_>, view: &PermissionsView) -> ImportBlock {
    let mut imports = Imports::new(&facts.model.project.package);
    imports.add_module("pytest");
    import_model(&mut imports, facts.resource);
    imports.add("tests.fixtures.people", "AsCaller");
    imports.add("tests.fixtures.rows", "Rows");
    let sample = format!("tests.samples.{}", facts.resource.names.singular.python());
    imports.add(&sample, "PATH");
    let texts: Vec<_> = view
        .actions
        .iter()
        .flat_map(|action| {
            action.assertions.iter().chain(&action.untouched).chain([&action.request]).chain(&action.setup)
        })
        .map(Expr::as_str)
        .collect();
    for (name, module) in [("FIELDS", sample.as_str()), ("required_body", &sample), ("replacement", &sample)] {
        if texts.iter().any(|text| text.contains(name)) || (name == "required_body" && !view.creates.is_empty()) {
            imports.add(module, name);
        }
    }
    if texts.iter().any(|text| text.contains("CREATED_AT")) {
        imports.add("tests.fixtures.rows", "CREATED_AT");
    }
    if view.actions.iter().any(|action| action.has_refused) {
        imports.add("tests.fixtures.assertions", "assert_problem");
    }
    if !view.creates.is_empty() || !view.updates.is_empty() {
        imports.add("tests.fixtures.assertions", "assert_field_forbidden");
    }
    imports.block()
}

fn kinds(facts: &Facts<'_>) -> Vec<Kind> {
    let auth = facts.model.project.auth.as_ref().expect("permissions are tested with auth only");
    let anonymous = Kind { name: "anonymous".to_owned(), who: Who::Anonymous, owns: false };
    let roles = auth.roles.iter().enumerate().map(|(position, role)| Kind {
        name: role.value.clone(),
        who: Who::Role(position),
        owns: false,
    });
    let owner = Kind { name: "owner".to_owned(), who: Who::Role(auth.default_role), owns: true };
    let has_owner = facts.resource.owner.is_some() && !auth.roles.iter().any(|role| role.value == "owner");
    let kinds = std::iter::once(anonymous).chain(roles);
    kinds.chain(has_owner.then_some(owner)).collect()
}

/// What a caller is answered: none where the order of checks leaves it open.
fn outcome(facts: &Facts<'_>, operation: Operation, kind: &Kind) -> Option<Outcome> {
    let grant_of = |operation| {
        let grant = facts.grant_of(operation, kind.who);
        if kind.owns && grant == Grant::Own { Grant::Every } else { grant }
    };
    let (grant, get) = (grant_of(operation), grant_of(Operation::Get));
    let refused = if kind.who == Who::Anonymous { Outcome::Unauthenticated } else { Outcome::Forbidden };
    match (operation, grant) {
        (_, Grant::None) => Some(refused),
        (Operation::List | Operation::Create | Operation::Get, Grant::Every) => Some(Outcome::Allowed),
        (Operation::List | Operation::Create, Grant::Own) => None,
        (Operation::Get, Grant::Own) => Some(Outcome::NotFound),
        (_, grant) => match (get, grant) {
            (Grant::Every, Grant::Every) => Some(Outcome::Allowed),
            (Grant::Every, _) => Some(Outcome::Forbidden),
            (Grant::Own, _) => Some(Outcome::NotFound),
            (Grant::None, _) => None,
        },
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Allowed,
    Unauthenticated,
    Forbidden,
    NotFound,
}

fn refusal(name: &str, outcome: Outcome) -> Expr {
    let (status, code) = match outcome {
        Outcome::Unauthenticated => (401, "unauthenticated"),
        Outcome::NotFound => (404, "not_found"),
        Outcome::Forbidden | Outcome::Allowed => (403, "forbidden"),
    };
    Expr::code(format!("({}, {status}, \"{code}\")", Expr::string(name)))
}

fn action(facts: &Facts<'_>, operation: Operation) -> Option<ActionView> {
    if operation == Operation::Create && facts.required.is_none() {
        return None;
    }
    if operation == Operation::Replace && super::sample::replacement(facts).is_none() {
        return None;
    }
    let mut allowed = Vec::new();
    let mut refused = Vec::new();
    for kind in kinds(facts) {
        match outcome(facts, operation, &kind) {
            Some(Outcome::Allowed) if can_send(facts, operation, &kind) => allowed.push(kind.name),
            Some(Outcome::Allowed) | None => {}
            Some(refusal_outcome) if operation != Operation::Create || !kind.owns => {
                refused.push(refusal(&kind.name, refusal_outcome));
            }
            Some(_) => {}
        }
    }
    let name = operation_name(operation);
    let permission = facts.resource.permissions.get(&operation);
    Some(ActionView {
        name: name.to_owned(),
        constant: name.to_uppercase(),
        permission: permission.map_or_else(|| "public".to_owned(), |found| facts.model.permission_text(found)),
        has_allowed: !allowed.is_empty(),
        allowed: list(&allowed),
        has_refused: !refused.is_empty(),
        refused: super::value::table(&refused),
        setup: setup(facts, operation).into_iter().collect(),
        refused_setup: refused_setup(facts, operation).into_iter().collect(),
        caller: caller(facts, operation),
        request: request(facts, operation),
        assertions: assertions(facts, operation),
        untouched: untouched(facts, operation),
    })
}

/// Whether the body of the test has nothing that this caller may not write or refer to.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other operation has a whole row as its body")]
fn can_send(facts: &Facts<'_>, operation: Operation, kind: &Kind) -> bool {
    let sends = |field: &&Field| match operation {
        Operation::Create => field.presence.required,
        Operation::Replace => field.presence.required && field.access.in_update(),
        _ => false,
    };
    if operation == Operation::Create && (kind.owns || (facts.owns_row() && kind.who == Who::Anonymous)) {
        return false;
    }
    facts.resource.fields.iter().filter(sends).all(|field| {
        let may_write = field.write.as_ref().is_none_or(|write| facts.grant(write, kind.who) == Grant::Every);
        let sees = match &field.kind {
            FieldKind::Reference(reference) => {
                reference.is_owner || facts.sees(facts.model.resource(reference.target), kind.who)
            }
            FieldKind::Polymorphic(polymorphic) => facts
                .visible_target(&polymorphic.targets)
                .is_some_and(|target| facts.sees(facts.model.resource(target.target), kind.who)),
            FieldKind::Scalar(_) | FieldKind::Many(_) => true,
        };
        may_write && sees
    })
}

fn operation_name(operation: Operation) -> &'static str {
    match operation {
        Operation::List => "list",
        Operation::Get => "get",
        Operation::Create => "create",
        Operation::Update => "update",
        Operation::Replace => "replace",
        Operation::Delete => "delete",
        Operation::Restore => "restore",
        Operation::Purge => "purge",
    }
}

fn variable(facts: &Facts<'_>) -> String {
    facts.resource.names.singular.python()
}

fn list(names: &[String]) -> Expr {
    let names: Vec<_> = names.iter().map(|name| Expr::string(name).to_string()).collect();
    Expr::code(format!("[{}]", names.join(", ")))
}

fn setup(facts: &Facts<'_>, operation: Operation) -> Option<Expr> {
    let (variable, class) = (variable(facts), &facts.resource.names.class);
    match operation {
        Operation::Create => None,
        Operation::Restore | Operation::Purge => {
            Some(Expr::code(format!("{variable} = await rows.add({class}, deleted_at=CREATED_AT)")))
        }
        Operation::List | Operation::Get | Operation::Update | Operation::Replace | Operation::Delete => {
            Some(added(facts))
        }
    }
}

/// A refused list names no row, unless the caller is the owner of one.
fn refused_setup(facts: &Facts<'_>, operation: Operation) -> Option<Expr> {
    if operation == Operation::List && facts.resource.owner.is_none() {
        return Some(Expr::code(format!("await rows.add({})", facts.resource.names.class)));
    }
    setup(facts, operation)
}

/// The statement that adds a row.
fn added(facts: &Facts<'_>) -> Expr {
    Expr::code(format!("{} = await rows.add({})", variable(facts), facts.resource.names.class))
}

fn caller(facts: &Facts<'_>, operation: Operation) -> Expr {
    let owner = match facts.resource.owner_reference() {
        Some(id) => Some(facts.resource.field(id).attribute.clone()),
        None if facts.resource.owner.is_some() => Some("id".to_owned()),
        None => None,
    };
    match owner.filter(|_| operation != Operation::Create) {
        Some(owner) => Expr::code(format!("await as_caller(who, {}[\"{owner}\"])", variable(facts))),
        None => Expr::code("await as_caller(who)"),
    }
}

fn request(facts: &Facts<'_>, operation: Operation) -> Expr {
    let item = format!("f\"{{PATH}}/{{{}['id']}}\"", variable(facts));
    let if_match = facts.if_match(1);
    let change = facts.plain_change().and_then(|(id, found)| Some(entry(facts, id, &found)?.0));
    let change = change.map_or_else(|| "{}".to_owned(), |change| change.to_string());
    let route = |word: &str| item.trim_end_matches('"').to_owned() + "/" + word + "\"";
    Expr::code(match operation {
        Operation::List => "caller.get(PATH)".to_owned(),
        Operation::Get => format!("caller.get({item})"),
        Operation::Create => "caller.post(PATH, json=await required_body(rows))".to_owned(),
        Operation::Update => format!("caller.patch({item}, json={change}{if_match})"),
        Operation::Replace => format!("caller.put({item}, json=await replacement(rows){if_match})"),
        Operation::Delete => format!("caller.delete({item}{if_match})"),
        Operation::Restore => format!("caller.post({}{if_match})", route("restore")),
        Operation::Purge => format!("caller.delete({}{if_match})", route("purge")),
    })
}

/// A body with that field alone, and the value.
fn entry(facts: &Facts<'_>, id: FieldId, found: &Value) -> Option<(Expr, Expr)> {
    let value = value::in_json(facts.model, &facts.scalar(id)?.ty, found);
    Some((Expr::code(format!("{{{}: {value}}}", Expr::string(&facts.resource.field(id).json))), value))
}

fn assertions(facts: &Facts<'_>, operation: Operation) -> Vec<Expr> {
    let (variable, class) = (variable(facts), &facts.resource.names.class);
    let id = value::id_in_json(facts.model, facts.resource.key.ty, &format!("{variable}[\"id\"]"));
    let status = |status: u16| format!("assert response.status_code == {status}, response.text");
    let has_hidden = facts.resource.fields.iter().any(|field| field.read.is_some());
    let lines = match operation {
        Operation::List if facts.is_user() => {
            vec![status(200), format!("assert {id} in [item[\"id\"] for item in response.json()[\"items\"]]")]
        }
        Operation::List => {
            vec![status(200), format!("assert [item[\"id\"] for item in response.json()[\"items\"]] == [{id}]")]
        }
        Operation::Get if has_hidden => vec![status(200), format!("assert response.json()[\"id\"] == {id}")],
        Operation::Get => vec![status(200), "assert response.json().keys() == FIELDS".to_owned()],
        Operation::Create => vec![status(201)],
        Operation::Update | Operation::Replace | Operation::Restore => vec![status(200)],
        Operation::Delete if facts.resource.soft_delete => vec![
            status(204),
            format!("assert (await rows.get({class}, {variable}[\"id\"]))[\"deleted_at\"] is not None"),
        ],
        Operation::Delete | Operation::Purge if facts.is_user() => {
            vec![status(204), format!("assert {variable} not in await rows.all({class})")]
        }
        Operation::Delete | Operation::Purge => vec![status(204), format!("assert await rows.all({class}) == []")],
    };
    lines.into_iter().map(Expr::code).collect()
}

fn untouched(facts: &Facts<'_>, operation: Operation) -> Vec<Expr> {
    let (variable, class) = (variable(facts), &facts.resource.names.class);
    match operation {
        Operation::List | Operation::Get => Vec::new(),
        Operation::Create if facts.is_user() => Vec::new(),
        Operation::Create => vec![Expr::code(format!("assert await rows.all({class}) == []"))],
        Operation::Update | Operation::Replace | Operation::Delete | Operation::Restore | Operation::Purge => {
            vec![Expr::code(format!("assert await rows.get({class}, {variable}[\"id\"]) == {variable}"))]
        }
    }
}

fn field_view(facts: &Facts<'_>, field: &Field, permission: &Permission, tables: [Vec<String>; 2]) -> FieldView {
    let variable = variable(facts);
    let [allowed, refused] = tables;
    let name = field.name.snake().to_owned();
    FieldView {
        constant: name.to_uppercase(),
        permission: docstring(&facts.model.permission_text(permission)),
        json: Expr::string(&field.json),
        body: Expr::code("{}"),
        value: Expr::code("None"),
        if_match: facts.if_match(1),
        readers: super::value::table(
            &[(&allowed, true), (&refused, false)]
                .into_iter()
                .flat_map(|(names, shown)| names.iter().map(move |name| (name, shown)))
                .map(|(name, shown)| Expr::code(format!("({}, {})", Expr::string(name), Expr::bool(shown))))
                .collect::<Vec<_>>(),
        ),
        allowed: list(&allowed),
        refused: list(&refused),
        setup: added(facts),
        caller: caller(facts, Operation::Update),
        item: format!("{{PATH}}/{{{variable}['id']}}"),
        untouched: Expr::code(format!(
            "await rows.get({}, {variable}[\"id\"]) == {variable}",
            facts.resource.names.class
        )),
        name,
    }
}

fn reads(facts: &Facts<'_>) -> Vec<FieldView> {
    if !facts.resource.does(Operation::Get) {
        return Vec::new();
    }
    let fields = facts.resource.fields.iter().filter(|field| field.access.in_responses());
    fields
        .filter_map(|field| {
            let permission = field.read.as_ref()?;
            let mut tables = [Vec::new(), Vec::new()];
            let seen = kinds(facts).into_iter();
            for kind in seen.filter(|kind| outcome(facts, Operation::Get, kind) == Some(Outcome::Allowed)) {
                let passes = match facts.grant(permission, kind.who) {
                    Grant::Every => true,
                    Grant::Own => kind.owns,
                    Grant::None => false,
                };
                tables[usize::from(!passes)].push(kind.name);
            }
            Some(field_view(facts, field, permission, tables))
        })
        .collect()
}

fn writes(facts: &Facts<'_>, operation: Operation) -> Vec<FieldView> {
    if !facts.resource.does(operation) || (operation == Operation::Create && facts.required.is_none()) {
        return Vec::new();
    }
    let mut views = Vec::new();
    for (id, field, _) in facts.scalars() {
        let accepted = if operation == Operation::Create { field.access.in_create() } else { field.access.in_update() };
        let Some(permission) = field.write.as_ref().filter(|_| accepted && field.access.in_responses()) else {
            continue;
        };
        let names_owner = permission.0.contains(&Alternative::Owner);
        if operation == Operation::Create && (names_owner || field.presence.required) {
            continue;
        }
        let Some(found) = other_value(facts, id, operation) else { continue };
        let mut tables = [Vec::new(), Vec::new()];
        for kind in kinds(facts) {
            let is_open = outcome(facts, operation, &kind) == Some(Outcome::Allowed);
            if !is_open || (operation == Operation::Create && !can_send(facts, operation, &kind)) {
                continue;
            }
            let passes = match facts.grant(permission, kind.who) {
                Grant::Every => true,
                Grant::Own => kind.owns,
                Grant::None => false,
            };
            let reads = field.read.as_ref().is_none_or(|read| facts.grant(read, kind.who) == Grant::Every);
            if reads || !passes {
                tables[usize::from(!passes)].push(kind.name);
            }
        }
        let mut view = field_view(facts, field, permission, tables);
        let Some((body, value)) = entry(facts, id, &found) else { continue };
        let operator = if matches!(value.as_str(), "True" | "False") { "is" } else { "==" };
        (view.body, view.value) = (body, Expr::code(format!("{operator} {value}")));
        if operation == Operation::Create {
            view.untouched = Expr::code(format!("await rows.all({}) == []", facts.resource.names.class));
        }
        if view.allowed.as_str() != "[]" && view.refused.as_str() != "[]" {
            views.push(view);
        }
    }
    views
}

/// A value that differs from the row's and keeps the rules.
fn other_value(facts: &Facts<'_>, id: FieldId, operation: Operation) -> Option<Value> {
    let variants = facts.model.variants(facts.resource.id, id).into_iter();
    let mut candidates = variants.chain(facts.model.accepted_example(facts.resource.id, id));
    candidates.find(|value| {
        let changed = Values::from([(id, value.clone())]);
        let differs = facts.row.get(&id) != Some(value);
        let row = if operation == Operation::Create {
            let mut sent = facts.required.clone().unwrap_or_default();
            sent.extend(changed.clone());
            facts.created(&sent)
        } else {
            facts.row_known(&changed)
        };
        let moment = if operation == Operation::Create { RuleMoment::Create } else { RuleMoment::Update };
        differs && facts.keeps_rules(&row, Some(moment))
    })
}
