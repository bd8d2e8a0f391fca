//! Random valid specs: they compile without an error, every file is a fixed point of the formatter (the renderer insists in
//! debug builds), and the same spec gives the same bytes. `BACKENDGEN_RANDOM_SPECS` sets how many; 12 by default.

#[path = "support/random_spec.rs"]
mod random_spec;

use backendgen::compile::{Recorded, compile};
use backendgen::source::Source;
use random_spec::random_spec;

fn seeds() -> u64 {
    let count = std::env::var_os("BACKENDGEN_RANDOM_SPECS");
    count.and_then(|count| count.to_str()?.parse().ok()).unwrap_or(12)
}

fn source(seed: u64) -> Source {
    let mut source = Source::default();
    for (path, text) in random_spec(seed) {
        source.insert(path, text);
    }
    source
}

#[test]
fn a_random_spec_compiles_to_the_same_bytes_twice() {
    for seed in 0..seeds() {
        let source = source(seed);

        let first = compile(&source, &Recorded::default())
            .unwrap_or_else(|diagnostics| panic!("seed {seed}: {:#?}\n{:#?}", diagnostics.sorted(), random_spec(seed)));
        let second = compile(&source, &Recorded::default()).expect("it has just compiled");

        assert!(first.tree == second.tree, "seed {seed} gives other bytes the second time");
    }
}
