//! What a capture costs: fee and tax on the fee by rail and mode, each rounded half up to the minor unit.

use crate::amount::Minor;
use crate::refusal::Fault;

/// One line of a merchant's fee table; `*` stands for every rail or mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeRule {
    /// The rail's name or `*`.
    pub rail: String,
    /// The payment mode (UPI, CC, …) or `*`.
    pub mode: String,
    /// Hundredths of a percent of the applied amount.
    pub bps: i64,
    /// A fixed part in minor units.
    pub flat: Minor,
    /// Tax on the fee, in hundredths of a percent (18 % GST = 1800).
    pub tax_bps: i64,
}

/// A capture's amounts: `net = applied - fee - fee_tax`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Charges {
    /// The fee.
    pub fee: Minor,
    /// The tax on the fee.
    pub fee_tax: Minor,
    /// What the merchant is owed.
    pub net: Minor,
}

/// The charges of a capture. The first rule that names the rail and mode most closely counts; without any,
/// all is net. A fee with its tax is never more than the amount itself.
pub fn charges(rules: &[FeeRule], rail: &str, mode: &str, applied: Minor) -> Result<Charges, Fault> {
    let fits = |pattern: &str, value: &str| pattern == "*" || pattern.eq_ignore_ascii_case(value);
    let closeness = |rule: &FeeRule| u8::from(rule.rail != "*") + u8::from(rule.mode != "*");
    let mut best: Option<&FeeRule> = None;
    for rule in rules.iter().filter(|rule| fits(&rule.rail, rail) && fits(&rule.mode, mode)) {
        if best.is_none_or(|found| closeness(rule) > closeness(found)) {
            best = Some(rule);
        }
    }
    let Some(rule) = best else {
        return Ok(Charges { net: applied, ..Charges::default() });
    };
    let fee = applied.basis_points(rule.bps)?.plus(rule.flat)?.min(applied);
    let fee_tax = fee.basis_points(rule.tax_bps)?.min(applied.minus(fee)?);
    Ok(Charges { fee, fee_tax, net: applied.minus(fee)?.minus(fee_tax)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(rail: &str, mode: &str, bps: i64, flat: i64) -> FeeRule {
        FeeRule { rail: rail.into(), mode: mode.into(), bps, flat: Minor::new(flat), tax_bps: 1_800 }
    }

    fn net_of(rules: &[FeeRule], mode: &str, applied: i64) -> (i64, i64, i64) {
        let found = charges(rules, "sandbox", mode, Minor::new(applied)).unwrap();
        (found.fee.get(), found.fee_tax.get(), found.net.get())
    }

    #[test]
    fn five_hundred_rupees_cost_five_and_ninety_paise_tax() {
        assert_eq!(net_of(&[rule("*", "*", 100, 0)], "UPI", 50_000), (500, 90, 49_410));
    }

    #[test]
    fn the_closest_rule_counts_and_the_first_of_equals() {
        let rules = [
            rule("*", "*", 100, 0),
            rule("*", "UPI", 0, 0),
            rule("sandbox", "CC", 200, 0),
            rule("*", "CC", 300, 0),
        ];
        assert_eq!(net_of(&rules, "upi", 50_000), (0, 0, 50_000));
        assert_eq!(net_of(&rules, "CC", 50_000), (1_000, 180, 48_820));
        assert_eq!(net_of(&rules, "NB", 50_000), (500, 90, 49_410));
        assert_eq!(net_of(&[], "NB", 50_000), (0, 0, 50_000));
    }

    #[test]
    fn a_fee_never_eats_more_than_the_payment() {
        assert_eq!(net_of(&[rule("*", "*", 0, 500)], "UPI", 300), (300, 0, 0));
        assert_eq!(net_of(&[rule("*", "*", 0, 290)], "UPI", 300), (290, 10, 0));
    }
}
