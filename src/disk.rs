//! The only files that read or write. They decide nothing.
//!
//! Every path is opened beneath a handle of the project root, component by component and without following links.

mod commit;
mod create;
mod process_lock;
mod read;
mod root;

pub use commit::{CommitError, Expected, Operation, commit};
pub use create::{Created, append, create_project, occupant, write_report};
pub use process_lock::{ProcessLock, hold, share};
pub use read::{ReadLocksError, SpecError, folder_source, locks, migrations, random_key, snapshot, source};
pub use root::{Root, find_root};

#[cfg(test)]
mod tests;
