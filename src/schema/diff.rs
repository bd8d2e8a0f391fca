//! The changes that lead from one schema to another, in an order in which every database takes them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Column, ColumnChange, Index, Op, Schema, Table};
use crate::model::Database;

/// The changes from `old` to `new`: what goes or changes first, then tables, columns, indexes, foreign keys and CHECKs, then
/// what else goes.
#[must_use]
pub fn diff(old: &Schema, new: &Schema) -> Vec<Op> {
    let mut stages = Stages::default();
    for (name, table) in &new.tables {
        if let Some(before) = old.tables.get(name) {
            stages.change(before, table);
        }
    }
    enums(old, new, &mut stages);
    stages.create_tables = created(old, new).into_iter().map(|table| Op::CreateTable { table }).collect();
    let mut dropped = created(new, old);
    dropped.reverse();
    stages.drop_tables = dropped.into_iter().map(|table| Op::DropTable { table }).collect();
    stages.into_ops()
}

/// The ops of one difference by the stage they belong to.
#[derive(Default)]
struct Stages {
    free: Vec<Op>,
    create_enums: Vec<Op>,
    create_tables: Vec<Op>,
    add_columns: Vec<Op>,
    alter: Vec<Op>,
    add_indexes: Vec<Op>,
    drop_indexes: Vec<Op>,
    add_keys: Vec<Op>,
    add_checks: Vec<Op>,
    drop_columns: Vec<Op>,
    drop_tables: Vec<Op>,
    drop_enums: Vec<Op>,
}

impl Stages {
    fn into_ops(self) -> Vec<Op> {
        let stages = [
            self.free,
            self.create_enums,
            self.create_tables,
            self.add_columns,
            self.alter,
            self.add_indexes,
            self.drop_indexes,
            self.add_keys,
            self.add_checks,
            self.drop_columns,
            self.drop_tables,
            self.drop_enums,
        ];
        stages.into_iter().flatten().collect()
    }

    fn change(&mut self, old: &Table, new: &Table) {
        let table = || new.name.clone();
        if old.primary_key != new.primary_key {
            self.alter.push(Op::AlterPk { table: table(), old: old.primary_key.clone(), new: new.primary_key.clone() });
        }
        self.change_columns(old, new);
        self.change_indexes(old, new);
        for key in missing(&old.foreign_keys, &new.foreign_keys, |a, b| a == b) {
            self.free.push(Op::DropFk { table: table(), foreign_key: key });
        }
        for key in missing(&new.foreign_keys, &old.foreign_keys, |a, b| a == b) {
            self.add_keys.push(Op::AddFk { table: table(), foreign_key: key });
        }
        for check in missing(&old.checks, &new.checks, same_check) {
            self.free.push(Op::DropCheck { table: table(), check });
        }
        for check in missing(&new.checks, &old.checks, same_check) {
            self.add_checks.push(Op::AddCheck { table: table(), check });
        }
    }

    fn change_columns(&mut self, old: &Table, new: &Table) {
        let table = || new.name.clone();
        for column in &new.columns {
            match old.column(&column.name) {
                None => self.add_columns.push(Op::AddColumn { table: table(), column: column.clone() }),
                Some(before) if before == column => {}
                Some(before) => {
                    let set = changes(before, column);
                    self.alter.push(Op::AlterColumn { table: table(), column: column.name.clone(), set });
                }
            }
        }
        for column in old.columns.iter().filter(|column| new.column(&column.name).is_none()) {
            self.drop_columns.push(Op::DropColumn { table: table(), column: column.clone() });
        }
    }

    /// An index goes after the new ones are there, since MySQL keeps one for each foreign key; unless its name is taken over.
    fn change_indexes(&mut self, old: &Table, new: &Table) {
        let table = || new.name.clone();
        let added = missing(&new.indexes, &old.indexes, same_index);
        let taken: BTreeSet<_> = added.iter().map(|index| index.name.clone()).collect();
        for index in missing(&old.indexes, &new.indexes, same_index) {
            let stage = if taken.contains(&index.name) { &mut self.free } else { &mut self.drop_indexes };
            stage.push(Op::DropIndex { table: table(), index });
        }
        for index in added {
            self.add_indexes.push(Op::AddIndex { table: table(), index });
        }
    }
}

fn changes(old: &Column, new: &Column) -> ColumnChange {
    fn pair<T: PartialEq + Clone>(old: &T, new: &T) -> Option<(T, T)> {
        (old != new).then(|| (old.clone(), new.clone()))
    }
    ColumnChange {
        ty: pair(&old.ty, &new.ty),
        nullable: pair(&old.nullable, &new.nullable),
        default: pair(&old.default, &new.default),
        identity: pair(&old.identity, &new.identity),
        ddl: pair(&old.ddl, &new.ddl),
    }
}

/// What `all` has and `others` lack.
fn missing<T: Clone>(all: &[T], others: &[T], same: impl Fn(&T, &T) -> bool) -> Vec<T> {
    all.iter().filter(|item| !others.iter().any(|other| same(item, other))).cloned().collect()
}

fn same_check(one: &Check, other: &Check) -> bool {
    one.name == other.name && one.columns == other.columns && agree(&one.sql, &other.sql)
}

fn same_index(one: &Index, other: &Index) -> bool {
    agree(&one.condition, &other.condition)
        && Index { condition: BTreeMap::new(), ..one.clone() } == Index { condition: BTreeMap::new(), ..other.clone() }
}

/// Whether two texts by database agree wherever both say something: a database may have been listed in between.
fn agree(one: &BTreeMap<Database, String>, other: &BTreeMap<Database, String>) -> bool {
    one.is_empty() == other.is_empty()
        && one.iter().all(|(database, text)| other.get(database).is_none_or(|same| same == text))
}

fn enums(old: &Schema, new: &Schema, stages: &mut Stages) {
    for (name, values) in &new.enums {
        let Some(before) = old.enums.get(name) else {
            stages.create_enums.push(Op::AddEnum { name: name.clone(), values: values.clone() });
            continue;
        };
        if before.iter().all(|value| values.contains(value)) {
            for value in values.iter().filter(|value| !before.contains(value)) {
                stages.create_enums.push(Op::AddEnumValue { name: name.clone(), value: value.clone() });
            }
        } else {
            stages.drop_enums.push(Op::DropEnum { name: name.clone(), values: before.clone() });
            stages.create_enums.push(Op::AddEnum { name: name.clone(), values: values.clone() });
        }
    }
    for (name, values) in old.enums.iter().filter(|(name, _)| !new.enums.contains_key(*name)) {
        stages.drop_enums.push(Op::DropEnum { name: name.clone(), values: values.clone() });
    }
}

/// The tables that only `new` has, each behind those it refers to; in a cycle by name.
fn created(old: &Schema, new: &Schema) -> Vec<Table> {
    let mut waiting: BTreeMap<&String, &Table> =
        new.tables.iter().filter(|(name, _)| !old.tables.contains_key(*name)).collect();
    let mut ordered = Vec::new();
    while let Some((first, _)) = waiting.first_key_value() {
        let is_ready = |table: &Table| {
            table.foreign_keys.iter().all(|key| key.table == table.name || !waiting.contains_key(&key.table))
        };
        let next = waiting.iter().find(|(_, table)| is_ready(table)).map_or(*first, |(name, _)| *name);
        ordered.extend(waiting.remove(next).cloned());
    }
    ordered
}
