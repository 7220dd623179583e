//! `/sandbox`: what a tester can do that no merchant can (CONTRACT.md, "Sandbox").

mod clock;
mod messages;
mod pay;
mod refunds;
mod router;

pub(crate) use router::router;
