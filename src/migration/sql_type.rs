//! Logical types and defaults as SQLAlchemy writes them, and as SQLite reads them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Database;
use crate::schema::{Column, ColumnDefault, ColumnType, literal};
use crate::stack::fastapi::Expr;

/// What the types of one revision need around them.
#[derive(Debug)]
pub(super) struct Types<'a> {
    pub(super) databases: &'a [Database],
    pub(super) enums: &'a BTreeMap<String, Vec<String>>,
    /// Types that differ by database, by the name of their constant.
    pub(super) constants: BTreeMap<&'static str, Expr>,
    /// Modules of dialects.
    pub(super) dialects: BTreeSet<&'static str>,
    /// Whether a type is written as it stands in the spec.
    pub(super) has_verbatim: bool,
}

impl<'a> Types<'a> {
    pub(super) fn new(databases: &'a [Database], enums: &'a BTreeMap<String, Vec<String>>) -> Self {
        Self { databases, enums, constants: BTreeMap::new(), dialects: BTreeSet::new(), has_verbatim: false }
    }

    pub(super) fn has(&self, database: Database) -> bool {
        self.databases.contains(&database)
    }

    /// The type of a column.
    pub(super) fn of_column(&mut self, column: &Column) -> Expr {
        if column.identity && column.ty == ColumnType::Bigint && self.has(Database::Sqlite) {
            return Expr::code("sa.BigInteger().with_variant(sa.Integer(), \"sqlite\")");
        }
        let mut ty = self.of(&column.ty).to_string();
        for (database, ddl) in column.ddl.iter().filter(|(database, _)| self.databases.contains(database)) {
            self.has_verbatim = true;
            ty = format!("{ty}.with_variant(DatabaseType({}), \"{}\")", Expr::string(ddl), name(*database));
        }
        Expr::code(ty)
    }

    /// A logical type.
    pub(super) fn of(&mut self, ty: &ColumnType) -> Expr {
        Expr::code(match ty {
            ColumnType::Varchar(length) => format!("sa.String({length})"),
            ColumnType::Text => self.variant("TEXT", "sa.Text()", "MEDIUMTEXT()"),
            ColumnType::Smallint => "sa.SmallInteger()".to_owned(),
            ColumnType::Int => "sa.Integer()".to_owned(),
            ColumnType::Bigint | ColumnType::Duration => "sa.BigInteger()".to_owned(),
            ColumnType::Double => "sa.Double()".to_owned(),
            ColumnType::Numeric(precision, scale) => format!("sa.Numeric({precision}, {scale})"),
            ColumnType::Boolean => "sa.Boolean()".to_owned(),
            ColumnType::Date => "sa.Date()".to_owned(),
            ColumnType::Time => self.variant("TIME", "sa.Time()", "TIME(fsp=6)"),
            ColumnType::Timestamptz => self.variant("TIMESTAMP", "sa.DateTime(timezone=True)", "DATETIME(fsp=6)"),
            ColumnType::Timestamp => self.variant("LOCAL_TIMESTAMP", "sa.DateTime()", "DATETIME(fsp=6)"),
            ColumnType::Uuid => self.uuid(),
            ColumnType::Json => self.json(),
            ColumnType::Bytes(Some(length)) => self.bytes(*length),
            ColumnType::Bytes(None) => self.variant("BYTES", "sa.LargeBinary()", "MEDIUMBLOB()"),
            ColumnType::NativeEnum(name) => self.native_enum(name),
            ColumnType::Array(element) => {
                self.dialects.insert("postgresql");
                format!("postgresql.ARRAY({})", self.of(element))
            }
        })
    }

    /// A type that is another one on MySQL: the name of a constant if both are needed.
    fn variant(&mut self, constant: &'static str, ty: &str, mysql: &str) -> String {
        if !self.has(Database::Mysql) {
            return ty.to_owned();
        }
        self.dialects.insert("mysql");
        let value = format!("{ty}.with_variant(mysql.{mysql}, \"mysql\")");
        self.constants.insert(constant, Expr::code(value));
        constant.to_owned()
    }

    /// CHAR(32) on MySQL, also where `MariaDB` has a type of its own.
    fn uuid(&mut self) -> String {
        if !self.has(Database::Mysql) {
            return "sa.Uuid()".to_owned();
        }
        let value = "sa.Uuid().with_variant(sa.Uuid(native_uuid=False), \"mysql\")";
        self.constants.insert("UUID", Expr::code(value));
        "UUID".to_owned()
    }

    fn json(&mut self) -> String {
        if !self.has(Database::Postgresql) {
            return "sa.JSON()".to_owned();
        }
        self.dialects.insert("postgresql");
        let value = "sa.JSON().with_variant(postgresql.JSONB(), \"postgresql\")";
        self.constants.insert("JSON", Expr::code(value));
        "JSON".to_owned()
    }

    fn bytes(&mut self, length: u32) -> String {
        let plain = format!("sa.LargeBinary({length})");
        if !self.has(Database::Mysql) {
            return plain;
        }
        self.dialects.insert("mysql");
        format!("{plain}.with_variant(mysql.VARBINARY({length}), \"mysql\")")
    }

    fn native_enum(&mut self, name: &str) -> String {
        self.dialects.insert("postgresql");
        let values = self.enums.get(name).into_iter().flatten().map(|value| Expr::string(value).to_string());
        let values: Vec<_> = values.collect();
        format!("postgresql.ENUM({}, name={}, create_type=False)", values.join(", "), Expr::string(name))
    }

    /// What stands behind `server_default=`; none without a default.
    pub(super) fn default(&self, column: &Column) -> Option<Expr> {
        let default = column.default.as_ref()?;
        Some(match (default, &column.ty) {
            (ColumnDefault::Constant(serde_json::Value::Bool(true)), _) => Expr::code("sa.true()"),
            (ColumnDefault::Constant(serde_json::Value::Bool(false)), _) => Expr::code("sa.false()"),
            (ColumnDefault::Constant(serde_json::Value::String(text)), ColumnType::Varchar(_)) => Expr::string(text),
            _ => by_database(self.databases, |database| default_sql(column, database)),
        })
    }
}

/// The default of a column as SQL; MySQL takes text, json and functions in parentheses only, which the others take too.
fn default_sql(column: &Column, database: Database) -> String {
    let is_mysql = database == Database::Mysql;
    match column.default.as_ref() {
        None => "NULL".to_owned(),
        Some(ColumnDefault::Now) if is_mysql => "CURRENT_TIMESTAMP(6)".to_owned(),
        Some(ColumnDefault::Now) => "CURRENT_TIMESTAMP".to_owned(),
        Some(ColumnDefault::NowTime) if is_mysql => "(CURRENT_TIME(6))".to_owned(),
        Some(ColumnDefault::NowTime) => "CURRENT_TIME".to_owned(),
        Some(ColumnDefault::Today) if is_mysql => "(CURRENT_DATE)".to_owned(),
        Some(ColumnDefault::Today) => "CURRENT_DATE".to_owned(),
        Some(ColumnDefault::Constant(value)) => {
            let text = literal(&column.ty, value, database);
            let needs_parentheses = matches!(column.ty, ColumnType::Text | ColumnType::Json | ColumnType::Bytes(_));
            if needs_parentheses { format!("({text})") } else { text }
        }
    }
}

/// SQL as a Python expression: `sa.text(…)`, with a condition where the databases differ.
pub(super) fn by_database(databases: &[Database], sql: impl Fn(Database) -> String) -> Expr {
    Expr::code(format!("sa.text({})", texts_by_database(databases, sql)))
}

/// SQL as a Python text, with a condition where the databases differ.
pub(super) fn texts_by_database(databases: &[Database], sql: impl Fn(Database) -> String) -> Expr {
    let mut groups: Vec<(String, Vec<Database>)> = Vec::new();
    for database in databases {
        let text = sql(*database);
        match groups.iter_mut().find(|(other, _)| *other == text) {
            Some((_, group)) => group.push(*database),
            None => groups.push((text, vec![*database])),
        }
    }
    groups.sort_by_key(|(_, group)| group.len());
    let Some((common, _)) = groups.pop() else { return Expr::string("") };
    let mut code = Expr::sql(&common).to_string();
    for (text, group) in groups {
        code = format!("{} if {} else {code}", Expr::sql(&text), is_one_of(&group, databases));
    }
    Expr::code(code)
}

/// A condition on `dialect` that fits some of the listed databases.
pub(super) fn is_one_of(some: &[Database], all: &[Database]) -> String {
    let others: Vec<_> = all.iter().filter(|database| !some.contains(database)).collect();
    match (some, others.as_slice()) {
        ([only], _) => format!("dialect == \"{}\"", name(*only)),
        (_, [other]) => format!("dialect != \"{}\"", name(**other)),
        _ => {
            let names: Vec<_> = some.iter().map(|database| format!("\"{}\"", name(*database))).collect();
            format!("dialect in {{{}}}", names.join(", "))
        }
    }
}

/// As SQLAlchemy calls the dialect.
pub(super) fn name(database: Database) -> &'static str {
    match database {
        Database::Postgresql => "postgresql",
        Database::Mysql => "mysql",
        Database::Sqlite => "sqlite",
    }
}

/// The type of a column in the words of SQLite.
pub(super) fn sqlite_type(column: &Column) -> String {
    if let Some(ddl) = column.ddl.get(&Database::Sqlite) {
        return ddl.clone();
    }
    match &column.ty {
        ColumnType::Varchar(length) => format!("VARCHAR({length})"),
        ColumnType::Text => "TEXT".to_owned(),
        ColumnType::Smallint => "SMALLINT".to_owned(),
        ColumnType::Int => "INTEGER".to_owned(),
        ColumnType::Bigint | ColumnType::Duration => "BIGINT".to_owned(),
        ColumnType::Double => "DOUBLE".to_owned(),
        ColumnType::Numeric(precision, scale) => format!("NUMERIC({precision}, {scale})"),
        ColumnType::Boolean => "BOOLEAN".to_owned(),
        ColumnType::Date => "DATE".to_owned(),
        ColumnType::Time => "TIME".to_owned(),
        ColumnType::Timestamptz | ColumnType::Timestamp => "DATETIME".to_owned(),
        ColumnType::Uuid => "CHAR(32)".to_owned(),
        ColumnType::Json | ColumnType::Array(_) => "JSON".to_owned(),
        ColumnType::Bytes(_) => "BLOB".to_owned(),
        ColumnType::NativeEnum(_) => "VARCHAR(64)".to_owned(),
    }
}

/// The default of a column in the words of SQLite; none without a default.
pub(super) fn sqlite_default(column: &Column) -> Option<String> {
    column.default.as_ref().map(|_| default_sql(column, Database::Sqlite))
}
