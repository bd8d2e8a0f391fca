//! An open project: what is on disk, compiled and compared.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Context, Failure};
use crate::compile::{Compiled, Recorded, compile};
use crate::disk::{self, ProcessLock, ReadLocksError, Root, SpecError};
use crate::exit::Exit;
use crate::finding::{Finding, FindingCode};
use crate::plan::Owner;
use crate::reconcile::{self, Changes, Choices, Locks, Wanted};
use crate::report::Report;
use crate::source::Source;

/// An open project.
pub(super) struct Project {
    pub root: Root,
    pub source: Source,
    pub locks: Locks,
    migrations: BTreeMap<Utf8PathBuf, Vec<u8>>,
    _lock: ProcessLock,
}

/// Opens the project for a command that changes nothing.
pub(super) fn open_to_read(context: &Context, verb: &'static str) -> Result<Project, Failure> {
    let root = open(context)?;
    let lock = disk::share(&root)?;
    read(root, lock, verb)
}

/// Opens the project for a command that writes; a dry run of it changes nothing.
pub(super) fn open_to_write(context: &Context, verb: &'static str) -> Result<Project, Failure> {
    if context.global.dry_run {
        return open_to_read(context, verb);
    }
    let root = open(context)?;
    let lock = disk::hold(&root)?;
    read(root, lock, verb)
}

fn open(context: &Context) -> Result<Root, Failure> {
    let folder = &context.environment.folder;
    let Some(path) = disk::find_root(folder) else {
        let message =
            format!("there is no backendgen.yaml in {folder} or above; `backendgen new NAME` creates a project");
        return Err(Failure::Invalid(message));
    };
    Ok(Root::open(&path)?)
}

fn read(root: Root, lock: ProcessLock, verb: &'static str) -> Result<Project, Failure> {
    let source = disk::source(&root).map_err(|error| spec_failure(error, verb))?;
    let locks = disk::locks(&root).map_err(|error| match error {
        ReadLocksError::Environment(error) => Failure::Environment(error),
        ReadLocksError::Obstacle(path, what) => obstacle(verb, &path, what),
        ReadLocksError::Unsupported(path, version) => {
            let message = format!("{path} has version {}, which a newer backendgen wrote: install that", version.0);
            Failure::Invalid(message)
        }
    })?;
    let migrations = disk::migrations(&root)?;
    Ok(Project { root, source, locks, migrations, _lock: lock })
}

/// What it means for a command that the spec cannot be read.
pub(super) fn spec_failure(error: SpecError, verb: &'static str) -> Failure {
    match error {
        SpecError::Environment(error) => Failure::Environment(error),
        SpecError::Obstacle(path, what) => obstacle(verb, &path, what),
    }
}

/// `check` turns everything that needs a decision into a finding.
fn obstacle(verb: &'static str, path: &Utf8Path, what: &str) -> Failure {
    let exit = if verb == "check" { Exit::Findings } else { Exit::Decision };
    let finding = Finding::at(FindingCode::BG501, path, format!("{what} is in the way")).fix("remove it");
    Report { findings: vec![finding], ..Report::new(verb, exit) }.into()
}

impl Project {
    /// Compiles a spec, usually the one of the project, sometimes an edited one.
    pub fn compile(&self, source: &Source, verb: &'static str) -> Result<Compiled, Failure> {
        let names = self.locks.iter().filter_map(|(owner, stored)| match owner {
            Owner::Resource(name) => Some((name.clone(), stored.parsed.lock.names.clone())),
            Owner::Project => None,
        });
        let recorded = Recorded { names: names.collect(), migrations: self.migrations.clone() };
        compile_source(source, &recorded, verb)
    }

    /// Compares what is wanted with what is there.
    pub fn reconcile(&self, compiled: &Compiled, choices: &Choices) -> Result<Changes, Failure> {
        let tree = &compiled.tree;
        let paths = reconcile::paths(tree, &self.locks);
        let bases = reconcile::bases(&self.locks);
        let snapshot = disk::snapshot(&self.root, &paths, &bases, &reconcile::module_folders(tree))?;
        let wanted = Wanted { tree, owners: &compiled.owners };
        Ok(reconcile::reconcile(wanted, &self.locks, &snapshot, choices))
    }
}

/// Compiles a spec, or reports everything that is wrong with it.
pub(super) fn compile_source(source: &Source, recorded: &Recorded, verb: &'static str) -> Result<Compiled, Failure> {
    compile(source, recorded).map_err(|diagnostics| {
        Report { source: source.clone(), diagnostics, ..Report::new(verb, Exit::Invalid) }.into()
    })
}
