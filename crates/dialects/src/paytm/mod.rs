//! Paytm's payment links, payment requests and order status.

pub(crate) mod callback;
mod caller;
mod codes;
mod envelope;
mod keys;
mod link;
mod namespaces;
mod order;
mod order_id;
mod plain;
pub mod settings;
pub mod sign;
mod webhook;

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
        .post("/order/sendpaymentrequest", order::create::handle)
        .post("/order/resendpaymentrequest", order::resend::handle)
        .post("/order/resendPaymentRequest", order::resend::handle)
        .post("/v3/order/status", order::status::handle)
        .post("/merchant-status/api/v1/getPaymentStatus", order::status::handle)
}
