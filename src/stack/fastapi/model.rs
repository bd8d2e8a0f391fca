//! The words of `app/models/<singular>.py`: table, columns, relations, and what a broken constraint tells a client.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;

use super::field_python::{annotation, key_annotation, literal};
use super::imports::{ImportBlock, Imports};
use super::python::{Expr, Ident, dictionary, docstring, joined, tuple};
use super::relations::{Relation, Side, Tie, relations};
use super::violation::violations;
use crate::model::{
    Column, Database, Deletion, EnumType, Field, FieldDefault, FieldKind, FieldType, Include, IntSize, KeySource,
    KeyType, Many, Model, OrderKey, Resource, Scalar, Versioning,
};
use crate::schema;
use crate::schema::{
    Check, ColumnDefault, ColumnType, DeleteRule, ForeignKey, Index, IndexMethod, KeyPart, Schema, Table,
};

/// `resource.model` in templates.
#[derive(Debug, Clone, Serialize)]
pub struct ModelView {
    /// One sentence about a row.
    pub doc: String,
    /// Import statements.
    pub imports: ImportBlock,
    /// Whether models of others are imported for annotations.
    pub has_type_imports: bool,
    /// Imports that only annotations need.
    pub type_imports: Vec<String>,
    /// Enums of the resource.
    pub enums: Vec<EnumView>,
    /// Join tables that the resource declares.
    pub join_tables: Vec<JoinTableView>,
    /// Name of the table.
    pub table: Expr,
    /// Whether there is an entry in `table_args`.
    pub has_table_args: bool,
    /// Constraints and indexes, a tuple.
    pub table_args: Expr,
    /// Columns: attribute, annotation and value.
    pub columns: Vec<AttributeView>,
    /// What the mapper is told; empty for nothing.
    pub mapper_arguments: Vec<Expr>,
    /// Whether there is a relation.
    pub has_relations: bool,
    /// Relations: attribute, annotation and value.
    pub relations: Vec<AttributeView>,
    /// What broken constraints mean, a dictionary.
    pub violations: Expr,
}

/// A class attribute.
#[derive(Debug, Clone, Serialize)]
pub struct AttributeView {
    /// Its name.
    pub name: Ident,
    /// What stands in `Mapped[…]`.
    pub annotation: Expr,
    /// What it is set to.
    pub value: Expr,
}

/// An enum class.
#[derive(Debug, Clone, Serialize)]
pub struct EnumView {
    /// Its name.
    pub class: Ident,
    /// One sentence about it.
    pub doc: String,
    /// In the order of the spec.
    pub members: Vec<MemberView>,
}

/// A member of an enum class.
#[derive(Debug, Clone, Serialize)]
pub struct MemberView {
    /// Its name.
    pub name: Ident,
    /// Its value.
    pub value: Expr,
}

/// A join table.
#[derive(Debug, Clone, Serialize)]
pub struct JoinTableView {
    /// The variable that holds it.
    pub variable: Ident,
    /// Its name.
    pub table: Expr,
    /// Columns and indexes.
    pub entries: Vec<Expr>,
}

/// Makes the words of one model.
struct Writer<'a> {
    model: &'a Model,
    schema: &'a Schema,
    resource: &'a Resource,
    table: &'a Table,
    imports: Imports,
    type_imports: BTreeSet<(String, String)>,
}

/// The words of the model of a resource.
#[must_use]
pub fn view(model: &Model, schema: &Schema, resource: &Resource) -> ModelView {
    let table = schema.table(&resource.names.table).expect("every resource has its table in the schema");
    let imports = Imports::new(&model.project.package);
    let mut writer = Writer { model, schema, resource, table, imports, type_imports: BTreeSet::new() };
    writer.view()
}

impl Writer<'_> {
    fn view(&mut self) -> ModelView {
        self.imports.add_own("core.models", "Base");
        let enums = self.enums();
        let join_tables = self.join_tables();
        let table_args = self.table_args();
        let columns = self.columns();
        let relations = self.relations();
        let mapper_arguments = self.mapper_arguments();
        let violations = violations(self.model, self.schema, self.resource);
        self.imports.add_own("core.constraints", "Violation");
        self.imports.add("sqlalchemy.orm", "Mapped");
        self.imports.add("sqlalchemy.orm", "mapped_column");
        if !self.type_imports.is_empty() {
            self.imports.add("typing", "TYPE_CHECKING");
        }
        ModelView {
            doc: super::resource::doc(self.resource),
            has_type_imports: !self.type_imports.is_empty(),
            type_imports: self.type_import_lines(),
            imports: self.imports.block(),
            enums,
            join_tables,
            table: Expr::string(&self.table.name),
            has_table_args: !table_args.is_empty(),
            table_args: tuple(&table_args, 1),
            columns,
            mapper_arguments,
            has_relations: !relations.is_empty(),
            relations,
            violations: dictionary(&violations),
        }
    }

    fn type_import_lines(&self) -> Vec<String> {
        let package = &self.model.project.package;
        let line = |(module, class): &(String, String)| format!("from {package}.models.{module} import {class}");
        self.type_imports.iter().map(line).collect()
    }

    fn enums(&mut self) -> Vec<EnumView> {
        let enums = own_enums(self.resource);
        if !enums.is_empty() {
            self.imports.add("enum", "StrEnum");
        }
        enums.into_iter().map(|(class, doc)| enum_view(class, doc)).collect()
    }

    fn join_tables(&mut self) -> Vec<JoinTableView> {
        let declared: Vec<&Many> = self.resource.fields.iter().filter_map(declared_table).collect();
        declared.into_iter().map(|many| self.join_table(many)).collect()
    }

    fn join_table(&mut self, many: &Many) -> JoinTableView {
        let table = self.schema.table(&many.join_table).expect("every join table is in the schema");
        self.imports.add_all("sqlalchemy", ["Column", "Table"]);
        let mut entries = Vec::new();
        let sides = [(&many.own_column, self.resource), (&many.target_column, self.model.resource(many.target))];
        for (column, side) in sides {
            let ty = self.key_type(side.key.ty);
            let key = table.foreign_key(column).expect("both columns of a join table refer to their side");
            let key = self.foreign_key(key);
            entries.push(Expr::code(format!("Column({}, {ty}, {key}, primary_key=True)", Expr::string(column))));
        }
        let indexes: Vec<_> = table.indexes.iter().filter_map(|index| self.index(index)).collect();
        entries.extend(indexes);
        JoinTableView { variable: Ident::new(table.name.clone()), table: Expr::string(&table.name), entries }
    }

    fn table_args(&mut self) -> Vec<Expr> {
        let table = self.table;
        let mut entries: Vec<Expr> = table.checks.iter().map(|check| self.check(check)).collect();
        entries.extend(table.indexes.iter().filter_map(|index| self.index(index)).collect::<Vec<_>>());
        entries
    }

    fn check(&mut self, check: &Check) -> Expr {
        self.imports.add("sqlalchemy", "CheckConstraint");
        let databases = &self.model.project.databases;
        let sql = databases.iter().find_map(|database| check.sql.get(database)).expect("some database holds the check");
        let only = self.only(databases.iter().copied().filter(|database| check.sql.contains_key(database)));
        Expr::code(format!("CheckConstraint({}, name={}{only})", Expr::sql(sql), Expr::string(&check.name)))
    }

    /// The argument that keeps the comparison with the database quiet where it does not hold a constraint.
    fn only(&mut self, databases: impl Iterator<Item = Database>) -> String {
        let databases: Vec<_> = databases.collect();
        if databases.len() == self.model.project.databases.len() {
            return String::new();
        }
        self.imports.add_own("core.models", "only_on");
        let names = databases.iter().map(|database| Expr::string(dialect(*database)));
        format!(", info=only_on({})", joined(names))
    }

    /// An index of the model as the first database has it, or `PostgreSQL`, which reports all of it; none if no listed
    /// database can build it.
    fn index(&mut self, index: &Index) -> Option<Expr> {
        let table = self.table;
        let listed = self.model.project.databases.clone();
        let physical = |database: Database| table.physical_index(index, database);
        let shown = listed.iter().copied().filter(|database| physical(*database).is_some());
        let shown = shown.min_by_key(|database| *database != Database::Postgresql)?;
        let own = physical(shown)?;
        self.imports.add("sqlalchemy", "Index");
        let mut arguments = vec![Expr::string(&index.name)];
        arguments.extend(own.parts.iter().map(|part| self.key_part(part)).collect::<Vec<_>>());
        let arguments = joined(arguments);
        let options = self.index_options(index, own.nulls_not_distinct);
        let has_expression = own.parts.iter().any(|part| matches!(part, KeyPart::Expression(_)));
        let alike = listed.iter().copied().filter(|database| match physical(*database) {
            Some(other) => has_expression || other.parts == own.parts,
            None => false,
        });
        let only = self.only(alike);
        Some(Expr::code(format!("Index({arguments}{options}{only})")))
    }

    /// A column by its name; hidden columns are no columns of the model.
    fn key_part(&mut self, part: &KeyPart) -> Expr {
        let sql = match part {
            KeyPart::Column(name) if !name.starts_with('_') => return Expr::string(name),
            KeyPart::Column(name) => name,
            KeyPart::Expression(sql) => sql,
        };
        self.imports.add("sqlalchemy", "text as sql_text");
        Expr::code(format!("sql_text({})", Expr::sql(sql)))
    }

    fn index_options(&mut self, index: &Index, nulls_not_distinct: bool) -> String {
        let mut options = String::new();
        if index.unique {
            options.push_str(", unique=True");
        }
        if nulls_not_distinct {
            options.push_str(", postgresql_nulls_not_distinct=True");
        }
        for database in [Database::Postgresql, Database::Sqlite] {
            if let Some(condition) = index_condition(index, database) {
                self.imports.add("sqlalchemy", "text as sql_text");
                let (dialect, condition) = (dialect(database), Expr::sql(&condition));
                write!(options, ", {dialect}_where=sql_text({condition})").expect("a string takes all text");
            }
        }
        options.push_str(index_method(index.method));
        options
    }

    fn columns(&mut self) -> Vec<AttributeView> {
        let resource = self.resource;
        let mut columns = vec![self.key_column()];
        for field in &resource.fields {
            match &field.kind {
                FieldKind::Scalar(scalar) => columns.push(self.scalar_column(field, scalar)),
                FieldKind::Reference(reference) => {
                    let attribute = field.attribute.clone();
                    columns.push(self.reference_column(attribute, &reference.column, field.presence.nullable));
                }
                FieldKind::Polymorphic(polymorphic) => {
                    for target in &polymorphic.targets {
                        columns.push(self.reference_column(target.column.clone(), &target.column, true));
                    }
                }
                FieldKind::Many(_) => {}
            }
        }
        columns.extend(self.generated_columns());
        columns
    }

    fn key_column(&mut self) -> AttributeView {
        let key = &self.resource.key;
        let mut arguments = named_column("id", &key.column);
        arguments.push(match (key.source, key.ty) {
            (KeySource::Identity, KeyType::Bigint) => {
                self.imports.add_own("core.models", "identity_column");
                Expr::code("identity_column()")
            }
            _ => self.key_type(key.ty),
        });
        if key.source == KeySource::Identity {
            self.imports.add("sqlalchemy", "Identity");
            arguments.push(Expr::code("Identity()"));
        }
        arguments.push(Expr::code("primary_key=True"));
        match (key.source, key.ty) {
            (KeySource::Application, KeyType::Uuid) => {
                self.imports.add_own("core.models", "new_id");
                arguments.push(Expr::code("default=new_id"));
            }
            (KeySource::Application, KeyType::Uuid4) => {
                self.imports.add("uuid", "uuid4");
                arguments.push(Expr::code("default=uuid4"));
            }
            _ => {}
        }
        let annotation = key_annotation(key.ty, &mut self.imports);
        AttributeView { name: Ident::new("id"), annotation, value: mapped_column(arguments) }
    }

    fn key_type(&mut self, ty: KeyType) -> Expr {
        match ty {
            KeyType::Int => self.sqlalchemy("Integer"),
            KeyType::Bigint => self.sqlalchemy("BigInteger"),
            KeyType::Uuid | KeyType::Uuid4 => self.core("UuidType"),
            KeyType::String(length) => {
                self.imports.add("sqlalchemy", "String");
                Expr::code(format!("String({length})"))
            }
        }
    }

    fn reference_column(&mut self, attribute: String, column: &str, nullable: bool) -> AttributeView {
        let key = self.table.foreign_key(column).expect("every reference has its foreign key in the schema");
        let target = self.model.resources.iter().find(|resource| resource.names.table == key.table);
        let target = target.expect("references lead to resources");
        let mut arguments = named_column(&attribute, column);
        arguments.push(self.foreign_key(key));
        let annotation = optional(key_annotation(target.key.ty, &mut self.imports), nullable);
        AttributeView { name: Ident::new(attribute), annotation, value: mapped_column(arguments) }
    }

    fn foreign_key(&mut self, key: &ForeignKey) -> Expr {
        self.imports.add("sqlalchemy", "ForeignKey");
        let target = Expr::string(&format!("{}.{}", key.table, key.target));
        let on_delete = if key.on_delete == DeleteRule::NoAction {
            String::new()
        } else {
            format!(", ondelete={}", Expr::string(key.on_delete.sql()))
        };
        Expr::code(format!("ForeignKey({target}{on_delete}, name={})", Expr::string(&key.name)))
    }

    fn scalar_column(&mut self, field: &Field, scalar: &Scalar) -> AttributeView {
        let mut arguments = named_column(&field.attribute, &scalar.column);
        arguments.push(self.column_type(&scalar.ty));
        arguments.extend(self.defaults(field, scalar));
        let annotation = optional(annotation(&scalar.ty, &mut self.imports), field.presence.nullable);
        AttributeView { name: Ident::new(field.attribute.clone()), annotation, value: mapped_column(arguments) }
    }

    fn column_type(&mut self, ty: &FieldType) -> Expr {
        match ty {
            FieldType::String(rules) => self.string(rules.lengths.max),
            FieldType::Text(_) => self.sqlalchemy("Text"),
            FieldType::Integer { size: IntSize::Small, .. } => self.sqlalchemy("SmallInteger"),
            FieldType::Integer { size: IntSize::Regular, .. } => self.sqlalchemy("Integer"),
            FieldType::Integer { size: IntSize::Big, .. } => self.sqlalchemy("BigInteger"),
            FieldType::Float { .. } => self.sqlalchemy("Double"),
            FieldType::Decimal { precision, scale, .. } => self.numeric(*precision, *scale),
            FieldType::Money { currency, .. } => self.numeric(19, currency.decimals),
            FieldType::Bool => self.sqlalchemy("Boolean"),
            FieldType::Date { .. } => self.core("DateType"),
            FieldType::Time { .. } => self.core("TimeType"),
            FieldType::Datetime { .. } => self.core("UtcDateTime"),
            FieldType::LocalDatetime { .. } => self.core("LocalDateTime"),
            FieldType::Duration { .. } => self.core("Duration"),
            FieldType::Uuid => self.core("UuidType"),
            FieldType::Enum(class) => {
                self.imports.add_own("core.models", "enum_type");
                self.import_role(class);
                Expr::code(format!("enum_type({})", Ident::new(class.class.clone())))
            }
            FieldType::Email => self.string(254),
            FieldType::Url => self.string(2048),
            FieldType::Slug { .. } => self.string(160),
            FieldType::Phone => self.string(16),
            FieldType::Ip => self.string(45),
            FieldType::Timezone => self.string(64),
            FieldType::Locale => self.string(35),
            FieldType::Country => self.string(2),
            FieldType::Currency => self.string(3),
            FieldType::Color => self.string(7),
            FieldType::Password(_) => self.string(255),
            FieldType::Json(_) | FieldType::Object(_) | FieldType::List(_) => self.core("JsonType"),
            FieldType::Bytes { .. } => self.sqlalchemy("LargeBinary"),
        }
    }

    /// The roles are declared by the user resource; another resource imports them.
    fn import_role(&mut self, class: &EnumType) {
        let Some(auth) = self.model.project.auth.as_ref().filter(|_| class.is_role) else { return };
        if auth.user != self.resource.id {
            let module = self.model.resource(auth.user).names.singular.python();
            self.imports.add_own(&format!("models.{module}"), &class.class);
        }
    }

    fn string(&mut self, length: u32) -> Expr {
        self.imports.add("sqlalchemy", "String");
        Expr::code(format!("String({length})"))
    }

    fn numeric(&mut self, precision: u8, scale: u8) -> Expr {
        self.imports.add("sqlalchemy", "Numeric");
        Expr::code(format!("Numeric({precision}, {scale})"))
    }

    fn sqlalchemy(&mut self, name: &str) -> Expr {
        self.imports.add("sqlalchemy", name);
        Expr::code(name)
    }

    fn core(&mut self, name: &str) -> Expr {
        self.imports.add_own("core.models", name);
        Expr::code(name)
    }

    /// What the application and the database fill in.
    fn defaults(&mut self, field: &Field, scalar: &Scalar) -> Vec<Expr> {
        let mut arguments = Vec::new();
        match &field.presence.default {
            FieldDefault::None | FieldDefault::CurrentUser | FieldDefault::Slug(_) => {}
            FieldDefault::Constant(value) => {
                let literal = literal(value, &scalar.ty, &mut self.imports);
                arguments.push(Expr::code(format!("default={}", for_each_row(&literal))));
            }
            FieldDefault::Now => {
                let clock = if matches!(scalar.ty, FieldType::Time { .. }) { "utc_time" } else { "utc_now" };
                arguments.push(Expr::code(format!("default={}", self.core(clock))));
            }
            FieldDefault::Today => arguments.push(Expr::code(format!("default={}", self.core("utc_today")))),
            FieldDefault::Uuid => arguments.push(Expr::code(format!("default={}", self.core("new_id")))),
            FieldDefault::Uuid4 => {
                self.imports.add("uuid", "uuid4");
                arguments.push(Expr::code("default=uuid4"));
            }
        }
        let column = self.table.column(&scalar.column).expect("every field has its column in the schema");
        if let Some(default) = &column.default {
            self.imports.add("sqlalchemy", "text as sql_text");
            let sql = default_sql(default, &column.ty);
            arguments.push(Expr::code(format!("server_default=sql_text({})", Expr::sql(&sql))));
        }
        arguments
    }

    /// Entities of versioned resources are checked as the statements of the repositories are.
    fn mapper_arguments(&mut self) -> Vec<Expr> {
        if self.resource.versioning == Versioning::Off {
            return Vec::new();
        }
        let maker = self.core("versioned_by");
        vec![Expr::code(format!("{maker}(version)"))]
    }

    /// The columns that no field declares.
    fn generated_columns(&mut self) -> Vec<AttributeView> {
        let resource = self.resource;
        let mut columns = Vec::new();
        for (name, exists) in [("created_at", resource.created_at), ("updated_at", resource.updated_at)] {
            if exists {
                let value = format!("mapped_column({}, default={})", self.core("UtcDateTime"), self.core("utc_now"));
                columns.push(self.time_column(name, "DateTime", &value));
            }
        }
        if resource.soft_delete {
            let value = format!("mapped_column({})", self.core("UtcDateTime"));
            columns.push(self.time_column("deleted_at", "DateTime | None", &value));
        }
        if resource.versioning != Versioning::Off {
            self.imports.add_all("sqlalchemy", ["Integer", "text as sql_text"]);
            columns.push(AttributeView {
                name: Ident::new("version"),
                annotation: Expr::code("int"),
                value: Expr::code("mapped_column(Integer, default=1, server_default=sql_text(\"1\"))"),
            });
        }
        columns
    }

    fn time_column(&mut self, name: &str, annotation: &str, value: &str) -> AttributeView {
        self.imports.add("datetime", "datetime as DateTime");
        AttributeView { name: Ident::new(name), annotation: Expr::code(annotation), value: Expr::code(value) }
    }

    fn relations(&mut self) -> Vec<AttributeView> {
        let (model, resource) = (self.model, self.resource);
        let relations = relations(model, resource);
        if !relations.is_empty() {
            self.imports.add("sqlalchemy.orm", "relationship");
        }
        relations.iter().map(|relation| self.relation(relation)).collect()
    }

    fn relation(&mut self, relation: &Relation<'_>) -> AttributeView {
        let target = self.model.resource(relation.target);
        if target.id != self.resource.id {
            self.type_imports.insert((target.names.singular.python(), target.names.class.clone()));
        }
        let class = &target.names.class;
        let annotation = match &relation.tie {
            Tie::ToOne { nullable: false, .. } => class.clone(),
            Tie::ToOne { .. } | Tie::Inverse { one: true, .. } => format!("{class} | None"),
            Tie::Inverse { .. } | Tie::Many { .. } => format!("list[{class}]"),
        };
        let mut arguments: Vec<String> = Vec::new();
        if let Some(back) = relation.back {
            arguments.push(format!("back_populates={}", Expr::string(back)));
        }
        arguments.extend(self.relation_arguments(relation, target));
        arguments.extend(Self::order_by(relation, target));
        arguments.push("lazy=\"raise\"".to_owned());
        arguments.extend(include_info(relation.include));
        arguments.extend(passive_deletes(&relation.tie));
        AttributeView {
            name: Ident::new(relation.attribute),
            annotation: Expr::code(annotation),
            value: Expr::code(format!("relationship({})", arguments.join(", "))),
        }
    }

    /// The order of the rows of a list, when the spec gives one.
    fn order_by(relation: &Relation<'_>, target: &Resource) -> Option<String> {
        let is_by_id = matches!(relation.order, [] | [OrderKey { column: Column::Id, descending: false }]);
        if is_by_id || relation.is_to_one() {
            return None;
        }
        let key = |key: &OrderKey| {
            let attribute = super::schema::column_attribute(target, key.column);
            let direction = if key.descending { ".desc()" } else { "" };
            format!("{}.{attribute}{direction}", target.names.class)
        };
        let keys = relation.order.iter().map(key).chain([format!("{}.id", target.names.class)]);
        let keys = format!("[{}]", keys.collect::<Vec<_>>().join(", "));
        Some(format!("order_by={}", Expr::string(&keys)))
    }

    fn relation_arguments(&self, relation: &Relation<'_>, target: &Resource) -> Vec<String> {
        let is_self = target.id == self.resource.id;
        match &relation.tie {
            Tie::ToOne { column, .. } => {
                let mut arguments = vec![format!("foreign_keys=[{}]", attribute_of(self.resource, column))];
                if is_self {
                    arguments.push("remote_side=[id]".to_owned());
                }
                arguments
            }
            Tie::Inverse { column, .. } if is_self => {
                vec![format!("foreign_keys=[{}]", attribute_of(self.resource, column))]
            }
            Tie::Inverse { column, .. } => {
                let path = format!("{}.{}", target.names.class, attribute_of(target, column));
                vec![format!("foreign_keys={}", Expr::string(&path))]
            }
            Tie::Many { many, side } => secondary(many, *side, is_self, self.resource),
        }
    }
}

/// The arguments of a relation through a join table.
fn secondary(many: &Many, side: Side, is_self: bool, resource: &Resource) -> Vec<String> {
    let table = &many.join_table;
    let mut arguments = vec![match side {
        Side::Own => format!("secondary={}", Ident::new(table.clone())),
        Side::Target if is_self => format!("secondary={}", Ident::new(table.clone())),
        Side::Target => format!("secondary={}", Expr::string(table)),
    }];
    if is_self {
        let (near, far) = match side {
            Side::Own => (&many.own_column, &many.target_column),
            Side::Target => (&many.target_column, &many.own_column),
        };
        let class = &resource.names.class;
        for (argument, column) in [("primaryjoin", near), ("secondaryjoin", far)] {
            let join = format!("{class}.id == {table}.c.{column}");
            arguments.push(format!("{argument}={}", Expr::string(&join)));
        }
    }
    arguments
}

/// When the rows are part of a response, unless that is on request.
fn include_info(include: Include) -> Option<String> {
    match include {
        Include::OnRequest => None,
        Include::Always => Some("info={\"include\": \"always\"}".to_owned()),
        Include::Never => Some("info={\"include\": \"never\"}".to_owned()),
    }
}

/// What the database does on a delete is left to it.
fn passive_deletes(tie: &Tie<'_>) -> Option<String> {
    match tie {
        Tie::Inverse { on_delete: Deletion::Cascade | Deletion::SetNull, .. } => {
            Some("passive_deletes=True".to_owned())
        }
        Tie::Inverse { .. } => Some("passive_deletes=\"all\"".to_owned()),
        Tie::ToOne { .. } | Tie::Many { .. } => None,
    }
}

/// The attribute that maps a column of a reference.
fn attribute_of(resource: &Resource, column: &str) -> Ident {
    let field = resource.fields.iter().find(|field| match &field.kind {
        FieldKind::Reference(reference) => reference.column == column,
        FieldKind::Scalar(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => false,
    });
    Ident::new(field.map_or_else(|| column.to_owned(), |field| field.attribute.clone()))
}

fn declared_table(field: &Field) -> Option<&Many> {
    match &field.kind {
        FieldKind::Many(many) => Some(many),
        FieldKind::Scalar(_) | FieldKind::Reference(_) | FieldKind::Polymorphic(_) => None,
    }
}

/// The enums that the module of a resource declares, each with one sentence, nested ones included.
#[must_use]
pub fn own_enums(resource: &Resource) -> Vec<(&EnumType, String)> {
    let mut enums = Vec::new();
    for field in &resource.fields {
        if let FieldKind::Scalar(scalar) = &field.kind {
            collect_enums(&scalar.ty, field, resource, &mut enums);
        }
    }
    enums
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only these hold enums")]
fn collect_enums<'a>(ty: &'a FieldType, field: &Field, resource: &Resource, enums: &mut Vec<(&'a EnumType, String)>) {
    match ty {
        FieldType::Enum(class) => {
            let doc = format!("{} of a {}.", sentence(&field.name.words()), resource.label);
            enums.push((class, docstring(&doc)));
        }
        FieldType::List(list) => collect_enums(&list.element, field, resource, enums),
        FieldType::Object(object) => {
            for nested in &object.fields {
                if let FieldKind::Scalar(scalar) = &nested.kind {
                    collect_enums(&scalar.ty, nested, resource, enums);
                }
            }
        }
        _ => {}
    }
}

fn enum_view(class: &EnumType, doc: String) -> EnumView {
    let member = |value: &crate::model::EnumValue| MemberView {
        name: Ident::new(value.member.clone()),
        value: Expr::string(&value.value),
    };
    EnumView { class: Ident::new(class.class.clone()), doc, members: class.values.iter().map(member).collect() }
}

/// A default that no two rows share: what can be changed is made anew.
fn for_each_row(literal: &Expr) -> String {
    match literal.as_str() {
        "[]" => "list".to_owned(),
        "{}" => "dict".to_owned(),
        text if text.starts_with(['[', '{']) => format!("lambda: {text}"),
        text => text.to_owned(),
    }
}

/// The first argument of a column whose name is not that of its attribute.
fn named_column(attribute: &str, column: &str) -> Vec<Expr> {
    if attribute == column { Vec::new() } else { vec![Expr::string(column)] }
}

fn mapped_column(arguments: Vec<Expr>) -> Expr {
    Expr::code(format!("mapped_column({})", joined(arguments)))
}

fn optional(annotation: Expr, nullable: bool) -> Expr {
    if nullable { Expr::code(format!("{annotation} | None")) } else { annotation }
}

fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// The condition of a partial index on one database.
fn index_condition(index: &Index, database: Database) -> Option<String> {
    let live = index.live_rows.then(|| "deleted_at IS NULL".to_owned());
    let condition = index.condition.get(&database).cloned();
    match (live, condition) {
        (Some(live), Some(condition)) => Some(format!("{live} AND ({condition})")),
        (live, condition) => live.or(condition),
    }
}

fn index_method(method: IndexMethod) -> &'static str {
    match method {
        IndexMethod::Btree => "",
        IndexMethod::Hash => ", postgresql_using=\"hash\"",
        IndexMethod::Gin | IndexMethod::Trigram => ", postgresql_using=\"gin\"",
        IndexMethod::Gist => ", postgresql_using=\"gist\"",
        IndexMethod::Brin => ", postgresql_using=\"brin\"",
        IndexMethod::Fulltext => ", mysql_prefix=\"FULLTEXT\"",
    }
}

/// The name of SQLAlchemy's dialect.
fn dialect(database: Database) -> &'static str {
    match database {
        Database::Postgresql => "postgresql",
        Database::Mysql => "mysql",
        Database::Sqlite => "sqlite",
    }
}

/// The SQL of a default, the same on every database. Text and JSON stand in parentheses because MySQL demands it.
fn default_sql(default: &ColumnDefault, ty: &ColumnType) -> String {
    match default {
        ColumnDefault::Now => "CURRENT_TIMESTAMP".to_owned(),
        ColumnDefault::NowTime => "CURRENT_TIME".to_owned(),
        ColumnDefault::Today => "CURRENT_DATE".to_owned(),
        ColumnDefault::Constant(value) => {
            let sql = schema::literal(ty, value, Database::Postgresql);
            if matches!(ty, ColumnType::Text | ColumnType::Json) { format!("({sql})") } else { sql }
        }
    }
}
