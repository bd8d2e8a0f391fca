use serde_json::Value;

use crate::project::{Project, said};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn json_has_the_documented_shape() {
    let project = Project::generated();
    project.replace("app/models/note.py", "class Note", "class  Note");
    let said = project.run(&["check", "--format", "json"]);
    let document = json(&said.out);
    assert_eq!(said.code, 1);
    assert_eq!(document["schema"], "backendgen.findings/1");
    assert_eq!(document["command"], "check");
    assert_eq!(document["status"], "findings");
    assert_eq!(document["exit_code"], 1);
    assert_eq!(document["summary"]["error"], 1);
    let findings = document["findings"].as_array().expect("a list");
    let finding = findings.iter().find(|finding| finding["code"] == "BG201").expect("the edit is found");
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["file"], "app/models/note.py");
    assert_eq!(finding["resource"], "notes");
    assert_eq!(finding["message"], "was edited by hand");
    assert_eq!(finding["fix"], "backendgen resolve app/models/note.py --generated");
    assert!(finding["line"].is_u64());
    assert!(finding["diff"].as_str().is_some_and(|diff| diff.contains("-class  Note")));
    assert!(finding["expected"].as_str().is_some_and(|digest| digest.starts_with("sha256:")));
}

#[test]
fn every_exit_code_has_one_document() {
    let project = Project::generated();
    let code = |arguments: &[&str]| {
        let said = project.run(arguments);
        (said.code, json(&said.out)["exit_code"].as_i64())
    };
    assert_eq!(code(&["generate", "--format", "json"]), (0, Some(0)));
    assert_eq!(code(&["nonsense", "--format", "json"]), (2, Some(2)));
    project.replace("app/models/note.py", "class Note", "class  Note");
    assert_eq!(code(&["check", "--format", "json"]), (1, Some(1)));
    assert_eq!(code(&["generate", "--format", "json"]), (3, Some(3)));
    project.replace("resources/notes.yaml", "ref(users)", "ref(user)");
    assert_eq!(code(&["check", "--format", "json"]), (2, Some(2)));
    assert_eq!(code(&["diff", "--format", "json"]), (2, Some(2)));
}

#[test]
fn a_refusal_is_a_decision_in_json() {
    let project = Project::generated();
    project.replace("app/models/note.py", "class Note", "class  Note");
    let document = json(&project.run(&["generate", "--format", "json"]).out);
    assert_eq!(document["decisions"][0]["code"], "BG201");
    assert_eq!(document["decisions"][0]["subject"], "app/models/note.py");
    assert_eq!(document["decisions"][0]["command"], "backendgen resolve app/models/note.py --generated");
}

#[test]
fn generate_lists_its_files_in_json() {
    let project = Project::generated();
    project.replace("resources/notes.yaml", "  title:", "  body: text?\n  title:");
    let document = json(&project.run(&["generate", "--format", "json"]).out);
    let files = document["files"].as_array().expect("a list");
    let model = files.iter().find(|file| file["file"] == "app/models/note.py").expect("it changed");
    assert_eq!((&model["action"], &model["class"]), (&"changed".into(), &"generated".into()));
}

#[test]
fn github_gets_annotations_and_a_summary() {
    let project = Project::generated();
    project.replace("app/models/note.py", "class Note", "class  Note");
    let mut command = project.command();
    command.args(["check", "--format", "github"]).env("GITHUB_STEP_SUMMARY", project.path("summary.md"));
    let said = said(&mut command);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("::error file=app/models/note.py,line="), "{}", said.out);
    assert!(project.text("summary.md").contains("| BG201 | app/models/note.py |"));
}

#[test]
fn data_can_go_to_a_file() {
    let project = Project::generated();
    let said = project.run(&["routes", "--output", "routes.txt"]);
    assert_eq!((said.code, said.out.as_str()), (0, ""));
    assert!(project.text("routes.txt").contains("/api/v1/notes"));
}

#[test]
fn colour_is_used_when_asked_for_only() {
    let project = Project::generated();
    project.replace("app/models/note.py", "class Note", "class  Note");
    assert!(!project.run(&["check"]).out.contains('\u{1b}'));
    assert!(project.run(&["check", "--color", "always"]).out.contains('\u{1b}'));
}

#[test]
fn a_difference_is_an_exit_code_when_asked_for() {
    let project = Project::generated();
    assert_eq!(project.run(&["diff", "--exit-code"]).code, 0);
    project.replace("resources/notes.yaml", "  title:", "  body: text?\n  title:");
    assert_eq!(project.run(&["diff", "--exit-code"]).code, 1);
    assert_eq!(project.run(&["diff"]).code, 0);
}
