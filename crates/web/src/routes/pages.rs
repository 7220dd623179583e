//! What the pages work with.

use std::sync::Arc;

use kadi_engine::engine::Engine;
use kadi_engine::ports::{Rail, ReturnForms};
use tokio::sync::watch;

use super::addresses::Addresses;

/// The largest form of a page, in bytes.
pub(super) const FORM_BYTES_MAX: usize = 4 * 1024;
/// The largest form with a payer's answers, in bytes: fifty fields of a thousand characters, each of up to
/// twelve bytes in a form.
pub(super) const ANSWERS_BYTES_MAX: usize = 640 * 1024;

/// What the pages need.
pub struct Pages {
    /// The engine.
    pub engine: Engine,
    /// The rail that takes the money.
    pub rail: Arc<dyn Rail>,
    /// The forms that dialects post to merchants.
    pub return_forms: Arc<dyn ReturnForms>,
    /// Becomes true when the server stops: streams end then.
    pub stopping: watch::Receiver<bool>,
    /// Payers reach the pages by https.
    pub is_https: bool,
    /// Scheme, host and port where payers reach the pages, without a final slash.
    pub public_url: String,
    pub(super) addresses: Addresses,
}

impl Pages {
    /// Pages of a server; `public_url` is where payers reach them.
    pub fn new(
        engine: Engine,
        rail: Arc<dyn Rail>,
        return_forms: Arc<dyn ReturnForms>,
        stopping: watch::Receiver<bool>,
        public_url: &str,
    ) -> Self {
        let is_https = public_url.starts_with("https://");
        let public_url = public_url.to_owned();
        let addresses = Addresses::default();
        Self { engine, rail, return_forms, stopping, is_https, public_url, addresses }
    }
}
