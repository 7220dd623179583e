//! The one-time code by which a payer proves to hold a mobile number: an SMS, in English.

use super::plain_words::one_line;
use super::texts::{SMS_WORDS_CHARS_MAX, cut};

/// What the message tells.
#[derive(Clone, Copy, Debug)]
pub struct CodeMessage<'a> {
    /// The digits.
    pub code: &'a str,
    /// The merchant's name as the operator registered it.
    pub merchant_name: &'a str,
    /// For how long it can be used, in minutes.
    pub minutes: i64,
    /// The address of the payment page.
    pub url: &'a str,
}

/// Writes the SMS. The digits come first, where telephones look for them.
pub fn one_time_code(message: &CodeMessage<'_>) -> String {
    let merchant = cut(&one_line(message.merchant_name), SMS_WORDS_CHARS_MAX);
    format!(
        "{} is your code to pay {merchant}, for {} minutes. Type it on the payment page and tell it to nobody: {}",
        message.code, message.minutes, message.url
    )
}
