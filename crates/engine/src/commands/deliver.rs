//! What became of a delivery that a worker sent to the merchant's endpoint.

use kadi_domain::delivery::DeliveryState;
use kadi_domain::id::{DeliveryId, MerchantId};
use kadi_domain::job::{JobKey, JobKind, next_delay_ms};
use kadi_domain::moment::Moment;
use kadi_domain::refusal::{Fault, Stop};
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// The endpoint's word about a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Accepted.
    Accepted,
    /// Not accepted: try again.
    Again,
    /// Gone, or not to be called: never try again by itself.
    Gone,
}

/// Records it: delivered, tried again after the dialect's table, or parked.
#[derive(Debug)]
pub struct RecordDelivery {
    /// Whose delivery.
    pub merchant_id: MerchantId,
    /// Which delivery.
    pub delivery_id: DeliveryId,
    /// The endpoint's word.
    pub verdict: Verdict,
    /// The HTTP status of its answer, if there was one.
    pub status: Option<i64>,
    /// How its answer began, as text.
    pub answer: Option<String>,
    /// The dialect's table of delays in milliseconds.
    pub delays_ms: &'static [i64],
}

impl RecordDelivery {
    const fn job_key(&self) -> JobKey {
        JobKey { kind: JobKind::Deliver, subject: self.delivery_id.get() }
    }
}

impl Command for RecordDelivery {
    type Reply = ();

    fn route(&self) -> Route {
        Route { lane: Lane::Job, merchant: self.merchant_id, meets: self.delivery_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.deliveries.insert(self.delivery_id);
        needs.jobs.insert(self.job_key());
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let found = view.deliveries.get(&self.delivery_id)?;
        let mut delivery = found.cloned().ok_or_else(|| Fault::new("a delivery is missing"))?;
        let mut changes = Changes::default();
        let job = view.jobs.get(&self.job_key())?.cloned();
        if delivery.state != DeliveryState::Waiting {
            changes.jobs_done.push(self.job_key());
            return Ok(Decision { reply: (), changes });
        }
        delivery.attempts += 1;
        delivery.last_status = self.status;
        delivery.last_answer = self.answer.clone();
        let jitter = i64::from(moment.random::<1>()?[0]) % 201 - 100;
        let next = next_delay_ms(self.delays_ms, delivery.attempts, jitter)?;
        match (self.verdict, next, job) {
            (Verdict::Again, Some(delay), Some(job)) => {
                changes.jobs.changed.push(job.again_at(moment.now.plus_ms(delay)));
            }
            (Verdict::Accepted, ..) => {
                delivery.state = DeliveryState::Delivered { at: moment.now };
                changes.jobs_done.push(self.job_key());
            }
            (Verdict::Again | Verdict::Gone, ..) => {
                delivery.state = DeliveryState::Parked { at: moment.now };
                changes.jobs_done.push(self.job_key());
            }
        }
        changes.deliveries.changed.push(delivery);
        Ok(Decision { reply: (), changes })
    }
}
