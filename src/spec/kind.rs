//! The types of fields: which arguments they take, and which keys and modifiers work on them.

use std::collections::BTreeSet;

use super::document::{Node, Style};
use super::field::{BoundSpec, ElementSpec, EnumValueSpec, JsonShape, LimitsSpec, Target, TypeSpec};
use super::literal::{LiteralSpec, LiteralText, digits};
use super::name::is_name;
use super::reader::{Reader, with_help};
use super::shorthand::{self, Shorthand, Token};
use super::suggest;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};

/// The built-in types.
pub const TYPES: &[&str] = &[
    "string", "text", "smallint", "int", "bigint", "float", "decimal", "money", "bool", "date", "time", "datetime",
    "duration", "uuid", "enum", "email", "url", "slug", "phone", "ip", "timezone", "locale", "country", "currency",
    "color", "password", "json", "object", "list", "bytes", "ref", "many", "role",
];

/// Types of the language that this version does not read yet.
pub(super) const LATER_TYPES: &[&str] = &["file", "image"];

/// The most targets of a polymorphic reference.
const MAX_TARGETS: usize = 8;
/// The most digits of a decimal.
const MAX_PRECISION: u32 = 38;
/// The longest enum value.
const MAX_VALUE: usize = 64;

/// A type with the limits that its arguments set.
pub(super) struct Kind {
    pub spec: Spanned<TypeSpec>,
    pub limits: LimitsSpec,
}

/// Both ends of a range of counts.
type Counts = (Option<Spanned<u32>>, Option<Spanned<u32>>);

/// A type whose arguments are being read.
struct Arguments<'a> {
    reader: &'a mut Reader,
    node: &'a Node,
    kind: &'a Token,
    given: Option<&'a [Token]>,
    span: &'a Span,
    limits: LimitsSpec,
}

/// Reads the type of a shorthand.
pub(super) fn read(reader: &mut Reader, node: &Node, shorthand: &Shorthand) -> Option<Kind> {
    let mut arguments = Arguments {
        reader,
        node,
        kind: &shorthand.kind,
        given: shorthand.arguments.as_deref(),
        span: &shorthand.arguments_span,
        limits: LimitsSpec::default(),
    };
    let spec = arguments.kind()?;
    let mut span = shorthand.kind.span.clone();
    span.end = span.end.max(shorthand.arguments_span.end);
    Some(Kind { spec: Spanned::new(spec, span), limits: arguments.limits })
}

impl Arguments<'_> {
    fn kind(&mut self) -> Option<TypeSpec> {
        match self.kind.value.as_str() {
            "string" => self.length(TypeSpec::String),
            "text" => self.length(TypeSpec::Text),
            "password" => self.length(TypeSpec::Password),
            "smallint" => self.range(TypeSpec::SmallInt),
            "int" => self.range(TypeSpec::Int),
            "bigint" => self.range(TypeSpec::BigInt),
            "float" => self.range(TypeSpec::Float),
            "decimal" => self.decimal(),
            "money" => self.money(),
            "datetime" => self.datetime(),
            "enum" => self.values(),
            "slug" => self.slug(),
            "json" => self.json(),
            "list" => self.list(),
            "bytes" => self.bytes(),
            "ref" => self.reference(),
            "many" => self.many(),
            word => match plain(word) {
                Some(spec) => self.none(spec),
                None => self.named(),
            },
        }
    }

    /// The diagnostic of arguments that the type does not take.
    fn wrong<T>(&mut self, message: &str, help: &str) -> Option<T> {
        let span = if self.span.is_empty() { &self.kind.span } else { self.span };
        let message = format!("`{}` {message}", self.kind.value);
        self.reader.refuse(Diagnostic::new(Code::E018, span, message).help(help))
    }

    fn none(&mut self, spec: TypeSpec) -> Option<TypeSpec> {
        if self.given.is_none() {
            return Some(spec);
        }
        let help = format!("write `{}` alone", self.kind.value);
        self.wrong("takes no arguments", &help)
    }

    fn length(&mut self, spec: TypeSpec) -> Option<TypeSpec> {
        let kind = self.kind.value.clone();
        match self.given {
            None => Some(spec),
            Some([length]) => {
                let (min, max) = match length.value.split_once("..") {
                    Some(_) => self.counts(length)?,
                    None => (None, Some(self.count(length)?)),
                };
                (self.limits.min_length, self.limits.max_length) = (min, max);
                Some(spec)
            }
            Some(_) => self.wrong("takes a length", &format!("e.g. `{kind}(200)` or `{kind}(1..200)`")),
        }
    }

    fn range(&mut self, spec: TypeSpec) -> Option<TypeSpec> {
        let kind = self.kind.value.clone();
        let range = match self.given {
            None => return Some(spec),
            Some([range]) => range.value.split_once(".."),
            Some(_) => None,
        };
        let is_number = |text: &str| text.is_empty() || digits(text).is_some();
        match (self.given, range) {
            (Some([token]), Some((low, high))) if is_number(low.trim()) && is_number(high.trim()) => {
                let bound = |text: &str| {
                    let text = text.trim();
                    let literal = LiteralSpec { text: LiteralText::Plain(text.to_owned()), span: token.span.clone() };
                    (!text.is_empty()).then_some(BoundSpec { literal, inclusive: true })
                };
                (self.limits.min, self.limits.max) = (bound(low), bound(high));
                Some(spec)
            }
            _ => self.wrong(&format!("takes a range, e.g. `{kind}(1..5)`"), "for decimal places use `decimal(10,2)`"),
        }
    }

    /// Both ends of a range of counts.
    fn counts(&mut self, token: &Token) -> Option<Counts> {
        let (low, high) = token.value.split_once("..")?;
        let mut end = |text: &str| -> Option<Option<Spanned<u32>>> {
            let text = text.trim();
            if text.is_empty() {
                return Some(None);
            }
            let number = self.reader.number(Style::Plain, text, &token.span, &self.kind.value)?;
            Some(Some(Spanned::new(number, token.span.clone())))
        };
        Some((end(low)?, end(high)?))
    }

    fn count(&mut self, token: &Token) -> Option<Spanned<u32>> {
        let number = self.reader.number(Style::Plain, &token.value, &token.span, &self.kind.value)?;
        Some(Spanned::new(number, token.span.clone()))
    }

    fn decimal(&mut self) -> Option<TypeSpec> {
        let Some([precision, scale]) = self.given else {
            return self
                .wrong("takes precision and scale", "e.g. `decimal(10,2)`: 10 digits, 2 of them after the point");
        };
        let (precision, scale) = (self.count(precision)?.value, self.count(scale)?.value);
        if scale > precision {
            let message = format!("scale {scale} is larger than precision {precision}");
            let help = format!("`decimal({precision},{scale})` keeps {scale} of {precision} digits after the point");
            return self.reader.refuse(Diagnostic::new(Code::E207, self.span, message).help(help));
        }
        if precision == 0 || precision > MAX_PRECISION {
            return self.wrong("has 1 to 38 digits", "MySQL and PostgreSQL agree up to 38");
        }
        Some(TypeSpec::Decimal { precision, scale })
    }

    fn money(&mut self) -> Option<TypeSpec> {
        match self.given {
            None => Some(TypeSpec::Money(None)),
            Some([currency]) if is_currency(&currency.value) => Some(TypeSpec::Money(Some(currency.clone()))),
            Some(_) => self.wrong("takes a currency", "e.g. `money(EUR)`, three capital letters"),
        }
    }

    fn datetime(&mut self) -> Option<TypeSpec> {
        match self.given {
            None => Some(TypeSpec::DateTime),
            Some([word]) if word.value == "local" => Some(TypeSpec::LocalDateTime),
            Some(_) => self.wrong("takes `local` or nothing", "`datetime(local)` has no time zone"),
        }
    }

    fn values(&mut self) -> Option<TypeSpec> {
        let given = self.given.unwrap_or_default();
        let values: Vec<_> = given.iter().map(|token| EnumValueSpec { name: unquoted(token), doc: None }).collect();
        enum_values(self.reader, &values).then_some(TypeSpec::Enum(values))
    }

    fn slug(&mut self) -> Option<TypeSpec> {
        match self.given {
            None => Some(TypeSpec::Slug(None)),
            Some([field]) if is_name(&field.value) => Some(TypeSpec::Slug(Some(field.clone()))),
            Some(_) => self.wrong("takes the field it is made from", "e.g. `slug(title)`"),
        }
    }

    fn json(&mut self) -> Option<TypeSpec> {
        match self.given {
            None => Some(TypeSpec::Json(JsonShape::Any)),
            Some([word]) if word.value == "object" => Some(TypeSpec::Json(JsonShape::Object)),
            Some([word]) if word.value == "array" => Some(TypeSpec::Json(JsonShape::Array)),
            Some(_) => self.wrong("takes `object`, `array` or nothing", "e.g. `json(object)`"),
        }
    }

    fn list(&mut self) -> Option<TypeSpec> {
        let (element, range) = match self.given {
            Some([element]) => (element, None),
            Some([element, range]) => (element, Some(range)),
            None | Some(_) => {
                return self
                    .wrong("takes the type of its elements", "e.g. `list(string(1..40))` or `list(url, 0..20)`");
            }
        };
        let parsed = shorthand::parse_element(self.reader, self.node, element)?;
        let kind = if parsed.kind.value == "list" { None } else { Some(read(self.reader, self.node, &parsed)?) };
        let Some(kind) = kind.filter(|kind| is_element(&kind.spec.value)) else {
            let message = format!("holds plain scalars, not `{}`", parsed.kind.value);
            return self.wrong(&message, "use `json(array)` for anything else");
        };
        if let Some(range) = range {
            if !range.value.contains("..") {
                return self.wrong("takes a range of items behind the type", "e.g. `list(url, 0..20)`");
            }
            (self.limits.min_items, self.limits.max_items) = self.counts(range)?;
        }
        Some(TypeSpec::List(Box::new(ElementSpec { kind: kind.spec, limits: kind.limits })))
    }

    fn bytes(&mut self) -> Option<TypeSpec> {
        match self.given {
            None => Some(TypeSpec::Bytes),
            Some([max]) if !max.value.contains("..") => {
                self.limits.max_length = Some(self.count(max)?);
                Some(TypeSpec::Bytes)
            }
            Some(_) => self.wrong("takes the largest number of bytes", "e.g. `bytes(1024)`"),
        }
    }

    fn reference(&mut self) -> Option<TypeSpec> {
        let given = self.given.unwrap_or_default();
        if given.is_empty() {
            return self.wrong("takes the resource that it refers to", "e.g. `ref(users)`");
        }
        if given.len() > MAX_TARGETS {
            return self.wrong("takes at most 8 resources", "use a resource in between");
        }
        let targets: Vec<_> = given.iter().filter_map(|token| self.target(token)).collect();
        let mut seen = BTreeSet::new();
        for target in &targets {
            if !seen.insert(&target.value) {
                let message = "a target is listed twice";
                return self.reader.refuse(Diagnostic::new(Code::E018, &target.span, message));
            }
        }
        (targets.len() == given.len()).then_some(TypeSpec::Ref(targets))
    }

    fn many(&mut self) -> Option<TypeSpec> {
        match self.given {
            Some([target]) => Some(TypeSpec::Many(self.target(target)?)),
            None | Some(_) => self.wrong("takes one resource", "e.g. `many(tags)`"),
        }
    }

    fn target(&mut self, token: &Token) -> Option<Spanned<Target>> {
        let target = match token.value.as_str() {
            "self" => Target::Itself,
            name if is_name(name) => Target::Resource(name.to_owned()),
            _ => {
                self.reader.push(super::name::refusal(Code::E101, token, "resource name"));
                return None;
            }
        };
        Some(Spanned::new(target, token.span.clone()))
    }

    /// A type of `types:`, or no type at all.
    fn named(&mut self) -> Option<TypeSpec> {
        let word = self.kind.value.as_str();
        if LATER_TYPES.contains(&word) {
            let diagnostic = super::reader::later(Code::E012, self.kind, &format!("the type `{word}`"));
            return self.reader.refuse(diagnostic);
        }
        if let Some(shared) = &self.reader.shared
            && !shared.types.contains(word)
        {
            let names = TYPES.iter().copied().chain(shared.types.iter().map(String::as_str));
            let help = suggest::help(word, names, suggest::FOREIGN_TYPES);
            let diagnostic = Diagnostic::new(Code::E012, &self.kind.span, format!("unknown field type `{word}`"));
            return self.reader.refuse(with_help(diagnostic, help, &self.kind.span));
        }
        if self.given.is_some() {
            return self.wrong("is a named type and takes no arguments", "write the arguments in `types:`");
        }
        Some(TypeSpec::Named(word.to_owned()))
    }
}

/// The types that are one word.
fn plain(word: &str) -> Option<TypeSpec> {
    Some(match word {
        "bool" => TypeSpec::Bool,
        "date" => TypeSpec::Date,
        "time" => TypeSpec::Time,
        "duration" => TypeSpec::Duration,
        "uuid" => TypeSpec::Uuid,
        "email" => TypeSpec::Email,
        "url" => TypeSpec::Url,
        "phone" => TypeSpec::Phone,
        "ip" => TypeSpec::Ip,
        "timezone" => TypeSpec::Timezone,
        "locale" => TypeSpec::Locale,
        "country" => TypeSpec::Country,
        "currency" => TypeSpec::Currency,
        "color" => TypeSpec::Color,
        "object" => TypeSpec::Object(Vec::new()),
        "role" => TypeSpec::Role,
        _ => return None,
    })
}

/// Whether a text has the form of an ISO 4217 code.
pub(super) fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// An argument without its quotes, if it has some.
fn unquoted(token: &Token) -> Token {
    let inner = token.value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.map_or_else(|| token.clone(), |inner| Spanned::new(inner.to_owned(), token.span.clone()))
}

/// Tells what is wrong with the values of an enum or the roles; says whether nothing is.
pub(super) fn enum_values(reader: &mut Reader, values: &[EnumValueSpec]) -> bool {
    let (mut is_fine, mut seen) = (true, BTreeSet::new());
    for value in values {
        let name = &value.name;
        let is_value = name.value.len() <= MAX_VALUE
            && name.value.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.+-".contains(&byte));
        if !is_value {
            is_fine = false;
            let help = "letters, digits and `_.+-`, starting with a letter or digit, at most 64 characters";
            let message = format!("`{}` is not an enum value", name.value);
            reader.push(Diagnostic::new(Code::E101, &name.span, message).help(help));
        } else if !seen.insert(&name.value) {
            is_fine = false;
            let message = format!("the enum value `{}` is listed twice", name.value);
            reader.push(Diagnostic::new(Code::E203, &name.span, message).help("remove one of the two"));
        }
    }
    is_fine
}

/// Whether a list may hold it.
fn is_element(spec: &TypeSpec) -> bool {
    match spec {
        TypeSpec::String
        | TypeSpec::Text
        | TypeSpec::SmallInt
        | TypeSpec::Int
        | TypeSpec::BigInt
        | TypeSpec::Float
        | TypeSpec::Decimal { .. }
        | TypeSpec::Money(_)
        | TypeSpec::Bool
        | TypeSpec::Date
        | TypeSpec::Time
        | TypeSpec::DateTime
        | TypeSpec::LocalDateTime
        | TypeSpec::Duration
        | TypeSpec::Uuid
        | TypeSpec::Enum(_)
        | TypeSpec::Email
        | TypeSpec::Url
        | TypeSpec::Phone
        | TypeSpec::Ip
        | TypeSpec::Timezone
        | TypeSpec::Locale
        | TypeSpec::Country
        | TypeSpec::Currency
        | TypeSpec::Color
        | TypeSpec::Named(_) => true,
        TypeSpec::Slug(_)
        | TypeSpec::Password
        | TypeSpec::Json(_)
        | TypeSpec::Object(_)
        | TypeSpec::List(_)
        | TypeSpec::Bytes
        | TypeSpec::Ref(_)
        | TypeSpec::Many(_)
        | TypeSpec::Role => false,
    }
}
