//! The words of `app/repositories/<singular>_repository.py`: rows, what lists are filtered and sorted by, and statements.

use serde::Serialize;

use super::field_python::{annotation, key_annotation};
use super::imports::{ImportBlock, Imports};
use super::python::{Expr, Ident, joined, tuple};
use super::schema::{column_attribute, filter_names, sort_columns, sort_name};
use crate::model::{
    Column, EnumType, Field, FieldKind, FieldType, Filter, Many, Model, Operation, Page, Polymorphic, Resource,
    ResourceId, RuleMoment, Scalar, Versioning,
};

/// `resource.repository` in templates.
#[derive(Debug, Clone, Serialize)]
pub struct RepositoryView {
    /// Import statements.
    pub imports: ImportBlock,
    /// Annotation of the id.
    pub key: Expr,
    /// What a read returns.
    pub row: Vec<EntryView>,
    /// What a write is given.
    pub values: Vec<EntryView>,
    /// Arguments of `Listing` that hold entries; none of them is empty.
    pub collections: Vec<CollectionView>,
    /// How a row is loaded for a write; empty if nothing is ever changed.
    pub loads: Vec<LoadView>,
    /// The list; empty without list route.
    pub lists: Vec<ListView>,
}

/// One key of a `TypedDict`.
#[derive(Debug, Clone, Serialize)]
pub struct EntryView {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub annotation: Expr,
}

/// An argument of `Listing` with entries.
#[derive(Debug, Clone, Serialize)]
pub struct CollectionView {
    /// Its name.
    pub name: Ident,
    /// The entries in their brackets.
    pub value: Expr,
}

/// How a row is loaded for a write.
#[derive(Debug, Clone, Serialize)]
pub struct LoadView {
    /// The columns besides the permission.
    pub columns: Expr,
    /// What locks the row, if it is locked.
    pub lock: Expr,
}

/// How rows are listed.
#[derive(Debug, Clone, Serialize)]
pub struct ListView {
    /// The function that makes the statement.
    pub statement: Ident,
    /// The method that runs it.
    pub method: Ident,
    /// The type of the answer.
    pub rows: Ident,
    /// `A page`, `All`
    pub amount: Expr,
}

struct Writer<'a> {
    model: &'a Model,
    resource: &'a Resource,
    imports: Imports,
}

/// The words of the repository of a resource.
#[must_use]
pub fn view(model: &Model, resource: &Resource) -> RepositoryView {
    Writer { model, resource, imports: Imports::new(&model.project.package) }.view()
}

/// Whether rows are loaded to be changed.
fn is_written(resource: &Resource) -> bool {
    use Operation::{Delete, Purge, Replace, Restore, Update};
    [Update, Replace, Delete, Restore, Purge].into_iter().any(|operation| resource.does(operation))
}

/// Whether some database leaves a rule to the service, which must then be alone with the row.
fn needs_lock(model: &Model, resource: &Resource) -> bool {
    let is_left = |database| resource.rules.iter().any(|rule| !rule.checked_by.contains(database));
    let is_changed = resource.rules.iter().any(|rule| rule.moment != RuleMoment::Create);
    is_changed && model.project.databases.iter().any(is_left)
}

/// Columns that no response shows, but that rules and hooks may need.
fn is_hidden(field: &Field) -> bool {
    let is_password = matches!(&field.kind, FieldKind::Scalar(scalar) if matches!(scalar.ty, FieldType::Password(_)));
    !field.access.in_responses() && !is_password && !matches!(field.kind, FieldKind::Many(_))
}

impl Writer<'_> {
    fn view(&mut self) -> RepositoryView {
        let key = key_annotation(self.resource.key.ty, &mut self.imports);
        let row = self.row();
        let values = self.values();
        let collections = self.collections();
        let loads = self.loads();
        let lists = self.lists();
        self.import_base(!loads.is_empty());
        RepositoryView { imports: self.imports.block(), key, row, values, collections, loads, lists }
    }

    fn import_base(&mut self, has_load: bool) {
        self.imports.add("functools", "lru_cache");
        self.imports.add("typing", "TypedDict");
        self.imports.add_all("sqlalchemy", ["Executable", "bindparam", "select"]);
        self.imports.add_own("core.includes", "Inclusions");
        self.imports.add_own("core.includes", "joined");
        self.imports.add_own("core.pagination", "Listing");
        self.imports.add_own("core.repository", "Repository");
        self.imports.add_own("core.scope", "Scope");
        if has_load {
            self.imports.add("sqlalchemy.ext.asyncio", "AsyncSession");
            self.imports.add_own("core.repository", "ALLOWED");
            self.imports.add_own("core.scope", "EVERY_ROW");
        }
    }

    fn row(&mut self) -> Vec<EntryView> {
        let mut entries = vec![self.key()];
        for field in &self.resource.fields {
            if field.access.in_responses() {
                entries.push(self.entry(field));
            }
        }
        entries.extend(self.generated());
        let hidden: Vec<_> = self.resource.fields.iter().filter(|field| is_hidden(field)).collect();
        let hidden: Vec<_> = hidden.into_iter().map(|field| self.entry(field)).collect();
        for entry in hidden {
            self.imports.add("typing", "NotRequired");
            let annotation = Expr::code(format!("NotRequired[{}]", entry.annotation));
            entries.push(EntryView { annotation, ..entry });
        }
        entries
    }

    fn values(&mut self) -> Vec<EntryView> {
        let mut entries = vec![self.key()];
        for field in &self.resource.fields {
            entries.push(self.entry(field));
        }
        entries.extend(self.generated());
        entries
    }

    fn key(&mut self) -> EntryView {
        EntryView { name: Ident::new("id"), annotation: key_annotation(self.resource.key.ty, &mut self.imports) }
    }

    fn entry(&mut self, field: &Field) -> EntryView {
        let value = match &field.kind {
            FieldKind::Scalar(scalar) => self.scalar(scalar),
            FieldKind::Reference(reference) => self.key_of(reference.target),
            FieldKind::Polymorphic(_) => {
                self.imports.add_own("core.polymorphic", "TypedReference");
                Expr::code("TypedReference")
            }
            FieldKind::Many(many) => Expr::code(format!("list[{}]", self.key_of(many.target))),
        };
        let is_null = field.presence.nullable && !matches!(field.kind, FieldKind::Many(_));
        let annotation = if is_null { Expr::code(format!("{value} | None")) } else { value };
        EntryView { name: Ident::new(field.attribute.clone()), annotation }
    }

    fn scalar(&mut self, scalar: &Scalar) -> Expr {
        self.import_enums(&scalar.ty);
        annotation(&scalar.ty, &mut self.imports)
    }

    fn key_of(&mut self, target: ResourceId) -> Expr {
        key_annotation(self.model.resource(target).key.ty, &mut self.imports)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only these hold enums")]
    fn import_enums(&mut self, ty: &FieldType) {
        match ty {
            FieldType::Enum(class) => {
                let module = self.enum_module(class);
                self.imports.add_own(&module, &class.class);
            }
            FieldType::List(list) => self.import_enums(&list.element),
            _ => {}
        }
    }

    /// The roles are declared by the user resource.
    fn enum_module(&self, class: &EnumType) -> String {
        let auth = self.model.project.auth.as_ref().filter(|_| class.is_role);
        let owner = auth.map_or(self.resource, |auth| self.model.resource(auth.user));
        format!("models.{}", owner.names.singular.python())
    }

    fn generated(&mut self) -> Vec<EntryView> {
        let resource = self.resource;
        let times = [
            ("created_at", "DateTime", resource.created_at),
            ("updated_at", "DateTime", resource.updated_at),
            ("deleted_at", "DateTime | None", resource.soft_delete),
        ];
        let times = times.into_iter().filter(|(_, _, exists)| *exists);
        let times: Vec<_> = times.map(|(name, ty, _)| (name, ty)).collect();
        if !times.is_empty() {
            self.imports.add("datetime", "datetime as DateTime");
        }
        let version = (resource.versioning != Versioning::Off).then_some(("version", "int"));
        let entry = |(name, ty)| EntryView { name: Ident::new(name), annotation: Expr::code(ty) };
        times.into_iter().chain(version).map(entry).collect()
    }

    /// `Post.title`, with the model imported.
    fn attribute(&mut self, resource: &Resource, attribute: &str) -> Expr {
        let module = format!("models.{}", resource.names.singular.python());
        self.imports.add_own(&module, &resource.names.class);
        Expr::code(format!("{}.{}", Ident::new(resource.names.class.clone()), Ident::new(attribute)))
    }

    /// A column under the name of its attribute.
    fn selected(&mut self, attribute: &str, column: &str) -> Expr {
        let selected = self.attribute(self.resource, attribute);
        if attribute == column {
            return selected;
        }
        Expr::code(format!("{selected}.label({})", Expr::string(attribute)))
    }

    fn collections(&mut self) -> Vec<CollectionView> {
        let mut collections = vec![collection("columns", tuple, &self.columns())];
        if self.resource.does(Operation::List) {
            collections.push(collection("filters", braces, &self.filters()));
            collections.push(collection("sorts", braces, &self.sorts()));
            collections.push(collection("search", tuple, &self.search()));
        }
        collections.push(collection("hidden", tuple, &self.hidden()));
        collections.push(collection("links", braces, &self.links()));
        collections.push(collection("symmetric", tuple, &self.symmetric()));
        collections.push(collection("polymorphic", braces, &self.polymorphic()));
        collections.into_iter().flatten().collect()
    }

    fn columns(&mut self) -> Vec<Expr> {
        let resource = self.resource;
        let mut columns = vec![self.selected("id", &resource.key.column)];
        for field in resource.fields.iter().filter(|field| field.access.in_responses()) {
            columns.extend(self.field_columns(field));
        }
        let generated: Vec<_> = self.generated().into_iter().map(|entry| entry.name).collect();
        columns.extend(generated.iter().map(|name| self.selected(name.as_str(), name.as_str())).collect::<Vec<_>>());
        columns
    }

    fn field_columns(&mut self, field: &Field) -> Vec<Expr> {
        match &field.kind {
            FieldKind::Scalar(scalar) => vec![self.selected(&field.attribute, &scalar.column)],
            FieldKind::Reference(reference) => vec![self.selected(&field.attribute, &reference.column)],
            FieldKind::Polymorphic(polymorphic) => {
                polymorphic.targets.iter().map(|target| self.selected(&target.column, &target.column)).collect()
            }
            FieldKind::Many(many) => vec![self.linked_ids(field, many)],
        }
    }

    /// The ids of linked rows, without those of deleted ones.
    fn linked_ids(&mut self, field: &Field, many: &Many) -> Expr {
        self.imports.add_own("core.linked", "linked_ids");
        let relation = self.attribute(self.resource, &many.object);
        let target = self.model.resource(many.target);
        let live = if target.soft_delete {
            format!(", {}.is_(None)", self.attribute(target, "deleted_at"))
        } else {
            String::new()
        };
        Expr::code(format!("linked_ids({relation}, {}{live})", Expr::string(&field.attribute)))
    }

    fn hidden(&mut self) -> Vec<Expr> {
        let hidden: Vec<_> = self.resource.fields.iter().filter(|field| is_hidden(field)).collect();
        hidden.into_iter().flat_map(|field| self.field_columns(field)).collect()
    }

    fn filters(&mut self) -> Vec<Expr> {
        let filters = self.resource.list.filter.clone();
        let entry = |filter| {
            let (attribute, _) = filter_names(self.model, self.resource, filter);
            let target = self.filter(filter);
            Expr::code(format!("{}: {target}", Expr::string(&attribute)))
        };
        filters.into_iter().map(entry).collect()
    }

    fn filter(&mut self, filter: Filter) -> Expr {
        match filter {
            Filter::Column(column) => self.filtered(self.resource, column),
            Filter::Path(id, column) => {
                let FieldKind::Reference(reference) = &self.resource.field(id).kind else {
                    unreachable!("paths follow references")
                };
                let target = self.model.resource(reference.target);
                self.imports.add_own("core.filtering", "Through");
                let relation = self.attribute(self.resource, &reference.object);
                Expr::code(format!("Through({relation}, {})", self.filtered(target, column)))
            }
        }
    }

    /// What a filter compares with.
    fn filtered(&mut self, resource: &Resource, column: Column) -> Expr {
        let Column::Field(id) = column else { return self.attribute(resource, &column_attribute(resource, column)) };
        let field = resource.field(id);
        match &field.kind {
            FieldKind::Scalar(scalar) if matches!(scalar.ty, FieldType::List(_)) => {
                self.imports.add_own("core.filtering", "JsonList");
                Expr::code(format!("JsonList({})", self.attribute(resource, &field.attribute)))
            }
            FieldKind::Scalar(_) | FieldKind::Reference(_) => self.attribute(resource, &field.attribute),
            FieldKind::Polymorphic(polymorphic) => self.targets(resource, polymorphic),
            FieldKind::Many(many) => self.attribute(resource, &many.object),
        }
    }

    /// The columns of a polymorphic reference by what they refer to.
    fn targets(&mut self, resource: &Resource, polymorphic: &Polymorphic) -> Expr {
        self.imports.add_own("core.polymorphic", "Polymorphic");
        let pairs = polymorphic.targets.iter().map(|target| {
            let name = self.model.resource(target.target).names.plural.snake();
            Expr::code(format!("({}, {})", Expr::string(name), self.attribute(resource, &target.column)))
        });
        Expr::code(format!("Polymorphic(({}))", joined(pairs)))
    }

    fn sorts(&mut self) -> Vec<Expr> {
        let sorts = sort_columns(self.resource).into_iter();
        let entry = |column| {
            let name = sort_name(self.model, self.resource, column);
            let attribute = self.attribute(self.resource, &column_attribute(self.resource, column));
            Expr::code(format!("{}: {attribute}", Expr::string(&name)))
        };
        sorts.map(entry).collect()
    }

    fn search(&mut self) -> Vec<Expr> {
        let search = self.resource.list.search.clone().into_iter();
        search.map(|id| self.attribute(self.resource, &self.resource.field(id).attribute)).collect()
    }

    /// The relations whose links a write replaces.
    fn links(&mut self) -> Vec<Expr> {
        let resource = self.resource;
        let entry = |(field, many): (&Field, &Many)| {
            let relation = self.attribute(resource, &many.object);
            Expr::code(format!("{}: {relation}", Expr::string(&field.attribute)))
        };
        resource.fields.iter().filter_map(linked).map(entry).collect()
    }

    fn symmetric(&self) -> Vec<Expr> {
        let symmetric = self.resource.fields.iter().filter_map(linked).filter(|(_, many)| many.symmetric);
        symmetric.map(|(field, _)| Expr::string(&field.attribute)).collect()
    }

    fn polymorphic(&mut self) -> Vec<Expr> {
        let mut entries = Vec::new();
        for field in &self.resource.fields {
            if let FieldKind::Polymorphic(polymorphic) = &field.kind {
                let targets = self.targets(self.resource, polymorphic);
                entries.push(Expr::code(format!("{}: {targets}", Expr::string(&field.attribute))));
            }
        }
        entries
    }

    fn loads(&self) -> Vec<LoadView> {
        if !is_written(self.resource) {
            return Vec::new();
        }
        let has_hidden = self.resource.fields.iter().any(is_hidden);
        let columns = if has_hidden { "*LISTING.columns, *LISTING.hidden" } else { "*LISTING.columns" };
        let lock = if needs_lock(self.model, self.resource) { ".with_for_update()" } else { "" };
        vec![LoadView { columns: Expr::code(columns), lock: Expr::code(lock) }]
    }

    fn lists(&mut self) -> Vec<ListView> {
        if !self.resource.does(Operation::List) {
            return Vec::new();
        }
        let list = &self.resource.list;
        let (page, rows, amount) = match list.page {
            Page::Offset if list.count => ("offset", "OffsetRows", "A page of"),
            Page::Offset => ("uncounted", "OffsetRows", "A page of"),
            Page::Cursor => ("cursor", "CursorRows", "A page of"),
            Page::None => ("all", "AllRows", "All"),
        };
        let statement = format!("{page}_statement");
        let method = if list.page == Page::None { "all_rows".to_owned() } else { format!("{page}_page") };
        for name in [rows, "Shape", &statement] {
            self.imports.add_own("core.pagination", name);
        }
        let module = format!("schemas.{}", self.resource.names.singular.python());
        self.imports.add_own(&module, &format!("{}Query", self.resource.names.class));
        vec![ListView {
            statement: Ident::new(statement),
            method: Ident::new(method),
            rows: Ident::new(rows),
            amount: Expr::code(amount),
        }]
    }
}

/// A `many` field that is kept in a join table of its own.
fn linked(field: &Field) -> Option<(&Field, &Many)> {
    match &field.kind {
        FieldKind::Many(many) => Some((field, many)),
        FieldKind::Scalar(_) | FieldKind::Reference(_) | FieldKind::Polymorphic(_) => None,
    }
}

fn collection(name: &str, brackets: fn(&[Expr], usize) -> Expr, entries: &[Expr]) -> Option<CollectionView> {
    (!entries.is_empty()).then(|| CollectionView { name: Ident::new(name), value: brackets(entries, 1) })
}

/// Entries of a dictionary, one a line. `depth` counts the indentations of the line that it begins on.
fn braces(entries: &[Expr], depth: usize) -> Expr {
    let indent = "    ".repeat(depth);
    let lines: Vec<_> = entries.iter().map(|entry| format!("{indent}    {entry},\n")).collect();
    Expr::code(format!("{{\n{}{indent}}}", lines.concat()))
}
