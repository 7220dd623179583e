//! The checker against the built server: what kills leave, and what is seen when something is lost.

// So that clippy knows helpers of tests for tests.
#![cfg(test)]

mod harness;

mod kills;
mod tampering;
