//! The words of `test_<plural>_validation.py`: every bound from both sides.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::imports::{ImportBlock, Imports};
use super::super::python::Expr;
use super::super::schema::{cased, is_owner};
use super::facts::{Facts, Values};
use super::sample::import_model;
use super::value;
use crate::model::{
    BigintJson, Bounds, Field, FieldDefault, FieldId, FieldKind, FieldType, IntSize, JsonShape, KeyType, Lengths,
    Limit, Operation, RuleMoment, TextCase, TextRules, Value, Versioning, variant,
};

/// `resource.tests.validation` in templates.
#[derive(Debug, Clone, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word that templates ask for")]
pub struct ValidationView {
    /// Import statements.
    pub imports: ImportBlock,
    /// What create and update accept: field and value.
    pub accepted: Expr,
    /// What only create accepts.
    pub accepted_on_create: Expr,
    /// What only update accepts.
    pub accepted_on_update: Expr,
    /// What create and update refuse: field, value and code.
    pub refused: Expr,
    /// What create refuses besides.
    pub refused_on_create: Expr,
    /// What update refuses besides.
    pub refused_on_update: Expr,
    /// What is stored in another form: field, value, stored value.
    pub normalised: Expr,
    /// Whether something is.
    pub has_normalised: bool,
    /// Whether the caller may create.
    pub creates: bool,
    /// Whether the caller may update.
    pub updates: bool,
    /// Whether create demands a field.
    pub has_required: bool,
    /// The fields that create demands.
    pub required: Expr,
    /// The same as pointers, a set.
    pub pointers: Expr,
    /// Headers of an update.
    pub if_match: String,
    /// Whether nothing is left after a refused create.
    pub untouched: Expr,
    /// Values that keep the rules, also where they are unknown.
    pub rules_hold: Expr,
    /// Values that break one rule, and its message.
    pub rules_break: Expr,
    /// Those that break a rule in an update.
    pub changes_break: Expr,
    /// Whether there is one.
    pub has_rules: bool,
    /// Whether there is one.
    pub has_change_rules: bool,
}

/// One row of a table, with the field that it is about.
#[derive(Default)]
struct Tables {
    both: Vec<Expr>,
    create: Vec<Expr>,
    update: Vec<Expr>,
}

impl Tables {
    fn push(&mut self, in_create: bool, in_update: bool, entry: Expr) {
        match (in_create, in_update) {
            (true, true) => self.both.push(entry),
            (true, false) => self.create.push(entry),
            (false, true) => self.update.push(entry),
            (false, false) => {}
        }
    }
}

/// A value that a type takes or refuses.
enum Trial {
    Accepted(Value),
    /// As Python writes it, and the value that rules see.
    AcceptedAs(String, Value),
    Refused(String, &'static str),
    Normalised(String, String),
}

/// Whether a resource has something to validate.
pub fn exists(facts: &Facts<'_>) -> bool {
    facts.required.is_some() || facts.can(Operation::Update)
}

/// The words of the tests of the values.
#[expect(clippy::too_many_lines, reason = "one loop over the fields, then one entry for each word of the view")]
pub fn view(facts: &Facts<'_>) -> ValidationView {
    let resource = facts.resource;
    let creates = facts.required.is_some();
    let updates = facts.can(Operation::Update);
    let mut accepted = Tables::default();
    let mut refused = Tables::default();
    let mut normalised = Vec::new();
    for (id, field) in resource.fields_with_ids() {
        if is_owner(field) || !facts.may_write(field) {
            continue;
        }
        let json = Expr::string(&field.json);
        let (in_create, in_update) = (creates && field.access.in_create(), updates && in_update(field));
        let is_shown = field.access.in_responses() && !is_password(field);
        for trial in trials(facts, id, field) {
            match trial {
                Trial::Accepted(found) => {
                    let Some(scalar) = facts.scalar(id) else { continue };
                    let text = value::in_json(facts.model, &scalar.ty, &found);
                    let entry = Expr::code(format!("({json}, {text})"));
                    let (on_create, on_update) = keeps(facts, id, &found);
                    accepted.push(in_create && is_shown && on_create, in_update && is_shown && on_update, entry);
                }
                Trial::AcceptedAs(text, found) => {
                    let entry = Expr::code(format!("({json}, {text})"));
                    let (on_create, on_update) = keeps(facts, id, &found);
                    accepted.push(in_create && is_shown && on_create, in_update && is_shown && on_update, entry);
                }
                Trial::Refused(text, code) => {
                    refused.push(in_create, in_update, Expr::code(format!("({json}, {text}, \"{code}\")")));
                }
                Trial::Normalised(text, stored) if in_create && is_shown && !is_ruled(facts, id) => {
                    normalised.push(Expr::code(format!("({json}, {text}, {stored})")));
                }
                Trial::Normalised(..) => {}
            }
        }
    }
    for (name, on_create, on_update) in forbidden(facts) {
        let entry = Expr::code(format!("({}, \"x\", \"extra_forbidden\")", Expr::string(&name)));
        refused.push(creates && on_create, updates && on_update, entry);
    }
    let required = required_names(facts);
    let rules = rules(facts);
    let mut view = ValidationView {
        imports: Imports::new("").block(),
        accepted: value::table(&accepted.both),
        accepted_on_create: value::table(&accepted.create),
        accepted_on_update: value::table(&accepted.update),
        refused: value::table(&refused.both),
        refused_on_create: value::table(&refused.create),
        refused_on_update: value::table(&refused.update),
        has_normalised: !normalised.is_empty(),
        normalised: value::table(&normalised),
        creates,
        updates,
        has_required: creates && !required.is_empty(),
        required: Expr::code(format!("[{}]", joined(&required, ""))),
        pointers: Expr::code(format!("{{{}}}", joined(&required, "/"))),
        if_match: facts.if_match(1),
        untouched: Expr::code(if facts.is_user() {
            "response.status_code == 422".to_owned()
        } else {
            format!("await rows.all({}) == []", resource.names.class)
        }),
        has_rules: creates && !rules.breaks.is_empty(),
        has_change_rules: updates && !rules.changes.is_empty(),
        rules_hold: value::table(&rules.holds),
        rules_break: value::table(&rules.breaks),
        changes_break: value::table(&rules.changes),
    };
    view.imports = imports(facts, &view);
    view
}

fn imports(facts: &Facts<'_>, view: &ValidationView) -> ImportBlock {
    let mut imports = Imports::new(&facts.model.project.package);
    imports.add("typing", "Any");
    imports.add_module("pytest");
    if view.updates || !facts.is_user() {
        import_model(&mut imports, facts.resource);
    }
    imports.add("tests.fixtures.application", "Caller");
    imports.add("tests.fixtures.assertions", "assert_invalid");
    if view.has_required || view.has_rules || view.has_change_rules {
        imports.add("tests.fixtures.assertions", "assert_problem");
    }
    imports.add("tests.fixtures.rows", "Rows");
    if view.updates {
        imports.add("tests.fixtures.rows", "Row");
    }
    let sample = format!("tests.samples.{}", facts.resource.names.singular.python());
    imports.add(&sample, "PATH");
    if view.creates {
        imports.add(&sample, "required_body");
    }
    imports.block()
}

fn joined(names: &[String], prefix: &str) -> String {
    let names: Vec<_> = names.iter().map(|name| Expr::string(&format!("{prefix}{name}")).to_string()).collect();
    names.join(", ")
}

fn in_update(field: &Field) -> bool {
    field.access.in_update() && !is_password(field)
}

fn is_password(field: &Field) -> bool {
    matches!(&field.kind, FieldKind::Scalar(scalar) if matches!(scalar.ty, FieldType::Password(_)))
}

fn is_ruled(facts: &Facts<'_>, id: FieldId) -> bool {
    facts.resource.rules.iter().any(|rule| rule.fields.contains(&id))
}

/// Whether a create and an update with that value keep the rules.
fn keeps(facts: &Facts<'_>, id: FieldId, found: &Value) -> (bool, bool) {
    let changed = Values::from([(id, found.clone())]);
    let mut sent = facts.required.clone().unwrap_or_default();
    sent.extend(changed.clone());
    let on_create = facts.keeps_rules(&facts.created(&sent), Some(RuleMoment::Create));
    (on_create, facts.keeps_rules(&facts.row_known(&changed), Some(RuleMoment::Update)))
}

fn required_names(facts: &Facts<'_>) -> Vec<String> {
    let key = facts.has_client_key().then(|| "id".to_owned());
    let fields = facts.resource.fields.iter().filter(|field| field.presence.required && !is_owner(field));
    key.into_iter().chain(fields.map(|field| field.json.clone())).collect()
}

/// Names that no request may have: name, on create, on update.
fn forbidden(facts: &Facts<'_>) -> Vec<(String, bool, bool)> {
    let resource = facts.resource;
    let mut names = Vec::new();
    let is_taken = |name: &str| resource.fields.iter().any(|field| field.json == name);
    if !is_taken("unknown") {
        names.push(("unknown".to_owned(), true, true));
    }
    names.push(("id".to_owned(), !facts.has_client_key(), true));
    for field in &resource.fields {
        let on_create = !field.access.in_create() || (is_owner(field) && field.write.is_none());
        let on_update = !in_update(field) || is_owner(field);
        if on_create || on_update {
            names.push((field.json.clone(), on_create, on_update));
        }
    }
    let generated = [
        ("created_at", resource.created_at),
        ("updated_at", resource.updated_at),
        ("deleted_at", resource.soft_delete),
        ("version", resource.versioning != Versioning::Off),
    ];
    let generated = generated.iter().filter(|(_, exists)| *exists);
    names.extend(generated.map(|(name, _)| (cased(facts.model, name), true, true)));
    names
}

fn trials(facts: &Facts<'_>, id: FieldId, field: &Field) -> Vec<Trial> {
    let mut trials = match &field.kind {
        FieldKind::Scalar(scalar) => of_scalar(facts, id, &scalar.ty),
        FieldKind::Reference(reference) => {
            of_key(facts.model.resource(reference.target).key.ty, !field.presence.nullable)
        }
        FieldKind::Polymorphic(_) => vec![Trial::Refused("\"x\"".to_owned(), "model_attributes_type")],
        FieldKind::Many(_) => vec![refused("None", "list_type"), refused("\"x\"", "list_type")],
    };
    if field.presence.nullable {
        trials.retain(|trial| !matches!(trial, Trial::Refused(text, _) if text == "None"));
        if matches!(field.kind, FieldKind::Scalar(_)) {
            trials.push(Trial::AcceptedAs("None".to_owned(), Value::Null));
        }
    }
    trials
}

fn refused(text: &str, code: &'static str) -> Trial {
    Trial::Refused(text.to_owned(), code)
}

fn of_key(ty: KeyType, is_required: bool) -> Vec<Trial> {
    let (code, null) = match ty {
        KeyType::Int | KeyType::Bigint => ("value_error", "int_type"),
        KeyType::Uuid | KeyType::Uuid4 => ("uuid_parsing", "uuid_type"),
        KeyType::String(_) => return if is_required { vec![refused("None", "string_type")] } else { Vec::new() },
    };
    vec![refused("\"not-an-id\"", code), refused("None", null)]
}

#[expect(clippy::too_many_lines, reason = "one entry for each type")]
fn of_scalar(facts: &Facts<'_>, id: FieldId, ty: &FieldType) -> Vec<Trial> {
    let mut trials: Vec<Trial> = Vec::new();
    let example = facts.model.accepted_example(facts.resource.id, id);
    let has_plain_example = !matches!(
        ty,
        FieldType::Password(_) | FieldType::Object(_) | FieldType::String(_) | FieldType::Text(_) | FieldType::Bool
    );
    trials.extend(example.filter(|_| has_plain_example).map(Trial::Accepted));
    trials.extend(match ty {
        FieldType::String(rules) | FieldType::Text(rules) => of_text(rules),
        FieldType::Integer { bounds, size, .. } => of_integer(facts, *size, bounds, ty),
        FieldType::Float { bounds, .. } => with_bounds(
            facts,
            ty,
            bounds,
            vec![refused("\"1\"", "value_error"), refused("True", "value_error"), refused("None", "float_type")],
        ),
        FieldType::Decimal { bounds, .. } | FieldType::Money { bounds, .. } => with_bounds(
            facts,
            ty,
            bounds,
            vec![refused("\"x\"", "decimal_parsing"), refused("True", "value_error"), refused("None", "decimal_type")],
        ),
        FieldType::Bool => {
            let mut all = vec![Trial::Accepted(Value::Bool(true)), Trial::Accepted(Value::Bool(false))];
            all.extend(["\"true\"", "1", "None"].map(|text| refused(text, "bool_type")));
            all
        }
        FieldType::Date { bounds } => with_bounds(facts, ty, bounds, temporal("date_from_datetime_parsing")),
        FieldType::Time { bounds } => with_bounds(facts, ty, bounds, temporal("time_parsing")),
        FieldType::Datetime { bounds } => {
            let mut all = temporal("datetime_from_date_parsing");
            all.push(refused("\"2025-01-22T09:00:00\"", "timezone_aware"));
            if bounds.lower.is_none() && bounds.upper.is_none() {
                all.push(Trial::Normalised(
                    "\"2025-01-22T10:00:00+01:00\"".to_owned(),
                    "\"2025-01-22T09:00:00Z\"".to_owned(),
                ));
            }
            with_bounds(facts, ty, bounds, all)
        }
        FieldType::LocalDatetime { bounds } => {
            let mut all = temporal("datetime_from_date_parsing");
            all.push(refused("\"2025-01-22T09:00:00Z\"", "timezone_naive"));
            with_bounds(facts, ty, bounds, all)
        }
        FieldType::Duration { bounds } => with_bounds(facts, ty, bounds, temporal("time_delta_parsing")),
        FieldType::Uuid => vec![refused("\"not-an-id\"", "uuid_parsing"), refused("None", "uuid_type")],
        FieldType::Enum(kind) => {
            let last = kind.values.last().map(|option| Trial::Accepted(Value::Enum(option.value.clone())));
            let is_taken = kind.values.iter().any(|option| option.value == "unknown");
            let wrong = if is_taken { "" } else { "unknown" };
            last.into_iter().chain([refused(Expr::string(wrong).as_str(), "enum"), refused("None", "enum")]).collect()
        }
        FieldType::Email => {
            let mut all = word("value_error");
            all.push(Trial::Normalised("\"Eve@Example.com\"".to_owned(), "\"eve@example.com\"".to_owned()));
            all
        }
        FieldType::Ip | FieldType::Timezone => word("value_error"),
        FieldType::Url => word("url_parsing"),
        FieldType::Slug { .. } => {
            let mut all = word("string_pattern_mismatch");
            all.extend([
                refused("\"\"", "string_pattern_mismatch"),
                Trial::AcceptedAs("\"x\" * 160".to_owned(), Value::Text("x".repeat(160))),
                refused("\"x\" * 161", "string_too_long"),
            ]);
            all
        }
        FieldType::Phone | FieldType::Locale | FieldType::Country | FieldType::Currency | FieldType::Color => {
            word("string_pattern_mismatch")
        }
        FieldType::Password(lengths) => of_password(*lengths),
        FieldType::Json(JsonShape::Any) => Vec::new(),
        FieldType::Json(JsonShape::Object) => vec![
            Trial::AcceptedAs("{\"key\": [1, None]}".to_owned(), Value::Json(serde_json::Value::Null)),
            refused("[]", "dict_type"),
            refused("None", "dict_type"),
        ],
        FieldType::Json(JsonShape::Array) => vec![
            Trial::AcceptedAs("[1, \"two\", None]".to_owned(), Value::Json(serde_json::Value::Null)),
            refused("{}", "list_type"),
            refused("None", "list_type"),
        ],
        FieldType::Object(_) => {
            vec![refused("\"x\"", "model_attributes_type"), refused("None", "model_attributes_type")]
        }
        FieldType::List(_) => vec![refused("\"x\"", "list_type"), refused("None", "list_type")],
        FieldType::Bytes { max, .. } => {
            let mut all =
                vec![refused("\"***\"", "value_error"), refused("1", "value_error"), refused("None", "value_error")];
            all.extend(max.filter(|max| *max < 30_000).map(|max| {
                let groups = max / 3 + 1;
                refused(&format!("\"AAAA\" * {groups}"), "string_too_long")
            }));
            all
        }
    });
    trials
}

fn word(code: &'static str) -> Vec<Trial> {
    vec![refused("\"Two Words\"", code), refused("1", "string_type"), refused("None", "string_type")]
}

fn temporal(code: &'static str) -> Vec<Trial> {
    vec![refused("\"soon\"", code), refused("1", "value_error"), refused("None", "value_error")]
}

fn of_text(rules: &TextRules) -> Vec<Trial> {
    let Lengths { min, max } = rules.lengths;
    let letter = if rules.case == TextCase::Upper { "X" } else { "x" };
    let mut trials = Vec::new();
    let repeated = |count: u32| match count {
        0 => "\"\"".to_owned(),
        1 => format!("\"{letter}\""),
        count => format!("\"{letter}\" * {count}"),
    };
    if rules.pattern.is_none() {
        trials.push(Trial::AcceptedAs(repeated(min), Value::Text(letter.repeat(min as usize))));
        if max <= 50_000 && max > min {
            trials.push(Trial::AcceptedAs(repeated(max), Value::Text(letter.repeat(max as usize))));
        }
        if (min..=max).contains(&4) {
            trials.push(refused("\"nul\\0\"", "string_pattern_mismatch"));
        }
        if rules.trim && min <= 6 && max >= 6 {
            let stored = if rules.case == TextCase::Upper { "PADDED" } else { "padded" };
            trials.push(Trial::Normalised("\"  padded  \"".to_owned(), format!("\"{stored}\"")));
        }
        if !rules.trim && rules.case == TextCase::Keep && min <= 10 && max >= 10 {
            trials.push(Trial::Normalised("\"  padded  \"".to_owned(), "\"  padded  \"".to_owned()));
        }
        if rules.case != TextCase::Keep && min <= 4 && max >= 4 {
            let (sent, stored) = if rules.case == TextCase::Lower { ("LOUD", "loud") } else { ("loud", "LOUD") };
            trials.push(Trial::Normalised(format!("\"{sent}\""), format!("\"{stored}\"")));
        }
    }
    if min > 0 {
        trials.push(refused(&repeated(min - 1), "string_too_short"));
        if rules.trim {
            trials.push(refused("\"   \"", "string_too_short"));
        }
    }
    if max <= 50_000 {
        trials.push(refused(&repeated(max + 1), "string_too_long"));
    }
    trials.extend([refused("1", "string_type"), refused("None", "string_type")]);
    trials
}

fn of_password(lengths: Lengths) -> Vec<Trial> {
    let mut trials = Vec::new();
    if lengths.min > 1 {
        trials.push(refused(&format!("\"x\" * {}", lengths.min - 1), "string_too_short"));
    }
    trials.push(refused(&format!("\"x\" * {}", lengths.max + 1), "string_too_long"));
    trials.extend([refused("1", "string_type"), refused("None", "string_type")]);
    trials
}

fn of_integer(facts: &Facts<'_>, size: IntSize, bounds: &Bounds, ty: &FieldType) -> Vec<Trial> {
    let mut base = vec![refused("True", "value_error"), refused("1.5", "int_from_float"), refused("None", "int_type")];
    if size != IntSize::Big || facts.model.project.api.bigint == BigintJson::Number {
        base.push(refused("\"1\"", "value_error"));
    }
    if size == IntSize::Big && facts.model.project.api.bigint == BigintJson::String {
        base.retain(|trial| matches!(trial, Trial::Refused(text, _) if text == "None"));
        return base;
    }
    let limit = |value: i64| Some(Limit { value: Value::Integer(value), exclusive: false });
    let (min, max) = match size {
        IntSize::Small => (i64::from(i16::MIN), i64::from(i16::MAX)),
        IntSize::Regular => (i64::from(i32::MIN), i64::from(i32::MAX)),
        IntSize::Big => (i64::MIN + 1, i64::MAX - 1),
    };
    let is_multiple = matches!(ty, FieldType::Integer { multiple_of: Some(_), .. });
    let full = Bounds {
        lower: bounds.lower.clone().or_else(|| limit(min).filter(|_| size != IntSize::Big && !is_multiple)),
        upper: bounds.upper.clone().or_else(|| limit(max).filter(|_| size != IntSize::Big && !is_multiple)),
    };
    with_bounds(facts, ty, &full, base)
}

/// The limits from both sides, where the next value is one that the type knows.
fn with_bounds(facts: &Facts<'_>, ty: &FieldType, bounds: &Bounds, mut trials: Vec<Trial>) -> Vec<Trial> {
    let is_multiple = matches!(
        ty,
        FieldType::Integer { multiple_of: Some(_), .. }
            | FieldType::Float { multiple_of: Some(_), .. }
            | FieldType::Decimal { multiple_of: Some(_), .. }
            | FieldType::Money { multiple_of: Some(_), .. }
    );
    let sides =
        [(&bounds.lower, -1, "greater_than", "greater_than_equal"), (&bounds.upper, 1, "less_than", "less_than_equal")];
    for (limit, outwards, exclusive, inclusive) in sides {
        let Some(limit) = limit else { continue };
        let edge = as_type(ty, &limit.value);
        let (inside, outside, code) = if limit.exclusive {
            (variant::beyond(ty, &edge, -outwards), Some(edge), exclusive)
        } else {
            (Some(edge.clone()), variant::beyond(ty, &edge, outwards), inclusive)
        };
        let inside = inside.filter(|value| variant::accepts(ty, value) && is_exact(value));
        trials.extend(inside.map(Trial::Accepted));
        if let Some(outside) = outside.filter(|_| !is_multiple || limit.exclusive) {
            trials.push(Trial::Refused(value::in_json(facts.model, ty, &outside).to_string(), code));
        }
    }
    trials
}

/// Durations of days are written in more than one way; years before 1000 differ between databases.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other value is exact")]
fn is_exact(value: &Value) -> bool {
    match value {
        Value::Duration(micros) => micros.unsigned_abs() < 86_400_000_000,
        Value::Decimal(number) | Value::Float(number) => number.0.len() <= 15,
        _ => true,
    }
}

/// A limit of a float or decimal may be written as a whole number.
fn as_type(ty: &FieldType, limit: &Value) -> Value {
    match (ty, limit) {
        (FieldType::Float { .. }, Value::Integer(number)) => Value::Float(crate::model::Number(number.to_string())),
        (FieldType::Decimal { .. } | FieldType::Money { .. }, Value::Integer(number)) => {
            Value::Decimal(crate::model::Number(number.to_string()))
        }
        (FieldType::Float { .. }, Value::Decimal(number)) => Value::Float(number.clone()),
        _ => limit.clone(),
    }
}

#[derive(Default)]
struct RuleTables {
    holds: Vec<Expr>,
    breaks: Vec<Expr>,
    changes: Vec<Expr>,
}

/// Values that keep or break each rule, found among a few of each field.
fn rules(facts: &Facts<'_>) -> RuleTables {
    let mut tables = RuleTables::default();
    for (position, _) in facts.resource.rules.iter().enumerate() {
        let found = assignments(facts, position);
        for (kind, values) in found {
            let body = body(facts, &values);
            let message = Expr::string(&facts.resource.rules[position].message);
            match kind {
                Kind::Holds => tables.holds.push(body),
                Kind::Breaks => tables.breaks.push(Expr::code(format!("({body}, {message})"))),
                Kind::ChangeBreaks => tables.changes.push(Expr::code(format!("({body}, {message})"))),
            }
        }
    }
    tables.holds.dedup();
    tables
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Holds,
    Breaks,
    ChangeBreaks,
}

fn body(facts: &Facts<'_>, values: &Values) -> Expr {
    let entries = values.iter().filter_map(|(id, found)| {
        let json = Expr::string(&facts.resource.field(*id).json);
        Some((json, value::in_json(facts.model, &facts.scalar(*id)?.ty, found)))
    });
    super::sample::dictionary(&entries.collect::<Vec<_>>())
}

/// Up to three assignments that keep a rule, one that breaks it on create, and one that breaks it on update.
fn assignments(facts: &Facts<'_>, position: usize) -> Vec<(Kind, Values)> {
    let rule = &facts.resource.rules[position];
    if variant::reads_the_clock(&rule.expression) {
        return Vec::new();
    }
    let mut found: Vec<(Kind, Values)> = Vec::new();
    let count = |found: &[(Kind, Values)], kind: Kind| found.iter().filter(|(other, _)| *other == kind).count();
    for values in combinations(facts, position) {
        let mut sent = facts.required.clone().unwrap_or_default();
        sent.extend(values.clone());
        let created = facts.created(&sent);
        let others_hold = |row: &BTreeMap<FieldId, crate::model::Known>| {
            let others = facts.resource.rules.iter().enumerate().filter(|(other, _)| *other != position);
            others.map(|(_, other)| &other.expression).all(|other| !variant::is_broken(other, row))
        };
        let in_create = values.keys().all(|id| facts.resource.field(*id).access.in_create());
        let broken = variant::is_broken(&rule.expression, &created);
        if in_create && rule.moment != RuleMoment::Update && others_hold(&created) {
            let kind = if broken { Kind::Breaks } else { Kind::Holds };
            let most = if broken { 1 } else { 3 };
            if count(&found, kind) < most {
                found.push((kind, values.clone()));
            }
        }
        let row = facts.row_known(&values);
        let in_updates = values.keys().all(|id| in_update(facts.resource.field(*id)));
        let is_change = in_updates && rule.moment != RuleMoment::Create;
        if is_change
            && others_hold(&row)
            && variant::is_broken(&rule.expression, &row)
            && count(&found, Kind::ChangeBreaks) == 0
        {
            found.push((Kind::ChangeBreaks, values));
        }
    }
    found
}

/// The products of a few values of each field of a rule.
pub fn combinations(facts: &Facts<'_>, position: usize) -> Vec<Values> {
    let rule = &facts.resource.rules[position];
    let mut all = vec![Values::new()];
    for id in &rule.fields {
        let field = facts.resource.field(*id);
        let Some(scalar) = facts.scalar(*id) else { continue };
        if is_owner(field)
            || !facts.may_write(field)
            || matches!(scalar.ty, FieldType::Password(_) | FieldType::Object(_))
        {
            continue;
        }
        let mut candidates: Vec<Value> = Vec::new();
        candidates.extend(facts.model.accepted_example(facts.resource.id, *id));
        candidates.extend(facts.model.variants(facts.resource.id, *id).into_iter().take(3));
        if let FieldDefault::Constant(found) = &field.presence.default {
            candidates.push(found.clone());
        }
        let literals = variant::literals(&rule.expression).into_iter().map(|found| as_type(&scalar.ty, &found));
        candidates.extend(literals.filter(|found| variant::accepts(&scalar.ty, found)));
        if field.presence.nullable {
            candidates.push(Value::Null);
        }
        candidates.dedup();
        candidates.retain(|found| *found == Value::Null || is_exact(found));
        let product = all.iter().flat_map(|values| {
            candidates.iter().map(|found| {
                let mut values = values.clone();
                values.insert(*id, found.clone());
                values
            })
        });
        all = product.take(400).collect();
    }
    all.retain(|values| !values.is_empty());
    all
}
