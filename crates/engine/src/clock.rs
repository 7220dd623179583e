//! The Kadi clock: real time plus the stored sandbox offset, never backwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kadi_domain::time::Timestamp;

use crate::nature::System;
use crate::ports::Nature;

/// The name of the stored offset.
pub const OFFSET_VALUE: &str = "clock_offset_ms";

/// Business time and real time.
#[derive(Debug)]
pub struct KadiClock {
    nature: Arc<dyn Nature>,
    offset_ms: AtomicI64,
    latest_ms: AtomicI64,
}

impl KadiClock {
    /// The system's clock with the stored offset.
    pub fn new(offset_ms: i64) -> Self {
        Self::of(Arc::new(System), offset_ms)
    }

    /// A clock with the stored offset to this real time.
    pub(crate) fn of(nature: Arc<dyn Nature>, offset_ms: i64) -> Self {
        Self { nature, offset_ms: AtomicI64::new(offset_ms), latest_ms: AtomicI64::new(0) }
    }

    /// Business time. A system clock that is set back makes it stand still, not go backwards.
    pub fn now(&self) -> Timestamp {
        let now = self.real_now().ms().saturating_add(self.offset_ms());
        Timestamp::from_ms(self.latest_ms.fetch_max(now, Ordering::AcqRel).max(now))
    }

    /// Real time, for leases, time-outs and rate limits.
    pub fn real_now(&self) -> Timestamp {
        self.nature.real_now()
    }

    /// The sandbox offset.
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::Acquire)
    }

    /// Takes over a stored offset; a smaller one than before is ignored.
    pub(crate) fn advance_to_offset(&self, offset_ms: i64) {
        self.offset_ms.fetch_max(offset_ms, Ordering::AcqRel);
    }
}
