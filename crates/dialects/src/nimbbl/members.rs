//! The members of request bodies that several calls read.

use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::link::{LinkText, TextKind};
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::time::Timestamp;

use super::codes::{No, invalid};
use super::times::parse_time;
use crate::shared::amount::parse_amount;
use crate::shared::fields::{Fields, Wrong};
use crate::shared::json::scan;
use crate::shared::text::{indian_mobile, is_email};
use crate::shared::web_address::parse_web_address;

/// The longest id or one-line text; the vendor names no lengths.
pub(super) const LINE_CHARS_MAX: usize = 254;
/// The longest text of several lines; the vendor's own example has 466 characters.
pub(super) const PROSE_CHARS_MAX: usize = 4_000;
/// The longest object that is kept as it was sent.
const OBJECT_BYTES_MAX: usize = 8_000;
/// The one country whose mobile numbers are written to.
pub(super) const COUNTRY_CODE: &str = "+91";

/// The members of a body, which must be one JSON object.
pub(super) fn open(bytes: &[u8]) -> Result<Fields<'_>, No> {
    let json = scan(bytes)?;
    Fields::parse(json.text()).ok_or_else(|| invalid("the body is not an object"))
}

/// One line that must be there, with something in it.
pub(super) fn required(body: &Fields<'_>, name: &str, chars_max: usize) -> Result<String, Wrong> {
    let line = body.line(name, chars_max)?.filter(|line| !line.trim().is_empty());
    line.ok_or_else(|| body.wrong(name))
}

/// An amount: a number or a text of one, not negative, with at most two decimals.
pub(super) fn money(body: &Fields<'_>, name: &str) -> Result<Option<Minor>, Wrong> {
    let Some(lexeme) = body.number_or_text(name)? else { return Ok(None) };
    parse_amount(&lexeme).map(|minor| Some(Minor::new(minor))).map_err(|_| body.wrong(name))
}

/// `total_amount`; what the merchant's limits say comes later.
pub(super) fn total_amount(body: &Fields<'_>) -> Result<Minor, Wrong> {
    let amount = money(body, "total_amount")?.filter(|amount| amount.is_positive());
    amount.ok_or_else(|| body.wrong("total_amount"))
}

/// `currency`: the rupee, also where it is absent.
pub(super) fn currency(body: &Fields<'_>) -> Result<(), Wrong> {
    let is_other = body.filled("currency", LINE_CHARS_MAX)?.is_some_and(|currency| currency != "INR");
    if is_other { Err(body.wrong("currency")) } else { Ok(()) }
}

/// A time that is still to come.
pub(super) fn future(body: &Fields<'_>, name: &str, now: Timestamp) -> Result<Option<Timestamp>, Wrong> {
    let Some(text) = body.filled(name, LINE_CHARS_MAX)? else { return Ok(None) };
    let at = parse_time(&text).filter(|&at| at > now);
    at.map(Some).ok_or_else(|| body.wrong(name))
}

/// An address that browsers will open.
pub(super) fn web_address(body: &Fields<'_>, name: &str, is_sandbox: bool) -> Result<Option<String>, Wrong> {
    let Some(text) = body.filled(name, usize::MAX)? else { return Ok(None) };
    parse_web_address(&text, is_sandbox).map_err(|_| body.wrong(name))?;
    Ok(Some(text))
}

/// A JSON object, kept as it was sent.
pub(super) fn object_text(body: &Fields<'_>, name: &str) -> Result<Option<String>, Wrong> {
    if !body.has_content(name) {
        return Ok(None);
    }
    body.object(name)?;
    // It is answered again: a number beyond every reader's range would make the answer unreadable.
    let is_readable = |text: &&str| serde_json::from_str::<serde_json::Value>(text).is_ok();
    let text = body.raw(name).filter(|text| text.len() <= OBJECT_BYTES_MAX).filter(is_readable);
    text.map(|text| Some(text.to_owned())).ok_or_else(|| body.wrong(name))
}

/// An e-mail address.
pub(super) fn email(body: &Fields<'_>, name: &str) -> Result<Option<String>, Wrong> {
    let email = body.filled(name, LINE_CHARS_MAX)?;
    if email.as_deref().is_none_or(is_email) { Ok(email) } else { Err(body.wrong(name)) }
}

/// An Indian mobile number, which must be there; its ten digits.
pub(super) fn mobile(body: &Fields<'_>, name: &str) -> Result<String, Wrong> {
    let mobile = body.filled(name, LINE_CHARS_MAX)?.as_deref().and_then(indian_mobile);
    mobile.ok_or_else(|| body.wrong(name))
}

/// The name of who is asked to pay. Both names are kept as one; where one ends and the other begins is a text
/// of the link.
#[derive(Debug)]
pub(super) struct PayerName {
    /// The first name.
    pub(super) first: String,
    /// The last name, if any.
    pub(super) last: Option<String>,
}

impl PayerName {
    /// The name that is kept sealed.
    pub(super) fn whole(&self) -> Pii {
        let last = self.last.as_deref().map(|last| format!(" {last}")).unwrap_or_default();
        Pii::new(self.first.clone() + &last)
    }

    /// How many characters of it are the first name, where there are two.
    pub(super) fn text(&self) -> Option<LinkText> {
        self.last.as_ref()?;
        let value = self.first.chars().count().to_string();
        Some(LinkText { kind: TextKind::FirstNameChars, position: 0, value })
    }
}

/// Who is asked to pay.
#[derive(Debug)]
pub(super) struct Payer {
    /// First and last name.
    pub(super) name: PayerName,
    /// Ten digits.
    pub(super) mobile: String,
    /// The e-mail address, if any.
    pub(super) email: Option<String>,
}

impl Payer {
    /// The contact that is kept sealed.
    pub(super) fn contact(&self) -> Contact {
        Contact {
            name: Some(self.name.whole()),
            mobile: Some(Pii::new(self.mobile.clone())),
            email: self.email.clone().map(Pii::new),
            external_id: None,
        }
    }
}

/// First and last name of a kept name of which so many characters are the first.
pub(super) fn names(whole: &str, first_chars: Option<usize>) -> (String, String) {
    let Some(first_chars) = first_chars else { return (whole.to_owned(), String::new()) };
    let first = whole.chars().take(first_chars).collect();
    (first, whole.chars().skip(first_chars + 1).collect())
}
