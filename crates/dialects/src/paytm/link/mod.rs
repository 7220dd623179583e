//! `/link/*`: payment links.

pub(super) mod create;
mod items;
mod request;
mod splits;
