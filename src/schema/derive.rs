//! `Model` -> `Schema`: every table of the resources, the join tables and the tables of login.

use super::column_type::{column_default, column_type, key_type};
use super::name::{Names, fill};
use super::{
    Column, ColumnType, DeleteRule, ForeignKey, Index, IndexPart, PrimaryKey, Schema, Table, auth, check, index,
};
use crate::model::{
    Database, Deletion, Field, FieldKind, FieldType, KeySource, Many, Model, Naming, Resource, ResourceId, Versioning,
};

/// The schema that a model wants.
#[must_use]
pub fn derive(model: &Model) -> Schema {
    let mut draft = Draft { model, names: Names::default() };
    let tables = draft.tables();
    let mut schema = Schema { enums: native_enums(model), ..Schema::default() };
    for mut table in tables {
        draft.name(&mut table);
        schema.tables.insert(table.name.clone(), table);
    }
    schema
}

/// What is known while a schema is made.
pub(super) struct Draft<'a> {
    pub(super) model: &'a Model,
    names: Names,
}

impl Draft<'_> {
    /// All tables, their constraints still without names; the names of the tables are taken.
    fn tables(&mut self) -> Vec<Table> {
        let model = self.model;
        let mut tables: Vec<_> = model.resources.iter().map(|resource| self.resource(resource)).collect();
        for resource in &model.resources {
            tables.extend(resource.fields.iter().filter_map(|field| self.join_table(resource, field)));
        }
        tables.extend(auth::tables(self.model));
        for table in &tables {
            self.names.claim(&table.name);
        }
        tables
    }

    fn resource(&self, resource: &Resource) -> Table {
        let mut table = Table {
            name: resource.names.table.clone(),
            columns: self.columns(resource),
            primary_key: PrimaryKey { name: String::new(), columns: vec![resource.key.column.clone()] },
            foreign_keys: resource.fields.iter().flat_map(|field| self.foreign_keys(field)).collect(),
            checks: check::of_resource(self.model, resource),
            indexes: Vec::new(),
        };
        table.indexes = index::of_resource(self.model, resource, &table);
        table
    }

    fn columns(&self, resource: &Resource) -> Vec<Column> {
        let mut columns = vec![Column {
            identity: resource.key.source == KeySource::Identity,
            ..plain(&resource.key.column, key_type(resource.key.ty))
        }];
        columns.extend(resource.fields.iter().flat_map(|field| self.columns_of(field)));
        if resource.created_at {
            columns.push(plain("created_at", ColumnType::Timestamptz));
        }
        if resource.updated_at {
            columns.push(plain("updated_at", ColumnType::Timestamptz));
        }
        if resource.soft_delete {
            columns.push(Column { nullable: true, ..plain("deleted_at", ColumnType::Timestamptz) });
        }
        if resource.versioning != Versioning::Off {
            let first = Some(super::ColumnDefault::Constant(1.into()));
            columns.push(Column { default: first, ..plain("version", ColumnType::Int) });
        }
        columns
    }

    fn columns_of(&self, field: &Field) -> Vec<Column> {
        let nullable = field.presence.nullable;
        match &field.kind {
            FieldKind::Scalar(scalar) => vec![Column {
                nullable,
                default: column_default(&field.presence.default, &scalar.ty),
                ddl: scalar.column_type.clone(),
                ..plain(&scalar.column, column_type(&scalar.ty))
            }],
            FieldKind::Reference(reference) => {
                vec![Column { nullable, ..plain(&reference.column, self.key_type_of(reference.target)) }]
            }
            FieldKind::Polymorphic(polymorphic) => polymorphic
                .targets
                .iter()
                .map(|target| Column { nullable: true, ..plain(&target.column, self.key_type_of(target.target)) })
                .collect(),
            FieldKind::Many(_) => Vec::new(),
        }
    }

    fn key_type_of(&self, resource: ResourceId) -> ColumnType {
        key_type(self.model.resource(resource).key.ty)
    }

    fn foreign_keys(&self, field: &Field) -> Vec<ForeignKey> {
        match &field.kind {
            FieldKind::Reference(reference) => {
                vec![self.foreign_key(&reference.column, reference.target, reference.on_delete)]
            }
            FieldKind::Polymorphic(polymorphic) => polymorphic
                .targets
                .iter()
                .map(|target| self.foreign_key(&target.column, target.target, polymorphic.on_delete))
                .collect(),
            FieldKind::Scalar(_) | FieldKind::Many(_) => Vec::new(),
        }
    }

    fn foreign_key(&self, column: &str, target: ResourceId, on_delete: Deletion) -> ForeignKey {
        let target = self.model.resource(target);
        ForeignKey {
            name: String::new(),
            column: column.to_owned(),
            table: target.names.table.clone(),
            target: target.key.column.clone(),
            on_delete: delete_rule(on_delete),
        }
    }

    fn join_table(&self, resource: &Resource, field: &Field) -> Option<Table> {
        let FieldKind::Many(many) = &field.kind else { return None };
        let Many { own_column, target_column, on_delete, .. } = many;
        let part = IndexPart { column: target_column.clone(), ..IndexPart::default() };
        Some(Table {
            name: many.join_table.clone(),
            columns: vec![
                plain(own_column, key_type(resource.key.ty)),
                plain(target_column, self.key_type_of(many.target)),
            ],
            primary_key: PrimaryKey { name: String::new(), columns: vec![own_column.clone(), target_column.clone()] },
            foreign_keys: vec![
                self.foreign_key(own_column, resource.id, *on_delete),
                self.foreign_key(target_column, many.target, *on_delete),
            ],
            checks: Vec::new(),
            indexes: vec![Index { parts: vec![part], ..Index::default() }],
        })
    }

    /// Gives every constraint its name: the one of the spec, else the template filled in.
    fn name(&mut self, table: &mut Table) {
        let Naming { primary_key, foreign_key, index, unique, check } = &self.model.project.naming;
        let columns = table.primary_key.columns.join("_");
        table.primary_key.name = self.names.claim(&fill(primary_key, &table.name, &columns));
        for key in &mut table.foreign_keys {
            key.name = self.names.claim(&fill(foreign_key, &table.name, &key.column));
        }
        for constraint in &mut table.checks {
            let words = if constraint.name.is_empty() { constraint.columns.join("_") } else { constraint.name.clone() };
            let hash = super::name::short_hash(check::canonical(constraint), 6);
            constraint.name = self.names.claim(&format!("{}_{hash}", fill(check, &table.name, &words)));
        }
        for entry in &mut table.indexes {
            let template = if entry.unique { unique } else { index };
            let columns = entry.columns().collect::<Vec<_>>().join("_");
            let wanted = if entry.name.is_empty() { fill(template, &table.name, &columns) } else { entry.name.clone() };
            entry.name = self.names.claim(&wanted);
        }
    }
}

/// A column that cannot be null and has no default.
pub(super) fn plain(name: &str, ty: ColumnType) -> Column {
    Column {
        name: name.to_owned(),
        ty,
        nullable: false,
        default: None,
        identity: false,
        ddl: std::collections::BTreeMap::new(),
    }
}

fn delete_rule(deletion: Deletion) -> DeleteRule {
    match deletion {
        Deletion::Restrict => DeleteRule::Restrict,
        Deletion::Cascade => DeleteRule::Cascade,
        Deletion::SetNull => DeleteRule::SetNull,
        Deletion::NoAction => DeleteRule::NoAction,
    }
}

fn native_enums(model: &Model) -> std::collections::BTreeMap<String, Vec<String>> {
    if model.project.databases != [Database::Postgresql] {
        return std::collections::BTreeMap::new();
    }
    let fields = model.resources.iter().flat_map(|resource| &resource.fields);
    fields
        .filter_map(|field| {
            let FieldKind::Scalar(scalar) = &field.kind else { return None };
            let FieldType::Enum(enumeration) = &scalar.ty else { return None };
            let values = enumeration.values.iter().map(|value| value.value.clone()).collect();
            enumeration.native.then(|| (super::column_type::enum_name(enumeration), values))
        })
        .collect()
}
