//! Translators between the payment-link APIs of the vendors, Kadi's own API, and the engine.

pub mod accounts;
pub mod calls;
pub mod door;
pub mod file_fault;
pub mod native;
pub mod nimbbl;
pub mod ntt;
pub mod paysharp;
pub mod paytm;
pub mod shared;
pub mod table;
pub mod telling;
