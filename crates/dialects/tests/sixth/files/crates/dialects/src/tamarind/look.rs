//! `GET /pods/{pod}`: how a pod is.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;

use super::answer::answer;
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
    let Path(id) = id.map_err(|_| No::from(NOT_HERE))?;
    Ok(Pod::of(door, &find(door, caller.merchant(), &id).await?)?)
}
