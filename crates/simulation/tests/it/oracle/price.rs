//! Fees, surcharges and shares, by sums of its own.

/// A line of a price list; `*` stands for every mode or rail.
#[derive(Clone, Debug)]
pub(crate) struct Fee {
    pub(crate) rail: &'static str,
    pub(crate) mode: &'static str,
    pub(crate) bps: i64,
    pub(crate) flat: i64,
    pub(crate) min: i64,
    pub(crate) cap: Option<i64>,
    pub(crate) tax_bps: i64,
    pub(crate) surcharge_bps: i64,
    pub(crate) surcharge_flat: i64,
}

/// What a child gets of each payment.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    /// Which child, from 0.
    pub(crate) child: usize,
    /// So much, or a percentage where there is none.
    pub(crate) amount: Option<i64>,
    /// Hundredths of a percent.
    pub(crate) bps: i64,
    pub(crate) bears_fee: bool,
}

/// What a payment cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) fee: i64,
    pub(crate) tax: i64,
}

/// Hundredths of a percent of an amount, to the nearest unit, and the half goes up.
fn portion(amount: i64, bps: i64) -> i64 {
    narrow((i128::from(amount) * i128::from(bps) * 2 + 10_000) / 20_000)
}

fn narrow(wide: i128) -> i64 {
    i64::try_from(wide).unwrap()
}

/// The line that counts: one that names rail and mode before one that names either, the first of equals.
fn line<'f>(fees: &'f [Fee], rail: &str, mode: &str) -> Option<&'f Fee> {
    let named = |fee: &&Fee, both: [bool; 2]| {
        let rail_fits = if both[0] { fee.rail == rail } else { fee.rail == "*" };
        rail_fits && if both[1] { fee.mode == mode } else { fee.mode == "*" }
    };
    let find = |both| fees.iter().find(|fee| named(fee, both));
    let one = fees.iter().find(|fee| named(fee, [true, false]) || named(fee, [false, true]));
    find([true, true]).or(one).or_else(|| find([false, false]))
}

/// What a capture of `amount` costs.
pub(crate) fn cost(fees: &[Fee], rail: &str, mode: &str, amount: i64) -> Cost {
    let Some(line) = line(fees, rail, mode) else { return Cost::default() };
    let mut fee = portion(amount, line.bps) + line.flat;
    if fee < line.min {
        fee = line.min;
    }
    for most in [line.cap.unwrap_or(i64::MAX), amount] {
        if fee > most {
            fee = most;
        }
    }
    let tax = portion(fee, line.tax_bps);
    Cost { fee, tax: if fee + tax > amount { amount - fee } else { tax } }
}

/// What the payer pays on top; never by UPI, nor by a card that may be RuPay debit.
pub(crate) fn surcharge(fees: &[Fee], rail: &str, mode: &str, amount: i64) -> Result<i64, &'static str> {
    match line(fees, rail, mode) {
        Some(line) if line.surcharge_bps > 0 || line.surcharge_flat > 0 => match mode {
            "UPI" | "DC" => Err("SurchargeNotAllowed"),
            _ => Ok(portion(amount, line.surcharge_bps) + line.surcharge_flat),
        },
        _ => Ok(0),
    }
}

/// Rounds exact shares (each `numerators[n] / denominator`) to whole units: down, and what is left over goes
/// unit by unit to whoever lost most, the first of equals.
fn whole(numerators: &[i128], denominator: i128) -> Vec<i64> {
    let mut units: Vec<i128> = numerators.iter().map(|n| n / denominator).collect();
    let mut lost: Vec<i128> = numerators.iter().map(|n| n % denominator).collect();
    let mut left = lost.iter().sum::<i128>() / denominator;
    while left > 0 {
        let most = *lost.iter().max().unwrap();
        let first = lost.iter().position(|l| *l == most).unwrap();
        units[first] += 1;
        lost[first] = -1;
        left -= 1;
    }
    units.into_iter().map(narrow).collect()
}

/// Shares out `total` in proportion.
pub(crate) fn proportional(total: i64, weights: &[i64]) -> Vec<i64> {
    let all: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if all == 0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<i128> = weights.iter().map(|weight| i128::from(total) * i128::from(*weight)).collect();
    whole(&exact, all)
}

/// What a child gets of a payment, or gives back of it: so much of the amount, with that much fee and tax in
/// it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) amount: i64,
    pub(crate) fee: i64,
    pub(crate) tax: i64,
}

impl Part {
    pub(crate) fn net(self) -> i64 {
        self.amount - self.fee - self.tax
    }
}

/// What each child gets of a payment, in the order of the shares; the rest is the merchant's.
pub(crate) fn parts(shares: &[Share], applied: i64, cost: Cost) -> Vec<Part> {
    let percent = |share: &Share| if share.amount.is_some() { 0 } else { share.bps };
    let exact = |share: &Share| i128::from(applied) * i128::from(percent(share));
    let mut numerators: Vec<i128> = shares.iter().map(exact).collect();
    numerators.push(i128::from(applied - fixed(shares)) * 10_000 - numerators.iter().sum::<i128>());
    let by_percent = whole(&numerators, 10_000);
    let amounts: Vec<i64> =
        shares.iter().zip(by_percent).map(|(share, percent)| share.amount.unwrap_or(percent)).collect();
    let bearing = |(share, amount): (&Share, &i64)| if share.bears_fee { *amount } else { 0 };
    let mut weights: Vec<i64> = shares.iter().zip(&amounts).map(bearing).collect();
    weights.push(applied - weights.iter().sum::<i64>());
    let (fees, taxes) = (proportional(cost.fee, &weights), proportional(cost.tax, &weights));
    let part = |(at, amount): (usize, i64)| {
        let fee = fees[at].min(amount);
        Part { amount, fee, tax: taxes[at].min(amount - fee) }
    };
    amounts.into_iter().enumerate().map(part).collect()
}

/// What the shares of fixed amounts come to.
fn fixed(shares: &[Share]) -> i64 {
    shares.iter().filter_map(|share| share.amount).sum()
}

/// Are the shares no more than a payment of so much?
pub(crate) fn fits(shares: &[Share], applied: i64) -> bool {
    let bps: i64 = shares.iter().filter(|share| share.amount.is_none()).map(|share| share.bps).sum();
    i128::from(fixed(shares)) * 10_000 <= i128::from(applied) * i128::from(10_000 - bps)
}

/// What `taken` takes of a part: of its fee, its tax and the rest in proportion.
pub(crate) fn slice(of: Part, taken: i64) -> Part {
    let shares = proportional(taken, &[of.fee, of.tax, of.net()]);
    Part { amount: taken, fee: shares[0], tax: shares[1] }
}
