//! The words of templates that make one file per resource.

use serde::Serialize;

use super::endpoint::EndpointView;
use super::model::ModelView;
use super::python::{Ident, docstring};
use super::repository::RepositoryView;
use super::resource_tests::ResourceTestsView;
use super::schema::SchemaView;
use super::service::ServiceView;
use crate::model::{FieldKind, Model, Resource};
use crate::schema::Schema;

/// `resource` in templates.
#[derive(Debug, Clone, Serialize)]
pub struct ResourceView {
    /// `orders`, the name of the file in `resources/`.
    pub name: String,
    /// `order`: variable and module.
    pub singular: Ident,
    /// `orders`: module of the endpoints.
    pub plural: Ident,
    /// `Order`
    pub class: Ident,
    /// `order items`
    pub words: String,
    /// `order item`
    pub label: String,
    /// Words of the model.
    pub model: ModelView,
    /// Words of the schemas.
    pub schema: SchemaView,
    /// Words of the repository.
    pub repository: RepositoryView,
    /// Words of the services.
    pub service: ServiceView,
    /// Words of the endpoints.
    pub endpoint: EndpointView,
    /// Words of the tests.
    pub tests: ResourceTestsView,
}

/// The words of a resource.
#[must_use]
pub fn view(model: &Model, schema: &Schema, resource: &Resource) -> ResourceView {
    let names = &resource.names;
    ResourceView {
        name: names.plural.snake().to_owned(),
        singular: Ident::new(names.singular.python()),
        plural: Ident::new(names.plural.python()),
        class: Ident::new(names.class.clone()),
        words: names.plural.words(),
        label: docstring(&resource.label),
        model: super::model::view(model, schema, resource),
        schema: super::schema::view(model, resource),
        repository: super::repository::view(model, resource),
        service: super::service::view(model, resource),
        endpoint: super::endpoint::view(model, resource),
        tests: super::resource_tests::view(model, resource),
    }
}

/// One sentence about a row: `doc:`, or its label.
#[must_use]
pub fn doc(resource: &Resource) -> String {
    match &resource.doc {
        Some(doc) => docstring(doc),
        None => docstring(&format!("{} {}.", article(&resource.label), resource.label)),
    }
}

/// `A` or `An`, by the sound that the word begins with: a user, an umbrella, an hour.
#[must_use]
pub fn article(word: &str) -> &'static str {
    const CONSONANTS: [&str; 8] = ["eu", "one", "ubi", "uni", "usa", "use", "usu", "uti"];
    const VOWELS: [&str; 4] = ["heir", "honest", "honor", "hour"];
    let word = word.to_lowercase();
    let begins = |starts: &[&str]| starts.iter().any(|start| word.starts_with(start));
    let is_vowel = begins(&["a", "e", "i", "o", "u"]) && !begins(&CONSONANTS);
    if is_vowel || begins(&VOWELS) { "An" } else { "A" }
}

/// The overlays of a resource: what it does decides which of its files exist.
#[must_use]
pub fn traits(model: &Model, resource: &Resource) -> Vec<&'static str> {
    super::resource_tests::traits(model, resource)
}

/// What the lock pins: key and value in the order of the keys.
#[must_use]
pub fn pinned_names(resource: &Resource) -> Vec<(String, String)> {
    let mut names: Vec<_> = resource
        .fields
        .iter()
        .filter_map(|field| {
            let key = format!("column.{}", field.name);
            match &field.kind {
                FieldKind::Scalar(scalar) => Some((key, scalar.column.clone())),
                FieldKind::Reference(reference) => Some((key, reference.column.clone())),
                FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
            }
        })
        .collect();
    names.push(("class".to_owned(), resource.names.class.clone()));
    names.push(("singular".to_owned(), resource.names.singular.snake().to_owned()));
    names.push(("table".to_owned(), resource.names.table.clone()));
    names.sort();
    names
}
