//! `POST /order/resendpaymentrequest`: a merchant's program sends a payment request again.

use axum::extract::{Request, State};
use axum::response::Response;
use kadi_engine::Reader;
use kadi_engine::commands::resend_link::ResendLink;
use kadi_engine::domain::link::LinkWord;
use kadi_engine::domain::merchant::Feature;
use kadi_engine::domain::message::ChannelKind;
use kadi_engine::domain::reference::ReferenceKey;
use kadi_engine::domain::resend::Resend;

use super::answers::{Answers, Told};
use super::codes::{ANYTHING_ELSE, No, PAID, REQUESTS_OFF, SENT, request_no};
use super::members;
use crate::door::Door;
use crate::paytm::caller::Asks;
use crate::paytm::envelope::open;
use crate::paytm::namespaces::MERCHANT_ORDER_ID;
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
    let value = members::order_id(&envelope.body)?;
    let key = ReferenceKey { merchant_id: merchant.id, namespace: MERCHANT_ORDER_ID, value };
    let find = move |reader: &mut Reader| {
        reader.link_by_reference(&key)?.map(|id| reader.link(id)).transpose().map(Option::flatten)
    };
    let link = door.engine.query(find).await?.ok_or(ANYTHING_ELSE)?;
    if link.word(door.engine.now()) == LinkWord::Completed {
        return Err(PAID.into());
    }
    if !merchant.features.contains(&Feature::PaymentRequest) {
        return Err(REQUESTS_OFF.into());
    }
    link.check_payable(door.engine.now())?;
    let asked = Resend { channels: vec![ChannelKind::Sms], to: None, resends_max: Some(RESENDS_MAX) };
    door.engine.submit(ResendLink { merchant_id: merchant.id, link_id: link.id, asked }).await?;
    Ok(SENT.into())
}
