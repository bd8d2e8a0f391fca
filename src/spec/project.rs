//! The shape of `backendgen.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::Utf8Path;
use serde_json::Value;

use super::field::{Database, EnumValueSpec, FieldSpec, OnDelete};
use super::permission::{Operation, ReadWriteSpec};
use super::resource::{IdType, ListSpec, Timestamps, Versioning};
use super::rule::RuleSpec;
use crate::ownership::Ownership;
use crate::source::{Span, Spanned};

pub(super) mod read;

/// The project as `backendgen.yaml` says it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectSpec {
    /// The file.
    pub path: Arc<Utf8Path>,
    /// `name:`.
    pub name: Spanned<String>,
    /// `doc:`.
    pub doc: Option<Spanned<String>>,
    /// `package:`.
    pub package: Option<Spanned<String>>,
    /// `python:`.
    pub python: Option<Spanned<PythonVersion>>,
    /// `databases:`, none twice, at least one.
    pub databases: Option<Spanned<Vec<Spanned<Database>>>>,
    /// `features:`.
    pub features: Option<Spanned<Vec<Spanned<Feature>>>>,
    /// `ownership:` in the order of the file: pattern and owner (generated, merged or yours).
    pub ownership: Vec<(Spanned<String>, Spanned<Ownership>)>,
    /// `auth:`.
    pub auth: Option<AuthSpec>,
    /// `api:`.
    pub api: ApiSpec,
    /// `defaults:`.
    pub defaults: DefaultsSpec,
    /// `naming:`.
    pub naming: NamingSpec,
    /// `types:` in the order of the file.
    pub types: Vec<FieldSpec>,
    /// `mixins:` in the order of the file.
    pub mixins: Vec<MixinSpec>,
    /// `tests:`.
    pub tests: Option<Spanned<bool>>,
    /// `x-allow`: the codes that are silent here.
    pub allow: Vec<Spanned<String>>,
    /// All `x-*` keys.
    pub extensions: BTreeMap<String, Value>,
    /// Keys that could not be read; nothing that follows from their absence is a mistake of its own.
    pub broken: BTreeSet<String>,
}

/// A version of Python such as 3.11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PythonVersion {
    /// 3.
    pub major: u32,
    /// 11 or newer.
    pub minor: u32,
}

/// An optional part of the backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// Prometheus metrics.
    Metrics,
    /// Image and compose file.
    Docker,
    /// The workflow.
    Ci,
    /// The pre-commit configuration.
    PreCommit,
    /// Keys in place of tokens.
    ApiKeys,
}

/// `auth:`.
#[derive(Debug, Clone, PartialEq)]
pub struct AuthSpec {
    /// The key `auth`.
    pub key: Span,
    /// `user:`.
    pub user: Spanned<String>,
    /// `login:`.
    pub login: Option<Spanned<String>>,
    /// `password:`.
    pub password: Option<Spanned<String>>,
    /// `roles:`, at least one when given.
    pub roles: Option<Spanned<Vec<EnumValueSpec>>>,
    /// `default_role:`.
    pub default_role: Option<Spanned<String>>,
    /// `superuser:`.
    pub superuser: Option<Spanned<String>>,
    /// `register:`.
    pub register: Option<Spanned<Register>>,
    /// `access_ttl:` in seconds.
    pub access_ttl: Option<Spanned<u64>>,
    /// `refresh_ttl:` in seconds.
    pub refresh_ttl: Option<Spanned<u64>>,
    /// `permissions:`.
    pub permissions: ReadWriteSpec,
}

/// Who may register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Register {
    /// Everybody.
    Public,
    /// Nobody.
    Nobody,
}

/// `api:`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiSpec {
    /// `prefix:`, empty or with a leading `/`.
    pub prefix: Option<Spanned<String>>,
    /// `version:`, perhaps empty.
    pub version: Option<Spanned<String>>,
    /// `case:`.
    pub case: Option<Spanned<JsonCase>>,
    /// `decimal:`.
    pub decimal: Option<Spanned<JsonNumber>>,
    /// `bigint:`.
    pub bigint: Option<Spanned<JsonNumber>>,
    /// `currency:`.
    pub currency: Option<Spanned<String>>,
    /// `trim:`.
    pub trim: Option<Spanned<bool>>,
}

/// The case of JSON names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonCase {
    /// `created_at`.
    Snake,
    /// `createdAt`.
    Camel,
}

/// How a number is written in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonNumber {
    /// In quotes.
    String,
    /// Without.
    Number,
}

/// `defaults:`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DefaultsSpec {
    /// `id:`; never a string.
    pub id: Option<Spanned<IdType>>,
    /// `timestamps:`.
    pub timestamps: Option<Spanned<Timestamps>>,
    /// `soft_delete:`.
    pub soft_delete: Option<Spanned<bool>>,
    /// `versioned:`.
    pub versioned: Option<Spanned<Versioning>>,
    /// `on_delete:`.
    pub on_delete: Option<Spanned<OnDelete>>,
    /// `list:`; filter and sort are all or none.
    pub list: ListSpec,
    /// `rate_limit:`.
    pub rate_limit: Option<Spanned<RateLimitSpec>>,
    /// `tests:`.
    pub tests: Option<Spanned<bool>>,
}

/// `rate_limit:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLimitSpec {
    /// In the order of the file, each key once.
    pub rates: Vec<(Spanned<RateKey>, Spanned<Rate>)>,
    /// `by:`.
    pub by: Option<Spanned<RateBy>>,
}

/// A rate such as `100/minute`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many requests, at least one.
    pub requests: u32,
    /// In which time.
    pub per: RateUnit,
}

/// The time of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateUnit {
    /// 1 s.
    Second,
    /// 60 s.
    Minute,
    /// 3600 s.
    Hour,
    /// 86400 s.
    Day,
}

/// What a rate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RateKey {
    /// One operation.
    Operation(Operation),
    /// Reading operations.
    Read,
    /// Writing operations.
    Write,
    /// Every operation; also a rate that stands alone.
    All,
}

/// Who shares a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateBy {
    /// Requests of one user.
    User,
    /// Requests of one address.
    Ip,
}

/// `naming:`; every template has the placeholders that it needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamingSpec {
    /// `primary_key:`.
    pub primary_key: Option<Spanned<String>>,
    /// `foreign_key:`.
    pub foreign_key: Option<Spanned<String>>,
    /// `index:`.
    pub index: Option<Spanned<String>>,
    /// `unique:`.
    pub unique: Option<Spanned<String>>,
    /// `check:`.
    pub check: Option<Spanned<String>>,
}

/// One entry of `mixins:`.
#[derive(Debug, Clone, PartialEq)]
pub struct MixinSpec {
    /// Its name.
    pub name: Spanned<String>,
    /// Its fields.
    pub fields: Vec<FieldSpec>,
    /// Its rules.
    pub rules: Vec<RuleSpec>,
    /// Names of fields that could not be read.
    pub broken: BTreeSet<String>,
}
