//! A worker takes a job that is due.

use kadi_domain::id::MerchantId;
use kadi_domain::job::{Job, JobKey};
use kadi_domain::moment::Moment;
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::time::Timestamp;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// Takes a job for a while; refused where it is not due or another worker has it.
#[derive(Debug)]
pub struct LeaseJob {
    /// On whose behalf the job is.
    pub merchant_id: MerchantId,
    /// Which job.
    pub key: JobKey,
    /// Until when, in real time. It names the lease: whoever asked can give the job back without having heard
    /// whether it was leased.
    pub leased_until: Timestamp,
}

impl Command for LeaseJob {
    type Reply = Job;

    fn route(&self) -> Route {
        Route { lane: Lane::Job, merchant: self.merchant_id, meets: self.key.subject }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.jobs.insert(self.key);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let job = view.jobs.get(&self.key)?.cloned().ok_or(Refusal::JobNotDue)?;
        let job = job.lease(moment.now, moment.real_now, self.leased_until)?;
        let mut changes = Changes::default();
        changes.jobs.changed.push(job.clone());
        Ok(Decision { reply: job, changes })
    }
}
