//! The load generator: one thread, many keep-alive connections, every answer checked.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::{Events, Poll, Token};

use crate::connection::{Connection, Got};
use crate::figure::per_second;
use crate::latency::Latency;
use crate::requests::Requests;

/// How long the last answers may take.
const PATIENCE: Duration = Duration::from_secs(20);
const EVENTS_MAX: usize = 1_024;
/// The longest sleep between two looks of an open loop, so that requests leave on time.
const NAP: Duration = Duration::from_micros(50);
/// Of so many answers the body of one is looked at.
const SAMPLE: u64 = 16;

/// When requests are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Each connection sends its next request when it has its answer.
    Closed,
    /// As `Closed`, by a program that does not wait when it is told to: what was answered 503 is sent again
    /// at once.
    Insisting,
    /// So many a second, whatever the answers do. A request counts as asked at its appointed time, even if
    /// no connection was free then: a stall is not hidden (no coordinated omission).
    Open {
        /// How many requests a second.
        per_second: u64,
    },
}

/// Finds in the body of an answer what later requests ask for.
pub type Keep = fn(&[u8]) -> Option<String>;

/// One round of load.
pub struct Load<'a> {
    /// The server.
    pub address: SocketAddr,
    /// How many connections.
    pub connections: usize,
    /// When requests are sent.
    pub pace: Pace,
    /// How long load runs before anything is measured.
    pub warm_up: Duration,
    /// How long is measured.
    pub length: Duration,
    /// What must stand in the body of an answer.
    pub expected: &'a str,
    /// What is kept of the body of each good answer, if anything.
    pub keep: Option<Keep>,
}

/// What came of a round.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Requests sent, warm-up included.
    pub asked: u64,
    /// Answers of status 200 or 201, warm-up included.
    pub good: u64,
    /// Answers of another status.
    pub bad: u64,
    /// Of those, answers of status 503 that say when to ask again.
    pub busy: u64,
    /// Bodies that were looked at.
    pub sampled: u64,
    /// Of those, bodies without what must stand in them.
    pub wrong: u64,
    /// Good answers within the measured time.
    pub measured: u64,
    /// The measured time: shorter than asked for where the requests were used up.
    pub time: Duration,
    /// How long the measured answers took.
    pub latency: Latency,
    /// What [`Load::keep`] made of the bodies, in the order of the answers.
    pub kept: Vec<String>,
}

impl Outcome {
    /// Good answers a second.
    pub fn rate(&self) -> u64 {
        per_second(self.measured, self.time)
    }
}

/// Runs a round. An error where the server cannot be reached, hangs up or answers no HTTP.
pub fn run(load: &Load<'_>, requests: &mut Requests) -> Result<Outcome, String> {
    Round::new(load)?.run(requests)
}

struct Round<'a> {
    load: &'a Load<'a>,
    poll: Poll,
    connections: Vec<Connection>,
    idle: VecDeque<usize>,
    /// When measuring begins, and when it ends.
    from: Instant,
    until: Instant,
    asked: u64,
    outcome: Outcome,
}

impl<'a> Round<'a> {
    fn new(load: &'a Load<'a>) -> Result<Self, String> {
        let poll = Poll::new().map_err(|error| format!("epoll: {error}"))?;
        let connections = (0..load.connections)
            .map(|at| Connection::open(load.address, poll.registry(), Token(at)))
            .collect::<Result<Vec<_>, _>>()?;
        let from = Instant::now() + load.warm_up;
        let outcome = Outcome {
            asked: 0,
            good: 0,
            bad: 0,
            busy: 0,
            sampled: 0,
            wrong: 0,
            measured: 0,
            time: Duration::ZERO,
            latency: Latency::new()?,
            kept: Vec::new(),
        };
        let idle = (0..connections.len()).collect();
        Ok(Self { load, poll, connections, idle, from, until: from + load.length, asked: 0, outcome })
    }

    fn run(mut self, requests: &mut Requests) -> Result<Outcome, String> {
        let mut events = Events::with_capacity(EVENTS_MAX);
        let begun = Instant::now();
        let mut is_over = false;
        loop {
            let now = Instant::now();
            if !is_over && (now >= self.until || !self.ask_what_is_due(requests, begun, now)?) {
                is_over = true;
                self.until = self.until.min(now);
            }
            if is_over && self.idle.len() == self.connections.len() {
                break;
            }
            if now > self.until + PATIENCE {
                return Err("answers are missing after 20 seconds".to_owned());
            }
            let wait = if is_over { Some(PATIENCE) } else { self.wait(now) };
            self.poll.poll(&mut events, wait).map_err(|error| format!("epoll: {error}"))?;
            for event in &events {
                self.serve(event.token().0, event.is_writable())?;
            }
        }
        self.outcome.asked = self.asked;
        self.outcome.time = self.until.saturating_duration_since(self.from);
        Ok(self.outcome)
    }

    /// Sends what is due, as far as connections are free; false where the requests are used up.
    fn ask_what_is_due(
        &mut self,
        requests: &mut Requests,
        begun: Instant,
        now: Instant,
    ) -> Result<bool, String> {
        while let Some(&at) = self.idle.front() {
            let asked_at = match self.load.pace {
                Pace::Closed | Pace::Insisting => Instant::now(),
                Pace::Open { per_second } => {
                    let nanos = u128::from(self.asked) * 1_000_000_000 / u128::from(per_second.max(1));
                    begun + Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
                }
            };
            if matches!(self.load.pace, Pace::Open { .. }) && asked_at > now {
                break;
            }
            let Some(request) = requests.take() else { return Ok(false) };
            self.idle.pop_front();
            let connection = self.connections.get_mut(at).ok_or("no such connection")?;
            connection.ask(request, asked_at)?;
            self.asked += 1;
        }
        Ok(true)
    }

    /// How long to wait for an answer: epoll counts in milliseconds, which is too coarse for an open loop.
    fn wait(&self, now: Instant) -> Option<Duration> {
        match self.load.pace {
            Pace::Closed | Pace::Insisting => Some(self.until.saturating_duration_since(now).min(PATIENCE)),
            Pace::Open { .. } => {
                std::thread::sleep(NAP);
                Some(Duration::ZERO)
            }
        }
    }

    fn serve(&mut self, at: usize, is_writable: bool) -> Result<(), String> {
        let connection = self.connections.get_mut(at).ok_or("no such connection")?;
        if is_writable {
            connection.push()?;
        }
        let Got::Answer { status, retry_after_s, body, asked_at } = connection.pull()? else { return Ok(()) };
        let now = Instant::now();
        let is_busy = status == 503 && retry_after_s >= Some(1);
        let outcome = &mut self.outcome;
        if matches!(status, 200 | 201) {
            outcome.good += 1;
            outcome.kept.extend(self.load.keep.and_then(|keep| keep(body)));
            if now >= self.from && now < self.until {
                outcome.measured += 1;
            }
        } else {
            outcome.bad += 1;
            outcome.busy += u64::from(is_busy);
        }
        if asked_at >= self.from {
            outcome.latency.record(now - asked_at);
        }
        if !is_busy && (outcome.good + outcome.bad).is_multiple_of(SAMPLE) {
            outcome.sampled += 1;
            if !contains(body, self.load.expected.as_bytes()) {
                outcome.wrong += 1;
            }
        }
        if self.load.pace == Pace::Insisting && status == 503 && now < self.until {
            self.asked += 1;
            return connection.ask_again(now);
        }
        self.idle.push_back(at);
        Ok(())
    }
}

fn contains(body: &[u8], expected: &[u8]) -> bool {
    expected.is_empty() || body.windows(expected.len()).any(|window| window == expected)
}
