//! Writes out mixins and named types.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::spec::Spec;
use crate::spec::field::{ElementSpec, FieldSpec, FieldUnique, LimitsSpec, TypeSpec, check};
use crate::spec::project::{MixinSpec, ProjectSpec};
use crate::spec::resource::{MixinUse, ResourceSpec};
use crate::spec::rule::{Expression, Node, RuleSpec};

/// The fields and rules of a resource: own first, then those of its mixins.
pub(super) struct Expanded {
    pub fields: Vec<FieldSpec>,
    pub rules: Vec<RuleSpec>,
    pub broken: BTreeSet<String>,
}

/// Writes out the mixins and named types of one resource.
pub(super) fn expand(spec: &Spec, resource: &ResourceSpec, diagnostics: &mut Diagnostics) -> Expanded {
    let mut expanded =
        Expanded { fields: resource.fields.clone(), rules: resource.rules.clone(), broken: resource.broken.clone() };
    for mixin_use in &resource.include {
        let mixin = spec.project.mixins.iter().find(|mixin| mixin.name.value == mixin_use.mixin.value);
        if let Some(mixin) = mixin {
            include(&mut expanded, resource, mixin_use, mixin, diagnostics);
        }
    }
    expanded.fields = expanded
        .fields
        .into_iter()
        .filter_map(|field| {
            let name = field.name.value.clone();
            let is_named = matches!(field.kind.value, TypeSpec::Named(_));
            let written = write_out(&spec.project, field, diagnostics);
            let found = written.as_ref().filter(|_| is_named).map(check).unwrap_or_default();
            let has_errors = found.iter().any(|diagnostic| diagnostic.severity() == Severity::Error);
            for diagnostic in found {
                diagnostics.push(diagnostic);
            }
            if written.is_none() || has_errors {
                expanded.broken.insert(name);
            }
            written
        })
        .collect();
    expanded
}

/// The named types that refer to themselves.
pub(super) fn check_types(project: &ProjectSpec, diagnostics: &mut Diagnostics) {
    for named in &project.types {
        let mut seen = BTreeSet::from([named.name.value.as_str()]);
        let mut next = named;
        while let TypeSpec::Named(name) = &next.kind.value {
            if *name == named.name.value {
                let message = format!("the named type `{name}` refers to itself");
                diagnostics.push(Diagnostic::new(Code::E218, &named.name.span, message));
            }
            if !seen.insert(name) {
                break;
            }
            let Some(found) = project.types.iter().find(|other| other.name.value == *name) else { break };
            next = found;
        }
    }
}

fn include(
    expanded: &mut Expanded,
    resource: &ResourceSpec,
    mixin_use: &MixinUse,
    mixin: &MixinSpec,
    diagnostics: &mut Diagnostics,
) {
    let prefix = mixin_use.prefix.as_ref().map_or("", |prefix| prefix.value.as_str());
    let names: BTreeSet<&str> = mixin.fields.iter().map(|field| field.name.value.as_str()).collect();
    for field in &mixin.fields {
        let field = prefixed(field, prefix, &names);
        if expanded.fields.iter().any(|known| known.name.value == field.name.value) {
            let message = format!(
                "`{}` of the mixin `{}` is already a field of {}",
                field.name.value, mixin.name.value, resource.name.value
            );
            let diagnostic = Diagnostic::new(Code::E105, &mixin_use.mixin.span, message);
            diagnostics.push(diagnostic.help("give the mixin a `prefix:`, or rename the field"));
        } else {
            expanded.fields.push(field);
        }
    }
    expanded.rules.extend(mixin.rules.iter().map(|rule| prefixed_rule(rule, prefix, &names)));
    expanded.broken.extend(mixin.broken.iter().map(|name| format!("{prefix}{name}")));
}

fn prefixed(field: &FieldSpec, prefix: &str, names: &BTreeSet<&str>) -> FieldSpec {
    let rename = |name: &mut String| {
        if names.contains(name.as_str()) {
            name.insert_str(0, prefix);
        }
    };
    let mut field = field.clone();
    field.name.value.insert_str(0, prefix);
    if let TypeSpec::Slug(Some(source)) = &mut field.kind.value {
        rename(&mut source.value);
    }
    if let Some(unique) = &mut field.unique
        && let FieldUnique::Within(scope) = &mut unique.value
    {
        for name in scope {
            rename(&mut name.value);
        }
    }
    field
}

fn prefixed_rule(rule: &RuleSpec, prefix: &str, names: &BTreeSet<&str>) -> RuleSpec {
    let mut rule = rule.clone();
    let mut places = Vec::new();
    prefix_paths(&mut rule.expression, prefix, names, &mut places);
    if let Some(text) = with_prefixes(&rule.text.value, rule.text.span.start, prefix, &mut places) {
        rule.text.value = text;
    }
    rule
}

/// Prefixes the fields of an expression and collects where they stand.
fn prefix_paths(expression: &mut Expression, prefix: &str, names: &BTreeSet<&str>, places: &mut Vec<(usize, String)>) {
    let mut each = |expression: &mut Expression| prefix_paths(expression, prefix, names, places);
    match &mut expression.node {
        Node::Implies(left, right) | Node::Compare(_, left, right) | Node::Arithmetic(_, left, right) => {
            each(left);
            each(right);
        }
        Node::Or(parts) | Node::And(parts) | Node::Call(_, parts) => parts.iter_mut().for_each(each),
        Node::Not(part) | Node::IsNull { value: part, .. } | Node::Matches(part, _) | Node::Negate(part) => each(part),
        Node::In { value, choices, .. } => {
            each(value);
            choices.iter_mut().for_each(each);
        }
        Node::Path(path) => {
            let first = path.first_mut().filter(|first| names.contains(first.value.as_str()));
            if let Some(first) = first {
                places.push((first.span.start, first.value.clone()));
                first.value.insert_str(0, prefix);
            }
        }
        Node::Number(_) | Node::Text(_) | Node::Duration(_) | Node::Bool(_) => {}
    }
}

/// The text of the rule with the prefix before each field; nothing if the places do not fit the text.
fn with_prefixes(text: &str, start: usize, prefix: &str, places: &mut [(usize, String)]) -> Option<String> {
    places.sort();
    let mut text = text.to_owned();
    for (place, name) in places.iter().rev() {
        let at = place.checked_sub(start)?;
        if !text.get(at..)?.starts_with(name.as_str()) {
            return None;
        }
        text.insert_str(at, prefix);
    }
    Some(text)
}

/// Replaces named types by what they stand for; nothing if a type refers to itself.
fn write_out(project: &ProjectSpec, field: FieldSpec, diagnostics: &mut Diagnostics) -> Option<FieldSpec> {
    let mut field = field;
    let mut seen = BTreeSet::new();
    while let TypeSpec::Named(name) = field.kind.value.clone() {
        let named = project.types.iter().find(|named| named.name.value == name)?;
        if !seen.insert(name) {
            return None;
        }
        field = over(field, named);
    }
    if let TypeSpec::Object(fields) = field.kind.value {
        let fields = fields.into_iter().filter_map(|nested| write_out(project, nested, diagnostics)).collect();
        field.kind.value = TypeSpec::Object(fields);
        return Some(field);
    }
    if let TypeSpec::List(element) = field.kind.value {
        field.kind.value = TypeSpec::List(Box::new(write_out_element(project, *element, diagnostics)?));
    }
    Some(field)
}

fn write_out_element(
    project: &ProjectSpec,
    element: ElementSpec,
    diagnostics: &mut Diagnostics,
) -> Option<ElementSpec> {
    let TypeSpec::Named(name) = &element.kind.value else { return Some(element) };
    let named = project.types.iter().find(|named| named.name.value == *name)?;
    let named = write_out(project, named.clone(), diagnostics)?;
    if named.pattern.is_some() {
        let message = format!("a list of the named type `{name}`, which has a pattern, is not supported yet");
        diagnostics.push(Diagnostic::new(Code::E016, &element.kind.span, message));
    }
    let limits = limits_over(element.limits, named.limits);
    let kind = crate::source::Spanned::new(named.kind.value, element.kind.span);
    Some(ElementSpec { kind, limits })
}

/// A field whose type is a named one: what the field says wins.
fn over(field: FieldSpec, named: &FieldSpec) -> FieldSpec {
    let named = named.clone();
    let mut kind = field.kind;
    kind.value = named.kind.value;
    FieldSpec {
        name: field.name,
        span: field.span,
        kind,
        limits: limits_over(field.limits, named.limits),
        nullable: field.nullable.or(named.nullable),
        default: field.default.or(named.default),
        required: field.required.or(named.required),
        unique: field.unique.or(named.unique),
        index: field.index.or(named.index),
        access: field.access.or(named.access),
        sensitive: field.sensitive.or(named.sensitive),
        doc: field.doc.or(named.doc),
        example: field.example.or(named.example),
        deprecated: field.deprecated.or(named.deprecated),
        pattern: field.pattern.or(named.pattern),
        trim: field.trim.or(named.trim),
        case: field.case.or(named.case),
        column: field.column.or(named.column),
        column_type: if field.column_type.is_empty() { named.column_type } else { field.column_type },
        check: field.check.or(named.check),
        json: field.json.or(named.json),
        permissions: crate::spec::permission::ReadWriteSpec {
            read: field.permissions.read.or(named.permissions.read),
            write: field.permissions.write.or(named.permissions.write),
        },
        filter: field.filter.or(named.filter),
        sort: field.sort.or(named.sort),
        search: field.search.or(named.search),
        fake: field.fake.or(named.fake),
        storage: field.storage.or(named.storage),
        inverse: field.inverse.or(named.inverse),
        on_delete: field.on_delete.or(named.on_delete),
        include: field.include.or(named.include),
        order: if field.order.is_empty() { named.order } else { field.order },
        join_table: field.join_table.or(named.join_table),
        join_columns: field.join_columns.or(named.join_columns),
        allow: field.allow.into_iter().chain(named.allow).collect(),
        extensions: if field.extensions.is_empty() { named.extensions } else { field.extensions },
    }
}

fn limits_over(limits: LimitsSpec, named: LimitsSpec) -> LimitsSpec {
    LimitsSpec {
        min_length: limits.min_length.or(named.min_length),
        max_length: limits.max_length.or(named.max_length),
        min_items: limits.min_items.or(named.min_items),
        max_items: limits.max_items.or(named.max_items),
        unique_items: limits.unique_items.or(named.unique_items),
        min: limits.min.or(named.min),
        max: limits.max.or(named.max),
        multiple_of: limits.multiple_of.or(named.multiple_of),
    }
}
