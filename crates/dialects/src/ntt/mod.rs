//! NTT DATA's link API: so far the merchant's account, which the merchant file may already hold.

pub mod crypt;
pub mod settings;
