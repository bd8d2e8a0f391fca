use std::os::unix::fs::PermissionsExt as _;

use crate::project::Project;

#[test]
fn a_new_project_is_what_its_spec_says() {
    let project = Project::empty();
    let said = project.run(&["new", "my-app"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(said.out.contains("\n  cd my-app\n"));
    let project = project.entered("my-app");
    assert!(project.text("backendgen.yaml").contains("\nname: my_app\n"));
    let check = project.run(&["check"]);
    assert_eq!((check.code, check.out.as_str()), (0, "no findings: the project is what its spec says\n"));
    assert_eq!(project.run(&["generate"]).err, "nothing to do\n");
}

#[test]
fn the_secret_is_random_private_and_in_no_lock() {
    let secret = |project: &Project| {
        assert_eq!(project.run(&["new", "shop"]).code, 0);
        fs_err::read_to_string(project.path("shop/.env")).expect("it was written")
    };
    let (one, other) = (Project::empty(), Project::empty());
    assert_ne!(secret(&one), secret(&other));
    let mode = fs_err::metadata(one.path("shop/.env")).expect("it was written").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!one.entered("shop").text(".backendgen/lock/_project.lock").contains(" .env\n"));
}

#[test]
fn a_project_can_start_from_a_spec() {
    let project = Project::spec().with("resources/notes.yaml", "# my notes\nfields:\n  title: text\n");
    assert_eq!(project.run(&["new", "from-here", "--from", "."]).code, 0);
    let project = project.entered("from-here");
    assert!(project.text("backendgen.yaml").contains("name: from_here"));
    assert!(project.text("resources/notes.yaml").starts_with("# my notes\n"));
    assert_eq!(project.run(&["check"]).code, 0);
}

#[test]
fn a_folder_that_is_not_empty_is_left_alone() {
    let project = Project::empty().with("shop/mine.txt", "mine");
    let before = project.files();
    let said = project.run(&["new", "shop"]);
    assert_eq!(said.code, 3);
    assert!(said.err.contains("shop: exists and is not empty\n  = fix: choose another name"), "{}", said.err);
    assert_eq!(project.files(), before);
}

#[test]
fn an_empty_folder_is_fine() {
    let project = Project::empty();
    fs_err::create_dir(project.path("shop")).expect("it can be created");
    assert_eq!(project.run(&["new", "shop"]).code, 0);
}

#[test]
fn a_dry_run_creates_nothing() {
    let project = Project::empty();
    assert_eq!(project.run(&["new", "shop", "--dry-run"]).code, 0);
    assert_eq!(project.files().len(), 0);
}

#[test]
fn names_that_are_no_names_are_refused() {
    let project = Project::empty();
    let said = project.run(&["new", "../shop"]);
    assert_eq!(said.code, 2);
    assert!(said.err.starts_with("error: `../shop` is not a name"));
    assert_eq!(project.run(&["new", "shop", "--from", "nowhere"]).code, 2);
    assert_eq!(project.files().len(), 0);
}

#[test]
fn an_invalid_spec_creates_nothing() {
    let project = Project::spec().with("resources/notes.yaml", "fields:\n  title: strng\n");
    let said = project.run(&["new", "other", "--from", "."]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("error[E012]"), "{}", said.err);
    assert!(!project.path("other").exists());
}
