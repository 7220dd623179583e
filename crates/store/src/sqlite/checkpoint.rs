//! The checkpointer: moves the log into the database beside the writer, and starts the log anew between two
//! batches.
//!
//! SQLite's own checkpoint runs inside a commit and is its worst stall. Here a second connection on its own
//! thread copies the pages (PASSIVE) while the writer goes on, and again what the writer wrote meanwhile,
//! until little is left; then the writer, between two batches, waits a moment for readers, copies that
//! little and starts the log from its beginning (RESTART). Without that second step the file would grow for
//! ever.

use std::ffi::c_int;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use super::connect::{BUSY_TIMEOUT, open_writer};
use super::errors::trouble;
use crate::location::SqliteFile;
use crate::trouble::Trouble;

/// The part of its usual length by which the log may grow before the next try, when the last one was held up.
const MORE: i64 = 4;
/// The part of its usual length that the writer may have left to copy when it starts the log anew.
const LITTLE: i64 = 32;
/// How often pages are copied beside the writer, however many it has left.
const COPIES_MAX: u32 = 4;
/// How long the writer waits for readers when it starts the log anew.
const RESTART_PATIENCE: Duration = Duration::from_millis(50);

/// What became of the log when the writer looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checkpoint {
    /// It is short.
    NotDue,
    /// Its pages are being copied beside the writer.
    Running,
    /// It starts anew with the next batch.
    Restarted,
    /// Readers still need it; tried again when it has grown.
    HeldUp,
}

/// Watches the log of one writing connection.
#[derive(Debug)]
pub(crate) struct Checkpointer {
    location: SqliteFile,
    pages: Arc<AtomicI64>,
    due_at: i64,
    running: Option<Receiver<Result<(), Trouble>>>,
}

impl Checkpointer {
    /// Watches the log of `writer`.
    pub(crate) fn new(location: &SqliteFile, writer: &mut Connection) -> Result<Self, Trouble> {
        let pages = Arc::new(AtomicI64::new(0));
        let seen = Arc::clone(&pages);
        let hook = move |_: &mut Wal, count: c_int| {
            seen.store(i64::from(count), Ordering::Relaxed);
            Ok(())
        };
        writer.wal_hook(Some(hook)).map_err(|e| trouble("wal_hook", &e))?;
        Ok(Self { location: location.clone(), pages, due_at: location.log_pages, running: None })
    }

    /// Starts, continues or ends a checkpoint. Between two batches only.
    pub(crate) fn step(&mut self, writer: &Connection) -> Result<Checkpoint, Trouble> {
        let Some(copy) = self.running.take() else {
            if self.pages.load(Ordering::Relaxed) < self.due_at {
                return Ok(Checkpoint::NotDue);
            }
            self.running = Some(copy_pages(self.location.clone(), Arc::clone(&self.pages)));
            return Ok(Checkpoint::Running);
        };
        match copy.try_recv() {
            Err(TryRecvError::Empty) => {
                self.running = Some(copy);
                Ok(Checkpoint::Running)
            }
            Err(TryRecvError::Disconnected) => Err(Trouble::Down("a checkpoint's thread died".to_owned())),
            Ok(copied) => {
                let more = self.location.log_pages / MORE;
                self.due_at = self.pages.load(Ordering::Relaxed).saturating_add(more);
                copied?;
                self.restart(writer)
            }
        }
    }

    fn restart(&mut self, writer: &Connection) -> Result<Checkpoint, Trouble> {
        if !checkpoint(writer, "RESTART", RESTART_PATIENCE)? {
            return Ok(Checkpoint::HeldUp);
        }
        self.pages.store(0, Ordering::Relaxed);
        self.due_at = self.location.log_pages;
        Ok(Checkpoint::Restarted)
    }
}

/// Copies what can be copied without disturbing anyone, on a thread and a connection of its own; and again
/// what was written meanwhile, until little is left. `pages` counts the log's.
fn copy_pages(location: SqliteFile, pages: Arc<AtomicI64>) -> Receiver<Result<(), Trouble>> {
    let (done, copied) = sync_channel(1);
    std::thread::spawn(move || {
        // The writer may be gone by now; then nobody asks.
        drop(done.send(copy_until_little_is_left(&location, &pages)));
    });
    copied
}

fn copy_until_little_is_left(location: &SqliteFile, pages: &AtomicI64) -> Result<(), Trouble> {
    let own = open_writer(location)?;
    for _ in 0..COPIES_MAX {
        let before = pages.load(Ordering::Relaxed);
        checkpoint(&own, "PASSIVE", Duration::ZERO)?;
        let left = pages.load(Ordering::Relaxed).saturating_sub(before);
        if left <= location.log_pages / LITTLE {
            break;
        }
    }
    Ok(())
}

/// Runs a checkpoint, waiting for others at most `patience`; false where they held it up.
fn checkpoint(connection: &Connection, how: &str, patience: Duration) -> Result<bool, Trouble> {
    let run = || {
        connection.busy_timeout(patience)?;
        let text = format!("PRAGMA wal_checkpoint({how})");
        let held_up = connection.query_row(&text, [], |row| row.get::<_, i64>(0));
        // The connection goes on writing, also after a checkpoint that failed.
        connection.busy_timeout(BUSY_TIMEOUT)?;
        Ok(held_up? == 0)
    };
    run().map_err(|e| trouble("checkpoint", &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_that_fails_leaves_the_patience_of_its_connection_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kadi.db");
        let location = SqliteFile::at(file);
        crate::sqlite::migrate(&location).unwrap();
        let writer = open_writer(&location).unwrap();
        writer.execute_batch("BEGIN IMMEDIATE; DELETE FROM value").unwrap();
        checkpoint(&writer, "RESTART", RESTART_PATIENCE).unwrap_err();
        let patience_ms =
            writer.pragma_query_value(None, "busy_timeout", |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(u128::try_from(patience_ms), Ok(BUSY_TIMEOUT.as_millis()));
    }
}
