//! The embedded templates, and what the path of a template says. Knows nothing about the model.

use crate::ownership::Ownership;

/// Path below `templates/` and text of every built-in template, sorted.
static BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// One template and what its path says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Path below the folder of its stack, the name it is rendered by.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
    /// Path of the output with the words `{{resource}}`, `{{resources}}` and `{{revision}}` still in it.
    pub output: String,
    /// How many files it makes.
    pub per: Per,
    /// Who writes them.
    pub ownership: Ownership,
    /// The features that must all be on, from the outermost overlay to the innermost.
    pub features: Vec<&'static str>,
}

/// How many files a template makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// One.
    Project,
    /// One for each resource.
    Resource,
    /// One for each new revision.
    Revision,
}

/// All templates of a stack, shared fragments included, by the name they are rendered by.
pub fn texts(stack: &str) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
    let prefix = format!("{stack}/");
    BUILT_IN.iter().filter_map(move |(path, text)| Some((path.strip_prefix(&prefix)?, *text)))
}

/// All templates of a stack that make files, sorted by path.
#[must_use]
pub fn templates(stack: &str) -> Vec<Template> {
    let prefix = format!("{stack}/");
    BUILT_IN.iter().filter_map(|(path, text)| read(path.strip_prefix(&prefix)?, text)).collect()
}

/// Reads the path of a template; none if it makes no file of its own.
fn read(name: &'static str, text: &'static str) -> Option<Template> {
    let (features, output) = split_overlays(name);
    if output.split('/').any(is_fragment) {
        return None;
    }
    let output = output.strip_suffix(".tera").expect("only such files are embedded");
    let ownership = if output.contains(".once.") { Ownership::Yours } else { default_ownership(output) };
    Some(Template { name, text, per: per(output), ownership, features, output: output.replace(".once.", ".") })
}

/// Takes the leading `_features/<feature>` pairs off a path.
fn split_overlays(mut path: &'static str) -> (Vec<&'static str>, &'static str) {
    let mut features = Vec::new();
    while let Some((feature, rest)) = path.strip_prefix("_features/").and_then(|rest| rest.split_once('/')) {
        features.push(feature);
        path = rest;
    }
    (features, path)
}

/// Whether a path component starts with exactly one `_`.
fn is_fragment(component: &str) -> bool {
    component.starts_with('_') && !component.starts_with("__")
}

fn per(output: &str) -> Per {
    if output.contains("{{revision}}") {
        Per::Revision
    } else if output.contains("{{resource}}") || output.contains("{{resources}}") {
        Per::Resource
    } else {
        Per::Project
    }
}

/// The files that both sides edit are a closed list (regeneration.md, 1).
fn default_ownership(output: &str) -> Ownership {
    const MERGED: &[&str] = &[
        ".dockerignore",
        ".env.example",
        ".github/workflows/ci.yml",
        ".gitignore",
        ".pre-commit-config.yaml",
        "Dockerfile",
        "README.md",
        "compose.yaml",
        "migrations/env.py",
        "pyproject.toml",
    ];
    match per(output) {
        Per::Revision => Ownership::Record,
        Per::Project | Per::Resource if MERGED.contains(&output) => Ownership::Merged,
        Per::Project | Per::Resource => Ownership::Generated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_path(name: &'static str) -> Option<(String, Per, Ownership, Vec<&'static str>)> {
        read(name, "").map(|template| (template.output, template.per, template.ownership, template.features))
    }

    #[test]
    fn the_path_of_a_template_says_what_it_makes() {
        let table = [
            ("app/core/app.py.tera", Some(("app/core/app.py", Per::Project, Ownership::Generated, vec![]))),
            ("app/core/__init__.py.tera", Some(("app/core/__init__.py", Per::Project, Ownership::Generated, vec![]))),
            ("pyproject.toml.tera", Some(("pyproject.toml", Per::Project, Ownership::Merged, vec![]))),
            ("app/main.once.py.tera", Some(("app/main.py", Per::Project, Ownership::Yours, vec![]))),
            (
                "app/models/{{resource}}.py.tera",
                Some(("app/models/{{resource}}.py", Per::Resource, Ownership::Generated, vec![])),
            ),
            (
                "_features/auth/_features/includes/tests/test_{{resources}}.py.tera",
                Some(("tests/test_{{resources}}.py", Per::Resource, Ownership::Generated, vec!["auth", "includes"])),
            ),
            (
                "migrations/versions/{{revision}}.py.tera",
                Some(("migrations/versions/{{revision}}.py", Per::Revision, Ownership::Record, vec![])),
            ),
            ("_components/header.tera", None),
        ];
        for (path, expected) in table {
            let expected =
                expected.map(|(output, per, ownership, features)| (output.to_owned(), per, ownership, features));
            assert_eq!(read_path(path), expected, "{path}");
        }
    }
}
