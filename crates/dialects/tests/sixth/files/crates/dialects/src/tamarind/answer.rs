//! Every answer: the pod, or `{"worm": {"code": …, "says": …}}`.

use axum::Json;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::codes::{NO_SUCH_METHOD, No};
use super::pod::Pod;

#[derive(Serialize)]
struct Failure {
    worm: Worm,
}

#[derive(Serialize)]
struct Worm {
    code: &'static str,
    says: String,
}

/// The answer to a call.
pub(super) fn answer(outcome: Result<Pod, No>) -> Response {
    match outcome {
        Ok(pod) => Json(pod).into_response(),
        Err(no) => no.into_response(),
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let worm = Worm { code: self.code, says: self.says.into_owned() };
        let mut response = (self.status, Json(Failure { worm })).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// An address with another method.
pub(super) async fn method_not_allowed() -> Response {
    No::from(NO_SUCH_METHOD).into_response()
}
