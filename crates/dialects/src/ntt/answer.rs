//! What every answer looks like: `statusCode` and `statusMessage`, the same as `responseDetails`, and what
//! the call gives (specs, part 3).

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kadi_engine::domain::refusal::Fault;
use serde::Serialize;

use super::codes::{BAD_REQUEST, Code, No};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a, T> {
    status_code: &'static str,
    status_message: &'static str,
    response_details: ResponseDetails,
    #[serde(flatten)]
    body: &'a T,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

/// The same in the form of the vendor's other APIs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResponseDetails {
    status_code: &'static str,
    message: &'static str,
    description: &'static str,
}

impl ResponseDetails {
    /// What is said with a code.
    pub(super) const fn of(code: Code, is_success: bool) -> Self {
        let message = if is_success { "SUCCESS" } else { "FAILED" };
        Self { status_code: code.code, message, description: code.text }
    }
}

/// Nothing beside the code.
#[derive(Serialize)]
struct Empty {}

/// The JSON of a "yes"; `detail` tells what the code alone does not.
pub(super) fn yes(code: Code, body: &impl Serialize, detail: Option<&str>) -> Result<String, Fault> {
    text(code, true, body, detail)
}

/// The JSON of a "no".
pub(super) fn no(no: &No) -> Result<String, Fault> {
    text(no.code, false, &Empty {}, no.detail.as_deref())
}

fn text(code: Code, is_success: bool, body: &impl Serialize, detail: Option<&str>) -> Result<String, Fault> {
    let answer = Answer {
        status_code: code.code,
        status_message: code.text,
        response_details: ResponseDetails::of(code, is_success),
        body,
        detail,
    };
    serde_json::to_string(&answer)
        .map_err(|error| Fault::new(format!("an answer could not be written: {error}")))
}

/// The response with this text; where the server is overloaded, with the word when to come back.
pub(super) fn respond(status: StatusCode, kind: &'static str, text: Result<String, Fault>) -> Response {
    let mut response = match text {
        Ok(text) => (status, [(CONTENT_TYPE, kind)], text).into_response(),
        Err(fault) => {
            tracing::error!(%fault, "a link call could not be answered");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// An address with another method.
pub(super) async fn method_not_allowed() -> Response {
    let refused = BAD_REQUEST.with("this address has no such method");
    respond(StatusCode::METHOD_NOT_ALLOWED, "application/json", no(&refused))
}
