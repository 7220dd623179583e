//! The time of a link is over.

use kadi_domain::event::EventKind;
use kadi_domain::follow_up::announce;
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::job::{JobKey, JobKind};
use kadi_domain::link::LinkStatus;
use kadi_domain::moment::Moment;
use kadi_domain::refusal::Stop;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// Writes the event of an expiry; the link itself expired by the clock.
#[derive(Debug)]
pub struct ExpireLink {
    /// Whose link.
    pub merchant_id: MerchantId,
    /// Which link.
    pub link_id: LinkId,
}

impl Command for ExpireLink {
    type Reply = ();

    fn route(&self) -> Route {
        Route { lane: Lane::Job, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.links.insert(self.link_id);
        needs.subscriptions.insert(self.link_id);
        needs.merchants.insert(self.merchant_id);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let mut link = view.link(self.link_id)?.clone();
        let mut changes = Changes::default();
        if link.status == LinkStatus::Active && !link.is_over(moment.now) {
            return Ok(Decision::unchanged(()));
        }
        changes.jobs_done.push(JobKey { kind: JobKind::ExpireLink, subject: link.id.get() });
        if link.status == LinkStatus::Active {
            link.status = LinkStatus::Expired { at: moment.now };
            let merchant = view.merchant(self.merchant_id)?;
            let subscriptions = view.subscriptions_of(link.id)?;
            announce(&mut link, merchant, subscriptions, EventKind::LinkExpired, None, &mut changes, moment)?;
            changes.links.changed.push(link);
        }
        Ok(Decision { reply: (), changes })
    }
}
