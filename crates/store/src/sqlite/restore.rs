//! From a backup to a store that a server can go on from.

use std::fs::{File, OpenOptions};
use std::path::Path;

use kadi_domain::id::{ID_LIMIT, SHARD_BITS};
use kadi_domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension as _};

use super::backup::{TAKEN_AT, no_backup};
use super::connect::BACKUP_ID;
use super::draft::{COMPANIONS, Draft, at, companion};
use super::errors::trouble;
use super::sound::{schema, whole};
use crate::backup::BackupFault;
use crate::location::SqliteFile;

/// The first number that is too large for the id sequence.
const SEQUENCE_LIMIT: i64 = ID_LIMIT >> SHARD_BITS;
/// More ids than an installation gives out in a second.
const IDS_PER_SECOND: i64 = 1 << 18;
/// Left free in any case, for clocks that differ by hours.
const IDS_MARGIN: i64 = 1 << 32;

/// A copy of a backup, ready to be put into its place.
#[derive(Debug)]
pub(crate) struct Restore {
    home: SqliteFile,
    draft: Draft,
    connection: Connection,
    taken_at: Timestamp,
}

impl Restore {
    /// Copies the backup beside the absent database, checks the copy and readies it.
    pub(crate) fn prepare(home: &SqliteFile, file: &Path, now: Timestamp) -> Result<Self, BackupFault> {
        for end in [""].into_iter().chain(COMPANIONS) {
            let path = companion(&home.file, end);
            if path.symlink_metadata().is_ok() {
                return Err(BackupFault::Occupied(path));
            }
        }
        let draft = Draft::beside(&home.file)?;
        copy(file, &draft)?;
        let connection = draft.open()?;
        let taken_at = taken_at(&connection).map_err(|reason| no_backup(file, reason))?;
        schema(&connection).map_err(|reason| no_backup(file, reason))?;
        whole(&connection)?;
        ready(&connection, taken_at, now)?;
        Ok(Self { home: home.clone(), draft, connection, taken_at })
    }

    /// The backup's instant.
    pub(crate) const fn taken_at(&self) -> Timestamp {
        self.taken_at
    }

    /// One of its named values.
    pub(crate) fn value(&self, name: &str) -> Result<Option<String>, BackupFault> {
        Ok(value(&self.connection, name).optional().map_err(|error| trouble("value", &error))?)
    }

    /// Puts it into its place.
    pub(crate) fn finish(self) -> Result<(), BackupFault> {
        self.connection.close().map_err(|(_, error)| trouble("close a copy", &error))?;
        self.draft.publish(&self.home.file)?;
        Ok(())
    }
}

/// A file with a log beside it is half a database, so it is refused.
fn copy(file: &Path, draft: &Draft) -> Result<(), BackupFault> {
    for end in COMPANIONS {
        let path = companion(file, end);
        if path.symlink_metadata().is_ok() {
            return Err(no_backup(file, format!("{} belongs to it, so it is in use", path.display())));
        }
    }
    let mut source = File::open(file).map_err(at(file))?;
    if !source.metadata().map_err(at(file))?.is_file() {
        return Err(no_backup(file, "it is no file"));
    }
    let mut target = OpenOptions::new().write(true).open(draft.file()).map_err(at(&draft.file()))?;
    std::io::copy(&mut source, &mut target).map_err(at(&draft.file()))?;
    Ok(())
}

/// The instant by a backup's own mark; the reason where it has none.
fn taken_at(connection: &Connection) -> Result<Timestamp, String> {
    let id = connection.pragma_query_value(None, "application_id", |row| row.get::<_, i64>(0));
    if id.map_err(|error| error.to_string())? != BACKUP_ID {
        return Err("it was not made by kadi backup".to_owned());
    }
    let taken_at = value(connection, TAKEN_AT).map_err(|error| error.to_string())?;
    let ms = taken_at.parse().map_err(|_| "its instant is no number".to_owned())?;
    Ok(Timestamp::from_ms(ms))
}

/// A named value; an error where it is absent.
fn value(connection: &Connection, name: &str) -> rusqlite::Result<String> {
    let text = "SELECT value.value FROM value WHERE value.name = ?1";
    connection.query_row(text, [name], |row| row.get(0))
}

/// Takes the mark away, and lets the id sequence go on above everything that can have been given out.
fn ready(connection: &Connection, taken_at: Timestamp, now: Timestamp) -> Result<(), BackupFault> {
    let read = |text| connection.query_row(text, [], |row| row.get::<_, i64>(0));
    let next = read("SELECT id_block.next FROM id_block").map_err(|error| trouble("id_block", &error))?;
    let next = first_new(next, taken_at, now)?;
    let change = || {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        connection.pragma_update(None, "application_id", 0)?;
        connection.execute("DELETE FROM value WHERE name = ?1", [TAKEN_AT])?;
        connection.execute("UPDATE id_block SET next = ?1", [next])?;
        connection.execute_batch("COMMIT")
    };
    Ok(change().map_err(|error| trouble("ready a copy", &error))?)
}

/// Where the sequence goes on: as far above the backup's as the time since then allows, but never in the
/// upper half of what is left, so that even a very old backup can be restored.
fn first_new(next: i64, taken_at: Timestamp, now: Timestamp) -> Result<i64, BackupFault> {
    let seconds = now.seconds() - taken_at.seconds();
    if seconds < 0 {
        return Err(BackupFault::ClockBehind);
    }
    let wanted = seconds.saturating_add(1).saturating_mul(IDS_PER_SECOND).saturating_add(IDS_MARGIN);
    let half = SEQUENCE_LIMIT.saturating_sub(next) / 2;
    if half < IDS_MARGIN {
        return Err(BackupFault::IdsUsedUp);
    }
    Ok(next + wanted.min(half))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_S: i64 = 86_400;

    fn at_second(second: i64) -> Timestamp {
        Timestamp::from_ms(second * 1_000)
    }

    #[test]
    fn the_gap_grows_with_the_time_since_the_backup() {
        let gap = |seconds| first_new(1, at_second(0), at_second(seconds)).unwrap() - 1;
        assert!(gap(0) > IDS_MARGIN);
        for days in [1, 30, 150] {
            assert!(gap(days * DAY_S) > days * DAY_S * IDS_PER_SECOND, "{days}");
        }
        // What the first restored server can have given out in ten minutes is free for the second.
        assert!(gap(DAY_S + 600) - gap(DAY_S) >= 600 * IDS_PER_SECOND);
    }

    #[test]
    fn a_very_old_backup_takes_half_of_what_is_left() {
        let next = first_new(1_000, at_second(0), at_second(20 * 365 * DAY_S)).unwrap();
        assert_eq!(next, 1_000 + (SEQUENCE_LIMIT - 1_000) / 2);
    }

    #[test]
    fn a_clock_before_the_backup_and_used_up_ids_are_refused() {
        let behind = first_new(1, at_second(9), at_second(8));
        assert!(matches!(behind, Err(BackupFault::ClockBehind)));
        let used_up = first_new(SEQUENCE_LIMIT - IDS_MARGIN, at_second(0), at_second(0));
        assert!(matches!(used_up, Err(BackupFault::IdsUsedUp)));
    }
}
