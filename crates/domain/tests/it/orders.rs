//! Every sequence of up to five reports about one payment, on every kind of link, in time and late.
//!
//! What holds for every sequence: nothing panics, the books balance, a report applied twice in a row changes
//! nothing, and the money in the books is what the rail has in the end: the amount where it was taken and not
//! taken back, else nothing. So two orders of the same reports end with the same money. What does not hold,
//! and need not: the same *state*. Success before failure is captured (and the rail is asked), success after
//! failure is held, for a failure frees the room.

use std::collections::{BTreeMap, BTreeSet};

use kadi_domain::event::EventKind;
use kadi_domain::link::{Link, LinkStatus};
use kadi_domain::payment::PaymentState;
use kadi_domain::rail::Report;

use crate::books::{assert_clean, received};
use crate::world::{World, at_most, failed, once, one_order, open, reusable};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Say {
    Success,
    Failure,
    Pending,
    Reversed,
}

const SAYS: [Say; 4] = [Say::Success, Say::Failure, Say::Pending, Say::Reversed];

/// Is the reservation live when the first report comes, over by the clock, or given back by the job?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reserved {
    Live,
    Over,
    GivenBack,
}

fn sequences() -> Vec<Vec<Say>> {
    let mut all: Vec<Vec<Say>> = vec![Vec::new()];
    let mut last = all.clone();
    for _ in 0..5 {
        let longer = last.iter().flat_map(|says| SAYS.map(|say| [says.as_slice(), &[say]].concat()));
        last = longer.collect();
        all.extend(last.clone());
    }
    all
}

fn links() -> [Link; 5] {
    [once(), reusable(), at_most(3), one_order(), open()]
}

fn run(link: Link, reserved: Reserved, says: &[Say]) -> World {
    let mut world = World::paying(link);
    if reserved != Reserved::Live {
        world.pass(15);
    }
    if reserved == Reserved::GivenBack {
        world.end_reservation(0);
    }
    for say in says {
        let report = match say {
            Say::Success => world.succeeded(0),
            Say::Failure => failed(),
            Say::Pending => Report::Pending,
            Say::Reversed => world.reversed(0),
        };
        world.report(0, &report);
        let context = (world.link.kind, world.link.max_payments, reserved, says);
        assert_clean(&world, &context);
        let before = (world.link.clone(), world.payments.clone());
        let again = world.report(0, &report);
        assert!(again.events.is_empty() && again.entries == 0, "told twice: {context:?}");
        assert_eq!((world.link.clone(), world.payments.clone()), before, "told twice: {context:?}");
    }
    world
}

/// The state after a sequence, read off the sequence alone.
fn expected_word(reserved: Reserved, says: &[Say]) -> &'static str {
    if says.contains(&Say::Reversed) {
        return "reversed";
    }
    let success = says.iter().position(|say| *say == Say::Success);
    let failure = says.iter().position(|say| *say == Say::Failure);
    let pending = says.iter().position(|say| *say == Say::Pending);
    // A pending that comes before the job has given the room back keeps the room for the success.
    let revived = reserved == Reserved::Over && pending.is_some_and(|at| success.is_some_and(|s| at < s));
    let is_live = reserved == Reserved::Live || revived;
    match (success, failure) {
        (Some(success), Some(failure)) if failure < success => "held",
        (Some(_), _) if is_live => "captured",
        (Some(_), _) => "held",
        (None, Some(_)) => "failed",
        (None, None) if pending.is_some() => "pending",
        (None, None) => "started",
    }
}

#[test]
fn every_sequence_ends_with_the_rails_money_and_in_its_state() {
    for link in links() {
        for reserved in [Reserved::Live, Reserved::Over, Reserved::GivenBack] {
            for says in sequences() {
                let world = run(link.clone(), reserved, &says);
                let context = (&link.due, link.max_payments, reserved, &says);
                assert_eq!(world.payments[0].state.word(), expected_word(reserved, &says), "{context:?}");
                let there = says.contains(&Say::Success) && !says.contains(&Say::Reversed);
                assert_eq!(received(&world), if there { 1_000 } else { 0 }, "{context:?}");
            }
        }
    }
}

#[test]
fn the_order_of_the_same_reports_never_changes_the_money() {
    for reserved in [Reserved::Live, Reserved::GivenBack] {
        let mut ends: BTreeMap<Vec<Say>, BTreeSet<i64>> = BTreeMap::new();
        for says in sequences() {
            let sums = run(once(), reserved, &says).link.sums;
            let mut set = says.clone();
            set.sort_unstable();
            ends.entry(set).or_default().insert(sums.captured.get() + sums.held.get());
        }
        for (set, money) in ends {
            assert_eq!(money.len(), 1, "{set:?} {reserved:?}: {money:?}");
        }
    }
}

#[test]
fn a_link_is_open_again_exactly_when_its_money_is_gone() {
    for says in sequences() {
        let world = run(once(), Reserved::Live, &says);
        let is_captured = matches!(world.payments[0].state, PaymentState::Captured { .. });
        assert_eq!(world.link.status == LinkStatus::Active, !is_captured, "{says:?}");
    }
}

#[test]
fn any_final_word_uses_up_a_one_order_link_and_none_reopens_it() {
    for says in sequences() {
        let is_final = says.iter().any(|say| *say != Say::Pending);
        let world = run(one_order(), Reserved::Live, &says);
        assert_eq!(world.link.status == LinkStatus::Active, !is_final, "{says:?}");
    }
}

#[test]
fn a_completed_link_is_announced_once_for_each_completion() {
    let mut world = World::paying(once());
    let success = world.succeeded(0);
    assert_eq!(world.report(0, &success).events, [EventKind::PaymentCaptured, EventKind::LinkCompleted]);
    let reversal = world.reversed(0);
    assert_eq!(world.report(0, &reversal).events, [EventKind::PaymentReversed]);
    let second = world.start(None).unwrap();
    let success = world.succeeded(second);
    assert_eq!(world.report(second, &success).events, [EventKind::PaymentCaptured, EventKind::LinkCompleted]);
    assert_clean(&world, &"paid, reversed, paid again");
}
