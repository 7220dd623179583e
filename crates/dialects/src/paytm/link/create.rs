//! `POST /link/create`: a merchant's program asks for a payment link.

use axum::extract::{Request as HttpRequest, State};
use axum::response::Response;
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::domain::create::Made;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::link::LinkKind;
use kadi_engine::domain::message::{ChannelKind, Notice};
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::secret::Pii;
use serde::Serialize;

use super::forms;
use super::request::{self, Request};
use crate::door::Door;
use crate::paytm::caller::{Caller, authenticate};
use crate::paytm::codes::{No, SUCCESS};
use crate::paytm::envelope::{Answers, Echo, ResultInfo, open};
use crate::shared::body::read_body;
use crate::shared::ist::ist_text;
use crate::shared::js::JsNumber;

/// The body of the answer to a create (specs, part 3, "Response body").
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    result_info: ResultInfo,
    link_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_request_id: Option<String>,
    link_type: &'static str,
    long_url: String,
    short_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<JsNumber>,
    is_active: bool,
    ls_active: bool,
    link_status: &'static str,
    status: &'static str,
    expiry_date: String,
    created_date: String,
    merchant_html: String,
    notification_details: Vec<Notification>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    customer_name: String,
    contact: String,
    notify_status: &'static str,
    timestamp: String,
}

/// Answers one call.
pub(crate) async fn handle(State(door): State<Door>, request: HttpRequest) -> Response {
    let mut answers = Answers::new(&door);
    match call(&door, request, &mut answers).await {
        Ok(answer) => answers.body(&answer),
        Err(no) => answers.no(no),
    }
}

/// Carries a call out; `answers` learns on the way what may be repeated and who is asking.
async fn call(door: &Door, request: HttpRequest, answers: &mut Answers<'_>) -> Result<Answer, No> {
    let bytes = read_body(request).await?;
    let envelope = open(&bytes)?;
    answers.echo = Echo::of(&envelope.head);
    let Caller { account, key, admitted: _admitted } = authenticate(door, &envelope).await?;
    let merchant = &account.merchant;
    answers.key = Some(key);
    let form = forms::find(door, merchant, &envelope.body).await;
    let draft = request::read(&envelope.body, merchant, door.engine.now(), door.engine.setup(), form)?;
    let Request { new, request_id } = draft.finish(door, merchant).await?;
    let contact = new.contact.clone();
    let command = CreateLink { merchant_id: merchant.id, new, idempotency: None };
    match door.engine.submit(command).await? {
        Once::Done(made) => Ok(answer(door, &made, request_id, &contact)?),
        Once::Replayed(_) => Err(Fault::new("a create without a key was replayed").into()),
    }
}

fn answer(door: &Door, made: &Made, request_id: Option<String>, contact: &Contact) -> Result<Answer, Fault> {
    let link = &made.link;
    let date = |ms| ist_text(ms).ok_or_else(|| Fault::new("a date outside the calendar"));
    let code = door.code(link.id)?;
    let short_url = door.page_url_of(&code);
    let end = link.expires_at.ok_or_else(|| Fault::new("a link of this dialect without an expiry"))?;
    Ok(Answer {
        result_info: ResultInfo::success(SUCCESS),
        link_id: link.id.get(),
        merchant_request_id: request_id,
        link_type: link_type(link.kind),
        long_url: format!("{}/l/{}/{}", door.public_url, link.name.replace(' ', "%20"), code),
        merchant_html: format!("<a href=\"{short_url}\" target=\"_blank\" rel=\"noopener\">Pay now</a>"),
        short_url,
        amount: link.amount.map(|amount| JsNumber(amount.get())),
        is_active: true,
        ls_active: true,
        link_status: "ACTIVE",
        status: "ACTIVE",
        expiry_date: date(end.ms())?,
        created_date: date(link.created_at.ms())?,
        notification_details: notifications(door, made, contact),
    })
}

const fn link_type(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Fixed => "FIXED",
        LinkKind::Open => "GENERIC",
        LinkKind::Invoice => "INVOICE",
    }
}

fn notifications(door: &Door, made: &Made, contact: &Contact) -> Vec<Notification> {
    let text = |value: &Option<Pii>| value.as_ref().map(|pii| pii.expose().to_owned()).unwrap_or_default();
    let timestamp = door.engine.now().seconds().to_string();
    let one = |notice: &Notice| {
        let (channel, notify_status) = match notice {
            Notice::Accepted(channel) => (channel, "SUCCESS"),
            Notice::Impossible(channel) => (channel, "FAILED"),
        };
        let to = match channel {
            ChannelKind::Sms | ChannelKind::WhatsApp => &contact.mobile,
            ChannelKind::Email => &contact.email,
        };
        let (customer_name, contact) = (text(&contact.name), text(to));
        Notification { customer_name, contact, notify_status, timestamp: timestamp.clone() }
    };
    made.notices.iter().map(one).collect()
}
