//! `backendgen add`: adds to the spec, then acts as `generate`, in one transaction.

use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};

use super::apply::{Plan, apply};
use super::project::Project;
use super::{Context, Failure, Outcome, project};
use crate::cli::Add;
use crate::compile::Compiled;
use crate::exit::Exit;
use crate::plan::{Mode, Owner};
use crate::reconcile::{Action, Change, Choices};
use crate::report::Report;
use crate::source::{Source, SourceFile};
use crate::spec::argument::{FieldArgument, field_argument};
use crate::spec::{edit, name, suggest};

const VERB: &str = "add";

pub(super) fn run(context: &Context, what: &Add) -> Outcome {
    let project = project::open_to_write(context, VERB)?;
    match what {
        Add::Resource { name, fields, owner } => {
            let fields = read_fields(fields)?;
            let text = new_resource(&project, name, &fields, owner.as_deref())?;
            write(context, &project, &Addition { resource: name, fields: &fields, text })
        }
        Add::Field { resource, fields } => add_fields(context, &project, resource, &read_fields(fields)?),
        Add::Relation { resource, fields } => {
            let fields = read_fields(fields)?;
            if let Some(field) = fields.iter().find(|field| !is_relation(field)) {
                let message = format!("`{}` is no relation but {}; `add field` adds it", field.name, field.kind);
                return Err(Failure::Invalid(message));
            }
            add_fields(context, &project, resource, &fields)
        }
    }
}

/// What is added, and the new text of the file of the resource.
struct Addition<'a> {
    resource: &'a str,
    fields: &'a [FieldArgument],
    text: String,
}

fn read_fields(arguments: &[String]) -> Result<Vec<FieldArgument>, Failure> {
    let read = |argument: &String| {
        field_argument(argument).map_err(|error| {
            let report = Report::new(VERB, Exit::Invalid);
            Report { source: error.source, diagnostics: error.diagnostics, ..report }.into()
        })
    };
    arguments.iter().map(read).collect()
}

fn is_relation(field: &FieldArgument) -> bool {
    matches!(field.kind.as_str(), "ref" | "many")
}

fn file_of(resource: &str) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("resources/{resource}.yaml"))
}

fn new_resource(
    project: &Project,
    resource: &str,
    fields: &[FieldArgument],
    owner: Option<&str>,
) -> Result<String, Failure> {
    if !name::is_name(resource) {
        let message = format!("`{resource}` is not a resource name: use a plural in snake_case, such as `order_items`");
        return Err(Failure::Invalid(message));
    }
    if project.source.get(&file_of(resource)).is_some() {
        let message =
            format!("the resource `{resource}` exists already; `backendgen add field {resource} …` adds to it");
        return Err(Failure::Invalid(message));
    }
    Ok(edit::resource_text(fields, owner))
}

fn add_fields(context: &Context, project: &Project, resource: &str, fields: &[FieldArgument]) -> Outcome {
    let file = existing_file(project, resource)?;
    let text = edit::add_fields(file, fields).map_err(|diagnostics| {
        let report = Report::new(VERB, Exit::Invalid);
        Failure::from(Report { source: project.source.clone(), diagnostics, ..report })
    })?;
    write(context, project, &Addition { resource, fields, text })
}

fn existing_file<'a>(project: &'a Project, resource: &str) -> Result<&'a SourceFile, Failure> {
    let file = project.source.get(&file_of(resource));
    file.ok_or_else(|| {
        let known: Vec<_> = project.source.files().filter_map(|file| resource_of(&file.path)).collect();
        let nearest = suggest::nearest(resource, known.iter().copied());
        let hint = nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
        Failure::Invalid(format!("there is no resource `{resource}`{hint}"))
    })
}

fn resource_of(path: &Utf8Path) -> Option<&str> {
    path.strip_prefix("resources").ok()?.as_str().strip_suffix(".yaml")
}

fn write(context: &Context, project: &Project, addition: &Addition<'_>) -> Outcome {
    let path = file_of(addition.resource);
    let source = edited(&project.source, &path, &addition.text);
    let compiled = project.compile(&source, VERB)?;
    let changes = project.reconcile(&compiled, &Choices::default())?;
    let before = project.source.get(&path).map(|file| file.bytes.clone());
    let preface = match before {
        None => new_resource_line(addition.resource, &compiled),
        Some(_) => field_lines(addition),
    };
    let edit = Change {
        path,
        action: if before.is_some() { Action::Changed } else { Action::New },
        ownership: None,
        before,
        after: Some(addition.text.clone().into_bytes()),
        mode: Mode::Regular,
        replaces_edit: false,
    };
    let (edits, source, compiled, changes) = (&[edit], &source, &compiled, &changes);
    apply(context, &Plan { verb: VERB, project, source, compiled, changes, edits, preface })
}

fn edited(source: &Source, path: &Utf8Path, text: &str) -> Source {
    let mut source = source.clone();
    source.insert(path, text.as_bytes());
    source
}

/// What was derived: file, class, table and route.
fn new_resource_line(resource: &str, compiled: &Compiled) -> String {
    let owner = Owner::Resource(resource.to_owned());
    let record = compiled.owners.iter().find(|record| record.owner == owner);
    let derived =
        |key| record.and_then(|record| record.names.iter().find(|(name, _)| name == key)).map(|(_, value)| value);
    let mut line = format!("+ resources/{resource}.yaml");
    for (key, value) in [("class", derived("class")), ("table", derived("table"))] {
        if let Some(value) = value {
            write!(line, "   {value} ({key})").expect("writing to a string does not fail");
        }
    }
    line + &format!("   /{} (route)\n", resource.replace('_', "-"))
}

/// What was added; of a relation both sides.
fn field_lines(addition: &Addition<'_>) -> String {
    let mut lines = String::new();
    for field in addition.fields {
        let (resource, name) = (addition.resource, &field.name);
        writeln!(lines, "+ {resource}.{name}: {}", field.shorthand).expect("writing to a string does not fail");
        if let Some((target, inverse)) = other_side(resource, field) {
            writeln!(lines, "+ {target}.{inverse}: the {resource} of it").expect("writing to a string does not fail");
        }
    }
    lines
}

/// The resource and the name at the other end of a relation; none for one without an inverse.
fn other_side<'a>(resource: &'a str, field: &'a FieldArgument) -> Option<(&'a str, &'a str)> {
    let argument = |word: &str| {
        let start = field.shorthand.find(word)? + word.len();
        let length = field.shorthand[start..].find(')')?;
        Some(field.shorthand[start..start + length].trim())
    };
    let target = is_relation(field).then(|| argument(&format!("{}(", field.kind)))??;
    match argument("inverse(") {
        Some("none") => None,
        Some(inverse) => Some((target, inverse)),
        None => Some((target, resource)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relation_has_two_sides() {
        // field of posts, the other side
        let table = [
            ("editor:ref:users:optional:inverse:edited_posts", Some(("users", "edited_posts"))),
            ("tags:many:tags", Some(("tags", "posts"))),
            ("'editor: ref(users) inverse(none)'", None),
            ("title:text", None),
        ];
        let found = table.map(|(field, _)| {
            let field = field_argument(field.trim_matches('\'')).expect("the form is right");
            let side = other_side("posts", &field);
            side.map(|(target, inverse)| (target.to_owned(), inverse.to_owned()))
        });
        assert_eq!(found, table.map(|(_, side)| side.map(|(target, name)| (target.to_owned(), name.to_owned()))));
    }
}
