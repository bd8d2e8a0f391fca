use crate::project::Project;

const LAID_OUT: &str = "\
# yaml-language-server: $schema=../.backendgen/schema/resource.json
owner: author
fields:
  author: ref(users)
  title: string(1..200)  # what it is called
permissions: {read: owner, create: authenticated, write: owner}
";

const MESSY: &str = "\
permissions:   {read: owner,create: authenticated,   write: owner}
fields:
    author:
        type: ref(users)
    title:   string(1..200)     # what it is called
owner: author
";

fn messy() -> Project {
    let project = Project::generated();
    assert_eq!(project.run(&["fmt"]).code, 0);
    assert_eq!(project.run(&["generate"]).code, 0);
    project.with("resources/notes.yaml", MESSY)
}

#[test]
fn a_spec_is_laid_out_and_means_the_same() {
    let project = messy();
    let said = project.run(&["fmt"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with("changed  resources/notes.yaml ") && said.out.ends_with("1 changed\n"), "{said:?}");
    assert_eq!(project.text("resources/notes.yaml"), LAID_OUT);
    assert_eq!(project.run(&["check"]).code, 0);
}

#[test]
fn a_second_run_has_nothing_to_do() {
    let project = messy();
    project.run(&["fmt"]);
    let before = project.files();
    let said = project.run(&["fmt"]);
    assert_eq!((said.code, said.err.as_str()), (0, "nothing to do\n"), "{said:?}");
    assert_eq!(project.run(&["fmt", "--check"]).code, 0);
    assert_eq!(project.files(), before);
}

#[test]
fn check_names_the_files_and_writes_nothing() {
    let project = messy();
    let before = project.files();
    let said = project.run(&["fmt", "--check"]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("resources/notes.yaml") && !said.out.contains("users"), "{}", said.out);
    assert_eq!(said.err, "`backendgen fmt` lays these files out\n");
    assert_eq!(project.files(), before);
}

#[test]
fn a_dry_run_shows_the_diff_and_writes_nothing() {
    let project = messy();
    let before = project.files();
    let said = project.run(&["fmt", "--dry-run", "--diff"]);
    assert_eq!(said.code, 0);
    assert!(said.out.contains("+  title: string(1..200)  # what it is called\n"), "{}", said.out);
    assert_eq!(project.files(), before);
}

#[test]
fn a_file_that_is_no_yaml_is_reported_and_no_file_is_written() {
    let project = messy();
    project.write("resources/users.yaml", "fields: [\n");
    let before = project.files();
    let said = project.run(&["fmt"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("resources/users.yaml"), "{}", said.err);
    assert_eq!(project.files(), before);
}

#[test]
fn a_new_project_is_laid_out() {
    let project = Project::empty();
    assert_eq!(project.run(&["new", "shop"]).code, 0);
    let project = project.entered("shop");
    let said = project.run(&["fmt", "--check"]);
    assert_eq!(said.code, 0, "{said:?}");
    project.run(&["add", "resource", "orders", "total:decimal:10,2", "--owner", "buyer", "buyer:ref:users"]);
    let said = project.run(&["fmt", "--check"]);
    assert_eq!(said.code, 0, "{said:?}");
}
