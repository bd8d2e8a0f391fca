//! The grammar of the shorthand: `string(1..200)? unique = x`. Knows words and brackets, not what they mean.

use super::document::Node;
use super::reader::Reader;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};

/// A part of the shorthand's text and where it stands.
pub(super) type Token = Spanned<String>;

/// A shorthand, taken apart.
#[derive(Debug)]
pub(super) struct Shorthand {
    pub kind: Token,
    /// `None` without brackets.
    pub arguments: Option<Vec<Token>>,
    /// The brackets of the arguments with what they hold, or the end of the type.
    pub arguments_span: Span,
    /// The `?`.
    pub nullable: Option<Span>,
    pub modifiers: Vec<Modifier>,
    /// What stands behind `=`.
    pub default: Option<Default>,
}

/// A word or bound behind the type.
#[derive(Debug)]
pub(super) enum Modifier {
    Word { name: Token, arguments: Option<Vec<Token>>, span: Span },
    Bound { operator: Token, literal: Token, is_quoted: bool, span: Span },
}

/// The default.
#[derive(Debug)]
pub(super) struct Default {
    pub text: Token,
    pub is_quoted: bool,
}

/// Takes a shorthand apart.
pub(super) fn parse(reader: &mut Reader, node: &Node, text: &str) -> Option<Shorthand> {
    let mut cursor = Cursor { node, text, at: 0 };
    match cursor.shorthand() {
        Ok(shorthand) => Some(shorthand),
        Err(diagnostic) => reader.refuse(*diagnostic),
    }
}

/// Takes a type with its arguments apart, as it stands inside `list(…)`.
pub(super) fn parse_element(reader: &mut Reader, node: &Node, token: &Token) -> Option<Shorthand> {
    let shorthand = parse(reader, &element_node(node, token), &token.value)?;
    let is_plain = shorthand.nullable.is_none() && shorthand.modifiers.is_empty() && shorthand.default.is_none();
    if is_plain {
        return Some(shorthand);
    }
    let message = format!("`{}`: the elements of a list have a type and nothing behind it", token.value);
    reader.refuse(Diagnostic::new(Code::E020, &token.span, message))
}

/// A node for a part of a shorthand.
fn element_node(node: &Node, token: &Token) -> Node {
    let mut element = node.clone();
    element.span = token.span.clone();
    if let super::document::NodeKind::Scalar(scalar) = &mut element.kind {
        scalar.is_verbatim = scalar.is_verbatim && token.span != node.span;
        scalar.style = super::document::Style::Plain;
    }
    element
}

struct Cursor<'a> {
    node: &'a Node,
    text: &'a str,
    at: usize,
}

type Parsed<T> = Result<T, Box<Diagnostic>>;

impl Cursor<'_> {
    fn shorthand(&mut self) -> Parsed<Shorthand> {
        self.skip_blanks();
        let start = self.at;
        let kind = self.word();
        if kind.value.is_empty() {
            let span = self.node.part(start, self.text.len());
            let message = format!("`{}` is not a type", self.text.trim());
            return Err(Box::new(
                Diagnostic::new(Code::E012, &span, message).help("write e.g. `string(1..200)` or `ref(users)`"),
            ));
        }
        let open = self.at;
        let arguments = self.arguments()?;
        let arguments_span = self.node.part(open, self.at);
        let nullable = self.rest().starts_with('?').then(|| self.node.part(self.at, self.at + 1));
        self.at += usize::from(nullable.is_some());
        let (modifiers, default) = self.modifiers()?;
        Ok(Shorthand { kind, arguments, arguments_span, nullable, modifiers, default })
    }

    fn modifiers(&mut self) -> Parsed<(Vec<Modifier>, Option<Default>)> {
        let mut modifiers = Vec::new();
        loop {
            self.skip_blanks();
            match self.rest().chars().next() {
                None => return Ok((modifiers, None)),
                Some('=') => return Ok((modifiers, Some(self.default()?))),
                Some('<' | '>') => modifiers.push(self.bound()?),
                Some(_) => modifiers.push(self.modifier()?),
            }
        }
    }

    fn modifier(&mut self) -> Parsed<Modifier> {
        let start = self.at;
        let name = self.word();
        let arguments = self.arguments()?;
        let is_whole =
            !name.value.is_empty() && self.rest().chars().next().is_none_or(|c| c.is_whitespace() || c == '=');
        if is_whole {
            return Ok(Modifier::Word { name, arguments, span: self.node.part(start, self.at) });
        }
        self.at += self.rest().find(char::is_whitespace).unwrap_or(self.rest().len());
        let word = self.token(start, self.at);
        let span = word.span.clone();
        Ok(Modifier::Word { name: word, arguments: None, span })
    }

    fn bound(&mut self) -> Parsed<Modifier> {
        let start = self.at;
        let length = if self.rest()[1..].starts_with('=') { 2 } else { 1 };
        self.at += length;
        let operator = self.token(start, self.at);
        self.skip_blanks();
        let (literal, is_quoted) = self.literal()?;
        if literal.value.is_empty() && !is_quoted {
            let message = format!("nothing after `{}`", operator.value);
            return Err(Box::new(Diagnostic::new(Code::E014, &operator.span, message).help("write e.g. `>= 0`")));
        }
        Ok(Modifier::Bound { operator, literal, is_quoted, span: self.node.part(start, self.at) })
    }

    /// A literal in quotes, or up to the next blank or `=`.
    fn literal(&mut self) -> Parsed<(Token, bool)> {
        if self.rest().starts_with('"') {
            return Ok((self.quoted()?, true));
        }
        let start = self.at;
        self.at += self.rest().find(|c: char| c.is_whitespace() || c == '=').unwrap_or(self.rest().len());
        Ok((self.token(start, self.at), false))
    }

    fn default(&mut self) -> Parsed<Default> {
        let equals = self.at;
        self.at += 1;
        self.skip_blanks();
        let start = self.at;
        if self.rest().starts_with('"') {
            let text = self.quoted()?;
            self.skip_blanks();
            if self.rest().is_empty() {
                return Ok(Default { text, is_quoted: true });
            }
            self.at = start;
        }
        let end = self.text.trim_end().len();
        if start >= end {
            let help = "a `#` after a space starts a comment: quote the whole value, or write \"\" for empty text";
            let span = self.node.part(equals, equals + 1);
            return Err(Box::new(Diagnostic::new(Code::E014, &span, "nothing after `=`").help(help)));
        }
        self.at = self.text.len();
        Ok(Default { text: self.token(start, end), is_quoted: false })
    }

    /// Text in double quotes, with `\"` and `\\` inside.
    fn quoted(&mut self) -> Parsed<Token> {
        let start = self.at;
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((offset, c)) = chars.next() {
            match c {
                '"' => {
                    self.at = start + offset + 1;
                    return Ok(Spanned::new(text, self.node.part(start, self.at)));
                }
                '\\' => text.push(chars.next().map_or('\\', |(_, escaped)| escaped)),
                _ => text.push(c),
            }
        }
        let span = self.node.part(start, self.text.len());
        Err(Box::new(Diagnostic::new(Code::E013, &span, "the quotes are never closed").help("add a `\"`")))
    }

    /// Arguments in brackets, split at the commas of the outermost level.
    fn arguments(&mut self) -> Parsed<Option<Vec<Token>>> {
        if !self.rest().starts_with('(') {
            return Ok(None);
        }
        let open = self.at;
        let (mut depth, mut start, mut found) = (0_usize, open + 1, Vec::new());
        let mut is_quoted = false;
        for (offset, c) in self.text[open..].char_indices() {
            let at = open + offset;
            match c {
                '"' => is_quoted = !is_quoted,
                '(' if !is_quoted => depth += 1,
                ')' if !is_quoted => depth -= 1,
                _ => {}
            }
            if depth == 0 || (depth == 1 && c == ',' && !is_quoted) {
                found.push(self.trimmed(start, at));
                start = at + 1;
            }
            if depth == 0 {
                self.at = at + 1;
                let is_empty = found.len() == 1 && found[0].value.is_empty();
                return Ok(Some(if is_empty { Vec::new() } else { found }));
            }
        }
        let column = self.text[..open].chars().count() + 1;
        let message = format!("`(` at column {column} of `{}` is never closed", self.text.trim());
        let span = self.node.part(open, open + 1);
        Err(Box::new(Diagnostic::new(Code::E013, &span, message).help("add a `)`")))
    }

    fn trimmed(&self, start: usize, end: usize) -> Token {
        let text = &self.text[start..end];
        let lead = text.len() - text.trim_start().len();
        let text = text.trim();
        Spanned::new(text.to_owned(), self.node.part(start + lead, start + lead + text.len()))
    }

    fn word(&mut self) -> Token {
        let start = self.at;
        self.at += self.rest().find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest().len());
        self.token(start, self.at)
    }

    fn token(&self, start: usize, end: usize) -> Token {
        Spanned::new(self.text[start..end].to_owned(), self.node.part(start, end))
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }
}
