//! The one pure function behind every command: the text of a spec and the recorded state go in, the wanted project
//! comes out.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use crate::diagnostic::Diagnostics;
use crate::finding::{Decision, Finding};
use crate::migration::{self, History, RevisionArtifacts};
use crate::model::{self, Model};
use crate::overrides;
use crate::ownership::Ownership;
use crate::plan::{Artifact, Content, Mode, Owner, OwnerRecord, Plan, ViewId};
use crate::render::Renderer;
use crate::schema;
use crate::source::Source;
use crate::spec::{self, Parsed, editor};
use crate::stack::fastapi::{self, Route};
use crate::template;
use crate::tree::{File, Tree};

/// What earlier runs recorded and later ones must respect.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The pinned names of each resource, by key (`class`, `singular`, `table`, `column.<field>`).
    pub names: BTreeMap<String, BTreeMap<String, String>>,
    /// The files of `migrations/versions` and `migrations/ops`, by path relative to the project root.
    pub migrations: BTreeMap<Utf8PathBuf, Vec<u8>>,
}

/// What a valid spec wants the project to be.
#[derive(Debug)]
pub struct Compiled {
    /// Every wanted file, the new migration included, under its final ownership.
    pub tree: Tree,
    /// What the locks record beside their files: `Owner::Project` first, then the resources by name.
    pub owners: Vec<OwnerRecord>,
    /// The routes of the API, in the order `backendgen routes` prints them.
    pub routes: Vec<Route>,
    /// Warnings and information about the spec; never an error.
    pub diagnostics: Diagnostics,
    /// What happens to the database schema.
    pub migration: MigrationOutcome,
    /// Findings about the recorded migrations (`BG4xx`, but not BG401: that one follows from `migration`).
    pub findings: Vec<Finding>,
}

/// What the spec asks of the database schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MigrationOutcome {
    /// The recorded migrations lead to the schema of the spec.
    UpToDate,
    /// One more revision is needed and safe; its files are in the tree, with `Ownership::Record`.
    Pending {
        /// Its name, such as `orders_note`.
        slug: String,
    },
    /// The change needs a decision of the user; the tree holds no new revision.
    Undecided(Vec<Decision>),
}

/// Compiles a spec.
///
/// # Errors
///
/// Every diagnostic, warnings included, if the spec is invalid.
pub fn compile(source: &Source, recorded: &Recorded) -> Result<Compiled, Diagnostics> {
    let (model, mut diagnostics) = understand(source, recorded)?;
    let schema = schema::derive(&model);
    let (history, findings) = History::read(&recorded.migrations, &model.project.databases);
    let pending = migration::pending(&schema, &history, &model.project.databases);
    let mut plan = fastapi::plan(&model, &schema);
    if let Ok(Some(revision)) = &pending {
        plan_revision(&mut plan, revision);
    }
    let owners = std::mem::take(&mut plan.owners);
    let mut tree = render(&model, plan);
    tree.extend(editor_schemas());
    let migration = record(pending, &mut tree);
    diagnostics.extend(overrides::apply(&model.project.ownership, &mut tree));
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let routes = fastapi::routes(&model);
    Ok(Compiled { tree, owners, routes, diagnostics, migration, findings })
}

/// Source -> model, with the warnings of both stages.
fn understand(source: &Source, recorded: &Recorded) -> Result<(Model, Diagnostics), Diagnostics> {
    let Parsed { spec, mut diagnostics } = spec::parse(source);
    let Some(spec) = spec else { return Err(diagnostics) };
    match model::resolve(&spec, &recorded.names) {
        Ok((model, found)) => {
            diagnostics.extend(found);
            if diagnostics.has_errors() { Err(diagnostics) } else { Ok((model, diagnostics)) }
        }
        Err(found) => {
            diagnostics.extend(found);
            Err(diagnostics)
        }
    }
}

/// Adds a new revision; its sidecar follows when its text is known.
fn plan_revision(plan: &mut Plan, revision: &RevisionArtifacts) {
    let view = ViewId(plan.views.len());
    let words = serde_json::to_value(&revision.view).expect("views hold only what JSON can express");
    plan.views.push(words.as_object().cloned().expect("a view is a struct"));
    plan.artifacts.push(Artifact {
        path: revision.path_py.clone(),
        content: Content::Template { template: migration::TEMPLATE.to_owned(), view },
        ownership: Ownership::Record,
        owner: Owner::Project,
        mode: Mode::Regular,
        imported: false,
    });
}

fn render(model: &Model, plan: Plan) -> Tree {
    let small = |part: u16| u8::try_from(part).expect("the model knows only Python 3");
    let python = (small(model.project.python.major), small(model.project.python.minor));
    let used = plan.templates();
    let templates = template::texts(fastapi::NAME).filter(|(name, _)| used.contains(name));
    let renderer = Renderer::new(templates, python).expect("the tests parse every built-in template");
    renderer.render(plan).unwrap_or_else(|error| panic!("a built-in template fails on a valid model: {error:#}"))
}

/// The JSON Schemas that the first line of every file of the spec names.
fn editor_schemas() -> [(Utf8PathBuf, File); 2] {
    let schemas = [("project", editor::project_schema()), ("resource", editor::resource_schema())];
    schemas.map(|(name, text)| {
        let file = File {
            bytes: text.into_bytes(),
            ownership: Ownership::Generated,
            owner: Owner::Project,
            mode: Mode::Regular,
            imported: false,
        };
        (Utf8PathBuf::from(format!(".backendgen/schema/{name}.json")), file)
    })
}

/// Adds the sidecar of a new revision, which holds the hash of the rendered one.
fn record(pending: Result<Option<RevisionArtifacts>, Vec<Decision>>, tree: &mut Tree) -> MigrationOutcome {
    match pending {
        Ok(None) => MigrationOutcome::UpToDate,
        Err(decisions) => MigrationOutcome::Undecided(decisions),
        Ok(Some(revision)) => {
            let rendered = tree.get(&revision.path_py).expect("the revision was just rendered");
            let bytes = revision.sidecar_text(&rendered.bytes).into_bytes();
            let sidecar = File { bytes, ..rendered.clone() };
            tree.insert(revision.path_json.clone(), sidecar);
            MigrationOutcome::Pending { slug: revision.slug }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_template_parses() {
        let parsed = Renderer::new(template::texts(fastapi::NAME), (3, 11));
        assert_eq!(parsed.err().map(|error| error.to_string()), None);
    }
}
