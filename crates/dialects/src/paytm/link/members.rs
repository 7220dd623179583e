//! The members of the body of `/link/create`, each with its own rule (specs, part 3 and part 12).

use kadi_engine::domain::amount::{AMOUNT_MAX, Currency, Minor};
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::link::{Line, LinkKind, LinkText, TextKind, lines_total};
use kadi_engine::domain::merchant::{Feature, Merchant};
use kadi_engine::domain::message::ChannelKind;
use kadi_engine::domain::moment::Setup;
use kadi_engine::domain::risk::check_amount;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::time::{DAY_MS, Timestamp};

use super::items;
use super::words::kind_of;
use crate::paytm::codes::{
    AMOUNT_BELOW_ONE, DESCRIPTION_CHARACTERS, DESCRIPTION_LENGTH, EXPIRY_INVALID, EXPIRY_TOO_LATE,
    FIXED_AMOUNT_MISSING, INVOICE_AMOUNT_MISSING, INVOICE_EMAIL, INVOICE_EXPIRY_MISSING, INVOICE_ID_MISSING,
    INVOICE_PHONE, LINK_NAME_BLANK, LINK_NAME_CHARACTERS, LINK_NAME_EMPTY, No, SUM_MISMATCH,
};
use crate::shared::amount::{AmountFault, parse_amount};
use crate::shared::fields::{Fields, Wrong};
use crate::shared::ist::{calendar_days_ist, parse_ist};
use crate::shared::text::{has_control_or_bidi, indian_mobile, is_email, is_prose};
use crate::shared::web_address::parse_web_address;

/// The longest text where the vendor's page gives no length.
pub(super) const TEXT_CHARS_MAX: usize = 254;
/// FIXED and GENERIC links without an expiry live so long.
const DEFAULT_LIFE_MS: i64 = 90 * DAY_MS;
const LIFE_DAYS_MAX: i64 = 365;
const SMALLEST: Minor = Minor::new(100);
const PAYMENTS_MAX: i64 = 1_000_000_000;

/// Letters, digits, blanks and underscores: the name becomes part of `longUrl`.
pub(super) fn link_name(body: &Fields<'_>) -> Result<String, No> {
    let name = body.text("linkName", 64)?.unwrap_or_default();
    if name.is_empty() {
        return Err(LINK_NAME_EMPTY.into());
    }
    if name.trim().is_empty() {
        return Err(LINK_NAME_BLANK.into());
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_');
    if name.chars().all(is_plain) { Ok(name) } else { Err(LINK_NAME_CHARACTERS.into()) }
}

/// 3 to 30 letters, digits and blanks.
pub(super) fn description(body: &Fields<'_>) -> Result<String, No> {
    let description = body.text("linkDescription", usize::MAX)?.unwrap_or_default();
    if !(3..=30).contains(&description.chars().count()) || description.trim().is_empty() {
        return Err(DESCRIPTION_LENGTH.into());
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == ' ';
    if description.chars().all(is_plain) { Ok(description) } else { Err(DESCRIPTION_CHARACTERS.into()) }
}

/// One of the vendor's three types.
pub(super) fn link_type(body: &Fields<'_>) -> Result<LinkKind, No> {
    let word = body.text("linkType", 16)?;
    word.and_then(|word| kind_of(&word)).ok_or_else(|| No::field("linkType"))
}

/// The amount; GENERIC links have none, whatever was sent.
pub(super) fn amount(
    body: &Fields<'_>,
    kind: LinkKind,
    merchant: &Merchant,
    setup: &Setup,
) -> Result<Option<Minor>, No> {
    let missing = match kind {
        LinkKind::Open => return Ok(None),
        LinkKind::Fixed => FIXED_AMOUNT_MISSING,
        LinkKind::Invoice => INVOICE_AMOUNT_MISSING,
    };
    let lexeme = body.number_or_text("amount")?.filter(|lexeme| !lexeme.trim().is_empty()).ok_or(missing)?;
    let amount = match parse_amount(&lexeme) {
        Ok(minor) => Minor::new(minor),
        Err(AmountFault::Negative) => return Err(AMOUNT_BELOW_ONE.into()),
        Err(_) => return Err(No::field("amount")),
    };
    if amount < SMALLEST {
        return Err(AMOUNT_BELOW_ONE.into());
    }
    if amount > AMOUNT_MAX {
        return Err(No::field("amount"));
    }
    merchant.limit.check(amount)?;
    check_amount(merchant, setup, amount, Currency::INR)?;
    Ok(Some(amount))
}

/// The channels by which the link is to be sent, in the order of the answer's `notificationDetails`.
pub(super) fn channels(body: &Fields<'_>) -> Result<Vec<ChannelKind>, Wrong> {
    let sms = body.flag("sendSms")?.unwrap_or(false).then_some(ChannelKind::Sms);
    let email = body.flag("sendEmail")?.unwrap_or(false).then_some(ChannelKind::Email);
    Ok(sms.into_iter().chain(email).collect())
}

/// Who is asked to pay. `customerPhone` is what one official client calls `customerMobile`.
pub(super) fn contact(body: &Fields<'_>, name: &str) -> Result<Contact, Wrong> {
    let Some(contact) = body.object(name)? else { return Ok(Contact::default()) };
    let name = contact.line("customerName", TEXT_CHARS_MAX)?;
    let email = contact.filled("customerEmail", TEXT_CHARS_MAX)?;
    if email.as_deref().is_some_and(|email| !is_email(email)) {
        return Err(contact.wrong("customerEmail"));
    }
    let mut mobile = None;
    for field in ["customerMobile", "customerPhone"] {
        if let Some(sent) = contact.filled(field, TEXT_CHARS_MAX)? {
            let ten_digits = indian_mobile(&sent).ok_or_else(|| contact.wrong(field))?;
            mobile = mobile.or(Some(ten_digits));
        }
    }
    let external_id = contact.line("customerId", 64)?;
    Ok(Contact {
        name: name.map(Pii::new),
        mobile: mobile.map(Pii::new),
        email: email.map(Pii::new),
        external_id: external_id.map(Pii::new),
    })
}

/// A whole number of at least 1, as a number or a text.
pub(super) fn max_payments(body: &Fields<'_>) -> Result<Option<i64>, Wrong> {
    body.whole("maxPaymentsAllowed", 1..=PAYMENTS_MAX)
}

/// Invoices have an id; links of other kinds do not, whatever was sent.
pub(super) fn invoice_id(body: &Fields<'_>, kind: LinkKind) -> Result<Option<String>, No> {
    if kind != LinkKind::Invoice {
        return Ok(None);
    }
    let id =
        body.number_or_text("invoiceId")?.filter(|id| !id.trim().is_empty()).ok_or(INVOICE_ID_MISSING)?;
    if id.chars().count() > TEXT_CHARS_MAX || has_control_or_bidi(&id) {
        return Err(No::field("invoiceId"));
    }
    Ok(Some(id))
}

/// The end of the link in IST, at most 365 calendar days ahead.
pub(super) fn expiry(body: &Fields<'_>, kind: LinkKind, now: Timestamp) -> Result<Timestamp, No> {
    let Some(text) = body.filled("expiryDate", usize::MAX)? else {
        return match kind {
            LinkKind::Invoice => Err(INVOICE_EXPIRY_MISSING.into()),
            LinkKind::Fixed | LinkKind::Open => Ok(now.plus_ms(DEFAULT_LIFE_MS)),
        };
    };
    let end = parse_ist(&text).map_err(|_| EXPIRY_INVALID)?;
    if end <= now.ms() {
        return Err(EXPIRY_INVALID.into());
    }
    if calendar_days_ist(now.ms(), end) > LIFE_DAYS_MAX {
        return Err(EXPIRY_TOO_LATE.into());
    }
    Ok(Timestamp::from_ms(end))
}

/// The merchant's phone number on the invoice, kept as it was written.
pub(super) fn invoice_phone(body: &Fields<'_>) -> Result<Option<String>, No> {
    let Some(phone) = body.number_or_text("invoicePhoneNo")?.filter(|phone| !phone.is_empty()) else {
        return Ok(None);
    };
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = phone.chars().enumerate().all(|(at, c)| match c {
        '+' => at == 0,
        '-' | ' ' => at > 0,
        _ => c.is_ascii_digit(),
    });
    // Mobile numbers have ten digits, landlines with their area code too; a country code comes before.
    if is_plain && (10..=13).contains(&digits) && phone.len() <= 20 {
        Ok(Some(phone))
    } else {
        Err(INVOICE_PHONE.into())
    }
}

/// The merchant's e-mail address on the invoice.
pub(super) fn invoice_email(body: &Fields<'_>) -> Result<Option<String>, No> {
    let email = body.filled("invoiceEmail", usize::MAX)?;
    if email.as_deref().is_some_and(|email| !is_email(email)) { Err(INVOICE_EMAIL.into()) } else { Ok(email) }
}

/// The items, which add up to the amount.
pub(super) fn lines(body: &Fields<'_>, kind: LinkKind, amount: Option<Minor>) -> Result<Vec<Line>, No> {
    let lines = items::read(body)?;
    if lines.is_empty() {
        return Ok(lines);
    }
    if kind == LinkKind::Open {
        // The payer chooses the amount, so no list of items can add up to it.
        return Err(No::field("invoiceDetails"));
    }
    match lines_total(&lines) {
        Ok(total) if Some(total) == amount => Ok(lines),
        Ok(_) | Err(_) => Err(SUM_MISMATCH.into()),
    }
}

/// Is the amount to be paid in parts? GENERIC links have no amount of which something could be left.
pub(super) fn in_parts(body: &Fields<'_>, kind: LinkKind, merchant: &Merchant) -> Result<bool, No> {
    const NAME: &str = "partialPayment";
    if body.flag_or_text(NAME)? != Some(true) {
        return Ok(false);
    }
    let is_allowed = kind != LinkKind::Open && merchant.features.contains(&Feature::Partial);
    if is_allowed { Ok(true) } else { Err(No::field(NAME)) }
}

/// May only the customer's own mobile pay? Then there must be one, and a way to send it a code.
pub(super) fn only_mobile(body: &Fields<'_>, contact: &Contact, setup: &Setup) -> Result<bool, Wrong> {
    let is_asked = body.flag_or_text("bindLinkIdMobile")?.unwrap_or(false);
    if is_asked && (contact.mobile.is_none() || !setup.has(ChannelKind::Sms)) {
        return Err(body.wrong("bindLinkIdMobile"));
    }
    Ok(is_asked)
}

/// A reseller whom the merchant may name.
pub(super) fn reseller(body: &Fields<'_>, merchant: &Merchant) -> Result<Option<String>, No> {
    let reseller = body.filled("resellerId", 64)?;
    match reseller {
        Some(id) if !merchant.resellers.contains(&id) => Err(No::field("resellerId")),
        Some(_) | None => Ok(reseller),
    }
}

/// `ref1` to `ref12`, as an object or as the JSON text of one.
pub(super) fn extend_info(body: &Fields<'_>) -> Result<Vec<LinkText>, Wrong> {
    const NAME: &str = "extendInfo";
    if !body.has_content(NAME) {
        return Ok(Vec::new());
    }
    let texts = body.object_or_text(NAME, |map| {
        let names: Vec<_> = (1..=12).map(|position| (position, format!("ref{position}"))).collect();
        if map.names().any(|name| names.iter().all(|(_, known)| known != name)) {
            return Err(body.wrong(NAME));
        }
        let mut texts = Vec::new();
        for (position, name) in names {
            let Some(value) = map.number_or_text(&name)? else { continue };
            if value.chars().count() > TEXT_CHARS_MAX || !is_prose(&value) {
                return Err(map.wrong(&name));
            }
            texts.push(LinkText { kind: TextKind::Extend, position, value });
        }
        Ok(texts)
    })?;
    Ok(texts.unwrap_or_default())
}

/// `linkOrderId`: the vendor's page says alphanumeric, and its example has an underscore.
pub(super) fn order_id(body: &Fields<'_>) -> Result<Option<String>, Wrong> {
    let id = body.filled("linkOrderId", 50)?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if id.as_deref().is_some_and(|id| !id.chars().all(is_plain)) {
        return Err(body.wrong("linkOrderId"));
    }
    Ok(id)
}

/// An address that browsers or Kadi will call.
pub(super) fn web_address(body: &Fields<'_>, name: &str, is_sandbox: bool) -> Result<Option<String>, Wrong> {
    let Some(text) = body.filled(name, usize::MAX)? else { return Ok(None) };
    parse_web_address(&text, is_sandbox).map_err(|_| body.wrong(name))?;
    Ok(Some(text))
}
