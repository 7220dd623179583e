//! The check of all invariants that stored data can show: `kadi verify`.

mod deliveries;
mod entries;
mod events;
mod invoices;
mod payments;
mod rail;
mod refunds;
mod report;
mod seals;
mod sums;
mod walk;

pub use report::{Breach, Report};
pub use walk::{verify, verify_links};
