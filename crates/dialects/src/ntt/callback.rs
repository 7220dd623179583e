//! What merchants are told about a link: by the server to `callback_url`, through the payer's browser, and
//! the answer to a create once more at `return_url` (specs, part 6).

use kadi_engine::domain::delivery::{EventSet, Subscription};
use kadi_engine::domain::event::EventKind;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::time::{HOUR_MS, MINUTE_MS};
use kadi_engine::ports::ReturnForm;
use serde::Serialize;
use url::form_urlencoded::Serializer;

use super::answer::yes;
use super::codes::LINK_SENT;
use super::crypt::response_key;
use super::instrument::PayInstrument;
use super::namespaces::{CALLBACK, CANCEL_REPORT, POSTED_ANSWER};
use super::settings::{CALLBACK_URL, DIALECT, MERCH_ID, RETURN_URL};
use super::shown::Shown;
use crate::door::Door;
use crate::telling::{Call, Form, Telling};

/// When a callback is tried again (DECISIONS.md): 1, 5, 30 min, 2 h, 6 h.
pub(crate) const DELAYS_MS: [i64; 5] = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS];
const FORM_TYPE: &str = "application/x-www-form-urlencoded";

/// What is encrypted of a payment: the text has the root that the vendor's programs look for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Root<'a> {
    pay_instrument: &'a PayInstrument<'a>,
}

/// Who hears of a new link: `callback_url` of each payment's end; `return_url` of the link itself.
pub(super) fn subscriptions(merchant: &Merchant) -> Vec<Subscription> {
    let ends = EventSet::of(&[EventKind::PaymentCaptured, EventKind::PaymentFailed]);
    let callback = Subscription { dialect: DIALECT, form: CALLBACK, url: None, events: ends };
    let answer = merchant.setting(DIALECT, RETURN_URL).map(|url| Subscription {
        dialect: DIALECT,
        form: POSTED_ANSWER,
        url: Some(url.to_owned()),
        events: EventSet::of(&[EventKind::LinkCreated]),
    });
    [Some(callback), answer].into_iter().flatten().collect()
}

/// Who hears of a cancel whose signature had been seen on a resend (DECISIONS.md), where there is an address.
pub(super) fn cancel_report(merchant: &Merchant) -> Option<Subscription> {
    let url = Some(merchant.setting(DIALECT, CALLBACK_URL)?.to_owned());
    let events = EventSet::of(&[EventKind::LinkCancelled]);
    Some(Subscription { dialect: DIALECT, form: CANCEL_REPORT, url, events })
}

/// The call that carries a delivery.
pub(crate) fn tell(door: &Door, telling: &Telling) -> Result<Call, Fault> {
    match telling.form {
        Some(CALLBACK) => Ok(form_call(fields(door, telling, &PayInstrument::of_payment(door, telling)?)?)),
        Some(CANCEL_REPORT) => {
            Ok(form_call(fields(door, telling, &PayInstrument::of_cancel(door, telling)?)?))
        }
        Some(POSTED_ANSWER) => posted_answer(door, telling),
        Some(_) | None => Err(Fault::new("a delivery of a form that there is not")),
    }
}

/// The form that the payer's browser posts to the merchant's address: what the callback says, but for the
/// merchant's own texts, since the form stands on a page.
pub(crate) fn return_form(door: &Door, telling: &Telling, address: &str) -> Result<ReturnForm, Fault> {
    let instrument = PayInstrument::of_payment(door, telling)?.for_a_page();
    Ok(ReturnForm { action: address.to_owned(), fields: fields(door, telling, &instrument)? })
}

/// `payInstrument`, or `encData` and `merchId` where the merchant has encryption keys.
fn fields(door: &Door, telling: &Telling, instrument: &PayInstrument<'_>) -> Result<Form, Fault> {
    match encrypted(door, telling, || written(&Root { pay_instrument: instrument }))? {
        Some(fields) => Ok(fields),
        None => Ok(vec![("payInstrument", written(instrument)?)]),
    }
}

/// What the create was answered.
fn posted_answer(door: &Door, telling: &Telling) -> Result<Call, Fault> {
    let shown = Shown::new(door, merch_id(telling), &telling.link, &telling.references)?;
    let answer = yes(LINK_SENT, &shown, None)?;
    Ok(match encrypted(door, telling, || Ok(answer.clone()))? {
        Some(fields) => form_call(fields),
        None => Call { content_type: "application/json", headers: Vec::new(), body: answer },
    })
}

/// A text as the fields of an encrypted form, where the merchant has encryption keys.
fn encrypted(
    door: &Door,
    telling: &Telling,
    text: impl FnOnce() -> Result<String, Fault>,
) -> Result<Option<Form>, Fault> {
    let Some(key) = response_key(door, telling)? else { return Ok(None) };
    Ok(Some(vec![("encData", key.encrypt(&text()?)), ("merchId", merch_id(telling).to_owned())]))
}

/// The merchant's id in this dialect.
pub(super) fn merch_id(telling: &Telling) -> &str {
    telling.merchant.setting(DIALECT, MERCH_ID).unwrap_or_default()
}

fn form_call(fields: Form) -> Call {
    let mut form = Serializer::new(String::new());
    form.extend_pairs(fields);
    Call { content_type: FORM_TYPE, headers: Vec::new(), body: form.finish() }
}

fn written(body: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(body).map_err(|error| Fault::new(format!("a body could not be written: {error}")))
}
