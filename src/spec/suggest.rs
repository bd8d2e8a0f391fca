//! "Did you mean": the nearest allowed word, and the words that other tools use.

/// The help line for an unknown word: the backendgen word for a foreign one, else the nearest allowed word.
#[must_use]
pub fn help<'a>(word: &str, allowed: impl IntoIterator<Item = &'a str>, foreign: &[(&str, &'a str)]) -> Option<String> {
    let lower = word.to_lowercase();
    if let Some((_, ours)) = foreign.iter().find(|(theirs, _)| *theirs == lower) {
        return Some(format!("backendgen calls it `{ours}`"));
    }
    nearest(word, allowed).map(|near| format!("did you mean `{near}`?"))
}

/// The allowed word at an edit distance of at most a third of the length, the first of equally near ones. Words that
/// differ in more than one place begin alike, or one is no slip of the other.
#[must_use]
pub fn nearest<'a>(word: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let near = allowed.into_iter().filter_map(|candidate| {
        let limit = lower.chars().count().max(candidate.chars().count()).div_ceil(3);
        let distance = distance(&lower, candidate, limit)?;
        let begins_alike = lower.chars().next() == candidate.chars().next();
        (distance <= 1 || begins_alike).then_some((distance, candidate))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// The number of insertions, deletions, replacements and swaps of neighbours, if it is at most `limit`.
fn distance(left: &str, right: &str, limit: usize) -> Option<usize> {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    if left.len().abs_diff(right.len()) > limit {
        return None;
    }
    let mut rows = vec![(0..=right.len()).collect::<Vec<usize>>()];
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let replaced = rows[i][j] + usize::from(a != b);
            let mut best = replaced.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    let distance = rows[left.len()][right.len()];
    (distance <= limit).then_some(distance)
}

/// Types of other tools.
pub(super) const FOREIGN_TYPES: &[(&str, &str)] = &[
    ("array", "list"),
    ("belongs_to", "ref"),
    ("bigserial", "bigint"),
    ("binary", "bytes"),
    ("blob", "bytes"),
    ("boolean", "bool"),
    ("bytea", "bytes"),
    ("char", "string"),
    ("character", "string"),
    ("choice", "enum"),
    ("choices", "enum"),
    ("clob", "text"),
    ("datetimetz", "datetime"),
    ("dict", "json"),
    ("double", "float"),
    ("enumeration", "enum"),
    ("fk", "ref"),
    ("foreign_key", "ref"),
    ("foreignkey", "ref"),
    ("guid", "uuid"),
    ("has_many", "many"),
    ("int16", "smallint"),
    ("int32", "int"),
    ("int64", "bigint"),
    ("integer", "int"),
    ("interval", "duration"),
    ("jsonb", "json"),
    ("link", "url"),
    ("long", "bigint"),
    ("longtext", "text"),
    ("m2m", "many"),
    ("manytomany", "many"),
    ("many_to_many", "many"),
    ("map", "json"),
    ("number", "decimal"),
    ("numeric", "decimal"),
    ("real", "float"),
    ("reference", "ref"),
    ("references", "ref"),
    ("relation", "ref"),
    ("serial", "int"),
    ("short", "smallint"),
    ("str", "string"),
    ("timedelta", "duration"),
    ("timestamp", "datetime"),
    ("timestamptz", "datetime"),
    ("uri", "url"),
    ("varchar", "string"),
];

/// Operations of other tools.
pub(super) const FOREIGN_OPERATIONS: &[(&str, &str)] = &[
    ("add", "create"),
    ("destroy", "delete"),
    ("detail", "get"),
    ("edit", "update"),
    ("index", "list"),
    ("insert", "create"),
    ("modify", "update"),
    ("new", "create"),
    ("patch", "update"),
    ("post", "create"),
    ("put", "replace"),
    ("read", "get"),
    ("remove", "delete"),
    ("retrieve", "get"),
    ("show", "get"),
    ("store", "create"),
    ("undelete", "restore"),
    ("view", "get"),
];

/// Features under other names.
pub(super) const FOREIGN_FEATURES: &[(&str, &str)] = &[
    ("actions", "ci"),
    ("apikeys", "api_keys"),
    ("github_actions", "ci"),
    ("k8s", "kubernetes"),
    ("mail", "email"),
    ("opentelemetry", "tracing"),
    ("otel", "tracing"),
    ("precommit", "pre_commit"),
    ("prometheus", "metrics"),
];

/// Databases under other names.
pub(super) const FOREIGN_DATABASES: &[(&str, &str)] =
    &[("pg", "postgresql"), ("psql", "postgresql"), ("sqlite3", "sqlite")];

/// Modifiers under other names.
pub(super) const FOREIGN_MODIFIERS: &[(&str, &str)] = &[
    ("hidden", "private"),
    ("indexed", "index"),
    ("mandatory", "required"),
    ("not_null", "required"),
    ("read_only", "readonly"),
    ("secret", "sensitive"),
    ("write_once", "immutable"),
    ("write_only", "writeonly"),
];

/// What a delete does, under other names.
pub(super) const FOREIGN_ON_DELETE: &[(&str, &str)] =
    &[("noaction", "no_action"), ("nothing", "no_action"), ("nullify", "set_null"), ("protect", "restrict")];

/// Functions of rules under other names.
pub(super) const FOREIGN_FUNCTIONS: &[(&str, &str)] = &[
    ("char_length", "length"),
    ("count", "length"),
    ("current_date", "today"),
    ("current_timestamp", "now"),
    ("ifnull", "coalesce"),
    ("lcase", "lower"),
    ("len", "length"),
    ("nvl", "coalesce"),
    ("size", "length"),
    ("strlen", "length"),
    ("tolower", "lower"),
    ("toupper", "upper"),
    ("ucase", "upper"),
];

/// Keys of a resource under other names.
pub(super) const FOREIGN_RESOURCE_KEYS: &[(&str, &str)] = &[
    ("attributes", "fields"),
    ("authorization", "permissions"),
    ("columns", "fields"),
    ("constraints", "rules"),
    ("description", "doc"),
    ("endpoints", "operations"),
    ("methods", "operations"),
    ("mixins", "include"),
    ("path", "route"),
    ("policies", "permissions"),
    ("properties", "fields"),
    ("relations", "fields"),
    ("relationships", "fields"),
    ("table_name", "table"),
    ("url", "route"),
    ("validations", "rules"),
];

/// Keys of a field under other names.
pub(super) const FOREIGN_FIELD_KEYS: &[(&str, &str)] = &[
    ("choices", "values"),
    ("comment", "doc"),
    ("description", "doc"),
    ("ge", "min"),
    ("help", "doc"),
    ("le", "max"),
    ("maximum", "max"),
    ("maxlength", "max_length"),
    ("minimum", "min"),
    ("minlength", "min_length"),
    ("null", "nullable"),
    ("optional", "nullable"),
    ("regex", "pattern"),
    ("related_name", "inverse"),
];

/// Keys of the project under other names.
pub(super) const FOREIGN_PROJECT_KEYS: &[(&str, &str)] = &[
    ("authentication", "auth"),
    ("database", "databases"),
    ("description", "doc"),
    ("module", "package"),
    ("project", "name"),
    ("python_version", "python"),
    ("version", "backendgen"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_at_most_a_third_away() {
        let table = [
            // written, allowed, suggested
            ("strng", &["string", "text"][..], Some("string")),
            ("payed", &["draft", "paid"], Some("paid")),
            ("updte", &["update", "delete"], Some("update")),
            ("lsit", &["list", "get"], Some("list")),
            ("Title", &["title"], Some("title")),
            ("peewee", &["sqlalchemy", "sqlmodel"], None),
            ("nope", &["role"], None),
            ("", &["list"], None),
        ];
        for (written, allowed, suggested) in table {
            assert_eq!(nearest(written, allowed.iter().copied()), suggested, "{written}");
        }
    }

    #[test]
    fn foreign_words_are_translated() {
        let help = help("varchar", ["string"], FOREIGN_TYPES);
        assert_eq!(help.as_deref(), Some("backendgen calls it `string`"));
    }
}
