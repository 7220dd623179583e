//! The form that tells a merchant about a payment: posted by Kadi to `statusCallbackUrl`, and by the payer's
//! browser to `callbackUrl` (specs/paytm-link.md, part 10).

use kadi_engine::domain::delivery::{EventSet, Subscription};
use kadi_engine::domain::event::EventKind;
use kadi_engine::domain::link::TextKind;
use kadi_engine::domain::mode::{Channel, Mode};
use kadi_engine::domain::payment::{Payment, PaymentState};
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::time::{HOUR_MS, MINUTE_MS};
use kadi_engine::ports::ReturnForm;
use serde::Serialize;
use url::form_urlencoded::Serializer;

use super::keys::{live_keys, open_key};
use super::namespaces::{STATUS_FORM, WEBHOOK};
use super::order_id::{order_id_of_told, reference_of_link};
use super::settings::{DIALECT, MID};
use super::sign::{PaytmKey, SIGNATURE_FIELD, salt_from};
use super::webhook;
use crate::door::Door;
use crate::shared::amount::money_text;
use crate::shared::ist::ist_callback_text;
use crate::telling::{Call, Form, Telling};

/// When a callback is tried again (DECISIONS.md): 1 min, 5 min, 30 min, 2 h, 6 h, and 24 h five times.
pub(crate) const DELAYS_MS: [i64; 10] = [
    MINUTE_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    6 * HOUR_MS,
    24 * HOUR_MS,
    24 * HOUR_MS,
    24 * HOUR_MS,
    24 * HOUR_MS,
    24 * HOUR_MS,
];

/// Who hears by form at `url`: successes and failures.
pub(super) fn status_subscription(url: String) -> Subscription {
    let events = EventSet::of(&[EventKind::PaymentCaptured, EventKind::PaymentFailed]);
    Subscription { dialect: DIALECT, form: STATUS_FORM, url: Some(url), events }
}

/// The call that carries a delivery.
pub(crate) fn tell(door: &Door, telling: &Telling) -> Result<Call, Fault> {
    match telling.form {
        Some(STATUS_FORM) => form_call(door, telling),
        Some(WEBHOOK) => webhook::call(door, telling),
        Some(_) | None => Err(Fault::new("a delivery of a form that there is not")),
    }
}

fn form_call(door: &Door, telling: &Telling) -> Result<Call, Fault> {
    let mut form = Serializer::new(String::new());
    form.extend_pairs(fields(door, telling, Reader::Merchant)?);
    Ok(Call { content_type: "application/x-www-form-urlencoded", headers: Vec::new(), body: form.finish() })
}

/// The form that the payer's browser posts to the merchant's address.
pub(crate) fn return_form(door: &Door, telling: &Telling, address: &str) -> Result<ReturnForm, Fault> {
    Ok(ReturnForm { action: address.to_owned(), fields: fields(door, telling, Reader::Payer)? })
}

/// Who sees the fields before the merchant does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Nobody.
    Merchant,
    /// Whoever has the address of the page, on which they stand.
    Payer,
}

/// The fields with their signature. What a page may not show is empty in a payer's: the private note, and
/// contacts that the merchant gave. Empty texts stand for what is not known; the text "null" is never sent,
/// since the vendor's libraries read it differently.
fn fields(door: &Door, telling: &Telling, reader: Reader) -> Result<Form, Fault> {
    let payment = telling.payment.as_ref().ok_or_else(|| Fault::new("a status form without a payment"))?;
    let date =
        ist_callback_text(telling.event.at.ms()).ok_or_else(|| Fault::new("a date outside the calendar"))?;
    let (status, code, message) = outcome(&payment.state);
    let contact = &telling.contact;
    let hidden = |value: String| if reader == Reader::Payer { String::new() } else { value };
    let own = |value: &Option<Pii>| value.as_ref().map(|pii| pii.expose().to_owned()).unwrap_or_default();
    let text = |kind| telling.text(kind).unwrap_or_default().to_owned();
    let mut fields = vec![
        ("ORDERID", order_id_of_told(telling, payment.id)),
        ("MID", telling.merchant.setting(DIALECT, MID).unwrap_or_default().to_owned()),
        ("TXNID", payment.id.get().to_string()),
        ("TXNAMOUNT", money_text(payment.applied.get())),
        ("CURRENCY", payment.currency.code().to_owned()),
        ("PAYMENTMODE", payment.mode.clone()),
        ("TXNDATE", date.clone()),
        ("TXNDATETIME", date),
        ("STATUS", status.to_owned()),
        ("RESPCODE", code.to_owned()),
        ("RESPMSG", message.replace('|', "/")),
        ("GATEWAYNAME", payment.rail.to_uppercase()),
        ("BANKTXNID", payment.reference().unwrap_or_default().to_owned()),
        ("BANKNAME", bank(payment).to_owned()),
        ("CUSTID", own(&contact.external_id)),
        ("MERC_UNQ_REF", reference_of_link(telling.link.id)),
        ("LINKDESCRIPTION", telling.link.description.clone()),
        ("LINKNOTES", hidden(text(TextKind::Notes))),
        ("PAYMENTEMAILID", hidden(own(&contact.email))),
        ("PAYMENTMOBILENUMBER", telling.payer_mobile.clone().unwrap_or_else(|| hidden(own(&contact.mobile)))),
    ];
    if let Some(answers) = &telling.answers {
        let answers: Vec<_> = answers.iter().map(|(name, value)| Answer { name, value }).collect();
        let text = serde_json::to_string(&answers).map_err(|_| Fault::new("answers that are no JSON"))?;
        // The signature joins the values with bars: a payer who could write one could cut them anew.
        fields.push(("PAYMENTFORM", text.replace('|', "\\u007c")));
    }
    for (_, value) in &mut fields {
        if value.eq_ignore_ascii_case("null") {
            value.clear();
        }
    }
    let signature = sign(door, telling, &fields)?;
    fields.push((SIGNATURE_FIELD, signature));
    Ok(fields)
}

/// The bank that a payer by net banking chose.
pub(super) fn bank(payment: &Payment) -> &'static str {
    let bank = payment.means.channel.filter(|_| payment.mode == Mode::NetBanking.word());
    bank.map_or("", Channel::word)
}

/// What a payer answered to a field of the link's form.
#[derive(Serialize)]
struct Answer<'a> {
    name: &'a str,
    value: &'a str,
}

/// The merchant's oldest live key, or its aggregator's where it has none of its own.
pub(super) fn signing_key(door: &Door, telling: &Telling) -> Result<PaytmKey, Fault> {
    let mut live = live_keys(&telling.credentials).chain(live_keys(&telling.aggregator_credentials));
    let credential = live.next().ok_or_else(|| Fault::new("the merchant has no live key to sign with"))?;
    open_key(door, credential)
}

fn sign(door: &Door, telling: &Telling, fields: &Form) -> Result<String, Fault> {
    let key = signing_key(door, telling)?;
    let pairs: Vec<_> = fields.iter().map(|(name, value)| (*name, Some(value.as_str()))).collect();
    Ok(key.sign_form(&pairs, salt_from(door.engine.random()?)))
}

/// STATUS, RESPCODE and RESPMSG of a success.
pub(super) const TAKEN: (&str, &str, &str) = ("TXN_SUCCESS", "01", "Txn Success");
/// The same of a failure without a reason.
pub(super) const NOT_TAKEN: (&str, &str, &str) = ("TXN_FAILURE", "227", "Transaction failed");

/// STATUS, RESPCODE and RESPMSG of a payment's state.
fn outcome(state: &PaymentState) -> (&'static str, &'static str, &str) {
    match state {
        PaymentState::Captured { .. } => TAKEN,
        PaymentState::Failed { reason, .. } if reason.is_empty() => NOT_TAKEN,
        PaymentState::Failed { reason, .. } => (NOT_TAKEN.0, NOT_TAKEN.1, reason),
        // Money that is held, and an unknown end, are neither success nor failure.
        PaymentState::Started | PaymentState::Pending | PaymentState::Held { .. } => {
            ("PENDING", "402", "Transaction is pending")
        }
        PaymentState::Reversed { .. } => (NOT_TAKEN.0, NOT_TAKEN.1, "Transaction was reversed"),
    }
}
