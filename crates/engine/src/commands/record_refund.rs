//! A rail said something about a refund, or nothing: its answer, its notice, or its silence.

use kadi_domain::follow_up::announce_refund;
use kadi_domain::id::{LinkId, MerchantId, PaymentId, RefundId};
use kadi_domain::job::{Job, JobKey, JobKind};
use kadi_domain::moment::Moment;
use kadi_domain::rail::RefundReport;
use kadi_domain::refund::{Refund, RefundState, Refundable, settle_refund};
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// When a refund without a last word is asked about again; the last delay repeats for as long as it takes.
const ASK_DELAYS_MS: [i64; 6] = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS];

/// Applies a rail's report to refund, payment, link and books. Recording one twice changes nothing.
#[derive(Debug)]
pub struct RecordRefund {
    /// Whose refund.
    pub merchant_id: MerchantId,
    /// The payment's link.
    pub link_id: LinkId,
    /// Whose money goes back.
    pub payment_id: PaymentId,
    /// Which refund.
    pub refund_id: RefundId,
    /// What the rail said.
    pub report: RefundReport,
    /// Did it say so when it was asked?
    pub was_asked: bool,
}

impl RecordRefund {
    /// The report about a stored refund that came by a notice.
    pub const fn about(refund: &Refund, report: RefundReport) -> Self {
        let Refund { id, payment_id, link_id, merchant_id, .. } = refund;
        Self {
            merchant_id: *merchant_id,
            link_id: *link_id,
            payment_id: *payment_id,
            refund_id: *id,
            report,
            was_asked: false,
        }
    }

    /// What the rail answered when it was asked for or about a stored refund.
    pub const fn answering(refund: &Refund, report: RefundReport) -> Self {
        let mut answer = Self::about(refund, report);
        answer.was_asked = true;
        answer
    }

    const fn job_key(&self) -> JobKey {
        JobKey { kind: JobKind::RefundPayment, subject: self.refund_id.get() }
    }
}

impl Command for RecordRefund {
    type Reply = Refund;

    fn route(&self) -> Route {
        Route { lane: Lane::Outcome, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.links.insert(self.link_id);
        needs.payments.insert(self.payment_id);
        needs.refunds.insert(self.refund_id);
        needs.split_parts.insert((self.link_id, self.payment_id));
        needs.split_refunds.insert((self.link_id, self.refund_id));
        needs.subscriptions.insert(self.link_id);
        needs.merchants.insert(self.merchant_id);
        needs.jobs.insert(self.job_key());
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let merchant = view.merchant(self.merchant_id)?;
        let (old_link, old) = (view.link(self.link_id)?, view.payment(self.payment_id)?);
        let before = view.refund(self.refund_id)?;
        let (parts_key, children_key) = ((self.link_id, self.payment_id), (self.link_id, self.refund_id));
        let parts = view.split_parts.get(&parts_key)?.cloned().unwrap_or_default();
        let children = view.split_refunds.get(&children_key)?.cloned().unwrap_or_default();
        let paid = Refundable { link: old_link.clone(), payment: old.clone(), parts: parts.clone() };
        let (report, was_asked) = (&self.report, self.was_asked);
        let done =
            settle_refund(paid, before.clone(), children.clone(), merchant, report, was_asked, moment)?;
        let mut changes = Changes::default();
        if done.parts != parts {
            changes.split_parts.changed.push((parts_key, done.parts));
        }
        if done.children != children {
            changes.split_refunds.changed.push((children_key, done.children));
        }
        let mut link = done.link;
        if let Some(kind) = done.event {
            let subscriptions = view.subscriptions_of(link.id)?;
            announce_refund(&mut link, merchant, subscriptions, kind, before.id, &mut changes, moment)?;
        }
        // That the rail does not know yet is no last word, also about a refund that was booked by one.
        let is_answer = was_asked && self.report != RefundReport::Pending;
        let is_over = done.refund.state != RefundState::Pending && !done.ask_rail;
        match view.jobs.get(&self.job_key())? {
            // A contradiction is settled by asking, not by the next notice that happens to agree.
            Some(job) if is_over && (is_answer || before.state == RefundState::Pending) => {
                changes.jobs_done.push(job.key);
            }
            Some(job) if done.ask_rail && job.leased_until.is_none() => {
                changes.jobs.changed.push(job.clone().again_at(moment.now));
            }
            None if done.ask_rail => {
                let id = self.refund_id.get();
                changes.jobs.new.push(Job::new(JobKind::RefundPayment, id, merchant.id, moment.now));
            }
            Some(_) | None => {}
        }
        changes.entries = done.entries;
        if link != *old_link {
            changes.links.changed.push(link);
        }
        if done.payment != *old {
            changes.payments.changed.push(done.payment);
        }
        if done.refund != *before {
            changes.refunds.changed.push(done.refund.clone());
        }
        Ok(Decision { reply: done.refund, changes })
    }
}

/// The rail has no last word about a refund: ask again later.
#[derive(Debug)]
pub struct KeepAsking {
    /// Whose refund.
    pub merchant_id: MerchantId,
    /// Which refund.
    pub refund_id: RefundId,
}

impl Command for KeepAsking {
    type Reply = ();

    fn route(&self) -> Route {
        Route { lane: Lane::Job, merchant: self.merchant_id, meets: self.refund_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.jobs.insert(JobKey { kind: JobKind::RefundPayment, subject: self.refund_id.get() });
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let key = JobKey { kind: JobKind::RefundPayment, subject: self.refund_id.get() };
        let job = view.jobs.get(&key)?.ok_or(Refusal::JobNotDue)?.clone();
        let at = usize::try_from(job.attempts - 1).unwrap_or(0);
        let delay = ASK_DELAYS_MS.get(at).copied().unwrap_or(DAY_MS);
        let mut changes = Changes::default();
        changes.jobs.changed.push(job.again_at(moment.now.plus_ms(delay)));
        Ok(Decision { reply: (), changes })
    }
}
