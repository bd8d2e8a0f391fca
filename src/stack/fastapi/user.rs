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
    /// What registration must be sent besides login and password, as entries of a dictionary.
    pub register_body: Expr,
    /// Attribute of the role; empty with a single role.
    pub role: String,
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
        register_body: register_body(model, user, auth),
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

/// The required fields that registration takes, without login and password.
fn register_body(model: &Model, user: &Resource, auth: &Auth) -> Expr {
    let required = model.example_row(auth.user, ExampleRow::RequiredOnly).into_iter().filter(|(id, _)| {
        let field = user.field(*id);
        *id != auth.login && *id != auth.password && field.write.is_none() && field.access.in_create()
    });
    let entries =
        required.filter(|(id, _)| matches!(user.field(*id).presence.default, FieldDefault::None)).map(|(id, value)| {
            let field = user.field(id);
            format!("{}: {}", Expr::string(&field.json), Expr::json(&field_schema::json(&value)))
        });
    Expr::code(format!("{{{}}}", entries.collect::<Vec<_>>().join(", ")))
}
