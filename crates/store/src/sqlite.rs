//! The SQLite driver: settings and their refusals, statements, error classes, migration and the checkpointer.

mod checkpoint;
mod connect;
mod driver;
mod errors;
mod migrate;

pub use checkpoint::Checkpoint;
pub(crate) use checkpoint::Checkpointer;
pub use connect::{Found, check};
pub(crate) use connect::{open_reader, open_writer};
pub(crate) use driver::Sqlite;
pub(crate) use migrate::migrate;
