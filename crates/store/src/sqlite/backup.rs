//! A backup of a SQLite store: one read transaction copies the pages, while writers go on.

use std::path::Path;

use kadi_domain::time::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::{Backup as Copy, StepResult};

use super::connect::{BACKUP_ID, open_reader};
use super::draft::Draft;
use super::errors::trouble;
use super::sound::{schema, whole};
use crate::backup::{Backup, BackupFault};
use crate::location::SqliteFile;
use crate::trouble::Trouble;

/// The name of the value that tells a backup's instant, in milliseconds since 1970.
pub(super) const TAKEN_AT: &str = "backup_taken_at";
/// All pages in one step, which is one read transaction.
const ALL_PAGES: i32 = -1;

/// Makes a backup. A reader that stays for as long as the copy takes holds the log back, and nobody else.
pub(crate) fn backup(source: &SqliteFile, file: &Path, now: Timestamp) -> Result<Backup, BackupFault> {
    // Seen again when the file gets its name; this one saves the copying.
    if file.symlink_metadata().is_ok() {
        return Err(BackupFault::Exists(file.to_owned()));
    }
    let source = open_reader(source)?;
    let draft = Draft::beside(file)?;
    copy(&source, &mut draft.open()?)?;
    drop(source);
    let copied = draft.open()?;
    mark(&copied, now).map_err(|error| trouble("mark a backup", &error))?;
    let schema = schema(&copied).map_err(|reason| no_backup(file, reason))?;
    whole(&copied)?;
    drop(copied);
    Ok(Backup { bytes: draft.publish(file)?, schema })
}

fn copy(source: &Connection, target: &mut Connection) -> Result<(), BackupFault> {
    let step = |target| Copy::new(source, target)?.step(ALL_PAGES);
    match step(target).map_err(|error| trouble("copy", &error))? {
        StepResult::Done => Ok(()),
        StepResult::More | StepResult::Busy | StepResult::Locked => {
            Err(Trouble::Again("copy: the database is locked".to_owned()).into())
        }
        other => Err(Trouble::Down(format!("copy: ended with {other:?}")).into()),
    }
}

/// Makes the copy one file without a log, and a backup by its mark: no server opens it as its own.
fn mark(copied: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    copied.pragma_update_and_check(None, "journal_mode", "delete", |_| Ok(()))?;
    copied.execute_batch("BEGIN IMMEDIATE")?;
    copied.pragma_update(None, "application_id", BACKUP_ID)?;
    copied.execute("INSERT INTO value (name, value) VALUES (?1, ?2)", (TAKEN_AT, now.ms().to_string()))?;
    copied.execute_batch("COMMIT")
}

/// The fault of a file that cannot be a backup.
pub(super) fn no_backup(file: &Path, reason: impl Into<String>) -> BackupFault {
    BackupFault::NoBackup { path: file.to_owned(), reason: reason.into() }
}
