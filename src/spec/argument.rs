//! The FIELD of the command line: `name:type[:args][:modifier…][=default]`, or the shorthand in shell quotes.

use camino::Utf8Path;

use super::document::{self, NodeKind};
use super::field::read::MODIFIERS;
use super::layout::{self, Parts};
use super::name::{is_name, refusal};
use super::reader::Reader;
use super::shorthand;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Source, Span, Spanned};

/// The name that an argument has in diagnostics.
const FILE: &str = "FIELD";
/// The form that needs no quotes.
const COLON_FORM: &str = "without shell quotes: NAME:TYPE[:ARGUMENTS][:MODIFIER…][=DEFAULT], e.g. `total:decimal:10,2`";

/// A field that a command adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldArgument {
    /// Its name.
    pub name: String,
    /// Its type and modifiers, as a file writes them.
    pub shorthand: String,
    /// The word of its type.
    pub kind: String,
}

/// What is wrong with an argument, and the text that the places refer to.
#[derive(Debug, Clone, PartialEq)]
pub struct ArgumentError {
    /// The argument as one line of a spec.
    pub source: Source,
    /// Errors only.
    pub diagnostics: Diagnostics,
}

/// Reads one FIELD. Whether its types and targets exist is for the whole spec.
///
/// # Errors
///
/// What is wrong with its form.
pub fn field_argument(argument: &str) -> Result<FieldArgument, Box<ArgumentError>> {
    let is_shorthand = argument.contains('(') || argument.contains(char::is_whitespace);
    let (name, text) = match argument.split_once(':') {
        Some((name, text)) if is_shorthand => (name.trim(), text.trim().to_owned()),
        Some((name, text)) => (name, from_colons(text)),
        None => return Err(Box::new(no_type(argument))),
    };
    let line = format!("{name}: {text}\n");
    let mut reader = Reader::default();
    let mut source = Source::default();
    source.insert(FILE, line.as_bytes());
    let parts = source.get(Utf8Path::new(FILE)).and_then(|file| {
        let path = std::sync::Arc::clone(&file.path);
        let key = Spanned::new(name.to_owned(), Span::new(&path, 0, name.len()));
        if !is_name(name) {
            reader.push(refusal(Code::E101, &key, "field name"));
        }
        let span = Span::new(&path, name.len() + 2, line.trim_end().len());
        let node = document::plain(&text, span);
        super::field::read::checked(&mut reader, &key, &node);
        let NodeKind::Scalar(scalar) = &node.kind else { return None };
        shorthand::parse(&mut Reader::default(), &node, &scalar.text)
    });
    match parts {
        Some(parts) if !reader.diagnostics.has_errors() => {
            let kind = parts.kind.value.clone();
            Ok(FieldArgument { name: name.to_owned(), shorthand: Parts::of(&parts).text(), kind })
        }
        _ => Err(Box::new(ArgumentError { source, diagnostics: with_form(&reader.diagnostics, is_shorthand) })),
    }
}

/// A shorthand from the colon form.
fn from_colons(text: &str) -> String {
    let (words, default) = text.split_once('=').map_or((text, None), |(words, default)| (words, Some(default)));
    let mut words = words.split(':');
    let mut parts = Parts { kind: words.next().unwrap_or_default().to_owned(), ..Parts::default() };
    while let Some(word) = words.next() {
        match word {
            "optional" => parts.is_nullable = true,
            "inverse" => {
                let name = words.next().unwrap_or_default();
                parts.modifiers.push(format!("inverse({name})"));
            }
            _ if MODIFIERS.contains(&word) => parts.modifiers.push(word.to_owned()),
            _ => parts.arguments.get_or_insert_with(Vec::new).extend(word.split(',').map(str::to_owned)),
        }
    }
    parts.default = default.map(|default| if default.is_empty() { "\"\"".to_owned() } else { default.to_owned() });
    parts.text()
}

fn no_type(argument: &str) -> ArgumentError {
    let mut source = Source::default();
    source.insert(FILE, argument.as_bytes());
    let mut diagnostics = Diagnostics::default();
    let message = format!("the field `{argument}` has no type");
    let diagnostic = match source.get(Utf8Path::new(FILE)) {
        Some(file) => Diagnostic::new(Code::E011, &Span::new(&file.path, 0, argument.len()), message),
        None => Diagnostic::of_project(Code::E011, message),
    };
    diagnostics.push(diagnostic.help(COLON_FORM));
    ArgumentError { source, diagnostics }
}

/// Adds the form without quotes to what went wrong in the one with quotes.
fn with_form(diagnostics: &Diagnostics, is_shorthand: bool) -> Diagnostics {
    let mut found = Diagnostics::default();
    for diagnostic in diagnostics.sorted() {
        let mut diagnostic = diagnostic.clone();
        diagnostic.edit = None;
        if is_shorthand {
            let help = diagnostic.help.map_or_else(String::new, |help| format!("{help}; "));
            diagnostic.help = Some(format!("{help}{COLON_FORM}"));
        }
        found.push(diagnostic);
    }
    found
}

/// The line of a field in a file.
pub(super) fn line(argument: &FieldArgument) -> String {
    format!("{}: {}", argument.name, layout::scalar(&argument.shorthand))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(argument: &str) -> String {
        match field_argument(argument) {
            Ok(field) => line(&field),
            Err(error) => {
                let sorted = error.diagnostics.sorted();
                let texts = sorted.iter().map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.message));
                texts.collect::<Vec<_>>().join("; ")
            }
        }
    }

    #[test]
    fn both_forms_give_the_same_line() {
        let table = [
            // argument, line or diagnostics
            ("title:string", "title: string"),
            ("total:decimal:10,2", "total: decimal(10,2)"),
            ("status:enum:draft,paid=draft", "status: enum(draft, paid) = draft"),
            ("fee: decimal(10,2) >= 0", "fee: decimal(10,2) >= 0"),
            ("note:text:0..500:optional", "note: text(0..500)?"),
            ("editor:ref:users:optional:inverse:edited_posts", "editor: ref(users)? inverse(edited_posts)"),
            ("sku:string:3..32:unique:immutable", "sku: string(3..32) unique immutable"),
            ("kind:enum:\"unique\",other", "kind: enum(\"unique\", other)"),
            ("starts:time=09:00", "starts: time = 09:00"),
            ("color: color = #fff000", "color: \"color = #fff000\""),
            ("state:  enum( a,b )  unique   index", "state: enum(a, b) unique index"),
            ("title", "E011: the field `title` has no type"),
            ("Title:string", "E101: `Title` is not a field name"),
            ("title:int:x", "E018: `int` takes a range, e.g. `int(1..5)`"),
            ("title: string(1..5", "E013: `(` at column 7 of `string(1..5` is never closed"),
            ("title: string uniq", "E020: unknown modifier `uniq`"),
            ("a:string:>=0", "E201: `>` is not a whole number"),
            ("", "E011: the field `` has no type"),
        ];
        for (argument, expected) in table {
            assert_eq!(outcome(argument), expected, "{argument}");
        }
    }
}
