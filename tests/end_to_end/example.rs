//! One example project in a temporary folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::python::{python, run};
use crate::random_spec::random_spec;
use crate::server::SERVERS;

/// A copy of an example.
pub struct Example {
    name: &'static str,
    package: String,
    folder: PathBuf,
    _keep: TempDir,
}

impl Example {
    /// Creates a project from the spec of the example, as a user would, with its hand-written tests.
    pub fn prepare(name: &'static str) -> Self {
        let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
        let example = Self::create(name, &spec);
        for entry in fs_err::read_dir(spec.join("tests/custom")).expect("every example has a client test") {
            let test = entry.expect("the folder can be read").path();
            if test.extension().is_some_and(|extension| extension == "py") {
                let name = test.file_name().expect("a file has a name");
                fs_err::copy(&test, example.folder.join("tests/custom").join(name)).expect("the copy is ours");
            }
        }
        example
    }

    /// Creates a project from a random spec.
    pub fn random(seed: u64) -> Self {
        let spec = TempDir::new().expect("there is a temporary folder");
        for (path, text) in random_spec(seed) {
            let path = spec.path().join(path);
            fs_err::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder is ours");
            fs_err::write(path, text).expect("the folder is ours");
        }
        Self::create("random", spec.path())
    }

    fn create(name: &'static str, spec: &Path) -> Self {
        let keep = TempDir::new().expect("there is a temporary folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_backendgen"));
        run(command.current_dir(keep.path()).arg("new").arg(name).arg("--from").arg(spec));
        let folder = keep.path().join(name);
        let spec = fs_err::read_to_string(spec.join("backendgen.yaml")).expect("every example has a spec");
        let package = spec.lines().find_map(|line| line.strip_prefix("package: ")).unwrap_or("app").to_owned();
        Self { name, package, folder, _keep: keep }
    }

    /// Formatter, linters, type checkers and the drift check.
    pub fn passes_its_gates(&self) {
        let app = self.package.as_str();
        let gates: [(&str, &[&str]); 6] = [
            ("ruff", &["format", "--check", "."]),
            ("ruff", &["check", "."]),
            ("mypy", &["--strict", app, "tests"]),
            ("pyright", &[app, "tests"]),
            ("bandit", &["--quiet", "--recursive", "--configfile", "pyproject.toml", app]),
            ("lint-imports", &[]),
        ];
        for (tool, arguments) in gates {
            run(self.python_tool(tool).args(arguments));
        }
        run(Command::new(env!("CARGO_BIN_EXE_backendgen")).current_dir(&self.folder).arg("check"));
    }

    /// Migrations up, compared, down and up again, and the tests of the project, without a server.
    pub fn runs_on_sqlite(&self) {
        self.migrates(&format!("sqlite:///{}", self.folder.join("migrated.db").display()));
        run(self.python_tool("pytest").args(["-q", "-n", "2"]));
    }

    /// The same on each database.
    pub fn runs_on_every_database(&self) {
        self.runs_on_sqlite();
        self.on_every_server(|url| {
            run(self.python_tool("pytest").args(["-q", "-n", "2"]).env("TEST_DATABASE_URL", url));
        });
    }

    /// Migrations up, compared, down and up again on each server.
    pub fn migrates_on_every_server(&self) {
        self.on_every_server(|_| {});
    }

    fn on_every_server(&self, then: impl Fn(&str)) {
        for server in SERVERS {
            let name = format!("backendgen_{}_{}", self.name.replace('-', "_"), std::process::id());
            if let Some(url) = server.new_database(&name) {
                self.migrates(&url);
                then(&url);
            }
        }
    }

    fn migrates(&self, url: &str) {
        for arguments in
            [&["upgrade", "heads"][..], &["check"], &["downgrade", "base"], &["upgrade", "heads"], &["check"]]
        {
            run(self.python_tool("alembic").args(arguments).env("DATABASE_URL", url));
        }
    }

    fn python_tool(&self, tool: &str) -> Command {
        python().command(tool, &self.folder)
    }
}
