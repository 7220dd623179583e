//! `/healthz`, `/readyz` and `/metrics`: is it there, does the store answer, how much waits.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kadi_engine::Reader;
use kadi_engine::engine::Engine;

const COUNTED_MAX: i64 = 100_000;

/// What the public address answers: alive, and ready in one word.
pub(crate) fn public(engine: Engine) -> Router {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(bare_ready)).with_state(engine)
}

/// What the administration address answers.
pub(crate) fn administration(engine: Engine) -> Router {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(engine)
}

async fn alive() -> &'static str {
    "ok\n"
}

/// For whoever may know only whether.
async fn bare_ready(State(engine): State<Engine>) -> (StatusCode, &'static str) {
    match engine.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
    }
}

/// For operators, with the reason.
async fn ready(State(engine): State<Engine>) -> (StatusCode, String) {
    match engine.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n".to_owned()),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {reason}\n")),
    }
}

/// Prometheus' text format; numbers only, no one's data.
async fn metrics(State(engine): State<Engine>) -> Response {
    let (now, real_now) = (engine.now(), engine.real_now());
    let due = engine.query(move |reader: &mut Reader| reader.due_jobs(now, real_now, COUNTED_MAX)).await;
    let Ok(due) = due else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let oldest_s = due.iter().map(|job| now.seconds() - job.due_at.seconds()).max().unwrap_or(0);
    let counts = engine.counts();
    let text = format!(
        "# HELP kadi_jobs_due Jobs that are due and that no worker has.\n# TYPE kadi_jobs_due gauge\n\
         kadi_jobs_due {}\n\
         # HELP kadi_jobs_due_oldest_seconds How long the oldest of them has been due.\n\
         # TYPE kadi_jobs_due_oldest_seconds gauge\nkadi_jobs_due_oldest_seconds {oldest_s}\n\
         # HELP kadi_batches_total Batches of commands that were carried out, one commit each.\n\
         # TYPE kadi_batches_total counter\nkadi_batches_total {}\n\
         # HELP kadi_batch_commands_total Commands in them.\n\
         # TYPE kadi_batch_commands_total counter\nkadi_batch_commands_total {}\n",
        due.len(),
        counts.batches,
        counts.commands
    );
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
