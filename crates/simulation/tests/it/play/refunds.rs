//! Refunds: the merchant asks, the rail does.

use kadi_domain::amount::Minor;
use kadi_domain::id::RefundId;
use kadi_domain::job::JobKind;
use kadi_domain::time::Timestamp;
use kadi_engine::commands::create_link::Once;
use kadi_engine::commands::record_refund::RecordRefund;
use kadi_engine::commands::request_refund::RequestRefund;

use super::telling::{Play, Wrong};
use crate::gate::together;
use crate::oracle::{OWN, SayBack};
use crate::story::Size;
use crate::till::report_back;

impl Play<'_> {
    /// All are asked for in one batch; the rail will do `next` about the first of them.
    pub(super) async fn refund(
        &mut self,
        payment: usize,
        of: Option<usize>,
        sizes: &[Size],
        next: (SayBack, bool),
    ) -> Result<(), Wrong> {
        let Some((link, number)) = self.payment(payment) else { return Ok(()) };
        let model = &self.links[link].model;
        let left = model.room(number, of).unwrap_or(1).min(model.refundable(number)).max(0);
        let child = |child: usize| format!("{}-{child}", self.slug);
        let part = of.map(|of| if of == OWN { self.slug.clone() } else { child(of) });
        let amount = |size: &Size| match size {
            Size::Asked => left,
            Size::Exact(amount) => *amount,
            Size::Of(thousandths) => left * thousandths / 1_000,
            Size::TooMuch => left + 1,
        };
        let told = &self.links[link];
        let (merchant_id, link_id, payment_id) = (self.merchant, told.id, told.payments[number]);
        let request = |size: &Size| {
            let amount = Minor::new(amount(size));
            let of = part.clone();
            RequestRefund { merchant_id, link_id, payment_id, of, amount, idempotency: None }
        };
        let commands = sizes.iter().map(request).collect();
        let answers = together(&self.stage.engine, commands).await;
        for (answered, size) in answers.into_iter().zip(sizes) {
            let expected = self.links[link].model.refund(&self.story.shop, number, of, amount(size));
            if let Some((made, refund)) = self.agree(answered, expected)? {
                let Once::Done(made) = made else { return Err("refunded before".to_owned()) };
                self.add_refund(link, refund, made.id)?;
            }
        }
        self.till.memory().next_refund = Some(next);
        self.compare(link)
    }

    fn add_refund(&mut self, link: usize, number: usize, id: RefundId) -> Result<(), Wrong> {
        if self.links[link].refunds.len() != number {
            return Err(format!("refund {number} of a link that has {}", self.links[link].refunds.len()));
        }
        self.links[link].refunds.push(id);
        self.refunds.push((link, number));
        Ok(())
    }

    /// Finds the refunds that decisions about held money have made: their jobs are there.
    pub(super) fn find_refunds(&mut self, link: usize) -> Result<(), Wrong> {
        if self.links[link].refunds.len() == self.links[link].model.refunds.len() {
            return Ok(());
        }
        let far = Timestamp::from_ms(i64::MAX);
        let jobs = self.stage.reader.due_jobs(far, far, 10_000).unwrap();
        let of_refund = jobs.iter().filter(|job| job.key.kind == JobKind::RefundPayment);
        let mut ids: Vec<_> = of_refund.map(|job| RefundId::new(job.key.subject)).collect();
        ids.sort_unstable();
        for id in ids {
            let refund = self.stage.reader.refund(id).unwrap().unwrap();
            if refund.link_id == self.links[link].id && !self.links[link].refunds.contains(&id) {
                self.add_refund(link, self.links[link].refunds.len(), id)?;
            }
        }
        Ok(())
    }

    pub(super) fn hear_back(&mut self, id: RefundId, said: SayBack, was_asked: bool) {
        let is_it = |(link, number): &&(usize, usize)| self.links[*link].refunds[*number] == id;
        let (link, number) = *self.refunds.iter().find(is_it).unwrap();
        self.links[link].model.hear_refund(&self.story.shop, number, said, was_asked);
    }

    /// The rail makes up its mind about a refund, or the money comes back. That it paid after all what it had
    /// denied is told and asked about at once, whether or not that much is left by now.
    pub(super) async fn turn_back(&mut self, refund: usize, is_good: bool) -> Result<(), Wrong> {
        let Some(at) = refund.checked_rem(self.refunds.len()) else { return Ok(()) };
        let (link, number) = self.refunds[at];
        let id = self.links[link].refunds[number];
        let state = self.links[link].model.refunds[number].state;
        let is_heard = !self.till.memory().is_deaf && self.dead_until < self.now();
        let known = self.till.memory().paybacks.get(&id).map(|payback| payback.word);
        let word = match (known, is_good) {
            (Some(SayBack::Pending), true) => SayBack::Paid,
            (Some(SayBack::Pending), false) => SayBack::Failed,
            (Some(SayBack::Paid), false) => SayBack::CameBack,
            (Some(SayBack::Failed), true) if state == "failed" && is_heard => SayBack::Paid,
            _ => return Ok(()),
        };
        self.till.memory().paybacks.get_mut(&id).unwrap().word = word;
        if known != Some(SayBack::Pending) {
            self.owed_back.insert((link, number));
        }
        if state == "failed" {
            self.notice_back(at, true).await?;
            self.work_due().await?;
        }
        Ok(())
    }

    /// The rail tells about a refund, unasked.
    pub(super) async fn notice_back(&mut self, refund: usize, is_true: bool) -> Result<(), Wrong> {
        let Some(at) = refund.checked_rem(self.refunds.len()) else { return Ok(()) };
        let (link, number) = self.refunds[at];
        let id = self.links[link].refunds[number];
        let known = self.till.memory().paybacks.get(&id).map(|payback| payback.word);
        let Some(word) = known.map(|word| if is_true { word } else { SayBack::Failed }) else {
            return Ok(());
        };
        let stored = self.stage.reader.refund(id).unwrap().unwrap();
        let notice = RecordRefund::about(&stored, report_back(id, word));
        let answered = self.stage.engine.submit(notice).await;
        self.hear_back(id, word, false);
        self.agree(answered, Ok(()))?;
        self.compare(link)
    }
}
