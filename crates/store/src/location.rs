//! Where a store is.

use std::path::PathBuf;

use crate::postgres;
use crate::trouble::Trouble;

pub use crate::postgres::PostgresAddress;

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// Embedded: one database file, used by one process.
    Sqlite(SqliteFile),
    /// A PostgreSQL database, used by any number of processes.
    Postgres(PostgresAddress),
}

/// An embedded store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqliteFile {
    /// The database file. SQLite keeps two more beside it, with `-wal` and `-shm` at the end of their names.
    pub file: PathBuf,
    /// The name of the registered layer between SQLite and the file system, where it is not SQLite's own:
    /// tests put one there that fails on purpose.
    pub vfs: Option<String>,
}

impl Location {
    /// How many batchers may write to it at the same time: an embedded store has one writer.
    pub const fn batchers(&self) -> usize {
        match self {
            Self::Sqlite(_) => 1,
            Self::Postgres(_) => 2,
        }
    }

    /// Does no other process write to it at this moment? An embedded store is its process's alone: whoever opens
    /// it holds its folder.
    pub fn is_alone(&self) -> Result<bool, Trouble> {
        match self {
            Self::Sqlite(_) => Ok(true),
            Self::Postgres(address) => postgres::is_alone(address),
        }
    }

    /// An embedded store in this file.
    pub fn sqlite(file: impl Into<PathBuf>) -> Self {
        Self::Sqlite(SqliteFile { file: file.into(), vfs: None })
    }
}
