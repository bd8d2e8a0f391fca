//! The JSON Schemas for editors: draft-07, the same for every project. They catch keys and shapes; names, types and
//! rules are for `check`.

use serde_json::{Map, Value, json};

use super::field::read::MODIFIERS;
use super::kind::TYPES;

/// The schema of `backendgen.yaml`, as the text of its file.
#[must_use]
pub fn project_schema() -> String {
    text(&document("backendgen.yaml", &project_keys(), &["backendgen", "name"]))
}

/// The schema of `resources/<plural>.yaml`, as the text of its file.
#[must_use]
pub fn resource_schema() -> String {
    text(&document("A resource of backendgen", &resource_keys(), &[]))
}

type Key = (&'static str, Value, &'static str);

fn text(schema: &Value) -> String {
    let mut text = serde_json::to_string_pretty(schema).expect("a value of JSON is serialisable");
    text.push('\n');
    text
}

fn document(title: &str, keys: &[Key], required: &[&str]) -> Value {
    let mut schema = mapping(keys, required);
    let fields = schema.as_object_mut().expect("a mapping is an object");
    fields.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    fields.insert("title".to_owned(), json!(title));
    fields.insert(
        "definitions".to_owned(),
        json!({
            "field": field(),
            "fields": {"type": "object", "additionalProperties": reference("field")},
            "permission": permission(),
            "readWrite": mapping(&read_write_keys(), &[]),
            "rule": rule(),
            "names": names(),
            "list": mapping(&list_keys(), &[]),
        }),
    );
    schema
}

/// A mapping of known keys and `x-*`.
fn mapping(keys: &[Key], required: &[&str]) -> Value {
    let properties: Map<String, Value> =
        keys.iter().map(|(key, shape, doc)| ((*key).to_owned(), described(shape, doc))).collect();
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "patternProperties": {"^x-": {}},
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn described(shape: &Value, doc: &str) -> Value {
    if doc.is_empty() {
        return shape.clone();
    }
    if shape.get("$ref").is_some() {
        // Draft-07 ignores what stands beside a reference.
        return json!({"description": doc, "allOf": [shape]});
    }
    let mut shape = shape.clone();
    shape["description"] = json!(doc);
    shape
}

fn reference(definition: &str) -> Value {
    json!({"$ref": format!("#/definitions/{definition}")})
}

fn string() -> Value {
    json!({"type": "string"})
}

/// A text that YAML may read as a number.
fn word() -> Value {
    json!({"type": ["string", "number"]})
}

fn bool() -> Value {
    json!({"type": "boolean"})
}

fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

fn one_of(words: &[&str]) -> Value {
    json!({"enum": words})
}

fn list_of(items: &Value) -> Value {
    json!({"type": "array", "items": items})
}

fn names() -> Value {
    json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
}

fn any_of(shapes: &[Value]) -> Value {
    json!({"anyOf": shapes})
}

/// A value of a field, or the mapping form of something.
fn field() -> Value {
    let shorthand = json!({
        "type": "string",
        "description": format!("A shorthand: one of {}; then {}; then `= default`.", TYPES.join(", "), MODIFIERS.join(", ")),
        "examples": ["string(1..200)", "text?", "decimal(10,2) >= 0", "bool = false", "enum(draft, published) = draft",
            "ref(users)", "many(tags)", "datetime? readonly", "slug(title) unique"],
        "defaultSnippets": [
            {"label": "string", "body": "string(1..${1:200})"},
            {"label": "ref", "body": "ref(${1:users})"},
            {"label": "enum", "body": "enum(${1:draft}, ${2:published}) = ${1:draft}"},
        ],
    });
    any_of(&[shorthand, mapping(&field_keys(), &[])])
}

fn permission() -> Value {
    let mut shape = names();
    shape["examples"] = json!(["public", "authenticated", "owner", "owner | admin", "nobody"]);
    shape
}

fn rule() -> Value {
    let keys: [Key; 5] = [
        ("rule", string(), "What must not be false."),
        ("message", string(), "The text of the 422."),
        ("name", string(), "Replaces the columns in the name of the CHECK."),
        (
            "on",
            any_of(&[one_of(&["create", "update"]), list_of(&one_of(&["create", "update"]))]),
            "Only then, and no CHECK.",
        ),
        ("check", bool(), "`false` keeps it out of the database."),
    ];
    any_of(&[json!({"type": "string", "examples": ["ends_at > starts_at"]}), mapping(&keys, &["rule"])])
}

fn read_write_keys() -> [Key; 2] {
    [("read", reference("permission"), ""), ("write", reference("permission"), "")]
}

fn on_delete() -> Value {
    one_of(&["restrict", "cascade", "set_null", "no_action"])
}

fn versioned() -> Value {
    json!({"enum": [true, false, "required"]})
}

fn timestamps() -> Value {
    any_of(&[bool(), list_of(&one_of(&["created_at", "updated_at"]))])
}

fn include() -> Value {
    one_of(&["never", "on_request", "always"])
}

fn enum_values() -> Value {
    let value =
        any_of(&[string(), json!({"type": "null"}), mapping(&[("doc", string(), "What the value means.")], &[])]);
    any_of(&[list_of(&word()), json!({"type": "object", "additionalProperties": value})])
}

fn field_keys() -> Vec<Key> {
    let literal = json!({});
    let inverse: [Key; 3] = [("name", string(), ""), ("order", reference("names"), ""), ("include", include(), "")];
    let inverse = any_of(&[string(), mapping(&inverse, &["name"])]);
    let databases = mapping(&[("postgresql", string(), ""), ("mysql", string(), ""), ("sqlite", string(), "")], &[]);
    vec![
        ("type", string(), "A shorthand, e.g. `string(1..200) unique`."),
        ("doc", string(), "Description in OpenAPI."),
        ("example", literal.clone(), "A valid value, used by tests and OpenAPI."),
        ("deprecated", json!({"type": ["boolean", "string"]}), "Marked in OpenAPI."),
        ("default", literal.clone(), "Stands in when a client sends nothing."),
        ("required", bool(), "Clients must send it although it has a default or may be null."),
        ("nullable", bool(), "As `?` behind the type."),
        ("unique", bool(), "No two rows have the same value."),
        ("index", bool(), "An index of its own; `false` drops the one of a reference."),
        ("access", one_of(&["readwrite", "immutable", "readonly", "writeonly", "private"]), "Who may set and see it."),
        ("immutable", bool(), "Written once."),
        ("readonly", bool(), "Never written by clients."),
        ("writeonly", bool(), "Never returned."),
        ("private", bool(), "Neither written by clients nor returned."),
        ("sensitive", bool(), "Never in logs, messages, filters, sorting or search."),
        ("min", literal.clone(), "As `>=`."),
        ("max", literal.clone(), "As `<=`."),
        ("min_length", count(), "Fewest characters or bytes."),
        ("max_length", count(), "Most characters or bytes."),
        ("min_items", count(), "Fewest items of a list."),
        ("max_items", count(), "Most items of a list."),
        ("unique_items", bool(), "No item occurs twice."),
        ("multiple_of", literal, "Checked by the API only."),
        ("pattern", string(), "A regular expression, searched, not anchored."),
        ("values", enum_values(), "The values of an enum."),
        ("trim", bool(), "Whether blanks at both ends are removed."),
        ("case", one_of(&["lower", "upper"]), "The case that a text is brought to."),
        ("column", string(), "The name of the column."),
        ("column_type", databases, "The DDL type by database."),
        ("check", bool(), "`false` keeps the bounds out of the database."),
        ("json", string(), "The JSON name."),
        ("permissions", reference("readWrite"), "Who may read and write the field."),
        ("filter", bool(), "Whether lists can be filtered by it."),
        ("sort", bool(), "Whether lists can be sorted by it."),
        ("search", bool(), "Whether `?q=` looks into it."),
        ("fake", string(), "The Faker provider of sample rows."),
        ("inverse", inverse, "The name of the other side, or `none`."),
        ("on_delete", on_delete(), "What a delete of the target does."),
        ("include", include(), "When the relation is part of a response."),
        ("join_table", string(), "The name of the join table."),
        ("join_columns", list_of(&string()), "Its two columns, own side first."),
        ("order", reference("names"), "Order of the related rows, `-` for descending."),
        ("fields", reference("fields"), "The fields of an object."),
        ("storage", one_of(&["portable", "native"]), "`native` is for PostgreSQL only."),
    ]
}

fn list_keys() -> Vec<Key> {
    vec![
        ("filter", reference("names"), "`all`, `none` or fields."),
        ("sort", reference("names"), "`all`, `none` or fields."),
        ("default_sort", reference("names"), "Fields, `-` for descending."),
        ("search", reference("names"), "Text fields that `?q=` looks into."),
        ("page", one_of(&["offset", "cursor", "none"]), "How lists are paged."),
        ("page_size", count(), "Default of `?limit=`."),
        ("max_page_size", count(), "Maximum of `?limit=`."),
        ("count", bool(), "Whether offset pages have a total."),
    ]
}

const OPERATIONS: &[&str] = &["list", "get", "create", "update", "replace", "delete", "restore", "purge"];

fn resource_keys() -> Vec<Key> {
    let id: [Key; 3] = [("type", string(), ""), ("column", string(), ""), ("generated", bool(), "")];
    let mixin = any_of(&[json!({"type": "null"}), mapping(&[("prefix", string(), "")], &[])]);
    let hooks =
        ["before_create", "after_create", "before_update", "after_update", "before_delete", "after_delete", "scope"];
    let actions: Vec<Key> = ["read", "write", "all"]
        .into_iter()
        .chain(OPERATIONS.iter().copied())
        .map(|action| (action, reference("permission"), ""))
        .collect();
    let unique: [Key; 5] = [
        ("fields", list_of(&string()), ""),
        ("where", string(), "A rule: only these rows."),
        ("name", string(), ""),
        ("case", one_of(&["sensitive", "insensitive"]), ""),
        ("nulls", one_of(&["distinct", "equal"]), ""),
    ];
    let methods = ["btree", "hash", "gin", "gist", "brin", "trigram", "fulltext"];
    let index: [Key; 4] = [
        ("fields", list_of(&string()), "`-` for descending."),
        ("where", string(), "A rule: only these rows."),
        ("name", string(), ""),
        ("method", one_of(&methods), ""),
    ];
    let entries = |keys: &[Key]| list_of(&any_of(&[list_of(&string()), mapping(keys, &["fields"])]));
    vec![
        ("doc", string(), "Description in OpenAPI."),
        ("label", string(), "Name in OpenAPI."),
        ("tags", reference("names"), "Tags in OpenAPI."),
        ("deprecated", json!({"type": ["boolean", "string"]}), "Marked in OpenAPI."),
        ("singular", string(), "The singular of the file name."),
        ("table", string(), "The table."),
        ("route", string(), "The word of the path, in kebab-case."),
        ("include", any_of(&[reference("names"), json!({"type": "object", "additionalProperties": mixin})]), "Mixins."),
        ("id", any_of(&[string(), mapping(&id, &[])]), "int, bigint, uuid, uuid4 or string(n)."),
        ("timestamps", timestamps(), "`created_at` and `updated_at`."),
        ("soft_delete", bool(), "A delete hides the row."),
        ("versioned", versioned(), "ETag and If-Match."),
        ("owner", string(), "A reference to the user, or `self`."),
        ("fields", reference("fields"), "Name and type of every field."),
        ("unique", entries(&unique), "Uniques over several fields."),
        ("indexes", entries(&index), "Indexes over several fields."),
        ("rules", list_of(&reference("rule")), "What every row keeps."),
        ("operations", any_of(&[one_of(OPERATIONS), list_of(&one_of(OPERATIONS))]), "What the API offers."),
        ("permissions", mapping(&actions, &[]), "Who may do what."),
        ("list", reference("list"), "Filters, sorting, search and pages."),
        ("hooks", any_of(&[one_of(&hooks), list_of(&one_of(&hooks))]), "Methods of the service that are yours."),
        ("tests", bool(), "Whether tests are generated."),
    ]
}

fn auth_keys() -> Vec<Key> {
    vec![
        ("method", one_of(&["jwt"]), ""),
        ("user", string(), "The resource of the people who log in."),
        ("login", string(), "Its unique login field."),
        ("password", string(), "Its password field."),
        ("roles", enum_values(), "The values of the type `role`."),
        ("default_role", string(), "The role of a new user."),
        ("superuser", string(), "The role that passes every check."),
        ("register", one_of(&["public", "nobody"]), "Who may register."),
        ("access_ttl", string(), "Life of an access token: `15m`."),
        ("refresh_ttl", string(), "Life of a session: `30d`."),
        ("permissions", reference("readWrite"), "Used where a resource is silent."),
    ]
}

fn defaults_keys() -> Vec<Key> {
    let rate =
        json!({"type": "string", "pattern": "^[0-9]+ */ *(second|minute|hour|day)$", "examples": ["100/minute"]});
    let mut rates: Vec<Key> = ["all", "read", "write"]
        .into_iter()
        .chain(OPERATIONS.iter().copied())
        .map(|operation| (operation, rate.clone(), ""))
        .collect();
    rates.push(("by", one_of(&["user", "ip"]), "Who shares a rate."));
    vec![
        ("id", one_of(&["uuid", "uuid4", "int", "bigint"]), "The type of ids."),
        ("timestamps", timestamps(), ""),
        ("soft_delete", bool(), ""),
        ("versioned", versioned(), ""),
        ("on_delete", on_delete(), ""),
        ("list", reference("list"), ""),
        ("rate_limit", any_of(&[rate, mapping(&rates, &[])]), "Requests per time."),
        ("tests", bool(), ""),
    ]
}

fn project_keys() -> Vec<Key> {
    let api: [Key; 7] = [
        ("prefix", string(), "`/api`"),
        ("version", string(), "`v1`"),
        ("case", one_of(&["snake", "camel"]), "Case of JSON properties."),
        ("decimal", one_of(&["string", "number"]), "Decimals in JSON."),
        ("bigint", one_of(&["number", "string"]), "64-bit integers in JSON."),
        ("currency", string(), "For `money` without argument."),
        ("trim", bool(), "Whether `string` is stripped."),
    ];
    let naming: Vec<Key> = ["primary_key", "foreign_key", "index", "unique", "check"]
        .into_iter()
        .map(|key| (key, string(), "A template with `{table}` and `{columns}`."))
        .collect();
    let databases = one_of(&["postgresql", "mysql", "sqlite"]);
    let features = one_of(&["metrics", "docker", "ci", "pre_commit", "api_keys"]);
    let migrations: [Key; 2] = [("mode", one_of(&["simple"]), ""), ("heads", one_of(&["dag"]), "")];
    let mixin: [Key; 2] = [("fields", reference("fields"), ""), ("rules", list_of(&reference("rule")), "")];
    vec![
        ("backendgen", json!({"const": 1}), "Version of the language."),
        ("name", string(), "Name of the project in snake_case."),
        ("doc", string(), "Description in OpenAPI."),
        ("package", string(), "The Python package; `app` by default."),
        ("python", word(), "The oldest Python that the backend runs on."),
        ("databases", any_of(&[databases.clone(), list_of(&databases)]), "The first one is production."),
        ("orm", one_of(&["sqlalchemy"]), ""),
        ("features", any_of(&[features.clone(), list_of(&features)]), "Optional parts of the backend."),
        (
            "ownership",
            json!({"type": "object", "additionalProperties": one_of(&["generated", "merged", "yours"])}),
            "Who writes which files.",
        ),
        ("migrations", mapping(&migrations, &[]), ""),
        ("auth", mapping(&auth_keys(), &["user"]), "Who may log in."),
        ("api", mapping(&api, &[]), "How the API looks."),
        ("defaults", mapping(&defaults_keys(), &[]), "Used where a resource is silent."),
        ("naming", mapping(&naming, &[]), "Names of keys and indexes in the database."),
        ("types", reference("fields"), "Named types."),
        (
            "mixins",
            json!({"type": "object", "additionalProperties": mapping(&mixin, &["fields"])}),
            "Groups of fields.",
        ),
        ("tests", bool(), "Whether tests are generated."),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{field, project, resource};

    fn keys(keys: &[Key]) -> Vec<&'static str> {
        keys.iter().map(|(key, ..)| *key).collect()
    }

    #[test]
    fn the_schemas_know_exactly_the_keys_that_are_read() {
        assert_eq!(keys(&project_keys()), project::read::ALLOWED.now);
        assert_eq!(keys(&resource_keys()), resource::read::ALLOWED.now);
        assert_eq!(keys(&field_keys()), field::read::ALLOWED.now);
        assert_eq!(keys(&auth_keys()), project::read::AUTH.now);
        assert_eq!(keys(&defaults_keys()), project::read::DEFAULTS.now);
        assert_eq!(keys(&list_keys()), resource::read::LIST.now);
    }
}
