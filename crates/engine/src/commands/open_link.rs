//! A person opened the page of a link.

use kadi_domain::event::EventKind;
use kadi_domain::follow_up::announce;
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::moment::Moment;
use kadi_domain::refusal::Stop;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// Records the first opening; later ones change nothing.
#[derive(Debug)]
pub struct OpenLink {
    /// Whose link.
    pub merchant_id: MerchantId,
    /// Which link.
    pub link_id: LinkId,
}

impl Command for OpenLink {
    type Reply = ();

    fn route(&self) -> Route {
        Route { lane: Lane::Page, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.links.insert(self.link_id);
        needs.subscriptions.insert(self.link_id);
        needs.merchants.insert(self.merchant_id);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let mut link = view.link(self.link_id)?.clone();
        if link.opened_at.is_some() {
            return Ok(Decision::unchanged(()));
        }
        link.opened_at = Some(moment.now);
        let mut changes = Changes::default();
        let merchant = view.merchant(self.merchant_id)?;
        let subscriptions = view.subscriptions_of(link.id)?;
        announce(&mut link, merchant, subscriptions, EventKind::LinkOpened, None, &mut changes, moment)?;
        changes.links.changed.push(link);
        Ok(Decision { reply: (), changes })
    }
}
