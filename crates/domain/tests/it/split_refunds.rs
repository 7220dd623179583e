//! Refunds of divided payments against a model of plain numbers: who gives what, to the minor unit, in every
//! sequence of refunds of the whole and of single parts, failures, reversals and late confirmations.

use std::collections::BTreeMap;

use kadi_domain::amount::Minor;
use kadi_domain::fee::FeeRule;
use kadi_domain::id::MerchantId;
use kadi_domain::ledger::Account;
use kadi_domain::merchant::FeeBearer;
use kadi_domain::rail::RefundReport;
use kadi_domain::refund::{Refund, Refundable, Refunded, request, settle_refund};
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::split::{Share, SplitRule};
use kadi_domain::split_refund::{SplitRefund, parts_of};

use crate::fees::Numbers;
use crate::size::size;
use crate::split::rules;
use crate::split_refund_model::{Balances, Model, Told};
use crate::world::{MERCHANT, World, reusable};

/// A refund with what it takes of the children.
pub(crate) type Made = (Refund, Vec<SplitRefund>);

fn world(amount: i64, bps: i64, split: Vec<SplitRule>, bearer: FeeBearer) -> World {
    let mut link = reusable();
    link.amount = Some(Minor::new(amount));
    link.terms.split_count = i64::try_from(split.len()).unwrap();
    let mut world = World::new(link);
    world.merchant.fees = vec![FeeRule::plain("*".into(), "*".into(), bps, Minor::ZERO, 1_800)];
    world.merchant.refund_fee_bearer = bearer;
    world.merchant.limit.min = Minor::new(1);
    world.split = split;
    world.start(None).unwrap();
    let success = world.succeeded(0);
    world.report(0, &success);
    world
}

fn paid(world: &World, at: usize) -> Refundable {
    let payment = world.payments[at].clone();
    let parts = parts_of(&payment, &world.split, world.parts.get(&at)).unwrap();
    Refundable { link: world.link.clone(), payment, parts }
}

fn keep(world: &mut World, at: usize, done: Refunded) -> Made {
    world.link = done.link;
    world.payments[at] = done.payment;
    world.parts.insert(at, done.parts);
    world.entries.extend(done.entries);
    (done.refund, done.children)
}

fn ask(world: &mut World, of: Option<MerchantId>, amount: i64) -> Result<Made, Stop> {
    ask_of(world, 0, of, amount)
}

/// Asks for a refund of payment `at`.
pub(crate) fn ask_of(
    world: &mut World,
    at: usize,
    of: Option<MerchantId>,
    amount: i64,
) -> Result<Made, Stop> {
    let (paid, merchant) = (paid(world, at), world.merchant.clone());
    let done = world.with_moment(|moment| request(paid, &merchant, of, Minor::new(amount), moment))?;
    Ok(keep(world, at, done))
}

fn tell(world: &mut World, made: Made, report: usize) -> Made {
    tell_of(world, 0, made, report)
}

/// The rail, asked, says of a refund of payment `at` that it succeeded, failed or was reversed.
pub(crate) fn tell_of(world: &mut World, at: usize, (refund, children): Made, report: usize) -> Made {
    let report = [
        RefundReport::Succeeded { reference: "RFN".to_owned() },
        RefundReport::Failed { reason: "closed".to_owned() },
        RefundReport::Reversed { reference: "RFN".to_owned() },
    ][report]
        .clone();
    let (paid, merchant) = (paid(world, at), world.merchant.clone());
    let done = world
        .with_moment(|moment| settle_refund(paid, refund, children, &merchant, &report, true, moment))
        .unwrap();
    keep(world, at, done)
}

pub(crate) fn pick(numbers: &mut Numbers, most: usize) -> usize {
    usize::try_from(numbers.below(u64::try_from(most).unwrap())).unwrap()
}

/// What the books hold: credits less debits, by account and child.
pub(crate) fn balances(world: &World) -> Balances {
    let mut found = BTreeMap::new();
    for posting in world.entries.iter().map(|entry| entry.posting) {
        *found.entry((posting.account, posting.child)).or_default() +=
            posting.credit.get() - posting.debit.get();
    }
    found.retain(|_, balance| *balance != 0);
    found
}

fn check(world: &World, model: &Model, refunds: &[Made]) {
    let split = &world.split;
    assert_eq!(balances(world), model.balances(split), "{:?}", model.refunds);
    for ((refund, children), told) in refunds.iter().zip(&model.refunds) {
        assert_eq!((refund.state.word(), refund.amount.get()), (told.word, told.amount));
        let shares = (refund.shares.fee.get(), refund.shares.fee_tax.get());
        let is_out = ["pending", "succeeded"].contains(&told.word);
        assert!(!is_out || shares == (told.platform[0], told.platform[1]), "{shares:?} for {told:?}");
        for child in children {
            let part = child.part;
            assert!(part.amount >= Minor::ZERO && part.net().unwrap() >= Minor::ZERO);
        }
    }
    for (at, part) in world.parts.get(&0).into_iter().flatten().enumerate() {
        let zero = Minor::ZERO;
        assert!(part.back.amount >= zero && part.back.net().unwrap() >= zero, "{part:?}");
        let left = part.left().unwrap();
        assert!(left.amount >= zero && left.fee >= zero && left.fee_tax >= zero, "{part:?}");
        assert!(left.net().unwrap() >= zero, "the part of {at} gives more than it got: {part:?}");
    }
}

/// Any sequence of requests and of the rail's words: the books are what the model says after each.
#[test]
fn any_sequence_takes_from_each_part_what_the_model_says() {
    let stories = size(1_500, 100_000);
    let mut numbers = Numbers(23);
    let (mut refused, mut of_parts) = (0, 0);
    for story in 0..stories {
        let amount = 1 + numbers.below([30, 2_000, 1_000_000][usize::try_from(story % 3).unwrap()]);
        let split = rules(&mut numbers, amount);
        let bearer = if numbers.below(2) == 0 { FeeBearer::Platform } else { FeeBearer::Merchant };
        let bps = numbers.below(400);
        let mut world = world(amount, bps, split.clone(), bearer);
        let mut model = Model::of(&world, 0, &split);
        let mut refunds: Vec<Made> = Vec::new();
        for _ in 0..numbers.below(25) {
            match numbers.below(10) {
                0..=3 => {
                    let whose = pick(&mut numbers, split.len() + 2);
                    let of = (whose <= split.len()).then_some(whose);
                    let id = of.map(|at| split.get(at).map_or(MERCHANT, |rule| rule.child_id));
                    let room = if model.is_reversed { 0 } else { model.room(of) };
                    let wish =
                        if numbers.below(5) == 0 { room } else { numbers.below(amount.unsigned_abs() + 2) };
                    match ask(&mut world, id, wish) {
                        Ok(made) => {
                            assert!((1..=room).contains(&wish), "{wish} of {room}");
                            model.refunds.push(model.take(of, wish));
                            refunds.push(made);
                            of_parts += i64::from(of.is_some());
                        }
                        Err(stop) => {
                            assert!(!(1..=room).contains(&wish), "{wish} of {room}: {stop:?}");
                            refused += 1;
                        }
                    }
                }
                4..=8 if !refunds.is_empty() => {
                    let at = pick(&mut numbers, refunds.len());
                    let report = pick(&mut numbers, 3);
                    let told = model.refunds[at].clone();
                    if (told.word, report) == ("failed", 0) {
                        // A late confirmation is shared anew; one that no longer fits is tested by itself.
                        if model.is_reversed || told.amount > model.room(told.of).min(model.room(None)) {
                            continue;
                        }
                        model.refunds[at] = Told { word: "succeeded", ..model.take(told.of, told.amount) };
                    } else {
                        model.refunds[at].word = match (told.word, report) {
                            ("pending", 0) => "succeeded",
                            ("pending", 1) => "failed",
                            ("pending" | "succeeded", 2) | ("succeeded", 1) => "reversed",
                            (word, _) => word,
                        };
                    }
                    refunds[at] = tell(&mut world, refunds[at].clone(), report);
                }
                9 if numbers.below(6) == 0 => {
                    let report = world.reversed(0);
                    world.report(0, &report);
                    model.is_reversed = true;
                }
                _ => {}
            }
            check(&world, &model, &refunds);
        }
    }
    assert!(refused > 100 && of_parts > 100, "{refused} refused, {of_parts} of single parts");
}

/// The same refunds with the same ends, told in any order and repeatedly, end the same; and refunds that
/// make up the whole leave nothing with anybody, in whatever order they were asked for.
#[test]
fn order_does_not_matter_in_the_end() {
    let mut numbers = Numbers(29);
    for story in 0..400 {
        let amount = 1_000 + numbers.below(100_000);
        let split = rules(&mut numbers, amount);
        let bearer = if story % 2 == 0 { FeeBearer::Platform } else { FeeBearer::Merchant };
        let wishes: Vec<(Option<MerchantId>, i64)> = (0..8)
            .map(|_| {
                let whose = pick(&mut numbers, split.len() + 2);
                let of =
                    [None, Some(MERCHANT)].into_iter().chain(split.iter().map(|rule| Some(rule.child_id)));
                (of.collect::<Vec<_>>()[whose], 1 + numbers.below(amount.unsigned_abs() / 4))
            })
            .collect();
        let ends: Vec<usize> = (0..8).map(|_| pick(&mut numbers, 3)).collect();
        let mut found = Vec::new();
        for _ in 0..2 {
            let mut world = world(amount, 250, split.clone(), bearer);
            let made: Vec<Option<Made>> =
                wishes.iter().map(|(of, wish)| ask(&mut world, *of, *wish).ok()).collect();
            let mut order: Vec<usize> = (0..8).chain(0..8).collect();
            order.sort_by_cached_key(|_| numbers.below(1 << 40));
            let mut now = made;
            for at in order {
                if let Some(made) = now[at].take() {
                    now[at] = Some(tell(&mut world, made, ends[at]));
                }
            }
            found.push((balances(&world), world.parts.clone(), world.payments[0].refunds));
        }
        assert_eq!(found[0], found[1]);
        let mut backwards = wishes.clone();
        backwards.reverse();
        for wishes in [wishes, backwards] {
            let mut world = world(amount, 250, split.clone(), bearer);
            for (of, wish) in wishes {
                drop(ask(&mut world, of, wish));
            }
            let left = world.payments[0].refundable().unwrap().get();
            if left > 0 {
                ask(&mut world, None, left).unwrap();
            }
            for part in &world.parts[&0] {
                assert_eq!(part.back, part.part, "each gave exactly what it got");
            }
            let charges = world.payments[0].charges();
            let mut expected = BTreeMap::from([
                ((Account::RailReceivable, None), -amount),
                ((Account::RefundPending, None), amount),
            ]);
            if bearer == FeeBearer::Merchant {
                let cost = charges.fee.get() + charges.fee_tax.get();
                expected.insert((Account::MerchantPayable, None), -cost);
                expected.insert((Account::FeeIncome, None), charges.fee.get());
                expected.insert((Account::FeeTax, None), charges.fee_tax.get());
            }
            expected.retain(|_, balance| *balance != 0);
            assert_eq!(balances(&world), expected);
        }
    }
}

fn two_children() -> Vec<SplitRule> {
    let rule = |child, bears_fee| SplitRule {
        child_id: MerchantId::new(child),
        share: Share::Percent(3_000),
        bears_fee,
    };
    vec![rule(101, true), rule(102, false)]
}

/// 1,000 with a fee of 10 and a tax of 2: 300 for a child that bears its part of them (3 and 1), 300 for one
/// that does not, 400 for the merchant, which bears 7 and 1.
#[test]
fn one_part_gives_alone() {
    let owed = |world: &World| {
        let found = balances(world);
        let of = |account, child: Option<i64>| {
            found.get(&(account, child.map(MerchantId::new))).copied().unwrap_or_default()
        };
        [
            of(Account::ChildPayable, Some(101)),
            of(Account::ChildPayable, Some(102)),
            of(Account::MerchantPayable, None),
            of(Account::FeeIncome, None) + of(Account::FeeTax, None),
        ]
    };
    for (bearer, ends) in [
        (FeeBearer::Merchant, [[0, 300, 388, 12], [296, 0, 392, 12], [296, 300, -8, 12]]),
        (FeeBearer::Platform, [[0, 300, 392, 8], [296, 0, 395, 9], [296, 300, -3, 7]]),
    ] {
        let parts = [Some(101), Some(102), Some(MERCHANT.get())].map(|of| of.map(MerchantId::new));
        for ((of, most), end) in parts.into_iter().zip([300, 300, 400]).zip(ends) {
            let mut world = world(1_000, 100, two_children(), bearer);
            assert_eq!(owed(&world), [296, 300, 392, 12]);
            assert_eq!(ask(&mut world, of, most + 1).err(), Some(Refusal::RefundTooLarge.into()));
            ask(&mut world, of, most).unwrap();
            assert_eq!(ask(&mut world, of, 1).err(), Some(Refusal::RefundTooLarge.into()));
            assert_eq!(owed(&world), end, "{of:?} {bearer:?}");
        }
    }
    let mut world = world(1_000, 100, two_children(), FeeBearer::Merchant);
    let stranger = Some(MerchantId::new(103));
    assert_eq!(ask(&mut world, stranger, 1).err(), Some(Refusal::PartUnknown.into()));
}

/// What a rail confirms late comes out of the part as far as the part has it; the rest is the merchant's.
#[test]
fn a_part_that_is_empty_by_then_gives_nothing_for_a_late_confirmation() {
    let mut world = world(1_000, 100, two_children(), FeeBearer::Merchant);
    let child = Some(MerchantId::new(102));
    let first = ask(&mut world, child, 250).unwrap();
    let failed = tell(&mut world, first, 1);
    ask(&mut world, child, 200).unwrap();
    let (refund, children) = tell(&mut world, failed, 0);
    assert_eq!((refund.state.word(), children[0].part.amount), ("succeeded", Minor::new(100)));
    let found = balances(&world);
    assert_eq!(found.get(&(Account::ChildPayable, child)), None, "it gave what it got");
    assert_eq!(found[&(Account::MerchantPayable, None)], 392 - 150);
    let left = world.payments[0].refundable().unwrap().get();
    ask(&mut world, None, left).unwrap();
    assert!(world.parts[&0].iter().all(|part| part.back == part.part));
}
