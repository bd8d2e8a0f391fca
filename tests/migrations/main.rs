//! Migrations on real databases: what a revision makes is what the schema says, and its undoing leaves nothing. Needs
//! Python 3.11 and, the first time, the package index; a server that does not answer is skipped in one line.

#[path = "../end_to_end/python.rs"]
mod python;
#[path = "../end_to_end/server.rs"]
mod server;

mod decisions;
mod derivation;
mod expected;
mod project;
mod random;
mod schemas;

use std::path::Path;

use backendgen::migration::{History, pending};
use backendgen::model::Database;

use crate::project::Project;

const ALL: [Database; 3] = [Database::Postgresql, Database::Mysql, Database::Sqlite];

#[test]
fn every_type_index_and_constraint_survives_the_round_trip() {
    let mut project = Project::new("everything", &ALL);
    project.write_revision(&schemas::everything());
    project.round_trip();
}

#[test]
fn the_blog_survives_the_round_trip() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/blog");
    let (schema, databases) = schemas::of_folder(&example);
    let mut project = Project::new("blog", &databases);
    project.write_revision(&schema);
    project.round_trip();
}

#[test]
fn every_database_takes_rules_of_every_kind() {
    let mut project = Project::new("rules", &ALL);
    project.write_revision(&derivation::schema(derivation::RULES));
    project.round_trip();
}

#[test]
fn changes_of_a_table_with_rows_survive_the_round_trip() {
    let mut project = Project::new("changes", &ALL);
    for files in schemas::CHANGES {
        project.write_revision(&schemas::of_spec(files));
    }
    project.fill("INSERT INTO books (title, year, created_at, updated_at) VALUES ('x', 1, '2025-01-15 09:00:00', '2025-01-15 09:00:00')");
    project.round_trip();
}

#[test]
fn random_schemas_survive_the_round_trip() {
    let mut project = Project::new("random", &ALL);
    for schema in random::chain(7, 4) {
        project.write_revision(&schema);
    }
    project.round_trip();
}

#[test]
fn the_first_revision_of_a_change_reads_as_written_by_hand() {
    let mut project = Project::new("reading", &ALL);
    project.write_revision(&schemas::of_spec(schemas::CHANGES[0]));
    insta::assert_snapshot!(project.write_revision(&schemas::of_spec(schemas::CHANGES[1])));
}

#[test]
fn the_same_change_is_the_same_file() {
    let texts = [(); 2].map(|()| Project::new("same", &ALL).write_revision(&schemas::everything()));
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn two_heads_become_the_parents_of_the_next_revision() {
    let mut project = Project::new("heads", &ALL);
    project.write_revision(&schemas::of_spec(schemas::CHANGES[0]));
    let (left, right, both) = schemas::branches();
    let mut other = project.branch();
    other.write_revision(&right);
    project.write_revision(&left);
    project.merge_files_of(&other);
    let (history, findings) = History::read(project.files(), &ALL);
    assert_eq!(findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(), ["BG405"]);
    let revision = pending(&both, &history, &ALL).expect("nothing is asked").expect("something changes");
    assert!(project::text_of(&revision).contains(&format!("({:?}, {:?})", history.heads[0], history.heads[1])));
}
