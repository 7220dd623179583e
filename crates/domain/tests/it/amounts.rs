//! Amounts, percentages and fees against oracles that are written another way: long division and rationals in
//! 128 bits.

use kadi_domain::amount::Minor;
use kadi_domain::fee::{Charges, FeeRule, charges};
use proptest::prelude::*;

/// `amount * bps / 10,000`, rounded half away from zero: by the sign, the quotient and what the division
/// leaves.
fn percentage(amount: i64, bps: i64) -> i128 {
    let numerator = i128::from(amount) * i128::from(bps);
    let (quotient, rest) = (numerator.abs().div_euclid(10_000), numerator.abs().rem_euclid(10_000));
    let rounded = if rest * 2 >= 10_000 { quotient + 1 } else { quotient };
    rounded * numerator.signum()
}

/// The charges of an amount, in 128 bits and without any limit on the way.
fn expected_charges(rule: &FeeRule, applied: i64) -> (i128, i128, i128) {
    let whole = i128::from(applied);
    let fee = (percentage(applied, rule.bps) + i128::from(rule.flat.get())).clamp(0, whole);
    let fee_tax = percentage(i64::try_from(fee).unwrap(), rule.tax_bps).clamp(0, whole - fee);
    (fee, fee_tax, whole - fee - fee_tax)
}

/// Reads an amount digit by digit; none where a character does not belong.
fn read_slowly(text: &str, exponent: u32) -> Option<i128> {
    let (mut value, mut decimals, mut digits, mut point) = (0_i128, 0, 0, false);
    for character in text.chars() {
        match (character, point) {
            ('0'..='9', false) => {
                digits += 1;
                value = value * 10 + i128::from(character.to_digit(10)?);
            }
            ('0'..='9', true) => {
                decimals += 1;
                value = value * 10 + i128::from(character.to_digit(10)?);
            }
            ('.', false) => point = true,
            _ => return None,
        }
    }
    let is_well_formed = (1..=15).contains(&digits) && decimals <= exponent && (!point || decimals > 0);
    is_well_formed.then(|| value * 10_i128.pow(exponent - decimals))
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(4_000))]

    #[test]
    fn percentages_agree_with_long_division(amount in any::<i64>(), bps in -20_000_i64..20_000) {
        let expected = i64::try_from(percentage(amount, bps)).ok();
        prop_assert_eq!(Minor::new(amount).basis_points(bps).ok().map(Minor::get), expected);
    }

    #[test]
    fn charges_agree_with_unlimited_arithmetic_and_add_up(
        applied in prop_oneof![1_i64..1_000, 1_i64..1_000_000_000_000],
        bps in 0_i64..12_000,
        flat in 0_i64..100_000,
        tax_bps in 0_i64..12_000,
    ) {
        let rule = FeeRule::plain("*".into(), "*".into(), bps, Minor::new(flat), tax_bps);
        let found = charges(std::slice::from_ref(&rule), "any", "UPI", Minor::new(applied)).unwrap();
        let Charges { fee, fee_tax, net } = found;
        let wide = (i128::from(fee.get()), i128::from(fee_tax.get()), i128::from(net.get()));
        prop_assert_eq!(wide, expected_charges(&rule, applied));
        prop_assert_eq!(fee.get() + fee_tax.get() + net.get(), applied);
        prop_assert!(fee >= Minor::ZERO && fee_tax >= Minor::ZERO && net >= Minor::ZERO);
    }

    #[test]
    fn sums_differences_and_products_are_exact_or_faults(a in any::<i64>(), b in any::<i64>()) {
        let exact = |wide: i128| i64::try_from(wide).ok();
        let (left, right) = (Minor::new(a), Minor::new(b));
        prop_assert_eq!(left.plus(right).ok().map(Minor::get), exact(i128::from(a) + i128::from(b)));
        prop_assert_eq!(left.minus(right).ok().map(Minor::get), exact(i128::from(a) - i128::from(b)));
        prop_assert_eq!(left.times(b).ok().map(Minor::get), exact(i128::from(a) * i128::from(b)));
    }

    #[test]
    fn typed_amounts_agree_with_reading_digit_by_digit(
        text in prop_oneof!["[0-9]{0,16}(\\.[0-9]{0,4})?", "[0-9.+\\-e ,]{0,8}", "\\PC{0,6}"],
        exponent in 0_u16..=4,
    ) {
        let expected = read_slowly(&text, exponent.into()).and_then(|wide| i64::try_from(wide).ok());
        prop_assert_eq!(Minor::parse_typed(&text, exponent).map(Minor::get), expected, "{}", text);
    }
}

#[test]
fn the_worked_example_of_the_design_holds() {
    let rule = FeeRule::plain("*".into(), "*".into(), 100, Minor::ZERO, 1_800);
    let found = charges(&[rule], "sandbox", "UPI", Minor::new(50_000)).unwrap();
    assert_eq!(found, Charges { fee: Minor::new(500), fee_tax: Minor::new(90), net: Minor::new(49_410) });
}
