//! Whether the example rows of a resource keep its rules, so that generated tests can create rows at all.

use super::key::Placed;
use super::scope::Draft;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::evaluate::{self, Known};
use crate::model::example::{self, ExampleRow};
use crate::model::{Field, FieldDefault, FieldId, FieldKind, Operation, Rule, RuleMoment, Value};

/// Evaluates the rules on the required fields alone and on all fields.
pub(super) fn check(
    draft: &Draft<'_>,
    fields: &[Field],
    rules: &[Placed<Rule>],
    operations: &std::collections::BTreeSet<Operation>,
    diagnostics: &mut Diagnostics,
) {
    if !operations.contains(&Operation::Create) || !draft.broken.is_empty() {
        return;
    }
    let required = example::row(fields, ExampleRow::RequiredOnly);
    let full = example::row(fields, ExampleRow::AllFields);
    for rule in rules.iter().filter(|rule| rule.value.moment != RuleMoment::Update) {
        let text = &rule.value.text;
        if breaks(&rule.value, fields, &required, ExampleRow::RequiredOnly) {
            let message = format!("the required example row breaks the rule `{text}`");
            let diagnostic =
                Diagnostic::new(Code::E422, &rule.span, message).label(shown(&rule.value, fields, &required));
            diagnostics.push(diagnostic.help("give the fields an `example:` that satisfies it"));
        } else if breaks(&rule.value, fields, &full, ExampleRow::AllFields) {
            let message = format!("the full example row breaks the rule `{text}`");
            let diagnostic = Diagnostic::new(Code::W423, &rule.span, message).label(shown(&rule.value, fields, &full));
            diagnostics.push(diagnostic.help("tests use the required fields only"));
        }
    }
}

fn breaks(rule: &Rule, fields: &[Field], row: &[(FieldId, Value)], which: ExampleRow) -> bool {
    evaluate::is_false(&rule.expression, &|id| known(fields, row, which, id))
}

/// What a create with that row stores in a field.
fn known(fields: &[Field], row: &[(FieldId, Value)], which: ExampleRow, id: FieldId) -> Known {
    if let Some((_, value)) = row.iter().find(|(sent, _)| *sent == id) {
        return Known::Value(value.clone());
    }
    let field = &fields[id.0];
    let is_sent = match which {
        ExampleRow::RequiredOnly => field.presence.required,
        ExampleRow::AllFields => field.access.in_create(),
    };
    match &field.presence.default {
        _ if is_sent && !matches!(field.kind, FieldKind::Scalar(_)) => Known::Something,
        FieldDefault::Constant(value) => Known::Value(value.clone()),
        FieldDefault::Now | FieldDefault::Today => clock(field),
        FieldDefault::Uuid | FieldDefault::Uuid4 | FieldDefault::CurrentUser | FieldDefault::Slug(_) => {
            Known::Something
        }
        FieldDefault::None if field.presence.nullable => Known::Null,
        FieldDefault::None => Known::Something,
    }
}

fn clock(field: &Field) -> Known {
    use crate::model::FieldType;
    let FieldKind::Scalar(scalar) = &field.kind else { return Known::Something };
    if matches!(scalar.ty, FieldType::Datetime { .. }) {
        return Known::Value(Value::Datetime(evaluate::NOW.to_owned()));
    }
    if matches!(scalar.ty, FieldType::Date { .. }) {
        return Known::Value(Value::Date(evaluate::TODAY.to_owned()));
    }
    Known::Something
}

/// The fields of the rule with their example values.
fn shown(rule: &Rule, fields: &[Field], row: &[(FieldId, Value)]) -> String {
    let values = rule.fields.iter().filter_map(|id| {
        let (_, value) = row.iter().find(|(sent, _)| sent == id)?;
        Some(format!("{} is {}", fields[id.0].name, crate::model::value::show(value)))
    });
    values.collect::<Vec<_>>().join(", ")
}
