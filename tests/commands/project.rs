//! A temporary project and what the tool says in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A folder, usually one with a generated project in it.
pub struct Project {
    folder: TempDir,
    inside: &'static str,
}

/// What one run said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

const SPEC: &str = "\
backendgen: 1
name: shop
databases: [sqlite]
auth:
  user: users
  permissions: {read: authenticated, write: authenticated}
";

const USERS: &str = "\
owner: self
operations: [list, get, update, delete]
permissions: {read: authenticated, update: owner, delete: owner}
fields:
  email: email unique
  password: password(12..128)
";

const NOTES: &str = "\
owner: author
permissions: {read: owner, create: authenticated, write: owner}
fields:
  author: ref(users)
  title: string(1..200)
";

impl Project {
    /// An empty folder.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder"), inside: "" }
    }

    /// The spec of a small shop, and nothing else.
    pub fn spec() -> Self {
        let files = [("backendgen.yaml", SPEC), ("resources/users.yaml", USERS), ("resources/notes.yaml", NOTES)];
        files.into_iter().fold(Self::empty(), |project, (path, text)| project.with(path, text))
    }

    /// The small shop, generated.
    pub fn generated() -> Self {
        let project = Self::spec();
        let said = project.run(&["generate"]);
        assert_eq!(said.code, 0, "{said:?}");
        project
    }

    /// The project that `new` just created here.
    pub fn entered(mut self, folder: &'static str) -> Self {
        self.inside = folder;
        self
    }

    pub fn with(self, path: &str, text: &str) -> Self {
        self.write(path, text);
        self
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(self.inside).join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs_err::create_dir_all(path.parent().expect("it has one")).expect("it can be created");
        fs_err::write(path, text).expect("it can be written");
    }

    pub fn text(&self, path: &str) -> String {
        fs_err::read_to_string(self.path(path)).expect("it can be read")
    }

    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.text(path);
        assert!(text.contains(from), "{path} does not contain {from}");
        self.write(path, &text.replacen(from, to, 1));
    }

    pub fn remove(&self, path: &str) {
        fs_err::remove_file(self.path(path)).expect("it can be removed");
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backendgen"));
        command.current_dir(self.path("")).env_remove("CI").env_remove("GITHUB_STEP_SUMMARY");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Said {
        said(self.command().args(arguments))
    }

    /// Every file with its content and its time of change, but for the folder of temporary files.
    pub fn files(&self) -> BTreeMap<String, (Vec<u8>, std::time::SystemTime)> {
        let mut files = BTreeMap::new();
        collect(&self.path(""), &self.path(""), &mut files);
        files.retain(|path, _| !path.starts_with(".backendgen/tmp"));
        files
    }
}

pub fn said(command: &mut Command) -> Said {
    let output = command.output().expect("the binary runs");
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Said { code: output.status.code().expect("it ended by itself"), out: text(output.stdout), err: text(output.stderr) }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, (Vec<u8>, std::time::SystemTime)>) {
    for entry in fs_err::read_dir(folder).expect("it is a folder") {
        let path = entry.expect("it is readable").path();
        let metadata = fs_err::symlink_metadata(&path).expect("it exists");
        if metadata.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("it is inside").to_string_lossy().into_owned();
            let bytes = fs_err::read(&path).unwrap_or_default();
            files.insert(name, (bytes, metadata.modified().expect("times are known")));
        }
    }
}
