use std::process::{Command, Stdio};

use crate::project::{Project, Said, said};

/// Runs a shell script in name spaces of its own, where it may mount; none where the system does not allow that.
fn unshared(project: &Project, script: &str) -> Option<Said> {
    let allowed = Command::new("unshare").args(["-rm", "true"]).stderr(Stdio::null()).status();
    if !allowed.is_ok_and(|status| status.success()) {
        #[expect(clippy::print_stdout, reason = "who runs the tests sees what was not tested")]
        {
            println!("skipped: this system allows no name spaces to users");
        }
        return None;
    }
    let tool = env!("CARGO_BIN_EXE_backendgen");
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-ec", script]).env("TOOL", tool).env_remove("CI").current_dir(project.path(""));
    Some(said(&mut command))
}

#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    let project = Project::generated();
    fs_err::create_dir(project.path("small")).expect("it can be created");
    let script = "
        mount -t tmpfs -o size=4m none small
        cp -r app migrations resources backendgen.yaml .backendgen small 2>/dev/null || true
        cp -r $(ls -A | grep -v '^small$') small
        cd small
        sed -i 's/  title:/  body: text?\\n  title:/' resources/notes.yaml
        find . -type f -not -path './.backendgen/tmp/*' | sort | xargs sha256sum > /tmp/before.$$
        dd if=/dev/zero of=.backendgen/tmp/filler bs=1k 2>/dev/null || true
        code=0; \"$TOOL\" generate || code=$?
        rm .backendgen/tmp/filler
        find . -type f -not -path './.backendgen/tmp/*' | sort | xargs sha256sum | diff - /tmp/before.$$ && echo unchanged
        rm /tmp/before.$$
        test ! -e .backendgen/tmp/txn && echo clean
        \"$TOOL\" generate >/dev/null && echo recovered
        exit $code";
    let Some(said) = unshared(&project, script) else {
        return;
    };
    assert_eq!((said.code, said.out.as_str()), (4, "unchanged\nclean\nrecovered\n"), "{}", said.err);
    assert!(said.err.contains("error: nothing was written: "), "{}", said.err);
}

#[test]
fn a_read_only_folder_leaves_everything_as_it_was() {
    let project = Project::generated();
    project.replace("resources/notes.yaml", "  title:", "  body: text?\n  title:");
    let before = project.files();
    let script = "
        mount --bind app/schemas app/schemas
        mount -o remount,bind,ro app/schemas
        exec \"$TOOL\" generate";
    let Some(said) = unshared(&project, script) else {
        return;
    };
    assert_eq!(said.code, 4, "{said:?}");
    let texts = |files: std::collections::BTreeMap<String, (Vec<u8>, std::time::SystemTime)>| {
        files.into_iter().map(|(path, (bytes, _))| (path, bytes)).collect::<Vec<_>>()
    };
    assert_eq!(texts(project.files()), texts(before));
}

#[test]
fn a_read_only_project_can_be_checked() {
    let project = Project::generated();
    let script = "
        mount --bind . /mnt
        mount -o remount,bind,ro /mnt
        cd /mnt
        \"$TOOL\" check && \"$TOOL\" diff --exit-code";
    let Some(said) = unshared(&project, script) else {
        return;
    };
    assert_eq!(said.code, 0, "{said:?}");
}

#[test]
fn a_project_that_cannot_be_created_leaves_nothing() {
    let project = Project::empty();
    fs_err::create_dir(project.path("small")).expect("it can be created");
    let script = "
        mount -t tmpfs -o size=32k none small
        cd small
        code=0; \"$TOOL\" new shop || code=$?
        ls -A
        exit $code";
    let Some(said) = unshared(&project, script) else {
        return;
    };
    assert_eq!((said.code, said.out.as_str()), (4, ""), "{}", said.err);
}

#[test]
fn two_runs_do_not_write_at_once() {
    let project = Project::generated();
    let lock = fs_err::File::open(project.path(".backendgen/tmp/lock")).expect("generate made it");
    lock.file().lock().expect("it is free");
    let said = project.run(&["generate"]);
    assert_eq!(said.code, 4);
    assert!(said.err.contains("is working on this project"), "{}", said.err);
    assert_eq!(project.run(&["check"]).code, 4);
}
