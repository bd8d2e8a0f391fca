//! The words of the tests of one resource: samples, and one file per concern.

use serde::Serialize;

mod conflicts;
mod crud;
mod facts;
mod includes;
mod lists;
mod permissions;
mod sample;
mod validation;
mod value;

use crate::model::{Model, Resource};
use facts::Facts;

/// `resource.tests` in templates.
#[derive(Debug, Clone, Serialize)]
pub struct ResourceTestsView {
    /// Fixture of a caller who may do everything: `post_caller`.
    pub caller: String,
    /// Fixture of a row: `post_row`.
    pub row: String,
    /// Path of that row, inside an f-string.
    pub item: String,
    /// `Posts`
    pub title: String,
    /// An id that no row has.
    pub unknown_id: super::python::Expr,
    /// Words of the samples.
    pub sample: sample::SampleView,
    /// Words of the operations.
    pub crud: crud::CrudView,
    /// Words of the values.
    pub validation: validation::ValidationView,
    /// Words of the conflicts.
    pub conflicts: conflicts::ConflictsView,
    /// Words of the list.
    pub lists: lists::ListsView,
    /// Words of the relations.
    pub includes: includes::IncludesView,
    /// Words of the permissions.
    pub permissions: permissions::PermissionsView,
}

/// The words of the tests of a resource.
#[must_use]
pub fn view(model: &Model, resource: &Resource) -> ResourceTestsView {
    let facts = Facts::of(model, resource);
    ResourceTestsView {
        caller: facts.caller(),
        row: facts.row_fixture(),
        item: format!("{{PATH}}/{{{}['id']}}", facts.row_fixture()),
        title: capitalised(&resource.names.plural.words()),
        unknown_id: value::unknown_id(resource.key.ty),
        sample: sample::view(&facts),
        crud: crud::view(&facts),
        validation: validation::view(&facts),
        conflicts: conflicts::view(&facts),
        lists: lists::view(&facts),
        includes: includes::view(&facts),
        permissions: permissions::view(&facts),
    }
}

/// The overlays of a resource with tests.
#[must_use]
pub fn traits(model: &Model, resource: &Resource) -> Vec<&'static str> {
    let facts = Facts::of(model, resource);
    let mut traits = Vec::new();
    if resource.tests && facts.has_rows() {
        traits.push("crud_tests");
        if validation::exists(&facts) {
            traits.push("validation_tests");
        }
        if lists::exists(&facts) {
            traits.push("list_tests");
        }
        if includes::exists(&facts) {
            traits.push("include_tests");
        }
        if conflicts::exists(&facts) {
            traits.push("conflict_tests");
        }
        if model.project.auth.is_some() && !resource.operations.is_empty() {
            traits.push("permission_tests");
        }
    }
    traits
}

fn capitalised(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
