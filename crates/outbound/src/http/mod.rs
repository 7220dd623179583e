//! One HTTP client for every address that somebody else chose.

mod address;
mod client;
mod fault;
#[cfg(test)]
mod fuzz;
mod guard;
mod resolver;

pub use address::{is_global, is_loopback};
pub use client::{Answer, GuardedClient, SetupFault};
pub use fault::{GuardRefusal, PostFault};
pub use guard::{GuardPolicy, PostTimeouts};
