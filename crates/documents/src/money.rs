//! Amounts as a payer reads them: symbol, Indian or western grouping, digits 0 to 9 in both languages.

use std::fmt;

/// A currency as a page needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency<'a> {
    /// ISO 4217, such as `INR`.
    pub code: &'a str,
    /// How many decimals it has: INR 2, JPY 0, KWD 3.
    pub exponent: u16,
}

/// An amount in minor units (paise for INR); shown as `₹1,23,456.00`, or `USD 123,456.00` for other
/// currencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money<'a> {
    /// Minor units; may be negative.
    pub minor: i64,
    /// Their currency.
    pub currency: Currency<'a>,
}

/// A sum of amounts, wide enough that adding the lines of a page cannot overflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total<'a> {
    /// Minor units; may be negative.
    pub minor: i128,
    /// Their currency.
    pub currency: Currency<'a>,
}

impl Currency<'_> {
    /// What stands before an amount.
    pub fn mark(&self) -> &str {
        if self.code == "INR" { "₹" } else { self.code }
    }

    /// An amount as a payer would type it, for the hint of a field: `250.50`, `250`, `250.500`.
    pub fn example(&self) -> String {
        let decimals = "5".repeat(usize::from(self.exponent.min(1)));
        let width = usize::from(self.exponent);
        if width == 0 { "250".to_owned() } else { format!("250.{decimals:0<width$}") }
    }
}

impl Money<'_> {
    /// The amount without symbol and grouping, as a form field carries it: `123456.00`.
    pub fn plain(&self) -> String {
        let (sign, whole, decimals) = split(i128::from(self.minor), self.currency.exponent);
        if decimals.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") }
    }
}

impl fmt::Display for Money<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Total { minor: i128::from(self.minor), currency: self.currency }.fmt(f)
    }
}

impl fmt::Display for Total<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, whole, decimals) = split(self.minor, self.currency.exponent);
        let rupees = self.currency.code == "INR";
        // A no-break space keeps `USD` and its figure on one line.
        let gap = if rupees { "" } else { "\u{a0}" };
        write!(f, "{sign}{}{gap}{}", self.currency.mark(), grouped(&whole, if rupees { 2 } else { 3 }))?;
        if decimals.is_empty() { Ok(()) } else { write!(f, ".{decimals}") }
    }
}

/// Sign, digits before the point and digits after it.
fn split(minor: i128, exponent: u16) -> (&'static str, String, String) {
    let width = usize::from(exponent);
    let mut whole = format!("{:0>fill$}", minor.unsigned_abs(), fill = width + 1);
    let decimals = whole.split_off(whole.len() - width);
    (if minor < 0 { "-" } else { "" }, whole, decimals)
}

/// Commas before the last three digits, and then before every `step`: 2 for lakh and crore, 3 for thousands.
fn grouped(digits: &str, step: usize) -> String {
    let mut out = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        if index > 0 && left >= 3 && (left - 3).is_multiple_of(step) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
