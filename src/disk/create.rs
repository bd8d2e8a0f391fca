//! Folders of new projects, and files outside of any project.

use std::io::Write as _;

use anyhow::{Context as _, Result};
use camino::{Utf8Path, Utf8PathBuf};

/// What stands where a new project is to be; nothing, or an empty folder, is fine.
///
/// # Errors
///
/// If that cannot be told.
pub fn occupant(folder: &Utf8Path) -> Result<Option<&'static str>> {
    match fs_err::symlink_metadata(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
        Ok(metadata) if !metadata.is_dir() => Ok(Some("exists and is not a folder")),
        Ok(_) => Ok(fs_err::read_dir(folder)?.next().map(|_| "exists and is not empty")),
    }
}

/// The folder of a project under construction.
#[derive(Debug)]
pub struct Created {
    folder: Utf8PathBuf,
    is_new: bool,
}

/// Creates the folder of a project.
///
/// # Errors
///
/// If it cannot be created.
pub fn create_project(folder: &Utf8Path) -> Result<Created> {
    let is_new = !folder.exists();
    if is_new {
        fs_err::create_dir(folder)?;
    }
    Ok(Created { folder: folder.to_owned(), is_new })
}

impl Created {
    /// Removes what is left of a project whose files could not be written: a failed transaction removed those.
    pub fn discard(self) {
        let tmp = self.folder.join(".backendgen/tmp");
        // What cannot be removed stays; the first error is the one to report.
        let _ = fs_err::remove_file(tmp.join("lock"));
        let _ = fs_err::remove_file(tmp.join(".gitignore"));
        let _ = fs_err::remove_dir(&tmp);
        let _ = fs_err::remove_dir(self.folder.join(".backendgen"));
        if self.is_new {
            let _ = fs_err::remove_dir(&self.folder);
        }
    }
}

/// Writes a report to a file that the user named.
///
/// # Errors
///
/// If it cannot be written.
pub fn write_report(path: &Utf8Path, text: &str) -> Result<()> {
    Ok(fs_err::write(path, text)?)
}

/// Appends to a file.
///
/// # Errors
///
/// If it cannot be written.
pub fn append(path: &Utf8Path, text: &str) -> Result<()> {
    let mut file = fs_err::OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {path}"))
}
