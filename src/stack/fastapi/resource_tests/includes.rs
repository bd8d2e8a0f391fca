//! The words of `test_<plural>_includes.py`: the relations that a resource declares, from both of their ends.

use serde::Serialize;

use super::super::imports::{ImportBlock, Imports};
use super::super::python::Expr;
use super::facts::{Facts, Grant, Who};
use super::sample::import_model;
use super::value;
use crate::model::{Field, FieldKind, Include, Inverse, Many, Operation, Resource};

/// `resource.tests.includes` in templates.
#[derive(Debug, Clone, Serialize)]
pub struct IncludesView {
    /// Import statements.
    pub imports: ImportBlock,
    /// Relations of one row, from the end that is asked.
    pub relations: Vec<RelationView>,
    /// Whether pages are tested.
    pub has_pages: bool,
    /// What a page may include, a list.
    pub pages: Expr,
    /// What a page includes and how many statements it takes, at most one table.
    pub statements: Vec<Expr>,
    /// What may not be included, a list.
    pub refused: Expr,
}

/// One end of a relation.
#[derive(Debug, Clone, Serialize)]
pub struct RelationView {
    /// `a_post`
    pub of: String,
    /// `comments`
    pub name: String,
    /// Fixture of the caller.
    pub caller: String,
    /// Fixture of the row.
    pub row: String,
    /// `rows` as one more parameter, where it is used.
    pub rows: String,
    /// Statements that add what is included.
    pub setup: Vec<Expr>,
    /// Path and query, inside an f-string.
    pub item: String,
    /// JSON name.
    pub json: Expr,
    /// Keys of the row without the relation.
    pub fields: Expr,
    /// What is asserted of the answer.
    pub claim: Expr,
}

/// Whether there is something to include.
pub fn exists(facts: &Facts<'_>) -> bool {
    !relations(facts).is_empty()
}

/// The words of the tests of the relations.
pub fn view(facts: &Facts<'_>) -> IncludesView {
    let own = own_names(facts);
    let relations: Vec<_> = relations(facts).into_iter().map(|(relation, ..)| relation).collect();
    let lists = facts.can(Operation::List) && !facts.is_user() && !own.is_empty();
    let is_public = is_public(facts);
    let mut pages: Vec<_> = own.iter().map(|(name, _)| name.clone()).collect();
    if pages.len() > 1 {
        pages.push(pages.join(","));
    }
    let statements: Vec<_> =
        own.iter().map(|(name, count)| Expr::code(format!("({}, {count})", Expr::string(name)))).collect();
    let first = own.first().map(|(name, _)| name.clone()).unwrap_or_default();
    let mut view = IncludesView {
        imports: Imports::new("").block(),
        relations,
        has_pages: lists,
        pages: list(&pages),
        statements: (lists && is_public).then(|| value::table(&statements)).into_iter().collect(),
        refused: list(&["unknown".to_owned(), format!("{first}.unknown"), format!("{first},unknown")]),
    };
    view.imports = imports(facts, &view);
    view
}

fn list(names: &[String]) -> Expr {
    let names: Vec<_> = names.iter().map(|name| Expr::string(name).to_string()).collect();
    Expr::code(format!("[{}]", names.join(", ")))
}

fn imports(facts: &Facts<'_>, view: &IncludesView) -> ImportBlock {
    let mut imports = Imports::new(&facts.model.project.package);
    for (_, models, asked) in relations(facts) {
        for model in models {
            import_model(&mut imports, model);
        }
        if asked.id != facts.resource.id {
            let alias = format!("{} as {}_sample", asked.names.singular.python(), asked.names.singular.snake());
            imports.add("tests.samples", &alias);
        }
    }
    imports.add("tests.fixtures.application", "Caller");
    imports.add("tests.fixtures.rows", "Row");
    if view.relations.iter().any(|relation| !relation.setup.is_empty()) {
        imports.add("tests.fixtures.rows", "Rows");
    }
    if view.has_pages {
        imports.add_module("pytest");
        imports.add("tests.fixtures.assertions", "assert_invalid_parameter");
    }
    if !view.statements.is_empty() {
        import_model(&mut imports, facts.resource);
        imports.add("tests.fixtures.rows", "Rows");
        imports.add("tests.fixtures.lists", "statements");
    }
    let sample = format!("tests.samples.{}", facts.resource.names.singular.python());
    let is_asked = view.relations.iter().any(|relation| relation.fields.as_str() == "FIELDS");
    if view.has_pages || is_asked {
        imports.add_all(&sample, ["FIELDS", "PATH"]);
    }
    imports.block()
}

fn is_public(facts: &Facts<'_>) -> bool {
    facts.grant_of(Operation::List, Who::Anonymous) == Grant::Every
        && facts.resource.fields.iter().all(|field| field.read.is_none())
        && facts.resource.fields.iter().all(|field| match &field.kind {
            FieldKind::Reference(reference) => facts.sees(facts.model.resource(reference.target), Who::Anonymous),
            FieldKind::Many(many) => facts.sees(facts.model.resource(many.target), Who::Anonymous),
            FieldKind::Scalar(_) | FieldKind::Polymorphic(_) => true,
        })
}

/// Relations of the resource that a page may include, with the number of statements that it then takes.
fn own_names(facts: &Facts<'_>) -> Vec<(String, usize)> {
    let fields = facts.resource.fields.iter().filter(|field| field.read.is_none());
    let names = fields.filter_map(|field| match &field.kind {
        FieldKind::Reference(reference) if reference.include == Include::OnRequest => {
            let target = facts.model.resource(reference.target);
            facts.sees(target, facts.who()).then(|| (reference.object_json.clone(), 1))
        }
        FieldKind::Many(many) if many.include == Include::OnRequest => {
            facts.sees(facts.model.resource(many.target), facts.who()).then(|| (many.object_json.clone(), 2))
        }
        FieldKind::Scalar(_) | FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
    });
    names.collect()
}

type Found<'a> = (RelationView, Vec<&'a Resource>, &'a Resource);

/// Every end of a relation that the resource declares.
fn relations<'a>(facts: &Facts<'a>) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for field in &facts.resource.fields {
        match &field.kind {
            FieldKind::Reference(reference) => {
                found.extend(to_one(facts, field));
                let target = facts.model.resource(reference.target);
                found.extend(reference.inverse.as_ref().and_then(|inverse| inverse_of(facts, field, target, inverse)));
            }
            FieldKind::Many(many) => {
                found.extend(to_many(facts, many));
                let target = facts.model.resource(many.target);
                found.extend(many.inverse.as_ref().and_then(|inverse| back(facts, many, target, inverse)));
            }
            FieldKind::Scalar(_) | FieldKind::Polymorphic(_) => {}
        }
    }
    found
}

/// The end that is asked, unless it cannot be.
struct Asked<'a> {
    facts: Facts<'a>,
    path: String,
    fields: Expr,
}

impl<'a> Asked<'a> {
    fn of(facts: &Facts<'a>, asked: &'a Resource, answer: &Resource) -> Option<Self> {
        let asked = Facts::of(facts.model, asked);
        if !asked.can(Operation::Get) || !asked.sees(answer, asked.who()) || asked.is_own_row() || !asked.has_rows() {
            return None;
        }
        let (path, fields) = if asked.resource.id == facts.resource.id {
            ("PATH".to_owned(), Expr::code("FIELDS"))
        } else {
            let sample = format!("{}_sample", asked.resource.names.singular.snake());
            (format!("{sample}.PATH"), Expr::code(format!("{sample}.FIELDS")))
        };
        Some(Self { facts: asked, path, fields })
    }

    fn view(self, name: &str, json: &str, mut setup: Vec<Expr>, claim: String) -> RelationView {
        // A blank line parts what is arranged from the request.
        if let Some(last) = setup.last_mut() {
            *last = Expr::code(format!("{last}\n"));
        }
        let row = self.facts.row_fixture();
        RelationView {
            of: with_article(self.facts.resource),
            name: name.to_owned(),
            caller: self.facts.caller(),
            item: format!("{{{}}}/{{{row}['id']}}?include={json}", self.path),
            row,
            rows: if setup.is_empty() { String::new() } else { ", rows: Rows".to_owned() },
            setup,
            json: Expr::string(json),
            fields: self.fields,
            claim: Expr::code(claim),
        }
    }
}

fn with_article(resource: &Resource) -> String {
    let name = resource.names.singular.snake();
    format!("{}_{name}", super::super::resource::article(name).to_lowercase())
}

fn to_one<'a>(facts: &Facts<'a>, field: &Field) -> Option<Found<'a>> {
    let FieldKind::Reference(reference) = &field.kind else { return None };
    if reference.include != Include::OnRequest || field.read.is_some() {
        return None;
    }
    let target = facts.model.resource(reference.target);
    let asked = Asked::of(facts, facts.resource, target)?;
    let row = facts.row_fixture();
    let json = Expr::string(&reference.object_json);
    let is_set = facts.row_references().iter().any(|(attribute, _)| *attribute == field.attribute);
    let mut models = Vec::new();
    let (setup, id) = if is_set {
        (Vec::new(), format!("{row}[\"{}\"]", field.attribute))
    } else {
        models.extend([target, facts.resource]);
        let setup = vec![
            Expr::code(format!("other = await rows.add({})", target.names.class)),
            Expr::code(format!(
                "await rows.change({}, {row}[\"id\"], {}=other[\"id\"])",
                facts.resource.names.class, field.attribute
            )),
        ];
        (setup, "other[\"id\"]".to_owned())
    };
    let id = value::id_in_json(facts.model, target.key.ty, &id);
    let claim = format!("answer[{json}][\"id\"] == {id}");
    Some((asked.view(&reference.object, &reference.object_json, setup, claim), models, facts.resource))
}

fn to_many<'a>(facts: &Facts<'a>, many: &Many) -> Option<Found<'a>> {
    let target = facts.model.resource(many.target);
    if many.include != Include::OnRequest || target.id == facts.resource.id {
        return None;
    }
    let asked = Asked::of(facts, facts.resource, target)?;
    let row = facts.row_fixture();
    let setup = vec![Expr::code(format!("other = await rows.add({})", target.names.class)), link(many, &row, "other")];
    let claim = listed(facts, target, &many.object_json);
    Some((asked.view(&many.object, &many.object_json, setup, claim), vec![target], facts.resource))
}

fn link(many: &Many, own: &str, target: &str) -> Expr {
    let table = Expr::string(&many.join_table);
    Expr::code(format!(
        "await rows.link({table}, {}={own}[\"id\"], {}={target}[\"id\"])",
        many.own_column, many.target_column
    ))
}

/// What a list of related rows holds.
fn listed(facts: &Facts<'_>, target: &Resource, json: &str) -> String {
    let id = value::id_in_json(facts.model, target.key.ty, "other[\"id\"]");
    format!("[item[\"id\"] for item in answer[{}]] == [{id}]", Expr::string(json))
}

fn inverse_of<'a>(facts: &Facts<'a>, field: &Field, target: &'a Resource, inverse: &Inverse) -> Option<Found<'a>> {
    let FieldKind::Reference(reference) = &field.kind else { return None };
    if inverse.include != Include::OnRequest || !facts.has_rows() {
        return None;
    }
    let asked = Asked::of(facts, target, facts.resource)?;
    let row = asked.facts.row_fixture();
    let class = &facts.resource.names.class;
    let setup = vec![Expr::code(format!("other = await rows.add({class}, {}={row}[\"id\"])", field.attribute))];
    let claim = if reference.one_to_one {
        let id = value::id_in_json(facts.model, facts.resource.key.ty, "other[\"id\"]");
        format!("answer[{}][\"id\"] == {id}", Expr::string(&inverse.json))
    } else {
        listed(facts, facts.resource, &inverse.json)
    };
    Some((asked.view(&inverse.name, &inverse.json, setup, claim), vec![facts.resource], target))
}

fn back<'a>(facts: &Facts<'a>, many: &Many, target: &'a Resource, inverse: &Inverse) -> Option<Found<'a>> {
    if inverse.include != Include::OnRequest || target.id == facts.resource.id {
        return None;
    }
    let asked = Asked::of(facts, target, facts.resource)?;
    let row = asked.facts.row_fixture();
    let class = &facts.resource.names.class;
    let setup = vec![Expr::code(format!("other = await rows.add({class})")), link(many, "other", &row)];
    let claim = listed(facts, facts.resource, &inverse.json);
    Some((asked.view(&inverse.name, &inverse.json, setup, claim), vec![facts.resource], target))
}
