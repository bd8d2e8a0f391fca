//! What the delivery of a project needs: requirements, URLs of databases, and what CI runs.

use serde::Serialize;

use super::project::database_name;
use crate::model::{Database, Feature, Model};

/// One run of the tests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CiRun {
    /// `3.14`
    pub python: String,
    /// `postgresql`
    pub database: &'static str,
    /// Where the tests find it.
    pub url: &'static str,
}

/// A server that the tests run on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CiService {
    /// `postgresql`
    pub name: &'static str,
    /// Image of a container.
    pub image: &'static str,
    /// The environment variable of its password.
    pub password: &'static str,
    /// Port of the server.
    pub port: u16,
    /// Command that says whether it answers.
    pub health: &'static str,
}

/// The version of Python in the image.
pub const IMAGE_PYTHON: &str = "3.14";

/// Where the data is without a setting: a file, or the production database on this machine.
pub fn default_database_url(model: &Model) -> String {
    let name = model.project.name.snake();
    if model.project.databases.contains(&Database::Sqlite) {
        return format!("sqlite:///./{name}.db");
    }
    let database = model.project.databases.first().copied().unwrap_or(Database::Postgresql);
    format!("{}://localhost/{name}", database_name(database))
}

/// A URL of the production database.
pub fn example_database_url(model: &Model) -> String {
    let name = model.project.name.snake();
    match model.project.databases.first() {
        Some(Database::Sqlite) => format!("sqlite:////data/{name}.db"),
        Some(Database::Mysql) => format!("mysql://{name}:{name}@localhost:3306/{name}"),
        Some(Database::Postgresql) | None => format!("postgresql://{name}:{name}@localhost:5432/{name}"),
    }
}

/// A URL of a production database that tests may use.
pub fn test_database_url(model: &Model) -> &'static str {
    match model.project.databases.first() {
        Some(Database::Sqlite) => "sqlite://",
        Some(Database::Mysql) => "mysql://localhost/test",
        Some(Database::Postgresql) | None => "postgresql://localhost/test",
    }
}

/// Requirements as strings of TOML, sorted.
pub fn dependencies(model: &Model) -> Vec<String> {
    let project = &model.project;
    let has = |database: Database| project.databases.contains(&database);
    let has_auth = project.auth.is_some();
    let table = [
        ("aiosqlite>=0.22.1,<0.23", has(Database::Sqlite)),
        ("alembic>=1.20.1,<2", true),
        ("asyncmy>=0.2.18,<0.3", has(Database::Mysql)),
        ("asyncpg>=0.32,<0.33", has(Database::Postgresql)),
        ("email-validator>=2.4,<3", true),
        ("fastapi>=0.165,<0.166", true),
        ("orjson>=3.13,<4", true),
        ("prometheus-client>=0.26,<0.27", project.features.contains(&Feature::Metrics)),
        ("pwdlib[argon2]>=0.3.1,<0.4", has_auth),
        ("pydantic>=2.14.3,<3", true),
        ("pydantic-settings>=2.16,<3", true),
        ("pyjwt[crypto]>=2.15.1,<3", has_auth),
        ("python-multipart>=0.0.34,<0.1", has_auth),
        ("sqlalchemy[asyncio]>=2.1.9,<3", true),
        ("starlette>=1.10,<2", true),
        ("structlog>=26.1,<27", true),
        ("uuid-utils>=1.2,<2; python_version < '3.14'", true),
        ("uvicorn[standard]>=0.54,<0.55", true),
    ];
    table.into_iter().filter(|(_, wanted)| *wanted).map(|(requirement, _)| format!("\"{requirement}\"")).collect()
}

/// The tests run on the oldest Python and on that of the image, and there on every listed database.
pub fn ci_runs(model: &Model) -> Vec<CiRun> {
    let project = &model.project;
    let oldest = format!("{}.{}", project.python.major, project.python.minor);
    let first = project.databases.iter().copied().find(|database| *database == Database::Sqlite);
    let first = first.or(project.databases.first().copied()).unwrap_or(Database::Sqlite);
    let mut runs = Vec::new();
    if oldest != IMAGE_PYTHON {
        runs.push(run(&oldest, first));
    }
    runs.push(run(IMAGE_PYTHON, first));
    runs.extend(project.databases.iter().filter(|database| **database != first).map(|other| run(IMAGE_PYTHON, *other)));
    runs
}

fn run(python: &str, database: Database) -> CiRun {
    let url = match database {
        Database::Sqlite => "sqlite://",
        Database::Postgresql => "postgresql://postgres:test@127.0.0.1:5432/postgres",
        Database::Mysql => "mysql://root:test@127.0.0.1:3306/mysql",
    };
    CiRun { python: python.to_owned(), database: database_name(database), url }
}

/// The servers that the listed databases need.
pub fn ci_services(model: &Model) -> Vec<CiService> {
    let servers = model.project.databases.iter().filter_map(|database| match database {
        Database::Sqlite => None,
        Database::Postgresql => Some(CiService {
            name: "postgresql",
            image: "postgres:17",
            password: "POSTGRES_PASSWORD",
            port: 5432,
            health: "pg_isready",
        }),
        Database::Mysql => Some(CiService {
            name: "mysql",
            image: "mariadb:11.8",
            password: "MARIADB_ROOT_PASSWORD",
            port: 3306,
            health: "\"healthcheck.sh --connect\"",
        }),
    });
    servers.collect()
}
