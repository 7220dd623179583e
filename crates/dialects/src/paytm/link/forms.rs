//! `templateId`: a form of the merchant's that the payer fills in (specs, part 3).

use kadi_engine::domain::merchant::{Feature, Merchant};
use kadi_engine::domain::template::{TemplateKey, TemplateKind};

use crate::door::Door;
use crate::paytm::codes::{FORMS_NOT_ALLOWED, No};
use crate::shared::fields::Fields;

/// The longest number of a template, in characters.
const NUMBER_CHARS_MAX: usize = 64;

/// The number of the form that is asked for; 5022 where the merchant may have none or has no such.
pub(super) async fn find(door: &Door, merchant: &Merchant, body: &Fields<'_>) -> Result<Option<String>, No> {
    let number = body.number_or_text("templateId")?.filter(|number| !number.trim().is_empty());
    let Some(number) = number else { return Ok(None) };
    if !merchant.features.contains(&Feature::Forms) || number.chars().count() > NUMBER_CHARS_MAX {
        return Err(FORMS_NOT_ALLOWED.into());
    }
    let key = TemplateKey { merchant_id: merchant.id, kind: TemplateKind::Form, number };
    let asked = key.clone();
    match door.engine.query(move |reader| reader.newest_template(&asked)).await? {
        Some(_) => Ok(Some(key.number)),
        None => Err(FORMS_NOT_ALLOWED.into()),
    }
}
