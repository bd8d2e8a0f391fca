//! A resource: one table, one set of routes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::api::Rate;
use super::field::{Column, Field, FieldKind, OrderKey};
use super::field_type::KeyType;
use super::name::Name;
use super::permission::Permission;
use super::rule::{Expression, Rule};
use super::{FieldId, ResourceId};

/// One resource of the spec.
#[derive(Debug, Clone, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the spec, independent of the others")]
pub struct Resource {
    /// Its position in the model.
    pub id: ResourceId,
    /// All its names.
    pub names: ResourceNames,
    /// Description in OpenAPI.
    pub doc: Option<String>,
    /// Human name of one row; the singular in words by default.
    pub label: String,
    /// OpenAPI tags; the resource name by default.
    pub tags: Vec<String>,
    /// Its id.
    pub key: Key,
    /// Whether rows have `created_at`.
    pub created_at: bool,
    /// Whether rows have `updated_at`.
    pub updated_at: bool,
    /// Whether a delete only hides the row.
    pub soft_delete: bool,
    /// Whether rows carry `version`.
    pub versioning: Versioning,
    /// Whose a row is.
    pub owner: Option<Owner>,
    /// Own fields first, then those of mixins; [`FieldId`] is the position in this list.
    pub fields: Vec<Field>,
    /// Uniques over one or several columns, also those written on a field.
    pub uniques: Vec<Unique>,
    /// Indexes of the spec, also those written on a field; not those that follow from references.
    pub indexes: Vec<Index>,
    /// Rules in the order of the spec.
    pub rules: Vec<Rule>,
    /// What can be done.
    pub operations: BTreeSet<Operation>,
    /// One entry for each operation that is on, and one for `get`, with the fallbacks applied; without auth `public` where
    /// the spec does not say `nobody`.
    pub permissions: BTreeMap<Action, Permission>,
    /// How lists behave.
    pub list: List,
    /// Hooks that get a stub.
    pub hooks: BTreeSet<Hook>,
    /// Whether tests are generated.
    pub tests: bool,
    /// `defaults.rate_limit` while the resource has none of its own.
    pub rate_limit: Option<Rate>,
}

/// The names of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResourceNames {
    /// The file name: `order_items`.
    pub plural: Name,
    /// `order_item`
    pub singular: Name,
    /// `OrderItem`
    pub class: String,
    /// `order_items`
    pub table: String,
    /// `order-items`
    pub route: String,
    /// Variable for many rows: the plural, or `data_list` where singular and plural are equal.
    pub list_variable: String,
}

/// The id of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Key {
    /// Its type.
    pub ty: KeyType,
    /// Its column, `id` by default.
    pub column: String,
    /// Who makes it.
    pub source: KeySource,
}

/// Who makes an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeySource {
    /// The database counts.
    Identity,
    /// The application.
    Application,
    /// The client sends it on create.
    Client,
}

/// Optimistic locking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Versioning {
    /// No `version`.
    Off,
    /// `If-Match` is honoured.
    Optional,
    /// `If-Match` is demanded: 428.
    Required,
}

/// Whose a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The row is the user.
    SelfRow,
    /// A reference to the user resource.
    Reference(FieldId),
}

/// A unique over columns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unique {
    /// In this order; a reference stands for its id column.
    pub columns: Vec<Column>,
    /// Fold the text columns with `lower()`.
    pub case_insensitive: bool,
    /// Whether nulls collide.
    pub nulls: Nulls,
    /// Partial: only rows for which this is true.
    pub condition: Option<Expression>,
    /// Name given in the spec.
    pub name: Option<String>,
}

/// Whether nulls in a unique collide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nulls {
    /// They never do.
    Distinct,
    /// They do.
    Equal,
}

/// An index of the spec.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Index {
    /// In this order.
    pub columns: Vec<IndexColumn>,
    /// Partial: only rows for which this is true.
    pub condition: Option<Expression>,
    /// How it is built.
    pub method: IndexMethod,
    /// Name given in the spec.
    pub name: Option<String>,
}

/// One column of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct IndexColumn {
    /// Which.
    pub column: Column,
    /// `-`
    pub descending: bool,
}

/// How an index is built. What a database lacks is left out there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexMethod {
    /// Everywhere.
    Btree,
    /// PostgreSQL.
    Hash,
    /// PostgreSQL.
    Gin,
    /// PostgreSQL.
    Gist,
    /// PostgreSQL.
    Brin,
    /// PostgreSQL, `gin_trgm_ops`.
    Trigram,
    /// MySQL.
    Fulltext,
}

/// What can be done with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// GET /orders
    List,
    /// GET /orders/{id}
    Get,
    /// POST /orders
    Create,
    /// PATCH /orders/{id}
    Update,
    /// PUT /orders/{id}
    Replace,
    /// DELETE /orders/{id}
    Delete,
    /// POST /orders/{id}/restore
    Restore,
    /// DELETE /orders/{id}/purge
    Purge,
}

/// What a permission is asked for: an operation, whether or not its route exists (the owner of a reference asks for `get`).
pub type Action = Operation;

/// A stub in the service of the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hook {
    /// Before the INSERT.
    BeforeCreate,
    /// After the INSERT, in the transaction.
    AfterCreate,
    /// Before the UPDATE.
    BeforeUpdate,
    /// After the UPDATE, in the transaction.
    AfterUpdate,
    /// Before the DELETE.
    BeforeDelete,
    /// After the DELETE, in the transaction.
    AfterDelete,
    /// Narrows every query.
    Scope,
}

/// How the list route behaves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct List {
    /// What can be filtered by, in the order of the fields, generated columns last.
    pub filter: Vec<Filter>,
    /// What can be sorted by.
    pub sort: Vec<Column>,
    /// The order without `?sort=`; without the id, which is always the last key.
    pub default_sort: Vec<OrderKey>,
    /// What `?q=` searches.
    pub search: Vec<FieldId>,
    /// How it is cut into pages.
    pub page: Page,
    /// Default of `?limit=`.
    pub page_size: u32,
    /// Maximum of `?limit=`.
    pub max_page_size: u32,
    /// Whether offset pages carry the total.
    pub count: bool,
}

/// What a list can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// A column of the resource, or a `many` field.
    Column(Column),
    /// A column behind one reference: `customer.country`.
    Path(FieldId, Column),
}

/// How a list is cut into pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// `limit` and `offset`.
    Offset,
    /// `limit` and `cursor`.
    Cursor,
    /// Everything at once.
    None,
}

impl Resource {
    /// The field of that id.
    #[must_use]
    pub fn field(&self, id: FieldId) -> &Field {
        &self.fields[id.0]
    }

    /// All fields with their ids.
    pub fn fields_with_ids(&self) -> impl Iterator<Item = (FieldId, &Field)> {
        self.fields.iter().enumerate().map(|(position, field)| (FieldId(position), field))
    }

    /// Whether the operation has a route.
    #[must_use]
    pub fn does(&self, operation: Operation) -> bool {
        self.operations.contains(&operation)
    }

    /// The reference that owns the rows.
    #[must_use]
    pub fn owner_reference(&self) -> Option<FieldId> {
        match self.owner {
            Some(Owner::Reference(field)) => Some(field),
            Some(Owner::SelfRow) | None => None,
        }
    }

    /// The fields that are kept in columns of the own table.
    pub fn stored_fields(&self) -> impl Iterator<Item = (FieldId, &Field)> {
        self.fields_with_ids().filter(|(_, field)| !matches!(field.kind, FieldKind::Many(_)))
    }
}
