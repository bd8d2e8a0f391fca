//! Sidecar -> the words of the revision's template. Makes expressions; the template lays out the statements.

mod statement;

use serde::Serialize;

use super::history::OPS;
use super::sidecar::Sidecar;
use super::sql_type::Types;
use crate::schema::{Op, Schema};
use crate::stack::fastapi::Expr;
pub use statement::Step;
use statement::{Statements, downgrade, upgrade};

/// The words of a revision.
#[derive(Debug, Serialize)]
pub struct RevisionView {
    /// First line of the docstring.
    pub summary: String,
    /// Path of the sidecar.
    pub sidecar: String,
    /// Import statements.
    pub imports: Vec<String>,
    /// Its id.
    pub revision: Expr,
    /// The id of its parent, or a tuple of ids, or `None`.
    pub down_revision: Expr,
    /// Whether a type is written as it stands in the spec.
    pub has_verbatim_types: bool,
    /// Types that differ by database, in one group or none.
    pub types: Vec<Vec<Constant>>,
    /// What `upgrade` does.
    pub upgrade: Body,
    /// What `downgrade` does.
    pub downgrade: Body,
}

/// An expression with a name.
#[derive(Debug, Serialize)]
pub struct Constant {
    /// Its name.
    pub name: &'static str,
    /// The expression.
    pub value: Expr,
}

/// The body of a function.
#[derive(Debug, Serialize)]
pub struct Body {
    /// What its statements ask for.
    pub variables: Vec<Constant>,
    /// What it does, in this order.
    pub steps: Vec<Step>,
}

/// The words of a revision that follows `before`.
#[must_use]
pub fn view(sidecar: &Sidecar, before: &Schema) -> RevisionView {
    let mut after = before.clone();
    for op in &sidecar.ops {
        after.apply(op).expect("the ops are the difference from this very schema");
    }
    let mut enums = before.enums.clone();
    enums.extend(after.enums.clone());
    let mut types = Types::new(&sidecar.dialects, &enums);
    let mut statements = Statements { types: &mut types, before, after: &after };
    let up = body(upgrade(&mut statements, &sidecar.ops));
    let down = body(downgrade(&mut statements, &sidecar.ops));
    RevisionView {
        summary: summary(&sidecar.ops),
        sidecar: format!("{OPS}/{}.json", sidecar.rev),
        imports: imports(&types),
        revision: Expr::string(&sidecar.rev),
        down_revision: down_revision(&sidecar.parents),
        has_verbatim_types: types.has_verbatim,
        types: groups(&types),
        upgrade: up,
        downgrade: down,
    }
}

fn body(steps: Vec<Step>) -> Body {
    let asks = |code: &Expr| code.as_str().contains(" if dialect ");
    let uses_dialect = steps.iter().any(|step| {
        !step.branches.is_empty()
            || step.calls.iter().any(asks)
            || step.tables.iter().any(|table| table.items.iter().any(asks))
    });
    let dialect = Constant { name: "dialect", value: Expr::code("op.get_context().dialect.name") };
    Body { variables: uses_dialect.then_some(dialect).into_iter().collect(), steps }
}

fn groups(types: &Types) -> Vec<Vec<Constant>> {
    let group: Vec<_> = types.constants.iter().map(|(name, value)| Constant { name, value: value.clone() }).collect();
    if group.is_empty() { Vec::new() } else { vec![group] }
}

fn imports(types: &Types) -> Vec<String> {
    let mut imports = vec!["import sqlalchemy as sa".to_owned(), "from alembic import op".to_owned()];
    if !types.dialects.is_empty() {
        let names: Vec<_> = types.dialects.iter().copied().collect();
        imports.push(format!("from sqlalchemy.dialects import {}", names.join(", ")));
    }
    imports
}

fn down_revision(parents: &[String]) -> Expr {
    match parents {
        [] => Expr::code("None"),
        [only] => Expr::string(only),
        several => {
            let ids: Vec<_> = several.iter().map(|id| Expr::string(id).to_string()).collect();
            Expr::code(format!("({})", ids.join(", ")))
        }
    }
}

/// What a revision does, in one line.
fn summary(ops: &[Op]) -> String {
    let has_columns = ops.iter().any(|op| matches!(op, Op::AddColumn { .. }));
    let [mut created, mut added, mut gone] = [const { Vec::new() }; 3];
    for op in ops {
        if let Op::CreateTable { table } = op {
            created.push(table.name.clone());
        } else if let Op::AddColumn { table, column } = op {
            added.push(format!("{table}.{}", column.name));
        } else if let Op::AddIndex { index, .. } = op
            && !has_columns
        {
            added.push(index.name.clone());
        } else if let Op::DropIndex { index, .. } = op {
            gone.push(index.name.clone());
        }
    }
    let parts = [phrase("create", &created), phrase("add", &added), phrase("drop", &gone)];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
    let mut letters = text.chars();
    let line = letters
        .next()
        .map_or_else(|| "Change the schema".to_owned(), |first| first.to_uppercase().chain(letters).collect());
    crate::stack::fastapi::docstring(&format!("{line}."))
}

/// `create posts, tags and users`; long lists are counted.
fn phrase(verb: &str, names: &[String]) -> Option<String> {
    match names {
        [] => None,
        [only] => Some(format!("{verb} {only}")),
        [start @ .., last] if names.len() <= 4 => Some(format!("{verb} {} and {last}", start.join(", "))),
        [first, second, rest @ ..] => Some(format!("{verb} {first}, {second} and {} more", rest.len())),
    }
}
