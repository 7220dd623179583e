//! Everything that a dialect's body about an event is written from, gathered in one query.

use kadi_engine::command::Failure;
use kadi_engine::domain::answers::open_answers;
use kadi_engine::domain::attempt::payer_mobile_place;
use kadi_engine::domain::create::Extras;
use kadi_engine::domain::credential::Credential;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::delivery::Delivery;
use kadi_engine::domain::event::{Event, EventKind};
use kadi_engine::domain::id::{DeliveryId, PaymentId};
use kadi_engine::domain::invoice::Invoice;
use kadi_engine::domain::link::{Link, LinkText, TextKind, text_of};
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::payment::Payment;
use kadi_engine::domain::reference::ReferenceKey;
use kadi_engine::domain::refund::Refund;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::faces::{aggregator_of, extras_of, form_of, link_as_of};
use kadi_engine::{Reader, Trouble};

use crate::door::Door;

/// What is posted to a merchant's endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The type of the body.
    pub content_type: &'static str,
    /// More headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

/// Names and values of a form, in order.
pub type Form = Vec<(&'static str, String)>;

/// An event with all that surrounds it.
pub struct Telling {
    /// The event.
    pub event: Event,
    /// Which of the dialect's bodies is asked for; none for what a browser posts.
    pub form: Option<u8>,
    /// The number of the try that is about to tell it, from 1.
    pub attempt: i64,
    /// Its link, with the terms of that time.
    pub link: Link,
    /// The link's texts.
    pub texts: Vec<LinkText>,
    /// The merchant's references of the link.
    pub references: Vec<ReferenceKey>,
    /// What few links have.
    pub extras: Extras,
    /// Its invoice, where it is drawn from a template.
    pub invoice: Option<Invoice>,
    /// Who was asked to pay.
    pub contact: Contact,
    /// The payment that it tells about, if it does, as it stood right after the event.
    pub payment: Option<Payment>,
    /// Of a link that was completed, the payments that stood captured right then, in the order of their
    /// captures.
    pub completed_by: Vec<Payment>,
    /// The refund that it tells about, if it does.
    pub refund: Option<Refund>,
    /// The payer's mobile number, if the payer gave one.
    pub payer_mobile: Option<String>,
    /// What the payer answered to the link's form, field by field, if it has one.
    pub answers: Option<Vec<(String, String)>>,
    /// Is that payment the link's first?
    pub is_first_payment: bool,
    /// Whose link.
    pub merchant: Merchant,
    /// The merchant's credentials, oldest first.
    pub credentials: Vec<Credential>,
    /// Those of the merchant's aggregator, who may speak for it.
    pub aggregator_credentials: Vec<Credential>,
}

impl Telling {
    /// A text of the link that stands once.
    pub fn text(&self, kind: TextKind) -> Option<&str> {
        text_of(&self.texts, kind)
    }

    /// Gathers a delivery with what it tells.
    pub async fn of_delivery(door: &Door, id: DeliveryId) -> Result<(Delivery, Self), Failure> {
        let keys = door.engine.clone();
        let query = move |reader: &mut Reader| {
            let delivery = there(reader.delivery(id)?, "delivery")?;
            let event = there(reader.event(delivery.event_id)?, "event")?;
            let payment = event.payment_id;
            let attempt = delivery.attempts.saturating_add(1);
            let form = Some(delivery.form);
            Ok((delivery, Self { form, attempt, ..gather(reader, &keys, event, payment)? }))
        };
        door.engine.query(query).await
    }

    /// Gathers what the end of a payment tells, as if its last event were told now.
    pub async fn of_payment(door: &Door, id: PaymentId) -> Result<Option<Self>, Failure> {
        let keys = door.engine.clone();
        let query = move |reader: &mut Reader| {
            let payment = there(reader.payment(id)?, "payment")?;
            let events = reader.events_of(payment.link_id)?;
            let event = events.into_iter().rev().find(|event| event.payment_id == Some(id));
            event.map(|event| gather(reader, &keys, event, Some(id))).transpose()
        };
        door.engine.query(query).await
    }
}

fn gather(
    reader: &mut Reader,
    engine: &kadi_engine::engine::Engine,
    event: Event,
    payment: Option<PaymentId>,
) -> Result<Telling, Trouble> {
    let keys = engine.keys();
    let link = link_as_of(reader, there(reader.link(event.link_id)?, "link")?, event.number)?;
    let customer = link.customer_id.map(|id| reader.customer(id)).transpose()?.flatten();
    let contact = customer.map(|customer| customer.open(keys)).transpose().map_err(Trouble::Broken)?;
    let is_first_payment = payment.is_some() && reader.first_payment_of(link.id)? == payment;
    let payment = payment.map(|id| reader.payment(id)).transpose()?.flatten();
    let payment = payment.map(|payment| payment.as_of(&event)).transpose().map_err(Trouble::Broken)?;
    let open =
        |p: &Payment| p.payer_mobile.as_ref().map(|sealed| keys.open_text(payer_mobile_place(p.id), sealed));
    let payer_mobile = payment.as_ref().and_then(open).transpose().map_err(Trouble::Broken)?;
    let answers = answers_of(reader, engine, &link, payment.as_ref())?;
    let invoice = reader.invoice_of(&link)?.map(|sealed| sealed.open(keys)).transpose();
    let merchant = there(reader.merchant(link.merchant_id)?, "merchant")?;
    let aggregator = aggregator_of(reader, &merchant)?;
    let aggregator_credentials = aggregator.map(|it| reader.credentials_of(it.id)).transpose()?;
    Ok(Telling {
        form: None,
        attempt: 1,
        texts: reader.texts_of(link.id)?,
        references: reader.references_of(link.id)?,
        extras: extras_of(reader, &link)?,
        invoice: invoice.map_err(Trouble::Broken)?,
        contact: contact.unwrap_or_default(),
        payer_mobile,
        answers,
        is_first_payment,
        credentials: reader.credentials_of(merchant.id)?,
        aggregator_credentials: aggregator_credentials.unwrap_or_default(),
        merchant,
        payment,
        completed_by: completed_by(reader, &event)?,
        refund: event.refund_id.map(|id| reader.refund(id)).transpose()?.flatten(),
        event,
        link,
    })
}

fn completed_by(reader: &mut Reader, event: &Event) -> Result<Vec<Payment>, Trouble> {
    if event.kind != EventKind::LinkCompleted {
        return Ok(Vec::new());
    }
    let mut captured = Vec::new();
    let past = reader.events_of(event.link_id)?.into_iter().filter(|past| past.number < event.number);
    for (kind, id) in past.filter_map(|past| Some((past.kind, past.payment_id?))) {
        captured.retain(|known| *known != id);
        if kind == EventKind::PaymentCaptured {
            captured.push(id);
        }
    }
    captured.into_iter().map(|id| there(reader.payment(id)?, "payment")).collect()
}

/// The answers of a payment, unless they were erased.
fn answers_of(
    reader: &Reader,
    engine: &kadi_engine::engine::Engine,
    link: &Link,
    payment: Option<&Payment>,
) -> Result<Option<Vec<(String, String)>>, Trouble> {
    let Some((payment, sealed)) =
        payment.and_then(|payment| payment.answers.as_ref().map(|it| (payment, it)))
    else {
        return Ok(None);
    };
    let form = there(form_of(reader, link)?, "form")?;
    open_answers(payment.id, sealed, &form, engine.keys()).map(Some).map_err(Trouble::Broken)
}

fn there<T>(found: Option<T>, what: &str) -> Result<T, Trouble> {
    found.ok_or_else(|| Trouble::Broken(Fault::new(format!("a {what} is missing"))))
}
