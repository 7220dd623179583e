//! A merchant decides about held money.

use kadi_domain::follow_up::announce;
use kadi_domain::hold::{Settlement, decide};
use kadi_domain::id::{LinkId, MerchantId, PaymentId};
use kadi_domain::job::{Job, JobKey, JobKind};
use kadi_domain::link::LinkStatus;
use kadi_domain::merchant::Merchant;
use kadi_domain::moment::Moment;
use kadi_domain::obligation::Obligation;
use kadi_domain::payment::{HoldDecision, Payment};
use kadi_domain::refusal::{Fault, Refusal, Stop};
use kadi_domain::settle::Parties;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use super::create_link::{Idempotency, Once};
use crate::command::{Command, Decision, Lane, Route};

/// Applies held money to its link, or sends it back, once for each idempotency key. Deciding the same twice
/// changes nothing.
#[derive(Debug)]
pub struct DecideHold {
    /// Who decides.
    pub merchant_id: MerchantId,
    /// The payment's link.
    pub link_id: LinkId,
    /// Whose money is held.
    pub payment_id: PaymentId,
    /// What becomes of it.
    pub decision: HoldDecision,
    /// The caller's key with the fingerprint of the request, if one was given.
    pub idempotency: Option<Idempotency>,
}

impl Command for DecideHold {
    type Reply = Once<Box<Payment>, PaymentId>;

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.obligations.insert(self.link_id);
        needs.links.insert(self.link_id);
        needs.payments.insert(self.payment_id);
        needs.subscriptions.insert(self.link_id);
        needs.splits.insert(self.link_id);
        needs.merchants.insert(self.merchant_id);
        needs.idempotency.extend(self.idempotency.map(|i| i.key(self.merchant_id)));
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let merchant = view.merchant(self.merchant_id)?;
        let before = view.payment(self.payment_id)?;
        if before.merchant_id != self.merchant_id || before.link_id != self.link_id {
            return Err(Refusal::HoldUnknown.into());
        }
        if let Some(idempotency) = self.idempotency
            && idempotency.earlier(merchant.id, view)?.is_some()
        {
            return Ok(Decision::unchanged(Once::Replayed(self.payment_id)));
        }
        let link = view.link(self.link_id)?.clone();
        let paid_by = view.obligation_paid_by(self.link_id)?;
        let parties = Parties { merchant, split: view.split_of(self.link_id)?, parts: &[], paid_by };
        let done = decide(link, before.clone(), &parties, self.decision, moment)?;
        let mut changes = Changes::default();
        if let Some(idempotency) = self.idempotency {
            let record = idempotency.record(self.link_id);
            changes.idempotency.push((idempotency.key(merchant.id), record));
        }
        let payment = if done.payment == *before {
            done.payment
        } else {
            write(done, view, merchant, &[], &mut changes, moment)?
        };
        Ok(Decision { reply: Once::Done(Box::new(payment)), changes })
    }
}

/// Counts a changed payment for the obligation of its link, after one in whose place it stands (`gone`), and
/// leaves a job that closes the other links.
pub(super) fn count_for_obligation(
    view: &View,
    gone: &[Payment],
    payment: &Payment,
    changes: &mut Changes,
    moment: &Moment<'_>,
) -> Result<(), Fault> {
    let Some(before) = view.obligation_of(payment.link_id)? else { return Ok(()) };
    let after = gone.iter().fold(before.clone(), Obligation::after).after(payment);
    if after.paid_by == before.paid_by {
        return Ok(());
    }
    if after.paid_by.is_some() {
        let (id, merchant) = (payment.id.get(), payment.merchant_id);
        changes.jobs.new.push(Job::new(JobKind::CloseLinks, id, merchant, moment.now));
    }
    changes.obligations.changed.push(after);
    Ok(())
}

/// Writes what a decision about held money changed.
pub(super) fn write(
    done: Settlement,
    view: &View,
    merchant: &Merchant,
    gone: &[Payment],
    changes: &mut Changes,
    moment: &mut Moment<'_>,
) -> Result<Payment, Fault> {
    let mut link = done.link;
    let subscriptions = view.subscriptions_of(link.id)?;
    for kind in done.events {
        let about = kind.is_payment().then_some(done.payment.id);
        announce(&mut link, merchant, subscriptions, kind, about, changes, moment)?;
        if matches!(link.status, LinkStatus::Completed { .. }) && !kind.is_payment() {
            changes.jobs_done.push(JobKey { kind: JobKind::ExpireLink, subject: link.id.get() });
        }
    }
    if let Some(refund) = done.refund {
        changes.jobs.new.push(Job::new(JobKind::RefundPayment, refund.id.get(), merchant.id, moment.now));
        changes.refunds.new.push(refund);
    }
    changes.entries.extend(done.entries);
    count_for_obligation(view, gone, &done.payment, changes, moment)?;
    changes.links.changed.push(link);
    changes.payments.changed.push(done.payment.clone());
    Ok(done.payment)
}
