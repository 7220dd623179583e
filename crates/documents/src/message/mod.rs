//! The texts of messages to customers.

mod html;
mod invoice_words;
mod one_time_code;
mod payment_request;
mod phone;
mod plain_words;
mod receipt;
mod texts;

pub use invoice_words::InvoiceWords;
pub use one_time_code::{CodeMessage, one_time_code};
pub use payment_request::{PaymentRequest, payment_request};
pub use plain_words::{one_line, plain_words};
pub use receipt::{Receipt, receipt};
pub use texts::{Texts, TimeWords};
