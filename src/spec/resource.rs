//! The shape of `resources/<plural>.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::Utf8Path;
use serde_json::Value;

use super::field::{Deprecation, FieldSpec, SortKey};
use super::permission::{Operation, PermissionsSpec};
use super::rule::{Expression, RuleSpec};
use crate::source::{Span, Spanned};

pub(super) mod read;

/// One resource as its file says it.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceSpec {
    /// The file name without `.yaml`; its span is the start of the file.
    pub name: Spanned<String>,
    /// The file.
    pub path: Arc<Utf8Path>,
    /// `doc:`.
    pub doc: Option<Spanned<String>>,
    /// `label:`.
    pub label: Option<Spanned<String>>,
    /// `tags:`.
    pub tags: Vec<Spanned<String>>,
    /// `deprecated:`.
    pub deprecated: Option<Spanned<Deprecation>>,
    /// `singular:`.
    pub singular: Option<Spanned<String>>,
    /// `table:`.
    pub table: Option<Spanned<String>>,
    /// `route:`.
    pub route: Option<Spanned<String>>,
    /// `include:`; every mixin is known to exist when the project could be read.
    pub include: Vec<MixinUse>,
    /// `id:`.
    pub id: IdSpec,
    /// `timestamps:`.
    pub timestamps: Option<Spanned<Timestamps>>,
    /// `soft_delete:`.
    pub soft_delete: Option<Spanned<bool>>,
    /// `versioned:`.
    pub versioned: Option<Spanned<Versioning>>,
    /// `owner:`.
    pub owner: Option<Spanned<OwnerSpec>>,
    /// `fields:` in the order of the file; names are unique.
    pub fields: Vec<FieldSpec>,
    /// `unique:`.
    pub unique: Vec<UniqueSpec>,
    /// `indexes:`.
    pub indexes: Vec<IndexSpec>,
    /// `rules:`.
    pub rules: Vec<RuleSpec>,
    /// `operations:`.
    pub operations: Option<Spanned<Vec<Spanned<Operation>>>>,
    /// `permissions:`.
    pub permissions: PermissionsSpec,
    /// `list:`.
    pub list: ListSpec,
    /// `hooks:`.
    pub hooks: Vec<Spanned<Hook>>,
    /// `tests:`.
    pub tests: Option<Spanned<bool>>,
    /// `x-allow`: the codes that are silent here.
    pub allow: Vec<Spanned<String>>,
    /// All `x-*` keys.
    pub extensions: BTreeMap<String, Value>,
    /// Names of fields, and keys of the resource, that could not be read; nothing that follows from their absence is a
    /// mistake of its own.
    pub broken: BTreeSet<String>,
}

/// One mixin of `include:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MixinUse {
    /// The mixin.
    pub mixin: Spanned<String>,
    /// Stands before every name of it.
    pub prefix: Option<Spanned<String>>,
}

/// `id:`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdSpec {
    /// The type; `defaults.id` if absent.
    pub kind: Option<Spanned<IdType>>,
    /// The column.
    pub column: Option<Spanned<String>>,
    /// `false`: the client sends it.
    pub generated: Option<Spanned<bool>>,
}

/// The type of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdType {
    /// Version 7.
    Uuid,
    /// Random.
    Uuid4,
    /// 32 bits.
    Int,
    /// 64 bits.
    BigInt,
    /// Text of at most so many characters.
    String(u32),
}

/// Which of the two timestamps exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timestamps {
    /// `created_at`.
    pub created_at: bool,
    /// `updated_at`.
    pub updated_at: bool,
}

/// `versioned:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versioning {
    /// No version.
    Off,
    /// If-Match is checked when sent.
    On,
    /// If-Match must be sent.
    Required,
}

/// Who owns a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnerSpec {
    /// The row is the user.
    Itself,
    /// A reference of this resource.
    Field(String),
}

/// One entry of `unique:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UniqueSpec {
    /// At least one.
    pub fields: Vec<Spanned<String>>,
    /// A partial unique.
    pub condition: Option<(Spanned<String>, Expression)>,
    /// The name in the database.
    pub name: Option<Spanned<String>>,
    /// `case: insensitive`.
    pub case_insensitive: Option<Span>,
    /// `nulls: equal`.
    pub nulls_equal: Option<Span>,
    /// The whole entry.
    pub span: Span,
}

/// One entry of `indexes:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexSpec {
    /// At least one.
    pub fields: Vec<Spanned<SortKey>>,
    /// A partial index.
    pub condition: Option<(Spanned<String>, Expression)>,
    /// The name in the database.
    pub name: Option<Spanned<String>>,
    /// The kind of index.
    pub method: Option<Spanned<IndexMethod>>,
    /// The whole entry.
    pub span: Span,
}

/// The kind of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// PostgreSQL.
    Trigram,
    /// MySQL.
    Fulltext,
}

/// `list:` of a resource or of `defaults`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListSpec {
    /// `filter:`.
    pub filter: Option<Spanned<Selection>>,
    /// `sort:`.
    pub sort: Option<Spanned<Selection>>,
    /// `default_sort:`.
    pub default_sort: Option<Spanned<Vec<Spanned<SortKey>>>>,
    /// `search:`.
    pub search: Option<Spanned<Selection>>,
    /// `page:`.
    pub page: Option<Spanned<Page>>,
    /// `page_size:`.
    pub page_size: Option<Spanned<u32>>,
    /// `max_page_size:`.
    pub max_page_size: Option<Spanned<u32>>,
    /// `count:`.
    pub count: Option<Spanned<bool>>,
}

/// `all`, `none` or names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Everything that works.
    All,
    /// Nothing.
    None,
    /// These.
    Names(Vec<Spanned<String>>),
}

/// How a list is paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// By offset.
    Offset,
    /// By cursor.
    Cursor,
    /// Not at all.
    None,
}

/// A method of the service that the user may fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hook {
    /// Before a row is inserted.
    BeforeCreate,
    /// After a row is inserted.
    AfterCreate,
    /// Before a row is changed.
    BeforeUpdate,
    /// After a row is changed.
    AfterUpdate,
    /// Before a row is deleted.
    BeforeDelete,
    /// After a row is deleted.
    AfterDelete,
    /// Narrows every query.
    Scope,
}
