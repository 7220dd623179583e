//! `/v1/refunds` and the refunds of a payment.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kadi_engine::Reader;
use kadi_engine::commands::create_link::Once;
use kadi_engine::commands::request_refund::RequestRefund;
use kadi_engine::domain::amount::{AMOUNT_MAX, Minor};
use kadi_engine::domain::id::{MerchantId, RefundId};
use kadi_engine::domain::refund::{Refund, RefundState};
use kadi_engine::domain::refusal::Fault;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Caller, Write};
use super::links::mark_replay;
use super::path::PathId;
use super::payments::find;
use super::problem::Problem;
use super::time::write_time;
use crate::door::Door;

/// A refund that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRefundBody {
    /// How much goes back to the payer, in minor units: at least 1, at most what is left of the payment.
    pub amount: i64,
    /// The `id` of the merchant file of a child, or your own, whose part of a divided payment it comes from
    /// alone; all parts give in proportion to what is left of them where it is absent.
    pub merchant: Option<String>,
}

/// A refund. The amount is in minor units of `currency`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RefundBody {
    /// Its id.
    pub id: String,
    /// The payment whose money goes back.
    pub payment_id: String,
    /// The payment's link.
    pub link_id: String,
    /// How much.
    pub amount: i64,
    /// The ISO 4217 code.
    pub currency: String,
    /// `pending`, `succeeded`, `failed` or `reversed`.
    pub state: &'static str,
    /// The rail's reference of the refund.
    pub rail_reference: Option<String>,
    /// The rail's reason for a failed one.
    pub failure_reason: Option<String>,
    /// The rail paid it after it had refused it, when the payment had no room left: it is your loss.
    pub excess: bool,
    /// When it was asked for.
    #[schema(format = DateTime)]
    pub created_at: String,
}

/// Shows a refund.
pub fn show_refund(refund: &Refund) -> Result<RefundBody, Fault> {
    let failure_reason = match &refund.state {
        RefundState::Failed { reason, .. } => Some(reason.clone()),
        RefundState::Pending | RefundState::Succeeded { .. } | RefundState::Reversed { .. } => None,
    };
    Ok(RefundBody {
        id: refund.id.get().to_string(),
        payment_id: refund.payment_id.get().to_string(),
        link_id: refund.link_id.get().to_string(),
        amount: refund.amount.get(),
        currency: refund.currency.code().to_owned(),
        state: refund.state.word(),
        rail_reference: refund.rail_reference.clone(),
        failure_reason,
        excess: refund.is_excess,
        created_at: write_time(refund.created_at)?,
    })
}

/// Refunds captured money, whole or in part. The answer is the refund on its way: the rail is asked
/// afterwards.
#[utoipa::path(
    post, path = "/v1/payments/{id}/refunds", request_body = NewRefundBody,
    params(
        ("id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "Carries the request out once"),
    ),
    responses(
        (
            status = 201, description = "The refund", body = RefundBody,
            headers(
                ("Location" = String, description = "The address of the refund in this API"),
                ("Idempotency-Replayed" = Option<String>, description = "`true` where made before"),
            ),
        ),
        (status = 404, description = "Absent, or another merchant's"),
        (
            status = 409,
            description = "`payment_not_captured`, `part_unknown`, `refund_too_large` or \
                           `idempotency_key_reused`",
        ),
        (status = 422, description = "`invalid_request` or `amount_invalid`"),
    )
)]
pub(super) async fn create(
    State(door): State<Door>,
    id: PathId,
    request: Request,
) -> Result<Response, Problem> {
    let write = Write::read(&door, request).await?;
    let NewRefundBody { amount, merchant: of } = write.json()?;
    let amount = Minor::new(amount);
    if !amount.is_positive() || amount > AMOUNT_MAX {
        let most = AMOUNT_MAX.get();
        return Err(Problem::amount_invalid(&format!("amount: must be between 1 and {most}")));
    }
    let merchant_id = write.caller.merchant.id;
    let payment = find(&door, merchant_id, id.payment()?).await?;
    let (link_id, payment_id) = (payment.link_id, payment.id);
    let idempotency = write.idempotency;
    let command = RequestRefund { merchant_id, link_id, payment_id, amount, of, idempotency };
    let (refund, is_replay) = match door.engine.submit(command).await? {
        Once::Done(refund) => (*refund, false),
        Once::Replayed(refund) => (find_refund(&door, merchant_id, refund).await?, true),
    };
    let body = show_refund(&refund.as_born())?;
    let location = format!("{}/v1/refunds/{}", door.public_url, body.id);
    let mut response = (StatusCode::CREATED, [(LOCATION, location)], Json(body)).into_response();
    mark_replay(response.headers_mut(), is_replay);
    Ok(response)
}

/// Reads a refund.
#[utoipa::path(
    get, path = "/v1/refunds/{id}", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The refund", body = RefundBody),
        (status = 404, description = "Absent, or another merchant's"),
    )
)]
pub(super) async fn get(
    State(door): State<Door>,
    headers: HeaderMap,
    id: PathId,
) -> Result<Json<RefundBody>, Problem> {
    let caller = Caller::read(&door, &headers).await?;
    let refund = find_refund(&door, caller.merchant.id, id.refund()?).await?;
    Ok(Json(show_refund(&refund)?))
}

async fn find_refund(door: &Door, merchant: MerchantId, id: RefundId) -> Result<Refund, Problem> {
    let refund = door.engine.query(move |reader: &mut Reader| reader.refund(id)).await?;
    refund.filter(|refund| refund.merchant_id == merchant).ok_or_else(Problem::not_found)
}
