//! From a tree to typed values: every helper tells what is wrong and returns nothing for it.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value};

use super::document::{Entry, Node, NodeKind, Scalar, Style};
use super::literal::{LiteralSpec, LiteralText};
use super::suggest;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::source::{Span, Spanned};

/// Collects what is wrong while a file is read.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub diagnostics: Diagnostics,
    /// The names of `types:` and `mixins:`, when `backendgen.yaml` could be read.
    pub shared: Option<SharedNames>,
    errors: usize,
}

/// What `backendgen.yaml` offers to every file.
#[derive(Debug, Default)]
pub(super) struct SharedNames {
    pub types: BTreeSet<String>,
    pub mixins: BTreeSet<String>,
}

/// The keys that a mapping may have.
pub(super) struct Allowed {
    /// Whose keys they are, as in "unknown key `a` in the resource".
    pub place: &'static str,
    /// Read by this version.
    pub now: &'static [&'static str],
    /// Part of the language, not of this version.
    pub later: &'static [&'static str],
    /// Words of other tools.
    pub foreign: &'static [(&'static str, &'static str)],
}

/// The words that a value may be.
pub(super) struct Words<T: 'static> {
    /// The diagnostic of an unknown word.
    pub code: Code,
    /// What a word is called: "unknown database `x`".
    pub noun: &'static str,
    /// Read by this version.
    pub now: &'static [(&'static str, T)],
    /// Part of the language, not of this version.
    pub later: &'static [&'static str],
    /// Words of other tools.
    pub foreign: &'static [(&'static str, &'static str)],
}

/// Keys that a later version of the language will have.
const PLANNED: &[&str] = &["views", "versions", "extends", "translations", "webhooks"];

/// The known entries of a mapping.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keys<'a> {
    pub span: &'a Span,
    pub entries: &'a [Entry],
}

impl<'a> Keys<'a> {
    /// The entry of that key.
    pub fn get(&self, key: &str) -> Option<&'a Entry> {
        self.entries.iter().find(|entry| entry.key.value == key)
    }

    /// Reads the value of a key, when it is there.
    pub fn read<T>(
        &self,
        reader: &mut Reader,
        key: &str,
        read: impl FnOnce(&mut Reader, &'a Node, &str) -> Option<T>,
    ) -> Option<T> {
        let entry = self.get(key)?;
        read(reader, &entry.value, key)
    }

    /// All `x-*` keys but `x-allow`.
    pub fn extensions(&self) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(|entry| entry.key.value.starts_with("x-"))
    }
}

/// A mapping being read key by key, with the keys that could not be read.
pub(super) struct Section<'a, 'r> {
    pub reader: &'r mut Reader,
    pub keys: Keys<'a>,
    pub broken: BTreeSet<String>,
}

impl<'a, 'r> Section<'a, 'r> {
    /// Starts reading a mapping.
    pub fn new(reader: &'r mut Reader, keys: Keys<'a>) -> Self {
        Self { reader, keys, broken: broken_keys(keys.entries) }
    }

    /// Reads the value of a key and notes whether it has a mistake.
    pub fn read<T>(&mut self, key: &str, read: impl FnOnce(&mut Reader, &'a Node, &str) -> Option<T>) -> Option<T> {
        let keys = self.keys;
        let (value, failed) = self.reader.watch(|reader| keys.read(reader, key, read));
        if failed {
            self.broken.insert(key.to_owned());
        }
        value
    }
}

impl Reader {
    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.errors += usize::from(diagnostic.severity() == Severity::Error);
        self.diagnostics.push(diagnostic);
    }

    /// Adds a diagnostic and returns nothing, for the end of a branch.
    pub fn refuse<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.push(diagnostic);
        None
    }

    /// Runs a step and says whether it found an error.
    pub fn watch<T>(&mut self, step: impl FnOnce(&mut Self) -> T) -> (T, bool) {
        let before = self.errors;
        let result = step(self);
        let failed = self.errors > before;
        (result, failed)
    }

    /// The entries of a mapping; its unknown and later keys are told.
    pub fn keys<'a>(&mut self, node: &'a Node, name: &str, allowed: &Allowed) -> Option<Keys<'a>> {
        let entries = self.mapping(node, name)?;
        for entry in entries {
            self.check_key(&entry.key, allowed);
        }
        Some(Keys { span: &node.span, entries })
    }

    fn check_key(&mut self, key: &Spanned<String>, allowed: &Allowed) {
        let name = key.value.as_str();
        if name.starts_with("x-") || allowed.now.contains(&name) {
            return;
        }
        if allowed.later.contains(&name) {
            return self.push(later(Code::E008, key, &format!("`{name}:`")));
        }
        if PLANNED.contains(&name) {
            let message = format!("`{name}:` is planned, and not part of the language yet");
            return self.push(Diagnostic::new(Code::E008, &key.span, message));
        }
        let message = format!("unknown key `{name}` in {}", allowed.place);
        let help = suggest::help(name, allowed.now.iter().copied(), allowed.foreign);
        self.push(with_help(Diagnostic::new(Code::E008, &key.span, message), help, &key.span));
    }

    /// The entries of a mapping of free names.
    pub fn mapping<'a>(&mut self, node: &'a Node, name: &str) -> Option<&'a [Entry]> {
        match &node.kind {
            NodeKind::Mapping(entries) => Some(entries),
            NodeKind::Broken => None,
            NodeKind::Scalar(_) if node.is_null() => self.refuse(empty(node, name)),
            NodeKind::Scalar(_) | NodeKind::List(_) => {
                let message = format!("`{name}` is a mapping, not {}", noun(node));
                self.refuse(Diagnostic::new(Code::E009, &head(node), message))
            }
        }
    }

    /// The items of a list.
    pub fn list<'a>(&mut self, node: &'a Node, name: &str) -> Option<&'a [Node]> {
        match &node.kind {
            NodeKind::List(items) => Some(items),
            NodeKind::Broken => None,
            NodeKind::Scalar(_) if node.is_null() => self.refuse(empty(node, name)),
            NodeKind::Scalar(_) | NodeKind::Mapping(_) => {
                let message = format!("`{name}` is a list, not {}", noun(node));
                let help = format!("write `{name}: [ … ]`, or one entry a line with `- `");
                self.refuse(Diagnostic::new(Code::E009, &head(node), message).help(help))
            }
        }
    }

    /// The items of a list, or the one name that stands for a list of one.
    pub fn items<'a>(&mut self, node: &'a Node, name: &str) -> Option<&'a [Node]> {
        match &node.kind {
            NodeKind::Scalar(_) if !node.is_null() => Some(std::slice::from_ref(node)),
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Mapping(_) | NodeKind::Broken => self.list(node, name),
        }
    }

    /// Any scalar that is not null.
    pub fn scalar<'a>(&mut self, node: &'a Node, name: &str) -> Option<&'a Scalar> {
        match &node.kind {
            NodeKind::Scalar(_) if node.is_null() => self.refuse(empty(node, name)),
            NodeKind::Scalar(scalar) => Some(scalar),
            NodeKind::Broken => None,
            NodeKind::List(_) | NodeKind::Mapping(_) => {
                let message = format!("`{name}` is one value, not {}", noun(node));
                self.refuse(Diagnostic::new(Code::E009, &head(node), message))
            }
        }
    }

    /// A text; folded texts lose their last line break.
    pub fn text(&mut self, node: &Node, name: &str) -> Option<Spanned<String>> {
        let scalar = self.scalar(node, name)?;
        let text = if scalar.style == Style::Block { scalar.text.trim_end_matches('\n') } else { &scalar.text };
        Some(Spanned::new(text.to_owned(), node.span.clone()))
    }

    /// `true` or `false`.
    pub fn bool(&mut self, node: &Node, name: &str) -> Option<Spanned<bool>> {
        let scalar = self.scalar(node, name)?;
        let value = match (scalar.style, scalar.text.as_str()) {
            (Style::Plain, "true") => true,
            (Style::Plain, "false") => false,
            _ => {
                let message = format!("`{}` is not true or false", scalar.text);
                return self.refuse(with_edit(
                    Diagnostic::new(Code::E201, &node.span, message).help("write true or false"),
                    &node.span,
                    bool_for(&scalar.text),
                ));
            }
        };
        Some(Spanned::new(value, node.span.clone()))
    }

    /// A whole number from 0 on.
    pub fn count(&mut self, node: &Node, name: &str) -> Option<Spanned<u32>> {
        let scalar = self.scalar(node, name)?;
        let value = self.number(scalar.style, &scalar.text, &node.span, name)?;
        Some(Spanned::new(value, node.span.clone()))
    }

    /// A whole number from 1 on.
    pub fn positive(&mut self, node: &Node, name: &str) -> Option<Spanned<u32>> {
        let count = self.count(node, name)?;
        if count.value == 0 {
            let message = format!("`{name}` is at least 1");
            return self.refuse(Diagnostic::new(Code::E016, &count.span, message));
        }
        Some(count)
    }

    /// A whole number in a text.
    pub fn number(&mut self, style: Style, text: &str, span: &Span, name: &str) -> Option<u32> {
        let is_number = style == Style::Plain && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number {
            let message = format!("`{text}` is not a whole number");
            return self
                .refuse(Diagnostic::new(Code::E201, span, message).help(format!("`{name}` is a number from 0 on")));
        }
        self.warn_of_zeros(text, span);
        match text.parse() {
            Ok(number) => Some(number),
            Err(_) => self.refuse(Diagnostic::new(Code::E208, span, format!("`{text}` is too large for `{name}`"))),
        }
    }

    /// Tells of a number such as `0755`.
    pub fn warn_of_zeros(&mut self, text: &str, span: &Span) {
        if let Some(diagnostic) = leading_zero(text, span) {
            self.push(diagnostic);
        }
    }

    /// One word of a table.
    pub fn word<T: Copy>(&mut self, node: &Node, name: &str, words: &Words<T>) -> Option<Spanned<T>> {
        let scalar = self.scalar(node, name)?;
        let text = Spanned::new(scalar.text.clone(), node.span.clone());
        self.word_of(&text, words)
    }

    /// One word of a table, given as text.
    pub fn word_of<T: Copy>(&mut self, text: &Spanned<String>, words: &Words<T>) -> Option<Spanned<T>> {
        let word = text.value.as_str();
        if let Some((_, value)) = words.now.iter().find(|(name, _)| *name == word) {
            return Some(Spanned::new(*value, text.span.clone()));
        }
        if words.later.contains(&word) {
            return self.refuse(later(words.code_of_later(), text, &format!("`{word}`")));
        }
        let names = || words.now.iter().map(|(name, _)| *name).chain(words.later.iter().copied());
        let help = suggest::help(word, names(), words.foreign)
            .unwrap_or_else(|| one_of(words.now.iter().map(|(name, _)| *name)));
        self.refuse(with_help(Diagnostic::new(words.code, &text.span, words.message(word)), Some(help), &text.span))
    }

    /// The words of a list, each once.
    pub fn words<T: Copy + PartialEq>(
        &mut self,
        node: &Node,
        name: &str,
        words: &Words<T>,
    ) -> Option<Spanned<Vec<Spanned<T>>>> {
        let items = self.items(node, name)?;
        let mut found: Vec<Spanned<T>> = Vec::new();
        for item in items {
            let Some(word) = self.word(item, name, words) else { continue };
            if found.iter().any(|other| other.value == word.value) {
                let message = format!("an entry of `{name}` is listed twice");
                self.push(Diagnostic::new(Code::E016, &word.span, message).help("remove one of the two"));
            } else {
                found.push(word);
            }
        }
        Some(Spanned::new(found, node.span.clone()))
    }

    /// Names in a list, or one name; their shape is for whoever knows what they name.
    pub fn names(&mut self, node: &Node, name: &str) -> Option<Vec<Spanned<String>>> {
        let items = self.items(node, name)?;
        Some(items.iter().filter_map(|item| self.text(item, name)).collect())
    }

    /// A default, bound or example.
    #[expect(clippy::unused_self, reason = "all readers of values are called alike")]
    pub fn literal(&mut self, node: &Node) -> Option<LiteralSpec> {
        let text = match &node.kind {
            NodeKind::Broken => return None,
            NodeKind::Scalar(_) if node.is_null() => LiteralText::Plain("null".to_owned()),
            NodeKind::Scalar(scalar) if scalar.style == Style::Plain => LiteralText::Plain(scalar.text.clone()),
            NodeKind::Scalar(scalar) => LiteralText::Quoted(scalar.text.clone()),
            NodeKind::List(_) | NodeKind::Mapping(_) => LiteralText::Tree(json(node)),
        };
        Some(LiteralSpec { text, span: node.span.clone() })
    }

    /// The codes of `x-allow`.
    pub fn allow(&mut self, keys: &Keys<'_>) -> Vec<Spanned<String>> {
        keys.read(self, "x-allow", Self::names).unwrap_or_default()
    }
}

impl<T> Words<T> {
    fn message(&self, word: &str) -> String {
        if self.code == Code::E016 {
            format!("`{word}` is not a value of `{}`", self.noun)
        } else {
            format!("unknown {} `{word}`", self.noun)
        }
    }

    /// A word of a later version keeps a code of its own kind only for types and features.
    fn code_of_later(&self) -> Code {
        if matches!(self.code, Code::E012 | Code::E032) { self.code } else { Code::E016 }
    }
}

/// The diagnostic of something that this version does not read yet.
pub(super) fn later(code: Code, word: &Spanned<String>, what: &str) -> Diagnostic {
    Diagnostic::new(code, &word.span, format!("{what} is not supported yet"))
        .help("it is part of the language, and a later backendgen will read it: remove it for now")
}

/// `a, b or c`.
pub(super) fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.into_iter().collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.join(""),
    }
}

/// Adds the help, and the edit when the help names the right word.
pub(super) fn with_help(diagnostic: Diagnostic, help: Option<String>, span: &Span) -> Diagnostic {
    let Some(help) = help else { return diagnostic };
    let word = help
        .strip_prefix("did you mean `")
        .and_then(|rest| rest.strip_suffix("`?"))
        .or_else(|| help.strip_prefix("backendgen calls it `").and_then(|rest| rest.strip_suffix('`')))
        .map(str::to_owned);
    with_edit(diagnostic.help(help), span, word)
}

fn with_edit(diagnostic: Diagnostic, span: &Span, replacement: Option<String>) -> Diagnostic {
    match replacement {
        Some(replacement) => diagnostic.edit(span, replacement),
        None => diagnostic,
    }
}

/// The bool that a word of YAML 1.1 stood for.
fn bool_for(text: &str) -> Option<String> {
    match text.to_lowercase().as_str() {
        "yes" | "on" | "y" | "true" => Some("true".to_owned()),
        "no" | "off" | "n" | "false" => Some("false".to_owned()),
        _ => None,
    }
}

/// The warning about a number such as `0755`.
pub(super) fn leading_zero(text: &str, span: &Span) -> Option<Diagnostic> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.split('.').next().unwrap_or(digits);
    if whole.len() < 2 || !whole.starts_with('0') || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let trimmed = digits.trim_start_matches('0');
    let trimmed =
        if trimmed.is_empty() || trimmed.starts_with('.') { format!("0{trimmed}") } else { trimmed.to_owned() };
    let number = if text.starts_with('-') { format!("-{trimmed}") } else { trimmed };
    let message = format!("`{text}` starts with a zero and is read as decimal {number}");
    Some(
        Diagnostic::new(Code::W019, span, message)
            .help("remove the zero, or make the field a string")
            .edit(span, number),
    )
}

fn empty(node: &Node, name: &str) -> Diagnostic {
    Diagnostic::new(Code::E011, &node.span, format!("`{name}` has no value")).help("write a value, or remove the key")
}

/// The kind of a node in words.
pub(super) fn noun(node: &Node) -> &'static str {
    match &node.kind {
        NodeKind::Scalar(_) => "one value",
        NodeKind::List(_) => "a list",
        NodeKind::Mapping(_) => "a mapping",
        NodeKind::Broken => "this",
    }
}

/// The first part of a value that may be many lines long.
pub(super) fn head(node: &Node) -> Span {
    match &node.kind {
        NodeKind::Mapping(entries) => entries.first().map_or(&node.span, |entry| &entry.key.span).clone(),
        NodeKind::List(items) => items.first().map_or_else(|| node.span.clone(), head),
        NodeKind::Scalar(_) | NodeKind::Broken => node.span.clone(),
    }
}

/// A tree as JSON: plain scalars are typed as JSON would, quoted ones are text.
pub(super) fn json(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Broken => Value::Null,
        NodeKind::Scalar(_) if node.is_null() => Value::Null,
        NodeKind::Scalar(scalar) if scalar.style == Style::Plain => json_of(&scalar.text),
        NodeKind::Scalar(scalar) => Value::String(scalar.text.clone()),
        NodeKind::List(items) => Value::Array(items.iter().map(json).collect()),
        NodeKind::Mapping(entries) => Value::Object(
            entries.iter().map(|entry| (entry.key.value.clone(), json(&entry.value))).collect::<Map<_, _>>(),
        ),
    }
}

fn json_of(text: &str) -> Value {
    match text {
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        _ => {}
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.matches('.').count() <= 1;
    let number = is_number.then(|| text.parse::<Number>().ok()).flatten();
    number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

/// Whether a part of the tree has its diagnostic already.
fn has_broken(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Broken => true,
        NodeKind::Scalar(_) => false,
        NodeKind::List(items) => items.iter().any(has_broken),
        NodeKind::Mapping(entries) => entries.iter().any(|entry| has_broken(&entry.value)),
    }
}

/// The keys whose values have their diagnostic already.
fn broken_keys(entries: &[Entry]) -> BTreeSet<String> {
    entries.iter().filter(|entry| has_broken(&entry.value)).map(|entry| entry.key.value.clone()).collect()
}
