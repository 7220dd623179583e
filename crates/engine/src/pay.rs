//! Paying: the reservation is committed, then the rail is called, then its word is committed.

use kadi_domain::attempt::Attempt;
use kadi_domain::payment::Payment;
use kadi_domain::rail::Report;

use crate::command::Failure;
use crate::commands::create_link::Once;
use crate::commands::end_reservation::KeepWaiting;
use crate::commands::record_report::RecordReport;
use crate::commands::start_payment::StartPayment;
use crate::engine::Engine;
use crate::ports::{Rail, Start, Word};
use kadi_domain::id::{LinkId, MerchantId};

/// What a payer asks for at the page or the sandbox.
#[derive(Debug)]
pub struct Pay {
    /// Whose link.
    pub merchant_id: MerchantId,
    /// Which link.
    pub link_id: LinkId,
    /// Amount, mode and payer.
    pub attempt: Attempt,
    /// What the payer chose on the rail's buttons.
    pub choice: String,
}

/// Pays: the payment as it stands right after the rail's answer, or without one. What was asked before with
/// the same token is not asked again: the payment as it stands.
pub async fn pay(engine: &Engine, rail: &dyn Rail, pay: Pay) -> Result<Payment, Failure> {
    let command = StartPayment { merchant_id: pay.merchant_id, link_id: pay.link_id, attempt: pay.attempt };
    let payment = match engine.submit(command).await? {
        Once::Done(payment) => payment,
        // Whoever came first with this form has called the rail, or the job of that commit will ask it.
        Once::Replayed(payment) => return Ok(payment),
    };
    let start = Start {
        payment_id: payment.id,
        merchant_id: payment.merchant_id,
        account: payment.rail_account.clone(),
        charged: payment.charged().map_err(Failure::Broken)?,
        currency: payment.currency,
        mode: payment.mode.clone(),
        reserved_until: payment.reserved_until.unwrap_or(payment.created_at),
        choice: pay.choice,
    };
    match rail.start(start).await {
        Word::Report(report) => match engine.submit(RecordReport::answering(&payment, report)).await {
            // Not that nothing was done: the first commit stands, and the rail may have the money.
            Err(failure @ (Failure::Busy | Failure::Unavailable | Failure::Unknown)) => {
                tracing::warn!(payment = payment.id.get(), ?failure, "a rail's word was not recorded");
                Ok(payment)
            }
            end @ (Ok(_) | Err(Failure::Refused(_) | Failure::Broken(_))) => end,
        },
        // The job of the first commit will ask; until then the payment stands as started.
        Word::NotFound | Word::Silence => Ok(payment),
    }
}

/// Asks the rail about a payment and believes it; without a last word the payment is asked about again.
pub async fn check(engine: &Engine, rail: &dyn Rail, payment: &Payment) -> Result<Payment, Failure> {
    let report = match rail.check(payment.id).await {
        Word::Report(report) => Some(report),
        // It has told of the money, and may have lost its memory: nothing is taken back for that.
        Word::NotFound if payment.taken.is_some() => {
            tracing::error!(payment = payment.id.get(), "the rail has never heard of money that it told of");
            None
        }
        Word::NotFound => Some(Report::Failed { reason: "the rail has never heard of it".to_owned() }),
        Word::Silence => None,
    };
    let now = match report {
        Some(report) => match engine.submit(RecordReport::answering(payment, report)).await {
            Err(Failure::Broken(fault)) => {
                tracing::error!(payment = payment.id.get(), %fault, "a rail's word cannot be booked");
                payment.clone()
            }
            end => end?,
        },
        None => payment.clone(),
    };
    // Without a last word, or with one that contradicts the books, the job stays and becomes due again.
    engine
        .submit(KeepWaiting { merchant_id: now.merchant_id, link_id: now.link_id, payment_id: now.id })
        .await
}
