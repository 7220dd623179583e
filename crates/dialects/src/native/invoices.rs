//! `invoice` of a link: the fields of one of the merchant's invoice templates.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use kadi_engine::domain::fields::{FieldValues, Rule};
use kadi_engine::domain::id::{LinkId, MerchantId};
use kadi_engine::domain::invoice::{Invoice, invoice_number};
use kadi_engine::domain::template::{TemplateKey, TemplateKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::Problem;
use crate::door::Door;

/// The most fields that a template can have.
const FIELDS_MAX: usize = 50;
/// The longest name of a field and number of a template, in characters.
const NAME_CHARS_MAX: usize = 64;

/// An invoice to be drawn from one of the merchant's templates.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvoiceBody {
    /// The template's number in the template file; the link keeps the version that is the newest now.
    pub template: String,
    /// The values by the names of the template's fields. A field that is left out has its default.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

/// The invoice of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct InvoiceBody {
    /// Its number, of which no two links have the same.
    pub number: String,
    /// The number of its template.
    pub template: String,
    /// The version of the template that the link was made with.
    pub version: i64,
    /// The values by the names of all fields of that version; empty where nothing was given.
    pub fields: BTreeMap<String, String>,
}

/// The newest version of the template that is asked for, filled in.
pub(super) async fn drawn(
    door: &Door,
    merchant_id: MerchantId,
    asked: NewInvoiceBody,
) -> Result<(FieldValues, Invoice), Problem> {
    let NewInvoiceBody { template: number, fields } = asked;
    if fields.len() > FIELDS_MAX {
        return Err(Problem::invalid(format!("invoice.fields: at most {FIELDS_MAX}")));
    }
    if fields.keys().any(|name| name.chars().count() > NAME_CHARS_MAX) {
        return Err(Problem::invalid(format!(
            "invoice.fields: a name has at most {NAME_CHARS_MAX} characters"
        )));
    }
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if number.len() > NAME_CHARS_MAX || !number.bytes().all(letter) {
        return Err(unknown());
    }
    let key = TemplateKey { merchant_id, kind: TemplateKind::Invoice, number };
    let found = door.engine.query(move |reader| reader.newest_template(&key)).await?;
    let template = found.ok_or_else(unknown)?;
    let values = template.fill(&fields).map_err(broken)?;
    let invoice = Invoice::new(template, &values)?;
    Ok((values, invoice))
}

/// Shows the invoice of a link.
pub(super) fn show_invoice(link: LinkId, invoice: &Invoice) -> InvoiceBody {
    let template = invoice.template();
    let fields = invoice.fields().map(|(field, value)| (field.name.clone(), value.to_owned()));
    InvoiceBody {
        number: invoice_number(link),
        template: template.key.number.clone(),
        version: template.version,
        fields: fields.collect(),
    }
}

/// The merchant has no such template.
pub(super) fn unknown() -> Problem {
    let problem = Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "template_unknown",
        "The merchant has no such template",
    );
    problem.detail("invoice.template: none of the merchant's invoice templates has this number")
}

/// The values break rules of the template.
fn broken(rules: BTreeMap<String, Rule>) -> Problem {
    let problem =
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invoice_fields_invalid", "The invoice is not valid");
    problem.fields(rules.into_iter().map(|(name, rule)| (name, rule_text(rule))).collect())
}

/// What is wrong with the value of a field, in a few words for a developer.
pub fn rule_text(rule: Rule) -> String {
    match rule {
        Rule::Missing => "missing".to_owned(),
        Rule::Emptied => "empty; left out, it has its default".to_owned(),
        Rule::Unknown => "the template has no such field".to_owned(),
        Rule::Hidden => "control or direction characters".to_owned(),
        Rule::Number => "not a number".to_owned(),
        Rule::Date => "not a date such as 2026-11-21".to_owned(),
        Rule::Choice => "not one of the choices".to_owned(),
        Rule::Email => "not an e-mail address".to_owned(),
        Rule::Mobile => "not an Indian mobile number".to_owned(),
        Rule::Amount => "not an amount".to_owned(),
        Rule::Shorter(least) => format!("shorter than {least} characters"),
        Rule::Longer(most) => format!("longer than {most} characters"),
        Rule::Pattern => "does not match the pattern".to_owned(),
    }
}
