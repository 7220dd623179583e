//! Kadi's own API: what none of the vendors' APIs has, in the field's standard terms.

pub(crate) mod callback;
mod caller;
mod convert;
mod events;
mod holds;
mod invoice_file;
mod invoices;
mod links;
mod openapi;
mod owed;
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

pub use invoices::rule_text;
pub use problem::Problem;
pub use refunds::{RefundBody, show_refund};
pub use show::{PaymentBody, show_payment};

use crate::calls::Calls;

/// All calls, without the prefix.
pub(crate) fn routes() -> Calls {
    Calls::new()
        .post("/links", links::create)
        .get("/links", links::list)
        .get("/links/{id}", links::get)
        .get("/links/{id}/invoice.pdf", invoice_file::get)
        .post("/links/{id}/cancel", links::cancel)
        .get("/links/{id}/payments", payments::of_link)
        .get("/payments/{id}", payments::get)
        .get("/payments/{id}/split", splits::get)
        .get("/payments/{id}/tax", taxes::get)
        .post("/payments/{id}/refunds", refunds::create)
        .get("/refunds/{id}", refunds::get)
        .get("/statement", statement::get)
        .get("/statement/owed", owed::get)
        .get("/holds", holds::list)
        .post("/holds/{id}/decide", holds::decide)
        .get("/events", events::list)
        .get("/openapi.json", openapi::handle)
        .other_methods(problem::method_not_allowed)
}
