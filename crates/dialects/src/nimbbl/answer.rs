//! What every answer looks like: the object of the call with HTTP 200, or `{"error": {…}}` with its status.

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::codes::{self, CONSUMER_MESSAGE, No};

#[derive(Serialize)]
struct Failure {
    error: Error,
}

#[derive(Serialize)]
struct Error {
    nimbbl_error_code: &'static str,
    nimbbl_consumer_message: &'static str,
    nimbbl_merchant_message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// The answer to a call.
pub(super) fn answer<T: Serialize>(outcome: Result<T, No>) -> Response {
    match outcome {
        Ok(body) => Json(body).into_response(),
        Err(no) => no.into_response(),
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let Self { status, code, message, detail } = self;
        let error = Error {
            nimbbl_error_code: code,
            nimbbl_consumer_message: CONSUMER_MESSAGE,
            nimbbl_merchant_message: message,
            detail,
        };
        let mut response = (status, Json(Failure { error })).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// An address with another method.
pub(super) async fn method_not_allowed() -> Response {
    codes::method_not_allowed().into_response()
}
