//! The texts of messages to customers.

mod html;
mod payment_request;
mod phone;
mod plain_words;

pub use payment_request::{Expiry, PaymentRequest, Texts, payment_request};
pub use plain_words::{one_line, plain_words};
