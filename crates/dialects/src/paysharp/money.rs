//! Amounts as the vendor's page prints them: 500, 5, 0.90, 494.10.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::shared::amount::money_text;

/// An amount in minor units, written as a number: whole ones without decimals, all others with two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Money(pub(super) i64);

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = money_text(self.0);
        let number = text.strip_suffix(".00").unwrap_or(&text).to_owned();
        RawValue::from_string(number).map_err(S::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_amounts_have_no_decimals_and_others_two() {
        let shown = [50_000, 500, 90, 590, 49_410, 100, 0, 1, 10].map(Money);
        let text = serde_json::to_string(&shown).unwrap();
        assert_eq!(text, "[500,5,0.90,5.90,494.10,1,0,0.01,0.10]");
    }
}
