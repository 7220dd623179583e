//! `POST /link/create`: a merchant's program asks for a payment link.

use axum::extract::{Request as HttpRequest, State};
use axum::response::Response;
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::domain::create::Made;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::refusal::Fault;
use serde::Serialize;

use super::forms;
use super::notified::{Notification, notifications};
use super::request::{self, Request};
use super::shown::LinkBody;
use crate::door::Door;
use crate::paytm::codes::{No, SUCCESS};
use crate::paytm::envelope::{Answers, ResultInfo, open};
use crate::shared::body::read_body;

/// The body of the answer to a create (specs, part 3, "Response body").
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

/// Carries a call out; `answers` learns on the way what may be repeated and who is asking.
async fn call(door: &Door, request: HttpRequest, answers: &mut Answers<'_>) -> Result<Answer, No> {
    let bytes = read_body(request).await?;
    let envelope = open(&bytes)?;
    let (account, _admitted) = answers.let_in(&envelope).await?;
    let merchant = &account.merchant;
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
    Ok(Answer {
        result_info: ResultInfo::success(SUCCESS),
        link: LinkBody::of(door, &made.link, request_id)?.just_made(),
        notification_details: notifications(door, &made.notices, contact),
    })
}
