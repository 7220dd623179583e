//! What the tests share: peers in Python, certificates, HTTP servers on loopback.

pub(crate) mod certificates;
pub(crate) mod http_server;
pub(crate) mod peer;
pub(crate) mod smtp;
