//! `/link/*`: payment links.

pub(super) mod create;
mod items;
mod members;
mod modes;
mod request;
pub(super) mod splits;
