//! NTT DATA's Link Based Payments: templates, create, resend and cancel, each at an address of its own or at
//! one with an action.
//!
//! No public text gives addresses and names of members: they are Kadi's, in the style of the vendor's other
//! APIs (specs, parts 2 and 3).

mod answer;
mod body;
pub(crate) mod callback;
mod caller;
mod codes;
mod create;
pub mod crypt;
mod filled;
mod instrument;
mod invoices;
mod keys;
mod members;
mod namespaces;
mod sealed;
mod serve;
pub mod settings;
mod shown;
pub mod sign;
mod signed;
mod templates;

use crate::calls::Calls;

/// All calls, without a prefix.
pub(crate) fn routes() -> Calls {
    Calls::new()
        .post("/ots/link", serve::by_action)
        .post("/ots/link/getTemplate", serve::get_template)
        .post("/ots/link/getTemplateDetails", serve::get_template_details)
        .post("/ots/link/createPaymentLink", serve::create_payment_link)
        .post("/ots/link/resendPaymentLink", serve::resend_payment_link)
        .post("/ots/link/cancelPaymentLink", serve::cancel_payment_link)
        .other_methods(answer::method_not_allowed)
}
