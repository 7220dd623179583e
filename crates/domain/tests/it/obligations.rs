//! Obligations: what joins them, what counts, and what comes after it.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::hold::is_refund_proposed;
use kadi_domain::id::ObligationId;
use kadi_domain::link::{LinkStatus, LinkWord};
use kadi_domain::obligation::{Obligation, ObligationKey, close};
use kadi_domain::payment::{HoldReason, PaymentState};
use kadi_domain::refusal::Refusal;

use crate::books::assert_clean;
use crate::world::{MERCHANT, START, World, failed, once};

fn obligation() -> Obligation {
    Obligation {
        id: ObligationId::new(5),
        key: ObligationKey { merchant_id: MERCHANT, name: "Term 2".into() },
        currency: Currency::INR,
        amount: Minor::new(1_000),
        link_count: 1,
        paid_by: None,
        version: 0,
    }
}

#[test]
fn links_of_the_same_amount_join_until_it_is_paid_or_full() {
    let join = |known: Obligation, amount| known.join(Currency::INR, Minor::new(amount));
    assert_eq!(join(obligation(), 1_000).unwrap().link_count, 2);
    assert_eq!(join(obligation(), 999), Err(Refusal::ObligationMismatch));
    let dollars = obligation().join(Currency::parse("USD").unwrap(), Minor::new(1_000));
    assert_eq!(dollars, Err(Refusal::ObligationMismatch));
    assert_eq!(join(Obligation { link_count: 99, ..obligation() }, 1_000).unwrap().link_count, 100);
    assert_eq!(join(Obligation { link_count: 100, ..obligation() }, 1_000), Err(Refusal::ObligationFull));
    let world = World::paying(once());
    let paid = Obligation { paid_by: Some(world.payments[0].id), ..obligation() };
    assert_eq!(join(paid, 1_000), Err(Refusal::ObligationPaid));
}

#[test]
fn the_first_capture_counts_until_it_is_taken_back() {
    let (mut first, mut second) = (World::paying(once()), World::paying(once()));
    second.payments[0].id = kadi_domain::id::PaymentId::new(999);
    let count = |known: Obligation, world: &World| known.after(&world.payments[0]);
    for report in [failed(), first.succeeded(0)] {
        assert_eq!(count(obligation(), &first).paid_by, None);
        first.report(0, &report);
    }
    let paid = count(obligation(), &first);
    assert_eq!(paid.paid_by, Some(first.payments[0].id));

    // The second is late by the obligation, whatever its own link says, and another's end changes nothing.
    second.paid_by = paid.paid_by;
    let success = second.succeeded(0);
    second.report(0, &success);
    let PaymentState::Held { reason: HoldReason::Duplicate, .. } = second.payments[0].state else {
        panic!("{:?}", second.payments[0].state);
    };
    assert!(is_refund_proposed(&second.payments[0], START), "at once");
    assert_eq!(count(paid.clone(), &second), paid);
    assert_clean(&second, &"held");

    let reversal = first.reversed(0);
    first.report(0, &reversal);
    assert_eq!(count(paid, &first).paid_by, None);
}

#[test]
fn only_an_active_link_is_closed_and_it_takes_no_payment() {
    let closed = close(once(), START).unwrap();
    assert_eq!((closed.status, closed.word(START)), (LinkStatus::Closed { at: START }, LinkWord::Cancelled));
    assert_eq!(closed.check_payable(START), Err(Refusal::LinkCancelled));
    assert!(close(closed, START).is_none());
    assert!(close(once().cancel(START).unwrap(), START).is_none());
}
