//! `/link/*`: payment links.

pub(super) mod create;
pub(super) mod expire;
pub(super) mod fetch;
mod filters;
mod forms;
mod items;
mod members;
mod modes;
mod named;
mod notified;
mod orders;
mod paging;
mod request;
pub(super) mod resend;
mod shown;
pub(super) mod splits;
pub(super) mod transactions;
pub(super) mod update;
mod words;
