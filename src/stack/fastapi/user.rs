//! The words about the people who log in; only projects with `auth:` have them.

use serde::Serialize;

use super::field_schema;
use super::python::{Expr, Ident};
use crate::model::{
    Auth, ExampleRow, Field, FieldDefault, FieldKind, FieldType, KeyType, Lengths, Model, Resource, TextCase,
};

/// `user` in templates.
#[derive(Debug, Clone, Serialize)]
pub struct UserView {
    /// `User`
    pub class: Ident,
    /// Module of model, schemas and so on: `user`.
    pub module: Ident,
    /// `users`
    pub plural: Ident,
    /// `user`, in words
    pub label: String,
    /// Table and column of the id: `"users.id"`.
    pub id_column: Expr,
    /// Annotation of the id: `UUID`.
    pub id_type: Expr,
    /// An id that no row has, as text.
    pub unknown_id: Expr,
    /// Attribute of the login.
    pub login: Ident,
    /// JSON name of the login.
    pub login_json: Expr,
    /// A login that the field accepts.
    pub login_sample: Expr,
    /// Attribute of the password.
    pub password: Ident,
    /// JSON name of the password.
    pub password_json: Expr,
    /// A login that no user has.
    pub unknown_login: Expr,
    /// JSON name of the login, without quotes.
    pub login_name: String,
    /// Fewest and most characters of a password, and what is just outside.
    pub password_min: u32,
    /// See `password_min`.
    pub password_max: u32,
    /// See `password_min`.
    pub password_too_short: u32,
    /// See `password_min`.
    pub password_too_long: u32,
    /// A password with characters outside of ASCII and a blank at each end.
    pub password_unicode: String,
    /// A registration, a dictionary; the password is `PASSWORD`.
    pub register_request: Expr,
    /// Fields of a new user on the command line, a list.
    pub command_fields: Expr,
    /// Life of an access token in seconds.
    pub access_ttl: u64,
    /// Life of a session in seconds.
    pub refresh_ttl: u64,
    /// JSON name of `created_at`.
    pub created_at: Expr,
    /// JSON name of `expires_at`.
    pub expires_at: Expr,
    /// JSON name of `last_used_at`.
    pub last_used_at: Expr,
    /// JSON name of `user_agent`.
    pub user_agent: Expr,
    /// JSON name of `ip_address`.
    pub ip_address: Expr,
    /// JSON name of `is_current`.
    pub is_current: Expr,
    /// JSON name of `old_password`.
    pub old_password: Expr,
    /// JSON name of `new_password`.
    pub new_password: Expr,
    /// Attribute of the role; empty with a single role.
    pub role: String,
    /// JSON name of the role; empty with a single role.
    pub role_json: Expr,
    /// The role as an argument in front of others; nothing with a single role.
    pub role_argument: String,
    /// The role of a new user.
    pub default_role: Expr,
    /// The role that passes every check; the default role where there is none.
    pub superuser: Expr,
}

/// The words about the user resource.
#[must_use]
pub fn view(model: &Model, auth: &Auth) -> UserView {
    let user = model.resource(auth.user);
    let (login, password) = (user.field(auth.login), user.field(auth.password));
    let role = auth.role.map(|id| user.field(id).attribute.clone()).unwrap_or_default();
    let required = register_fields(model, user, auth);
    let lengths = password_lengths(password);
    let json = |attribute: &str| Expr::string(&super::schema::cased(model, attribute));
    let role_value = |position: usize| Expr::string(&auth.roles[position].value);
    UserView {
        class: Ident::new(user.names.class.clone()),
        module: Ident::new(user.names.singular.python()),
        plural: Ident::new(user.names.plural.python()),
        label: super::python::docstring(&user.label),
        id_column: Expr::string(&format!("{}.{}", user.names.table, user.key.column)),
        id_type: Expr::code(id_type(user.key.ty)),
        unknown_id: Expr::string(unknown_id(user.key.ty)),
        login: Ident::new(login.attribute.clone()),
        login_json: Expr::string(&login.json),
        login_sample: login_sample(login),
        password: Ident::new(password.attribute.clone()),
        password_json: Expr::string(&password.json),
        unknown_login: unknown_login(login),
        login_name: login.json.clone(),
        password_min: lengths.min,
        password_max: lengths.max,
        password_too_short: lengths.min.saturating_sub(1),
        password_too_long: lengths.max + 1,
        password_unicode: field_schema::sample_text("pässwörter mit ünicode", lengths),
        register_request: register_request(login, password, &required),
        command_fields: command_fields(login, &required),
        access_ttl: auth.access_ttl,
        refresh_ttl: auth.refresh_ttl,
        created_at: json("created_at"),
        expires_at: json("expires_at"),
        last_used_at: json("last_used_at"),
        user_agent: json("user_agent"),
        ip_address: json("ip_address"),
        is_current: json("is_current"),
        old_password: json("old_password"),
        new_password: json("new_password"),
        role_argument: if role.is_empty() { String::new() } else { format!("{role}=role, ") },
        role_json: auth.role.map_or_else(|| Expr::code(""), |id| Expr::string(&user.field(id).json)),
        role,
        default_role: role_value(auth.default_role),
        superuser: role_value(auth.superuser.unwrap_or(auth.default_role)),
    }
}

/// The overlays that follow from the user resource.
#[must_use]
pub fn features(model: &Model, auth: &Auth) -> Vec<&'static str> {
    let user = model.resource(auth.user);
    let login = user.field(auth.login);
    let checks = [
        ("roles", auth.role.is_some()),
        ("superuser", auth.superuser.is_some()),
        ("register", auth.register == crate::model::Registration::Public),
        ("email_login", matches!(scalar_type(login), Some(FieldType::Email))),
        ("folded_login", is_folded(login)),
        ("soft_deleted_users", user.soft_delete),
    ];
    checks.into_iter().filter(|(_, holds)| *holds).map(|(name, _)| name).collect()
}

/// Whether logins are stored in lower case.
fn is_folded(login: &Field) -> bool {
    match scalar_type(login) {
        Some(FieldType::Email) => true,
        Some(FieldType::String(rules)) => rules.case == TextCase::Lower,
        _ => false,
    }
}

fn scalar_type(field: &Field) -> Option<&FieldType> {
    match &field.kind {
        FieldKind::Scalar(scalar) => Some(&scalar.ty),
        FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
    }
}

fn id_type(ty: KeyType) -> &'static str {
    match ty {
        KeyType::Int | KeyType::Bigint => "int",
        KeyType::Uuid | KeyType::Uuid4 => "UUID",
        KeyType::String(_) => "str",
    }
}

fn unknown_id(ty: KeyType) -> &'static str {
    match ty {
        KeyType::Int | KeyType::Bigint => "2000000000",
        KeyType::Uuid | KeyType::Uuid4 => "018f0000-0000-7000-8000-000000000000",
        KeyType::String(_) => "no",
    }
}

fn login_sample(login: &Field) -> Expr {
    match scalar_type(login) {
        Some(FieldType::Email) | None => Expr::string("ann@example.com"),
        Some(FieldType::String(rules)) => Expr::string(&field_schema::sample_text("ann", rules.lengths)),
        Some(_) => Expr::string(&field_schema::sample_text("ann", Lengths { min: 1, max: 40 })),
    }
}

fn unknown_login(login: &Field) -> Expr {
    match scalar_type(login) {
        Some(FieldType::String(rules)) => Expr::string(&field_schema::sample_text("nobody", rules.lengths)),
        Some(_) | None => Expr::string("nobody@example.com"),
    }
}

fn password_lengths(password: &Field) -> Lengths {
    match scalar_type(password) {
        Some(FieldType::Password(lengths)) => *lengths,
        Some(_) | None => unreachable!("the model takes only a password field for it"),
    }
}

/// The required fields that registration takes besides login and password: JSON name and example.
fn register_fields(model: &Model, user: &Resource, auth: &Auth) -> Vec<(String, serde_json::Value)> {
    let row = model.example_row(auth.user, ExampleRow::RequiredOnly).into_iter();
    let wanted = row.filter(|(id, _)| {
        let field = user.field(*id);
        let is_given = *id == auth.login || *id == auth.password || field.write.is_some();
        !is_given && field.access.in_create() && matches!(field.presence.default, FieldDefault::None)
    });
    wanted.map(|(id, value)| (user.field(id).json.clone(), field_schema::json(&value))).collect()
}

fn register_request(login: &Field, password: &Field, required: &[(String, serde_json::Value)]) -> Expr {
    let given = [(&login.json, login_sample(login)), (&password.json, Expr::code("PASSWORD"))];
    let rest = required.iter().map(|(name, value)| (name, Expr::json(value)));
    let entries = given.into_iter().chain(rest).map(|(name, value)| format!("{}: {value}", Expr::string(name)));
    Expr::code(format!("{{{}}}", entries.collect::<Vec<_>>().join(", ")))
}

fn command_fields(login: &Field, required: &[(String, serde_json::Value)]) -> Expr {
    let sample = login_sample(login);
    let login = format!("{}={}", login.json, sample.as_str().trim_matches('"'));
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let rest = required.iter().map(|(name, value)| format!("{name}={}", text(value)));
    let entries: Vec<_> = std::iter::once(login).chain(rest).map(|entry| Expr::string(&entry).to_string()).collect();
    Expr::code(format!("[{}]", entries.join(", ")))
}
