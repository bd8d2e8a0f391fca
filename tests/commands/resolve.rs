use crate::project::Project;

#[test]
fn a_generated_file_is_written_again_and_the_edit_is_kept() {
    let project = Project::generated();
    project.replace("app/models/note.py", "class Note", "class  Note");
    let said = project.run(&["resolve", "app/models/note.py", "--generated"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(project.run(&["check"]).code, 0);
    assert!(project.text(".backendgen/tmp/replaced/1/app/models/note.py").contains("class  Note"));
}

#[test]
fn other_edits_do_not_stand_in_the_way() {
    let project = Project::generated();
    project.replace("app/models/note.py", "class Note", "class  Note");
    project.replace("app/models/user.py", "class User", "class  User");
    assert_eq!(project.run(&["resolve", "app/models/note.py", "--generated"]).code, 0);
    assert!(project.text("app/models/user.py").contains("class  User"));
}

#[test]
fn a_generated_file_cannot_be_the_users_without_a_line_in_the_spec() {
    let project = Project::generated();
    project.replace("app/models/note.py", "class Note", "class  Note");
    let said = project.run(&["resolve", "app/models/note.py", "--mine"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("ownership:\n    app/models/note.py: yours\n"), "{}", said.err);
    let spec = project.text("backendgen.yaml");
    project.write("backendgen.yaml", &format!("{spec}ownership:\n  app/models/note.py: yours\n"));
    assert_eq!(project.run(&["generate"]).code, 0);
    assert!(project.text("app/models/note.py").contains("class  Note"));
    assert_eq!(project.run(&["check"]).code, 0);
}

#[test]
fn a_shared_file_stays_as_the_user_decides() {
    let spec = "ownership:\n  app/models/note.py: merged\n";
    let project = Project::spec();
    let text = project.text("backendgen.yaml");
    project.write("backendgen.yaml", &format!("{text}{spec}"));
    assert_eq!(project.run(&["generate"]).code, 0);
    project.replace("app/models/note.py", "class Note", "class  Note");
    assert_eq!(project.run(&["check"]).code, 0);
    project.replace("resources/notes.yaml", "  title:", "  body: text?\n  title:");
    let said = project.run(&["generate"]);
    assert_eq!(said.code, 3);
    assert!(said.err.contains("error[BG204]: app/models/note.py"), "{}", said.err);
    assert_eq!(project.run(&["resolve", "app/models/note.py", "--mine"]).code, 0);
    assert_eq!(project.run(&["generate"]).code, 0);
    assert!(project.text("app/models/note.py").contains("class  Note"));
    assert_eq!(project.run(&["check"]).code, 0);
}

#[test]
fn only_files_of_the_project_can_be_resolved() {
    let project = Project::generated();
    for path in ["../x", "nothing.py", "/etc/passwd"] {
        assert_eq!(project.run(&["resolve", path, "--generated"]).code, 2, "{path}");
    }
    assert_eq!(project.run(&["resolve", "app/models/note.py"]).code, 2);
}
