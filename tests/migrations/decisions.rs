//! Which changes are written, and which are asked about.

use std::collections::BTreeMap;

use backendgen::migration::{History, pending};

use crate::ALL;
use crate::project::Project;
use crate::schemas::of_spec;

const PROJECT: (&str, &str) =
    ("backendgen.yaml", "backendgen: 1\nname: shop\ndatabases: [postgresql, mysql, sqlite]\nfeatures: []\n");
const BOXES: (&str, &str) = ("resources/boxes.yaml", "fields:\n  label: string(40)\n");
const BEFORE: &str = "fields:
  name: string(40)
  size: int?
  state: enum(new, old)
  box: ref(boxes)?
indexes:
  - [name]
";

/// The questions for a changed resource, or the slug of what is written.
fn outcome(changed: &str) -> String {
    let mut project = Project::new("decisions", &ALL);
    project.write_revision(&of_spec(&[PROJECT, BOXES, ("resources/things.yaml", BEFORE)]));
    let (history, _) = History::read(project.files(), &ALL);
    let wanted = of_spec(&[PROJECT, BOXES, ("resources/things.yaml", changed)]);
    match pending(&wanted, &history, &ALL) {
        Ok(None) => "nothing".to_owned(),
        Ok(Some(revision)) => revision.slug,
        Err(decisions) => {
            let questions = decisions.iter().map(|decision| format!("{}:{}", decision.code, decision.subject));
            questions.collect::<Vec<_>>().join(" ")
        }
    }
}

#[test]
fn only_what_is_safe_on_rows_is_written() {
    // in place of, this; the slug or the questions
    let table = [
        ("size: int?", "size: int?", "nothing"),
        ("size: int?", "size: int?\n  note: text?", "things_note"),
        ("size: int?", "size: int?\n  rank: int = 3", "things_rank"),
        ("size: int?", "size: int?\n  kind: enum(a, b)? = a", "things_kind"),
        ("size: int?", "size: int?\n  other: {type: \"ref(boxes)?\", inverse: none}", "things_other_id"),
        ("size: int?", "size: int?\n  tags: many(boxes) inverse(tagged)", "thing_tags"),
        ("size: int?", "size: int? index", "things_size"),
        ("  - [name]", "  - [name, size]", "things_name"),
        ("box: ref(boxes)?", "box: {type: \"ref(boxes)?\", index: false}", "BG402:things.box_id"),
        ("size: int?", "size: int?\n  note: string", "MF103:things.note"),
        ("size: int?", "size: int?\n  at: datetime = now", "MF103:things.at"),
        ("size: int?", "size: int?\n  code: string? unique", "MF101:things.code"),
        ("size: int?", "size: int", "MF104:things.size"),
        ("size: int?", "size: bigint?", "MF106:things.size"),
        ("size: int?", "size: int? >= 0", "MF105:things.size"),
        ("  size: int?\n", "", "DS103:things.size"),
        ("size: int?", "length: int?", "DS103:things.size"),
        ("name: string(40)", "name: string(40) unique", "MF101:things.name"),
        ("name: string(40)", "name: string(40) = x", "BG402:things.name"),
        ("enum(new, old)", "enum(new, old, lost)", "MF105:things.state"),
    ];
    let found = table.map(|(old, new, _)| (old, new, outcome(&BEFORE.replace(old, new))));
    let wanted = table.map(|(old, new, outcome)| (old, new, outcome.to_owned()));
    assert_eq!(found, wanted);
}

#[test]
fn a_dropped_column_names_what_it_may_have_become() {
    let mut project = Project::new("candidates", &ALL);
    project.write_revision(&of_spec(&[PROJECT, BOXES, ("resources/things.yaml", BEFORE)]));
    let (history, _) = History::read(project.files(), &ALL);
    let changed = BEFORE.replace("size: int?", "length: int?\n  width: int?\n  note: text?");
    let wanted = of_spec(&[PROJECT, BOXES, ("resources/things.yaml", &changed)]);
    let decisions = pending(&wanted, &history, &ALL).expect_err("a column goes");
    assert_eq!(decisions[0].candidates, ["things.length", "things.width"]);
}

#[test]
fn broken_records_are_found() {
    let mut project = Project::new("broken", &ALL);
    project.write_revision(&of_spec(&[PROJECT, BOXES]));
    let path = |extension: &str| {
        let paths = project.files().keys().filter(|path| path.as_str().contains("initial") == (extension == "py"));
        paths.rev().find(|path| path.extension() == Some(extension)).expect("it was written").clone()
    };
    let (revision, sidecar) = (path("py"), path("json"));
    let text = |path| String::from_utf8(project.files()[path].clone()).expect("files are UTF-8");
    let with = |path: &camino::Utf8PathBuf, text: Option<String>| {
        let mut files = project.files().clone();
        match text {
            Some(text) => files.insert(path.clone(), text.into_bytes()),
            None => files.remove(path),
        };
        codes(&files)
    };
    let python = text(&revision);
    let json = text(&sidecar);
    let foreign = "migrations/versions/abc_by_hand.py".into();
    let id = sidecar.file_stem().expect("it is named by its id");
    // what was done to the files, and the codes
    let table = [
        ("nothing", with(&revision, Some(python.clone())), "sound"),
        ("revision edited", with(&revision, Some(format!("{python}\n# checked\n"))), "BG404 sound"),
        (
            "parent edited",
            with(&revision, Some(python.replace("down_revision = None", "down_revision = 'x'"))),
            "BG407 BG412",
        ),
        ("sidecar deleted", with(&sidecar, None), "BG412"),
        ("sidecar edited", with(&sidecar, Some(json.replace("varchar(40)", "varchar(41)"))), "BG412 BG412"),
        ("revision deleted", with(&revision, None), "BG412"),
        ("one by hand", with(&foreign, Some(format!("revision = 'abc'\ndown_revision = '{id}'\n"))), "BG403 sound"),
        ("no parent", with(&foreign, Some("revision = 'abc'\ndown_revision = 'gone'\n".into())), "BG403 BG407"),
        ("a cycle", with(&foreign, Some("revision = 'abc'\ndown_revision = 'abc'\n".into())), "BG403 BG407"),
        ("id taken", with(&foreign, Some(format!("revision = '{id}'\ndown_revision = None\n"))), "BG404 BG407"),
        ("id base", with(&foreign, Some(format!("revision = 'base'\ndown_revision = '{id}'\n"))), "BG403 BG407"),
        (
            "id of 40 letters",
            with(&foreign, Some(format!("revision = '{}'\ndown_revision = '{id}'\n", "a".repeat(40)))),
            "BG403 BG407",
        ),
        ("not Python", with(&foreign, Some("revision = (".into())), "BG407"),
    ];
    assert_eq!(
        table.clone().map(|(case, found, _)| (case, found)),
        table.map(|(case, _, codes)| (case, codes.to_owned()))
    );
}

/// The codes of all findings, and whether the history is sound.
fn codes(files: &BTreeMap<camino::Utf8PathBuf, Vec<u8>>) -> String {
    let (history, findings) = History::read(files, &ALL);
    let mut codes: Vec<_> = findings.iter().map(|finding| finding.code.as_str()).collect();
    codes.sort_unstable();
    codes.extend(history.is_sound.then_some("sound"));
    codes.join(" ")
}
