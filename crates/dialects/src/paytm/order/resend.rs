//! `POST /order/resendpaymentrequest`: a merchant's program sends a payment request again.

use axum::extract::{Request, State};
use axum::response::Response;
use kadi_engine::Reader;
use kadi_engine::commands::resend_link::ResendLink;
use kadi_engine::domain::id::LinkId;
use kadi_engine::domain::link::LinkWord;
use kadi_engine::domain::merchant::Feature;
use kadi_engine::domain::message::ChannelKind;
use kadi_engine::domain::resend::Resend;
use kadi_engine::domain::search::Standing;

use super::answers::{Answers, Told};
use super::codes::{ANYTHING_ELSE, NOT_NOTIFIED, No, PAID, REQUESTS_OFF, SENT, request_no};
use super::find::find_link;
use super::members;
use crate::door::Door;
use crate::paytm::caller::Asks;
use crate::paytm::envelope::open;
use crate::shared::body::read_body;

/// How often one request may be sent again: the vendor names no number, and nobody wants a hundred SMS.
const RESENDS_MAX: i64 = 100;

/// Answers one call.
pub(crate) async fn handle(State(door): State<Door>, request: Request) -> Response {
    let mut answers = Answers::new(&door);
    let end = call(&door, request, &mut answers).await;
    answers.end(end)
}

async fn call(door: &Door, request: Request, answers: &mut Answers<'_>) -> Result<Told, No> {
    let bytes = read_body(request).await.map_err(request_no)?;
    let envelope = open(&bytes).map_err(request_no)?;
    let (account, _admitted) = answers.let_in(&envelope, Asks::ClientId).await.map_err(request_no)?;
    let merchant = &account.merchant;
    let (id, merchant_id) = (members::order_id(&envelope.body)?, merchant.id);
    let find = move |reader: &mut Reader| reader.snapshot(|reader| find_link(reader, merchant_id, &id));
    let link = door.engine.query(find).await?.ok_or(ANYTHING_ELSE)?;
    let now = door.engine.now();
    if link.word(now) != LinkWord::Active && link.standing(now) == Standing::Paid {
        return Err(PAID.into());
    }
    if !merchant.features.contains(&Feature::PaymentRequest) {
        return Err(REQUESTS_OFF.into());
    }
    if link.word(now) != LinkWord::Active {
        return Err(ANYTHING_ELSE.into());
    }
    check_mobile(door, link.id).await?;
    let asked = Resend { channels: vec![ChannelKind::Sms], to: None, resends_max: Some(RESENDS_MAX) };
    door.engine.submit(ResendLink { merchant_id: merchant.id, link_id: link.id, asked, mark: None }).await?;
    Ok(SENT.into())
}

/// Refuses where there is no number to send to: a link of another call may have been made without.
async fn check_mobile(door: &Door, link: LinkId) -> Result<(), No> {
    let face = door.engine.link_face(link).await?.ok_or(ANYTHING_ELSE)?;
    let contact = face.customer.as_ref().map(|customer| customer.open(door.engine.keys())).transpose()?;
    let has_mobile = contact.is_some_and(|contact| contact.mobile.is_some());
    if has_mobile { Ok(()) } else { Err(NOT_NOTIFIED.into()) }
}
