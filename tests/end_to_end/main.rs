//! Every example in a folder of its own: the gates of its project, its migrations and its tests, on every database that
//! answers. Needs Python 3.11 and, the first time, the package index.

mod example;
mod python;
#[path = "../support/random_spec.rs"]
mod random_spec;
mod server;

use example::Example;

#[test]
fn todo_passes_its_gates() {
    Example::prepare("todo").passes_its_gates();
}

#[test]
fn blog_passes_its_gates() {
    Example::prepare("blog").passes_its_gates();
}

#[test]
fn kitchen_sink_passes_its_gates() {
    Example::prepare("kitchen-sink").passes_its_gates();
}

#[test]
fn todo_runs_on_every_database() {
    Example::prepare("todo").runs_on_every_database();
}

#[test]
fn blog_runs_on_every_database() {
    Example::prepare("blog").runs_on_every_database();
}

#[test]
fn kitchen_sink_runs_on_sqlite_and_migrates_everywhere() {
    let example = Example::prepare("kitchen-sink");
    example.runs_on_sqlite();
    example.migrates_on_every_server();
}

/// `BACKENDGEN_RANDOM_SPECS` sets how many; 20 by default.
#[test]
#[ignore = "takes minutes a spec: cargo test --test end_to_end random -- --ignored"]
fn random_specs_pass_their_gates_and_run() {
    let count = std::env::var_os("BACKENDGEN_RANDOM_SPECS");
    let count = count.and_then(|count| count.to_str()?.parse().ok()).unwrap_or(20);
    for seed in 0..count {
        let example = Example::random(seed);
        example.passes_its_gates();
        example.runs_on_sqlite();
    }
}
