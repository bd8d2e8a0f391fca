use std::os::unix::fs::{PermissionsExt, symlink};

use crate::project::Project;

/// The codes that `check` prints, and its exit code.
fn codes(project: &Project) -> (i32, Vec<String>) {
    let said = project.run(&["check", "--verbose"]);
    let head = |line: &str| line.split_once("]: ").and_then(|(head, _)| Some(head.split_once('[')?.1.to_owned()));
    (said.code, said.out.lines().filter_map(head).filter(|code| code.starts_with("BG")).collect())
}

fn found(code: &str) -> (i32, Vec<String>) {
    (1, vec![code.to_owned()])
}

#[test]
fn a_clean_project_has_no_findings() {
    assert_eq!(codes(&Project::generated()), (0, vec![]));
}

#[test]
fn a_missing_file_is_found() {
    let project = Project::generated();
    project.remove("app/models/note.py");
    assert_eq!(codes(&project), found("BG102"));
}

#[test]
fn one_blank_is_found() {
    let project = Project::generated();
    project.replace("app/models/note.py", "class Note", "class  Note");
    assert_eq!(codes(&project), found("BG201"));
}

#[test]
fn a_stale_file_and_a_missing_migration_are_found() {
    let project = Project::generated();
    project.replace("resources/notes.yaml", "  title:", "  body: text?\n  title:");
    let (code, codes) = codes(&project);
    assert_eq!(code, 1);
    assert!(codes.contains(&"BG101".to_owned()) && codes.contains(&"BG401".to_owned()), "{codes:?}");
}

#[test]
fn a_file_that_is_no_longer_rendered_is_found() {
    let project = Project::generated();
    project.remove("resources/notes.yaml");
    let (code, codes) = codes(&project);
    assert_eq!(code, 1);
    assert!(codes.contains(&"BG104".to_owned()), "{codes:?}");
}

#[test]
fn a_lock_that_does_not_match_is_found() {
    let project = Project::generated();
    project.replace(".backendgen/lock/notes.lock", "n class Note\n", "");
    assert_eq!(codes(&project), found("BG303"));
    project.replace(".backendgen/lock/notes.lock", "n singular", "? singular");
    assert_eq!(codes(&project), found("BG301"));
    assert_eq!(project.run(&["generate"]).code, 0);
    assert_eq!(codes(&project), (0, vec![]));
}

#[test]
fn a_lock_of_a_newer_version_is_refused() {
    let project = Project::generated();
    project.replace(".backendgen/lock/notes.lock", "lock 1", "lock 99");
    let said = project.run(&["check"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("version 99"), "{}", said.err);
}

#[test]
fn executable_bits_are_found_and_repaired() {
    let project = Project::generated();
    let file = project.path("app/models/note.py");
    fs_err::set_permissions(&file, PermissionsExt::from_mode(0o755)).expect("it is ours");
    assert_eq!(codes(&project), found("BG103"));
    assert_eq!(project.run(&["generate"]).code, 0);
    assert_eq!(fs_err::metadata(&file).expect("it exists").permissions().mode() & 0o777, 0o644);
    assert_eq!(codes(&project), (0, vec![]));
}

#[test]
fn a_link_in_the_way_is_found() {
    let project = Project::generated();
    let outside = tempfile::tempdir().expect("a temporary folder");
    fs_err::rename(project.path("app/models"), outside.path().join("models")).expect("one file system");
    symlink(outside.path().join("models"), project.path("app/models")).expect("links work");
    let before = project.files();
    let (code, codes) = codes(&project);
    assert_eq!(code, 1);
    assert!(codes.iter().all(|code| code == "BG501"), "{codes:?}");
    assert_eq!(project.run(&["generate"]).code, 3);
    assert_eq!(project.files(), before);
}

#[test]
fn a_lock_reaches_nothing_outside() {
    let project = Project::generated();
    let hash = "0".repeat(64);
    for path in ["../../etc/x", "/abs", "C:\\x", ".git/hooks/pre-commit", ".GIT/config", "resources/users.yaml"] {
        let lock = project.text(".backendgen/lock/notes.lock");
        project.write(".backendgen/lock/notes.lock", &format!("{lock}f g 644 sha256:{hash} - {path}\n"));
        assert_eq!(codes(&project), found("BG502"), "{path}");
        assert_eq!(project.run(&["generate"]).code, 3, "{path}");
        project.write(".backendgen/lock/notes.lock", &lock);
    }
}

#[test]
fn a_checkout_with_windows_line_ends_is_no_edit() {
    let project = Project::generated();
    let text = project.text("app/models/note.py").replace('\n', "\r\n");
    project.write("app/models/note.py", &text);
    assert_eq!(codes(&project), (0, vec!["BG106".to_owned()]));
    project.replace("resources/notes.yaml", "  title:", "  body: text?\n  title:");
    assert_eq!(project.run(&["generate"]).code, 0);
    let text = project.text("app/models/note.py");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
}

#[test]
fn warnings_count_when_denied() {
    let project = Project::generated();
    project.write("app/models/stray.py", "");
    assert_eq!(project.run(&["check"]).code, 0);
    assert_eq!(project.run(&["check", "--deny", "warnings"]).code, 1);
    assert_eq!(project.run(&["check", "--deny", "BG302,BG105"]).code, 1);
    assert_eq!(project.run(&["check", "--deny", "BG105"]).code, 0);
    assert_eq!(project.run(&["check", "--deny", "nonsense"]).code, 2);
}

#[test]
fn nothing_is_written() {
    let project = Project::spec();
    let before = project.files();
    assert_eq!(project.run(&["check"]).code, 1);
    assert_eq!(project.run(&["diff"]).code, 0);
    assert_eq!(project.run(&["routes"]).code, 0);
    assert_eq!(project.files(), before);
    assert!(!project.path(".backendgen").exists());
}
