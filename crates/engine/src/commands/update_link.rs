//! A merchant changes a link.

use kadi_domain::edit::{Edit, FormerTerms, Grounds, Term, edit};
use kadi_domain::event::EventKind;
use kadi_domain::follow_up::announce;
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::job::{Job, JobKey, JobKind};
use kadi_domain::link::{Link, LinkStatus};
use kadi_domain::moment::Moment;
use kadi_domain::refusal::{Fault, Refusal, Stop};
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// Changes an active link of the merchant. Nobody is told: no event has a word for it, and what was told of
/// the link before reads as it did. A link that is full by its new terms is completed.
#[derive(Debug)]
pub struct UpdateLink {
    /// Who asks.
    pub merchant_id: MerchantId,
    /// Which link.
    pub link_id: LinkId,
    /// What is to be changed.
    pub wished: Edit,
}

impl UpdateLink {
    const fn expiry_job(&self) -> JobKey {
        JobKey { kind: JobKind::ExpireLink, subject: self.link_id.get() }
    }

    /// Moves the job that writes the event of the expiry to where the link ends now.
    fn move_expiry(&self, link: &Link, view: &View, changes: &mut Changes) -> Result<(), Fault> {
        let Some(end) = link.expires_at else { return Ok(()) };
        match view.jobs.get(&self.expiry_job())? {
            Some(job) => changes.jobs.changed.push(job.clone().again_at(end)),
            None => {
                let job = Job::new(JobKind::ExpireLink, link.id.get(), link.merchant_id, end);
                changes.jobs.new.push(job);
            }
        }
        Ok(())
    }

    /// What follows from other terms.
    fn follow(
        &self,
        link: &mut Link,
        former: FormerTerms,
        view: &View,
        changes: &mut Changes,
        moment: &mut Moment<'_>,
    ) -> Result<(), Stop> {
        if link.is_full()? {
            link.status = LinkStatus::Completed { at: moment.now };
            let (merchant, subscriptions) =
                (view.merchant(link.merchant_id)?, view.subscriptions_of(link.id)?);
            announce(link, merchant, subscriptions, EventKind::LinkCompleted, None, changes, moment)?;
            changes.jobs_done.push(self.expiry_job());
        } else if former.expires_at != link.expires_at {
            self.move_expiry(link, view, changes)?;
        }
        if former.description.is_some() {
            changes.descriptions.push((link.id, link.description.clone()));
        }
        changes.edits.push((link.id, former));
        Ok(())
    }

    /// Another name for who is asked to pay, if that is wished. Nobody gets a name who has none: there may be
    /// no one, or it was taken away.
    fn rename(&self, view: &View, changes: &mut Changes, moment: &mut Moment<'_>) -> Result<(), Stop> {
        let Some(name) = &self.wished.payer_name else { return Ok(()) };
        let payer = view.payers.get(&self.link_id)?.filter(|payer| payer.name.is_some());
        let payer = payer.ok_or(Refusal::TermFixed(Term::PayerName))?;
        changes.customers_renamed.push((self.link_id, payer.renamed(name, moment)?));
        Ok(())
    }
}

impl Command for UpdateLink {
    type Reply = Box<Link>;

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.links.insert(self.link_id);
        needs.subscriptions.insert(self.link_id);
        needs.splits.insert(self.link_id);
        needs.line_counts.insert(self.link_id);
        needs.jobs.insert(self.expiry_job());
        needs.merchants.insert(self.merchant_id);
        if self.wished.payer_name.is_some() {
            needs.payers.insert(self.link_id);
        }
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let link = view.link(self.link_id)?;
        if link.merchant_id != self.merchant_id {
            return Err(Refusal::LinkUnknown.into());
        }
        let grounds = Grounds {
            merchant: view.merchant(self.merchant_id)?,
            setup: moment.setup,
            split: view.split_of(link.id)?,
            line_count: view.line_counts.get(&link.id)?.copied().unwrap_or_default(),
        };
        let (mut link, former) = edit(link.clone(), &self.wished, &grounds, moment.now)?;
        let mut changes = Changes::default();
        self.rename(view, &mut changes, moment)?;
        let is_changed =
            former.is_some() || !self.wished.texts.is_empty() || !changes.customers_renamed.is_empty();
        if let Some(former) = former {
            self.follow(&mut link, former, view, &mut changes, moment)?;
        }
        let texts = self.wished.texts.iter().map(|text| (link.id, text.clone()));
        changes.texts_replaced.extend(texts);
        if is_changed {
            changes.links.changed.push(link.clone());
        }
        Ok(Decision { reply: Box::new(link), changes })
    }
}
