use crate::project::Project;

#[test]
fn every_help_has_an_example() {
    let project = Project::empty();
    let verbs = [
        "",
        "new",
        "add",
        "add resource",
        "add field",
        "add relation",
        "generate",
        "diff",
        "check",
        "resolve",
        "fmt",
        "explain",
        "schema",
        "routes",
        "completions",
    ];
    let without: Vec<_> = verbs
        .into_iter()
        .filter(|verb| {
            let arguments: Vec<_> = verb.split_whitespace().chain(["--help"]).collect();
            let said = project.run(&arguments);
            said.code != 0 || !said.out.contains("Example")
        })
        .collect();
    assert_eq!(without, Vec::<&str>::new());
}

#[test]
fn what_comes_later_is_refused_by_name() {
    let project = Project::generated();
    for verb in ["remove", "rename", "upgrade", "eject", "adopt", "release", "migrate", "import", "erd"] {
        let said = project.run(&[verb, "something"]);
        assert_eq!((said.code, said.err), (2, format!("error: `backendgen {verb}` is not supported yet\n")));
    }
}

#[test]
fn mistakes_on_the_command_line_end_with_2() {
    let project = Project::empty();
    assert_eq!(project.run(&["generat"]).code, 2);
    assert_eq!(project.run(&["check", "--unknown"]).code, 2);
    let said = project.run(&["check"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("`backendgen new NAME` creates a project"), "{}", said.err);
}

#[test]
fn codes_are_explained() {
    let project = Project::empty();
    let said = project.run(&["explain", "bg201"]);
    assert!(said.out.starts_with("BG201: A generated file was edited by hand."), "{}", said.out);
    assert!(project.run(&["explain", "E301"]).out.starts_with("E301"));
    assert_eq!(project.run(&["explain", "E000"]).code, 2);
}

#[test]
fn shells_can_complete() {
    let said = Project::empty().run(&["completions", "bash"]);
    assert!(said.out.contains("_backendgen()"), "{}", said.out);
}

#[test]
fn the_schemas_for_editors_are_those_of_a_project() {
    let project = Project::generated();
    for (name, arguments) in [("project", &["schema"][..]), ("resource", &["schema", "resource"])] {
        assert_eq!(project.run(arguments).out, project.text(&format!(".backendgen/schema/{name}.json")));
    }
}
