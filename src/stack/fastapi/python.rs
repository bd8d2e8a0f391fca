//! Pieces of Python that templates may print. Only the functions here can make one, and each escapes or checks, so text of
//! a spec can neither break nor inject code.

use serde::Serialize;

/// A name of Python.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Ident(String);

/// An expression, or the text of an annotation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Expr(String);

impl Ident {
    /// A name that is made of letters, digits and `_`.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        assert!(is_identifier(&name), "`{name}` is checked to be an identifier before it gets here");
        Self(name)
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Ident {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::fmt::Display for Expr {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Expr {
    /// Code of our own, made of identifiers and expressions only; never text of a spec.
    #[must_use]
    pub fn code(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// A text literal, quoted as the formatter would.
    #[must_use]
    pub fn string(text: &str) -> Self {
        let quote = if text.contains('"') && !text.contains('\'') { '\'' } else { '"' };
        let mut literal = String::from(quote);
        for character in text.chars() {
            match character {
                '\\' => literal.push_str("\\\\"),
                '\n' => literal.push_str("\\n"),
                '\r' => literal.push_str("\\r"),
                '\t' => literal.push_str("\\t"),
                character if character == quote => literal.extend(['\\', character]),
                character if is_invisible(character) => literal.push_str(&escaped(character)),
                character => literal.push(character),
            }
        }
        literal.push(quote);
        Self(literal)
    }

    /// SQL as a text literal for SQLAlchemy's `text()`, which takes a colon before a word for a parameter.
    #[must_use]
    pub fn sql(sql: &str) -> Self {
        let mut escaped = String::new();
        let mut before = None;
        let mut characters = sql.chars().peekable();
        while let Some(character) = characters.next() {
            let starts_word = characters.peek().is_some_and(|next| next.is_alphanumeric() || *next == '_');
            if character == ':' && starts_word && before != Some(':') {
                escaped.push('\\');
            }
            escaped.push(character);
            before = Some(character);
        }
        Self::string(&escaped)
    }

    /// `True` or `False`.
    #[must_use]
    pub fn bool(value: bool) -> Self {
        Self(if value { "True" } else { "False" }.to_owned())
    }

    /// A JSON value as a Python literal.
    #[must_use]
    pub fn json(value: &serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Self("None".to_owned()),
            Value::Bool(value) => Self::bool(*value),
            Value::Number(number) => Self(number.to_string()),
            Value::String(text) => Self::string(text),
            Value::Array(items) => Self(format!("[{}]", joined(items.iter().map(Self::json)))),
            Value::Object(entries) => {
                let entries =
                    entries.iter().map(|(key, value)| format!("{}: {}", Self::string(key), Self::json(value)));
                Self(format!("{{{}}}", entries.collect::<Vec<_>>().join(", ")))
            }
        }
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Text that is safe inside a docstring or a comment: one line, no quotes that could end it, no escapes.
#[must_use]
pub fn docstring(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let safe = words.replace('\\', "\\\\").replace("\"\"\"", "'''");
    let safe: String = safe.chars().filter(|character| !is_invisible(*character)).collect();
    match safe.strip_suffix('"') {
        Some(start) => format!("{start}\\\""),
        None => safe,
    }
}

/// A tuple with one entry a line, as the formatter leaves it: one entry alone stays on the line. `depth` counts the
/// indentations of the line that the tuple begins on.
#[must_use]
pub fn tuple(entries: &[Expr], depth: usize) -> Expr {
    match entries {
        [] => Expr("()".to_owned()),
        [entry] => Expr(format!("({entry},)")),
        entries => {
            let indent = "    ".repeat(depth);
            let lines: Vec<_> = entries.iter().map(|entry| format!("{indent}    {entry},")).collect();
            Expr(format!("(\n{}\n{indent})", lines.join("\n")))
        }
    }
}

/// A dictionary at the margin with one entry a line.
#[must_use]
pub fn dictionary(entries: &[(Expr, Expr)]) -> Expr {
    if entries.is_empty() {
        return Expr("{}".to_owned());
    }
    let lines: Vec<_> = entries.iter().map(|(key, value)| format!("    {key}: {value},")).collect();
    Expr(format!("{{\n{}\n}}", lines.join("\n")))
}

/// Expressions, separated by commas.
pub fn joined(expressions: impl IntoIterator<Item = Expr>) -> String {
    expressions.into_iter().map(|expression| expression.0).collect::<Vec<_>>().join(", ")
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Control characters, and those that make code look other than it is.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn escaped(character: char) -> String {
    match u32::from(character) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0x100..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_quoted_as_the_formatter_would() {
        let table = [
            ("plain", r#""plain""#),
            ("it's", r#""it's""#),
            (r#"a "word""#, r#"'a "word"'"#),
            (r#"it's a "word""#, r#""it's a \"word\"""#),
            ("a\\b\n", r#""a\\b\n""#),
            ("\u{0}\u{202e}", r#""\x00\u202e""#),
        ];
        for (text, literal) in table {
            assert_eq!(Expr::string(text).as_str(), literal);
        }
    }

    #[test]
    fn a_colon_in_sql_is_no_parameter() {
        let table = [("'09:30'", r#""'09\\:30'""#), ("a::text", r#""a::text""#), ("'a: b'", r#""'a: b'""#)];
        for (sql, literal) in table {
            assert_eq!(Expr::sql(sql).as_str(), literal);
        }
    }

    #[test]
    fn a_docstring_can_not_be_left() {
        let table = [(r#"x """ y"#, "x ''' y"), (r#"ends with ""#, r#"ends with \""#), ("a\n  b\\", r"a b\\")];
        for (text, safe) in table {
            assert_eq!(docstring(text), safe);
        }
    }
}
