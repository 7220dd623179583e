//! Does a value fit a field? Asked of the defaults of a template file.

use jiff::civil::Date;
use kadi_dialects::shared::amount::parse_amount;
use kadi_dialects::shared::text::{has_control_or_bidi, indian_mobile, is_email};
use kadi_domain::template::{Field, FieldType};
use regex::Regex;

use super::template::whole;

/// The rule that a value breaks: type first, then lengths, then the pattern.
pub(super) fn check_value(field: &Field, value: &str) -> Result<(), &'static str> {
    let (fits, rule) = match &field.field_type {
        FieldType::Text => (!has_control_or_bidi(value), "holds control or direction characters"),
        FieldType::Number => (is_decimal(value), "is not a number"),
        FieldType::Date => {
            (value.len() == 10 && value.parse::<Date>().is_ok(), "is not a date such as 2026-11-21")
        }
        FieldType::Choice(choices) => {
            (choices.iter().any(|choice| choice == value), "is not one of the choices")
        }
        FieldType::Email => (is_email(value), "is not an e-mail address"),
        FieldType::Mobile => (indian_mobile(value).is_some(), "is not an Indian mobile number"),
        FieldType::Amount => (parse_amount(value).is_ok(), "is not an amount"),
    };
    if !fits {
        return Err(rule);
    }
    let length = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
    if field.min_length.is_some_and(|min| length < min) {
        return Err("is shorter than min_length");
    }
    if field.max_length.is_some_and(|max| length > max) {
        return Err("is longer than max_length");
    }
    match &field.pattern {
        Some(pattern) if !Regex::new(&whole(pattern)).is_ok_and(|regex| regex.is_match(value)) => {
            Err("does not match the pattern")
        }
        Some(_) | None => Ok(()),
    }
}

/// Digits with, optionally, a minus before and a point with digits between or behind.
fn is_decimal(text: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let magnitude = text.strip_prefix('-').unwrap_or(text);
    magnitude.split_once('.').map_or_else(|| is_digits(magnitude), |(a, b)| is_digits(a) && is_digits(b))
}
