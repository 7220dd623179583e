//! The table of settle.rs, cell by cell where amounts, references and accounts matter.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::event::EventKind;
use kadi_domain::fee::Charges;
use kadi_domain::id::MerchantId;
use kadi_domain::ledger::{Account, Posting};
use kadi_domain::link::LinkStatus;
use kadi_domain::payment::{HoldReason, PaymentState};
use kadi_domain::rail::{Report, Taken};
use kadi_domain::split::{Share, SplitRule};
use kadi_domain::time::{DAY_MS, MINUTE_MS};

use crate::books::{assert_clean, received};
use crate::world::{START, World, failed, once, one_order, reusable};

fn hold_reason(world: &World) -> Option<HoldReason> {
    let PaymentState::Held { reason, .. } = world.payments[0].state else { return None };
    Some(reason)
}

/// Reports a success that differs from what the attempt recorded.
fn success_with(world: &mut World, change: impl FnOnce(&mut Taken)) {
    let mut taken = world.taken(0);
    change(&mut taken);
    world.report(0, &Report::Succeeded(taken));
    assert_clean(world, &"a success unlike its attempt");
}

#[test]
fn a_capture_books_the_money_the_fee_and_its_tax() {
    let mut world = World::paying(once());
    let report = world.succeeded(0);
    world.report(0, &report);
    let cost = Charges { fee: Minor::new(10), fee_tax: Minor::new(2), net: Minor::new(988) };
    assert_eq!(world.payments[0].state, PaymentState::Captured { at: START, charges: cost });
    let postings: Vec<Posting> = world.entries.iter().map(|entry| entry.posting).collect();
    assert_eq!(
        postings,
        [
            Posting::debit(Account::RailReceivable, Minor::new(1_000)),
            Posting::credit(Account::MerchantPayable, Minor::new(988)),
            Posting::credit(Account::FeeIncome, Minor::new(10)),
            Posting::credit(Account::FeeTax, Minor::new(2)),
        ]
    );
    let bookings: std::collections::BTreeSet<_> =
        world.entries.iter().map(|entry| entry.booking_id).collect();
    assert_eq!(bookings.len(), 1);
}

#[test]
fn a_reversal_books_the_same_postings_on_the_other_side() {
    let mut world = World::paying(once());
    for report in [world.succeeded(0), world.reversed(0)] {
        world.report(0, &report);
    }
    let postings: Vec<Posting> = world.entries.iter().map(|entry| entry.posting).collect();
    let (there, back) = postings.split_at(4);
    let inverse: Vec<Posting> = there.iter().map(|posting| posting.inverse()).collect();
    assert_eq!(back, inverse);
    assert_eq!(received(&world), 0);
}

#[test]
fn money_unlike_its_attempt_is_held_by_name_and_never_applied() {
    type Change = fn(&mut Taken);
    let cases: [(HoldReason, Change); 4] = [
        (HoldReason::Over, |taken| taken.charged = Minor::new(1_001)),
        (HoldReason::Mismatched, |taken| taken.charged = Minor::new(999)),
        (HoldReason::Mismatched, |taken| taken.payee = "other".to_owned()),
        (HoldReason::Currency, |taken| taken.currency = Currency::parse("USD").unwrap()),
    ];
    for (reason, change) in cases {
        let mut world = World::paying(once());
        success_with(&mut world, change);
        assert_eq!(hold_reason(&world), Some(reason));
        assert_eq!(world.link.sums.captured, Minor::ZERO);
        assert_eq!(world.link.sums.reserved, Minor::ZERO, "held money reserves nothing");
        assert_eq!(world.link.status, LinkStatus::Active);
    }
}

#[test]
fn a_wrong_amount_is_named_before_a_late_arrival() {
    let mut world = World::paying(once());
    world.pass(15);
    success_with(&mut world, |taken| taken.charged = Minor::new(1_001));
    assert_eq!(hold_reason(&world), Some(HoldReason::Over));
}

#[test]
fn a_reservation_ends_by_the_clock_even_before_a_job_has_written_it() {
    for (minutes, reason) in [(14, None), (15, Some(HoldReason::Late)), (16, Some(HoldReason::Late))] {
        let mut world = World::paying(once());
        world.pass(minutes);
        success_with(&mut world, |_| {});
        assert_eq!(hold_reason(&world), reason, "after {minutes} minutes");
    }
}

#[test]
fn a_pending_payment_keeps_its_room_for_six_days_and_pending_again_changes_nothing() {
    let mut world = World::paying(once());
    assert_eq!(world.payments[0].reserved_until, Some(START.plus_ms(15 * MINUTE_MS)));
    assert!(world.report(0, &Report::Pending).is_nothing());
    assert_eq!(world.payments[0].reserved_until, Some(START.plus_ms(6 * DAY_MS)));
    world.pass(60);
    assert!(world.report(0, &Report::Pending).is_nothing());
    assert_eq!(world.payments[0].reserved_until, Some(START.plus_ms(6 * DAY_MS)));
    success_with(&mut world, |_| {});
    assert_eq!(world.payments[0].state.word(), "captured");
}

#[test]
fn a_pending_word_does_not_reserve_again_what_was_given_back() {
    let mut world = World::paying(once());
    world.pass(15);
    world.end_reservation(0);
    world.report(0, &Report::Pending);
    assert_eq!(world.payments[0].reserved_until, None);
    assert_eq!(world.link.sums.reserved, Minor::ZERO);
    success_with(&mut world, |_| {});
    assert_eq!(hold_reason(&world), Some(HoldReason::Late));
}

#[test]
fn a_success_after_a_failure_takes_the_room_again_and_a_failure_after_a_success_asks_the_rail() {
    let mut world = World::paying(once());
    let success = world.succeeded(0);
    assert_eq!(world.report(0, &failed()).events, [EventKind::PaymentFailed]);
    assert_eq!(world.report(0, &success).events, [EventKind::PaymentCaptured, EventKind::LinkCompleted]);
    assert!(world.report(0, &failed()).ask_rail);

    // Too late, or the room is taken.
    for is_late in [true, false] {
        let mut world = World::paying(once());
        world.report(0, &failed());
        if is_late {
            world.pass(15);
        } else {
            world.start(None).unwrap();
        }
        assert_eq!(world.report(0, &success).events, [EventKind::PaymentHeld]);
        assert_eq!(hold_reason(&world), Some(HoldReason::Late));
        assert_clean(&world, &is_late);
    }

    let mut world = World::paying(once());
    world.report(0, &success);
    let contradicted = world.report(0, &failed());
    assert!(contradicted.ask_rail && contradicted.events.is_empty());
    assert!(world.report(0, &success).is_nothing());
}

#[test]
fn other_money_of_the_same_payment_is_never_taken_for_the_known_money() {
    for known in [once(), reusable()] {
        for late in [false, true] {
            let mut world = World::paying(known.clone());
            if late {
                world.pass(15);
            }
            let success = world.succeeded(0);
            world.report(0, &success);
            let before = (world.link.clone(), world.payments.clone());
            let less = Taken { charged: Minor::new(400), ..world.taken(0) };
            for report in [Report::Succeeded(less.clone()), Report::Reversed(less)] {
                let did = world.report(0, &report);
                assert!(did.ask_rail && did.events.is_empty() && did.entries == 0, "{report:?}");
                assert_eq!((world.link.clone(), world.payments.clone()), before, "{report:?}");
            }
            assert_clean(&world, &"other money");
        }
    }
}

#[test]
fn after_a_reversal_only_other_money_raises_a_question() {
    let mut world = World::paying(once());
    let (success, reversal) = (world.succeeded(0), world.reversed(0));
    world.report(0, &success);
    world.report(0, &reversal);
    for report in [success, reversal, failed(), Report::Pending] {
        assert!(world.report(0, &report).is_nothing(), "{report:?}");
    }
    let other = Taken { reference: "UTR other".to_owned(), ..world.taken(0) };
    assert!(world.report(0, &Report::Succeeded(other)).ask_rail);
}

#[test]
fn a_reversal_remembers_what_was_reversed() {
    let reversed_from = |before: &[fn(&World) -> Report]| {
        let mut world = World::paying(once());
        for report in before {
            let report = report(&world);
            world.report(0, &report);
        }
        world.pass(1);
        let reversal = world.reversed(0);
        world.report(0, &reversal);
        let PaymentState::Reversed { captured_at, held, .. } = world.payments[0].state else {
            panic!("not reversed")
        };
        (captured_at, held)
    };
    assert_eq!(reversed_from(&[|w| w.succeeded(0)]), (Some(START), None));
    assert_eq!(reversed_from(&[|_| failed(), |w| w.succeeded(0)]), (Some(START), None));
    assert_eq!(reversed_from(&[]), (None, None));
}

#[test]
fn a_cancelled_link_still_takes_the_money_that_was_under_way_and_stays_cancelled() {
    for link in [once(), one_order()] {
        let mut world = World::paying(link);
        world.link = world.link.clone().cancel(world.now).unwrap();
        let reports = [world.succeeded(0), world.reversed(0)];
        assert_eq!(world.report(0, &reports[0]).events, [EventKind::PaymentCaptured]);
        assert_eq!(world.report(0, &reports[1]).events, [EventKind::PaymentReversed]);
        assert_eq!(world.link.status, LinkStatus::Cancelled { at: START });
        assert_clean(&world, &"cancelled");
    }
}

#[test]
fn money_that_is_less_than_the_shares_of_its_link_is_held_and_not_lost() {
    let mut world = World::new(once());
    world.start(None).unwrap();
    // What a link has left may be that little, once held money was applied to it.
    let share = Share::Amount(Minor::new(1_001));
    world.split.push(SplitRule { child_id: MerchantId::new(70), share, bears_fee: false });
    let report = world.succeeded(0);
    world.report(0, &report);
    assert_eq!(hold_reason(&world), Some(HoldReason::Mismatched));
    assert_eq!(received(&world), 1_000);
}
