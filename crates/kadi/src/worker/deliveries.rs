//! Telling merchants' endpoints.

use kadi_dialects::table::dialect;
use kadi_dialects::telling::Telling;
use kadi_engine::command::Failure;
use kadi_engine::commands::deliver::{RecordDelivery, Verdict};
use kadi_engine::domain::id::DeliveryId;
use kadi_engine::domain::job::Job;
use kadi_engine::domain::refusal::Fault;
use kadi_outbound::retry::{first_words, judge, judge_fault};

use super::Worker;

impl Worker {
    /// Posts a delivery and records the endpoint's word.
    pub(super) async fn deliver(&self, job: &Job) -> Result<(), Failure> {
        let delivery_id = DeliveryId::new(job.key.subject);
        let (delivery, telling) = Telling::of_delivery(&self.door, delivery_id).await?;
        let row = dialect(delivery.dialect);
        let row =
            row.ok_or_else(|| Failure::Broken(Fault::new("a delivery of a dialect that is not served")))?;
        let (verdict, status, answer) = match row.write_call(&self.door, telling).await {
            Ok(call) => {
                let headers: Vec<_> =
                    call.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let body = call.body.into_bytes();
                match self.http.post(&delivery.url, call.content_type, &headers, body).await {
                    Ok(answer) => {
                        let words = first_words(&answer.body);
                        (judge(answer.status), Some(i64::from(answer.status)), Some(words))
                    }
                    Err(fault) => {
                        tracing::warn!(
                            delivery = delivery_id.get(),
                            fault = fault.name(),
                            "an endpoint was not reached"
                        );
                        (judge_fault(&fault), None, None)
                    }
                }
            }
            Err(fault) => {
                tracing::error!(delivery = delivery_id.get(), %fault, "a delivery could not be written");
                (Verdict::Again, None, None)
            }
        };
        let command = RecordDelivery {
            merchant_id: job.merchant_id,
            delivery_id,
            verdict,
            status,
            answer,
            delays_ms: row.delays_ms,
        };
        self.door.engine.submit(command).await
    }
}
