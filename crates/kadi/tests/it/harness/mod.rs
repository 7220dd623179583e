//! What every test stands on: the built server, the official libraries, and listeners of the test's own.

pub(crate) mod browser;
pub(crate) mod disk;
pub(crate) mod http;
pub(crate) mod load;
pub(crate) mod mail;
pub(crate) mod nimbbl;
pub(crate) mod ntt;
pub(crate) mod outage;
pub(crate) mod own_api;
pub(crate) mod paysharp;
pub(crate) mod paytm;
pub(crate) mod paytm_orders;
pub(crate) mod peers;
pub(crate) mod receiver;
pub(crate) mod sandbox;
pub(crate) mod server;
pub(crate) mod shop;
pub(crate) mod size;
pub(crate) mod wait;
