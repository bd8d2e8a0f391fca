//! Schemas that tests start from.

use std::path::Path;

use backendgen::model::{self, Database, Pins};
use backendgen::schema::{Schema, derive};
use backendgen::source::Source;
use backendgen::spec;
use camino::Utf8PathBuf;

/// Every column type, default, index and constraint once.
pub fn everything() -> Schema {
    serde_json::from_str(include_str!("everything.json")).expect("it is a schema")
}

const PROJECT: (&str, &str) = (
    "backendgen.yaml",
    "backendgen: 1\nname: shop\ndatabases: [postgresql, mysql, sqlite]\nfeatures: []\ndefaults: {id: bigint}\n",
);
const AUTHORS: (&str, &str) = ("resources/authors.yaml", "fields:\n  name: string(1..80)\n");
const BOOKS: (&str, &str) =
    ("resources/books.yaml", "fields:\n  title: string(1..200)\n  year: int? index\nindexes:\n  - [title, year]\n");
const MORE_BOOKS: (&str, &str) = (
    "resources/books.yaml",
    "fields:
  title: string(1..200)
  year: int?
  author: {type: \"ref(authors)?\", on_delete: set_null}
  price: decimal(8,2) >= 0 = 9.99
  status: enum(planned, printed) = planned
  note: text?
  data: json = {}
  tags: many(tags)
soft_delete: true
versioned: true
indexes:
  - [year, -title]
",
);
const TAGS: (&str, &str) = ("resources/tags.yaml", "fields:\n  word: string(3..40) unique\n");
const TITLED_AUTHORS: (&str, &str) =
    ("resources/authors.yaml", "fields:\n  name: string(1..80)\n  honorific: string(2..20)?\n");

/// The same project at three times.
pub const CHANGES: [&[(&str, &str)]; 3] =
    [&[PROJECT, AUTHORS, BOOKS], &[PROJECT, AUTHORS, MORE_BOOKS, TAGS], &[PROJECT, TITLED_AUTHORS, MORE_BOOKS, TAGS]];

/// Two branches that start from the first of [`CHANGES`], and both of them together.
pub fn branches() -> (Schema, Schema, Schema) {
    (
        of_spec(&[PROJECT, TITLED_AUTHORS, BOOKS]),
        of_spec(&[PROJECT, AUTHORS, BOOKS, TAGS]),
        of_spec(&[PROJECT, TITLED_AUTHORS, MORE_BOOKS, TAGS]),
    )
}

/// What a spec wants, given as paths and texts.
pub fn of_spec(files: &[(&str, &str)]) -> Schema {
    let mut source = Source::default();
    for (path, text) in files {
        source.insert(*path, *text);
    }
    of_source(&source).0
}

/// What the spec in a folder wants, and its databases.
pub fn of_folder(folder: &Path) -> (Schema, Vec<Database>) {
    let mut source = Source::default();
    let resources = fs_err::read_dir(folder.join("resources")).expect("the example has resources");
    let paths = resources.map(|entry| entry.expect("the folder is readable").path());
    for path in paths.chain([folder.join("backendgen.yaml")]) {
        let inside = Utf8PathBuf::try_from(path.clone()).expect("paths are UTF-8");
        let inside = inside.strip_prefix(folder).expect("it is in the folder").to_owned();
        source.insert(inside, fs_err::read(path).expect("the file is readable"));
    }
    of_source(&source)
}

fn of_source(source: &Source) -> (Schema, Vec<Database>) {
    let parsed = spec::parse(source);
    let spec = parsed.spec.unwrap_or_else(|| panic!("{:?}", parsed.diagnostics.sorted()));
    let (model, _) = model::resolve(&spec, &Pins::default()).unwrap_or_else(|found| panic!("{:?}", found.sorted()));
    (derive(&model), model.project.databases)
}
