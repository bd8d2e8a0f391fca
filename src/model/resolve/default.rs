//! Defaults and examples of fields: read by the type, and checked against its bounds, lengths and pattern.

use super::scope::{Draft, Scope};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::literal::{self, Read};
use crate::model::{FieldDefault, FieldType, TextRules, Value, value};
use crate::spec::field::{FieldSpec, TypeSpec};
use crate::spec::literal::{Function, LiteralSpec};

/// The default of a field; `ty` is absent for references.
pub(super) fn resolve(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    field: &FieldSpec,
    ty: Option<&FieldType>,
    diagnostics: &mut Diagnostics,
) -> FieldDefault {
    let Some(literal) = &field.default else { return implied(scope, ty) };
    let Some(ty) = ty else { return of_reference(scope, draft, field, literal, diagnostics) };
    match literal::read(literal, ty) {
        Ok(Read::Function(function)) => of_function(function),
        // `null` is what a missing value of a nullable field is anyway.
        Ok(Read::Value(Value::Null)) => FieldDefault::None,
        Ok(Read::Value(read)) => {
            check(&read, ty, field, &Subject { literal, what: "default" }, diagnostics);
            FieldDefault::Constant(read)
        }
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            FieldDefault::None
        }
    }
}

/// The example of a field.
pub(super) fn example(field: &FieldSpec, ty: &FieldType, diagnostics: &mut Diagnostics) -> Option<Value> {
    let literal = field.example.as_ref()?;
    match literal::read_value(literal, ty) {
        Ok(Value::Null) => None,
        Ok(read) => {
            check(&read, ty, field, &Subject { literal, what: "example" }, diagnostics);
            Some(read)
        }
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            None
        }
    }
}

fn implied(scope: &Scope<'_>, ty: Option<&FieldType>) -> FieldDefault {
    match ty {
        Some(FieldType::Slug { source: Some(source) }) => FieldDefault::Slug(*source),
        Some(FieldType::Enum(kind)) if kind.is_role => {
            let given = scope.auth().and_then(|auth| auth.default_role.as_ref());
            let role = given.map_or(kind.values[0].value.as_str(), |role| role.value.as_str());
            FieldDefault::Constant(Value::Enum(role.to_owned()))
        }
        _ => FieldDefault::None,
    }
}

fn of_function(function: Function) -> FieldDefault {
    match function {
        Function::Now => FieldDefault::Now,
        Function::Today => FieldDefault::Today,
        Function::Uuid => FieldDefault::Uuid,
        Function::Uuid4 => FieldDefault::Uuid4,
        Function::CurrentUser => FieldDefault::CurrentUser,
    }
}

fn of_reference(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    field: &FieldSpec,
    literal: &LiteralSpec,
    diagnostics: &mut Diagnostics,
) -> FieldDefault {
    match literal::read_reference(literal) {
        Ok(None) => FieldDefault::None,
        Ok(Some(function)) => {
            check_current_user(scope, draft, field, literal, diagnostics);
            of_function(function)
        }
        Err(_) if !matches!(field.kind.value, TypeSpec::Ref(_)) => FieldDefault::None,
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            FieldDefault::None
        }
    }
}

fn check_current_user(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    field: &FieldSpec,
    literal: &LiteralSpec,
    diagnostics: &mut Diagnostics,
) {
    let TypeSpec::Ref(targets) = &field.kind.value else { return };
    if scope.auth().is_none() {
        scope.needs_auth("`current_user`", &literal.span, diagnostics);
        return;
    }
    let target = targets.first().and_then(|target| scope.target(draft.id, &target.value));
    if targets.len() == 1 && (target.is_none() || target == scope.user()) {
        return;
    }
    let user = scope.auth().map_or("the users", |auth| auth.user.value.as_str());
    let message = format!("`current_user` only works on a reference to {user}");
    diagnostics.push(Diagnostic::new(Code::E201, &literal.span, message));
}

struct Subject<'a> {
    literal: &'a LiteralSpec,
    /// `default` or `example`.
    what: &'static str,
}

fn check(read: &Value, ty: &FieldType, field: &FieldSpec, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let name = &field.name.value;
    let (what, span) = (subject.what, &subject.literal.span);
    let shown = value::show(read);
    if let Some(broken) = broken_bound(read, ty) {
        let message = format!("the {what} {shown} of `{name}` breaks `{broken}`");
        diagnostics.push(Diagnostic::new(Code::E208, span, message));
    }
    if let (FieldType::String(rules) | FieldType::Text(rules), Value::Text(text)) = (ty, read) {
        if let Some(problem) = broken_length(text, rules) {
            let message = format!("the {what} `{shown}` of `{name}` is {problem}");
            diagnostics.push(Diagnostic::new(Code::E208, span, message));
        }
        if breaks_pattern(text, rules) {
            diagnostics.push(Diagnostic::new(
                Code::E212,
                span,
                format!("the {what} of `{name}` does not match its pattern"),
            ));
        }
    }
    if let (FieldType::List(list), Value::Json(serde_json::Value::Array(items))) = (ty, read) {
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        if count < list.min || list.max.is_some_and(|max| count > max) {
            let message = format!("the {what} of `{name}` has {count} items, which is out of its range");
            diagnostics.push(Diagnostic::new(Code::E208, span, message));
        }
    }
}

/// The bound that a value breaks, as the spec writes it.
pub(super) fn broken_bound(read: &Value, ty: &FieldType) -> Option<String> {
    let bounds = super::field_type::bounds(ty)?;
    let breaks = |limit: &crate::model::Limit, wrong: std::cmp::Ordering| {
        let order = value::compare(read, &limit.value);
        order.is_some_and(|order| order == wrong || limit.exclusive && order.is_eq())
    };
    if let Some(lower) = bounds.lower.as_ref().filter(|lower| breaks(lower, std::cmp::Ordering::Less)) {
        return Some(format!("{} {}", if lower.exclusive { ">" } else { ">=" }, value::show(&lower.value)));
    }
    let upper = bounds.upper.as_ref().filter(|upper| breaks(upper, std::cmp::Ordering::Greater))?;
    Some(format!("{} {}", if upper.exclusive { "<" } else { "<=" }, value::show(&upper.value)))
}

fn broken_length(text: &str, rules: &TextRules) -> Option<String> {
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    if length < rules.lengths.min {
        return Some(format!("shorter than {} characters", rules.lengths.min));
    }
    (length > rules.lengths.max).then(|| format!("longer than {} characters", rules.lengths.max))
}

fn breaks_pattern(text: &str, rules: &TextRules) -> bool {
    let pattern = rules.pattern.as_ref().and_then(|pattern| regex::Regex::new(pattern).ok());
    pattern.is_some_and(|pattern| !pattern.is_match(text))
}
