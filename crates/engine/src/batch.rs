//! The batcher: takes the commands that wait, loads, decides, saves, commits once, and then answers all of
//! them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use kadi_domain::moment::{Moment, Setup, Source as _};
use kadi_domain::refusal::Fault;
use kadi_domain::risk::Rates;
use kadi_domain::seal::Keyring;
use kadi_domain::view::View;
use kadi_domain::work::Needs;
use kadi_store::{Commit, Location, Session, Trouble};
use tokio::sync::Notify;

use crate::clock::KadiClock;
use crate::command::Failure;
use crate::faces::Faces;
use crate::pace::{Pace, Tally};
use crate::queue::Queue;
use crate::source::{BLOCK, BlockSource};
use crate::state::StoreState;
use crate::ticket::{End, Queued};
use crate::watches::Watches;

/// How often the same batch is decided again from fresh records before its callers hear that the store is too
/// busy.
const TRIES_MAX: u32 = 8;
/// How often the store is asked whether a commit of unknown end took place.
const RESOLVE_TRIES_MAX: u32 = 20;
const RESOLVE_PAUSE: Duration = Duration::from_millis(100);

type Tickets = Vec<Box<dyn Queued>>;

/// One batcher: an OS thread that opens, uses and drops its own session.
pub(crate) struct Batcher {
    pub(crate) number: i64,
    pub(crate) location: Location,
    pub(crate) queue: Arc<Queue>,
    pub(crate) faces: Arc<Faces>,
    pub(crate) watches: Arc<Watches>,
    pub(crate) clock: Arc<KadiClock>,
    pub(crate) setup: Arc<Setup>,
    pub(crate) keys: Arc<Keyring>,
    pub(crate) jobs: Arc<Notify>,
    pub(crate) state: Arc<StoreState>,
    pub(crate) pace: Pace,
    pub(crate) tally: Arc<Tally>,
    pub(crate) session: Option<Session>,
    pub(crate) source: BlockSource,
}

/// How one try of a batch ended.
enum Attempt {
    Ended(End),
    /// The store was not ready for the batch: try the same batch again.
    Again,
    /// The commit failed, and did not take place: try the same batch again.
    Undone,
    /// The store refused a row for now (a unique key, a stale version): try again, and halve where it goes
    /// on.
    Conflict(Fault),
    /// The store will never take one of the rows: halve at once.
    Split(Fault),
}

impl Batcher {
    /// Opens the session, tells whether that went well, and works until the queue is closed and empty.
    pub(crate) fn run(mut self, opened: &SyncSender<Result<(), Trouble>>) {
        let open = Session::open(&self.location, self.number).map(|session| self.session = Some(session));
        let is_open = open.is_ok();
        if opened.send(open).is_err() || !is_open {
            return;
        }
        while let Some(mut tickets) = self.queue.take() {
            while !tickets.is_empty() {
                let later = tickets.split_off(tickets.len().min(self.pace.batch_max.max(1)));
                self.one_batch(tickets);
                tickets = later;
            }
        }
        self.retire();
    }

    /// Takes the batcher's mark out of a store where its number was drawn for this start alone.
    fn retire(&mut self) {
        match (&self.location, self.session.take()) {
            (Location::Sqlite(_), _) | (Location::Postgres(_), None) => {}
            (Location::Postgres(_), Some(session)) => {
                if let Err(trouble) = session.retire() {
                    tracing::warn!(%trouble, "a batcher leaves its mark behind");
                }
            }
        }
    }

    fn one_batch(&mut self, tickets: Tickets) {
        self.tally.add_batch(tickets.len());
        if catch_unwind(AssertUnwindSafe(|| self.carry_out(tickets))).is_err() {
            // Callers without an answer hear `Unknown`; nothing of the broken session is used again.
            tracing::error!("a batch panicked");
            self.session = None;
        }
        self.checkpoint();
    }

    fn carry_out(&mut self, mut tickets: Tickets) {
        let (mut conflict, mut undone) = (None, false);
        for _ in 0..TRIES_MAX {
            conflict = match self.attempt(&mut tickets) {
                Attempt::Ended(End::Failed(_)) if undone => None,
                Attempt::Ended(end) => return answer(tickets, &end),
                Attempt::Again => None,
                Attempt::Undone => {
                    undone = true;
                    None
                }
                Attempt::Conflict(fault) => Some(fault),
                Attempt::Split(fault) => return self.halve(tickets, fault),
            }
        }
        if let Some(fault) = conflict {
            return self.halve(tickets, fault);
        }
        if undone {
            // The disk may hold what it failed to confirm, and show it after a crash, until something follows
            // it.
            return answer(tickets, &End::Failed(Failure::Unknown));
        }
        tracing::error!(commands = tickets.len(), "the store was busy too often");
        answer(tickets, &End::Failed(Failure::Busy));
    }

    /// Carries out each half by itself, until the one bad command stands alone and is broken.
    fn halve(&mut self, mut tickets: Tickets, fault: Fault) {
        if tickets.len() > 1 {
            tracing::warn!(commands = tickets.len(), %fault, "a batch is halved to find a bad command");
            let second = tickets.split_off(tickets.len() / 2);
            self.carry_out(tickets);
            self.carry_out(second);
        } else {
            tracing::error!(%fault, "a command is broken");
            answer(tickets, &End::Failed(Failure::Broken(fault)));
        }
    }

    fn attempt(&mut self, tickets: &mut Tickets) -> Attempt {
        let mut needs = Needs::default();
        needs.risk.platform = Rates::of(&self.setup.risk);
        let mut able = Vec::new();
        for ticket in tickets.iter() {
            // What a panicking command had named by then is loaded in vain and does no harm.
            able.push(catch_unwind(AssertUnwindSafe(|| ticket.needs(&self.keys, &mut needs))).is_ok());
        }
        let mut view = match self.load(&needs) {
            Ok(view) => view,
            Err(trouble) => return self.give_up(trouble),
        };
        self.decide(tickets, &able, &mut view);
        let mut mark = [0; 16];
        if let Err(fault) = self.source.random(&mut mark) {
            self.rollback();
            return Attempt::Ended(End::Failed(Failure::Broken(fault)));
        }
        let Some(session) = self.session.as_mut() else {
            return Attempt::Ended(End::Failed(Failure::Unavailable));
        };
        let end = session.save(&view, mark);
        self.pace.wait();
        // Before anyone hears of it; also where it is not known whether anything changed.
        self.renew(&view);
        match end {
            Commit::Committed => {
                let now = self.clock.now();
                // What is due later is found when its time comes: workers look again and again.
                if view.jobs.new_ones().chain(view.jobs.changed_ones()).any(|job| job.due_at <= now) {
                    self.jobs.notify_one();
                }
                Attempt::Ended(End::Committed)
            }
            Commit::Aborted(Trouble::Again(what)) => Attempt::Conflict(Fault::new(what)),
            Commit::Aborted(trouble) => self.give_up(trouble),
            Commit::Unknown(what) => {
                let found = self.resolve(mark, &what);
                // Whoever read meanwhile may have read what was before.
                self.renew(&view);
                found
            }
        }
    }

    /// Nobody keeps what the batch has changed, or may have, and who waits for it is woken.
    fn renew(&self, view: &View) {
        self.faces.change(view);
        self.watches.change(view);
    }

    /// Loads in the session; where that is lost, which has changed nothing, in a new one.
    fn load(&mut self, needs: &Needs) -> Result<View, Trouble> {
        let had_session = self.session.is_some();
        match self.load_once(needs) {
            Err(Trouble::Down(what)) if had_session => {
                tracing::warn!(%what, "the session is lost; another is opened");
                self.session = None;
                self.load_once(needs)
            }
            other => other,
        }
    }

    fn load_once(&mut self, needs: &Needs) -> Result<View, Trouble> {
        if self.session.is_none() {
            self.session = Some(Session::open(&self.location, self.number)?);
        }
        let Some(session) = self.session.as_mut() else {
            return Err(Trouble::Down("no session".to_owned()));
        };
        if self.source.is_low() {
            self.source.refill(session.take_block(BLOCK)?);
        }
        session.load(needs)
    }

    /// Decides one command after the other; a refused, broken or panicking one leaves no trace.
    fn decide(&mut self, tickets: &mut Tickets, able: &[bool], view: &mut View) {
        let mut moment =
            Moment::new(self.clock.now(), self.clock.real_now(), &self.setup, &self.keys, &mut self.source);
        let panicked = || Failure::Broken(Fault::new("a command panicked"));
        for (ticket, able) in tickets.iter_mut().zip(able) {
            if !able {
                ticket.fail(panicked());
                continue;
            }
            match catch_unwind(AssertUnwindSafe(|| ticket.decide(view, &mut moment))) {
                Ok(Some(changes)) => view.apply(changes),
                Ok(None) => {}
                Err(_) => ticket.fail(panicked()),
            }
        }
    }

    fn give_up(&mut self, trouble: Trouble) -> Attempt {
        self.rollback();
        match trouble {
            Trouble::Again(what) => {
                tracing::debug!(%what, "a batch is decided again");
                Attempt::Again
            }
            Trouble::Poison(what) => Attempt::Split(Fault::new(what)),
            Trouble::Broken(fault) => Attempt::Split(fault),
            Trouble::Down(what) => {
                self.state.is_down(&what);
                self.session = None;
                Attempt::Ended(End::Failed(Failure::Unavailable))
            }
        }
    }

    fn rollback(&mut self) {
        if let Some(session) = self.session.as_mut() {
            session.rollback();
        }
    }

    /// Finds out, in a new session, whether a commit of unknown end took place.
    fn resolve(&mut self, mark: [u8; 16], what: &str) -> Attempt {
        tracing::error!(%what, "a commit has an unknown end");
        self.state.is_down(what);
        self.session = None;
        for _ in 0..RESOLVE_TRIES_MAX {
            let found = Session::open(&self.location, self.number).map(|session| {
                let found = session.has_mark(mark);
                self.session = Some(session);
                found
            });
            match found {
                Ok(true) => {
                    self.jobs.notify_one();
                    return Attempt::Ended(End::Committed);
                }
                Ok(false) => return Attempt::Undone,
                Err(trouble) => {
                    tracing::error!(?trouble, "the store cannot be asked about a commit");
                    std::thread::sleep(RESOLVE_PAUSE);
                }
            }
        }
        Attempt::Ended(End::Failed(Failure::Unknown))
    }

    fn checkpoint(&mut self) {
        if let Some(Err(trouble)) = self.session.as_mut().map(Session::checkpoint_if_due) {
            tracing::warn!(?trouble, "a checkpoint failed and will be tried again");
        }
    }
}

fn answer(tickets: Tickets, end: &End) {
    for ticket in tickets {
        ticket.answer(end.clone());
    }
}

#[cfg(test)]
mod tests;
