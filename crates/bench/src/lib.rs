//! The benchmark: a bare server to compare with, a load generator, measurements of the store in process, and
//! the report.

mod answer;
pub mod baseline;
mod bench;
mod callers;
mod child;
mod client;
mod connection;
mod crowd;
mod disk;
mod fairness;
pub mod figure;
pub mod generator;
mod http;
mod in_process;
pub mod large;
mod latency;
mod machine;
mod on_postgres;
mod payments;
mod report;
pub mod requests;
mod rounds;
mod server;
mod shop;
mod slow_disk;
mod watch;
mod workbench;
mod yardstick;

pub use bench::{FLAT_LINKS, Options, PARTS, bench};
pub use report::Report;
