//! An obligation was paid: its other links take no more payments.

use kadi_domain::event::EventKind;
use kadi_domain::follow_up::announce;
use kadi_domain::id::{LinkId, MerchantId, PaymentId};
use kadi_domain::job::{JobKey, JobKind};
use kadi_domain::moment::Moment;
use kadi_domain::obligation::close;
use kadi_domain::refusal::Stop;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// Closes the links of a paid obligation that are still active; that they take no payment was true from the
/// capture on. Where the capture has been taken back since, they stay as they are.
#[derive(Debug)]
pub struct CloseLinks {
    /// Whose links.
    pub merchant_id: MerchantId,
    /// The payment that counts, the job's subject.
    pub payment_id: PaymentId,
    /// Its link.
    pub paid_link_id: LinkId,
    /// The links of the obligation that were active when it was looked.
    pub link_ids: Vec<LinkId>,
}

impl Command for CloseLinks {
    type Reply = ();

    fn route(&self) -> Route {
        Route { lane: Lane::Job, merchant: self.merchant_id, meets: self.paid_link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.obligations.insert(self.paid_link_id);
        needs.links.extend(&self.link_ids);
        needs.subscriptions.extend(&self.link_ids);
        needs.merchants.insert(self.merchant_id);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let mut changes = Changes::default();
        changes.jobs_done.push(JobKey { kind: JobKind::CloseLinks, subject: self.payment_id.get() });
        let counts = view.obligation_paid_by(self.paid_link_id)?;
        if counts != Some(self.payment_id) {
            return Ok(Decision { reply: (), changes });
        }
        let merchant = view.merchant(self.merchant_id)?;
        for id in self.link_ids.iter().filter(|id| **id != self.paid_link_id) {
            let Some(mut link) = close(view.link(*id)?.clone(), moment.now) else { continue };
            let subscriptions = view.subscriptions_of(link.id)?;
            let told = EventKind::LinkCancelled;
            announce(&mut link, merchant, subscriptions, told, None, &mut changes, moment)?;
            changes.jobs_done.push(JobKey { kind: JobKind::ExpireLink, subject: link.id.get() });
            changes.links.changed.push(link);
        }
        Ok(Decision { reply: (), changes })
    }
}
