//! How a batcher works, for measurements, and how much it has done.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::queue::BATCH_MAX;

/// How a batcher works. Anything but the default exists to measure what the default gains: no option and no
/// setting of a server leads here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The most commands of one commit, at least 1.
    pub batch_max: usize,
    /// How much longer each commit takes, as on a disk that syncs more slowly.
    pub commit_delay: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { batch_max: BATCH_MAX, commit_delay: Duration::ZERO }
    }
}

impl Pace {
    /// Waits as long as the slower disk would.
    pub(crate) fn wait(&self) {
        if !self.commit_delay.is_zero() {
            std::thread::sleep(self.commit_delay);
        }
    }
}

/// What the batchers have done since the start.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    batches: AtomicU64,
    commands: AtomicU64,
}

/// Batches and commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Batches that were carried out, whatever their end.
    pub batches: u64,
    /// Commands in them.
    pub commands: u64,
}

impl Tally {
    pub(crate) fn add_batch(&self, commands: usize) {
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.commands.fetch_add(u64::try_from(commands).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(crate) fn counts(&self) -> Counts {
        let (batches, commands) =
            (self.batches.load(Ordering::Relaxed), self.commands.load(Ordering::Relaxed));
        Counts { batches, commands }
    }
}
