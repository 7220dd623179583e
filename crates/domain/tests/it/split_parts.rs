//! One link with parts, split and refunds: shares, fees and taxes add up to what was captured, whatever the
//! order of events.

use std::collections::BTreeMap;

use kadi_domain::amount::Minor;
use kadi_domain::fee::FeeRule;
use kadi_domain::id::MerchantId;
use kadi_domain::ledger::Account;
use kadi_domain::merchant::FeeBearer;
use kadi_domain::parts::PartRules;
use kadi_domain::split::{Share, SplitRule};

use crate::fees::Numbers;
use crate::size::size;
use crate::split_refund_model::{Balances, Model};
use crate::split_refunds::{Made, ask_of, balances, pick, tell_of};
use crate::world::{World, once};

/// What happens to one part of the obligation, in this order.
#[derive(Clone, Copy, Debug)]
enum Step {
    Captured,
    Refunded { amount: i64, end: usize },
    Reversed,
}

/// What happens to each part, first to last.
struct Plan {
    split: Vec<SplitRule>,
    bearer: FeeBearer,
    amounts: Vec<i64>,
    steps: Vec<Vec<Step>>,
}

impl Plan {
    fn random(numbers: &mut Numbers) -> Self {
        let amounts: Vec<i64> = (0..=pick(numbers, 4)).map(|_| 1 + numbers.below(100_000)).collect();
        let mut left = 10_000;
        let mut split = Vec::new();
        for child in 0..numbers.below(4) {
            let bps = 1 + numbers.below(5_000);
            if bps <= left {
                left -= bps;
                let (child_id, bears_fee) = (MerchantId::new(child + 100), numbers.below(2) == 0);
                split.push(SplitRule { child_id, share: Share::Percent(bps), bears_fee });
            }
        }
        let bearer = if numbers.below(2) == 0 { FeeBearer::Platform } else { FeeBearer::Merchant };
        let mut steps = Vec::new();
        for &amount in &amounts {
            let mut own = vec![Step::Captured];
            for _ in 0..numbers.below(4) {
                let amount = 1 + numbers.below(amount.unsigned_abs());
                own.push(Step::Refunded { amount, end: pick(numbers, 3) });
            }
            if numbers.below(8) == 0 {
                own.push(Step::Reversed);
            }
            steps.push(own);
        }
        Self { split, bearer, amounts, steps }
    }

    /// All parts under way.
    fn world(&self) -> World {
        let mut link = once();
        let due = Minor::new(self.amounts.iter().sum());
        (link.amount, link.due) = (Some(due), Some(due));
        link.terms.parts = Some(PartRules::default());
        link.terms.split_count = i64::try_from(self.split.len()).unwrap();
        let mut world = World::new(link);
        world.merchant.fees = vec![FeeRule::plain("*".into(), "*".into(), 235, Minor::ZERO, 1_800)];
        world.merchant.refund_fee_bearer = self.bearer;
        world.merchant.limit.min = Minor::new(1);
        world.split.clone_from(&self.split);
        for &amount in &self.amounts {
            world.start(Some(amount)).unwrap();
        }
        world
    }

    /// Tells it in one order of the many, some captures and reversals twice; what the books hold in the end.
    fn tell(&self, numbers: &mut Numbers) -> (Balances, [Minor; 3]) {
        let mut world = self.world();
        let mut models: BTreeMap<usize, Model> = BTreeMap::new();
        let mut at = vec![0; self.steps.len()];
        while let Some(part) = self.next(&at, numbers) {
            match self.steps[part][at[part]] {
                Step::Captured => {
                    for _ in 0..=numbers.below(2) {
                        let report = world.succeeded(part);
                        world.report(part, &report);
                    }
                    models.insert(part, Model::of(&world, part, &self.split));
                }
                Step::Refunded { amount, end } => {
                    let model = models.get_mut(&part).unwrap();
                    if amount <= model.room(None) {
                        let told = model.take(None, amount);
                        model.refunds.push(told);
                        let made: Made = ask_of(&mut world, part, None, amount).unwrap();
                        assert_adds_up(&world, &models);
                        tell_of(&mut world, part, made, end);
                        let word = ["succeeded", "failed", "reversed"][end];
                        models.get_mut(&part).unwrap().refunds.last_mut().unwrap().word = word;
                    } else {
                        assert!(ask_of(&mut world, part, None, amount).is_err(), "{amount}");
                    }
                }
                Step::Reversed => {
                    let report = world.reversed(part);
                    world.report(part, &report);
                    models.get_mut(&part).unwrap().is_reversed = true;
                }
            }
            at[part] += 1;
            assert_adds_up(&world, &models);
        }
        let sums = world.link.sums;
        (balances(&world), [sums.captured, sums.refunded, sums.reserved])
    }

    /// A part to which something is still to happen.
    fn next(&self, at: &[usize], numbers: &mut Numbers) -> Option<usize> {
        let left: Vec<usize> = (0..at.len()).filter(|&part| at[part] < self.steps[part].len()).collect();
        (!left.is_empty()).then(|| left[pick(numbers, left.len())])
    }
}

/// The books are what the models of all parts hold together, and all shares with fees and taxes are what was
/// captured less what went back.
fn assert_adds_up(world: &World, models: &BTreeMap<usize, Model>) {
    let mut expected = Balances::new();
    for model in models.values() {
        for (key, balance) in model.balances(&world.split) {
            *expected.entry(key).or_default() += balance;
        }
    }
    expected.retain(|_, balance| *balance != 0);
    let found = balances(world);
    assert_eq!(found, expected);
    let of = |accounts: &[Account]| -> i64 {
        found.iter().filter(|((account, _), _)| accounts.contains(account)).map(|(_, balance)| *balance).sum()
    };
    let owed = of(&[Account::MerchantPayable, Account::ChildPayable, Account::FeeIncome, Account::FeeTax]);
    let sums = world.link.sums;
    let kept = sums.captured.get() - sums.refunded.get() - sums.refund_pending.get();
    assert!(models.values().any(|model| model.is_reversed) || owed == kept, "{owed} of {kept}");
    assert_eq!(owed + of(&[Account::RefundPending]) + of(&[Account::RailReceivable]), 0);
}

#[test]
fn shares_fees_and_taxes_add_up_to_what_was_captured_in_any_order() {
    let mut numbers = Numbers(41);
    let (mut whole, mut divided) = (0, 0);
    for _ in 0..size(1_500, 100_000) {
        let plan = Plan::random(&mut numbers);
        let first = plan.tell(&mut numbers);
        for _ in 0..3 {
            assert_eq!(plan.tell(&mut numbers), first, "the order tells");
        }
        whole += i64::from(plan.world().link.due == Some(first.1[0]));
        divided += i64::from(plan.split.len() > 1);
    }
    assert!(whole > 100 && divided > 100, "{whole} paid whole, {divided} divided");
}
