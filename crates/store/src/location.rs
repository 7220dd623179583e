//! Where a store is.

use std::path::PathBuf;

pub use crate::postgres::PostgresAddress;
use crate::trouble::Trouble;
use crate::{postgres, sqlite};

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
    /// The only file that may be opened at that path; any where this is absent.
    pub only: Option<FileId>,
    /// Pages of 4 KiB at which the log is moved into the database file, at least 1:
    /// [`SqliteFile::LOG_PAGES`], or fewer in tests that want to see it moved often.
    pub log_pages: i64,
}

impl SqliteFile {
    /// 64 MiB of log.
    pub const LOG_PAGES: i64 = 16_000;

    /// The file at this path, whichever it is, under SQLite's own layer.
    pub fn at(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), vfs: None, only: None, log_pages: Self::LOG_PAGES }
    }
}

/// A file, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileId {
    /// The file system's number.
    pub device: u64,
    /// The file's number in it.
    pub number: u64,
}

impl Location {
    /// How many batchers may write to it at the same time: an embedded store has one writer.
    pub const fn batchers(&self) -> usize {
        match self {
            Self::Sqlite(_) => 1,
            Self::Postgres(_) => 2,
        }
    }

    /// Does no other process write to it at this moment? An embedded store is its process's alone: whoever
    /// opens it holds its folder.
    pub fn is_alone(&self) -> Result<bool, Trouble> {
        match self {
            Self::Sqlite(_) => Ok(true),
            Self::Postgres(address) => postgres::is_alone(address),
        }
    }

    /// An embedded store in this file.
    pub fn sqlite(file: impl Into<PathBuf>) -> Self {
        Self::Sqlite(SqliteFile::at(file))
    }

    /// The store that is there now, and no other that may come into its place: what a running server knows of
    /// its store (its ids, its keys, its clock) is true of this one only.
    pub fn pinned(&self) -> Result<Self, Trouble> {
        match self {
            Self::Sqlite(file) => sqlite::pinned(file).map(Self::Sqlite),
            Self::Postgres(address) => Ok(Self::Postgres(address.clone())),
        }
    }
}
