//! The revisions of a project as they stand on disk, and the schema that they lead to.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

use super::graph::{self, Parents, Touched};
use super::python_literals;
use super::sidecar::Sidecar;
use crate::finding::{Finding, FindingCode};
use crate::model::Database;
use crate::schema::{Op, Schema};

/// The folder of the revisions.
pub(super) const VERSIONS: &str = "migrations/versions";
/// The folder of the sidecars.
pub(super) const OPS: &str = "migrations/ops";
/// The longest id that the table of Alembic holds.
const LONGEST_ID: usize = 32;
/// Words that mean something else to Alembic.
const RESERVED: [&str; 3] = ["base", "head", "heads"];

/// What the recorded revisions say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The schema that all sidecars together lead to.
    pub schema: Schema,
    /// The revisions that nothing follows, by id.
    pub heads: Vec<String>,
    /// Whether the schema can be relied on: no finding says that revisions or sidecars are broken.
    pub is_sound: bool,
}

/// One revision file.
struct Revision {
    path: Utf8PathBuf,
    parents: Vec<String>,
    sidecar: Option<Sidecar>,
}

/// What is collected while the files are read.
#[derive(Default)]
struct Reader {
    sidecars: BTreeMap<String, (Utf8PathBuf, Sidecar)>,
    revisions: BTreeMap<String, Revision>,
    findings: Vec<Finding>,
}

impl History {
    /// Reads the files of `migrations/versions` and `migrations/ops`.
    #[must_use]
    pub fn read(files: &BTreeMap<Utf8PathBuf, Vec<u8>>, databases: &[Database]) -> (Self, Vec<Finding>) {
        let mut reader = Reader::default();
        for (path, bytes) in files.iter().filter(|(path, _)| is_in(path, OPS, "json")) {
            reader.read_sidecar(path, bytes);
        }
        for (path, bytes) in files.iter().filter(|(path, _)| is_in(path, VERSIONS, "py")) {
            reader.read_revision(path, bytes);
        }
        reader.report_orphans();
        reader.report_dialects(databases);
        let history = reader.fold();
        (history, reader.findings)
    }
}

fn is_in(path: &Utf8Path, folder: &str, extension: &str) -> bool {
    path.parent() == Some(Utf8Path::new(folder)) && path.extension() == Some(extension)
}

impl Reader {
    fn report(&mut self, code: FindingCode, path: &Utf8Path, message: impl Into<String>) {
        self.findings.push(Finding::at(code, path, message));
    }

    fn read_sidecar(&mut self, path: &Utf8Path, bytes: &[u8]) {
        let sidecar: Sidecar = match serde_json::from_slice(bytes) {
            Ok(sidecar) => sidecar,
            Err(error) => return self.report(FindingCode::BG412, path, format!("the sidecar cannot be read: {error}")),
        };
        if sidecar.v != 1 || path.file_stem() != Some(&sidecar.rev) || sidecar.id() != sidecar.rev {
            return self.report(FindingCode::BG412, path, "the sidecar was altered: its id does not follow from it");
        }
        self.sidecars.insert(sidecar.rev.clone(), (path.to_owned(), sidecar));
    }

    fn read_revision(&mut self, path: &Utf8Path, bytes: &[u8]) {
        if path.file_name().is_some_and(|name| name.starts_with("__")) {
            return;
        }
        let hash = sha256(bytes);
        let id = path.file_name().and_then(|name| name.split('_').next()).unwrap_or_default();
        let unedited = self.sidecars.get(id).filter(|(_, sidecar)| sidecar.py_sha256 == hash);
        if let Some((_, sidecar)) = unedited {
            let (id, parents) = (sidecar.rev.clone(), sidecar.parents.clone());
            return self.add(path, &id, parents);
        }
        let text = String::from_utf8_lossy(bytes);
        let place = match python_literals::read(&text) {
            Ok(place) => place,
            Err(problem) => return self.report(FindingCode::BG407, path, format!("the revision {problem}")),
        };
        let sidecar = self.sidecars.get(&place.revision).map(|(_, sidecar)| sidecar.parents == place.parents);
        let announced = format!("{OPS}/{}.json", place.revision);
        match sidecar {
            Some(true) => self.report(FindingCode::BG404, path, "the revision was edited"),
            Some(false) => self.report(FindingCode::BG412, path, "the sidecar names other parents than the revision"),
            None if text.contains(&announced) => {
                self.report(FindingCode::BG412, path, format!("the sidecar `{announced}` is missing"));
            }
            None => self.report(FindingCode::BG403, path, format!("`{}` has no sidecar", place.revision)),
        }
        self.add(path, &place.revision, place.parents);
    }

    fn add(&mut self, path: &Utf8Path, id: &str, parents: Vec<String>) {
        if RESERVED.contains(&id) || id.len() > LONGEST_ID || id.is_empty() {
            self.report(FindingCode::BG407, path, format!("`{id}` cannot be the id of a revision"));
        }
        let sidecar = self.sidecars.get(id).map(|(_, sidecar)| sidecar.clone());
        let revision = Revision { path: path.to_owned(), parents, sidecar };
        if let Some(other) = self.revisions.insert(id.to_owned(), revision) {
            self.report(FindingCode::BG407, path, format!("`{id}` is the id of `{}` too", other.path));
        }
    }

    fn report_orphans(&mut self) {
        let orphans: Vec<_> = self
            .sidecars
            .iter()
            .filter(|(id, _)| !self.revisions.contains_key(*id))
            .map(|(id, (path, _))| (path.clone(), id.clone()))
            .collect();
        for (path, id) in orphans {
            self.report(FindingCode::BG412, &path, format!("the revision `{id}` of this sidecar is missing"));
        }
    }

    fn report_dialects(&mut self, databases: &[Database]) {
        let lacking: Vec<_> = self
            .revisions
            .iter()
            .filter_map(|(id, revision)| {
                let sidecar = revision.sidecar.as_ref()?;
                let database = databases.iter().find(|database| !sidecar.dialects.contains(database))?;
                Some((revision.path.clone(), format!("`{id}` was not written for {}", name(*database))))
            })
            .collect();
        for (path, message) in lacking {
            self.report(FindingCode::BG409, &path, message);
        }
    }

    fn fold(&mut self) -> History {
        let parents: Parents =
            self.revisions.iter().map(|(id, revision)| (id.clone(), revision.parents.clone())).collect();
        self.report_missing_parents(&parents);
        let Some(order) = graph::order(&parents) else {
            if !self.findings.iter().any(|finding| finding.code == FindingCode::BG407) {
                self.findings.push(Finding::new(FindingCode::BG407, "the revisions follow each other in a cycle"));
            }
            return History::default();
        };
        let heads = graph::heads(&parents);
        self.report_heads(&parents, &heads);
        let schema = self.apply(&order);
        let broken = [FindingCode::BG406, FindingCode::BG407, FindingCode::BG412];
        let is_sound = !self.findings.iter().any(|finding| broken.contains(&finding.code));
        History { schema, heads, is_sound }
    }

    fn report_missing_parents(&mut self, parents: &Parents) {
        for (id, before) in parents {
            for parent in before.iter().filter(|parent| !parents.contains_key(*parent)) {
                let path = self.revisions[id].path.clone();
                self.report(FindingCode::BG407, &path, format!("its parent `{parent}` does not exist"));
            }
        }
    }

    fn apply(&mut self, order: &[String]) -> Schema {
        let mut schema = Schema::default();
        for id in order {
            let revision = &self.revisions[id];
            let ops = revision.sidecar.as_ref().map_or(&[][..], |sidecar| &sidecar.ops);
            let problem = ops.iter().find_map(|op| schema.apply(op).err());
            if let Some(problem) = problem {
                let path = revision.path.clone();
                self.report(FindingCode::BG406, &path, format!("its changes do not fit those before it: {problem}"));
            }
        }
        schema
    }

    fn report_heads(&mut self, parents: &Parents, heads: &[String]) {
        for (position, one) in heads.iter().enumerate() {
            for other in &heads[position + 1..] {
                let finding = self.compare(parents, one, other);
                self.findings.push(finding);
            }
        }
    }

    fn compare(&self, parents: &Parents, one: &str, other: &str) -> Finding {
        let (left, right) = (graph::ancestors(parents, one), graph::ancestors(parents, other));
        let left_ops = self.touched(left.difference(&right).copied());
        let right_ops = self.touched(right.difference(&left).copied());
        let commute = left_ops.iter().all(|left| right_ops.iter().all(|right| left.commutes_with(right)));
        let code = if commute { FindingCode::BG405 } else { FindingCode::BG406 };
        Finding::new(code, format!("`{one}` and `{other}` are both heads")).subject(format!("{one} {other}"))
    }

    fn touched<'a>(&self, ids: impl Iterator<Item = &'a str>) -> Vec<Touched> {
        let sidecars = ids.filter_map(|id| self.revisions.get(id)?.sidecar.as_ref());
        sidecars.flat_map(|sidecar| sidecar.ops.iter().map(|op: &Op| Touched::by(op))).collect()
    }
}

fn name(database: Database) -> &'static str {
    match database {
        Database::Postgresql => "postgresql",
        Database::Mysql => "mysql",
        Database::Sqlite => "sqlite",
    }
}

/// The hex sha256 of a file.
pub(super) fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut hex = String::new();
    for byte in Sha256::digest(bytes) {
        write!(hex, "{byte:02x}").expect("writing to a string cannot fail");
    }
    hex
}
