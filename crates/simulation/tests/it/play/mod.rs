//! Telling stories.

mod compare;
mod ending;
mod links;
mod money;
mod refunds;
mod shop;
mod telling;
mod worker;

pub(crate) use telling::tell;
