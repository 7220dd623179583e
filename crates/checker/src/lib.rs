//! An oracle from outside: it kills the server at bad moments, and holds it to every answer that it gave.

pub mod command;

mod arguments;
mod attempts;
mod campaign;
mod counts;
mod desk;
mod endpoint;
mod hand;
mod heard;
mod http;
mod inspection;
mod journal;
mod judge;
mod killer;
mod line;
mod merchants;
mod migration;
mod model;
mod random;
mod reports;
mod sender;
mod server;
mod shown;
mod signing;
mod unanswered;
