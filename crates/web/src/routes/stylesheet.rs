//! The one stylesheet, under a name of its content.

use axum::http::header;
use axum::response::IntoResponse;

use crate::STYLESHEET;

/// The stylesheet, which browsers may keep for ever.
pub(super) async fn serve() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        // The path changes with the content.
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, STYLESHEET)
}
