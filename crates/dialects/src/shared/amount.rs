//! Reads and prints amounts as text, exactly: no floating point anywhere.

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountFault {
    /// There is no text.
    #[error("the amount is empty")]
    Empty,
    /// Anything but digits with, optionally, a point and decimals: blanks, signs, exponents, separators,
    /// words.
    #[error("the amount is not a plain decimal number")]
    Malformed,
    /// A well-formed amount with a minus before it: below every minimum, but not malformed.
    #[error("the amount is negative")]
    Negative,
    /// More than two decimals, even if the rest are zeros.
    #[error("the amount has more than two decimals")]
    TooManyDecimals,
    /// More than [`INTEGER_DIGITS_MAX`] digits before the point.
    #[error("the amount is too large")]
    TooLarge,
}

/// The most digits that may stand before the point, leading zeros counted.
pub const INTEGER_DIGITS_MAX: usize = 15;

/// Reads a JSON number's lexeme or a numeric text as minor units (paise): `499`, `499.5`, `499.00`.
///
/// The form is judged first, then the decimals, then the size, then the sign. Zero is an amount here; whether
/// it may be paid is the caller's rule.
///
/// # Errors
/// The [`AmountFault`] that describes the text.
pub fn parse_amount(lexeme: &str) -> Result<i64, AmountFault> {
    if lexeme.is_empty() {
        return Err(AmountFault::Empty);
    }
    let Some(magnitude) = lexeme.strip_prefix('-') else { return parse_unsigned(lexeme) };
    match parse_unsigned(magnitude) {
        Ok(_) | Err(AmountFault::TooLarge) => Err(AmountFault::Negative),
        Err(fault) => Err(fault),
    }
}

fn parse_unsigned(text: &str) -> Result<i64, AmountFault> {
    let (whole, decimals) = match text.split_once('.') {
        Some((whole, decimals)) if is_digits(decimals) => (whole, decimals),
        Some(_) => return Err(AmountFault::Malformed),
        None => (text, ""),
    };
    if !is_digits(whole) {
        return Err(AmountFault::Malformed);
    }
    if decimals.len() > 2 {
        return Err(AmountFault::TooManyDecimals);
    }
    if whole.len() > INTEGER_DIGITS_MAX {
        return Err(AmountFault::TooLarge);
    }
    format!("{whole}{decimals:0<2}").parse().map_err(|_| AmountFault::TooLarge)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Prints minor units (paise) with two decimals, as the vendors print money in texts: 49900 is `499.00`.
pub fn money_text(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let magnitude = minor.unsigned_abs();
    format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100)
}
