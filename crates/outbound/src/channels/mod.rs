//! The ways in which a message reaches a person.

pub mod mail;
pub mod sandbox;
pub mod smtp;
