//! What follows from a journal: which operations must exist, must not exist and may exist.

use std::collections::{BTreeSet, HashMap};

use crate::attempts::{Attempt, Decision, End, fits};
use crate::counts::Counts;
use crate::heard::Heard;
use crate::line::{Ask, Flaw, Line, Made, Op, Pay, Wish, Word};

/// Everything that the checker knows.
#[derive(Debug, Default)]
pub(crate) struct Model {
    asks: HashMap<Op, Ask>,
    links: HashMap<Op, Link>,
    /// Links that something was asked about since they were last compared.
    dirty: BTreeSet<Op>,
    /// Own requests without an answer, which are repeated with their key after the next start.
    open: BTreeSet<Op>,
    /// All that were ever without an answer when the server was killed.
    lost: BTreeSet<Op>,
    pub(crate) counts: Counts,
    pub(crate) heard: Heard,
    /// Answers that no order of events allows.
    pub(crate) faults: Vec<String>,
    endpoint: String,
}

/// A link that was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) wish: Wish,
    pub(crate) birth: Birth,
    pub(crate) cancel: Cancel,
    pub(crate) attempts: Vec<Attempt>,
    /// A read said that a payer had opened it.
    pub(crate) was_opened: bool,
}

/// Whether it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Birth {
    /// Nobody knows.
    Unanswered,
    /// It was acknowledged, or seen after a restart.
    Made(Made),
    /// It was refused, or not there after a restart.
    Refused,
}

/// Whether it was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cancel {
    Never,
    Unanswered,
    /// With a fingerprint of the answer.
    Done(u64),
}

/// What the checker expects of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Must,
    MustNot,
    May,
}

impl Link {
    const fn new(wish: Wish) -> Self {
        let (birth, cancel) = (Birth::Unanswered, Cancel::Never);
        Self { wish, birth, cancel, attempts: Vec::new(), was_opened: false }
    }

    /// Must it exist?
    pub(crate) const fn class(&self) -> Class {
        match self.birth {
            Birth::Made(_) => Class::Must,
            Birth::Refused => Class::MustNot,
            Birth::Unanswered => Class::May,
        }
    }

    /// Its id and code, where it is known to exist.
    pub(crate) const fn made(&self) -> Option<&Made> {
        match &self.birth {
            Birth::Made(made) => Some(made),
            Birth::Unanswered | Birth::Refused => None,
        }
    }

    /// Was nothing done with it but make it?
    pub(crate) fn is_fresh(&self) -> bool {
        self.cancel == Cancel::Never && !self.was_tried()
    }

    /// May there be a payment of it?
    pub(crate) fn was_tried(&self) -> bool {
        self.attempts.iter().any(Attempt::may_be)
    }
}

impl Model {
    /// What these lines say.
    pub(crate) fn of(lines: &[Line]) -> Self {
        let mut model = Self::default();
        for line in lines {
            model.apply(line);
        }
        model
    }

    /// Takes a line into account.
    pub(crate) fn apply(&mut self, line: &Line) {
        match line {
            Line::Begin { endpoint } => self.endpoint.clone_from(endpoint),
            Line::Intent { op, ask, .. } => self.intend(*op, ask),
            Line::Answer { op, word, .. } => self.answer(*op, word),
            Line::Heard { told, .. } => self.heard.add(told),
            Line::Found { link, id, code } => {
                if let Some(found) = self.links.get_mut(link) {
                    found.birth = Birth::Made(Made { id: id.clone(), code: code.clone(), print: None });
                }
            }
            Line::Missed { link } => {
                if let Some(missed) = self.links.get_mut(link) {
                    missed.birth = Birth::Refused;
                }
            }
            Line::Killed { .. } => self.lost.extend(self.open.iter()),
        }
    }

    fn intend(&mut self, op: Op, ask: &Ask) {
        let about = match ask {
            Ask::Make(wish) => {
                self.links.insert(op, Link::new(*wish));
                Some(op)
            }
            Ask::Pay { link, attempt } => {
                self.with(*link, |link| link.attempts.push(attempted(op, *attempt)));
                Some(*link)
            }
            Ask::Settle { link, payment, taken } => {
                let decision = Decision { taken: *taken, is_acknowledged: false };
                self.with(*link, |link| decide(link, payment, decision));
                Some(*link)
            }
            Ask::Cancel { link } => {
                self.with(*link, |link| link.cancel = Cancel::Unanswered);
                Some(*link)
            }
            Ask::Again { of } => {
                self.intend_again(*of);
                None
            }
            Ask::Open { .. } | Ask::Look { .. } => None,
        };
        if let Some(link) = about {
            self.dirty.insert(link);
            self.open.insert(op);
        }
        self.asks.insert(op, ask.clone());
    }

    /// What had no answer may be carried out now.
    fn intend_again(&mut self, of: Op) {
        if !self.open.contains(&of) {
            return;
        }
        self.dirty.extend(self.asks.get(&of).map(|ask| ask.link(of)));
        if let Some(missed) = self.links.get_mut(&of).filter(|missed| missed.birth == Birth::Refused) {
            missed.birth = Birth::Unanswered;
        }
    }

    fn answer(&mut self, op: Op, word: &Word) {
        let Some(ask) = self.asks.get(&op).cloned() else {
            return self.faults.push(format!("the journal answers {op}, which was never asked"));
        };
        self.counts.add(&ask, word);
        if let Ask::Again { of } = ask {
            return self.answer_again(of, word);
        }
        match word {
            Word::Unsure { status: 500 } => self.faults.push(format!("{op} ({ask:?}) broke the server")),
            // It stays open, as if there had been no answer.
            Word::Unsure { .. } => {}
            Word::Made(_)
            | Word::Paid(_)
            | Word::Led
            | Word::Settled { .. }
            | Word::Cancelled { .. }
            | Word::Opened
            | Word::Looked { .. }
            | Word::Refused { .. } => {
                self.open.remove(&op);
            }
        }
        self.believe(op, &ask, word);
    }

    /// A repeat carries out what had not been, and answers what had been as it was.
    fn answer_again(&mut self, of: Op, word: &Word) {
        let Some(ask) = self.asks.get(&of).cloned() else { return };
        if self.open.contains(&of) {
            if !matches!(word, Word::Unsure { .. }) {
                self.open.remove(&of);
                self.counts.replays = self.counts.replays.saturating_sub(1);
                self.counts.add(&ask, word);
            }
            return self.believe(of, &ask, word);
        }
        let same = match (&ask, word) {
            (Ask::Make(_), Word::Made(again)) => {
                self.links.get(&of).and_then(Link::made).is_some_and(|made| made == again)
            }
            (Ask::Cancel { link }, Word::Cancelled { print }) => {
                self.links.get(link).is_some_and(|link| link.cancel == Cancel::Done(*print))
            }
            (_, Word::Refused { status: 503, .. } | Word::Unsure { .. }) => true,
            _ => false,
        };
        if !same {
            self.faults.push(format!("{of} ({ask:?}) was repeated and answered otherwise: {word:?}"));
        }
    }

    fn believe(&mut self, op: Op, ask: &Ask, word: &Word) {
        let is_refused = matches!(word, Word::Refused { .. });
        match (ask, word) {
            (_, Word::Unsure { .. }) => {}
            (Ask::Make(wish), Word::Made(made)) => {
                if wish.flaw.is_some() {
                    self.faults.push(format!("{op} was accepted in spite of {:?}", wish.flaw));
                }
                self.with(op, |link| link.birth = Birth::Made(made.clone()));
            }
            (Ask::Make(wish), Word::Refused { status, .. }) => {
                if wish.flaw.is_none() && *status != 503 {
                    self.faults.push(format!("{op} is right, and was refused: {word:?}"));
                }
                self.with(op, |link| link.birth = Birth::Refused);
            }
            (Ask::Pay { link, attempt }, _) => self.end_attempt(op, *link, *attempt, word),
            (Ask::Settle { link, payment, taken }, Word::Settled { state }) => {
                if (state == "captured") != *taken {
                    self.faults.push(format!("{op}: payment {payment} was decided {taken} and is {state}"));
                }
                let decision = Decision { taken: *taken, is_acknowledged: true };
                self.with(*link, |link| decide(link, payment, decision));
            }
            (Ask::Cancel { link }, Word::Cancelled { print }) => {
                self.with(*link, |link| link.cancel = Cancel::Done(*print));
            }
            (Ask::Open { .. }, Word::Opened) => {}
            (Ask::Look { link }, Word::Looked { opened }) => {
                if !opened && self.links.get(link).is_some_and(|link| link.was_opened) {
                    self.faults.push(format!("the opening of link {link} was shown, and then was not"));
                }
                self.with(*link, |link| link.was_opened |= *opened);
            }
            (Ask::Cancel { link }, Word::Refused { status: 503, .. }) => {
                self.with(*link, |link| link.cancel = Cancel::Never);
            }
            (Ask::Look { .. } | Ask::Open { .. }, Word::Refused { status: 503, .. }) => {}
            (Ask::Cancel { .. } | Ask::Settle { .. } | Ask::Open { .. } | Ask::Look { .. }, _)
                if is_refused =>
            {
                // Only what can be done is asked of these.
                self.faults.push(format!("{op} ({ask:?}) was refused: {word:?}"));
            }
            _ => self.faults.push(format!("{op} ({ask:?}) was answered with {word:?}")),
        }
    }

    fn end_attempt(&mut self, op: Op, link: Op, pay: Pay, word: &Word) {
        let end = match word {
            Word::Paid(payment) => End::Paid(payment.clone()),
            Word::Led => End::Led,
            Word::Refused { .. } => End::Refused,
            Word::Made(_)
            | Word::Settled { .. }
            | Word::Cancelled { .. }
            | Word::Opened
            | Word::Looked { .. }
            | Word::Unsure { .. } => {
                return self.faults.push(format!("payment {op} was answered with {word:?}"));
            }
        };
        if !fits(pay.story, word) {
            self.faults.push(format!("payment {op} ({:?}) was answered with {word:?}", pay.story));
        }
        let Some(paid) = self.links.get_mut(&link) else { return };
        if let Some(attempt) = paid.attempts.iter_mut().find(|attempt| attempt.op == op) {
            attempt.end = end;
        }
        if matches!(word, Word::Refused { .. }) && paid.is_fresh() {
            self.faults.push(format!("link {link} can be paid, and a payment was refused: {word:?}"));
        }
    }

    fn with(&mut self, link: Op, change: impl FnOnce(&mut Link)) {
        match self.links.get_mut(&link) {
            Some(link) => change(link),
            None => self.faults.push(format!("the journal names link {link}, which was never asked for")),
        }
    }

    /// A link.
    pub(crate) fn link(&self, op: Op) -> Option<&Link> {
        self.links.get(&op)
    }

    /// All links.
    pub(crate) fn links(&self) -> impl Iterator<Item = (Op, &Link)> {
        self.links.iter().map(|(op, link)| (*op, link))
    }

    /// What was asked under this number.
    pub(crate) fn ask(&self, op: Op) -> Option<&Ask> {
        self.asks.get(&op)
    }

    /// The links to be compared after a restart; from now on they count as compared.
    pub(crate) fn take_dirty(&mut self) -> Vec<Op> {
        std::mem::take(&mut self.dirty).into_iter().collect()
    }

    /// Requests without an answer.
    pub(crate) fn open(&self) -> Vec<Op> {
        self.open.iter().copied().collect()
    }

    /// Nobody waits for this answer any more.
    pub(crate) fn close(&mut self, op: Op) {
        self.open.remove(&op);
    }

    /// How many requests had no answer when the server was killed.
    pub(crate) fn lost(&self) -> usize {
        self.lost.len()
    }

    /// Where the endpoint listened.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The reference whose owner a flawed request named.
    pub(crate) fn reference(op: Op, wish: &Wish) -> Op {
        match wish.flaw {
            Some(Flaw::ReferenceOf(other)) => other,
            Some(Flaw::Amount) | None => op,
        }
    }
}

const fn attempted(op: Op, pay: Pay) -> Attempt {
    Attempt { op, pay, end: End::Unanswered, decision: None }
}

fn decide(link: &mut Link, payment: &str, decision: Decision) {
    let is_its = |attempt: &&mut Attempt| match &attempt.end {
        End::Paid(paid) => paid.id == payment,
        End::Unanswered | End::Refused | End::Led => false,
    };
    if let Some(attempt) = link.attempts.iter_mut().find(is_its) {
        attempt.decision = Some(decision);
    }
}
