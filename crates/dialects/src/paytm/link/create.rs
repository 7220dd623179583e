//! `POST /link/create`: a merchant's program asks for a payment link.

use axum::extract::{Request, State};
use axum::response::Response;
use kadi_engine::command::Failure;
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::domain::create::Made;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::link::LinkKind;
use kadi_engine::domain::message::{ChannelKind, Notice};
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::secret::Pii;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{request, splits};
use crate::door::Door;
use crate::paytm::caller::{Caller, authenticate};
use crate::paytm::codes::{No, SUCCESS};
use crate::paytm::envelope::{Answers, Echo, Envelope, EnvelopeFault, ResultInfo, open, raw_number};
use crate::shared::body::read_body;
use crate::shared::ist::ist_text;
use crate::shared::js::js_number;

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
    amount: Option<Box<RawValue>>,
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
pub(crate) async fn handle(State(door): State<Door>, request: Request) -> Response {
    let unknown = Answers { door: &door, echo: Echo::default(), key: None };
    let bytes = match read_body(request).await {
        Ok(bytes) => bytes,
        Err(fault) => return unknown.unreadable(EnvelopeFault::from(fault)),
    };
    let envelope = match open(&bytes) {
        Ok(envelope) => envelope,
        Err(fault) => return unknown.unreadable(fault),
    };
    let echo = Echo::of(&envelope.head);
    let caller = match authenticate(&door, &envelope, echo.client_id()).await {
        Ok(caller) => caller,
        Err(no) => return Answers { door: &door, echo, key: None }.no(no),
    };
    let answers = Answers { door: &door, echo, key: Some(&caller.key) };
    match create(&door, &caller, &envelope).await {
        Ok(answer) => answers.body(&answer),
        Err(Halt::No(no)) => answers.no(no),
        Err(Halt::Overloaded(no)) => answers.overloaded(no),
    }
}

enum Halt {
    No(No),
    Overloaded(No),
}

impl<N: Into<No>> From<N> for Halt {
    fn from(no: N) -> Self {
        Self::No(no.into())
    }
}

async fn create(door: &Door, caller: &Caller, envelope: &Envelope<'_>) -> Result<Answer, Halt> {
    let Caller { merchant, .. } = caller;
    let draft = request::read(&envelope.body, merchant, door.engine.now(), door.engine.setup().sandbox)?;
    splits::check(door, merchant, draft.children()).await?;
    let request = draft.finish()?;
    let (request_id, contact) = (request.request_id, request.new.contact.clone());
    let command = CreateLink { merchant_id: merchant.id, new: request.new, idempotency: None };
    match door.engine.submit(command).await {
        Ok(Once::Done(made)) => {
            answer(door, &made, request_id, &contact).map_err(|fault| Failure::Broken(fault).into())
        }
        Ok(Once::Replayed(_)) => {
            Err(Failure::Broken(Fault::new("a create without a key was replayed")).into())
        }
        Err(failure @ (Failure::Busy | Failure::Unavailable)) => Err(Halt::Overloaded(failure.into())),
        Err(failure) => Err(failure.into()),
    }
}

fn answer(door: &Door, made: &Made, request_id: Option<String>, contact: &Contact) -> Result<Answer, Fault> {
    let link = &made.link;
    let date = |ms| ist_text(ms).ok_or_else(|| Fault::new("a date outside the calendar"));
    let short_url = door.page_url(link.id)?;
    let end = link.expires_at.ok_or_else(|| Fault::new("a link of this dialect without an expiry"))?;
    Ok(Answer {
        result_info: ResultInfo::success(SUCCESS),
        link_id: link.id.get(),
        merchant_request_id: request_id,
        link_type: link_type(link.kind),
        long_url: format!("{}/l/{}/{}", door.public_url, link.name.replace(' ', "%20"), door.code(link.id)?),
        merchant_html: format!("<a href=\"{short_url}\" target=\"_blank\" rel=\"noopener\">Pay now</a>"),
        short_url,
        amount: link.amount.and_then(|amount| raw_number(js_number(amount.get()))),
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
            ChannelKind::Sms => &contact.mobile,
            ChannelKind::Email => &contact.email,
        };
        let (customer_name, contact) = (text(&contact.name), text(to));
        Notification { customer_name, contact, notify_status, timestamp: timestamp.clone() }
    };
    made.notices.iter().map(one).collect()
}
