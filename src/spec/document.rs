//! One YAML file as a tree that knows where everything stands. Types nothing: `1.10` and `no` stay text.

use std::collections::BTreeMap;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StructureStyle};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{SourceFile, Span, Spanned};

/// The largest file that is read.
const MAX_BYTES: usize = 1024 * 1024;
/// The deepest nesting that is read.
const MAX_DEPTH: usize = 32;

/// A value in a YAML file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub kind: NodeKind,
    pub span: Span,
    /// Whether it is a collection in brackets.
    pub is_flow: bool,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum NodeKind {
    Scalar(Scalar),
    List(Vec<Node>),
    Mapping(Vec<Entry>),
    /// A value that has its diagnostic already.
    Broken,
}

/// One key and its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub key: Spanned<String>,
    pub value: Node,
}

/// A text in a YAML file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scalar {
    /// After quotes, escapes and folding.
    pub text: String,
    pub style: Style,
    /// Whether it stands inside `{…}` or `[…]`.
    pub in_flow: bool,
    /// Whether the text stands in the source byte for byte, so that parts of it have a place.
    pub is_verbatim: bool,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Quoted,
    Block,
}

impl Node {
    /// A value that has its diagnostic already.
    fn broken(span: Span) -> Self {
        Self { kind: NodeKind::Broken, span, is_flow: false }
    }

    /// Whether it is `null`, `~` or nothing at all.
    pub fn is_null(&self) -> bool {
        match &self.kind {
            NodeKind::Scalar(scalar) => {
                scalar.style == Style::Plain && (matches!(scalar.text.as_str(), "null" | "~") || self.span.is_empty())
            }
            NodeKind::List(_) | NodeKind::Mapping(_) | NodeKind::Broken => false,
        }
    }

    /// The place of the bytes `start..end` of its text.
    pub fn part(&self, start: usize, end: usize) -> Span {
        match &self.kind {
            NodeKind::Scalar(scalar) if scalar.is_verbatim => {
                let quote = usize::from(scalar.style == Style::Quoted);
                self.span.slice(quote + start, end - start)
            }
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Mapping(_) | NodeKind::Broken => self.span.clone(),
        }
    }
}

/// Reads one file. `None` if it is not a document of the profile as a whole; the diagnostics say why.
pub(super) fn read(file: &SourceFile, diagnostics: &mut Diagnostics) -> Option<Node> {
    let text = match text_of(file) {
        Ok(text) => text,
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            return None;
        }
    };
    let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let mut builder = Builder { file, text, open: Vec::new(), root: None, documents: 0, line_starts, diagnostics };
    match builder.build() {
        Ok(()) => builder.root.or_else(|| Some(empty(file))),
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            None
        }
    }
}

/// The text of a file, when the profile allows it.
pub(super) fn text_of(file: &SourceFile) -> Result<&str, Diagnostic> {
    let start = Span::new(&file.path, 0, 0);
    if file.bytes.len() > MAX_BYTES {
        return Err(Diagnostic::new(Code::E007, &start, "file is larger than 1 MiB")
            .help("split the resource, or move long texts out of the spec"));
    }
    std::str::from_utf8(&file.bytes).map_err(|error| {
        let at = error.valid_up_to();
        Diagnostic::new(Code::E007, &Span::new(&file.path, at, at), "file is not UTF-8")
            .help("save the file in the encoding UTF-8")
    })
}

/// A plain text that no file holds, at a place.
pub(super) fn plain(text: &str, span: Span) -> Node {
    let scalar = Scalar { text: text.to_owned(), style: Style::Plain, in_flow: false, is_verbatim: true };
    Node { kind: NodeKind::Scalar(scalar), span, is_flow: false }
}

fn empty(file: &SourceFile) -> Node {
    Node { kind: NodeKind::Mapping(Vec::new()), span: Span::new(&file.path, 0, 0), is_flow: false }
}

/// A collection that is not closed yet.
struct Open {
    start: usize,
    is_flow: bool,
    content: Content,
    /// Where its tag or anchor stands, if it has one: then it is left out.
    is_refused: bool,
}

enum Content {
    List(Vec<Node>),
    Mapping(OpenMapping),
}

#[derive(Default)]
struct OpenMapping {
    entries: Vec<Entry>,
    key: Option<Node>,
    /// Where each key stands for the first time.
    first: BTreeMap<String, usize>,
    /// Whether the entry before was cut in the middle of a shorthand.
    is_cut: bool,
}

struct Builder<'a> {
    file: &'a SourceFile,
    text: &'a str,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    /// The offset of the first byte of every line.
    line_starts: Vec<usize>,
    diagnostics: &'a mut Diagnostics,
}

impl Builder<'_> {
    fn build(&mut self) -> Result<(), Diagnostic> {
        let mut options = granit_parser::options! {
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        options.set_emit_comments(false);
        for event in Parser::new_from_str_with_options(self.text, options) {
            let (event, span) = event.map_err(|error| self.not_yaml(&error))?;
            let range = span.byte_range().unwrap_or(0..0);
            let is_tagged = event.tag().is_some();
            if is_tagged {
                let at = span.tag_span().and_then(|tag| tag.byte_range()).unwrap_or_else(|| range.clone());
                let tag = self.text.get(at.clone()).unwrap_or_default();
                self.refuse(Code::E005, at, format!("YAML tag `{tag}` is not supported"), "remove the tag");
            }
            self.take(event, range, is_tagged)?;
        }
        Ok(())
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the enum is not exhaustive; other events carry no value")]
    fn take(&mut self, event: Event<'_>, range: std::ops::Range<usize>, is_tagged: bool) -> Result<(), Diagnostic> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    let span = self.span(range.start, range.end);
                    return Err(Diagnostic::new(Code::E006, &span, "the file holds more than one YAML document")
                        .help("remove the line `---`"));
                }
            }
            Event::Scalar(text, style, anchor, _) => {
                let node = self.scalar(text.into_owned(), style, range);
                self.add(if anchor > 0 || is_tagged { self.broken(&node) } else { node });
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse_anchor(range.clone());
                let span = self.span(range.start, range.end);
                self.add(Node::broken(span));
            }
            Event::Anchor(..) => self.refuse_anchor(range),
            Event::SequenceStart(style, anchor, _) => {
                self.open(Content::List(Vec::new()), style, range.start, anchor > 0 || is_tagged)?;
            }
            Event::MappingStart(style, anchor, _) => {
                let content = Content::Mapping(OpenMapping::default());
                self.open(content, style, range.start, anchor > 0 || is_tagged)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, content: Content, style: StructureStyle, start: usize, refused: bool) -> Result<(), Diagnostic> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.too_deep(start));
        }
        self.open.push(Open { start, is_flow: style == StructureStyle::Flow, content, is_refused: refused });
        Ok(())
    }

    fn close(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let (kind, last) = match open.content {
            Content::List(nodes) => {
                let last = nodes.last().map(|node| node.span.end);
                (NodeKind::List(nodes), last)
            }
            Content::Mapping(mapping) => {
                let last = mapping.entries.last().map(|entry| entry.value.span.end);
                (NodeKind::Mapping(mapping.entries), last)
            }
        };
        let end = if open.is_flow { end } else { last.unwrap_or(open.start) };
        let kind = if open.is_refused { NodeKind::Broken } else { kind };
        let span = self.span(open.start, end.max(open.start));
        self.add(Node { kind, span, is_flow: open.is_flow });
    }

    fn add(&mut self, node: Node) {
        let node = self.checked(node);
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        let mapping = match &mut open.content {
            Content::List(nodes) => return nodes.push(node),
            Content::Mapping(mapping) => mapping,
        };
        let Some(key) = mapping.key.take() else {
            mapping.key = Some(node);
            return;
        };
        if mapping.is_cut && node.is_null() {
            mapping.is_cut = !matches!(&key.kind, NodeKind::Scalar(scalar) if scalar.text.ends_with(')'));
            return;
        }
        let is_flow = open.is_flow;
        mapping.is_cut = is_flow && is_half_shorthand(&node);
        let node = if mapping.is_cut { cut(node, self.diagnostics) } else { node };
        if let Some(key) = self.key(key, is_flow)
            && let Some(Open { content: Content::Mapping(mapping), .. }) = self.open.last_mut()
        {
            mapping.entries.push(Entry { key, value: node });
        }
    }

    /// The value, or a broken one when a no-break space made it.
    fn checked(&mut self, node: Node) -> Node {
        let NodeKind::Scalar(scalar) = &node.kind else { return node };
        if scalar.style != Style::Plain {
            return node;
        }
        let source = &self.text[node.span.start..node.span.end];
        let inside = source.find(":\u{a0}").map(|colon| colon + 1);
        let Some(at) = inside.or_else(|| source.starts_with('\u{a0}').then_some(0)) else { return node };
        self.diagnostics.push(no_break(&self.file.path, self.text, node.span.start + at));
        Node::broken(node.span)
    }

    /// A key that may stand in the open mapping, or its diagnostic.
    fn key(&mut self, key: Node, is_flow: bool) -> Option<Spanned<String>> {
        let NodeKind::Scalar(scalar) = key.kind else {
            if key.kind != NodeKind::Broken {
                let message = "a key is a word, not a list or a mapping";
                self.diagnostics.push(Diagnostic::new(Code::E009, &key.span, message));
            }
            return None;
        };
        if scalar.text == "<<" && scalar.style == Style::Plain {
            return None;
        }
        if !is_flow {
            self.refuse_tab(key.span.start);
        }
        let Some(Open { content: Content::Mapping(mapping), .. }) = self.open.last_mut() else { return None };
        if let Some(first) = mapping.first.get(&scalar.text) {
            let line = self.line_starts.partition_point(|start| start <= first);
            let message = format!("duplicate key `{}` (first at line {line})", scalar.text);
            self.diagnostics.push(Diagnostic::new(Code::E002, &key.span, message).help("keep one of the two"));
            return None;
        }
        mapping.first.insert(scalar.text.clone(), key.span.start);
        Some(Spanned::new(scalar.text, key.span))
    }

    /// Tells of a tab in the indentation of the line that `at` is on.
    fn refuse_tab(&mut self, at: usize) {
        let line = self.line_starts[self.line_starts.partition_point(|start| *start <= at) - 1];
        let indent = &self.text[line..at];
        if let Some(tab_at) = indent.find('\t')
            && indent.chars().all(|c| c.is_whitespace() || c == '-')
        {
            let span = self.span(line + tab_at, line + tab_at + 1);
            self.diagnostics.push(tab(&span));
        }
    }

    fn scalar(&self, text: String, style: ScalarStyle, range: std::ops::Range<usize>) -> Node {
        let source = self.text.get(range.clone()).unwrap_or_default();
        let (style, written) = match style {
            ScalarStyle::Plain => (Style::Plain, source),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                (Style::Quoted, source.get(1..source.len().saturating_sub(1)).unwrap_or_default())
            }
            ScalarStyle::Literal | ScalarStyle::Folded => (Style::Block, ""),
        };
        let is_verbatim = style != Style::Block && written == text;
        let in_flow = self.open.last().is_some_and(|open| open.is_flow);
        let text = if range.is_empty() && style == Style::Plain { String::new() } else { text };
        let kind = NodeKind::Scalar(Scalar { text, style, in_flow, is_verbatim });
        Node { kind, span: self.span(range.start, range.end), is_flow: false }
    }

    /// Keeps a key readable, whatever its tag, and drops a value.
    fn broken(&self, node: &Node) -> Node {
        let is_key =
            matches!(self.open.last(), Some(Open { content: Content::Mapping(OpenMapping { key: None, .. }), .. }));
        if is_key { node.clone() } else { Node::broken(node.span.clone()) }
    }

    fn refuse(&mut self, code: Code, range: std::ops::Range<usize>, message: String, help: &str) {
        let span = self.span(range.start, range.end);
        self.diagnostics.push(Diagnostic::new(code, &span, message).help(help));
    }

    fn refuse_anchor(&mut self, range: std::ops::Range<usize>) {
        let message = "YAML anchors and aliases are not supported".to_owned();
        self.refuse(Code::E004, range, message, "use `types:` or `mixins:` in backendgen.yaml");
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(&self.file.path, start, end)
    }

    fn too_deep(&self, at: usize) -> Diagnostic {
        Diagnostic::new(Code::E007, &self.span(at, at), "file is nested deeper than 32")
    }

    fn not_yaml(&self, error: &ScanError) -> Diagnostic {
        let at = floor(self.text, error.marker().byte_offset().unwrap_or(0));
        if let Some(space) = no_break_space(self.text, at) {
            return no_break(&self.file.path, self.text, space);
        }
        let end = self.text[at..].chars().next().map_or(at, |next| at + next.len_utf8());
        let span = if self.text[at..end].trim().is_empty() { self.span(at, at) } else { self.span(at, end) };
        #[expect(clippy::wildcard_enum_match_arm, reason = "a parser has far more kinds of errors than we have words")]
        match error.kind() {
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart => tab(&span),
            ErrorKind::RecursionLimitExceeded => self.too_deep(at),
            ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
                let message = format!("not valid YAML: the control character U+{:04X}", u32::from(*character));
                Diagnostic::new(Code::E001, &span, message).help("remove the character")
            }
            ErrorKind::MappingValueNotAllowed => {
                Diagnostic::new(Code::E001, &span, "not valid YAML: mapping values are not allowed here")
                    .help("quote the value, or check the indentation of the line")
            }
            kind => Diagnostic::new(Code::E001, &span, format!("not valid YAML: {kind}"))
                .help("quote a value that starts with `*`, `&`, `@`, `%`, `!` or a backtick, or holds `: `"),
        }
    }
}

fn tab(span: &Span) -> Diagnostic {
    Diagnostic::new(Code::E003, span, "tab used for indentation").help("use spaces")
}

/// Whether a text opens a parenthesis that it does not close.
fn is_half_shorthand(node: &Node) -> bool {
    let NodeKind::Scalar(scalar) = &node.kind else { return false };
    scalar.style == Style::Plain && scalar.text.matches('(').count() > scalar.text.matches(')').count()
}

/// Tells of a shorthand that a comma inside `{…}` has cut.
fn cut(node: Node, diagnostics: &mut Diagnostics) -> Node {
    if let NodeKind::Scalar(scalar) = &node.kind {
        let message = format!("`{}` looks like half of a shorthand: inside {{…}} a comma ends the value", scalar.text);
        let help = "quote the shorthand or write the field in block form";
        diagnostics.push(Diagnostic::new(Code::E017, &node.span, message).help(help));
    }
    Node::broken(node.span)
}

/// The last no-break space behind a colon on the lines up to `at` that the parser took for a part of a text.
fn no_break_space(text: &str, at: usize) -> Option<usize> {
    let line_end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    text[..line_end].rfind(":\u{a0}").map(|colon| colon + 1)
}

/// The diagnostic of the no-break space at `at`.
pub(super) fn no_break(path: &std::sync::Arc<camino::Utf8Path>, text: &str, at: usize) -> Diagnostic {
    let before = text[..at].trim_end_matches(':');
    let word = before.rfind(|c: char| c.is_whitespace()).map_or(0, |start| start + 1);
    let word = before.get(word..).unwrap_or_default();
    let span = Span::new(path, at, at + '\u{a0}'.len_utf8());
    Diagnostic::new(Code::E028, &span, format!("a no-break space (U+00A0) stands after `{word}:`"))
        .help("replace it by an ordinary space")
        .edit(&span, " ")
}

/// The nearest boundary of a character at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}
