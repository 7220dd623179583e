//! Amounts as answers have them: this API's are rupees.

use kadi_engine::domain::amount::{Currency, Minor};

use crate::shared::js::JsAmount;

/// An amount of a link.
pub(super) const fn rupees(amount: Minor) -> JsAmount {
    JsAmount { minor: amount.get(), currency: Currency::INR }
}
