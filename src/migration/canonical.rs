//! JSON in one form only: for hashes without blanks and with sorted keys, for files with one line for each small value.

use serde_json::Value;

/// The longest value that stays on one line.
const LINE: usize = 110;

/// The form that hashes are taken over.
pub(super) fn compact(value: &Value) -> String {
    sorted(value).to_string()
}

/// The form of files: everything that is short enough on one line.
pub(super) fn pretty(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text.push('\n');
    text
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(entries.into_iter().collect())
        }
    }
}

fn write(value: &Value, indent: usize, text: &mut String) {
    let line = inline(value);
    if indent > 0 && indent + line.chars().count() <= LINE {
        text.push_str(&line);
        return;
    }
    match value {
        Value::Array(items) if !items.is_empty() => {
            let items = items.iter().map(|item| (String::new(), item));
            block(items, ('[', ']'), indent, text);
        }
        Value::Object(entries) if !entries.is_empty() => {
            let entries = entries.iter().map(|(key, value)| (format!("{}: ", Value::from(key.as_str())), value));
            block(entries, ('{', '}'), indent, text);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            text.push_str(&line);
        }
    }
}

fn block<'a>(
    items: impl Iterator<Item = (String, &'a Value)>,
    brackets: (char, char),
    indent: usize,
    text: &mut String,
) {
    text.push(brackets.0);
    for (position, (key, value)) in items.enumerate() {
        text.push_str(if position == 0 { "\n" } else { ",\n" });
        text.push_str(&" ".repeat(indent + 2));
        text.push_str(&key);
        write(value, indent + 2, text);
    }
    text.push('\n');
    text.push_str(&" ".repeat(indent));
    text.push(brackets.1);
}

fn inline(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entries =
                entries.iter().map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), inline(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_do_not_depend_on_the_order_of_keys() {
        let one: Value = serde_json::from_str(r#"{"b": [{"y": 1, "x": null}], "a": "ü"}"#).expect("is JSON");
        assert_eq!(compact(&one), r#"{"a":"ü","b":[{"x":null,"y":1}]}"#);
    }

    #[test]
    fn short_values_stay_on_one_line() {
        let value: Value = serde_json::from_str(r#"{"v":1,"ops":[{"op":"add_column","table":"posts"}],"contract":[]}"#)
            .expect("is JSON");
        assert_eq!(
            pretty(&value),
            "{\n  \"v\": 1,\n  \"ops\": [{\"op\": \"add_column\", \"table\": \"posts\"}],\n  \"contract\": []\n}\n"
        );
    }
}
