//! Paytm's payment links.

pub(crate) mod callback;
mod caller;
mod codes;
mod envelope;
mod keys;
mod link;
mod namespaces;
mod order;
pub mod settings;
pub mod sign;

use crate::calls::Calls;

/// All calls, without the dialect's prefix.
pub(crate) fn routes() -> Calls {
    Calls::new()
        .post("/link/create", link::create::handle)
        .post("/link/fetch", link::fetch::handle)
        .post("/link/update", link::update::handle)
        .post("/link/expire", link::expire::handle)
        .post("/link/resendNotification", link::resend::handle)
        .post("/link/fetchTransaction", link::transactions::handle)
}
