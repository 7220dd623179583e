//! The stylesheet and the script, under names of their content.

use axum::http::header;
use axum::response::IntoResponse;

use crate::{FOLLOW_SCRIPT, STYLESHEET};

/// The stylesheet.
pub(super) async fn stylesheet() -> impl IntoResponse {
    asset("text/css; charset=utf-8", STYLESHEET)
}

/// The script that follows a payment.
pub(super) async fn follow_script() -> impl IntoResponse {
    asset("text/javascript; charset=utf-8", FOLLOW_SCRIPT)
}

/// A file that browsers may keep for ever.
fn asset(kind: &'static str, content: &'static [u8]) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, kind),
        // The path changes with the content.
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, content)
}
