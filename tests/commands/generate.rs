use crate::project::{Project, said};

#[test]
fn a_second_run_touches_no_file() {
    let project = Project::generated();
    let before = project.files();
    let said = project.run(&["generate"]);
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "", "nothing to do\n"));
    assert_eq!(project.files(), before);
}

#[test]
fn a_changed_spec_changes_the_files_of_its_resource() {
    let project = Project::generated();
    project.replace("resources/notes.yaml", "  title:", "  body: text?\n  title:");
    let said = project.run(&["generate"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("changed  app/models/note.py +"), "{}", said.out);
    assert!(!said.out.contains("user.py"), "{}", said.out);
    assert_eq!(project.run(&["check"]).code, 0);
}

#[test]
fn a_hand_edit_stops_everything() {
    let project = Project::generated();
    project.replace("app/models/note.py", "class Note", "class  Note");
    project.replace("resources/users.yaml", "  email:", "  nick: text?\n  email:");
    let before = project.files();
    let said = project.run(&["generate"]);
    assert_eq!((said.code, said.out.as_str()), (3, ""));
    assert!(said.err.contains("error[BG201]: app/models/note.py:"), "{}", said.err);
    assert!(said.err.contains("= fix: backendgen resolve app/models/note.py --generated\n"), "{}", said.err);
    assert_eq!(project.files(), before);
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let project = Project::spec();
    let before = project.files();
    let dry = project.run(&["generate", "--dry-run"]);
    assert_eq!(project.files(), before);
    let real = project.run(&["generate"]);
    assert_eq!((dry.code, dry.out), (real.code, real.out));
}

#[test]
fn a_migration_can_be_left_out() {
    let project = Project::generated();
    project.replace("resources/notes.yaml", "  title:", "  body: text?\n  title:");
    assert_eq!(project.run(&["generate", "--no-migration"]).code, 0);
    let said = project.run(&["check"]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("error[BG401]: notes_body: the migration `notes_body` is missing"), "{}", said.out);
    assert_eq!(project.run(&["generate"]).code, 0);
    assert_eq!(project.run(&["check"]).code, 0);
}

#[test]
fn a_removed_resource_takes_its_files_along() {
    let project = Project::generated();
    project.remove("resources/notes.yaml");
    let said = project.run(&["generate", "--no-migration"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(!project.path("app/models/note.py").exists());
    assert!(!project.path(".backendgen/lock/notes.lock").exists());
}

#[test]
fn an_invalid_spec_writes_nothing() {
    let project = Project::generated();
    project.replace("resources/notes.yaml", "ref(users)", "ref(user)");
    let before = project.files();
    let said = project.run(&["generate"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains("help: did you mean `users`?"), "{}", said.err);
    assert_eq!(project.files(), before);
}

#[test]
fn the_output_does_not_depend_on_the_environment() {
    let here = Project::generated();
    let there = Project::spec();
    let mut command = there.command();
    command.current_dir(there.path("resources")).arg("generate");
    command
        .env("TZ", "Asia/Kathmandu")
        .env("LC_ALL", "tr_TR.UTF-8")
        .env("HOME", "/nowhere")
        .env("RAYON_NUM_THREADS", "1");
    assert_eq!(said(&mut command).code, 0);
    let texts =
        |project: &Project| project.files().into_iter().map(|(path, (bytes, _))| (path, bytes)).collect::<Vec<_>>();
    assert_eq!(texts(&here), texts(&there));
}

#[test]
fn patch_does_what_generate_does() {
    let (patched, generated) = (Project::generated(), Project::generated());
    for project in [&patched, &generated] {
        project.replace("resources/notes.yaml", "  title:", "  body: text?\n  title:");
    }
    fs_err::write(patched.path("change.patch"), patched.run(&["diff"]).out).expect("it can be written");
    let patch = std::process::Command::new("patch")
        .args(["-p1", "--silent", "-i", "change.patch"])
        .current_dir(patched.path(""))
        .status();
    let Ok(status) = patch else {
        assert!(std::env::var_os("CI").is_none(), "`patch` is missing");
        #[expect(clippy::print_stdout, reason = "who runs the tests sees what was not tested")]
        {
            println!("skipped: there is no `patch` here");
        }
        return;
    };
    assert!(status.success());
    patched.remove("change.patch");
    assert_eq!(generated.run(&["generate"]).code, 0);
    let texts = |project: &Project| {
        let files = project.files().into_iter().filter(|(path, _)| !path.starts_with(".backendgen"));
        files.map(|(path, (bytes, _))| (path, bytes)).collect::<Vec<_>>()
    };
    assert_eq!(texts(&patched), texts(&generated));
}
