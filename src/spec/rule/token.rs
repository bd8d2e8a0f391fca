//! The words and signs of a rule.

use super::{Arithmetic, Comparison};

/// A token and its range of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    Word(String),
    Number(String),
    Duration(String),
    Text(String),
    Compare(Comparison),
    Arithmetic(Arithmetic),
    Arrow,
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
    Dot,
    /// `=`, `/`, `&&` and everything else that is not part of the language.
    Unknown(String),
    /// A text without its closing quote.
    Unclosed,
    End,
}

/// The signs, longer ones before their beginnings.
const SIGNS: &[(&str, TokenKind)] = &[
    ("=>", TokenKind::Arrow),
    ("==", TokenKind::Compare(Comparison::Equal)),
    ("!=", TokenKind::Compare(Comparison::NotEqual)),
    ("<=", TokenKind::Compare(Comparison::LessOrEqual)),
    (">=", TokenKind::Compare(Comparison::GreaterOrEqual)),
    ("<", TokenKind::Compare(Comparison::Less)),
    (">", TokenKind::Compare(Comparison::Greater)),
    ("+", TokenKind::Arithmetic(Arithmetic::Add)),
    ("-", TokenKind::Arithmetic(Arithmetic::Subtract)),
    ("*", TokenKind::Arithmetic(Arithmetic::Multiply)),
    ("(", TokenKind::Open),
    (")", TokenKind::Close),
    ("[", TokenKind::OpenList),
    ("]", TokenKind::CloseList),
    (",", TokenKind::Comma),
    (".", TokenKind::Dot),
];

/// All tokens of a rule; the last one is the end.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (kind, length) = token(&text[at..], first);
        found.push(Token { kind, start: at, end: at + length });
        at += length;
    }
    found.push(Token { kind: TokenKind::End, start: text.len(), end: text.len() });
    found
}

fn token(text: &str, first: char) -> (TokenKind, usize) {
    if first.is_ascii_alphabetic() || first == '_' {
        let word = prefix(text, |c| c.is_ascii_alphanumeric() || c == '_');
        return (TokenKind::Word(word.to_owned()), word.len());
    }
    if first.is_ascii_digit() {
        return number(text);
    }
    if first == '\'' {
        return quoted(text);
    }
    match SIGNS.iter().find(|(sign, _)| text.starts_with(sign)) {
        Some((sign, kind)) => (kind.clone(), sign.len()),
        None => (TokenKind::Unknown(first.to_string()), first.len_utf8()),
    }
}

fn prefix(text: &str, is_part: impl Fn(char) -> bool) -> &str {
    text.split_once(|c| !is_part(c)).map_or(text, |(prefix, _)| prefix)
}

/// A number, or a duration when letters follow.
fn number(text: &str) -> (TokenKind, usize) {
    let whole = prefix(text, |c| c.is_ascii_digit()).len();
    let fraction = match text[whole..].strip_prefix('.') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => 1 + prefix(rest, |c| c.is_ascii_digit()).len(),
        _ => 0,
    };
    let length = whole + fraction;
    let unit = prefix(&text[length..], |c| c.is_ascii_alphanumeric() || c == '_').len();
    let written = text[..length + unit].to_owned();
    let kind = if unit == 0 { TokenKind::Number(written) } else { TokenKind::Duration(written) };
    (kind, length + unit)
}

/// Text in single quotes, with `\'` and `\\` inside.
fn quoted(text: &str) -> (TokenKind, usize) {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => return (TokenKind::Text(value), at + 1),
            '\\' => match chars.next() {
                Some((_, escaped @ ('\'' | '\\'))) => value.push(escaped),
                Some((_, other)) => value.extend(['\\', other]),
                None => value.push('\\'),
            },
            _ => value.push(c),
        }
    }
    (TokenKind::Unclosed, text.len())
}
