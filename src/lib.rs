//! Writes a FastAPI backend from a spec and keeps it in step.
//!
//! See `ARCHITECTURE.md` for the data flow; modules may use only those above them in this list.

pub mod source;
pub mod diagnostic;
pub mod plan;
