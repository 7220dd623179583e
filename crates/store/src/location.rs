//! Where a store is.

use std::path::PathBuf;

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
    /// Pages of 4 KiB at which the log is moved into the database file, at least 1: [`SqliteFile::LOG_PAGES`],
    /// or fewer in tests that want to see it moved often.
    pub log_pages: i64,
}

impl SqliteFile {
    /// 64 MiB of log.
    pub const LOG_PAGES: i64 = 16_000;
}

impl Location {
    /// An embedded store in this file.
    pub fn sqlite(file: impl Into<PathBuf>) -> Self {
        Self::Sqlite(SqliteFile { file: file.into(), vfs: None, log_pages: SqliteFile::LOG_PAGES })
    }
}
