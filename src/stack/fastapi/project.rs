//! The words of templates that make one file per project.

use serde::Serialize;

use super::python::{Expr, Ident, docstring};
use crate::model::Model;

/// `project` in templates.
#[derive(Debug, Clone, Serialize)]
pub struct ProjectView {
    /// `blog`
    pub name: Ident,
    /// `blog` in words: `Music Store`.
    pub title: String,
    /// Description as a literal.
    pub doc: Expr,
    /// Description for a docstring or a page.
    pub summary: String,
    /// The Python package.
    pub package: Ident,
    /// Module of the API version: `v1`.
    pub version: Ident,
    /// `3.11`
    pub python: String,
    /// `py311`
    pub python_tag: String,
}

/// The words of a project.
#[must_use]
pub fn view(model: &Model) -> ProjectView {
    let project = &model.project;
    let doc = project.doc.clone().unwrap_or_default();
    ProjectView {
        name: Ident::new(project.name.snake()),
        title: project.name.title(),
        doc: Expr::string(doc.trim()),
        summary: docstring(&doc),
        package: Ident::new(project.package.clone()),
        version: Ident::new(version_module(model)),
        python: format!("{}.{}", project.python.major, project.python.minor),
        python_tag: format!("py{}{}", project.python.major, project.python.minor),
    }
}

/// The module of the API version: `api.version` as an identifier, `v1` where it is empty.
#[must_use]
pub fn version_module(model: &Model) -> String {
    let version: String = model
        .project
        .api
        .version
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '_' })
        .collect();
    match version.chars().next() {
        None => "v1".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("v{version}"),
        Some(_) => version,
    }
}
