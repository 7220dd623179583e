//! Starting a payment: what is reserved, what is recorded, and every refusal.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::merchant::Environment;
use kadi_domain::payment::PaymentState;
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::secret::Pii;
use kadi_domain::time::MINUTE_MS;

use crate::world::{KEYS, START, World, at_most, attempt, once, one_order, open, reusable};

fn refusal(result: Result<usize, Stop>) -> Option<Refusal> {
    match result {
        Ok(_) => None,
        Err(Stop::Refused(refusal)) => Some(refusal),
        Err(Stop::Broken(fault)) => panic!("{fault}"),
    }
}

#[test]
fn a_started_payment_records_what_the_rail_will_be_asked_for() {
    let world = World::paying(once());
    let payment = &world.payments[0];
    assert_eq!(payment.state, PaymentState::Started);
    assert_eq!(payment.applied, Minor::new(1_000));
    assert_eq!(payment.charged().unwrap(), Minor::new(1_000));
    assert_eq!(payment.rail_account, "demo");
    assert_eq!(payment.reserved_until, Some(START.plus_ms(15 * MINUTE_MS)));
    assert_eq!(world.link.sums.reserved, Minor::new(1_000));
    assert_eq!(world.link.sums.reserved_count, 1);
}

#[test]
fn the_payers_number_is_sealed_in_the_payments_own_row() {
    let mut world = World::new(once());
    let mut asked = attempt(None);
    asked.payer_mobile = Some(Pii::new("9000000001".to_owned()));
    let (link, merchant) = (world.link.clone(), world.merchant.clone());
    let started = world.with_moment(|m| kadi_domain::attempt::start(link, &merchant, &asked, m));
    let (_, payment) = started.unwrap();
    let sealed = payment.payer_mobile.unwrap();
    assert!(!sealed.windows(10).any(|part| part == b"9000000001"));
    let place = kadi_domain::attempt::payer_mobile_place(payment.id);
    assert_eq!(KEYS.open_text(place, &sealed).unwrap(), "9000000001");
}

#[test]
fn a_fixed_link_takes_its_own_amount_only() {
    for link in [once(), reusable(), at_most(2), one_order()] {
        for amount in [-1, 0, 1, 999, 1_001, i64::MAX] {
            let refused = refusal(World::new(link.clone()).start(Some(amount)));
            assert_eq!(refused, Some(Refusal::AmountInvalid), "{amount}");
        }
        assert_eq!(refusal(World::new(link.clone()).start(Some(1_000))), None);
    }
}

#[test]
fn an_open_link_takes_what_the_payer_says_within_the_merchants_limits() {
    let mut world = World::new(open());
    world.merchant.limit.max = Some(Minor::new(5_000));
    world.merchant.limit.account_max = Some(Minor::new(4_000));
    world.merchant.risk.amount_max = Some(Minor::new(3_000));
    let cases = [
        (99, Some(Refusal::AmountBelowMinimum)),
        (5_001, Some(Refusal::AmountAboveMaximum)),
        (4_001, Some(Refusal::AmountAboveAccountMaximum)),
        (3_001, Some(Refusal::RiskRefused)),
        (3_000, None),
    ];
    for (amount, expected) in cases {
        assert_eq!(refusal(world.start(Some(amount))), expected, "{amount}");
    }
}

#[test]
fn limits_in_rupees_say_nothing_about_other_currencies() {
    let mut world = World::new(open());
    world.link.currency = Currency::parse("JPY").unwrap();
    world.merchant.limit.max = Some(Minor::new(10));
    world.merchant.risk.amount_max = Some(Minor::new(10));
    assert_eq!(refusal(world.start(Some(11))), None);
}

#[test]
fn an_open_link_without_an_amount_asks_for_one() {
    let mut world = World::new(open());
    let (link, merchant) = (world.link.clone(), world.merchant.clone());
    let started = world.with_moment(|m| kadi_domain::attempt::start(link, &merchant, &attempt(None), m));
    assert_eq!(started.unwrap_err(), Stop::Refused(Refusal::AmountRequired));
}

#[test]
fn inactive_merchants_and_live_ones_on_the_sandbox_are_refused() {
    let mut world = World::new(once());
    world.merchant.environment = Environment::Live;
    assert_eq!(refusal(world.start(None)), Some(Refusal::RailNotAllowed));
    world.merchant.active = false;
    assert_eq!(refusal(world.start(None)), Some(Refusal::MerchantInactive));
    assert!(world.payments.is_empty());
}

#[test]
fn a_second_payer_waits_for_the_first_and_a_third_is_too_many() {
    for link in [once(), at_most(1), one_order(), open()] {
        let mut world = World::paying(link);
        assert_eq!(refusal(world.start(None)), Some(Refusal::LinkBusy));
        let success = world.succeeded(0);
        world.report(0, &success);
        assert_eq!(refusal(world.start(None)), Some(Refusal::LinkCompleted));
    }
    let mut world = World::paying(at_most(2));
    assert_eq!(refusal(world.start(None)), None);
    assert_eq!(refusal(world.start(None)), Some(Refusal::LinkBusy));
}
