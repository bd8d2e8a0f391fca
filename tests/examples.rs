//! The committed trees of `examples/` are what their specs give, so the drift check tests itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const EXAMPLES: [&str; 3] = ["todo", "blog", "kitchen-sink"];

fn committed(example: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example)
}

fn backendgen(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backendgen"));
    command.current_dir(folder).args(arguments).output().expect("the binary is built")
}

/// All files below a folder by path, without what Python and runs of the tool leave behind.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(current) = folders.pop() {
        for entry in fs_err::read_dir(&current).expect("the folder exists") {
            let path = entry.expect("the folder can be read").path();
            let name = path.strip_prefix(folder).expect("found below").to_string_lossy().replace('\\', "/");
            if name.contains("__pycache__") || name.starts_with(".backendgen/tmp") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(name, fs_err::read(&path).expect("the file can be read"));
            }
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let target = to.join(name);
        fs_err::create_dir_all(target.parent().expect("a file has a folder")).expect("the copy is ours");
        fs_err::write(target, bytes).expect("the copy is ours");
    }
}

#[test]
fn generate_changes_no_byte_of_the_committed_trees_and_check_finds_nothing() {
    for example in EXAMPLES {
        let folder = TempDir::new().expect("there is a temporary folder");
        copy(&committed(example), folder.path());
        let before = files(folder.path());

        let check = backendgen(folder.path(), &["check"]);
        let generate = backendgen(folder.path(), &["generate", "--yes"]);

        assert!(check.status.success(), "{example}: {}", String::from_utf8_lossy(&check.stdout));
        assert!(generate.status.success(), "{example}: {}", String::from_utf8_lossy(&generate.stdout));
        assert!(before == files(folder.path()), "{example} has changed");
    }
}

#[test]
fn a_new_project_from_the_spec_of_an_example_is_its_committed_tree() {
    for example in EXAMPLES {
        let folder = TempDir::new().expect("there is a temporary folder");
        let from = committed(example);
        let new = backendgen(folder.path(), &["new", example, "--from", from.to_str().expect("the path is UTF-8")]);
        assert!(new.status.success(), "{}", String::from_utf8_lossy(&new.stderr));

        let mut rendered = files(&folder.path().join(example));
        let mut expected = files(&from);
        rendered.remove(".env");
        expected.retain(|name, _| !name.starts_with("tests/custom/test_"));

        let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&rendered), names(&expected), "{example}");
        let changed: Vec<_> = expected.iter().filter(|(name, bytes)| rendered[*name] != **bytes).collect();
        assert!(changed.is_empty(), "{example}: {:?} differ", changed.iter().map(|(name, _)| name).collect::<Vec<_>>());
    }
}
