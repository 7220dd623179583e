//! The members of bodies, with the words for what is wrong about each.

use kadi_engine::domain::amount::Minor;

use super::codes::{No, unripe};
use super::money::parse_price;
use crate::shared::fields::{Fields, Wrong};
use crate::shared::json::scan;
use crate::shared::text::{indian_mobile, is_email};

/// The longest text, in characters.
const CHARS_MAX: usize = 100;
/// The longest time that a pod hangs, in hours.
const HOURS_MAX: i64 = 8_760;

/// The members of a body, which must be one JSON object without any others than these.
pub(super) fn open<'a>(bytes: &'a [u8], known: &[&str]) -> Result<Fields<'a>, No> {
    let json = scan(bytes).map_err(|fault| unripe(fault.to_string()))?;
    let fields = Fields::parse(json.text()).ok_or_else(|| unripe("the body is not an object"))?;
    let unknown = fields.names().find(|name| !known.contains(name)).map(str::to_owned);
    match unknown {
        Some(name) => Err(unripe(format!("{name:.40} is unknown"))),
        None => Ok(fields),
    }
}

/// A text that must be there.
pub(super) fn line(fields: &Fields<'_>, name: &'static str) -> Result<String, No> {
    let line = fields.line(name, CHARS_MAX).map_err(|wrong| no_line(&wrong))?;
    let line = line.filter(|line| !line.trim().is_empty());
    line.ok_or_else(|| unripe(format!("{name} is missing")))
}

/// `price`.
pub(super) fn amount(fields: &Fields<'_>) -> Result<Minor, No> {
    parse_price(&line(fields, "price")?).ok_or_else(|| unripe("price is not of the form INR 1.234,50"))
}

/// `hours`: how long it hangs.
pub(super) fn hours(fields: &Fields<'_>) -> Result<i64, No> {
    let hours = fields.raw("hours").and_then(|lexeme| lexeme.parse().ok());
    let hours = hours.filter(|hours| (1..=HOURS_MAX).contains(hours));
    hours.ok_or_else(|| unripe("hours must be an integer from 1 to 8760"))
}

/// `phone`.
pub(super) fn phone(fields: &Fields<'_>) -> Result<Option<String>, No> {
    let phone = fields.line("phone", CHARS_MAX).map_err(|wrong| no_line(&wrong))?;
    let is_right = phone.as_deref().is_none_or(|phone| indian_mobile(phone).is_some());
    is_right.then_some(phone).ok_or_else(|| unripe("phone is no Indian mobile number"))
}

/// `mail`.
pub(super) fn mail(fields: &Fields<'_>) -> Result<Option<String>, No> {
    let mail = fields.line("mail", CHARS_MAX).map_err(|wrong| no_line(&wrong))?;
    let is_right = mail.as_deref().is_none_or(is_email);
    is_right.then_some(mail).ok_or_else(|| unripe("mail is no e-mail address"))
}

fn no_line(wrong: &Wrong) -> No {
    unripe(format!("{wrong} must be one line of at most {CHARS_MAX} characters"))
}
