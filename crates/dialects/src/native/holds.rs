//! `/v1/holds`: money that came and was not applied, and what the merchant decides about it.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use kadi_engine::Reader;
use kadi_engine::commands::create_link::Once;
use kadi_engine::commands::decide_hold::DecideHold;
use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::hold::{as_decided, is_refund_proposed};
use kadi_engine::domain::id::PaymentId;
use kadi_engine::domain::payment::{HoldDecision, HoldReason, Payment};
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Caller, Write};
use super::links::mark_replay;
use super::page::Page;
use super::path::PathId;
use super::payments::find;
use super::problem::Problem;
use super::show::{PaymentBody, hold_reason, show_payment};
use crate::door::Door;

/// What becomes of held money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Choice {
    /// It counts for the link.
    Apply,
    /// It goes back to the payer.
    Refund,
}

/// A decision about held money.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionBody {
    /// `apply` or `refund`.
    #[schema(value_type = String)]
    decision: Choice,
}

/// Money that came and was not applied.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HoldBody {
    /// Its id, which is its payment's.
    pub id: String,
    /// How much came, in minor units.
    pub amount: i64,
    /// The currency in which it came.
    pub currency: String,
    /// The attempt about which the rail spoke, where it gave this money a reference of its own.
    pub beside_payment: Option<String>,
    /// `late`, `over`, `duplicate`, `unmatched`, `mismatched` or `currency`.
    pub reason: Option<&'static str>,
    /// `apply` or `refund`, once decided.
    pub decision: Option<&'static str>,
    /// Nobody decided for 72 hours: a refund is proposed.
    pub refund_proposed: bool,
    /// The payment as it stands.
    pub payment: PaymentBody,
}

/// A page of holds.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HoldList {
    /// The holds, newest first.
    pub data: Vec<HoldBody>,
    /// What `after` takes for the next page; null on the last.
    pub next: Option<String>,
}

fn show_hold(payment: &Payment, now: Timestamp) -> Result<HoldBody, Fault> {
    let reason = hold_reason(&payment.state).or(payment.decided.map(|decided| decided.reason));
    Ok(HoldBody {
        id: payment.id.get().to_string(),
        amount: payment.taken.map_or(0, Minor::get),
        currency: payment.money_currency().code().to_owned(),
        beside_payment: payment.beside.map(|attempt| attempt.get().to_string()),
        reason: reason.map(HoldReason::word),
        decision: payment.decided.map(|decided| decided.decision.word()),
        refund_proposed: is_refund_proposed(payment, now),
        payment: show_payment(payment)?,
    })
}

/// Lists held money about which nothing is decided, newest first.
#[utoipa::path(
    get, path = "/v1/holds",
    params(
        ("limit" = Option<u32>, Query, description = "1 to 100, 20 unless said"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of holds", body = HoldList),
        (status = 422, description = "`invalid_request`"),
    )
)]
pub(super) async fn list(
    State(door): State<Door>,
    headers: HeaderMap,
    page: Result<Page, Problem>,
) -> Result<Json<HoldList>, Problem> {
    let caller = Caller::read(&door, &headers).await?;
    let merchant = caller.merchant.id;
    let page = page?;
    let (after, rows) = (page.after.map(PaymentId::new), page.rows());
    let query = move |reader: &mut Reader| reader.holds_page(merchant, after, rows);
    let (held, next) = page.cut(door.engine.query(query).await?, |payment| payment.id.get());
    let now = door.engine.now();
    let data = held.iter().map(|payment| show_hold(payment, now)).collect::<Result<_, _>>()?;
    Ok(Json(HoldList { data, next }))
}

/// Decides about held money: it counts for its link, or goes back. The same decision again changes nothing.
#[utoipa::path(
    post, path = "/v1/holds/{id}/decide", request_body = DecisionBody,
    params(
        ("id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "Carries the request out once"),
    ),
    responses(
        (
            status = 200, description = "The hold right after the decision", body = HoldBody,
            headers(("Idempotency-Replayed" = Option<String>, description = "`true` where decided before")),
        ),
        (status = 404, description = "Absent, or another merchant's"),
        (
            status = 409,
            description = "`hold_decided`, `hold_has_no_room`, `hold_not_applicable` or \
                           `idempotency_key_reused`",
        ),
        (status = 422, description = "`invalid_request`"),
    )
)]
pub(super) async fn decide(
    State(door): State<Door>,
    id: PathId,
    request: Request,
) -> Result<Response, Problem> {
    let write = Write::read(&door, request).await?;
    let decision = match write.json::<DecisionBody>()?.decision {
        Choice::Apply => HoldDecision::Apply,
        Choice::Refund => HoldDecision::Refund,
    };
    let merchant_id = write.caller.merchant.id;
    let payment = find(&door, merchant_id, id.payment()?).await?;
    let (link_id, payment_id) = (payment.link_id, payment.id);
    let idempotency = write.idempotency;
    let command = DecideHold { merchant_id, link_id, payment_id, decision, idempotency };
    let (payment, is_replay) = match door.engine.submit(command).await? {
        Once::Done(payment) => (*payment, false),
        Once::Replayed(payment) => (find(&door, merchant_id, payment).await?, true),
    };
    let hold = show_hold(&as_decided(payment, decision)?, door.engine.now())?;
    let mut response = Json(hold).into_response();
    mark_replay(response.headers_mut(), is_replay);
    Ok(response)
}
