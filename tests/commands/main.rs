//! The real binary in a temporary folder: spec in; stdout, stderr, exit code and files out.

mod add;
mod check;
mod faults;
mod fmt;
mod generate;
mod new;
mod output;
mod project;
mod resolve;
mod usage;
