//! What the tests stand on: the real engine behind the real router, in this process.

pub(crate) mod answer;
pub(crate) mod merchants;
pub(crate) mod nimbbl;
pub(crate) mod ntt;
pub(crate) mod ntt_account;
pub(crate) mod numbers;
pub(crate) mod paysharp;
pub(crate) mod paytm;
pub(crate) mod paytm_orders;
pub(crate) mod rail;
pub(crate) mod shop;
