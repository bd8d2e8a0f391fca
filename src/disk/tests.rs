use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::sync::atomic::AtomicBool;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use super::*;
use crate::reconcile::Found;

static QUIET: AtomicBool = AtomicBool::new(false);

struct Folder {
    temporary: TempDir,
}

impl Folder {
    fn new() -> Self {
        Self { temporary: tempfile::tempdir().expect("a temporary folder") }
    }

    fn path(&self, path: &str) -> Utf8PathBuf {
        Utf8Path::from_path(self.temporary.path()).expect("it is UTF-8").join(path)
    }

    fn root(&self) -> Root {
        Root::open(&self.path("")).expect("it exists")
    }

    fn with(self, path: &str, text: &str) -> Self {
        fs_err::create_dir_all(self.path(path).parent().expect("it has one")).expect("it can be created");
        fs_err::write(self.path(path), text).expect("it can be written");
        self
    }

    fn text(&self, path: &str) -> String {
        fs_err::read_to_string(self.path(path)).unwrap_or_default()
    }

    /// Every file and its text, but for the lock and the copies of replaced files.
    fn all(&self) -> Vec<String> {
        let mut all = Vec::new();
        let mut folders = vec![self.path("")];
        while let Some(folder) = folders.pop() {
            for entry in fs_err::read_dir(&folder).expect("it is a folder") {
                let path = Utf8PathBuf::try_from(entry.expect("it is readable").path()).expect("it is UTF-8");
                let name = path.strip_prefix(self.path("")).expect("it is inside").to_string();
                if path.is_dir() {
                    folders.push(path);
                    all.push(format!("{name}/"));
                } else {
                    all.push(format!("{name}: {}", fs_err::read_to_string(&path).expect("it is text").trim()));
                }
            }
        }
        all.retain(|line| !line.starts_with(".backendgen"));
        all.sort();
        all
    }
}

fn write<'a>(path: &'a str, text: &'a str, expected: Expected<'a>) -> Operation<'a> {
    Operation {
        path: Utf8Path::new(path),
        after: Some(text.as_bytes()),
        permissions: 0o644,
        expected,
        keeps_copy: false,
    }
}

fn delete<'a>(path: &'a str, text: &'a str) -> Operation<'a> {
    Operation { after: None, ..write(path, "", Expected::File(text.as_bytes())) }
}

fn message(error: &CommitError) -> String {
    match error {
        CommitError::Interrupted => "interrupted".to_owned(),
        CommitError::Environment(error) => format!("{error:#}"),
    }
}

#[test]
fn a_transaction_writes_and_deletes() {
    let folder = Folder::new().with("old/a", "a").with("b", "b");
    let operations =
        [write("new/x", "x", Expected::Absent), write("b", "B", Expected::File(b"b")), delete("old/a", "a")];
    commit(&folder.root(), &operations, &QUIET).expect("nothing is in the way");
    assert_eq!(folder.all(), ["b: B", "new/", "new/x: x"]);
    assert!(!folder.path(".backendgen/tmp/txn").exists());
}

#[test]
fn permissions_do_not_depend_on_the_umask() {
    let folder = Folder::new();
    let operation = Operation { permissions: 0o755, ..write("run", "x", Expected::Absent) };
    commit(&folder.root(), &[operation], &QUIET).expect("nothing is in the way");
    let mode = fs_err::metadata(folder.path("run")).expect("it exists").permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
}

#[test]
fn a_failure_in_the_middle_restores_everything() {
    let folder = Folder::new().with("a", "a").with("gone/b", "b");
    let before = folder.all();
    let operations = [
        write("a", "A", Expected::File(b"a")),
        delete("gone/b", "b"),
        write("deep/er/c", "c", Expected::Absent),
        write("file", "x", Expected::Absent),
        // The file above is no folder.
        write("file/in", "y", Expected::Absent),
    ];
    let error = commit(&folder.root(), &operations, &QUIET).expect_err("a file is no folder");
    assert!(message(&error).starts_with("cannot write file/in"), "{}", message(&error));
    assert_eq!(folder.all(), before);
    assert!(!folder.path(".backendgen/tmp/txn").exists());
}

#[test]
fn an_interrupt_restores_everything() {
    let folder = Folder::new().with("a", "a");
    let operations = [write("a", "A", Expected::File(b"a"))];
    let error = commit(&folder.root(), &operations, &AtomicBool::new(true)).expect_err("it is interrupted");
    assert!(matches!(error, CommitError::Interrupted));
    assert_eq!(folder.all(), ["a: a"]);
}

#[test]
fn what_somebody_saved_meanwhile_is_not_overwritten() {
    let folder = Folder::new().with("a", "saved by an editor");
    let operations = [write("b", "b", Expected::Absent), write("a", "A", Expected::File(b"a"))];
    let error = commit(&folder.root(), &operations, &QUIET).expect_err("a changed");
    assert_eq!(message(&error), "a changed while this command ran; run it again");
    assert_eq!(folder.all(), ["a: saved by an editor"]);
}

#[test]
fn no_path_leaves_the_project() {
    let folder = Folder::new().with("inside/x", "x");
    let root = Root::open(&folder.path("inside")).expect("it exists");
    for path in ["../out", "/tmp/out", "a/../../out", ".git/hooks/pre-commit"] {
        assert!(commit(&root, &[write(path, "x", Expected::Absent)], &QUIET).is_err(), "{path}");
        assert!(root.read(Utf8Path::new(path)).is_err(), "{path}");
    }
    assert_eq!(folder.all(), ["inside/", "inside/.backendgen/", "inside/.backendgen/tmp/", "inside/x: x"]);
}

#[test]
fn links_are_not_followed() {
    let outside = Folder::new().with("secret", "secret");
    let folder = Folder::new();
    symlink(outside.path(""), folder.path("app")).expect("links work");
    symlink(outside.path("secret"), folder.path("link")).expect("links work");
    symlink("nowhere", folder.path("dangling")).expect("links work");
    let read = |path: &str| folder.root().read(Utf8Path::new(path)).expect("it can be told");
    assert_eq!(read("app/secret"), Found::Obstacle("a symbolic link"));
    assert_eq!(read("link"), Found::Obstacle("a symbolic link"));
    assert_eq!(read("dangling"), Found::Obstacle("a symbolic link"));
    for path in ["app/secret", "app/new", "link", "dangling"] {
        assert!(commit(&folder.root(), &[write(path, "x", Expected::Absent)], &QUIET).is_err(), "{path}");
    }
    assert_eq!(outside.all(), ["secret: secret"]);
}

#[test]
fn folders_and_special_files_are_obstacles() {
    let folder = Folder::new().with("app/x", "x");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        folder.path("pipe").as_std_path(),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RWXU,
        0,
    )
    .expect("pipes work");
    let read = |path: &str| folder.root().read(Utf8Path::new(path)).expect("it can be told");
    assert_eq!(read("app"), Found::Obstacle("a folder"));
    assert_eq!(read("app/x/y"), Found::Obstacle("a file where a folder belongs"));
    assert_eq!(read("pipe"), Found::Obstacle("a special file"));
    assert_eq!(read("nothing/here"), Found::Absent);
}

#[test]
fn a_replaced_text_of_the_user_is_kept() {
    let folder = Folder::new().with("app/a", "mine");
    let operation = Operation { keeps_copy: true, ..write("app/a", "new", Expected::File(b"mine")) };
    commit(&folder.root(), &[operation], &QUIET).expect("nothing is in the way");
    assert_eq!(folder.text(".backendgen/tmp/replaced/1/app/a"), "mine");
}

#[test]
fn only_the_last_runs_keep_what_they_replaced() {
    let folder = Folder::new().with("a", "a");
    for _ in 0..22 {
        let operation = Operation { keeps_copy: true, ..write("a", "a", Expected::File(b"a")) };
        commit(&folder.root(), &[operation], &QUIET).expect("nothing is in the way");
    }
    let kept = fs_err::read_dir(folder.path(".backendgen/tmp/replaced")).expect("it exists").count();
    assert_eq!(kept, 20);
    assert!(folder.path(".backendgen/tmp/replaced/22").exists());
}

#[test]
fn what_a_killed_run_left_is_cleaned_up_and_originals_are_kept() {
    let folder = Folder::new().with(".backendgen/tmp/txn/new/0", "new").with(".backendgen/tmp/txn/old/1", "original");
    commit(&folder.root(), &[write("a", "a", Expected::Absent)], &QUIET).expect("nothing is in the way");
    assert!(!folder.path(".backendgen/tmp/txn").exists());
    assert_eq!(folder.text(".backendgen/tmp/replaced/1/1"), "original");
}

#[test]
fn two_runs_cannot_write_at_once() {
    let folder = Folder::new();
    let held = hold(&folder.root()).expect("it is free");
    let error = hold(&folder.root()).expect_err("it is held");
    assert!(error.to_string().contains(&format!("process {} on ", std::process::id())), "{error}");
    assert!(share(&folder.root()).is_err());
    drop(held);
    let shared = share(&folder.root()).expect("it is free");
    assert!(share(&folder.root()).is_ok());
    assert!(hold(&folder.root()).is_err());
    drop(shared);
}

#[test]
fn a_reader_creates_nothing() {
    let folder = Folder::new();
    share(&folder.root()).expect("nothing is there to lock");
    assert_eq!(fs_err::read_dir(folder.path("")).expect("it exists").count(), 0);
}

#[test]
fn the_spec_is_read_without_backups_and_hidden_files() {
    let folder = Folder::new()
        .with("backendgen.yaml", "backendgen: 1")
        .with("resources/posts.yaml", "fields: {}")
        .with("resources/posts.yaml~", "")
        .with("resources/.hidden.yaml", "")
        .with("resources/folder/x.yaml", "");
    let source = source(&folder.root()).expect("it is readable");
    let paths: Vec<_> = source.files().map(|file| file.path.as_str().to_owned()).collect();
    assert_eq!(paths, ["backendgen.yaml", "resources/folder", "resources/posts.yaml"]);
}

#[test]
fn git_says_whether_executable_bits_count() {
    let folder = Folder::new().with(".git/config", "[core]\n\tfileMode = false\n");
    let state = snapshot(&folder.root(), &[].into(), &[].into(), &[].into()).expect("it is readable");
    assert!(state.ignores_modes);
}
