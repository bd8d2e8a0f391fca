//! A `snake_case` name that knows its other forms.

use heck::{ToKebabCase, ToLowerCamelCase, ToTitleCase, ToUpperCamelCase};
use serde::Serialize;

/// A `snake_case` name as written in the spec.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// A name that has been checked to be `snake_case`.
    #[must_use]
    pub fn new(snake: impl Into<String>) -> Self {
        Self(snake.into())
    }

    /// `order_items`
    #[must_use]
    pub fn snake(&self) -> &str {
        &self.0
    }

    /// `OrderItems`
    #[must_use]
    pub fn pascal(&self) -> String {
        self.0.to_upper_camel_case()
    }

    /// `orderItems`
    #[must_use]
    pub fn camel(&self) -> String {
        self.0.to_lower_camel_case()
    }

    /// `order-items`
    #[must_use]
    pub fn kebab(&self) -> String {
        self.0.to_kebab_case()
    }

    /// `Order Items`
    #[must_use]
    pub fn title(&self) -> String {
        self.0.to_title_case()
    }

    /// `order items`
    #[must_use]
    pub fn words(&self) -> String {
        self.0.replace('_', " ")
    }

    /// `ORDER_ITEMS`
    #[must_use]
    pub fn constant(&self) -> String {
        self.0.to_ascii_uppercase()
    }

    /// The name as a Python attribute or module: reserved words get a trailing `_` (language.md, Names).
    #[must_use]
    pub fn python(&self) -> String {
        if is_reserved(&self.0) { format!("{}_", self.0) } else { self.0.clone() }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Whether Python, Pydantic, SQLAlchemy or a builtin that annotations need takes the word.
#[must_use]
pub fn is_reserved(word: &str) -> bool {
    word.starts_with("model_") || RESERVED.binary_search(&word).is_ok()
}

/// Sorted bytewise. Capitalised keywords cannot occur in `snake_case`.
const RESERVED: &[&str] = &[
    "and",
    "as",
    "assert",
    "async",
    "await",
    "bool",
    "break",
    "bytes",
    "class",
    "construct",
    "continue",
    "copy",
    "def",
    "del",
    "dict",
    "elif",
    "else",
    "except",
    "finally",
    "float",
    "for",
    "from",
    "from_orm",
    "global",
    "if",
    "import",
    "in",
    "int",
    "is",
    "json",
    "lambda",
    "list",
    "metadata",
    "nonlocal",
    "not",
    "object",
    "or",
    "parse_file",
    "parse_obj",
    "parse_raw",
    "pass",
    "raise",
    "registry",
    "return",
    "schema",
    "schema_json",
    "set",
    "str",
    "try",
    "tuple",
    "update_forward_refs",
    "validate",
    "while",
    "with",
    "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_sorted_so_that_the_search_finds_them() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn reserved_words_get_an_underscore() {
        let names = ["class", "metadata", "model_config", "order", "date", "match"];
        assert_eq!(
            names.map(|name| Name::new(name).python()),
            ["class_", "metadata_", "model_config_", "order", "date", "match"]
        );
    }
}
