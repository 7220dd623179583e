//! Prints amounts as JavaScript prints numbers, so that an answer survives a client's parse and stringify.

use kadi_engine::domain::amount::Currency;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// Prints minor units of a currency with so many decimals as JavaScript prints the number.
fn js_decimal(minor: i64, exponent: u16) -> String {
    let (sign, places) = (if minor < 0 { "-" } else { "" }, usize::from(exponent));
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = places + 1);
    match digits.split_at_checked(digits.len() - places) {
        Some((whole, "")) => format!("{sign}{whole}"),
        Some((whole, decimals)) => {
            let text = format!("{sign}{whole}.{decimals}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        None => format!("{sign}{digits}"),
    }
}

/// An amount in minor units of its currency, written as the number that JavaScript prints: 49900 paise are
/// `499`, 49410 are `494.1`.
///
/// True for every amount below 10^15 minor units; a longer one JavaScript itself cannot hold exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsAmount {
    /// Minor units.
    pub minor: i64,
    /// Which says how many decimals there are.
    pub currency: Currency,
}

impl Serialize for JsAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = js_decimal(self.minor, self.currency.exponent());
        RawValue::from_string(text).map_err(S::Error::custom)?.serialize(serializer)
    }
}
