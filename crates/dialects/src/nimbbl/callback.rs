//! What merchants are told about a link: by webhook, and through the payer's browser (specs, part 9).

use std::iter;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::delivery::{EventSet, Subscription};
use kadi_engine::domain::event::{EventKind, LinkFacts};
use kadi_engine::domain::link::{LinkWord, TextKind};
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::time::{HOUR_MS, MINUTE_MS, SECOND_MS};
use kadi_engine::ports::ReturnForm;
use serde::Serialize;
use serde_json::value::RawValue;
use url::Url;

use super::caller::{live_secrets, open_key};
use super::money::rupees;
use super::namespaces::{SCHEDULED_WEBHOOK, WEBHOOK};
use super::settings::{DIALECT, ENCRYPTED, V4_ENVELOPE};
use super::show::raw;
use super::sign::{NimbblKey, SignedLink};
use super::status::Status;
use super::transactions::{Signed, Transaction, order_id};
use super::user::User;
use super::whole::{invoice_id_of, payment_link_id};
use crate::door::Door;
use crate::shared::js::JsAmount;
use crate::telling::{Call, Telling};

/// When a webhook is tried again (DECISIONS.md): 25 s, 10 min, 1 h, 6 h, 16 h.
pub(crate) const DELAYS_MS: [i64; 5] = [25 * SECOND_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, 16 * HOUR_MS];
/// How a link stands whose messages wait for their time, as webhooks alone call it.
const SCHEDULED: &str = "scheduled";
/// What the address to which a browser returns has added.
const RESPONSE: &str = "response";

/// The v3 body. What is signed stands nested and at the top, for one of the vendor's libraries reads the one
/// and another the other.
#[derive(Serialize)]
struct Body<'a> {
    event_type: String,
    status: &'static str,
    message: String,
    is_webhook: bool,
    version: &'static str,
    invoice_id: &'a str,
    currency: &'a str,
    amount_paid: JsAmount,
    payment_link_amount_paid: JsAmount,
    payment_link_hash: &'a str,
    signature: &'a str,
    nimbbl_signature: &'a str,
    payment_link: Nested<'a>,
    transaction: Option<Signed>,
    order: Order<'a>,
    user: User,
    custom_attributes: Option<Box<RawValue>>,
}

#[derive(Serialize)]
struct Nested<'a> {
    status: &'static str,
    previous_status: Option<&'static str>,
    currency: &'a str,
    amount: Option<JsAmount>,
    amount_paid: JsAmount,
    hash: &'a str,
    invoice_id: &'a str,
    payment_link_id: String,
    signature: &'a str,
}

#[derive(Serialize)]
struct Order<'a> {
    order_id: String,
    invoice_id: &'a str,
}

/// The v4 envelope: a signature over the bytes that `payload` decodes to.
#[derive(Serialize)]
struct Envelope<'a> {
    version: &'static str,
    payload: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nimbbl_signature: Option<&'a str>,
    sub_merchant_id: &'a str,
}

#[derive(Serialize)]
struct Encrypted {
    encrypted_response: String,
}

/// Where a body goes; the envelope names its signature after it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goes {
    ByWebhook,
    ByBrowser,
}

/// The merchant hears of every step of the link, at the address of its file; and, where that is asked for,
/// that its messages wait for their time.
pub(super) fn subscriptions(tells_scheduled: bool) -> Vec<Subscription> {
    let events = EventSet::of(&[
        EventKind::LinkCreated,
        EventKind::LinkSent,
        EventKind::LinkOpened,
        EventKind::LinkCompleted,
        EventKind::LinkCancelled,
        EventKind::LinkExpired,
    ]);
    let steps = Subscription { dialect: DIALECT, form: WEBHOOK, url: None, events };
    let events = EventSet::of(&[EventKind::LinkCreated]);
    let scheduled = Subscription { dialect: DIALECT, form: SCHEDULED_WEBHOOK, url: None, events };
    iter::once(steps).chain(tells_scheduled.then_some(scheduled)).collect()
}

/// The call that carries a delivery.
pub(crate) fn tell(door: &Door, telling: &Telling) -> Result<Call, Fault> {
    let facts = told(telling.event.kind, telling.event.facts);
    let (before, status) = (before(telling.event.kind, facts).map(Status::word), Status::of(&facts).word());
    let words =
        if telling.form == Some(SCHEDULED_WEBHOOK) { (Some(status), SCHEDULED) } else { (before, status) };
    let body = body(door, telling, facts.captured, words, Goes::ByWebhook)?;
    Ok(Call { content_type: "application/json", headers: Vec::new(), body })
}

/// Where the payer's browser goes after paying: the merchant's address with the response, which is also a
/// field of the form that it posts there.
pub(crate) fn return_form(door: &Door, telling: &Telling, address: &str) -> Result<ReturnForm, Fault> {
    let status = Status::of_link(&telling.link, door.engine.now()).word();
    let paid = telling.link.sums.captured;
    let response = STANDARD.encode(body(door, telling, paid, (None, status), Goes::ByBrowser)?);
    let mut action = Url::parse(address).map_err(|_| Fault::new("a kept address is none"))?;
    action.query_pairs_mut().append_pair(RESPONSE, &response);
    Ok(ReturnForm { action: action.into(), fields: vec![(RESPONSE, response)] })
}

/// The facts of an event: a link that is sent at its making was first made, then sent.
fn told(kind: EventKind, facts: LinkFacts) -> LinkFacts {
    LinkFacts { sent_at: facts.sent_at.filter(|_| kind != EventKind::LinkCreated), ..facts }
}

/// How the link stood before the event; none where there was no link.
fn before(kind: EventKind, facts: LinkFacts) -> Option<Status> {
    let sent_at = facts.sent_at.filter(|_| kind != EventKind::LinkSent);
    let opened_at = facts.opened_at.filter(|_| kind != EventKind::LinkOpened);
    let captured = if kind == EventKind::LinkCompleted { Minor::ZERO } else { facts.captured };
    let facts = LinkFacts { word: LinkWord::Active, sent_at, opened_at, captured, ..facts };
    (kind != EventKind::LinkCreated).then(|| Status::of(&facts))
}

fn body(
    door: &Door,
    telling: &Telling,
    paid: Minor,
    (before, status): (Option<&'static str>, &'static str),
    goes: Goes,
) -> Result<String, Fault> {
    let link = &telling.link;
    let key = key_of(door, telling)?;
    let code = door.code(link.id)?;
    let invoice_id = invoice_id_of(telling.references.clone()).unwrap_or_default();
    let currency = link.currency.code();
    let signed =
        SignedLink { invoice_id: &invoice_id, status, currency, amount_paid: paid.get(), hash: &code };
    let signature = key.sign(&signed.text());
    let payment = telling.payment.as_ref().or(telling.completed_by.last());
    let transaction = payment.map(|payment| Transaction::of_payment(&code, payment)).transpose()?;
    let body = Body {
        event_type: format!("payment_link_{status}"),
        status,
        message: format!("Payment link {status}"),
        is_webhook: goes == Goes::ByWebhook,
        version: "v3",
        invoice_id: &invoice_id,
        currency,
        amount_paid: rupees(paid),
        payment_link_amount_paid: rupees(paid),
        payment_link_hash: &code,
        signature: &signature,
        nimbbl_signature: &signature,
        payment_link: Nested {
            status,
            previous_status: before,
            currency,
            amount: link.amount.map(rupees),
            amount_paid: rupees(paid),
            hash: &code,
            invoice_id: &invoice_id,
            payment_link_id: payment_link_id(&code),
            signature: &signature,
        },
        transaction: transaction.map(|transaction| transaction.signed(&key, &invoice_id)),
        order: Order { order_id: order_id(&code), invoice_id: &invoice_id },
        user: User::of(&telling.contact, &telling.texts),
        custom_attributes: telling.text(TextKind::Attributes).map(str::to_owned).map(raw).transpose()?,
    };
    wrap(door, telling, &key, written(&body)?, goes)
}

/// Puts a body into the envelope, and encrypts it, where the merchant asks for that.
fn wrap(door: &Door, telling: &Telling, key: &NimbblKey, body: String, goes: Goes) -> Result<String, Fault> {
    let is_on = |name| telling.merchant.setting(DIALECT, name) == Some("true");
    let mut body = body;
    if is_on(V4_ENVELOPE) {
        let signature = key.sign(&body);
        body = written(&Envelope {
            version: "v4",
            payload: STANDARD.encode(&body),
            signature: (goes == Goes::ByWebhook).then_some(&signature),
            nimbbl_signature: (goes == Goes::ByBrowser).then_some(&signature),
            sub_merchant_id: &telling.merchant.slug,
        })?;
    }
    if is_on(ENCRYPTED) {
        let encrypted_response = key.encrypt(&body, door.engine.random()?)?;
        body = written(&Encrypted { encrypted_response })?;
    }
    Ok(body)
}

/// The merchant's oldest live secret: while a new one is brought in, receivers still have the old one.
fn key_of(door: &Door, telling: &Telling) -> Result<NimbblKey, Fault> {
    let own = live_secrets(&telling.credentials).next();
    open_key(door, own.ok_or_else(|| Fault::new("the merchant has no live secret to sign with"))?)
}

fn written(body: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(body).map_err(|error| Fault::new(format!("a body could not be written: {error}")))
}
