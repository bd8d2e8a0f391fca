//! `backendgen new`: creates a project.

use camino::Utf8Path;

use super::apply::commit_operations;
use super::project::{compile_source, spec_failure};
use super::{Context, Failure, Outcome};
use crate::cli::New;
use crate::compile::Recorded;
use crate::disk::{self, Expected, Operation, Root};
use crate::exit::Exit;
use crate::finding::{Finding, FindingCode};
use crate::reconcile::{self, Change, Changes, Choices, Locks, Snapshot, Wanted};
use crate::report::{FileLine, Report, text};
use crate::source::Source;
use crate::spec::edit;

const VERB: &str = "new";
/// Longest name: that of a database.
const MAX_NAME: usize = 50;

const PROJECT: &str = "\
# yaml-language-server: $schema=.backendgen/schema/project.json
backendgen: 1
name: myapp
databases: [postgresql, sqlite]
auth:
  user: users
  roles: [user, admin]
  superuser: admin
  permissions:
    read: authenticated
    write: authenticated
defaults:
  id: uuid
";

const USERS: &str = "\
# yaml-language-server: $schema=../.backendgen/schema/resource.json
owner: self
fields:
  email: {type: email unique, permissions: {read: owner}}
  password: password(12..128)
  name: string(1..80)
  role: {type: role, permissions: {write: admin}}
operations: [list, get, update, delete]
permissions: {read: authenticated, update: owner, delete: owner}
";

pub(super) fn run(context: &Context, new: &New) -> Outcome {
    let name = project_name(&new.name)?;
    let folder = context.environment.folder.join(&new.name);
    let source = source(context, new, &name)?;
    let compiled = compile_source(&source, &Recorded::default(), VERB)?;
    if let Some(report) = refuse_occupied(&folder)? {
        return Ok(report);
    }
    let wanted = Wanted { tree: &compiled.tree, owners: &compiled.owners };
    let changes = reconcile::reconcile(wanted, &Locks::new(), &Snapshot::default(), &Choices::default());
    let mut report =
        Report { source: source.clone(), diagnostics: compiled.diagnostics, ..Report::new(VERB, Exit::Ok) };
    if !changes.refusals.is_empty() {
        return Ok(Report { findings: changes.refusals, exit: Exit::Decision, ..report });
    }
    report.files = changes.files.iter().filter_map(FileLine::of).collect();
    report.data = shown(context, new, &changes, report.files.len() + source.files().count() + 1);
    if !context.global.dry_run {
        write(context, &folder, &source, &changes)?;
    }
    Ok(report)
}

/// The `snake_case` form of a name that is kebab-case or `snake_case`.
fn project_name(name: &str) -> Result<String, Failure> {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let starts_well = name.starts_with(|first: char| first.is_ascii_lowercase());
    if starts_well && name.len() <= MAX_NAME && name.split(['-', '_']).all(is_word) {
        return Ok(name.replace('-', "_"));
    }
    let message = format!(
        "`{name}` is not a name: use kebab-case or snake_case, such as `my-shop`, and at most {MAX_NAME} characters"
    );
    Err(Failure::Invalid(message))
}

fn source(context: &Context, new: &New, name: &str) -> Result<Source, Failure> {
    let project = Utf8Path::new("backendgen.yaml");
    let mut source = starting_point(context, new)?;
    if let Some(file) = source.get(project) {
        let named = edit::set_name(file, name).map_err(|diagnostics| {
            let report = Report::new(VERB, Exit::Invalid);
            Failure::from(Report { source: source.clone(), diagnostics, ..report })
        })?;
        let has_header = named.starts_with("# yaml-language-server:");
        source.insert(project, if has_header { named } else { format!("{}\n{named}", edit::PROJECT_HEADER) });
    }
    Ok(source)
}

/// The spec to copy: the built-in one, or that of a folder.
fn starting_point(context: &Context, new: &New) -> Result<Source, Failure> {
    let Some(from) = &new.from else {
        let mut source = Source::default();
        source.insert("backendgen.yaml", PROJECT);
        source.insert("resources/users.yaml", USERS);
        return Ok(source);
    };
    let folder = context.environment.folder.join(from);
    if disk::find_root(&folder).as_ref() != Some(&folder) {
        return Err(Failure::Invalid(format!("there is no backendgen.yaml in {from}")));
    }
    disk::folder_source(&folder).map_err(|error| spec_failure(error, VERB))
}

/// A project starts in a folder that does not exist or is empty.
fn refuse_occupied(folder: &Utf8Path) -> Result<Option<Report>, Failure> {
    let Some(what) = disk::occupant(folder)? else {
        return Ok(None);
    };
    let name = folder.file_name().unwrap_or_default();
    let finding = Finding::at(FindingCode::BG202, name, what).fix("choose another name, or move what is there");
    let message = "nothing was written\n".to_owned();
    Ok(Some(Report { findings: vec![finding], message, ..Report::new(VERB, Exit::Decision) }))
}

fn write(context: &Context, folder: &Utf8Path, source: &Source, changes: &Changes) -> Result<(), Failure> {
    let environment = format!("# Read in development; never committed.\nSECRET_KEY={}\n", disk::random_key()?);
    let created = disk::create_project(folder)?;
    let outcome = write_into(context, folder, source, changes, &environment);
    if outcome.is_err() {
        created.discard();
    }
    outcome
}

fn write_into(
    context: &Context,
    folder: &Utf8Path,
    source: &Source,
    changes: &Changes,
    environment: &str,
) -> Result<(), Failure> {
    let root = Root::open(folder)?;
    let _lock = disk::hold(&root)?;
    let file = |path, bytes, permissions| Operation {
        path,
        after: Some(bytes),
        permissions,
        expected: Expected::Absent,
        keeps_copy: false,
    };
    let is_lock = |change: &&Change| change.path.starts_with(".backendgen/lock");
    let mut operations: Vec<_> = changes.in_order().filter(|change| !is_lock(change)).map(Operation::from).collect();
    operations.push(file(Utf8Path::new(".env"), environment.as_bytes(), 0o600));
    operations.extend(source.files().map(|spec| file(&spec.path, &spec.bytes, 0o644)));
    operations.extend(changes.in_order().filter(is_lock).map(Operation::from));
    commit_operations(context, &root, &operations)
}

fn shown(context: &Context, new: &New, changes: &Changes, files: usize) -> String {
    let shown = if context.global.diff { text::diff(changes.files.iter()) } else { String::new() };
    let name = &new.name;
    let next = format!(
        "created {name}: {files} files

  cd {name}
  python -m venv .venv && .venv/bin/pip install -U pip && .venv/bin/pip install -e . --group dev
  .venv/bin/alembic upgrade heads
  .venv/bin/fastapi dev

With uv: uv sync && uv run alembic upgrade heads && uv run fastapi dev
"
    );
    shown + &next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case_or_snake_case() {
        let table = [
            ("shop", Some("shop")),
            ("my-shop", Some("my_shop")),
            ("my_shop2", Some("my_shop2")),
            ("My-Shop", None),
            ("2shop", None),
            ("my--shop", None),
            ("../shop", None),
            ("", None),
        ];
        assert_eq!(
            table.map(|(name, _)| (name, project_name(name).ok())),
            table.map(|(n, e)| (n, e.map(str::to_owned)))
        );
    }
}
