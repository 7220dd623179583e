//! What people read outside a page: QR codes and the texts of messages.

pub mod message;
pub mod qr;
