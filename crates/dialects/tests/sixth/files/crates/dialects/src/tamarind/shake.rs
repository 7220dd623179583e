//! `POST /pods/{pod}/shake`: nobody shall pay any more.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use kadi_engine::commands::cancel_link::CancelLink;
use kadi_engine::commands::create_link::Once;
use kadi_engine::domain::refusal::Fault;

use super::answer::answer;
use super::basket;
use super::caller::authenticate;
use super::codes::{NOT_HERE, No};
use super::pod::{Pod, find};
use crate::door::Door;

/// Answers one call.
pub(super) async fn handle(
    State(door): State<Door>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    answer(call(&door, id, request).await)
}

async fn call(door: &Door, id: Result<Path<String>, PathRejection>, request: Request) -> Result<Pod, No> {
    let caller = authenticate(door, request).await?;
    basket::open(&caller.body, &[])?;
    let Path(id) = id.map_err(|_| No::from(NOT_HERE))?;
    let link = find(door, caller.merchant(), &id).await?;
    let (merchant_id, also) = (caller.merchant().id, Vec::new());
    let command = CancelLink { merchant_id, link_id: link.id, idempotency: None, also };
    match door.engine.submit(command).await? {
        Once::Done(link) => Ok(Pod::of(door, &link)?),
        Once::Replayed(_) => Err(Fault::new("a call without a key was replayed").into()),
    }
}
