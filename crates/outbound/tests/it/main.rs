//! Tests of kadi-outbound against real peers: sockets, TLS, an SMTP server, the official webhook library.
#![cfg(test)]

mod address;
mod fuzz;
mod guard;
mod http;
mod http_tls;
mod retry;
mod smtp_content;
mod smtp_faults;
mod smtp_settings;
mod support;
