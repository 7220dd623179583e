//! The texts of a message, written from its link, customer and occasion whenever they are needed.

use kadi_dialects::door::Door;
use kadi_dialects::table::page_url;
use kadi_documents::message::{
    CodeMessage, PaymentRequest, Receipt, Texts, TimeWords, one_time_code, payment_request, receipt,
};
use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::event::Event;
use kadi_engine::domain::id::{EventId, LinkId};
use kadi_engine::domain::link::Link;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::message::{Message, Occasion};
use kadi_engine::domain::one_time_code::{LIFE_MS, digits};
use kadi_engine::domain::payment::{Payment, PaymentState};
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::time::{MINUTE_MS, Timestamp};
use kadi_engine::{Reader, Trouble};
use kadi_web::{Currency, Lang, Money, in_words};

use crate::message_invoice::MessageInvoice;

/// A message with everything that its texts are written from.
pub(crate) struct Written {
    pub(crate) message: Message,
    pub(crate) link: Link,
    pub(crate) contact: Contact,
    merchant: Merchant,
    invoice: MessageInvoice,
    /// What a receipt is for.
    capture: Option<Capture>,
}

/// A payment with the event that told of its capture.
struct Capture {
    event: Event,
    payment: Payment,
}

impl Capture {
    fn find(reader: &Reader, id: EventId) -> Result<Self, Trouble> {
        let there = |what| Trouble::Broken(Fault::new(format!("a receipt without its {what}")));
        let event = reader.event(id)?.ok_or_else(|| there("event"))?;
        let payment = event.payment_id.ok_or_else(|| there("payment"))?;
        let payment = reader.payment(payment)?.ok_or_else(|| there("payment"))?;
        Ok(Self { event, payment })
    }
}

impl Written {
    /// Gathers what surrounds a message.
    pub(crate) fn gather(reader: &mut Reader, door: &Door, message: Message) -> Result<Self, Trouble> {
        let there = |what| Trouble::Broken(Fault::new(format!("a message without its {what}")));
        let link = reader.link(message.link_id)?.ok_or_else(|| there("link"))?;
        let merchant = reader.merchant(message.merchant_id)?.ok_or_else(|| there("merchant"))?;
        let customer = reader.customer(message.customer_id)?.ok_or_else(|| there("customer"))?;
        let contact = customer.open(door.engine.keys()).map_err(Trouble::Broken)?;
        let capture = match message.occasion {
            Occasion::Request { .. } | Occasion::Code { .. } => None,
            Occasion::Receipt { event_id } => Some(Capture::find(reader, event_id)?),
        };
        let invoice = match message.occasion {
            Occasion::Request { .. } => MessageInvoice::gather(reader, door, &link)?,
            Occasion::Code { .. } | Occasion::Receipt { .. } => MessageInvoice::default(),
        };
        Ok(Self { message, link, contact, merchant, invoice, capture })
    }

    /// The number or address it goes to.
    pub(crate) fn to(&self) -> Option<&Pii> {
        self.contact.of_channel(self.message.channel)
    }

    /// Why it must not be sent any more, if so: nobody can pay a closed link, and money that has gone again
    /// is not confirmed.
    pub(crate) fn is_outdated(&self, now: Timestamp) -> Option<&'static str> {
        if let Occasion::Code { .. } = self.message.occasion
            && now >= self.message.created_at.plus_ms(LIFE_MS)
        {
            return Some("the code could no longer be used before the message was sent");
        }
        match &self.capture {
            None => {
                self.link.check_payable(now).err().map(|_| "the link was closed before the message was sent")
            }
            Some(Capture { payment, .. }) => matches!(payment.state, PaymentState::Reversed { .. })
                .then_some("the payment was reversed before its receipt was sent"),
        }
    }

    /// Its link, where that has not been sent before and this message brings it.
    pub(crate) fn first_of(&self) -> Option<LinkId> {
        let brings_link = matches!(self.message.occasion, Occasion::Request { .. });
        (brings_link && self.link.sent_at.is_none()).then_some(self.link.id)
    }

    /// Its texts for every channel.
    pub(crate) fn texts(&self, door: &Door) -> Result<Texts, Fault> {
        match (&self.capture, self.message.occasion) {
            (Some(capture), _) => self.receipt(door, capture),
            (None, Occasion::Code { number }) => self.code(door, number),
            (None, Occasion::Request { .. } | Occasion::Receipt { .. }) => self.request(door),
        }
    }

    /// A code goes by SMS alone.
    fn code(&self, door: &Door, number: i64) -> Result<Texts, Fault> {
        let code = digits(door.engine.keys(), self.link.id, number, self.message.created_at)?;
        let sms = one_time_code(&CodeMessage {
            code: &code,
            merchant_name: &self.merchant.name,
            minutes: LIFE_MS / MINUTE_MS,
            url: &page_url(door, &self.link)?,
        });
        Ok(Texts { sms, subject: String::new(), text: String::new(), html: String::new() })
    }

    fn request(&self, door: &Door) -> Result<Texts, Fault> {
        let amount = self.link.amount.map(|amount| self.money(amount));
        let expires = self.link.expires_at.map(both_languages);
        let expires = expires.as_ref().map(|(english, hindi)| TimeWords { english, hindi });
        let url = page_url(door, &self.link)?;
        let file_url = format!("{}/invoice.pdf", door.page_url(self.link.id)?);
        Ok(self.invoice.words(&self.link, &self.merchant, &file_url, |invoice| {
            payment_request(&PaymentRequest {
                merchant_name: &self.merchant.name,
                purpose: self.purpose(),
                amount: amount.as_deref(),
                url: &url,
                expires,
                customer_name: self.customer_name(),
                invoice,
            })
        }))
    }

    fn receipt(&self, door: &Door, capture: &Capture) -> Result<Texts, Fault> {
        let Capture { event, payment } = capture;
        let (english, hindi) = both_languages(event.at);
        let left = match self.link.terms.parts.and(self.link.due) {
            None => None,
            Some(due) => Some(self.money(due.minus(event.facts.captured)?)),
        };
        let own_reference = payment.id.get().to_string();
        Ok(receipt(&Receipt {
            merchant_name: &self.merchant.name,
            purpose: self.purpose(),
            amount: &self.money(payment.taken.unwrap_or(payment.applied)),
            paid: TimeWords { english: &english, hindi: &hindi },
            payment_reference: payment.reference().unwrap_or(&own_reference),
            link_reference: &door.code(self.link.id)?,
            left: left.as_deref(),
            url: &page_url(door, &self.link)?,
            customer_name: self.customer_name(),
        }))
    }

    fn money(&self, amount: Minor) -> String {
        let code = self.link.currency;
        let currency = Currency { code: code.code(), exponent: code.exponent() };
        Money { minor: amount.get(), currency }.to_string()
    }

    fn purpose(&self) -> &str {
        if self.link.description.is_empty() { &self.link.name } else { &self.link.description }
    }

    fn customer_name(&self) -> &str {
        self.contact.name.as_ref().map_or("", Pii::expose)
    }
}

/// A time in English and in Hindi.
fn both_languages(at: Timestamp) -> (String, String) {
    let words = |lang| in_words(at.ms(), lang).to_string();
    (words(Lang::English), words(Lang::Hindi))
}
