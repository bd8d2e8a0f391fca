//! Columns: logical types and defaults, with one written form each. The written form is what sidecars keep.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::model::Database;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Unique in its table.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub ty: ColumnType,
    /// Whether it may be null.
    pub nullable: bool,
    /// What the database puts in when an INSERT leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<ColumnDefault>,
    /// Whether the database counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub identity: bool,
    /// DDL type instead of the type's own, by database.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ddl: BTreeMap<Database, String>,
}

/// The logical type of a column. Other SQL for a type is a new logical type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnType {
    /// `varchar(200)`
    Varchar(u32),
    /// `text`
    Text,
    /// `smallint`
    Smallint,
    /// `int`
    Int,
    /// `bigint`
    Bigint,
    /// `double`
    Double,
    /// `numeric(10,2)`
    Numeric(u8, u8),
    /// `boolean`
    Boolean,
    /// `date`
    Date,
    /// `time`
    Time,
    /// `timestamptz`, in UTC
    Timestamptz,
    /// `timestamp`, without a zone
    Timestamp,
    /// `duration`, in microseconds
    Duration,
    /// `uuid`
    Uuid,
    /// `json`
    Json,
    /// `bytes` or, with a limit that MySQL can keep in the row, `bytes(100)`
    Bytes(Option<u32>),
    /// `enum(post_status)`, a native type of PostgreSQL; its values are in `Schema::enums`
    NativeEnum(String),
    /// `array(varchar(20))`, PostgreSQL only
    Array(Box<ColumnType>),
}

/// What the database puts in when an INSERT leaves a column out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnDefault {
    /// A value as JSON. Decimals, temporals and uuids are text in their canonical form, durations are microseconds.
    Constant(serde_json::Value),
    /// The current time of a timestamp.
    Now,
    /// The current time of the day.
    NowTime,
    /// The current day.
    Today,
}

impl fmt::Display for ColumnType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Varchar(length) => write!(formatter, "varchar({length})"),
            Self::Text => formatter.write_str("text"),
            Self::Smallint => formatter.write_str("smallint"),
            Self::Int => formatter.write_str("int"),
            Self::Bigint => formatter.write_str("bigint"),
            Self::Double => formatter.write_str("double"),
            Self::Numeric(precision, scale) => write!(formatter, "numeric({precision},{scale})"),
            Self::Boolean => formatter.write_str("boolean"),
            Self::Date => formatter.write_str("date"),
            Self::Time => formatter.write_str("time"),
            Self::Timestamptz => formatter.write_str("timestamptz"),
            Self::Timestamp => formatter.write_str("timestamp"),
            Self::Duration => formatter.write_str("duration"),
            Self::Uuid => formatter.write_str("uuid"),
            Self::Json => formatter.write_str("json"),
            Self::Bytes(None) => formatter.write_str("bytes"),
            Self::Bytes(Some(length)) => write!(formatter, "bytes({length})"),
            Self::NativeEnum(name) => write!(formatter, "enum({name})"),
            Self::Array(element) => write!(formatter, "array({element})"),
        }
    }
}

impl FromStr for ColumnType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (word, argument) = match text.split_once('(') {
            Some((word, rest)) => (word, rest.strip_suffix(')').ok_or_else(|| unknown(text))?),
            None => (text, ""),
        };
        let number = |argument: &str| argument.parse().map_err(|_| unknown(text));
        Ok(match (word, argument) {
            ("text", "") => Self::Text,
            ("smallint", "") => Self::Smallint,
            ("int", "") => Self::Int,
            ("bigint", "") => Self::Bigint,
            ("double", "") => Self::Double,
            ("boolean", "") => Self::Boolean,
            ("date", "") => Self::Date,
            ("time", "") => Self::Time,
            ("timestamptz", "") => Self::Timestamptz,
            ("timestamp", "") => Self::Timestamp,
            ("duration", "") => Self::Duration,
            ("uuid", "") => Self::Uuid,
            ("json", "") => Self::Json,
            ("bytes", "") => Self::Bytes(None),
            ("bytes", length) => Self::Bytes(Some(number(length)?)),
            ("varchar", length) => Self::Varchar(number(length)?),
            ("numeric", digits) => numeric(digits).ok_or_else(|| unknown(text))?,
            ("enum", name) if !name.is_empty() => Self::NativeEnum(name.to_owned()),
            ("array", element) => Self::Array(Box::new(element.parse()?)),
            _ => return Err(unknown(text)),
        })
    }
}

fn numeric(digits: &str) -> Option<ColumnType> {
    let (precision, scale) = digits.split_once(',')?;
    Some(ColumnType::Numeric(precision.parse().ok()?, scale.parse().ok()?))
}

fn unknown(text: &str) -> String {
    format!("unknown column type `{text}`")
}

impl Serialize for ColumnType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ColumnType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_read_as_it_is_written() {
        let written = [
            "varchar(200)",
            "text",
            "smallint",
            "int",
            "bigint",
            "double",
            "numeric(10,2)",
            "boolean",
            "date",
            "time",
            "timestamptz",
            "timestamp",
            "duration",
            "uuid",
            "json",
            "bytes",
            "bytes(100)",
            "enum(post_status)",
            "array(numeric(10,2))",
        ];
        let read = written.map(|text| text.parse::<ColumnType>().expect("is a type").to_string());
        assert_eq!(read, written);
    }

    #[test]
    fn other_words_are_no_types() {
        let results = ["varchar", "varchar(x)", "int(3)", "text)", "numeric(3)", "", "enum()"]
            .map(|text| text.parse::<ColumnType>().is_err());
        assert_eq!(results, [true; 7]);
    }
}
