//! Which changes may be written without asking, and what to ask about the others.

use std::collections::BTreeSet;

use crate::finding::Decision;
use crate::model::Database;
use crate::schema::{Check, Column, ColumnChange, ColumnDefault, Index, Op, Schema};

/// The questions that a list of ops raises; none if all of them are safe on rows that exist.
pub(super) fn decisions(ops: &[Op], wanted: &Schema, databases: &[Database]) -> Vec<Decision> {
    let context = Context::new(ops, wanted, databases);
    let mut decisions: Vec<Decision> = Vec::new();
    for op in ops {
        if let Some(decision) = context.decision(op)
            && !decisions.iter().any(|other| other.code == decision.code && other.subject == decision.subject)
        {
            decisions.push(decision);
        }
    }
    decisions
}

/// What the other ops of the same difference do.
struct Context<'a> {
    ops: &'a [Op],
    /// `posts.title`
    added: BTreeSet<(&'a str, &'a str)>,
    dropped: BTreeSet<(&'a str, &'a str)>,
    wanted: &'a Schema,
    databases: &'a [Database],
}

impl<'a> Context<'a> {
    fn new(ops: &'a [Op], wanted: &'a Schema, databases: &'a [Database]) -> Self {
        let mut context = Self { ops, added: BTreeSet::new(), dropped: BTreeSet::new(), wanted, databases };
        for op in ops {
            if let Op::AddColumn { table, column } = op {
                context.added.insert((table, &column.name));
            }
            if let Op::DropColumn { table, column } = op {
                context.dropped.insert((table, &column.name));
            }
        }
        context
    }

    fn decision(&self, op: &Op) -> Option<Decision> {
        match op {
            Op::CreateTable { .. } | Op::AddEnum { .. } => None,
            Op::DropTable { table } => Some(decision("DS102", &table.name, "the table would be dropped with its rows")),
            Op::AddColumn { table, column } => self.new_column(table, column),
            Op::DropColumn { table, column } => Some(Decision {
                candidates: self.candidates(table, column),
                ..decision("DS103", &of(table, &column.name), "the column would be dropped with its values")
            }),
            Op::AlterColumn { table, column, set } => Some(altered(&of(table, column), set)),
            Op::AlterPk { table, .. } => Some(decision("BG402", table, "the primary key would change")),
            Op::AddIndex { table, index } => new_index(table, index),
            Op::DropIndex { table, index } => self.gone_index(table, index),
            Op::AddFk { table, foreign_key } if self.added.contains(&(table.as_str(), foreign_key.column.as_str())) => {
                None
            }
            Op::AddFk { table, foreign_key } => Some(decision(
                "MF107",
                &of(table, &foreign_key.column),
                &format!("rows may refer to rows of `{}` that do not exist", foreign_key.table),
            )),
            Op::DropFk { table, foreign_key } => {
                self.gone(table, &[&foreign_key.column], "BG402", "its foreign key would change")
            }
            Op::AddCheck { table, check } => self.new_check(table, check),
            Op::DropCheck { table, check } => {
                let columns: Vec<_> = check.columns.iter().map(String::as_str).collect();
                self.gone(table, &columns, "MF105", "its CHECK would change")
            }
            Op::DropEnum { name, .. } => Some(decision("DS104", name, "the type would lose values")),
            Op::AddEnumValue { name, .. } => Some(decision("BG402", name, "the type would get a value")),
        }
    }

    fn new_column(&self, table: &str, column: &Column) -> Option<Decision> {
        let subject = of(table, &column.name);
        match &column.default {
            _ if column.identity => Some(decision("BG402", &subject, "a column that counts would be added")),
            Some(ColumnDefault::Constant(_)) => None,
            None if column.nullable => None,
            None => Some(Decision {
                yaml: Some(format!("{}: … = value, or ? behind its type", column.name)),
                ..decision("MF103", &subject, "the new column is required and has no default, the table may have rows")
            }),
            Some(ColumnDefault::Now | ColumnDefault::NowTime | ColumnDefault::Today) => {
                let harmless = column.nullable && !self.databases.contains(&Database::Sqlite);
                (!harmless)
                    .then(|| decision("MF103", &subject, "a new column whose default is the clock must be filled in"))
            }
        }
    }

    fn gone_index(&self, table: &str, index: &Index) -> Option<Decision> {
        let columns: Vec<_> = index.columns().collect();
        if index.unique {
            return self.gone(table, &columns, "BG402", "its unique would change");
        }
        if self.carries_key(table, index) {
            return self.gone(table, &columns, "BG402", "MySQL keeps the last index of a foreign key");
        }
        None
    }

    /// Whether a foreign key is left without an index, which MySQL refuses.
    fn carries_key(&self, table: &str, index: &Index) -> bool {
        let (Some(table), Some(first)) = (self.wanted.table(table), index.columns().next()) else { return false };
        let has_other = table.indexes.iter().any(|other| other.columns().next() == Some(first));
        let is_key = table.primary_key.columns.first().is_some_and(|column| column == first);
        self.databases.contains(&Database::Mysql) && table.foreign_key(first).is_some() && !has_other && !is_key
    }

    /// Asks about something that goes, unless a question about its column is asked anyway.
    fn gone(&self, table: &str, columns: &[&str], code: &str, message: &str) -> Option<Decision> {
        if columns.iter().any(|column| self.dropped.contains(&(table, *column))) {
            return None;
        }
        Some(decision(code, &format!("{table}.{}", columns.join(",")), message))
    }

    fn new_check(&self, table: &str, check: &Check) -> Option<Decision> {
        let is_new = check.columns.iter().all(|column| self.added.contains(&(table, column.as_str())));
        let holds_for_nulls = check.columns.len() == 1 && !check.sql.values().any(|sql| sql.contains("NULL"));
        if is_new && (holds_for_nulls || is_at_most_one(check)) {
            return None;
        }
        Some(decision("MF105", &of(table, &check.columns.join(",")), "rows may break its new CHECK"))
    }

    /// The columns that a dropped one may have become.
    fn candidates(&self, table: &str, column: &Column) -> Vec<String> {
        let candidate = |op: &Op| {
            let Op::AddColumn { table: other, column: added } = op else { return None };
            (other == table && added.ty == column.ty).then(|| of(table, &added.name))
        };
        self.ops.iter().filter_map(candidate).collect()
    }
}

/// The CHECK of an optional polymorphic reference, which rows without one keep.
fn is_at_most_one(check: &Check) -> bool {
    check.columns.len() > 1 && check.sql.values().all(|sql| sql.ends_with(" <= 1"))
}

fn new_index(table: &str, index: &Index) -> Option<Decision> {
    let columns: Vec<_> = index.columns().collect();
    index.unique.then(|| decision("MF101", &of(table, &columns.join(",")), "rows may break the new unique"))
}

fn altered(subject: &str, set: &ColumnChange) -> Decision {
    match set {
        ColumnChange { ty: Some((old, new)), .. } => {
            decision("MF106", subject, &format!("its type would change from {old} to {new}"))
        }
        ColumnChange { nullable: Some((true, false)), .. } => {
            decision("MF104", subject, "it could be null and now cannot")
        }
        ColumnChange { nullable: Some(_), .. } => decision("BG402", subject, "it could not be null and now can"),
        ColumnChange { default: Some(_), .. } => decision("BG402", subject, "its default would change"),
        ColumnChange { .. } => decision("BG402", subject, "its column would change"),
    }
}

fn of(table: &str, column: &str) -> String {
    format!("{table}.{column}")
}

fn decision(code: &str, subject: &str, message: &str) -> Decision {
    Decision {
        code: code.to_owned(),
        subject: subject.to_owned(),
        message: format!("{message}; a migration for this is not supported yet"),
        ..Decision::default()
    }
}
