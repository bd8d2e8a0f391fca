//! The words of `app/api/<version>/endpoints/<plural>.py`: what a route takes, answers and can refuse.

use std::collections::BTreeSet;

use serde::Serialize;

use super::field_schema;
use super::imports::{ImportBlock, Imports};
use super::permission_python::{Demand, unsearchable, unwritable};
use super::python::{Expr, Ident, docstring, joined};
use super::resource::article;
use super::service::{key_parameter, linked_fields};
use crate::model::{FieldKind, Model, Operation, Page, Resource, Versioning};

/// `resource.endpoint` in templates.
#[derive(Debug, Clone, Serialize)]
pub struct EndpointView {
    /// Import statements.
    pub imports: ImportBlock,
    /// Arguments of the router.
    pub router: Expr,
    /// The routes, fixed paths first.
    pub routes: Vec<RouteView>,
}

/// One route.
#[derive(Debug, Clone, Serialize)]
pub struct RouteView {
    /// `post`
    pub method: Ident,
    /// Arguments of the decorator.
    pub arguments: Expr,
    /// Name of the function.
    pub function: Ident,
    /// Its parameters.
    pub parameters: Expr,
    /// What it returns.
    pub returns: Expr,
    /// One sentence.
    pub doc: String,
    /// What it does.
    pub statement: Expr,
}

/// The words of the endpoints of a resource.
#[must_use]
pub fn view(model: &Model, resource: &Resource) -> EndpointView {
    Writer { model, resource, imports: Imports::new(&model.project.package) }.view()
}

struct Writer<'a> {
    model: &'a Model,
    resource: &'a Resource,
    imports: Imports,
}

/// A route before its decorator and its parameters are put together.
struct Draft {
    operation: Operation,
    method: &'static str,
    path: String,
    /// The last word of the operation id.
    id: String,
    function: String,
    /// Response class and status, in front of the operation id.
    answer: String,
    /// Statuses besides those of every route.
    statuses: BTreeSet<u16>,
    parameters: Vec<String>,
    returns: String,
    doc: String,
    statement: String,
}

impl Writer<'_> {
    fn view(&mut self) -> EndpointView {
        let mut routes = Vec::new();
        for operation in self.resource.operations.clone() {
            let draft = self.draft(operation);
            routes.push(self.route(draft));
        }
        if self.resource.does(Operation::Update) {
            for draft in self.links() {
                routes.push(self.route(draft));
            }
        }
        self.import_always(&routes);
        EndpointView { router: self.router(), imports: self.imports.block(), routes }
    }

    fn import_always(&mut self, routes: &[RouteView]) {
        let class = self.class().to_owned();
        let module = self.resource.names.singular.python();
        self.imports.add("typing", "Annotated");
        self.imports.add("fastapi", "APIRouter");
        self.imports.add("fastapi", "Depends");
        self.imports.add_own("api.dependencies", "ContextDep");
        self.imports.add_own(&format!("services.{module}_service"), &format!("{class}Service"));
        let uses = |word: &str| {
            routes.iter().any(|route| {
                let texts = [&route.arguments, &route.parameters, &route.returns, &route.statement];
                texts.iter().any(|text| text.as_str().contains(word))
            })
        };
        for name in ["Request", "Response", "Query"] {
            let word = if name == "Query" { "Query()".to_owned() } else { name.to_owned() };
            let is_used = match name {
                "Response" => uses(": Response") || uses("| Response") || uses("=Response"),
                "Request" => uses(": Request"),
                _ => uses(&word),
            };
            if is_used {
                self.imports.add("fastapi", name);
            }
        }
        if uses("problems(") {
            self.imports.add_own("core.openapi", "problems");
        }
        if uses("=PUBLIC") {
            self.imports.add_own("core.openapi", "PUBLIC");
        }
        if routes.iter().any(|route| route.returns.as_str().contains(&format!("{class}Row"))) {
            self.imports.add_own(&format!("repositories.{module}_repository"), &format!("{class}Row"));
        }
        if routes.iter().any(|route| route.arguments.as_str().contains(&format!("{class}Read"))) {
            self.import_schema("Read");
        }
    }

    fn router(&mut self) -> Expr {
        let prefix = Expr::string(&format!("/{}", self.resource.names.route));
        let tags = joined(self.resource.tags.iter().map(|tag| Expr::string(tag)));
        let limit = if self.is_limited() {
            self.imports.add_own("api.dependencies", "limit_rate");
            ", dependencies=[Depends(limit_rate)]"
        } else {
            ""
        };
        Expr::code(format!("prefix={prefix}, tags=[{tags}]{limit}"))
    }

    fn is_limited(&self) -> bool {
        self.resource.rate_limit.is_some()
    }

    fn class(&self) -> &str {
        &self.resource.names.class
    }

    fn import_schema(&mut self, suffix: &str) -> String {
        let name = format!("{}{suffix}", self.class());
        self.imports.add_own(&format!("schemas.{}", self.resource.names.singular.python()), &name);
        name
    }

    fn versioned(&self) -> bool {
        self.resource.versioning != Versioning::Off
    }

    /// `a post`
    fn one(&self) -> String {
        format!("{} {}", article(&self.resource.label).to_lowercase(), docstring(&self.resource.label))
    }

    /// `post_id: UUID`
    fn key(&mut self) -> String {
        format!("{}: {}", key_parameter(self.resource), field_schema::key(self.resource.key.ty, &mut self.imports))
    }

    fn service(&self) -> String {
        format!("service: {}ServiceDep", self.class())
    }

    fn item_path(&self) -> String {
        format!("/{{{}}}", key_parameter(self.resource))
    }

    fn draft(&mut self, operation: Operation) -> Draft {
        match operation {
            Operation::List => self.list(),
            Operation::Get => self.get(),
            Operation::Create => self.create(),
            Operation::Update => self.change(operation, "patch", "update", "Changes the fields of {} that are sent."),
            Operation::Replace => {
                self.change(operation, "put", "replace", "Replaces everything that can be changed of {}.")
            }
            Operation::Delete => self.delete(),
            Operation::Restore => self.restore(),
            Operation::Purge => self.purge(),
        }
    }

    fn list(&mut self) -> Draft {
        let words = self.resource.names.plural.words();
        let (page, rows, links) = match self.resource.list.page {
            Page::Offset => ("OffsetPage", "OffsetRows", Some("with_offset_links")),
            Page::Cursor => ("CursorPage", "CursorRows", Some("with_cursor_links")),
            Page::None => ("AllItems", "AllRows", None),
        };
        self.imports.add_own("core.schemas", page);
        self.imports.add_own("core.pagination", rows);
        let query = self.import_schema("Query");
        let mut parameters = vec![format!("query: Annotated[{query}, Query()]"), self.service()];
        let (statement, doc) = if let Some(links) = links {
            self.imports.add_own("core.links", links);
            parameters.extend(["request: Request".to_owned(), "response: Response".to_owned()]);
            let statement = format!("return {links}(request, response, await service.list(query))");
            (statement, format!("Returns a page of {words}."))
        } else {
            ("return await service.list(query)".to_owned(), format!("Returns all {words}."))
        };
        let mut statuses = BTreeSet::new();
        if self.resource.list.page == Page::Cursor {
            statuses.insert(400);
        }
        if !unsearchable(self.model, self.resource).is_empty() {
            statuses.insert(403);
        }
        let class = self.class();
        Draft {
            operation: Operation::List,
            method: "get",
            path: String::new(),
            id: "list".to_owned(),
            function: format!("list_{}", self.resource.names.plural),
            answer: format!("response_model={page}[{class}Read], "),
            statuses,
            parameters,
            returns: format!("{rows}[{class}Row]"),
            doc,
            statement,
        }
    }

    fn get(&mut self) -> Draft {
        let key = key_parameter(self.resource);
        let mut parameters = vec![self.key()];
        let query = self.import_schema("Include");
        parameters.push(format!("query: Annotated[{query}, Query()]"));
        parameters.push(self.service());
        let row = format!("await service.get({key}, query.include)");
        let class = self.class().to_owned();
        let (returns, statement) = if self.versioned() {
            self.imports.add_own("core.etag", "unless_known");
            parameters.extend(["request: Request".to_owned(), "response: Response".to_owned()]);
            (format!("{class}Row | Response"), format!("return unless_known(request, response, {row})"))
        } else {
            (format!("{class}Row"), format!("return {row}"))
        };
        let doc = format!("Returns one {}.", docstring(&self.resource.label));
        self.item(Operation::Get, "get", parameters, returns, doc, statement)
    }

    /// A route of one row that answers with it.
    fn item(
        &self,
        operation: Operation,
        method: &'static str,
        parameters: Vec<String>,
        returns: String,
        doc: String,
        statement: String,
    ) -> Draft {
        let id = operation_word(operation);
        Draft {
            operation,
            method,
            path: self.item_path(),
            id: id.to_owned(),
            function: format!("{id}_{}", self.resource.names.singular),
            answer: format!("response_model={}Read, ", self.class()),
            statuses: BTreeSet::from([404]),
            parameters,
            returns,
            doc,
            statement,
        }
    }

    fn create(&mut self) -> Draft {
        let data = self.import_schema("Create");
        self.imports.add_own("core.links", "located");
        let mut statement = "located(request, response, await service.create(data))".to_owned();
        if self.versioned() {
            self.imports.add_own("core.etag", "tagged");
            statement = format!("tagged(response, {statement})");
        }
        let parameters =
            [format!("data: {data}"), self.service(), "request: Request".to_owned(), "response: Response".to_owned()];
        Draft {
            operation: Operation::Create,
            method: "post",
            path: String::new(),
            id: "create".to_owned(),
            function: format!("create_{}", self.resource.names.singular),
            answer: format!("status_code=201, response_model={}Read, ", self.class()),
            statuses: BTreeSet::from([409]),
            parameters: parameters.to_vec(),
            returns: format!("{}Row", self.class()),
            doc: format!("Creates {}.", self.one()),
            statement: format!("return {statement}"),
        }
    }

    fn change(&mut self, operation: Operation, method: &'static str, verb: &str, doc: &str) -> Draft {
        let suffix = if operation == Operation::Replace { "Replace" } else { "Update" };
        let data = self.import_schema(suffix);
        let key = self.key();
        let mut parameters = vec![key, format!("data: {data}"), self.service()];
        let call = format!("await service.{verb}({}, data", key_parameter(self.resource));
        let statement = self.written(&call, &mut parameters);
        let doc = doc.replace("{}", &self.one());
        let returns = format!("{}Row", self.class());
        let draft = self.item(operation, method, parameters, returns, doc, statement);
        self.conditional(draft)
    }

    /// The statement of a route that changes a row, guarded by its version.
    fn written(&mut self, call: &str, parameters: &mut Vec<String>) -> String {
        if !self.versioned() {
            return format!("return {call})");
        }
        parameters.push(self.version_parameter());
        parameters.push("response: Response".to_owned());
        self.imports.add_own("core.etag", "tagged");
        format!("return tagged(response, {call}, version))")
    }

    fn version_parameter(&mut self) -> String {
        let name = if self.resource.versioning == Versioning::Required { "RequiredIfMatch" } else { "IfMatch" };
        self.imports.add_own("core.etag", name);
        format!("version: {name}")
    }

    /// The statuses of a write, and of `If-Match` where it is honoured.
    fn conditional(&self, mut draft: Draft) -> Draft {
        draft.statuses.insert(409);
        if self.versioned() {
            draft.statuses.extend([400, 412]);
        }
        if self.resource.versioning == Versioning::Required {
            draft.statuses.insert(428);
        }
        draft
    }

    fn delete(&mut self) -> Draft {
        let mut parameters = vec![self.key(), self.service()];
        let key = key_parameter(self.resource);
        let version = if self.versioned() {
            parameters.push(self.version_parameter());
            ", version"
        } else {
            ""
        };
        let statement = format!("await service.delete({key}{version})");
        let draft = self.emptied(Operation::Delete, parameters, format!("Deletes {}.", self.one()), statement);
        self.conditional(draft)
    }

    fn emptied(&self, operation: Operation, parameters: Vec<String>, doc: String, statement: String) -> Draft {
        let draft = self.item(operation, "delete", parameters, "None".to_owned(), doc, statement);
        Draft { answer: "status_code=204, response_class=Response, ".to_owned(), ..draft }
    }

    fn restore(&mut self) -> Draft {
        let mut parameters = vec![self.key(), self.service()];
        let row = format!("await service.restore({})", key_parameter(self.resource));
        let statement = if self.versioned() {
            parameters.push("response: Response".to_owned());
            self.imports.add_own("core.etag", "tagged");
            format!("return tagged(response, {row})")
        } else {
            format!("return {row}")
        };
        let doc = format!("Brings a deleted {} back.", docstring(&self.resource.label));
        let returns = format!("{}Row", self.class());
        let mut draft = self.item(Operation::Restore, "post", parameters, returns, doc, statement);
        draft.path.push_str("/restore");
        draft.statuses.insert(409);
        draft
    }

    fn purge(&mut self) -> Draft {
        let parameters = vec![self.key(), self.service()];
        let statement = format!("await service.purge({})", key_parameter(self.resource));
        let doc = format!("Takes a deleted {} away for good.", docstring(&self.resource.label));
        let mut draft = self.emptied(Operation::Purge, parameters, doc, statement);
        draft.path.push_str("/purge");
        draft.statuses.insert(409);
        draft
    }

    fn links(&mut self) -> Vec<Draft> {
        let resource = self.resource;
        let fields = linked_fields(resource);
        fields
            .filter_map(|field| {
                let FieldKind::Many(many) = &field.kind else { return None };
                let target = self.model.resource(many.target).key.ty;
                let key = self.key();
                let ids = field_schema::key(target, &mut self.imports);
                self.imports.add_own("core.schemas", "Ids");
                let mut parameters = vec![key, format!("data: Ids[{ids}]"), self.service()];
                let method = format!("replace_{}", field.name);
                let call = format!("await service.{method}({}, data.ids", key_parameter(resource));
                let statement = self.written(&call, &mut parameters);
                let doc = format!("Makes the {} of {} exactly these.", field.name.words(), self.one());
                let returns = format!("{}Row", self.class());
                let mut draft = self.item(Operation::Update, "put", parameters, returns, doc, statement);
                draft.path = format!("{}/{}", draft.path, field.name.kebab());
                draft.function = format!("replace_{}_{}", resource.names.singular, field.name);
                draft.id = method;
                Some(self.conditional(draft))
            })
            .collect()
    }

    fn route(&self, draft: Draft) -> RouteView {
        let plural = &self.resource.names.plural;
        let path = Expr::string(&draft.path);
        let id = Expr::string(&format!("{plural}_{}", draft.id));
        let statuses = self.statuses(&draft);
        let problems = if statuses.is_empty() { String::new() } else { format!(", responses=problems({statuses})") };
        let public = if self.is_public(draft.operation) { ", openapi_extra=PUBLIC" } else { "" };
        RouteView {
            method: Ident::new(draft.method),
            arguments: Expr::code(format!("{path}, {}operation_id={id}{problems}{public}", draft.answer)),
            function: Ident::new(draft.function),
            parameters: Expr::code(draft.parameters.join(", ")),
            returns: Expr::code(draft.returns),
            doc: draft.doc,
            statement: Expr::code(draft.statement),
        }
    }

    fn is_public(&self, operation: Operation) -> bool {
        let demand = Demand::of(self.model, self.resource, operation);
        self.model.project.auth.is_some() && demand.is_some_and(Demand::is_public)
    }

    /// The statuses that the route can answer with, but those of every route.
    fn statuses(&self, draft: &Draft) -> String {
        let mut statuses = draft.statuses.clone();
        if self.model.project.auth.is_some() {
            statuses.insert(401);
        }
        let needs_sight = !matches!(draft.operation, Operation::List | Operation::Create | Operation::Get);
        let actions = [Some(draft.operation), needs_sight.then_some(Operation::Get)];
        let demands = actions.into_iter().flatten().filter_map(|action| Demand::of(self.model, self.resource, action));
        let refuses_row = |demand: &Demand<'_>| demand.refuses();
        let writes = matches!(draft.operation, Operation::Create | Operation::Update | Operation::Replace);
        let refuses_field = writes && !unwritable(self.model, self.resource, "row").is_empty();
        if demands.into_iter().any(|demand| refuses_row(&demand)) || refuses_field {
            statuses.insert(403);
        }
        if self.is_limited() {
            statuses.insert(429);
        }
        statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")
    }
}

/// The word of an operation in names of functions and operation ids.
fn operation_word(operation: Operation) -> &'static str {
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
