//! The words in the file name of a revision.

use std::collections::BTreeSet;

use crate::schema::Op;

/// The longest slug.
const LIMIT: usize = 40;
const MORE: &str = "_and_more";

/// `initial` for a first revision, else what the first op is about.
pub(super) fn of_ops(ops: &[Op], is_first: bool) -> String {
    if is_first {
        return "initial".to_owned();
    }
    let subjects: BTreeSet<String> = ops.iter().map(subject).collect();
    let first = ops.first().map(subject).unwrap_or_default();
    let others = subjects.iter().any(|subject| *subject != first);
    let suffix = if others { MORE } else { "" };
    let words: String = first.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let words: String = words.chars().take(LIMIT - suffix.len()).collect();
    format!("{}{suffix}", words.trim_matches('_'))
}

/// The table, or the table and the column.
fn subject(op: &Op) -> String {
    match op {
        Op::CreateTable { table } | Op::DropTable { table } => table.name.clone(),
        Op::AlterPk { table, .. } => table.clone(),
        Op::AddColumn { table, column } | Op::DropColumn { table, column } => format!("{table}_{}", column.name),
        Op::AlterColumn { table, column, .. } => format!("{table}_{column}"),
        Op::AddIndex { table, index } | Op::DropIndex { table, index } => {
            format!("{table}_{}", index.columns().next().unwrap_or_default())
        }
        Op::AddFk { table, foreign_key } | Op::DropFk { table, foreign_key } => {
            format!("{table}_{}", foreign_key.column)
        }
        Op::AddCheck { table, check } | Op::DropCheck { table, check } => {
            format!("{table}_{}", check.columns.first().map_or("", String::as_str))
        }
        Op::AddEnum { name, .. } | Op::DropEnum { name, .. } | Op::AddEnumValue { name, .. } => name.clone(),
    }
}
