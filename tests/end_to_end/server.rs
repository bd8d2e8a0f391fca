//! The database servers of this machine.

use std::path::Path;

use crate::python::{python, run};

/// A database server that a project can run on.
pub struct Server {
    /// `postgresql` or `mysql`.
    pub database: &'static str,
    variable: &'static str,
    default_url: &'static str,
}

/// All servers that the tests know. Each URL can be set in the environment.
pub const SERVERS: [Server; 2] = [
    Server {
        database: "postgresql",
        variable: "BACKENDGEN_POSTGRESQL_URL",
        default_url: "postgresql://postgres@127.0.0.1:5432",
    },
    Server { database: "mysql", variable: "BACKENDGEN_MYSQL_URL", default_url: "mysql://root@127.0.0.1:3306" },
];

impl Server {
    /// URL of a new, empty database on the server. None, with a line that says so, if the server does not answer.
    ///
    /// # Panics
    ///
    /// With `CI` set, if the server does not answer.
    pub fn new_database(&self, name: &str) -> Option<String> {
        let url = std::env::var_os(self.variable).and_then(|url| url.into_string().ok());
        let url = url.unwrap_or_else(|| self.default_url.to_owned());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/end_to_end/new_database.py");
        let mut command = python().command("python", Path::new("/"));
        command.arg(script).args([&url, name]);
        if command.output().expect("the environment has a Python").status.success() {
            return Some(format!("{url}/{name}"));
        }
        if std::env::var_os("CI").is_some() {
            run(&mut command);
        }
        #[expect(clippy::print_stdout, reason = "who runs the tests sees what was not tested")]
        {
            println!("skipped: no {} server answers at {url}", self.database);
        }
        None
    }
}
