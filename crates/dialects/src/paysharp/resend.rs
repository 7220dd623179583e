//! `POST /linkpayment/resend`: a merchant's program sends a link again, at most three times.

use axum::extract::{Request, State};
use axum::response::Response;
use kadi_engine::commands::resend_link::ResendLink;
use kadi_engine::domain::resend::Resend;
use serde::Serialize;

use super::answer::answer;
use super::caller::authenticate;
use super::codes::{No, invalid};
use super::link_id::{CHARS_MAX, link_payment_id};
use super::members;
use super::send::Send;
use super::status::find;
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
    let command = ResendLink { merchant_id: merchant.id, link_id: face.link.id, asked };
    let resent_count = door.engine.submit(command).await?;
    Ok(Resent {
        link_payment_id: link_payment_id(door, face.link.id)?,
        send,
        resent_count,
        detail: send.not_set_up(door.engine.setup()),
    })
}

fn no_channel() -> No {
    invalid("at least one of sendEmail, sendSms, sendWhatsApp must be true")
}
