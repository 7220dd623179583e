//! Kadi's own webhook: Standard Webhooks, signed with every live secret of the merchant.

use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::time::{HOUR_MS, MINUTE_MS, SECOND_MS};

use super::events::event_data;
use super::links::Shown;
use super::settings::{DIALECT, WEBHOOK_SECRET};
use super::show::show_event;
use super::sign::{WebhookSecret, headers};
use crate::door::Door;
use crate::telling::{Call, Telling};

/// When a webhook is tried again: ten tries over more than 76 hours, also with a tenth of jitter
/// (DECISIONS.md).
pub(crate) const DELAYS_MS: [i64; 9] = [
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    6 * HOUR_MS,
    12 * HOUR_MS,
    16 * HOUR_MS,
    24 * HOUR_MS,
    24 * HOUR_MS,
];

/// The call that carries a delivery.
pub(crate) fn tell(door: &Door, telling: &Telling) -> Result<Call, Fault> {
    let shown = Shown {
        link: telling.link.clone(),
        contact: telling.contact.clone(),
        references: telling.references.clone(),
        extras: telling.extras.clone(),
        invoice: telling.invoice.clone(),
    };
    let about = (telling.payment.as_ref(), telling.refund.as_ref());
    let data = event_data(door, &telling.event, &shown, about)?;
    let body = serde_json::to_string(&show_event(&telling.event, false, data)?)
        .map_err(|error| Fault::new(format!("a webhook could not be written: {error}")))?;
    let mut secrets = Vec::new();
    for credential in &telling.credentials {
        if credential.dialect == DIALECT && credential.slot == WEBHOOK_SECRET && credential.is_live() {
            let text = credential.open(door.engine.keys())?;
            secrets.push(WebhookSecret::parse(text.expose()).map_err(|fault| Fault::new(fault.to_string()))?);
        }
    }
    // Without a secret nobody could tell a real webhook from a forged one.
    if secrets.is_empty() {
        return Err(Fault::new("the merchant has no live webhook secret"));
    }
    let id = telling.event.id.get().to_string();
    let headers = headers(&secrets, &id, door.engine.real_now().seconds(), &body);
    Ok(Call { content_type: "application/json", headers: headers.into(), body })
}
