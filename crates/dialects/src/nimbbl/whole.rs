//! A link with all that this API tells of it, read at one moment.

use kadi_engine::Reader;
use kadi_engine::domain::amount::Currency;
use kadi_engine::domain::create::NewLink;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::id::{LinkId, MerchantId};
use kadi_engine::domain::link::{Link, LinkText, TextKind};
use kadi_engine::domain::message::{ChannelKind, Message, MessageState, Occasion};
use kadi_engine::domain::payment::Payment;
use kadi_engine::domain::reference::ReferenceKey;
use kadi_engine::domain::refund::Refund;
use kadi_engine::domain::refusal::Fault;

use super::codes::{NOT_FOUND, No};
use super::members::{LINE_CHARS_MAX, names, required};
use super::namespaces::INVOICE_ID;
use super::sign::{NimbblKey, SignedLink};
use super::status::Status;
use crate::door::Door;
use crate::shared::fields::Fields;

/// What `payment_link_id` has before the code.
const ID_PREFIX: &str = "pl_";
/// The most payments that an answer lists, the newest ones.
const PAYMENTS_MAX: i64 = 1_000;

/// How a caller names a link.
#[derive(Clone, Debug)]
pub(super) enum Name {
    /// By its own id.
    Invoice(String),
    /// By Kadi's.
    Link(LinkId),
    /// By both, which must mean one.
    Both(String, LinkId),
}

/// The link and what belongs to it.
#[derive(Debug)]
pub(super) struct Whole {
    /// The link.
    pub(super) link: Link,
    /// Who was asked to pay.
    pub(super) contact: Contact,
    /// Its texts, by kind and position.
    pub(super) texts: Vec<LinkText>,
    /// `invoice_id`; links of other APIs have none.
    pub(super) invoice_id: Option<String>,
    /// Its payments, newest first.
    pub(super) payments: Vec<Payment>,
    /// Its refunds.
    pub(super) refunds: Vec<Refund>,
    /// The channels on which a provider accepted a message with the link.
    pub(super) sent_by: Vec<ChannelKind>,
}

/// The link of a `payment_link_hash`, which is its code.
pub(super) fn link_of_hash(door: &Door, hash: &str) -> Option<LinkId> {
    let link = door.link_of(hash)?;
    // A code that carries another API's ending is no hash.
    (door.code(link).ok()? == hash).then_some(link)
}

/// `payment_link_id` of a code.
pub(super) fn payment_link_id(code: &str) -> String {
    format!("{ID_PREFIX}{code}")
}

impl Name {
    /// The link that a body names by `payment_link_id`, `invoice_id` or both.
    pub(super) fn read(door: &Door, body: &Fields<'_>) -> Result<Self, No> {
        let Some(id) = body.line("payment_link_id", LINE_CHARS_MAX)? else {
            return Ok(Self::Invoice(required(body, "invoice_id", LINE_CHARS_MAX)?));
        };
        let link = id.strip_prefix(ID_PREFIX).and_then(|hash| link_of_hash(door, hash)).ok_or(NOT_FOUND)?;
        let invoice_id = body.line("invoice_id", LINE_CHARS_MAX)?;
        Ok(invoice_id.map_or(Self::Link(link), |invoice_id| Self::Both(invoice_id, link)))
    }
}

impl Name {
    /// As [`Name::read`] for a call that changes a link: beside `payment_link_id` an `invoice_id` names
    /// nothing, for it may be what the caller wishes.
    pub(super) fn read_to_change(door: &Door, body: &Fields<'_>) -> Result<Self, No> {
        Ok(match Self::read(door, body)? {
            Self::Both(_, link) => Self::Link(link),
            name @ (Self::Invoice(_) | Self::Link(_)) => name,
        })
    }
}

/// The merchant's link of this name, whichever API made it.
pub(super) async fn find(door: &Door, merchant: MerchantId, name: Name) -> Result<Whole, No> {
    let keys = door.engine.clone();
    let query = move |reader: &mut Reader| {
        reader.snapshot(|reader| {
            let by_invoice = |value: String| {
                reader.link_by_reference(&ReferenceKey {
                    merchant_id: merchant,
                    namespace: INVOICE_ID,
                    value,
                })
            };
            let id = match name {
                Name::Invoice(value) => by_invoice(value)?,
                Name::Link(id) => Some(id),
                Name::Both(value, id) => by_invoice(value)?.filter(|found| *found == id),
            };
            let link = id.map(|id| reader.link(id)).transpose()?.flatten();
            // Amounts of this API are rupees: nothing here has a word for other decimals.
            let is_own = |link: &Link| link.merchant_id == merchant && link.currency == Currency::INR;
            let Some(link) = link.filter(is_own) else { return Ok(None) };
            let customer = link.customer_id.map(|id| reader.customer(id)).transpose()?.flatten();
            let contact = customer.map(|customer| customer.open(keys.keys())).transpose()?;
            let messages = link.customer_id.map(|id| reader.messages_of(id)).transpose()?.unwrap_or_default();
            Ok(Some(Whole {
                contact: contact.unwrap_or_default(),
                texts: reader.texts_of(link.id)?,
                invoice_id: invoice_id_of(reader.references_of(link.id)?),
                payments: reader.payments_page(link.id, None, PAYMENTS_MAX)?,
                refunds: reader.refunds_of(link.id)?,
                sent_by: messages.iter().filter_map(|message| accepted(message, link.id)).collect(),
                link,
            }))
        })
    };
    door.engine.query(query).await?.ok_or_else(|| NOT_FOUND.into())
}

/// `invoice_id` among the references of a link.
pub(super) fn invoice_id_of(references: Vec<ReferenceKey>) -> Option<String> {
    references.into_iter().find(|key| key.namespace == INVOICE_ID).map(|key| key.value)
}

/// The channel of a message that brought the link and that its provider took.
fn accepted(message: &Message, link: LinkId) -> Option<ChannelKind> {
    let brings_link = message.link_id == link && matches!(message.occasion, Occasion::Request { .. });
    let is_sent = matches!(message.state, MessageState::Sent { .. });
    (brings_link && is_sent).then_some(message.channel)
}

impl Whole {
    /// A link that was just made as `new` asks, without reading it again.
    pub(super) fn born(link: Link, new: NewLink) -> Self {
        let invoice_id = new.references.into_iter().find(|(kind, _)| *kind == INVOICE_ID);
        Self {
            link,
            contact: new.contact,
            texts: new.texts,
            invoice_id: invoice_id.map(|(_, value)| value),
            payments: Vec::new(),
            refunds: Vec::new(),
            sent_by: Vec::new(),
        }
    }

    /// With these texts in the place of what stands there.
    pub(super) fn with(mut self, texts: Vec<LinkText>) -> Self {
        for text in texts {
            self.texts.retain(|old| (old.kind, old.position) != (text.kind, text.position));
            self.texts.push(text);
        }
        self
    }

    /// A text that stands once.
    pub(super) fn text(&self, kind: TextKind) -> Option<&str> {
        text(&self.texts, kind)
    }

    /// How it stands.
    pub(super) fn status(&self, door: &Door) -> Status {
        Status::of_link(&self.link, door.engine.now())
    }

    /// `payment_link_signature`.
    pub(super) fn signature(&self, door: &Door, key: &NimbblKey) -> Result<String, Fault> {
        let signed = SignedLink {
            invoice_id: self.invoice_id.as_deref().unwrap_or_default(),
            status: self.status(door).word(),
            currency: self.link.currency.code(),
            amount_paid: self.link.sums.captured.get(),
            hash: &door.code(self.link.id)?,
        };
        Ok(key.sign(&signed.text()))
    }
}

/// A text that stands once.
pub(super) fn text(texts: &[LinkText], kind: TextKind) -> Option<&str> {
    texts.iter().find(|text| text.kind == kind).map(|text| text.value.as_str())
}

/// First and last name of the person who was asked to pay.
pub(super) fn payer_names(contact: &Contact, texts: &[LinkText]) -> Option<(String, String)> {
    let first_chars = text(texts, TextKind::FirstNameChars).and_then(|chars| chars.parse().ok());
    contact.name.as_ref().map(|name| names(name.expose(), first_chars))
}
