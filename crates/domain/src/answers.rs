//! What a payer answers to the fields of a form: checked field by field, kept sealed with the payment.

use std::collections::BTreeMap;

use regex::Regex;

use crate::amount::Minor;
use crate::id::{PaymentId, TemplateId};
use crate::plain_text::{has_control_or_bidi, indian_mobile, is_email};
use crate::refusal::Fault;
use crate::seal::{Keyring, Place};
use crate::secret::Pii;
use crate::template::{Field, FieldType, Template};

/// The longest answer, in characters, where its field says nothing.
pub const ANSWER_CHARS_MAX: i64 = 1_000;
/// Between answers in a row: no answer holds a control character.
const SEPARATOR: char = '\u{1f}';
/// Decimals of an amount.
const AMOUNT_DECIMALS: u16 = 2;

/// The rule that an answer breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It must be given.
    Missing,
    /// No control characters, and none that turn the direction of writing.
    Hidden,
    /// A number.
    Number,
    /// A date such as 2026-11-21.
    Date,
    /// One of the choices.
    Choice,
    /// An e-mail address.
    Email,
    /// An Indian mobile number.
    Mobile,
    /// An amount with at most two decimals.
    Amount,
    /// At least so many characters.
    Shorter(i64),
    /// At most so many characters.
    Longer(i64),
    /// As the pattern says.
    Pattern,
}

/// Answers to all fields of a form, in their order, each checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    template_id: TemplateId,
    values: Pii,
}

impl Answers {
    /// The version of the form that they answer.
    pub const fn template_id(&self) -> TemplateId {
        self.template_id
    }

    /// Seals them for the row of their payment.
    pub(crate) fn seal(&self, payment: PaymentId, nonce: [u8; 12], keys: &Keyring) -> Result<Vec<u8>, Fault> {
        keys.seal(place(payment), nonce, self.values.expose().as_bytes())
    }
}

/// Sealed answers in plain text: the name of each field, and its answer.
pub fn open_answers(
    payment: PaymentId,
    sealed: &[u8],
    form: &Template,
    keys: &Keyring,
) -> Result<Vec<(String, String)>, Fault> {
    let text = keys.open_text(place(payment), sealed)?;
    let values: Vec<&str> = text.split(SEPARATOR).collect();
    if values.len() != form.fields.len() {
        return Err(Fault::new(format!("answers of payment {} do not fit their form", payment.get())));
    }
    let named = form.fields.iter().zip(values).map(|(field, value)| (field.name.clone(), value.to_owned()));
    Ok(named.collect())
}

const fn place(payment: PaymentId) -> Place {
    Place { table: "payment", row: payment.get(), column: "answers" }
}

impl Template {
    /// Checks what was given for the fields, by their names; a field that is absent has its default. Else the
    /// rules that are broken, by the fields' names.
    pub fn answers(&self, given: &BTreeMap<String, String>) -> Result<Answers, BTreeMap<String, Rule>> {
        let (mut values, mut broken) = (Vec::new(), BTreeMap::new());
        for field in &self.fields {
            let value = given.get(&field.name).or(field.default.as_ref()).map_or("", |value| value.trim());
            match field.answer(value) {
                Ok(value) => values.push(value),
                Err(rule) => drop(broken.insert(field.name.clone(), rule)),
            }
        }
        if !broken.is_empty() {
            return Err(broken);
        }
        Ok(Answers { template_id: self.id, values: Pii::new(values.join(&SEPARATOR.to_string())) })
    }
}

impl Field {
    /// An answer as it is kept.
    fn answer(&self, value: &str) -> Result<String, Rule> {
        if value.is_empty() {
            return if self.required { Err(Rule::Missing) } else { Ok(String::new()) };
        }
        self.check(value).map(|()| value.to_owned())
    }

    /// The rule that a value breaks: type first, then lengths, then the pattern.
    pub fn check(&self, value: &str) -> Result<(), Rule> {
        let length = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
        // Before anything looks at every character.
        let max = self.max_length.unwrap_or(ANSWER_CHARS_MAX);
        let is_long = length > max;
        if length > ANSWER_CHARS_MAX {
            return Err(Rule::Longer(max));
        }
        let (fits, rule) = match &self.field_type {
            FieldType::Text => (!has_control_or_bidi(value), Rule::Hidden),
            FieldType::Number => (is_decimal(value), Rule::Number),
            FieldType::Date => (is_date(value), Rule::Date),
            FieldType::Choice(choices) => (choices.iter().any(|choice| choice == value), Rule::Choice),
            FieldType::Email => (is_email(value), Rule::Email),
            FieldType::Mobile => (indian_mobile(value).is_some(), Rule::Mobile),
            FieldType::Amount => (Minor::parse_typed(value, AMOUNT_DECIMALS).is_some(), Rule::Amount),
        };
        match &self.pattern {
            _ if !fits => Err(rule),
            _ if self.min_length.is_some_and(|min| length < min) => {
                Err(Rule::Shorter(self.min_length.unwrap_or_default()))
            }
            _ if is_long => Err(Rule::Longer(max)),
            Some(pattern) if !Regex::new(&whole(pattern)).is_ok_and(|regex| regex.is_match(value)) => {
                Err(Rule::Pattern)
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// The pattern as it is used: it must match the whole value.
pub fn whole(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

/// Digits with, optionally, a minus before and a point with digits between or behind.
fn is_decimal(text: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let magnitude = text.strip_prefix('-').unwrap_or(text);
    magnitude.split_once('.').map_or_else(|| is_digits(magnitude), |(a, b)| is_digits(a) && is_digits(b))
}

/// A day of the calendar as `2026-11-21`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |text: &str, width: usize| {
        (text.len() == width && is_digits(text)).then(|| text.parse::<u32>().ok()).flatten()
    };
    let [year, month, day] = parts.as_slice() else { return false };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}
