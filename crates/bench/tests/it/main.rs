//! The benchmark's own parts, without a figure: the load generator against the bare server.

// So that clippy knows helpers of tests for tests.
#![cfg(test)]

mod generator;
