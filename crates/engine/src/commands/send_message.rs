//! What became of a message that a worker handed to its provider.

use kadi_domain::event::EventKind;
use kadi_domain::follow_up::announce;
use kadi_domain::id::{LinkId, MerchantId, MessageId};
use kadi_domain::job::{JobKey, JobKind, next_delay_ms};
use kadi_domain::message::MessageState;
use kadi_domain::moment::Moment;
use kadi_domain::refusal::{Fault, Stop};
use kadi_domain::time::{HOUR_MS, MINUTE_MS, SECOND_MS};
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// When a message is tried again after its provider took nothing; over two days in all.
const DELAYS_MS: [i64; 9] = [
    10 * SECOND_MS,
    MINUTE_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    6 * HOUR_MS,
    12 * HOUR_MS,
    12 * HOUR_MS,
    24 * HOUR_MS,
];

/// The provider's word about a message.
#[derive(Clone, Debug)]
pub enum Sending {
    /// Accepted, with the provider's reference.
    Accepted(String),
    /// Refused for good, with the reason.
    Refused(String),
    /// Nothing is known to be accepted: try again.
    Later(String),
}

/// Records it; an accepted message is never sent again.
#[derive(Debug)]
pub struct RecordSending {
    /// Whose message.
    pub merchant_id: MerchantId,
    /// Which message.
    pub message_id: MessageId,
    /// Its link, where that had not been sent before: then it is, once the provider has accepted this.
    pub first_of: Option<LinkId>,
    /// The provider's word.
    pub sending: Sending,
}

impl RecordSending {
    const fn job_key(&self) -> JobKey {
        JobKey { kind: JobKind::SendMessage, subject: self.message_id.get() }
    }
}

impl RecordSending {
    /// Marks the link as sent, where this is its first message that a provider took.
    fn first_word(&self, view: &View, changes: &mut Changes, moment: &mut Moment<'_>) -> Result<(), Stop> {
        let Some(id) = self.first_of else { return Ok(()) };
        let (merchant, mut link) = (view.merchant(self.merchant_id)?, view.link(id)?.clone());
        if link.sent_at.is_some() || link.check_payable(moment.now).is_err() {
            return Ok(());
        }
        link.sent_at = Some(moment.now);
        let subscriptions = view.subscriptions_of(id)?;
        announce(&mut link, merchant, subscriptions, EventKind::LinkSent, None, changes, moment)?;
        changes.links.changed.push(link);
        Ok(())
    }
}

impl Command for RecordSending {
    type Reply = ();

    fn route(&self) -> Route {
        Route { lane: Lane::Job, merchant: self.merchant_id, meets: self.message_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.messages.insert(self.message_id);
        if let Some(link) = self.first_of {
            needs.links.insert(link);
            needs.subscriptions.insert(link);
            needs.merchants.insert(self.merchant_id);
        }
        needs.jobs.insert(self.job_key());
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let found = view.messages.get(&self.message_id)?;
        let mut message = found.cloned().ok_or_else(|| Fault::new("a message is missing"))?;
        let mut changes = Changes::default();
        let job = view.jobs.get(&self.job_key())?.cloned();
        let jitter = i64::from(moment.random::<1>()?[0]) % 101;
        let state = match &self.sending {
            Sending::Accepted(reference) => {
                MessageState::Sent { at: moment.now, reference: reference.clone() }
            }
            Sending::Refused(reason) => MessageState::Failed { at: moment.now, reason: reason.clone() },
            Sending::Later(reason) => {
                let tried = job.as_ref().map_or(1, |job| job.attempts).max(1);
                match (next_delay_ms(&DELAYS_MS, tried, jitter)?, job) {
                    (Some(delay), Some(job)) => {
                        changes.jobs.changed.push(job.again_at(moment.now.plus_ms(delay)));
                        return Ok(Decision { reply: (), changes });
                    }
                    (None, _) => MessageState::Failed { at: moment.now, reason: reason.clone() },
                    (Some(_), None) => return Ok(Decision::unchanged(())),
                }
            }
        };
        changes.jobs_done.push(self.job_key());
        if message.state == MessageState::Queued {
            if matches!(state, MessageState::Sent { .. }) {
                self.first_word(view, &mut changes, moment)?;
            }
            message.state = state;
            changes.messages.changed.push(message);
        }
        Ok(Decision { reply: (), changes })
    }
}
