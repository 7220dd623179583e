//! A request from its text, for a router in this process.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, Uri};
use kadi_fuzz::RequestText;

/// The request, if it is one that an HTTP server would take; `known` are words in braces that stand for
/// others.
pub(super) fn request(bytes: &[u8], known: &[(&str, String)]) -> Option<Request<Body>> {
    let text = RequestText::read(bytes, known)?;
    let address = text.address.parse::<Uri>().ok().filter(|uri| uri.path().starts_with('/'))?;
    let mut builder = Request::builder().method(Method::from_bytes(text.method).ok()?).uri(address);
    for (name, value) in text.headers {
        builder = builder.header(HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?);
    }
    builder.body(Body::from(text.body.to_owned())).ok()
}
