//! The routes of the API, in the order in which they are registered.

use crate::model::{Alternative, FieldKind, Model, Operation, Permission, Registration, Resource};

/// One route of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `POST` and so on.
    pub method: &'static str,
    /// With prefix and version: `/api/v1/orders/{order_id}`.
    pub path: String,
    /// Who may call it, as the spec writes it: `authenticated`, `owner | admin`.
    pub permission: String,
    /// The function of the endpoint module.
    pub function: String,
}

/// All routes: those of login first, then those of the resources by name.
#[must_use]
pub fn routes(model: &Model) -> Vec<Route> {
    let auth = model.project.auth.as_ref().map(|auth| auth_routes(model, auth.register)).unwrap_or_default();
    auth.into_iter().chain(model.resources.iter().flat_map(|resource| resource_routes(model, resource))).collect()
}

/// `/api/v1`, without what is empty.
#[must_use]
pub fn base_path(model: &Model) -> String {
    let api = &model.project.api;
    let version = if api.version.is_empty() { String::new() } else { format!("/{}", api.version) };
    format!("{}{version}", api.prefix)
}

fn auth_routes(model: &Model, register: Registration) -> Vec<Route> {
    const ROUTES: &[(&str, &str, &str, &str)] = &[
        ("POST", "token", "public", "token"),
        ("POST", "login", "public", "login"),
        ("POST", "refresh", "public", "refresh"),
        ("POST", "logout", "public", "logout"),
        ("POST", "logout-all", "authenticated", "logout_all"),
        ("GET", "me", "authenticated", "me"),
        ("POST", "password", "authenticated", "change_password"),
        ("GET", "sessions", "authenticated", "list_sessions"),
        ("DELETE", "sessions/{session_id}", "authenticated", "delete_session"),
    ];
    const KEYS: &[(&str, &str, &str, &str)] = &[
        ("GET", "api-keys", "authenticated", "list_api_keys"),
        ("POST", "api-keys", "authenticated", "create_api_key"),
        ("DELETE", "api-keys/{api_key_id}", "authenticated", "delete_api_key"),
    ];
    let registration = match register {
        Registration::Public => Some(("POST", "register", "public", "register")),
        Registration::Nobody => None,
    };
    let keys = if model.project.features.contains(&crate::model::Feature::ApiKeys) { KEYS } else { &[] };
    let all = ROUTES.iter().copied().chain(registration).chain(keys.iter().copied());
    all.map(|(method, path, permission, function)| Route {
        method,
        path: format!("{}/auth/{path}", base_path(model)),
        permission: permission.to_owned(),
        function: function.to_owned(),
    })
    .collect()
}

fn resource_routes(model: &Model, resource: &Resource) -> Vec<Route> {
    let names = &resource.names;
    let (singular, plural) = (names.singular.snake(), names.plural.snake());
    let list = format!("{}/{}", base_path(model), names.route);
    let item = format!("{list}/{{{singular}_id}}");
    let mut routes = Vec::new();
    for operation in &resource.operations {
        let (method, path, function) = match operation {
            Operation::List => ("GET", list.clone(), format!("list_{plural}")),
            Operation::Get => ("GET", item.clone(), format!("get_{singular}")),
            Operation::Create => ("POST", list.clone(), format!("create_{singular}")),
            Operation::Update => ("PATCH", item.clone(), format!("update_{singular}")),
            Operation::Replace => ("PUT", item.clone(), format!("replace_{singular}")),
            Operation::Delete => ("DELETE", item.clone(), format!("delete_{singular}")),
            Operation::Restore => ("POST", format!("{item}/restore"), format!("restore_{singular}")),
            Operation::Purge => ("DELETE", format!("{item}/purge"), format!("purge_{singular}")),
        };
        routes.push(Route { method, path, permission: permission(model, resource, *operation), function });
    }
    if resource.does(Operation::Update) {
        routes.extend(link_routes(model, resource, &item));
    }
    routes
}

/// `PUT /posts/{post_id}/tags`
fn link_routes(model: &Model, resource: &Resource, item: &str) -> Vec<Route> {
    let singular = resource.names.singular.snake();
    let linked =
        resource.fields.iter().filter(|field| field.access.in_update() && matches!(field.kind, FieldKind::Many(_)));
    linked
        .map(|field| Route {
            method: "PUT",
            path: format!("{item}/{}", field.name.kebab()),
            permission: permission(model, resource, Operation::Update),
            function: format!("replace_{singular}_{}", field.name),
        })
        .collect()
}

fn permission(model: &Model, resource: &Resource, operation: Operation) -> String {
    resource.permissions.get(&operation).map_or_else(|| "public".to_owned(), |found| shown(model, found))
}

/// A permission as the spec writes it.
#[must_use]
pub fn shown(model: &Model, permission: &Permission) -> String {
    let words = permission.0.iter().map(|alternative| match alternative {
        Alternative::Public => "public",
        Alternative::Authenticated => "authenticated",
        Alternative::Owner => "owner",
        Alternative::Nobody => "nobody",
        Alternative::Role(position) => {
            let auth = model.project.auth.as_ref().expect("roles exist with auth only");
            &auth.roles[*position].value
        }
    });
    words.collect::<Vec<_>>().join(" | ")
}
