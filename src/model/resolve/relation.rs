//! References and many-to-many relations, their other sides and join tables.

use std::collections::{BTreeMap, BTreeSet};

use super::field::{Fields, column, json_name, json_names};
use super::scope::{Draft, Scope};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{
    Column, Deletion, Field, FieldId, FieldKind, Include, Inverse, Many, Name, OrderKey, Polymorphic,
    PolymorphicTarget, Reference, ResourceId, Versioning, inflection,
};
use crate::source::Spanned;
use crate::spec::field::{
    FieldSpec, FieldUnique, Include as IncludeSpec, InverseSpec, OnDelete, SortKey, Target, TypeSpec,
};

/// Resolves `ref(…)`; nothing if it is broken.
pub(super) fn reference(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    spec: &FieldSpec,
    targets: &[Spanned<Target>],
    diagnostics: &mut Diagnostics,
) -> Option<FieldKind> {
    check_reference_name(spec, diagnostics);
    let found: Vec<Option<ResourceId>> =
        targets.iter().map(|target| find_target(scope, draft, spec, target, diagnostics)).collect();
    let found: Vec<ResourceId> = found.into_iter().collect::<Option<_>>()?;
    let on_delete = on_delete(scope, spec, diagnostics);
    let index = spec.index.as_ref().is_none_or(|index| index.value);
    if let [target] = found[..] {
        let one_to_one = is_unique_alone(spec);
        return Some(FieldKind::Reference(Reference {
            target,
            object: Name::new(&spec.name.value).python(),
            object_json: object_json(scope, spec),
            column: column(scope, draft, spec, &format!("{}_id", spec.name.value)),
            on_delete,
            one_to_one,
            inverse: inverse(scope, draft, spec, one_to_one, diagnostics),
            include: include(spec.include.as_ref()),
            index,
            is_owner: false,
        }));
    }
    Some(FieldKind::Polymorphic(Polymorphic {
        targets: polymorphic_targets(scope, draft, spec, &found, diagnostics),
        on_delete,
        index,
    }))
}

fn polymorphic_targets(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    spec: &FieldSpec,
    found: &[ResourceId],
    diagnostics: &mut Diagnostics,
) -> Vec<PolymorphicTarget> {
    let mut targets = Vec::new();
    let mut seen = BTreeSet::new();
    for &target in found {
        if !seen.insert(target) {
            let message = format!("`{}` names {} twice", spec.name.value, scope.draft(target).name());
            diagnostics.push(Diagnostic::new(Code::E402, &spec.kind.span, message));
            continue;
        }
        let object = format!("{}_{}", spec.name.value, scope.draft(target).names.singular);
        targets.push(PolymorphicTarget {
            target,
            column: format!("{object}_id"),
            object,
            inverse: inverse(scope, draft, spec, is_unique_alone(spec), diagnostics),
        });
    }
    targets
}

fn check_reference_name(spec: &FieldSpec, diagnostics: &mut Diagnostics) {
    if let Some(object) = spec.name.value.strip_suffix("_id").filter(|object| !object.is_empty()) {
        let message = format!("name the reference after the object: `{object}`");
        let diagnostic = Diagnostic::new(Code::E302, &spec.name.span, message).edit(&spec.name.span, object);
        let help = format!("backendgen adds the column and JSON property `{}` itself", spec.name.value);
        diagnostics.push(diagnostic.help(help));
    }
}

fn find_target(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    spec: &FieldSpec,
    target: &Spanned<Target>,
    diagnostics: &mut Diagnostics,
) -> Option<ResourceId> {
    let found = scope.target(draft.id, &target.value);
    if let (None, Target::Resource(name)) = (found, &target.value) {
        let name = Spanned::new(name.clone(), target.span.clone());
        diagnostics.push(scope.unknown_resource(&format!("`{}`", spec.name.value), &name));
    }
    found
}

fn is_unique_alone(spec: &FieldSpec) -> bool {
    spec.unique.as_ref().is_some_and(|unique| unique.value == FieldUnique::Alone)
}

fn object_json(scope: &Scope<'_>, spec: &FieldSpec) -> String {
    spec.json.as_ref().map_or_else(|| json_name(scope, &spec.name.value), |json| json.value.clone())
}

fn include(include: Option<&Spanned<IncludeSpec>>) -> Include {
    match include.map(|include| include.value) {
        None | Some(IncludeSpec::OnRequest) => Include::OnRequest,
        Some(IncludeSpec::Never) => Include::Never,
        Some(IncludeSpec::Always) => Include::Always,
    }
}

fn deletion(on_delete: OnDelete) -> Deletion {
    match on_delete {
        OnDelete::Restrict => Deletion::Restrict,
        OnDelete::Cascade => Deletion::Cascade,
        OnDelete::SetNull => Deletion::SetNull,
        OnDelete::NoAction => Deletion::NoAction,
    }
}

fn on_delete(scope: &Scope<'_>, spec: &FieldSpec, diagnostics: &mut Diagnostics) -> Deletion {
    let nullable = spec.nullable.as_ref().is_some_and(|nullable| nullable.value);
    let natural = if nullable { Deletion::SetNull } else { Deletion::Restrict };
    let default = scope.spec.project.defaults.on_delete.as_ref().map(|default| deletion(default.value));
    let Some(given) = &spec.on_delete else {
        return default.filter(|default| nullable || *default != Deletion::SetNull).unwrap_or(natural);
    };
    if given.value == OnDelete::SetNull && !nullable {
        let message = format!("`on_delete: set_null` on `{}`, which cannot be null", spec.name.value);
        let diagnostic = Diagnostic::new(Code::E304, &given.span, message);
        diagnostics.push(diagnostic.help("make it nullable with `?` after the type, or use restrict or cascade"));
    }
    deletion(given.value)
}

fn inverse(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    spec: &FieldSpec,
    is_single: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Inverse> {
    let derived = if is_single { &draft.names.singular } else { &draft.names.plural };
    let (name, order, included) = match spec.inverse.as_ref().map(|inverse| &inverse.value) {
        Some(InverseSpec::None) => return None,
        None => (derived.clone(), &[][..], None),
        Some(InverseSpec::Named { name, order, include }) => {
            (Name::new(&name.value), order.as_slice(), include.as_ref())
        }
    };
    Some(Inverse {
        name: name.python(),
        json: json_name(scope, name.snake()),
        order: order_keys(draft, order, diagnostics),
        include: include(included),
    })
}

/// The columns that an order names, closed by the id so that it is total.
pub(super) fn order_keys(
    draft: &Draft<'_>,
    order: &[Spanned<SortKey>],
    diagnostics: &mut Diagnostics,
) -> Vec<OrderKey> {
    let mut keys = Vec::new();
    for key in order {
        match find_column(draft, &key.value.field) {
            Some(Column::Field(id)) if !has_order(&draft.field(id).kind.value) => {
                let message = format!("`order` does not work on `{}`", key.value.field);
                diagnostics.push(Diagnostic::new(Code::E603, &key.span, message));
            }
            Some(column) => keys.push(OrderKey { column, descending: key.value.descending }),
            None => draft.unknown_field(&key.value.field, &key.span, diagnostics),
        }
    }
    if !keys.iter().any(|key| key.column == Column::Id) {
        keys.push(OrderKey { column: Column::Id, descending: false });
    }
    keys
}

/// Whether rows can be ordered by a field of that type.
fn has_order(kind: &TypeSpec) -> bool {
    let is_one_column = !matches!(kind, TypeSpec::Ref(targets) if targets.len() > 1);
    is_one_column
        && !matches!(
            kind,
            TypeSpec::Many(_)
                | TypeSpec::Json(_)
                | TypeSpec::Object(_)
                | TypeSpec::List(_)
                | TypeSpec::Bytes
                | TypeSpec::Password
        )
}

/// The column of that name: a field or one that backendgen adds.
pub(super) fn find_column(draft: &Draft<'_>, name: &str) -> Option<Column> {
    match name {
        "id" => Some(Column::Id),
        "created_at" if draft.created_at => Some(Column::CreatedAt),
        "updated_at" if draft.updated_at => Some(Column::UpdatedAt),
        "deleted_at" if draft.soft_delete => Some(Column::DeletedAt),
        "version" if draft.versioning != Versioning::Off => Some(Column::Version),
        _ => draft.find(name).map(Column::Field),
    }
}

/// Resolves `many(…)`; nothing if it is broken.
pub(super) fn many(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    spec: &FieldSpec,
    target: &Spanned<Target>,
    diagnostics: &mut Diagnostics,
) -> Option<FieldKind> {
    let found = find_target(scope, draft, spec, target, diagnostics)?;
    let symmetric = found == draft.id && spec.inverse.is_none();
    let (own_column, target_column) = join_columns(scope, draft, spec, found);
    let join_table = spec.join_table.as_ref().map(|table| table.value.clone());
    let on_delete = scope.spec.project.defaults.on_delete.as_ref().map(|default| deletion(default.value));
    Some(FieldKind::Many(Many {
        target: found,
        object: Name::new(&spec.name.value).python(),
        object_json: object_json(scope, spec),
        join_table: join_table.unwrap_or_else(|| format!("{}_{}", draft.names.singular, spec.name.value)),
        own_column,
        target_column,
        inverse: if symmetric { None } else { inverse(scope, draft, spec, false, diagnostics) },
        include: include(spec.include.as_ref()),
        order: order_keys(scope.draft(found), &spec.order, diagnostics),
        on_delete: on_delete.filter(|default| *default != Deletion::SetNull).unwrap_or(Deletion::Cascade),
        symmetric,
    }))
}

fn join_columns(scope: &Scope<'_>, draft: &Draft<'_>, spec: &FieldSpec, target: ResourceId) -> (String, String) {
    if let Some(columns) = &spec.join_columns {
        let [own, other] = &columns.value;
        return (own.value.clone(), other.value.clone());
    }
    let own = format!("{}_id", draft.names.singular);
    let target_name = scope.draft(target).names.singular.snake();
    let derived = if target == draft.id { inflection::singular(&spec.name.value) } else { target_name.to_owned() };
    let other = format!("{derived}_id");
    let other = if other == own { format!("target_{other}") } else { other };
    (own, other)
}

/// Checks everything that needs the fields of all resources.
pub(super) fn check(scope: &Scope<'_>, fields: &[Fields], diagnostics: &mut Diagnostics) {
    check_inverses(scope, fields, diagnostics);
    check_join_tables(scope, fields, diagnostics);
    check_cycles(scope, fields, diagnostics);
    for (draft, fields) in scope.drafts.iter().zip(fields) {
        check_soft_deletes(scope, draft, fields, diagnostics);
    }
}

/// All other sides that a field gives to its targets.
pub(super) fn inverses(field: &Field) -> Vec<(ResourceId, &Inverse)> {
    match &field.kind {
        FieldKind::Scalar(_) => Vec::new(),
        FieldKind::Reference(reference) => {
            reference.inverse.iter().map(|inverse| (reference.target, inverse)).collect()
        }
        FieldKind::Polymorphic(polymorphic) => polymorphic
            .targets
            .iter()
            .filter_map(|target| target.inverse.as_ref().map(|inverse| (target.target, inverse)))
            .collect(),
        FieldKind::Many(many) => many.inverse.iter().map(|inverse| (many.target, inverse)).collect(),
    }
}

fn check_inverses(scope: &Scope<'_>, fields: &[Fields], diagnostics: &mut Diagnostics) {
    let mut taken = names_of_fields(scope, fields);
    for (draft, fields) in scope.drafts.iter().zip(fields) {
        for (position, field) in fields.list.iter().enumerate() {
            let spec = draft.field(FieldId(position));
            for (target, inverse) in inverses(field) {
                let key = (target, inverse.json.clone());
                let source = format!("{}.{}", draft.name(), field.name);
                match taken.get(&key) {
                    Some(owner) => {
                        let target = scope.draft(target).name();
                        diagnostics.push(taken_inverse(spec, &source, &format!("{target}.{}", inverse.json), owner));
                    }
                    None => {
                        taken.insert(key, format!("the inverse of `{source}`"));
                    }
                }
            }
        }
    }
}

fn taken_inverse(spec: &FieldSpec, source: &str, inverse: &str, owner: &str) -> Diagnostic {
    let span = spec.inverse.as_ref().map_or(&spec.kind.span, |inverse| &inverse.span);
    let message = format!("the inverse of `{source}` would be `{inverse}`, which is taken by {owner}");
    Diagnostic::new(Code::E303, span, message)
        .help("name it with `inverse(other_name)`, or switch it off with `inverse(none)`")
}

fn names_of_fields(scope: &Scope<'_>, fields: &[Fields]) -> BTreeMap<(ResourceId, String), String> {
    let mut taken = BTreeMap::new();
    for (draft, fields) in scope.drafts.iter().zip(fields) {
        for name in draft.generated_columns() {
            taken.insert((draft.id, json_name(scope, name)), format!("the generated `{name}`"));
        }
        for field in &fields.list {
            for json in json_names(field) {
                taken.insert((draft.id, json.to_owned()), format!("the field `{}`", field.name));
            }
            taken.insert((draft.id, json_name(scope, field.name.snake())), format!("the field `{}`", field.name));
        }
    }
    taken
}

fn check_join_tables(scope: &Scope<'_>, fields: &[Fields], diagnostics: &mut Diagnostics) {
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    for (draft, fields) in scope.drafts.iter().zip(fields) {
        for (position, field) in fields.list.iter().enumerate() {
            let FieldKind::Many(many) = &field.kind else { continue };
            let spec = draft.field(FieldId(position));
            let span = spec.join_table.as_ref().map_or(&spec.name.span, |table| &table.span);
            let table = &many.join_table;
            if let Some(resource) = scope.drafts.iter().find(|draft| draft.names.table == *table) {
                let message = format!("the join table `{table}` has the name of a resource's table");
                let help = format!("set `join_table:`, or `through:` if {} is the join resource", resource.name());
                diagnostics.push(Diagnostic::new(Code::E106, span, message).help(help));
            } else if let Some(other) = taken.get(table) {
                let message = format!("the join table `{table}` is also the one of {other}");
                diagnostics.push(Diagnostic::new(Code::E106, span, message).help("set `join_table:`"));
            }
            if many.own_column == many.target_column {
                let message = format!("both columns of the join table `{table}` are `{}`", many.own_column);
                diagnostics.push(Diagnostic::new(Code::E105, span, message).help("set `join_columns:`"));
            }
            taken.entry(table.clone()).or_insert_with(|| format!("`{}.{}`", draft.name(), field.name));
        }
    }
}

/// The targets of the references that every row needs.
fn required_targets(fields: &Fields) -> Vec<ResourceId> {
    let targets = fields.list.iter().filter(|field| !field.presence.nullable).filter_map(|field| match &field.kind {
        FieldKind::Reference(reference) => Some(reference.target),
        FieldKind::Scalar(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
    });
    targets.collect::<BTreeSet<_>>().into_iter().collect()
}

fn check_cycles(scope: &Scope<'_>, fields: &[Fields], diagnostics: &mut Diagnostics) {
    let mut reported: BTreeSet<Vec<ResourceId>> = BTreeSet::new();
    for draft in &scope.drafts {
        let Some(cycle) = cycle_from(draft.id, fields) else { continue };
        let mut members = cycle.clone();
        members.sort_unstable();
        if !reported.insert(members) {
            continue;
        }
        let names: Vec<&str> = cycle.iter().chain(cycle.first()).map(|id| scope.draft(*id).name()).collect();
        let path = names.join(" -> ");
        let (code, message) = if cycle.len() == 1 {
            (Code::E306, format!("a required reference to itself can never be created: {path}"))
        } else {
            let message = format!("these required references form a cycle, no first row can be inserted: {path}");
            (Code::E305, message)
        };
        let next = cycle.get(1).copied().unwrap_or(draft.id);
        let place = draft.fields.iter().zip(&fields[draft.id.0].list).find(|(_, field)| {
            !field.presence.nullable
                && matches!(&field.kind, FieldKind::Reference(reference) if reference.target == next)
        });
        let span = place.map_or(&draft.spec.name.span, |(spec, _)| &spec.kind.span);
        let help = if cycle.len() == 1 { "make it nullable with `?`" } else { "make one of them nullable with `?`" };
        diagnostics.push(Diagnostic::new(code, span, message).help(help));
    }
}

/// The shortest way over required references from a resource back to itself.
fn cycle_from(start: ResourceId, fields: &[Fields]) -> Option<Vec<ResourceId>> {
    let mut paths = std::collections::VecDeque::from([vec![start]]);
    let mut seen = BTreeSet::new();
    while let Some(path) = paths.pop_front() {
        let last = *path.last().expect("a path has a start");
        for target in required_targets(&fields[last.0]) {
            if target == start {
                return Some(path);
            }
            if seen.insert(target) {
                let mut longer = path.clone();
                longer.push(target);
                paths.push_back(longer);
            }
        }
    }
    None
}

fn check_soft_deletes(scope: &Scope<'_>, draft: &Draft<'_>, fields: &Fields, diagnostics: &mut Diagnostics) {
    for (position, field) in fields.list.iter().enumerate() {
        let FieldKind::Reference(reference) = &field.kind else { continue };
        let target = scope.draft(reference.target);
        if reference.on_delete == Deletion::Cascade && target.soft_delete && !draft.soft_delete {
            let spec = draft.field(FieldId(position));
            let span = spec.on_delete.as_ref().map_or(&spec.name.span, |on_delete| &on_delete.span);
            let message = format!(
                "deleting a {} only hides it, so the {} of `{}` are not deleted with it",
                target.singular_words(),
                draft.name(),
                field.name
            );
            let help = format!("add `soft_delete: true` to {}", draft.name());
            diagnostics.push(Diagnostic::new(Code::W307, span, message).help(help));
        }
    }
}
