//! A merchant sends a link again.

use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::moment::Moment;
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::resend::{Resend, resend};
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use super::create_link::Idempotency;
use crate::command::{Command, Decision, Lane, Route};

/// Sends an active link of the merchant again; the answer is how often that has been done.
#[derive(Debug)]
pub struct ResendLink {
    /// Who asks.
    pub merchant_id: MerchantId,
    /// Which link.
    pub link_id: LinkId,
    /// By which channels, and how often it may be done.
    pub asked: Resend,
    /// What is left behind with the first resend that bears it, for a door that must know such a request
    /// again ([`Idempotency::earlier_now`]). A resend that bears it once more is carried out all the same.
    pub mark: Option<Idempotency>,
}

impl Command for ResendLink {
    type Reply = i64;

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.links.insert(self.link_id);
        needs.subscriptions.insert(self.link_id);
        needs.merchants.insert(self.merchant_id);
        needs.idempotency.extend(self.mark.map(|mark| mark.key(self.merchant_id)));
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let merchant = view.merchant(self.merchant_id)?;
        let link = view.link(self.link_id)?;
        if link.merchant_id != self.merchant_id {
            return Err(Refusal::LinkUnknown.into());
        }
        let subscriptions = view.subscriptions_of(link.id)?;
        let (link, mut changes) = resend(link.clone(), merchant, subscriptions, &self.asked, moment)?;
        if let Some(mark) = self.mark
            && mark.earlier_record(merchant.id, view)?.is_none()
        {
            changes.idempotency.push((mark.key(merchant.id), mark.record(link.id)));
        }
        Ok(Decision { reply: link.resent_count, changes })
    }
}
