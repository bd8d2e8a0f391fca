//! Writes a FastAPI backend from a spec and keeps it in step.
//!
//! See `ARCHITECTURE.md` for the data flow. A module may use only those above it in this list.

pub mod source;
pub mod diagnostic;
pub mod digest;
pub mod text_diff;
pub mod safe_path;
pub mod finding;
pub mod ownership;
pub mod spec;
pub mod model;
pub mod schema;
pub mod template;
pub mod plan;
pub mod stack;
pub mod migration;
pub mod tree;
pub mod overrides;
pub mod render;
pub mod compile;
pub mod lock;
pub mod reconcile;
pub mod disk;
pub mod exit;
pub mod report;
pub mod cli;
pub mod commands;
