//! Values for the fields of a template: checked field by field, and sealed for the row that they belong to.

use std::collections::BTreeMap;

use regex::Regex;

use crate::amount::Minor;
use crate::id::{MerchantId, TemplateId};
use crate::plain_text::{has_control_or_bidi, indian_mobile, is_email};
use crate::refusal::Fault;
use crate::seal::{Keyring, Place};
use crate::secret::Pii;
use crate::template::{Field, FieldType, Template, TemplateKind};

/// The longest value, in characters, where its field says nothing.
pub const VALUE_CHARS_MAX: i64 = 1_000;
/// Between values in a row: no value holds a control character.
const SEPARATOR: char = '\u{1f}';
/// Decimals of an amount.
const AMOUNT_DECIMALS: u16 = 2;

/// The rule that a value breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It must be given.
    Missing,
    /// It may be left out for its default, and not be sent empty (invoices only).
    Emptied,
    /// The template has no field of this name (invoices only).
    Unknown,
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

/// Values for all fields of a version of a template, in their order, each checked by [`Template::fill`]:
/// whoever has them knows that they fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldValues {
    template_id: TemplateId,
    merchant_id: MerchantId,
    kind: TemplateKind,
    values: Pii,
}

impl FieldValues {
    /// The version of the template that they fill.
    pub const fn template_id(&self) -> TemplateId {
        self.template_id
    }

    /// Do they fill an invoice template of this merchant's?
    pub fn is_invoice_of(&self, merchant: MerchantId) -> bool {
        self.kind == TemplateKind::Invoice && self.merchant_id == merchant
    }

    /// The values in plain text, in the order of the fields.
    pub(crate) fn plain(&self) -> Vec<Pii> {
        apart(self.values.expose())
    }

    /// Seals them for their place.
    pub(crate) fn seal(&self, place: Place, nonce: [u8; 12], keys: &Keyring) -> Result<Vec<u8>, Fault> {
        keys.seal(place, nonce, self.values.expose().as_bytes())
    }
}

/// Sealed values in plain text, in the order of the template's fields.
pub(crate) fn open_values(
    place: Place,
    sealed: &[u8],
    template: &Template,
    keys: &Keyring,
) -> Result<Vec<Pii>, Fault> {
    let values = apart(&keys.open_text(place, sealed)?);
    if values.len() != template.fields.len() {
        let Place { table, row, column } = place;
        return Err(Fault::new(format!("{table}.{column} of row {row} does not fit its template")));
    }
    Ok(values)
}

fn apart(joined: &str) -> Vec<Pii> {
    joined.split(SEPARATOR).map(Pii::new).collect()
}

impl Template {
    /// Checks what was given for the fields, by their names; a field that is absent has its default. Else the
    /// rules that are broken, by the names of the fields.
    ///
    /// A payer's browser sends every field of a form, and cannot leave one out: what is empty there was left
    /// empty. A program that fills in an invoice can: it is also told of a field with a default that it sends
    /// empty ([`Rule::Emptied`]), and of one that the template does not have ([`Rule::Unknown`]).
    pub fn fill(&self, given: &BTreeMap<String, String>) -> Result<FieldValues, BTreeMap<String, Rule>> {
        let by_program = self.key.kind == TemplateKind::Invoice;
        let (mut values, mut broken) = (Vec::new(), BTreeMap::new());
        for field in &self.fields {
            let sent = given.get(&field.name).map(|value| value.trim());
            let value = sent.or(field.default.as_deref().map(str::trim)).unwrap_or_default();
            let is_emptied = by_program && sent == Some("") && field.default.is_some();
            match if is_emptied { Err(Rule::Emptied) } else { field.take(value) } {
                Ok(value) => values.push(value),
                Err(rule) => drop(broken.insert(field.name.clone(), rule)),
            }
        }
        let is_known = |name: &String| self.fields.iter().any(|field| field.name == *name);
        let unknown = given.keys().filter(|name| by_program && !is_known(name));
        broken.extend(unknown.map(|name| (name.clone(), Rule::Unknown)));
        if !broken.is_empty() {
            return Err(broken);
        }
        Ok(FieldValues {
            template_id: self.id,
            merchant_id: self.key.merchant_id,
            kind: self.key.kind,
            values: Pii::new(values.join(&SEPARATOR.to_string())),
        })
    }
}

impl Field {
    /// A value as it is kept.
    fn take(&self, value: &str) -> Result<String, Rule> {
        if value.is_empty() {
            return if self.required { Err(Rule::Missing) } else { Ok(String::new()) };
        }
        self.check(value).map(|()| value.to_owned())
    }

    /// The rule that a value breaks: type first, then lengths, then the pattern.
    pub fn check(&self, value: &str) -> Result<(), Rule> {
        let length = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
        // Before anything looks at every character.
        let max = self.max_length.unwrap_or(VALUE_CHARS_MAX);
        let is_long = length > max;
        if length > VALUE_CHARS_MAX {
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
