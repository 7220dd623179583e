//! Where the embedded store is.

use std::path::PathBuf;

/// Where an embedded store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The database file. SQLite keeps two more beside it, with `-wal` and `-shm` at the end of their names.
    pub file: PathBuf,
}
