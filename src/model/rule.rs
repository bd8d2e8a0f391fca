//! Typed rules over the own columns of a resource.

use serde::Serialize;

use super::FieldId;

/// A rule that every row keeps: three-valued, it fails only if it is false.
#[derive(Debug, Clone, Serialize)]
pub struct Rule {
    /// As written in the spec, one line.
    pub text: String,
    /// Text of the 422; the rule itself by default.
    pub message: String,
    /// Replaces the columns in the name of the CHECK.
    pub name: Option<String>,
    /// What must not be false.
    pub expression: Expression,
    /// When it is checked.
    pub moment: RuleMoment,
    /// The fields it mentions, in the order of their first mention, each once.
    pub fields: Vec<FieldId>,
    /// Whether the databases hold it as a CHECK, by database (language.md, 14, table "A rule that").
    pub checked_by: Vec<super::Database>,
}

/// When a rule is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleMoment {
    /// On every write.
    Always,
    /// On create only.
    Create,
    /// On update only.
    Update,
}

/// An expression of a rule; every node knows its type.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// A stored column of the row; a reference stands for its id.
    Field(FieldId),
    /// The id of the row.
    Id,
    /// `created_at`, `updated_at` or `deleted_at`.
    Timestamp(&'static str),
    /// The optimistic-lock counter.
    Version,
    /// A literal, typed by its neighbour.
    Literal(super::Value),
    /// `a == b` and friends.
    Compare(Comparison, Box<Expression>, Box<Expression>),
    /// `a in [b, c]`; `negated` for `not in`.
    In {
        /// What is looked for.
        value: Box<Expression>,
        /// Where.
        options: Vec<Expression>,
        /// `not in`
        negated: bool,
    },
    /// `a is null`; `negated` for `is not null`.
    IsNull {
        /// What is tested.
        value: Box<Expression>,
        /// `is not null`
        negated: bool,
    },
    /// `a matches 'pattern'`
    Matches(Box<Expression>, String),
    /// `not a`
    Not(Box<Expression>),
    /// All of them; at least two.
    And(Vec<Expression>),
    /// One of them; at least two.
    Or(Vec<Expression>),
    /// `a => b`
    Implies(Box<Expression>, Box<Expression>),
    /// `a + b`
    Add(Box<Expression>, Box<Expression>),
    /// `a - b`
    Subtract(Box<Expression>, Box<Expression>),
    /// `a * b`
    Multiply(Box<Expression>, Box<Expression>),
    /// `-a`
    Negate(Box<Expression>),
    /// `fn(a, …)`
    Call(Function, Vec<Expression>),
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A function of the rule language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// Characters of a text.
    Length,
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
    /// Magnitude.
    Abs,
    /// First that is not null.
    Coalesce,
    /// How many are not null.
    Present,
    /// The current time.
    Now,
    /// The current day, UTC.
    Today,
}

/// The type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleType {
    /// smallint, int, bigint.
    Integer,
    /// decimal, money.
    Decimal,
    /// float.
    Float,
    /// All text types.
    Text,
    /// bool.
    Bool,
    /// date.
    Date,
    /// time.
    Time,
    /// datetime with a zone.
    Datetime,
    /// datetime(local).
    LocalDatetime,
    /// duration.
    Duration,
    /// uuid.
    Uuid,
    /// A reference, by id.
    Reference,
    /// An enum or role.
    Enum,
    /// json, object, list.
    Json,
}
