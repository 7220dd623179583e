//! `POST /linkpayment/resend`: a merchant's program sends a link again, at most three times.

use axum::extract::{Request, State};
use axum::response::Response;
use kadi_engine::command::Failure;
use kadi_engine::commands::resend_link::ResendLink;
use kadi_engine::domain::id::LinkId;
use kadi_engine::domain::refusal::Refusal;
use kadi_engine::domain::resend::Resend;
use serde::Serialize;

use super::answer::answer;
use super::caller::authenticate;
use super::codes::{ALREADY_EXPIRED, ALREADY_PAID, NOT_FOUND, No, invalid};
use super::link_id::{CHARS_MAX, link_payment_id};
use super::members;
use super::send::Send;
use super::status::{Word, find};
use crate::door::Door;
use crate::shared::body::read_body;

/// How often a link may be sent again (vendor page).
const RESENDS_MAX: i64 = 3;

/// `data` of the answer (specs, part 5).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resent {
    link_payment_id: String,
    #[serde(flatten)]
    send: Send,
    resent_count: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// Answers one call.
pub(super) async fn handle(State(door): State<Door>, request: Request) -> Response {
    answer(call(&door, request).await)
}

async fn call(door: &Door, request: Request) -> Result<Resent, No> {
    let merchant = authenticate(door, request.headers()).await?;
    let bytes = read_body(request).await?;
    let _place = door.engine.admit(merchant.id).await?;
    let body = members::open(&bytes)?;
    let id = members::line(&body, "linkPaymentId", CHARS_MAX)?;
    let send = Send::read(&body)?;
    if !send.is_any() {
        return Err(no_channel());
    }
    let face = find(door, &merchant, &id).await?;
    let contact = face.customer.as_ref().map(|customer| customer.open(door.engine.keys())).transpose()?;
    // A channel without a contact does not count as the one that must be asked for (DECISIONS.md).
    let channels = send.channels(&contact.unwrap_or_default());
    if channels.is_empty() {
        return Err(no_channel());
    }
    let asked = Resend { channels, to: None, resends_max: Some(RESENDS_MAX) };
    let command = ResendLink { merchant_id: merchant.id, link_id: face.link.id, asked, mark: None };
    let resent_count = match door.engine.submit(command).await {
        Err(Failure::Refused(Refusal::LinkCompleted | Refusal::LinkExpired | Refusal::LinkCancelled)) => {
            return Err(ended(door, face.link.id).await?);
        }
        sent => sent?,
    };
    Ok(Resent {
        link_payment_id: link_payment_id(door, face.link.id)?,
        send,
        resent_count,
        detail: send.not_set_up(door.engine.setup()),
    })
}

/// What is said of a link that takes no payment any more: it is paid, as its status says, or it is over.
async fn ended(door: &Door, link: LinkId) -> Result<No, No> {
    let face = door.engine.link_face(link).await?.ok_or(NOT_FOUND)?;
    let is_paid = Word::of(&face.link, door.engine.now()) == Word::Success;
    Ok(if is_paid { ALREADY_PAID } else { ALREADY_EXPIRED }.into())
}

fn no_channel() -> No {
    invalid("at least one of sendEmail, sendSms, sendWhatsApp must be true")
}
