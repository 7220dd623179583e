//! The worker: does the jobs that commits left behind, each under a lease, and seals the books.

mod deliveries;
mod due;
mod leases;
mod messages;
mod payments;
mod places;

pub(crate) use due::Worker;
