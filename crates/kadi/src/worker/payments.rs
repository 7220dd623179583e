//! Asking rails, and hearing them.

use kadi_engine::command::Failure;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::domain::id::PaymentId;
use kadi_engine::domain::job::Job;
use kadi_engine::domain::payment::Payment;
use kadi_engine::domain::refusal::{Fault, Refusal};
use kadi_engine::pay::check;
use kadi_engine::ports::Rail as _;

use super::Worker;

impl Worker {
    /// Asks the rail about a payment without a last word.
    pub(super) async fn check(&self, job: &Job) -> Result<(), Failure> {
        let payment = self.payment(PaymentId::new(job.key.subject)).await?;
        check(&self.door.engine, &self.rail, &payment).await.map(|_| ())
    }

    /// Lets the sandbox rail send its next notice.
    pub(super) async fn notify(&self, job: &Job) -> Result<(), Failure> {
        let Some((charge, notice)) = self.rail.due_notice(PaymentId::new(job.key.subject)).await? else {
            return Ok(());
        };
        self.hear(&notice).await?;
        self.rail.told(&charge).await
    }

    /// Takes a notice that claims to come from the rail; refused as unknown where it is not authentic.
    pub(crate) async fn hear(&self, notice: &[u8]) -> Result<Payment, Failure> {
        let heard = self.rail.read_notice(notice).map_err(Failure::Broken)?;
        let (payment, report) = heard.ok_or(Failure::Refused(Refusal::PaymentUnknown))?;
        let payment = self.payment(payment).await?;
        self.door.engine.submit(RecordReport::about(&payment, report)).await
    }

    async fn payment(&self, id: PaymentId) -> Result<Payment, Failure> {
        let found = self.door.engine.query(move |reader| reader.payment(id)).await?;
        found.ok_or_else(|| Failure::Broken(Fault::new("a payment is missing")))
    }
}
