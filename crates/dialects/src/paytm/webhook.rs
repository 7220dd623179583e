//! The JSON that tells a merchant's `webhook_url` how a payment ended (specs/paytm-link.md, part 10).

use kadi_engine::domain::delivery::{EventSet, Subscription};
use kadi_engine::domain::event::EventKind;
use kadi_engine::domain::payment::PaymentState;
use kadi_engine::domain::refusal::Fault;
use serde::Serialize;

use super::callback::{NOT_TAKEN, TAKEN, bank, signing_key};
use super::envelope::seal;
use super::namespaces::WEBHOOK;
use super::order_id::order_id_of_told;
use super::plain::plain;
use super::settings::{DIALECT, MID};
use crate::door::Door;
use crate::shared::amount::money_text;
use crate::shared::ist::ist_callback_text;
use crate::telling::{Call, Telling};

/// Every link of this dialect: whoever has a `webhook_url` at the time of a payment hears how it ended.
pub(super) fn webhook_subscription() -> Subscription {
    let events = EventSet::of(&[EventKind::PaymentCaptured, EventKind::PaymentFailed]);
    Subscription { dialect: DIALECT, form: WEBHOOK, url: None, events }
}

#[derive(Serialize)]
struct Head {
    signature: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    mid: &'a str,
    order_id: String,
    txn_id: String,
    txn_amount: String,
    currency: &'a str,
    status: &'static str,
    resp_code: &'static str,
    resp_msg: &'static str,
    txn_type: &'static str,
    payment_mode: &'a str,
    bank_txn_id: &'a str,
    bank_name: &'static str,
    txn_date: String,
}

/// The call that carries a delivery. The same event is the same body every time, and nothing stands in it
/// that the vendor's libraries would write otherwise.
pub(super) fn call(door: &Door, telling: &Telling) -> Result<Call, Fault> {
    let payment = telling.payment.as_ref().ok_or_else(|| Fault::new("a webhook without a payment"))?;
    let (status, resp_code, resp_msg) = match &payment.state {
        PaymentState::Captured { .. } => TAKEN,
        // Without the rail's reason: nothing stands in the body that the libraries would write otherwise.
        PaymentState::Failed { .. } => NOT_TAKEN,
        PaymentState::Started
        | PaymentState::Pending
        | PaymentState::Held { .. }
        | PaymentState::Reversed { .. } => return Err(Fault::new("a webhook without an end")),
    };
    let body = Body {
        mid: telling.merchant.setting(DIALECT, MID).unwrap_or_default(),
        order_id: order_id_of_told(telling, payment.id),
        txn_id: payment.id.get().to_string(),
        txn_amount: money_text(payment.applied.get()),
        currency: payment.currency.code(),
        status,
        resp_code,
        resp_msg,
        txn_type: "SALE",
        payment_mode: &payment.mode,
        bank_txn_id: payment.reference().and_then(plain).unwrap_or_default(),
        bank_name: bank(payment),
        txn_date: ist_callback_text(telling.event.at.ms())
            .ok_or_else(|| Fault::new("a date outside the calendar"))?,
    };
    let key = signing_key(door, telling)?;
    let body = seal(door, Some(&key), &body, |signature| Head { signature }).map_err(Fault::new)?;
    Ok(Call { content_type: "application/json", headers: Vec::new(), body })
}
