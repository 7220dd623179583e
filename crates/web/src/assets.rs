//! The stylesheet of the payer's pages and the script of the page that waits, served by this server under
//! names that change with their content.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// The stylesheet: `text/css; charset=utf-8`, unchanging under its path, so it may be cached for a year.
pub const STYLESHEET: &[u8] = include_bytes!("../assets/payer.css");

/// The path at which the pages expect [`STYLESHEET`]: `/assets/payer-<first 64 bits of its SHA-256>.css`.
pub fn stylesheet_path() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| format!("/assets/payer-{}.css", digest(STYLESHEET)));
    &PATH
}

/// The script of the page that waits for the bank: `text/javascript; charset=utf-8`, kept like the
/// stylesheet.
pub const FOLLOW_SCRIPT: &[u8] = include_bytes!("../assets/follow.js");

/// The path at which that page expects [`FOLLOW_SCRIPT`]: `/assets/follow-<first 64 bits of its SHA-256>.js`.
pub fn follow_script_path() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| format!("/assets/follow-{}.js", digest(FOLLOW_SCRIPT)));
    &PATH
}

fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
