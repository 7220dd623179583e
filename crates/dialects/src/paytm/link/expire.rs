//! `POST /link/expire`: a merchant's program ends a link.

use axum::extract::{Request as HttpRequest, State};
use axum::response::Response;
use kadi_engine::command::Failure;
use kadi_engine::commands::cancel_link::CancelLink;
use kadi_engine::commands::create_link::Once;
use kadi_engine::domain::link::Link;
use kadi_engine::domain::refusal::{Fault, Refusal};
use serde::Serialize;

use super::named::find;
use super::shown::LinkBody;
use crate::door::Door;
use crate::paytm::codes::{LINK_ID_EMPTY, NOT_FOUND, No, SUCCESS};
use crate::paytm::envelope::{Answers, ResultInfo, open};
use crate::shared::body::read_body;

/// The body of the answer (specs, part 6).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    result_info: ResultInfo,
    #[serde(flatten)]
    link: LinkBody,
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
    let face = find(door, &account.merchant, &envelope.body, LINK_ID_EMPTY).await?;
    let request_id = envelope.body.line("merchantRequestId", 64)?;
    let link = end(door, &face.link).await?;
    Ok(Answer { result_info: ResultInfo::success(SUCCESS), link: LinkBody::of(door, &link, request_id)? })
}

/// The link, which takes no payment any more. To ask for what is so already is no mistake.
async fn end(door: &Door, link: &Link) -> Result<Link, No> {
    let command =
        CancelLink { merchant_id: link.merchant_id, link_id: link.id, idempotency: None, also: Vec::new() };
    match door.engine.submit(command).await {
        Ok(Once::Done(link)) => Ok(*link),
        Ok(Once::Replayed(_)) => Err(Fault::new("a cancel without a key was replayed").into()),
        Err(Failure::Refused(Refusal::LinkExpired | Refusal::LinkCancelled | Refusal::LinkCompleted)) => {
            let face = door.engine.link_face(link.id).await?;
            face.map(|face| face.link.clone()).ok_or_else(|| NOT_FOUND.into())
        }
        Err(failure) => Err(failure.into()),
    }
}
