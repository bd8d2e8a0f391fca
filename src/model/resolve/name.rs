//! The names of resources: derived, recorded or given, and what they must not collide with.

use std::collections::BTreeMap;

use heck::ToUpperCamelCase;

use super::field::Fields;
use super::scope::{Draft, Scope};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::name::is_reserved;
use crate::model::{FieldKind, FieldType, Name, Pins, ResourceNames, inflection};
use crate::spec::Spec;
use crate::spec::resource::ResourceSpec;

/// Words of routes that the backend needs for itself.
const OWN_ROUTES: &[&str] = &["auth", "bulk", "docs", "health", "openapi", "redoc"];

/// Names of devices that Windows keeps.
const WINDOWS_DEVICES: &[&str] = &[
    "aux", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "lpt1", "lpt2", "lpt3",
    "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
];

/// Tables of the backend's own features.
const OWN_TABLES: &[&str] = &[
    "alembic_version",
    "api_keys",
    "auth_sessions",
    "email_tokens",
    "idempotency_keys",
    "refresh_tokens",
    "social_accounts",
];

/// Imports of generated code, and words that Python keeps.
const OWN_CLASSES: &[&str] = &[
    "APIRouter",
    "Annotated",
    "Any",
    "AsyncSession",
    "Base",
    "CheckConstraint",
    "CommaList",
    "Date",
    "DateTime",
    "Decimal",
    "Depends",
    "Enum",
    "False",
    "Field",
    "ForeignKey",
    "Ids",
    "Inclusions",
    "Index",
    "Input",
    "Iterator",
    "JsonList",
    "Listing",
    "Literal",
    "Mapped",
    "Mapping",
    "None",
    "NotRequired",
    "Numeric",
    "Output",
    "Polymorphic",
    "References",
    "Repository",
    "Rule",
    "Scope",
    "SecretStr",
    "Self",
    "Sequence",
    "Service",
    "StrEnum",
    "String",
    "Text",
    "Through",
    "Time",
    "TimeDelta",
    "True",
    "Truth",
    "TypedDict",
    "TypedReference",
    "UUID",
    "Violation",
];

/// Endings of the classes that are made for every resource.
const CLASS_ENDINGS: &[&str] = &[
    "Create",
    "Filters",
    "List",
    "Page",
    "Read",
    "Replace",
    "Repository",
    "Row",
    "Service",
    "ServiceBase",
    "Update",
    "Values",
];

/// Derives the names of a resource; a recorded name is used as it is, and what the spec says wins.
pub(super) fn names(resource: &ResourceSpec, pins: &Pins) -> ResourceNames {
    let plural = resource.name.value.as_str();
    let pin = |key: &str| pins.get(plural).and_then(|names| names.get(key)).cloned();
    let given = resource.singular.as_ref().map(|singular| singular.value.clone());
    let recorded = pin("singular");
    let singular = given.or_else(|| recorded.clone()).unwrap_or_else(|| inflection::singular(plural));
    let recorded_class = pin("class").filter(|_| recorded.as_ref() == Some(&singular));
    let list_variable = if singular == plural { format!("{plural}_list") } else { Name::new(plural).python() };
    ResourceNames {
        plural: Name::new(plural),
        class: recorded_class.unwrap_or_else(|| singular.to_upper_camel_case()),
        singular: Name::new(singular),
        table: resource
            .table
            .as_ref()
            .map(|table| table.value.clone())
            .or_else(|| pin("table"))
            .unwrap_or_else(|| plural.to_owned()),
        route: resource.route.as_ref().map_or_else(|| Name::new(plural).kebab(), |route| route.value.clone()),
        list_variable,
    }
}

/// Checks the names of all resources against each other and against those of the backend.
pub(super) fn check(scope: &Scope<'_>, diagnostics: &mut Diagnostics) {
    for draft in &scope.drafts {
        check_plural(draft.spec, &draft.names, scope.pins, diagnostics);
        check_reserved(scope.spec, draft.spec, &draft.names, diagnostics);
    }
    check_tables(scope, diagnostics);
    check_routes(scope, diagnostics);
    check_classes(scope, diagnostics);
}

fn check_plural(resource: &ResourceSpec, names: &ResourceNames, pins: &Pins, diagnostics: &mut Diagnostics) {
    let plural = names.plural.snake();
    let is_recorded = pins.get(plural).is_some_and(|names| names.contains_key("singular"));
    if resource.singular.is_none() && !is_recorded && !inflection::is_plural(plural) {
        let message = format!("`{plural}` does not look like a plural: singular `{}`", names.singular);
        let diagnostic = Diagnostic::new(Code::W110, &resource.name.span, message);
        diagnostics.push(diagnostic.help("set `singular:` or rename the file"));
    }
    if is_reserved(plural) {
        let message = format!(
            "`{plural}` is reserved in Python, Pydantic or SQLAlchemy; the Python module is `{plural}_`, route and table stay `{plural}`"
        );
        diagnostics.push(Diagnostic::new(Code::I101, &resource.name.span, message));
    }
}

fn check_reserved(spec: &Spec, resource: &ResourceSpec, names: &ResourceNames, diagnostics: &mut Diagnostics) {
    let plural = names.plural.snake();
    let span = &resource.name.span;
    let has_no_prefix = |value: &Option<crate::source::Spanned<String>>| {
        value.as_ref().is_some_and(|value| value.value.trim_matches('/').is_empty())
    };
    let is_bare = has_no_prefix(&spec.project.api.prefix) && has_no_prefix(&spec.project.api.version);
    let is_own_route = |word: &str| OWN_ROUTES.contains(&word) || is_bare && ["admin", "metrics"].contains(&word);
    if is_own_route(plural) {
        let message = format!("the resource name `{plural}` is used by backendgen's own routes");
        let diagnostic = Diagnostic::new(Code::E111, span, message);
        diagnostics.push(diagnostic.help("rename the file; `table:` keeps the table's name"));
    } else if is_own_route(&names.route) {
        let span = resource.route.as_ref().map_or(span, |route| &route.span);
        let message = format!("the route `{}` is used by backendgen's own routes", names.route);
        diagnostics.push(Diagnostic::new(Code::E111, span, message).help("choose another `route:`"));
    }
    let singular = names.singular.snake();
    if let Some(name) = [plural, singular].into_iter().find(|name| WINDOWS_DEVICES.contains(name)) {
        let message = format!("no file can be named `{name}` on Windows");
        diagnostics
            .push(Diagnostic::new(Code::E111, span, message).help("rename the file, or set another `singular:`"));
    }
    if OWN_CLASSES.contains(&names.class.as_str()) {
        let span = resource.singular.as_ref().map_or(span, |singular| &singular.span);
        let message = format!("the class `{}` of `{plural}` is the name of an import in generated code", names.class);
        let diagnostic = Diagnostic::new(Code::E112, span, message);
        diagnostics.push(diagnostic.help(format!("set e.g. `singular: {}`", harmless_singular(singular))));
    }
}

fn harmless_singular(singular: &str) -> String {
    match singular {
        "date" | "time" => format!("calendar_{singular}"),
        _ => format!("{singular}_entry"),
    }
}

fn check_tables(scope: &Scope<'_>, diagnostics: &mut Diagnostics) {
    let mut owners: BTreeMap<&str, &Draft<'_>> = BTreeMap::new();
    for draft in &scope.drafts {
        let table = draft.names.table.as_str();
        let span = draft.spec.table.as_ref().map_or(&draft.spec.name.span, |table| &table.span);
        if OWN_TABLES.contains(&table) {
            let message = format!("the table `{table}` belongs to backendgen's own features");
            diagnostics.push(Diagnostic::new(Code::E103, span, message).help("set another `table:`"));
        } else if let Some(first) = owners.get(table) {
            let given = draft.spec.table.as_ref().or(first.spec.table.as_ref());
            let message = format!("table `{table}` is used by {} and {}", first.name(), draft.name());
            let diagnostic = Diagnostic::new(Code::E103, given.map_or(span, |table| &table.span), message);
            diagnostics.push(diagnostic.help("set another `table:`"));
        }
        owners.entry(table).or_insert(draft);
    }
}

fn check_routes(scope: &Scope<'_>, diagnostics: &mut Diagnostics) {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for draft in &scope.drafts {
        let route = draft.names.route.as_str();
        if let Some(first) = owners.insert(route, draft.name()) {
            let span = draft.spec.route.as_ref().map_or(&draft.spec.name.span, |route| &route.span);
            let message = format!("{} needs the route /{route}, which is taken by {first}", draft.name());
            diagnostics.push(Diagnostic::new(Code::E610, span, message).help("set another `route:`"));
        }
    }
}

fn check_classes(scope: &Scope<'_>, diagnostics: &mut Diagnostics) {
    let mut owners: BTreeMap<&str, &Draft<'_>> = BTreeMap::new();
    let generated: BTreeMap<String, &str> = scope
        .drafts
        .iter()
        .flat_map(|draft| CLASS_ENDINGS.iter().map(|ending| (format!("{}{ending}", draft.names.class), draft.name())))
        .collect();
    for draft in &scope.drafts {
        let (class, name) = (draft.names.class.as_str(), draft.name());
        let mut given = draft.spec.singular.as_ref();
        let message = if let Some(first) = owners.get(class) {
            given = given.or(first.spec.singular.as_ref());
            format!("{} and {name} give the same class `{class}`", first.name())
        } else if let Some(owner) = generated.get(class) {
            format!("{name} gives the class `{class}`, which is generated for {owner}")
        } else if class == "Role" && scope.may_have_auth() {
            format!("{name} gives the class `Role`, which is the enum of `auth.roles`")
        } else {
            owners.insert(class, draft);
            continue;
        };
        let span = given.map_or(&draft.spec.name.span, |singular| &singular.span);
        diagnostics.push(Diagnostic::new(Code::E104, span, message).help("set `singular:`"));
    }
}

/// Enums and nested models get classes too; none may have the name of another class.
pub(super) fn check_types(scope: &Scope<'_>, fields: &[Fields], diagnostics: &mut Diagnostics) {
    let mut owners = classes(scope);
    for (draft, fields) in scope.drafts.iter().zip(fields) {
        for (spec, field) in draft.fields.iter().zip(&fields.list) {
            let FieldKind::Scalar(scalar) = &field.kind else { continue };
            let source = format!("{}.{}", draft.name(), field.name);
            for class in classes_of(&scalar.ty) {
                if let Some(owner) = owners.get(class) {
                    let message = format!("`{source}` and {owner} give the same class `{class}`");
                    let diagnostic = Diagnostic::new(Code::E104, &spec.name.span, message);
                    diagnostics.push(diagnostic.help("rename the field, or set `singular:`"));
                }
                owners.entry(class.to_owned()).or_insert_with(|| format!("`{source}`"));
            }
        }
    }
}

/// Classes of resources and those that are made for them, with what they belong to.
fn classes(scope: &Scope<'_>) -> BTreeMap<String, String> {
    let imports = OWN_CLASSES.iter().map(|class| ((*class).to_owned(), "an import of generated code".to_owned()));
    let of_resources = scope.drafts.iter().flat_map(|draft| {
        let endings = std::iter::once("").chain(CLASS_ENDINGS.iter().copied());
        endings.map(|ending| (format!("{}{ending}", draft.names.class), draft.name().to_owned()))
    });
    imports.chain(of_resources).collect()
}

/// The classes that a type needs for itself.
fn classes_of(ty: &FieldType) -> Vec<&str> {
    if let FieldType::Enum(kind) = ty {
        return if kind.is_role { Vec::new() } else { vec![&kind.class] };
    }
    if let FieldType::List(list) = ty {
        return classes_of(&list.element);
    }
    let FieldType::Object(object) = ty else { return Vec::new() };
    let nested = object.fields.iter().filter_map(|field| match &field.kind {
        FieldKind::Scalar(scalar) => Some(classes_of(&scalar.ty)),
        FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
    });
    std::iter::once(object.class.as_str()).chain(nested.flatten()).collect()
}
