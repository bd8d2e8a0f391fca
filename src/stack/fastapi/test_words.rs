//! The words of the tests that are the same in every project.

use serde::Serialize;

use super::python::Expr;
use crate::model::{Database, Model};

/// `test` in templates.
#[derive(Debug, Clone, Serialize)]
pub struct TestView {
    /// Whether people log in.
    pub has_auth: bool,
    /// Whether there is more than one role.
    pub has_roles: bool,
    /// Whether anything is limited.
    pub has_limits: bool,
    /// A secret among the settings of a test, as one more entry of a dictionary.
    pub secret: Expr,
    /// Settings that lift every limit, as one more argument.
    pub no_limits: Expr,
    /// A URL that production accepts.
    pub production_url: &'static str,
}

/// The words of the static tests.
#[must_use]
pub fn view(model: &Model) -> TestView {
    let auth = model.project.auth.as_ref();
    let has_auth = auth.is_some();
    TestView {
        has_auth,
        has_roles: auth.is_some_and(|auth| auth.role.is_some()),
        has_limits: has_auth || model.project.rate_limit.is_some(),
        secret: secret(has_auth),
        no_limits: no_limits(model, has_auth),
        production_url: match model.project.databases[0] {
            Database::Postgresql => "postgresql://localhost/test",
            Database::Mysql => "mysql://localhost/test",
            Database::Sqlite => "sqlite:///test.db",
        },
    }
}

fn secret(has_auth: bool) -> Expr {
    let entry = if has_auth { ", \"secret_key\": \"d2tqZW9mZjk4MzI0aHNkZmtqaDM0OTh5d2VmaGtqc2Rm\"" } else { "" };
    Expr::code(entry)
}

fn no_limits(model: &Model, has_auth: bool) -> Expr {
    let logins: &[&str] =
        if has_auth { &["register_limit_by_ip", "login_limit_by_ip", "login_limit_by_account"] } else { &[] };
    let default = model.project.rate_limit.is_some().then_some("rate_limit");
    let names: Vec<_> =
        default.into_iter().chain(logins.iter().copied()).map(|name| Expr::string(name).to_string()).collect();
    if names.is_empty() {
        return Expr::code("");
    }
    Expr::code(format!(", **dict.fromkeys([{}], \"1000000/second\")", names.join(", ")))
}
