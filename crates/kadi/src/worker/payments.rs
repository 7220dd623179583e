//! Asking rails, and hearing them.

use kadi_engine::Reader;
use kadi_engine::command::Failure;
use kadi_engine::commands::close_links::CloseLinks;
use kadi_engine::commands::record_refund::RecordRefund;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::domain::id::{PaymentId, RefundId};
use kadi_engine::domain::job::Job;
use kadi_engine::domain::payment::Payment;
use kadi_engine::domain::refund::Refund;
use kadi_engine::domain::refusal::{Fault, Refusal};
use kadi_engine::domain::sandbox::ChargeWord;
use kadi_engine::give_back::give_back;
use kadi_engine::pay::check;
use kadi_engine::ports::{Notice, Rail as _};
use kadi_engine::unmatched::keep_unmatched;
use kadi_outbound::rails::Deed;

use super::Worker;

impl Worker {
    /// Asks the rail about a payment without a last word.
    pub(super) async fn check(&self, job: &Job) -> Result<(), Failure> {
        let payment = self.payment(PaymentId::new(job.key.subject)).await?;
        check(&self.door.engine, &self.rail, &payment).await.map(|_| ())
    }

    /// Lets the sandbox rail do its next step.
    pub(super) async fn notify(&self, job: &Job) -> Result<(), Failure> {
        let Some((charge, deed)) = self.rail.due_step(PaymentId::new(job.key.subject)).await? else {
            return Ok(());
        };
        match deed {
            Deed::Nothing => {}
            Deed::Notice(notice) => match self.hear(&notice).await {
                Err(Failure::Refused(refusal)) => {
                    tracing::warn!(?refusal, payment = charge.payment_id.get(), "a notice was not taken");
                }
                heard => drop(heard?),
            },
            Deed::Refund(word) => self.end_refund(charge.payment_id, word).await?,
            Deed::Restart => {
                // First, for the next process goes on with the step after this one.
                self.rail.told(&charge).await?;
                (self.restart)();
                return Ok(());
            }
        }
        self.rail.told(&charge).await
    }

    /// Lets the sandbox rail decide the newest refund of a payment, where there is one that it still can.
    async fn end_refund(&self, payment: PaymentId, word: ChargeWord) -> Result<(), Failure> {
        let query = move |reader: &mut kadi_engine::Reader| reader.newest_refund_of(payment);
        let Some(refund) = self.door.engine.query(query).await? else { return Ok(()) };
        match self.rail.settle_refund(&refund, word).await {
            Ok(notice) => self.hear_refund(&notice).await.map(|_| ()),
            Err(Failure::Refused(Refusal::RefundNotPending)) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// Takes a notice that claims to come from the rail; refused as unknown where it is not authentic.
    pub(crate) async fn hear(&self, notice: &[u8]) -> Result<Payment, Failure> {
        match self.rail.read_notice(notice).map_err(Failure::Broken)? {
            Some(Notice::Payment(payment, report)) => {
                let engine = &self.door.engine;
                match engine.query(move |reader| reader.payment(payment)).await? {
                    Some(payment) => engine.submit(RecordReport::about(&payment, report)).await,
                    None => keep_unmatched(engine, self.rail.name(), report).await,
                }
            }
            Some(Notice::Refund(..)) | None => Err(Failure::Refused(Refusal::PaymentUnknown)),
        }
    }

    /// Takes a notice about a refund that claims to come from the rail; refused as unknown where it is not
    /// authentic.
    pub(crate) async fn hear_refund(&self, notice: &[u8]) -> Result<Refund, Failure> {
        match self.rail.read_notice(notice).map_err(Failure::Broken)? {
            Some(Notice::Refund(refund, report)) => {
                let refund = self.refund(refund).await?;
                self.door.engine.submit(RecordRefund::about(&refund, report)).await
            }
            Some(Notice::Payment(..)) | None => Err(Failure::Refused(Refusal::RefundUnknown)),
        }
    }

    /// Asks the rail for a refund, or about one.
    pub(super) async fn refund_payment(&self, job: &Job) -> Result<(), Failure> {
        let refund = self.refund(RefundId::new(job.key.subject)).await?;
        let payment = self.payment(refund.payment_id).await?;
        give_back(&self.door.engine, &self.rail, &payment, &refund, job.attempts == 1).await
    }

    /// Closes the other links of an obligation that was paid.
    pub(super) async fn close_links(&self, job: &Job) -> Result<(), Failure> {
        let payment = self.payment(PaymentId::new(job.key.subject)).await?;
        let paid_link_id = payment.link_id;
        let look = move |reader: &mut Reader| {
            let obligation = reader.link(paid_link_id)?.and_then(|link| link.terms.obligation);
            obligation.map_or(Ok(Vec::new()), |id| reader.active_links_of(id))
        };
        let link_ids = self.door.engine.query(look).await?;
        let merchant_id = payment.merchant_id;
        let close = CloseLinks { merchant_id, payment_id: payment.id, paid_link_id, link_ids };
        self.door.engine.submit(close).await
    }

    async fn refund(&self, id: RefundId) -> Result<Refund, Failure> {
        let found = self.door.engine.query(move |reader| reader.refund(id)).await?;
        found.ok_or_else(|| Failure::Broken(Fault::new("a refund is missing")))
    }

    async fn payment(&self, id: PaymentId) -> Result<Payment, Failure> {
        let found = self.door.engine.query(move |reader| reader.payment(id)).await?;
        found.ok_or_else(|| Failure::Broken(Fault::new("a payment is missing")))
    }
}
