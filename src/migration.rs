//! Revisions: what was decided earlier (sidecars), what the spec wants now, and the Alembic revision that leads there.
//! Works without database, Python or network; never touches the disk.

mod alembic;
mod canonical;
mod decide;
mod graph;
mod history;
mod pending;
mod python_literals;
mod sidecar;
mod slug;
mod sql_type;

pub use alembic::{RevisionView, view};
pub use history::History;
pub use pending::{RevisionArtifacts, TEMPLATE, pending};
pub use sidecar::{Kind, Sidecar};
