//! The texts of a message, written from its link and customer whenever they are needed.

use kadi_dialects::door::Door;
use kadi_dialects::table::page_url;
use kadi_documents::message::{Expiry, PaymentRequest, Texts, payment_request};
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::link::Link;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::message::{ChannelKind, Message};
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::secret::Pii;
use kadi_engine::{Reader, Trouble};
use kadi_web::{Currency, Lang, Money, in_words};

/// A message with everything that its texts are written from.
pub(crate) struct Written {
    pub(crate) message: Message,
    pub(crate) link: Link,
    pub(crate) contact: Contact,
    merchant: Merchant,
}

impl Written {
    /// Gathers what surrounds a message.
    pub(crate) fn gather(reader: &mut Reader, door: &Door, message: Message) -> Result<Self, Trouble> {
        let there = |what| Trouble::Broken(Fault::new(format!("a message without its {what}")));
        let link = reader.link(message.link_id)?.ok_or_else(|| there("link"))?;
        let merchant = reader.merchant(message.merchant_id)?.ok_or_else(|| there("merchant"))?;
        let customer = reader.customer(message.customer_id)?.ok_or_else(|| there("customer"))?;
        let contact = customer.open(door.engine.keys()).map_err(Trouble::Broken)?;
        Ok(Self { message, link, contact, merchant })
    }

    /// The number or address it goes to.
    pub(crate) fn to(&self) -> Option<&Pii> {
        match self.message.channel {
            ChannelKind::Email => self.contact.email.as_ref(),
            ChannelKind::Sms | ChannelKind::WhatsApp => self.contact.mobile.as_ref(),
        }
    }

    /// Its texts for every channel.
    pub(crate) fn texts(&self, door: &Door) -> Result<Texts, Fault> {
        let url = page_url(door, &self.link)?;
        let code = self.link.currency;
        let currency = Currency { code: code.code(), exponent: code.exponent() };
        let amount = self.link.amount.map(|amount| Money { minor: amount.get(), currency }.to_string());
        let words = |lang| self.link.expires_at.map(|at| in_words(at.ms(), lang).to_string());
        let (english, hindi) = (words(Lang::English), words(Lang::Hindi));
        let expires =
            english.as_deref().zip(hindi.as_deref()).map(|(english, hindi)| Expiry { english, hindi });
        Ok(payment_request(&PaymentRequest {
            merchant_name: &self.merchant.name,
            purpose: if self.link.description.is_empty() { &self.link.name } else { &self.link.description },
            amount: amount.as_deref(),
            url: &url,
            expires,
            customer_name: self.contact.name.as_ref().map_or("", Pii::expose),
        }))
    }
}
