//! Request bodies as bytes, with the limits that hold for every call.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};

/// The largest request body, in bytes.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyFault {
    /// Larger than [`BODY_BYTES_MAX`].
    #[error("the request is larger than 256 KiB")]
    TooLarge,
    /// Compressed or otherwise encoded.
    #[error("an encoded request body is not accepted")]
    Encoded,
    /// The connection broke off.
    #[error("the request ended early")]
    Broken,
}

/// Reads the whole body of a request, exactly as sent.
///
/// # Errors
/// See [`BodyFault`].
pub async fn read_body(request: Request) -> Result<Bytes, BodyFault> {
    let (parts, body) = request.into_parts();
    let encoding = parts.headers.get(CONTENT_ENCODING);
    if encoding.is_some_and(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(BodyFault::Encoded);
    }
    let announced =
        parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > BODY_BYTES_MAX))
    {
        return Err(BodyFault::TooLarge);
    }
    read_limited(body).await
}

async fn read_limited(body: Body) -> Result<Bytes, BodyFault> {
    match axum::body::to_bytes(body, BODY_BYTES_MAX).await {
        Ok(bytes) => Ok(bytes),
        Err(error) if is_length_limit(&error) => Err(BodyFault::TooLarge),
        Err(_) => Err(BodyFault::Broken),
    }
}

fn is_length_limit(error: &axum::Error) -> bool {
    let source = std::error::Error::source(error);
    source.is_some_and(|source| source.is::<http_body_util::LengthLimitError>())
}
