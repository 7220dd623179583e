//! The moments of kills.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant, SystemTime};

use crate::desk::Desk;
use crate::endpoint::Endpoint;
use crate::random::Random;
use crate::server::end;

/// What the server is doing when it is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// The very first start, on an empty store.
    Migration,
    /// A later start.
    StartUp,
    /// Requests.
    Load,
    /// The log is moved into the database, beside requests or at a start.
    Checkpoint,
    /// Deliveries to a slow endpoint, beside requests.
    Jobs,
}

impl Phase {
    /// All phases.
    pub(crate) const ALL: [Self; 5] =
        [Self::Migration, Self::StartUp, Self::Load, Self::Checkpoint, Self::Jobs];

    /// Its name in the table.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Migration => "migration",
            Self::StartUp => "start-up",
            Self::Load => "load",
            Self::Checkpoint => "checkpoint",
            Self::Jobs => "jobs",
        }
    }
}

/// The longest life.
const LIFE_MAX: Duration = Duration::from_secs(60);
/// The longest time without an acknowledged change under load.
const STALL_MAX: Duration = Duration::from_secs(40);
/// So many times its share of changes, and a life no longer waits for what it was to see.
const PATIENCE_FACTOR: u64 = 8;
const STEP: Duration = Duration::from_millis(1);
/// How long the endpoint keeps posts waiting in the phase of jobs.
const SLOW_MS: u64 = 400;

/// When a file last changed; none where it is absent or nobody watches.
pub(crate) fn changed(file: Option<&Path>) -> Option<SystemTime> {
    fs::metadata(file?).and_then(|facts| facts.modified()).ok()
}

/// What a killer watches.
#[derive(Debug)]
pub(crate) struct Killer<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) endpoint: &'a Endpoint,
    /// The database's file, which only a checkpoint changes.
    pub(crate) database: Option<PathBuf>,
}

impl Killer<'_> {
    /// Waits for the moment of a life that is to see so many acknowledged changes; gives the phase that it
    /// really hit, or what is wrong.
    pub(crate) fn wait(&self, wish: Phase, changes: u64, random: &mut Random) -> Result<Phase, String> {
        let began = Instant::now();
        let first = self.desk.changes();
        let before = changed(self.database.as_deref());
        let mut progress = (first, began);
        let wanted = 1 + random.below(6);
        let mut is_slow = false;
        loop {
            let done = self.desk.changes();
            if done > progress.0 {
                progress = (done, Instant::now());
            }
            let is_over = began.elapsed() > LIFE_MAX;
            let is_enough = done - first >= changes || is_over;
            match wish {
                Phase::Checkpoint if changed(self.database.as_deref()) != before => {
                    std::thread::sleep(Duration::from_micros(random.below(40_000)));
                    return Ok(Phase::Checkpoint);
                }
                Phase::Jobs if is_enough => {
                    if !is_slow {
                        self.endpoint.answer_after(SLOW_MS);
                        is_slow = true;
                    }
                    if u64::try_from(self.endpoint.in_flight()).unwrap_or(0) >= wanted {
                        std::thread::sleep(Duration::from_micros(random.below(100_000)));
                        return Ok(Phase::Jobs);
                    }
                }
                Phase::Load | Phase::Migration | Phase::StartUp if is_enough => {
                    std::thread::sleep(Duration::from_micros(random.below(20_000)));
                    return Ok(Phase::Load);
                }
                Phase::Checkpoint | Phase::Jobs | Phase::Load | Phase::Migration | Phase::StartUp => {}
            }
            let is_too_much = done - first >= changes.saturating_mul(PATIENCE_FACTOR);
            if is_over || is_too_much {
                // What was waited for did not come.
                return Ok(Phase::Load);
            }
            if progress.1.elapsed() > STALL_MAX {
                return Err(format!("nothing was acknowledged for {STALL_MAX:?}"));
            }
            std::thread::sleep(STEP);
        }
    }

    /// Kills a starting server somewhere on the way, which takes about `usual`. Half of the kills wait for
    /// the database to change first.
    pub(crate) fn kill_start(
        &self,
        mut child: Child,
        usual: Duration,
        random: &mut Random,
    ) -> Result<Phase, String> {
        let began = Instant::now();
        let usual_us = u64::try_from(usual.as_micros()).unwrap_or(0);
        let before = changed(self.database.as_deref());
        let is_watching = self.database.is_some() && random.chance(1, 2);
        let limit = Duration::from_micros(random.below(usual_us + usual_us / 10));
        let mut is_hit = false;
        while began.elapsed() < if is_watching { usual * 2 } else { limit } {
            is_hit = is_watching && changed(self.database.as_deref()) != before;
            if is_hit {
                let wait = Instant::now();
                let more = Duration::from_micros(random.below(usual_us / 3));
                while wait.elapsed() < more {
                    std::hint::spin_loop();
                }
                break;
            }
            std::thread::sleep(Duration::from_micros(100));
        }
        end(&mut child)?;
        Ok(if is_hit && before.is_some() { Phase::Checkpoint } else { Phase::StartUp })
    }
}
