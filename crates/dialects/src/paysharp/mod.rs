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

use axum::Router;
use axum::routing::{get, post};

use crate::door::Door;

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
pub(crate) fn routes() -> Router<Door> {
    Router::new()
        .route("/linkpayment", post(create::handle))
        .route("/linkpayment/resend", post(resend::handle))
        .route("/linkpayment/{id}", get(status::handle))
        .method_not_allowed_fallback(answer::method_not_allowed)
}
