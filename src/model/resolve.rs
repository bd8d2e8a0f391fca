//! `Spec` -> `Model`: resolves names, types, relations, permissions and rules, and collects every diagnostic.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::spec::Spec;
use crate::spec::field::{Deprecation, FieldSpec};
use crate::spec::resource::{Hook as HookSpec, IdType, ResourceSpec, Timestamps, Versioning as VersioningSpec};

use super::{
    Column, FieldKind, Hook, Index, Key, KeySource, KeyType, Model, Operation, Resource, ResourceId, Unique, Versioning,
};

mod database;
mod default;
mod expand;
mod field;
mod field_type;
mod key;
mod list;
mod name;
mod permission;
mod project;
mod relation;
mod rule;
mod sample;
mod scope;

use field::Fields;
use key::Placed;
use scope::{Draft, Scope};

/// The recorded names of each resource, by key (`class`, `singular`, `table`, `column.<field>`); a recorded name is used
/// as it is.
pub type Pins = BTreeMap<String, BTreeMap<String, String>>;

/// Resolves a spec.
///
/// # Errors
///
/// Everything that is wrong with it, warnings and information included, when one of them is an error.
pub fn resolve(spec: &Spec, pins: &Pins) -> Result<(Model, Diagnostics), Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let scope = scope(spec, pins, &mut diagnostics);
    let model = model(&scope, &mut diagnostics);
    let diagnostics = silence(spec, &diagnostics);
    match model {
        Some(model) if !diagnostics.has_errors() => Ok((model, diagnostics)),
        _ => Err(diagnostics),
    }
}

/// Writes out mixins and named types, and names every resource.
fn scope<'a>(spec: &'a Spec, pins: &'a Pins, diagnostics: &mut Diagnostics) -> Scope<'a> {
    let drafts: Vec<Draft<'a>> = spec
        .resources
        .values()
        .enumerate()
        .map(|(position, resource)| draft(spec, pins, ResourceId(position), resource, diagnostics))
        .collect();
    let ids = drafts.iter().map(|draft| (draft.spec.name.value.as_str(), draft.id)).collect();
    Scope { spec, pins, databases: project::databases(&spec.project), drafts, ids }
}

fn draft<'a>(
    spec: &Spec,
    pins: &Pins,
    id: ResourceId,
    resource: &'a ResourceSpec,
    diagnostics: &mut Diagnostics,
) -> Draft<'a> {
    let expanded = expand::expand(spec, resource, diagnostics);
    let defaults = &spec.project.defaults;
    let timestamps = resource.timestamps.as_ref().or(defaults.timestamps.as_ref()).map(|timestamps| timestamps.value);
    let timestamps = timestamps.unwrap_or(Timestamps { created_at: true, updated_at: true });
    let soft_delete = resource.soft_delete.as_ref().or(defaults.soft_delete.as_ref());
    Draft {
        id,
        spec: resource,
        names: name::names(resource, pins),
        key: key(spec, resource),
        created_at: timestamps.created_at,
        updated_at: timestamps.updated_at,
        soft_delete: soft_delete.is_some_and(|soft_delete| soft_delete.value),
        versioning: match resource.versioned.as_ref().or(defaults.versioned.as_ref()).map(|versioned| versioned.value) {
            None | Some(VersioningSpec::Off) => Versioning::Off,
            Some(VersioningSpec::On) => Versioning::Optional,
            Some(VersioningSpec::Required) => Versioning::Required,
        },
        fields: expanded.fields,
        rules: expanded.rules,
        broken: expanded.broken,
    }
}

fn key(spec: &Spec, resource: &ResourceSpec) -> Key {
    let given = resource.id.kind.as_ref().or(spec.project.defaults.id.as_ref()).map(|kind| kind.value);
    let ty = match given {
        None | Some(IdType::Uuid) => KeyType::Uuid,
        Some(IdType::Uuid4) => KeyType::Uuid4,
        Some(IdType::Int) => KeyType::Int,
        Some(IdType::BigInt) => KeyType::Bigint,
        Some(IdType::String(length)) => KeyType::String(length),
    };
    let is_generated = resource.id.generated.as_ref().is_none_or(|generated| generated.value);
    let source = match ty {
        KeyType::String(_) => KeySource::Client,
        _ if !is_generated => KeySource::Client,
        KeyType::Int | KeyType::Bigint => KeySource::Identity,
        KeyType::Uuid | KeyType::Uuid4 => KeySource::Application,
    };
    let column = resource.id.column.as_ref().map_or_else(|| "id".to_owned(), |column| column.value.clone());
    Key { ty, column, source }
}

fn model(scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Option<Model> {
    expand::check_types(&scope.spec.project, diagnostics);
    name::check(scope, diagnostics);
    project::check_features(scope, diagnostics);
    project::check_rate(&scope.spec.project, diagnostics);
    let fields: Vec<Fields> = scope.drafts.iter().map(|draft| field::resolve(scope, draft, diagnostics)).collect();
    relation::check(scope, &fields, diagnostics);
    name::check_types(scope, &fields, diagnostics);
    let auth = project::auth(scope, &fields, diagnostics);
    let project = project::resolve(scope, auth);
    let resources = scope.drafts.iter().map(|draft| resource(scope, draft, &fields, diagnostics)).collect();
    if scope.auth().is_some() && project.auth.is_none() {
        return None;
    }
    Some(Model { project, resources })
}

fn resource(scope: &Scope<'_>, draft: &Draft<'_>, all: &[Fields], diagnostics: &mut Diagnostics) -> Resource {
    let spec = draft.spec;
    let fields = &all[draft.id.0];
    let operations = operations(draft, diagnostics);
    check_deprecation(spec, diagnostics);
    permission::check_project_permissions(scope, draft, &operations, diagnostics);
    let uniques = key::uniques(scope, draft, fields, diagnostics);
    let indexes = key::indexes(scope, draft, fields, diagnostics);
    key::check_databases(scope, &uniques, &indexes, diagnostics);
    let rules = rule::resolve(scope, draft, fields, diagnostics);
    let constraints = database::Constraints { uniques: &uniques, indexes: &indexes, rules: &rules };
    database::check(scope, draft, fields, &constraints, diagnostics);
    sample::check(draft, &fields.list, &rules, &operations, diagnostics);
    let list = list::resolve(scope, draft, all, diagnostics);
    list::inform(draft, fields, &list, &indexed(fields, &uniques, &indexes), diagnostics);
    Resource {
        id: draft.id,
        names: draft.names.clone(),
        doc: spec.doc.as_ref().map(|doc| doc.value.trim().to_owned()),
        label: spec.label.as_ref().map_or_else(|| draft.singular_words(), |label| label.value.clone()),
        tags: tags(spec),
        key: draft.key.clone(),
        created_at: draft.created_at,
        updated_at: draft.updated_at,
        soft_delete: draft.soft_delete,
        versioning: draft.versioning,
        owner: permission::owner(scope, draft, fields, diagnostics),
        uniques: uniques.into_iter().map(|unique| unique.value).collect(),
        indexes: indexes.into_iter().map(|index| index.value).collect(),
        rules: rules.into_iter().map(|rule| rule.value).collect(),
        permissions: permission::permissions(scope, draft, &operations, diagnostics),
        list,
        hooks: spec.hooks.iter().map(|hook| self::hook(hook.value)).collect(),
        tests: tests(scope, spec),
        rate_limit: project::rate_limit(scope),
        operations,
        fields: fields.list.clone(),
    }
}

fn check_deprecation(spec: &ResourceSpec, diagnostics: &mut Diagnostics) {
    let deprecated = spec.deprecated.as_ref().filter(|deprecated| deprecated.value != Deprecation::No);
    if let Some(deprecated) = deprecated {
        let message = "`deprecated:` of a resource is not supported yet";
        diagnostics.push(Diagnostic::new(Code::E008, &deprecated.span, message).help("fields can be deprecated"));
    }
}

fn tags(spec: &ResourceSpec) -> Vec<String> {
    if spec.tags.is_empty() {
        return vec![spec.name.value.clone()];
    }
    spec.tags.iter().map(|tag| tag.value.clone()).collect()
}

fn tests(scope: &Scope<'_>, spec: &ResourceSpec) -> bool {
    spec.tests.as_ref().or(scope.spec.project.defaults.tests.as_ref()).is_none_or(|tests| tests.value)
}

fn operations(draft: &Draft<'_>, diagnostics: &mut Diagnostics) -> BTreeSet<Operation> {
    let Some(given) = &draft.spec.operations else {
        return BTreeSet::from([
            Operation::List,
            Operation::Get,
            Operation::Create,
            Operation::Update,
            Operation::Delete,
        ]);
    };
    let mut operations = BTreeSet::new();
    for given in &given.value {
        let operation = project::operation(given.value);
        let needs_soft_delete = matches!(operation, Operation::Restore | Operation::Purge);
        if needs_soft_delete && !draft.soft_delete && !draft.broken.contains("soft_delete") {
            let message = format!("`{}` needs `soft_delete: true`", permission::word(operation));
            diagnostics.push(Diagnostic::new(Code::E602, &given.span, message));
        }
        operations.insert(operation);
    }
    operations
}

fn hook(hook: HookSpec) -> Hook {
    match hook {
        HookSpec::BeforeCreate => Hook::BeforeCreate,
        HookSpec::AfterCreate => Hook::AfterCreate,
        HookSpec::BeforeUpdate => Hook::BeforeUpdate,
        HookSpec::AfterUpdate => Hook::AfterUpdate,
        HookSpec::BeforeDelete => Hook::BeforeDelete,
        HookSpec::AfterDelete => Hook::AfterDelete,
        HookSpec::Scope => Hook::Scope,
    }
}

/// The columns that an index starts with.
fn indexed(fields: &Fields, uniques: &[Placed<Unique>], indexes: &[Placed<Index>]) -> BTreeSet<Column> {
    let references = fields.list.iter().enumerate().filter_map(|(position, field)| match &field.kind {
        FieldKind::Reference(reference) => reference.index.then_some(Column::Field(super::FieldId(position))),
        FieldKind::Scalar(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
    });
    let uniques = uniques.iter().filter_map(|unique| unique.value.columns.first().copied());
    let indexes = indexes.iter().filter_map(|index| index.value.columns.first().map(|first| first.column));
    references.chain(uniques).chain(indexes).collect()
}

/// Leaves out the warnings that `x-allow` of the project, the resource or the field names.
fn silence(spec: &Spec, diagnostics: &Diagnostics) -> Diagnostics {
    let resources: BTreeMap<&Utf8Path, &ResourceSpec> =
        spec.resources.values().map(|resource| (&*resource.path, resource)).collect();
    let mut kept = Diagnostics::default();
    for diagnostic in diagnostics.sorted() {
        if !is_allowed(spec, &resources, diagnostic) {
            kept.push(diagnostic.clone());
        }
    }
    kept
}

fn is_allowed(spec: &Spec, resources: &BTreeMap<&Utf8Path, &ResourceSpec>, diagnostic: &Diagnostic) -> bool {
    if diagnostic.severity() == Severity::Error {
        return false;
    }
    let names = |allow: &[crate::source::Spanned<String>]| {
        allow.iter().any(|code| code.value.eq_ignore_ascii_case(diagnostic.code.as_str()))
    };
    if names(&spec.project.allow) {
        return true;
    }
    let Some(span) = &diagnostic.span else { return false };
    let Some(resource) = resources.get(&*span.path) else { return false };
    let inside = |field: &&FieldSpec| field.name.span.start <= span.start && span.end <= field.span.end;
    names(&resource.allow) || resource.fields.iter().filter(inside).any(|field| names(&field.allow))
}
