//! Literals: the text of a value, which the type of its field reads later.

use serde_json::Value;

use crate::source::Span;

mod read;
pub(crate) use read::{digits, duration};
pub use read::{listed, read, size};

/// A default, bound or example as written.
#[derive(Debug, Clone, PartialEq)]
pub struct LiteralSpec {
    /// What stands there.
    pub text: LiteralText,
    /// Where it stands.
    pub span: Span,
}

/// The two shapes a literal may have.
#[derive(Debug, Clone, PartialEq)]
pub enum LiteralText {
    /// Text without quotes: a function or `null` where the type knows it.
    Plain(String),
    /// Text in quotes: never a function or `null`.
    Quoted(String),
    /// A YAML list or mapping, for json and list fields.
    Tree(Value),
}

/// What a literal is read as; made from the type of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiteralKind {
    /// `true` or `false`.
    Bool,
    /// A whole number of 16 bits.
    SmallInt,
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    BigInt,
    /// A number.
    Float,
    /// A number with at most so many digits, and so many of them after the point.
    Decimal {
        /// All digits.
        precision: u32,
        /// Digits after the point.
        scale: u32,
    },
    /// `2025-01-15`.
    Date,
    /// `09:00`, `09:00:30`, up to six fraction digits.
    Time,
    /// RFC 3339 with `Z` or an offset.
    DateTime,
    /// RFC 3339 without an offset.
    LocalDateTime,
    /// `90s`.
    Duration,
    /// A UUID in canonical form.
    Uuid,
    /// `#rrggbb`.
    Color,
    /// One of the values.
    Enum(Vec<String>),
    /// Only the default `current_user`.
    Reference,
    /// JSON text or a YAML tree.
    Json,
    /// Any text.
    Text,
}

/// A literal that its type has read; numbers without superfluous zeros, sign first.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// An exact number: `-12.5`.
    Decimal(String),
    /// A number as written.
    Float(String),
    /// Any text, a color too.
    Text(String),
    /// `YYYY-MM-DD`, which exists in the calendar.
    Date(String),
    /// `HH:MM:SS`, or with six fraction digits.
    Time(String),
    /// In UTC: `2025-01-15T09:00:00Z`, with six fraction digits only if it has some.
    DateTime(String),
    /// `2025-01-15T09:00:00`, as above.
    LocalDateTime(String),
    /// Microseconds.
    Duration(i64),
    /// Canonical, lower case.
    Uuid(String),
    /// A value of the enum.
    Enum(String),
    /// Any JSON.
    Json(Value),
    /// A value made when the row is made; plain text only.
    Function(Function),
}

/// A default that is computed when a row is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Function {
    /// The time of the request.
    Now,
    /// The day of the request.
    Today,
    /// A time-ordered uuid.
    Uuid,
    /// A random uuid.
    Uuid4,
    /// The caller.
    CurrentUser,
}
