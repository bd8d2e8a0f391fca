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
fn kitchen_sink_runs_on_every_database() {
    Example::prepare("kitchen-sink").runs_on_every_database();
}

/// `BACKENDGEN_RANDOM_SPECS` sets how many; 1 by default.
#[test]
#[expect(clippy::disallowed_methods, reason = "the environment says how much the tests do")]
#[expect(clippy::print_stdout, reason = "who reads a failure sees its seed")]
fn random_specs_pass_their_gates_and_run() {
    let count = std::env::var("BACKENDGEN_RANDOM_SPECS").ok().and_then(|count| count.parse().ok()).unwrap_or(1);
    for seed in 0..count {
        println!("seed {seed}");
        let example = Example::random(seed);
        example.passes_its_gates();
        example.runs_on_sqlite();
    }
}
