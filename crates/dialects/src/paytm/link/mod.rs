//! `/link/*`: payment links.

pub(super) mod create;
mod forms;
mod items;
mod members;
mod modes;
mod request;
mod splits;
