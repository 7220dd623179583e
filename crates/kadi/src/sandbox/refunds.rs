//! Refunds as a tester wants them: how the next ones of a payment go, and how one that waits ends.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use kadi_dialects::native::{Problem, RefundBody, show_refund};
use kadi_engine::Reader;
use kadi_engine::commands::sandbox_payback::ChooseRefundStory;
use kadi_engine::domain::id::{PaymentId, RefundId};
use kadi_engine::domain::sandbox::{Charge, ChargeWord, RefundStory};

use super::router::{OutcomeBody, json};
use crate::worker::Worker;

/// `POST /sandbox/payments/{id}/refunds`: how the rail will carry out the payment's next refunds.
pub(super) async fn choose(
    State(worker): State<Arc<Worker>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let body: OutcomeBody = json(request).await?;
    let story = RefundStory::parse(&body.outcome);
    let story = story.ok_or_else(|| {
        let words = RefundStory::ALL.map(|(_, word)| word).join(", ");
        Problem::invalid(format!("outcome: none of {words}"))
    })?;
    let id = PaymentId::new(id.parse().map_err(|_| Problem::not_found())?);
    // Money beside a payment, or of none, is what the rail took when it was asked for another.
    let query = move |reader: &mut Reader| {
        let Some(payment) = reader.payment(id)? else { return Ok(None) };
        reader.charge(Charge::behind(id, payment.rail_reference.as_deref()))
    };
    let charge = worker.door.engine.query(query).await?.ok_or_else(Problem::not_found)?;
    let Charge { merchant_id, payment_id, .. } = charge;
    worker.door.engine.submit(ChooseRefundStory { merchant_id, payment_id, story }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /sandbox/refunds/{id}/settle`: the refund after the rail's notice; a failure counts once the
/// rail says so on being asked, which a job does at once.
pub(super) async fn settle(
    State(worker): State<Arc<Worker>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<RefundBody>, Problem> {
    let body: OutcomeBody = json(request).await?;
    let word = match body.outcome.as_str() {
        "success" => ChargeWord::Succeeded,
        "failure" => ChargeWord::Failed,
        "reversal" => ChargeWord::Reversed,
        _ => return Err(Problem::invalid("outcome: success, failure or reversal")),
    };
    let id = RefundId::new(id.parse().map_err(|_| Problem::not_found())?);
    let refund = worker.door.engine.query(move |reader| reader.refund(id)).await?;
    let refund = refund.ok_or_else(Problem::not_found)?;
    let notice = worker.rail.settle_refund(&refund, word).await?;
    Ok(Json(show_refund(&worker.hear_refund(&notice).await?)?))
}
