//! `/sandbox`: what a tester can do that no merchant can (CONTRACT.md, "Sandbox").

mod clock;
mod log;
mod messages;
mod pay;
mod refunds;
mod router;
mod script;
mod stories;

pub(crate) use router::router;
