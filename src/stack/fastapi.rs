//! `Model` -> `Plan` for FastAPI: which files there are, and the words that their templates may use. Lays out no statement.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use rayon::prelude::*;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::model::{Database, Feature, JsonCase, Model, Resource};
use crate::plan::{Artifact, Content, Mode, Owner, OwnerRecord, Plan, ViewId};
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
    let project = project::view(model);
    plan_owner(&mut plan, model, &templates, &OwnerPlan::of_project(model, &project));
    let of_resource = |resource| OwnerPlan::of_resource(model, schema, resource, &project);
    let owners: Vec<_> = model.resources.par_iter().map(of_resource).collect();
    for owner in &owners {
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
    view: Value,
    /// What the digest of the lock covers: the view without what belongs to the project.
    digested: Value,
    /// The module names that stand for `{{resource}}` and `{{resources}}` in paths.
    modules: Option<(String, String)>,
    names: Vec<(String, String)>,
}

impl OwnerPlan {
    fn of_project(model: &Model, project: &project::ProjectView) -> Self {
        let view = serde_json::to_value(project).expect("views hold only what JSON can express");
        Self {
            owner: Owner::Project,
            per: Per::Project,
            features: project_features(model),
            digested: project_words(model, view.clone()),
            view: project_words(model, view),
            modules: None,
            names: Vec::new(),
        }
    }

    fn of_resource(model: &Model, schema: &Schema, resource: &Resource, project: &project::ProjectView) -> Self {
        let view = resource::view(model, schema, resource);
        let digested = serde_json::to_value(&view).expect("views hold only what JSON can express");
        let mut features = project_features(model);
        features.extend(resource::traits(model, resource));
        Self {
            owner: Owner::Resource(resource.names.plural.snake().to_owned()),
            per: Per::Resource,
            features,
            view: serde_json::json!({ "project": project, "resource": digested }),
            digested,
            modules: Some((resource.names.singular.python(), resource.names.plural.python())),
            names: resource::pinned_names(resource),
        }
    }
}

/// The words of a project, with those about its users where people log in.
fn project_words(model: &Model, project: Value) -> Value {
    match &model.project.auth {
        None => serde_json::json!({ "project": project, "test": test_words::view(model) }),
        Some(auth) => serde_json::json!({
            "project": project, "test": test_words::view(model), "user": user::view(model, auth),
        }),
    }
}

/// Adds the files and the record of one owner.
fn plan_owner(plan: &mut Plan, model: &Model, templates: &[Template], owner: &OwnerPlan) {
    let view = ViewId(plan.views.len());
    let chosen = choose(templates, owner);
    plan.owners.push(OwnerRecord {
        owner: owner.owner.clone(),
        spec_digest: digest([owner.digested.to_string().as_bytes()]),
        template_digest: digest(
            chosen.values().flat_map(|template| [template.name.as_bytes(), template.text.as_bytes()]),
        ),
        names: owner.names.clone(),
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
    plan.views.push(owner.view.clone());
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
fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
        hasher.update([0]);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
