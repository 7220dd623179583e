//! `notificationDetails`: what became of each message that a call asks for.

use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::message::Notice;
use kadi_engine::domain::secret::Pii;
use serde::Serialize;

use crate::door::Door;

/// One channel that was asked for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Notification {
    customer_name: String,
    contact: String,
    notify_status: &'static str,
    timestamp: String,
}

/// One entry for each notice, in order. SUCCESS means accepted for sending; FAILED, known to be impossible.
pub(super) fn notifications(door: &Door, notices: &[Notice], contact: &Contact) -> Vec<Notification> {
    let text = |value: Option<&Pii>| value.map(|pii| pii.expose().to_owned()).unwrap_or_default();
    let timestamp = door.engine.now().seconds().to_string();
    let one = |notice: &Notice| {
        let (channel, notify_status) = match notice {
            Notice::Accepted(channel) => (channel, "SUCCESS"),
            Notice::Impossible(channel) => (channel, "FAILED"),
        };
        let (customer_name, contact) = (text(contact.name.as_ref()), text(contact.of_channel(*channel)));
        Notification { customer_name, contact, notify_status, timestamp: timestamp.clone() }
    };
    notices.iter().map(one).collect()
}
