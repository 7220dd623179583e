//! The addresses of the sandbox, who may call them, and how their bodies are read.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use kadi_dialects::native::Problem;
use kadi_dialects::shared::bearer::bearer_token;
use kadi_dialects::shared::body::read_body;
use kadi_dialects::shared::json::scan;
use kadi_dialects::shared::strict::from_slice;
use kadi_engine::domain::seal::hash_text;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{clock, log, messages, pay, refunds, stories};
use crate::worker::Worker;

/// What a tester wants to come of something.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomeBody {
    pub(super) outcome: String,
}

/// All addresses. Where `token` is given, every call must carry it.
pub(crate) fn router(worker: Arc<Worker>, token: Option<String>) -> Router {
    let token = Arc::new(token);
    Router::new()
        .route("/sandbox/pay/{code}", post(pay::pay))
        .route("/sandbox/payments/{id}/settle", post(pay::settle))
        .route("/sandbox/payments/{id}/refunds", post(refunds::choose))
        .route("/sandbox/refunds/{id}/settle", post(refunds::settle))
        .route("/sandbox/messages", get(messages::list))
        .route("/sandbox/clock", post(clock::advance))
        .route("/sandbox/stories", get(stories::list))
        .route("/sandbox/log/{code}", get(log::show))
        .layer(from_fn_with_state(token, authorize))
        .with_state(worker)
}

async fn authorize(State(token): State<Arc<Option<String>>>, request: Request, next: Next) -> Response {
    let Some(token) = token.as_ref() else { return next.run(request).await };
    // Hashes are compared, so that the time tells nothing about the token.
    if bearer_token(request.headers()).is_some_and(|sent| hash_text(sent) == hash_text(token)) {
        return next.run(request).await;
    }
    Problem::unauthorized().into_response()
}

/// A body as strict JSON of one known form.
pub(super) async fn json<T: DeserializeOwned>(request: Request) -> Result<T, Problem> {
    let body = read_body(request).await?;
    let malformed = |detail: String| {
        Problem::new(StatusCode::BAD_REQUEST, "malformed_json", "The body is not strict JSON").detail(detail)
    };
    let json = scan(&body).map_err(|fault| malformed(fault.to_string()))?;
    if !json.is_object() {
        return Err(Problem::invalid("the body is not an object"));
    }
    from_slice(&body).map_err(|error| Problem::invalid(error.to_string()))
}
