//! Jobs: work that leaves the process, written in the commit that caused it, done later under a lease.

use crate::id::MerchantId;
use crate::refusal::{Fault, Refusal};
use crate::time::Timestamp;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobKind {
    /// Send the message with this id.
    SendMessage,
    /// Send the delivery with this id.
    Deliver,
    /// Ask the rail about the payment with this id.
    CheckPayment,
    /// Write the event of the link with this id whose time is over.
    ExpireLink,
    /// Let the sandbox rail send its next notice about the payment with this id.
    RailNotice,
    /// Ask the rail for the refund with this id, or about it.
    RefundPayment,
    /// Close the other links of the obligation that the payment with this id has paid.
    CloseLinks,
}

impl JobKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::SendMessage,
        Self::Deliver,
        Self::CheckPayment,
        Self::ExpireLink,
        Self::RailNotice,
        Self::RefundPayment,
        Self::CloseLinks,
    ];
}

/// A job's identity: there is at most one job of a kind for one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobKey {
    /// What is to be done.
    pub kind: JobKind,
    /// The id of the record it is done to.
    pub subject: i64,
}

/// A job as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its identity.
    pub key: JobKey,
    /// On whose behalf.
    pub merchant_id: MerchantId,
    /// When it is due, on the Kadi clock.
    pub due_at: Timestamp,
    /// How often it was begun.
    pub attempts: i64,
    /// Until when a worker has it, in real time.
    pub leased_until: Option<Timestamp>,
}

impl Job {
    /// A new job.
    pub const fn new(kind: JobKind, subject: i64, merchant_id: MerchantId, due_at: Timestamp) -> Self {
        Self { key: JobKey { kind, subject }, merchant_id, due_at, attempts: 0, leased_until: None }
    }

    /// Takes the job `until` then, in real time; refused where it is not due or another worker has it.
    pub fn lease(mut self, now: Timestamp, real_now: Timestamp, until: Timestamp) -> Result<Self, Refusal> {
        if self.due_at > now || self.leased_until.is_some_and(|until| until > real_now) {
            return Err(Refusal::JobNotDue);
        }
        self.leased_until = Some(until);
        self.attempts += 1;
        Ok(self)
    }

    /// Gives the job back, due again at `due_at`.
    pub const fn again_at(mut self, due_at: Timestamp) -> Self {
        self.due_at = due_at;
        self.leased_until = None;
        self
    }
}

/// The delay before try number `attempts + 1`, from a table of delays in milliseconds; none when the table is
/// used up. `jitter_permille` between -100 and 100 spreads retries by a tenth.
pub fn next_delay_ms(table: &[i64], attempts: i64, jitter_permille: i64) -> Result<Option<i64>, Fault> {
    let at = usize::try_from(attempts - 1).map_err(|_| Fault::new("a retry before the first try"))?;
    Ok(table.get(at).map(|&delay| delay + delay / 1_000 * jitter_permille))
}
