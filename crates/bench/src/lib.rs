//! The benchmark: a bare server to compare with, a load generator, measurements of the store in process, and
//! the report.

mod answer;
pub mod baseline;
mod bench;
mod child;
mod client;
mod connection;
pub mod figure;
pub mod generator;
mod http;
pub mod latency;
mod machine;
mod report;
pub mod requests;
mod rounds;
mod server;
mod shop;
mod watch;

pub use bench::{Options, bench};
pub use report::Report;
