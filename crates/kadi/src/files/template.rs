//! The template file: the fields of invoices and forms.

use std::collections::BTreeSet;

use kadi_dialects::file_fault::FileFault;
use kadi_domain::fields::{VALUE_CHARS_MAX, whole};
use kadi_domain::template::{Field, FieldType, TemplateKind};
use regex::RegexBuilder;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::fault::{ImportFault, each};
use super::merchant_keys::{NAME_RULE, checked, checked_all, id, is_name};
use super::template_value::check_value;

/// The most fields of a template.
const FIELDS_MAX: usize = 50;
/// The most choices of a field.
const CHOICES_MAX: usize = 100;
/// The most memory a pattern may take when it is compiled, in bytes.
const PATTERN_BYTES_MAX: usize = 262_144;

type Text = Spanned<String>;

/// A template as the file says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TemplateEntry {
    /// The `id` of its merchant's file.
    pub(crate) merchant: String,
    pub(crate) kind: TemplateKind,
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) fields: Vec<Field>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateKeys {
    merchant: Text,
    kind: Text,
    number: Text,
    name: Text,
    field: Spanned<Vec<FieldKeys>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldKeys {
    name: Text,
    label: Text,
    r#type: Text,
    #[serde(default)]
    required: bool,
    min_length: Option<Spanned<i64>>,
    max_length: Option<Spanned<i64>>,
    pattern: Option<Text>,
    choices: Option<Spanned<Vec<Text>>>,
    default: Option<Text>,
}

/// Reads a template file. The faults are the first of each template.
pub(crate) fn parse_templates(text: &str) -> Result<Vec<TemplateEntry>, Vec<ImportFault>> {
    let entries = each(text, "template", |table| {
        let span = table.span();
        entry(table).map(|entry| (span, entry))
    })?;
    let mut seen = BTreeSet::new();
    for (span, entry) in &entries {
        if !seen.insert((&entry.merchant, entry.kind, &entry.number)) {
            let reason = format!("{} of {} stands twice in the file", entry.number, entry.merchant);
            let fault = FileFault::new(span.clone(), "template", reason);
            return Err(vec![ImportFault::of(fault, text)]);
        }
    }
    Ok(entries.into_iter().map(|(_, entry)| entry).collect())
}

fn entry(table: Spanned<DeTable<'_>>) -> Result<TemplateEntry, FileFault> {
    let span = table.span();
    let table = Spanned::new(span, DeValue::Table(table.into_inner()));
    let keys = TemplateKeys::deserialize(ValueDeserializer::from(table)).map_err(FileFault::of_toml)?;
    let kind = match keys.kind.as_ref().as_str() {
        "invoice" => TemplateKind::Invoice,
        "form" => TemplateKind::Form,
        _ => return Err(FileFault::new(keys.kind.span(), "kind", "is neither invoice nor form")),
    };
    Ok(TemplateEntry {
        merchant: id("merchant", &keys.merchant)?,
        kind,
        number: checked("number", &keys.number, is_number, "has 1 to 64 letters, digits, - and _")?,
        name: checked("name", &keys.name, is_name, NAME_RULE)?,
        fields: fields(&keys.field).map_err(|fault| fault.within("field"))?,
    })
}

fn fields(list: &Spanned<Vec<FieldKeys>>) -> Result<Vec<Field>, FileFault> {
    let keys: &Vec<FieldKeys> = list.as_ref();
    if keys.is_empty() || keys.len() > FIELDS_MAX {
        return Err(FileFault::new(list.span(), "", "has not between 1 and 50 fields"));
    }
    let mut names = BTreeSet::new();
    let mut fields = Vec::new();
    for keys in keys {
        if !names.insert(keys.name.as_ref()) {
            return Err(FileFault::new(keys.name.span(), "name", "stands twice in the template"));
        }
        fields.push(field(keys)?);
    }
    Ok(fields)
}

fn field(keys: &FieldKeys) -> Result<Field, FileFault> {
    let min_length = length("min_length", keys.min_length.as_ref())?;
    let max_length = length("max_length", keys.max_length.as_ref())?;
    if let (Some(min), Some(max), Some(key)) = (min_length, max_length, &keys.max_length)
        && min > max
    {
        return Err(FileFault::new(key.span(), "max_length", "is less than min_length"));
    }
    let field = Field {
        name: checked("name", &keys.name, is_number, "has 1 to 64 letters, digits, - and _")?,
        label: checked("label", &keys.label, is_name, NAME_RULE)?,
        field_type: field_type(&keys.r#type, keys.choices.as_ref())?,
        required: keys.required,
        min_length,
        max_length,
        pattern: keys.pattern.as_ref().map(pattern).transpose()?,
        default: keys.default.as_ref().map(|text| text.as_ref().clone()),
    };
    if let Some(default) = &keys.default {
        check_value(&field, default.as_ref())
            .map_err(|rule| FileFault::new(default.span(), "default", rule))?;
    }
    Ok(field)
}

fn field_type(word: &Text, choices: Option<&Spanned<Vec<Text>>>) -> Result<FieldType, FileFault> {
    let plain = match word.as_ref().as_str() {
        "choice" => return choices_of(word, choices).map(FieldType::Choice),
        "text" => FieldType::Text,
        "number" => FieldType::Number,
        "date" => FieldType::Date,
        "email" => FieldType::Email,
        "mobile" => FieldType::Mobile,
        "amount" => FieldType::Amount,
        _ => {
            let words = "is not one of text, number, date, choice, email, mobile, amount";
            return Err(FileFault::new(word.span(), "type", words));
        }
    };
    match choices {
        Some(choices) => {
            Err(FileFault::new(choices.span(), "choices", "stands beside another type than choice"))
        }
        None => Ok(plain),
    }
}

fn choices_of(word: &Text, choices: Option<&Spanned<Vec<Text>>>) -> Result<Vec<String>, FileFault> {
    let Some(choices) = choices else {
        return Err(FileFault::new(word.span(), "type", "is choice, and there are no choices"));
    };
    let texts = checked_all("choices", choices.as_ref(), is_name, NAME_RULE)?;
    let different: BTreeSet<_> = texts.iter().collect();
    if texts.is_empty() || texts.len() > CHOICES_MAX || different.len() != texts.len() {
        return Err(FileFault::new(choices.span(), "choices", "are not 1 to 100 different words"));
    }
    Ok(texts)
}

fn length(key: &str, value: Option<&Spanned<i64>>) -> Result<Option<i64>, FileFault> {
    match value {
        Some(length) if !(0..=VALUE_CHARS_MAX).contains(length.as_ref()) => {
            Err(FileFault::new(length.span(), key, "is not between 0 and 1000 characters"))
        }
        Some(length) => Ok(Some(*length.as_ref())),
        None => Ok(None),
    }
}

fn pattern(text: &Text) -> Result<String, FileFault> {
    let pattern: &String = text.as_ref();
    let built = RegexBuilder::new(&whole(pattern)).size_limit(PATTERN_BYTES_MAX).build();
    let alone = RegexBuilder::new(pattern).size_limit(PATTERN_BYTES_MAX).build();
    // Both: `a)|(b` is a pattern only with the group around it.
    match built.and(alone) {
        Ok(_) => Ok(pattern.clone()),
        Err(_) => Err(FileFault::new(text.span(), "pattern", "is no regular expression, or too large a one")),
    }
}

fn is_number(text: &str) -> bool {
    let character = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=64).contains(&text.len()) && text.bytes().all(character)
}
