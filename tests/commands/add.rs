use crate::project::Project;

#[test]
fn a_resource_is_added_with_everything_that_follows() {
    let project = Project::generated();
    let said = project.run(&["add", "resource", "orders", "total:decimal:10,2", "customer: ref(users)?"]);
    assert_eq!(said.code, 0, "{said:?}");
    let first = said.out.lines().next();
    assert_eq!(first, Some("+ resources/orders.yaml   Order (class)   orders (table)   /orders (route)"));
    assert!(said.out.contains("new      app/models/order.py\n"), "{}", said.out);
    assert!(said.err.ends_with("next: alembic upgrade heads\n"), "{}", said.err);
    assert!(!said.out.contains("note"), "{}", said.out);
    assert_eq!(project.run(&["check"]).code, 0);
}

#[test]
fn a_field_is_added_in_place() {
    let project = Project::generated();
    project.replace("resources/notes.yaml", "  title:", "  # what it is called\n  title:");
    assert_eq!(project.run(&["generate"]).code, 0);
    let said = project.run(&["add", "field", "notes", "body:text:optional"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with("+ notes.body: text?\n"), "{}", said.out);
    let text = project.text("resources/notes.yaml");
    assert!(text.contains("  # what it is called\n") && text.contains("  body: text?\n"), "{text}");
    assert_eq!(project.run(&["check"]).code, 0);
}

#[test]
fn a_relation_prints_both_sides() {
    let project = Project::generated();
    let said = project.run(&["add", "relation", "notes", "editor:ref:users:optional:inverse:edited_notes"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with("+ notes.editor: ref(users)? inverse(edited_notes)\n+ users.edited_notes: "));
    let said = project.run(&["add", "relation", "notes", "body:text:optional"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("`body` is no relation but text"), "{}", said.err);
}

#[test]
fn what_exists_is_not_added_again() {
    let project = Project::generated();
    let before = project.files();
    assert_eq!(project.run(&["add", "resource", "notes"]).code, 2);
    assert_eq!(project.run(&["add", "field", "notes", "title:text"]).code, 2);
    let said = project.run(&["add", "field", "note", "body:text"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("did you mean `notes`?"), "{}", said.err);
    assert_eq!(project.files(), before);
}

#[test]
fn a_wrong_field_leaves_the_spec_as_it_was() {
    let project = Project::generated();
    let before = project.files();
    for field in ["total:decimals", "customer: ref(user)", "total:decimal:2,10", "Total:text"] {
        let said = project.run(&["add", "resource", "orders", field]);
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains("error[E"), "{}", said.err);
    }
    assert_eq!(project.files(), before);
}

#[test]
fn a_hand_edit_stops_an_addition_too() {
    let project = Project::generated();
    project.replace("app/models/note.py", "class Note", "class  Note");
    let before = project.files();
    assert_eq!(project.run(&["add", "field", "users", "nick:text:optional"]).code, 3);
    assert_eq!(project.files(), before);
}
