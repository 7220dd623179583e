//! Fairness: how long a small merchant waits while another one sends ten times what fills the server, and
//! messages of a third are sent.
//!
//! Ten times the capacity means ten times as many requests under way as at the peak of a closed loop, by a
//! program that asks again at once whenever it is told to come back later. A rate of ten times the peak
//! cannot be offered here: the generator has to share the processors with the server, and does not reach that
//! rate against one that answers without thinking. So the server is always full, and the report says what was
//! really offered.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::client::metric;
use crate::figure::Milli;
use crate::generator::Pace;
use crate::report::Report;
use crate::requests::Requests;
use crate::rounds::{Plan, Row, Series, Subject, measure};
use crate::server::{Kadi, Store};
use crate::shop::{BENCH_MID, BULK_MID, CREATE_PATH, Customer, MADE, SMALL_MID, Shop};

/// A closed loop of so many connections fills the server.
const FULL: usize = 256;
/// The flood's.
const FLOOD: usize = 10 * FULL;
/// Of the small merchant's program.
const SMALL_CONNECTIONS: usize = 8;
/// Links whose customers get an SMS, made just before the flood: each SMS is a job of two more commits.
const MESSAGES: usize = 5_000;
const BULK_CONNECTIONS: usize = 16;
/// The flood has reached its height by then.
const RISE: Duration = Duration::from_secs(1);
/// After so long everything must be as before.
const REST: Duration = Duration::from_secs(5);
/// Requests are there for this part more than the peak needs, in percent.
const SPARE: u64 = 150;
const JOBS_DUE: &str = "kadi_jobs_due";

/// The small merchant's program, and how long each look at it takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pulse {
    /// How many links it makes a second.
    pub(crate) per_second: u64,
    /// How long it is watched: quiet, in the flood, and after it.
    pub(crate) length: Duration,
}

/// Measures on a store of its own, and checks afterwards that it holds what was answered.
pub(crate) fn fairness(
    program: &Path,
    folder: &Path,
    plan: Plan,
    pulse: Pulse,
    report: &mut Report,
) -> Result<(), String> {
    let store = Store::sqlite(folder, "fairness");
    store.import(program)?;
    let scene = Scene { kadi: store.start(program, None)?, plan: Plan { rounds: 1, ..plan }, pulse };
    let (mut shop, mut small, mut bulk) =
        (Shop::new(BENCH_MID)?, Shop::new(SMALL_MID)?, Shop::new(BULK_MID)?);
    let mut series = Vec::new();
    let peak = scene.peak(&mut shop)?;
    let capacity = peak.row.rate;
    series.push(peak);
    let quiet = scene.small("create, small merchant alone", plan.patience, &mut small)?;
    series.push(scene.bulk(&mut bulk)?);
    let due = metric(scene.kadi.admin, JOBS_DUE)?;
    let (flood, small_then) = scene.flood(capacity, &mut shop, &mut small)?;
    report.set("fair_jobs_due_before", due);
    report.set("fair_jobs_due_after", metric(scene.kadi.admin, JOBS_DUE)?);
    std::thread::sleep(REST);
    let after = scene.small("create, small merchant after the flood", Duration::ZERO, &mut small)?;
    report.set("fair_capacity_rps", capacity);
    report.set("fair_flood_connections", FLOOD);
    report.set("fair_flood_rps", flood.row.rate);
    report.set("fair_flood_asked", flood.row.asked);
    report.set("fair_flood_accepted", flood.row.good);
    report.set("fair_flood_busy", flood.row.busy);
    tell(report, [&quiet.row, &small_then.row, &after.row]);
    series.extend([quiet, small_then, flood, after]);
    report.set("fair_wrong_answers", series.iter().map(|series| wrong(&series.row)).sum::<u64>());
    scene.kadi.server.stop()?;
    let (rows, answers) = (store.links()?, series.iter().map(|series| series.row.good).sum::<u64>());
    report.set("fair_rows_equal_answers", rows == answers);
    report.add(series);
    Ok(())
}

/// Answers of neither kind, neither done nor "not now" with the time to come back, and wrong bodies.
fn wrong(row: &Row) -> u64 {
    row.bad - row.busy + row.wrong
}

/// What the small merchant saw: alone, in the flood, and after it.
fn tell(report: &mut Report, rows: [&Row; 3]) {
    let [quiet, ..] = rows;
    for (row, name) in rows.into_iter().zip(["quiet", "flood", "after"]) {
        report.set_milli(&format!("fair_{name}_p50_ms"), Some(Milli(row.latency.p50_us)));
        report.set_milli(&format!("fair_{name}_p99_ms"), Some(Milli(row.latency.p99_us)));
        let ratio = Milli::ratio(row.latency.p99_us, quiet.latency.p99_us);
        report.set_milli(&format!("fair_{name}_ratio"), ratio);
    }
    report.set("fair_small_answered", rows.iter().map(|row| row.good).sum::<u64>());
    report.set("fair_small_refused", rows.iter().map(|row| row.bad).sum::<u64>());
}

/// The running server and the times.
struct Scene {
    kadi: Kadi,
    plan: Plan,
    pulse: Pulse,
}

impl Scene {
    fn peak(&self, shop: &mut Shop) -> Result<Series, String> {
        let write = |count| shop.creates(CREATE_PATH, Customer::Nobody, count);
        let subject = self.subject("create, as many as fill the server", FULL, Pace::Closed, Box::new(write));
        self.measure(self.plan, subject)
    }

    fn small(&self, name: &'static str, patience: Duration, shop: &mut Shop) -> Result<Series, String> {
        let Pulse { per_second, length } = self.pulse;
        let plan = Plan { length, patience, ..self.plan };
        let count = requests_for(per_second, plan.warm_up + length);
        let write = |_| shop.creates(CREATE_PATH, Customer::Nobody, count);
        self.measure(plan, self.subject(name, SMALL_CONNECTIONS, Pace::Open { per_second }, Box::new(write)))
    }

    /// Gives the worker something to do.
    fn bulk(&self, shop: &mut Shop) -> Result<Series, String> {
        let (warm_up, length) = (Duration::ZERO, Duration::from_secs(60));
        let plan = Plan { warm_up, length, patience: Duration::ZERO, ..self.plan };
        let write = |_| shop.creates(CREATE_PATH, Customer::Written, MESSAGES);
        let name = "create with an SMS";
        self.measure(plan, self.subject(name, BULK_CONNECTIONS, Pace::Closed, Box::new(write)))
    }

    /// The flood, and the small merchant in it.
    fn flood(&self, capacity: u64, shop: &mut Shop, small: &mut Shop) -> Result<(Series, Series), String> {
        let warm_up = RISE;
        let length = self.plan.warm_up + self.pulse.length + RISE;
        let plan = Plan { warm_up, length, patience: Duration::ZERO, ..self.plan };
        let count = requests_for(capacity, warm_up + length) + FLOOD;
        let mut requests = shop.creates(CREATE_PATH, Customer::Nobody, count);
        std::thread::scope(|scope| {
            let flood = scope.spawn(move || {
                let write = |_| std::mem::take(&mut requests);
                let name = "create, ten times what fills the server";
                self.measure(plan, self.subject(name, FLOOD, Pace::Insisting, Box::new(write)))
            });
            let begun = Instant::now();
            std::thread::sleep(RISE);
            let small = self.small("create, small merchant in the flood", Duration::ZERO, small)?;
            if flood.is_finished() {
                return Err(format!("the flood ended after less than {} ms", begun.elapsed().as_millis()));
            }
            let flood = flood.join().map_err(|_| "the flood panicked")??;
            Ok((flood, small))
        })
    }

    fn subject<'a>(
        &self,
        name: &'static str,
        connections: usize,
        pace: Pace,
        requests: Box<dyn FnMut(usize) -> Requests + 'a>,
    ) -> Subject<'a> {
        let Kadi { store, server, admin } = &self.kadi;
        let (address, process, admin) = (server.address, server.id(), Some(*admin));
        Subject { store, name, address, process, admin, connections, pace, expected: MADE, requests }
    }

    fn measure(&self, plan: Plan, subject: Subject<'_>) -> Result<Series, String> {
        let own = [std::process::id(), self.kadi.server.id()];
        measure(plan, &mut [subject], &own)?.pop().ok_or_else(|| "nothing was measured".to_owned())
    }
}

/// More requests than such a rate needs in such a time.
fn requests_for(rate: u64, time: Duration) -> usize {
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    usize::try_from(rate * millis * SPARE / 100_000).unwrap_or(usize::MAX)
}
