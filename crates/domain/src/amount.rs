//! Money: whole minor units (paise) of one currency, exact and checked.

use crate::refusal::Fault;

/// An amount in minor units (paise for INR). Its currency is the link's or the entry's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Minor(i64);

/// The largest amount of one link or payment, in minor units: exact as a number everywhere.
pub const AMOUNT_MAX: Minor = Minor(1_000_000_000_000_000);
/// The most that a rail can have taken at once, in minor units: ten times the largest amount with as much of
/// a surcharge. A rail that names more is mistaken, and nothing is booked.
pub const TAKEN_MAX: Minor = Minor(20_000_000_000_000_000);
/// The most that one link may take, hold and have under way in all: so far below what a number holds that no
/// booking of money that has arrived can fail.
pub const LINK_TOTAL_MAX: Minor = Minor(4_000_000_000_000_000_000);

impl Minor {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// `minor` units.
    pub const fn new(minor: i64) -> Self {
        Self(minor)
    }

    /// The number of minor units.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Is it more than nothing?
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The sum; a fault on overflow.
    pub fn plus(self, other: Self) -> Result<Self, Fault> {
        self.0.checked_add(other.0).map(Self).ok_or_else(|| Fault::new("amount overflow in a sum"))
    }

    /// The difference, which may be negative; a fault on overflow.
    pub fn minus(self, other: Self) -> Result<Self, Fault> {
        self.0.checked_sub(other.0).map(Self).ok_or_else(|| Fault::new("amount overflow in a difference"))
    }

    /// The same amount the other way round; a fault on overflow.
    pub fn negated(self) -> Result<Self, Fault> {
        Self::ZERO.minus(self)
    }

    /// This amount `count` times; a fault on overflow.
    pub fn times(self, count: i64) -> Result<Self, Fault> {
        self.0.checked_mul(count).map(Self).ok_or_else(|| Fault::new("amount overflow in a product"))
    }

    /// Reads an amount as a person types it: digits, with an optional point and at most `exponent` decimals.
    /// None for anything else, and for more than 15 digits before the point.
    pub fn parse_typed(text: &str, exponent: u16) -> Option<Self> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let exponent = usize::from(exponent);
        if whole.is_empty()
            || whole.len() > 15
            || decimals.len() > exponent
            || (text.contains('.') && decimals.is_empty())
        {
            return None;
        }
        if !is_digits(whole) || !is_digits(decimals) {
            return None;
        }
        format!("{whole}{decimals:0<exponent$}").parse().ok().map(Self)
    }

    /// `bps` hundredths of a percent of this amount, half a minor unit rounded away from zero ("half up").
    pub fn basis_points(self, bps: i64) -> Result<Self, Fault> {
        let product = i128::from(self.0) * i128::from(bps);
        let half = if product < 0 { -5_000 } else { 5_000 };
        i64::try_from((product + half) / 10_000)
            .map(Self)
            .map_err(|_| Fault::new("amount overflow in a percentage"))
    }
}

/// An ISO 4217 currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The Indian rupee, the currency of every dialect.
    pub const INR: Self = Self(*b"INR");

    /// Reads an ISO 4217 code of three capitals; none for others and for currencies without minor units
    /// defined.
    pub fn parse(code: &str) -> Option<Self> {
        iso_currency::Currency::from_code(code)?.exponent()?;
        code.as_bytes().try_into().ok().map(Self)
    }

    /// The three capitals.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many decimals the currency has (INR 2, JPY 0, KWD 3).
    pub fn exponent(&self) -> u16 {
        iso_currency::Currency::from_code(self.code()).and_then(|c| c.exponent()).unwrap_or(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_paisa_rounds_up() {
        let share = |minor, bps| Minor::new(minor).basis_points(bps).unwrap().get();
        assert_eq!(share(50_000, 100), 500);
        assert_eq!(share(500, 1_800), 90);
        assert_eq!(share(50, 100), 1);
        assert_eq!(share(49, 100), 0);
        assert_eq!(share(-50, 100), -1);
    }

    #[test]
    fn overflow_is_a_fault_and_never_wraps() {
        assert!(Minor::new(i64::MAX).plus(Minor::new(1)).is_err());
        assert!(Minor::new(i64::MIN).minus(Minor::new(1)).is_err());
        assert!(Minor::new(i64::MAX).times(2).is_err());
        assert!(Minor::new(i64::MAX).basis_points(20_000).is_err());
    }

    #[test]
    fn typed_amounts_are_read_exactly_or_not_at_all() {
        let read = |text, exponent| Minor::parse_typed(text, exponent).map(Minor::get);
        assert_eq!(read("499", 2), Some(49_900));
        assert_eq!(read("0.5", 2), Some(50));
        assert_eq!(read("10.00", 2), Some(1_000));
        assert_eq!(read("250", 0), Some(250));
        assert_eq!(read("1.234", 3), Some(1_234));
        for text in
            ["", ".", "1.", ".5", "1.005", "1e2", "-1", "+1", " 1", "1,000", "१", "1234567890123456", "1.2.3"]
        {
            assert_eq!(read(text, 2), None, "{text}");
        }
    }

    #[test]
    fn currencies_know_their_decimals() {
        let exponent = |code| Currency::parse(code).map(|c| c.exponent());
        assert_eq!(exponent("INR"), Some(2));
        assert_eq!(exponent("JPY"), Some(0));
        assert_eq!(exponent("KWD"), Some(3));
        assert_eq!(exponent("inr"), None);
        assert_eq!(exponent("XXX"), None);
    }
}
