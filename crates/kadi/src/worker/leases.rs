//! Giving jobs back: those that failed, and those of a process that was killed.

use std::sync::Arc;

use kadi_engine::command::Failure;
use kadi_engine::commands::return_job::ReturnJob;
use kadi_engine::domain::job::Job;
use kadi_engine::domain::time::Timestamp;

use super::Worker;
use super::due::POLL;

/// More jobs than a killed process can have had leases on, with all that waited beside them.
const LEASES_MAX: i64 = 100_000;

impl Worker {
    /// Gives a job back undone. Where the store does not answer, which may be why the job failed, this is
    /// done when it answers again: otherwise the job would rest until its lease ends by itself.
    pub(super) async fn give_back(self: &Arc<Self>, job: Job, delay_ms: i64) {
        if let Err(failure) = self.try_to_give_back(&job, delay_ms).await {
            tracing::warn!(kind = ?job.key.kind, ?failure, "a job was not given back and will be");
            let worker = Arc::clone(self);
            tokio::spawn(async move { worker.give_back_later(&job, delay_ms).await });
        }
    }

    async fn give_back_later(&self, job: &Job, delay_ms: i64) {
        while job.leased_until > Some(self.door.engine.real_now()) {
            tokio::time::sleep(POLL).await;
            let is_up = self.door.engine.trouble().is_none();
            if is_up && self.try_to_give_back(job, delay_ms).await.is_ok() {
                return;
            }
        }
    }

    /// It does no harm where it was done before.
    async fn try_to_give_back(&self, job: &Job, delay_ms: i64) -> Result<(), Failure> {
        let (merchant_id, key, leased_until) = (job.merchant_id, job.key, job.leased_until);
        self.door.engine.submit(ReturnJob { merchant_id, key, leased_until, delay_ms }).await
    }

    /// Gives back what an earlier process had when it was killed. Only for a process that has the database
    /// for itself; beside others a dead one's leases end by themselves.
    pub(crate) async fn give_back_all(self: &Arc<Self>) -> Result<(), Failure> {
        let now = self.door.engine.now();
        let whenever = Timestamp::from_ms(i64::MAX);
        loop {
            let due =
                self.door.engine.query(move |reader| reader.due_jobs(now, whenever, LEASES_MAX)).await?;
            let leased: Vec<_> = due.into_iter().filter(|job| job.leased_until.is_some()).collect();
            if leased.is_empty() {
                return Ok(());
            }
            for job in leased {
                self.give_back(job, 0).await;
            }
        }
    }
}
