//! Paytm's payment links.

pub(crate) mod callback;
mod caller;
mod codes;
mod envelope;
mod keys;
mod link;
mod namespaces;
pub mod settings;
pub mod sign;

use axum::Router;
use axum::routing::post;

use crate::door::Door;

/// All calls, without the dialect's prefix.
pub(crate) fn routes() -> Router<Door> {
    Router::new().route("/link/create", post(link::create::handle))
}
