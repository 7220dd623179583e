//! The members of a create that say what the link is, each with its rule (OTS1009 and the member's name).

use std::collections::BTreeMap;

use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::link::{LinkText, TextKind};
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::time::{DAY_MS, Timestamp};

use super::body::{
    AMOUNT, Body, CUST_EMAIL, CUST_MOBILE, CUST_NAME, EXPIRY_DATE, MERCHANT_TXN_ID, Member, RETURN_URL,
    TEMPLATE_FIELDS, TEMPLATE_NO, TXN_CURRENCY, UDF,
};
use super::codes::{BAD_REQUEST, No};
use super::settings;
use crate::door::Door;
use crate::shared::amount::parse_amount;
use crate::shared::ist::{ist_dashed_text, parse_ist_dashed};
use crate::shared::text::{has_control_or_bidi, indian_mobile, is_email};
use crate::shared::web_address::parse_web_address;

const TXN_ID_CHARS_MAX: usize = 50;
const NAME_CHARS_MAX: usize = 100;
const EMAIL_CHARS_MAX: usize = 100;
const MOBILE_CHARS_MAX: usize = 20;
const UDF_CHARS_MAX: usize = 45;
/// An invoice without `expiryDate` may be paid to the end of this day from today, as in the specs' example.
const DEFAULT_LIFE_DAYS: i64 = 30;
/// When a day ends.
const LAST_SECOND: &str = "23:59:59";

/// What a create asks for beside its invoice.
pub(super) struct Members {
    pub(super) txn_id: String,
    pub(super) amount: Minor,
    pub(super) contact: Contact,
    pub(super) expires_at: Timestamp,
    pub(super) texts: Vec<LinkText>,
}

impl Members {
    /// Reads them in the order of the table in the docs; what nobody knows is refused last.
    pub(super) fn read(
        door: &Door,
        body: &Body<'_>,
        merchant: &Merchant,
        amount: &str,
        txn_id: String,
    ) -> Result<Self, No> {
        let txn_id = within(txn_id, MERCHANT_TXN_ID, TXN_ID_CHARS_MAX)?;
        let amount = parse_amount(amount).ok().filter(|minor| *minor > 0).ok_or_else(|| wrong(AMOUNT))?;
        if line(body, TXN_CURRENCY, NAME_CHARS_MAX)?.is_some_and(|currency| currency != "INR") {
            return Err(wrong(TXN_CURRENCY));
        }
        let contact = contact(body)?;
        let expires_at = expiry(body, door.engine.now())?;
        let mut texts = Vec::new();
        let mut put = |kind, value: Option<String>| {
            texts.extend(value.map(|value| LinkText { kind, position: 0, value }));
        };
        put(TextKind::BrowserCallbackUrl, return_url(body, merchant, door.engine.setup().sandbox)?);
        put(TextKind::Attributes, udf(body)?);
        body.refuse_others(&[&KNOWN[..], &UDF[..]].concat())?;
        Ok(Self { txn_id, amount: Minor::new(amount), contact, expires_at, texts })
    }
}

/// What a create may carry beside [`UDF`].
const KNOWN: [Member; 10] = [
    TEMPLATE_NO,
    MERCHANT_TXN_ID,
    AMOUNT,
    TXN_CURRENCY,
    CUST_NAME,
    CUST_EMAIL,
    CUST_MOBILE,
    TEMPLATE_FIELDS,
    EXPIRY_DATE,
    RETURN_URL,
];

fn wrong(member: Member) -> No {
    BAD_REQUEST.with(member.name())
}

/// One line; an empty one counts as absent.
fn line(body: &Body<'_>, member: Member, chars_max: usize) -> Result<Option<String>, No> {
    let text = body.text(member)?.filter(|text| !text.trim().is_empty());
    text.map(|text| within(text, member, chars_max)).transpose()
}

fn within(text: String, member: Member, chars_max: usize) -> Result<String, No> {
    let fits = text.chars().count() <= chars_max && !has_control_or_bidi(&text);
    if fits { Ok(text) } else { Err(wrong(member)) }
}

fn contact(body: &Body<'_>) -> Result<Contact, No> {
    let name = line(body, CUST_NAME, NAME_CHARS_MAX)?;
    let email = line(body, CUST_EMAIL, EMAIL_CHARS_MAX)?;
    if email.as_deref().is_some_and(|email| !is_email(email)) {
        return Err(wrong(CUST_EMAIL));
    }
    let mobile = body.text_or_number(CUST_MOBILE)?.filter(|text| !text.trim().is_empty());
    let mobile = mobile.map(|text| within(text, CUST_MOBILE, MOBILE_CHARS_MAX)).transpose()?;
    let mobile = mobile.map(|text| indian_mobile(&text).ok_or_else(|| wrong(CUST_MOBILE))).transpose()?;
    Ok(Contact {
        name: name.map(Pii::new),
        mobile: mobile.map(Pii::new),
        email: email.map(Pii::new),
        ..Contact::default()
    })
}

/// `expiryDate`: `yyyy-MM-dd HH:mm:ss` in IST, or a day, which ends with its last second.
fn expiry(body: &Body<'_>, now: Timestamp) -> Result<Timestamp, No> {
    let text = match line(body, EXPIRY_DATE, NAME_CHARS_MAX)? {
        Some(text) if text.contains(' ') => text,
        Some(day) => format!("{day} {LAST_SECOND}"),
        None => {
            let last = ist_dashed_text(now.ms() + DEFAULT_LIFE_DAYS * DAY_MS);
            let last = last.ok_or_else(|| Fault::new("a date outside the calendar"))?;
            let day = last.split(' ').next().unwrap_or_default();
            format!("{day} {LAST_SECOND}")
        }
    };
    parse_ist_dashed(&text).map(Timestamp::from_ms).map_err(|_| wrong(EXPIRY_DATE))
}

/// Where the payer's browser posts the outcome: as the request says, or the merchant's own address.
fn return_url(body: &Body<'_>, merchant: &Merchant, is_sandbox: bool) -> Result<Option<String>, No> {
    let Some(text) = body.text(RETURN_URL)?.filter(|text| !text.is_empty()) else {
        return Ok(merchant.setting(settings::DIALECT, settings::RETURN_URL).map(str::to_owned));
    };
    let address = parse_web_address(&text, is_sandbox).map_err(|_| wrong(RETURN_URL))?;
    Ok(Some(address.into()))
}

/// `udf1` to `udf5` as the JSON text of an object; none without any.
fn udf(body: &Body<'_>) -> Result<Option<String>, No> {
    let mut given = BTreeMap::new();
    for member in UDF {
        if let Some(text) = line(body, member, UDF_CHARS_MAX)? {
            given.insert(member.name(), text);
        }
    }
    if given.is_empty() {
        return Ok(None);
    }
    let text = serde_json::to_string(&given);
    Ok(Some(text.map_err(|error| Fault::new(format!("a text could not be written: {error}")))?))
}
