//! The arithmetic of a report: medians, rates and ratios in whole numbers, shown with three decimals.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

/// A number of thousandths: ratios, milliseconds from microseconds, cores from thousandths of a core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Milli(pub u64);

impl Milli {
    /// `part` over `whole`; none where there is no whole.
    pub fn ratio(part: u64, whole: u64) -> Option<Self> {
        let thousandths = u128::from(part) * 1_000 + u128::from(whole) / 2;
        thousandths.checked_div(u128::from(whole)).and_then(|ratio| u64::try_from(ratio).ok()).map(Self)
    }

    /// As a number of JSON.
    pub fn json(self) -> Value {
        // Out of its own digits, so that what is printed is what is meant.
        serde_json::from_str(&self.to_string()).unwrap_or(Value::Null)
    }
}

impl fmt::Display for Milli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:03}", self.0 / 1_000, self.0 % 1_000))
    }
}

/// The middle of the values; of an even number of them the mean of the two in the middle, rounded down.
pub fn median(values: &[u64]) -> Option<u64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let (low, high) = (sorted.len().checked_sub(1)? / 2, sorted.len() / 2);
    Some(sorted.get(low)?.midpoint(*sorted.get(high)?))
}

/// How many there are in a second, where there were `count` in `time`.
pub fn per_second(count: u64, time: Duration) -> u64 {
    let rate = (u128::from(count) * 1_000_000_000).checked_div(time.as_nanos());
    rate.and_then(|rate| u64::try_from(rate).ok()).unwrap_or(0)
}

/// A span in whole microseconds.
pub fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_or_between_the_two_in_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7]), Some(7));
        assert_eq!(median(&[9, 1, 5]), Some(5));
        assert_eq!(median(&[4, 1, 9, 5]), Some(4));
        assert_eq!(median(&[u64::MAX, u64::MAX]), Some(u64::MAX));
    }

    #[test]
    fn a_ratio_is_rounded_to_thousandths() {
        let shown = |part, whole| Milli::ratio(part, whole).map(|ratio| ratio.to_string());
        assert_eq!(shown(1, 3).as_deref(), Some("0.333"));
        assert_eq!(shown(2, 3).as_deref(), Some("0.667"));
        assert_eq!(shown(36_000, 9_000).as_deref(), Some("4.000"));
        assert_eq!(shown(1, 0), None);
        assert_eq!(shown(u64::MAX, u64::MAX).as_deref(), Some("1.000"));
    }

    #[test]
    fn a_figure_keeps_its_digits_in_json() {
        assert_eq!(Milli(1_050).json().to_string(), "1.05");
        assert_eq!(Milli(7).json().to_string(), "0.007");
        assert_eq!(format!("{:>8}", Milli(12_345)), "  12.345");
    }

    #[test]
    fn a_rate_is_per_second() {
        assert_eq!(per_second(30_000, Duration::from_millis(1_500)), 20_000);
        assert_eq!(per_second(1, Duration::ZERO), 0);
        assert_eq!(micros(Duration::from_millis(2)), 2_000);
    }
}
