//! A model of a divided payment and its refunds in plain numbers: it hands out single units, and knows
//! nothing of the code that it judges but its input.

use std::collections::BTreeMap;

use kadi_domain::id::MerchantId;
use kadi_domain::ledger::Account;
use kadi_domain::merchant::FeeBearer;
use kadi_domain::split::{Part, SplitRule, divide};

use crate::split::model;
use crate::world::World;

/// Balances by account and child.
pub(crate) type Balances = BTreeMap<(Account, Option<MerchantId>), i64>;

/// `total` in proportion to weights, by handing out single units.
fn share(total: i64, weights: &[i64]) -> Vec<i64> {
    let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if whole == 0 {
        return vec![0; weights.len()];
    }
    let overs: Vec<i128> = weights.iter().map(|weight| i128::from(*weight) * i128::from(total)).collect();
    model(total, &overs, whole)
}

/// Amount, fee and tax.
pub(crate) type Three = [i64; 3];

fn less(a: Three, b: Three) -> Three {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// The shares of fee and tax in `taken` of what is left.
fn of_left(left: Three, taken: i64) -> Three {
    let shares = share(taken, &[left[1], left[2], left[0] - left[1] - left[2]]);
    [taken, shares[0], shares[1]]
}

/// A refund to the model.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) of: Option<usize>,
    pub(crate) amount: i64,
    /// Out of each child's part.
    pub(crate) parts: Vec<Three>,
    /// Fee and tax that the platform gives.
    pub(crate) platform: [i64; 2],
    pub(crate) word: &'static str,
}

/// A payment to the model: the last part is the merchant's own.
pub(crate) struct Model {
    pub(crate) is_platform: bool,
    pub(crate) whole: Three,
    pub(crate) parts: Vec<Three>,
    pub(crate) refunds: Vec<Told>,
    pub(crate) is_reversed: bool,
}

impl Model {
    fn out(&self) -> impl Iterator<Item = &Told> {
        self.refunds.iter().filter(|told| told.word == "pending" || told.word == "succeeded")
    }

    /// What is left of the whole and of each child's part.
    fn left(&self) -> (Three, Vec<Three>) {
        let mut whole = self.whole;
        let mut parts = self.parts[..self.parts.len() - 1].to_vec();
        for told in self.out() {
            whole = less(whole, [told.amount, told.platform[0], told.platform[1]]);
            for (part, taken) in parts.iter_mut().zip(&told.parts) {
                *part = less(*part, *taken);
            }
        }
        (whole, parts)
    }

    pub(crate) fn room(&self, of: Option<usize>) -> i64 {
        let (whole, parts) = self.left();
        match of {
            None => whole[0],
            Some(at) if at < parts.len() => parts[at][0],
            Some(_) => whole[0] - parts.iter().map(|part| part[0]).sum::<i64>(),
        }
    }

    pub(crate) fn take(&self, of: Option<usize>, amount: i64) -> Told {
        let (whole, parts) = self.left();
        let mut weights: Vec<i64> = parts.iter().map(|part| part[0]).collect();
        weights.push(whole[0] - weights.iter().sum::<i64>());
        let taken = match of {
            None => share(amount, &weights),
            Some(of) => (0..weights.len()).map(|at| if at == of { amount } else { 0 }).collect(),
        };
        let shares: Vec<Three> =
            parts.iter().zip(&taken).map(|(left, taken)| of_left(*left, *taken)).collect();
        let mut platform = [0, 0];
        if self.is_platform {
            let bears = |at: &usize| self.parts[*at][1] + self.parts[*at][2] > 0;
            let (mut beside, mut rest) = (whole, amount);
            for at in (0..parts.len()).filter(bears) {
                beside = less(beside, parts[at]);
                rest -= shares[at][0];
                platform = [platform[0] + shares[at][1], platform[1] + shares[at][2]];
            }
            let own = if rest == beside[0] { beside } else { of_left(beside, rest) };
            platform = [platform[0] + own[1], platform[1] + own[2]];
        }
        Told { of, amount, parts: shares, platform, word: "pending" }
    }

    /// What the books must hold.
    pub(crate) fn balances(&self, split: &[SplitRule]) -> Balances {
        let there = i64::from(!self.is_reversed);
        let of = |word| self.refunds.iter().filter(move |told: &&Told| told.word == word);
        let sum = |word| of(word).map(|told| told.amount).sum::<i64>();
        let platform = |at: usize| self.out().map(|told| told.platform[at]).sum::<i64>();
        let mut found = BTreeMap::from([
            ((Account::RailReceivable, None), sum("succeeded") - there * self.whole[0]),
            ((Account::RefundPending, None), sum("pending")),
            ((Account::FeeIncome, None), there * (self.whole[1] - platform(0))),
            ((Account::FeeTax, None), there * (self.whole[2] - platform(1))),
        ]);
        for (at, rule) in split.iter().enumerate() {
            let net = |part: Three| part[0] - part[1] - part[2];
            let given: i64 = self.out().map(|told| net(told.parts[at])).sum();
            let key = (Account::ChildPayable, Some(rule.child_id));
            found.insert(key, there * (net(self.parts[at]) - given));
        }
        // Whatever is left is the merchant's.
        let own = -found.values().sum::<i64>();
        found.insert((Account::MerchantPayable, None), own);
        found.retain(|_, balance| *balance != 0);
        found
    }
}

impl Model {
    /// The captured payment `at` before any refund.
    pub(crate) fn of(world: &World, at: usize, split: &[SplitRule]) -> Self {
        let payment = &world.payments[at];
        let three = |part: Part| [part.amount.get(), part.fee.get(), part.fee_tax.get()];
        let charges = payment.charges();
        let division = divide(payment.applied, &charges, split).unwrap();
        let mut parts: Vec<Three> = division.children.iter().map(|(_, part)| three(*part)).collect();
        parts.push(three(division.own));
        Self {
            is_platform: world.merchant.refund_fee_bearer == FeeBearer::Platform,
            whole: [payment.applied.get(), charges.fee.get(), charges.fee_tax.get()],
            parts,
            refunds: Vec::new(),
            is_reversed: false,
        }
    }
}
