//! Paysharp's Link Payment v1.0: create, status, resend, and the webhook of a success.

mod answer;
pub(crate) mod callback;
mod caller;
mod codes;
mod create;
mod link_id;
mod members;
mod money;
mod namespaces;
mod paid;
mod resend;
mod send;
pub mod settings;
mod status;

pub(crate) use link_id::ENDING as ID_ENDING;

use crate::calls::Calls;

/// Where the calls are served: the vendor gives base addresses out one by one, and these are the ones that
/// public clients carry (specs, part 1).
pub(crate) const PREFIXES: [&str; 8] = [
    "/paysharp",
    "/paysharp/v1/upi",
    "/paysharp/api/v1/upi",
    "/paysharp/external/api/v1/upi",
    "",
    "/v1/upi",
    "/api/v1/upi",
    "/external/api/v1/upi",
];

/// All calls, without a prefix.
pub(crate) fn routes() -> Calls {
    Calls::new()
        .post("/linkpayment", create::handle)
        .post("/linkpayment/resend", resend::handle)
        .get("/linkpayment/{id}", status::handle)
        .other_methods(answer::method_not_allowed)
}
