//! The response headers that every page of the payer is served with.

use axum::http::{HeaderName, HeaderValue, header};

use crate::lang::Lang;

/// Nothing but the own stylesheet, the icon inside the page and forms to this server: no script, no frame, no
/// third party. Browsers apply `form-action` to redirects too, so a form's answer must never redirect to a
/// merchant's site; it shows a page ([`crate::returning`]) that leads there.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of a PDF file: what browsers that show one need for their own frame around it, no more.
pub(crate) const POLICY_OF_FILES: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; \
     form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of the page that waits for the bank: its script follows the payment on this server.
pub(crate) fn policy_following() -> String {
    format!("{CONTENT_SECURITY_POLICY}; script-src 'self'; connect-src 'self'")
}

/// The policy of a page with a form that is posted to `origin` (scheme, host and port).
pub(crate) fn policy_posting_to(origin: &str) -> String {
    CONTENT_SECURITY_POLICY.replace("form-action 'self'", &format!("form-action 'self' {origin}"))
}

/// After how many seconds a page that waits for the bank asks again.
pub const PENDING_REFRESH_S: u32 = 10;

/// The headers of a page in `lang`: what it is, what it may load, and that nobody keeps, frames, indexes or
/// names it.
///
/// The page's address is a capability, hence `no-referrer`; a form on it is then sent with `Origin: null`.
pub fn page_headers(lang: Lang) -> [(HeaderName, HeaderValue); 9] {
    let fixed = HeaderValue::from_static;
    [
        (header::CONTENT_TYPE, fixed("text/html; charset=utf-8")),
        (header::CONTENT_LANGUAGE, fixed(lang.tag())),
        (header::CONTENT_SECURITY_POLICY, fixed(CONTENT_SECURITY_POLICY)),
        (header::REFERRER_POLICY, fixed("no-referrer")),
        (header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff")),
        (header::X_FRAME_OPTIONS, fixed("DENY")),
        (header::CACHE_CONTROL, fixed("no-store")),
        (header::VARY, fixed("accept-language")),
        (HeaderName::from_static("x-robots-tag"), fixed("noindex, nofollow")),
    ]
}
