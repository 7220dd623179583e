//! Get Template and Get Template Details: the merchant's invoice templates, newest versions.

use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::template::{Field, FieldType, Template, TemplateKey, TemplateKind};
use serde::Serialize;

use super::answer::yes;
use super::body::{Body, TEMPLATE_NO};
use super::caller::Caller;
use super::codes::{EXECUTED, No, TEMPLATE_DETAILS_NOT_FOUND, TEMPLATE_NOT_FOUND};
use crate::door::Door;

#[derive(Serialize)]
struct List {
    templates: Vec<Named>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    template_no: String,
    template_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Details<'a> {
    template_no: &'a str,
    template_name: &'a str,
    fields: Vec<FieldBody<'a>>,
}

/// A field; an absent limit is null, what only some types have is left out elsewhere.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FieldBody<'a> {
    name: &'a str,
    label: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    mandatory: bool,
    max_length: Option<i64>,
    default_value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    choices: Option<&'a [String]>,
}

/// Get Template: number and name of each template.
pub(super) async fn list(door: &Door, body: &Body<'_>, caller: &Caller) -> Result<String, No> {
    let _place = caller.admit(door).await?;
    body.refuse_others(&[])?;
    let merchant = caller.merchant().id;
    let mut templates = door.engine.query(move |reader| reader.templates(merchant)).await?;
    templates.retain(|template| template.key.kind == TemplateKind::Invoice);
    if templates.is_empty() {
        return Err(TEMPLATE_NOT_FOUND.into());
    }
    let named = |template: Template| Named { template_no: template.key.number, template_name: template.name };
    let templates = templates.into_iter().map(named).collect();
    Ok(yes(EXECUTED, &List { templates }, None)?)
}

/// Get Template Details: everything about one.
pub(super) async fn details(door: &Door, body: &Body<'_>, caller: &Caller) -> Result<String, No> {
    let _place = caller.admit(door).await?;
    let number = body.demanded(TEMPLATE_NO, true)?;
    let template = find(door, caller.merchant(), number).await?.ok_or(TEMPLATE_DETAILS_NOT_FOUND)?;
    body.refuse_others(&[TEMPLATE_NO])?;
    let details = Details {
        template_no: &template.key.number,
        template_name: &template.name,
        fields: template.fields.iter().map(show).collect(),
    };
    Ok(yes(EXECUTED, &details, None)?)
}

/// The newest version of the merchant's invoice template with this number.
pub(super) async fn find(door: &Door, merchant: &Merchant, number: String) -> Result<Option<Template>, No> {
    let key = TemplateKey { merchant_id: merchant.id, kind: TemplateKind::Invoice, number };
    Ok(door.engine.query(move |reader| reader.newest_template(&key)).await?)
}

fn show(field: &Field) -> FieldBody<'_> {
    let (kind, choices) = match &field.field_type {
        FieldType::Text => ("text", None),
        FieldType::Number => ("number", None),
        FieldType::Date => ("date", None),
        FieldType::Choice(choices) => ("choice", Some(choices.as_slice())),
        FieldType::Email => ("email", None),
        FieldType::Mobile => ("mobile", None),
        FieldType::Amount => ("amount", None),
    };
    FieldBody {
        name: &field.name,
        label: &field.label,
        kind,
        mandatory: field.required,
        max_length: field.max_length,
        default_value: field.default.as_deref(),
        min_length: field.min_length,
        pattern: field.pattern.as_deref(),
        choices,
    }
}
