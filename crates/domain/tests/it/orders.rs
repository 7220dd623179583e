//! Every sequence of up to six reports about one payment, on every kind of link, in time and late.
//!
//! What holds for every sequence: nothing panics, the books balance, a report applied twice in a row changes
//! nothing, and the money in the books is what the rail has in the end: the amount where it was taken and not
//! taken back, else nothing. Two orders of the same reports, however often each is repeated, end with the
//! same money in the same state.

use kadi_domain::event::EventKind;
use kadi_domain::ledger::Account;
use kadi_domain::link::{Link, LinkStatus};
use kadi_domain::payment::{Payment, PaymentState};
use kadi_domain::rail::Report;

use crate::books::{assert_clean, balance, received};
use crate::permutations::{Ends, every_order};
use crate::size::size;
use crate::world::{World, at_most, failed, once, one_order, open, reusable};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Say {
    Success,
    Failure,
    Pending,
    Reversed,
}

const SAYS: [Say; 4] = [Say::Success, Say::Failure, Say::Pending, Say::Reversed];
const LONGEST: usize = 6;

/// How the payment's time stands when the first report comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reserved {
    Live,
    /// Pending for an hour.
    Pending,
    /// Over by the clock.
    Over,
    /// Given back by the job.
    GivenBack,
}

const RESERVED: [Reserved; 4] = [Reserved::Live, Reserved::Pending, Reserved::Over, Reserved::GivenBack];

fn links() -> [Link; 5] {
    [once(), reusable(), at_most(3), one_order(), open()]
}

fn start(link: Link, reserved: Reserved) -> World {
    let mut world = World::paying(link);
    match reserved {
        Reserved::Live => {}
        Reserved::Pending => {
            world.report(0, &Report::Pending);
            world.pass(60);
        }
        Reserved::Over => world.pass(15),
        Reserved::GivenBack => {
            world.pass(15);
            world.end_reservation(0);
        }
    }
    world
}

fn tell(world: &mut World, at: usize, say: Say) {
    let report = match say {
        Say::Success => world.succeeded(at),
        Say::Failure => failed(),
        Say::Pending => Report::Pending,
        Say::Reversed => world.reversed(at),
    };
    world.report(at, &report);
    let before = (world.link.clone(), world.payments.clone());
    let again = world.report(at, &report);
    assert!(again.events.is_empty() && again.entries == 0, "told twice: {say:?}");
    assert_eq!((world.link.clone(), world.payments.clone()), before, "told twice: {say:?}");
}

/// The state after a sequence, read off the sequence alone.
fn expected_word(reserved: Reserved, says: &[Say]) -> &'static str {
    let has = |say| says.contains(&say);
    let is_live = matches!(reserved, Reserved::Live | Reserved::Pending);
    if has(Say::Reversed) {
        "reversed"
    } else if has(Say::Success) {
        if is_live { "captured" } else { "held" }
    } else if has(Say::Failure) {
        "failed"
    } else if has(Say::Pending) || reserved == Reserved::Pending {
        "pending"
    } else {
        "started"
    }
}

/// What may not depend on the order: the link without its history, the payments' words and what they may
/// still take, and every account.
fn end(world: &World) -> impl Ord + std::fmt::Debug + use<> {
    let sums = world.link.sums;
    let status = world.link.status == LinkStatus::Active;
    // Of money that came, how long the attempt's time would have been is history.
    let time = |p: &Payment| p.reserved_until.filter(|_| p.taken.is_none());
    let payments: Vec<_> = world.payments.iter().map(|p| (p.state.word(), time(p), p.taken)).collect();
    let counts = (sums.captured_count, sums.reserved_count);
    let accounts = Account::CHART.map(|(account, ..)| balance(world, |of| of == account));
    (sums.captured, sums.held, sums.reserved, counts, status, payments, accounts)
}

#[test]
fn every_order_and_repetition_of_the_same_reports_ends_in_the_same_state() {
    for link in links() {
        for reserved in RESERVED {
            let mut ends = Ends::default();
            let first = start(link.clone(), reserved);
            every_order(&first, &SAYS, LONGEST, &mut |world, says| {
                if let Some(&say) = says.last() {
                    tell(world, 0, say);
                }
                let context = (&link.due, link.max_payments, reserved, says);
                assert_clean(world, &context);
                assert_eq!(world.payments[0].state.word(), expected_word(reserved, says), "{context:?}");
                let there = says.contains(&Say::Success) && !says.contains(&Say::Reversed);
                assert_eq!(received(world), if there { 1_000 } else { 0 }, "{context:?}");
                ends.add(says, end(world));
            });
            ends.assert_one_each(16);
        }
    }
}

const BOTH: [(usize, Say); 8] = [
    (0, Say::Success),
    (0, Say::Failure),
    (0, Say::Pending),
    (0, Say::Reversed),
    (1, Say::Success),
    (1, Say::Failure),
    (1, Say::Pending),
    (1, Say::Reversed),
];

/// Five in every run; all six where there is time.
fn longest_of_two() -> usize {
    size(LONGEST - 1, LONGEST)
}

#[test]
fn every_order_of_reports_about_two_payments_ends_in_the_same_state() {
    let mut two = World::paying(reusable());
    two.start(None).unwrap();
    // The room of one payment, and only the second is in time.
    let mut late = World::paying(once());
    late.pass(15);
    late.end_reservation(0);
    late.start(None).unwrap();
    for first in [two, late] {
        let mut ends = Ends::default();
        every_order(&first, &BOTH, longest_of_two(), &mut |world, says| {
            if let Some(&(at, say)) = says.last() {
                tell(world, at, say);
                assert_clean(world, &says);
            }
            ends.add(says, end(world));
        });
        ends.assert_one_each(200);
    }
}

/// Both payments want the room of one: the first failed and gave it to the second, and is still in time.
/// Which of the two counts is the order's to say, and whether the first finds the room; nothing else is.
#[test]
fn of_two_payments_for_the_room_of_one_the_order_says_only_which_counts() {
    let mut first = World::paying(once());
    first.report(0, &failed());
    first.start(None).unwrap();
    let mut ends = Ends::default();
    every_order(&first, &BOTH, longest_of_two(), &mut |world, says| {
        if let Some(&(at, say)) = says.last() {
            tell(world, at, say);
            assert_clean(world, &says);
        }
        let words: Vec<_> = world.payments.iter().map(|payment| payment.state.word()).collect();
        let counting = words.iter().filter(|word| **word == "captured").count();
        assert!(counting <= 1, "over-collected: {says:?}");
        assert_eq!(world.link.sums.captured.get(), if counting == 1 { 1_000 } else { 0 }, "{says:?}");
        let there =
            words.iter().map(|word| if *word == "captured" { "held" } else { *word }).collect::<Vec<_>>();
        ends.add(
            says,
            (there, received(world), world.link.sums.captured.plus(world.link.sums.held).unwrap()),
        );
    });
    ends.assert_one_each(200);
}

#[test]
fn a_link_is_open_again_exactly_when_its_money_is_gone() {
    every_order(&start(once(), Reserved::Live), &SAYS, LONGEST, &mut |world, says| {
        if let Some(&say) = says.last() {
            tell(world, 0, say);
        }
        let is_captured = matches!(world.payments[0].state, PaymentState::Captured { .. });
        assert_eq!(world.link.status == LinkStatus::Active, !is_captured, "{says:?}");
    });
}

#[test]
fn any_final_word_uses_up_a_one_order_link_and_none_reopens_it() {
    every_order(&start(one_order(), Reserved::Live), &SAYS, LONGEST, &mut |world, says| {
        if let Some(&say) = says.last() {
            tell(world, 0, say);
        }
        let is_final = says.iter().any(|say| *say != Say::Pending);
        assert_eq!(world.link.status == LinkStatus::Active, !is_final, "{says:?}");
    });
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
