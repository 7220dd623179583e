//! `templateFields`: what is given for the fields of a template, and the codes for what is wrong with it.

use std::collections::BTreeMap;

use kadi_engine::domain::fields::{FieldValues, Rule};
use kadi_engine::domain::template::Template;

use super::body::{Body, TEMPLATE_FIELDS};
use super::codes::{BAD_REQUEST, DEFAULT_VALUE_MISSING, No, TEMPLATE_FIELDS_MISSING};

/// The values of the invoice. Of all broken rules those about absent fields are told first, then those about
/// emptied ones, then the others; of a kind all fields by name.
pub(super) fn fill(template: &Template, body: &Body<'_>) -> Result<FieldValues, No> {
    template.fill(&given(body)?).map_err(|broken| {
        let names = |wanted: Rule| {
            let found = broken.iter().filter(|(_, rule)| **rule == wanted).map(|(name, _)| name.as_str());
            found.collect::<Vec<_>>().join(", ")
        };
        for (rule, code) in [(Rule::Missing, TEMPLATE_FIELDS_MISSING), (Rule::Emptied, DEFAULT_VALUE_MISSING)]
        {
            let names = names(rule);
            if !names.is_empty() {
                return code.with(names);
            }
        }
        let told = broken.iter().map(|(name, rule)| format!("templateFields.{name}: {}", words(*rule)));
        BAD_REQUEST.with(told.collect::<Vec<_>>().join("; "))
    })
}

/// Texts and numbers by the names of fields; none without the member.
fn given(body: &Body<'_>) -> Result<BTreeMap<String, String>, No> {
    let mut given = BTreeMap::new();
    let Some(fields) = body.object(TEMPLATE_FIELDS)? else { return Ok(given) };
    for name in fields.names() {
        if let Some(value) = fields.number_or_text(name)? {
            given.insert(name.to_owned(), value);
        }
    }
    Ok(given)
}

fn words(rule: Rule) -> String {
    match rule {
        Rule::Missing => "is missing".to_owned(),
        Rule::Emptied => "is empty".to_owned(),
        Rule::Unknown => "is no field of this template".to_owned(),
        Rule::Hidden => "must not have control characters".to_owned(),
        Rule::Number => "must be a number".to_owned(),
        Rule::Date => "must be a date such as 2026-11-21".to_owned(),
        Rule::Choice => "must be one of the choices".to_owned(),
        Rule::Email => "must be an e-mail address".to_owned(),
        Rule::Mobile => "must be an Indian mobile number".to_owned(),
        Rule::Amount => "must be an amount with at most two decimals".to_owned(),
        Rule::Shorter(min) => format!("must have at least {min} characters"),
        Rule::Longer(max) => format!("must have at most {max} characters"),
        Rule::Pattern => "does not match its pattern".to_owned(),
    }
}
