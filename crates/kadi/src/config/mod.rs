//! The configuration: options, variables and file made into one checked whole, and the file of keys.

mod address;
mod fault;
mod file;
mod keys;
mod settings;
mod smtp;
#[cfg(test)]
mod tests;

pub(crate) use address::default_public_url;
pub(crate) use keys::KeysFile;
pub(crate) use settings::{DATABASE_FILE, Places, Settings};
