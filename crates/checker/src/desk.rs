//! Where all threads of a campaign meet: the journal, what follows from it, and whether a life has ended.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::journal::Journal;
use crate::line::{Line, Op, Word};
use crate::model::Model;
use crate::sender::Sender;

/// The desk.
#[derive(Debug)]
pub(crate) struct Desk {
    /// None where an old journal is only read.
    journal: Option<Journal>,
    model: Mutex<Model>,
    next: AtomicU64,
    /// Acknowledged changes, journaled.
    changes: AtomicU64,
    was_killed: AtomicBool,
    pub(crate) sender: Sender,
}

impl Desk {
    /// A desk over a journal and what it says so far.
    pub(crate) fn new(journal: Option<Journal>, model: Model) -> Self {
        let sender = Sender { endpoint: model.endpoint().to_owned() };
        Self {
            journal,
            model: Mutex::new(model),
            next: AtomicU64::new(1),
            changes: AtomicU64::new(0),
            was_killed: AtomicBool::new(false),
            sender,
        }
    }

    /// Writes lines; when this returns they are on the disk and count.
    pub(crate) fn write(&self, lines: &[Line]) -> Result<(), String> {
        if let Some(journal) = &self.journal {
            journal.write(lines)?;
        }
        let mut model = self.model();
        for line in lines {
            model.apply(line);
        }
        self.changes.store(model.counts.changes(), Ordering::Relaxed);
        Ok(())
    }

    /// Writes down an answer.
    pub(crate) fn answer(&self, op: Op, word: Word) -> Result<(), String> {
        self.write(&[Line::Answer { op, at_ms: now_ms(), word }])
    }

    /// What is known.
    pub(crate) fn model(&self) -> MutexGuard<'_, Model> {
        self.model.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number for a request.
    pub(crate) fn number(&self) -> Op {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Acknowledged changes so far.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    /// Says that the server is about to be killed, or that another one runs.
    pub(crate) fn set_killed(&self, was_killed: bool) {
        self.was_killed.store(was_killed, Ordering::SeqCst);
    }

    /// Was the server killed?
    pub(crate) fn was_killed(&self) -> bool {
        self.was_killed.load(Ordering::SeqCst)
    }

    /// Remembers what is wrong.
    pub(crate) fn complain(&self, fault: String) {
        self.model().faults.push(fault);
    }
}

/// A running server, as load and comparison see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) address: SocketAddr,
}

/// The time, in milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the checker has no engine, whose clock this lint guards")]
pub(crate) fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(0)
}
