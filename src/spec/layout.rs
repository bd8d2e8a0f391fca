//! How values are written: the one spelling of a shorthand, and the quotes that YAML needs.

use super::field::read::MODIFIERS;
use super::shorthand::{Modifier, Shorthand};

/// The pieces of a shorthand, ready to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parts {
    pub kind: String,
    pub arguments: Option<Vec<String>>,
    pub is_nullable: bool,
    pub modifiers: Vec<String>,
    pub bounds: Vec<String>,
    /// As written behind `=`.
    pub default: Option<String>,
}

impl Parts {
    /// The pieces of a shorthand that has been read.
    pub fn of(shorthand: &Shorthand) -> Self {
        let mut parts = Self {
            kind: shorthand.kind.value.clone(),
            arguments: shorthand
                .arguments
                .as_ref()
                .map(|tokens| tokens.iter().map(|token| token.value.clone()).collect()),
            is_nullable: shorthand.nullable.is_some(),
            ..Self::default()
        };
        for modifier in &shorthand.modifiers {
            match modifier {
                Modifier::Word { name, arguments: None, .. } => parts.modifiers.push(name.value.clone()),
                Modifier::Word { name, arguments: Some(tokens), .. } => {
                    let tokens: Vec<_> = tokens.iter().map(|token| token.value.as_str()).collect();
                    parts.modifiers.push(format!("{}({})", name.value, tokens.join(", ")));
                }
                Modifier::Bound { operator, literal, is_quoted, .. } => {
                    parts.bounds.push(format!("{} {}", operator.value, quoted_if(&literal.value, *is_quoted)));
                }
            }
        }
        parts.default = shorthand.default.as_ref().map(|default| quoted_if(&default.text.value, default.is_quoted));
        parts
    }

    /// The one spelling, with the modifiers in the order of the language.
    pub fn text(&self) -> String {
        let mut text = self.kind.clone();
        if let Some(arguments) = &self.arguments {
            let separator = if self.kind == "decimal" { "," } else { ", " };
            let arguments: Vec<_> = arguments.iter().map(|argument| argument.trim()).collect();
            text.extend(["(", &arguments.join(separator), ")"]);
        }
        if self.is_nullable {
            text.push('?');
        }
        let mut modifiers: Vec<_> = self.modifiers.iter().collect();
        modifiers.sort_by_key(|modifier| rank(modifier));
        for part in modifiers.into_iter().chain(&self.bounds) {
            text.push(' ');
            text.push_str(part);
        }
        if let Some(default) = &self.default {
            text.push_str(" = ");
            text.push_str(default);
        }
        text
    }
}

fn rank(modifier: &str) -> usize {
    let word = modifier.split('(').next().unwrap_or_default();
    MODIFIERS.iter().position(|known| *known == word).unwrap_or(MODIFIERS.len())
}

/// A text inside a shorthand.
pub(super) fn quoted_if(text: &str, is_quoted: bool) -> String {
    if is_quoted { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) } else { text.to_owned() }
}

/// A text as a YAML value in block form: plain where that is safe.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let has_escapes = text.chars().any(|c| c.is_control() || c == '\u{feff}');
    if !has_escapes && text.contains('"') && !text.contains('\'') {
        return format!("'{text}'");
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() || c == '\u{feff}' => quoted.push_str(&escape(c)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A text as a YAML value inside `{…}` or `[…]`.
pub(super) fn flow_scalar(text: &str) -> String {
    if is_plain(text) && !text.contains([',', '[', ']', '{', '}', '?']) {
        return text.to_owned();
    }
    let quoted = scalar(text);
    if quoted == text { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) } else { quoted }
}

/// A character that only an escape can hold.
fn escape(c: char) -> String {
    format!("\\u{:04x}", u32::from(c))
}

/// Whether YAML reads the text as it stands.
fn is_plain(text: &str) -> bool {
    let starts_safely = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '/')
        || (text.starts_with('-') && text[1..].starts_with(|c: char| c.is_ascii_alphanumeric()));
    starts_safely
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains(['\u{a0}', '\u{feff}', '\u{85}', '\u{2028}', '\u{2029}'])
        && !text.chars().any(char::is_control)
}
