//! The engine: commands are decided in batches, each batch is one commit, and every answer comes after it.

pub mod admission;
pub mod batch;
pub mod clock;
pub mod command;
pub mod commands;
pub mod engine;
pub mod faces;
pub mod give_back;
mod kept;
pub mod nature;
pub mod pace;
pub mod pay;
pub mod ports;
mod queue;
mod readers;
mod source;
mod state;
mod ticket;
pub mod unmatched;
pub mod watches;

pub use kadi_domain as domain;
pub use kadi_store::{AccountSum, EntryPlace, OwedSum, PaymentPage, Reader, Trouble};
