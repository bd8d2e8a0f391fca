//! A folder with the migrations of a schema, and the databases they run on.

use std::collections::BTreeMap;
use std::path::Path;

use backendgen::migration::{History, RevisionArtifacts, TEMPLATE, pending};
use backendgen::model::Database;
use backendgen::ownership::Ownership;
use backendgen::plan::{Artifact, Content, Mode, Owner, Plan, ViewId};
use backendgen::render::Renderer;
use backendgen::schema::Schema;
use backendgen::template;
use camino::Utf8PathBuf;

use crate::expected::expected;
use crate::python::{python, run};
use crate::server::SERVERS;

/// A project that consists of its migrations.
pub struct Project {
    name: &'static str,
    folder: tempfile::TempDir,
    databases: Vec<Database>,
    files: BTreeMap<Utf8PathBuf, Vec<u8>>,
    wanted: Schema,
}

impl Project {
    pub fn new(name: &'static str, databases: &[Database]) -> Self {
        let folder = tempfile::Builder::new().prefix(name).tempdir().expect("the temporary folder is writable");
        let mut project =
            Self { name, folder, databases: databases.to_vec(), files: BTreeMap::new(), wanted: Schema::default() };
        project.write(&"migrations/env.py".into(), b"".to_vec());
        project
    }

    /// The recorded files.
    pub fn files(&self) -> &BTreeMap<Utf8PathBuf, Vec<u8>> {
        &self.files
    }

    /// A copy, as on another branch.
    pub fn branch(&self) -> Self {
        let mut branch = Self::new(self.name, &self.databases);
        branch.merge_files_of(self);
        branch
    }

    /// Takes the files of another branch.
    pub fn merge_files_of(&mut self, other: &Self) {
        for (path, bytes) in &other.files {
            self.write(path, bytes.clone());
        }
    }

    /// Statements that run after the first revision.
    pub fn fill(&mut self, sql: &str) {
        self.write(&"rows.sql".into(), sql.as_bytes().to_vec());
    }

    /// Up, compare, down to nothing, up again, on every database that answers.
    pub fn round_trip(&self) {
        for database in &self.databases {
            let url = match database {
                Database::Sqlite => Some("sqlite+aiosqlite:///database.db".to_owned()),
                Database::Postgresql | Database::Mysql => self.server_url(*database),
            };
            let Some(url) = url else { continue };
            let expected = expected(&self.wanted, *database).to_string();
            fs_err::write(self.folder.path().join("expected.json"), expected).expect("the folder is writable");
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/migrations/round_trip.py");
            let mut command = python().command("python", self.folder.path());
            run(command.args(["-W", "ignore"]).arg(script).arg(self.folder.path()).arg(url));
        }
    }

    fn server_url(&self, database: Database) -> Option<String> {
        let (name, driver) = match database {
            Database::Postgresql => ("postgresql", "postgresql+asyncpg:"),
            Database::Mysql => ("mysql", "mysql+asyncmy:"),
            Database::Sqlite => return None,
        };
        let server = SERVERS.iter().find(|server| server.database == name).expect("both servers are listed");
        let url = server.new_database(&format!("backendgen_migrations_{}_{}", self.name, std::process::id()))?;
        Some(url.replacen(&format!("{name}:"), driver, 1))
    }

    /// Writes the revision that leads to a schema; its text.
    pub fn write_revision(&mut self, wanted: &Schema) -> String {
        let (history, findings) = History::read(&self.files, &self.databases);
        assert_eq!(findings, []);
        let revision =
            pending(wanted, &history, &self.databases).expect("nothing is asked").expect("something changes");
        let rendered = text_of(&revision).into_bytes();
        self.write(&revision.path_json, revision.sidecar_text(&rendered).into_bytes());
        self.write(&revision.path_py, rendered.clone());
        let (history, findings) = History::read(&self.files, &self.databases);
        assert_eq!(findings, []);
        assert_eq!(backendgen::schema::diff(&history.schema, wanted), []);
        self.wanted = wanted.clone();
        String::from_utf8(rendered).expect("Python is UTF-8")
    }

    fn write(&mut self, path: &Utf8PathBuf, bytes: Vec<u8>) {
        let target = self.folder.path().join(path);
        fs_err::create_dir_all(target.parent().expect("it is below the folder")).expect("the folder is writable");
        fs_err::write(target, &bytes).expect("the folder is writable");
        self.files.insert(path.clone(), bytes);
    }
}

/// The rendered revision.
pub fn text_of(revision: &RevisionArtifacts) -> String {
    let path = &revision.path_py;
    let view = serde_json::to_value(&revision.view).expect("views are JSON");
    let view = view.as_object().expect("a view is a struct").clone();
    let templates = template::templates("fastapi");
    let template = templates.iter().find(|template| template.name == TEMPLATE).expect("it is embedded");
    let renderer = Renderer::new([(template.name, template.text)], (3, 11)).expect("the template parses");
    let artifact = Artifact {
        path: path.clone(),
        content: Content::Template { template: TEMPLATE.to_owned(), view: ViewId(0) },
        ownership: Ownership::Record,
        owner: Owner::Project,
        mode: Mode::Regular,
        imported: false,
    };
    let plan = Plan { artifacts: vec![artifact], views: vec![view], ..Plan::default() };
    let bytes = renderer.render(plan).expect("the revision renders").remove(path).expect("it was planned").bytes;
    String::from_utf8(bytes).expect("Python is UTF-8")
}
