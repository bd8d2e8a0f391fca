//! The text of a spec to its shape: YAML events, a tree with places, the typed [`Spec`].
//!
//! Decides everything that one file shows by itself. Knows nothing about the meaning of names in other files.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8Path;

pub mod argument;
mod document;
pub mod edit;
pub mod editor;
pub mod field;
pub mod format;
pub mod kind;
mod layout;
pub mod literal;
pub mod name;
pub mod permission;
pub mod project;
mod reader;
pub mod resource;
pub mod rule;
mod shorthand;
pub mod suggest;

pub use project::ProjectSpec;
pub use resource::ResourceSpec;

use document::Node;
use format::FileKind;
use project::read::shared_names;
use reader::Reader;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Source, SourceFile, Span};

/// The file of the project.
pub const PROJECT_FILE: &str = "backendgen.yaml";

/// A spec whose shape is right.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// `backendgen.yaml`.
    pub project: ProjectSpec,
    /// By name.
    pub resources: BTreeMap<String, ResourceSpec>,
}

/// What could be read, and everything that single files show to be wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// Present when every file could be read; what is wrong in it is left out and listed in `broken` of its owner, so
    /// that `model` finds the other mistakes in the same run.
    pub spec: Option<Spec>,
    /// Errors, warnings and information; the spec is invalid when one of them is an error.
    pub diagnostics: Diagnostics,
}

/// Reads the shape of a spec and collects everything that is wrong with it.
#[must_use]
pub fn parse(source: &Source) -> Parsed {
    let mut reader = Reader::default();
    let project = project_document(source, &mut reader);
    reader.shared = project.as_ref().map(|(_, node)| shared_names(node));
    let project = project.map(|(path, node)| project::read::project(&mut reader, &path, &node));
    let mut resources = BTreeMap::new();
    let mut is_complete = true;
    for file in source.files() {
        match place_of(file, &mut reader) {
            Place::Resource(name) => match document::read(file, &mut reader.diagnostics) {
                Some(node) => {
                    let resource = resource::read::resource(&mut reader, &file.path, &name, &node);
                    resources.insert(name, resource);
                }
                None => is_complete = false,
            },
            Place::Refused => is_complete = false,
            Place::Elsewhere => {}
        }
    }
    let spec = project.filter(|_| is_complete).map(|project| Spec { project, resources });
    Parsed { spec, diagnostics: reader.diagnostics }
}

fn project_document(source: &Source, reader: &mut Reader) -> Option<(Arc<Utf8Path>, Node)> {
    let Some(file) = source.get(Utf8Path::new(PROJECT_FILE)) else {
        let diagnostic = Diagnostic::of_project(Code::E011, format!("there is no `{PROJECT_FILE}` here"));
        return reader.refuse(diagnostic.help("`backendgen new NAME` writes one"));
    };
    let node = document::read(file, &mut reader.diagnostics)?;
    Some((Arc::clone(&file.path), node))
}

/// What the layout of a file depends on; none for a file that has no place in the spec.
#[must_use]
pub fn kind_of(path: &Utf8Path) -> Option<FileKind> {
    if path == PROJECT_FILE {
        return Some(FileKind::Project);
    }
    let stem = path.strip_prefix("resources").ok()?.as_str().strip_suffix(".yaml")?;
    name::is_name(stem).then_some(FileKind::Resource)
}

/// What a file of the spec is.
enum Place {
    /// A resource of that name.
    Resource(String),
    /// A file that has no place in the spec.
    Refused,
    /// The project file, or an editor's own file.
    Elsewhere,
}

fn place_of(file: &SourceFile, reader: &mut Reader) -> Place {
    let start = Span::new(&file.path, 0, 0);
    if file.path.starts_with("seeds") {
        let diagnostic = Diagnostic::new(Code::E016, &start, "`seeds/` is not supported yet");
        reader.push(diagnostic.help("it is part of the language, and a later backendgen will read it"));
        return Place::Refused;
    }
    let Ok(inside) = file.path.strip_prefix("resources") else { return Place::Elsewhere };
    if inside.file_name().is_some_and(|name| name.starts_with('.') || name.ends_with('~')) {
        return Place::Elsewhere;
    }
    let stem = inside.as_str().strip_suffix(".yaml");
    if let Some(stem) = stem.filter(|stem| name::is_name(stem)) {
        return Place::Resource(stem.to_owned());
    }
    reader.push(not_a_resource(inside, stem, &start));
    Place::Refused
}

fn not_a_resource(inside: &Utf8Path, stem: Option<&str>, start: &Span) -> Diagnostic {
    let word = stem.unwrap_or(inside.as_str());
    let diagnostic = Diagnostic::new(Code::E010, start, format!("`{word}` is not a resource name"));
    if inside.components().count() > 1 {
        return diagnostic.help("resources/ has no folders: move the file out");
    }
    let plain = inside.as_str().strip_suffix(".yml").or(stem);
    let name = plain.map(|plain| name::to_name(plain).unwrap_or_else(|| plain.to_owned()));
    match name.filter(|name| name::is_name(name)) {
        Some(name) => diagnostic.help(format!("rename the file to `{name}.yaml` (snake_case, plural)")),
        None => diagnostic.help("a resource file ends in `.yaml` and has a snake_case, plural name"),
    }
}
