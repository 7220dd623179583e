//! The store's tests: one suite of functions over a store, run on each store that there is.

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod backups;
#[cfg(test)]
mod behind;
#[cfg(test)]
mod cell;
#[cfg(test)]
mod charge_trips;
#[cfg(test)]
mod edit_trips;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod half_batches;
#[cfg(test)]
mod invoice_trips;
#[cfg(test)]
mod log;
#[cfg(test)]
mod lonely;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod obligation_trips;
#[cfg(test)]
mod paging;
#[cfg(test)]
mod payer_trips;
#[cfg(test)]
mod places;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod postgres_errors;
#[cfg(test)]
mod postgres_settings;
#[cfg(test)]
mod questions;
#[cfg(test)]
mod refund_trips;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod release;
#[cfg(test)]
mod released;
#[cfg(test)]
mod restores;
#[cfg(test)]
mod risk_trips;
#[cfg(test)]
mod round_trips;
#[cfg(test)]
mod sample;
mod sample_sandbox;
#[cfg(test)]
mod schemas;
#[cfg(test)]
mod seal_trips;
#[cfg(test)]
mod searches;
#[cfg(test)]
mod sentinels;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod store;
#[cfg(test)]
mod suite;
#[cfg(test)]
mod transactions;
#[cfg(test)]
mod unknown_ends;
#[cfg(test)]
mod verify;
#[cfg(test)]
mod world;
#[cfg(test)]
mod world_edits;
#[cfg(test)]
mod world_holds;
#[cfg(test)]
mod world_invoices;
#[cfg(test)]
mod world_obligations;
#[cfg(test)]
mod world_parts;
#[cfg(test)]
mod world_payers;
#[cfg(test)]
mod world_refunds;
