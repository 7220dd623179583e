//! What starts Kadi, what does not, and the reason that is then given.

mod keys;
mod settings;
