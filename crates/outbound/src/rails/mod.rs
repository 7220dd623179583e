//! Rails: ways to take money.

mod sandbox;

pub use sandbox::{Deed, SandboxRail};
