//! Diagnostics for people: the line, the token underlined, the help, and where to read more.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::source::{Source, Span};

/// The longest line that is shown as a whole.
const WIDTH: usize = 160;

/// The most that are shown at once: nobody reads further.
const MOST: usize = 500;

/// Whether a text may hold colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// With the escape sequences of a terminal.
    On,
    /// Plain text.
    Off,
}

/// All diagnostics down to a severity, in the order of the files.
#[must_use]
pub fn render(source: &Source, diagnostics: &Diagnostics, least: Severity, color: Color) -> String {
    let renderer = match color {
        Color::On => Renderer::styled(),
        Color::Off => Renderer::plain(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
    let sorted = diagnostics.sorted();
    let shown: Vec<_> = sorted.into_iter().filter(|diagnostic| diagnostic.severity() <= least).collect();
    let more = shown.len().saturating_sub(MOST);
    let text: String = shown.iter().take(MOST).map(|diagnostic| one(source, diagnostic, &renderer) + "\n\n").collect();
    if more == 0 { text } else { format!("{text}and {more} more: mend these first\n\n") }
}

fn one(source: &Source, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level.primary_title(printable(&diagnostic.message)).id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    if let Some(excerpt) = diagnostic.span.as_ref().and_then(|span| excerpt(source, span)) {
        let annotation = AnnotationKind::Primary.span(excerpt.range).label(printable(&diagnostic.label));
        let snippet = Snippet::source(excerpt.text).line_start(excerpt.line).path(excerpt.path);
        group = group.element(snippet.annotation(annotation));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(printable(help)));
    }
    let more = format!("backendgen explain {}", diagnostic.code);
    group = group.element(Level::NOTE.with_name("more").message(more));
    renderer.render(&[group])
}

/// The line that a diagnostic shows.
struct Excerpt {
    path: String,
    line: usize,
    text: String,
    range: std::ops::Range<usize>,
}

/// The first line of a span; bytes that are not UTF-8 are replaced.
fn excerpt(source: &Source, span: &Span) -> Option<Excerpt> {
    let bytes = source.get(&span.path)?.bytes.as_slice();
    let start = span.start.min(bytes.len());
    let line_start = bytes[..start].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let line_end = bytes[start..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |length| start + length);
    let end = span.end.clamp(start, line_end);
    let lossy = |from: usize, to: usize| String::from_utf8_lossy(&bytes[from..to]).into_owned();
    let (before, marked, behind) = (lossy(line_start, start), lossy(start, end), lossy(end, line_end));
    let range = before.len()..before.len() + marked.trim_end().len();
    let text = format!("{before}{marked}{behind}");
    let line = bytes[..line_start].split(|&byte| byte == b'\n').count();
    Some(Excerpt { path: span.path.to_string(), line, text: text.trim_end_matches('\r').to_owned(), range })
}

/// Without characters that a terminal would act on.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;
    use crate::diagnostic::Code;

    fn rendered(text: &[u8], range: std::ops::Range<usize>) -> String {
        let mut source = Source::default();
        source.insert("resources/posts.yaml", text);
        let path = source.get(Utf8Path::new("resources/posts.yaml")).expect("just inserted").path.clone();
        let span = Span::new(&path, range.start, range.end);
        let diagnostic = Diagnostic::new(Code::E301, &span, "`author` refers to the unknown resource `user`")
            .label("no file resources/user.yaml")
            .help("did you mean `users`?");
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(diagnostic);
        render(&source, &diagnostics, Severity::Info, Color::Off)
    }

    #[test]
    fn the_token_is_underlined() {
        let text = rendered(b"fields:\n  title: string\n\n  author: ref(user)\n", 35..44);
        insta::assert_snapshot!(text, @r"
        error[E301]: `author` refers to the unknown resource `user`
         --> resources/posts.yaml:4:11
          |
        4 |   author: ref(user)
          |           ^^^^^^^^^ no file resources/user.yaml
          |
          = help: did you mean `users`?
          = more: backendgen explain E301
        ");
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_replaced() {
        let text = rendered(b"a: \xff\xfeb\r\n", 3..3);
        assert!(text.contains("1 | a: \u{fffd}\u{fffd}b\n"), "{text}");
    }

    #[test]
    fn a_span_behind_the_end_is_shown_at_the_end() {
        let text = rendered(b"a: b", 90..99);
        assert!(text.contains("resources/posts.yaml:1:5"), "{text}");
    }
}
