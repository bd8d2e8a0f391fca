//! Rules as Python: functions over a row that answer true, false or unknown.

use serde::Serialize;

use super::imports::Imports;
use super::python::{Expr, Ident, docstring, joined};
use crate::model::{Comparison, Expression, Field, FieldDefault, Function, Resource, Rule, RuleMoment, Value};

/// Where the three-valued functions live.
const CORE: &str = "core.rules";

/// One rule of a resource.
#[derive(Debug, Clone, Serialize)]
pub struct RuleView {
    /// Name of the function.
    pub function: Ident,
    /// The rule as the spec has it.
    pub doc: String,
    /// What the function returns.
    pub expression: Expr,
    /// The `Rule` of the list.
    pub entry: Expr,
}

/// The rules of a resource.
pub fn rules(resource: &Resource, imports: &mut Imports) -> Vec<RuleView> {
    let mut taken = std::collections::BTreeSet::new();
    resource.rules.iter().map(|rule| view(resource, rule, imports, &mut taken)).collect()
}

fn view(
    resource: &Resource,
    rule: &Rule,
    imports: &mut Imports,
    taken: &mut std::collections::BTreeSet<String>,
) -> RuleView {
    let function = function_name(resource, rule, taken);
    let fields: Vec<_> = rule.fields.iter().map(|id| resource.field(*id).attribute.as_str()).collect();
    let trailing = if fields.len() == 1 { "," } else { "" };
    let fields = joined(fields.iter().map(|name| Expr::string(name)));
    let moment = match rule.moment {
        RuleMoment::Always => "",
        RuleMoment::Create => ", on=(\"create\",)",
        RuleMoment::Update => ", on=(\"update\",)",
    };
    let entry = format!("Rule({function}, ({fields}{trailing}), {}{moment})", Expr::string(&rule.message));
    RuleView {
        doc: docstring(&rule.text),
        expression: Expr::code(Compiler { resource, imports }.compile(&rule.expression)),
        function,
        entry: Expr::code(entry),
    }
}

/// The name of the rule, or of the fields that it mentions.
fn function_name(resource: &Resource, rule: &Rule, taken: &mut std::collections::BTreeSet<String>) -> Ident {
    let names = || rule.fields.iter().map(|id| resource.field(*id).name.snake()).collect::<Vec<_>>().join("_and_");
    let name = rule.name.clone().unwrap_or_else(|| format!("{}_agree", names()));
    let mut candidate = name.clone();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{name}_{number}");
        number += 1;
    }
    Ident::new(candidate)
}

struct Compiler<'a, 'b> {
    resource: &'a Resource,
    imports: &'b mut Imports,
}

impl Compiler<'_, '_> {
    fn compile(&mut self, expression: &Expression) -> String {
        match expression {
            Expression::Field(id) => read(self.resource.field(*id)),
            Expression::Id => "row.get(\"id\")".to_owned(),
            Expression::Timestamp(name) => format!("row.get({})", Expr::string(name)),
            Expression::Version => "row.get(\"version\")".to_owned(),
            Expression::Literal(value) => literal(value, self.imports).to_string(),
            Expression::Compare(comparison, left, right) => self.call(comparison_name(*comparison), &[left, right]),
            Expression::In { value, options, negated } => {
                let mut arguments = vec![value.as_ref()];
                arguments.extend(options);
                let test = self.call("one_of", &arguments);
                if *negated { self.wrap("no", &test) } else { test }
            }
            Expression::IsNull { value, negated } => {
                let not = if *negated { "not " } else { "" };
                format!("{} is {not}None", self.compile(value))
            }
            Expression::Matches(value, pattern) => {
                let value = self.compile(value);
                self.imports.add_own(CORE, "matched");
                format!("matched({value}, {})", Expr::string(pattern))
            }
            Expression::Not(test) => self.call("no", &[test]),
            Expression::And(tests) => self.call("every", &tests.iter().collect::<Vec<_>>()),
            Expression::Or(tests) => self.call("some", &tests.iter().collect::<Vec<_>>()),
            Expression::Implies(condition, consequence) => self.call("implies", &[condition, consequence]),
            Expression::Add(left, right) => self.call("plus", &[left, right]),
            Expression::Subtract(left, right) => self.call("minus", &[left, right]),
            Expression::Multiply(left, right) => self.call("times", &[left, right]),
            Expression::Negate(value) => self.call("negative", &[value]),
            Expression::Call(function, arguments) => self.function(*function, arguments),
        }
    }

    fn function(&mut self, function: Function, arguments: &[Expression]) -> String {
        let arguments: Vec<_> = arguments.iter().collect();
        let applied = match function {
            Function::Length => "len",
            Function::Lower => "str.lower",
            Function::Upper => "str.upper",
            Function::Abs => "abs",
            Function::Coalesce => return self.call("coalesce", &arguments),
            Function::Present => return self.call("present", &arguments),
            Function::Now => {
                self.imports.add_own("core.models", "utc_now");
                return "utc_now()".to_owned();
            }
            Function::Today => {
                self.imports.add_own("core.models", "utc_today");
                return "utc_today()".to_owned();
            }
        };
        let argument = self.compile(arguments[0]);
        self.wrap("applied", &format!("{applied}, {argument}"))
    }

    fn call(&mut self, function: &str, arguments: &[&Expression]) -> String {
        let arguments: Vec<_> = arguments.iter().map(|argument| self.compile(argument)).collect();
        self.wrap(function, &arguments.join(", "))
    }

    fn wrap(&mut self, function: &str, arguments: &str) -> String {
        self.imports.add_own(CORE, function);
        format!("{function}({arguments})")
    }
}

/// A value that create may leave to the service is unknown until then.
fn read(field: &Field) -> String {
    let is_sent = field.access.in_create()
        && !super::schema::is_owner(field)
        && !matches!(field.presence.default, FieldDefault::Slug(_) | FieldDefault::CurrentUser);
    let name = Expr::string(&field.attribute);
    if is_sent { format!("row[{name}]") } else { format!("row.get({name})") }
}

fn comparison_name(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "equal",
        Comparison::NotEqual => "unequal",
        Comparison::Less => "less",
        Comparison::LessOrEqual => "at_most",
        Comparison::Greater => "greater",
        Comparison::GreaterOrEqual => "at_least",
    }
}

/// A literal in a module whose names for times are those of the API: times are read from text.
pub fn literal(value: &Value, imports: &mut Imports) -> Expr {
    let (reader, argument) = match value {
        Value::Null => return Expr::code("None"),
        Value::Bool(value) => return Expr::bool(*value),
        Value::Integer(value) => return Expr::code(value.to_string()),
        Value::Float(number) if number.0.contains('.') => return Expr::code(number.0.clone()),
        Value::Float(number) => return Expr::code(format!("{}.0", number.0)),
        Value::Decimal(number) => {
            imports.add("decimal", "Decimal");
            return Expr::code(format!("Decimal({})", Expr::string(&number.0)));
        }
        Value::Text(text) | Value::Enum(text) => return Expr::string(text),
        Value::Uuid(text) => {
            imports.add("uuid", "UUID");
            return Expr::code(format!("UUID({})", Expr::string(text)));
        }
        Value::Json(value) => return Expr::json(value),
        Value::Date(text) => ("as_date", Expr::string(text)),
        Value::Time(text) => ("as_time", Expr::string(text)),
        Value::Datetime(text) | Value::LocalDatetime(text) => ("as_datetime", Expr::string(text)),
        Value::Duration(microseconds) => ("as_duration", Expr::code(microseconds.to_string())),
    };
    imports.add_own("core.schemas", reader);
    Expr::code(format!("{reader}({argument})"))
}
