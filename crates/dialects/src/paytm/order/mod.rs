//! `/order/*` and the status of orders: payment requests by SMS, and how an order stands.

mod answers;
mod codes;
pub(super) mod create;
mod find;
mod members;
mod request;
pub(super) mod resend;
pub(super) mod status;
