//! The rule language: text to a tree with places. Types are for `model`.

use crate::source::{Span, Spanned};

mod read;
mod token;
pub(super) use read::{condition, rules};

/// One entry of `rules:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSpec {
    /// The rule as written.
    pub text: Spanned<String>,
    /// The rule as read.
    pub expression: Expression,
    /// The text of the 422; the rule itself if absent.
    pub message: Option<Spanned<String>>,
    /// Replaces the columns in the name of the CHECK.
    pub name: Option<Spanned<String>>,
    /// The only moments at which it is tested; absent: always.
    pub on: Option<Spanned<RuleMoment>>,
    /// `false` keeps it out of the database.
    pub check: Option<Spanned<bool>>,
}

/// The only moment at which a rule is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleMoment {
    /// When a row is created.
    Create,
    /// When a row is changed.
    Update,
    /// Both, which also keeps the CHECK.
    Both,
}

/// A part of a rule and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// What it is.
    pub node: Node,
    /// Where it stands.
    pub span: Span,
}

/// What a part of a rule is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// `a => b`.
    Implies(Box<Expression>, Box<Expression>),
    /// `a or b or …`, at least two.
    Or(Vec<Expression>),
    /// `a and b and …`, at least two.
    And(Vec<Expression>),
    /// `not a`.
    Not(Box<Expression>),
    /// `a < b`.
    Compare(Comparison, Box<Expression>, Box<Expression>),
    /// `a in [b, c]`, or with `not`.
    In {
        /// `not in`.
        negated: bool,
        /// The left side.
        value: Box<Expression>,
        /// At least one.
        choices: Vec<Expression>,
    },
    /// `a is null`, or with `not`.
    IsNull {
        /// `is not null`.
        negated: bool,
        /// The left side.
        value: Box<Expression>,
    },
    /// `a matches 'pattern'`.
    Matches(Box<Expression>, Spanned<String>),
    /// `a + b`.
    Arithmetic(Arithmetic, Box<Expression>, Box<Expression>),
    /// `-a`.
    Negate(Box<Expression>),
    /// `length(a)`.
    Call(Spanned<RuleFunction>, Vec<Expression>),
    /// A field: one name, while rules over references are not supported yet.
    Path(Vec<Spanned<String>>),
    /// A number as written.
    Number(String),
    /// A text, without quotes and escapes.
    Text(String),
    /// A duration in microseconds.
    Duration(i64),
    /// `true` or `false`.
    Bool(bool),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
}

/// An arithmetic operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
}

/// A function of the rule language; the number of arguments is already checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleFunction {
    /// Characters of a text.
    Length,
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
    /// Without the sign.
    Abs,
    /// The first that is not null.
    Coalesce,
    /// How many are not null.
    Present,
    /// The time of the request.
    Now,
    /// The day of the request.
    Today,
}
