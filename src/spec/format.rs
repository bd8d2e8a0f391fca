//! The one layout of a spec: first line, key order of the language, shorthand where possible. Comments survive.

use std::collections::BTreeMap;
use std::sync::Arc;

use granit_parser::{Event, Parser};

use super::document::{self, Entry, Node, NodeKind, Style};
use super::edit::{PROJECT_HEADER, RESOURCE_HEADER};
use super::layout::{self, Parts};
use super::reader::{Allowed, Reader};
use super::{field, project, resource, shorthand};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{SourceFile, Span};

/// The longest line that a collection in brackets may make.
const WIDTH: usize = 120;
/// How editors mark the first line.
const HEADER_START: &str = "# yaml-language-server:";

/// What a file of the spec is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// `backendgen.yaml`.
    Project,
    /// `resources/<plural>.yaml`.
    Resource,
}

/// The text of a file in the one layout. A byte-order mark and the kind of line ends stay as they are.
///
/// # Errors
///
/// A file that is not a document of the YAML profile.
pub fn format(file: &SourceFile, kind: FileKind) -> Result<String, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    document::read(file, &mut diagnostics);
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let original = document::text_of(file).map_err(one)?;
    let (mark, text) = original.strip_prefix('\u{feff}').map_or(("", original), |text| ("\u{feff}", text));
    let has_carriage_returns = text.contains("\r\n");
    let text = text.replace("\r\n", "\n");
    let plain = SourceFile { path: Arc::clone(&file.path), bytes: text.clone().into_bytes() };
    let root = document::read(&plain, &mut diagnostics).ok_or_else(|| diagnostics.clone())?;
    let formatted = Writer::new(&text, &root).document(&root, kind);
    if meaning(&file.path, &formatted, kind) != meaning(&file.path, &text, kind) {
        let diagnostic =
            Diagnostic::new(Code::E009, &Span::new(&file.path, 0, 0), "this layout cannot be changed safely");
        return Err(one(diagnostic.help("write the file in block form first")));
    }
    let formatted = if has_carriage_returns { formatted.replace('\n', "\r\n") } else { formatted };
    Ok(format!("{mark}{formatted}"))
}

fn one(diagnostic: Diagnostic) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(diagnostic);
    diagnostics
}

/// What a file says, without places.
fn meaning(path: &Arc<camino::Utf8Path>, text: &str, kind: FileKind) -> Option<String> {
    let file = SourceFile { path: Arc::clone(path), bytes: text.as_bytes().to_vec() };
    let mut reader = Reader::default();
    let node = document::read(&file, &mut reader.diagnostics)?;
    let said = match kind {
        FileKind::Project => format!("{:?}", project::read::project(&mut reader, path, &node)),
        FileKind::Resource => format!("{:?}", resource::read::resource(&mut reader, path, "posts", &node)),
    };
    let mut meaning = String::new();
    let mut rest = said.as_str();
    while let Some(at) = rest.find("Span {") {
        meaning.push_str(&rest[..at]);
        rest = rest[at..].split_once('}').map_or("", |(_, rest)| rest);
    }
    Some(meaning + rest)
}

/// What a mapping is, which decides the order of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    Project,
    Resource,
    Fields,
    Field,
    Mixins,
    Mixin,
    Auth,
    Api,
    Defaults,
    Naming,
    List,
    Other,
}

impl Context {
    fn allowed(self) -> Option<&'static Allowed> {
        match self {
            Self::Project => Some(&project::read::ALLOWED),
            Self::Resource => Some(&resource::read::ALLOWED),
            Self::Field => Some(&field::read::ALLOWED),
            Self::Mixin => Some(&project::read::MIXIN),
            Self::Auth => Some(&project::read::AUTH),
            Self::Api => Some(&project::read::API),
            Self::Defaults => Some(&project::read::DEFAULTS),
            Self::Naming => Some(&project::read::NAMING),
            Self::List => Some(&resource::read::LIST),
            Self::Fields | Self::Mixins | Self::Other => None,
        }
    }

    /// The context of the value of a key.
    fn inside(self, key: &str) -> Self {
        match (self, key) {
            (Self::Project, "types") | (Self::Resource | Self::Field | Self::Mixin, "fields") => Self::Fields,
            (Self::Fields, _) => Self::Field,
            (Self::Project, "mixins") => Self::Mixins,
            (Self::Mixins, _) => Self::Mixin,
            (Self::Project, "auth") => Self::Auth,
            (Self::Project, "api") => Self::Api,
            (Self::Project, "defaults") => Self::Defaults,
            (Self::Project, "naming") => Self::Naming,
            (Self::Resource | Self::Defaults, "list") => Self::List,
            _ => Self::Other,
        }
    }
}

/// A comment and how it stands.
#[derive(Debug, Clone)]
struct Comment {
    start: usize,
    end: usize,
    column: usize,
    /// Nothing but blanks stands before it.
    is_alone: bool,
    /// The next line is empty.
    is_apart: bool,
}

/// What stands around an entry or item.
#[derive(Debug, Clone, Default)]
struct Attached {
    above: Vec<String>,
    beside: Option<String>,
    below: Vec<String>,
    has_blank_line: bool,
}

struct Writer<'a> {
    text: &'a str,
    comments: Vec<Comment>,
    /// By the offset of the entry or item.
    attached: BTreeMap<usize, Attached>,
    /// Comments of the file as a whole, above everything.
    head: Vec<String>,
    /// Comments below everything.
    tail: Vec<String>,
}

impl<'a> Writer<'a> {
    fn new(text: &'a str, root: &Node) -> Self {
        let mut writer =
            Self { text, comments: comments(text), attached: BTreeMap::new(), head: Vec::new(), tail: Vec::new() };
        let mut elements = Vec::new();
        let mut flows = Vec::new();
        collect(root, &mut elements, &mut flows);
        elements.sort_unstable();
        writer.attach(&elements, &flows);
        writer
    }

    fn attach(&mut self, elements: &[usize], flows: &[(usize, usize)]) {
        for &element in elements {
            let has_blank_line = self.has_blank_line(element);
            self.attached.insert(element, Attached { has_blank_line, ..Attached::default() });
        }
        let comments = std::mem::take(&mut self.comments);
        for (position, comment) in comments.iter().enumerate() {
            if flows.iter().any(|(start, end)| (*start..*end).contains(&comment.start)) {
                continue;
            }
            let text = self.text[comment.start..comment.end].trim_end().to_owned();
            let next = elements.partition_point(|element| *element < comment.start);
            let before = next.checked_sub(1).map(|at| elements[at]);
            if !comment.is_alone
                && let Some(before) = before
            {
                self.attached.entry(before).or_default().beside = Some(text);
                continue;
            }
            let after = elements.get(next).copied();
            if before.is_none() && is_head(&comments[position..], after) {
                self.head.push(text);
                continue;
            }
            match after.filter(|after| comment.column <= self.column(*after) || before.is_none()) {
                Some(after) => self.attached.entry(after).or_default().above.push(text),
                None if comment.column == 0 => self.tail.push(text),
                None => self.attach_below(&elements[..next], comment.column, text),
            }
        }
        self.comments = comments;
    }

    /// A comment behind everything that it could stand above belongs to the last entry that is not deeper.
    fn attach_below(&mut self, before: &[usize], column: usize, text: String) {
        let owner = before.iter().rev().find(|element| self.column(**element) <= column).or(before.first());
        match owner {
            Some(owner) => self.attached.entry(*owner).or_default().below.push(text),
            None => self.head.push(text),
        }
    }

    fn column(&self, at: usize) -> usize {
        at - self.text[..at].rfind('\n').map_or(0, |line| line + 1)
    }

    /// Whether an empty line stands above an element and the comments that belong to it.
    fn has_blank_line(&self, element: usize) -> bool {
        let line = self.text[..element].rfind('\n').map_or(0, |at| at + 1);
        let lines: Vec<&str> = self.text[..line].lines().rev().take_while(|line| is_blank_or_comment(line)).collect();
        lines.iter().any(|line| line.trim().is_empty())
    }

    fn document(&self, root: &Node, kind: FileKind) -> String {
        let (header, context) = match kind {
            FileKind::Project => (PROJECT_HEADER, Context::Project),
            FileKind::Resource => (RESOURCE_HEADER, Context::Resource),
        };
        let mut out = format!("{header}\n");
        let head: Vec<_> = self.head.iter().filter(|comment| !comment.starts_with(HEADER_START)).collect();
        for comment in &head {
            out.push_str(comment);
            out.push('\n');
        }
        if !head.is_empty() {
            out.push('\n');
        }
        match &root.kind {
            NodeKind::Mapping(entries) => self.mapping(entries, 0, context, &mut out),
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => {
                out.push_str(&self.text[root.span.start..root.span.end]);
                out.push('\n');
            }
        }
        for comment in &self.tail {
            out.push_str(comment);
            out.push('\n');
        }
        out
    }

    fn mapping(&self, entries: &[Entry], indent: usize, context: Context, out: &mut String) {
        let empty = Attached::default();
        for (position, entry) in ordered(entries, context).into_iter().enumerate() {
            let attached = self.attached.get(&entry.key.span.start).unwrap_or(&empty);
            above(attached, indent, position > 0, out);
            push_indent(out, indent);
            self.entry(entry, indent, context, attached, out);
            below(attached, indent, out);
        }
    }

    /// `key: value`, without the indentation of its first line.
    fn entry(&self, entry: &Entry, indent: usize, context: Context, attached: &Attached, out: &mut String) {
        let key = &self.text[entry.key.span.start..entry.key.span.end];
        out.push_str(key);
        out.push(':');
        let inside = context.inside(&entry.key.value);
        if context == Context::Fields
            && let Some(text) = self.shorthand(&entry.value)
        {
            return line(out, &layout::scalar(&text), attached);
        }
        if context == Context::Project && entry.key.value == "python" && !entry.value.is_null() {
            let raw = self.raw(&entry.value);
            let is_plain = raw.starts_with(|c: char| c.is_ascii_digit());
            return line(out, &if is_plain { format!("\"{raw}\"") } else { raw.to_owned() }, attached);
        }
        self.value(&entry.value, indent, inside, attached, out);
    }

    fn value(&self, node: &Node, indent: usize, context: Context, attached: &Attached, out: &mut String) {
        match &node.kind {
            NodeKind::Scalar(_) | NodeKind::Broken => line(out, &self.scalar(node, indent), attached),
            NodeKind::Mapping(entries) if entries.is_empty() => line(out, "{}", attached),
            NodeKind::List(items) if items.is_empty() => line(out, "[]", attached),
            NodeKind::Mapping(_) | NodeKind::List(_) if node.is_flow => {
                let column = out.len() - out.rfind('\n').map_or(0, |at| at + 1);
                if self.has_comments(node) {
                    return line(out, self.raw(node), attached);
                }
                match self.flow(node, context) {
                    Some(text) if column + 1 + text.len() <= WIDTH => line(out, &text, attached),
                    _ => self.block(node, indent, context, attached, out),
                }
            }
            NodeKind::Mapping(_) | NodeKind::List(_) => self.block(node, indent, context, attached, out),
        }
    }

    fn block(&self, node: &Node, indent: usize, context: Context, attached: &Attached, out: &mut String) {
        line(out, "", attached);
        match &node.kind {
            NodeKind::Mapping(entries) => self.mapping(entries, indent + 2, context, out),
            NodeKind::List(items) => self.items(items, indent + 2, out),
            NodeKind::Scalar(_) | NodeKind::Broken => {}
        }
    }

    fn items(&self, items: &[Node], indent: usize, out: &mut String) {
        let empty = Attached::default();
        for (position, item) in items.iter().enumerate() {
            let inner = match &item.kind {
                NodeKind::Mapping(entries) if !entries.is_empty() && !self.fits_in_flow(item, indent) => Some(entries),
                NodeKind::Mapping(_) | NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => None,
            };
            let start = inner.filter(|_| !item.is_flow).map_or(item.span.start, |entries| entries[0].key.span.start);
            let attached = self.attached.get(&start).unwrap_or(&empty);
            above(attached, indent, position > 0, out);
            push_indent(out, indent);
            out.push('-');
            match inner {
                Some(entries) => self.item_mapping(entries, indent + 2, out),
                None => self.value(item, indent, Context::Other, attached, out),
            }
            if inner.is_none() {
                below(attached, indent, out);
            }
        }
    }

    /// A mapping behind a dash; what stands above its first entry is written already.
    fn item_mapping(&self, entries: &[Entry], indent: usize, out: &mut String) {
        let empty = Attached::default();
        for (position, entry) in entries.iter().enumerate() {
            let attached = self.attached.get(&entry.key.span.start).unwrap_or(&empty);
            if position == 0 {
                out.push(' ');
            } else {
                above(attached, indent, true, out);
                push_indent(out, indent);
            }
            self.entry(entry, indent, Context::Other, attached, out);
            below(attached, indent, out);
        }
    }

    fn fits_in_flow(&self, node: &Node, indent: usize) -> bool {
        node.is_flow
            && (self.has_comments(node)
                || self.flow(node, Context::Other).is_some_and(|text| indent + 2 + text.len() <= WIDTH))
    }

    fn has_comments(&self, node: &Node) -> bool {
        let is_inside =
            |attached: &Attached| attached.beside.is_some() || !attached.above.is_empty() || !attached.below.is_empty();
        let mut inside = self.attached.range(node.span.start..node.span.end.max(node.span.start));
        let has_attached = matches!(node.kind, NodeKind::Mapping(_) | NodeKind::List(_))
            && !node.is_flow
            && inside.any(|(_, attached)| is_inside(attached));
        has_attached || self.comments.iter().any(|comment| (node.span.start..node.span.end).contains(&comment.start))
    }

    /// A collection in brackets on one line; `None` when it is better written over lines.
    fn flow(&self, node: &Node, context: Context) -> Option<String> {
        match &node.kind {
            // YAML 1.1 tools refuse the `?` of a shorthand in brackets.
            NodeKind::Mapping(entries) if context == Context::Field && has_plain_question_mark(entries) => None,
            NodeKind::Mapping(entries) => {
                let parts: Option<Vec<_>> = ordered(entries, context)
                    .into_iter()
                    .map(|entry| {
                        let key = &self.text[entry.key.span.start..entry.key.span.end];
                        let shorthand = (context == Context::Fields).then(|| self.shorthand(&entry.value)).flatten();
                        let value = match shorthand {
                            Some(text) => layout::flow_scalar(&text),
                            None => self.flow(&entry.value, context.inside(&entry.key.value))?,
                        };
                        let space = if value.is_empty() { "" } else { " " };
                        Some(format!("{key}:{space}{value}"))
                    })
                    .collect();
                Some(format!("{{{}}}", parts?.join(", ")))
            }
            NodeKind::List(items) => {
                let parts: Option<Vec<_>> = items.iter().map(|item| self.flow(item, Context::Other)).collect();
                Some(format!("[{}]", parts?.join(", ")))
            }
            NodeKind::Broken => None,
            NodeKind::Scalar(scalar) => match scalar.style {
                Style::Plain | Style::Quoted => {
                    Some(self.raw(node)).filter(|raw| !raw.contains('\n')).map(str::to_owned)
                }
                Style::Block => None,
            },
        }
    }

    fn raw(&self, node: &Node) -> &'a str {
        &self.text[node.span.start..node.span.end]
    }

    /// A scalar in block form, with the lines behind its first at the right place.
    fn scalar(&self, node: &Node, indent: usize) -> String {
        let NodeKind::Scalar(scalar) = &node.kind else { return self.raw(node).to_owned() };
        if scalar.style == Style::Block {
            return self.block_scalar(node, &scalar.text, indent);
        }
        let mut lines = self.raw(node).lines();
        let mut text = lines.next().unwrap_or_default().trim_end().to_owned();
        for line in lines {
            text.push('\n');
            if !line.trim().is_empty() {
                push_indent(&mut text, indent + 2);
                text.push_str(line.trim());
            }
        }
        text
    }

    fn block_scalar(&self, node: &Node, value: &str, indent: usize) -> String {
        let before = self.text[..node.span.start].trim_end_matches(['\n', ' ']);
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let header =
            before[line..].split(" #").next().unwrap_or_default().split_whitespace().last().unwrap_or_default();
        if !matches!(header, ">" | "|" | ">-" | "|-") || value.trim().is_empty() || value.starts_with([' ', '\n']) {
            return layout::scalar(value);
        }
        let old = self.column(node.span.start);
        let mut text = header.to_owned();
        for line in self
            .raw(node)
            .trim_end()
            .lines()
            .enumerate()
            .map(|(at, line)| if at == 0 { line } else { line.get(old..).unwrap_or("") })
        {
            text.push('\n');
            if !line.trim().is_empty() {
                push_indent(&mut text, indent + 2);
                text.push_str(line.trim_end());
            }
        }
        text
    }

    /// The shorthand of a field, if one can say all of it.
    fn shorthand(&self, node: &Node) -> Option<String> {
        if self.has_comments(node) {
            return None;
        }
        match &node.kind {
            NodeKind::Scalar(scalar) if scalar.style != Style::Block && !node.is_null() => {
                let parsed = shorthand::parse(&mut Reader::default(), node, &scalar.text)?;
                Some(Parts::of(&parsed).text())
            }
            NodeKind::Mapping(entries) => of_mapping(entries),
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => None,
        }
    }
}

fn has_plain_question_mark(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| {
        matches!(&entry.value.kind, NodeKind::Scalar(scalar) if scalar.style == Style::Plain && scalar.text.contains('?'))
    })
}

/// The shorthand of a long form, if one can say all of it.
fn of_mapping(entries: &[Entry]) -> Option<String> {
    let kind = entries.iter().find(|entry| entry.key.value == "type")?;
    let NodeKind::Scalar(scalar) = &kind.value.kind else { return None };
    let parsed = shorthand::parse(&mut Reader::default(), &kind.value, &scalar.text)?;
    let mut parts = Parts::of(&parsed);
    let mut lengths = (None, None);
    for entry in entries.iter().filter(|entry| entry.key.value != "type") {
        let key = entry.key.value.as_str();
        if key == "values" {
            parts.arguments = Some(values(&entry.value).filter(|_| parts.arguments.is_none() && parts.kind == "enum")?);
            continue;
        }
        let NodeKind::Scalar(value) = &entry.value.kind else { return None };
        let is_plain = value.style == Style::Plain;
        let text = value.text.as_str();
        let is_one_word = is_plain && !text.is_empty() && !text.contains([' ', '=', '"', '(', ')', ',']);
        match (key, text) {
            (
                "required" | "unique" | "index" | "sensitive" | "immutable" | "readonly" | "writeonly" | "private",
                "true",
            ) if is_plain => {
                parts.modifiers.push(key.to_owned());
            }
            ("access", "immutable" | "readonly" | "writeonly" | "private") => parts.modifiers.push(text.to_owned()),
            ("nullable", "true") if is_plain => parts.is_nullable = true,
            ("inverse", name) if is_one_word => parts.modifiers.push(format!("inverse({name})")),
            ("min", bound) if is_one_word => parts.bounds.insert(0, format!(">= {bound}")),
            ("max", bound) if is_one_word => parts.bounds.push(format!("<= {bound}")),
            ("min_length", length) if is_one_word => lengths.0 = Some(length),
            ("max_length", length) if is_one_word => lengths.1 = Some(length),
            ("default", _) if value.style != Style::Block && !text.contains('\n') && !text.starts_with('"') => {
                let is_needed = !is_plain || text.trim() != text;
                parts.default = Some(layout::quoted_if(text, is_needed)).filter(|text| !text.is_empty());
                parts.default.as_ref()?;
            }
            _ => return None,
        }
    }
    add_lengths(&mut parts, lengths)?;
    Some(parts.text())
}

/// The words of a list of values.
fn values(node: &Node) -> Option<Vec<String>> {
    let NodeKind::List(items) = &node.kind else { return None };
    items
        .iter()
        .map(|item| match &item.kind {
            NodeKind::Scalar(scalar) if scalar.style == Style::Plain => Some(scalar.text.clone()),
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Mapping(_) | NodeKind::Broken => None,
        })
        .collect()
}

fn add_lengths(parts: &mut Parts, lengths: (Option<&str>, Option<&str>)) -> Option<()> {
    let argument = match lengths {
        (None, None) => return Some(()),
        (None, Some(max)) => max.to_owned(),
        (Some(min), max) => format!("{min}..{}", max.unwrap_or_default()),
    };
    let takes_lengths = matches!(parts.kind.as_str(), "string" | "text" | "password");
    if !takes_lengths || parts.arguments.is_some() {
        return None;
    }
    parts.arguments = Some(vec![argument]);
    Some(())
}

/// Whether the first of the comments belongs to the file: an empty line separates it from the first entry.
fn is_head(comments: &[Comment], first: Option<usize>) -> bool {
    comments
        .iter()
        .take_while(|comment| first.is_none_or(|first| comment.start < first))
        .any(|comment| comment.is_apart)
}

/// The entries in the order of the language; keys that it does not know come last.
fn ordered(entries: &[Entry], context: Context) -> Vec<&Entry> {
    let mut ordered: Vec<_> = entries.iter().collect();
    if let Some(allowed) = context.allowed() {
        let rank = |entry: &&Entry| allowed.now.iter().position(|key| *key == entry.key.value).unwrap_or(usize::MAX);
        ordered.sort_by_key(rank);
    }
    ordered
}

/// The rest of a line: the value and the comment beside it. The comment of a text of many lines goes to its first.
fn line(out: &mut String, value: &str, attached: &Attached) {
    let (first, rest) = value.split_once('\n').map_or((value, None), |(first, rest)| (first, Some(rest)));
    if !first.is_empty() {
        out.push(' ');
        out.push_str(first);
    }
    let is_text = rest.is_some() && !matches!(first, ">" | "|" | ">-" | "|-");
    if let Some(comment) = attached.beside.as_ref().filter(|_| !is_text) {
        out.push_str("  ");
        out.push_str(comment);
    }
    if let Some(rest) = rest {
        out.push('\n');
        out.push_str(rest);
    }
    if let Some(comment) = attached.beside.as_ref().filter(|_| is_text) {
        out.push_str("  ");
        out.push_str(comment);
    }
    out.push('\n');
}

/// The offsets of all entries and items in block form, and the ranges of everything in brackets.
fn collect(node: &Node, elements: &mut Vec<usize>, flows: &mut Vec<(usize, usize)>) {
    if node.is_flow {
        flows.push((node.span.start, node.span.end));
        return;
    }
    match &node.kind {
        NodeKind::Mapping(entries) => {
            for entry in entries {
                elements.push(entry.key.span.start);
                collect(&entry.value, elements, flows);
            }
        }
        NodeKind::List(items) => {
            for item in items {
                if item.is_flow || !matches!(item.kind, NodeKind::Mapping(_)) {
                    elements.push(item.span.start);
                }
                collect(item, elements, flows);
            }
        }
        NodeKind::Scalar(_) | NodeKind::Broken => {}
    }
}

fn above(attached: &Attached, indent: usize, may_be_apart: bool, out: &mut String) {
    if attached.has_blank_line && may_be_apart {
        out.push('\n');
    }
    for comment in attached.above.iter().filter(|comment| !comment.starts_with(HEADER_START)) {
        push_indent(out, indent);
        out.push_str(comment);
        out.push('\n');
    }
}

fn below(attached: &Attached, indent: usize, out: &mut String) {
    for comment in &attached.below {
        push_indent(out, indent);
        out.push_str(comment);
        out.push('\n');
    }
}

fn push_indent(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

fn is_blank_or_comment(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

/// All comments in their order.
fn comments(text: &str) -> Vec<Comment> {
    let mut options = granit_parser::Options::default();
    options.max_buffered_comment_events = usize::MAX;
    let mut found = Vec::new();
    for (event, span) in Parser::new_from_str_with_options(text, options).map_while(Result::ok) {
        let (Event::Comment(..), Some(range)) = (event, span.byte_range()) else { continue };
        let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let is_alone = text[line..range.start].trim().is_empty();
        let is_apart = text[range.end..].strip_prefix('\n').is_some_and(|rest| rest.starts_with('\n'));
        found.push(Comment { start: range.start, end: range.end, column: range.start - line, is_alone, is_apart });
    }
    found.sort_by_key(|comment| comment.start);
    found
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;

    fn formatted(text: &str, kind: FileKind) -> String {
        let file =
            |text: &str| SourceFile { path: Arc::from(Utf8Path::new("a.yaml")), bytes: text.as_bytes().to_vec() };
        let once = format(&file(text), kind).expect("the text is YAML");
        let twice = format(&file(&once), kind).expect("the layout is YAML");
        assert_eq!(once, twice, "a second run changes nothing");
        once
    }

    #[test]
    fn a_resource_has_one_layout_and_keeps_its_comments() {
        let text = "\
# Licence.

# About the list.
list: {page: cursor,   sort: [a , b]}   # beside
fields:   # the fields
    # above a
    a: {type: \"string(1..200)\" , unique: true}

    b: {type: ref(users)?, on_delete: cascade, inverse: bs}
    c:
        values: [x, y]   # why
        type: enum
    d: string   unique  index required  = x
    e: {type: int, min: 1, default: 5}
    f:
        doc: >
            Many
            words.
        type: text
    # below
unique:
- [a, b]
- fields: [a]
  case: insensitive
x-owner: team
doc: 'Posts.'
# end
";
        insta::assert_snapshot!(formatted(text, FileKind::Resource), @r"
        # yaml-language-server: $schema=../.backendgen/schema/resource.json
        # Licence.

        doc: 'Posts.'
        fields:  # the fields
          # above a
          a: string(1..200) unique

          b:
            type: ref(users)?
            inverse: bs
            on_delete: cascade
          c:
            type: enum
            values: [x, y]  # why
          d: string required unique index = x
          e: int >= 1 = 5
          f:
            type: text
            doc: >
              Many
              words.
          # below
        unique:
          - [a, b]
          - fields: [a]
            case: insensitive

        # About the list.
        list: {sort: [a, b], page: cursor}  # beside
        x-owner: team
        # end
        ");
    }

    #[test]
    fn a_project_has_one_layout() {
        let text = "name: shop\npython: 3.12\nbackendgen: 1\nauth: {roles: [user], user: users}\n";
        insta::assert_snapshot!(formatted(text, FileKind::Project), @r#"
        # yaml-language-server: $schema=.backendgen/schema/project.json
        backendgen: 1
        name: shop
        python: "3.12"
        auth: {user: users, roles: [user]}
        "#);
    }

    #[test]
    fn marks_and_line_ends_stay() {
        let text = formatted("\u{feff}fields:\r\n  a:   int\r\n", FileKind::Resource);
        assert_eq!(text, format!("\u{feff}{RESOURCE_HEADER}\r\nfields:\r\n  a: int\r\n"));
    }
}
