//! Resolving whole specs.

use std::path::{Path, PathBuf};

use backendgen::diagnostic::{Diagnostic, Diagnostics, Severity};
use backendgen::model::{self, ExampleRow, FieldKind, Model, Pins};
use backendgen::source::Source;
use backendgen::spec;
use proptest::prelude::*;

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn source(path: &str) -> Source {
    let mut source = Source::default();
    let root = folder(path);
    let mut files = vec![root.join("backendgen.yaml")];
    let resources = std::fs::read_dir(root.join("resources")).expect("the spec has resources");
    files.extend(resources.map(|entry| entry.expect("the folder can be read").path()));
    for file in files {
        let relative = file.strip_prefix(&root).expect("the file lies in the spec");
        let bytes = fs_err::read(&file).expect("the file can be read");
        source.insert(relative.to_str().expect("the path is UTF-8").to_owned(), bytes);
    }
    source
}

/// Everything that is wrong with a spec, and the model if nothing is.
fn resolve(source: &Source) -> (Option<Model>, Diagnostics) {
    let parsed = spec::parse(source);
    let mut diagnostics = parsed.diagnostics;
    let Some(spec) = parsed.spec else { return (None, diagnostics) };
    match model::resolve(&spec, &Pins::new()) {
        Ok((model, notes)) => {
            diagnostics.extend(notes);
            (Some(model), diagnostics)
        }
        Err(errors) => {
            diagnostics.extend(errors);
            (None, diagnostics)
        }
    }
}

fn shown(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.span.as_ref().map_or_else(String::new, |span| format!("{}:{} ", span.path, span.start));
    format!("{place}{} {}", diagnostic.code, diagnostic.message)
}

fn serious(diagnostics: &Diagnostics) -> Vec<String> {
    let sorted = diagnostics.sorted();
    sorted.into_iter().filter(|diagnostic| diagnostic.severity() != Severity::Info).map(shown).collect()
}

#[test]
fn the_examples_are_valid_and_raise_no_warning() {
    for example in ["examples/todo", "examples/blog", "examples/kitchen-sink"] {
        let (model, diagnostics) = resolve(&source(example));
        assert_eq!(serious(&diagnostics), Vec::<String>::new(), "{example}");
        assert!(model.is_some(), "{example}");
    }
}

#[test]
fn specs_of_the_whole_language_are_refused_for_what_comes_later_only() {
    for spec in ["todo", "blog", "music-store", "shop", "project-tracker"] {
        let (_, diagnostics) = resolve(&source(&format!("tests/specs/{spec}")));
        let errors = diagnostics.sorted().into_iter().filter(|diagnostic| diagnostic.severity() == Severity::Error);
        let others: Vec<String> =
            errors.filter(|error| !error.message.ends_with("is not supported yet")).map(shown).collect();
        assert_eq!(others, Vec::<String>::new(), "{spec}");
    }
}

fn spec_of(files: &[(&str, &str)]) -> Source {
    let mut source = Source::default();
    source.insert("backendgen.yaml", "backendgen: 1\nname: shop\ndatabases: [postgresql, sqlite]\n");
    for (path, text) in files {
        source.insert(*path, *text);
    }
    source
}

fn resolved(source: &Source, pins: &Pins) -> (Model, Vec<String>) {
    let parsed = spec::parse(source);
    assert_eq!(serious(&parsed.diagnostics), Vec::<String>::new());
    let (model, notes) = model::resolve(&parsed.spec.expect("the spec can be read"), pins).expect("the spec is valid");
    (model, serious(&notes))
}

fn pins(resource: &str, names: &[(&str, &str)]) -> Pins {
    let names = names.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Pins::from([(resource.to_owned(), names)])
}

#[test]
fn recorded_names_are_used_as_they_are() {
    let source =
        spec_of(&[("resources/cacti.yaml", "fields:\n  name: string(80)\n  owner: ref(cacti)? inverse(owned)\n")]);
    let recorded = [
        ("singular", "cactu"),
        ("class", "Cactu"),
        ("table", "plants"),
        ("column.name", "title"),
        ("column.owner", "boss_id"),
    ];
    let (model, warnings) = resolved(&source, &pins("cacti", &recorded));
    let names = &model.resources[0].names;
    assert_eq!((names.singular.snake(), names.class.as_str(), names.table.as_str()), ("cactu", "Cactu", "plants"));
    let FieldKind::Scalar(name) = &model.resources[0].fields[0].kind else { panic!("a string is a scalar") };
    let FieldKind::Reference(owner) = &model.resources[0].fields[1].kind else { panic!("a ref is a reference") };
    assert_eq!((name.column.as_str(), owner.column.as_str()), ("title", "boss_id"));
    assert_eq!(warnings, Vec::<String>::new());
}

#[test]
fn a_new_required_column_needs_a_value_for_old_rows() {
    let source = spec_of(&[(
        "resources/posts.yaml",
        "fields:\n  title: string(80)\n  body: text\n  note: text?\n  count: int = 0\n",
    )]);
    let (_, warnings) = resolved(&source, &pins("posts", &[("column.title", "title")]));
    assert_eq!(
        warnings,
        ["resources/posts.yaml:30 W230 `posts.body` becomes required and has no default, the table may have rows"]
    );
}

#[test]
fn warnings_are_silenced_where_they_arise() {
    let text = |allow: &str| {
        format!("{allow}fields:\n  code: {{type: string(20), pattern: \"^[0-9]+$\"}}\n  other: string(20)\n")
    };
    let warnings = |text: &str| resolved(&spec_of(&[("resources/posts.yaml", text)]), &Pins::new()).1.len();
    let on_field = text("").replace("$\"}", "$\", x-allow: [W220]}");
    let on_other = text("").replace("other: string(20)", "other: {type: string(20), x-allow: [W220]}");
    let counts = [text(""), text("x-allow: [W220]\n"), on_field, on_other].map(|text| warnings(&text));
    assert_eq!(counts, [1, 0, 0, 1]);
}

#[test]
fn a_resource_may_be_open_where_the_project_says_so() {
    let project = "backendgen: 1\nname: shop\ndatabases: [sqlite]\nauth:\n  user: users\n  \
                   permissions: {read: authenticated, write: authenticated}\n";
    let users = "owner: self\npermissions: {update: owner, delete: owner}\nfields:\n  email: email unique\n  \
                 password: password(12..128)\n";
    let warnings = |posts: &str| {
        let files = [("backendgen.yaml", project), ("resources/users.yaml", users), ("resources/posts.yaml", posts)];
        resolved(&spec_of(&files), &Pins::new()).1.len()
    };
    let texts = ["fields:\n  title: text\n", "x-allow: [W517]\nfields:\n  title: text\n"];
    let counts = texts.map(warnings);
    assert_eq!(counts[0] - counts[1], 1, "{counts:?}");
}

#[test]
fn rows_are_inserted_after_what_they_refer_to() {
    let source = spec_of(&[
        ("resources/albums.yaml", "fields:\n  track: ref(tracks)? inverse(none)\n  artist: ref(artists)\n"),
        ("resources/artists.yaml", "fields:\n  parent: ref(self)? inverse(children)\n"),
        ("resources/tracks.yaml", "fields:\n  album: ref(albums)\n"),
    ]);
    let (model, _) = resolved(&source, &Pins::new());
    let names: Vec<&str> =
        model.insertion_order().into_iter().map(|id| model.resource(id).names.plural.snake()).collect();
    assert_eq!(names, ["artists", "albums", "tracks"]);
}

#[test]
fn the_other_sides_of_relations_are_found() {
    let (model, _) = resolved(&source("examples/blog"), &Pins::new());
    let users = model.resources.iter().find(|resource| resource.names.class == "User").expect("the blog has users");
    let names: Vec<&str> = model.inverses(users.id).into_iter().map(|other| other.inverse.name.as_str()).collect();
    assert_eq!(names, ["comments", "posts"]);
}

#[test]
fn permissions_are_shown_as_the_spec_writes_them() {
    let (model, _) = resolved(&source("examples/blog"), &Pins::new());
    let posts = model.resources.iter().find(|resource| resource.names.class == "Post").expect("the blog has posts");
    let shown: Vec<String> = posts.permissions.values().map(|permission| model.permission_text(permission)).collect();
    assert_eq!(shown, ["public", "public", "writer", "owner", "owner"]);
}

#[test]
fn example_rows_satisfy_their_fields() {
    let source = spec_of(&[(
        "resources/items.yaml",
        "fields:\n  code: {type: string(20), pattern: \"^[A-Z]+$\", example: ABC}\n  size: int > 10\n  price: decimal(4,1) <= 5\n  kind: enum(a, b) = b\n  starts_on: date\n  ends_on: date?\n  internal: string(20)? private\n  names: {type: \"list(string(20), 2..)\", unique_items: true}\n",
    )]);
    let (model, _) = resolved(&source, &Pins::new());
    let row = |which| {
        let row = model.example_row(model.resources[0].id, which).into_iter();
        row.map(|(field, value)| {
            let name = model.resources[0].field(field).name.clone();
            let value = serde_json::to_value(&value).expect("values can be written");
            format!("{name} {}", value["value"])
        })
        .collect::<Vec<_>>()
        .join(", ")
    };
    assert_eq!(
        row(ExampleRow::RequiredOnly),
        r#"code "ABC", size 11, price "5", starts_on "2025-01-19", names ["names","names1"]"#
    );
    assert_eq!(
        row(ExampleRow::AllFields),
        r#"code "ABC", size 11, price "5", kind "a", starts_on "2025-01-19", ends_on "2025-01-20", names ["names","names1"]"#
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Lines are removed, doubled and swapped, and words replaced, in specs that use the whole language.
    #[test]
    fn no_spec_makes_it_panic(
        example in prop::sample::select(vec!["examples/kitchen-sink", "examples/blog", "tests/specs/shop"]),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_u8..5), 1..6),
    ) {
        let mut mutated = source(example);
        for (place, other, kind) in edits {
            mutated = mutate(&mutated, place, other, kind);
        }
        let _ = resolve(&mutated);
    }
}

fn mutate(source: &Source, place: prop::sample::Index, other: prop::sample::Index, kind: u8) -> Source {
    let mut mutated = source.clone();
    let files: Vec<_> = source.files().cloned().collect();
    let file = &files[place.index(files.len())];
    let text = String::from_utf8_lossy(&file.bytes).into_owned();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return mutated;
    }
    let (one, two) = (other.index(lines.len()), place.index(lines.len()));
    match kind {
        0 => drop(lines.remove(one)),
        1 => lines.insert(two, lines[one].clone()),
        2 => lines.swap(one, two),
        3 => lines[one] = swap_words(&lines[one], &lines[two]),
        _ => {
            let at = other.index(lines[one].len() + 1);
            let at = (0..=at).rev().find(|at| lines[one].is_char_boundary(*at)).unwrap_or(0);
            lines[one].truncate(at);
        }
    }
    mutated.insert(file.path.to_path_buf(), format!("{}\n", lines.join("\n")));
    mutated
}

/// The first line with its last word replaced by the last word of the second.
fn swap_words(line: &str, other: &str) -> String {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let word = other.rsplit(|letter| !is_word(letter)).find(|word| !word.is_empty()).unwrap_or("self");
    let old = line.rsplit(|letter| !is_word(letter)).find(|word| !word.is_empty()).unwrap_or_default();
    line.rfind(old).map_or_else(|| line.to_owned(), |at| format!("{}{word}{}", &line[..at], &line[at + old.len()..]))
}
