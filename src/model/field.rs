//! The fields of a resource.

use serde::Serialize;

use super::field_type::{Default, FieldType, Value};
use super::name::Name;
use super::permission::Permission;
use super::{FieldId, ResourceId};

/// One field of the spec, own or from a mixin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// As in the spec.
    pub name: Name,
    /// Attribute of the Python classes; a reference's is the one of its id (`author_id`).
    pub attribute: String,
    /// Name in JSON and in query strings, in the case of `api.case`; a reference's is the one of its id, a `many` field's
    /// that of its ids (`tag_ids`).
    pub json: String,
    /// What it holds.
    pub kind: FieldKind,
    /// What may be missing.
    pub presence: Presence,
    /// Who may set and see it.
    pub access: Access,
    /// Never in logs, `repr`, messages, filters, sorting or search.
    pub sensitive: bool,
    /// Who sees it; everybody who sees the row if absent.
    pub read: Option<Permission>,
    /// Who may write it; everybody who may write the row if absent.
    pub write: Option<Permission>,
    /// Description in OpenAPI.
    pub doc: Option<String>,
    /// Marked in OpenAPI.
    pub deprecated: bool,
    /// Example given in the spec.
    pub example: Option<Value>,
    /// Faker provider for sample rows.
    pub fake: Option<String>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A value in a column.
    Scalar(Scalar),
    /// A reference to one resource.
    Reference(Reference),
    /// A reference to one of several resources.
    Polymorphic(Polymorphic),
    /// A many-to-many relation.
    Many(Many),
}

/// A value in a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scalar {
    /// Type with arguments and bounds.
    pub ty: FieldType,
    /// Name of the column.
    pub column: String,
    /// DDL type by database, instead of the type's own.
    pub column_type: std::collections::BTreeMap<super::Database, String>,
    /// Whether bounds and minimum lengths become CHECKs.
    pub check: bool,
}

/// What may be missing (language.md, 10).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Presence {
    /// Whether the column, or the value in a nested model, may be null.
    pub nullable: bool,
    /// Whether create and replace must send it.
    pub required: bool,
    /// What stands in when nothing is sent.
    pub default: Default,
}

/// Who may set and see a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// In create, update and responses.
    Readwrite,
    /// In create and responses.
    Immutable,
    /// In responses only.
    Readonly,
    /// In create and update only.
    Writeonly,
    /// Nowhere.
    Private,
}

impl Access {
    /// Whether create accepts it.
    #[must_use]
    pub fn in_create(self) -> bool {
        matches!(self, Self::Readwrite | Self::Immutable | Self::Writeonly)
    }

    /// Whether update and replace accept it.
    #[must_use]
    pub fn in_update(self) -> bool {
        matches!(self, Self::Readwrite | Self::Writeonly)
    }

    /// Whether responses show it.
    #[must_use]
    pub fn in_responses(self) -> bool {
        matches!(self, Self::Readwrite | Self::Immutable | Self::Readonly)
    }
}

/// `ref(users)`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reference {
    /// What it refers to.
    pub target: ResourceId,
    /// Attribute of the object on the model and in JSON when included: `author`.
    pub object: String,
    /// Name of the object in JSON and in `include`.
    pub object_json: String,
    /// Name of the column: `author_id`.
    pub column: String,
    /// What a delete of the target does.
    pub on_delete: Deletion,
    /// Whether at most one row refers to a target row.
    pub one_to_one: bool,
    /// The other direction.
    pub inverse: Option<Inverse>,
    /// When the object is part of a response.
    pub include: Include,
    /// Whether it gets an index of its own unless another one starts with its column.
    pub index: bool,
    /// Whether it is the owner of the resource, filled from the token.
    pub is_owner: bool,
}

/// `ref(posts, photos)`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Polymorphic {
    /// 2 to 8.
    pub targets: Vec<PolymorphicTarget>,
    /// What a delete of a target does.
    pub on_delete: Deletion,
    /// Whether each column gets an index.
    pub index: bool,
}

/// One target of a polymorphic reference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PolymorphicTarget {
    /// What it refers to.
    pub target: ResourceId,
    /// `subject_post_id`: column and Python attribute.
    pub column: String,
    /// Relation attribute on the model: `subject_post`.
    pub object: String,
    /// The other direction.
    pub inverse: Option<Inverse>,
}

/// `many(tags)`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Many {
    /// What it refers to.
    pub target: ResourceId,
    /// Attribute of the objects on the model and in JSON when included: `tags`.
    pub object: String,
    /// Name of the objects in JSON and in `include`.
    pub object_json: String,
    /// Name of the join table.
    pub join_table: String,
    /// Column of the join table that refers to this resource.
    pub own_column: String,
    /// Column of the join table that refers to the target.
    pub target_column: String,
    /// The other direction.
    pub inverse: Option<Inverse>,
    /// When the objects are part of a response.
    pub include: Include,
    /// Order of the objects when included; the id closes it, so that it is total.
    pub order: Vec<OrderKey>,
    /// What a delete of either side does to the link.
    pub on_delete: Deletion,
    /// `many(self)` without a direction: one row per direction, both written by the service.
    pub symmetric: bool,
}

/// What a delete of the target does to the rows that refer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deletion {
    /// Refused.
    Restrict,
    /// They go too.
    Cascade,
    /// They lose the reference.
    SetNull,
    /// Left to the database.
    NoAction,
}

/// The list, or the one row, on the target of a reference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inverse {
    /// Attribute on the target's model and name of the relation: `posts`.
    pub name: String,
    /// Name in JSON and in `include` of the target.
    pub json: String,
    /// Order of the rows when included; the id closes it, so that it is total.
    pub order: Vec<OrderKey>,
    /// When the rows are part of a response of the target.
    pub include: Include,
}

/// One key of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderKey {
    /// By what.
    pub column: Column,
    /// `-`
    pub descending: bool,
}

/// What can be sorted by: a field or a generated column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// A field of the resource.
    Field(FieldId),
    /// The id.
    Id,
    /// `created_at`
    CreatedAt,
    /// `updated_at`
    UpdatedAt,
    /// `deleted_at`
    DeletedAt,
    /// `version`
    Version,
}

/// When related rows are part of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Include {
    /// Not at all.
    Never,
    /// With `?include=`.
    OnRequest,
    /// In every response.
    Always,
}
