//! Reads `revision` and `down_revision` out of a revision file without Python.

use ruff_python_ast::{Expr, Stmt};
use ruff_python_parser::parse_module;

/// What a revision file says about its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) revision: String,
    pub(super) parents: Vec<String>,
}

/// The place of a revision file; one sentence if it cannot be read.
pub(super) fn read(text: &str) -> Result<Place, String> {
    let module = parse_module(text).map_err(|error| format!("is not Python: {error}"))?;
    let mut revision = None;
    let mut parents = None;
    for statement in &module.syntax().body {
        match assignment(statement) {
            Some(("revision", value)) => revision = texts(value),
            Some(("down_revision", value)) => parents = texts(value),
            _ => {}
        }
    }
    let revision = revision.and_then(|mut ids| if ids.len() == 1 { ids.pop() } else { None });
    Ok(Place {
        revision: revision.ok_or("has no `revision = \"…\"`")?,
        parents: parents.ok_or("has no `down_revision` that is a literal")?,
    })
}

fn assignment(statement: &Stmt) -> Option<(&str, &Expr)> {
    let (target, value) = if let Stmt::Assign(assign) = statement {
        (assign.targets.first()?, &*assign.value)
    } else if let Stmt::AnnAssign(assign) = statement {
        (&*assign.target, assign.value.as_deref()?)
    } else {
        return None;
    };
    Some((target.as_name_expr()?.id.as_str(), value))
}

/// A text, several, or none for `None`; nothing if it is no literal.
fn texts(value: &Expr) -> Option<Vec<String>> {
    if value.is_none_literal_expr() {
        Some(Vec::new())
    } else if let Some(several) = value.as_tuple_expr().map(|tuple| &tuple.elts) {
        several.iter().map(text).collect()
    } else if let Some(several) = value.as_list_expr().map(|list| &list.elts) {
        several.iter().map(text).collect()
    } else {
        Some(vec![text(value)?])
    }
}

fn text(value: &Expr) -> Option<String> {
    Some(value.as_string_literal_expr()?.value.to_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_read_from_literals() {
        // text, revision, parents
        let table = [
            ("revision = 'a1'\ndown_revision = None\n", "a1", vec![]),
            ("revision: str = \"a1\"\ndown_revision: str | None = \"b2\"\n", "a1", vec!["b2"]),
            ("revision = 'a1'\ndown_revision = ('b2', 'c3')\n", "a1", vec!["b2", "c3"]),
        ];
        for (text, revision, parents) in table {
            let place =
                Place { revision: revision.to_owned(), parents: parents.into_iter().map(str::to_owned).collect() };
            assert_eq!(read(text), Ok(place));
        }
    }

    #[test]
    fn what_is_no_literal_is_refused() {
        let texts =
            ["revision = 'a1'\n", "revision = f()\ndown_revision = None\n", "revision = (\n", "down_revision = None\n"];
        assert_eq!(texts.map(|text| read(text).is_err()), [true; 4]);
    }
}
