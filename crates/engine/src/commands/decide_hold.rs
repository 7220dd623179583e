//! A merchant decides about held money.

use kadi_domain::follow_up::announce;
use kadi_domain::hold::{Settlement, decide};
use kadi_domain::id::{LinkId, MerchantId, PaymentId};
use kadi_domain::job::{Job, JobKey, JobKind};
use kadi_domain::link::LinkStatus;
use kadi_domain::merchant::Merchant;
use kadi_domain::moment::Moment;
use kadi_domain::payment::{HoldDecision, Payment};
use kadi_domain::refusal::{Fault, Refusal, Stop};
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// Applies held money to its link, or sends it back. Deciding the same twice changes nothing.
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
}

impl Command for DecideHold {
    type Reply = Payment;

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.links.insert(self.link_id);
        needs.payments.insert(self.payment_id);
        needs.subscriptions.insert(self.link_id);
        needs.merchants.insert(self.merchant_id);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let merchant = view.merchant(self.merchant_id)?;
        let before = view.payment(self.payment_id)?;
        if before.merchant_id != self.merchant_id || before.link_id != self.link_id {
            return Err(Refusal::HoldUnknown.into());
        }
        let done = decide(view.link(self.link_id)?.clone(), before.clone(), merchant, self.decision, moment)?;
        if done.payment == *before {
            return Ok(Decision::unchanged(done.payment));
        }
        let mut changes = Changes::default();
        let payment = write(done, view, merchant, &mut changes, moment)?;
        Ok(Decision { reply: payment, changes })
    }
}

/// Writes what a decision about held money changed.
pub(super) fn write(
    done: Settlement,
    view: &View,
    merchant: &Merchant,
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
    changes.links.changed.push(link);
    changes.payments.changed.push(done.payment.clone());
    Ok(done.payment)
}
