//! The types of scalar fields with their arguments, bounds and literals.

use heck::ToUpperCamelCase;

use super::scope::{Draft, Scope};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{
    Access, Bounds, Currency, EnumType, EnumValue, Field, FieldId, FieldKind, FieldType, IntSize, JsonShape, Lengths,
    Limit, ListType, Number, ObjectType, Presence, Scalar, TextCase, TextRules, Value,
};
use crate::model::{currency, literal, value};
use crate::source::{Span, Spanned};
use crate::spec::field::{
    BoundSpec, EnumValueSpec, FieldSpec, JsonShape as JsonShapeSpec, LetterCase, LimitsSpec, Storage, TypeSpec,
};

/// Resolves the type of a scalar field; nothing if it is broken.
pub(super) fn resolve(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    field: &FieldSpec,
    diagnostics: &mut Diagnostics,
) -> Option<FieldType> {
    let class = format!("{}{}", draft.names.class, field.name.value.to_upper_camel_case());
    Resolver { scope, draft, class, diagnostics }.field(field)
}

struct Resolver<'r, 'a> {
    scope: &'r Scope<'a>,
    draft: &'r Draft<'a>,
    /// Name of the class that an enum or object of this place gets.
    class: String,
    diagnostics: &'r mut Diagnostics,
}

impl Resolver<'_, '_> {
    fn field(&mut self, field: &FieldSpec) -> Option<FieldType> {
        let ty = self.kind(&field.kind, Some(field), &field.limits)?;
        Some(self.limited(ty, &field.limits))
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn kind(&mut self, kind: &Spanned<TypeSpec>, field: Option<&FieldSpec>, limits: &LimitsSpec) -> Option<FieldType> {
        let bounds = Bounds::default();
        let ty = match &kind.value {
            TypeSpec::String => FieldType::String(self.text_rules(field, limits, 255, true)),
            TypeSpec::Text => FieldType::Text(self.text_rules(field, limits, 100_000, false)),
            TypeSpec::SmallInt => FieldType::Integer { size: IntSize::Small, bounds, multiple_of: None },
            TypeSpec::Int => FieldType::Integer { size: IntSize::Regular, bounds, multiple_of: None },
            TypeSpec::BigInt => FieldType::Integer { size: IntSize::Big, bounds, multiple_of: None },
            TypeSpec::Float => FieldType::Float { bounds, multiple_of: None },
            TypeSpec::Decimal { precision, scale } => FieldType::Decimal {
                precision: u8::try_from(*precision).ok()?,
                scale: u8::try_from(*scale).ok()?,
                bounds,
                multiple_of: None,
            },
            TypeSpec::Money(currency) => {
                FieldType::Money { currency: self.currency(currency.as_ref(), kind, field)?, bounds, multiple_of: None }
            }
            TypeSpec::Bool => FieldType::Bool,
            TypeSpec::Date => FieldType::Date { bounds },
            TypeSpec::Time => FieldType::Time { bounds },
            TypeSpec::DateTime => FieldType::Datetime { bounds },
            TypeSpec::LocalDateTime => FieldType::LocalDatetime { bounds },
            TypeSpec::Duration => FieldType::Duration { bounds },
            TypeSpec::Uuid => FieldType::Uuid,
            TypeSpec::Enum(values) => FieldType::Enum(self.enumeration(values, field)?),
            TypeSpec::Role => FieldType::Enum(self.role(&kind.span)?),
            TypeSpec::Email => FieldType::Email,
            TypeSpec::Url => FieldType::Url,
            TypeSpec::Slug(source) => FieldType::Slug { source: self.slug_source(source.as_ref(), field) },
            TypeSpec::Phone => FieldType::Phone,
            TypeSpec::Ip => FieldType::Ip,
            TypeSpec::Timezone => FieldType::Timezone,
            TypeSpec::Locale => FieldType::Locale,
            TypeSpec::Country => FieldType::Country,
            TypeSpec::Currency => FieldType::Currency,
            TypeSpec::Color => FieldType::Color,
            TypeSpec::Password => self.password(&kind.span, limits),
            TypeSpec::Json(shape) => FieldType::Json(json_shape(*shape)),
            TypeSpec::Object(fields) => self.object(fields),
            TypeSpec::List(element) => {
                let ty = self.kind(&element.kind, None, &element.limits)?;
                let ty = self.limited(ty, &element.limits);
                FieldType::List(list(ty, field, limits))
            }
            TypeSpec::Bytes => FieldType::Bytes {
                min: limits.min_length.as_ref().map_or(0, |min| min.value),
                max: limits.max_length.as_ref().map(|max| max.value),
            },
            TypeSpec::Ref(_) | TypeSpec::Many(_) | TypeSpec::Named(_) => return None,
        };
        Some(ty)
    }

    fn text_rules(
        &mut self,
        field: Option<&FieldSpec>,
        limits: &LimitsSpec,
        default_max: u32,
        trims: bool,
    ) -> TextRules {
        let lengths = lengths(limits, 0, default_max);
        let project_trims = self.scope.spec.project.api.trim.as_ref().is_none_or(|trim| trim.value);
        let own = |read: fn(&FieldSpec) -> Option<bool>| field.and_then(read);
        TextRules {
            lengths,
            pattern: field.and_then(|field| field.pattern.as_ref()).map(|pattern| pattern.value.clone()),
            trim: own(|field| field.trim.as_ref().map(|trim| trim.value)).unwrap_or(trims && project_trims),
            case: match field.and_then(|field| field.case.as_ref()).map(|case| case.value) {
                None => TextCase::Keep,
                Some(LetterCase::Lower) => TextCase::Lower,
                Some(LetterCase::Upper) => TextCase::Upper,
            },
        }
    }

    fn currency(
        &mut self,
        given: Option<&Spanned<String>>,
        kind: &Spanned<TypeSpec>,
        field: Option<&FieldSpec>,
    ) -> Option<Currency> {
        let api = &self.scope.spec.project.api.currency;
        let Some(code) = given.or(api.as_ref()) else {
            if !self.scope.spec.project.broken.contains("api") {
                let name = field.map_or("an element", |field| field.name.value.as_str());
                let diagnostic =
                    Diagnostic::new(Code::E210, &kind.span, format!("`{name}` is money without a currency"));
                self.push(diagnostic.help("write `money(EUR)` or set `api.currency` in backendgen.yaml"));
            }
            return None;
        };
        let Some(decimals) = currency::decimals(&code.value) else {
            let message = format!("`{}` is not a currency of ISO 4217", code.value);
            self.push(Diagnostic::new(Code::E202, &code.span, message).help("e.g. EUR, USD or JPY"));
            return None;
        };
        Some(Currency { code: code.value.clone(), decimals })
    }

    fn enumeration(&mut self, values: &[EnumValueSpec], field: Option<&FieldSpec>) -> Option<EnumType> {
        Some(EnumType {
            class: self.class.clone(),
            values: self.enum_values(values)?,
            is_role: false,
            native: is_native(field),
        })
    }

    fn enum_values(&mut self, values: &[EnumValueSpec]) -> Option<Vec<EnumValue>> {
        let mut resolved: Vec<EnumValue> = Vec::new();
        let mut is_right = true;
        for value in values {
            let member = member_name(&value.name.value);
            if let Some(other) = resolved.iter().find(|other| other.member == member) {
                let message = format!(
                    "the enum values `{}` and `{}` give the same Python name `{member}`",
                    other.value, value.name.value
                );
                self.push(Diagnostic::new(Code::E109, &value.name.span, message));
                is_right = false;
            }
            let doc = value.doc.as_ref().map(|doc| doc.value.clone());
            resolved.push(EnumValue { value: value.name.value.clone(), member, doc });
        }
        (is_right && !resolved.is_empty()).then_some(resolved)
    }

    fn role(&mut self, span: &Span) -> Option<EnumType> {
        let Some(auth) = self.scope.auth() else {
            self.scope.needs_auth("`role`", span, self.diagnostics);
            return None;
        };
        let values = match &auth.roles {
            Some(roles) => self.enum_values(&roles.value)?,
            None => vec![EnumValue { value: "user".to_owned(), member: "USER".to_owned(), doc: None }],
        };
        Some(EnumType { class: "Role".to_owned(), values, is_role: true, native: false })
    }

    fn slug_source(&mut self, source: Option<&Spanned<String>>, field: Option<&FieldSpec>) -> Option<FieldId> {
        let source = source?;
        let found = self.draft.find(&source.value);
        let is_text = |id: &FieldId| {
            let kind = &self.draft.field(*id).kind.value;
            matches!(kind, TypeSpec::String | TypeSpec::Text | TypeSpec::Email | TypeSpec::Url)
        };
        if let Some(found) = found.filter(is_text) {
            return Some(found);
        }
        if !self.draft.broken.contains(&source.value) {
            let slug = field.map_or("slug", |field| field.name.value.as_str());
            let message = format!(
                "the slug `{slug}` is made from `{}`, which is not a text field of {}",
                source.value,
                self.draft.name()
            );
            let texts =
                self.draft.fields.iter().filter(|field| matches!(field.kind.value, TypeSpec::String | TypeSpec::Text));
            let diagnostic = Diagnostic::new(Code::E217, &source.span, message);
            let names = texts.map(|field| field.name.value.as_str());
            self.push(super::scope::suggest(diagnostic, &source.value, names));
        }
        None
    }

    fn password(&mut self, span: &Span, limits: &LimitsSpec) -> FieldType {
        match self.scope.auth() {
            None => self.scope.needs_auth("`password`", span, self.diagnostics),
            Some(auth) if auth.user.value != self.draft.name() => {
                let message = format!("`password` only works on {}, the resource of `auth.user`", auth.user.value);
                let diagnostic = Diagnostic::new(Code::E219, span, message);
                self.push(diagnostic.help("for another secret write `string writeonly sensitive`"));
            }
            Some(_) => {}
        }
        FieldType::Password(lengths(limits, 12, 128))
    }

    fn object(&mut self, fields: &[FieldSpec]) -> FieldType {
        let class = self.class.clone();
        let nested = fields.iter().filter_map(|field| {
            self.class = format!("{class}{}", field.name.value.to_upper_camel_case());
            self.nested(field)
        });
        let fields = nested.collect();
        FieldType::Object(ObjectType { class, fields })
    }

    fn nested(&mut self, field: &FieldSpec) -> Option<Field> {
        let ty = self.field(field)?;
        let nullable = field.nullable.as_ref().is_some_and(|nullable| nullable.value);
        let default = super::default::resolve(self.scope, self.draft, field, Some(&ty), self.diagnostics);
        let has_default = default != crate::model::FieldDefault::None;
        let example = super::default::example(field, &ty, self.diagnostics);
        Some(Field {
            name: crate::model::Name::new(&field.name.value),
            attribute: crate::model::Name::new(&field.name.value).python(),
            json: field
                .json
                .as_ref()
                .map_or_else(|| super::field::json_name(self.scope, &field.name.value), |json| json.value.clone()),
            kind: FieldKind::Scalar(Scalar {
                ty,
                column: field.name.value.clone(),
                column_type: std::collections::BTreeMap::new(),
                check: false,
            }),
            presence: Presence {
                nullable,
                required: field.required.as_ref().is_some_and(|required| required.value) || !nullable && !has_default,
                default,
            },
            access: Access::Readwrite,
            sensitive: field.sensitive.as_ref().is_some_and(|sensitive| sensitive.value),
            read: None,
            write: None,
            doc: super::field::doc(field),
            deprecated: super::field::is_deprecated(field.deprecated.as_ref()),
            example,
            fake: field.fake.as_ref().map(|fake| fake.value.clone()),
        })
    }

    /// Adds bounds and `multiple_of`, which are literals of the type itself.
    fn limited(&mut self, mut ty: FieldType, limits: &LimitsSpec) -> FieldType {
        let lower = self.limit(limits.min.as_ref(), &ty);
        let upper = self.limit(limits.max.as_ref(), &ty);
        let step = limits.multiple_of.as_ref().and_then(|step| self.step(step, &ty));
        self.check_order(limits, &[lower.as_ref(), upper.as_ref()]);
        let (bounds, multiple_of) = match &mut ty {
            FieldType::Integer { bounds, multiple_of, .. }
            | FieldType::Float { bounds, multiple_of }
            | FieldType::Decimal { bounds, multiple_of, .. }
            | FieldType::Money { bounds, multiple_of, .. } => (bounds, Some(multiple_of)),
            FieldType::Date { bounds }
            | FieldType::Time { bounds }
            | FieldType::Datetime { bounds }
            | FieldType::LocalDatetime { bounds }
            | FieldType::Duration { bounds } => (bounds, None),
            FieldType::String(_)
            | FieldType::Text(_)
            | FieldType::Bool
            | FieldType::Uuid
            | FieldType::Enum(_)
            | FieldType::Email
            | FieldType::Url
            | FieldType::Slug { .. }
            | FieldType::Phone
            | FieldType::Ip
            | FieldType::Timezone
            | FieldType::Locale
            | FieldType::Country
            | FieldType::Currency
            | FieldType::Color
            | FieldType::Password(_)
            | FieldType::Json(_)
            | FieldType::Object(_)
            | FieldType::List(_)
            | FieldType::Bytes { .. } => return ty,
        };
        *bounds = Bounds { lower, upper };
        if let Some(multiple_of) = multiple_of {
            *multiple_of = step;
        }
        ty
    }

    fn limit(&mut self, bound: Option<&BoundSpec>, ty: &FieldType) -> Option<Limit> {
        let bound = bound?;
        if !has_bounds(ty) {
            return None;
        }
        match literal::read_value(&bound.literal, ty) {
            Ok(Value::Null) => {
                let message = format!("`null` is not a {} to compare with", super::field::word_of(ty));
                self.push(Diagnostic::new(Code::E201, &bound.literal.span, message));
                None
            }
            Ok(value) => Some(Limit { value, exclusive: !bound.inclusive }),
            Err(diagnostic) => {
                self.push(diagnostic);
                None
            }
        }
    }

    fn step(&mut self, step: &crate::spec::literal::LiteralSpec, ty: &FieldType) -> Option<Number> {
        match literal::read_value(step, ty) {
            Ok(read) => {
                let number = value::exact(&read)?;
                if number.compare(crate::model::exact::Exact::whole(0)).is_le() {
                    self.push(Diagnostic::new(Code::E208, &step.span, "`multiple_of` must be above zero"));
                    return None;
                }
                Some(number.into())
            }
            Err(diagnostic) => {
                self.push(diagnostic);
                None
            }
        }
    }

    fn check_order(&mut self, limits: &LimitsSpec, bounds: &[Option<&Limit>; 2]) {
        let [Some(lower), Some(upper)] = bounds else { return };
        let Some(order) = value::compare(&lower.value, &upper.value) else { return };
        if order.is_gt() || order.is_eq() && (lower.exclusive || upper.exclusive) {
            let (lower, upper) = (value::show(&lower.value), value::show(&upper.value));
            let message = format!("the minimum {lower} is above the maximum {upper}");
            let place = limits.min.as_ref().expect("a lower bound was read from it");
            self.push(Diagnostic::new(Code::E206, &place.literal.span, message));
        }
    }
}

fn lengths(limits: &LimitsSpec, default_min: u32, default_max: u32) -> Lengths {
    let max = limits.max_length.as_ref().map(|max| max.value);
    let min = limits.min_length.as_ref().map(|min| min.value);
    Lengths {
        min: min.unwrap_or_else(|| default_min.min(max.unwrap_or(default_min))),
        max: max.unwrap_or_else(|| default_max.max(min.unwrap_or(0))),
    }
}

fn list(element: FieldType, field: Option<&FieldSpec>, limits: &LimitsSpec) -> ListType {
    ListType {
        element: Box::new(element),
        min: limits.min_items.as_ref().map_or(0, |min| min.value),
        max: limits.max_items.as_ref().map(|max| max.value),
        unique: limits.unique_items.as_ref().is_some_and(|unique| unique.value),
        native: is_native(field),
    }
}

fn has_bounds(ty: &FieldType) -> bool {
    bounds(ty).is_some()
}

/// The bounds of a type that can have some.
pub(super) fn bounds(ty: &FieldType) -> Option<&Bounds> {
    match ty {
        FieldType::Integer { bounds, .. }
        | FieldType::Float { bounds, .. }
        | FieldType::Decimal { bounds, .. }
        | FieldType::Money { bounds, .. }
        | FieldType::Date { bounds }
        | FieldType::Time { bounds }
        | FieldType::Datetime { bounds }
        | FieldType::LocalDatetime { bounds }
        | FieldType::Duration { bounds } => Some(bounds),
        FieldType::String(_)
        | FieldType::Text(_)
        | FieldType::Bool
        | FieldType::Uuid
        | FieldType::Enum(_)
        | FieldType::Email
        | FieldType::Url
        | FieldType::Slug { .. }
        | FieldType::Phone
        | FieldType::Ip
        | FieldType::Timezone
        | FieldType::Locale
        | FieldType::Country
        | FieldType::Currency
        | FieldType::Color
        | FieldType::Password(_)
        | FieldType::Json(_)
        | FieldType::Object(_)
        | FieldType::List(_)
        | FieldType::Bytes { .. } => None,
    }
}

fn is_native(field: Option<&FieldSpec>) -> bool {
    field.and_then(|field| field.storage.as_ref()).is_some_and(|storage| storage.value == Storage::Native)
}

fn json_shape(shape: JsonShapeSpec) -> JsonShape {
    match shape {
        JsonShapeSpec::Any => JsonShape::Any,
        JsonShapeSpec::Object => JsonShape::Object,
        JsonShapeSpec::Array => JsonShape::Array,
    }
}

/// The member of a Python enum: `in-progress` gives `IN_PROGRESS`, `A+` gives `A_PLUS`, `1st` gives `VALUE_1ST`.
fn member_name(value: &str) -> String {
    let mut member = String::new();
    let letters: Vec<char> = value.chars().collect();
    for (position, letter) in letters.iter().enumerate() {
        let before = position.checked_sub(1).map(|before| letters[before]);
        match letter {
            '+' => member.push_str("_PLUS"),
            '-' if position + 1 == letters.len() => member.push_str("_MINUS"),
            'A'..='Z' if before.is_some_and(|before| before.is_ascii_lowercase()) => {
                member.push('_');
                member.push(*letter);
            }
            _ if letter.is_ascii_alphanumeric() => {
                if before == Some('+') {
                    member.push('_');
                }
                member.push(letter.to_ascii_uppercase());
            }
            _ => member.push('_'),
        }
    }
    if member.starts_with(|first: char| first.is_ascii_digit()) { format!("VALUE_{member}") } else { member }
}

#[cfg(test)]
mod tests {
    use super::member_name;

    #[test]
    fn enum_values_give_python_names() {
        let values = ["draft", "in-progress", "inProgress", "A+", "A-", "c++", "1st", "v1.2", "e-mail", "HTTP"];
        let members = [
            "DRAFT",
            "IN_PROGRESS",
            "IN_PROGRESS",
            "A_PLUS",
            "A_MINUS",
            "C_PLUS_PLUS",
            "VALUE_1ST",
            "V1_2",
            "E_MAIL",
            "HTTP",
        ];
        assert_eq!(values.map(member_name), members);
    }
}
