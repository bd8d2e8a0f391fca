//! The graph of revisions: order, heads, and whether the changes of two branches touch each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{Op, Table};

/// The parents of each revision by id.
pub(super) type Parents = BTreeMap<String, Vec<String>>;

/// The revisions that nothing follows.
pub(super) fn heads(parents: &Parents) -> Vec<String> {
    let followed: BTreeSet<_> = parents.values().flatten().collect();
    parents.keys().filter(|id| !followed.contains(id)).cloned().collect()
}

/// From the roots to the heads; of several ready revisions the one with the lowest id goes first. None in a cycle.
pub(super) fn order(parents: &Parents) -> Option<Vec<String>> {
    let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, before) in parents {
        let before: BTreeSet<_> = before.iter().collect();
        open.insert(id, before.len());
        for parent in before {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut ready: BTreeSet<&str> = open.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
    let mut ordered = Vec::new();
    while let Some(id) = ready.pop_first() {
        ordered.push(id.to_owned());
        for child in children.get(id).into_iter().flatten() {
            let count = open.get_mut(child).expect("every child has an entry");
            *count -= 1;
            if *count == 0 {
                ready.insert(child);
            }
        }
    }
    (ordered.len() == parents.len()).then_some(ordered)
}

/// A revision and everything before it.
pub(super) fn ancestors<'a>(parents: &'a Parents, head: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::from([head]);
    let mut open = vec![head];
    while let Some(id) = open.pop() {
        let before = parents.get(id).into_iter().flatten().map(String::as_str);
        open.extend(before.filter(|parent| found.insert(parent)));
    }
    found
}

/// What an op changes and what it relies on, as `table:posts`, `column:posts.title`, `name:ix_posts_title`.
#[derive(Debug, Default)]
pub(super) struct Touched {
    writes: BTreeSet<String>,
    reads: BTreeSet<String>,
}

impl Touched {
    /// What an op touches.
    pub(super) fn by(op: &Op) -> Self {
        let mut touched = Self::default();
        match op {
            Op::CreateTable { table } | Op::DropTable { table } => touched.table(table),
            Op::AddColumn { table, column } | Op::DropColumn { table, column } => {
                touched.write_column(table, &column.name);
            }
            Op::AlterColumn { table, column, .. } => touched.write_column(table, column),
            Op::AlterPk { table, old, new } => {
                touched.write(&format!("table:{table}"));
                touched.read_columns(table, old.columns.iter().chain(&new.columns).map(String::as_str));
            }
            Op::AddIndex { table, index } | Op::DropIndex { table, index } => {
                touched.write(&format!("name:{}", index.name));
                touched.read_columns(table, index.columns());
            }
            Op::AddFk { table, foreign_key } | Op::DropFk { table, foreign_key } => {
                touched.write(&format!("name:{}", foreign_key.name));
                touched.read_columns(table, [foreign_key.column.as_str()]);
                touched.read_columns(&foreign_key.table, [foreign_key.target.as_str()]);
            }
            Op::AddCheck { table, check } | Op::DropCheck { table, check } => {
                touched.write(&format!("name:{}", check.name));
                touched.read_columns(table, check.columns.iter().map(String::as_str));
            }
            Op::AddEnum { name, .. } | Op::DropEnum { name, .. } | Op::AddEnumValue { name, .. } => {
                touched.write(&format!("enum:{name}"));
            }
        }
        touched
    }

    /// Whether the two can be done in any order.
    pub(super) fn commutes_with(&self, other: &Self) -> bool {
        let meets = |one: &Self, other: &Self| {
            one.writes.iter().any(|object| other.writes.contains(object) || other.reads.contains(object))
        };
        !meets(self, other) && !meets(other, self)
    }

    fn table(&mut self, table: &Table) {
        self.write(&format!("table:{}", table.name));
        for column in &table.columns {
            self.write(&format!("column:{}.{}", table.name, column.name));
        }
        for index in &table.indexes {
            self.write(&format!("name:{}", index.name));
        }
        for key in &table.foreign_keys {
            self.write(&format!("name:{}", key.name));
            if key.table != table.name {
                self.read_columns(&key.table, [key.target.as_str()]);
            }
        }
        for check in &table.checks {
            self.write(&format!("name:{}", check.name));
        }
    }

    fn write(&mut self, object: &str) {
        self.writes.insert(object.to_owned());
    }

    fn write_column(&mut self, table: &str, column: &str) {
        self.writes.insert(format!("column:{table}.{column}"));
        self.reads.insert(format!("table:{table}"));
    }

    fn read_columns<'a>(&mut self, table: &str, columns: impl IntoIterator<Item = &'a str>) {
        self.reads.insert(format!("table:{table}"));
        self.reads.extend(columns.into_iter().map(|column| format!("column:{table}.{column}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parents(edges: &[(&str, &[&str])]) -> Parents {
        edges
            .iter()
            .map(|(id, before)| ((*id).to_owned(), before.iter().map(|parent| (*parent).to_owned()).collect()))
            .collect()
    }

    #[test]
    fn revisions_are_ordered_from_the_roots_and_by_id() {
        let graph = parents(&[("d", &["b", "c"]), ("c", &["a"]), ("b", &["a"]), ("a", &[]), ("e", &["a"])]);
        assert_eq!(order(&graph), Some(["a", "b", "c", "d", "e"].map(str::to_owned).to_vec()));
        assert_eq!(heads(&graph), ["d", "e"]);
        assert_eq!(ancestors(&graph, "b"), BTreeSet::from(["a", "b"]));
    }

    #[test]
    fn a_cycle_has_no_order() {
        assert_eq!(order(&parents(&[("a", &["b"]), ("b", &["a"])])), None);
    }
}
