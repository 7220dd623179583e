//! Every sequence of reports that contradict each other about one payment: other amounts under one reference,
//! money that was not taken, money that was taken back.
//!
//! A notice that contradicts the books only raises a question, in whatever order notices come. What the rail
//! says when it is asked is the truth, and all sequences of the same notices end with it.

use kadi_domain::amount::Minor;
use kadi_domain::link::{Link, LinkStatus};
use kadi_domain::payment::{HoldDecision, HoldReason, PaymentState};
use kadi_domain::rail::{Report, Taken};
use kadi_domain::settle::Parties;

use crate::books::{assert_clean, received};
use crate::permutations::{Ends, every_order};
use crate::size::size;
use crate::world::{World, failed, once, one_order, reusable};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Say {
    Success(i64),
    Failure,
    Pending,
    Reversed(i64),
}

const SAYS: [Say; 7] = [
    Say::Success(1_000),
    Say::Success(1_300),
    Say::Success(900),
    Say::Failure,
    Say::Pending,
    Say::Reversed(1_000),
    Say::Reversed(1_300),
];

const TRUTHS: [Say; 5] =
    [Say::Success(1_000), Say::Success(1_300), Say::Success(900), Say::Failure, Say::Reversed(1_300)];

/// A world, and whether the rail is to be asked.
#[derive(Clone)]
struct Doubtful {
    world: World,
    is_doubtful: bool,
}

fn report(world: &World, say: Say) -> Report {
    let taken = |amount| Taken { charged: Minor::new(amount), ..world.taken(0) };
    match say {
        Say::Success(amount) => Report::Succeeded(taken(amount)),
        Say::Failure => failed(),
        Say::Pending => Report::Pending,
        Say::Reversed(amount) => Report::Reversed(taken(amount)),
    }
}

impl Doubtful {
    fn tell(&mut self, say: Say) {
        let report = report(&self.world, say);
        self.is_doubtful |= self.world.report(0, &report).ask_rail;
        let before = (self.world.link.clone(), self.world.payments.clone());
        let again = self.world.report(0, &report);
        self.is_doubtful |= again.ask_rail;
        assert!(again.events.is_empty() && again.entries == 0, "told twice: {say:?}");
        assert_eq!((self.world.link.clone(), self.world.payments.clone()), before, "told twice: {say:?}");
    }

    fn ask(&mut self, truth: Say) {
        if self.is_doubtful {
            let report = report(&self.world, truth);
            assert!(!self.world.hear(0, &report, true).ask_rail, "{truth:?} is believed");
            assert!(self.world.hear(0, &report, true).is_nothing(), "{truth:?} is believed once");
        }
    }
}

/// The link's sums and the money that is there; what is gone is history.
fn end(world: &World) -> impl Ord + std::fmt::Debug + use<> {
    let sums = world.link.sums;
    let there = |state: &PaymentState| match state {
        PaymentState::Captured { .. } => Some(None),
        PaymentState::Held { reason, .. } => Some(Some(*reason)),
        PaymentState::Started
        | PaymentState::Pending
        | PaymentState::Failed { .. }
        | PaymentState::Reversed { .. } => None,
    };
    let money: Vec<_> =
        world.payments.iter().filter_map(|p| Some((there(&p.state)?, p.taken, p.reference()))).collect();
    let money = format!("{money:?}");
    let is_open = world.link.status == LinkStatus::Active;
    (sums.captured, sums.held, sums.reserved, sums.captured_count, is_open, money, received(world))
}

/// May the rail say this after it has said those? Of what it has told of truly, its notices tell too.
fn is_possible(truth: Say, says: &[Say]) -> bool {
    match truth {
        Say::Success(amount) => says.contains(&truth) && !says.contains(&Say::Reversed(amount)),
        Say::Failure | Say::Pending | Say::Reversed(_) => true,
    }
}

fn started(link: Link, is_late: bool) -> Doubtful {
    let mut world = World::paying(link);
    if is_late {
        world.pass(15);
        world.end_reservation(0);
    }
    Doubtful { world, is_doubtful: false }
}

#[test]
fn every_order_of_reports_that_contradict_each_other_ends_in_what_the_rail_says_when_it_is_asked() {
    for (link, is_late) in [(once(), false), (reusable(), false), (one_order(), false), (once(), true)] {
        let mut ends = TRUTHS.map(|_| Ends::default());
        every_order(&started(link, is_late), &SAYS, size(5, 6), &mut |doubtful, says| {
            if let Some(&say) = says.last() {
                doubtful.tell(say);
                assert_clean(&doubtful.world, &says);
            }
            for (truth, ends) in TRUTHS.into_iter().zip(&mut ends) {
                if !is_possible(truth, says) {
                    continue;
                }
                let mut asked = doubtful.clone();
                asked.ask(truth);
                assert_clean(&asked.world, &(says, truth));
                if let (true, Say::Success(amount)) = (doubtful.is_doubtful, truth) {
                    assert_eq!(received(&asked.world), amount, "{says:?} {truth:?}");
                }
                ends.add(says, end(&asked.world));
            }
        });
        ends.iter().for_each(|ends| ends.assert_one_each(25));
    }
}

fn held(world: &World, at: usize) -> Option<HoldReason> {
    match world.payments[at].state {
        PaymentState::Held { reason, .. } => Some(reason),
        PaymentState::Started
        | PaymentState::Pending
        | PaymentState::Captured { .. }
        | PaymentState::Failed { .. }
        | PaymentState::Reversed { .. } => None,
    }
}

#[test]
fn another_amount_is_a_payment_in_the_place_of_the_first_once_the_rail_insists() {
    let mut world = World::paying(once());
    let (exact, over) = (report(&world, Say::Success(1_000)), report(&world, Say::Success(1_300)));
    world.report(0, &exact);
    let did = world.report(0, &over);
    assert_eq!((did.entries, did.ask_rail, received(&world)), (0, true, 1_000), "a notice only asks");
    assert!(!world.hear(0, &over, true).ask_rail);
    let first = &world.payments[0];
    assert_eq!((first.state.word(), first.rail_reference.as_deref()), ("reversed", None));
    assert!(first.is_withdrawn() && first.reference() == world.payments[1].rail_reference.as_deref());
    assert_eq!((held(&world, 1), world.payments[1].taken), (Some(HoldReason::Over), Some(Minor::new(1_300))));
    assert_eq!((world.payments[1].beside, world.link.status), (Some(first.id), LinkStatus::Active));
    // It takes its word back.
    assert!(world.report(0, &exact).ask_rail);
    assert!(!world.hear(0, &exact, true).ask_rail);
    assert_eq!(
        world.payments.iter().map(|p| p.state.word()).collect::<Vec<_>>(),
        ["reversed", "reversed", "captured"]
    );
    assert_clean(&world, &"there and back");
    let all: Vec<_> = world.payments.iter().map(|p| p.reference().map(str::to_owned)).collect();
    assert!(all.iter().all(|reference| *reference == all[0]), "each tells the reference of its money");
}

#[test]
fn another_currency_and_another_account_are_other_money_too() {
    let dollars = kadi_domain::amount::Currency::parse("USD").unwrap();
    let others: [fn(Taken, kadi_domain::amount::Currency) -> Taken; 2] = [
        |taken, currency| Taken { currency, ..taken },
        |taken, _| Taken { payee: "somebody".to_owned(), ..taken },
    ];
    for other in others {
        for is_first in [false, true] {
            let mut world = World::paying(once());
            let (own, other) = (world.taken(0), other(world.taken(0), dollars));
            let (first, second) = if is_first { (&other, &own) } else { (&own, &other) };
            world.report(0, &Report::Succeeded(first.clone()));
            assert!(world.report(0, &Report::Succeeded(second.clone())).ask_rail);
            assert!(world.hear(0, &Report::Succeeded(first.clone()), true).is_nothing());
            world.hear(0, &Report::Succeeded(second.clone()), true);
            let word = if is_first { "captured" } else { "held" };
            assert_eq!((world.payments[0].state.word(), world.payments[1].state.word()), ("reversed", word));
            assert_clean(&world, &word);
        }
    }
}

#[test]
fn what_was_decided_and_refunded_is_taken_back_whole_when_the_rail_says_otherwise() {
    for decision in HoldDecision::ALL.map(|(decision, _)| decision) {
        let mut world = World::paying(reusable());
        let (short, exact) = (report(&world, Say::Success(900)), report(&world, Say::Success(1_000)));
        world.report(0, &short);
        let (link, payment, merchant) =
            (world.link.clone(), world.payments[0].clone(), world.merchant.clone());
        let parties = Parties::alone(&merchant);
        let done =
            world.with_moment(|m| kadi_domain::hold::decide(link, payment, &parties, decision, m)).unwrap();
        (world.link, world.payments[0]) = (done.link, done.payment);
        world.entries.extend(done.entries);
        world.report(0, &exact);
        world.hear(0, &exact, true);
        let words: Vec<_> = world.payments.iter().map(|p| p.state.word()).collect();
        assert_eq!(words, ["reversed", "captured"], "{decision:?}");
        assert_eq!((received(&world), world.link.sums.held), (1_000, Minor::ZERO), "{decision:?}");
        assert_eq!(world.payments[1].applied, Minor::new(1_000), "as the attempt had asked");
    }
}
