//! Fuzz targets: what the dialects read, part by part, and whole requests through the router.

mod checksum;
mod date;
mod json;
mod ntt;
mod number;
mod own_api;
mod paysharp;
mod paytm;
mod paytm_orders;
mod text;
mod web_address;
