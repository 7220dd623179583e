//! A worker gives a job back undone: it failed, or the process that had it is gone.

use kadi_domain::id::MerchantId;
use kadi_domain::job::{Job, JobKey};
use kadi_domain::moment::Moment;
use kadi_domain::refusal::Stop;
use kadi_domain::time::Timestamp;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// Ends a lease; the job is due again after `delay_ms` of business time. Without the job nothing changes.
#[derive(Debug)]
pub struct ReturnJob {
    /// On whose behalf the job is.
    pub merchant_id: MerchantId,
    /// Which job.
    pub key: JobKey,
    /// The lease that ends; another worker's later one is left alone.
    pub leased_until: Option<Timestamp>,
    /// When it is due again, in milliseconds from now.
    pub delay_ms: i64,
}

impl Command for ReturnJob {
    type Reply = ();

    fn route(&self) -> Route {
        Route { lane: Lane::Job, merchant: self.merchant_id, meets: self.key.subject }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.jobs.insert(self.key);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let mut changes = Changes::default();
        let is_own = |job: &&Job| job.leased_until.is_some() && job.leased_until == self.leased_until;
        if let Some(job) = view.jobs.get(&self.key)?.filter(is_own) {
            changes.jobs.changed.push(job.clone().again_at(moment.now.plus_ms(self.delay_ms)));
        }
        Ok(Decision { reply: (), changes })
    }
}
