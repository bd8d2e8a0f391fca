//! The shape of names.

use heck::{ToKebabCase, ToSnakeCase};

use super::document::Node;
use super::reader::{Reader, with_help};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Spanned;

/// The longest name.
const MAX_LENGTH: usize = 50;

/// Whether a text is a name: snake case, without `_` at the ends or twice in a row, at most 50 characters.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.len() <= MAX_LENGTH && is_snake(text)
}

fn is_snake(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('_')
        && !text.contains("__")
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a text is in kebab case.
fn is_kebab(text: &str) -> bool {
    text.len() <= MAX_LENGTH
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && !text.contains("--")
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// The name that a text was meant to be, if there is one.
#[must_use]
pub fn to_name(text: &str) -> Option<String> {
    let name = text.to_snake_case();
    (is_name(&name) && name != text).then_some(name)
}

/// Why a text is not a name, told with `code`.
pub(super) fn refusal(code: Code, text: &Spanned<String>, noun: &str) -> Diagnostic {
    let value = &text.value;
    if value.len() > MAX_LENGTH && is_snake(value) {
        let message = format!("`{value}` is longer than {MAX_LENGTH} characters");
        return Diagnostic::new(code, &text.span, message).help(format!("choose a shorter {noun}"));
    }
    let diagnostic = Diagnostic::new(code, &text.span, format!("`{value}` is not a {noun}"));
    match to_name(value) {
        Some(name) => diagnostic.help(format!("use snake_case: `{name}`")).edit(&text.span, name),
        None => diagnostic.help("use snake_case: small letters, digits and single `_`, starting with a letter"),
    }
}

impl Reader {
    /// A name in snake case; `noun` is what it names: "field name".
    pub(super) fn name(&mut self, node: &Node, key: &str, noun: &str) -> Option<Spanned<String>> {
        let text = self.text(node, key)?;
        self.checked_name(text, noun)
    }

    /// The text, when it is a name.
    pub(super) fn checked_name(&mut self, text: Spanned<String>, noun: &str) -> Option<Spanned<String>> {
        if is_name(&text.value) { Some(text) } else { self.refuse(refusal(Code::E101, &text, noun)) }
    }

    /// A name in a database: letters, digits and `_`, at most 63 bytes.
    pub(super) fn database_name(&mut self, node: &Node, key: &str) -> Option<Spanned<String>> {
        let text = self.text(node, key)?;
        let value = &text.value;
        let is_fine = value.len() <= 63
            && value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_fine {
            return Some(text);
        }
        let message = format!("`{value}` is not a name for `{key}`");
        let help = "letters, digits and `_`, not starting with a digit, at most 63 characters";
        self.refuse(Diagnostic::new(Code::E101, &text.span, message).help(help))
    }

    /// A word of a path: kebab case.
    pub(super) fn route(&mut self, node: &Node, key: &str) -> Option<Spanned<String>> {
        let text = self.text(node, key)?;
        let value = text.value.strip_prefix('/').unwrap_or(&text.value);
        if is_kebab(&text.value) {
            return Some(text);
        }
        let kebab = value.to_kebab_case();
        let help = is_kebab(&kebab).then(|| format!("did you mean `{kebab}`?"));
        let message = format!("`{}` is not a route: it is one word in kebab-case", text.value);
        self.refuse(with_help(Diagnostic::new(Code::E101, &text.span, message), help, &text.span))
    }

    /// The path of a field or of a field behind a reference: names with dots.
    pub(super) fn path(&mut self, node: &Node, key: &str) -> Option<Spanned<String>> {
        let text = self.text(node, key)?;
        let is_path = text.value.split('.').all(is_name);
        if is_path { Some(text) } else { self.refuse(refusal(Code::E101, &text, "field name")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_snake_case() {
        let table = [
            // text, is a name, meant
            ("title", true, None),
            ("due_at2", true, None),
            ("firstName", false, Some("first_name")),
            ("first-name", false, Some("first_name")),
            ("_id", false, Some("id")),
            ("a__b", false, Some("a_b")),
            ("2fa", false, None),
            ("", false, None),
            ("é", false, None),
        ];
        for (text, expected, meant) in table {
            assert_eq!(is_name(text), expected, "{text}");
            if !expected {
                assert_eq!(to_name(text).as_deref(), meant, "{text}");
            }
        }
        assert!(!is_name(&"a".repeat(51)));
    }
}
