//! Backups: a copy of one instant beside a running server, and an empty data folder filled from it.

use std::path::{Path, PathBuf};

use kadi_domain::time::Timestamp;

use crate::location::Location;
use crate::sqlite;
use crate::trouble::Trouble;

/// Why there is no backup, or why it was not restored. Nothing was left behind.
#[derive(Debug, thiserror::Error)]
pub enum BackupFault {
    /// The name is taken.
    #[error("{} exists already; a backup replaces nothing", .0.display())]
    Exists(PathBuf),
    /// There is a database, or what SQLite kept beside one.
    #[error("{} is there; a backup is restored only where there is no database", .0.display())]
    Occupied(PathBuf),
    /// The file system refuses.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The file was not made by `kadi backup`, or not by a Kadi that this one knows.
    #[error("{} cannot be restored: {reason}", path.display())]
    NoBackup {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The database itself is damaged.
    #[error("damaged: {0}")]
    Damaged(String),
    /// The clock stands before the backup's instant, so that nobody knows how many ids were given out since.
    #[error("the clock of this machine stands before the backup's instant; set it first")]
    ClockBehind,
    /// So few ids are left that none is certain to be new.
    #[error("the ids of this installation are used up")]
    IdsUsedUp,
    /// PostgreSQL has its own ways, which also hold a point in time between two backups.
    #[error("this copies SQLite databases; on PostgreSQL use pg_basebackup with archived WAL, or pg_dump")]
    OnlyEmbedded,
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] Trouble),
}

/// A backup that was made and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Its size.
    pub bytes: u64,
    /// The version of its schema: the number of the last migration.
    pub schema: i64,
}

/// Copies the store, as it is at one instant not before `now` (real time), into a new file for its owner
/// only: whatever was answered before `now` is in it. Servers go on meanwhile. The file appears under its
/// name when it is whole, durable and checked.
pub fn backup(location: &Location, file: &Path, now: Timestamp) -> Result<Backup, BackupFault> {
    match location {
        Location::Sqlite(source) => sqlite::backup(source, file, now),
        Location::Postgres(_) => Err(BackupFault::OnlyEmbedded),
    }
}

/// A backup on its way into a data folder: copied, checked and changed so that a server can go on from it,
/// but not yet in its place. Dropped unfinished, it leaves no trace.
#[derive(Debug)]
pub struct Restore(sqlite::Restore);

impl Restore {
    /// Copies and checks a backup for a store that is absent. `now` is real time. The caller sees to it that
    /// nobody makes the store meanwhile.
    ///
    /// Ids that were given out after the backup's instant may be known outside, so the next ones begin far
    /// above all that can have been given out until `now` (docs/decisions/0011-restored-ids.md).
    pub fn prepare(location: &Location, file: &Path, now: Timestamp) -> Result<Self, BackupFault> {
        match location {
            Location::Sqlite(home) => sqlite::Restore::prepare(home, file, now).map(Self),
            Location::Postgres(_) => Err(BackupFault::OnlyEmbedded),
        }
    }

    /// Whatever was answered before this (real time) is in the backup.
    pub const fn taken_at(&self) -> Timestamp {
        self.0.taken_at()
    }

    /// One of the backup's named values.
    pub fn value(&self, name: &str) -> Result<Option<String>, BackupFault> {
        self.0.value(name)
    }

    /// Puts the store into its place, durably.
    pub fn finish(self) -> Result<(), BackupFault> {
        self.0.finish()
    }
}
