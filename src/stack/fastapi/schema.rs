//! The words of `app/schemas/<singular>.py`: what clients send and get.

use std::collections::BTreeSet;

use serde::Serialize;

use super::field_schema::{self, literals};
use super::imports::{ImportBlock, Imports};
use super::python::{Expr, Ident, docstring, tuple};
use super::relations::{Relation, relations};
use super::rule_python::{RuleView, literal, rules};
use crate::model::{
    Access, Column, EnumType, Field, FieldDefault, FieldKind, FieldType, Filter, Include, KeySource, KeyType, Model,
    ObjectType, Operation, Page, Polymorphic, Reference, Resource, Value, Versioning,
};

/// `resource.schema` in templates.
#[derive(Debug, Clone, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word that templates ask for")]
pub struct SchemaView {
    /// Import statements.
    pub imports: ImportBlock,
    /// Whether schemas of others are imported for annotations.
    pub has_type_imports: bool,
    /// Imports that only annotations need.
    pub type_imports: Vec<String>,
    /// Rules over the row.
    pub rules: Vec<RuleView>,
    /// All of them, a tuple.
    pub rules_tuple: Expr,
    /// Whether there is one.
    pub has_rules: bool,
    /// `POST_RULES`
    pub rules_name: Ident,
    /// Nested models and what a request or a response is made of, in the order of the file.
    pub classes: Vec<ClassView>,
    /// Whether there is a list route.
    pub has_list: bool,
    /// What may stand in `?sort=`; empty if nothing may.
    pub sorts: Vec<Expr>,
    /// Parameters of the list route.
    pub query: Vec<MemberView>,
    /// Whether one row can be read.
    pub has_get: bool,
    /// Parameters of the route of one row.
    pub includes: Vec<MemberView>,
    /// Base of the query strings.
    pub query_base: Ident,
}

/// A model class.
#[derive(Debug, Clone, Serialize)]
pub struct ClassView {
    /// Its name.
    pub name: Ident,
    /// `Input` or `Output`.
    pub base: Ident,
    /// One sentence about it.
    pub doc: String,
    /// Whether it has a member.
    pub has_members: bool,
    /// Its fields.
    pub members: Vec<MemberView>,
    /// Whether the rules are checked on it.
    pub checks_rules: bool,
}

/// One field of a model class.
#[derive(Debug, Clone, Serialize)]
pub struct MemberView {
    /// Its name.
    pub name: Ident,
    /// Annotation, and the default if it has one.
    pub declaration: Expr,
}

struct Writer<'a> {
    model: &'a Model,
    resource: &'a Resource,
    imports: Imports,
    type_imports: BTreeSet<(String, String)>,
}

/// What a class is for: it decides what a field looks like in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Create,
    Replace,
    Register,
    Update,
    Read,
}

/// The words of the schemas of a resource.
#[must_use]
pub fn view(model: &Model, resource: &Resource) -> SchemaView {
    let imports = Imports::new(&model.project.package);
    Writer { model, resource, imports, type_imports: BTreeSet::new() }.view()
}

/// Whether a resource is the one of the people who log in, and registers them.
#[must_use]
pub fn registers(model: &Model, resource: &Resource) -> bool {
    model.project.auth.as_ref().is_some_and(|auth| auth.user == resource.id)
}

/// The relations that may be part of a response.
pub fn included<'a>(model: &'a Model, resource: &'a Resource) -> Vec<Relation<'a>> {
    let all = relations(model, resource).into_iter();
    all.filter(|relation| relation.include != Include::Never).collect()
}

impl Writer<'_> {
    fn view(&mut self) -> SchemaView {
        let rules = rules(self.resource, &mut self.imports);
        let mut classes = self.nested_classes();
        classes.extend(self.request_classes(!rules.is_empty()));
        classes.push(self.read_class());
        let has_list = self.resource.does(Operation::List);
        let has_relations = !included(self.model, self.resource).is_empty();
        let has_get = self.resource.does(Operation::Get);
        let has_include = has_get && has_relations;
        let includes = if has_include { vec![self.include_member()] } else { Vec::new() };
        let query_base = Ident::new(if has_relations { "Input" } else { "NoInclude" });
        let sorts = if has_list && !sort_columns(self.resource).is_empty() { vec![self.sorts()] } else { Vec::new() };
        let query = if has_list { self.query() } else { Vec::new() };
        if !rules.is_empty() {
            self.imports.add("collections.abc", "Mapping");
            self.imports.add_all("typing", ["Any"]);
            self.imports.add_own("core.rules", "Rule");
            self.imports.add_own("core.rules", "Truth");
        }
        if classes.iter().any(|class| class.checks_rules) {
            self.imports.add("typing", "Self");
            self.imports.add("pydantic", "model_validator");
            self.imports.add_own("core.rules", "check_created");
        }
        if has_include {
            self.imports.add("typing", "Annotated");
            self.import_include();
        }
        if (has_get || has_list) && !has_relations {
            self.imports.add_own("core.schemas", "NoInclude");
        }
        if (has_list && has_relations) || has_include || classes.iter().any(|class| class.base.as_str() == "Input") {
            self.imports.add_own("core.schemas", "Input");
        }
        self.imports.add_own("core.schemas", "Output");
        self.import_enums();
        if !self.type_imports.is_empty() {
            self.imports.add("typing", "TYPE_CHECKING");
        }
        SchemaView {
            has_type_imports: !self.type_imports.is_empty(),
            type_imports: self.type_import_lines(),
            imports: self.imports.block(),
            has_rules: !rules.is_empty(),
            rules_tuple: tuple(&rules.iter().map(|rule| rule.entry.clone()).collect::<Vec<_>>(), 0),
            rules_name: Ident::new(format!("{}_RULES", self.resource.names.singular.constant())),
            rules,
            classes,
            has_list,
            sorts,
            query,
            has_get,
            includes,
            query_base,
        }
    }

    fn include_member(&self) -> MemberView {
        let class = &self.resource.names.class;
        let declaration = Expr::code(format!("Annotated[list[str], IncludePaths({class})] = Field(default=[])"));
        MemberView { name: Ident::new("include"), declaration }
    }

    fn type_import_lines(&self) -> Vec<String> {
        let package = &self.model.project.package;
        let line = |(module, class): &(String, String)| format!("from {package}.schemas.{module} import {class}Read");
        self.type_imports.iter().map(line).collect()
    }

    fn import_include(&mut self) {
        self.imports.add("pydantic", "Field");
        self.imports.add_own("core.includes", "IncludePaths");
        let module = format!("models.{}", self.resource.names.singular.python());
        self.imports.add_own(&module, &self.resource.names.class);
    }

    fn import_enums(&mut self) {
        let own = format!("models.{}", self.resource.names.singular.python());
        for (class, _) in super::model::own_enums(self.resource) {
            let module = self.module_of(class).unwrap_or_else(|| own.clone());
            if class_is_used(class, self.resource) {
                self.imports.add_own(&module, &class.class);
            }
        }
        for filter in &self.resource.list.filter {
            if let (Filter::Path(..), Some(FieldType::Enum(class))) = (filter, self.filter_type(*filter)) {
                let module = self.module_of(class).unwrap_or_else(|| self.target_module(*filter));
                self.imports.add_own(&module.clone(), &class.class.clone());
            }
        }
    }

    /// The module of the roles, which the user resource declares.
    fn module_of(&self, class: &EnumType) -> Option<String> {
        let auth = self.model.project.auth.as_ref().filter(|_| class.is_role)?;
        Some(format!("models.{}", self.model.resource(auth.user).names.singular.python()))
    }

    fn target_module(&self, filter: Filter) -> String {
        let Filter::Path(reference, _) = filter else { unreachable!("only paths lead to another module") };
        let FieldKind::Reference(reference) = &self.resource.field(reference).kind else {
            unreachable!("paths follow references")
        };
        format!("models.{}", self.model.resource(reference.target).names.singular.python())
    }

    /// The classes of nested objects and of polymorphic references.
    fn nested_classes(&mut self) -> Vec<ClassView> {
        let resource = self.resource;
        let mut classes = Vec::new();
        for field in &resource.fields {
            match &field.kind {
                FieldKind::Scalar(scalar) => self.object_classes(&scalar.ty, &mut classes),
                FieldKind::Polymorphic(polymorphic) => {
                    let targets: Vec<_> = polymorphic.targets.iter().map(|target| target.target).collect();
                    classes.extend(self.polymorphic_classes(field, &targets));
                }
                FieldKind::Reference(_) | FieldKind::Many(_) => {}
            }
        }
        classes
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only these hold objects")]
    fn object_classes(&mut self, ty: &FieldType, classes: &mut Vec<ClassView>) {
        let object = match ty {
            FieldType::Object(object) => object,
            FieldType::List(list) => return self.object_classes(&list.element, classes),
            _ => return,
        };
        for field in &object.fields {
            if let FieldKind::Scalar(scalar) = &field.kind {
                self.object_classes(&scalar.ty, classes);
            }
        }
        classes.push(self.object_class(object, Use::Create));
        classes.push(self.object_class(object, Use::Read));
    }

    fn object_class(&mut self, object: &ObjectType, purpose: Use) -> ClassView {
        let members = object.fields.iter().filter_map(|field| self.scalar_member(field, purpose)).collect();
        let (name, base) = match purpose {
            Use::Read => (format!("{}Read", object.class), "Output"),
            Use::Create | Use::Replace | Use::Register | Use::Update => (object.class.clone(), "Input"),
        };
        class(&name, base, &format!("Part of a {}.", self.resource.label), members, false)
    }

    fn polymorphic_classes(&mut self, field: &Field, targets: &[crate::model::ResourceId]) -> [ClassView; 2] {
        self.imports.add("typing", "Literal");
        let names = literals(targets.iter().map(|id| self.model.resource(*id).names.plural.snake()));
        let sent = self.polymorphic_key(targets);
        let read = targets.iter().map(|id| self.key_read(self.model.resource(*id).key.ty)).collect::<Vec<_>>();
        let members = |key: Expr| {
            vec![
                MemberView { name: Ident::new("type"), declaration: Expr::code(format!("Literal[{names}]")) },
                MemberView { name: Ident::new("id"), declaration: key },
            ]
        };
        let name = polymorphic_class(self.resource, field);
        let doc = format!("What the {} of a {} is.", field.name.words(), self.resource.label);
        [
            class(&name, "Input", &doc, members(sent), false),
            class(&format!("{name}Read"), "Output", &doc, members(union(read)), false),
        ]
    }

    /// The annotation of an id whose type follows from what it refers to.
    fn polymorphic_key(&mut self, targets: &[crate::model::ResourceId]) -> Expr {
        let mut keys = Vec::new();
        let mut by_target = Vec::new();
        for id in targets {
            let target = self.model.resource(*id);
            let key = field_schema::key(target.key.ty, &mut self.imports);
            by_target.push(format!("{}: {key}", Expr::string(target.names.plural.snake())));
            keys.push(key);
        }
        let union = union(keys.clone());
        if keys.iter().all(|key| *key == keys[0]) {
            return union;
        }
        self.imports.add("typing", "Annotated");
        self.imports.add_own("core.polymorphic", "TypedReferenceId");
        Expr::code(format!("Annotated[{union}, TypedReferenceId({{{}}})]", by_target.join(", ")))
    }

    fn request_classes(&mut self, has_rules: bool) -> Vec<ClassView> {
        let label = &self.resource.label;
        let name = &self.resource.names.class;
        let mut classes = Vec::new();
        if self.resource.does(Operation::Create) {
            let doc = format!("A new {label}.");
            classes.push(self.class(&format!("{name}Create"), &doc, Use::Create, has_rules));
        }
        if registers(self.model, self.resource) {
            let doc = format!("A new {label}: the fields that need no role to write.");
            classes.push(self.class(&format!("{name}Register"), &doc, Use::Register, has_rules));
        }
        if self.resource.does(Operation::Replace) {
            let doc =
                format!("Everything that can be changed of a {label}. What is left out goes back to its default.");
            classes.push(self.class(&format!("{name}Replace"), &doc, Use::Replace, false));
        }
        if self.resource.does(Operation::Update) {
            let doc = format!("Changes of a {label}. What is left out stays as it is.");
            classes.push(self.class(&format!("{name}Update"), &doc, Use::Update, false));
        }
        classes
    }

    fn class(&mut self, name: &str, doc: &str, purpose: Use, checks_rules: bool) -> ClassView {
        let mut members = Vec::new();
        if purpose == Use::Create && self.resource.key.source == KeySource::Client {
            let key = field_schema::key(self.resource.key.ty, &mut self.imports);
            members.push(MemberView { name: Ident::new("id"), declaration: key });
        }
        for field in &self.resource.fields {
            if Self::is_part_of(field, purpose) {
                members.extend(self.member(field, purpose));
            }
        }
        class(name, "Input", doc, members, checks_rules)
    }

    /// Whether a request of that kind may carry the field.
    fn is_part_of(field: &Field, purpose: Use) -> bool {
        let accepted = match purpose {
            Use::Create | Use::Register => field.access.in_create(),
            Use::Replace | Use::Update => field.access.in_update() && !is_password(field),
            Use::Read => field.access.in_responses(),
        };
        let needs_role = purpose == Use::Register && field.write.is_some();
        let is_set_for_caller = is_owner(field) && (field.write.is_none() || purpose != Use::Create);
        accepted && !needs_role && (purpose == Use::Read || !is_set_for_caller)
    }

    fn read_class(&mut self) -> ClassView {
        let key = match self.resource.key.ty {
            KeyType::Bigint => {
                self.imports.add_own("core.schemas", "BigIntRead");
                Expr::code("BigIntRead")
            }
            ty @ (KeyType::Int | KeyType::Uuid | KeyType::Uuid4 | KeyType::String(_)) => {
                super::field_python::key_annotation(ty, &mut self.imports)
            }
        };
        let mut members = vec![MemberView { name: Ident::new("id"), declaration: key }];
        for field in &self.resource.fields {
            if Self::is_part_of(field, Use::Read) && !is_password(field) {
                members.extend(self.member(field, Use::Read));
            }
        }
        members.extend(self.generated_members());
        members.extend(self.relation_members());
        let doc = super::resource::doc(self.resource);
        class(&format!("{}Read", self.resource.names.class), "Output", &doc, members, false)
    }

    fn generated_members(&mut self) -> Vec<MemberView> {
        let resource = self.resource;
        let times = [("created_at", resource.created_at), ("updated_at", resource.updated_at)];
        let times = times.into_iter().filter(|(_, exists)| *exists).map(|(name, _)| (name, "DateTime"));
        let version = (resource.versioning != Versioning::Off).then_some(("version", "int"));
        let members: Vec<_> = times.chain(version).collect();
        if members.iter().any(|(_, ty)| *ty == "DateTime") {
            self.imports.add_own("core.schemas", "DateTime");
        }
        let member = |(name, ty): (&str, &str)| MemberView { name: Ident::new(name), declaration: Expr::code(ty) };
        members.into_iter().map(member).collect()
    }

    fn relation_members(&mut self) -> Vec<MemberView> {
        let relations = included(self.model, self.resource);
        let mut members = Vec::new();
        for relation in &relations {
            let target = self.model.resource(relation.target);
            if target.id != self.resource.id {
                self.type_imports.insert((target.names.singular.python(), target.names.class.clone()));
            }
            let read = format!("{}Read", target.names.class);
            let annotation = if relation.is_to_one() {
                format!("{read} | MISSING | None")
            } else {
                format!("list[{read}] | MISSING")
            };
            let default = self.missing(alias_of(self.model, relation.attribute, relation.json));
            let declaration = Expr::code(format!("{annotation}{default}"));
            members.push(MemberView { name: Ident::new(relation.attribute), declaration });
        }
        members
    }

    /// ` = MISSING`, with the alias where the JSON name is not the attribute's.
    fn missing(&mut self, alias: Option<String>) -> String {
        self.imports.add("pydantic", "MISSING");
        match alias {
            None => " = MISSING".to_owned(),
            Some(alias) => {
                self.imports.add("pydantic", "Field");
                format!(" = Field(MISSING, alias={})", Expr::string(&alias))
            }
        }
    }

    fn member(&mut self, field: &Field, purpose: Use) -> Option<MemberView> {
        match &field.kind {
            FieldKind::Scalar(_) => self.scalar_member(field, purpose),
            FieldKind::Reference(reference) => Some(self.reference_member(field, reference, purpose)),
            FieldKind::Polymorphic(_) => {
                let name = polymorphic_class(self.resource, field);
                let name = if purpose == Use::Read { format!("{name}Read") } else { name };
                Some(self.declare(field, &Expr::code(name), purpose))
            }
            FieldKind::Many(many) => {
                let key = self.model.resource(many.target).key.ty;
                let annotation = if purpose == Use::Read {
                    format!("list[{}]", self.key_read(key))
                } else {
                    self.imports.add("typing", "Annotated");
                    self.imports.add("pydantic", "Field");
                    let key = field_schema::key(key, &mut self.imports);
                    format!("Annotated[list[{key}], Field(max_length=1000)]")
                };
                Some(self.declare(field, &Expr::code(annotation), purpose))
            }
        }
    }

    fn key_read(&mut self, ty: crate::model::KeyType) -> Expr {
        if ty == crate::model::KeyType::Bigint {
            self.imports.add_own("core.schemas", "BigIntRead");
            return Expr::code("BigIntRead");
        }
        super::field_python::key_annotation(ty, &mut self.imports)
    }

    fn reference_member(&mut self, field: &Field, reference: &Reference, purpose: Use) -> MemberView {
        let key = self.model.resource(reference.target).key.ty;
        let annotation =
            if purpose == Use::Read { self.key_read(key) } else { field_schema::key(key, &mut self.imports) };
        self.declare(field, &annotation, purpose)
    }

    fn scalar_member(&mut self, field: &Field, purpose: Use) -> Option<MemberView> {
        let FieldKind::Scalar(scalar) = &field.kind else { return None };
        let annotation = if purpose == Use::Read {
            field_schema::output(field, &scalar.ty, &mut self.imports)
        } else {
            field_schema::input(field, &scalar.ty, &mut self.imports)
        };
        Some(self.declare(field, &annotation, purpose))
    }

    /// The annotation with `None`, `MISSING` and the default (language.md, 10).
    fn declare(&mut self, field: &Field, annotation: &Expr, purpose: Use) -> MemberView {
        let null = if field.presence.nullable { " | None" } else { "" };
        let alias = alias_of(self.model, &field.attribute, &field.json);
        let name = Ident::new(field.attribute.clone());
        let text = match purpose {
            Use::Update => format!("{annotation} | MISSING{null}{}", self.missing(alias)),
            Use::Read if field.read.is_some() => format!("{annotation} | MISSING{null}{}", self.missing(alias)),
            Use::Read => format!("{annotation}{null}{}", self.default(None, alias)),
            Use::Create | Use::Replace | Use::Register => self.with_default(field, annotation, null, alias),
        };
        MemberView { name, declaration: Expr::code(text) }
    }

    fn with_default(&mut self, field: &Field, annotation: &Expr, null: &str, alias: Option<String>) -> String {
        let presence = &field.presence;
        if is_owner(field) {
            return format!("{annotation} | MISSING{null}{}", self.missing(alias));
        }
        if presence.required {
            return format!("{annotation}{null}{}", self.default(None, alias));
        }
        let default = match &presence.default {
            FieldDefault::None if matches!(field.kind, FieldKind::Many(_)) => "[]".to_owned(),
            FieldDefault::None if presence.nullable => "None".to_owned(),
            FieldDefault::None => return format!("{annotation}{null}{}", self.default(None, alias)),
            FieldDefault::Constant(value) => self.constant(field, value).to_string(),
            FieldDefault::Now => return self.made(annotation, null, "utc_now", field, alias),
            FieldDefault::Today => return self.made(annotation, null, "utc_today", field, alias),
            FieldDefault::Uuid => return self.made(annotation, null, "new_id", field, alias),
            FieldDefault::Uuid4 => return self.made(annotation, null, "uuid4", field, alias),
            FieldDefault::CurrentUser | FieldDefault::Slug(_) => {
                return format!("{annotation} | MISSING{null}{}", self.missing(alias));
            }
        };
        format!("{annotation}{null}{}", self.default(Some(default), alias))
    }

    /// A default that is made for each row.
    fn made(&mut self, annotation: &Expr, null: &str, maker: &str, field: &Field, alias: Option<String>) -> String {
        let is_time = matches!(&field.kind, FieldKind::Scalar(scalar) if matches!(scalar.ty, FieldType::Time { .. }));
        let is_local =
            matches!(&field.kind, FieldKind::Scalar(scalar) if matches!(scalar.ty, FieldType::LocalDatetime { .. }));
        let maker = match maker {
            "utc_now" if is_time => "utc_time",
            "utc_now" if is_local => "local_now",
            maker => maker,
        };
        if maker == "uuid4" {
            self.imports.add("uuid", "uuid4");
        } else {
            self.imports.add_own("core.models", maker);
        }
        self.imports.add("pydantic", "Field");
        let alias = alias.map_or_else(String::new, |alias| format!(", alias={}", Expr::string(&alias)));
        format!("{annotation}{null} = Field(default_factory={maker}{alias})")
    }

    fn constant(&mut self, field: &Field, value: &Value) -> Expr {
        let FieldKind::Scalar(scalar) = &field.kind else { return literal(value, &mut self.imports) };
        match (&scalar.ty, value) {
            (FieldType::Enum(class), Value::Enum(text)) => {
                let member = class.values.iter().find(|candidate| candidate.value == *text);
                let member = member.expect("the model holds only values of the enum");
                Expr::code(format!("{}.{}", class.class, member.member))
            }
            _ => literal(value, &mut self.imports),
        }
    }

    /// ` = default`, with the alias where the JSON name is not the attribute's.
    fn default(&mut self, default: Option<String>, alias: Option<String>) -> String {
        match (default, alias) {
            (None, None) => String::new(),
            (Some(default), None) if default.starts_with(['[', '{']) => {
                self.imports.add("pydantic", "Field");
                format!(" = Field(default={default})")
            }
            (Some(default), None) => format!(" = {default}"),
            (default, Some(alias)) => {
                self.imports.add("pydantic", "Field");
                let default = default.map_or_else(String::new, |default| format!("default={default}, "));
                format!(" = Field({default}alias={})", Expr::string(&alias))
            }
        }
    }

    fn sorts(&mut self) -> Expr {
        self.imports.add("typing", "Literal");
        let names = sort_names(self.model, self.resource);
        let words: Vec<String> = names.into_iter().flat_map(|name| [name.clone(), format!("-{name}")]).collect();
        literals(words.iter().map(String::as_str))
    }

    fn query(&mut self) -> Vec<MemberView> {
        let mut members = self.page_members();
        if !sort_columns(self.resource).is_empty() {
            members.push(self.sort_member());
        }
        if !self.resource.list.search.is_empty() {
            self.imports.add_own("core.schemas", "Text");
            let missing = self.missing(None);
            members.push(self.annotated("q", "Text", "max_length=200", &format!(" | MISSING{missing}")));
        }
        if !included(self.model, self.resource).is_empty() {
            self.import_include();
            self.imports.add("typing", "Annotated");
            let class = &self.resource.names.class;
            let declaration = Expr::code(format!("Annotated[list[str], IncludePaths({class})] = Field(default=[])"));
            members.push(MemberView { name: Ident::new("include"), declaration });
        }
        let filters = self.resource.list.filter.clone();
        for filter in filters {
            members.extend(self.filter_members(filter));
        }
        members
    }

    fn sort_member(&mut self) -> MemberView {
        self.imports.add_own("core.schemas", "CommaList");
        self.imports.add("pydantic", "Field");
        let default = literals(default_sort(self.model, self.resource).iter().map(String::as_str));
        let sort = format!("CommaList[{}Sort] = Field(default=[{default}])", self.resource.names.class);
        MemberView { name: Ident::new("sort"), declaration: Expr::code(sort) }
    }

    fn page_members(&mut self) -> Vec<MemberView> {
        let list = &self.resource.list;
        let limit = format!("ge=1, le={}", list.max_page_size);
        let size = format!(" = {}", list.page_size);
        match list.page {
            Page::None => Vec::new(),
            Page::Offset => vec![
                self.annotated("limit", "IntText", &limit, &size),
                self.annotated("offset", "IntText", "ge=0", " = 0"),
            ],
            Page::Cursor => {
                let missing = self.missing(None);
                vec![
                    self.annotated("limit", "IntText", &limit, &size),
                    self.annotated("cursor", "Text", "max_length=2000", &format!(" | MISSING{missing}")),
                ]
            }
        }
    }

    fn annotated(&mut self, name: &str, ty: &str, arguments: &str, rest: &str) -> MemberView {
        self.imports.add("typing", "Annotated");
        self.imports.add("pydantic", "Field");
        self.imports.add_own("core.schemas", ty);
        let declaration = Expr::code(format!("Annotated[{ty}, Field({arguments})]{rest}"));
        MemberView { name: Ident::new(name), declaration }
    }

    fn filter_members(&mut self, filter: Filter) -> Vec<MemberView> {
        let (attribute, json) = filter_names(self.model, self.resource, filter);
        let value = self.filter_annotation(filter);
        let reserved = RESERVED_PARAMETERS.contains(&json.as_str());
        let mut members = Vec::new();
        for operator in operators(self.model, self.resource, filter) {
            let suffix = match operator.name {
                "" if reserved => "__eq".to_owned(),
                "" => String::new(),
                name => format!("__{name}"),
            };
            let annotation = match operator.takes {
                Takes::One => value.to_string(),
                Takes::Many => {
                    self.imports.add_own("core.schemas", "CommaList");
                    format!("CommaList[{value}]")
                }
                Takes::Bool => "bool".to_owned(),
            };
            let name = format!("{attribute}{suffix}");
            let alias = alias_of(self.model, &name, &format!("{json}{suffix}"));
            let missing = self.missing(alias);
            let declaration = Expr::code(format!("{annotation} | MISSING{missing}"));
            members.push(MemberView { name: Ident::new(name), declaration });
        }
        members
    }

    fn filter_annotation(&mut self, filter: Filter) -> Expr {
        if let Filter::Column(Column::Field(id)) = filter
            && let FieldKind::Polymorphic(polymorphic) = &self.resource.field(id).kind
        {
            return self.polymorphic_annotation(polymorphic);
        }
        if let Some(ty) = self.filter_key(filter) {
            return field_schema::key(ty, &mut self.imports);
        }
        match self.filter_type(filter).cloned() {
            Some(ty) => field_schema::query(&ty, &mut self.imports),
            None if matches!(filter, Filter::Column(Column::Version) | Filter::Path(_, Column::Version)) => {
                self.imports.add_own("core.schemas", "IntText");
                Expr::code("IntText")
            }
            None => {
                self.imports.add_own("core.schemas", "DateTime");
                Expr::code("DateTime")
            }
        }
    }

    /// `posts:<id>`, with the type of each id.
    fn polymorphic_annotation(&mut self, polymorphic: &Polymorphic) -> Expr {
        self.imports.add_all("typing", ["Annotated", "Any"]);
        self.imports.add_own("core.polymorphic", "TypedReferenceText");
        let mut keys = Vec::new();
        for target in &polymorphic.targets {
            let target = self.model.resource(target.target);
            let key = field_schema::key(target.key.ty, &mut self.imports);
            keys.push(format!("{}: {key}", Expr::string(target.names.plural.snake())));
        }
        Expr::code(format!("Annotated[Any, TypedReferenceText({{{}}})]", keys.join(", ")))
    }

    /// The type of the id that the filter compares with, if it does.
    fn filter_key(&self, filter: Filter) -> Option<crate::model::KeyType> {
        let (resource, column) = self.filter_column(filter);
        match column {
            Column::Id => Some(resource.key.ty),
            Column::Field(id) => match &resource.field(id).kind {
                FieldKind::Reference(reference) => Some(self.model.resource(reference.target).key.ty),
                FieldKind::Many(many) => Some(self.model.resource(many.target).key.ty),
                FieldKind::Scalar(_) | FieldKind::Polymorphic(_) => None,
            },
            Column::CreatedAt | Column::UpdatedAt | Column::DeletedAt | Column::Version => None,
        }
    }

    fn filter_type(&self, filter: Filter) -> Option<&FieldType> {
        let (resource, column) = self.filter_column(filter);
        match column {
            Column::Field(id) => match &resource.field(id).kind {
                FieldKind::Scalar(scalar) => Some(&scalar.ty),
                FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
            },
            Column::Id | Column::CreatedAt | Column::UpdatedAt | Column::DeletedAt | Column::Version => None,
        }
    }

    fn filter_column(&self, filter: Filter) -> (&Resource, Column) {
        filter_column(self.model, self.resource, filter)
    }
}

/// The alternatives, each once.
fn union(mut alternatives: Vec<Expr>) -> Expr {
    let mut seen = BTreeSet::new();
    alternatives.retain(|alternative| seen.insert(alternative.clone()));
    Expr::code(alternatives.iter().map(Expr::as_str).collect::<Vec<_>>().join(" | "))
}

/// The resource and the column that a filter looks at.
#[must_use]
pub fn filter_column<'a>(model: &'a Model, resource: &'a Resource, filter: Filter) -> (&'a Resource, Column) {
    match filter {
        Filter::Column(column) => (resource, column),
        Filter::Path(reference, column) => match &resource.field(reference).kind {
            FieldKind::Reference(reference) => (model.resource(reference.target), column),
            FieldKind::Scalar(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => {
                unreachable!("paths follow references")
            }
        },
    }
}

/// Parameters of every list, which win over a field of that name.
const RESERVED_PARAMETERS: [&str; 6] = ["limit", "offset", "cursor", "sort", "q", "include"];

/// One operator of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    /// Behind `__`; empty for the bare form.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
}

/// What an operator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// One value.
    One,
    /// Values, separated by commas.
    Many,
    /// true or false.
    Bool,
}

/// The operators of a filter (language.md, 9).
#[must_use]
pub fn operators(model: &Model, resource: &Resource, filter: Filter) -> Vec<Operator> {
    let (owner, column) = filter_column(model, resource, filter);
    let one =
        |names: &[&'static str]| names.iter().map(|name| Operator { name, takes: Takes::One }).collect::<Vec<_>>();
    let many =
        |names: &[&'static str]| names.iter().map(|name| Operator { name, takes: Takes::Many }).collect::<Vec<_>>();
    let choice = || [one(&["", "ne"]), many(&["in", "nin"])].concat();
    let number = || [choice(), one(&["lt", "lte", "gt", "gte"])].concat();
    let text = || [choice(), one(&["contains", "startswith", "endswith"])].concat();
    let (mut found, nullable) = match column {
        Column::Id => (choice(), false),
        Column::CreatedAt | Column::UpdatedAt | Column::Version => (number(), false),
        Column::DeletedAt => (number(), true),
        Column::Field(id) => {
            let field = owner.field(id);
            let found = match &field.kind {
                FieldKind::Scalar(scalar) => match operator_set(&scalar.ty) {
                    OperatorSet::Text => text(),
                    OperatorSet::Number => number(),
                    OperatorSet::Choice => choice(),
                    OperatorSet::Equality => one(&[""]),
                    OperatorSet::Items => one(&["", "has"]),
                },
                FieldKind::Reference(_) => choice(),
                FieldKind::Polymorphic(_) => one(&[""]),
                FieldKind::Many(_) => many(&["", "any", "all"]),
            };
            (found, field.presence.nullable && !matches!(field.kind, FieldKind::Many(_)))
        }
    };
    if nullable {
        found.push(Operator { name: "isnull", takes: Takes::Bool });
    }
    found
}

enum OperatorSet {
    Text,
    Number,
    Choice,
    Equality,
    Items,
}

fn operator_set(ty: &FieldType) -> OperatorSet {
    match ty {
        FieldType::String(_)
        | FieldType::Text(_)
        | FieldType::Email
        | FieldType::Url
        | FieldType::Slug { .. }
        | FieldType::Phone
        | FieldType::Password(_)
        | FieldType::Json(_)
        | FieldType::Object(_)
        | FieldType::Bytes { .. } => OperatorSet::Text,
        FieldType::Integer { .. }
        | FieldType::Float { .. }
        | FieldType::Decimal { .. }
        | FieldType::Money { .. }
        | FieldType::Date { .. }
        | FieldType::Time { .. }
        | FieldType::Datetime { .. }
        | FieldType::LocalDatetime { .. }
        | FieldType::Duration { .. } => OperatorSet::Number,
        FieldType::Uuid
        | FieldType::Enum(_)
        | FieldType::Ip
        | FieldType::Timezone
        | FieldType::Locale
        | FieldType::Country
        | FieldType::Currency
        | FieldType::Color => OperatorSet::Choice,
        FieldType::Bool => OperatorSet::Equality,
        FieldType::List(_) => OperatorSet::Items,
    }
}

/// The attribute of the query model and the JSON name of a filter, without operator.
#[must_use]
pub fn filter_names(model: &Model, resource: &Resource, filter: Filter) -> (String, String) {
    match filter {
        Filter::Column(column) => (column_attribute(resource, column), column_json(model, resource, column)),
        Filter::Path(id, column) => {
            let FieldKind::Reference(reference) = &resource.field(id).kind else {
                unreachable!("paths follow references")
            };
            let target = model.resource(reference.target);
            let attribute = format!("{}_{}", reference.object, column_attribute(target, column));
            (attribute, format!("{}.{}", reference.object_json, column_json(model, target, column)))
        }
    }
}

/// The attribute of a column.
#[must_use]
pub fn column_attribute(resource: &Resource, column: Column) -> String {
    match column {
        Column::Field(id) => resource.field(id).attribute.clone(),
        Column::Id => "id".to_owned(),
        Column::CreatedAt => "created_at".to_owned(),
        Column::UpdatedAt => "updated_at".to_owned(),
        Column::DeletedAt => "deleted_at".to_owned(),
        Column::Version => "version".to_owned(),
    }
}

/// The JSON name of a column.
#[must_use]
pub fn column_json(model: &Model, resource: &Resource, column: Column) -> String {
    match column {
        Column::Field(id) => resource.field(id).json.clone(),
        Column::Id | Column::CreatedAt | Column::UpdatedAt | Column::DeletedAt | Column::Version => {
            cased(model, &column_attribute(resource, column))
        }
    }
}

/// What may be sorted by, as JSON names; the id is always among them.
#[must_use]
pub fn sort_columns(resource: &Resource) -> Vec<Column> {
    resource.list.sort.clone()
}

fn sort_names(model: &Model, resource: &Resource) -> Vec<String> {
    sort_columns(resource).into_iter().map(|column| sort_name(model, resource, column)).collect()
}

/// The name of a sort key. Sort keys are values, so no alias is at work: the JSON name itself.
#[must_use]
pub fn sort_name(model: &Model, resource: &Resource, column: Column) -> String {
    column_json(model, resource, column)
}

/// The default of `?sort=`; nothing is the order of the ids.
fn default_sort(model: &Model, resource: &Resource) -> Vec<String> {
    let keys = resource.list.default_sort.iter().map(|key| {
        let sign = if key.descending { "-" } else { "" };
        format!("{sign}{}", sort_name(model, resource, key.column))
    });
    let keys: Vec<_> = keys.collect();
    let is_by_id = keys.is_empty() && sort_columns(resource).contains(&Column::Id);
    if is_by_id { vec!["id".to_owned()] } else { keys }
}

/// The alias that a member needs; none where the model's own rule gives the JSON name.
fn alias_of(model: &Model, attribute: &str, json: &str) -> Option<String> {
    (cased(model, attribute) != json).then(|| json.to_owned())
}

/// An attribute in the case of `api.case`, as the base of the schemas derives it.
#[must_use]
pub fn cased(model: &Model, attribute: &str) -> String {
    match model.project.api.case {
        crate::model::JsonCase::Snake => attribute.to_owned(),
        crate::model::JsonCase::Camel => match attribute.split_once("__") {
            Some((name, operator)) => format!("{}__{operator}", camel(name)),
            None => camel(attribute),
        },
    }
}

/// `created_at` -> `createdAt`; as Pydantic's `to_camel` does for names in `snake_case`.
fn camel(name: &str) -> String {
    let mut words = name.split('_').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut text, word| {
        let mut characters = word.chars();
        text.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(characters.as_str());
        text
    })
}

/// The class of a polymorphic reference in requests.
#[must_use]
pub fn polymorphic_class(resource: &Resource, field: &Field) -> String {
    format!("{}{}", resource.names.class, field.name.pascal())
}

fn class(name: &str, base: &str, doc: &str, members: Vec<MemberView>, checks_rules: bool) -> ClassView {
    ClassView {
        name: Ident::new(name),
        base: Ident::new(base),
        doc: docstring(doc),
        has_members: !members.is_empty(),
        members,
        checks_rules,
    }
}

/// Whether the field is the reference that owns the rows.
#[must_use]
pub fn is_owner(field: &Field) -> bool {
    matches!(&field.kind, FieldKind::Reference(reference) if reference.is_owner)
}

/// Whether the field is the secret that people log in with.
#[must_use]
pub fn is_password(field: &Field) -> bool {
    matches!(&field.kind, FieldKind::Scalar(scalar) if matches!(scalar.ty, FieldType::Password(_)))
}

/// Whether some schema names the enum: private fields are in none.
fn class_is_used(class: &EnumType, resource: &Resource) -> bool {
    let fields = resource.fields.iter().filter(|field| field.access != Access::Private);
    let mut used = false;
    for field in fields {
        if let FieldKind::Scalar(scalar) = &field.kind {
            used |= mentions(&scalar.ty, class);
        }
    }
    used
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only these hold enums")]
fn mentions(ty: &FieldType, class: &EnumType) -> bool {
    match ty {
        FieldType::Enum(candidate) => candidate.class == class.class,
        FieldType::List(list) => mentions(&list.element, class),
        FieldType::Object(object) => object.fields.iter().any(|field| match &field.kind {
            FieldKind::Scalar(scalar) => mentions(&scalar.ty, class),
            FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => false,
        }),
        _ => false,
    }
}
