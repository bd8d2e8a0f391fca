//! The words of `tests/samples/<singular>.py`: sample rows and bodies.

use std::collections::BTreeSet;

use serde::Serialize;

use super::super::imports::{ImportBlock, Imports};
use super::super::python::{Expr, Ident};
use super::facts::{Facts, Grant, Values};
use super::value;
use crate::model::{
    Field, FieldDefault, FieldId, FieldKind, KeySource, KeyType, Nulls, Operation, Reference, Resource, RuleMoment,
};

/// `resource.tests.sample` in templates.
#[derive(Debug, Clone, Serialize)]
pub struct SampleView {
    /// Import statements.
    pub imports: ImportBlock,
    /// Words of the path: `posts`.
    pub route: String,
    /// Every key of an answer.
    pub fields: Vec<Expr>,
    /// References that a row cannot be without.
    pub references: Expr,
    /// The columns of a row.
    pub row: Expr,
    /// Bodies by function name.
    pub bodies: Vec<BodyView>,
    /// Parameter of the fixture of the caller.
    pub caller_parameter: Expr,
    /// What it returns.
    pub caller: Expr,
    /// One sentence about it.
    pub caller_doc: String,
    /// Parameters of the fixture of a row.
    pub row_parameters: Expr,
    /// What it returns.
    pub row_value: Expr,
    /// One sentence about it.
    pub row_doc: String,
}

/// A function that makes a body.
#[derive(Debug, Clone, Serialize)]
pub struct BodyView {
    /// `required_body`
    pub name: Ident,
    /// One sentence about it.
    pub doc: String,
    /// Rows that it refers to.
    pub setup: Vec<SetupView>,
    /// The body.
    pub value: Expr,
}

/// A row that a body refers to.
#[derive(Debug, Clone, Serialize)]
pub struct SetupView {
    /// Variable.
    pub name: Ident,
    /// Class of the model.
    pub class: Ident,
}

/// A key and its value.
pub type Entry = (Expr, Expr);

/// A dictionary on one line; the formatter breaks it where it is long.
pub fn dictionary(entries: &[Entry]) -> Expr {
    let entries: Vec<_> = entries.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    Expr::code(format!("{{{}}}", entries.join(", ")))
}

/// The words of the sample of a resource.
pub fn view(facts: &Facts<'_>) -> SampleView {
    let mut imports = Imports::new(&facts.model.project.package);
    let resource = facts.resource;
    imports.add_module("pytest");
    imports.add_own("core.project", "API_PREFIX");
    import_model(&mut imports, resource);
    imports.add("tests.fixtures.application", "Caller");
    imports.add_all("tests.fixtures.rows", ["Payload", "References", "Row", "Rows"]);
    let references = facts.row_references();
    for (_, target) in &references {
        import_model(&mut imports, target);
    }
    let row = row(facts, &mut imports);
    let bodies = bodies(facts, &mut imports);
    let has_auth = facts.model.project.auth.is_some();
    if has_auth {
        imports.add("tests.fixtures.people", "AsUser");
    }
    let label = &resource.label;
    let (row_parameters, row_value) = row_fixture(facts);
    SampleView {
        route: resource.names.route.clone(),
        fields: facts.answer_keys().iter().map(|key| Expr::string(key)).collect(),
        references: dictionary(
            &references
                .iter()
                .map(|(attribute, target)| (Expr::string(attribute), Expr::code(target.names.class.clone())))
                .collect::<Vec<_>>(),
        ),
        row,
        bodies,
        caller_parameter: Expr::code(if has_auth { "as_user: AsUser" } else { "client: Caller" }),
        caller: caller(facts),
        caller_doc: caller_doc(facts),
        row_parameters: Expr::code(row_parameters),
        row_value: Expr::code(row_value),
        row_doc: super::super::python::docstring(&if facts.is_own_row() {
            "The row of the caller.".to_owned()
        } else if facts.owns_row() {
            format!("{} {label} of the caller.", super::super::resource::article(label))
        } else {
            format!("{} {label}.", super::super::resource::article(label))
        }),
        imports: imports.block(),
    }
}

fn caller(facts: &Facts<'_>) -> Expr {
    match facts.role {
        Some(role) => Expr::code(format!("await as_user({})", Expr::string(facts.role_name(role)))),
        None => Expr::code("client"),
    }
}

fn caller_doc(facts: &Facts<'_>) -> String {
    let words = facts.resource.names.plural.words();
    match facts.role {
        Some(role) => {
            let name = facts.role_name(role);
            let own = if facts.owns_row() && facts.grant_of(Operation::Update, facts.who()) != Grant::Every {
                "their own "
            } else {
                ""
            };
            let article = super::super::resource::article(name);
            super::super::python::docstring(&format!("{article} {name}: may do everything with {own}{words}."))
        }
        None => format!("A client: may do everything with {words}."),
    }
}

fn row_fixture(facts: &Facts<'_>) -> (String, String) {
    let (class, caller) = (&facts.resource.names.class, facts.caller());
    if facts.is_own_row() {
        return (format!("rows: Rows, {caller}: Caller"), format!("await rows.get({class}, {caller}.user_id)"));
    }
    match facts.resource.owner_reference().filter(|_| facts.owns_row()) {
        Some(owner) => {
            let attribute = &facts.resource.field(owner).attribute;
            (format!("rows: Rows, {caller}: Caller"), format!("await rows.add({class}, {attribute}={caller}.user_id)"))
        }
        None => ("rows: Rows".to_owned(), format!("await rows.add({class})")),
    }
}

/// `from app.models.post import Post`
pub fn import_model(imports: &mut Imports, resource: &Resource) {
    imports.add_own(&format!("models.{}", resource.names.singular.python()), &resource.names.class);
}

fn row(facts: &Facts<'_>, imports: &mut Imports) -> Expr {
    let mut entries = Vec::new();
    if let (KeySource::Client, KeyType::String(length)) = (facts.resource.key.source, facts.resource.key.ty) {
        let id = match length {
            1 => Expr::code("\"0123456789abcdefghijklmnopqrstuvwxyz\"[number]"),
            _ => Expr::code("f\"{number:02}\""),
        };
        entries.push((Expr::string("id"), id));
    }
    for (id, field, scalar) in facts.scalars() {
        let Some(first) = facts.row.get(&id) else { continue };
        let value = if facts.numbered.contains(&id) {
            value::numbered(&scalar.ty, first, imports)
        } else {
            value::in_row(&scalar.ty, first, imports)
        };
        entries.push((Expr::string(&field.attribute), value));
    }
    dictionary(&entries)
}

fn bodies(facts: &Facts<'_>, imports: &mut Imports) -> Vec<BodyView> {
    let mut bodies = Vec::new();
    if let Some(required) = &facts.required {
        let which = |field: &Field| field.presence.required;
        bodies.push(body(facts, "required_body", "A body with the required fields only.", required, which, imports));
        let full = full_values(facts, required);
        let which = |field: &Field| field.access.in_create();
        bodies.push(body(facts, "full_body", "A body with every field.", &full, which, imports));
    }
    if facts.can(Operation::Update) {
        let which = |field: &Field| field.access.in_update() && is_plain_reference(facts, field);
        bodies.push(body(
            facts,
            "changes",
            "A change of every field that may be changed.",
            &facts.changes(),
            which,
            imports,
        ));
    }
    if let Some(values) = replacement(facts) {
        let which = |field: &Field| field.access.in_update() && field.presence.required;
        let doc = "A body that replaces what may be replaced.";
        bodies.push(body(facts, "replacement", doc, &values, which, imports));
    }
    bodies
}

/// What a replace must send, with other values than the row has where there are some.
pub fn replacement(facts: &Facts<'_>) -> Option<Values> {
    if !facts.can(Operation::Replace) {
        return None;
    }
    let mut values = Values::new();
    for (id, field, _) in facts.scalars().filter(|(_, field, _)| field.access.in_update() && field.presence.required) {
        if !facts.may_write(field) {
            return None;
        }
        values.insert(id, facts.model.accepted_example(facts.resource.id, id)?);
    }
    let other = facts.changes().into_iter().filter(|(id, _)| values.contains_key(id));
    let other = Facts::together(other.collect(), |changes| {
        let mut tried = values.clone();
        tried.extend(changes.clone());
        facts.keeps_rules(&facts.created(&tried), None)
    });
    values.extend(other);
    facts.keeps_rules(&facts.created(&values), None).then_some(values)
}

/// The required values and as many of the others as keep the rules.
fn full_values(facts: &Facts<'_>, required: &Values) -> Values {
    let candidates = facts
        .scalars()
        .filter(|(id, field, _)| field.access.in_create() && facts.may_write(field) && !required.contains_key(id));
    let candidates = candidates
        .filter_map(|(id, ..)| Some((id, facts.model.accepted_example(facts.resource.id, id)?)))
        .collect::<Vec<(FieldId, _)>>();
    let with_required =
        |chosen: &Values| required.iter().chain(chosen).map(|(id, value)| (*id, value.clone())).collect();
    let chosen = Facts::together(candidates, |chosen| {
        facts.keeps_rules(&facts.created(&with_required(chosen)), Some(RuleMoment::Create))
    });
    with_required(&chosen)
}

/// References whose row is not part of every answer: a change of those changes more than one key.
fn is_plain_reference(facts: &Facts<'_>, field: &Field) -> bool {
    match &field.kind {
        FieldKind::Reference(reference) => reference.include != crate::model::Include::Always,
        FieldKind::Many(many) => many.include != crate::model::Include::Always,
        FieldKind::Scalar(_) | FieldKind::Polymorphic(_) => !facts.resource.fields.is_empty(),
    }
}

fn body(
    facts: &Facts<'_>,
    name: &str,
    doc: &str,
    values: &Values,
    which: impl Fn(&Field) -> bool,
    imports: &mut Imports,
) -> BodyView {
    let model = facts.model;
    let mut setup = Vec::new();
    let mut taken = BTreeSet::from(["rows".to_owned()]);
    let mut entries = Vec::new();
    if facts.has_client_key() && name.ends_with("body") {
        let id = "new".get(..client_length(facts)).unwrap_or("new");
        entries.push((Expr::string("id"), Expr::string(id)));
    }
    for (id, field) in facts.resource.fields_with_ids() {
        let key = Expr::string(&field.json);
        let value = match &field.kind {
            FieldKind::Scalar(scalar) => {
                let Some(found) = values.get(&id) else { continue };
                value::in_json(model, &scalar.ty, found)
            }
            _ if !which(field) || !facts.may_write(field) || is_owner(field) => continue,
            FieldKind::Reference(reference) => {
                if name != "required_body" && is_hazardous(facts, id, reference) {
                    continue;
                }
                let target = model.resource(reference.target);
                let Some(variable) = add(facts, target, &reference.object, &mut taken, &mut setup, imports) else {
                    continue;
                };
                value::id_in_json(model, target.key.ty, &format!("{variable}[\"id\"]"))
            }
            FieldKind::Polymorphic(polymorphic) => {
                let Some(target) = facts.visible_target(&polymorphic.targets) else { continue };
                let target = model.resource(target.target);
                let object = target.names.singular.python();
                let Some(variable) = add(facts, target, &object, &mut taken, &mut setup, imports) else { continue };
                let id = value::id_in_json(model, target.key.ty, &format!("{variable}[\"id\"]"));
                let ty = Expr::string(target.names.plural.snake());
                Expr::code(format!("{{\"type\": {ty}, \"id\": {id}}}"))
            }
            FieldKind::Many(many) => {
                let target = model.resource(many.target);
                let object = target.names.singular.python();
                let Some(variable) = add(facts, target, &object, &mut taken, &mut setup, imports) else { continue };
                Expr::code(format!("[{}]", value::id_in_json(model, target.key.ty, &format!("{variable}[\"id\"]"))))
            }
        };
        entries.push((key, value));
    }
    BodyView { name: Ident::new(name), doc: doc.to_owned(), setup, value: dictionary(&entries) }
}

fn client_length(facts: &Facts<'_>) -> usize {
    match facts.resource.key.ty {
        KeyType::String(length) => (length as usize).min(3),
        KeyType::Int | KeyType::Bigint | KeyType::Uuid | KeyType::Uuid4 => 3,
    }
}

/// References that take part in a unique over nulls, where any value is better left alone.
fn is_hazardous(facts: &Facts<'_>, id: FieldId, reference: &Reference) -> bool {
    let is_default = matches!(facts.resource.field(id).presence.default, FieldDefault::CurrentUser);
    let in_unique = facts
        .resource
        .uniques
        .iter()
        .any(|unique| unique.nulls == Nulls::Equal && unique.columns.contains(&crate::model::Column::Field(id)));
    is_default || (in_unique && reference.target == facts.resource.id)
}

fn is_owner(field: &Field) -> bool {
    super::super::schema::is_owner(field)
}

/// Adds a row to refer to, if the caller sees it; the name of its variable.
fn add(
    facts: &Facts<'_>,
    target: &Resource,
    name: &str,
    taken: &mut BTreeSet<String>,
    setup: &mut Vec<SetupView>,
    imports: &mut Imports,
) -> Option<String> {
    if !facts.sees(target, facts.who()) {
        return None;
    }
    let mut variable = crate::model::Name::new(name).python();
    while !taken.insert(variable.clone()) {
        variable.push('_');
    }
    import_model(imports, target);
    setup.push(SetupView { name: Ident::new(variable.clone()), class: Ident::new(target.names.class.clone()) });
    Some(variable)
}
