//! Fields: what the shorthand and the long form say, in one shape.

use std::collections::BTreeMap;

use serde_json::Value;

use super::literal::LiteralSpec;
use super::permission::ReadWriteSpec;
use crate::source::{Span, Spanned};

mod check;
pub(super) mod read;
pub use check::{check, check_pattern, is_numeric};

/// One field of a resource, mixin or object, or one named type.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldSpec {
    /// Its name and the place of the name.
    pub name: Spanned<String>,
    /// The whole value: shorthand or mapping.
    pub span: Span,
    /// The type with the arguments that only it has.
    pub kind: Spanned<TypeSpec>,
    /// Lengths, bounds and numbers of items, from arguments, modifiers and keys alike.
    pub limits: LimitsSpec,
    /// `?` or `nullable:`.
    pub nullable: Option<Spanned<bool>>,
    /// `= …` or `default:`.
    pub default: Option<LiteralSpec>,
    /// `required`.
    pub required: Option<Spanned<bool>>,
    /// `unique`, perhaps with a scope.
    pub unique: Option<Spanned<FieldUnique>>,
    /// `index`.
    pub index: Option<Spanned<bool>>,
    /// An access word or `access:`.
    pub access: Option<Spanned<Access>>,
    /// `sensitive`.
    pub sensitive: Option<Spanned<bool>>,
    /// `doc:`.
    pub doc: Option<Spanned<String>>,
    /// `example:`.
    pub example: Option<LiteralSpec>,
    /// `deprecated:`.
    pub deprecated: Option<Spanned<Deprecation>>,
    /// `pattern:`; look-around and back-references are already refused.
    pub pattern: Option<Spanned<String>>,
    /// `trim:`.
    pub trim: Option<Spanned<bool>>,
    /// `case:`.
    pub case: Option<Spanned<LetterCase>>,
    /// `column:`.
    pub column: Option<Spanned<String>>,
    /// `column_type:` by database.
    pub column_type: Vec<(Spanned<Database>, Spanned<String>)>,
    /// `check:`.
    pub check: Option<Spanned<bool>>,
    /// `json:`, the JSON name.
    pub json: Option<Spanned<String>>,
    /// `permissions:`.
    pub permissions: ReadWriteSpec,
    /// `filter:`.
    pub filter: Option<Spanned<bool>>,
    /// `sort:`.
    pub sort: Option<Spanned<bool>>,
    /// `search:`.
    pub search: Option<Spanned<bool>>,
    /// `fake:`.
    pub fake: Option<Spanned<String>>,
    /// `storage:`.
    pub storage: Option<Spanned<Storage>>,
    /// `inverse`, of a reference or a many.
    pub inverse: Option<Spanned<InverseSpec>>,
    /// `on_delete:`.
    pub on_delete: Option<Spanned<OnDelete>>,
    /// `include:`.
    pub include: Option<Spanned<Include>>,
    /// `order:` of a many.
    pub order: Vec<Spanned<SortKey>>,
    /// `join_table:` of a many.
    pub join_table: Option<Spanned<String>>,
    /// `join_columns:` of a many: own side, other side.
    pub join_columns: Option<Spanned<[Spanned<String>; 2]>>,
    /// `x-allow`: the codes that are silent here.
    pub allow: Vec<Spanned<String>>,
    /// All `x-*` keys.
    pub extensions: BTreeMap<String, Value>,
}

/// A type and the arguments that only this type has.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeSpec {
    /// `string`.
    String,
    /// `text`.
    Text,
    /// `smallint`.
    SmallInt,
    /// `int`.
    Int,
    /// `bigint`.
    BigInt,
    /// `float`.
    Float,
    /// `decimal(10,2)`.
    Decimal {
        /// All digits, 1 to 38.
        precision: u32,
        /// Digits after the point, at most the precision.
        scale: u32,
    },
    /// `money`, perhaps with its currency.
    Money(Option<Spanned<String>>),
    /// `bool`.
    Bool,
    /// `date`.
    Date,
    /// `time`.
    Time,
    /// `datetime`.
    DateTime,
    /// `datetime(local)`.
    LocalDateTime,
    /// `duration`.
    Duration,
    /// `uuid`.
    Uuid,
    /// `enum(…)`, at least one value, none twice.
    Enum(Vec<EnumValueSpec>),
    /// `email`.
    Email,
    /// `url`.
    Url,
    /// `slug`, perhaps made from a field.
    Slug(Option<Spanned<String>>),
    /// `phone`.
    Phone,
    /// `ip`.
    Ip,
    /// `timezone`.
    Timezone,
    /// `locale`.
    Locale,
    /// `country`.
    Country,
    /// `currency`.
    Currency,
    /// `color`.
    Color,
    /// `password`.
    Password,
    /// `json`, perhaps of one shape.
    Json(JsonShape),
    /// Nested fields.
    Object(Vec<FieldSpec>),
    /// `list(…)` of plain scalars.
    List(Box<ElementSpec>),
    /// `bytes`.
    Bytes,
    /// `ref(…)`, one to eight targets.
    Ref(Vec<Spanned<Target>>),
    /// `many(…)`.
    Many(Spanned<Target>),
    /// The roles of `auth`.
    Role,
    /// A type of `types:`, which is known to exist when the project could be read.
    Named(String),
}

/// The elements of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ElementSpec {
    /// A plain scalar, or a named type.
    pub kind: Spanned<TypeSpec>,
    /// Its limits.
    pub limits: LimitsSpec,
}

/// What values a field takes, beside its type.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LimitsSpec {
    /// `string(3..)`, `min_length:`; `bytes` too.
    pub min_length: Option<Spanned<u32>>,
    /// `string(..5)`, `max_length:`; `bytes` too.
    pub max_length: Option<Spanned<u32>>,
    /// `list(url, 1..)`, `min_items:`.
    pub min_items: Option<Spanned<u32>>,
    /// `list(url, ..20)`, `max_items:`.
    pub max_items: Option<Spanned<u32>>,
    /// `unique_items:`.
    pub unique_items: Option<Spanned<bool>>,
    /// `>=`, `>`, `min:`, `int(1..)`.
    pub min: Option<BoundSpec>,
    /// `<=`, `<`, `max:`, `int(..5)`.
    pub max: Option<BoundSpec>,
    /// `multiple_of:`.
    pub multiple_of: Option<LiteralSpec>,
}

/// A lower or upper bound.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundSpec {
    /// The bound itself.
    pub literal: LiteralSpec,
    /// Whether the bound is allowed too.
    pub inclusive: bool,
}

/// One value of an enum or role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumValueSpec {
    /// The value.
    pub name: Spanned<String>,
    /// Its description.
    pub doc: Option<Spanned<String>>,
}

/// What a reference points to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// `self`.
    Itself,
    /// A resource; whether it exists is for `model`.
    Resource(String),
}

/// What a json field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonShape {
    /// Anything.
    Any,
    /// An object.
    Object,
    /// An array.
    Array,
}

/// The uniqueness of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldUnique {
    /// `unique: false`.
    No,
    /// `unique`.
    Alone,
    /// `unique(project)`.
    Within(Vec<Spanned<String>>),
}

/// Who may read and write a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The default.
    ReadWrite,
    /// Written once.
    Immutable,
    /// Never written by clients.
    ReadOnly,
    /// Never returned.
    WriteOnly,
    /// Neither.
    Private,
}

/// `deprecated:` of a field or resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deprecation {
    /// `false`.
    No,
    /// `true`.
    Yes,
    /// With words for OpenAPI.
    Because(String),
}

/// `case:` of a text field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterCase {
    /// `lower`.
    Lower,
    /// `upper`.
    Upper,
}

/// `storage:` of an enum or list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// On every database.
    Portable,
    /// PostgreSQL only.
    Native,
}

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Database {
    /// PostgreSQL 15 or newer.
    Postgresql,
    /// MySQL 8.0.16 and MariaDB 10.6, or newer.
    Mysql,
    /// SQLite 3.35 or newer.
    Sqlite,
}

/// The other side of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InverseSpec {
    /// `none`.
    None,
    /// A name, perhaps with an order and the way to include it.
    Named {
        /// The attribute and JSON name.
        name: Spanned<String>,
        /// Its order.
        order: Vec<Spanned<SortKey>>,
        /// When it is included.
        include: Option<Spanned<Include>>,
    },
}

/// What happens to a row when the row that it refers to is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// The delete is refused.
    Restrict,
    /// It is deleted too.
    Cascade,
    /// The reference becomes null.
    SetNull,
    /// The database decides at the end.
    NoAction,
}

/// When a relation is part of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Include {
    /// Not even when asked for.
    Never,
    /// With `?include=`.
    OnRequest,
    /// Always.
    Always,
}

/// A field to sort by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    /// The field, perhaps with a path.
    pub field: String,
    /// `-` in front.
    pub descending: bool,
}
