//! What people read outside a page: QR codes, the texts of messages and invoices, and how these and the pages
//! write amounts and times.

pub mod invoice;
pub mod lang;
pub mod message;
pub mod money;
pub mod qr;
pub mod when;
