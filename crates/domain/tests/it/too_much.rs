//! A rail that takes, or says it took, far more than was asked for: what can be money is held, what cannot is
//! not booked, and no link's sums overflow.

use kadi_domain::amount::{Minor, TAKEN_MAX};
use kadi_domain::claim::hear;
use kadi_domain::payment::{HoldReason, PaymentState};
use kadi_domain::rail::{Report, Taken, Weight};
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::settle::Parties;

use crate::books::{assert_clean, received};
use crate::world::{World, reusable};

fn takes(world: &World, charged: i64) -> Taken {
    Taken { charged: Minor::new(charged), ..world.taken(0) }
}

#[test]
fn what_no_payment_can_have_taken_is_not_booked_whoever_says_so() {
    let mut world = World::paying(reusable());
    let (link, payment, merchant) = (world.link.clone(), world.payments[0].clone(), world.merchant.clone());
    for charged in [i64::MIN, -1, TAKEN_MAX.get() + 1, i64::MAX] {
        for report in [Report::Succeeded(takes(&world, charged)), Report::Reversed(takes(&world, charged))] {
            for weight in [Weight::Notice, Weight::Answer, Weight::Truth] {
                let parties = Parties::alone(&merchant);
                let heard = world.with_moment(|moment| {
                    hear(link.clone(), payment.clone(), None, &parties, &report, weight, moment)
                });
                assert!(heard.is_err(), "{report:?}");
            }
        }
    }
    // What is told afterwards counts as ever.
    let most = Report::Succeeded(takes(&world, TAKEN_MAX.get()));
    world.report(0, &most);
    let is_over = matches!(world.payments[0].state, PaymentState::Held { reason: HoldReason::Over, .. });
    assert!(is_over && received(&world) == TAKEN_MAX.get(), "{:?}", world.payments[0]);
    assert_clean(&world, &"the most that can be");
}

#[test]
fn a_link_that_holds_all_that_its_sums_count_takes_no_more() {
    for held in [4_000_000_000_000_000_000, i64::MAX] {
        let mut link = reusable();
        link.sums.held = Minor::new(held);
        assert_eq!(World::new(link).start(None), Err(Stop::Refused(Refusal::LinkCompleted)));
    }
}
