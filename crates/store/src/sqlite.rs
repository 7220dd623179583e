//! The SQLite driver: settings and their refusals, statements, error classes, migration and the checkpointer.

mod backup;
mod checkpoint;
mod connect;
mod draft;
mod driver;
mod errors;
mod migrate;
mod place;
mod restore;
mod sound;

pub(crate) use backup::backup;
pub use checkpoint::Checkpoint;
pub(crate) use checkpoint::Checkpointer;
pub use connect::{Found, check};
pub(crate) use connect::{open_reader, open_writer, pinned};
pub(crate) use driver::Sqlite;
pub(crate) use migrate::migrate;
pub(crate) use restore::Restore;
