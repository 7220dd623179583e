//! Divided payments against Python's decimal.

use kadi_domain::amount::Minor;
use kadi_domain::fee::Charges;
use kadi_domain::id::MerchantId;
use kadi_domain::split::{Share, SplitRule, divide};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::oracle::{ask, sample};

/// How many payments are divided.
fn payments() -> usize {
    if std::env::var("KADI_LONG").is_ok_and(|value| value == "1") { 200_000 } else { 20_000 }
}

/// Shares that together are at most the payment: by amount or percentage, with or without their fee.
fn rules(applied: i64) -> impl Strategy<Value = Vec<SplitRule>> {
    let share = (any::<bool>(), 1_i64..=2_500, any::<bool>());
    proptest::collection::vec(share, 0..=4).prop_map(move |shares| {
        let rule = |(child, (by_amount, bps, bears_fee)): (i64, (bool, i64, bool))| {
            let amount = Minor::new(applied / 10_000 * bps);
            let share =
                if by_amount && amount.is_positive() { Share::Amount(amount) } else { Share::Percent(bps) };
            SplitRule { child_id: MerchantId::new(child), share, bears_fee }
        };
        (1..).zip(shares).map(rule).collect()
    })
}

fn payment() -> impl Strategy<Value = (i64, i64, i64, Vec<SplitRule>)> {
    let applied = prop_oneof![1_i64..100, 1_i64..10_000_000, 1_i64..=1_000_000_000_000_000];
    applied.prop_flat_map(|applied| {
        let costs = (0_i64..=applied / 20 + 1, 0_i64..=1_000).prop_map(move |(fee, tax_permille)| {
            let fee = fee.min(applied);
            (fee, (fee / 5 * tax_permille / 1_000).min(applied - fee))
        });
        (Just(applied), costs, rules(applied))
            .prop_map(|(applied, (fee, tax), rules)| (applied, fee, tax, rules))
    })
}

#[test]
fn payments_are_divided_as_decimal_says() {
    let cases = sample(&payment(), payments());
    let show = |rule: &SplitRule| {
        let (amount, bps) = match rule.share {
            Share::Amount(amount) => (Some(amount.get()), None),
            Share::Percent(bps) => (None, Some(bps)),
        };
        json!({"amount": amount, "bps": bps, "bears": rule.bears_fee})
    };
    let asked: Vec<Value> = cases
        .iter()
        .map(|(applied, fee, tax, rules)| {
            let rules: Vec<Value> = rules.iter().map(show).collect();
            json!({"applied": applied, "fee": fee, "tax": tax, "rules": rules})
        })
        .collect();
    for ((applied, fee, tax, rules), told) in cases.into_iter().zip(ask("split.py", &asked)) {
        let [fee, fee_tax, net] = [fee, tax, applied - fee - tax].map(Minor::new);
        let found = divide(Minor::new(applied), &Charges { fee, fee_tax, net }, &rules).unwrap();
        let parts = found.children.iter().map(|(_, part)| *part).chain([found.own]);
        let parts: Vec<[i64; 3]> =
            parts.map(|part| [part.amount, part.fee, part.fee_tax].map(Minor::get)).collect();
        assert_eq!(json!(parts), told, "{applied} under {rules:?}");
    }
}
