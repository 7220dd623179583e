//! Kadi's own API: what none of the vendors' APIs has, in the field's standard terms.

pub(crate) mod callback;
mod caller;
mod convert;
mod events;
mod holds;
mod links;
mod openapi;
mod page;
mod path;
mod payments;
mod problem;
mod refunds;
pub mod settings;
mod show;
pub mod sign;
mod splits;
mod statement;
mod taxes;
mod time;
mod wire;

pub use problem::Problem;
pub use refunds::{RefundBody, show_refund};
pub use show::{PaymentBody, show_payment};

use axum::Router;
use axum::routing::{get, post};

use crate::door::Door;

/// All calls, without the prefix.
pub(crate) fn routes() -> Router<Door> {
    Router::new()
        .route("/links", post(links::create).get(links::list))
        .route("/links/{id}", get(links::get))
        .route("/links/{id}/cancel", post(links::cancel))
        .route("/links/{id}/payments", get(payments::of_link))
        .route("/payments/{id}", get(payments::get))
        .route("/payments/{id}/split", get(splits::get))
        .route("/payments/{id}/tax", get(taxes::get))
        .route("/payments/{id}/refunds", post(refunds::create))
        .route("/refunds/{id}", get(refunds::get))
        .route("/statement", get(statement::get))
        .route("/holds", get(holds::list))
        .route("/holds/{id}/decide", post(holds::decide))
        .route("/events", get(events::list))
        .route("/openapi.json", get(openapi::handle))
        .method_not_allowed_fallback(problem::method_not_allowed)
}
