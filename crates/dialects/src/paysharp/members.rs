//! The members of request bodies, read one by one, each with the words for what is wrong about it.

use kadi_engine::domain::amount::Minor;

use super::codes::{AMOUNT_ABOVE, AMOUNT_BELOW, No, invalid};
use crate::shared::amount::{AmountFault, parse_amount};
use crate::shared::fields::Fields;
use crate::shared::json::scan;
use crate::shared::text::{has_control_or_bidi, is_email};

/// The longest validity, in hours (vendor page).
const VALIDITY_H_MAX: i64 = 1_440;
const MOBILE_DIGITS: usize = 10;

/// The members of a body, which must be one JSON object.
pub(super) fn open(bytes: &[u8]) -> Result<Fields<'_>, No> {
    let json = scan(bytes)?;
    Fields::parse(json.text()).ok_or_else(|| invalid("the body is not an object"))
}

/// `amount`. One outside every range is told from the other mistakes, for it has a code of its own, which is
/// told last.
pub(super) fn amount(body: &Fields<'_>) -> Result<Result<Minor, No>, No> {
    let lexeme = body.raw("amount").ok_or_else(|| required("amount"))?;
    if !lexeme.starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
        return Err(invalid("amount must be a number"));
    }
    match parse_amount(lexeme) {
        Ok(minor) if minor <= 0 => Ok(Err(AMOUNT_BELOW.into())),
        Ok(minor) => Ok(Ok(Minor::new(minor))),
        Err(AmountFault::Negative) => Ok(Err(AMOUNT_BELOW.into())),
        Err(AmountFault::TooLarge) => Ok(Err(AMOUNT_ABOVE.into())),
        Err(AmountFault::TooManyDecimals) => Err(invalid("amount must have at most two decimals")),
        Err(AmountFault::Empty | AmountFault::Malformed) => {
            Err(invalid("amount must be a plain decimal number"))
        }
    }
}

/// `validity`: whole hours.
pub(super) fn validity_h(body: &Fields<'_>) -> Result<i64, No> {
    let lexeme = body.raw("validity").ok_or_else(|| required("validity"))?;
    let hours = lexeme.parse().ok().filter(|hours| (1..=VALIDITY_H_MAX).contains(hours));
    hours.ok_or_else(|| invalid("validity must be an integer from 1 to 1440"))
}

/// A text that must be there: one line with something in it.
pub(super) fn line(body: &Fields<'_>, name: &str, chars_max: usize) -> Result<String, No> {
    let line = text(body, name)?.filter(|text| !text.trim().is_empty()).ok_or_else(|| required(name))?;
    within(line, name, chars_max)
}

/// `customerMobileNo`: exactly ten digits (DECISIONS.md).
pub(super) fn mobile(body: &Fields<'_>) -> Result<String, No> {
    let name = "customerMobileNo";
    let mobile = text(body, name)?.filter(|text| !text.trim().is_empty()).ok_or_else(|| required(name))?;
    let fits = mobile.len() == MOBILE_DIGITS && mobile.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(mobile).ok_or_else(|| invalid(format!("{name} must have exactly 10 digits")))
}

/// `customerEmail`; an empty one counts as absent.
pub(super) fn email(body: &Fields<'_>) -> Result<Option<String>, No> {
    let name = "customerEmail";
    let Some(email) = text(body, name)?.filter(|text| !text.is_empty()) else { return Ok(None) };
    let email = within(email, name, 250)?;
    is_email(&email)
        .then_some(Some(email))
        .ok_or_else(|| invalid(format!("{name} must be an e-mail address")))
}

/// A switch; absent means off.
pub(super) fn flag(body: &Fields<'_>, name: &str) -> Result<bool, No> {
    let flag = body.flag(name).map_err(|_| invalid(format!("{name} must be true or false")))?;
    Ok(flag.unwrap_or(false))
}

fn text(body: &Fields<'_>, name: &str) -> Result<Option<String>, No> {
    body.text(name, usize::MAX).map_err(|_| invalid(format!("{name} must be a string")))
}

fn within(text: String, name: &str, chars_max: usize) -> Result<String, No> {
    if text.chars().count() > chars_max {
        return Err(invalid(format!("{name} must have at most {chars_max} characters")));
    }
    if has_control_or_bidi(&text) {
        return Err(invalid(format!("{name} must not have control characters")));
    }
    Ok(text)
}

fn required(name: &str) -> No {
    invalid(format!("{name} is required"))
}
