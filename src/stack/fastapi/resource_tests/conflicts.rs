//! The words of `test_<plural>_conflicts.py`: a row against other rows.

use serde::Serialize;

use super::super::imports::{ImportBlock, Imports};
use super::super::python::Expr;
use super::super::schema::is_owner;
use super::facts::{Facts, Values};
use super::sample::import_model;
use super::{validation, value};
use crate::model::{
    Bounds, Column, Deletion, Field, FieldId, FieldKind, FieldType, Operation, Resource, TextCase, Unique, Value,
    Versioning, variant,
};
use crate::schema::{CheckOrigin, check_origins};

/// `resource.tests.conflicts` in templates.
#[derive(Debug, Clone, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word that templates ask for")]
pub struct ConflictsView {
    /// Import statements.
    pub imports: ImportBlock,
    /// Uniques that a create can break.
    pub created: Vec<UniqueView>,
    /// Uniques that an update can break.
    pub updated: Vec<UniqueView>,
    /// A unique that two creates at once break, at most one.
    pub raced: Vec<UniqueView>,
    /// Whether create takes a reference.
    pub creates_references: bool,
    /// Whether update takes a reference.
    pub updates_references: bool,
    /// Whether a CHECK can be broken past the API.
    pub has_checks: bool,
    /// The tables of the tests: references that create and update take, and CHECKs.
    pub tables: Vec<Expr>,
    /// Words of a versioned resource that can be updated, at most one.
    pub versions: Vec<VersionView>,
    /// Whether `If-Match` is demanded.
    pub demands_version: bool,
    /// References that keep a row from being deleted.
    pub restricts: Vec<TargetView>,
    /// References that go with the row, or become null.
    pub reaches: Vec<TargetView>,
    /// Headers of a write to the first version.
    pub if_match: String,
    /// What is left after a refused create.
    pub untouched: Expr,
}

/// A unique.
#[derive(Debug, Clone, Serialize)]
pub struct UniqueView {
    /// In the name of the test: `slug`.
    pub name: String,
    /// What the body takes from the row.
    pub body: Expr,
    /// What the row shares with the other one.
    pub shared: Expr,
    /// The pointers of the error.
    pub pointers: Expr,
}

/// Optimistic locking.
#[derive(Debug, Clone, Serialize)]
pub struct VersionView {
    /// A change.
    pub change: Expr,
    /// The columns of a row of the caller, one more argument.
    pub owner: Expr,
    /// Methods that take a version, a list.
    pub methods: Expr,
}

/// A row that this resource refers to, and its delete.
#[derive(Debug, Clone, Serialize)]
pub struct TargetView {
    /// In the name of the test: `post`.
    pub name: String,
    /// What happens to the referring row: `deletes`, `clears`.
    pub verb: String,
    /// Fixture of a caller who may delete it.
    pub caller: String,
    /// Fixture of the row.
    pub row: String,
    /// Class of its model.
    pub class: String,
    /// Its path, inside an f-string.
    pub item: String,
    /// Headers of the delete.
    pub if_match: String,
    /// The statement that adds the referring row.
    pub add: Expr,
    /// What is asserted of it after the delete.
    pub outcome: Expr,
}

/// The words of the tests of the conflicts.
pub fn view(facts: &Facts<'_>) -> ConflictsView {
    let resource = facts.resource;
    let creates = facts.required.is_some();
    let updates = facts.can(Operation::Update);
    let uniques = resource.uniques.iter();
    let in_create: Vec<_> = if creates {
        uniques.clone().flat_map(|unique| unique_views(facts, unique, Operation::Create)).collect()
    } else {
        Vec::new()
    };
    let in_update: Vec<_> = if updates {
        uniques.clone().flat_map(|unique| unique_views(facts, unique, Operation::Update)).collect()
    } else {
        Vec::new()
    };
    let raced = if creates { raced(facts) } else { Vec::new() };
    let created_references = if creates { references(facts, |field| field.access.in_create()) } else { Vec::new() };
    let updated_references = if updates { references(facts, |field| field.access.in_update()) } else { Vec::new() };
    let checks = checks(facts);
    let mut view = ConflictsView {
        imports: Imports::new("").block(),
        created: in_create,
        updated: in_update,
        raced,
        creates_references: !created_references.is_empty(),
        updates_references: !updated_references.is_empty(),
        has_checks: !checks.is_empty(),
        tables: tables(&created_references, &updated_references, &checks),
        versions: versions(facts),
        demands_version: resource.versioning == Versioning::Required && updates,
        restricts: Vec::new(),
        reaches: Vec::new(),
        if_match: facts.if_match(1),
        untouched: Expr::code(if facts.is_user() {
            "response.status_code >= 400".to_owned()
        } else {
            format!("await rows.all({}) == []", resource.names.class)
        }),
    };
    for (deletion, target) in targets(facts) {
        match deletion {
            Deletion::Restrict => view.restricts.push(target),
            Deletion::Cascade | Deletion::SetNull => view.reaches.push(target),
            Deletion::NoAction => {}
        }
    }
    view.imports = imports(facts, &view);
    view
}

fn tables(created: &[Expr], updated: &[Expr], checks: &[Expr]) -> Vec<Expr> {
    let tables = [
        ("# field, an id that no row has\nCREATED_REFERENCES: list[tuple[str, Any]]", created),
        ("# field, an id that no row has\nUPDATED_REFERENCES: list[tuple[str, Any]]", updated),
        (
            "# values that no request can write, code and fields of the error\n\
             CHECKS: list[tuple[dict[str, Any], str, list[str]]]",
            checks,
        ),
    ];
    let filled = tables.into_iter().filter(|(_, rows)| !rows.is_empty());
    filled.map(|(name, rows)| Expr::code(format!("{name} = {}", value::table(rows)))).collect()
}

/// Whether there is a test at all.
pub fn exists(facts: &Facts<'_>) -> bool {
    let view = view(facts);
    let lists = [view.created.len(), view.updated.len(), view.versions.len(), view.restricts.len(), view.reaches.len()];
    lists.iter().any(|length| *length > 0) || view.creates_references || view.updates_references || view.has_checks
}

fn imports(facts: &Facts<'_>, view: &ConflictsView) -> ImportBlock {
    let mut imports = Imports::new(&facts.model.project.package);
    let deletes = view.restricts.iter().chain(&view.reaches);
    let mut needs_model =
        !view.created.is_empty() || !view.updated.is_empty() || view.has_checks || !view.versions.is_empty();
    needs_model |= view.creates_references && !facts.is_user();
    needs_model |= view.updates_references || view.demands_version || deletes.clone().next().is_some();
    for target in &view.restricts {
        import_model(&mut imports, resource_of(facts, &target.class));
    }
    for target in deletes.clone().filter(|target| target.class != facts.resource.names.class) {
        let names = &resource_of(facts, &target.class).names;
        let alias = format!("{} as {}_sample", names.singular.python(), names.singular.snake());
        imports.add("tests.samples", &alias);
    }
    if needs_model {
        import_model(&mut imports, facts.resource);
    }
    let is_parametrized =
        view.creates_references || view.updates_references || view.has_checks || !view.versions.is_empty();
    if is_parametrized {
        imports.add_module("pytest");
    }
    if view.creates_references || view.updates_references || view.has_checks {
        imports.add("typing", "Any");
    }
    if view.has_checks {
        imports.add_own("core.errors", "AppError");
    }
    if !view.raced.is_empty() || !view.versions.is_empty() {
        imports.add("asyncio", "gather");
    }
    if is_over_http(view) {
        imports.add("tests.fixtures.application", "Caller");
    }
    if !view.created.is_empty() || !view.updated.is_empty() {
        imports.add("tests.fixtures.assertions", "assert_conflict");
    }
    if view.creates_references
        || view.updates_references
        || !view.versions.is_empty()
        || view.demands_version
        || !view.restricts.is_empty()
    {
        imports.add("tests.fixtures.assertions", "assert_problem");
    }
    imports.add("tests.fixtures.rows", "Rows");
    if needs_row(view) {
        imports.add("tests.fixtures.rows", "Row");
    }
    let sample = format!("tests.samples.{}", facts.resource.names.singular.python());
    if uses_path(facts, view) {
        imports.add(&sample, "PATH");
    }
    if !view.created.is_empty() || !view.raced.is_empty() || view.creates_references {
        imports.add(&sample, "required_body");
    }
    imports.block()
}

fn resource_of<'a>(facts: &Facts<'a>, class: &str) -> &'a Resource {
    let mut resources = facts.model.resources.iter();
    resources.find(|resource| resource.names.class == class).expect("references lead to resources")
}

fn needs_row(view: &ConflictsView) -> bool {
    let deletes = view.restricts.len() + view.reaches.len();
    !view.created.is_empty()
        || !view.updated.is_empty()
        || view.has_checks
        || !view.versions.is_empty()
        || deletes > 0
        || view.updates_references
}

/// Whether a request goes to the resource itself.
fn uses_path(facts: &Facts<'_>, view: &ConflictsView) -> bool {
    let mut targets = view.restricts.iter().chain(&view.reaches);
    !view.created.is_empty()
        || !view.updated.is_empty()
        || !view.raced.is_empty()
        || !view.versions.is_empty()
        || view.creates_references
        || view.updates_references
        || view.demands_version
        || targets.any(|target| target.class == facts.resource.names.class)
}

fn is_over_http(view: &ConflictsView) -> bool {
    let deletes = view.restricts.len() + view.reaches.len();
    !view.created.is_empty()
        || !view.updated.is_empty()
        || !view.raced.is_empty()
        || !view.versions.is_empty()
        || deletes > 0
        || view.creates_references
        || view.updates_references
        || view.demands_version
}

/// The tests of one unique: as it is, and in another case where case does not count.
fn unique_views(facts: &Facts<'_>, unique: &Unique, operation: Operation) -> Vec<UniqueView> {
    let Some(parts) = parts(facts, unique, operation) else { return Vec::new() };
    let name: Vec<_> = parts.iter().map(|part| part.name.clone()).collect();
    let other = if operation == Operation::Create { facts.row_fixture() } else { "other".to_owned() };
    let body = |suffix: &str| {
        let entries = parts.iter().filter(|part| part.is_sent).map(|part| {
            let text = format!("{other}[\"{}\"]", part.attribute);
            let value = part.key.map_or_else(
                || Expr::code(format!("{text}{}", if part.folds { suffix } else { "" })),
                |key| value::id_in_json(facts.model, key, &text),
            );
            (Expr::string(&part.json), value)
        });
        super::sample::dictionary(&entries.collect::<Vec<_>>())
    };
    let pointers: Vec<_> = parts.iter().map(|part| Expr::string(&format!("/{}", part.json)).to_string()).collect();
    let shared = parts.iter().filter(|part| part.key.is_some() && !part.is_sent);
    let shared: Vec<_> =
        shared.map(|part| format!(", {0}={1}[\"{0}\"]", part.attribute, facts.row_fixture())).collect();
    let one = |name: String, suffix: &str| UniqueView {
        name,
        body: body(suffix),
        shared: Expr::code(shared.concat()),
        pointers: Expr::code(format!("[{}]", pointers.join(", "))),
    };
    let mut views = vec![one(format!("{}_that_is_taken", name.join("_and_")), "")];
    let folds = unique.case_insensitive && operation == Operation::Create && parts.iter().any(|part| part.folds);
    if folds {
        views.push(one(format!("{}_that_is_taken_in_another_case", name.join("_and_")), ".upper()"));
    }
    views
}

struct Part {
    name: String,
    attribute: String,
    json: String,
    is_sent: bool,
    folds: bool,
    key: Option<crate::model::KeyType>,
}

/// The columns of a unique, where a body can repeat what a row has.
fn parts(facts: &Facts<'_>, unique: &Unique, operation: Operation) -> Option<Vec<Part>> {
    if unique.condition.is_some() {
        return None;
    }
    let mut sends = false;
    let mut parts = Vec::new();
    for column in &unique.columns {
        let Column::Field(id) = column else { return None };
        let field = facts.resource.field(*id);
        let is_accepted =
            if operation == Operation::Create { field.access.in_create() } else { field.access.in_update() };
        let is_sent = is_accepted && !is_owner(field);
        if is_sent && !facts.may_write(field) {
            return None;
        }
        let key = match &field.kind {
            FieldKind::Scalar(scalar) => {
                let is_plain = is_plain_text(facts, *id, &scalar.ty);
                if !is_plain || (operation == Operation::Create && !is_sent) {
                    return None;
                }
                None
            }
            FieldKind::Reference(reference) => {
                if field.presence.nullable {
                    return None;
                }
                Some(facts.model.resource(reference.target).key.ty)
            }
            FieldKind::Polymorphic(_) | FieldKind::Many(_) => return None,
        };
        let is_shared_by_owner = is_owner(field) && facts.owns_row();
        if key.is_some() && !is_sent && operation == Operation::Create && !is_shared_by_owner {
            return None;
        }
        sends |= is_sent || (key.is_some() && operation == Operation::Create);
        let folds = matches!(facts.scalar(*id).map(|scalar| &scalar.ty), Some(FieldType::String(rules) | FieldType::Text(rules)) if rules.case == TextCase::Keep);
        parts.push(Part {
            name: field.name.snake().to_owned(),
            attribute: field.attribute.clone(),
            json: field.json.clone(),
            is_sent,
            folds: folds && unique.case_insensitive,
            key,
        });
    }
    sends.then_some(parts)
}

/// Whether the numbered text of a row is one that requests accept.
#[expect(clippy::wildcard_enum_match_arm, reason = "other types have too few values, or none that differ by a number")]
fn is_plain_text(facts: &Facts<'_>, id: FieldId, ty: &FieldType) -> bool {
    let Some(Value::Text(first)) = facts.row.get(&id) else {
        return matches!(ty, FieldType::Integer { size, .. } if *size != crate::model::IntSize::Big)
            && facts.row.contains_key(&id);
    };
    match ty {
        FieldType::String(rules) | FieldType::Text(rules) => {
            let numbered = if facts.numbered.contains(&id) { format!("{first}-1") } else { first.clone() };
            let is_short = first.chars().count() + 5 <= rules.lengths.max as usize;
            is_short && variant::accepts(ty, &Value::Text(numbered))
        }
        FieldType::Slug { .. }
        | FieldType::Email
        | FieldType::Url
        | FieldType::Phone
        | FieldType::Ip
        | FieldType::Color => true,
        _ => false,
    }
}

/// A unique over sent scalars alone: two equal bodies at once.
fn raced(facts: &Facts<'_>) -> Vec<UniqueView> {
    let single = facts.resource.uniques.iter().filter(|unique| unique.condition.is_none());
    let mut found = single.filter_map(|unique| {
        let [Column::Field(id)] = unique.columns[..] else { return None };
        let field = facts.resource.field(id);
        let scalar = facts.scalar(id)?;
        let value = facts.model.accepted_example(facts.resource.id, id)?;
        let sent = field.access.in_create() && facts.may_write(field);
        let body = (Expr::string(&field.json), value::in_json(facts.model, &scalar.ty, &value));
        sent.then(|| UniqueView {
            name: field.name.snake().to_owned(),
            body: super::sample::dictionary(&[body]),
            shared: Expr::code(""),
            pointers: Expr::code("[]"),
        })
    });
    let owner_collides = facts.resource.uniques.iter().any(|unique| {
        unique.columns.iter().all(|column| matches!(column, Column::Field(id) if is_owner(facts.resource.field(*id))))
    });
    found.next().filter(|_| !owner_collides && !facts.has_client_key()).into_iter().collect()
}

/// Field and an id that no row has.
fn references(facts: &Facts<'_>, accepts: impl Fn(&Field) -> bool) -> Vec<Expr> {
    let fields =
        facts.resource.fields.iter().filter(|field| accepts(field) && facts.may_write(field) && !is_owner(field));
    let rows = fields.filter_map(|field| {
        let unknown = match &field.kind {
            FieldKind::Scalar(_) => return None,
            FieldKind::Reference(reference) => value::unknown_id(facts.model.resource(reference.target).key.ty),
            FieldKind::Polymorphic(polymorphic) => {
                let target = facts.model.resource(polymorphic.targets[0].target);
                let ty = Expr::string(target.names.plural.snake());
                Expr::code(format!("{{\"type\": {ty}, \"id\": {}}}", value::unknown_id(target.key.ty)))
            }
            FieldKind::Many(many) => {
                Expr::code(format!("[{}]", value::unknown_id(facts.model.resource(many.target).key.ty)))
            }
        };
        Some(Expr::code(format!("({}, {unknown})", Expr::string(&field.json))))
    });
    rows.collect()
}

/// Values that break one CHECK, with code and pointers.
fn checks(facts: &Facts<'_>) -> Vec<Expr> {
    let mut imports = Imports::new("");
    let origins = check_origins(facts.model, facts.resource);
    let rows = origins.into_iter().filter_map(|origin| {
        let (values, code, fields): (Values, _, Vec<FieldId>) = match origin {
            CheckOrigin::Field(id) => {
                let outside = outside(&facts.scalar(id)?.ty)?;
                let values = Values::from([(id, outside)]);
                facts.keeps_rules(&facts.row_known(&values), None).then_some((values, "check_violation", vec![id]))?
            }
            CheckOrigin::Rule(position) => {
                let rule = &facts.resource.rules[position];
                if rule.checked_by.len() < facts.model.project.databases.len()
                    || variant::reads_the_clock(&rule.expression)
                {
                    return None;
                }
                let values = validation::combinations(facts, position).into_iter().find(|values| {
                    let row = facts.row_known(values);
                    let broken = facts.resource.rules.iter().filter(|rule| variant::is_broken(&rule.expression, &row));
                    let is_null_fine = values
                        .iter()
                        .all(|(id, value)| *value != Value::Null || facts.resource.field(*id).presence.nullable);
                    variant::is_broken(&rule.expression, &row) && broken.count() == 1 && is_null_fine
                })?;
                (values, "rule_violation", rule.fields.clone())
            }
        };
        let entries = values.iter().filter_map(|(id, found)| {
            let scalar = facts.scalar(*id)?;
            let text =
                if *found == Value::Null { Expr::code("None") } else { value::in_row(&scalar.ty, found, &mut imports) };
            Some((Expr::string(&facts.resource.field(*id).attribute), text))
        });
        let entries: Vec<_> = entries.collect();
        let is_plain = entries.iter().all(|(_, text)| !text.as_str().contains('('));
        let pointers =
            fields.iter().map(|id| Expr::string(&format!("/{}", facts.resource.field(*id).json)).to_string());
        let pointers: Vec<_> = pointers.collect();
        is_plain.then(|| {
            Expr::code(format!("({}, \"{code}\", [{}])", super::sample::dictionary(&entries), pointers.join(", ")))
        })
    });
    rows.collect()
}

/// A value just outside what the CHECK of a type allows.
#[expect(clippy::wildcard_enum_match_arm, reason = "the tests break only the limits that every database checks")]
fn outside(ty: &FieldType) -> Option<Value> {
    let below = |bounds: &Bounds| {
        let limit = bounds.lower.as_ref()?;
        if limit.exclusive { Some(limit.value.clone()) } else { variant::beyond(ty, &limit.value, -1) }
    };
    match ty {
        FieldType::String(rules) | FieldType::Text(rules) if rules.lengths.min > 0 => {
            Some(Value::Text("x".repeat(rules.lengths.min as usize - 1)))
        }
        FieldType::Integer { bounds, .. } => below(bounds),
        _ => None,
    }
}

fn versions(facts: &Facts<'_>) -> Vec<VersionView> {
    let is_versioned = facts.resource.versioning != Versioning::Off && facts.can(Operation::Update);
    let Some((id, found)) = facts.plain_change().filter(|_| is_versioned) else { return Vec::new() };
    let Some(scalar) = facts.scalar(id) else { return Vec::new() };
    let entry = (Expr::string(&facts.resource.field(id).json), value::in_json(facts.model, &scalar.ty, &found));
    let owner = facts.resource.owner_reference().filter(|_| facts.owns_row()).map(|owner| {
        let attribute = &facts.resource.field(owner).attribute;
        format!(", {attribute}={}[\"{attribute}\"]", facts.row_fixture())
    });
    let methods = if facts.can(Operation::Delete) { "[\"PATCH\", \"DELETE\"]" } else { "[\"PATCH\"]" };
    vec![VersionView {
        change: super::sample::dictionary(&[entry]),
        owner: Expr::code(owner.unwrap_or_default()),
        methods: Expr::code(methods),
    }]
}

/// The references of this resource whose rows can be deleted.
fn targets(facts: &Facts<'_>) -> Vec<(Deletion, TargetView)> {
    let resource = facts.resource;
    let variable = resource.names.singular.python();
    let found = resource.fields.iter().filter_map(|field| {
        let FieldKind::Reference(reference) = &field.kind else { return None };
        let target = Facts::of(facts.model, facts.model.resource(reference.target));
        if !target.can(Operation::Delete) || target.is_own_row() {
            return None;
        }
        let (verb, outcome) = outcome(target.resource, resource, reference.on_delete, &field.attribute)?;
        let name = if outcome.contains("[\"id\"]") { format!("{variable} = ") } else { String::new() };
        let row = target.row_fixture();
        let path = if reference.target == resource.id {
            "PATH".to_owned()
        } else {
            format!("{}_sample.PATH", target.resource.names.singular.snake())
        };
        Some((
            reference.on_delete,
            TargetView {
                name: crate::model::Name::new(reference.object.clone()).snake().to_owned(),
                verb: verb.to_owned(),
                caller: target.caller(),
                class: target.resource.names.class.clone(),
                item: format!("{{{path}}}/{{{row}['id']}}"),
                if_match: target.if_match(1),
                add: Expr::code(format!(
                    "{name}await rows.add({}, {}={row}[\"id\"])",
                    resource.names.class, field.attribute
                )),
                outcome: Expr::code(outcome),
                row,
            },
        ))
    });
    found.collect()
}

fn outcome(
    target: &Resource,
    source: &Resource,
    deletion: Deletion,
    attribute: &str,
) -> Option<(&'static str, String)> {
    let class = &source.names.class;
    let variable = source.names.singular.python();
    let stored = format!("await rows.get({class}, {variable}[\"id\"])");
    match deletion {
        Deletion::Restrict => Some(("restricts", format!("{stored} == {variable}"))),
        Deletion::SetNull => Some(("clears", format!("({stored})[\"{attribute}\"] is None"))),
        Deletion::Cascade if target.soft_delete && source.soft_delete => {
            Some(("hides", format!("({stored})[\"deleted_at\"] is not None")))
        }
        Deletion::Cascade if target.soft_delete => None,
        Deletion::Cascade => Some(("deletes", format!("await rows.all({class}) == []"))),
        Deletion::NoAction => None,
    }
}
