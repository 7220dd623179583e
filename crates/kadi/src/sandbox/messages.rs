//! Every message, whatever its state.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use jiff::Timestamp as Instant;
use kadi_dialects::native::Problem;
use kadi_dialects::shared::text::indian_mobile;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::secret::Pii;
use kadi_engine::{Reader, Trouble};
use serde::{Deserialize, Serialize};

use crate::messages::Written;
use crate::worker::Worker;

/// More than a tester reads; the newest count.
const SHOWN_MAX: i64 = 10_000;

#[derive(Deserialize)]
pub(super) struct To {
    to: Option<String>,
}

#[derive(Serialize)]
pub(super) struct MessageBody {
    id: String,
    channel: &'static str,
    to: String,
    subject: String,
    text: String,
    html: String,
    link_code: String,
    state: &'static str,
    created_at: String,
}

/// `GET /sandbox/messages?to=`: newest first; `to` matches a mobile number in any of its forms, and an
/// address in any case.
pub(super) async fn list(
    State(worker): State<Arc<Worker>>,
    Query(query): Query<To>,
) -> Result<Json<Vec<MessageBody>>, Problem> {
    let index = match query.to.as_deref() {
        None => None,
        Some("") => return Err(Problem::invalid("to: a mobile number or an e-mail address")),
        Some(to) => Some(blind_index(&worker, to)?),
    };
    let door = worker.door.clone();
    let gather = move |reader: &mut Reader| {
        let messages = match &index {
            None => reader.messages(None, SHOWN_MAX)?,
            Some(Some(index)) => reader.messages(Some(index.as_slice()), SHOWN_MAX)?,
            Some(None) => Vec::new(),
        };
        let written = messages.into_iter().map(|message| Written::gather(reader, &door, message));
        written.collect::<Result<Vec<_>, Trouble>>()
    };
    let written = worker.door.engine.query(gather).await?;
    let bodies = written.iter().map(|written| show(&worker, written)).collect::<Result<Vec<_>, Fault>>()?;
    Ok(Json(bodies))
}

/// The blind index of a contact; the inner none for a text that is no contact at all.
fn blind_index(worker: &Worker, to: &str) -> Result<Option<[u8; 32]>, Fault> {
    let keys = worker.door.engine.keys();
    if to.contains('@') {
        return keys.blind("email", &to.to_lowercase()).map(Some);
    }
    // A plus sign in a query may have come as a blank.
    let mobile = indian_mobile(to.trim());
    mobile.map(|mobile| keys.blind("mobile", &mobile)).transpose()
}

fn show(worker: &Worker, written: &Written) -> Result<MessageBody, Fault> {
    let texts = written.texts(&worker.door)?;
    let message = &written.message;
    let is_mail = message.channel == kadi_engine::domain::message::ChannelKind::Email;
    let created_at = Instant::from_millisecond(message.created_at.ms());
    Ok(MessageBody {
        id: message.id.get().to_string(),
        channel: message.channel.word(),
        to: written.to().map_or("", Pii::expose).to_owned(),
        subject: if is_mail { texts.subject } else { String::new() },
        text: if is_mail { texts.text } else { texts.sms },
        html: if is_mail { texts.html } else { String::new() },
        link_code: worker.door.code(written.link.id)?,
        state: message.state.word(),
        created_at: created_at.map_err(|_| Fault::new("a time outside the calendar"))?.to_string(),
    })
}
