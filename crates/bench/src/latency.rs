//! How long answers took: an HDR histogram in microseconds.

use std::time::Duration;

use hdrhistogram::Histogram;

use crate::figure::{Milli, micros};

/// Anything that takes longer counts as this long.
const LONGEST_US: u64 = 60_000_000;
const DIGITS: u8 = 3;

/// The times of one or more rounds.
#[derive(Clone, Debug)]
pub struct Latency {
    histogram: Histogram<u64>,
}

/// Median, tail and worst case in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantiles {
    /// Half of all answers were faster.
    pub p50_us: u64,
    /// All but one of a hundred.
    pub p99_us: u64,
    /// All but one of a thousand.
    pub p999_us: u64,
    /// The slowest one.
    pub max_us: u64,
}

impl Quantiles {
    /// The tail against the middle: p99 over p50.
    pub fn spread(&self) -> Option<Milli> {
        Milli::ratio(self.p99_us, self.p50_us)
    }
}

impl Latency {
    /// No times yet.
    pub fn new() -> Result<Self, String> {
        let histogram = Histogram::new_with_bounds(1, LONGEST_US, DIGITS);
        Ok(Self { histogram: histogram.map_err(|error| format!("a histogram: {error}"))? })
    }

    /// Adds one time.
    pub fn record(&mut self, time: Duration) {
        self.histogram.saturating_record(micros(time).clamp(1, LONGEST_US));
    }

    /// Adds the times of another round.
    pub fn add(&mut self, other: &Self) -> Result<(), String> {
        self.histogram.add(&other.histogram).map_err(|error| format!("a histogram: {error}"))
    }

    /// How many times there are.
    pub fn count(&self) -> u64 {
        self.histogram.len()
    }

    /// What is reported of them.
    pub fn quantiles(&self) -> Quantiles {
        Quantiles {
            p50_us: self.histogram.value_at_quantile(0.5),
            p99_us: self.histogram.value_at_quantile(0.99),
            p999_us: self.histogram.value_at_quantile(0.999),
            max_us: self.histogram.max(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_recorded_times() {
        let mut latency = Latency::new().unwrap();
        for us in 1..=1_000 {
            latency.record(Duration::from_micros(us));
        }
        let found = latency.quantiles();
        assert_eq!((found.p50_us, found.p99_us, found.p999_us, found.max_us), (500, 990, 999, 1_000));
        assert_eq!(found.spread().unwrap().to_string(), "1.980");
        assert_eq!(latency.count(), 1_000);
    }

    #[test]
    fn rounds_add_up_and_the_endless_is_cut() {
        let (mut first, mut second) = (Latency::new().unwrap(), Latency::new().unwrap());
        first.record(Duration::from_micros(10));
        second.record(Duration::from_secs(3_600));
        first.add(&second).unwrap();
        assert_eq!(first.count(), 2);
        // Three digits are kept, so the slowest reads a little more than its limit.
        assert!((60_000_000..60_100_000).contains(&first.quantiles().max_us));
        assert_eq!(first.quantiles().p50_us, 10);
    }
}
