//! How the API looks from outside.

use serde::Serialize;

/// `api:`, resolved.
#[derive(Debug, Clone, Serialize)]
pub struct Api {
    /// With a leading slash and none at the end, or empty.
    pub prefix: String,
    /// Without slashes, or empty.
    pub version: String,
    /// Case of JSON properties.
    pub case: JsonCase,
    /// Decimals in JSON.
    pub decimal: DecimalJson,
    /// 64-bit integers in JSON.
    pub bigint: BigintJson,
}

/// Case of JSON properties and of names in query strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JsonCase {
    /// `created_at`
    Snake,
    /// `createdAt`
    Camel,
}

/// Decimals in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DecimalJson {
    /// `"9.99"`
    String,
    /// `9.99`
    Number,
}

/// 64-bit integers in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BigintJson {
    /// `9007199254740993`
    Number,
    /// `"9007199254740993"`
    String,
}

/// So many requests per unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// How many, at least 1.
    pub requests: u32,
    /// In which time.
    pub per: RateUnit,
}

/// The window of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RateUnit {
    /// 1 s
    Second,
    /// 60 s
    Minute,
    /// 3600 s
    Hour,
    /// 86400 s
    Day,
}
