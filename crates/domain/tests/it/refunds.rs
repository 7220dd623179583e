//! Refunds: the rule that shares them, the table of refund.rs, and random sequences and interleavings of
//! requests, reports and reversals against a model of plain numbers.

use kadi_domain::amount::Minor;
use kadi_domain::fee::Charges;
use kadi_domain::ledger::Account;
use kadi_domain::merchant::FeeBearer;
use kadi_domain::payment::PaymentState;
use kadi_domain::rail::RefundReport;
use kadi_domain::refund::{Refund, Refundable, Refunded, request, settle_refund};
use kadi_domain::refusal::{Refusal, Stop};
use proptest::prelude::*;

use crate::books::assert_clean;
use crate::world::{World, once, reusable};

pub(crate) fn paid(world: &World, at: usize) -> Refundable {
    Refundable { link: world.link.clone(), payment: world.payments[at].clone(), parts: Vec::new() }
}

pub(crate) fn ask(world: &mut World, at: usize, amount: i64) -> Result<Refund, Stop> {
    let (paid, merchant) = (paid(world, at), world.merchant.clone());
    let done = world.with_moment(|moment| request(paid, &merchant, None, Minor::new(amount), moment))?;
    Ok(keep(world, at, done).refund)
}

fn keep(world: &mut World, at: usize, done: Refunded) -> Refunded {
    world.link = done.link.clone();
    world.payments[at] = done.payment.clone();
    world.entries.extend(done.entries.clone());
    done
}

pub(crate) fn tell(
    world: &mut World,
    at: usize,
    refund: &Refund,
    report: &RefundReport,
    was_asked: bool,
) -> Refunded {
    let (paid, merchant, children) = (paid(world, at), world.merchant.clone(), Vec::new());
    let done = world.with_moment(|moment| {
        settle_refund(paid, refund.clone(), children, &merchant, report, was_asked, moment)
    });
    keep(world, at, done.unwrap())
}

pub(crate) fn reports() -> [RefundReport; 4] {
    let reference = || "RFN".to_owned();
    [
        RefundReport::Succeeded { reference: reference() },
        RefundReport::Failed { reason: "closed".to_owned() },
        RefundReport::Pending,
        RefundReport::Reversed { reference: reference() },
    ]
}

/// What an account holds: credits less debits.
pub(crate) fn balance(world: &World, account: Account) -> i64 {
    let postings = world.entries.iter().map(|entry| entry.posting).filter(|p| p.account == account);
    postings.map(|posting| posting.credit.get() - posting.debit.get()).sum()
}

pub(crate) fn captured(bearer: FeeBearer) -> World {
    let mut world = World::paying(once());
    world.merchant.refund_fee_bearer = bearer;
    let success = world.succeeded(0);
    world.report(0, &success);
    world
}

#[test]
fn a_refund_is_on_its_way_until_the_rail_has_spoken() {
    for (bearer, owed, fee, tax) in [(FeeBearer::Merchant, 488, 10, 2), (FeeBearer::Platform, 494, 5, 1)] {
        let mut world = captured(bearer);
        let refund = ask(&mut world, 0, 500).unwrap();
        let books = |world: &World| {
            [Account::RefundPending, Account::RailReceivable, Account::MerchantPayable]
                .map(|account| balance(world, account))
        };
        assert_eq!(books(&world), [500, -1_000, owed], "{bearer:?}");
        assert_eq!((balance(&world, Account::FeeIncome), balance(&world, Account::FeeTax)), (fee, tax));
        let done = tell(&mut world, 0, &refund, &reports()[0], true);
        assert_eq!(books(&world), [0, -500, owed], "{bearer:?}");
        assert_eq!(world.link.sums.refunded, Minor::new(500));
        tell(&mut world, 0, &done.refund, &reports()[3], false);
        assert_eq!(books(&world), [0, -1_000, 988], "back again");
        assert_eq!(world.link.sums.refunded, Minor::ZERO);
        assert_clean(&world, &"a refund that came back");
    }
}

#[test]
fn of_a_refunded_payment_that_is_reversed_the_fee_is_given_back_once() {
    for bearer in [FeeBearer::Merchant, FeeBearer::Platform] {
        for (report, out) in [(None, 0), (Some(0), 500), (Some(1), 0)] {
            let mut world = captured(bearer);
            let refund = ask(&mut world, 0, 500).unwrap();
            let reversal = world.reversed(0);
            world.report(0, &reversal);
            if let Some(at) = report {
                tell(&mut world, 0, &refund, &reports()[at], true);
            }
            let books = [Account::FeeIncome, Account::FeeTax, Account::MerchantPayable]
                .map(|account| balance(&world, account));
            // What the payer got beside what the rail took back is the merchant's loss.
            let lost = if report == Some(1) { 0 } else { -500 };
            assert_eq!(books, [0, 0, lost], "{bearer:?} {report:?}");
            assert_eq!(balance(&world, Account::RailReceivable), out);
        }
    }
}

#[test]
fn every_arrow_of_the_table_and_every_missing_one() {
    let words = |asked: bool| -> Vec<Vec<(&'static str, bool)>> {
        let mut rows = Vec::new();
        for first in [None, Some(0), Some(1), Some(3)] {
            let mut row = Vec::new();
            for report in reports() {
                let mut world = captured(FeeBearer::Platform);
                let mut refund = ask(&mut world, 0, 400).unwrap();
                if let Some(first) = first {
                    refund = tell(&mut world, 0, &refund, &reports()[first], true).refund;
                }
                let done = tell(&mut world, 0, &refund, &report, asked);
                let again = tell(&mut world, 0, &done.refund, &report, asked);
                assert_eq!(again.refund, done.refund, "told twice");
                assert_eq!(again.event, None, "told twice");
                row.push((done.refund.state.word(), done.ask_rail));
            }
            rows.push(row);
        }
        rows
    };
    let (pending, succeeded, failed, reversed) = ("pending", "succeeded", "failed", "reversed");
    let quiet = |words: [&'static str; 4]| words.map(|word| (word, false)).to_vec();
    assert_eq!(
        words(true),
        [
            quiet([succeeded, failed, pending, reversed]),
            quiet([succeeded, reversed, succeeded, reversed]),
            quiet([succeeded, failed, failed, failed]),
            quiet([reversed; 4]),
        ]
    );
    assert_eq!(
        words(false),
        [
            vec![(succeeded, false), (pending, true), (pending, false), (reversed, false)],
            vec![(succeeded, false), (succeeded, true), (succeeded, false), (reversed, false)],
            vec![(failed, true), (failed, false), (failed, false), (failed, false)],
            quiet([reversed; 4]),
        ]
    );
}

#[test]
fn what_may_not_be_refunded_is_refused() {
    let mut world = World::paying(once());
    assert_eq!(ask(&mut world, 0, 1), Err(Refusal::PaymentNotCaptured.into()));
    let success = world.succeeded(0);
    world.report(0, &success);
    for amount in [0, -1, i64::MIN, i64::MAX] {
        assert_eq!(ask(&mut world, 0, amount), Err(Refusal::AmountInvalid.into()), "{amount}");
    }
    assert_eq!(ask(&mut world, 0, 1_001), Err(Refusal::RefundTooLarge.into()));
    ask(&mut world, 0, 600).unwrap();
    assert_eq!(ask(&mut world, 0, 401), Err(Refusal::RefundTooLarge.into()));
    ask(&mut world, 0, 400).unwrap();
    assert_eq!(ask(&mut world, 0, 1), Err(Refusal::RefundTooLarge.into()));
}

/// One step of a story about two payments of one link.
#[derive(Clone, Debug)]
enum Step {
    Ask { payment: usize, amount: i64 },
    Tell { refund: usize, report: usize, asked: bool },
    Reverse { payment: usize },
    Bear(bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (0_usize..2, -1_i64..700).prop_map(|(payment, amount)| Step::Ask { payment, amount }),
        8 => (0_usize..12, 0_usize..4, any::<bool>())
            .prop_map(|(refund, report, asked)| Step::Tell { refund, report, asked }),
        1 => (0_usize..2).prop_map(|payment| Step::Reverse { payment }),
        1 => any::<bool>().prop_map(Step::Bear),
    ];
    proptest::collection::vec(step, 1..60)
}

/// What a refund is to the model: which payment, how much, and its word.
struct Told {
    payment: usize,
    amount: i64,
    word: &'static str,
    excess: bool,
}

/// The word after a report, read off the table alone.
fn next(word: &'static str, report: usize, asked: bool) -> &'static str {
    match (word, report) {
        ("pending", 0) => "succeeded",
        ("pending", 1) if asked => "failed",
        ("pending" | "succeeded", 3) => "reversed",
        ("succeeded", 1) if asked => "reversed",
        ("failed", 0) if asked => "succeeded",
        _ => word,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_sequence_keeps_the_bounds_and_the_books(steps in steps()) {
        let mut world = World::new(reusable());
        for at in 0..2 {
            world.start(None).unwrap();
            let success = world.succeeded(at);
            world.report(at, &success);
        }
        let (mut refunds, mut told): (Vec<Refund>, Vec<Told>) = (Vec::new(), Vec::new());
        let mut reversed = [false; 2];
        for step in steps {
            match step {
                Step::Bear(platform) => {
                    world.merchant.refund_fee_bearer =
                        if platform { FeeBearer::Platform } else { FeeBearer::Merchant };
                }
                Step::Reverse { payment } => {
                    let report = world.reversed(payment);
                    world.report(payment, &report);
                    reversed[payment] = true;
                }
                Step::Ask { payment, amount } => {
                    let out = out_of(&told, payment) + excess_of(&told, payment);
                    let fits = amount > 0 && amount <= 1_000 - out && !reversed[payment];
                    let end = ask(&mut world, payment, amount);
                    prop_assert_eq!(end.is_ok(), fits, "{} of {} out", amount, out);
                    if let Ok(refund) = end {
                        refunds.push(refund);
                        told.push(Told { payment, amount, word: "pending", excess: false });
                    }
                }
                Step::Tell { refund, report, asked } => {
                    if refunds.is_empty() {
                        continue;
                    }
                    let at = refund % refunds.len();
                    let Told { payment, amount, word, .. } = told[at];
                    // A rail that refunds what it had refused, when the room is gone.
                    let gone = out_of(&told, payment) + excess_of(&told, payment);
                    told[at].excess |= word == "failed" && report == 0 && asked && gone + amount > 1_000;
                    let done = tell(&mut world, payment, &refunds[at].clone(), &reports()[report], asked);
                    refunds[at] = done.refund;
                    told[at].word = next(word, report, asked);
                }
            }
            check(&world, &refunds, &told, reversed)?;
        }
    }
}

fn out_of(told: &[Told], payment: usize) -> i64 {
    let is_out = |told: &&Told| told.payment == payment && ["pending", "succeeded"].contains(&told.word);
    told.iter().filter(is_out).filter(|told| !told.excess).map(|told| told.amount).sum()
}

fn excess_of(told: &[Told], payment: usize) -> i64 {
    let is_there = |told: &&Told| told.payment == payment && told.word == "succeeded" && told.excess;
    told.iter().filter(is_there).map(|told| told.amount).sum()
}

fn check(world: &World, refunds: &[Refund], told: &[Told], reversed: [bool; 2]) -> Result<(), TestCaseError> {
    let of = |payment: usize, word: &str| -> i64 {
        let own = told.iter().filter(|t| t.payment == payment && t.word == word && !t.excess);
        own.map(|t| t.amount).sum()
    };
    let excess: i64 = [0, 1].into_iter().map(|payment| excess_of(told, payment)).sum();
    let booked = world.payments.iter().map(|payment| payment.refunds.excess.get()).sum::<i64>();
    prop_assert_eq!(booked, excess);
    let (mut pending, mut refunded, mut shown) = (0, 0, [0, 0]);
    for (payment, is_gone) in reversed.into_iter().enumerate() {
        let (on_way, there) = (of(payment, "pending"), of(payment, "succeeded"));
        let sums = world.payments[payment].refunds;
        prop_assert_eq!((sums.pending.get(), sums.refunded.get()), (on_way, there));
        prop_assert!(on_way + there <= 1_000, "over-refunded");
        pending += on_way;
        refunded += there;
        if !is_gone {
            shown = [shown[0] + there, shown[1] + on_way];
        }
    }
    let sums = world.link.sums;
    prop_assert_eq!([sums.refunded.get(), sums.refund_pending.get()], shown);
    prop_assert!(sums.refunded.get() + sums.refund_pending.get() <= sums.captured.get());
    let captured = reversed.iter().filter(|reversed| !**reversed).count();
    let captured = i64::try_from(captured).unwrap() * 1_000;
    prop_assert_eq!(balance(world, Account::RefundPending), pending);
    prop_assert_eq!(-balance(world, Account::RailReceivable), captured - refunded - excess);
    let sides: i64 = world.entries.iter().map(|e| e.posting.debit.get() - e.posting.credit.get()).sum();
    prop_assert_eq!(sides, 0);
    for (refund, told) in refunds.iter().zip(told) {
        prop_assert_eq!(refund.state.word(), told.word);
        let Charges { fee, fee_tax, net } = refund.shares;
        prop_assert!(fee >= Minor::ZERO && fee_tax >= Minor::ZERO && net >= Minor::ZERO);
        prop_assert_eq!(fee.get() + fee_tax.get() + net.get(), refund.amount.get());
    }
    let merchant = balance(world, Account::MerchantPayable);
    let platform = balance(world, Account::FeeIncome) + balance(world, Account::FeeTax);
    prop_assert_eq!(merchant + platform + pending + refunded + excess, captured);
    for payment in &world.payments {
        if let PaymentState::Captured { charges, .. } = &payment.state {
            prop_assert!(payment.refunds.fee <= charges.fee && payment.refunds.fee_tax <= charges.fee_tax);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn refunds_that_make_up_the_whole_give_back_exactly_fee_and_tax(
        cuts in proptest::collection::vec(1_i64..1_000, 0..30),
        failing in any::<u32>(),
    ) {
        let mut world = captured(FeeBearer::Platform);
        for (at, cut) in cuts.into_iter().enumerate() {
            let left = world.payments[0].refundable().unwrap().get();
            if left == 0 {
                break;
            }
            let refund = ask(&mut world, 0, cut.min(left)).unwrap();
            let fails = failing >> (at % 32) & 1 == 1;
            tell(&mut world, 0, &refund, &reports()[usize::from(fails)], true);
        }
        let left = world.payments[0].refundable().unwrap().get();
        if left > 0 {
            ask(&mut world, 0, left).unwrap();
        }
        for account in [Account::FeeIncome, Account::FeeTax, Account::MerchantPayable] {
            prop_assert_eq!(balance(&world, account), 0, "{:?}", account);
        }
    }
}
