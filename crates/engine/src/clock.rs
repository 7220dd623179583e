//! The Kadi clock: real time plus the stored sandbox offset, never backwards.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use kadi_domain::time::Timestamp;

/// The name of the stored offset.
pub const OFFSET_VALUE: &str = "clock_offset_ms";

/// Business time and real time.
#[derive(Debug, Default)]
pub struct KadiClock {
    offset_ms: AtomicI64,
    latest_ms: AtomicI64,
}

impl KadiClock {
    /// A clock with the stored offset.
    pub const fn new(offset_ms: i64) -> Self {
        Self { offset_ms: AtomicI64::new(offset_ms), latest_ms: AtomicI64::new(0) }
    }

    /// Business time. A system clock that is set back makes it stand still, not go backwards.
    pub fn now(&self) -> Timestamp {
        let now = self.real_now().ms().saturating_add(self.offset_ms());
        Timestamp::from_ms(self.latest_ms.fetch_max(now, Ordering::AcqRel).max(now))
    }

    /// Real time, for leases, time-outs and rate limits.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    pub fn real_now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
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
