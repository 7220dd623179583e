//! A rail said something about a payment: its answer, its notice, or what it says when asked.

use kadi_domain::follow_up::announce;
use kadi_domain::id::{LinkId, MerchantId, PaymentId};
use kadi_domain::job::{Job, JobKey, JobKind};
use kadi_domain::link::LinkStatus;
use kadi_domain::moment::Moment;
use kadi_domain::payment::Payment;
use kadi_domain::rail::Report;
use kadi_domain::refusal::Stop;
use kadi_domain::settle::settle;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// Applies a rail's report to payment, link and books. Recording one twice changes nothing.
#[derive(Debug)]
pub struct RecordReport {
    /// Whose payment.
    pub merchant_id: MerchantId,
    /// The payment's link.
    pub link_id: LinkId,
    /// Which payment.
    pub payment_id: PaymentId,
    /// What the rail said.
    pub report: Report,
}

impl RecordReport {
    /// The report about a stored payment.
    pub const fn about(payment: &Payment, report: Report) -> Self {
        let Payment { id, link_id, merchant_id, .. } = payment;
        Self { merchant_id: *merchant_id, link_id: *link_id, payment_id: *id, report }
    }

    const fn check_key(&self) -> JobKey {
        JobKey { kind: JobKind::CheckPayment, subject: self.payment_id.get() }
    }
}

impl Command for RecordReport {
    type Reply = Payment;

    fn route(&self) -> Route {
        Route { lane: Lane::Outcome, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.links.insert(self.link_id);
        needs.payments.insert(self.payment_id);
        needs.subscriptions.insert(self.link_id);
        needs.merchants.insert(self.merchant_id);
        needs.jobs.insert(self.check_key());
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let merchant = view.merchant(self.merchant_id)?;
        let (before_link, before) = (view.link(self.link_id)?, view.payment(self.payment_id)?);
        let settled = settle(before_link.clone(), before.clone(), merchant, &self.report, moment)?;
        let mut changes = Changes::default();
        let mut link = settled.link;
        let subscriptions = view.subscriptions_of(link.id)?;
        for kind in settled.events {
            let payment = kind.is_payment().then_some(settled.payment.id);
            announce(&mut link, merchant, subscriptions, kind, payment, &mut changes, moment)?;
        }
        self.follow_jobs(view, &settled.payment, settled.ask_rail, &mut changes, moment)?;
        if link.status != before_link.status && link.status != LinkStatus::Active {
            changes.jobs_done.push(JobKey { kind: JobKind::ExpireLink, subject: link.id.get() });
        }
        if let (LinkStatus::Active, Some(end)) = (link.status, link.expires_at)
            && link.status != before_link.status
        {
            changes.jobs.new.push(Job::new(JobKind::ExpireLink, link.id.get(), merchant.id, end));
        }
        changes.entries = settled.entries;
        if link != *before_link {
            changes.links.changed.push(link);
        }
        if settled.payment != *before {
            changes.payments.changed.push(settled.payment.clone());
        }
        Ok(Decision { reply: settled.payment, changes })
    }
}

impl RecordReport {
    /// A payment with the rail's last word needs no more checks, unless the rail contradicts itself.
    fn follow_jobs(
        &self,
        view: &View,
        payment: &Payment,
        ask_rail: bool,
        changes: &mut Changes,
        moment: &Moment<'_>,
    ) -> Result<(), Stop> {
        let check = view.jobs.get(&self.check_key())?;
        match (ask_rail, check) {
            (true, None) => {
                let due = moment.now.plus_ms(moment.setup.check_after_ms);
                changes.jobs.new.push(Job::new(JobKind::CheckPayment, payment.id.get(), payment.merchant_id, due));
            }
            (false, Some(_)) if !payment.state.is_open() => changes.jobs_done.push(self.check_key()),
            (true, Some(_)) | (false, Some(_) | None) => {}
        }
        Ok(())
    }
}
