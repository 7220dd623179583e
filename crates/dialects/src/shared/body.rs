//! Request bodies as bytes, with the limits that hold for every call.

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::CONTENT_ENCODING;
use http_body_util::BodyExt as _;

/// The largest request body, in bytes.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// So much of a body that is not accepted is read and thrown away.
const DRAINED_BYTES_MAX: usize = 16 * 1024 * 1024;

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
/// A body that is not accepted is read to its end all the same, up to a limit: a client that still writes
/// when the connection closes would never see the answer.
///
/// # Errors
/// See [`BodyFault`].
pub async fn read_body(request: Request) -> Result<Bytes, BodyFault> {
    let (parts, mut body) = request.into_parts();
    let encoding = parts.headers.get(CONTENT_ENCODING);
    let is_encoded = encoding.is_some_and(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    let (mut bytes, mut seen) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyFault::Broken)?.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > DRAINED_BYTES_MAX {
            return Err(BodyFault::TooLarge);
        }
        if !is_encoded && seen <= BODY_BYTES_MAX {
            bytes.extend_from_slice(&data);
        }
    }
    match (is_encoded, seen > BODY_BYTES_MAX) {
        (true, _) => Err(BodyFault::Encoded),
        (false, true) => Err(BodyFault::TooLarge),
        (false, false) => Ok(bytes.into()),
    }
}
