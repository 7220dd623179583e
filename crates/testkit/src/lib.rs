//! What only tests need: PostgreSQL clusters of their own, a file layer for SQLite that fails on purpose, and
//! the files that a power cut leaves behind.

mod chance;
mod disk;
mod fault;
mod image;
mod layer;
mod log;
mod platter;
pub mod postgres;
mod tear;
#[expect(unsafe_code, reason = "SQLite knows a file layer as tables of C functions")]
mod vfs;

pub use chance::Chance;
pub use fault::{Call, Counts, Fault, Plan};
pub use image::Image;
pub use layer::FaultyDisk;
pub use log::Entry;
pub use platter::{FailedSync, Platter};
pub use tear::Tear;
