//! What is known of a store that does not answer, until it answers again.

use std::sync::{Mutex, PoisonError};

/// The store's trouble, if there is one.
#[derive(Debug, Default)]
pub(crate) struct StoreState {
    trouble: Mutex<Option<String>>,
}

impl StoreState {
    /// The store did not answer. Told once in the log, however many ask meanwhile.
    pub(crate) fn is_down(&self, what: &str) {
        let before = self.trouble.lock().unwrap_or_else(PoisonError::into_inner).replace(what.to_owned());
        if before.is_none() {
            tracing::error!(%what, "the store does not answer");
        } else {
            tracing::debug!(%what, "the store still does not answer");
        }
    }

    /// The store answered, reading and writing.
    pub(crate) fn is_up(&self) {
        if self.trouble.lock().unwrap_or_else(PoisonError::into_inner).take().is_some() {
            tracing::info!("the store answers again");
        }
    }

    /// What is wrong.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
