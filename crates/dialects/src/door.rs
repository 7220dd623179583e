//! What every door shares: the engine, the public address, and the addresses of links.

use std::sync::Arc;

use kadi_engine::domain::id::LinkId;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::engine::Engine;

/// The engine and the address under which payers reach Kadi.
#[derive(Clone)]
pub struct Door {
    /// The engine.
    pub engine: Engine,
    /// Scheme, host and port, without a final slash.
    pub public_url: Arc<str>,
}

impl Door {
    /// The public code of a link.
    pub fn code(&self, link: LinkId) -> Result<String, Fault> {
        self.engine.keys().code().encode(link)
    }

    /// The link behind a public code, if it is one.
    pub fn link_of(&self, code: &str) -> Option<LinkId> {
        self.engine.keys().code().decode(code)
    }

    /// The address of a link's page, which is what customers get.
    pub fn page_url(&self, link: LinkId) -> Result<String, Fault> {
        Ok(self.page_url_of(&self.code(link)?))
    }

    /// The address of the page of the link with this code.
    pub fn page_url_of(&self, code: &str) -> String {
        format!("{}/p/{code}", self.public_url)
    }
}
