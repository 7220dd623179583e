//! Fees, their taxes and surcharges against Python's decimal.

use kadi_domain::amount::Minor;
use kadi_domain::fee::{FeeRule, charges, surcharge};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::oracle::{ask, sample};

/// How many amounts are tried.
const AMOUNTS: usize = 200_000;

fn rule() -> impl Strategy<Value = FeeRule> {
    let limits = (0_i64..5_000, proptest::option::of(0_i64..100_000));
    let fee = (0_i64..400, 0_i64..1_000, prop_oneof![Just(1_800_i64), 0_i64..=10_000]);
    (fee, limits, 0_i64..500, 0_i64..2_000).prop_map(|((bps, flat, tax_bps), (min, over), extra, fixed)| {
        FeeRule {
            min: Minor::new(min),
            cap: over.map(|over| Minor::new(min + over)),
            surcharge_bps: extra,
            surcharge_flat: Minor::new(fixed),
            ..FeeRule::plain("*".into(), "CC".into(), bps, Minor::new(flat), tax_bps)
        }
    })
}

#[test]
fn two_hundred_thousand_amounts_cost_what_decimal_says() {
    let amounts = prop_oneof![1_i64..1_000, 1_i64..10_000_000, 1_i64..=1_000_000_000_000_000];
    let cases = sample(&(amounts, rule()), AMOUNTS);
    let asked: Vec<Value> = cases
        .iter()
        .map(|(applied, rule)| {
            json!({
                "applied": applied, "bps": rule.bps, "flat": rule.flat.get(), "min": rule.min.get(),
                "cap": rule.cap.map(Minor::get), "tax_bps": rule.tax_bps,
                "surcharge_bps": rule.surcharge_bps, "surcharge_flat": rule.surcharge_flat.get(),
            })
        })
        .collect();
    for ((applied, rule), told) in cases.into_iter().zip(ask("fee.py", &asked)) {
        let (applied, rules) = (Minor::new(applied), [rule]);
        let found = charges(&rules, "any", "CC", applied).unwrap();
        let extra = surcharge(&rules, "any", "CC", applied).unwrap();
        let found = [found.fee, found.fee_tax, found.net, extra].map(Minor::get);
        assert_eq!(json!(found), told, "{applied:?} under {rules:?}");
    }
}
