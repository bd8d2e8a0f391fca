//! Uniques and indexes.

use std::collections::BTreeSet;

use super::field::{Fields, can_be_unique, word_of};
use super::relation::find_column;
use super::rule;
use super::scope::{Draft, Scope};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{
    Column, Database, Expression, FieldId, FieldKind, FieldType, Index, IndexColumn, IndexMethod, Nulls, Scalar, Unique,
};
use crate::source::{Span, Spanned};
use crate::spec::field::FieldUnique;
use crate::spec::resource::{IndexMethod as IndexMethodSpec, IndexSpec, UniqueSpec};
use crate::spec::rule::Expression as ExpressionSpec;

/// A unique or index and where it stands.
pub(super) struct Placed<T> {
    pub value: T,
    pub span: Span,
}

/// The uniques of a resource: those of fields first.
pub(super) fn uniques(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    fields: &Fields,
    diagnostics: &mut Diagnostics,
) -> Vec<Placed<Unique>> {
    let mut uniques = Vec::new();
    for (position, spec) in draft.fields.iter().enumerate() {
        let Some(given) = &spec.unique else { continue };
        let scope_names = match &given.value {
            FieldUnique::No => continue,
            FieldUnique::Alone => &[][..],
            FieldUnique::Within(names) => names.as_slice(),
        };
        let id = FieldId(position);
        let Some(mut columns) = columns(draft, fields, scope_names, "unique", diagnostics) else { continue };
        let is_broken = fields.broken.contains(&id) || draft.broken.contains(&spec.name.value);
        if is_broken || !fits_unique(fields, id, &given.span, diagnostics) {
            continue;
        }
        columns.push(Column::Field(id));
        check_listed_once(&columns, &given.span, diagnostics);
        let is_scoped = columns.len() > 1;
        let unique = Unique { columns, case_insensitive: false, nulls: Nulls::Distinct, condition: None, name: None };
        if is_scoped {
            warn_of_nulls(draft, fields, &unique, &given.span, diagnostics);
        }
        uniques.push(Placed { value: unique, span: given.span.clone() });
    }
    for spec in &draft.spec.unique {
        let Some(unique) = unique(scope, draft, fields, spec, diagnostics) else { continue };
        if uniques.iter().any(|known| known.value == unique.value) {
            diagnostics.push(Diagnostic::new(Code::E015, &unique.span, "the same unique is given twice"));
        } else {
            uniques.push(unique);
        }
    }
    uniques
}

fn unique(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    fields: &Fields,
    spec: &UniqueSpec,
    diagnostics: &mut Diagnostics,
) -> Option<Placed<Unique>> {
    let condition = condition(scope, draft, fields, spec.condition.as_ref(), diagnostics);
    let columns = columns(draft, fields, &spec.fields, "unique", diagnostics)?;
    check_listed_once(&columns, &spec.span, diagnostics);
    let mut fits = true;
    for (column, name) in columns.iter().zip(&spec.fields) {
        if let Column::Field(id) = column {
            fits &= fits_unique(fields, *id, &name.span, diagnostics);
        }
    }
    let unique = Unique {
        columns,
        case_insensitive: spec.case_insensitive.is_some(),
        nulls: if spec.nulls_equal.is_some() { Nulls::Equal } else { Nulls::Distinct },
        condition: condition?,
        name: spec.name.as_ref().map(|name| name.value.clone()),
    };
    if let Some(span) = &spec.case_insensitive {
        check_folded(fields, &unique, span, diagnostics);
    }
    warn_of_nulls(draft, fields, &unique, &spec.span, diagnostics);
    fits.then(|| Placed { value: unique, span: spec.span.clone() })
}

/// The columns of a list of names; nothing if one is unknown or broken.
fn columns(
    draft: &Draft<'_>,
    fields: &Fields,
    names: &[Spanned<String>],
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Column>> {
    let columns: Vec<Option<Column>> =
        names.iter().map(|name| column(draft, fields, &name.value, &name.span, what, diagnostics)).collect();
    columns.into_iter().collect()
}

fn column(
    draft: &Draft<'_>,
    fields: &Fields,
    name: &str,
    span: &Span,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Column> {
    let Some(column) = find_column(draft, name) else {
        draft.unknown_field(name, span, diagnostics);
        return None;
    };
    let Column::Field(id) = column else { return Some(column) };
    if fields.broken.contains(&id) {
        return None;
    }
    match &fields.list[id.0].kind {
        FieldKind::Scalar(_) | FieldKind::Reference(_) => Some(column),
        FieldKind::Many(_) => {
            diagnostics.push(Diagnostic::new(Code::E309, span, format!("`many` takes no `{what}`")));
            None
        }
        FieldKind::Polymorphic(_) => {
            let message = format!("`{what}` does not work on a reference to several resources");
            diagnostics.push(Diagnostic::new(Code::E214, span, message));
            None
        }
    }
}

fn fits_unique(fields: &Fields, id: FieldId, span: &Span, diagnostics: &mut Diagnostics) -> bool {
    let problem = match &fields.list[id.0].kind {
        FieldKind::Scalar(scalar) if !can_be_unique(&scalar.ty) => {
            Diagnostic::new(Code::E214, span, format!("`unique` does not work on {}", word_of(&scalar.ty)))
        }
        FieldKind::Many(_) => Diagnostic::new(Code::E309, span, "`many` takes no `unique`"),
        FieldKind::Polymorphic(_) => {
            Diagnostic::new(Code::E214, span, "`unique` does not work on a reference to several resources")
        }
        FieldKind::Scalar(_) | FieldKind::Reference(_) => return true,
    };
    diagnostics.push(problem);
    false
}

fn check_listed_once(columns: &[Column], span: &Span, diagnostics: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    if !columns.iter().all(|column| seen.insert(*column)) {
        diagnostics.push(Diagnostic::new(Code::E402, span, "a field is listed twice"));
    }
}

fn check_folded(fields: &Fields, unique: &Unique, span: &Span, diagnostics: &mut Diagnostics) {
    let has_text = unique.columns.iter().any(|column| match column {
        Column::Field(id) => scalar(fields, *id).is_some_and(|scalar| is_text(&scalar.ty)),
        Column::Id | Column::CreatedAt | Column::UpdatedAt | Column::DeletedAt | Column::Version => false,
    });
    if !has_text {
        diagnostics.push(Diagnostic::new(
            Code::E214,
            span,
            "`case: insensitive` works on text, and none of the fields is text",
        ));
    }
}

/// Whether `lower()` means something for the type.
pub(super) fn is_text(ty: &FieldType) -> bool {
    matches!(
        ty,
        FieldType::String(_)
            | FieldType::Text(_)
            | FieldType::Email
            | FieldType::Url
            | FieldType::Slug { .. }
            | FieldType::Phone
            | FieldType::Locale
            | FieldType::Timezone
            | FieldType::Country
            | FieldType::Currency
            | FieldType::Color
    )
}

pub(super) fn scalar(fields: &Fields, id: FieldId) -> Option<&Scalar> {
    match &fields.list[id.0].kind {
        FieldKind::Scalar(scalar) => Some(scalar),
        FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
    }
}

fn warn_of_nulls(draft: &Draft<'_>, fields: &Fields, unique: &Unique, span: &Span, diagnostics: &mut Diagnostics) {
    if unique.nulls == Nulls::Equal {
        return;
    }
    let nullable = unique.columns.iter().find_map(|column| match column {
        Column::Field(id) => fields.list[id.0].presence.nullable.then(|| &draft.field(*id).name.value),
        Column::Id | Column::CreatedAt | Column::UpdatedAt | Column::DeletedAt | Column::Version => None,
    });
    if let Some(name) = nullable {
        let message = format!("rows with a null in `{name}` never collide");
        let diagnostic = Diagnostic::new(Code::W403, span, message);
        diagnostics.push(diagnostic.help("write {fields: [...], nulls: equal} if they should"));
    }
}

/// The indexes of a resource: those of fields first; those that follow from references are not among them.
pub(super) fn indexes(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    fields: &Fields,
    diagnostics: &mut Diagnostics,
) -> Vec<Placed<Index>> {
    let mut indexes = Vec::new();
    for (position, spec) in draft.fields.iter().enumerate() {
        let Some(given) = spec.index.as_ref().filter(|index| index.value) else { continue };
        let id = FieldId(position);
        let is_broken = fields.broken.contains(&id) || draft.broken.contains(&spec.name.value);
        let Some(scalar) = scalar(fields, id).filter(|_| !is_broken) else { continue };
        if !can_be_indexed(scalar, &spec.name.value, &given.span, diagnostics) {
            continue;
        }
        let columns = vec![IndexColumn { column: Column::Field(id), descending: false }];
        let index = Index { columns, condition: None, method: IndexMethod::Btree, name: None };
        indexes.push(Placed { value: index, span: given.span.clone() });
    }
    for spec in &draft.spec.indexes {
        let Some(index) = index(scope, draft, fields, spec, diagnostics) else { continue };
        if indexes.iter().any(|known| known.value == index.value) {
            diagnostics.push(Diagnostic::new(Code::E015, &index.span, "the same index is given twice"));
        } else {
            indexes.push(index);
        }
    }
    indexes
}

fn index(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    fields: &Fields,
    spec: &IndexSpec,
    diagnostics: &mut Diagnostics,
) -> Option<Placed<Index>> {
    let condition = condition(scope, draft, fields, spec.condition.as_ref(), diagnostics);
    let method = method(spec.method.as_ref());
    let columns: Vec<Option<IndexColumn>> = spec
        .fields
        .iter()
        .map(|key| {
            let column = column(draft, fields, &key.value.field, &key.span, "index", diagnostics)?;
            if let (Column::Field(id), IndexMethod::Btree) = (column, method)
                && let Some(scalar) = scalar(fields, id)
                && !can_be_indexed(scalar, &key.value.field, &key.span, diagnostics)
            {
                return None;
            }
            Some(IndexColumn { column, descending: key.value.descending })
        })
        .collect();
    let columns: Vec<IndexColumn> = columns.into_iter().collect::<Option<_>>()?;
    let listed: Vec<Column> = columns.iter().map(|column| column.column).collect();
    check_listed_once(&listed, &spec.span, diagnostics);
    let name = spec.name.as_ref().map(|name| name.value.clone());
    let index = Index { columns, condition: condition?, method, name };
    Some(Placed { value: index, span: spec.span.clone() })
}

fn method(method: Option<&Spanned<IndexMethodSpec>>) -> IndexMethod {
    match method.map(|method| method.value) {
        None | Some(IndexMethodSpec::Btree) => IndexMethod::Btree,
        Some(IndexMethodSpec::Hash) => IndexMethod::Hash,
        Some(IndexMethodSpec::Gin) => IndexMethod::Gin,
        Some(IndexMethodSpec::Gist) => IndexMethod::Gist,
        Some(IndexMethodSpec::Brin) => IndexMethod::Brin,
        Some(IndexMethodSpec::Trigram) => IndexMethod::Trigram,
        Some(IndexMethodSpec::Fulltext) => IndexMethod::Fulltext,
    }
}

/// An ordinary index on long text or on a document is of no use.
fn can_be_indexed(scalar: &Scalar, name: &str, span: &Span, diagnostics: &mut Diagnostics) -> bool {
    let is_useless = matches!(
        scalar.ty,
        FieldType::Text(_) | FieldType::Json(_) | FieldType::Object(_) | FieldType::List(_) | FieldType::Bytes { .. }
    );
    if is_useless {
        let message = format!("an ordinary index on the {} field `{name}` is of no use", word_of(&scalar.ty));
        let diagnostic = Diagnostic::new(Code::E409, span, message);
        diagnostics.push(diagnostic.help("use {fields: [..], method: trigram|gin} (PostgreSQL) or drop it"));
    }
    !is_useless
}

/// The condition of a partial unique or index; the outer nothing if it is broken.
#[expect(clippy::option_option, reason = "the outer says broken, the inner says absent")]
fn condition(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    fields: &Fields,
    condition: Option<&(Spanned<String>, ExpressionSpec)>,
    diagnostics: &mut Diagnostics,
) -> Option<Option<Expression>> {
    let Some((text, expression)) = condition else { return Some(None) };
    let typed = rule::condition(scope, draft, fields, expression, &text.value, diagnostics)?;
    let facts = rule::facts(draft, fields, &typed);
    if facts.uses_clock {
        let diagnostic = Diagnostic::new(Code::E216, &text.span, "`where` changes with the clock and cannot be stored");
        diagnostics.push(diagnostic.help("compare with a literal, or leave the condition out"));
        return None;
    }
    if facts.uses_pattern {
        let message = "`matches` is checked by the API only and cannot limit an index";
        diagnostics.push(Diagnostic::new(Code::E410, &text.span, message));
        return None;
    }
    Some(Some(typed))
}

/// Warns and refuses what one of the listed databases cannot do.
pub(super) fn check_databases(
    scope: &Scope<'_>,
    uniques: &[Placed<Unique>],
    indexes: &[Placed<Index>],
    diagnostics: &mut Diagnostics,
) {
    if !scope.runs_on(Database::Mysql) {
        return;
    }
    for unique in uniques.iter().filter(|unique| unique.value.condition.is_some()) {
        let diagnostic = Diagnostic::new(Code::E706, &unique.span, "MySQL has no partial unique indexes");
        diagnostics.push(diagnostic.help("only soft-delete uniques are emulated; drop `where` or MySQL"));
    }
    for index in indexes.iter().filter(|index| index.value.condition.is_some()) {
        let message = "MySQL has no partial indexes: there the whole table is indexed";
        diagnostics.push(Diagnostic::new(Code::W706, &index.span, message));
    }
}
