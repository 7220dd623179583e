//! Customers: the only rows that hold a person's name and contacts, sealed.

use crate::id::{CustomerId, MerchantId};
use crate::message::ChannelKind;
use crate::moment::Moment;
use crate::refusal::Fault;
use crate::seal::{Keyring, Place};
use crate::secret::Pii;

/// A person's contacts as a merchant gave them, already validated by the door.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Contact {
    /// The name, if any.
    pub name: Option<Pii>,
    /// Ten digits, if any.
    pub mobile: Option<Pii>,
    /// An e-mail address, if any.
    pub email: Option<Pii>,
    /// The merchant's own id of the person, if any.
    pub external_id: Option<Pii>,
}

impl Contact {
    /// Is there nothing to keep?
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The number or address that a channel writes to.
    pub const fn of_channel(&self, channel: ChannelKind) -> Option<&Pii> {
        match channel {
            ChannelKind::Sms | ChannelKind::WhatsApp => self.mobile.as_ref(),
            ChannelKind::Email => self.email.as_ref(),
        }
    }
}

/// A stored customer: sealed columns and blind indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// The row.
    pub id: CustomerId,
    /// Whose customer it is.
    pub merchant_id: MerchantId,
    /// Sealed name.
    pub name: Option<Vec<u8>>,
    /// Sealed mobile number.
    pub mobile: Option<Vec<u8>>,
    /// Sealed e-mail address.
    pub email: Option<Vec<u8>>,
    /// Sealed id of the merchant for the person.
    pub external_id: Option<Vec<u8>>,
    /// Blind index of the name; none of a person who was stored before there were any.
    pub name_index: Option<Vec<u8>>,
    /// Blind index of the mobile number.
    pub mobile_index: Option<Vec<u8>>,
    /// Blind index of the e-mail address in lower case.
    pub email_index: Option<Vec<u8>>,
}

/// The blind index of a name: its words in lower case, whatever blanks are between and around them.
pub fn name_index(keys: &Keyring, name: &str) -> Result<[u8; 32], Fault> {
    let words: Vec<&str> = name.split_whitespace().collect();
    keys.blind("name", &words.join(" ").to_lowercase())
}

/// The blind index of a mobile number of ten digits.
pub fn mobile_index(keys: &Keyring, mobile: &str) -> Result<[u8; 32], Fault> {
    keys.blind("mobile", mobile)
}

/// The blind index of an e-mail address, which is the same in any case.
pub fn email_index(keys: &Keyring, email: &str) -> Result<[u8; 32], Fault> {
    keys.blind("email", &email.to_lowercase())
}

impl Customer {
    /// Seals a contact into a new row.
    pub fn seal(contact: &Contact, merchant_id: MerchantId, moment: &mut Moment<'_>) -> Result<Self, Fault> {
        let id = CustomerId::new(moment.mint(merchant_id)?);
        let mut column = |name: &'static str, value: &Option<Pii>| -> Result<Option<Vec<u8>>, Fault> {
            let Some(value) = value else { return Ok(None) };
            let nonce = moment.nonce()?;
            moment.keys.seal(place(id, name), nonce, value.expose().as_bytes()).map(Some)
        };
        let (name, mobile) = (column("name", &contact.name)?, column("mobile", &contact.mobile)?);
        let (email, external_id) =
            (column("email", &contact.email)?, column("external_id", &contact.external_id)?);
        type Index = fn(&Keyring, &str) -> Result<[u8; 32], Fault>;
        let index = |of: Index, value: &Option<Pii>| -> Result<Option<Vec<u8>>, Fault> {
            value.as_ref().map(|value| of(moment.keys, value.expose()).map(|it| it.to_vec())).transpose()
        };
        let (name_index, mobile_index) =
            (index(name_index, &contact.name)?, index(mobile_index, &contact.mobile)?);
        let email_index = index(email_index, &contact.email)?;
        Ok(Self { id, merchant_id, name, mobile, email, external_id, name_index, mobile_index, email_index })
    }

    /// The customer by another name.
    pub fn renamed(&self, name: &Pii, moment: &mut Moment<'_>) -> Result<Self, Fault> {
        let nonce = moment.nonce()?;
        let sealed = moment.keys.seal(place(self.id, "name"), nonce, name.expose().as_bytes())?;
        let index = name_index(moment.keys, name.expose())?.to_vec();
        Ok(Self { name: Some(sealed), name_index: Some(index), ..self.clone() })
    }

    /// The contacts in plain text, for a message or a page.
    pub fn open(&self, keys: &Keyring) -> Result<Contact, Fault> {
        let column = |name: &'static str, sealed: &Option<Vec<u8>>| -> Result<Option<Pii>, Fault> {
            let Some(sealed) = sealed else { return Ok(None) };
            keys.open_text(place(self.id, name), sealed).map(|text| Some(Pii::new(text)))
        };
        Ok(Contact {
            name: column("name", &self.name)?,
            mobile: column("mobile", &self.mobile)?,
            email: column("email", &self.email)?,
            external_id: column("external_id", &self.external_id)?,
        })
    }
}

const fn place(id: CustomerId, column: &'static str) -> Place {
    Place { table: "customer", row: id.get(), column }
}
