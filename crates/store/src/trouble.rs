//! What can go wrong between a batch and its store, sorted by what the engine does about it.

use kadi_domain::refusal::Fault;

/// Why a store did not do what it was asked for. Texts name tables and settings, never a person's data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Another writer was faster (unique violation, busy, stale version): load and decide again.
    #[error("again: {0}")]
    Again(String),
    /// One of the batch's rows can never be stored (a constraint, a value too large): find it and leave it
    /// out.
    #[error("cannot be stored: {0}")]
    Poison(String),
    /// The store cannot be used now: it cannot be opened, the disk failed or is full.
    #[error("store unavailable: {0}")]
    Down(String),
    /// A stored row is corrupt, or a statement is wrong.
    #[error("broken: {0}")]
    Broken(Fault),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Broken(fault)
    }
}

/// How a batch ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commit {
    /// All of it is stored and durable.
    Committed,
    /// None of it is stored.
    Aborted(Trouble),
    /// Nobody knows: drop the session, open another and ask [`crate::session::Session::has_mark`].
    Unknown(String),
}
