//! One connection's worth of load: asks for one thing after the other until the server is gone.

use std::io;

use crate::attempts::is_pending;
use crate::desk::{Site, now_ms};
use crate::http::Connection;
use crate::line::{Ask, Door, Flaw, Line, Op, Pay, Route, Story, Wish, Word};
use crate::merchants::MERCHANTS;
use crate::random::Random;
use crate::sender::{Target, word};

/// Links that a hand keeps to do something with.
const KEPT_MAX: usize = 12;
/// Errors without a kill after which a hand gives up.
const ERRORS_MAX: u32 = 3;

/// Of a hundred payments at the side door, so many just succeed; the others follow a story of the list.
const SUCCESSES: u64 = 85;
const STORIES: [Story; 12] = [
    Story::Success,
    Story::Failure,
    Story::Pending,
    Story::PendingThenSuccess,
    Story::PendingThenFailure,
    Story::LateSuccess,
    Story::DuplicateNotice,
    Story::ReorderedNotices,
    Story::Contradiction,
    Story::TimeoutBeforeCapture,
    Story::TimeoutAfterCapture,
    Story::Reversal,
];
/// Stories that the form offers.
const FORM_STORIES: [Story; 3] = [Story::Success, Story::Success, Story::Failure];

/// A hand.
pub(crate) struct Hand<'a> {
    site: Site<'a>,
    connection: Connection,
    random: Random,
    /// Links that nothing was done with yet.
    fresh: Vec<Target>,
    /// Links that were paid or cancelled, or opened.
    used: Vec<Target>,
    /// Payments that wait to be decided.
    waiting: Vec<(Target, String)>,
    errors: u32,
    /// The answer that is journaled together with the next intent.
    answered: Option<Line>,
}

/// Why a hand stops.
enum Stop {
    /// The server is gone.
    Gone,
    /// Something is wrong with the checker or the server.
    Broken(String),
}

impl<'a> Hand<'a> {
    /// A hand with links of earlier lives.
    pub(crate) const fn new(site: Site<'a>, random: Random, fresh: Vec<Target>) -> Self {
        Self {
            connection: Connection::new(site.address),
            site,
            random,
            fresh,
            used: Vec::new(),
            waiting: Vec::new(),
            errors: 0,
            answered: None,
        }
    }

    /// Works until the server is gone.
    pub(crate) fn work(mut self) {
        let end = loop {
            let (ask, target) = self.choose();
            match self.carry_out(ask, target) {
                Ok(()) => {}
                Err(end) => break end,
            }
        };
        let last = self.answered.take();
        if let Err(fault) = self.site.desk.write(last.as_slice()) {
            self.site.desk.complain(fault);
        }
        match end {
            Stop::Gone => {}
            Stop::Broken(fault) => self.site.desk.complain(fault),
        }
    }

    fn carry_out(&mut self, ask: Ask, target: Option<Target>) -> Result<(), Stop> {
        let desk = self.site.desk;
        let op = desk.number();
        let (of, asked) = match &ask {
            Ask::Again { of } => (*of, desk.model().ask(*of).cloned().unwrap_or_else(|| ask.clone())),
            Ask::Make(_)
            | Ask::Pay { .. }
            | Ask::Settle { .. }
            | Ask::Cancel { .. }
            | Ask::Open { .. }
            | Ask::Look { .. } => (op, ask.clone()),
        };
        let request = desk.sender.request(of, &asked, target.as_ref());
        let request = request.ok_or_else(|| Stop::Broken(format!("{ask:?} cannot be written")))?;
        let mut lines: Vec<Line> = self.answered.take().into_iter().collect();
        lines.push(Line::Intent { op, at_ms: now_ms(), ask: ask.clone() });
        desk.write(&lines).map_err(Stop::Broken)?;
        let answer = match self.connection.send(&request) {
            Ok(answer) => answer,
            Err(error) => return self.no_answer(&error),
        };
        let word = word(&asked, &answer).map_err(Stop::Broken)?;
        self.remember(op, &ask, target, &word);
        self.answered = Some(Line::Answer { op, at_ms: now_ms(), word });
        Ok(())
    }

    /// The operation may or may not have been carried out; its link is left alone.
    fn no_answer(&mut self, error: &io::Error) -> Result<(), Stop> {
        if self.site.desk.was_killed() {
            return Err(Stop::Gone);
        }
        self.errors += 1;
        if self.errors < ERRORS_MAX {
            self.site.desk.complain(format!("an answer was lost while the server ran: {error}"));
            return Ok(());
        }
        Err(Stop::Broken(format!("the server does not answer: {error}")))
    }

    fn choose(&mut self) -> (Ask, Option<Target>) {
        let ask = match self.random.below(100) {
            0..=62 => None,
            63..=80 => self.pay_fresh(),
            81..=84 => self.random.take(&mut self.fresh).map(|it| (Ask::Cancel { link: it.op }, it)),
            85..=87 => self.decide(),
            88..=90 => self.use_again(),
            91..=93 => self.look(),
            94..=95 => self.used.last().cloned().map(|it| (Ask::Again { of: it.op }, it)),
            96..=97 => return (self.flawed(), None),
            _ => self.open(),
        };
        // A repeat of a signed request is a new request; only the own API replays.
        match ask.filter(|(ask, it)| !matches!(ask, Ask::Again { .. }) || it.wish.door == Door::Own) {
            Some((ask, target)) => (ask, Some(target)),
            None => (Ask::Make(self.wish()), None),
        }
    }

    fn wish(&mut self) -> Wish {
        let told = MERCHANTS.iter().position(|merchant| merchant.is_told).unwrap_or(0);
        let others = u64::try_from(MERCHANTS.len().saturating_sub(1)).unwrap_or(0);
        let merchant = match self.random.chance(6, 100) {
            true => told,
            false => usize::try_from(self.random.below(others)).unwrap_or(0),
        };
        let door = if self.random.chance(15, 100) { Door::Signed } else { Door::Own };
        let is_open = self.random.chance(10, 100);
        Wish {
            merchant,
            door,
            amount: (!is_open).then(|| self.amount()),
            reusable: door == Door::Signed || self.random.chance(20, 100),
            send: door == Door::Own && self.random.chance(2, 100),
            flaw: None,
        }
    }

    fn amount(&mut self) -> i64 {
        i64::try_from(self.random.below(900_000)).unwrap_or(0) + 10_000
    }

    fn flawed(&mut self) -> Ask {
        let wish = Wish { door: Door::Own, ..self.wish() };
        let is_repeat = self.random.chance(1, 2);
        let mut known = self.used.iter().chain(&self.fresh);
        Ask::Make(match known.find(|known| is_repeat && known.wish.door == Door::Own) {
            Some(known) => {
                let flaw = Some(Flaw::ReferenceOf(known.op));
                Wish { merchant: known.wish.merchant, flaw, ..wish }
            }
            None => Wish { flaw: Some(Flaw::Amount), ..wish },
        })
    }

    fn pay_fresh(&mut self) -> Option<(Ask, Target)> {
        let target = self.random.take(&mut self.fresh)?;
        Some((self.pay(&target), target))
    }

    /// Pays a link that was paid or cancelled before, which it may refuse.
    fn use_again(&mut self) -> Option<(Ask, Target)> {
        let target = self.random.take(&mut self.used)?;
        Some((self.pay(&target), target))
    }

    fn pay(&mut self, target: &Target) -> Ask {
        let route = if self.random.chance(20, 100) { Route::Form } else { Route::Side };
        let story = match route {
            Route::Side if self.random.chance(SUCCESSES, 100) => None,
            Route::Side => self.random.pick(&STORIES),
            Route::Form => self.random.pick(&FORM_STORIES),
        };
        let amount = target.wish.amount.unwrap_or_else(|| self.amount());
        let attempt = Pay { route, story: story.unwrap_or(Story::Success), amount };
        Ask::Pay { link: target.op, attempt }
    }

    fn decide(&mut self) -> Option<(Ask, Target)> {
        let (target, payment) = self.random.take(&mut self.waiting)?;
        Some((Ask::Settle { link: target.op, payment, taken: self.random.chance(2, 3) }, target))
    }

    fn look(&mut self) -> Option<(Ask, Target)> {
        let target = self.random.take(&mut self.used)?;
        Some((Ask::Look { link: target.op }, target))
    }

    fn open(&mut self) -> Option<(Ask, Target)> {
        let target = self.random.take(&mut self.fresh)?;
        Some((Ask::Open { link: target.op }, target))
    }

    /// Keeps what can be used later.
    fn remember(&mut self, op: Op, ask: &Ask, target: Option<Target>, word: &Word) {
        match (ask, word) {
            (Ask::Make(wish), Word::Made(made)) => {
                let (id, code) = (made.id.clone(), made.code.clone());
                self.fresh.push(Target { op, id, code, wish: *wish });
                if self.fresh.len() > KEPT_MAX {
                    self.fresh.swap_remove(0);
                }
            }
            (Ask::Pay { attempt, .. }, Word::Paid(payment)) if attempt.story == Story::Pending => {
                if let Some(target) = target.filter(|_| is_pending(payment)) {
                    self.waiting.push((target, payment.id.clone()));
                }
            }
            _ => {
                self.used.extend(target);
                if self.used.len() > KEPT_MAX {
                    self.used.swap_remove(0);
                }
            }
        }
    }
}
