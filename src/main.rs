//! The command line tool.

use std::panic;
use std::process::exit;

use backendgen::{commands, exit::INTERNAL_ERROR, report::printer::print_bug};

fn main() {
    panic::set_hook(Box::new(|details| print_bug(&details.to_string())));
    exit(panic::catch_unwind(commands::run).unwrap_or(INTERNAL_ERROR));
}
