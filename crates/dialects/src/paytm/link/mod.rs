//! `/link/*`: payment links.

pub(super) mod create;
mod items;
mod members;
mod request;
pub(super) mod splits;
