//! `Model` -> `Plan` for FastAPI: which files there are, and the words that their templates may use. Lays out no statement.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::model::{Database, Feature, JsonCase, Model, Resource};
use crate::plan::{Artifact, Content, Mode, Owner, OwnerRecord, Plan, View, ViewId};
use crate::schema::Schema;
use crate::template::{self, Per, Template};

mod deployment;
mod endpoint;
mod field_python;
mod field_schema;
mod imports;
mod login;
mod model;
mod permission_python;
mod project;
mod python;
mod relations;
mod repository;
mod resource;
mod resource_tests;
mod routes;
mod rule_python;
mod schema;
mod service;
mod test_words;
mod user;
mod violation;

pub use imports::{ImportBlock, Imports};
pub use python::{Expr, Ident, docstring, joined};
pub use routes::{Route, base_path, routes};

/// The folder of the templates.
pub const NAME: &str = "fastapi";

/// Plans every file that follows from the model; migrations are planned by `migration`.
#[must_use]
pub fn plan(model: &Model, schema: &Schema) -> Plan {
    let templates = template::templates(NAME);
    let mut plan = Plan::default();
    let project = json(&project::view(model));
    plan_owner(&mut plan, model, &templates, OwnerPlan::of_project(model, &project));
    plan.words = View::from_iter([("project".to_owned(), project)]);
    let of_resource = |resource| OwnerPlan::of_resource(model, schema, resource);
    let owners: Vec<_> = model.resources.par_iter().map(of_resource).collect();
    for owner in owners {
        plan_owner(&mut plan, model, &templates, owner);
    }
    plan.artifacts.sort_by(|a, b| a.path.cmp(&b.path));
    plan
}

/// What is planned for one lock.
struct OwnerPlan {
    owner: Owner,
    per: Per,
    /// What is switched on for this owner: features of the project and traits of the resource.
    features: BTreeSet<&'static str>,
    view: View,
    /// Hex sha256 of the words of the owner, without those of the project for a resource.
    spec_digest: String,
    /// The module names that stand for `{{resource}}` and `{{resources}}` in paths.
    modules: Option<(String, String)>,
    names: Vec<(String, String)>,
}

impl OwnerPlan {
    fn of_project(model: &Model, project: &Value) -> Self {
        let view = project_words(model, project);
        let text = serde_json::to_string(&view).expect("views hold only what JSON can express");
        Self {
            owner: Owner::Project,
            per: Per::Project,
            features: project_features(model),
            spec_digest: digest([text]),
            view,
            modules: None,
            names: Vec::new(),
        }
    }

    fn of_resource(model: &Model, schema: &Schema, resource: &Resource) -> Self {
        let view = json(&resource::view(model, schema, resource));
        let mut features = project_features(model);
        features.extend(resource::traits(model, resource));
        Self {
            owner: Owner::Resource(resource.names.plural.snake().to_owned()),
            per: Per::Resource,
            features,
            spec_digest: digest([view.to_string()]),
            view: View::from_iter([("resource".to_owned(), view)]),
            modules: Some((resource.names.singular.python(), resource.names.plural.python())),
            names: resource::pinned_names(resource),
        }
    }
}

fn json(view: &impl Serialize) -> Value {
    serde_json::to_value(view).expect("views hold only what JSON can express")
}

/// The words of a project, with those about its users where people log in.
fn project_words(model: &Model, project: &Value) -> View {
    let words = [("project", project.clone()), ("test", json(&test_words::view(model)))];
    let user = model.project.auth.as_ref().map(|auth| ("user", json(&user::view(model, auth))));
    words.into_iter().chain(user).map(|(name, words)| (name.to_owned(), words)).collect()
}

/// Adds the files and the record of one owner.
fn plan_owner(plan: &mut Plan, model: &Model, templates: &[Template], owner: OwnerPlan) {
    let view = ViewId(plan.views.len());
    let chosen = choose(templates, &owner);
    plan.owners.push(OwnerRecord {
        owner: owner.owner.clone(),
        spec_digest: owner.spec_digest,
        template_digest: digest(
            chosen.values().flat_map(|template| [template.name.as_bytes(), template.text.as_bytes()]),
        ),
        names: owner.names,
    });
    plan.artifacts.extend(chosen.into_iter().map(|(output, template)| {
        let path = output_path(model, output, owner.modules.as_ref());
        Artifact {
            ownership: template.ownership,
            content: Content::Template { template: template.name.to_owned(), view },
            owner: owner.owner.clone(),
            mode: Mode::Regular,
            imported: path.extension() == Some("py"),
            path,
        }
    }));
    plan.views.push(owner.view);
}

/// The templates of an owner by output: of several for one output, the one with the most features wins.
fn choose<'a>(templates: &'a [Template], owner: &OwnerPlan) -> BTreeMap<&'a str, &'a Template> {
    let mut applicable: Vec<_> = templates
        .iter()
        .filter(|template| template.per == owner.per)
        .filter(|template| template.features.iter().all(|feature| owner.features.contains(feature)))
        .collect();
    applicable.sort_by_key(|template| template.features.len());
    applicable.into_iter().map(|template| (template.output.as_str(), template)).collect()
}

/// Puts the package, the version and the resource into the path of a template's output.
fn output_path(model: &Model, output: &str, modules: Option<&(String, String)>) -> Utf8PathBuf {
    let mut path = output.to_owned();
    if let Some((singular, plural)) = modules {
        path = path.replace("{{resources}}", plural).replace("{{resource}}", singular);
    }
    match path.strip_prefix("app/") {
        Some(rest) => {
            let rest = rest.replacen("api/v1/", &format!("api/{}/", project::version_module(model)), 1);
            Utf8PathBuf::from(format!("{}/{rest}", model.project.package))
        }
        None => Utf8PathBuf::from(path),
    }
}

/// The overlays of a project.
fn project_features(model: &Model) -> BTreeSet<&'static str> {
    let project = &model.project;
    let optional = project.features.iter().map(|feature| match feature {
        Feature::Metrics => "metrics",
        Feature::Docker => "docker",
        Feature::Ci => "ci",
        Feature::PreCommit => "pre_commit",
        Feature::ApiKeys => "api_keys",
    });
    optional
        .chain(project.auth.is_some().then_some("auth"))
        .chain(project.tests.then_some("tests"))
        .chain(project.rate_limit.is_some().then_some("rate_limit"))
        .chain(project.auth.iter().flat_map(|auth| user::features(model, auth)))
        .chain((project.auth.is_some() || project.rate_limit.is_some()).then_some("limits"))
        .chain((project.api.case == JsonCase::Camel).then_some("camel"))
        .chain(project.databases.first().map(|database| match database {
            Database::Postgresql => "on_postgresql",
            Database::Mysql => "on_mysql",
            Database::Sqlite => "on_sqlite",
        }))
        .collect()
}

/// Hex sha256 of parts, each ended by a zero byte so that no two lists of parts agree.
fn digest(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
        hasher.update([0]);
    }
    hasher.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
