//! The words of `app/services/base/<singular>_service.py` and of the service that is the user's: permissions, ownership
//! and the steps of each operation.

use std::collections::BTreeMap;

use serde::Serialize;

use super::field_python::{key_annotation, literal};
use super::imports::{ImportBlock, Imports};
use super::permission_python::{
    Demand, FieldRuleView, MayView, may, owner_condition, unreadable, unsearchable, unwritable,
};
use super::python::{Expr, Ident, docstring, joined};
use super::resource::article;
use super::schema::{is_owner, is_password, registers};
use crate::model::{
    Alternative, Column, EnumType, Field, FieldDefault, FieldId, FieldKind, FieldType, Hook, KeySource, KeyType, Model,
    Operation, Owner, Page, Resource, ResourceId, Versioning,
};

/// `resource.service` in templates. What may be missing is a list of at most one.
#[derive(Debug, Clone, Serialize)]
pub struct ServiceView {
    /// Import statements of the base.
    pub imports: ImportBlock,
    /// What the base holds, as a sentence.
    pub summary: String,
    /// `a post`
    pub one: String,
    /// Variable for one row.
    pub row: Ident,
    /// Parameter for an id: `post_id`.
    pub key: Ident,
    /// Its annotation.
    pub key_type: Expr,
    /// Scopes and references.
    pub constants: Vec<NamedView>,
    /// Attributes of the class.
    pub attributes: Vec<NamedView>,
    /// The list.
    pub lists: Vec<ListView>,
    /// One row.
    pub gets: Vec<GetView>,
    /// The row of the caller.
    pub mes: Vec<MeView>,
    /// Ways to make a row.
    pub creations: Vec<CreationView>,
    /// `update` where it shares its steps with the routes of links.
    pub linked: Vec<LinkedView>,
    /// `update` on its own.
    pub unlinked: Vec<Expr>,
    /// The steps of an update.
    pub updates: Vec<ChangeView>,
    /// A replacement of the whole row.
    pub replaces: Vec<ChangeView>,
    /// Deletes that hide the row, or take it away.
    pub deletes: Vec<DeleteView>,
    /// The way back from a soft delete.
    pub restores: Vec<RemovalView>,
    /// The end of a soft-deleted row.
    pub purges: Vec<RemovalView>,
    /// Permissions.
    pub mays: Vec<MayView>,
    /// Fields that some callers may not read, write or search by.
    pub guards: Vec<GuardView>,
    /// The module that is the user's.
    pub own: OwnView,
}

/// A name with its value.
#[derive(Debug, Clone, Serialize)]
pub struct NamedView {
    /// Its name.
    pub name: Ident,
    /// Its annotation behind a colon, where it cannot be seen from the value.
    pub annotation: Expr,
    /// What it stands for.
    pub value: Expr,
}

impl NamedView {
    fn new(name: &str, value: String) -> Self {
        Self { name: Ident::new(name), annotation: Expr::code(""), value: Expr::code(value) }
    }
}

/// `list`
#[derive(Debug, Clone, Serialize)]
pub struct ListView {
    /// One sentence.
    pub doc: String,
    /// `OffsetRows`
    pub page: Ident,
    /// Statements.
    pub steps: Vec<Expr>,
}

/// `get`
#[derive(Debug, Clone, Serialize)]
pub struct GetView {
    /// What it returns.
    pub result: Expr,
}

/// `me`
#[derive(Debug, Clone, Serialize)]
pub struct MeView {
    /// What it returns.
    pub result: Expr,
}

/// `create` or `register`
#[derive(Debug, Clone, Serialize)]
pub struct CreationView {
    /// Its name.
    pub name: Ident,
    /// Class of the body.
    pub data: Ident,
    /// The parameters behind the body.
    pub parameters: Expr,
    /// One sentence.
    pub doc: String,
    /// Statements before the values are known.
    pub checks: Vec<Expr>,
    /// Statements that complete the values.
    pub completions: Vec<Expr>,
    /// Slugs that are made anew when another request takes them first.
    pub retries: Vec<Expr>,
    /// Slugs that are made unless they are sent: attribute and value.
    pub slugs: Vec<SlugView>,
    /// Statements between hook and INSERT.
    pub rules: Vec<Expr>,
    /// Statements between INSERT and hook.
    pub tests: Vec<Expr>,
    /// What it returns.
    pub result: Expr,
}

/// A slug that is made.
#[derive(Debug, Clone, Serialize)]
pub struct SlugView {
    /// Attribute as text.
    pub field: Expr,
    /// The slug.
    pub value: Expr,
}

/// `update` that shares its steps.
#[derive(Debug, Clone, Serialize)]
pub struct LinkedView {
    /// The version as a parameter behind a comma.
    pub parameter: Expr,
    /// The version as an argument behind a comma.
    pub argument: Expr,
    /// One method for each list of links.
    pub links: Vec<LinkView>,
}

/// `replace_tags`
#[derive(Debug, Clone, Serialize)]
pub struct LinkView {
    /// Its name.
    pub name: Ident,
    /// Its parameter: `tag_ids`.
    pub ids: Ident,
    /// The attribute as text.
    pub field: Expr,
    /// Annotation of one id.
    pub key_type: Expr,
    /// What is linked.
    pub words: String,
}

/// The steps of an update or a replacement.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeView {
    /// The version as a parameter behind a comma.
    pub parameter: Expr,
    /// Statements before the transaction.
    pub checks: Vec<Expr>,
    /// Loads the row.
    pub loaded: Expr,
    /// Statements that may refuse the write.
    pub tests: Vec<Expr>,
    /// Statements that complete the changes.
    pub completions: Vec<Expr>,
    /// Statements between hook and UPDATE.
    pub rules: Vec<Expr>,
    /// What it returns.
    pub result: Expr,
}

/// `delete`
#[derive(Debug, Clone, Serialize)]
pub struct DeleteView {
    /// The version as a parameter behind a comma.
    pub parameter: Expr,
    /// Statements before the transaction.
    pub checks: Vec<Expr>,
    /// Loads the row.
    pub loaded: Expr,
    /// Statements that may refuse the delete.
    pub tests: Vec<Expr>,
    /// Statements that delete.
    pub steps: Vec<Expr>,
}

/// `restore` and `purge`
#[derive(Debug, Clone, Serialize)]
pub struct RemovalView {
    /// Statements before the transaction.
    pub checks: Vec<Expr>,
    /// Loads the row.
    pub loaded: Expr,
    /// What it returns.
    pub result: Expr,
}

/// `unreadable` and its like
#[derive(Debug, Clone, Serialize)]
pub struct GuardView {
    /// Its name.
    pub name: Ident,
    /// The parameters behind `self`.
    pub parameters: Expr,
    /// One sentence.
    pub doc: String,
    /// The fields.
    pub rules: Vec<FieldRuleView>,
}

/// The module that is the user's.
#[derive(Debug, Clone, Serialize)]
pub struct OwnView {
    /// Import statements.
    pub imports: ImportBlock,
    /// Stubs of hooks that do nothing yet.
    pub hooks: Vec<HookView>,
    /// Whether there is a stub that narrows every query.
    pub narrows: bool,
}

/// The stub of a hook.
#[derive(Debug, Clone, Serialize)]
pub struct HookView {
    /// Its name.
    pub name: Ident,
    /// The parameters behind `self`.
    pub parameters: Expr,
    /// One sentence.
    pub doc: String,
}

/// The words of the services of a resource.
#[must_use]
pub fn view(model: &Model, resource: &Resource) -> ServiceView {
    Writer { model, resource, imports: Imports::new(&model.project.package), row: row_variable(resource) }.view()
}

/// The variable for one row: the singular, unless a function of the services uses that name itself.
#[must_use]
pub fn row_variable(resource: &Resource) -> Ident {
    const TAKEN: &[&str] = &[
        "allowed",
        "bindparam",
        "cast",
        "changes",
        "data",
        "found",
        "include",
        "now",
        "page",
        "permitted",
        "query",
        "scope",
        "self",
        "session",
        "user_id",
        "values",
        "version",
    ];
    let singular = resource.names.singular.python();
    Ident::new(if TAKEN.contains(&singular.as_str()) { format!("{singular}_row") } else { singular })
}

/// The parameter for an id.
#[must_use]
pub fn key_parameter(resource: &Resource) -> Ident {
    Ident::new(format!("{}_id", resource.names.singular))
}

struct Writer<'a> {
    model: &'a Model,
    resource: &'a Resource,
    imports: Imports,
    row: Ident,
}

/// A creation by a caller with permissions, or by somebody who is not known yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Creation {
    Create,
    Register,
}

impl Writer<'_> {
    fn view(&mut self) -> ServiceView {
        let mays = self.mays();
        let constants = self.constants();
        let guards = self.guards();
        let (linked, unlinked) = self.update_heads();
        let view = ServiceView {
            summary: self.summary(!mays.is_empty()),
            one: self.one(),
            row: self.row.clone(),
            key: key_parameter(self.resource),
            key_type: key_annotation(self.resource.key.ty, &mut self.imports),
            attributes: self.attributes(),
            constants,
            lists: self.when(Operation::List, Self::list),
            gets: self.when(Operation::Get, Self::get),
            mes: if self.is_user() { vec![self.me()] } else { Vec::new() },
            creations: self.creations(),
            linked,
            unlinked,
            updates: self.when(Operation::Update, Self::update),
            replaces: self.when(Operation::Replace, Self::replace),
            deletes: self.when(Operation::Delete, Self::delete),
            restores: self.when(Operation::Restore, Self::restore),
            purges: self.when(Operation::Purge, Self::purge),
            mays,
            guards,
            own: self.own(),
            imports: ImportBlock { lines: Vec::new() },
        };
        self.import_always();
        ServiceView { imports: self.imports.block(), ..view }
    }

    fn when<T>(&mut self, operation: Operation, make: fn(&mut Self) -> T) -> Vec<T> {
        if self.resource.does(operation) { vec![make(self)] } else { Vec::new() }
    }

    fn import_always(&mut self) {
        let class = &self.resource.names.class;
        let module = format!("repositories.{}_repository", self.resource.names.singular.python());
        for name in ["Repository", "Row", "Values"] {
            self.imports.add_own(&module, &format!("{class}{name}"));
        }
        self.imports.add_own("core.service", "Service");
    }

    fn is_user(&self) -> bool {
        registers(self.model, self.resource)
    }

    fn class(&self) -> &str {
        &self.resource.names.class
    }

    fn label(&self) -> String {
        docstring(&self.resource.label)
    }

    fn versioned(&self) -> bool {
        self.resource.versioning != Versioning::Off
    }

    /// `a post`
    fn one(&self) -> String {
        format!("{} {}", article(&self.resource.label).to_lowercase(), self.label())
    }

    fn import_model(&mut self, resource: ResourceId) -> String {
        let names = &self.model.resource(resource).names;
        self.imports.add_own(&format!("models.{}", names.singular.python()), &names.class);
        names.class.clone()
    }

    fn summary(&self, has_permissions: bool) -> String {
        let title = self.resource.names.plural.words();
        let mut letters = title.chars();
        let title: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let topics = [
            (has_permissions, "permissions"),
            (self.resource.owner.is_some(), "ownership"),
            (!self.resource.rules.is_empty(), "rules"),
        ];
        let topics: Vec<_> = topics.into_iter().filter(|(applies, _)| *applies).map(|(_, topic)| topic).collect();
        let steps = "the steps of each operation";
        if topics.is_empty() {
            return format!("{title}: {steps}.");
        }
        format!("{title}: {} and {steps}.", topics.join(", "))
    }

    fn mays(&mut self) -> Vec<MayView> {
        let actions = self.resource.permissions.keys();
        let mays: Vec<_> =
            actions.filter_map(|action| Demand::of(self.model, self.resource, *action)).map(Demand::view).collect();
        let mentions = |word: &str| {
            mays.iter()
                .any(|may| may.otherwise.as_str().contains(word) || (word == "EVERY_ROW" && !may.tests.is_empty()))
        };
        if !mays.is_empty() {
            self.imports.add_own("core.scope", "Scope");
        }
        if mentions("EVERY_ROW") {
            self.imports.add_own("core.scope", "EVERY_ROW");
        }
        if mentions("ForbiddenError") {
            self.imports.add_own("core.errors", "ForbiddenError");
        }
        mays
    }

    fn constants(&mut self) -> Vec<NamedView> {
        let mut constants = Vec::new();
        let id = self.resource.id;
        if self.has_owner_scope() {
            self.imports.add("sqlalchemy", "bindparam");
            constants.push(("OWNER", format!("Scope(\"owner\", {})", owner_condition(self.resource))));
        }
        if self.has_me_scope() {
            self.imports.add("sqlalchemy", "bindparam");
            constants.push(("ME", format!("Scope(\"me\", {}.id == bindparam(\"principal_id\"))", self.class())));
        }
        if self.resource.soft_delete {
            constants.push(("LIVE", format!("Scope(\"live\", {}.deleted_at.is_(None))", self.class())));
        }
        if !constants.is_empty() {
            self.imports.add_own("core.scope", "Scope");
            self.import_model(id);
        }
        let mut constants: Vec<_> = constants.into_iter().map(|(name, value)| NamedView::new(name, value)).collect();
        if let Some(references) = self.references() {
            let mut view = NamedView::new("REFERENCES", references);
            if self.resource.fields.iter().any(|field| matches!(field.kind, FieldKind::Polymorphic(_))) {
                self.imports.add("collections.abc", "Mapping");
                self.imports.add_own("core.service", "References");
                view.annotation = Expr::code(": Mapping[str, References]");
            }
            constants.push(view);
        }
        constants
    }

    fn has_owner_scope(&self) -> bool {
        let actions = self.resource.permissions.keys();
        let mut demands = actions.filter_map(|action| Demand::of(self.model, self.resource, *action));
        demands.any(Demand::names_owner) || (self.is_user() && self.resource.owner == Some(Owner::SelfRow))
    }

    /// `me` reads through the owner's rows, where a user owns the own row.
    fn has_me_scope(&self) -> bool {
        self.is_user() && self.resource.owner != Some(Owner::SelfRow)
    }

    /// What a body may refer to, by field; polymorphic references by the name of the target too.
    fn references(&mut self) -> Option<String> {
        let resource = self.resource;
        let fields = resource.fields.iter().filter(|field| self.is_sent(field));
        let mut entries = Vec::new();
        for field in fields.collect::<Vec<_>>() {
            let target = match &field.kind {
                FieldKind::Scalar(_) => continue,
                FieldKind::Reference(reference) => self.import_model(reference.target),
                FieldKind::Many(many) => self.import_model(many.target),
                FieldKind::Polymorphic(polymorphic) => {
                    let targets = polymorphic.targets.iter().map(|target| {
                        let name = Expr::string(self.model.resource(target.target).names.plural.snake());
                        let class = self.import_model(target.target);
                        format!("{name}: {class}")
                    });
                    format!("{{{}}}", targets.collect::<Vec<_>>().join(", "))
                }
            };
            entries.push(format!("{}: {target}", Expr::string(&field.attribute)));
        }
        (!entries.is_empty()).then(|| format!("{{{}}}", entries.join(", ")))
    }

    /// Whether an update may change a reference.
    fn refers_in_updates(&self) -> bool {
        let mut fields = self.resource.fields.iter().filter(|field| !matches!(field.kind, FieldKind::Scalar(_)));
        fields.any(|field| field.access.in_update() && !is_owner(field))
    }

    /// Whether some body may carry the field.
    fn is_sent(&self, field: &Field) -> bool {
        let writes = [Operation::Create, Operation::Update, Operation::Replace];
        let is_written = writes.iter().any(|operation| self.resource.does(*operation)) || self.is_user();
        let is_set_for_caller = is_owner(field) && field.write.is_none();
        is_written && field.access.in_create() && !is_set_for_caller
    }

    fn attributes(&mut self) -> Vec<NamedView> {
        let mut attributes = vec![("repository_class", format!("{}Repository", self.class()))];
        if self.references().is_some() {
            attributes.push(("references", "REFERENCES".to_owned()));
        }
        if self.resource.soft_delete {
            attributes.push(("live", "LIVE".to_owned()));
        }
        attributes.into_iter().map(|(name, value)| NamedView::new(name, value)).collect()
    }

    fn guards(&mut self) -> Vec<GuardView> {
        let (model, resource) = (self.model, self.resource);
        let row = self.row.as_str().to_owned();
        let class = self.class().to_owned();
        let parameter = |rules: &[FieldRuleView], annotation: &str| {
            let is_used = rules.iter().any(|rule| rule.refused.as_str().contains(&format!("{row}[")));
            let mark = if is_used { "" } else { "_" };
            format!(", {mark}{row}: {annotation}")
        };
        let mut guards = Vec::new();
        let rules = unreadable(model, resource, &row);
        let parameters = parameter(&rules, &format!("{class}Row"));
        guards.push(("unreadable", parameters, "Fields that the caller may not read.", rules));
        let rules = unwritable(model, resource, &row);
        let parameters = parameter(&rules, &format!("{class}Row | None"));
        guards.push(("unwritable", parameters, "Fields that the caller may not write.", rules));
        let rules = unsearchable(model, resource);
        let doc = "Fields that the caller may not filter, sort or search by.";
        guards.push(("unsearchable", String::new(), doc, rules));
        guards.retain(|(_, _, _, rules)| !rules.is_empty());
        if !guards.is_empty() {
            self.imports.add("collections.abc", "Iterator");
        }
        guards
            .into_iter()
            .map(|(name, parameters, doc, rules)| GuardView {
                name: Ident::new(name),
                parameters: Expr::code(parameters),
                doc: doc.to_owned(),
                rules,
            })
            .collect()
    }

    fn hides_fields(&self) -> bool {
        !unreadable(self.model, self.resource, "row").is_empty()
    }

    fn guards_writes(&self) -> bool {
        !unwritable(self.model, self.resource, "row").is_empty()
    }

    /// A row as the caller may see it.
    fn shown(&self, row: &str) -> Expr {
        Expr::code(if self.hides_fields() { format!("self.shown({row})") } else { row.to_owned() })
    }

    fn list(&mut self) -> ListView {
        let words = self.resource.names.plural.words();
        let (page, doc) = match self.resource.list.page {
            Page::Offset => ("OffsetRows", format!("A page of {words}.")),
            Page::Cursor => ("CursorRows", format!("A page of {words}.")),
            Page::None => ("AllRows", format!("All {words}.")),
        };
        self.imports.add_own("core.pagination", page);
        self.imports.add_own(&self.schema_module(), &format!("{}Query", self.class()));
        let included = ", self.included(query.include)";
        let checks_query = !unsearchable(self.model, self.resource).is_empty();
        let scope = if checks_query { "scope" } else { "self.list_scope()" };
        let read = format!("await self.repository.list(query, {scope}{included})");
        let mut steps = Vec::new();
        if checks_query {
            steps.push("scope = self.list_scope()".to_owned());
            steps.push("self.check_query(query)".to_owned());
        }
        if self.hides_fields() {
            steps.push(format!("page = {read}"));
            steps.push("self.all_shown(page[\"items\"])".to_owned());
            steps.push("return page".to_owned());
        } else {
            steps.push(format!("return {read}"));
        }
        ListView { doc, page: Ident::new(page), steps: statements(steps) }
    }

    fn schema_module(&self) -> String {
        format!("schemas.{}", self.resource.names.singular.python())
    }

    fn get(&mut self) -> GetView {
        self.imports.add_own("core.service", "found");
        let key = key_parameter(self.resource);
        self.imports.add("collections.abc", "Sequence");
        let row = format!("found(await self.repository.get({key}, self.get_scope(), self.included(include)))");
        GetView { result: self.shown(&row) }
    }

    fn me(&mut self) -> MeView {
        self.imports.add_own("core.service", "found");
        let scope = if self.has_me_scope() { "ME" } else { "OWNER" };
        let scope = format!("self.principal.required({scope})");
        let scope = if self.resource.soft_delete {
            self.imports.add_own("core.scope", "both");
            format!("both({scope}, LIVE)")
        } else {
            scope
        };
        let row = format!("found(await self.repository.get(self.principal.id, {scope}, self.included()))");
        MeView { result: self.shown(&row) }
    }

    fn creations(&mut self) -> Vec<CreationView> {
        let mut creations = Vec::new();
        if self.is_user() {
            creations.push(self.creation(Creation::Register));
        }
        if self.resource.does(Operation::Create) {
            creations.push(self.creation(Creation::Create));
        }
        creations
    }

    fn creation(&mut self, creation: Creation) -> CreationView {
        self.imports.add("typing", "cast");
        let data = format!("{}{}", self.class(), if creation == Creation::Create { "Create" } else { "Register" });
        self.imports.add_own(&self.schema_module(), &data);
        let row = self.row.clone();
        let demand = Demand::of(self.model, self.resource, Operation::Create);
        let is_guarded = creation == Creation::Create && demand.is_some();
        let (mut checks, mut tests) = (Vec::new(), Vec::new());
        if is_guarded {
            checks.push(format!("scope = self.{}()", may(Operation::Create)));
            tests.push(format!("await self.check_created(session, {row}, scope)"));
        }
        if creation == Creation::Create && self.guards_writes() {
            checks.push("self.check_fields(data.model_fields_set)".to_owned());
        }
        let (fresh, completions) = self.completions(creation);
        checks.extend(fresh);
        CreationView {
            name: Ident::new(if creation == Creation::Create { "create" } else { "register" }),
            data: Ident::new(data),
            parameters: if creation == Creation::Register { self.role_parameter() } else { Expr::code("") },
            doc: self.creation_doc(creation),
            checks: statements(checks),
            completions: statements(completions),
            retries: self.retries(),
            slugs: self.slugs(),
            rules: self.rules_on("check_created({rules}, values)"),
            tests: statements(tests),
            result: self.created(creation),
        }
    }

    fn creation_doc(&self, creation: Creation) -> String {
        match (creation, self.resource.owner_reference()) {
            (Creation::Register, _) => {
                format!("Creates {}. Whether that is allowed is up to the caller of this method.", self.one())
            }
            (Creation::Create, Some(_)) => format!("Creates {} of the caller.", self.one()),
            (Creation::Create, None) => format!("Creates {}.", self.one()),
        }
    }

    /// A person who registers sees the new row with the eyes of its owner.
    fn created(&mut self, creation: Creation) -> Expr {
        if creation == Creation::Create {
            return self.shown(self.row.as_str());
        }
        let seen_by_owner = [Alternative::Public, Alternative::Authenticated, Alternative::Owner];
        let hidden = self.resource.fields.iter().filter(|field| {
            let permission = field.read.as_ref().filter(|_| field.access.in_responses());
            permission.is_some_and(|read| !read.0.iter().any(|alternative| seen_by_owner.contains(alternative)))
        });
        let hidden = joined(hidden.map(|field| Expr::string(&field.attribute)));
        if hidden.is_empty() {
            return Expr::code(self.row.as_str());
        }
        self.imports.add_own("core.service", "without");
        Expr::code(format!("without({}, {hidden})", self.row))
    }

    /// `, role: Role = Role.READER`
    fn role_parameter(&mut self) -> Expr {
        let auth = self.model.project.auth.as_ref().expect("only with auth somebody registers");
        let Some(field) = auth.role.map(|role| self.resource.field(role)) else { return Expr::code("") };
        let FieldKind::Scalar(scalar) = &field.kind else { return Expr::code("") };
        let FieldType::Enum(class) = &scalar.ty else { return Expr::code("") };
        self.import_enum(class);
        let default = literal(
            &crate::model::Value::Enum(auth.roles[auth.default_role].value.clone()),
            &scalar.ty,
            &mut self.imports,
        );
        Expr::code(format!(", {}: {} = {default}", field.attribute, class.class))
    }

    fn import_enum(&mut self, class: &EnumType) {
        let owner = match &self.model.project.auth {
            Some(auth) if class.is_role => self.model.resource(auth.user),
            _ => self.resource,
        };
        let module = format!("models.{}", owner.names.singular.python());
        self.imports.add_own(&module, &class.class);
    }

    /// What a new row holds besides what was sent: a statement for the time, and those that complete the values.
    fn completions(&mut self, creation: Creation) -> (Option<String>, Vec<String>) {
        let mut steps: Vec<_> = self.password_step().into_iter().collect();
        let mut values = self.generated_values(creation);
        let nows = values.values().filter(|value| *value == "utc_now()").count();
        let fresh = (nows > 1).then(|| "now = utc_now()".to_owned());
        if fresh.is_some() {
            values.values_mut().filter(|value| *value == "utc_now()").for_each(|value| "now".clone_into(value));
        }
        if !values.is_empty() {
            let order = self.value_order();
            let mut entries: Vec<_> = values.into_iter().collect();
            entries.sort_by_key(|(name, _)| order.iter().position(|known| known == name));
            let entries = entries.into_iter().map(|(name, value)| format!("{}: {value}", Expr::string(&name)));
            steps.push(format!("values |= {{{}}}", entries.collect::<Vec<_>>().join(", ")));
        }
        if self.references().is_some() {
            steps.push("await self.check_references(values)".to_owned());
        }
        steps.extend(self.caller_steps(creation));
        (fresh, steps)
    }

    /// The order of the columns: id, fields, then what is generated.
    fn value_order(&self) -> Vec<String> {
        let fields = self.resource.fields.iter().map(|field| field.attribute.clone());
        let generated = ["created_at", "updated_at", "version"].map(str::to_owned);
        std::iter::once("id".to_owned()).chain(fields).chain(generated).collect()
    }

    fn password_step(&mut self) -> Option<String> {
        let field = self.resource.fields.iter().find(|field| is_password(field))?;
        self.imports.add_own("auth.passwords", "hash_password");
        let name = &field.attribute;
        let hashed = format!("await hash_password(data.{name}.get_secret_value())");
        let hashed = if field.presence.nullable { format!("{hashed} if data.{name} else None") } else { hashed };
        Some(format!("values[{}] = {hashed}", Expr::string(name)))
    }

    fn generated_values(&mut self, creation: Creation) -> BTreeMap<String, String> {
        let resource = self.resource;
        let mut values = BTreeMap::new();
        if resource.key.source == KeySource::Application {
            let maker = if resource.key.ty == KeyType::Uuid4 { self.uuid4() } else { self.core_maker("new_id") };
            values.insert("id".to_owned(), maker);
        }
        for field in &resource.fields {
            let value = if is_owner(field) && field.write.is_none() {
                Some("self.principal.id".to_owned())
            } else if Self::is_in_body(field, creation) {
                None
            } else {
                self.default(field)
            };
            values.extend(value.map(|value| (field.attribute.clone(), value)));
        }
        let times = [("created_at", resource.created_at), ("updated_at", resource.updated_at)];
        for (name, _) in times.into_iter().filter(|(_, exists)| *exists) {
            values.insert(name.to_owned(), self.core_maker("utc_now"));
        }
        if self.versioned() {
            values.insert("version".to_owned(), "1".to_owned());
        }
        self.overrule_role(creation, &mut values);
        values
    }

    /// The role of somebody who registers is a parameter.
    fn overrule_role(&self, creation: Creation, values: &mut BTreeMap<String, String>) {
        let role = self.model.project.auth.as_ref().and_then(|auth| auth.role);
        if creation == Creation::Register
            && let Some(role) = role
        {
            let attribute = &self.resource.field(role).attribute;
            values.insert(attribute.clone(), attribute.clone());
        }
    }

    /// Whether the body of a creation carries the field or its default.
    fn is_in_body(field: &Field, creation: Creation) -> bool {
        field.access.in_create() && (creation == Creation::Create || field.write.is_none())
    }

    fn uuid4(&mut self) -> String {
        self.imports.add("uuid", "uuid4");
        "uuid4()".to_owned()
    }

    fn core_maker(&mut self, name: &str) -> String {
        self.imports.add_own("core.models", name);
        format!("{name}()")
    }

    /// The default of a field that no body carries.
    #[expect(clippy::wildcard_enum_match_arm, reason = "every other type is a point in time")]
    fn default(&mut self, field: &Field) -> Option<String> {
        match (&field.presence.default, &field.kind) {
            (FieldDefault::Constant(value), FieldKind::Scalar(scalar)) => {
                if let FieldType::Enum(class) = &scalar.ty {
                    self.import_enum(class);
                }
                Some(literal(value, &scalar.ty, &mut self.imports).to_string())
            }
            (FieldDefault::Now, FieldKind::Scalar(scalar)) => Some(match scalar.ty {
                FieldType::Time { .. } => self.core_maker("utc_time"),
                FieldType::LocalDatetime { .. } => self.core_maker("local_now"),
                _ => self.core_maker("utc_now"),
            }),
            (FieldDefault::Today, _) => Some(self.core_maker("utc_today")),
            (FieldDefault::Uuid, _) => Some(self.core_maker("new_id")),
            (FieldDefault::Uuid4, _) => Some(self.uuid4()),
            (FieldDefault::CurrentUser, _) => Some("self.principal.id".to_owned()),
            (FieldDefault::None | FieldDefault::Slug(_) | FieldDefault::Constant(_) | FieldDefault::Now, _) => None,
        }
    }

    /// References to the caller that a body may overrule.
    fn caller_steps(&self, creation: Creation) -> Vec<String> {
        let fields = self.resource.fields.iter().filter(|field| {
            let is_callers = field.presence.default == FieldDefault::CurrentUser || is_owner(field);
            let is_overruled = Self::is_in_body(field, creation) && !(is_owner(field) && field.write.is_none());
            is_callers && is_overruled
        });
        fields
            .map(|field| format!("values.setdefault({}, self.principal.id)", Expr::string(&field.attribute)))
            .collect()
    }

    fn slugs(&mut self) -> Vec<SlugView> {
        let resource = self.resource;
        let made = resource.fields_with_ids().filter_map(|(id, field)| {
            let FieldDefault::Slug(source) = field.presence.default else { return None };
            Some((id, field, source))
        });
        made.collect::<Vec<_>>().into_iter().map(|(id, field, source)| self.slug(id, field, source)).collect()
    }

    /// The unique slugs that two requests may derive at the same time.
    fn retries(&mut self) -> Vec<Expr> {
        let resource = self.resource;
        let made = resource
            .fields_with_ids()
            .filter(|(id, field)| matches!(field.presence.default, FieldDefault::Slug(_)) && is_unique(resource, *id));
        let names: Vec<_> = made.map(|(_, field)| Expr::string(&field.attribute)).collect();
        if !names.is_empty() {
            self.imports.add_own("core.retry", "retried_on");
        }
        names
    }

    fn slug(&mut self, id: FieldId, field: &Field, source: FieldId) -> SlugView {
        let source = self.resource.field(source);
        let name = Expr::string(&source.attribute);
        let is_certain = source.access.in_create() && source.write.is_none() && !source.presence.nullable;
        let text =
            if is_certain { format!("data.{}", source.attribute) } else { format!("values.get({name}) or \"\"") };
        let value = if is_unique(self.resource, id) {
            let class = self.import_model(self.resource.id);
            format!("await self.repository.free_slug(session, {class}.{}, {text})", field.attribute)
        } else {
            self.imports.add_own("core.text", "slugified");
            format!("slugified({text})")
        };
        SlugView { field: Expr::string(&field.attribute), value: Expr::code(value) }
    }

    /// The check of the rules, if there are any.
    fn rules_on(&mut self, call: &str) -> Vec<Expr> {
        if self.resource.rules.is_empty() {
            return Vec::new();
        }
        let rules = format!("{}_RULES", self.resource.names.singular.constant());
        self.imports.add_own(&self.schema_module(), &rules);
        let function = call.split('(').next().expect("a call has a name");
        self.imports.add_own("core.rules", function);
        vec![Expr::code(call.replace("{rules}", &rules))]
    }

    fn update_heads(&mut self) -> (Vec<LinkedView>, Vec<Expr>) {
        if !self.resource.does(Operation::Update) {
            return (Vec::new(), Vec::new());
        }
        let parameter = self.version_parameter();
        let links = self.links();
        if links.is_empty() {
            return (Vec::new(), vec![parameter]);
        }
        self.imports.add("collections.abc", "Sequence");
        let argument = Expr::code(if self.versioned() { ", version" } else { "" });
        (vec![LinkedView { parameter, argument, links }], Vec::new())
    }

    fn links(&mut self) -> Vec<LinkView> {
        let (model, resource) = (self.model, self.resource);
        let mut links = Vec::new();
        for field in linked_fields(resource) {
            let FieldKind::Many(many) = &field.kind else { continue };
            links.push(LinkView {
                name: Ident::new(format!("replace_{}", field.name)),
                ids: Ident::new(field.attribute.clone()),
                field: Expr::string(&field.attribute),
                key_type: key_annotation(model.resource(many.target).key.ty, &mut self.imports),
                words: field.name.words(),
            });
        }
        links
    }

    fn version_parameter(&self) -> Expr {
        Expr::code(if self.versioned() { ", version: int | None = None" } else { "" })
    }

    /// The scope that a write asks for, and the statement that loads the row through it.
    fn load(&mut self, action: Operation, scope: &str) -> (Vec<String>, Expr) {
        self.imports.add_own("core.service", "permitted");
        let key = key_parameter(self.resource);
        let is_guarded = Demand::of(self.model, self.resource, action).is_some();
        let checks = is_guarded.then(|| format!("allowed = self.{}()", may(action))).into_iter().collect();
        let allowed = if is_guarded { ", allowed" } else { "" };
        let load = format!("permitted(await self.repository.load(session, {key}, self.{scope}(){allowed}))");
        (checks, Expr::code(load))
    }

    fn version_test(&mut self) -> Option<String> {
        if !self.versioned() {
            return None;
        }
        self.imports.add_own("core.service", "check_version");
        Some(format!("check_version({}, version)", self.row))
    }

    fn update(&mut self) -> ChangeView {
        let row = self.row.clone();
        self.imports.add("typing", "cast");
        self.imports.add_own(&self.schema_module(), &format!("{}Update", self.class()));
        let (mut checks, loaded) = self.load(Operation::Update, "get_scope");
        if self.refers_in_updates() {
            checks.push("await self.check_references(changes)".to_owned());
        }
        let mut tests: Vec<_> = self.version_test().into_iter().collect();
        if self.guards_writes() {
            tests.push(format!("self.check_fields(changes.keys(), {row})"));
        }
        ChangeView {
            parameter: self.version_parameter(),
            checks: statements(checks),
            loaded,
            tests: statements(tests),
            completions: self.touched(),
            rules: self.rules_on(&format!("check_changed({{rules}}, {row}, changes)")),
            result: self.shown(row.as_str()),
        }
    }

    fn replace(&mut self) -> ChangeView {
        let row = self.row.clone();
        self.imports.add("typing", "cast");
        self.imports.add_own(&self.schema_module(), &format!("{}Replace", self.class()));
        let (mut checks, loaded) = self.load(Operation::Replace, "get_scope");
        if self.refers_in_updates() {
            checks.push("await self.check_references(changes)".to_owned());
        }
        let mut tests: Vec<_> = self.version_test().into_iter().collect();
        if self.guards_writes() {
            tests.push(format!("self.check_fields(data.model_fields_set, {row})"));
            tests.push(format!("self.keep_unwritable(changes, {row})"));
        }
        ChangeView {
            parameter: self.version_parameter(),
            checks: statements(checks),
            loaded,
            tests: statements(tests),
            completions: self.touched(),
            rules: self.rules_on(&format!("check_changed({{rules}}, {row}, changes)")),
            result: self.shown(row.as_str()),
        }
    }

    fn touched(&mut self) -> Vec<Expr> {
        if !self.resource.updated_at {
            return Vec::new();
        }
        let now = self.core_maker("utc_now");
        vec![Expr::code(format!("changes[\"updated_at\"] = {now}"))]
    }

    fn delete(&mut self) -> DeleteView {
        let row = self.row.clone();
        let (checks, loaded) = self.load(Operation::Delete, "get_scope");
        let steps = if self.resource.soft_delete {
            self.imports.add_own("core.soft_delete", "hide_children");
            let class = self.import_model(self.resource.id);
            vec![
                format!("await self.repository.hide(session, {row})"),
                format!("await hide_children(session, {class}, [{row}[\"id\"]])"),
            ]
        } else {
            vec![format!("await self.repository.delete(session, {row})")]
        };
        DeleteView {
            parameter: self.version_parameter(),
            checks: statements(checks),
            loaded,
            tests: statements(self.version_test().into_iter().collect()),
            steps: statements(steps),
        }
    }

    fn restore(&mut self) -> RemovalView {
        self.removal(Operation::Restore)
    }

    fn purge(&mut self) -> RemovalView {
        self.removal(Operation::Purge)
    }

    fn removal(&mut self, operation: Operation) -> RemovalView {
        self.imports.add_own("core.service", "check_deleted");
        let (checks, loaded) = self.load(operation, "stored_scope");
        RemovalView { checks: statements(checks), loaded, result: self.shown(self.row.as_str()) }
    }

    /// The module that is the user's.
    fn own(&self) -> OwnView {
        let mut imports = Imports::new(&self.model.project.package);
        let module = self.resource.names.singular.python();
        let class = self.class();
        imports.add_own(&format!("services.base.{module}_service"), &format!("{class}ServiceBase"));
        let narrows = self.resource.hooks.contains(&Hook::Scope);
        if narrows {
            imports.add_own("core.scope", "EVERY_ROW");
            imports.add_own("core.scope", "Scope");
        }
        let hooks: Vec<_> = self.resource.hooks.iter().filter_map(|hook| self.hook(*hook)).collect();
        for hook in &hooks {
            for name in ["Row", "Values"].map(|suffix| format!("{class}{suffix}")) {
                if hook.parameters.as_str().contains(&format!(": {name}")) {
                    imports.add_own(&format!("repositories.{module}_repository"), &name);
                }
            }
        }
        OwnView { imports: imports.block(), hooks, narrows }
    }

    fn hook(&self, hook: Hook) -> Option<HookView> {
        let (row, class, one) = (&self.row, self.class(), self.one());
        let a_row = format!(", {row}: {class}Row");
        let (name, parameters, doc) = match hook {
            Hook::BeforeCreate => (
                "before_create",
                format!(", values: {class}Values"),
                format!("Runs before {one} is written; may change the values."),
            ),
            Hook::AfterCreate => ("after_create", a_row, format!("Runs after {one} was written, before the commit.")),
            Hook::BeforeUpdate => (
                "before_update",
                format!("{a_row}, changes: {class}Values"),
                "Runs before the changes are written; may change them.".to_owned(),
            ),
            Hook::AfterUpdate => {
                ("after_update", a_row, "Runs after the changes were written, before the commit.".to_owned())
            }
            Hook::BeforeDelete => ("before_delete", a_row, format!("Runs before {one} is deleted.")),
            Hook::AfterDelete => ("after_delete", a_row, format!("Runs after {one} was deleted, before the commit.")),
            Hook::Scope => return None,
        };
        Some(HookView { name: Ident::new(name), parameters: Expr::code(parameters), doc })
    }
}

/// The lists of links that a route of their own replaces.
pub fn linked_fields(resource: &Resource) -> impl Iterator<Item = &Field> {
    let fields = resource.fields.iter().filter(|field| field.access.in_update());
    fields.filter(|field| matches!(field.kind, FieldKind::Many(_)))
}

/// Whether some unique counts the field in.
fn is_unique(resource: &Resource, id: FieldId) -> bool {
    resource.uniques.iter().any(|unique| unique.columns.contains(&Column::Field(id)))
}

fn statements(lines: Vec<String>) -> Vec<Expr> {
    lines.into_iter().map(Expr::code).collect()
}
