//! `POST /api/v3/payment-link/actions`: a merchant's program sends a link again or cancels it.

use axum::extract::{Request, State};
use axum::response::Response;
use kadi_engine::commands::cancel_link::CancelLink;
use kadi_engine::commands::create_link::Once;
use kadi_engine::commands::resend_link::ResendLink;
use kadi_engine::domain::message::ChannelKind;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::resend::Resend;
use serde::Serialize;

use super::answer::answer;
use super::caller::authenticate;
use super::codes::{CANNOT_BE_CANCELLED, CANNOT_BE_SENT, No};
use super::members::{LINE_CHARS_MAX, open, required};
use super::request::{CHANNELS, switches};
use super::whole::{Name, Whole, find, payment_link_id};
use crate::door::Door;
use crate::shared::body::read_body;
use crate::shared::fields::Fields;
use crate::table::page_url;

/// How often a link may be sent again; the vendor names no number.
const RESENDS_MAX: i64 = 100;

/// The answer (specs, part 4).
#[derive(Serialize)]
struct Done {
    status: &'static str,
    payment_link_url: String,
    payment_link_id: String,
    invoice_id: Option<String>,
}

/// Answers one call.
pub(super) async fn handle(State(door): State<Door>, request: Request) -> Response {
    answer(call(&door, request).await)
}

async fn call(door: &Door, request: Request) -> Result<Done, No> {
    let caller = authenticate(door, request.headers()).await?;
    let bytes = read_body(request).await?;
    let _place = caller.admit(door).await?;
    let body = open(&bytes)?;
    let name = Name::read(door, &body)?;
    let action = required(&body, "action", LINE_CHARS_MAX)?;
    let asked = switches(&body, &CHANNELS)?;
    let asked: Vec<ChannelKind> = asked.into_iter().map(|(channel, _)| channel).collect();
    let whole = match action.as_str() {
        "send" => send(door, find(door, caller.merchant().id, name).await?, asked).await?,
        "cancel" => cancel(door, find(door, caller.merchant().id, name).await?).await?,
        _ => return Err(wrong_action(&body)),
    };
    let code = door.code(whole.link.id)?;
    Ok(Done {
        status: whole.status(door).word(),
        payment_link_url: page_url(door, &whole.link)?,
        payment_link_id: payment_link_id(&code),
        invoice_id: whole.invoice_id,
    })
}

fn wrong_action(body: &Fields<'_>) -> No {
    body.wrong("action").into()
}

/// Sends it by the channels that the body asks for, or by SMS and e-mail where it asks for none; of these by
/// those for which there is a contact.
async fn send(door: &Door, mut whole: Whole, asked: Vec<ChannelKind>) -> Result<Whole, No> {
    let asked = if asked.is_empty() { vec![ChannelKind::Sms, ChannelKind::Email] } else { asked };
    let has_contact = |channel: &ChannelKind| match channel {
        ChannelKind::Email => whole.contact.email.is_some(),
        ChannelKind::Sms | ChannelKind::WhatsApp => whole.contact.mobile.is_some(),
    };
    let channels = asked.into_iter().filter(has_contact).collect();
    let asked = Resend { channels, to: None, resends_max: Some(RESENDS_MAX) };
    let command =
        ResendLink { merchant_id: whole.link.merchant_id, link_id: whole.link.id, asked, mark: None };
    let sent = door.engine.submit(command).await;
    sent.map_err(|failure| No::of_closed(failure, CANNOT_BE_SENT))?;
    whole.link.sent_at = whole.link.sent_at.or(Some(door.engine.now()));
    Ok(whole)
}

async fn cancel(door: &Door, whole: Whole) -> Result<Whole, No> {
    let (merchant_id, link_id) = (whole.link.merchant_id, whole.link.id);
    let cancelled =
        door.engine.submit(CancelLink { merchant_id, link_id, idempotency: None, also: Vec::new() }).await;
    match cancelled.map_err(|failure| No::of_closed(failure, CANNOT_BE_CANCELLED))? {
        Once::Done(link) => Ok(Whole { link: *link, ..whole }),
        Once::Replayed(_) => Err(Fault::new("a cancel without a key was replayed").into()),
    }
}
