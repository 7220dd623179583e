//! Decisions about held money: what they book, when they are refused, and that the same one twice is nothing.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::event::EventKind;
use kadi_domain::hold::{Settlement, as_decided, decide, is_refund_proposed};
use kadi_domain::id::MerchantId;
use kadi_domain::ledger::Account;
use kadi_domain::link::{Link, LinkStatus};
use kadi_domain::payment::{HoldDecision, HoldReason, PaymentState};
use kadi_domain::rail::{RefundReport, Report, Taken};
use kadi_domain::refund::{Refundable, settle_refund};
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::settle::Parties;
use kadi_domain::split::{Share, SplitRule};

use crate::books::assert_clean;
use crate::world::{World, at_most, once, one_order, open, reusable};

/// A world whose only payment is held: so much came, late.
fn held(link: Link, came: i64) -> World {
    let mut world = World::paying(link);
    world.pass(16);
    world.end_reservation(0);
    let taken = Taken { charged: Minor::new(came), ..world.taken(0) };
    world.report(0, &Report::Succeeded(taken));
    assert_eq!(world.payments[0].state.word(), "held");
    world
}

fn say(world: &mut World, decision: HoldDecision) -> Result<Settlement, Stop> {
    let (link, payment) = (world.link.clone(), world.payments[0].clone());
    let (merchant, split) = (world.merchant.clone(), world.split.clone());
    let parties = Parties { merchant: &merchant, split: &split, parts: &[], paid_by: None };
    let done = world.with_moment(|moment| decide(link, payment, &parties, decision, moment))?;
    world.link = done.link.clone();
    world.payments[0] = done.payment.clone();
    world.entries.extend(done.entries.clone());
    Ok(done)
}

fn balance(world: &World, of: fn(Account) -> bool) -> i64 {
    let postings = world.entries.iter().map(|entry| entry.posting).filter(|p| of(p.account));
    postings.map(|posting| posting.credit.get() - posting.debit.get()).sum()
}

fn on_hold(world: &World) -> i64 {
    balance(world, |account| matches!(account, Account::Hold(_)))
}

#[test]
fn applied_money_counts_with_its_fee_and_completes_the_link() {
    for link in [once(), at_most(1), one_order(), open()] {
        let is_used_up = link.one_order;
        let mut world = held(link, 1_000);
        let done = say(&mut world, HoldDecision::Apply).unwrap();
        // The held money was the one order's final outcome already.
        let completed = [EventKind::LinkCompleted].into_iter().filter(|_| !is_used_up);
        assert_eq!(
            done.events,
            [EventKind::PaymentCaptured].into_iter().chain(completed).collect::<Vec<_>>()
        );
        assert!(matches!(world.link.status, LinkStatus::Completed { .. }));
        assert_eq!((world.link.sums.captured, world.link.sums.held), (Minor::new(1_000), Minor::ZERO));
        assert_eq!(balance(&world, |account| account == Account::MerchantPayable), 988);
        assert_eq!(on_hold(&world), 0);
        assert_clean(&world, &"applied");
        let again = say(&mut world, HoldDecision::Apply).unwrap();
        assert!(again.events.is_empty() && again.entries.is_empty());
        assert_eq!(say(&mut world, HoldDecision::Refund).err(), Some(Refusal::HoldDecided.into()));
        let reversal = world.reversed(0);
        assert_eq!(world.report(0, &reversal).events, [EventKind::PaymentReversed]);
        assert_clean(&world, &"applied and reversed");
    }
}

#[test]
fn what_came_over_or_short_counts_with_what_came_where_there_is_room() {
    for (link, came, fits) in
        [(once(), 900, true), (once(), 1_001, false), (reusable(), 1_001, true), (reusable(), 900, true)]
    {
        let mut world = held(link, came);
        let end = say(&mut world, HoldDecision::Apply).map(|_| ());
        if fits {
            end.unwrap();
            assert_eq!(world.payments[0].applied, Minor::new(came));
            assert_eq!(world.link.sums.captured, Minor::new(came));
        } else {
            assert_eq!(end, Err(Refusal::HoldHasNoRoom.into()));
            assert_eq!(on_hold(&world), came);
        }
        assert_clean(&world, &came);
    }
}

#[test]
fn room_that_a_running_payment_reserves_is_no_room() {
    for link in [once(), at_most(1)] {
        let mut world = held(link, 1_000);
        world.start(None).unwrap();
        assert_eq!(say(&mut world, HoldDecision::Apply).err(), Some(Refusal::HoldHasNoRoom.into()));
        assert_clean(&world, &"reserved");
    }
}

#[test]
fn money_in_another_account_or_currency_never_counts() {
    type Change = fn(&mut Taken);
    let changes: [Change; 2] =
        [|taken| taken.payee = "other".to_owned(), |taken| taken.currency = Currency::parse("USD").unwrap()];
    for change in changes {
        let mut world = World::paying(once());
        let mut taken = world.taken(0);
        change(&mut taken);
        world.report(0, &Report::Succeeded(taken));
        assert_eq!(say(&mut world, HoldDecision::Apply).err(), Some(Refusal::HoldNotApplicable.into()));
    }
}

#[test]
fn money_that_goes_back_leaves_the_hold_and_comes_again_where_the_rail_refuses() {
    for (report, word, left, is_decided) in [
        (RefundReport::Succeeded { reference: "RFN".to_owned() }, "succeeded", 0, true),
        (RefundReport::Failed { reason: "closed".to_owned() }, "failed", 1_001, false),
        (RefundReport::Reversed { reference: "RFN".to_owned() }, "reversed", 1_001, false),
    ] {
        let mut world = held(once(), 1_001);
        let refund = say(&mut world, HoldDecision::Refund).unwrap().refund.unwrap();
        assert_eq!((refund.amount, on_hold(&world)), (Minor::new(1_001), 0));
        assert!(say(&mut world, HoldDecision::Refund).unwrap().refund.is_none(), "decided already");
        let paid =
            Refundable { link: world.link.clone(), payment: world.payments[0].clone(), parts: Vec::new() };
        let merchant = world.merchant.clone();
        let done = world
            .with_moment(|moment| settle_refund(paid, refund, Vec::new(), &merchant, &report, true, moment))
            .unwrap();
        assert_eq!(done.refund.state.word(), word);
        world.entries.extend(done.entries);
        assert_eq!((on_hold(&world), done.link.sums.held), (left, Minor::new(left)), "{word}");
        assert_eq!(done.payment.decided.is_some(), is_decided, "{word}");
        assert_eq!(done.link.sums.refunded, Minor::ZERO, "it never counted");
    }
}

#[test]
fn a_refund_is_proposed_after_three_days_without_a_decision() {
    let mut world = held(once(), 1_000);
    let PaymentState::Held { at, .. } = world.payments[0].state else { panic!("not held") };
    let end = at.plus_ms(72 * 3_600_000);
    assert!(!is_refund_proposed(&world.payments[0], end.plus_ms(-1)));
    assert!(is_refund_proposed(&world.payments[0], end));
    say(&mut world, HoldDecision::Refund).unwrap();
    assert!(!is_refund_proposed(&world.payments[0], end));
}

#[test]
fn what_is_not_held_is_not_decided_about() {
    let mut world = World::paying(once());
    assert_eq!(say(&mut world, HoldDecision::Apply).err(), Some(Refusal::HoldUnknown.into()));
    let success = world.succeeded(0);
    world.report(0, &success);
    assert_eq!(say(&mut world, HoldDecision::Refund).err(), Some(Refusal::HoldUnknown.into()));
}

/// 1,100 came where 1,000 were asked for, with a fee of 11 and a tax of 2.
#[test]
fn applied_money_of_a_split_link_is_divided_as_a_capture_is() {
    let rule = |child, share, bears_fee| SplitRule { child_id: MerchantId::new(child), share, bears_fee };
    let split =
        vec![rule(101, Share::Percent(5_000), true), rule(102, Share::Amount(Minor::new(200)), false)];
    let mut world = held(reusable(), 1_100);
    world.split = split;
    let done = say(&mut world, HoldDecision::Apply).unwrap();
    let booked: Vec<_> =
        done.entries.iter().map(|e| (e.posting.account, e.posting.child, e.posting.credit.get())).collect();
    let child = |id| Some(MerchantId::new(id));
    assert_eq!(
        booked[1..],
        [
            (Account::MerchantPayable, None, 350 - 5 - 1),
            (Account::ChildPayable, child(101), 550 - 6 - 1),
            (Account::ChildPayable, child(102), 200),
            (Account::FeeIncome, None, 11),
            (Account::FeeTax, None, 2),
        ]
    );
    assert_eq!((on_hold(&world), booked[0].0), (0, Account::Hold(HoldReason::Over)));
    assert_clean(&world, &"applied and divided");
    let reversed = Report::Reversed(Taken { charged: Minor::new(1_100), ..world.taken(0) });
    world.report(0, &reversed);
    assert_clean(&world, &"and taken back");
    assert_eq!(balance(&world, |account| account == Account::ChildPayable), 0);
}

#[test]
fn less_than_the_fixed_shares_of_a_split_cannot_be_applied() {
    let share = Share::Amount(Minor::new(900));
    let mut world = held(reusable(), 899);
    world.split = vec![SplitRule { child_id: MerchantId::new(101), share, bears_fee: false }];
    assert_eq!(say(&mut world, HoldDecision::Apply).err(), Some(Refusal::HoldNotApplicable.into()));
    assert!(say(&mut world, HoldDecision::Refund).unwrap().refund.is_some());
}

#[test]
fn the_answer_of_a_decision_stays_what_it_was() {
    for decision in [HoldDecision::Apply, HoldDecision::Refund] {
        let mut world = held(reusable(), 1_000);
        let first = as_decided(say(&mut world, decision).unwrap().payment, decision).unwrap();
        let reversed = world.reversed(0);
        world.report(0, &reversed);
        assert_eq!(world.payments[0].state.word(), "reversed");
        let later = as_decided(world.payments[0].clone(), decision).unwrap();
        assert_eq!((later.state, later.decided, later.applied), (first.state, first.decided, first.applied));
    }
    let held = held(reusable(), 1_000).payments[0].clone();
    assert!(as_decided(held, HoldDecision::Apply).is_err());
}

/// What a first decision was answered, after the money came back and another sum was applied.
#[test]
fn the_answer_of_a_decision_keeps_the_surcharge_that_the_attempt_had_asked_for() {
    for came in [900, 1_020, 1_100] {
        let mut world = World::paying(reusable());
        world.payments[0].surcharge = Minor::new(20);
        world.pass(16);
        world.end_reservation(0);
        let taken = Taken { charged: Minor::new(came), ..world.taken(0) };
        world.report(0, &Report::Succeeded(taken));
        let answer = |world: &World, decision| {
            let payment = as_decided(world.payments[0].clone(), decision).unwrap();
            let amounts = (payment.applied, payment.discount, payment.surcharge, payment.charges());
            (amounts, payment.state, payment.decided, payment.taken, payment.rail_reference)
        };
        let refund = say(&mut world, HoldDecision::Refund).unwrap().refund.unwrap();
        let first = answer(&world, HoldDecision::Refund);
        let (merchant, report) =
            (world.merchant.clone(), RefundReport::Failed { reason: "closed".to_owned() });
        let (link, payment) = (world.link.clone(), world.payments[0].clone());
        let paid = Refundable { link, payment, parts: Vec::new() };
        let back = world
            .with_moment(|moment| settle_refund(paid, refund, Vec::new(), &merchant, &report, true, moment))
            .unwrap();
        (world.link, world.payments[0]) = (back.link, back.payment);
        say(&mut world, HoldDecision::Apply).unwrap();
        let second = answer(&world, HoldDecision::Apply);
        assert_eq!(answer(&world, HoldDecision::Refund), first, "{came}");
        let reversed = Report::Reversed(Taken { charged: Minor::new(came), ..world.taken(0) });
        world.report(0, &reversed);
        assert_eq!(answer(&world, HoldDecision::Refund), first, "{came}");
        assert_eq!(answer(&world, HoldDecision::Apply), second, "{came}");
    }
}
