//! Edits files of the spec in place: inserts or replaces text at a recorded position, so that comments and layout
//! survive, then reads the result again.

use std::sync::Arc;

use camino::Utf8Path;

use super::argument::{self, FieldArgument};
use super::document::{self, Entry, Node, NodeKind};
use super::layout;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{SourceFile, Span};

/// The first line of a resource file, for editors.
pub const RESOURCE_HEADER: &str = "# yaml-language-server: $schema=../.backendgen/schema/resource.json";
/// The first line of the project file, for editors.
pub const PROJECT_HEADER: &str = "# yaml-language-server: $schema=.backendgen/schema/project.json";

/// The text of a new resource file; without fields it has a name.
#[must_use]
pub fn resource_text(fields: &[FieldArgument], owner: Option<&str>) -> String {
    let mut lines = vec![RESOURCE_HEADER.to_owned()];
    if let Some(owner) = owner {
        lines.push("versioned: true".to_owned());
        lines.push(format!("owner: {}", layout::scalar(owner)));
    }
    lines.push("fields:".to_owned());
    if fields.is_empty() {
        lines.push("  name: string(1..200)".to_owned());
    }
    lines.extend(fields.iter().map(|field| format!("  {}", argument::line(field))));
    if owner.is_some() {
        lines.push("permissions: {read: owner, create: authenticated, write: owner}".to_owned());
    }
    lines.join("\n") + "\n"
}

/// The text of a resource file with more fields, behind the ones it has.
///
/// # Errors
///
/// A field that is there already, or a file that cannot be read or edited.
pub fn add_fields(file: &SourceFile, fields: &[FieldArgument]) -> Result<String, Diagnostics> {
    let (text, root) = opened(file)?;
    let own = entry(&root, "fields");
    if let Some(duplicate) = own.and_then(|own| duplicate(own, fields)) {
        return Err(one(duplicate));
    }
    let lines: Vec<_> = fields.iter().map(argument::line).collect();
    let edited = match own.map(|own| &own.value) {
        Some(Node { kind: NodeKind::Mapping(entries), span, is_flow }) => match entries.last() {
            Some(last) if !is_flow => insert_lines(text, entries, last, &lines),
            _ => insert_in_flow(text, span, !entries.is_empty(), fields),
        },
        Some(node) if node.is_null() => {
            let at = line_end(text, own.map_or(0, |own| own.key.span.end));
            splice(text, at, at, &block("", "  ", &lines, newline(text)))
        }
        Some(node) => return Err(one(not_editable(&node.span))),
        None => {
            let separator = if text.is_empty() || text.ends_with('\n') { "" } else { newline(text) };
            format!("{text}{separator}fields:{}{}", block("", "  ", &lines, newline(text)), newline(text))
        }
    };
    verified(file, edited, |root| {
        let own = entry(root, "fields");
        fields.iter().all(|field| own.is_some_and(|own| entry(&own.value, &field.name).is_some()))
    })
}

/// The text of the project file with another name.
///
/// # Errors
///
/// A file that cannot be read or edited.
pub fn set_name(file: &SourceFile, name: &str) -> Result<String, Diagnostics> {
    let (text, root) = opened(file)?;
    let edited = match (entry(&root, "name"), entry(&root, "backendgen")) {
        (Some(own), _) if own.value.span.is_empty() => {
            let colon = text[own.key.span.end..].find(':').map_or(0, |offset| offset + 1);
            let at = own.key.span.end + colon;
            splice(text, at, at, &format!(" {name}"))
        }
        (Some(own), _) => splice(text, own.value.span.start, own.value.span.end, name),
        (None, Some(version)) => {
            let at = line_end(text, version.value.span.end);
            splice(text, at, at, &format!("{}name: {name}", newline(text)))
        }
        (None, None) => return Err(one(not_editable(&root.span))),
    };
    verified(file, edited, |root| {
        let own = entry(root, "name").map(|own| &own.value.kind);
        matches!(own, Some(NodeKind::Scalar(scalar)) if scalar.text == name)
    })
}

fn one(diagnostic: Diagnostic) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(diagnostic);
    diagnostics
}

/// The text and the tree of a file.
fn opened(file: &SourceFile) -> Result<(&str, Node), Diagnostics> {
    let text = document::text_of(file).map_err(one)?;
    let mut diagnostics = Diagnostics::default();
    match document::read(file, &mut diagnostics) {
        Some(root) if !diagnostics.has_errors() => Ok((text, root)),
        _ => Err(diagnostics),
    }
}

/// The edited text, when reading it gives what was wanted.
fn verified(file: &SourceFile, edited: String, is_done: impl Fn(&Node) -> bool) -> Result<String, Diagnostics> {
    let path: Arc<Utf8Path> = Arc::clone(&file.path);
    let again = SourceFile { path, bytes: edited.clone().into_bytes() };
    let mut diagnostics = Diagnostics::default();
    match document::read(&again, &mut diagnostics) {
        Some(root) if !diagnostics.has_errors() && is_done(&root) => Ok(edited),
        _ => Err(one(not_editable(&Span::new(&file.path, 0, 0)))),
    }
}

fn not_editable(span: &Span) -> Diagnostic {
    Diagnostic::new(Code::E009, span, "this layout cannot be edited by a command")
        .help("write the change by hand, or run `backendgen fmt` first")
}

fn entry<'a>(node: &'a Node, key: &str) -> Option<&'a Entry> {
    let NodeKind::Mapping(entries) = &node.kind else { return None };
    entries.iter().find(|entry| entry.key.value == key)
}

fn duplicate(own: &Entry, fields: &[FieldArgument]) -> Option<Diagnostic> {
    fields.iter().enumerate().find_map(|(position, field)| {
        let before = entry(&own.value, &field.name);
        let is_repeated = fields[..position].iter().any(|other| other.name == field.name);
        let span = before.map(|entry| &entry.key.span).or(is_repeated.then_some(&own.key.span))?;
        let message = format!("the field `{}` is there already", field.name);
        Some(Diagnostic::new(Code::E002, span, message).help("change it in the file, or choose another name"))
    })
}

fn insert_lines(text: &str, entries: &[Entry], last: &Entry, lines: &[String]) -> String {
    let first = entries.first().map_or(0, |entry| entry.key.span.start);
    let line_start = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[line_start..first];
    let indent = if indent.chars().all(char::is_whitespace) { indent } else { "  " };
    let value_end = last.value.span.end.max(last.key.span.end);
    let content_end = text[..value_end].trim_end().len().max(last.key.span.end);
    let at = line_end(text, content_end);
    splice(text, at, at, &block("", indent, lines, newline(text)))
}

/// Lines, each behind a line break and an indentation.
fn block(start: &str, indent: &str, lines: &[String], newline: &str) -> String {
    lines.iter().fold(start.to_owned(), |text, line| text + newline + indent + line)
}

fn insert_in_flow(text: &str, span: &Span, has_entries: bool, fields: &[FieldArgument]) -> String {
    let quoted = |field: &FieldArgument| format!("{}: {}", field.name, layout::flow_scalar(&field.shorthand));
    let added = fields.iter().map(quoted).collect::<Vec<_>>().join(", ");
    let close = span.end.saturating_sub(1);
    let at = text[..close].trim_end().len();
    let has_comma = text[..at].ends_with(',');
    let separator = match (has_entries, has_comma) {
        (true, false) => ", ",
        (true, true) => " ",
        (false, _) => "",
    };
    splice(text, at, at, &format!("{separator}{added}"))
}

/// The end of the line that `at` is on, before its line break.
fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    if text[..end].ends_with('\r') && end > at { end - 1 } else { end }
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

fn splice(text: &str, start: usize, end: usize, replacement: &str) -> String {
    format!("{}{replacement}{}", &text[..start], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::argument::field_argument;

    fn edited(text: &str, arguments: &[&str]) -> String {
        let fields: Vec<_> =
            arguments.iter().map(|argument| field_argument(argument).expect("a valid argument")).collect();
        let file = SourceFile { path: Arc::from(Utf8Path::new("a.yaml")), bytes: text.as_bytes().to_vec() };
        match add_fields(&file, &fields) {
            Ok(text) => text,
            Err(diagnostics) => diagnostics.sorted().iter().map(|found| found.message.clone()).collect(),
        }
    }

    #[test]
    fn fields_are_added_behind_the_others() {
        let table = [
            // text, fields, result
            ("fields:\n  a: int\n", &["b:int"][..], "fields:\n  a: int\n  b: int\n"),
            ("fields:\n  a: int", &["b:int"], "fields:\n  a: int\n  b: int"),
            (
                "fields:\n  a: int # x\n\n# y\nlist: {}\n",
                &["b:int"],
                "fields:\n  a: int # x\n  b: int\n\n# y\nlist: {}\n",
            ),
            ("fields:\r\n  a: int\r\nlist: {}\r\n", &["b:int"], "fields:\r\n  a: int\r\n  b: int\r\nlist: {}\r\n"),
            ("fields:\n    a:\n        type: int\n", &["b:int"], "fields:\n    a:\n        type: int\n    b: int\n"),
            (
                "fields:\n  a:\n    doc: >\n      x\n\nlist: {}\n",
                &["b:int"],
                "fields:\n  a:\n    doc: >\n      x\n  b: int\n\nlist: {}\n",
            ),
            (
                "fields: {a: int}\n",
                &["b:ref:users:optional", "c:enum:x,y"],
                "fields: {a: int, b: \"ref(users)?\", c: \"enum(x, y)\"}\n",
            ),
            ("fields: {}\n", &["b:int"], "fields: {b: int}\n"),
            ("fields:\nlist: {}\n", &["b:int"], "fields:\n  b: int\nlist: {}\n"),
            ("include: [x]\n", &["b:int", "c:int"], "include: [x]\nfields:\n  b: int\n  c: int\n"),
            ("\u{feff}fields:\n  a: int\n", &["b:int"], "\u{feff}fields:\n  a: int\n  b: int\n"),
            ("fields:\n  a: int\n", &["a:int"], "the field `a` is there already"),
            ("fields:\n  a: int\n", &["b:int", "b:int"], "the field `b` is there already"),
            ("fields: [a]\n", &["b:int"], "this layout cannot be edited by a command"),
        ];
        for (text, fields, expected) in table {
            assert_eq!(edited(text, fields), expected, "{text}");
        }
    }

    #[test]
    fn the_name_is_replaced_where_it_stands() {
        let table = [
            // text, result
            ("backendgen: 1\nname: shop # mine\n", "backendgen: 1\nname: blog # mine\n"),
            ("backendgen: 1 # v\ndoc: x\n", "backendgen: 1 # v\nname: blog\ndoc: x\n"),
            ("backendgen: 1\nname:\n", "backendgen: 1\nname: blog\n"),
            ("backendgen: 1\nname: \"shop\"\n", "backendgen: 1\nname: blog\n"),
        ];
        for (text, expected) in table {
            let file = SourceFile { path: Arc::from(Utf8Path::new("a.yaml")), bytes: text.as_bytes().to_vec() };
            assert_eq!(set_name(&file, "blog").expect("an editable file"), expected);
        }
    }

    #[test]
    fn a_new_resource_is_one_screen() {
        let fields = [
            field_argument("author: ref(users)").expect("valid"),
            field_argument("title:string:1..200").expect("valid"),
        ];
        insta::assert_snapshot!(resource_text(&fields, Some("author")), @r"
        # yaml-language-server: $schema=../.backendgen/schema/resource.json
        versioned: true
        owner: author
        fields:
          author: ref(users)
          title: string(1..200)
        permissions: {read: owner, create: authenticated, write: owner}
        ");
    }
}
