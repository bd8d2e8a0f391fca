//! Fields: what they hold, what may be missing, and who may set and see them.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToLowerCamelCase;

use super::relation;
use super::scope::{Draft, Scope};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::example;
use crate::model::name::is_reserved;
use crate::model::{
    Access, Database, Field, FieldDefault, FieldId, FieldKind, FieldType, JsonShape, Name, Presence, Scalar, inflection,
};
use crate::source::Spanned;
use crate::spec::field::{Access as AccessSpec, Deprecation, FieldSpec, TypeSpec};
use crate::spec::project::JsonCase as JsonCaseSpec;
use crate::spec::resource::{Hook, OwnerSpec};

/// The fields of one resource. A broken one is a placeholder, so that the ids of the others stay what they are.
pub(super) struct Fields {
    pub list: Vec<Field>,
    pub broken: BTreeSet<FieldId>,
}

/// Resolves the fields of a resource.
pub(super) fn resolve(scope: &Scope<'_>, draft: &Draft<'_>, diagnostics: &mut Diagnostics) -> Fields {
    let mut fields = Fields { list: Vec::new(), broken: BTreeSet::new() };
    for (position, spec) in draft.fields.iter().enumerate() {
        let kind = kind(scope, draft, spec, diagnostics);
        if kind.is_none() {
            fields.broken.insert(FieldId(position));
        }
        let kind = kind.unwrap_or_else(|| placeholder(spec));
        fields.list.push(field(scope, draft, spec, kind, diagnostics));
    }
    check_names(draft, &fields, diagnostics);
    fields
}

fn kind(scope: &Scope<'_>, draft: &Draft<'_>, spec: &FieldSpec, diagnostics: &mut Diagnostics) -> Option<FieldKind> {
    if let TypeSpec::Ref(targets) = &spec.kind.value {
        return relation::reference(scope, draft, spec, targets, diagnostics);
    }
    if let TypeSpec::Many(target) = &spec.kind.value {
        return relation::many(scope, draft, spec, target, diagnostics);
    }
    Some(FieldKind::Scalar(Scalar {
        ty: super::field_type::resolve(scope, draft, spec, diagnostics)?,
        column: column(scope, draft, spec, &spec.name.value),
        column_type: column_types(spec),
        check: spec.check.as_ref().is_none_or(|check| check.value),
    }))
}

fn placeholder(spec: &FieldSpec) -> FieldKind {
    FieldKind::Scalar(Scalar {
        ty: FieldType::Json(JsonShape::Any),
        column: spec.name.value.clone(),
        column_type: BTreeMap::new(),
        check: false,
    })
}

fn field(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    spec: &FieldSpec,
    kind: FieldKind,
    diagnostics: &mut Diagnostics,
) -> Field {
    let ty = scalar_type(&kind);
    let default = super::default::resolve(scope, draft, spec, ty, diagnostics);
    let example = ty.and_then(|ty| super::default::example(spec, ty, diagnostics));
    let (attribute, json) = attribute_and_json(scope, spec, &kind);
    let mut field = Field {
        name: Name::new(&spec.name.value),
        attribute,
        json,
        presence: presence(spec, default),
        access: access(spec),
        kind,
        sensitive: spec.sensitive.as_ref().is_some_and(|sensitive| sensitive.value),
        read: super::permission::of_field(scope, draft, spec.permissions.read.as_ref(), diagnostics),
        write: super::permission::of_field(scope, draft, spec.permissions.write.as_ref(), diagnostics),
        doc: doc(spec),
        deprecated: is_deprecated(spec.deprecated.as_ref()),
        example,
        fake: spec.fake.as_ref().map(|fake| fake.value.clone()),
    };
    if is_owner(draft, spec) {
        own(&mut field);
    }
    if matches!(field.kind, FieldKind::Many(_)) || !field.access.in_create() {
        field.presence.required = false;
    }
    if !draft.broken.contains(&spec.name.value) {
        check_settable(draft, spec, &field, diagnostics);
        check_example(spec, &field, &draft.singular_words(), diagnostics);
        check_old_rows(scope, draft, spec, &field, diagnostics);
    }
    field
}

/// The owner is set from the token; only who may write the field explicitly sends it.
fn own(field: &mut Field) {
    field.presence.default = FieldDefault::CurrentUser;
    field.presence.required = false;
    if field.write.is_none() {
        field.access = match field.access {
            Access::Private | Access::Writeonly => Access::Private,
            Access::Readwrite | Access::Immutable | Access::Readonly => Access::Readonly,
        };
    }
    if let FieldKind::Reference(reference) = &mut field.kind {
        reference.is_owner = true;
    }
}

fn is_owner(draft: &Draft<'_>, spec: &FieldSpec) -> bool {
    let owner = draft.spec.owner.as_ref().map(|owner| &owner.value);
    owner == Some(&OwnerSpec::Field(spec.name.value.clone()))
}

fn presence(spec: &FieldSpec, default: FieldDefault) -> Presence {
    let nullable = spec.nullable.as_ref().is_some_and(|nullable| nullable.value);
    let is_demanded = spec.required.as_ref().filter(|required| required.value);
    let required = is_demanded.is_some() || !nullable && default == FieldDefault::None;
    Presence { nullable, required, default }
}

fn access(spec: &FieldSpec) -> Access {
    match spec.access.as_ref().map(|access| access.value) {
        None if matches!(spec.kind.value, TypeSpec::Password) => Access::Writeonly,
        None | Some(AccessSpec::ReadWrite) => Access::Readwrite,
        Some(AccessSpec::Immutable) => Access::Immutable,
        Some(AccessSpec::ReadOnly) => Access::Readonly,
        Some(AccessSpec::WriteOnly) => Access::Writeonly,
        Some(AccessSpec::Private) => Access::Private,
    }
}

fn check_settable(draft: &Draft<'_>, spec: &FieldSpec, field: &Field, diagnostics: &mut Diagnostics) {
    let is_set = field.access.in_create()
        || field.presence.nullable
        || field.presence.default != FieldDefault::None
        || matches!(field.kind, FieldKind::Many(_))
        || draft.has_hook(Hook::BeforeCreate)
        || draft.broken.contains("hooks");
    if !is_set {
        let word = if field.access == Access::Private { "private" } else { "readonly" };
        let span = spec.access.as_ref().map_or(&spec.name.span, |access| &access.span);
        let message = format!("nothing can ever set `{}`: it is {word}, required and has no default", field.name);
        let diagnostic = Diagnostic::new(Code::E209, span, message);
        diagnostics.push(diagnostic.help("give it a default, `?`, or a before_create hook"));
    }
}

fn check_example(spec: &FieldSpec, field: &Field, singular: &str, diagnostics: &mut Diagnostics) {
    if field.presence.required && field.example.is_none() && !has_fitting_example(field) {
        let message =
            format!("`{}` has a pattern and no example: the generated tests cannot create a {singular}", field.name);
        diagnostics.push(Diagnostic::new(Code::W220, &spec.name.span, message).help("add `example:`"));
    }
}

/// A new column that is required needs a value for the rows that exist; that it is new shows in the recorded columns.
fn check_old_rows(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    spec: &FieldSpec,
    field: &Field,
    diagnostics: &mut Diagnostics,
) {
    let Some(recorded) = scope.pins.get(draft.name()) else { return };
    let is_recorded = |name: &str| recorded.contains_key(&format!("column.{name}"));
    let knows_columns = recorded.keys().any(|key| key.starts_with("column."));
    let fills_old_rows = field.presence.nullable || matches!(field.presence.default, FieldDefault::Constant(_));
    let has_column = !matches!(field.kind, FieldKind::Many(_) | FieldKind::Polymorphic(_));
    if !knows_columns || is_recorded(field.name.snake()) || fills_old_rows || !has_column {
        return;
    }
    let message =
        format!("`{}.{}` becomes required and has no default, the table may have rows", draft.name(), field.name);
    let diagnostic = Diagnostic::new(Code::W230, &spec.name.span, message);
    diagnostics.push(diagnostic.help("give old rows a value with `--fill`, or add `= value`"));
}

fn has_fitting_example(field: &Field) -> bool {
    example::value(field, 0).is_none_or(|value| example::fits_pattern(field, &value))
}

/// Whether values of the type can be compared by a unique.
pub(super) fn can_be_unique(ty: &FieldType) -> bool {
    !matches!(
        ty,
        FieldType::Bool
            | FieldType::Float { .. }
            | FieldType::Json(_)
            | FieldType::List(_)
            | FieldType::Object(_)
            | FieldType::Bytes { .. }
            | FieldType::Password(_)
    )
}

/// Columns, JSON names and attributes of one resource must differ.
fn check_names(draft: &Draft<'_>, fields: &Fields, diagnostics: &mut Diagnostics) {
    let generated = draft.generated_columns();
    let mut columns: BTreeMap<String, &Name> = BTreeMap::new();
    let mut jsons: BTreeMap<&str, &Name> = BTreeMap::new();
    for (spec, field) in draft.fields.iter().zip(&fields.list) {
        let name = field.name.snake();
        if generated.contains(&name) {
            let help = if name == "id" {
                "use the key `id:` of the resource"
            } else {
                "remove the field, or switch the feature off"
            };
            let diagnostic =
                Diagnostic::new(Code::E105, &spec.name.span, format!("`{name}` is generated by backendgen"));
            diagnostics.push(diagnostic.help(help));
            continue;
        }
        if is_reserved(name) {
            let message = format!(
                "`{name}` is reserved in Python, Pydantic or SQLAlchemy; the Python attribute is `{name}_`, JSON and column stay `{name}`"
            );
            diagnostics.push(Diagnostic::new(Code::I101, &spec.name.span, message));
        }
        for column in columns_of(field) {
            let taken_by_generated =
                generated.contains(&column.as_str()) && column != "id" || column == draft.key.column;
            let other = columns.get(&column).map(|other| other.snake().to_owned());
            if let Some(other) = other.or_else(|| taken_by_generated.then(|| column.clone())) {
                let message = format!("`{other}` and `{name}` both need the column `{column}`");
                diagnostics.push(Diagnostic::new(Code::E105, &spec.name.span, message));
            }
            columns.entry(column).or_insert(&field.name);
        }
        for json in json_names(field) {
            if let Some(other) = jsons.get(json).filter(|other| **other != &field.name) {
                let message = format!("`{other}` and `{name}` both need the JSON name `{json}`");
                diagnostics.push(Diagnostic::new(Code::E105, &spec.name.span, message));
            }
            jsons.entry(json).or_insert(&field.name);
        }
    }
}

fn columns_of(field: &Field) -> Vec<String> {
    match &field.kind {
        FieldKind::Scalar(scalar) => vec![scalar.column.clone()],
        FieldKind::Reference(reference) => vec![reference.column.clone()],
        FieldKind::Polymorphic(polymorphic) => polymorphic.targets.iter().map(|target| target.column.clone()).collect(),
        FieldKind::Many(_) => Vec::new(),
    }
}

/// The names that a field takes in JSON.
pub(super) fn json_names(field: &Field) -> Vec<&str> {
    match &field.kind {
        FieldKind::Scalar(_) | FieldKind::Polymorphic(_) => vec![&field.json],
        FieldKind::Reference(reference) => vec![&field.json, &reference.object_json],
        FieldKind::Many(many) => vec![&field.json, &many.object_json],
    }
}

fn attribute_and_json(scope: &Scope<'_>, spec: &FieldSpec, kind: &FieldKind) -> (String, String) {
    let name = spec.name.value.as_str();
    let given = spec.json.as_ref().map(|json| json.value.as_str());
    let camel = is_camel(scope);
    let suffixed = |given: &str, snake: &str, pascal: &str| format!("{given}{}", if camel { pascal } else { snake });
    match kind {
        FieldKind::Scalar(_) | FieldKind::Polymorphic(_) => {
            (Name::new(name).python(), given.map_or_else(|| json_name(scope, name), str::to_owned))
        }
        FieldKind::Reference(_) => {
            let id = format!("{name}_id");
            let json = given.map_or_else(|| json_name(scope, &id), |given| suffixed(given, "_id", "Id"));
            (id, json)
        }
        FieldKind::Many(_) => {
            let ids = format!("{}_ids", inflection::singular(name));
            let json = given
                .map_or_else(|| json_name(scope, &ids), |given| suffixed(&inflection::singular(given), "_ids", "Ids"));
            (ids, json)
        }
    }
}

fn is_camel(scope: &Scope<'_>) -> bool {
    scope.spec.project.api.case.as_ref().is_some_and(|case| case.value == JsonCaseSpec::Camel)
}

/// A name in the case of `api.case`.
pub(super) fn json_name(scope: &Scope<'_>, snake: &str) -> String {
    if is_camel(scope) { snake.to_lower_camel_case() } else { snake.to_owned() }
}

/// The column of a field: given, recorded, or derived.
pub(super) fn column(scope: &Scope<'_>, draft: &Draft<'_>, spec: &FieldSpec, derived: &str) -> String {
    let recorded = scope.pins.get(draft.name()).and_then(|names| names.get(&format!("column.{}", spec.name.value)));
    let given = spec.column.as_ref().map(|column| &column.value);
    given.or(recorded).cloned().unwrap_or_else(|| derived.to_owned())
}

fn column_types(spec: &FieldSpec) -> BTreeMap<Database, String> {
    spec.column_type.iter().map(|(database, ty)| (super::project::database(database.value), ty.value.clone())).collect()
}

/// The description of a field, with the reason why it is deprecated.
pub(super) fn doc(spec: &FieldSpec) -> Option<String> {
    let doc = spec.doc.as_ref().map(|doc| doc.value.trim().to_owned());
    let Some(Deprecation::Because(reason)) = spec.deprecated.as_ref().map(|deprecated| &deprecated.value) else {
        return doc;
    };
    let reason = format!("Deprecated: {reason}");
    Some(doc.map_or_else(|| reason.clone(), |doc| format!("{doc}\n\n{reason}")))
}

pub(super) fn is_deprecated(deprecated: Option<&Spanned<Deprecation>>) -> bool {
    deprecated.is_some_and(|deprecated| deprecated.value != Deprecation::No)
}

fn scalar_type(kind: &FieldKind) -> Option<&FieldType> {
    match kind {
        FieldKind::Scalar(scalar) => Some(&scalar.ty),
        FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
    }
}

/// The language's word for a resolved type.
pub(super) fn word_of(ty: &FieldType) -> &'static str {
    use crate::model::IntSize;
    match ty {
        FieldType::String(_) => "string",
        FieldType::Text(_) => "text",
        FieldType::Integer { size: IntSize::Small, .. } => "smallint",
        FieldType::Integer { size: IntSize::Regular, .. } => "int",
        FieldType::Integer { size: IntSize::Big, .. } => "bigint",
        FieldType::Float { .. } => "float",
        FieldType::Decimal { .. } => "decimal",
        FieldType::Money { .. } => "money",
        FieldType::Bool => "bool",
        FieldType::Date { .. } => "date",
        FieldType::Time { .. } => "time",
        FieldType::Datetime { .. } => "datetime",
        FieldType::LocalDatetime { .. } => "datetime(local)",
        FieldType::Duration { .. } => "duration",
        FieldType::Uuid => "uuid",
        FieldType::Enum(kind) if kind.is_role => "role",
        FieldType::Enum(_) => "enum",
        FieldType::Email => "email",
        FieldType::Url => "url",
        FieldType::Slug { .. } => "slug",
        FieldType::Phone => "phone",
        FieldType::Ip => "ip",
        FieldType::Timezone => "timezone",
        FieldType::Locale => "locale",
        FieldType::Country => "country",
        FieldType::Currency => "currency",
        FieldType::Color => "color",
        FieldType::Password(_) => "password",
        FieldType::Json(_) => "json",
        FieldType::Object(_) => "object",
        FieldType::List(_) => "list",
        FieldType::Bytes { .. } => "bytes",
    }
}
