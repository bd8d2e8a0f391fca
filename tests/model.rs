//! Resolving whole specs.

use std::path::{Path, PathBuf};

use backendgen::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use backendgen::model::{self, Model, Pins};
use backendgen::source::Source;
use backendgen::spec;

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn source(path: &str) -> Source {
    let mut source = Source::default();
    let root = folder(path);
    let mut files = vec![root.join("backendgen.yaml")];
    let resources = std::fs::read_dir(root.join("resources")).expect("the spec has resources");
    files.extend(resources.map(|entry| entry.expect("the folder can be read").path()));
    for file in files {
        let relative = file.strip_prefix(&root).expect("the file lies in the spec");
        let bytes = fs_err::read(&file).expect("the file can be read");
        source.insert(relative.to_str().expect("the path is UTF-8").to_owned(), bytes);
    }
    source
}

/// Everything that is wrong with a spec, and the model if nothing is.
fn resolve(source: &Source) -> (Option<Model>, Diagnostics) {
    let parsed = spec::parse(source);
    let mut diagnostics = parsed.diagnostics;
    let Some(spec) = parsed.spec else { return (None, diagnostics) };
    match model::resolve(&spec, &Pins::new()) {
        Ok((model, notes)) => {
            diagnostics.extend(notes);
            (Some(model), diagnostics)
        }
        Err(errors) => {
            diagnostics.extend(errors);
            (None, diagnostics)
        }
    }
}

fn shown(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.span.as_ref().map_or_else(String::new, |span| format!("{}:{} ", span.path, span.start));
    format!("{place}{} {}", diagnostic.code, diagnostic.message)
}

fn serious(diagnostics: &Diagnostics) -> Vec<String> {
    let sorted = diagnostics.sorted();
    sorted.into_iter().filter(|diagnostic| diagnostic.severity() != Severity::Info).map(shown).collect()
}

#[test]
fn the_examples_are_valid_and_raise_no_warning() {
    for example in ["examples/todo", "examples/blog", "examples/kitchen-sink"] {
        let (model, diagnostics) = resolve(&source(example));
        assert_eq!(serious(&diagnostics), Vec::<String>::new(), "{example}");
        assert!(model.is_some(), "{example}");
    }
}

#[test]
fn specs_of_the_whole_language_are_refused_for_what_comes_later_only() {
    for spec in ["todo", "blog", "music-store", "shop", "project-tracker"] {
        let (_, diagnostics) = resolve(&source(&format!("tests/specs/{spec}")));
        let errors = diagnostics.sorted().into_iter().filter(|diagnostic| diagnostic.severity() == Severity::Error);
        let others: Vec<String> =
            errors.filter(|error| !error.message.ends_with("is not supported yet")).map(shown).collect();
        assert_eq!(others, Vec::<String>::new(), "{spec}");
    }
    let _ = Code::E001;
}
