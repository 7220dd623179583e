//! What calls the world: rails, message channels, and the one guarded HTTP client.

pub mod channels;
pub mod http;
pub mod rails;
pub mod retry;
pub mod tls;
