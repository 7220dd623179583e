//! What a payment costs by rail and mode: the fee of a capture with its tax, and the surcharge of a payer.
//! Each is rounded by itself, **half up to the minor unit** ([`Minor::basis_points`]): the one rounding rule
//! of fees and taxes.

use crate::amount::Minor;
use crate::refusal::{Fault, Refusal, Stop};

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
    /// The fee is at least this, in minor units.
    pub min: Minor,
    /// The fee is at most this, in minor units; not less than `min`.
    pub cap: Option<Minor>,
    /// Tax on the fee, in hundredths of a percent (18 % GST = 1800).
    pub tax_bps: i64,
    /// What the payer pays on top, where the law allows it: hundredths of a percent of the applied amount.
    pub surcharge_bps: i64,
    /// What the payer pays on top, where the law allows it: a fixed part in minor units.
    pub surcharge_flat: Minor,
}

impl FeeRule {
    /// A rule without limits and without a surcharge.
    pub const fn plain(rail: String, mode: String, bps: i64, flat: Minor, tax_bps: i64) -> Self {
        Self {
            rail,
            mode,
            bps,
            flat,
            min: Minor::ZERO,
            cap: None,
            tax_bps,
            surcharge_bps: 0,
            surcharge_flat: Minor::ZERO,
        }
    }

    /// Does the rule ask the payer for more than the amount?
    pub fn has_surcharge(&self) -> bool {
        self.surcharge_bps != 0 || self.surcharge_flat != Minor::ZERO
    }

    fn fee(&self, applied: Minor) -> Result<Minor, Fault> {
        let fee = applied.basis_points(self.bps)?.plus(self.flat)?.max(self.min);
        Ok(self.cap.map_or(fee, |cap| fee.min(cap)).min(applied))
    }
}

/// May payments of this mode cost the payer more than their amount? Never UPI and never RuPay debit
/// (Payment and Settlement Systems Act, section 10A, and Income-tax Act, section 269SU, since 1 January
/// 2020). A mode that may be RuPay debit, such as a debit card of no named network, counts as one, and so
/// does `*`.
pub fn may_surcharge(mode: &str) -> bool {
    let letters = mode.bytes().filter(u8::is_ascii_alphanumeric);
    let word: String = letters.map(|byte| char::from(byte.to_ascii_uppercase())).collect();
    let is_barred = ["UPI", "DEBIT", "RUPAY", "BHIM"].iter().any(|barred| word.contains(barred));
    !word.is_empty() && !is_barred && !word.starts_with("DC")
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

/// The first rule that names the rail and mode most closely.
pub fn closest<'r>(rules: &'r [FeeRule], rail: &str, mode: &str) -> Option<&'r FeeRule> {
    let fits = |pattern: &str, value: &str| pattern == "*" || pattern.eq_ignore_ascii_case(value);
    let closeness = |rule: &FeeRule| u8::from(rule.rail != "*") + u8::from(rule.mode != "*");
    let mut best: Option<&FeeRule> = None;
    for rule in rules.iter().filter(|rule| fits(&rule.rail, rail) && fits(&rule.mode, mode)) {
        if best.is_none_or(|found| closeness(rule) > closeness(found)) {
            best = Some(rule);
        }
    }
    best
}

/// The charges of a capture. The first rule that names the rail and mode most closely counts; without any,
/// all is net. A fee lies between the rule's `min` and `cap`, and with its tax is never more than the amount
/// itself.
pub fn charges(rules: &[FeeRule], rail: &str, mode: &str, applied: Minor) -> Result<Charges, Fault> {
    let Some(rule) = closest(rules, rail, mode) else {
        return Ok(Charges { net: applied, ..Charges::default() });
    };
    let fee = rule.fee(applied)?;
    let fee_tax = fee.basis_points(rule.tax_bps)?.min(applied.minus(fee)?);
    Ok(Charges { fee, fee_tax, net: applied.minus(fee)?.minus(fee_tax)? })
}

/// What the payer pays on top of `applied`, by the rule that counts for the fee. Refused where that rule has
/// a surcharge and the mode may have none, whatever was imported.
pub fn surcharge(rules: &[FeeRule], rail: &str, mode: &str, applied: Minor) -> Result<Minor, Stop> {
    match closest(rules, rail, mode) {
        Some(rule) if rule.has_surcharge() => {
            if !may_surcharge(mode) {
                return Err(Refusal::SurchargeNotAllowed.into());
            }
            Ok(applied.basis_points(rule.surcharge_bps)?.plus(rule.surcharge_flat)?)
        }
        Some(_) | None => Ok(Minor::ZERO),
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    fn rule(rail: &str, mode: &str, bps: i64, flat: i64) -> FeeRule {
        FeeRule::plain(rail.into(), mode.into(), bps, Minor::new(flat), 1_800)
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

    #[test]
    fn a_fee_lies_between_its_minimum_and_its_cap() {
        let limited =
            FeeRule { min: Minor::new(200), cap: Some(Minor::new(1_500)), ..rule("*", "*", 100, 0) };
        let rules = [limited];
        assert_eq!(net_of(&rules, "UPI", 10_000), (200, 36, 9_764));
        assert_eq!(net_of(&rules, "UPI", 50_000), (500, 90, 49_410));
        assert_eq!(net_of(&rules, "UPI", 1_000_000), (1_500, 270, 998_230));
        assert_eq!(net_of(&rules, "UPI", 150), (150, 0, 0), "never more than the payment");
    }

    #[test]
    fn a_surcharge_is_the_closest_rules_and_never_on_upi_or_rupay_debit() {
        let card = FeeRule { surcharge_bps: 150, surcharge_flat: Minor::new(25), ..rule("*", "CC", 200, 0) };
        let found = |rules: &[FeeRule], mode: &str| surcharge(rules, "sandbox", mode, Minor::new(10_001));
        assert_eq!(found(from_ref(&card), "CC"), Ok(Minor::new(175)));
        assert_eq!(found(from_ref(&card), "NB"), Ok(Minor::ZERO));
        let all = FeeRule { mode: "*".into(), ..card };
        for mode in
            ["UPI", "upi", "PAYTM_UPI", "DC", "dc-rupay", "DEBIT_CARD", "CC_RUPAY", "Rupay_Debit", "*", ""]
        {
            assert_eq!(found(from_ref(&all), mode), Err(Refusal::SurchargeNotAllowed.into()), "{mode}");
        }
        assert!(may_surcharge("CC") && may_surcharge("NB") && may_surcharge("PPI"));
    }
}
