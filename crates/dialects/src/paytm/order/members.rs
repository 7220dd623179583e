//! The members of the body of a payment request, each with its own rule (specs, part 3).

use std::collections::BTreeMap;

use kadi_engine::domain::amount::{AMOUNT_MAX, Minor};
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::time::{DAY_MS, Timestamp};
use kadi_engine::domain::ways::SubWallets;

use super::codes::{
    AMOUNT_INVALID, ANYTHING_ELSE, EXPIRY_INVALID, No, ORDER_ID_BLANK, ORDER_ID_CHARACTERS, PHONE_INVALID,
};
use crate::paytm::plain::plain;
use crate::shared::amount::parse_amount;
use crate::shared::fields::Fields;
use crate::shared::ist::parse_ist_dashed;
use crate::shared::text::indian_mobile;

const ORDER_ID_CHARS_MAX: usize = 50;
const POS_ID_CHARS_MAX: usize = 50;
const DISPLAY_NAME_CHARS_MAX: usize = 50;
/// The longest text where the vendor's page gives no length.
const TEXT_CHARS_MAX: usize = 1_000;
/// A request without an expiry lives so long.
const DEFAULT_LIFE_MS: i64 = DAY_MS;
const GST_MEMBERS_MAX: usize = 50;
const GST_CHARS_MAX: usize = 254;

/// `merchantOrderId`: letters, digits, `@ . _ -`.
pub(super) fn order_id(body: &Fields<'_>) -> Result<String, No> {
    let id = body.text("merchantOrderId", usize::MAX)?.unwrap_or_default();
    if id.trim().is_empty() {
        return Err(ORDER_ID_BLANK.into());
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '_' | '-');
    if id.len() > ORDER_ID_CHARS_MAX || !id.chars().all(is_plain) {
        return Err(ORDER_ID_CHARACTERS.into());
    }
    Ok(id)
}

/// More than nothing, within the merchant's limits.
pub(super) fn amount(body: &Fields<'_>, merchant: &Merchant) -> Result<Minor, No> {
    let lexeme = body.number_or_text("amount").ok().flatten().ok_or(AMOUNT_INVALID)?;
    let amount = Minor::new(parse_amount(&lexeme).map_err(|_| AMOUNT_INVALID)?);
    if !amount.is_positive() || amount > AMOUNT_MAX {
        return Err(AMOUNT_INVALID.into());
    }
    merchant.limit.check(amount)?;
    Ok(amount)
}

/// The end of the request in IST; a day from now where none is given.
pub(super) fn expiry(body: &Fields<'_>, now: Timestamp) -> Result<Timestamp, No> {
    let sent = body.filled("expiry", usize::MAX).map_err(|_| EXPIRY_INVALID)?;
    let Some(text) = sent else { return Ok(now.plus_ms(DEFAULT_LIFE_MS)) };
    let end = Timestamp::from_ms(parse_ist_dashed(&text).map_err(|_| EXPIRY_INVALID)?);
    if end > now && end <= Timestamp::LATEST { Ok(end) } else { Err(EXPIRY_INVALID.into()) }
}

/// A mobile number of exactly ten digits.
pub(super) fn phone(body: &Fields<'_>) -> Result<String, No> {
    let sent = body.number_or_text("userPhoneNo").ok().flatten().ok_or(PHONE_INVALID)?;
    let mobile = indian_mobile(&sent).filter(|ten_digits| *ten_digits == sent);
    mobile.ok_or_else(|| PHONE_INVALID.into())
}

/// `posId`, which answers repeat.
pub(super) fn pos_id(body: &Fields<'_>) -> Result<String, No> {
    let id = body.filled("posId", POS_ID_CHARS_MAX)?.filter(|id| !id.trim().is_empty());
    let id = id.filter(|id| plain(id).is_some());
    id.ok_or_else(|| ANYTHING_ELSE.into())
}

/// `displayName`; a blank one counts as absent.
pub(super) fn display_name(body: &Fields<'_>) -> Result<Option<String>, No> {
    Ok(body.line("displayName", DISPLAY_NAME_CHARS_MAX)?.filter(|name| !name.trim().is_empty()))
}

/// A text of the merchant's for which the page gives no length.
pub(super) fn prose(body: &Fields<'_>, name: &str) -> Result<Option<String>, No> {
    Ok(body.prose(name, TEXT_CHARS_MAX)?)
}

/// `subwalletAmount`: the most that a wallet takes of each of its sub-wallets, amounts as texts.
pub(super) fn sub_wallets(body: &Fields<'_>) -> Result<SubWallets, No> {
    let Some(object) = body.object("subwalletAmount")? else { return Ok(SubWallets::default()) };
    let mut caps = Vec::new();
    for name in object.names() {
        let text = object.filled(name, TEXT_CHARS_MAX)?.ok_or(ANYTHING_ELSE)?;
        caps.push((name, Minor::new(parse_amount(&text).map_err(|_| ANYTHING_ELSE)?)));
    }
    SubWallets::of(caps).ok_or_else(|| ANYTHING_ELSE.into())
}

/// `gstInformation`: an object of texts, kept as JSON.
pub(super) fn gst_information(body: &Fields<'_>) -> Result<Option<String>, No> {
    const NAME: &str = "gstInformation";
    let Some(object) = body.object(NAME)?.filter(|object| !object.is_empty()) else { return Ok(None) };
    let mut texts = BTreeMap::new();
    for name in object.names() {
        let value = object.text(name, GST_CHARS_MAX)?.ok_or_else(|| object.wrong(name))?;
        texts.insert(name, value);
    }
    let is_long = |name: &&str| name.chars().count() > GST_CHARS_MAX;
    if texts.len() > GST_MEMBERS_MAX || texts.keys().any(is_long) {
        return Err(ANYTHING_ELSE.into());
    }
    serde_json::to_string(&texts).map(Some).map_err(|_| ANYTHING_ELSE.into())
}
