//! What a command is: it names what it needs, decides from what was loaded, and returns its changes as a
//! value.

use kadi_domain::id::MerchantId;
use kadi_domain::moment::Moment;
use kadi_domain::refusal::{Fault, Refusal, Stop};
use kadi_domain::seal::Keyring;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

/// One thing that a person, a rail or a job can ask for.
pub trait Command: Send + 'static {
    /// What the caller hears when it succeeds.
    type Reply: Send + 'static;

    /// Where the command waits, and which commands it must meet in one batcher.
    fn route(&self) -> Route;

    /// Adds the records that it reads or changes.
    fn needs(&self, needs: &mut Needs);

    /// Adds the records that are found by the blind index of a contact. Where no index can be made, `decide`
    /// finds that nothing was asked for.
    fn needs_by_index(&self, _keys: &Keyring, _needs: &mut Needs) {}

    /// Decides. No effect but the returned changes: it may be called again with fresh records.
    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop>;
}

/// A decision: the answer, and the changes that make it true once they are committed.
#[derive(Debug)]
pub struct Decision<R> {
    /// The answer.
    pub reply: R,
    /// The changes.
    pub changes: Changes,
}

impl<R> Decision<R> {
    /// A decision that changes nothing.
    pub fn unchanged(reply: R) -> Self {
        Self { reply, changes: Changes::default() }
    }
}

/// Where a command waits and whom it must meet.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// Its lane.
    pub lane: Lane,
    /// On whose behalf, for a fair share; 0 for the installation itself.
    pub merchant: MerchantId,
    /// Commands that may touch one record have the same number (a link's id, a hash of a reference).
    pub meets: i64,
}

/// Lanes of waiting commands, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// What rails say.
    Outcome,
    /// What merchants, payers and administrators ask for.
    Request,
    /// Facts about pages: openings.
    Page,
    /// Jobs and bulk work.
    Job,
}

/// Why a command has no reply. Every door answers all five.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A rule said no.
    Refused(Refusal),
    /// Too much is waiting; nothing was done.
    Busy,
    /// The store does not answer; nothing was done.
    Unavailable,
    /// It may or may not have been done.
    Unknown,
    /// Something is broken; nothing was done.
    Broken(Fault),
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(refusal) => Self::Refused(refusal),
            Stop::Broken(fault) => Self::Broken(fault),
        }
    }
}
