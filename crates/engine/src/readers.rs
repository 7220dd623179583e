//! Reader threads: each owns a read-only session and answers queries, which never wait for a batch.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use kadi_store::{Location, Reader, Trouble};

/// The most queries that wait.
const WAITING_MAX: usize = 8_192;

type Query = Box<dyn FnOnce(Result<&mut Reader, Trouble>) + Send>;

#[derive(Default)]
struct Inner {
    waiting: VecDeque<Query>,
    is_closed: bool,
    /// Threads that wait and were not woken. To wake one costs a system call, which busy ones need not.
    idle: usize,
}

/// The queries that wait for a reader thread.
#[derive(Default)]
pub(crate) struct Readers {
    inner: Mutex<Inner>,
    filled: Condvar,
}

impl Readers {
    /// Adds a query; false where too many wait or the engine stops.
    pub(crate) fn push(&self, query: Query) -> bool {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.is_closed || inner.waiting.len() >= WAITING_MAX {
            return false;
        }
        inner.waiting.push_back(query);
        let wake = inner.idle > 0;
        inner.idle = inner.idle.saturating_sub(1);
        drop(inner);
        if wake {
            self.filled.notify_one();
        }
        true
    }

    /// Takes no more queries.
    pub(crate) fn close(&self) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).is_closed = true;
        self.filled.notify_all();
    }

    fn take(&self) -> Option<Query> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(query) = inner.waiting.pop_front() {
                return Some(query);
            }
            if inner.is_closed {
                return None;
            }
            inner.idle += 1;
            inner = self.filled.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Answers queries until the engine stops. A session that lost its store, or whose query panicked, is opened
/// again for the next query.
pub(crate) fn run(readers: &Arc<Readers>, location: &Location) {
    let mut session: Option<Reader> = None;
    while let Some(query) = readers.take() {
        let kept = session.take().filter(Reader::is_usable);
        let mut opened = kept.map_or_else(|| Reader::open(location), Ok);
        let answered =
            catch_unwind(AssertUnwindSafe(|| query(opened.as_mut().map_err(|trouble| trouble.clone()))));
        match answered {
            Ok(()) => session = opened.ok(),
            Err(_) => tracing::error!("a query panicked"),
        }
    }
}
