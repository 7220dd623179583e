//! Interleaved rounds: every subject is measured once in each round, so that what happens to the machine
//! happens to all of them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use crate::client::metric;
use crate::figure::{Milli, median};
use crate::generator::{Load, Outcome, Pace, run};
use crate::latency::{Latency, Quantiles};
use crate::machine::threads_cpu;
use crate::requests::Requests;
use crate::watch::{Shares, Watch, wait_for_quiet};

/// Requests are written out for this rate until a subject has shown its own.
const RATE_AT_FIRST: u64 = 30_000;

/// Names of the counters of batches in `/metrics`.
const BATCHES: &str = "kadi_batches_total";
const COMMANDS: &str = "kadi_batch_commands_total";

/// Something that is measured again and again.
pub(crate) struct Subject<'a> {
    /// The store behind the server, or none.
    pub(crate) store: &'static str,
    /// Its name in the report.
    pub(crate) name: &'static str,
    /// Where its server listens.
    pub(crate) address: SocketAddr,
    /// The server's process.
    pub(crate) process: u32,
    /// The server's administration address, if it counts batches.
    pub(crate) admin: Option<SocketAddr>,
    /// Connections of the generator.
    pub(crate) connections: usize,
    /// When requests are sent.
    pub(crate) pace: Pace,
    /// What must stand in every answer.
    pub(crate) expected: &'static str,
    /// Writes at least so many requests, or some that can be sent again.
    pub(crate) requests: Box<dyn FnMut(usize) -> Requests + 'a>,
}

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// How many rounds.
    pub(crate) rounds: usize,
    /// Load before each measurement.
    pub(crate) warm_up: Duration,
    /// The measured time.
    pub(crate) length: Duration,
    /// How long a round waits for a quiet machine.
    pub(crate) patience: Duration,
}

/// One measurement.
#[derive(Clone, Debug)]
struct Sample {
    outcome: Outcome,
    shares: Shares,
    batches: u64,
    commands: u64,
    threads: BTreeMap<String, Duration>,
    is_noisy: bool,
}

/// All measurements of one subject.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    /// The store behind the server, or none.
    pub(crate) store: &'static str,
    /// The subject's name.
    pub(crate) name: &'static str,
    /// Its connections.
    pub(crate) connections: usize,
    /// The medians and sums of its rounds.
    pub(crate) row: Row,
    /// Processor time of the server's threads for each answer, by their names, in thousandths of a
    /// microsecond.
    pub(crate) threads: BTreeMap<String, Milli>,
}

/// What is reported of a subject: medians over the rounds, times and sums over all of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// Good answers a second.
    pub(crate) rate: u64,
    /// The slowest and the fastest round.
    pub(crate) rate_range: (u64, u64),
    /// How long answers took.
    pub(crate) latency: Quantiles,
    /// Cores in use, in thousandths: server, generator, PostgreSQL, strangers, stolen.
    pub(crate) cores: [Milli; 5],
    /// Processor time of the server for each answer, in thousandths of a microsecond.
    pub(crate) cpu_us: Milli,
    /// Commands in a batch, where the server counts them.
    pub(crate) batch: Option<Milli>,
    /// Requests sent.
    pub(crate) asked: u64,
    /// Answers of status 200 or 201.
    pub(crate) good: u64,
    /// Other answers.
    pub(crate) bad: u64,
    /// Of those, "not now" with the time to come back.
    pub(crate) busy: u64,
    /// Bodies that did not say what they should.
    pub(crate) wrong: u64,
    /// Rounds beside which strangers were at work.
    pub(crate) noisy: usize,
    /// Rounds.
    pub(crate) rounds: usize,
}

/// Measures all subjects in turn, `plan.rounds` times. `own` are all our processes. Each round begins when
/// the machine is quiet, or when it has not become so in time.
pub(crate) fn measure(plan: Plan, subjects: &mut [Subject<'_>], own: &[u32]) -> Result<Vec<Series>, String> {
    let mut samples: Vec<Vec<Sample>> = subjects.iter().map(|_| Vec::new()).collect();
    for _ in 0..plan.rounds {
        wait_for_quiet(own, plan.patience)?;
        for (subject, samples) in subjects.iter_mut().zip(&mut samples) {
            samples.push(sample(plan, subject, samples.last(), own)?);
        }
    }
    let series = subjects.iter().zip(&samples);
    series
        .map(|(subject, samples)| {
            let row = row_of(samples)?;
            let threads = threads_of(samples, row.good);
            Ok(Series {
                store: subject.store,
                name: subject.name,
                connections: subject.connections,
                row,
                threads,
            })
        })
        .collect()
}

fn sample(
    plan: Plan,
    subject: &mut Subject<'_>,
    last: Option<&Sample>,
    own: &[u32],
) -> Result<Sample, String> {
    let rate = last.map_or(RATE_AT_FIRST, |last| last.outcome.rate() * 3 / 2);
    let millis = u64::try_from((plan.warm_up + plan.length).as_millis()).unwrap_or(u64::MAX);
    let count = usize::try_from(rate * millis / 1_000).unwrap_or(usize::MAX);
    let mut requests = (subject.requests)(count.max(subject.connections * 16));
    let load = Load {
        address: subject.address,
        connections: subject.connections,
        pace: subject.pace,
        warm_up: plan.warm_up,
        length: plan.length,
        expected: subject.expected,
        keep: None,
    };
    let counted = |name| subject.admin.map_or(Ok(0), |admin| metric(admin, name));
    let (batches, commands) = (counted(BATCHES)?, counted(COMMANDS)?);
    let idle: Vec<u32> = own.iter().copied().filter(|id| *id != subject.process).collect();
    let threads = threads_cpu(subject.process)?;
    let watch = Watch::start(subject.process, &idle)?;
    let outcome = run(&load, &mut requests).map_err(|fault| format!("{}: {fault}", subject.name))?;
    let shares = watch.end()?;
    let mut used = threads_cpu(subject.process)?;
    for (name, time) in &mut used {
        *time = time.saturating_sub(threads.get(name).copied().unwrap_or_default());
    }
    Ok(Sample {
        threads: used,
        is_noisy: shares.is_noisy(),
        outcome,
        shares,
        batches: counted(BATCHES)? - batches,
        commands: counted(COMMANDS)? - commands,
    })
}

fn threads_of(samples: &[Sample], answers: u64) -> BTreeMap<String, Milli> {
    let mut sums: BTreeMap<String, Duration> = BTreeMap::new();
    for (name, time) in samples.iter().flat_map(|sample| &sample.threads) {
        *sums.entry(name.clone()).or_default() += *time;
    }
    let each = |time: Duration| time.as_nanos().checked_div(u128::from(answers)).unwrap_or(0);
    let milli = |time| Milli(u64::try_from(each(time)).unwrap_or(u64::MAX));
    sums.into_iter().map(|(name, time)| (name, milli(time))).filter(|(_, each)| each.0 > 0).collect()
}

fn row_of(samples: &[Sample]) -> Result<Row, String> {
    let middle = |of: &dyn Fn(&Sample) -> u64| {
        median(&samples.iter().map(of).collect::<Vec<_>>()).ok_or_else(|| "no rounds".to_owned())
    };
    let sum = |of: &dyn Fn(&Sample) -> u64| samples.iter().map(of).sum::<u64>();
    let mut latency = Latency::new()?;
    for sample in samples {
        latency.add(&sample.outcome.latency)?;
    }
    let core = |of: fn(&Shares) -> Milli| middle(&|sample| of(&sample.shares).0).map(Milli);
    let rates: Vec<u64> = samples.iter().map(|sample| sample.outcome.rate()).collect();
    let nanos = |sample: &Sample| {
        let spent = sample.shares.server_time.as_nanos();
        let each = spent.checked_div(u128::from(sample.outcome.good)).unwrap_or(0);
        u64::try_from(each).unwrap_or(u64::MAX)
    };
    Ok(Row {
        rate: middle(&|sample| sample.outcome.rate())?,
        rate_range: (
            rates.iter().min().copied().unwrap_or_default(),
            rates.iter().max().copied().unwrap_or_default(),
        ),
        latency: latency.quantiles(),
        cores: [
            core(|s| s.server)?,
            core(|s| s.generator)?,
            core(|s| s.postgres)?,
            core(|s| s.strangers)?,
            core(|s| s.steal)?,
        ],
        cpu_us: Milli(middle(&nanos)?),
        batch: Milli::ratio(sum(&|s| s.commands), sum(&|s| s.batches)),
        asked: sum(&|s| s.outcome.asked),
        good: sum(&|s| s.outcome.good),
        bad: sum(&|s| s.outcome.bad),
        busy: sum(&|s| s.outcome.busy),
        wrong: sum(&|s| s.outcome.wrong),
        noisy: samples.iter().filter(|sample| sample.is_noisy).count(),
        rounds: samples.len(),
    })
}
