//! What an engine takes from the system: real time and randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use kadi_domain::refusal::Fault;
use kadi_domain::time::Timestamp;

use crate::ports::Nature;

/// The system's clock and its random source.
#[derive(Clone, Copy, Debug)]
pub struct System;

impl Nature for System {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    fn real_now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place where the engine draws randomness")]
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        getrandom::fill(bytes).map_err(|error| Fault::new(format!("the system has no randomness: {error}")))
    }
}
