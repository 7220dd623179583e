//! The model stands alone, and its sums are those that people have done by hand.

use std::path::Path;

use super::price::{Cost, Fee, Part, Share, cost, parts, proportional, surcharge};

#[test]
fn the_model_knows_nothing_of_kadi() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/oracle");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for foreign in [["ka", "di_"], ["crate", "::"]].map(|halves| halves.concat()) {
            assert!(!text.contains(&foreign), "{} uses what is outside the model", path.display());
        }
    }
}

#[test]
fn five_hundred_rupees_cost_five_and_ninety_paise_and_a_card_more() {
    let line = |mode, surcharge_bps| Fee {
        rail: "*",
        mode,
        bps: 100,
        flat: 0,
        min: 0,
        cap: None,
        tax_bps: 1_800,
        surcharge_bps,
        surcharge_flat: 0,
    };
    let fees = [line("*", 0), line("CC", 150)];
    assert_eq!(cost(&fees, "till", "UPI", 50_000), Cost { fee: 500, tax: 90 });
    assert_eq!(surcharge(&fees, "till", "CC", 10_001), Ok(150));
    assert_eq!(surcharge(&fees, "till", "NB", 10_001), Ok(0));
}

#[test]
fn what_is_left_over_goes_to_whoever_lost_most() {
    assert_eq!(proportional(1_000, &[500, 90, 49_410]), [10, 2, 988]);
    assert_eq!(proportional(1, &[1, 1, 1]), [1, 0, 0]);
    let share = |child, bps| Share { child, amount: None, bps, bears_fee: child == 0 };
    let shares = [share(0, 3_333), share(1, 3_333)];
    // 100.01 gives 33.33, 33.33 and 33.35; fee and tax of 3.00 and 0.54 fall on the first and the rest.
    let nets: Vec<i64> =
        parts(&shares, 10_001, Cost { fee: 300, tax: 54 }).into_iter().map(Part::net).collect();
    assert_eq!(nets, [3_215, 3_333]);
}
