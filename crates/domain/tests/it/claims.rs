//! Money of its own under each of a rail's references: a second reference for one attempt, one reference for
//! two attempts, another currency.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::event::EventKind;
use kadi_domain::hold::decide;
use kadi_domain::ledger::Account;
use kadi_domain::payment::{HoldDecision, HoldReason, PaymentState};
use kadi_domain::rail::{Report, Taken};
use kadi_domain::refusal::Refusal;
use kadi_domain::settle::Parties;

use crate::books::{assert_clean, balance, balance_in, received};
use crate::permutations::{Ends, every_order};
use crate::world::{World, failed, once, reusable};

fn under(world: &World, reference: &str) -> Taken {
    Taken { reference: reference.to_owned(), ..world.taken(0) }
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
fn a_second_reference_for_one_payment_is_money_of_its_own_and_held() {
    for link in [once(), reusable()] {
        let mut world = World::paying(link);
        let success = world.succeeded(0);
        world.report(0, &success);
        let before = world.payments[0].clone();
        let again = Report::Succeeded(under(&world, "UTR second"));
        let did = world.report(0, &again);
        assert_eq!((did.events, did.ask_rail), (vec![EventKind::PaymentHeld], true));
        assert_eq!((held(&world, 1), &world.payments[0]), (Some(HoldReason::Duplicate), &before));
        assert_eq!(world.payments[1].beside, Some(before.id));
        assert_eq!(balance(&world, |account| account == Account::Hold(HoldReason::Duplicate)), -1_000);
        assert_eq!(received(&world), 2_000);
        assert!(world.report(0, &again).is_nothing(), "told twice");
        // An answer to a question is booked like a notice.
        assert!(world.hear(0, &again, true).is_nothing(), "told again when asked");
        assert_clean(&world, &"a second reference");
        let reversal = Report::Reversed(under(&world, "UTR second"));
        assert_eq!(world.report(0, &reversal).events, [EventKind::PaymentReversed]);
        assert_eq!((received(&world), world.payments.len()), (1_000, 2));
        assert_clean(&world, &"a second reference, reversed");
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Say {
    Success(&'static str),
    Reversed(&'static str),
    Failure,
}

/// Which of two references counts is the order's to say; where the money of each is, is not.
#[test]
fn every_order_of_reports_under_two_references_ends_with_the_same_money() {
    let says = ["A", "B"].map(|reference| [Say::Success(reference), Say::Reversed(reference)]);
    let says = [says.as_flattened(), &[Say::Failure]].concat();
    let mut ends = Ends::default();
    every_order(&World::paying(once()), &says, 6, &mut |world, told| {
        if let Some(&say) = told.last() {
            let report = match say {
                Say::Success(reference) => Report::Succeeded(under(world, reference)),
                Say::Reversed(reference) => Report::Reversed(under(world, reference)),
                Say::Failure => failed(),
            };
            world.report(0, &report);
            let before = world.payments.clone();
            let again = world.report(0, &report);
            assert!(again.events.is_empty() && again.entries == 0 && world.payments == before, "{told:?}");
            assert_clean(world, &told);
        }
        let money = ["A", "B"].map(|reference| {
            let mut known = world.payments.iter().filter(|p| p.rail_reference.as_deref() == Some(reference));
            known.next().map(|payment| !matches!(payment.state, PaymentState::Reversed { .. }))
        });
        let sums = world.link.sums;
        assert!(sums.captured.get() <= 1_000, "over-collected: {told:?}");
        ends.add(told, (money, received(world), sums.captured.get() + sums.held.get()));
    });
    ends.assert_one_each(32);
}

#[test]
fn one_reference_for_two_payments_is_booked_once_and_ends_both() {
    let mut world = World::paying(reusable());
    world.start(None).unwrap();
    let success = Report::Succeeded(under(&world, "UTR one"));
    world.report(0, &success);
    let did = world.report(1, &success);
    assert_eq!((did.events, did.ask_rail), (vec![], true), "a notice only raises a question");
    assert_eq!(world.payments[1].state, PaymentState::Started);
    let did = world.hear(1, &success, true);
    assert_eq!((did.events, did.entries, did.ask_rail), (vec![EventKind::PaymentHeld], 0, false));
    assert_eq!((held(&world, 1), world.payments[1].taken), (Some(HoldReason::Duplicate), Some(Minor::ZERO)));
    assert_eq!((received(&world), world.link.sums.reserved), (1_000, Minor::ZERO));
    assert!(world.hear(1, &success, true).is_nothing());
    assert_clean(&world, &"one reference for two payments");
    // Nothing can be applied or sent back, so that to send it back only closes it.
    let (link, merchant) = (world.link.clone(), world.merchant.clone());
    let mut say = |decision| {
        let (link, payment) = (link.clone(), world.payments[1].clone());
        world.with_moment(|moment| decide(link, payment, &Parties::alone(&merchant), decision, moment))
    };
    assert_eq!(say(HoldDecision::Apply).err(), Some(Refusal::HoldNotApplicable.into()));
    let closed = say(HoldDecision::Refund).unwrap();
    assert!(closed.refund.is_none() && closed.entries.is_empty() && closed.payment.decided.is_some());
}

#[test]
fn a_reversal_under_the_reference_of_another_payment_takes_nothing_from_it() {
    let mut world = World::paying(reusable());
    world.start(None).unwrap();
    world.report(0, &Report::Succeeded(under(&world, "UTR one")));
    let reversal = Report::Reversed(under(&world, "UTR one"));
    assert!(world.report(1, &reversal).ask_rail);
    assert_eq!(world.hear(1, &reversal, true).events, [EventKind::PaymentFailed]);
    assert!(world.hear(1, &reversal, true).is_nothing());
    assert_eq!((world.payments[0].state.word(), received(&world)), ("captured", 1_000));
    assert_clean(&world, &"another's reversal");
}

#[test]
fn money_in_another_currency_is_held_and_booked_in_its_own() {
    let usd = Currency::parse("USD").unwrap();
    let mut world = World::paying(once());
    let taken = Taken { currency: usd, ..world.taken(0) };
    world.report(0, &Report::Succeeded(taken.clone()));
    assert_eq!(held(&world, 0), Some(HoldReason::Currency));
    let on_hold = |world: &World, currency| {
        balance_in(world, Some(currency), |account| account == Account::Hold(HoldReason::Currency))
    };
    assert_eq!((on_hold(&world, usd), on_hold(&world, Currency::INR)), (-1_000, 0));
    assert_eq!((received(&world), world.link.sums.held), (0, Minor::ZERO), "the sums are in rupees");
    assert_clean(&world, &"dollars");
    let (link, merchant, payment) = (world.link.clone(), world.merchant.clone(), world.payments[0].clone());
    let apply = (link.clone(), payment.clone());
    let applied = world.with_moment(|moment| {
        decide(apply.0, apply.1, &Parties::alone(&merchant), HoldDecision::Apply, moment)
    });
    assert_eq!(applied.err(), Some(Refusal::HoldNotApplicable.into()));
    let done = world
        .with_moment(|moment| decide(link, payment, &Parties::alone(&merchant), HoldDecision::Refund, moment))
        .unwrap();
    assert_eq!(done.refund.unwrap().currency, usd);
    assert!(done.entries.iter().all(|entry| entry.currency == usd));
    assert_eq!(done.link.sums.held, Minor::ZERO);
    // The rail takes it back.
    world.report(0, &Report::Reversed(taken));
    assert_eq!((on_hold(&world, usd), world.payments[0].state.word()), (0, "reversed"));
    assert_clean(&world, &"dollars, reversed");
}
