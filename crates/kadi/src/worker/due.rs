//! Finding what is due, leasing it, and handing it to whoever does it.

use std::sync::Arc;
use std::time::Duration;

use kadi_dialects::door::Door;
use kadi_engine::Reader;
use kadi_engine::command::Failure;
use kadi_engine::commands::expire_link::ExpireLink;
use kadi_engine::commands::lease_job::LeaseJob;
use kadi_engine::commands::seal_books::SealBooks;
use kadi_engine::domain::id::LinkId;
use kadi_engine::domain::job::{Job, JobKind};
use kadi_engine::domain::refusal::{Fault, Refusal};
use kadi_engine::domain::time::{MINUTE_MS, Timestamp};
use kadi_engine::ports::Channel;
use kadi_outbound::http::GuardedClient;
use kadi_outbound::rails::SandboxRail;
use tokio::sync::watch;

use super::places::{MERCHANT_PLACES, Places};
use crate::addresses::Restart;

/// For so long a worker has a job; every call that a job makes ends sooner.
const LEASE_MS: i64 = 5 * MINUTE_MS;
const LOOKED_AT: i64 = 256;
/// When a job that failed is done again, in milliseconds.
const FAILED_AGAIN_MS: i64 = MINUTE_MS;
/// How long a moving clock waits for jobs under way, in all, and between two looks.
const PATIENCE: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(10);
/// The least time between two looks: the commits of that time are seen by one.
const BREATH: Duration = Duration::from_millis(10);
pub(super) const POLL: Duration = Duration::from_millis(500);
const SEAL_EVERY: Duration = Duration::from_secs(60);
const SEALED_AT_ONCE: i64 = 1_000;
const SEAL_TURNS_MAX: u32 = 1_000;

/// What jobs work with.
pub(crate) struct Worker {
    pub(crate) door: Door,
    pub(crate) rail: SandboxRail,
    pub(crate) channels: Vec<Box<dyn Channel>>,
    pub(crate) http: GuardedClient,
    pub(super) restart: Restart,
    places: Places,
}

impl Worker {
    /// A worker with its limits.
    pub(crate) fn new(
        door: Door,
        rail: SandboxRail,
        channels: Vec<Box<dyn Channel>>,
        http: GuardedClient,
        restart: Restart,
    ) -> Arc<Self> {
        Arc::new(Self { door, rail, channels, http, restart, places: Places::new() })
    }

    /// Works until told to stop; jobs under way are finished.
    pub(crate) async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let written = self.door.engine.jobs_written();
        let sealing = tokio::spawn(Arc::clone(&self).seal_from_time_to_time(stop.clone()));
        while !*stop.borrow() {
            // While the store does not answer nothing is begun, for its outcome could not be recorded.
            let is_up = self.door.engine.trouble().is_none() || self.door.engine.ready().await.is_ok();
            let began = self.door.engine.real_now();
            let is_full = is_up && self.begin_due().await;
            // However many commits ring, looking takes at most a fifth of a reader's time.
            let took_ms = self.door.engine.real_now().ms().saturating_sub(began.ms());
            tokio::time::sleep(Duration::from_millis(took_ms.unsigned_abs() * 4).clamp(BREATH, POLL)).await;
            tokio::select! {
                () = written.notified() => {}
                () = self.places.freed(), if is_full => {}
                () = tokio::time::sleep(POLL) => {}
                _ = stop.changed() => {}
            }
        }
        self.places.all_free().await;
        if sealing.await.is_err() {
            tracing::error!("the sealing of the books ended early");
        }
        self.seal().await;
    }

    /// Begins what is due, as far as there are places for its kind and its merchant; true where some had
    /// none.
    async fn begin_due(self: &Arc<Self>) -> bool {
        let mut is_full = false;
        for kind in JobKind::ALL {
            for job in self.due(kind).await {
                let Some(place) = self.places.take(kind, job.merchant_id) else {
                    is_full = true;
                    continue;
                };
                let worker = Arc::clone(self);
                tokio::spawn(async move {
                    worker.work(job).await;
                    drop(place);
                });
            }
        }
        is_full
    }

    /// Does everything that is due by then, in the order of time, moving the sandbox clock along.
    pub(crate) async fn advance(self: &Arc<Self>, by_ms: i64) -> Result<Timestamp, Failure> {
        let target = self.door.engine.now().plus_ms(by_ms);
        let mut waited = Duration::ZERO;
        loop {
            let next = self.door.engine.query(|reader| reader.next_due_at()).await?;
            let Some(next) = next.filter(|&next| next <= target) else { break };
            self.move_clock(next).await?;
            let (now, real_now) = (self.door.engine.now(), self.door.engine.real_now());
            let query = move |reader: &mut Reader| reader.due_jobs(now, real_now, LOOKED_AT);
            let due = self.door.engine.query(query).await?;
            if due.is_empty() {
                // The server's own loop has what is due: wait for it.
                waited += STEP;
                tokio::time::sleep(STEP).await;
            }
            if waited > PATIENCE {
                return Err(Failure::Busy);
            }
            for job in due {
                // In a task of its own: a caller who hangs up must not leave a job half done.
                let worker = Arc::clone(self);
                if tokio::spawn(async move { worker.work(job).await }).await.is_err() {
                    tracing::error!("the leasing of a job panicked");
                }
            }
        }
        self.move_clock(target).await?;
        Ok(self.door.engine.now())
    }

    async fn move_clock(&self, to: Timestamp) -> Result<(), Failure> {
        let by_ms = to.ms().saturating_sub(self.door.engine.now().ms());
        if by_ms > 0 { self.door.engine.advance_clock(by_ms).await.map(|_| ()) } else { Ok(()) }
    }

    async fn due(&self, kind: JobKind) -> Vec<Job> {
        let times = (self.door.engine.now(), self.door.engine.real_now());
        let query = move |reader: &mut Reader| reader.due_jobs_of(kind, times, MERCHANT_PLACES, LOOKED_AT);
        self.door.engine.query(query).await.unwrap_or_else(|failure| {
            tracing::error!(?failure, "due jobs could not be read");
            Vec::new()
        })
    }

    async fn work(self: &Arc<Self>, job: Job) {
        let leased_until = self.door.engine.real_now().plus_ms(LEASE_MS);
        let lease = LeaseJob { merchant_id: job.merchant_id, key: job.key, leased_until };
        let leased = match self.door.engine.submit(lease).await {
            Ok(leased) => leased,
            Err(Failure::Refused(Refusal::JobNotDue)) => return,
            Err(failure) => {
                tracing::warn!(kind = ?job.key.kind, ?failure, "a job could not be leased");
                if failure == Failure::Unknown {
                    self.give_back(Job { leased_until: Some(leased_until), ..job }, 0).await;
                }
                return;
            }
        };
        // In a task of its own: one that panics has failed, and its lease ends as any other's.
        let (worker, job) = (Arc::clone(self), leased.clone());
        let done = tokio::spawn(async move { worker.carry_out(&job).await }).await;
        if let Err(failure) = done.unwrap_or_else(|_| Err(Failure::Broken(Fault::new("a job panicked")))) {
            tracing::error!(kind = ?leased.key.kind, subject = leased.key.subject, ?failure, "a job failed");
            self.give_back(leased, FAILED_AGAIN_MS).await;
        }
    }

    async fn carry_out(&self, job: &Job) -> Result<(), Failure> {
        match job.key.kind {
            JobKind::SendMessage => self.send(job).await,
            JobKind::Deliver => self.deliver(job).await,
            JobKind::CheckPayment => self.check(job).await,
            JobKind::RailNotice => self.notify(job).await,
            JobKind::CloseLinks => self.close_links(job).await,
            JobKind::RefundPayment => self.refund_payment(job).await,
            JobKind::ExpireLink => {
                let link_id = LinkId::new(job.key.subject);
                self.door.engine.submit(ExpireLink { merchant_id: job.merchant_id, link_id }).await
            }
        }
    }

    async fn seal_from_time_to_time(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            self.seal().await;
            tokio::select! {
                () = tokio::time::sleep(SEAL_EVERY) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Seals all books that have grown; a merchant with more than one seal takes at once has several turns.
    async fn seal(&self) {
        for _ in 0..SEAL_TURNS_MAX {
            let query = |reader: &mut Reader| reader.merchants_with_open_books(SEALED_AT_ONCE);
            let open = match self.door.engine.query(query).await {
                Ok(open) if open.is_empty() => return,
                Ok(open) => open,
                Err(failure) => {
                    tracing::error!(?failure, "the books to be sealed could not be read");
                    return;
                }
            };
            for merchant_id in open {
                if let Err(failure) = self.door.engine.submit(SealBooks { merchant_id }).await {
                    tracing::error!(merchant = merchant_id.get(), ?failure, "books could not be sealed");
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
