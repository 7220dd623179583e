//! The HTTP server.

mod framing;
mod server;
mod watched;

pub(crate) use server::serve;
