//! Applies changes to a schema. The accepted state of a project is the fold of all that its sidecars say.

use super::{Column, ColumnChange, Op, Schema, Table};

impl Schema {
    /// Applies one change.
    ///
    /// # Errors
    ///
    /// One sentence if the schema is not one that the change can be applied to.
    pub fn apply(&mut self, op: &Op) -> Result<(), String> {
        match op {
            Op::CreateTable { table } => insert(&mut self.tables, &table.name, table.clone()),
            Op::DropTable { table } => remove(&mut self.tables, &table.name),
            Op::AddEnum { name, values } => {
                self.enums.insert(name.clone(), values.clone());
                Ok(())
            }
            Op::DropEnum { name, values } => {
                if self.enums.get(name) == Some(values) {
                    self.enums.remove(name);
                }
                Ok(())
            }
            Op::AddEnumValue { name, value } => {
                self.enums.get_mut(name).ok_or_else(|| absent(name))?.push(value.clone());
                Ok(())
            }
            Op::AlterPk { table, .. }
            | Op::AddColumn { table, .. }
            | Op::DropColumn { table, .. }
            | Op::AlterColumn { table, .. }
            | Op::AddIndex { table, .. }
            | Op::DropIndex { table, .. }
            | Op::AddFk { table, .. }
            | Op::DropFk { table, .. }
            | Op::AddCheck { table, .. }
            | Op::DropCheck { table, .. } => {
                let changed = self.tables.get_mut(table).ok_or_else(|| absent(table))?;
                change(changed, op)
            }
        }
    }
}

fn change(table: &mut Table, op: &Op) -> Result<(), String> {
    match op {
        Op::AddColumn { column, .. } => push(&mut table.columns, column.clone(), |column| &column.name),
        Op::DropColumn { column, .. } => take(&mut table.columns, &column.name, |column| &column.name),
        Op::AlterColumn { column, set, .. } => {
            let changed = table.columns.iter_mut().find(|candidate| candidate.name == *column);
            alter(changed.ok_or_else(|| absent(column))?, set);
            Ok(())
        }
        Op::AddIndex { index, .. } => push(&mut table.indexes, index.clone(), |index| &index.name),
        Op::DropIndex { index, .. } => take(&mut table.indexes, &index.name, |index| &index.name),
        Op::AddFk { foreign_key, .. } => push(&mut table.foreign_keys, foreign_key.clone(), |key| &key.name),
        Op::DropFk { foreign_key, .. } => take(&mut table.foreign_keys, &foreign_key.name, |key| &key.name),
        Op::AddCheck { check, .. } => push(&mut table.checks, check.clone(), |check| &check.name),
        Op::DropCheck { check, .. } => take(&mut table.checks, &check.name, |check| &check.name),
        Op::AlterPk { new, .. } => {
            table.primary_key = new.clone();
            Ok(())
        }
        Op::CreateTable { .. }
        | Op::DropTable { .. }
        | Op::AddEnum { .. }
        | Op::DropEnum { .. }
        | Op::AddEnumValue { .. } => Ok(()),
    }
}

fn alter(column: &mut Column, set: &ColumnChange) {
    if let Some((_, ty)) = &set.ty {
        column.ty = ty.clone();
    }
    if let Some((_, nullable)) = set.nullable {
        column.nullable = nullable;
    }
    if let Some((_, default)) = &set.default {
        column.default.clone_from(default);
    }
    if let Some((_, identity)) = set.identity {
        column.identity = identity;
    }
    if let Some((_, ddl)) = &set.ddl {
        column.ddl.clone_from(ddl);
    }
}

fn insert(tables: &mut std::collections::BTreeMap<String, Table>, name: &str, table: Table) -> Result<(), String> {
    match tables.insert(name.to_owned(), table) {
        None => Ok(()),
        Some(_) => Err(format!("`{name}` is there already")),
    }
}

fn remove(tables: &mut std::collections::BTreeMap<String, Table>, name: &str) -> Result<(), String> {
    tables.remove(name).map(|_| ()).ok_or_else(|| absent(name))
}

fn push<T>(items: &mut Vec<T>, item: T, name: impl Fn(&T) -> &String) -> Result<(), String> {
    if items.iter().any(|other| name(other) == name(&item)) {
        return Err(format!("`{}` is there already", name(&item)));
    }
    items.push(item);
    Ok(())
}

fn take<T>(items: &mut Vec<T>, wanted: &str, name: impl Fn(&T) -> &String) -> Result<(), String> {
    let position = items.iter().position(|item| name(item) == wanted).ok_or_else(|| absent(wanted))?;
    items.remove(position);
    Ok(())
}

fn absent(name: &str) -> String {
    format!("`{name}` is not there")
}
