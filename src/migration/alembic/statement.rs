//! Ops -> calls of Alembic.

use serde::Serialize;

use crate::migration::sql_type::{self, Types, is_one_of, texts_by_database};
use crate::model::Database;
use crate::schema::{
    Check, Column, DeleteRule, ForeignKey, HiddenColumn, Index, IndexMethod, KeyPart, Op, PhysicalIndex, Schema, Table,
    quote,
};
use crate::stack::fastapi::{Expr, joined};

/// Characters of a call in a branch that fit into a line; the formatter joins the parts of a text that does.
const LONGEST_CALL: usize = 112;

/// Statements that belong together.
#[derive(Debug, Default, Serialize)]
pub struct Step {
    /// Whether a blank line stands before it.
    pub is_separated: bool,
    /// A table that is created.
    pub tables: Vec<TableStep>,
    /// Calls for every database.
    pub calls: Vec<Expr>,
    /// Calls for some databases.
    pub branches: Vec<Branch>,
}

/// `op.create_table(…)`
#[derive(Debug, Serialize)]
pub struct TableStep {
    /// Its name.
    pub name: Expr,
    /// Columns, constraints and options.
    pub items: Vec<Expr>,
}

/// Calls under a condition.
#[derive(Debug, Serialize)]
pub struct Branch {
    /// `if …`, `elif …` or `else`
    pub condition: Expr,
    /// What happens then.
    pub calls: Vec<Expr>,
}

/// What the statements of one revision are made from.
pub(super) struct Statements<'a, 'b> {
    pub(super) types: &'a mut Types<'b>,
    pub(super) before: &'a Schema,
    pub(super) after: &'a Schema,
}

/// What every database does, by database; empty where it does nothing.
type ByDatabase = Vec<(Database, Vec<Expr>)>;

/// The statements that do the ops.
pub(super) fn upgrade(statements: &mut Statements, ops: &[Op]) -> Vec<Step> {
    let mut steps = Steps::default();
    let late = late_keys(ops);
    let inline = inline_constraints(ops, statements.types.databases);
    for op in ops {
        match op {
            Op::CreateTable { table } => statements.create_table(&mut steps, table, &late),
            Op::AddColumn { table, column } => statements.add_column(&mut steps, table, column, &inline),
            Op::AddFk { table, foreign_key } => {
                let call = create_key(table, foreign_key);
                steps.add(statements.outside_sqlite(inline.holds(&foreign_key.name), &call));
            }
            Op::AddCheck { table, check } => {
                let calls = statements.create_check(table, check, inline.holds(&check.name));
                steps.add(calls);
            }
            Op::AddIndex { table, index } => {
                let table = &statements.after.tables[table];
                steps.add(statements.create_index(table, index));
            }
            Op::DropIndex { table, index } => steps.add(statements.drop_index(&statements.before.tables[table], index)),
            Op::AddEnum { name, values } => steps.add(statements.everywhere(&create_enum(name, values))),
            Op::DropTable { .. }
            | Op::AlterPk { .. }
            | Op::DropColumn { .. }
            | Op::AlterColumn { .. }
            | Op::DropFk { .. }
            | Op::DropCheck { .. }
            | Op::DropEnum { .. }
            | Op::AddEnumValue { .. } => unreachable!("`decide` asks about every such op"),
        }
    }
    statements.late_keys(&mut steps, &late, create_key);
    steps.into_steps()
}

/// The statements that undo the ops, last one first.
pub(super) fn downgrade(statements: &mut Statements, ops: &[Op]) -> Vec<Step> {
    let mut steps = Steps::default();
    let late = late_keys(ops);
    let inline = inline_constraints(ops, statements.types.databases);
    statements.late_keys(&mut steps, &late, |table, key| drop_constraint(table, &key.name, "foreignkey"));
    for op in ops.iter().rev() {
        match op {
            Op::CreateTable { table } => {
                let call = Expr::code(format!("op.drop_table({})", Expr::string(&table.name)));
                steps.add(statements.everywhere(&call));
            }
            Op::AddColumn { table, column } => {
                let call = format!("op.drop_column({}, {})", Expr::string(table), Expr::string(&column.name));
                steps.add(statements.everywhere(&Expr::code(call)));
            }
            Op::AddFk { table, foreign_key } => steps.add(statements.outside_sqlite(
                inline.holds(&foreign_key.name),
                &drop_constraint(table, &foreign_key.name, "foreignkey"),
            )),
            Op::AddCheck { table, check } => {
                let call = drop_constraint(table, &check.name, "check");
                let mut calls = statements.outside_sqlite(inline.holds(&check.name), &call);
                calls.retain(|(database, _)| check.sql.contains_key(database));
                steps.add(calls);
            }
            Op::AddIndex { table, index } => steps.add(statements.drop_index(&statements.after.tables[table], index)),
            Op::DropIndex { table, index } => {
                let table = &statements.before.tables[table];
                steps.add(statements.create_index(table, index));
            }
            Op::AddEnum { name, .. } => {
                let call = format!("op.execute({})", Expr::sql(&format!("DROP TYPE {name}")));
                steps.add(statements.everywhere(&Expr::code(call)));
            }
            Op::DropTable { .. }
            | Op::AlterPk { .. }
            | Op::DropColumn { .. }
            | Op::AlterColumn { .. }
            | Op::DropFk { .. }
            | Op::DropCheck { .. }
            | Op::DropEnum { .. }
            | Op::AddEnumValue { .. } => unreachable!("`decide` asks about every such op"),
        }
    }
    steps.into_steps()
}

/// Steps while they are collected: neighbours with the same databases share a branch.
#[derive(Default)]
struct Steps {
    steps: Vec<(Option<TableStep>, Vec<ByDatabase>)>,
}

impl Steps {
    fn table(&mut self, table: TableStep) {
        self.steps.push((Some(table), Vec::new()));
    }

    fn add(&mut self, calls: ByDatabase) {
        if self.steps.is_empty() {
            self.steps.push((None, Vec::new()));
        }
        let (_, entries) = self.steps.last_mut().expect("there is one now");
        entries.push(calls);
    }

    fn into_steps(self) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for (table, entries) in self.steps {
            let is_separated = !steps.is_empty() && table.is_some();
            steps.push(Step { is_separated, tables: table.into_iter().collect(), ..Step::default() });
            for calls in merged(entries) {
                let (calls, branches) = laid_out(&calls);
                let last = steps.last_mut().expect("one was pushed above");
                if last.branches.is_empty() {
                    last.calls.extend(calls);
                    last.branches = branches;
                } else {
                    steps.push(Step { calls, branches, ..Step::default() });
                }
            }
        }
        steps.retain(|step| !(step.tables.is_empty() && step.calls.is_empty() && step.branches.is_empty()));
        steps
    }
}

/// Joins neighbours that split the databases in the same way.
fn merged(entries: Vec<ByDatabase>) -> Vec<ByDatabase> {
    let mut merged: Vec<(Vec<Vec<Database>>, ByDatabase)> = Vec::new();
    for calls in entries {
        let shape: Vec<_> = groups(&calls).into_iter().map(|(group, _)| group).collect();
        match merged.last_mut() {
            Some((last, all)) if *last == shape => {
                for ((_, all), (_, more)) in all.iter_mut().zip(calls) {
                    all.extend(more);
                }
            }
            _ => merged.push((shape, calls)),
        }
    }
    merged.into_iter().map(|(_, calls)| calls).collect()
}

/// The databases that do the same, in the order of their first one.
fn groups(calls: &ByDatabase) -> Vec<(Vec<Database>, Vec<Expr>)> {
    let mut groups: Vec<(Vec<Database>, Vec<Expr>)> = Vec::new();
    for (database, calls) in calls {
        match groups.iter_mut().find(|(_, other)| other == calls) {
            Some((group, _)) => group.push(*database),
            None => groups.push((vec![*database], calls.clone())),
        }
    }
    groups
}

/// Calls for all databases, or branches where they differ.
fn laid_out(calls: &ByDatabase) -> (Vec<Expr>, Vec<Branch>) {
    let mut groups = groups(calls);
    if groups.len() == 1 {
        return (groups.remove(0).1, Vec::new());
    }
    let has_idle = groups.iter().any(|(_, calls)| calls.is_empty());
    groups.retain(|(_, calls)| !calls.is_empty());
    groups.sort_by_key(|(group, _)| group.len());
    let last = groups.len() - 1;
    let all: Vec<_> = calls.iter().map(|(database, _)| *database).collect();
    let branches = groups.into_iter().enumerate().map(|(position, (group, calls))| {
        let condition = match position {
            _ if position == last && !has_idle && last > 0 => "else".to_owned(),
            0 => format!("if {}", is_one_of(&group, &all)),
            _ => format!("elif {}", is_one_of(&group, &all)),
        };
        Branch { condition: Expr::code(condition), calls }
    });
    (Vec::new(), branches.collect())
}

/// A foreign key of a new table whose target is created after it.
struct LateKey<'a> {
    table: &'a str,
    key: &'a ForeignKey,
}

fn late_keys(ops: &[Op]) -> Vec<LateKey<'_>> {
    let created = ops.iter().filter_map(|op| if let Op::CreateTable { table } = op { Some(table) } else { None });
    let created: Vec<&Table> = created.collect();
    let mut late = Vec::new();
    for (position, table) in created.iter().enumerate() {
        let comes_later = |name: &str| created[position + 1..].iter().any(|other| other.name == name);
        let keys = table.foreign_keys.iter().filter(|key| comes_later(&key.table));
        late.extend(keys.map(|key| LateKey { table: &table.name, key }));
    }
    late
}

/// The constraints that SQLite takes only together with their column.
struct Inline<'a> {
    /// The constraint, and the table and column that carry it.
    constraints: Vec<(&'a str, (&'a str, &'a str), String)>,
}

impl Inline<'_> {
    fn holds(&self, constraint: &str) -> bool {
        self.constraints.iter().any(|(name, ..)| *name == constraint)
    }

    fn of(&self, table: &str, column: &str) -> Vec<&str> {
        let carried = self.constraints.iter().filter(|(_, carrier, _)| *carrier == (table, column));
        carried.map(|(_, _, sql)| sql.as_str()).collect()
    }
}

fn inline_constraints<'a>(ops: &'a [Op], databases: &[Database]) -> Inline<'a> {
    let mut inline = Inline { constraints: Vec::new() };
    if !databases.contains(&Database::Sqlite) {
        return inline;
    }
    for op in ops {
        if let Op::AddFk { table, foreign_key } = op {
            let sql = format!(
                "CONSTRAINT {} REFERENCES {} ({}) ON DELETE {}",
                sqlite(&foreign_key.name),
                sqlite(&foreign_key.table),
                sqlite(&foreign_key.target),
                foreign_key.on_delete.sql()
            );
            inline.constraints.push((&foreign_key.name, (table, &foreign_key.column), sql));
        }
        if let Op::AddCheck { table, check } = op
            && let Some(sql) = check.sql.get(&Database::Sqlite)
            && let Some(column) = check.columns.last()
        {
            let sql = format!("CONSTRAINT {} CHECK ({sql})", sqlite(&check.name));
            inline.constraints.push((&check.name, (table, column), sql));
        }
    }
    inline
}

fn sqlite(name: &str) -> String {
    quote::identifier(name, Database::Sqlite)
}

impl Statements<'_, '_> {
    fn everywhere(&self, call: &Expr) -> ByDatabase {
        self.types.databases.iter().map(|database| (*database, vec![call.clone()])).collect()
    }

    /// A call that SQLite leaves out, because the constraint came with its column.
    fn outside_sqlite(&self, is_inline: bool, call: &Expr) -> ByDatabase {
        let mut calls = self.everywhere(call);
        for (_, calls) in calls.iter_mut().filter(|(database, _)| is_inline && *database == Database::Sqlite) {
            calls.clear();
        }
        calls
    }

    fn late_keys(&self, steps: &mut Steps, late: &[LateKey], call: impl Fn(&str, &ForeignKey) -> Expr) {
        for LateKey { table, key } in late {
            steps.add(self.outside_sqlite(true, &call(table, key)));
        }
    }

    fn create_table(&mut self, steps: &mut Steps, table: &Table, late: &[LateKey]) {
        let mut items: Vec<Expr> = table.columns.iter().map(|column| self.column(column)).collect();
        let key: Vec<_> = table.primary_key.columns.iter().map(|column| Expr::string(column)).collect();
        let name = Expr::string(&table.primary_key.name);
        items.push(Expr::code(format!("sa.PrimaryKeyConstraint({}, name={name})", joined(key))));
        for key in &table.foreign_keys {
            let is_late = late.iter().any(|late| late.key.name == key.name);
            if !is_late || self.types.has(Database::Sqlite) {
                items.push(inline_key(key, is_late));
            }
        }
        items.extend(table.checks.iter().filter_map(|check| self.inline_check(check)));
        if self.types.has(Database::Mysql) {
            items.push(Expr::code("mysql_engine=\"InnoDB\""));
            items.push(Expr::code("mysql_collate=\"utf8mb4_bin\""));
        }
        steps.table(TableStep { name: Expr::string(&table.name), items });
        for index in &table.indexes {
            let calls = self.create_index(table, index);
            steps.add(calls);
        }
    }

    /// A CHECK of a new table; none if no listed database holds it.
    fn inline_check(&self, check: &Check) -> Option<Expr> {
        let holding: Vec<_> =
            self.types.databases.iter().copied().filter(|database| check.sql.contains_key(database)).collect();
        let only = match holding.as_slice() {
            [] => return None,
            [one] if self.types.databases.len() > 1 => format!(".ddl_if(dialect=\"{}\")", sql_type::name(*one)),
            some if some.len() < self.types.databases.len() => {
                let names = some.iter().map(|database| Expr::string(sql_type::name(*database)));
                format!(".ddl_if(dialect=({}))", joined(names))
            }
            _ => String::new(),
        };
        let sql = texts_by_database(&holding, |database| check.sql[&database].clone());
        Some(Expr::code(format!("sa.CheckConstraint({sql}, name={}){only}", Expr::string(&check.name))))
    }

    fn column(&mut self, column: &Column) -> Expr {
        let mut arguments = vec![Expr::string(&column.name), self.types.of_column(column)];
        if column.identity {
            arguments.push(Expr::code("sa.Identity()"));
        }
        if let Some(default) = self.types.default(column) {
            arguments.push(Expr::code(format!("server_default={default}")));
        }
        if !column.nullable {
            arguments.push(Expr::code("nullable=False"));
        }
        Expr::code(format!("sa.Column({})", joined(arguments)))
    }

    fn add_column(&mut self, steps: &mut Steps, table: &str, column: &Column, inline: &Inline) {
        let call = Expr::code(format!("op.add_column({}, {})", Expr::string(table), self.column(column)));
        let mut calls = self.everywhere(&call);
        let constraints = inline.of(table, &column.name);
        if !constraints.is_empty() {
            for (_, calls) in calls.iter_mut().filter(|(database, _)| *database == Database::Sqlite) {
                *calls = vec![add_with_constraints(table, column, &constraints)];
            }
        }
        steps.add(calls);
    }

    fn create_check(&self, table: &str, check: &Check, is_inline: bool) -> ByDatabase {
        let databases = self.types.databases.iter().map(|database| {
            let is_left_out = is_inline && *database == Database::Sqlite;
            let calls = check.sql.get(database).filter(|_| !is_left_out).map(|sql| {
                let (name, table) = (Expr::string(&check.name), Expr::string(table));
                Expr::code(format!("op.create_check_constraint({name}, {table}, {})", Expr::sql(sql)))
            });
            (*database, calls.into_iter().collect())
        });
        databases.collect()
    }

    fn create_index(&mut self, table: &Table, index: &Index) -> ByDatabase {
        let physical: Vec<_> =
            self.types.databases.iter().map(|database| (*database, table.physical_index(index, *database))).collect();
        let mut calls = Vec::new();
        for (database, own) in &physical {
            let Some(own) = own else {
                calls.push((*database, Vec::new()));
                continue;
            };
            let alike: Vec<_> = physical
                .iter()
                .filter_map(|(other, index)| Some((*other, index.as_ref()?)))
                .filter(|(_, other)| other.parts == own.parts)
                .collect();
            let mut statements = self.before_index(table, index, *database);
            statements.push(index_call(table, index, &alike));
            calls.push((*database, statements));
        }
        calls
    }

    /// What an index needs to be there first.
    fn before_index(&mut self, table: &Table, index: &Index, database: Database) -> Vec<Expr> {
        match database {
            Database::Postgresql if index.method == IndexMethod::Trigram => {
                vec![Expr::code("op.execute(\"CREATE EXTENSION IF NOT EXISTS pg_trgm\")")]
            }
            Database::Mysql => self.new_hidden(table, index),
            Database::Postgresql | Database::Sqlite => Vec::new(),
        }
    }

    /// The hidden columns that no index before this one needed.
    fn new_hidden(&mut self, table: &Table, index: &Index) -> Vec<Expr> {
        let earlier = table.indexes.iter().take_while(|other| other.name != index.name);
        let known: Vec<_> = earlier.flat_map(|other| table.hidden_columns(other)).map(|column| column.name).collect();
        let hidden = table.hidden_columns(index).into_iter().filter(|column| !known.contains(&column.name));
        hidden.map(|column| self.hidden_column(&table.name, &column)).collect()
    }

    fn hidden_column(&mut self, table: &str, column: &HiddenColumn) -> Expr {
        let HiddenColumn { name, ty, sql, is_stored } = column;
        let computed = format!("sa.Computed({}, persisted={})", Expr::sql(sql), Expr::bool(*is_stored));
        let ty = self.types.of(ty);
        let column = format!("sa.Column({}, {ty}, {computed})", Expr::string(name));
        Expr::code(format!("op.add_column({}, {column})", Expr::string(table)))
    }

    fn drop_index(&self, table: &Table, index: &Index) -> ByDatabase {
        let name = Expr::string(&index.name);
        let call = Expr::code(format!("op.drop_index({name}, table_name={})", Expr::string(&table.name)));
        let databases = self.types.databases.iter();
        databases
            .map(|database| {
                let exists = table.physical_index(index, *database).is_some();
                (*database, if exists { vec![call.clone()] } else { Vec::new() })
            })
            .collect()
    }
}

/// `op.create_index(…)` for the databases whose key parts are the same.
fn index_call(table: &Table, index: &Index, alike: &[(Database, &PhysicalIndex)]) -> Expr {
    let (_, physical) = alike.first().expect("the index itself is among them");
    let parts: Vec<_> = physical.parts.iter().map(key_part).collect();
    let mut arguments =
        vec![Expr::string(&index.name), Expr::string(&table.name), Expr::code(format!("[{}]", joined(parts)))];
    if index.unique {
        arguments.push(Expr::code("unique=True"));
    }
    for (database, physical) in alike {
        let dialect = sql_type::name(*database);
        if let Some(condition) = &physical.condition {
            arguments.push(Expr::code(format!("{dialect}_where=sa.text({})", Expr::sql(condition))));
        }
        if physical.nulls_not_distinct {
            arguments.push(Expr::code("postgresql_nulls_not_distinct=True"));
        }
        arguments.extend(method(index));
    }
    Expr::code(format!("op.create_index({})", joined(arguments)))
}

fn key_part(part: &KeyPart) -> Expr {
    match part {
        KeyPart::Column(name) => Expr::string(name),
        KeyPart::Expression(sql) => Expr::code(format!("sa.text({})", Expr::sql(sql))),
    }
}

fn method(index: &Index) -> Vec<Expr> {
    let using = |method: &str| vec![Expr::code(format!("postgresql_using=\"{method}\""))];
    match index.method {
        IndexMethod::Btree => Vec::new(),
        IndexMethod::Hash => using("hash"),
        IndexMethod::Gin => using("gin"),
        IndexMethod::Gist => using("gist"),
        IndexMethod::Brin => using("brin"),
        IndexMethod::Trigram => {
            let operators = index.columns().map(|column| format!("{}: \"gin_trgm_ops\"", Expr::string(column)));
            let operators = operators.collect::<Vec<_>>().join(", ");
            vec![Expr::code("postgresql_using=\"gin\""), Expr::code(format!("postgresql_ops={{{operators}}}"))]
        }
        IndexMethod::Fulltext => vec![Expr::code("mysql_prefix=\"FULLTEXT\"")],
    }
}

fn inline_key(key: &ForeignKey, is_late: bool) -> Expr {
    let (column, target) = (Expr::string(&key.column), Expr::string(&format!("{}.{}", key.table, key.target)));
    let name = Expr::string(&key.name);
    let late = if is_late { ", use_alter=True" } else { "" };
    let on_delete = on_delete(key);
    Expr::code(format!("sa.ForeignKeyConstraint([{column}], [{target}], name={name}{on_delete}{late})"))
}

fn create_key(table: &str, key: &ForeignKey) -> Expr {
    let arguments = [&key.name, table, &key.table].map(Expr::string);
    let (column, target) = (Expr::string(&key.column), Expr::string(&key.target));
    let on_delete = on_delete(key);
    Expr::code(format!("op.create_foreign_key({}, [{column}], [{target}]{on_delete})", joined(arguments)))
}

fn on_delete(key: &ForeignKey) -> String {
    if key.on_delete == DeleteRule::NoAction {
        return String::new();
    }
    format!(", ondelete=\"{}\"", key.on_delete.sql())
}

fn drop_constraint(table: &str, name: &str, kind: &str) -> Expr {
    Expr::code(format!("op.drop_constraint({}, {}, type_=\"{kind}\")", Expr::string(name), Expr::string(table)))
}

fn create_enum(name: &str, values: &[String]) -> Expr {
    let values: Vec<_> = values.iter().map(|value| quote::text(value, Database::Postgresql)).collect();
    Expr::code(format!("op.execute({})", Expr::sql(&format!("CREATE TYPE {name} AS ENUM ({})", values.join(", ")))))
}

/// SQLite takes the constraints of a new column only in the same statement, and `SQLAlchemy` would lose their names.
fn add_with_constraints(table: &str, column: &Column, constraints: &[&str]) -> Expr {
    let mut start =
        format!("ALTER TABLE {} ADD COLUMN {} {}", sqlite(table), sqlite(&column.name), sql_type::sqlite_type(column));
    if let Some(default) = sql_type::sqlite_default(column) {
        start.push_str(" DEFAULT ");
        start.push_str(&default);
    }
    if !column.nullable {
        start.push_str(" NOT NULL");
    }
    let sql = format!("{start} {}", constraints.join(" "));
    let call = format!("op.execute({})", Expr::sql(&sql));
    if call.chars().count() <= LONGEST_CALL {
        return Expr::code(call);
    }
    let (last, others) = constraints.split_last().expect("a column without constraints is added as everywhere");
    let mut lines = vec![Expr::sql(&format!("{start} "))];
    lines.extend(others.iter().map(|constraint| Expr::sql(&format!("{constraint} "))));
    lines.push(Expr::sql(last));
    let lines: Vec<_> = lines.iter().map(Expr::as_str).collect();
    Expr::code(format!("op.execute({})", lines.join(" ")))
}
