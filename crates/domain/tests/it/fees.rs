//! Fees, their taxes and surcharges against a model in exact fractions, which rounds once and by itself.

use kadi_domain::amount::{AMOUNT_MAX, Minor};
use kadi_domain::fee::{FeeRule, charges, surcharge};

/// How many amounts are tried.
const AMOUNTS: u64 = 1_000_000;

/// A fraction that is not negative.
#[derive(Clone, Copy)]
struct Fraction {
    over: u128,
    under: u128,
}

impl Fraction {
    fn whole(number: i64) -> Self {
        Self { over: u128::try_from(number).unwrap(), under: 1 }
    }

    fn times(self, over: i64, under: u128) -> Self {
        Self { over: self.over * u128::try_from(over).unwrap(), under: self.under * under }
    }

    /// The nearest whole number, a half upwards.
    fn half_up(self) -> i64 {
        let (whole, rest) = (self.over / self.under, self.over % self.under);
        i64::try_from(whole + u128::from(rest >= self.under - rest)).unwrap()
    }
}

fn percent(amount: i64, bps: i64) -> i64 {
    Fraction::whole(amount).times(bps, 100).times(1, 100).half_up()
}

/// Fee, tax and net of a rule as the documents say them.
fn model(rule: &FeeRule, applied: i64) -> [i64; 3] {
    let mut fee = percent(applied, rule.bps) + rule.flat.get();
    if fee < rule.min.get() {
        fee = rule.min.get();
    }
    if let Some(cap) = rule.cap.filter(|cap| cap.get() < fee) {
        fee = cap.get();
    }
    if fee > applied {
        fee = applied;
    }
    let tax = percent(fee, rule.tax_bps);
    let tax = if fee + tax > applied { applied - fee } else { tax };
    [fee, tax, applied - fee - tax]
}

/// Numbers that follow from a seed (splitmix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, most: u64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((mixed ^ (mixed >> 31)) % most).unwrap()
    }

    /// From 1 to the largest amount, small ones as often as large ones.
    pub(crate) fn amount(&mut self) -> i64 {
        let digits = u32::try_from(self.below(15)).unwrap() + 1;
        1 + self.below(10_u64.pow(digits).min(AMOUNT_MAX.get().unsigned_abs()))
    }
}

fn rule(numbers: &mut Numbers) -> FeeRule {
    let min = numbers.below(5) / 4 * numbers.below(5_000);
    FeeRule {
        min: Minor::new(min),
        cap: (numbers.below(3) == 0).then(|| Minor::new(min + numbers.below(100_000))),
        surcharge_bps: numbers.below(500),
        surcharge_flat: Minor::new(numbers.below(2) * numbers.below(2_000)),
        ..FeeRule::plain(
            "*".into(),
            "CC".into(),
            numbers.below(400),
            Minor::new(numbers.below(2) * numbers.below(1_000)),
            [1_800, 0, 1_200, numbers.below(10_001)][usize::try_from(numbers.below(4)).unwrap()],
        )
    }
}

#[test]
fn a_million_amounts_cost_what_exact_fractions_say() {
    let mut numbers = Numbers(4);
    for _ in 0..AMOUNTS {
        let (rule, applied) = ([rule(&mut numbers)], numbers.amount());
        let found = charges(&rule, "any", "CC", Minor::new(applied)).unwrap();
        let found = [found.fee.get(), found.fee_tax.get(), found.net.get()];
        assert_eq!(found, model(&rule[0], applied), "{applied} under {rule:?}");
        let extra = surcharge(&rule, "any", "CC", Minor::new(applied)).unwrap().get();
        let expected = percent(applied, rule[0].surcharge_bps) + rule[0].surcharge_flat.get();
        assert_eq!(extra, expected, "the surcharge of {applied} under {rule:?}");
    }
}
