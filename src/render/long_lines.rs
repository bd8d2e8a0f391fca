//! Lays out only the statements that have a line which is too long. How the formatter lays out one statement depends on
//! the statement and its indentation alone, so each is formatted by itself, in a fraction of the time of its file.

/// Replaces every statement with a line that does not fit by what `format` makes of it; `fits` judges one or more lines.
/// None where a statement can not stand alone, such as an `elif`: then the whole text needs formatting.
pub fn replace(
    text: &str,
    fits: impl Fn(&str) -> bool,
    format: impl Fn(&str) -> anyhow::Result<String>,
) -> anyhow::Result<Option<String>> {
    let mut replaced = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    while !rest.is_empty() {
        let (line, behind) = rest.split_at(logical_line(rest));
        rest = behind;
        if fits(line) || line.trim_start().starts_with('#') {
            replaced.push_str(line);
            continue;
        }
        let Some(frame) = Frame::of(line) else { return Ok(None) };
        let formatted = format(&format!("{}{line}{}", frame.before, frame.after))?;
        let Some(statement) = formatted.strip_prefix(&frame.before).and_then(|text| text.strip_suffix(&frame.after))
        else {
            return Ok(None);
        };
        replaced.push_str(statement);
    }
    Ok(Some(replaced))
}

/// The lines around a statement that make it a module of the same indentation.
struct Frame {
    before: String,
    after: String,
}

impl Frame {
    fn of(statement: &str) -> Option<Self> {
        let code = statement.trim();
        let depth = (statement.len() - statement.trim_start().len()) / 4;
        let indent = "    ".repeat(depth);
        // The formatter sets a blank line before a function that begins the block of an `if`, and ends a class after its
        // docstring with one.
        let block =
            if ["@", "def", "async def", "class"].iter().any(|start| code.starts_with(start)) { "class" } else { "if" };
        let before = (0..depth).flat_map(|depth| ["    ".repeat(depth), format!("{block} _:\n")]).collect();
        let word = code.split(|character: char| !character.is_ascii_alphanumeric() && character != '_').next();
        let after = match word.unwrap_or_default() {
            _ if code.starts_with('@') => format!("{indent}def _():\n{indent}    pass\n"),
            "def" | "class" | "async" | "if" | "for" | "while" | "with" if code.ends_with(':') => {
                format!("{indent}    pass\n")
            }
            "def" | "class" | "async" | "if" | "for" | "while" | "with" | "elif" | "else" | "try" | "except"
            | "finally" | "match" | "case" => return None,
            _ => String::new(),
        };
        Some(Self { before, after })
    }
}

/// Bytes of the first logical line: up to the first end of a line that is neither in brackets nor in a string.
fn logical_line(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut brackets = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'(' | b'[' | b'{' => brackets += 1,
            b')' | b']' | b'}' => brackets = brackets.saturating_sub(1),
            b'"' | b'\'' => {
                at = string_end(bytes, at, *byte);
                continue;
            }
            b'#' => {
                at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at);
                continue;
            }
            b'\\' => at += 1,
            b'\n' if brackets == 0 => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Where the string ends that begins at a quote.
fn string_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let triple = [quote; 3];
    let delimiter: &[u8] = if bytes[start..].starts_with(&triple) { &triple } else { &triple[..1] };
    let mut at = start + delimiter.len();
    while at < bytes.len() {
        if bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at..].starts_with(delimiter) {
            return at + delimiter.len();
        } else {
            at += 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logical_line_ends_outside_of_brackets_and_strings() {
        let table = [
            ("x = 1\ny", "x = 1\n"),
            ("\nx", "\n"),
            ("f(\n    a,\n)\ny", "f(\n    a,\n)\n"),
            ("x = \"(\"  # [\ny", "x = \"(\"  # [\n"),
            ("\"\"\"a\n'b\"\"\"\ny", "\"\"\"a\n'b\"\"\"\n"),
            ("x = '\\'('\ny", "x = '\\'('\n"),
            ("x = \\\n    1\ny", "x = \\\n    1\n"),
            ("x", "x"),
        ];
        for (text, line) in table {
            assert_eq!(&text[..logical_line(text)], line);
        }
    }

    #[test]
    fn a_statement_is_framed_by_its_indentation_and_a_body() {
        let table = [
            ("x = 1\n", Some(("", ""))),
            ("    x = 1\n", Some(("if _:\n", ""))),
            ("    @get\n", Some(("class _:\n", "    def _():\n        pass\n"))),
            ("def f():\n", Some(("", "    pass\n"))),
            ("classes = 1\n", Some(("", ""))),
            ("if x: y\n", None),
            ("elif x:\n", None),
        ];
        for (statement, expected) in table {
            let frame = Frame::of(statement);
            assert_eq!(
                frame.as_ref().map(|frame| (frame.before.as_str(), frame.after.as_str())),
                expected,
                "{statement}"
            );
        }
    }
}
