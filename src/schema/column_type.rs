//! The one match from the types of the language to the logical types of columns.

use heck::ToSnakeCase;

use super::{ColumnDefault, ColumnType};
use crate::model::{EnumType, FieldDefault, FieldType, IntSize, KeyType, Value};

/// The longest byte string that MySQL keeps in the row.
const LONGEST_IN_ROW: u32 = 16_000;
/// The shortest column of an enum, so that most new values need no wider one.
const SHORTEST_ENUM: usize = 32;

/// The column of a field of that type.
pub(super) fn column_type(ty: &FieldType) -> ColumnType {
    match ty {
        FieldType::String(rules) => ColumnType::Varchar(rules.lengths.max),
        FieldType::Text(_) => ColumnType::Text,
        FieldType::Integer { size: IntSize::Small, .. } => ColumnType::Smallint,
        FieldType::Integer { size: IntSize::Regular, .. } => ColumnType::Int,
        FieldType::Integer { size: IntSize::Big, .. } => ColumnType::Bigint,
        FieldType::Float { .. } => ColumnType::Double,
        FieldType::Decimal { precision, scale, .. } => ColumnType::Numeric(*precision, *scale),
        FieldType::Money { currency, .. } => ColumnType::Numeric(19, currency.decimals),
        FieldType::Bool => ColumnType::Boolean,
        FieldType::Date { .. } => ColumnType::Date,
        FieldType::Time { .. } => ColumnType::Time,
        FieldType::Datetime { .. } => ColumnType::Timestamptz,
        FieldType::LocalDatetime { .. } => ColumnType::Timestamp,
        FieldType::Duration { .. } => ColumnType::Duration,
        FieldType::Uuid => ColumnType::Uuid,
        FieldType::Enum(enumeration) if enumeration.native => ColumnType::NativeEnum(enum_name(enumeration)),
        FieldType::Enum(enumeration) => ColumnType::Varchar(enum_length(enumeration)),
        FieldType::Email => ColumnType::Varchar(254),
        FieldType::Url => ColumnType::Varchar(2048),
        FieldType::Slug { .. } => ColumnType::Varchar(160),
        FieldType::Phone => ColumnType::Varchar(16),
        FieldType::Ip => ColumnType::Varchar(45),
        FieldType::Timezone => ColumnType::Varchar(64),
        FieldType::Locale => ColumnType::Varchar(35),
        FieldType::Country => ColumnType::Varchar(2),
        FieldType::Currency => ColumnType::Varchar(3),
        FieldType::Color => ColumnType::Varchar(7),
        FieldType::Password(_) => ColumnType::Varchar(255),
        FieldType::List(list) if list.native => ColumnType::Array(Box::new(column_type(&list.element))),
        FieldType::Json(_) | FieldType::Object(_) | FieldType::List(_) => ColumnType::Json,
        FieldType::Bytes { max, .. } => ColumnType::Bytes(max.filter(|max| *max <= LONGEST_IN_ROW)),
    }
}

/// The column of an id and of what refers to it.
pub(super) fn key_type(ty: KeyType) -> ColumnType {
    match ty {
        KeyType::Int => ColumnType::Int,
        KeyType::Bigint => ColumnType::Bigint,
        KeyType::Uuid | KeyType::Uuid4 => ColumnType::Uuid,
        KeyType::String(length) => ColumnType::Varchar(length),
    }
}

/// The default in the DDL; what only the application can make has none.
pub(super) fn column_default(default: &FieldDefault, ty: &FieldType) -> Option<ColumnDefault> {
    match default {
        FieldDefault::Constant(value) => constant(value).map(ColumnDefault::Constant),
        FieldDefault::Now if matches!(ty, FieldType::Time { .. }) => Some(ColumnDefault::NowTime),
        FieldDefault::Now => Some(ColumnDefault::Now),
        FieldDefault::Today => Some(ColumnDefault::Today),
        FieldDefault::None
        | FieldDefault::Uuid
        | FieldDefault::Uuid4
        | FieldDefault::CurrentUser
        | FieldDefault::Slug(_) => None,
    }
}

fn constant(value: &Value) -> Option<serde_json::Value> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(value) => (*value).into(),
        Value::Integer(number) | Value::Duration(number) => (*number).into(),
        Value::Decimal(number) | Value::Float(number) => number.0.clone().into(),
        Value::Text(text)
        | Value::Date(text)
        | Value::Time(text)
        | Value::Datetime(text)
        | Value::LocalDatetime(text)
        | Value::Uuid(text)
        | Value::Enum(text) => text.clone().into(),
        Value::Json(json) => json.clone(),
    })
}

/// The native type of PostgreSQL for an enum.
pub(super) fn enum_name(enumeration: &EnumType) -> String {
    enumeration.class.to_snake_case()
}

fn enum_length(enumeration: &EnumType) -> u32 {
    let longest = enumeration.values.iter().map(|value| value.value.len()).max().unwrap_or(0);
    u32::try_from(longest.max(SHORTEST_ENUM)).expect("values have at most 64 characters")
}
