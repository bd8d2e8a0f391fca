//! The revision that leads from what is recorded to what the spec wants.

use camino::Utf8PathBuf;

use super::alembic::{self, RevisionView};
use super::decide::decisions;
use super::history::{History, OPS, VERSIONS, sha256};
use super::sidecar::Sidecar;
use super::slug;
use crate::finding::Decision;
use crate::model::Database;
use crate::schema::{Op, Schema, diff};

/// The template of a revision.
pub const TEMPLATE: &str = "migrations/versions/{{revision}}.py.tera";

/// A revision that is not on disk yet.
#[derive(Debug)]
pub struct RevisionArtifacts {
    /// Where the revision goes.
    pub path_py: Utf8PathBuf,
    /// The words of its template.
    pub view: RevisionView,
    /// Where the sidecar goes.
    pub path_json: Utf8PathBuf,
    /// The words in its name.
    pub slug: String,
    sidecar: Sidecar,
}

impl RevisionArtifacts {
    /// The text of the sidecar, which records the rendered revision.
    #[must_use]
    pub fn sidecar_text(&self, rendered: &[u8]) -> String {
        Sidecar { py_sha256: sha256(rendered), ..self.sidecar.clone() }.text()
    }

    /// What the revision does.
    #[must_use]
    pub fn ops(&self) -> &[Op] {
        &self.sidecar.ops
    }
}

/// The next revision, if one is needed.
///
/// # Errors
///
/// The questions to ask, if a change is not safe on rows that exist or the recorded revisions cannot be relied on.
pub fn pending(
    wanted: &Schema,
    history: &History,
    databases: &[Database],
) -> Result<Option<RevisionArtifacts>, Vec<Decision>> {
    let ops = diff(&history.schema, wanted);
    if ops.is_empty() {
        return Ok(None);
    }
    if !history.is_sound {
        return Err(vec![broken()]);
    }
    let questions = decisions(&ops, wanted, databases);
    if !questions.is_empty() {
        return Err(questions);
    }
    let slug = slug::of_ops(&ops, history.heads.is_empty());
    let sidecar = Sidecar::of_schema(slug.clone(), history.heads.clone(), databases.to_vec(), ops);
    Ok(Some(RevisionArtifacts {
        path_py: format!("{VERSIONS}/{}_{slug}.py", sidecar.rev).into(),
        view: alembic::view(&sidecar, &history.schema),
        path_json: format!("{OPS}/{}.json", sidecar.rev).into(),
        slug,
        sidecar,
    }))
}

fn broken() -> Decision {
    Decision {
        code: "BG402".to_owned(),
        subject: "migrations".to_owned(),
        message: "the schema changed, but the recorded revisions are broken, so no migration can follow them"
            .to_owned(),
        command: Some("backendgen check".to_owned()),
        ..Decision::default()
    }
}
