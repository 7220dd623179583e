//! The worker: what is due is leased, done outside and recorded, one job after the other in the order of
//! time.

use std::collections::BTreeSet;

use kadi_domain::delivery::DeliveryState;
use kadi_domain::id::{DeliveryId, LinkId, MessageId, PaymentId, RefundId};
use kadi_domain::job::{Job, JobKind};
use kadi_domain::link::LinkWord;
use kadi_domain::message::{MessageState, Occasion};
use kadi_domain::time::{MINUTE_MS, Timestamp};
use kadi_engine::command::Failure;
use kadi_engine::commands::deliver::{RecordDelivery, Verdict};
use kadi_engine::commands::expire_link::ExpireLink;
use kadi_engine::commands::lease_job::LeaseJob;
use kadi_engine::commands::send_message::{RecordSending, Sending};
use kadi_engine::give_back::give_back;
use kadi_engine::pay::check;
use kadi_engine::ports::{Rail as _, RefundOrder};

use super::telling::{Play, Wrong};
use crate::gate::together;

/// For so long a worker has a job.
const LEASE_MS: i64 = 5 * MINUTE_MS;
/// When a delivery is tried again.
static DELAYS_MS: [i64; 3] = [MINUTE_MS, 5 * MINUTE_MS, 60 * MINUTE_MS];
/// More turns than any story needs.
const TURNS_MAX: usize = 400;

impl Play<'_> {
    /// The story's jobs that can be taken now, oldest first.
    fn due(&self) -> Vec<Job> {
        let (now, real_now) = (self.stage.engine.now(), self.stage.engine.real_now());
        let jobs = self.stage.reader.due_jobs(now, real_now, 1_000).unwrap();
        jobs.into_iter().filter(|job| job.merchant_id == self.merchant).collect()
    }

    /// When the next job can be taken, if there is any. The business clock is the real one here.
    pub(super) fn next_due(&self) -> Option<i64> {
        let far = Timestamp::from_ms(i64::MAX);
        let jobs = self.stage.reader.due_jobs(far, far, 1_000).unwrap();
        let own = jobs.iter().filter(|job| job.merchant_id == self.merchant);
        own.map(|job| job.due_at.max(job.leased_until.unwrap_or(job.due_at)).ms()).min()
    }

    /// Does all that is due.
    pub(super) async fn work_due(&mut self) -> Result<(), Wrong> {
        for _ in 0..TURNS_MAX {
            let due = self.due();
            if due.is_empty() {
                return Ok(());
            }
            let mut told = BTreeSet::new();
            for job in due {
                let link = self.work(&job).await?;
                // What is told outside changes nothing that the next job could see.
                if matches!(job.key.kind, JobKind::Deliver | JobKind::SendMessage) {
                    told.extend(link);
                } else if let Some(link) = link {
                    self.compare(link)?;
                }
            }
            told.into_iter().try_for_each(|link| self.compare(link))?;
        }
        Err("there is no end of work".to_owned())
    }

    /// Time passes, and everything is done when it is due.
    pub(super) async fn pass(&mut self, ms: i64) -> Result<(), Wrong> {
        let end = self.now() + ms;
        for _ in 0..TURNS_MAX {
            let Some(next) = self.next_due().filter(|next| *next <= end) else {
                self.stage.pass((end - self.now()).max(0));
                return Ok(());
            };
            self.stage.pass((next - self.now()).max(0));
            self.work_due().await?;
        }
        Err("there is no end of work".to_owned())
    }

    fn lease(&self, job: &Job, for_ms: i64) -> LeaseJob {
        let leased_until = self.stage.engine.real_now().plus_ms(for_ms);
        LeaseJob { merchant_id: job.merchant_id, key: job.key, leased_until }
    }

    /// Does a job under a lease: the link that it was about, if there was anything left to do.
    async fn work(&mut self, job: &Job) -> Result<Option<usize>, Wrong> {
        let leased = match self.stage.engine.submit(self.lease(job, LEASE_MS)).await {
            Ok(leased) => leased,
            // Another job of this turn has done it.
            Err(Failure::Refused(_)) => return Ok(None),
            Err(other) => return Err(format!("{:?} could not be leased: {other:?}", job.key.kind)),
        };
        self.work_leased(&leased).await.map(Some)
    }

    /// Does a job: the link that it was about.
    async fn work_leased(&mut self, job: &Job) -> Result<usize, Wrong> {
        let link = match job.key.kind {
            JobKind::SendMessage => self.send(job).await,
            JobKind::Deliver => self.deliver(job).await,
            JobKind::CheckPayment => self.check(job).await,
            JobKind::RefundPayment => self.give_back(job).await,
            JobKind::ExpireLink => self.expire(job).await,
            JobKind::RailNotice => return Err("a job of another rail".to_owned()),
            JobKind::CloseLinks => return Err("no link of a story is for an obligation".to_owned()),
        };
        let link = link.map_err(|failure| format!("{:?} failed: {failure:?}", job.key.kind))?;
        self.answers.push(format!("{:?}", job.key.kind));
        self.find_refunds(link)?;
        Ok(link)
    }

    fn number_of(&self, id: LinkId) -> usize {
        self.links.iter().position(|told| told.id == id).unwrap()
    }

    async fn check(&mut self, job: &Job) -> Result<usize, Failure> {
        let id = PaymentId::new(job.key.subject);
        let payment = self.stage.reader.payment(id).unwrap().unwrap();
        check(&self.stage.engine, &self.till, &payment).await?;
        self.take_in(Some(id));
        Ok(self.place(id).0)
    }

    async fn give_back(&mut self, job: &Job) -> Result<usize, Failure> {
        let refund = self.stage.reader.refund(RefundId::new(job.key.subject)).unwrap().unwrap();
        let payment = self.stage.reader.payment(refund.payment_id).unwrap().unwrap();
        give_back(&self.stage.engine, &self.till, &payment, &refund, job.attempts == 1).await?;
        // Where the rail had never heard of it and was asked to do it now, that is its word.
        let asked = std::mem::take(&mut self.till.memory().asked);
        self.till.memory().asked = asked.into_iter().last().into_iter().collect();
        self.take_in(None);
        Ok(self.number_of(refund.link_id))
    }

    async fn expire(&mut self, job: &Job) -> Result<usize, Failure> {
        let link_id = LinkId::new(job.key.subject);
        self.stage.engine.submit(ExpireLink { merchant_id: self.merchant, link_id }).await?;
        let (link, now) = (self.number_of(link_id), self.now());
        self.links[link].model.expire(now);
        Ok(link)
    }

    async fn send(&mut self, job: &Job) -> Result<usize, Failure> {
        let message_id = MessageId::new(job.key.subject);
        let message = self.stage.reader.message(message_id).unwrap().unwrap();
        assert_eq!(message.state, MessageState::Queued, "a message that is done has a job");
        let link = self.stage.reader.link(message.link_id).unwrap().unwrap();
        let is_receipt = matches!(message.occasion, Occasion::Receipt { .. });
        let sending = if !is_receipt && link.word(self.stage.engine.now()) != LinkWord::Active {
            Sending::Refused("closed".to_owned())
        } else if self.is_ending || self.chance.percent(70) {
            assert!(self.sent.insert(message_id), "a message was sent twice");
            Sending::Accepted("provider-1".to_owned())
        } else if self.chance.percent(70) {
            Sending::Later("busy".to_owned())
        } else {
            Sending::Refused("no such address".to_owned())
        };
        let command = RecordSending { merchant_id: self.merchant, message_id, first_of: None, sending };
        self.stage.engine.submit(command).await?;
        Ok(self.number_of(message.link_id))
    }

    async fn deliver(&mut self, job: &Job) -> Result<usize, Failure> {
        let delivery_id = DeliveryId::new(job.key.subject);
        let delivery = self.stage.reader.delivery(delivery_id).unwrap().unwrap();
        assert_eq!(delivery.state, DeliveryState::Waiting, "a delivery that is done has a job");
        let (verdict, status) = match self.chance.below(10) {
            _ if self.is_ending => (Verdict::Accepted, Some(200)),
            0..7 => (Verdict::Accepted, Some(204)),
            7 => (Verdict::Again, Some(500)),
            8 => (Verdict::Again, None),
            _ => (Verdict::Gone, Some(410)),
        };
        if verdict == Verdict::Accepted {
            assert!(self.delivered.insert(delivery_id), "an event was told again after it was accepted");
        }
        let (merchant_id, delays_ms) = (self.merchant, DELAYS_MS.as_slice());
        let answer = status.map(|status| format!("status {status}"));
        let command = RecordDelivery { merchant_id, delivery_id, verdict, status, answer, delays_ms };
        self.stage.engine.submit(command).await?;
        Ok(self.number_of(delivery.link_id))
    }

    /// Two workers want the same job in one batch: the first gets it.
    pub(super) async fn rivals(&mut self) -> Result<(), Wrong> {
        let Some(job) = self.due().into_iter().next() else { return Ok(()) };
        let both = vec![self.lease(&job, LEASE_MS), self.lease(&job, LEASE_MS + 1)];
        let mut answers = together(&self.stage.engine, both).await.into_iter();
        let (first, second) = (answers.next().unwrap(), answers.next().unwrap());
        self.agree::<_, ()>(second, Err("JobNotDue"))?;
        let Some((leased, ())) = self.agree(first, Ok(()))? else { return Ok(()) };
        let link = self.work_leased(&leased).await?;
        self.compare(link)
    }

    /// A worker takes a job and is never heard of again; it may have done what it had to do outside.
    pub(super) async fn die(&mut self, is_done: bool) -> Result<(), Wrong> {
        let Some(job) = self.due().into_iter().next() else { return Ok(()) };
        let answered = self.stage.engine.submit(self.lease(&job, LEASE_MS)).await;
        self.agree(answered, Ok(()))?;
        self.dead_until = self.now() + LEASE_MS;
        if is_done && job.key.kind == JobKind::RefundPayment && job.attempts == 0 {
            let refund = self.stage.reader.refund(RefundId::new(job.key.subject)).unwrap().unwrap();
            let payment = self.stage.reader.payment(refund.payment_id).unwrap().unwrap();
            let order = RefundOrder {
                refund_id: refund.id,
                payment_id: payment.id,
                merchant_id: self.merchant,
                account: payment.rail_account,
                rail_reference: payment.rail_reference.unwrap_or_default(),
                amount: refund.amount,
                currency: refund.currency,
            };
            drop(self.till.refund(order).await);
            self.till.memory().asked.clear();
        }
        Ok(())
    }
}
