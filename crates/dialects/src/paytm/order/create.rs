//! `POST /order/sendpaymentrequest`: a merchant's program asks a person to pay, by SMS.

use axum::extract::{Request, State};
use axum::response::Response;
use kadi_engine::Reader;
use kadi_engine::command::Failure;
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::domain::create::{Made, NewLink};
use kadi_engine::domain::merchant::{Feature, Merchant};
use kadi_engine::domain::message::Notice;
use kadi_engine::domain::refusal::{Fault, Refusal};
use kadi_engine::domain::search::Standing;
use serde::Serialize;

use super::answers::{Answers, ResultInfo};
use super::codes::{NO_VPA, NOT_NOTIFIED, No, ORDER_ID_USED, PAID, REQUESTS_OFF, SENT, UPI_OFF, request_no};
use super::request;
use crate::door::Door;
use crate::paytm::caller::Asks;
use crate::paytm::envelope::open;
use crate::paytm::link::splits;
use crate::shared::body::read_body;

/// The body of a "yes".
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    result_info: ResultInfo,
    payment_url: String,
}

/// Answers one call.
pub(crate) async fn handle(State(door): State<Door>, request: Request) -> Response {
    let mut answers = Answers::new(&door);
    let end = call(&door, request, &mut answers).await;
    answers.end(end)
}

async fn call(door: &Door, request: Request, answers: &mut Answers<'_>) -> Result<Sent, No> {
    let bytes = read_body(request).await.map_err(request_no)?;
    let envelope = open(&bytes).map_err(request_no)?;
    let (account, _admitted) = answers.let_in(&envelope, Asks::ClientId).await.map_err(request_no)?;
    let merchant = &account.merchant;
    let (mut new, split) = request::read(&envelope.body, merchant, door.engine.now())?;
    new.extras.split = splits::check(door, merchant, split, &new).await.map_err(request_no)?;
    // Duplicates are told before what is off (specs, part 4).
    if let Some(no) = earlier(door, merchant, &new).await? {
        return Err(no);
    }
    if let Some(missing) = what_is_off(merchant) {
        return Err(missing);
    }
    let made = match submit(door, merchant, new.clone()).await {
        Err(Failure::Refused(Refusal::ReferenceUsed(_))) => {
            return Err(earlier(door, merchant, &new).await?.unwrap_or(ORDER_ID_USED.into()));
        }
        made => made?,
    };
    if made.notices.iter().any(|notice| matches!(notice, Notice::Impossible(_))) {
        return Err(NOT_NOTIFIED.into());
    }
    Ok(Sent { result_info: SENT.into(), payment_url: door.page_url(made.link.id)? })
}

async fn submit(door: &Door, merchant: &Merchant, new: NewLink) -> Result<Box<Made>, Failure> {
    let command = CreateLink { merchant_id: merchant.id, new, idempotency: None };
    match door.engine.submit(command).await? {
        Once::Done(made) => Ok(made),
        Once::Replayed(_) => Err(Failure::Broken(Fault::new("a create without a key was replayed"))),
    }
}

/// What the merchant needs for payment requests and does not have.
fn what_is_off(merchant: &Merchant) -> Option<No> {
    let has = |feature| merchant.features.contains(&feature);
    if !has(Feature::Upi) {
        return Some(UPI_OFF.into());
    }
    if merchant.vpa.is_none() {
        return Some(NO_VPA.into());
    }
    (!has(Feature::PaymentRequest)).then(|| REQUESTS_OFF.into())
}

/// What there is to say where the order's id was used before, by a payment request or for a link: whether
/// that order was paid.
async fn earlier(door: &Door, merchant: &Merchant, new: &NewLink) -> Result<Option<No>, No> {
    let keys = new.reference_keys(merchant.id);
    let query = move |reader: &mut Reader| {
        let Some(key) = keys.first() else { return Ok(None) };
        let known = match reader.link_by_reference(key)? {
            None => reader.link_by_order_id(key.merchant_id, &key.value)?,
            known => known,
        };
        known.map(|id| reader.link(id)).transpose().map(Option::flatten)
    };
    let link = door.engine.query(query).await?;
    let standing = link.map(|link| link.standing(door.engine.now()));
    Ok(standing.map(|standing| if standing == Standing::Paid { PAID } else { ORDER_ID_USED }.into()))
}
