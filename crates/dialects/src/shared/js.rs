//! Prints amounts as JavaScript prints numbers, so that an answer survives a client's parse and stringify.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::amount::money_text;

/// Prints minor units (paise) as JavaScript prints the number: 49900 is `499`, 49410 is `494.1`.
///
/// True for every amount below 10^15 minor units; a longer one JavaScript itself cannot hold exactly.
pub fn js_number(minor: i64) -> String {
    money_text(minor).trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// An amount in minor units that serde_json writes as the number that [`js_number`] prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsNumber(pub i64);

impl Serialize for JsNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(js_number(self.0)).map_err(S::Error::custom)?.serialize(serializer)
    }
}
