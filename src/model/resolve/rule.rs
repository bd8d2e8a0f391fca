//! Rules: names and types of every expression, and which database can hold it as a CHECK.

use super::field::Fields;
use super::key::Placed;
use super::relation::find_column;
use super::scope::{Draft, Scope, suggest};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::literal;
use crate::model::{
    Bounds, Column, Comparison, Database, Deletion, EnumType, Expression, FieldId, FieldKind, FieldType, Function,
    KeySource, ResourceId, Rule, RuleMoment, Value,
};
use crate::source::Span;
use crate::spec::rule::{
    Arithmetic, Comparison as ComparisonSpec, Expression as ExpressionSpec, Node, RuleFunction,
    RuleMoment as MomentSpec, RuleSpec,
};

/// Resolves the rules of a resource.
pub(super) fn resolve(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    fields: &Fields,
    diagnostics: &mut Diagnostics,
) -> Vec<Placed<Rule>> {
    let placed = |value, spec: &RuleSpec| Placed { value, span: spec.text.span.clone() };
    let rules = draft.rules.iter();
    rules.filter_map(|spec| Some(placed(rule(scope, draft, fields, spec, diagnostics)?, spec))).collect()
}

fn rule(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    fields: &Fields,
    spec: &RuleSpec,
    diagnostics: &mut Diagnostics,
) -> Option<Rule> {
    let text = spec.text.value.split_whitespace().collect::<Vec<_>>().join(" ");
    let expression = condition(scope, draft, fields, &spec.expression, &text, diagnostics)?;
    let facts = facts(draft, fields, &expression);
    let moment = match spec.on.as_ref().map(|on| on.value) {
        None | Some(MomentSpec::Both) => RuleMoment::Always,
        Some(MomentSpec::Create) => RuleMoment::Create,
        Some(MomentSpec::Update) => RuleMoment::Update,
    };
    let is_check = spec.check.as_ref().is_none_or(|check| check.value);
    let obstacle = obstacle(&facts, moment, is_check);
    let (holds, fails): (Vec<Database>, Vec<Database>) = scope
        .databases
        .iter()
        .partition(|database| obstacle.is_none() && !facts.fails_on.iter().any(|(name, _)| name == *database));
    if !fails.is_empty() {
        diagnostics.push(api_only(spec, &text, obstacle, &facts, &fails));
    }
    Some(Rule {
        message: spec.message.as_ref().map_or_else(|| text.clone(), |message| message.value.clone()),
        name: spec.name.as_ref().map(|name| name.value.clone()),
        fields: facts.fields,
        checked_by: holds,
        text,
        expression,
        moment,
    })
}

fn obstacle(facts: &Facts, moment: RuleMoment, is_check: bool) -> Option<&'static str> {
    if facts.uses_clock {
        Some("it uses the clock")
    } else if facts.uses_pattern {
        Some("databases disagree about patterns")
    } else if moment != RuleMoment::Always {
        Some("`on:` limits it to one moment")
    } else if is_check {
        None
    } else {
        Some("`check: false`")
    }
}

fn api_only(spec: &RuleSpec, text: &str, obstacle: Option<&str>, facts: &Facts, fails: &[Database]) -> Diagnostic {
    let message = if let Some(obstacle) = obstacle {
        format!("`{text}` is checked by the API only: {obstacle}")
    } else {
        let reasons = facts.fails_on.iter().filter(|(database, _)| fails.contains(database));
        let reasons: Vec<String> =
            reasons.map(|(database, reason)| format!("on {} {reason}", database_name(*database))).collect();
        format!("`{text}` is checked by the API only {}", reasons.join(", "))
    };
    Diagnostic::new(Code::I901, &spec.text.span, message)
}

/// The name of a database as people write it.
pub(super) fn database_name(database: Database) -> &'static str {
    match database {
        Database::Postgresql => "PostgreSQL",
        Database::Mysql => "MySQL",
        Database::Sqlite => "SQLite",
    }
}

/// Types an expression that must be true or false and mention a field.
pub(super) fn condition(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    fields: &Fields,
    expression: &ExpressionSpec,
    text: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Expression> {
    let mut typing = Typer { scope, draft, fields, diagnostics };
    let typed = typing.infer(expression)?;
    if typed.ty != Type::Bool {
        let message = format!("the rule `{text}` is not true or false");
        typing.push(Code::E414, &expression.span, message);
        return None;
    }
    let facts = facts(draft, fields, &typed.expression);
    if facts.fields.is_empty() && !facts.mentions_generated {
        typing.push(Code::E420, &expression.span, format!("the rule `{text}` mentions no field"));
        return None;
    }
    Some(typed.expression)
}

/// The type of an expression, finer than the model's.
#[derive(Debug, Clone, PartialEq)]
enum Type {
    Integer,
    Decimal,
    Float,
    Text,
    Bool,
    Date,
    Time,
    Datetime,
    LocalDatetime,
    Duration,
    Uuid,
    Reference(ResourceId),
    Enum(EnumType),
    /// json, object, list, bytes and password: only `is null`, `present` and `coalesce`.
    Opaque(&'static str),
}

impl Type {
    fn is_number(&self) -> bool {
        matches!(self, Self::Integer | Self::Decimal | Self::Float)
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Integer | Self::Decimal | Self::Float => "number",
            Self::Text => "text",
            Self::Bool => "bool",
            Self::Date => "date",
            Self::Time => "time",
            Self::Datetime => "datetime",
            Self::LocalDatetime => "datetime(local)",
            Self::Duration => "duration",
            Self::Uuid => "uuid",
            Self::Reference(_) => "reference",
            Self::Enum(_) => "enum",
            Self::Opaque(word) => word,
        }
    }

    fn has_order(&self) -> bool {
        !matches!(self, Self::Text | Self::Bool | Self::Uuid | Self::Reference(_) | Self::Enum(_) | Self::Opaque(_))
    }

    /// Whether a text literal next to it is read as one of it.
    fn field_type(&self) -> Option<FieldType> {
        let bounds = Bounds::default();
        match self {
            Self::Date => Some(FieldType::Date { bounds }),
            Self::Time => Some(FieldType::Time { bounds }),
            Self::Datetime => Some(FieldType::Datetime { bounds }),
            Self::LocalDatetime => Some(FieldType::LocalDatetime { bounds }),
            Self::Uuid => Some(FieldType::Uuid),
            Self::Integer
            | Self::Decimal
            | Self::Float
            | Self::Text
            | Self::Bool
            | Self::Duration
            | Self::Reference(_)
            | Self::Enum(_)
            | Self::Opaque(_) => None,
        }
    }

    fn compares_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Opaque(_), _) | (_, Self::Opaque(_)) => false,
            (Self::Enum(left), Self::Enum(right)) => left.values == right.values || left.class == right.class,
            _ => self == other || self.is_number() && other.is_number(),
        }
    }
}

struct Typed {
    expression: Expression,
    ty: Type,
}

struct Typer<'t, 'a> {
    scope: &'t Scope<'a>,
    draft: &'t Draft<'a>,
    fields: &'t Fields,
    diagnostics: &'t mut Diagnostics,
}

impl Typer<'_, '_> {
    fn push(&mut self, code: Code, span: &Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(code, span, message));
    }

    fn infer(&mut self, spec: &ExpressionSpec) -> Option<Typed> {
        let bool = |expression| Some(Typed { expression, ty: Type::Bool });
        match &spec.node {
            Node::Implies(left, right) => {
                let (left, right) = (self.truth(left), self.truth(right));
                bool(Expression::Implies(Box::new(left?), Box::new(right?)))
            }
            Node::Or(parts) => bool(Expression::Or(self.truths(parts)?)),
            Node::And(parts) => bool(Expression::And(self.truths(parts)?)),
            Node::Not(part) => bool(Expression::Not(Box::new(self.truth(part)?))),
            Node::Compare(comparison, left, right) => self.compare(*comparison, left, right, &spec.span),
            Node::In { negated, value, choices } => self.inside(*negated, value, choices),
            Node::IsNull { negated, value } => {
                let value = self.infer(value)?;
                bool(Expression::IsNull { value: Box::new(value.expression), negated: *negated })
            }
            Node::Matches(value, pattern) => {
                let text = self.text(value, "matches")?;
                if regex::Regex::new(&pattern.value).is_err() {
                    self.push(Code::E211, &pattern.span, format!("the pattern `{}` cannot be read", pattern.value));
                    return None;
                }
                bool(Expression::Matches(Box::new(text), pattern.value.clone()))
            }
            Node::Arithmetic(operator, left, right) => self.arithmetic(*operator, left, right, &spec.span),
            Node::Negate(part) => self.negate(part),
            Node::Call(function, arguments) => self.call(function.value, arguments, &spec.span),
            Node::Path(path) => self.path(path, &spec.span),
            Node::Number(text) => self.number(text, &spec.span),
            Node::Text(text) => {
                Some(Typed { expression: Expression::Literal(Value::Text(text.clone())), ty: Type::Text })
            }
            Node::Duration(micros) => {
                Some(Typed { expression: Expression::Literal(Value::Duration(*micros)), ty: Type::Duration })
            }
            Node::Bool(value) => bool(Expression::Literal(Value::Bool(*value))),
        }
    }

    fn truths(&mut self, parts: &[ExpressionSpec]) -> Option<Vec<Expression>> {
        let parts: Vec<Option<Expression>> = parts.iter().map(|part| self.truth(part)).collect();
        parts.into_iter().collect()
    }

    fn truth(&mut self, spec: &ExpressionSpec) -> Option<Expression> {
        let typed = self.infer(spec)?;
        if typed.ty == Type::Bool {
            return Some(typed.expression);
        }
        let message = format!("{} is not true or false", typed.ty.word());
        self.push(Code::E414, &spec.span, message);
        None
    }

    fn number(&mut self, text: &str, span: &Span) -> Option<Typed> {
        let Some(value) = literal::read_number(text) else {
            self.push(Code::E201, span, format!("`{text}` is not a number"));
            return None;
        };
        let ty = if matches!(value, Value::Integer(_)) { Type::Integer } else { Type::Decimal };
        Some(Typed { expression: Expression::Literal(value), ty })
    }

    fn path(&mut self, path: &[crate::source::Spanned<String>], span: &Span) -> Option<Typed> {
        let [name] = path else {
            let words: Vec<&str> = path.iter().map(|part| part.value.as_str()).collect();
            let message = format!("`{}`: a rule over a reference is not supported yet", words.join("."));
            self.push(Code::E016, span, message);
            return None;
        };
        match find_column(self.draft, &name.value) {
            Some(Column::Field(id)) => self.field(id, span),
            Some(Column::Id) => Some(Typed { expression: Expression::Id, ty: Type::Reference(self.draft.id) }),
            Some(Column::CreatedAt) => Some(timestamp("created_at")),
            Some(Column::UpdatedAt) => Some(timestamp("updated_at")),
            Some(Column::DeletedAt) => Some(timestamp("deleted_at")),
            Some(Column::Version) => Some(Typed { expression: Expression::Version, ty: Type::Integer }),
            None => {
                self.draft.unknown_field(&name.value, span, self.diagnostics);
                None
            }
        }
    }

    fn field(&mut self, id: FieldId, span: &Span) -> Option<Typed> {
        if self.fields.broken.contains(&id) {
            return None;
        }
        let field = &self.fields.list[id.0];
        let ty = match &field.kind {
            FieldKind::Scalar(scalar) => type_of(&scalar.ty),
            FieldKind::Reference(reference) => Type::Reference(reference.target),
            FieldKind::Many(_) => {
                let message = format!("a rule cannot read the list `{}`", field.name);
                self.diagnostics.push(Diagnostic::new(Code::E421, span, message).help("use a computed count"));
                return None;
            }
            FieldKind::Polymorphic(_) => {
                let message =
                    format!("a rule over `{}`, which refers to several resources, is not supported yet", field.name);
                self.push(Code::E016, span, message);
                return None;
            }
        };
        Some(Typed { expression: Expression::Field(id), ty })
    }

    /// Types two sides that are compared: a text literal is read by the other side, and a word that is no field but an
    /// enum value of the other side gets its own message.
    fn pair(&mut self, left: &ExpressionSpec, right: &ExpressionSpec) -> Option<(Typed, Typed)> {
        if let Some(word) = self.bare_word(left) {
            let right = self.infer(right)?;
            let left = self.bare(&word, &left.span, &right.ty)?;
            return Some((left, right));
        }
        let left_typed = self.infer(left);
        if let Some(word) = self.bare_word(right) {
            let left = left_typed?;
            let right = self.bare(&word, &right.span, &left.ty)?;
            return Some((left, right));
        }
        let right_typed = self.infer(right);
        let (left_typed, right_typed) = (left_typed?, right_typed?);
        let left_typed = self.read_as(left_typed, &right_typed.ty, &left.span)?;
        let right_typed = self.read_as(right_typed, &left_typed.ty, &right.span)?;
        Some((left_typed, right_typed))
    }

    fn bare_word(&self, spec: &ExpressionSpec) -> Option<String> {
        let Node::Path(path) = &spec.node else { return None };
        let [name] = &path[..] else { return None };
        find_column(self.draft, &name.value).is_none().then(|| name.value.clone())
    }

    /// A word that is no field.
    fn bare(&mut self, word: &str, span: &Span, other: &Type) -> Option<Typed> {
        let is_value = matches!(other, Type::Enum(kind) if kind.values.iter().any(|value| value.value == word));
        if is_value && !self.draft.broken.contains(word) {
            let message = format!("`{word}` is a value of the enum, not a field");
            let diagnostic = Diagnostic::new(Code::E415, span, message).help(format!("write '{word}' in quotes"));
            self.diagnostics.push(diagnostic.edit(span, format!("'{word}'")));
        } else {
            self.draft.unknown_field(word, span, self.diagnostics);
        }
        None
    }

    /// Reads a text literal as the type of its neighbour.
    fn read_as(&mut self, typed: Typed, other: &Type, span: &Span) -> Option<Typed> {
        let Expression::Literal(Value::Text(text)) = &typed.expression else { return Some(typed) };
        if let Type::Enum(kind) = other {
            if kind.values.iter().any(|value| value.value == *text) {
                return Some(Typed { expression: Expression::Literal(Value::Enum(text.clone())), ty: other.clone() });
            }
            let message = format!("`{text}` is not a value of the enum");
            let values = kind.values.iter().map(|value| value.value.as_str());
            let diagnostic = Diagnostic::new(Code::E416, span, message);
            let diagnostic = suggest(diagnostic, text, values.clone());
            let list = values.collect::<Vec<_>>().join(", ");
            let diagnostic =
                if diagnostic.help.is_some() { diagnostic } else { diagnostic.help(format!("one of {list}")) };
            self.diagnostics.push(diagnostic);
            return None;
        }
        let Some(ty) = other.field_type() else { return Some(typed) };
        match literal::read_text(text, &ty, span) {
            Ok(value) => Some(Typed { expression: Expression::Literal(value), ty: other.clone() }),
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    fn compare(
        &mut self,
        comparison: ComparisonSpec,
        left: &ExpressionSpec,
        right: &ExpressionSpec,
        span: &Span,
    ) -> Option<Typed> {
        let (left, right) = self.pair(left, right)?;
        self.check_comparable(&left.ty, &right.ty, span)?;
        let has_order = matches!(comparison, ComparisonSpec::Equal | ComparisonSpec::NotEqual);
        if !has_order && !left.ty.has_order() {
            let message = format!("{} values have no order in a rule", left.ty.word());
            let diagnostic = Diagnostic::new(Code::E417, span, message);
            let reason = if left.ty == Type::Text { "it depends on the collation; " } else { "" };
            let help = format!("{reason}only == and != work");
            self.diagnostics.push(diagnostic.help(help));
            return None;
        }
        let comparison = match comparison {
            ComparisonSpec::Equal => Comparison::Equal,
            ComparisonSpec::NotEqual => Comparison::NotEqual,
            ComparisonSpec::Less => Comparison::Less,
            ComparisonSpec::LessOrEqual => Comparison::LessOrEqual,
            ComparisonSpec::Greater => Comparison::Greater,
            ComparisonSpec::GreaterOrEqual => Comparison::GreaterOrEqual,
        };
        let expression = Expression::Compare(comparison, Box::new(left.expression), Box::new(right.expression));
        Some(Typed { expression, ty: Type::Bool })
    }

    fn check_comparable(&mut self, left: &Type, right: &Type, span: &Span) -> Option<()> {
        if left.compares_with(right) {
            return Some(());
        }
        let message = match (left, right) {
            (Type::Reference(left), Type::Reference(right)) => {
                let (left, right) = (self.scope.draft(*left).name(), self.scope.draft(*right).name());
                format!("cannot compare a reference to {left} with one to {right}")
            }
            _ => format!("cannot compare {} with {}", left.word(), right.word()),
        };
        self.push(Code::E414, span, message);
        None
    }

    fn inside(&mut self, negated: bool, value: &ExpressionSpec, choices: &[ExpressionSpec]) -> Option<Typed> {
        let mut options = Vec::new();
        let mut is_right = true;
        let mut subject = None;
        for choice in choices {
            let pair = self.pair(value, choice);
            let fits = pair.and_then(|(left, right)| {
                self.check_comparable(&left.ty, &right.ty, &choice.span)?;
                Some((left, right))
            });
            match fits {
                Some((left, right)) => {
                    subject = Some(left.expression);
                    options.push(right.expression);
                }
                None => is_right = false,
            }
        }
        let value = Box::new(subject.filter(|_| is_right)?);
        Some(Typed { expression: Expression::In { value, options, negated }, ty: Type::Bool })
    }

    fn text(&mut self, spec: &ExpressionSpec, function: &str) -> Option<Expression> {
        let typed = self.infer(spec)?;
        if typed.ty == Type::Text {
            return Some(typed.expression);
        }
        let message = format!("`{function}` works on text, not on {}", typed.ty.word());
        self.push(Code::E414, &spec.span, message);
        None
    }

    fn arithmetic(
        &mut self,
        operator: Arithmetic,
        left: &ExpressionSpec,
        right: &ExpressionSpec,
        span: &Span,
    ) -> Option<Typed> {
        let (left_typed, right_typed) = (self.infer(left), self.infer(right));
        let (left, right) = (left_typed?, right_typed?);
        let Some(ty) = arithmetic_type(operator, &left.ty, &right.ty) else {
            let sign = match operator {
                Arithmetic::Add => "+",
                Arithmetic::Subtract => "-",
                Arithmetic::Multiply => "*",
            };
            let message = format!("`{sign}` does not work on {} and {}", left.ty.word(), right.ty.word());
            self.push(Code::E414, span, message);
            return None;
        };
        let (left, right) = (Box::new(left.expression), Box::new(right.expression));
        let expression = match operator {
            Arithmetic::Add => Expression::Add(left, right),
            Arithmetic::Subtract => Expression::Subtract(left, right),
            Arithmetic::Multiply => Expression::Multiply(left, right),
        };
        Some(Typed { expression, ty })
    }

    fn negate(&mut self, part: &ExpressionSpec) -> Option<Typed> {
        let typed = self.infer(part)?;
        if typed.ty.is_number() || typed.ty == Type::Duration {
            return Some(Typed { expression: Expression::Negate(Box::new(typed.expression)), ty: typed.ty });
        }
        let message = format!("`-` does not work on {}", typed.ty.word());
        self.push(Code::E414, &part.span, message);
        None
    }

    fn call(&mut self, function: RuleFunction, arguments: &[ExpressionSpec], span: &Span) -> Option<Typed> {
        let (function, ty, arguments) = match function {
            RuleFunction::Now => (Function::Now, Type::Datetime, Vec::new()),
            RuleFunction::Today => (Function::Today, Type::Date, Vec::new()),
            RuleFunction::Length => (Function::Length, Type::Integer, vec![self.text(arguments.first()?, "length")?]),
            RuleFunction::Lower => (Function::Lower, Type::Text, vec![self.text(arguments.first()?, "lower")?]),
            RuleFunction::Upper => (Function::Upper, Type::Text, vec![self.text(arguments.first()?, "upper")?]),
            RuleFunction::Abs => {
                let typed = self.infer(arguments.first()?)?;
                if !typed.ty.is_number() {
                    let message = format!("`abs` works on numbers, not on {}", typed.ty.word());
                    self.push(Code::E414, span, message);
                    return None;
                }
                (Function::Abs, typed.ty, vec![typed.expression])
            }
            RuleFunction::Present => {
                let typed: Vec<Option<Typed>> = arguments.iter().map(|argument| self.infer(argument)).collect();
                let typed = typed.into_iter().map(|typed| typed.map(|typed| typed.expression));
                (Function::Present, Type::Integer, typed.collect::<Option<_>>()?)
            }
            RuleFunction::Coalesce => return self.coalesce(arguments, span),
        };
        Some(Typed { expression: Expression::Call(function, arguments), ty })
    }

    fn coalesce(&mut self, arguments: &[ExpressionSpec], span: &Span) -> Option<Typed> {
        let typed: Vec<Option<Typed>> = arguments.iter().map(|argument| self.infer(argument)).collect();
        let typed: Vec<Typed> = typed.into_iter().collect::<Option<_>>()?;
        let ty = typed
            .iter()
            .map(|typed| &typed.ty)
            .find(|ty| **ty != Type::Text)
            .or(typed.first().map(|typed| &typed.ty))?;
        let ty = ty.clone();
        let mut parts = Vec::new();
        for (typed, spec) in typed.into_iter().zip(arguments) {
            let typed = self.read_as(typed, &ty, &spec.span)?;
            if !typed.ty.compares_with(&ty) {
                let message =
                    format!("`coalesce` takes arguments of one type, not {} and {}", ty.word(), typed.ty.word());
                self.push(Code::E414, span, message);
                return None;
            }
            parts.push(typed.expression);
        }
        Some(Typed { expression: Expression::Call(Function::Coalesce, parts), ty })
    }
}

fn timestamp(name: &'static str) -> Typed {
    Typed { expression: Expression::Timestamp(name), ty: Type::Datetime }
}

fn arithmetic_type(operator: Arithmetic, left: &Type, right: &Type) -> Option<Type> {
    if left.is_number() && right.is_number() {
        return Some(match (left, right) {
            (Type::Float, _) | (_, Type::Float) => Type::Float,
            (Type::Decimal, _) | (_, Type::Decimal) => Type::Decimal,
            _ => Type::Integer,
        });
    }
    let is_day = |ty: &Type| matches!(ty, Type::Date | Type::Datetime | Type::LocalDatetime);
    match (operator, left, right) {
        (Arithmetic::Add | Arithmetic::Subtract, left, Type::Duration) if is_day(left) || *left == Type::Duration => {
            Some(left.clone())
        }
        (Arithmetic::Add, Type::Duration, day) if is_day(day) => Some(day.clone()),
        (Arithmetic::Subtract, one, other) if is_day(one) && one == other => Some(Type::Duration),
        _ => None,
    }
}

fn type_of(ty: &FieldType) -> Type {
    match ty {
        FieldType::String(_)
        | FieldType::Text(_)
        | FieldType::Email
        | FieldType::Url
        | FieldType::Slug { .. }
        | FieldType::Phone
        | FieldType::Ip
        | FieldType::Timezone
        | FieldType::Locale
        | FieldType::Country
        | FieldType::Currency
        | FieldType::Color => Type::Text,
        FieldType::Integer { .. } => Type::Integer,
        FieldType::Float { .. } => Type::Float,
        FieldType::Decimal { .. } | FieldType::Money { .. } => Type::Decimal,
        FieldType::Bool => Type::Bool,
        FieldType::Date { .. } => Type::Date,
        FieldType::Time { .. } => Type::Time,
        FieldType::Datetime { .. } => Type::Datetime,
        FieldType::LocalDatetime { .. } => Type::LocalDatetime,
        FieldType::Duration { .. } => Type::Duration,
        FieldType::Uuid => Type::Uuid,
        FieldType::Enum(kind) => Type::Enum(kind.clone()),
        FieldType::Password(_) => Type::Opaque("password"),
        FieldType::Json(_) => Type::Opaque("json"),
        FieldType::Object(_) => Type::Opaque("object"),
        FieldType::List(_) => Type::Opaque("list"),
        FieldType::Bytes { .. } => Type::Opaque("bytes"),
    }
}

/// What decides where an expression can be checked.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// In the order of their first mention.
    pub fields: Vec<FieldId>,
    pub mentions_generated: bool,
    pub uses_clock: bool,
    pub uses_pattern: bool,
    /// Databases that cannot hold it, and why.
    pub fails_on: Vec<(Database, &'static str)>,
}

/// Collects the facts of an expression.
pub(super) fn facts(draft: &Draft<'_>, fields: &Fields, expression: &Expression) -> Facts {
    let mut facts = Facts::default();
    Collector { draft, fields, facts: &mut facts }.visit(expression);
    facts
}

struct Collector<'c, 'a> {
    draft: &'c Draft<'a>,
    fields: &'c Fields,
    facts: &'c mut Facts,
}

impl Collector<'_, '_> {
    fn fail(&mut self, database: Database, reason: &'static str) {
        if !self.facts.fails_on.iter().any(|(known, _)| *known == database) {
            self.facts.fails_on.push((database, reason));
        }
    }

    fn visit(&mut self, expression: &Expression) {
        match expression {
            Expression::Field(id) => self.field(*id),
            Expression::Id => {
                self.facts.mentions_generated = true;
                if self.draft.key.source == KeySource::Identity {
                    self.fail(Database::Mysql, "because it reads an auto-increment id");
                }
            }
            Expression::Timestamp(_) | Expression::Version => self.facts.mentions_generated = true,
            Expression::Literal(_) => {}
            Expression::Compare(_, left, right) | Expression::Implies(left, right) => {
                self.visit(left);
                self.visit(right);
            }
            Expression::In { value, options, .. } => {
                self.visit(value);
                for option in options {
                    self.visit(option);
                }
            }
            Expression::Matches(value, _) => {
                self.facts.uses_pattern = true;
                self.visit(value);
            }
            Expression::IsNull { value, .. } | Expression::Not(value) | Expression::Negate(value) => self.visit(value),
            Expression::And(parts) | Expression::Or(parts) => parts.iter().for_each(|part| self.visit(part)),
            Expression::Add(left, right) | Expression::Subtract(left, right) | Expression::Multiply(left, right) => {
                self.arithmetic(left, right);
                self.visit(left);
                self.visit(right);
            }
            Expression::Call(function, arguments) => {
                match function {
                    Function::Now | Function::Today => self.facts.uses_clock = true,
                    Function::Lower | Function::Upper => {
                        self.fail(Database::Sqlite, "because case folding is ASCII there");
                    }
                    Function::Length | Function::Abs | Function::Coalesce | Function::Present => {}
                }
                for argument in arguments {
                    self.visit(argument);
                }
            }
        }
    }

    fn field(&mut self, id: FieldId) {
        if !self.facts.fields.contains(&id) {
            self.facts.fields.push(id);
        }
        if let FieldKind::Reference(reference) = &self.fields.list[id.0].kind
            && matches!(reference.on_delete, Deletion::Cascade | Deletion::SetNull)
        {
            self.fail(Database::Mysql, "because a delete changes the reference");
        }
    }

    fn arithmetic(&mut self, left: &Expression, right: &Expression) {
        match self.operand(left).or_else(|| self.operand(right)) {
            Some(Operand::Day) => self.fail(Database::Sqlite, "because it computes with dates"),
            Some(Operand::Decimal) => self.fail(Database::Sqlite, "because decimals are floats there"),
            None => {}
        }
    }

    /// What makes arithmetic inexact on SQLite.
    fn operand(&self, expression: &Expression) -> Option<Operand> {
        match expression {
            Expression::Field(id) => match &self.fields.list[id.0].kind {
                FieldKind::Scalar(scalar) => Operand::of(&type_of(&scalar.ty)),
                FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
            },
            Expression::Timestamp(_) => Some(Operand::Day),
            Expression::Literal(value) => Operand::of_literal(value),
            Expression::Add(left, right) | Expression::Subtract(left, right) | Expression::Multiply(left, right) => {
                self.operand(left).or_else(|| self.operand(right))
            }
            Expression::Negate(value) => self.operand(value),
            Expression::Call(_, arguments) => arguments.iter().find_map(|argument| self.operand(argument)),
            Expression::Id
            | Expression::Version
            | Expression::Compare(..)
            | Expression::In { .. }
            | Expression::IsNull { .. }
            | Expression::Matches(..)
            | Expression::Not(_)
            | Expression::And(_)
            | Expression::Or(_)
            | Expression::Implies(..) => None,
        }
    }
}

/// What makes arithmetic inexact on SQLite.
enum Operand {
    Day,
    Decimal,
}

impl Operand {
    fn of(ty: &Type) -> Option<Self> {
        if matches!(ty, Type::Date | Type::Datetime | Type::LocalDatetime | Type::Time) {
            return Some(Self::Day);
        }
        (*ty == Type::Decimal).then_some(Self::Decimal)
    }

    fn of_literal(value: &Value) -> Option<Self> {
        if matches!(value, Value::Date(_) | Value::Datetime(_) | Value::LocalDatetime(_)) {
            return Some(Self::Day);
        }
        matches!(value, Value::Decimal(_)).then_some(Self::Decimal)
    }
}
