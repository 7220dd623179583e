//! `POST /link/resendNotification`: a merchant's program sends a link again.

use axum::extract::{Request as HttpRequest, State};
use axum::response::Response;
use kadi_engine::commands::resend_link::ResendLink;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::message::{ChannelKind, Notice};
use kadi_engine::domain::resend::Resend;
use serde::Serialize;

use super::members;
use super::named::{check_active, find};
use super::notified::{Notification, notifications};
use super::shown::LinkBody;
use crate::door::Door;
use crate::paytm::codes::{LINK_ID_EMPTY, No, SUCCESS};
use crate::paytm::envelope::{Answers, ResultInfo, open};
use crate::shared::body::read_body;

/// The body of the answer (specs, part 7).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    result_info: ResultInfo,
    #[serde(flatten)]
    link: LinkBody,
    notification_details: Vec<Notification>,
}

/// Answers one call.
pub(crate) async fn handle(State(door): State<Door>, request: HttpRequest) -> Response {
    let mut answers = Answers::new(&door);
    let answer = call(&door, request, &mut answers).await;
    answers.answer_to(answer)
}

async fn call(door: &Door, request: HttpRequest, answers: &mut Answers<'_>) -> Result<Answer, No> {
    let bytes = read_body(request).await?;
    let envelope = open(&bytes)?;
    let (account, _admitted) = answers.let_in(&envelope).await?;
    let body = &envelope.body;
    let face = find(door, &account.merchant, body, LINK_ID_EMPTY).await?;
    check_active(door, &face)?;
    let request_id = body.line("merchantRequestId", 64)?;
    let asked = members::channels(body)?;
    if asked.is_empty() {
        return Err(No::field("sendSms"));
    }
    // Whoever is named is written to, and nobody else: not the customer where a contact is left out.
    let other = Some(members::contact(body, "notifyContact")?).filter(|contact| !contact.is_empty());
    let known = face.customer.as_ref().map(|customer| customer.open(door.engine.keys())).transpose()?;
    let contact = other.clone().or(known).unwrap_or_default();
    let (channels, notices) = possible(door, &asked, &contact);
    if !channels.is_empty() {
        let asked = Resend { channels, to: other, resends_max: None };
        let (merchant_id, link_id) = (account.merchant.id, face.link.id);
        door.engine.submit(ResendLink { merchant_id, link_id, asked, mark: None }).await?;
    }
    Ok(Answer {
        result_info: ResultInfo::success(SUCCESS),
        link: LinkBody::of(door, &face.link, request_id)?,
        notification_details: notifications(door, &notices, &contact),
    })
}

/// The channels that are set up and have a contact, and what is to be said of each that was asked for.
fn possible(door: &Door, asked: &[ChannelKind], contact: &Contact) -> (Vec<ChannelKind>, Vec<Notice>) {
    let is_possible =
        |channel: ChannelKind| contact.of_channel(channel).is_some() && door.engine.setup().has(channel);
    let channels: Vec<_> = asked.iter().copied().filter(|channel| is_possible(*channel)).collect();
    let notice = |channel: &ChannelKind| match channels.contains(channel) {
        true => Notice::Accepted(*channel),
        false => Notice::Impossible(*channel),
    };
    let notices = asked.iter().map(notice).collect();
    (channels, notices)
}
