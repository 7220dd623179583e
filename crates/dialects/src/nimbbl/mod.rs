//! Nimbbl's payment links: tokens, create (v3 and v2), update, by invoice id and by hash, enquiry, actions,
//! and the webhooks.

mod actions;
mod answer;
mod by_name;
pub(crate) mod callback;
mod caller;
mod codes;
mod create;
mod enquiry;
mod generate_token;
mod items;
mod members;
mod money;
mod namespaces;
mod request;
pub mod settings;
mod show;
pub mod sign;
mod status;
mod times;
pub mod token;
mod transactions;
mod update;
mod user;
mod whole;

use crate::calls::Calls;

/// All calls, without a prefix. No public text prints the path of the call by invoice id: the first of its
/// three is Kadi's choice, the others are aliases (specs, part 2).
pub(crate) fn routes() -> Calls {
    Calls::new()
        .get("/api/v3/payment-link/{id}", by_name::invoice)
        .get("/api/v3/payment-link/invoice/{id}", by_name::invoice)
        .get("/api/v3/payment-links/invoice/{id}", by_name::invoice)
        .get("/api/v3/payment-link/hash/{id}", by_name::hash)
        .post("/api/v3/generate-token", generate_token::handle)
        .post("/api/v3/payment-link", create::v3)
        .patch("/api/v3/payment-link", update::handle)
        .post("/api/v3/payment-link/enquiry", enquiry::handle)
        .post("/api/v3/payment-link/actions", actions::handle)
        .post("/api/v2/payment-link", create::v2)
        .other_methods(answer::method_not_allowed)
}
