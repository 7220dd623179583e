//! Random schedules: several payers on one link, reports of every kind in any order, time that passes, jobs
//! that come late.

use kadi_domain::amount::Minor;
use kadi_domain::link::Link;
use kadi_domain::rail::{Report, Taken};
use proptest::prelude::*;

use crate::books::{assert_clean, received};
use crate::world::{World, at_most, failed, once, one_order, open, reusable};

#[derive(Clone, Debug)]
enum Step {
    Start,
    Report { payment: prop::sample::Index, say: Say },
    Pass { minutes: i64 },
    EndReservations,
    Cancel,
}

#[derive(Clone, Copy, Debug)]
enum Say {
    Success,
    Over,
    Short,
    OtherPayee,
    OtherMoney,
    Failure,
    Pending,
    Reversed,
    OtherReversed,
}

fn step() -> impl Strategy<Value = Step> {
    let say = prop::sample::select(vec![
        Say::Success,
        Say::Success,
        Say::Over,
        Say::Short,
        Say::OtherPayee,
        Say::OtherMoney,
        Say::Failure,
        Say::Pending,
        Say::Reversed,
        Say::OtherReversed,
    ]);
    prop_oneof![
        3 => Just(Step::Start),
        8 => (any::<prop::sample::Index>(), say).prop_map(|(payment, say)| Step::Report { payment, say }),
        2 => (1_i64..20).prop_map(|minutes| Step::Pass { minutes }),
        1 => Just(Step::EndReservations),
        1 => Just(Step::Cancel),
    ]
}

fn any_link() -> impl Strategy<Value = Link> {
    prop::sample::select(vec![once(), reusable(), at_most(2), one_order(), open()])
}

fn report(world: &World, at: usize, say: Say) -> Report {
    let taken = world.taken(at);
    let charged = |by: i64| Minor::new(taken.charged.get() + by);
    match say {
        Say::Success => Report::Succeeded(taken),
        Say::Over => Report::Succeeded(Taken { charged: charged(1), ..taken }),
        Say::Short => Report::Succeeded(Taken { charged: charged(-1), ..taken }),
        Say::OtherPayee => Report::Succeeded(Taken { payee: "other".to_owned(), ..taken }),
        Say::OtherMoney => Report::Succeeded(Taken { reference: "other".to_owned(), ..taken }),
        Say::Failure => failed(),
        Say::Pending => Report::Pending,
        Say::Reversed => Report::Reversed(taken),
        Say::OtherReversed => Report::Reversed(Taken { reference: "other".to_owned(), ..taken }),
    }
}

fn carry_out(world: &mut World, step: &Step) {
    match step {
        Step::Start => {
            // A full, busy or ended link refuses; that leaves everything as it was.
            let before = (world.link.clone(), world.payments.len());
            if world.start(None).is_err() {
                assert_eq!((world.link.clone(), world.payments.len()), before);
            }
        }
        Step::Report { payment, say } if !world.payments.is_empty() => {
            let at = payment.index(world.payments.len());
            let report = report(world, at, *say);
            world.report(at, &report);
            let before = (world.link.clone(), world.payments.clone());
            let again = world.report(at, &report);
            assert!(again.events.is_empty() && again.entries == 0, "told twice: {report:?}");
            assert_eq!((world.link.clone(), world.payments.clone()), before, "told twice: {report:?}");
        }
        Step::Report { .. } => {}
        Step::Pass { minutes } => world.pass(*minutes),
        Step::EndReservations => {
            for at in 0..world.payments.len() {
                if world.payments[at].reserved_until.is_some_and(|until| until <= world.now) {
                    world.end_reservation(at);
                }
            }
        }
        Step::Cancel => {
            if let Ok(link) = world.link.clone().cancel(world.now) {
                world.link = link;
            }
        }
    }
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn no_schedule_breaks_the_books_or_the_links_limits(
        link in any_link(),
        steps in prop::collection::vec(step(), 1..25),
    ) {
        let mut world = World::new(link);
        for (at, step) in steps.iter().enumerate() {
            carry_out(&mut world, step);
            assert_clean(&world, &(at, step));
        }
        // Money that a payment knows of is in the books unless it was taken back.
        let there = world.payments.iter().filter(|p| matches!(p.state.word(), "captured" | "held"));
        let there: i64 = there.map(|p| p.taken.unwrap().get()).sum();
        prop_assert_eq!(received(&world), there);
    }
}
