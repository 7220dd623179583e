//! A merchant cancels a link.

use kadi_domain::delivery::Subscription;
use kadi_domain::event::EventKind;
use kadi_domain::follow_up::announce;
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::job::{JobKey, JobKind};
use kadi_domain::link::Link;
use kadi_domain::moment::Moment;
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use super::create_link::{Idempotency, Once};
use crate::command::{Command, Decision, Lane, Route};

/// Cancels an active link of the merchant. A payment that is under way may still arrive.
#[derive(Debug)]
pub struct CancelLink {
    /// Who asks.
    pub merchant_id: MerchantId,
    /// Which link.
    pub link_id: LinkId,
    /// The caller's key with the fingerprint of the request, if one was given.
    pub idempotency: Option<Idempotency>,
    /// Who is told of this cancel beside those who hear of everything about the link.
    pub also: Vec<Subscription>,
}

impl Command for CancelLink {
    type Reply = Once<Box<Link>>;

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.links.insert(self.link_id);
        needs.subscriptions.insert(self.link_id);
        needs.merchants.insert(self.merchant_id);
        needs.idempotency.extend(self.idempotency.map(|i| i.key(self.merchant_id)));
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let merchant = view.merchant(self.merchant_id)?;
        if let Some(idempotency) = self.idempotency
            && let Some(link) = idempotency.earlier(merchant.id, view)?
        {
            return Ok(Decision::unchanged(Once::Replayed(link)));
        }
        let link = view.link(self.link_id)?;
        if link.merchant_id != self.merchant_id {
            return Err(Refusal::LinkUnknown.into());
        }
        let mut link = link.clone().cancel(moment.now)?;
        let mut changes = Changes::default();
        let subscriptions = [view.subscriptions_of(link.id)?, &self.also].concat();
        announce(&mut link, merchant, &subscriptions, EventKind::LinkCancelled, None, &mut changes, moment)?;
        changes.jobs_done.push(JobKey { kind: JobKind::ExpireLink, subject: link.id.get() });
        if let Some(idempotency) = self.idempotency {
            changes.idempotency.push((idempotency.key(merchant.id), idempotency.record(link.id)));
        }
        changes.links.changed.push(link.clone());
        Ok(Decision { reply: Once::Done(Box::new(link)), changes })
    }
}
