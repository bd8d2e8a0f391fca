//! The settings of the project, and what the words of the spec are called in the model.

use std::collections::BTreeSet;

use super::field::Fields;
use super::permission;
use super::scope::{Draft, Scope};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{
    Api, Auth, BigintJson, Database, DecimalJson, Feature, FieldDefault, FieldId, FieldKind, FieldType, JsonCase, Name,
    Naming, Operation, OwnershipRule, Project, PythonVersion, Rate, RateUnit, Registration, Role, Scalar, Value,
};
use crate::source::Spanned;
use crate::spec::field::{Database as DatabaseSpec, FieldSpec, FieldUnique, TypeSpec};
use crate::spec::permission::Operation as OperationSpec;
use crate::spec::project::{
    AuthSpec, Feature as FeatureSpec, JsonCase as JsonCaseSpec, JsonNumber, NamingSpec, ProjectSpec, RateLimitSpec,
    RateUnit as RateUnitSpec, Register,
};

const ACCESS_TTL: u64 = 15 * 60;
const REFRESH_TTL: u64 = 30 * 24 * 60 * 60;

/// Resolves everything of `backendgen.yaml` but `auth:`.
pub(super) fn resolve(scope: &Scope<'_>, auth: Option<Auth>) -> Project {
    let spec = &scope.spec.project;
    let value = |given: &Option<Spanned<String>>, default: &str| {
        given.as_ref().map_or_else(|| default.to_owned(), |given| given.value.clone())
    };
    Project {
        name: Name::new(&spec.name.value),
        doc: spec.doc.as_ref().map(|doc| doc.value.trim().to_owned()),
        package: value(&spec.package, "app"),
        python: spec.python.as_ref().map_or(PythonVersion { major: 3, minor: 11 }, |python| PythonVersion {
            major: u16::try_from(python.value.major).unwrap_or(3),
            minor: u16::try_from(python.value.minor).unwrap_or(11),
        }),
        databases: scope.databases.clone(),
        features: features(spec),
        auth,
        api: api(spec),
        naming: naming(&spec.naming),
        rate_limit: rate_limit(scope),
        ownership: ownership(spec),
        tests: spec.tests.as_ref().is_none_or(|tests| tests.value),
    }
}

/// The listed databases, or the default ones.
pub(super) fn databases(spec: &ProjectSpec) -> Vec<Database> {
    let Some(listed) = &spec.databases else { return vec![Database::Postgresql, Database::Sqlite] };
    let mut databases = Vec::new();
    for listed in &listed.value {
        let database = database(listed.value);
        if !databases.contains(&database) {
            databases.push(database);
        }
    }
    databases
}

pub(super) fn database(database: DatabaseSpec) -> Database {
    match database {
        DatabaseSpec::Postgresql => Database::Postgresql,
        DatabaseSpec::Mysql => Database::Mysql,
        DatabaseSpec::Sqlite => Database::Sqlite,
    }
}

pub(super) fn operation(operation: OperationSpec) -> Operation {
    match operation {
        OperationSpec::List => Operation::List,
        OperationSpec::Get => Operation::Get,
        OperationSpec::Create => Operation::Create,
        OperationSpec::Update => Operation::Update,
        OperationSpec::Replace => Operation::Replace,
        OperationSpec::Delete => Operation::Delete,
        OperationSpec::Restore => Operation::Restore,
        OperationSpec::Purge => Operation::Purge,
    }
}

fn features(spec: &ProjectSpec) -> BTreeSet<Feature> {
    if let Some(listed) = &spec.features {
        return listed.value.iter().map(|listed| feature(listed.value)).collect();
    }
    let mut features = BTreeSet::from([Feature::Metrics, Feature::Docker, Feature::Ci, Feature::PreCommit]);
    if spec.auth.is_some() {
        features.insert(Feature::ApiKeys);
    }
    features
}

fn feature(feature: FeatureSpec) -> Feature {
    match feature {
        FeatureSpec::Metrics => Feature::Metrics,
        FeatureSpec::Docker => Feature::Docker,
        FeatureSpec::Ci => Feature::Ci,
        FeatureSpec::PreCommit => Feature::PreCommit,
        FeatureSpec::ApiKeys => Feature::ApiKeys,
    }
}

/// `api_keys` needs `auth:`.
pub(super) fn check_features(scope: &Scope<'_>, diagnostics: &mut Diagnostics) {
    let listed = scope.spec.project.features.iter().flat_map(|listed| &listed.value);
    for feature in listed.filter(|feature| feature.value == FeatureSpec::ApiKeys) {
        if !scope.may_have_auth() {
            let message = "the feature `api_keys` needs `auth`";
            let diagnostic = Diagnostic::new(Code::E033, &feature.span, message);
            diagnostics.push(diagnostic.help("add `auth:` to backendgen.yaml, or take `api_keys` out of `features:`"));
        }
    }
}

fn api(spec: &ProjectSpec) -> Api {
    let prefix = spec.api.prefix.as_ref().map_or("/api", |prefix| prefix.value.as_str()).trim_matches('/');
    let version = spec.api.version.as_ref().map_or("v1", |version| version.value.as_str()).trim_matches('/');
    Api {
        prefix: if prefix.is_empty() { String::new() } else { format!("/{prefix}") },
        version: version.to_owned(),
        case: match spec.api.case.as_ref().map(|case| case.value) {
            None | Some(JsonCaseSpec::Snake) => JsonCase::Snake,
            Some(JsonCaseSpec::Camel) => JsonCase::Camel,
        },
        decimal: match spec.api.decimal.as_ref().map(|decimal| decimal.value) {
            None | Some(JsonNumber::String) => DecimalJson::String,
            Some(JsonNumber::Number) => DecimalJson::Number,
        },
        bigint: match spec.api.bigint.as_ref().map(|bigint| bigint.value) {
            None | Some(JsonNumber::Number) => BigintJson::Number,
            Some(JsonNumber::String) => BigintJson::String,
        },
    }
}

fn naming(spec: &NamingSpec) -> Naming {
    let or = |given: &Option<Spanned<String>>, default: &str| {
        given.as_ref().map_or_else(|| default.to_owned(), |given| given.value.clone())
    };
    Naming {
        primary_key: or(&spec.primary_key, "pk_{table}"),
        foreign_key: or(&spec.foreign_key, "fk_{table}_{columns}"),
        index: or(&spec.index, "ix_{table}_{columns}"),
        unique: or(&spec.unique, "uq_{table}_{columns}"),
        check: or(&spec.check, "ck_{table}_{columns}"),
    }
}

/// `defaults.rate_limit`.
pub(super) fn rate_limit(scope: &Scope<'_>) -> Option<Rate> {
    rate(&scope.spec.project.defaults.rate_limit.as_ref()?.value)
}

/// The one rate for all requests; a mapping of rates was refused by [`check_rate`].
fn rate(limit: &RateLimitSpec) -> Option<Rate> {
    let (_, rate) = limit.rates.first()?;
    Some(Rate {
        requests: rate.value.requests,
        per: match rate.value.per {
            RateUnitSpec::Second => RateUnit::Second,
            RateUnitSpec::Minute => RateUnit::Minute,
            RateUnitSpec::Hour => RateUnit::Hour,
            RateUnitSpec::Day => RateUnit::Day,
        },
    })
}

/// Refuses rates by operation.
pub(super) fn check_rate(spec: &ProjectSpec, diagnostics: &mut Diagnostics) {
    use crate::spec::project::RateKey;
    let Some(limit) = &spec.defaults.rate_limit else { return };
    let is_simple =
        matches!(&limit.value.rates[..], [(key, _)] if key.value == RateKey::All) && limit.value.by.is_none();
    if !is_simple && !limit.value.rates.is_empty() {
        let message = "a `rate_limit:` by operation, or with `by:`, is not supported yet";
        diagnostics.push(Diagnostic::new(Code::E016, &limit.span, message).help("write one rate, e.g. `100/minute`"));
    }
}

fn ownership(spec: &ProjectSpec) -> Vec<OwnershipRule> {
    spec.ownership
        .iter()
        .map(|(glob, ownership)| OwnershipRule {
            glob: glob.value.clone(),
            ownership: ownership.value,
            span: glob.span.clone(),
        })
        .collect()
}

/// Resolves `auth:` against the fields of the user resource.
pub(super) fn auth(scope: &Scope<'_>, fields: &[Fields], diagnostics: &mut Diagnostics) -> Option<Auth> {
    let auth = scope.auth()?;
    let Some(user) = scope.user() else {
        diagnostics.push(scope.unknown_resource("`auth.user`", &auth.user));
        return None;
    };
    let (draft, fields) = (scope.draft(user), &fields[user.0]);
    let login = login(auth, draft, fields, diagnostics);
    let password = password(auth, draft, diagnostics);
    let roles = roles(auth);
    let role = role_field(auth, draft, fields, roles.len(), diagnostics);
    check_registration(auth, draft, fields, diagnostics);
    let default_role = named_role(scope, auth.default_role.as_ref(), diagnostics);
    let superuser = named_role(scope, auth.superuser.as_ref(), diagnostics);
    Some(Auth {
        user,
        login: login?,
        password: password?,
        role,
        roles,
        default_role: default_role.unwrap_or(0),
        superuser,
        register: match auth.register.as_ref().map(|register| register.value) {
            None | Some(Register::Public) => Registration::Public,
            Some(Register::Nobody) => Registration::Nobody,
        },
        access_ttl: auth.access_ttl.as_ref().map_or(ACCESS_TTL, |ttl| ttl.value),
        refresh_ttl: auth.refresh_ttl.as_ref().map_or(REFRESH_TTL, |ttl| ttl.value),
    })
}

/// A field that every user needs and only a role may write would make it impossible to register.
fn check_registration(auth: &AuthSpec, draft: &Draft<'_>, fields: &Fields, diagnostics: &mut Diagnostics) {
    if auth.register.as_ref().is_some_and(|register| register.value == Register::Nobody) {
        return;
    }
    let is_blocked = |field: &&crate::model::Field| field.presence.required && field.write.is_some();
    for field in fields.list.iter().filter(is_blocked) {
        let message = format!("`{}` is required, and nobody who registers may write it", field.name);
        let span = draft.find(field.name.snake()).map_or(&auth.user.span, |id| &draft.field(id).name.span);
        let diagnostic = Diagnostic::new(Code::E209, span, message);
        diagnostics.push(diagnostic.help("give it a default or `?`, or set `register: nobody`"));
    }
}

fn roles(auth: &AuthSpec) -> Vec<Role> {
    match &auth.roles {
        Some(roles) => roles
            .value
            .iter()
            .map(|role| Role { value: role.name.value.clone(), doc: role.doc.as_ref().map(|doc| doc.value.clone()) })
            .collect(),
        None => vec![Role { value: "user".to_owned(), doc: None }],
    }
}

fn named_role(scope: &Scope<'_>, name: Option<&Spanned<String>>, diagnostics: &mut Diagnostics) -> Option<usize> {
    let name = name?;
    permission::role(scope, &name.value, &name.span, diagnostics)
}

fn login(auth: &AuthSpec, draft: &Draft<'_>, fields: &Fields, diagnostics: &mut Diagnostics) -> Option<FieldId> {
    let name = auth.login.as_ref().map_or("email", |login| login.value.as_str());
    if draft.broken.contains(name) {
        return None;
    }
    let id = draft.find(name).filter(|id| !fields.broken.contains(id));
    let fits = id.is_some_and(|id| {
        let field = &fields.list[id.0];
        let is_text = matches!(
            field.kind,
            FieldKind::Scalar(Scalar {
                ty: FieldType::String(_) | FieldType::Email | FieldType::Phone | FieldType::Slug { .. },
                ..
            })
        );
        is_text && !field.presence.nullable && is_unique(draft, draft.field(id))
    });
    if !fits {
        let message = format!("the login field `{name}` of {} must exist and be unique", draft.name());
        let span = id
            .map_or(auth.login.as_ref().map_or(&auth.user.span, |login| &login.span), |id| &draft.field(id).name.span);
        let help = format!("e.g. `{name}: email unique`");
        diagnostics.push(Diagnostic::new(Code::E508, span, message).help(help));
        return None;
    }
    id
}

fn is_unique(draft: &Draft<'_>, field: &FieldSpec) -> bool {
    let name = &field.name.value;
    let has_modifier = field.unique.as_ref().is_some_and(|unique| unique.value == FieldUnique::Alone);
    let has_entry = draft
        .spec
        .unique
        .iter()
        .any(|unique| unique.condition.is_none() && matches!(&unique.fields[..], [only] if only.value == *name));
    has_modifier || has_entry || draft.broken.contains("unique")
}

fn password(auth: &AuthSpec, draft: &Draft<'_>, diagnostics: &mut Diagnostics) -> Option<FieldId> {
    let passwords: Vec<FieldId> = draft
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| matches!(field.kind.value, TypeSpec::Password))
        .map(|(position, _)| FieldId(position))
        .collect();
    if let Some(given) = &auth.password {
        let named = passwords.iter().copied().find(|id| draft.field(*id).name.value == given.value);
        if named.is_none() && !draft.broken.contains(&given.value) {
            let message = format!("`{}` is not a field of the type `password` of {}", given.value, draft.name());
            diagnostics.push(Diagnostic::new(Code::E508, &given.span, message));
        }
        return named;
    }
    if let [only] = passwords[..] {
        return Some(only);
    }
    if draft.broken.contains("password") || draft.broken.contains("fields") {
        return None;
    }
    let message = format!("{} needs one field of the type `password`, it has {}", draft.name(), passwords.len());
    let help = if passwords.is_empty() { "add e.g. `password: password(12..128)`" } else { "set `auth.password`" };
    diagnostics.push(Diagnostic::new(Code::E508, &auth.user.span, message).help(help));
    None
}

fn role_field(
    auth: &AuthSpec,
    draft: &Draft<'_>,
    fields: &Fields,
    roles: usize,
    diagnostics: &mut Diagnostics,
) -> Option<FieldId> {
    let mut found = draft.fields.iter().enumerate().filter(|(_, field)| matches!(field.kind.value, TypeSpec::Role));
    let role = found.next().map(|(position, _)| FieldId(position));
    if let Some((_, second)) = found.next() {
        let message = format!("{} has more than one field of the type `role`", draft.name());
        diagnostics.push(Diagnostic::new(Code::E507, &second.name.span, message).help("a user has one role"));
    }
    if let Some(role) = role {
        permission::check_role_field(draft, fields, role, diagnostics);
        check_role_default(draft, fields, role, diagnostics);
    } else if roles > 1 && draft.broken.is_empty() {
        let span = auth.roles.as_ref().map_or(&auth.user.span, |roles| &roles.span);
        let message = format!("{} needs a field of the type `role`", draft.name());
        let help = "add `role: {type: role, permissions: {write: admin}}` with the role that may change it";
        diagnostics.push(Diagnostic::new(Code::E507, span, message).help(help));
    }
    role
}

fn check_role_default(draft: &Draft<'_>, fields: &Fields, role: FieldId, diagnostics: &mut Diagnostics) {
    let field = &fields.list[role.0];
    let has_default = matches!(&field.presence.default, FieldDefault::Constant(Value::Enum(_)));
    if (!has_default || field.presence.nullable) && !fields.broken.contains(&role) {
        let message = format!("the role of {} must not be null and needs a default", draft.name());
        diagnostics.push(Diagnostic::new(Code::E507, &draft.field(role).kind.span, message));
    }
}
