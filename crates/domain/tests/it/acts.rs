//! Every sequence of reports and of what people and the clock do meanwhile: the attempt's time ends, another
//! link of the obligation is paid, the merchant decides about held money. The rail takes what was asked for,
//! too much or too little, under one reference or two.
//!
//! An act falls between reports. Whatever their order and number before it and after it, the end is the same.

use std::collections::BTreeSet;

use kadi_domain::amount::Minor;
use kadi_domain::hold::decide;
use kadi_domain::id::{ObligationId, PaymentId};
use kadi_domain::ledger::Account;
use kadi_domain::link::{Link, LinkStatus};
use kadi_domain::payment::{HoldDecision, Payment, PaymentState};
use kadi_domain::rail::{Report, Taken};
use kadi_domain::settle::Parties;

use crate::books::{balance, received};
use crate::permutations::{Ends, every_order};
use crate::size::size;
use crate::world::{World, failed, once, reusable};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Success,
    Failure,
    Reversed,
    /// The rail names the money of this reference.
    Second,
    TimeOver,
    PaidElsewhere,
    Apply,
    Refund,
}

impl Event {
    const fn is_act(self) -> bool {
        matches!(self, Self::TimeOver | Self::PaidElsewhere | Self::Apply | Self::Refund)
    }
}

/// The reports between two acts, and the act after them.
type Stretch = (BTreeSet<Event>, Option<Event>);

/// What of a sequence may tell: its acts, and which reports came between them.
fn stretches(events: &[Event]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = vec![Stretch::default()];
    for &event in events {
        let last = stretches.last_mut().unwrap();
        if event.is_act() {
            last.1 = Some(event);
            stretches.push(Stretch::default());
        } else {
            last.0.insert(event);
        }
    }
    stretches
}

#[derive(Clone)]
struct Shop {
    world: World,
    /// What the rail takes.
    takes: i64,
}

impl Shop {
    fn taken(&self, reference: &str) -> Taken {
        let (reference, charged) = (reference.to_owned(), Minor::new(self.takes));
        Taken { reference, charged, ..self.world.taken(0) }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Success => self.hear(&Report::Succeeded(self.taken("A"))),
            Event::Failure => self.hear(&failed()),
            Event::Reversed => self.hear(&Report::Reversed(self.taken("A"))),
            Event::Second => self.hear(&Report::Succeeded(self.taken("B"))),
            Event::TimeOver => {
                self.world.pass(15);
                self.world.end_reservation(0);
            }
            Event::PaidElsewhere if self.world.paid_by.is_none() => {
                self.world.paid_by = Some(PaymentId::new(999));
                self.world.link.status = LinkStatus::Closed { at: self.world.now };
            }
            Event::PaidElsewhere => {}
            Event::Apply => self.decide(HoldDecision::Apply),
            Event::Refund => self.decide(HoldDecision::Refund),
        }
    }

    fn hear(&mut self, report: &Report) {
        self.world.report(0, report);
        let before = (self.world.link.clone(), self.world.payments.clone());
        let again = self.world.report(0, report);
        assert!(again.events.is_empty() && again.entries == 0, "told twice: {report:?}");
        assert_eq!((self.world.link.clone(), self.world.payments.clone()), before, "told twice: {report:?}");
        self.count();
    }

    /// The payment that counts for the obligation, if the link is for one.
    fn count(&mut self) {
        let of_own = |id: PaymentId| id != PaymentId::new(999);
        if self.world.link.terms.obligation.is_some() && self.world.paid_by.is_none_or(of_own) {
            let captured = self.world.payments.iter().find(|payment| is_captured(&payment.state));
            self.world.paid_by = captured.map(|payment| payment.id);
        }
    }

    /// Decides about all that is held, by reference; what may not be is left.
    fn decide(&mut self, decision: HoldDecision) {
        let mut all: Vec<usize> = (0..self.world.payments.len()).collect();
        all.sort_by_key(|at| self.world.payments[*at].rail_reference.clone());
        for at in all {
            let (link, payment) = (self.world.link.clone(), self.world.payments[at].clone());
            let (merchant, paid_by) = (self.world.merchant.clone(), self.world.paid_by);
            let parties = Parties { paid_by, ..Parties::alone(&merchant) };
            if let Ok(done) = self.world.with_moment(|m| decide(link, payment, &parties, decision, m)) {
                (self.world.link, self.world.payments[at]) = (done.link, done.payment);
                self.world.entries.extend(done.entries);
            }
            self.count();
        }
    }

    /// All that the rail has, stands in the books, captured or held or on its way back, and nothing else.
    fn assert_books(&self, events: &[Event]) {
        let (world, sums) = (&self.world, self.world.link.sums);
        let of = |is: fn(&PaymentState) -> bool| {
            world.payments.iter().filter(|p| is(&p.state)).map(|p| p.taken.unwrap().get()).sum::<i64>()
        };
        let is_held = |state: &PaymentState| matches!(state, PaymentState::Held { .. });
        let pending: i64 = world.payments.iter().map(|p| p.refunds.pending.get()).sum();
        assert_eq!(balance(world, |_| true), 0, "{events:?}");
        assert_eq!(received(world), of(is_captured) + of(is_held), "{events:?}");
        assert_eq!(-balance(world, |account| account == Account::RefundPending), pending, "{events:?}");
        let held = -balance(world, |account| matches!(account, Account::Hold(_)));
        assert_eq!((held, sums.reserved >= Minor::ZERO), (sums.held.get(), true), "{events:?}");
        assert!(world.link.due.is_none_or(|due| sums.captured <= due), "over-collected: {events:?}");
        let is_gone = |reference| {
            let of_it = |p: &&Payment| p.reference() == Some(reference);
            world.payments.iter().find(of_it).is_some_and(|p| p.state.word() == "reversed")
        };
        let told = |event| i64::from(events.contains(&event));
        let there =
            told(Event::Success) * i64::from(!events.contains(&Event::Reversed)) + told(Event::Second);
        assert_eq!(received(world), there * self.takes, "{events:?}");
        assert_eq!(is_gone("A"), events.contains(&Event::Reversed), "{events:?}");
    }
}

fn is_captured(state: &PaymentState) -> bool {
    matches!(state, PaymentState::Captured { .. })
}

fn shops() -> Vec<Shop> {
    let mut of_obligation = once();
    of_obligation.terms.obligation = Some(ObligationId::new(77));
    let links: [Link; 3] = [once(), reusable(), of_obligation];
    let all = links.into_iter().flat_map(|link| [1_000, 1_300, 900].map(|takes| (link.clone(), takes)));
    all.map(|(link, takes)| Shop { world: World::paying(link), takes }).collect()
}

#[test]
fn what_comes_between_two_acts_ends_the_same_in_every_order() {
    let events = [
        Event::Success,
        Event::Failure,
        Event::Reversed,
        Event::TimeOver,
        Event::PaidElsewhere,
        Event::Apply,
        Event::Refund,
    ];
    for shop in shops() {
        let mut ends = Ends::default();
        every_order(&shop, &events, size(5, 6), &mut |shop, told| {
            if let Some(&event) = told.last() {
                shop.happen(event);
                shop.assert_books(told);
            }
            let (sums, payment) = (shop.world.link.sums, &shop.world.payments[0]);
            let accounts = Account::CHART.map(|(account, ..)| balance(&shop.world, |of| of == account));
            let end = (payment.state.word(), payment.taken, payment.refunds.pending, payment.applied);
            let status = shop.world.link.status == LinkStatus::Active;
            ends.add_as(
                stretches(told),
                told,
                (sums.captured, sums.held, sums.reserved, status, end, accounts),
            );
        });
        ends.assert_one_each(500);
    }
}

/// Which of two moneys of one attempt counts is the order's to say, and nothing else.
#[test]
fn two_references_between_two_acts_end_with_the_same_money_in_every_order() {
    let events =
        [Event::Success, Event::Reversed, Event::Second, Event::TimeOver, Event::PaidElsewhere, Event::Apply];
    for shop in shops() {
        let mut ends = Ends::default();
        every_order(&shop, &events, size(5, 6), &mut |shop, told| {
            if let Some(&event) = told.last() {
                shop.happen(event);
                shop.assert_books(told);
            }
            let sums = shop.world.link.sums;
            let all = sums.captured.plus(sums.held).unwrap();
            ends.add_as(stretches(told), told, (all, received(&shop.world)));
        });
        ends.assert_one_each(400);
    }
}
