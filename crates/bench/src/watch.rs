//! Who used the processor while something was measured: the server, the generator, PostgreSQL, strangers.

use std::time::{Duration, Instant};

use crate::figure::Milli;
use crate::machine::{MachineCpu, machine_cpu, named_cpu, process_cpu};

/// How much of a core strangers may use before a round counts as noisy.
pub(crate) const NOISE: Milli = Milli(100);
/// How long to look at an idle machine.
const LOOK: Duration = Duration::from_millis(500);

/// Cores in use, in thousandths of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    /// The server that was measured.
    pub(crate) server: Milli,
    /// This process: the load generator.
    pub(crate) generator: Milli,
    /// All processes of PostgreSQL.
    pub(crate) postgres: Milli,
    /// Everybody else.
    pub(crate) strangers: Milli,
    /// What the host of a virtual machine took away.
    pub(crate) steal: Milli,
    /// Processor time of the server.
    pub(crate) server_time: Duration,
}

impl Shares {
    /// Did strangers take so much that the figures are doubtful?
    pub(crate) fn is_noisy(&self) -> bool {
        self.strangers > NOISE || self.steal > NOISE
    }
}

/// The processor times at the beginning of a measurement.
pub(crate) struct Watch {
    server: u32,
    idle: Vec<u32>,
    begun: Instant,
    before: Times,
}

#[derive(Clone, Copy)]
struct Times {
    machine: MachineCpu,
    server: Duration,
    own: Duration,
    idle: Duration,
    postgres: Duration,
}

impl Watch {
    /// Looks at the clock. `idle` are our other processes, which should do nothing now.
    pub(crate) fn start(server: u32, idle: &[u32]) -> Result<Self, String> {
        let before = times(server, idle)?;
        Ok(Self { server, idle: idle.to_vec(), begun: Instant::now(), before })
    }

    /// Looks again.
    pub(crate) fn end(&self) -> Result<Shares, String> {
        let (time, after, before) = (self.begun.elapsed(), times(self.server, &self.idle)?, self.before);
        let share = |used: Duration| milli_cores(used, time);
        let spent = |of: fn(&Times) -> Duration| of(&after).saturating_sub(of(&before));
        let (server, own, postgres) = (spent(|t| t.server), spent(|t| t.own), spent(|t| t.postgres));
        let ours = server + own + postgres + spent(|t| t.idle);
        Ok(Shares {
            server: share(server),
            generator: share(own),
            postgres: share(postgres),
            strangers: share(spent(|t| t.machine.busy).saturating_sub(ours)),
            steal: share(spent(|t| t.machine.steal)),
            server_time: server,
        })
    }
}

/// Waits until strangers leave the machine alone for half a second, at most `patience`.
pub(crate) fn wait_for_quiet(own: &[u32], patience: Duration) -> Result<(), String> {
    let until = Instant::now() + patience;
    while Instant::now() < until {
        let watch = Watch::start(std::process::id(), own)?;
        std::thread::sleep(LOOK);
        let seen = watch.end()?;
        // This process is both server and generator here, so it is counted twice: strangers come out too
        // small by what it did in the meantime, which is nothing.
        if !seen.is_noisy() {
            return Ok(());
        }
    }
    Ok(())
}

fn times(server: u32, idle: &[u32]) -> Result<Times, String> {
    let idle = idle.iter().map(|id| process_cpu(*id)).sum::<Result<Duration, String>>()?;
    Ok(Times {
        machine: machine_cpu()?,
        server: process_cpu(server)?,
        own: process_cpu(std::process::id())?,
        idle,
        postgres: named_cpu("postgres"),
    })
}

fn milli_cores(used: Duration, time: Duration) -> Milli {
    let share = (used.as_micros() * 1_000).checked_div(time.as_micros());
    Milli(share.and_then(|share| u64::try_from(share).ok()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_and_a_half_is_1500_thousandths() {
        assert_eq!(milli_cores(Duration::from_secs(3), Duration::from_secs(2)), Milli(1_500));
        assert_eq!(milli_cores(Duration::from_secs(3), Duration::ZERO), Milli(0));
    }

    #[test]
    fn what_this_process_does_is_not_a_strangers() {
        let watch = Watch::start(std::process::id(), &[]).unwrap();
        let until = Instant::now() + Duration::from_millis(100);
        while Instant::now() < until {}
        assert!(watch.end().unwrap().server_time >= Duration::from_millis(20));
    }
}
