//! Refunds that a rail pays after it had refused them, when nothing is left for them.

use kadi_domain::amount::Minor;
use kadi_domain::event::EventKind;
use kadi_domain::fee::Charges;
use kadi_domain::hold::decide;
use kadi_domain::ledger::Account;
use kadi_domain::merchant::FeeBearer;
use kadi_domain::moment::Moment;
use kadi_domain::payment::{HoldDecision, HoldReason};
use kadi_domain::rail::{Report, Taken};
use kadi_domain::refusal::Refusal;
use kadi_domain::settle::Parties;

use crate::refunds::{ask, balance, captured, reports, tell};
use crate::world::{World, once};

#[test]
fn a_refund_that_the_rail_pays_when_no_room_is_left_is_the_merchants_loss() {
    let mut world = captured(FeeBearer::Platform);
    let first = ask(&mut world, 0, 600).unwrap();
    let failed = tell(&mut world, 0, &first, &reports()[1], true).refund;
    let second = ask(&mut world, 0, 700).unwrap();
    let before = balance(&world, Account::MerchantPayable);
    let done = tell(&mut world, 0, &failed, &reports()[0], true);
    let paid = done.refund;
    assert_eq!((done.event, done.ask_rail), (Some(EventKind::RefundSucceeded), false));
    assert_eq!((paid.state.word(), paid.is_excess), ("succeeded", true));
    assert_eq!(paid.shares, Charges { net: Minor::new(600), ..Charges::default() });
    assert_eq!(balance(&world, Account::MerchantPayable), before - 600);
    assert_eq!(balance(&world, Account::RailReceivable), -(1_000 - 600));
    let sums = world.payments[0].refunds;
    assert_eq!((sums.refunded.get(), sums.pending.get(), sums.excess.get()), (0, 700, 600));
    assert_eq!(world.link.sums.refunded, Minor::ZERO, "never more than was captured");
    assert!(tell(&mut world, 0, &paid, &reports()[0], true).event.is_none(), "told twice");
    // What the rail has paid is gone, also when there is room again.
    tell(&mut world, 0, &second, &reports()[1], true);
    assert_eq!(ask(&mut world, 0, 401), Err(Refusal::RefundTooLarge.into()));
    ask(&mut world, 0, 400).unwrap();
    // It comes back.
    tell(&mut world, 0, &paid, &reports()[3], false);
    assert_eq!(world.payments[0].refunds.excess, Minor::ZERO);
    ask(&mut world, 0, 600).unwrap();
}

#[test]
fn a_refund_in_excess_of_a_payment_that_is_taken_back_stays_the_merchants_loss() {
    for held in [false, true] {
        let mut world = World::paying(once());
        let taken = Taken { charged: Minor::new(if held { 1_100 } else { 1_000 }), ..world.taken(0) };
        world.report(0, &Report::Succeeded(taken.clone()));
        let all = |world: &mut World| {
            if !held {
                return ask(world, 0, 1_000).unwrap();
            }
            let (link, payment) = (world.link.clone(), world.payments[0].clone());
            let merchant = world.merchant.clone();
            let parties = Parties::alone(&merchant);
            let act = |m: &mut Moment<'_>| decide(link, payment, &parties, HoldDecision::Refund, m).unwrap();
            let done = world.with_moment(act);
            world.entries.extend(done.entries);
            (world.link, world.payments[0]) = (done.link, done.payment);
            done.refund.unwrap()
        };
        let first = all(&mut world);
        let failed = tell(&mut world, 0, &first, &reports()[1], true).refund;
        let second = all(&mut world);
        tell(&mut world, 0, &second, &reports()[0], false);
        let whole = taken.charged.get();
        assert!(tell(&mut world, 0, &failed, &reports()[0], true).refund.is_excess);
        assert_eq!(-balance(&world, Account::RailReceivable), -whole);
        world.report(0, &Report::Reversed(taken));
        assert_eq!(world.payments[0].state.word(), "reversed");
        assert_eq!(-balance(&world, Account::MerchantPayable), 2 * whole);
        assert_eq!((world.link.sums.held, world.link.sums.captured), (Minor::ZERO, Minor::ZERO));
        assert_eq!(balance(&world, Account::Hold(HoldReason::Over)), 0);
    }
}
