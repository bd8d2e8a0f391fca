//! The types of fields and their literals. One variant here is one type of the language.

use serde::Serialize;

use super::FieldId;

/// The type of a scalar field with its arguments and bounds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum FieldType {
    /// `string(a..b)`
    String(TextRules),
    /// `text(a..b)`
    Text(TextRules),
    /// `smallint`, `int`, `bigint`
    Integer {
        /// Width of the column.
        size: IntSize,
        /// API and CHECK.
        bounds: Bounds,
        /// API only.
        multiple_of: Option<Number>,
    },
    /// `float`
    Float {
        /// API and CHECK.
        bounds: Bounds,
        /// API only.
        multiple_of: Option<Number>,
    },
    /// `decimal(p,s)`
    Decimal {
        /// Digits in all, at most 38.
        precision: u8,
        /// Digits after the point.
        scale: u8,
        /// API and CHECK.
        bounds: Bounds,
        /// API only.
        multiple_of: Option<Number>,
    },
    /// `money(EUR)`
    Money {
        /// ISO 4217 code and its decimals.
        currency: Currency,
        /// API and CHECK.
        bounds: Bounds,
        /// API only.
        multiple_of: Option<Number>,
    },
    /// `bool`
    Bool,
    /// `date`
    Date {
        /// API and CHECK.
        bounds: Bounds,
    },
    /// `time`
    Time {
        /// API and CHECK.
        bounds: Bounds,
    },
    /// `datetime`, in UTC
    Datetime {
        /// API and CHECK.
        bounds: Bounds,
    },
    /// `datetime(local)`
    LocalDatetime {
        /// API and CHECK.
        bounds: Bounds,
    },
    /// `duration`
    Duration {
        /// API and CHECK.
        bounds: Bounds,
    },
    /// `uuid`
    Uuid,
    /// `enum(a, b)`, and `role` as the enum of `auth.roles`
    Enum(EnumType),
    /// `email`, stored in lower case
    Email,
    /// `url`
    Url,
    /// `slug(source)`
    Slug {
        /// The text field it is made from when none is sent.
        source: Option<FieldId>,
    },
    /// `phone`, E.164
    Phone,
    /// `ip`
    Ip,
    /// `timezone`
    Timezone,
    /// `locale`
    Locale,
    /// `country`
    Country,
    /// `currency`
    Currency,
    /// `color`
    Color,
    /// `password(a..b)`; the lengths are those of the plain text
    Password(Lengths),
    /// `json`, `json(object)`, `json(array)`
    Json(JsonShape),
    /// `object` with nested fields
    Object(ObjectType),
    /// `list(T, a..b)`
    List(ListType),
    /// `bytes(n)`
    Bytes {
        /// Fewest bytes.
        min: u32,
        /// Most bytes; none is unlimited.
        max: Option<u32>,
    },
}

/// Width of an integer column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IntSize {
    /// 16 bits
    Small,
    /// 32 bits
    Regular,
    /// 64 bits
    Big,
}

/// An exact number as written, without superfluous zeros, sign first: `-12.50` is `-12.5`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Number(pub String);

/// Limits of a value; a limit is a literal of the field's type.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Bounds {
    /// `>=` or `>`
    pub lower: Option<Limit>,
    /// `<=` or `<`
    pub upper: Option<Limit>,
}

/// A limit of a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Limit {
    /// Of the field's type.
    pub value: Value,
    /// `>` or `<` instead of `>=` or `<=`.
    pub exclusive: bool,
}

/// Fewest and most characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Lengths {
    /// 0 if not given.
    pub min: u32,
    /// Always set: the type has a default.
    pub max: u32,
}

/// How a text is checked and normalised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextRules {
    /// Characters after normalisation.
    pub lengths: Lengths,
    /// Searched, not anchored.
    pub pattern: Option<String>,
    /// Whether blanks at both ends are removed first.
    pub trim: bool,
    /// Which case it is brought to.
    pub case: TextCase,
}

/// Case that a text is brought to before it is validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TextCase {
    /// As sent.
    Keep,
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
}

/// ISO 4217.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Currency {
    /// `EUR`
    pub code: String,
    /// Decimals of the minor unit: 2 for EUR, 0 for JPY.
    pub decimals: u8,
}

/// An enum of the spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnumType {
    /// The class in generated code, unique in the project: `PostStatus`; the enum of the roles is `Role`.
    pub class: String,
    /// In the order of the spec; the order sorts.
    pub values: Vec<EnumValue>,
    /// Whether it is the enum of `auth.roles`, which no field owns.
    pub is_role: bool,
    /// `storage: native`
    pub native: bool,
}

/// One value of an enum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnumValue {
    /// As in JSON and database.
    pub value: String,
    /// The member of the Python class: `IN_PROGRESS`.
    pub member: String,
    /// What it means.
    pub doc: Option<String>,
}

/// What a json value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JsonShape {
    /// Anything.
    Any,
    /// A JSON object.
    Object,
    /// A JSON array.
    Array,
}

/// Nested fields, at most three deep.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ObjectType {
    /// The class of the nested model, unique in the project: `OrderAddress`.
    pub class: String,
    /// In the order of the spec: scalars, lists and objects, never stored on their own.
    pub fields: Vec<super::Field>,
}

/// A list of plain scalars.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListType {
    /// Type of the elements.
    pub element: Box<FieldType>,
    /// Fewest items.
    pub min: u32,
    /// Most items.
    pub max: Option<u32>,
    /// Whether no item may occur twice.
    pub unique: bool,
    /// `storage: native`
    pub native: bool,
}

/// The type of an id and of what refers to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyType {
    /// 32-bit identity.
    Int,
    /// 64-bit identity.
    Bigint,
    /// Version 7, time-ordered.
    Uuid,
    /// Random.
    Uuid4,
    /// Sent by the client; at most so many characters.
    String(u32),
}

/// A literal, typed by its place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum Value {
    /// `null`
    Null,
    /// `true`
    Bool(bool),
    /// smallint, int, bigint
    Integer(i64),
    /// decimal and money, exact
    Decimal(Number),
    /// float, as written
    Float(Number),
    /// All text types, phone, ip, …
    Text(String),
    /// `2025-01-15`
    Date(String),
    /// `09:00:00` or `09:00:00.000001`
    Time(String),
    /// In UTC: `2025-01-15T09:00:00Z`, with fraction only if it has one
    Datetime(String),
    /// `2025-01-15T09:00:00`
    LocalDatetime(String),
    /// Microseconds
    Duration(i64),
    /// Canonical, lower case
    Uuid(String),
    /// A value of the field's enum
    Enum(String),
    /// json, list and object
    Json(serde_json::Value),
}

/// Where the value of a field comes from when a client sends none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum Default {
    /// None: required, or null when nullable.
    None,
    /// A literal.
    Constant(Value),
    /// The current time: datetime and time.
    Now,
    /// The current day, UTC.
    Today,
    /// A fresh uuid of version 7.
    Uuid,
    /// A random uuid.
    Uuid4,
    /// The caller.
    CurrentUser,
    /// Made from that text field.
    Slug(FieldId),
}
