//! The rail has no word about a payment: ask again later, and end the reservation when its time is over.

use kadi_domain::id::{LinkId, MerchantId, PaymentId};
use kadi_domain::job::{JobKey, JobKind};
use kadi_domain::moment::Moment;
use kadi_domain::payment::Payment;
use kadi_domain::refusal::Stop;
use kadi_domain::settle::end_reservation;
use kadi_domain::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// When a payment without a last word is asked about again; the last delay repeats.
const CHECK_DELAYS_MS: [i64; 6] = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS];
/// For so long after its start a payment is asked about.
const CHECKED_FOR_MS: i64 = 30 * DAY_MS;

/// Keeps a payment open after a check without a last word.
#[derive(Debug)]
pub struct KeepWaiting {
    /// Whose payment.
    pub merchant_id: MerchantId,
    /// The payment's link.
    pub link_id: LinkId,
    /// Which payment.
    pub payment_id: PaymentId,
}

impl KeepWaiting {
    const fn check_key(&self) -> JobKey {
        JobKey { kind: JobKind::CheckPayment, subject: self.payment_id.get() }
    }
}

impl Command for KeepWaiting {
    type Reply = Payment;

    fn route(&self) -> Route {
        Route { lane: Lane::Job, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.links.insert(self.link_id);
        needs.payments.insert(self.payment_id);
        needs.jobs.insert(self.check_key());
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let mut payment = view.payment(self.payment_id)?.clone();
        let mut changes = Changes::default();
        let Some(job) = view.jobs.get(&self.check_key())?.cloned() else {
            return Ok(Decision::unchanged(payment));
        };
        if payment.reserved_until.is_some_and(|until| until <= moment.now) {
            let (link, ended) = end_reservation(view.link(self.link_id)?.clone(), payment)?;
            payment = ended;
            changes.links.changed.push(link);
            changes.payments.changed.push(payment.clone());
        }
        let is_over = payment.created_at.plus_ms(CHECKED_FOR_MS) <= moment.now;
        if is_over && payment.reserved_until.is_none() {
            tracing::error!(
                payment = payment.id.get(),
                "the rail had no word for 30 days; it is not asked any more"
            );
            changes.jobs_done.push(job.key);
        } else {
            let at = usize::try_from(job.attempts - 1).unwrap_or(0).min(CHECK_DELAYS_MS.len() - 1);
            let delay = CHECK_DELAYS_MS.get(at).copied().unwrap_or(DAY_MS);
            let next = moment.now.plus_ms(delay);
            let due = payment.reserved_until.map_or(next, |until| next.min(until));
            changes.jobs.changed.push(job.again_at(due));
        }
        Ok(Decision { reply: payment, changes })
    }
}
