//! The words of `auth`: the resource of the people who log in.

use serde::Serialize;

use super::field_python::key_annotation;
use super::field_schema::sample_text;
use super::imports::{ImportBlock, Imports};
use super::python::{Expr, Ident};
use crate::model::{Auth, Field, FieldKind, FieldType, Lengths, Model, Resource, Role, Scalar, TextCase};

/// `project.login` in templates.
#[derive(Debug, Clone, Serialize)]
pub struct LoginView {
    /// Import statements of `auth/user.py`.
    pub imports: ImportBlock,
    /// `UUID`
    pub key: Expr,
    /// Attribute of the login.
    pub attribute: Ident,
    /// Its name in JSON as a literal.
    pub login_json: Expr,
    /// Its name in JSON.
    pub login_name: String,
    /// A login as a literal.
    pub login_example: Expr,
    /// A login.
    pub login_sample: String,
    /// How `login` is stored.
    pub stored_login: Expr,
    /// Attribute of the password.
    pub password: Ident,
    /// Its name in JSON as a literal.
    pub password_json: Expr,
    /// Arguments of `Field` for a new password.
    pub password_field: Expr,
    /// Condition for users who may log in.
    pub is_active: Expr,
    /// Name of the column of roles as a literal.
    pub role: Expr,
    /// The role of a row.
    pub role_column: Expr,
    /// All roles.
    pub roles: Expr,
    /// The role that may do everything, or None.
    pub superuser: Expr,
    /// What the first user gets besides.
    pub first_user: Expr,
    /// Whether a row is such a user.
    pub has_first_user_role: Expr,
    /// What the first user is called: `admin`.
    pub first_user_name: String,
    /// Other fields that a new user needs, for a command line: `name=…`.
    pub required: String,
    /// Life of an access token in seconds.
    pub access_seconds: Expr,
    /// Life of a session in seconds.
    pub refresh_seconds: Expr,
}

/// The words of the people who log in.
#[must_use]
pub fn view(model: &Model, auth: &Auth) -> LoginView {
    let user = model.resource(auth.user);
    let (login, password) = (user.field(auth.login), user.field(auth.password));
    let mut imports = user_imports(model, auth, user);
    let roles = roles(auth, user);
    let login_sample = login_sample(login);
    LoginView {
        key: key_annotation(user.key.ty, &mut imports),
        attribute: Ident::new(login.attribute.clone()),
        login_json: Expr::string(&login.json),
        login_name: login.json.clone(),
        login_example: Expr::string(&login_sample),
        login_sample,
        stored_login: stored_login(login),
        password: Ident::new(password.attribute.clone()),
        password_json: Expr::string(&password.json),
        password_field: password_field(password),
        is_active: is_active(user),
        role: Expr::string(auth.role.map_or("role", |field| &user.field(field).attribute)),
        role_column: roles.column,
        roles: roles.all,
        superuser: roles.superuser,
        first_user: roles.first_user,
        has_first_user_role: roles.has_first_user,
        first_user_name: auth.superuser.map_or_else(|| "user".to_owned(), |role| auth.roles[role].value.clone()),
        required: required(auth, user),
        access_seconds: seconds(auth.access_ttl),
        refresh_seconds: seconds(auth.refresh_ttl),
        imports: imports.block(),
    }
}

fn user_imports(model: &Model, auth: &Auth, user: &Resource) -> Imports {
    let mut imports = Imports::new(&model.project.package);
    let (module, class) = (user.names.singular.python(), &user.names.class);
    imports.add_all("typing", ["Annotated", "Any", "Final"]);
    imports.add_all("pydantic", ["Field", "SecretStr"]);
    imports.add("sqlalchemy", "ColumnElement");
    if !user.soft_delete || auth.role.is_none() || auth.superuser.is_none() {
        imports.add("sqlalchemy", "true");
    }
    let known_as = |suffix: &str| {
        if class == "User" { format!("User{suffix}") } else { format!("{class}{suffix} as User{suffix}") }
    };
    imports.add_own(&format!("models.{module}"), &known_as(""));
    imports.add_own(&format!("schemas.{module}"), &known_as("Read"));
    imports.add_own(&format!("schemas.{module}"), &known_as("Register"));
    imports.add_own(&format!("services.{module}_service"), &known_as("Service"));
    if auth.role.is_some() {
        imports.add_own(&format!("models.{module}"), "Role");
    } else {
        imports.add("sqlalchemy", "literal");
    }
    imports
}

/// Expressions about roles.
struct Roles {
    column: Expr,
    all: Expr,
    superuser: Expr,
    first_user: Expr,
    has_first_user: Expr,
}

fn roles(auth: &Auth, user: &Resource) -> Roles {
    let superuser = auth.superuser.map(|position| &auth.roles[position]);
    match auth.role {
        Some(field) => stored_roles(&user.field(field).attribute, superuser.map(|role| member(user, auth, role))),
        None => one_role(&auth.roles[0], superuser),
    }
}

fn stored_roles(attribute: &str, superuser: Option<Expr>) -> Roles {
    let column = format!("User.{attribute}");
    let none = || Expr::code("None");
    Roles {
        column: Expr::code(format!("{column}.expression")),
        all: Expr::code("tuple(Role)"),
        first_user: superuser
            .as_ref()
            .map_or_else(|| Expr::code("{}"), |role| Expr::code(format!("{{{}: {role}}}", Expr::string(attribute)))),
        has_first_user: superuser
            .as_ref()
            .map_or_else(|| Expr::code("true()"), |role| Expr::code(format!("{column} == {role}"))),
        superuser: superuser.unwrap_or_else(none),
    }
}

/// With one role there is no column: everybody has it.
fn one_role(role: &Role, superuser: Option<&Role>) -> Roles {
    let name = Expr::string(&role.value);
    Roles {
        column: Expr::code(format!("literal({name})")),
        all: Expr::code(format!("({name},)")),
        superuser: superuser.map_or_else(|| Expr::code("None"), |role| Expr::string(&role.value)),
        first_user: Expr::code("{}"),
        has_first_user: Expr::code("true()"),
    }
}

/// `Role.ADMIN`
fn member(user: &Resource, auth: &Auth, role: &Role) -> Expr {
    let field = auth.role.map(|id| user.field(id)).expect("only roles in a column are members of an enum");
    let FieldKind::Scalar(Scalar { ty: FieldType::Enum(class), .. }) = &field.kind else {
        unreachable!("the role is an enum")
    };
    let value = class.values.iter().find(|value| value.value == role.value);
    Expr::code(format!("Role.{}", value.expect("the enum holds all roles").member))
}

fn is_active(user: &Resource) -> Expr {
    Expr::code(if user.soft_delete { "User.deleted_at.is_(None)" } else { "true()" })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "every other login is stored as it is sent")]
fn stored_login(login: &Field) -> Expr {
    let FieldKind::Scalar(scalar) = &login.kind else { return Expr::code("login") };
    Expr::code(match &scalar.ty {
        FieldType::Email => "login.strip().lower()".to_owned(),
        FieldType::String(rules) | FieldType::Text(rules) => {
            let trimmed = if rules.trim { ".strip()" } else { "" };
            let cased = match rules.case {
                TextCase::Keep => "",
                TextCase::Lower => ".lower()",
                TextCase::Upper => ".upper()",
            };
            format!("login{trimmed}{cased}")
        }
        _ => "login.strip()".to_owned(),
    })
}

fn login_sample(login: &Field) -> String {
    let FieldKind::Scalar(scalar) = &login.kind else { return "ann".to_owned() };
    match (&login.example, &scalar.ty) {
        (Some(crate::model::Value::Text(text)), _) => text.clone(),
        (_, FieldType::Email) => "ann@example.com".to_owned(),
        (_, FieldType::Phone) => "+4915112345678".to_owned(),
        (_, FieldType::String(rules) | FieldType::Text(rules)) => sample_text("ann", rules.lengths),
        _ => "ann".to_owned(),
    }
}

fn password_field(password: &Field) -> Expr {
    let lengths = if let FieldKind::Scalar(Scalar { ty: FieldType::Password(lengths), .. }) = &password.kind {
        *lengths
    } else {
        Lengths { min: 1, max: 128 }
    };
    let sample = Expr::string(&sample_text("correct horse battery", lengths));
    Expr::code(format!("min_length={}, max_length={}, examples=[{sample}]", lengths.min, lengths.max))
}

/// What `create-user` needs besides login and password.
fn required(auth: &Auth, user: &Resource) -> String {
    let others = user.fields.iter().enumerate().filter(|(position, field)| {
        let is_known = *position == auth.login.0 || *position == auth.password.0;
        !is_known && field.presence.required && field.access.in_create() && field.write.is_none()
    });
    others.flat_map(|(_, field)| [" ", &field.json, "=…"]).collect()
}

/// Seconds as a float, with its thousands apart.
fn seconds(seconds: u64) -> Expr {
    let digits = seconds.to_string();
    if digits.len() < 5 {
        return Expr::code(format!("{digits}.0"));
    }
    let first = (digits.len() - 1) % 3 + 1;
    let (head, tail) = digits.split_at(first);
    let groups = tail.as_bytes().chunks(3).map(String::from_utf8_lossy);
    let groups: Vec<_> = std::iter::once(head.into()).chain(groups).collect();
    Expr::code(format!("{}.0", groups.join("_")))
}

/// The largest unit that divides the time.
pub fn duration(seconds: u64) -> String {
    let units = [("d", 86_400), ("h", 3600), ("m", 60)];
    let unit = units.into_iter().find(|(_, size)| seconds.is_multiple_of(*size));
    unit.map_or_else(|| format!("{seconds}s"), |(name, size)| format!("{}{name}", seconds / size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_for_code_and_for_people() {
        // seconds, in code, in settings
        let table = [(900, "900.0", "15m"), (2_592_000, "2_592_000.0", "30d"), (86_401, "86_401.0", "86401s")];
        for (time, code, text) in table {
            assert_eq!(seconds(time).as_str(), code);
            assert_eq!(duration(time), text);
        }
    }
}
