//! The envelope of every answer: `{"code":200,"message":"success","data":{…}}`, or code, errorCode, message.

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::codes::{self, No};

#[derive(Serialize)]
struct Success<T> {
    code: u16,
    message: &'static str,
    data: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    code: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<u16>,
    message: String,
}

/// The answer to a call.
pub(super) fn answer<T: Serialize>(outcome: Result<T, No>) -> Response {
    match outcome {
        Ok(data) => Json(Success { code: 200, message: "success", data }).into_response(),
        Err(no) => no.into_response(),
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let Self { status, code, error_code, message } = self;
        let body = Failure { code, error_code, message: message.into_owned() };
        let mut response = (status, Json(body)).into_response();
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
