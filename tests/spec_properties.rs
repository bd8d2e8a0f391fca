//! No input makes the reader of specs panic, and the layout keeps what a spec says.
#![expect(clippy::disallowed_methods, reason = "tests read the examples")]

use std::path::Path;

use backendgen::diagnostic::Severity;
use backendgen::model::{self, Pins};
use backendgen::report::diagnostics::{Color, render};
use backendgen::source::Source;
use backendgen::spec;
use backendgen::spec::argument::field_argument;
use backendgen::spec::format::{FileKind, format};
use camino::Utf8Path;
use proptest::prelude::*;

/// Pieces that mean something somewhere.
const PIECES: &[&str] = &[
    " ",
    "\n",
    "\n  ",
    "\t",
    ":",
    ": ",
    " #",
    "- ",
    "?",
    "? ",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    ",",
    "|",
    ">",
    ">=",
    "=",
    "=>",
    "\"",
    "'",
    "\\",
    "&a ",
    "*a",
    "!!str ",
    "<<: ",
    "---\n",
    "%",
    "@",
    "`",
    "~",
    "null",
    "true",
    "no",
    "0755",
    "1e3",
    "-1",
    "..",
    "string",
    "enum(",
    "ref(self)",
    "many(tags)",
    "list(list(",
    "decimal(10,2)",
    "object",
    "role",
    "unique",
    "inverse(none)",
    "= now",
    "now()",
    "== null",
    "matches '('",
    "not in [",
    "\u{a0}",
    "\u{feff}",
    "\r\n",
    "\u{0}",
    "é",
    "\u{1f600}",
    "x-allow: [W510]\n",
    "fields:",
    "type: ",
    "values: ",
    "fields: {",
    "rules:\n  - ",
];

/// A change of a text.
#[derive(Debug, Clone)]
enum Change {
    Insert(usize, &'static str),
    Remove(usize, usize),
    Repeat(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<usize>(), proptest::sample::select(PIECES)).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (any::<usize>(), 1..40_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (any::<usize>(), 1..80_usize).prop_map(|(at, length)| Change::Repeat(at, length)),
    ]
}

fn changed(text: &str, changes: &[Change]) -> String {
    changes.iter().fold(text.to_owned(), |text, change| {
        let place = |at: usize| text.floor_char_boundary(at % (text.len() + 1));
        let range = |at: usize, length: usize| {
            let start = place(at);
            start..text.floor_char_boundary((start + length).min(text.len()))
        };
        match *change {
            Change::Insert(at, piece) => format!("{}{piece}{}", &text[..place(at)], &text[place(at)..]),
            Change::Remove(at, length) => {
                let range = range(at, length);
                format!("{}{}", &text[..range.start], &text[range.end..])
            }
            Change::Repeat(at, length) => {
                let range = range(at, length);
                format!("{}{}{}", &text[..range.end], &text[range.clone()], &text[range.end..])
            }
        }
    })
}

/// The files of the examples: path and text.
fn specs() -> Vec<Vec<(String, String)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["examples/kitchen-sink", "examples/blog", "tests/specs/shop", "tests/specs/project-tracker"];
    folders.iter().map(|folder| files(&root.join(folder))).collect()
}

fn files(root: &Path) -> Vec<(String, String)> {
    let resources = std::fs::read_dir(root.join("resources")).expect("the spec has resources");
    let mut paths: Vec<_> = resources.map(|entry| entry.expect("the folder can be read").path()).collect();
    paths.push(root.join("backendgen.yaml"));
    paths.sort();
    let relative = |path: &Path| {
        let relative = path.strip_prefix(root).expect("the file lies in the spec");
        relative.to_str().expect("paths are UTF-8").to_owned()
    };
    paths.iter().map(|path| (relative(path), std::fs::read_to_string(path).expect("specs are text"))).collect()
}

fn kind_of(path: &str) -> FileKind {
    if path.starts_with("resources") { FileKind::Resource } else { FileKind::Project }
}

/// Everything that a run does with a spec before it writes.
fn understand(source: &Source) {
    let parsed = spec::parse(source);
    let mut diagnostics = parsed.diagnostics;
    if let Some(spec) = parsed.spec {
        match model::resolve(&spec, &Pins::new()) {
            Ok((_, notes)) => diagnostics.extend(notes),
            Err(errors) => diagnostics.extend(errors),
        }
    }
    drop(render(source, &diagnostics, Severity::Info, Color::On));
}

/// The layout of a file, and that a second run changes nothing.
fn check_layout(path: &str, text: &str) {
    let mut source = Source::default();
    source.insert(path, text);
    let kind = kind_of(path);
    let Ok(once) = format(source.get(Utf8Path::new(path)).expect("just inserted"), kind) else { return };
    source.insert(path, once.as_bytes());
    let twice = format(source.get(Utf8Path::new(path)).expect("just inserted"), kind);
    assert_eq!(twice.as_ref(), Ok(&once), "{path}");
}

#[test]
fn the_examples_have_a_stable_layout() {
    for spec in specs() {
        for (path, text) in spec {
            check_layout(&path, &text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_changed_spec_makes_it_panic(
        which in 0..4_usize,
        file in any::<proptest::sample::Index>(),
        changes in proptest::collection::vec(change(), 1..6),
    ) {
        let mut spec = specs().swap_remove(which);
        let position = file.index(spec.len());
        spec[position].1 = changed(&spec[position].1, &changes);
        let mut source = Source::default();
        for (path, text) in &spec {
            source.insert(path.as_str(), text.as_bytes());
        }
        understand(&source);
        let (path, text) = &spec[position];
        check_layout(path, text);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut source = Source::default();
        source.insert("backendgen.yaml", bytes.clone());
        source.insert("resources/posts.yaml", bytes);
        understand(&source);
    }

    #[test]
    fn no_field_of_the_command_line_makes_it_panic(parts in proptest::collection::vec(proptest::sample::select(PIECES), 0..8)) {
        drop(field_argument(&parts.concat()));
    }
}

#[test]
fn a_megabyte_of_anything_is_refused_quickly() {
    for piece in ["[", "{", "- ", "a: ", "? ", "(", "'", "\"", "&a ", "*a ", "!a ", "#", "a: b\n", "\t"] {
        let text = piece.repeat(1024 * 1024 / piece.len());
        let mut source = Source::default();
        source.insert("backendgen.yaml", "backendgen: 1\nname: shop\n");
        source.insert("resources/posts.yaml", text.as_bytes());
        understand(&source);
        source.insert("resources/posts.yaml", format!("fields:\n  a: {text}\nrules:\n  - {text}\n"));
        understand(&source);
    }
}
