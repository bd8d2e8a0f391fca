//! The uniques and indexes of a resource: those of the spec, one for the default list, one per reference.

use std::collections::BTreeMap;

use super::check::field_columns;
use super::expression::Compiler;
use super::{ColumnType, Index, IndexMethod, IndexPart, Table};
use crate::model::{
    Alternative, Column, Database, Expression, FieldId, FieldKind, FieldType, IndexMethod as Method, Model, Nulls,
    Operation, Resource, Unique,
};

/// Bytes that a key of MySQL may have.
const LONGEST_KEY: u32 = 3072;

/// All uniques and indexes of a resource. A name that is set is the one of the spec.
pub(super) fn of_resource(model: &Model, resource: &Resource, table: &Table) -> Vec<Index> {
    let databases = &model.project.databases;
    let mut indexes: Vec<_> = uniques(resource).iter().map(|unique| of_unique(resource, unique, databases)).collect();
    indexes.extend(resource.indexes.iter().map(|index| of_index(resource, index, databases)));
    for list in of_lists(resource, table) {
        if !indexes.iter().any(|index| covers(index, &list)) {
            indexes.push(list);
        }
    }
    for column in referring_columns(resource) {
        if !indexes.iter().any(|index| index.starts_with(column)) {
            indexes.push(Index { parts: vec![ascending(column)], ..Index::default() });
        }
    }
    indexes
}

/// The uniques of the spec, and those of one-to-one references that are not among them.
fn uniques(resource: &Resource) -> Vec<Unique> {
    let mut uniques = resource.uniques.clone();
    for (id, field) in resource.fields_with_ids() {
        let is_one_to_one = matches!(&field.kind, FieldKind::Reference(reference) if reference.one_to_one);
        if is_one_to_one && !uniques.iter().any(|unique| unique.columns == [Column::Field(id)]) {
            uniques.push(Unique {
                columns: vec![Column::Field(id)],
                case_insensitive: false,
                nulls: Nulls::Distinct,
                condition: None,
                name: None,
            });
        }
    }
    uniques
}

fn of_unique(resource: &Resource, unique: &Unique, databases: &[Database]) -> Index {
    let parts = unique.columns.iter().flat_map(|column| parts(resource, *column, unique.case_insensitive)).collect();
    Index {
        name: unique.name.clone().unwrap_or_default(),
        parts,
        unique: true,
        nulls_equal: unique.nulls == Nulls::Equal,
        live_rows: resource.soft_delete,
        condition: condition(resource, unique.condition.as_ref(), databases),
        method: IndexMethod::Btree,
    }
}

fn of_index(resource: &Resource, index: &crate::model::Index, databases: &[Database]) -> Index {
    let parts = index
        .columns
        .iter()
        .flat_map(|key| parts(resource, key.column, false).map(|part| IndexPart { descending: key.descending, ..part }))
        .collect();
    Index {
        name: index.name.clone().unwrap_or_default(),
        parts,
        condition: condition(resource, index.condition.as_ref(), databases),
        method: method(index.method),
        ..Index::default()
    }
}

/// MySQL has no partial indexes: there the whole table is indexed.
fn condition(resource: &Resource, rule: Option<&Expression>, databases: &[Database]) -> BTreeMap<Database, String> {
    let Some(rule) = rule else { return BTreeMap::new() };
    databases
        .iter()
        .filter(|database| **database != Database::Mysql)
        .filter_map(|database| Some((*database, Compiler { resource, database: *database }.rule(rule)?)))
        .collect()
}

fn parts(resource: &Resource, column: Column, case_insensitive: bool) -> impl Iterator<Item = IndexPart> {
    let fold = case_insensitive && is_text(resource, column);
    column_names(resource, column).map(move |column| IndexPart {
        column: column.to_owned(),
        descending: false,
        case_insensitive: fold,
    })
}

/// The columns that stand for a key: several for a polymorphic reference.
fn column_names(resource: &Resource, column: Column) -> Box<dyn Iterator<Item = &str> + '_> {
    match column {
        Column::Field(field) => field_columns(resource.field(field)),
        Column::Id => Box::new(std::iter::once(resource.key.column.as_str())),
        Column::CreatedAt => Box::new(std::iter::once("created_at")),
        Column::UpdatedAt => Box::new(std::iter::once("updated_at")),
        Column::DeletedAt => Box::new(std::iter::once("deleted_at")),
        Column::Version => Box::new(std::iter::once("version")),
    }
}

fn scalar_type(resource: &Resource, field: FieldId) -> Option<&FieldType> {
    match &resource.field(field).kind {
        FieldKind::Scalar(scalar) => Some(&scalar.ty),
        FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
    }
}

fn is_text(resource: &Resource, column: Column) -> bool {
    let Column::Field(field) = column else { return false };
    matches!(
        scalar_type(resource, field),
        Some(
            FieldType::String(_)
                | FieldType::Text(_)
                | FieldType::Email
                | FieldType::Url
                | FieldType::Slug { .. }
                | FieldType::Phone
                | FieldType::Ip
                | FieldType::Timezone
                | FieldType::Locale
                | FieldType::Country
                | FieldType::Currency
                | FieldType::Color
        )
    )
}

fn method(method: Method) -> IndexMethod {
    match method {
        Method::Btree => IndexMethod::Btree,
        Method::Hash => IndexMethod::Hash,
        Method::Gin => IndexMethod::Gin,
        Method::Gist => IndexMethod::Gist,
        Method::Brin => IndexMethod::Brin,
        Method::Trigram => IndexMethod::Trigram,
        Method::Fulltext => IndexMethod::Fulltext,
    }
}

/// The indexes that the default list is read from: owner, sort keys and id, and without the owner if some callers see the
/// rows of all. None where no index helps: an enum sorts by the order of its values, and no key is longer than MySQL allows.
fn of_lists(resource: &Resource, table: &Table) -> Vec<Index> {
    let Some(order) = list_order(resource) else { return Vec::new() };
    let mut indexes = Vec::new();
    if let Some(owner) = resource.owner_reference() {
        let owner = column_names(resource, Column::Field(owner)).map(ascending);
        indexes.push(owner.chain(order.iter().cloned()).collect());
    }
    if order.len() > 1 && !lists_own_rows_only(resource) {
        indexes.push(order);
    }
    let fits = |parts: &Vec<IndexPart>| {
        let bytes = parts.iter().filter_map(|part| Some(key_bytes(&table.column(&part.column)?.ty)));
        bytes.sum::<u32>() <= LONGEST_KEY
    };
    indexes.into_iter().filter(fits).map(|parts| Index { parts, ..Index::default() }).collect()
}

/// The keys that the default list sorts by; the id comes last and goes the way of the key before it.
fn list_order(resource: &Resource) -> Option<Vec<IndexPart>> {
    let keys: Vec<_> = resource.list.default_sort.iter().take_while(|key| key.column != Column::Id).collect();
    if !resource.does(Operation::List) || keys.iter().any(|key| is_enum(resource, key.column)) {
        return None;
    }
    let id = resource.list.default_sort.iter().find(|key| key.column == Column::Id);
    let id_descends = id.or(keys.last().copied()).is_some_and(|key| key.descending);
    let mut parts: Vec<_> = keys
        .iter()
        .flat_map(|key| column_names(resource, key.column).map(|column| sorted(column, key.descending)))
        .collect();
    parts.push(sorted(&resource.key.column, id_descends));
    Some(parts)
}

/// Whether nobody but roles that pass everything sees the rows of others.
fn lists_own_rows_only(resource: &Resource) -> bool {
    resource.permissions.get(&Operation::List).is_some_and(|permission| {
        permission.depends_on_row() && !permission.is_public() && !permission.0.contains(&Alternative::Authenticated)
    })
}

fn is_enum(resource: &Resource, column: Column) -> bool {
    matches!(column, Column::Field(field) if matches!(scalar_type(resource, field), Some(FieldType::Enum(_))))
}

fn ascending(column: &str) -> IndexPart {
    sorted(column, false)
}

fn sorted(column: &str, descending: bool) -> IndexPart {
    IndexPart { column: column.to_owned(), descending, case_insensitive: false }
}

/// Bytes of a column in a key of MySQL.
fn key_bytes(ty: &ColumnType) -> u32 {
    match ty {
        ColumnType::Varchar(length) => length.saturating_mul(4),
        ColumnType::Uuid => 128,
        ColumnType::Text | ColumnType::Json | ColumnType::Array(_) | ColumnType::Bytes(None) => LONGEST_KEY + 1,
        ColumnType::Bytes(Some(length)) => *length,
        ColumnType::Smallint
        | ColumnType::Int
        | ColumnType::Bigint
        | ColumnType::Double
        | ColumnType::Numeric(..)
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::Timestamptz
        | ColumnType::Timestamp
        | ColumnType::Duration
        | ColumnType::NativeEnum(_) => 32,
    }
}

/// Whether an index begins with all parts of another one.
fn covers(index: &Index, wanted: &Index) -> bool {
    index.method == IndexMethod::Btree
        && !index.is_partial()
        && !index.nulls_equal
        && index.parts.len() >= wanted.parts.len()
        && index.parts.iter().zip(&wanted.parts).all(|(part, key)| part == key)
}

/// The columns of references that want an index.
fn referring_columns(resource: &Resource) -> impl Iterator<Item = &str> {
    resource.fields.iter().flat_map(|field| {
        let wants = match &field.kind {
            FieldKind::Reference(reference) => reference.index,
            FieldKind::Polymorphic(polymorphic) => polymorphic.index,
            FieldKind::Scalar(_) | FieldKind::Many(_) => false,
        };
        field_columns(field).filter(move |_| wants)
    })
}
