//! The store's tests: one suite of functions over a store, run on each store that there is.

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod log;
#[cfg(test)]
mod paging;
#[cfg(test)]
mod questions;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod round_trips;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod seal_trips;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod store;
#[cfg(test)]
mod suite;
#[cfg(test)]
mod transactions;
#[cfg(test)]
mod verify;
#[cfg(test)]
mod world;
