//! The one stylesheet of the payer's pages, served by this server under a name that changes with its content.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// The stylesheet: `text/css; charset=utf-8`, unchanging under its path, so it may be cached for a year.
pub const STYLESHEET: &[u8] = include_bytes!("../assets/payer.css");

/// The path at which the pages expect [`STYLESHEET`]: `/assets/payer-<first 64 bits of its SHA-256>.css`.
pub fn stylesheet_path() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| {
        let digest: String =
            Sha256::digest(STYLESHEET).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("/assets/payer-{digest}.css")
    });
    &PATH
}
