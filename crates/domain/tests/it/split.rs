//! Splits against a model in exact fractions: nobody is a whole minor unit away from the exact share, all
//! parts add up, ties go to the first, and refunds that are together the whole empty every part.

use kadi_domain::amount::Minor;
use kadi_domain::apportion::{apportion, give_back};
use kadi_domain::fee::Charges;
use kadi_domain::id::MerchantId;
use kadi_domain::merchant::Feature;
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::split::{NewShare, Share, SplitRule, divide, resolve};
use kadi_domain::{link::LinkKind, merchant::Merchant};

use crate::fees::Numbers;
use crate::size::size;
use crate::world::{World, at_most, merchant, once};

fn splits() -> u64 {
    size(200_000, 10_000_000)
}

/// What falls to each of `shares` (fractions `over / under` of whole minor units, together `total`), by
/// handing out single units: first whole ones, then one to whoever lacks most, the first of equals.
pub(crate) fn model(total: i64, overs: &[i128], under: i128) -> Vec<i64> {
    let mut given: Vec<i128> = overs.iter().map(|over| over.div_euclid(under)).collect();
    while given.iter().sum::<i128>() < i128::from(total) {
        let lacks = |at: usize| overs[at] - given[at] * under;
        let mut neediest = 0;
        for at in 1..overs.len() {
            if lacks(at) > lacks(neediest) {
                neediest = at;
            }
        }
        given[neediest] += 1;
    }
    given.into_iter().map(|share| i64::try_from(share).unwrap()).collect()
}

/// Up to six children with shares that fit the amount; by amount only where there is room.
pub(crate) fn rules(numbers: &mut Numbers, applied: i64) -> Vec<SplitRule> {
    let (mut left, mut rules) = (i128::from(applied) * 10_000, Vec::new());
    for child in 0..numbers.below(7) {
        let percent = 1 + numbers.below([10_000, 500, 3_334][usize::try_from(child % 3).unwrap()]);
        let most = (applied / 3 + 1).unsigned_abs();
        let (share, asked) = match numbers.below(3) {
            0 => {
                let amount = 1 + numbers.below(most);
                (Share::Amount(Minor::new(amount)), i128::from(amount) * 10_000)
            }
            _ => (Share::Percent(percent), i128::from(applied) * i128::from(percent)),
        };
        if asked <= left {
            left -= asked;
            let bears_fee = numbers.below(2) == 0;
            rules.push(SplitRule { child_id: MerchantId::new(child + 100), share, bears_fee });
        }
    }
    rules
}

/// The applied amounts of children and merchant, from exact shares.
fn amounts(applied: i64, rules: &[SplitRule]) -> Vec<i64> {
    let fixed = |rule: &SplitRule| match rule.share {
        Share::Amount(amount) => amount.get(),
        Share::Percent(_) => 0,
    };
    let bps = |rule: &SplitRule| match rule.share {
        Share::Amount(_) => 0,
        Share::Percent(bps) => i128::from(bps),
    };
    let shared = applied - rules.iter().map(fixed).sum::<i64>();
    let mut overs: Vec<i128> = rules.iter().map(|rule| bps(rule) * i128::from(applied)).collect();
    overs.push(i128::from(shared) * 10_000 - overs.iter().sum::<i128>());
    let mut parts = model(shared, &overs, 10_000);
    for (part, rule) in parts.iter_mut().zip(rules) {
        *part += fixed(rule);
    }
    parts
}

/// Fee or tax of children and merchant, before a part that is too small for its cost is spared.
fn costs(cost: i64, applied: i64, rules: &[SplitRule], parts: &[i64]) -> Vec<i64> {
    let bears = |(rule, part): (&SplitRule, &i64)| if rule.bears_fee { i128::from(*part) } else { 0 };
    let mut overs: Vec<i128> = rules.iter().zip(parts).map(bears).collect();
    overs.push(i128::from(applied) - overs.iter().sum::<i128>());
    let overs: Vec<i128> = overs.into_iter().map(|weight| weight * i128::from(cost)).collect();
    model(cost, &overs, i128::from(applied))
}

#[test]
fn random_splits_are_what_exact_fractions_say_and_lose_nothing() {
    let mut numbers = Numbers(11);
    for _ in 0..splits() {
        let applied = numbers.amount();
        let rules = rules(&mut numbers, applied);
        let fee = numbers.below(applied.unsigned_abs() / 20 + 2).min(applied);
        let tax = numbers.below(fee.unsigned_abs() / 5 + 2).min(applied - fee);
        let charges =
            Charges { fee: Minor::new(fee), fee_tax: Minor::new(tax), net: Minor::new(applied - fee - tax) };
        let found = divide(Minor::new(applied), &charges, &rules).unwrap();
        let parts = amounts(applied, &rules);
        let (fees, taxes) = (costs(fee, applied, &rules, &parts), costs(tax, applied, &rules, &parts));
        let (mut rest_fee, mut rest_tax, mut net) = (fee, tax, 0);
        for (at, (child, part)) in found.children.iter().enumerate() {
            let child_fee = fees[at].min(parts[at]);
            let child_tax = taxes[at].min(parts[at] - child_fee);
            let expected = (rules[at].child_id, parts[at], child_fee, child_tax);
            let told = (*child, part.amount.get(), part.fee.get(), part.fee_tax.get());
            assert_eq!(told, expected, "{applied} under {rules:?}");
            assert!(part.net().unwrap() >= Minor::ZERO);
            (rest_fee, rest_tax) = (rest_fee - child_fee, rest_tax - child_tax);
            net += part.net().unwrap().get();
        }
        let own = (found.own.amount.get(), found.own.fee.get(), found.own.fee_tax.get());
        assert_eq!(own, (parts[rules.len()], rest_fee, rest_tax), "{applied} under {rules:?}");
        assert_eq!(net + found.own.net().unwrap().get(), applied - fee - tax);
        refund_in_pieces(&mut numbers, &parts);
    }
}

/// Refunds a payment in up to five pieces: each piece is what its parts give, and in the end all is given
/// back.
fn refund_in_pieces(numbers: &mut Numbers, parts: &[i64]) {
    let mut left: Vec<Minor> = parts.iter().copied().map(Minor::new).collect();
    for piece in 1..=5 {
        let whole: i64 = left.iter().map(|part| part.get()).sum();
        let amount = if piece == 5 { whole } else { numbers.below(whole.unsigned_abs() + 1) };
        let back = give_back(&left, Minor::new(amount)).unwrap();
        let overs: Vec<i128> = left.iter().map(|part| i128::from(part.get()) * i128::from(amount)).collect();
        let expected =
            if whole == 0 { vec![0; parts.len()] } else { model(amount, &overs, i128::from(whole)) };
        let told: Vec<i64> = back.iter().map(|share| share.get()).collect();
        assert_eq!(told, expected, "{amount} of {left:?}");
        for (part, share) in left.iter_mut().zip(back) {
            *part = part.minus(share).unwrap();
            assert!(*part >= Minor::ZERO);
        }
    }
    assert!(left.iter().all(|part| *part == Minor::ZERO), "{left:?}");
    assert!(give_back(&left, Minor::new(1)).is_err());
}

#[test]
fn ties_go_to_the_first_and_nothing_is_divided_by_nothing() {
    let shares = |total, weights: &[i128]| {
        let found = apportion(Minor::new(total), weights);
        found.map(|shares| shares.into_iter().map(Minor::get).collect::<Vec<_>>())
    };
    assert_eq!(shares(100, &[1, 1, 1]), Ok(vec![34, 33, 33]));
    assert_eq!(shares(5, &[1, 1, 1]), Ok(vec![2, 2, 1]));
    assert_eq!(shares(0, &[0, 0]), Ok(vec![0, 0]));
    assert!(shares(1, &[0, 0]).is_err() && shares(-1, &[1]).is_err() && shares(1, &[-1, 2]).is_err());
}

/// A child of the merchant, with the id of its file.
fn child(id: i64, slug: &str) -> Merchant {
    Merchant { id: MerchantId::new(id), slug: slug.into(), aggregator: Some("demo".into()), ..merchant() }
}

fn asked(child: &str, share: Share) -> NewShare {
    NewShare { child: child.into(), share, bears_fee: true }
}

#[test]
fn shares_are_refused_for_strangers_and_where_they_do_not_fit() {
    let demo = Merchant { features: Feature::ALL.into(), ..merchant() };
    let off = Merchant { active: false, ..child(3, "off") };
    let stranger = Merchant { aggregator: None, ..child(4, "stranger") };
    let all = [child(1, "a"), child(2, "b"), off, stranger];
    let find = |shares: &[NewShare], kind, amount: Option<i64>, in_parts| {
        let known = |slug: &str| Ok(all.iter().find(|found| found.slug == slug));
        resolve(&demo, shares, kind, amount.map(Minor::new), in_parts, known).map(|rules| rules.len())
    };
    let fixed = |shares: &[NewShare]| find(shares, LinkKind::Fixed, Some(1_000), false);
    let amount = |minor| Share::Amount(Minor::new(minor));
    assert_eq!(fixed(&[asked("a", amount(600)), asked("b", Share::Percent(4_000))]), Ok(2));
    assert_eq!(find(&[asked("a", Share::Percent(10_000))], LinkKind::Open, None, false), Ok(1));
    let no = |refusal: Refusal| Err(Stop::from(refusal));
    assert_eq!(fixed(&[asked("nobody", amount(1))]), no(Refusal::ChildUnknown));
    assert_eq!(fixed(&[asked("off", amount(1))]), no(Refusal::ChildUnknown));
    assert_eq!(fixed(&[asked("stranger", amount(1))]), no(Refusal::ChildNotLinked));
    for shares in [
        vec![asked("a", amount(600)), asked("b", Share::Percent(4_001))],
        vec![asked("a", amount(1)), asked("a", amount(1))],
        vec![asked("a", amount(0))],
        vec![asked("a", Share::Percent(0))],
        vec![asked("a", Share::Percent(10_001))],
    ] {
        assert_eq!(fixed(&shares), no(Refusal::SplitInvalid), "{shares:?}");
    }
    assert_eq!(find(&[asked("a", amount(1))], LinkKind::Open, None, false), no(Refusal::SplitInvalid));
    assert_eq!(find(&[asked("a", amount(1))], LinkKind::Fixed, Some(9), true), no(Refusal::SplitInvalid));
    let plain = merchant();
    let refused = resolve(&plain, &[asked("a", amount(1))], LinkKind::Open, None, false, |_| Ok(None));
    assert_eq!(refused.map(|rules| rules.len()), no(Refusal::FeatureOff(Feature::Split)));
}

#[test]
fn a_capture_owes_each_child_its_part_and_a_reversal_takes_it_back() {
    let rule = |child, share, bears_fee| SplitRule { child_id: MerchantId::new(child), share, bears_fee };
    for link in [once(), at_most(2)] {
        let mut world = World::new(link);
        world.split = vec![rule(8, Share::Percent(5_000), true), rule(9, Share::Percent(5_000), false)];
        world.start(None).unwrap();
        let (succeeded, reversed) = (world.succeeded(0), world.reversed(0));
        world.report(0, &succeeded);
        let owed = |world: &World, child: Option<i64>| -> i64 {
            let entries = world.entries.iter().map(|entry| entry.posting);
            let own = entries.filter(|posting| posting.account.name().ends_with("_payable"));
            let own = own.filter(|posting| posting.child == child.map(MerchantId::new));
            own.map(|posting| posting.credit.get() - posting.debit.get()).sum()
        };
        // 1,000 cost 10 and 2 tax: the first bears half of both, the merchant the half of the second.
        assert_eq!([owed(&world, Some(8)), owed(&world, Some(9)), owed(&world, None)], [494, 500, -6]);
        crate::books::assert_clean(&world, &"captured");
        world.report(0, &reversed);
        assert_eq!([owed(&world, Some(8)), owed(&world, Some(9)), owed(&world, None)], [0, 0, 0]);
        crate::books::assert_clean(&world, &"reversed");
    }
}
