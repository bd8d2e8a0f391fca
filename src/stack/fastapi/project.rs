//! The words of templates that make one file per project.

use serde::Serialize;

use super::deployment::{self, CiRun, CiService};
use super::login::{self, LoginView};
use super::python::{Expr, Ident, docstring, joined, tuple};
use super::routes::base_path;
use crate::model::{BigintJson, Database, DecimalJson, Feature, Model, Rate, RateUnit, Registration};

/// `project` in templates.
#[derive(Debug, Clone, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the backend that is there or not")]
pub struct ProjectView {
    /// `music_store`
    pub name: Ident,
    /// `music_store` in words: `Music Store`.
    pub title: String,
    /// Description as a literal.
    pub doc: Expr,
    /// Description for a docstring or a page.
    pub summary: String,
    /// Description as a string of TOML.
    pub toml_doc: String,
    /// The Python package.
    pub package: Ident,
    /// Module of the API version: `v1`.
    pub version: Ident,
    /// Where the API is: `/api/v1`.
    pub base_path: String,
    /// The same as a literal.
    pub base_path_literal: Expr,
    /// `3.11`
    pub python: String,
    /// `py311`
    pub python_tag: String,
    /// Modules with a function `install(app)`, as a tuple.
    pub extensions: Expr,
    /// Modules with commands, as a tuple.
    pub commands: Expr,
    /// The databases it runs on, production first, as a tuple.
    pub databases: Expr,
    /// The same for people: `postgresql, mysql or sqlite`.
    pub database_schemes: String,
    /// Where the data is without a setting.
    pub default_database_url: Expr,
    /// The same for people.
    pub default_database_url_text: String,
    /// A URL of the production database.
    pub example_database_url: String,
    /// A URL of the production database for tests.
    pub example_test_url: &'static str,
    /// Description with a blank line behind it, or nothing.
    pub intro: String,
    /// Settings of limits and lives with their defaults: `RATE_LIMIT=120/minute`.
    pub limit_settings: Vec<String>,
    /// Whether routes have a limit by default.
    pub has_rate_limit: bool,
    /// That limit: `120/minute`.
    pub rate_limit: String,
    /// Whether `/metrics` exists.
    pub has_metrics: bool,
    /// Whether there are keys in place of tokens.
    pub has_api_keys: bool,
    /// Whether somebody can log in.
    pub has_auth: bool,
    /// Whether everybody may register.
    pub has_registration: bool,
    /// Whether the backend comes with an image.
    pub has_docker: bool,
    /// What 64-bit integers are in responses.
    pub bigint_read: Expr,
    /// How 64-bit integers in bodies are read.
    pub bigint_reader: Ident,
    /// What decimals are in responses.
    pub decimal_read: Expr,
    /// The people who log in; absent where nobody does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<LoginView>,
    /// Requirements of the backend, as strings of TOML.
    pub dependencies: Vec<String>,
    /// Folders with Python of our own, as an array of TOML.
    pub folders: String,
    /// What CI runs the tests on.
    pub ci_runs: Vec<CiRun>,
    /// Database servers of CI.
    pub ci_services: Vec<CiService>,
    /// Whether there is one.
    pub has_ci_services: bool,
}

/// The words of a project.
#[must_use]
pub fn view(model: &Model) -> ProjectView {
    let project = &model.project;
    let doc = project.doc.clone().unwrap_or_default();
    let summary = docstring(&doc);

    let ci_services = deployment::ci_services(model);
    ProjectView {
        name: Ident::new(project.name.snake()),
        title: project.name.title(),
        doc: Expr::string(doc.trim()),
        toml_doc: toml_string(&doc),
        intro: if summary.is_empty() { String::new() } else { format!("{summary}\n\n") },
        summary,
        package: Ident::new(project.package.clone()),
        version: Ident::new(version_module(model)),
        base_path: base_path(model),
        base_path_literal: Expr::string(&base_path(model)),
        python: format!("{}.{}", project.python.major, project.python.minor),
        python_tag: format!("py{}{}", project.python.major, project.python.minor),
        extensions: modules(model, &extensions(model)),
        commands: modules(model, &commands(model)),
        databases: names(&project.databases),
        database_schemes: schemes(&project.databases),
        default_database_url: Expr::string(&deployment::default_database_url(model)),
        default_database_url_text: deployment::default_database_url(model),
        example_test_url: deployment::test_database_url(model),
        limit_settings: limit_settings(model),
        example_database_url: deployment::example_database_url(model),
        has_rate_limit: project.rate_limit.is_some(),
        rate_limit: project.rate_limit.map_or_else(String::new, rate),
        has_metrics: project.features.contains(&Feature::Metrics),
        has_api_keys: project.features.contains(&Feature::ApiKeys),
        has_auth: project.auth.is_some(),
        has_registration: registers(model),
        has_docker: project.features.contains(&Feature::Docker),
        bigint_read: bigint_read(project.api.bigint),
        bigint_reader: bigint_reader(project.api.bigint),
        decimal_read: decimal_read(project.api.decimal),
        login: project.auth.as_ref().map(|auth| login::view(model, auth)),
        dependencies: deployment::dependencies(model),
        folders: folders(model),
        ci_runs: deployment::ci_runs(model),
        has_ci_services: !ci_services.is_empty(),
        ci_services,
    }
}

/// Whether `POST /auth/register` exists.
#[must_use]
pub fn registers(model: &Model) -> bool {
    model.project.auth.as_ref().is_some_and(|auth| auth.register == Registration::Public)
}

/// The module of the API version: `api.version` as an identifier, `v1` where it is empty.
#[must_use]
pub fn version_module(model: &Model) -> String {
    let version: String = model
        .project
        .api
        .version
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '_' })
        .collect();
    match version.chars().next() {
        None => "v1".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("v{version}"),
        Some(_) => version,
    }
}

/// The name of a database in the spec and in settings.
#[must_use]
pub fn database_name(database: Database) -> &'static str {
    match database {
        Database::Postgresql => "postgresql",
        Database::Mysql => "mysql",
        Database::Sqlite => "sqlite",
    }
}

fn names(databases: &[Database]) -> Expr {
    let names = joined(databases.iter().map(|database| Expr::string(database_name(*database))));
    Expr::code(if databases.len() == 1 { format!("({names},)") } else { format!("({names})") })
}

fn extensions(model: &Model) -> Vec<&'static str> {
    let project = &model.project;
    let optional = [
        ("core.metrics", project.features.contains(&Feature::Metrics)),
        ("core.rate_limit", project.auth.is_some() || project.rate_limit.is_some()),
        ("auth.extension", project.auth.is_some()),
        ("auth.registration", registers(model)),
        ("auth.api_keys", project.features.contains(&Feature::ApiKeys)),
    ];
    let chosen = optional.into_iter().filter(|(_, exists)| *exists).map(|(module, _)| module);
    std::iter::once("core.health").chain(chosen).collect()
}

fn commands(model: &Model) -> Vec<&'static str> {
    let auth = model.project.auth.is_some().then_some("auth.commands");
    std::iter::once("core.commands").chain(auth).collect()
}

fn modules(model: &Model, names: &[&str]) -> Expr {
    let names: Vec<_> = names.iter().map(|name| Expr::string(&format!("{}.{name}", model.project.package))).collect();
    tuple(&names, 0)
}

fn schemes(databases: &[Database]) -> String {
    let names: Vec<_> = databases
        .iter()
        .map(|database| match database {
            Database::Postgresql => "postgresql://",
            Database::Mysql => "mysql:// (also mariadb://)",
            Database::Sqlite => "sqlite:///",
        })
        .collect();
    match names.as_slice() {
        [] => String::new(),
        [name] => (*name).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

fn rate(rate: Rate) -> String {
    let unit = match rate.per {
        RateUnit::Second => "second",
        RateUnit::Minute => "minute",
        RateUnit::Hour => "hour",
        RateUnit::Day => "day",
    };
    format!("{}/{unit}", rate.requests)
}

fn bigint_read(form: BigintJson) -> Expr {
    Expr::code(match form {
        BigintJson::Number => "int",
        BigintJson::String => "Annotated[int, PlainSerializer(str, return_type=str, when_used=\"json\")]",
    })
}

fn bigint_reader(form: BigintJson) -> Ident {
    Ident::new(match form {
        BigintJson::Number => "whole",
        BigintJson::String => "whole_text",
    })
}

fn decimal_read(form: DecimalJson) -> Expr {
    Expr::code(match form {
        DecimalJson::String => "Decimal",
        DecimalJson::Number => "Annotated[Decimal, PlainSerializer(float, return_type=float, when_used=\"json\")]",
    })
}

fn limit_settings(model: &Model) -> Vec<String> {
    let limit = model.project.rate_limit.map(|limit| format!("RATE_LIMIT={}", rate(limit)));
    let auth = model.project.auth.as_ref().map(|auth| {
        [
            format!("ACCESS_TTL={}", login::duration(auth.access_ttl)),
            format!("REFRESH_TTL={}", login::duration(auth.refresh_ttl)),
            "AUTH_CACHE_SECONDS=5".to_owned(),
            "PASSWORD_THREADS=1".to_owned(),
            "AUTH_LIMIT_BY_IP=300/minute".to_owned(),
            "LOGIN_LIMIT_BY_IP=20/minute".to_owned(),
            "LOGIN_LIMIT_BY_ACCOUNT=10/minute".to_owned(),
        ]
    });
    let register = registers(model).then(|| "REGISTER_LIMIT_BY_IP=5/minute".to_owned());
    limit.into_iter().chain(auth.into_iter().flatten()).chain(register).collect()
}

fn folders(model: &Model) -> String {
    let package = &model.project.package;
    if model.project.tests { format!("[\"{package}\", \"tests\"]") } else { format!("[\"{package}\"]") }
}

/// Text as a basic string of TOML, on one line.
fn toml_string(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let safe: String = words.chars().filter(|character| !character.is_control()).collect();
    format!("\"{}\"", safe.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toml_can_not_be_left() {
        let table = [("plain", r#""plain""#), ("a \"b\"\nc\\", r#""a \"b\" c\\""#), ("\u{7f}x", r#""x""#)];
        for (text, string) in table {
            assert_eq!(toml_string(text), string);
        }
    }

    #[test]
    fn schemes_read_as_a_sentence() {
        assert_eq!(schemes(&[Database::Sqlite]), "sqlite:///");
        let all = [Database::Postgresql, Database::Mysql, Database::Sqlite];
        assert_eq!(schemes(&all), "postgresql://, mysql:// (also mariadb://) or sqlite:///");
    }
}
