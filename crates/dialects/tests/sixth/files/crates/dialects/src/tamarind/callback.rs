//! What Tamarind tells a merchant: a signed form, whenever a pod is eaten, shaken off or rotten.

use kadi_engine::domain::delivery::{EventSet, Subscription};
use kadi_engine::domain::event::EventKind;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::time::MINUTE_MS;
use url::form_urlencoded::Serializer;

use super::caller::live_secrets;
use super::money::price;
use super::namespaces::{BASKET, TOLD};
use super::settings::DIALECT;
use super::sign::{SIGNATURE_HEADER, TIME_HEADER, sign};
use super::state::state;
use crate::door::Door;
use crate::telling::{Call, Telling};

/// When it is told again.
pub(crate) const DELAYS_MS: [i64; 2] = [MINUTE_MS, 10 * MINUTE_MS];

/// The merchant hears of every end, at the address of its file.
pub(super) fn subscription() -> Subscription {
    let events = EventSet::of(&[EventKind::LinkCompleted, EventKind::LinkCancelled, EventKind::LinkExpired]);
    Subscription { dialect: DIALECT, form: TOLD, url: None, events }
}

/// The call that carries a delivery.
pub(crate) fn tell(door: &Door, telling: &Telling) -> Result<Call, Fault> {
    let (link, event) = (&telling.link, &telling.event);
    let basket = telling.references.iter().find(|reference| reference.namespace == BASKET);
    let body = Serializer::new(String::new())
        .append_pair("pod", &door.code(link.id)?)
        .append_pair("basket", basket.map_or("", |reference| &reference.value))
        .append_pair("state", state(link, &event.facts, event.at))
        .append_pair("eaten", &price(event.facts.captured))
        .append_pair("at", &event.at.seconds().to_string())
        .finish();
    let secrets = live_secrets(door, &telling.merchant, &telling.credentials)?;
    let secret = secrets.first().ok_or_else(|| Fault::new("the farm has no live secret to sign with"))?;
    let time = door.engine.real_now().seconds().to_string();
    let signature = sign(secret.expose(), &[time.as_bytes(), body.as_bytes()])?;
    Ok(Call {
        content_type: "application/x-www-form-urlencoded",
        headers: vec![(TIME_HEADER, time), (SIGNATURE_HEADER, signature)],
        body,
    })
}
