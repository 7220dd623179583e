//! What merchants are told beside answers.

use kadi_engine::domain::delivery::Subscription;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::time::{HOUR_MS, MINUTE_MS};

use crate::door::Door;
use crate::telling::{Call, Telling};

/// When a call is tried again (DECISIONS.md): 1, 5 and 30 minutes, 2 and 6 hours.
pub(crate) const DELAYS_MS: [i64; 5] = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS];

/// Who hears of a new link: nobody so far.
pub(super) fn subscriptions(_: &Merchant) -> Vec<Subscription> {
    Vec::new()
}

/// Who hears of a cancel whose signature had been seen on a resend: nobody so far.
pub(super) fn cancel_report(_: &Merchant) -> Option<Subscription> {
    None
}

/// The call that carries a delivery.
pub(crate) fn tell(_: &Door, _: &Telling) -> Result<Call, Fault> {
    Err(Fault::new("a delivery of a dialect that has none"))
}
