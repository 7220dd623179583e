//! The checker's memory on disk: a line counts once it is synced, and many threads share one sync.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::line::Line;

/// A file that only grows.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    state: Mutex<State>,
    synced: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<u8>,
    appended: u64,
    durable: u64,
    is_syncing: bool,
    fault: Option<String>,
}

impl Journal {
    /// A new journal; an older one is never overwritten.
    pub(crate) fn create(path: &Path) -> Result<Self, String> {
        let file = File::create_new(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self { file, state: Mutex::default(), synced: Condvar::new() })
    }

    /// Writes these lines; on return they are on the disk.
    pub(crate) fn write(&self, lines: &[Line]) -> Result<(), String> {
        let mut bytes = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut bytes, line).map_err(|error| format!("the journal: {error}"))?;
            bytes.push(b'\n');
        }
        let mut state = self.lock();
        state.waiting.extend_from_slice(&bytes);
        state.appended += 1;
        let own = state.appended;
        loop {
            if let Some(fault) = &state.fault {
                return Err(format!("the journal: {fault}"));
            }
            if state.durable >= own {
                return Ok(());
            }
            state = if state.is_syncing {
                self.synced.wait(state).unwrap_or_else(PoisonError::into_inner)
            } else {
                self.sync(state)
            };
        }
    }

    /// Writes and syncs all that waits, for everyone who waits for it.
    fn sync<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        state.is_syncing = true;
        let (bytes, upto) = (std::mem::take(&mut state.waiting), state.appended);
        drop(state);
        let written = (&self.file).write_all(&bytes).and_then(|()| self.file.sync_data());
        let mut state = self.lock();
        state.is_syncing = false;
        match written {
            Ok(()) => state.durable = upto,
            Err(error) => state.fault = Some(error.to_string()),
        }
        self.synced.notify_all();
        state
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads a journal back.
pub(crate) fn read(path: &Path) -> Result<Vec<Line>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let line = |(at, text): (usize, &str)| {
        serde_json::from_str(text).map_err(|error| format!("{}, line {}: {error}", path.display(), at + 1))
    };
    text.lines().enumerate().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_threads_write_is_read_back_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::create(&path).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let journal = &journal;
                scope.spawn(move || {
                    for at in 0..50 {
                        journal.write(&[Line::Missed { link: thread * 1000 + at }]).unwrap();
                    }
                });
            }
        });
        let mut lines = read(&path).unwrap();
        lines.sort_by_key(|line| format!("{line:?}"));
        lines.dedup();
        assert_eq!(lines.len(), 400);
        assert!(Journal::create(&path).is_err(), "a journal was overwritten");
    }
}
