//! Openings: a machine is known however its header is written, and a header that says nothing counts.

use axum::http::{HeaderMap, HeaderValue, Method, header};
use kadi_web::counts_as_opening;

fn by(name: &'static str, value: &[u8]) -> Option<HeaderMap> {
    let value = HeaderValue::from_bytes(value).ok()?;
    Some(HeaderMap::from_iter([(header::HeaderName::from_static(name), value)]))
}

#[test]
fn page_opening() {
    kadi_fuzz::target!("page_opening", 2_000, |bytes: &[u8]| {
        let Some(agent) = by("user-agent", bytes) else { return };
        let counts = counts_as_opening(&Method::GET, &agent);
        assert!(!counts_as_opening(&Method::HEAD, &agent));
        let louder = by("user-agent", &bytes.to_ascii_uppercase()).unwrap();
        assert_eq!(counts_as_opening(&Method::GET, &louder), counts);
        // Behind another name only a machine's own name counts, not an app's.
        let framed = by("user-agent", &[b"Mozilla/5.0 (", bytes, b") Googlebot/2.1"].concat()).unwrap();
        assert!(!counts_as_opening(&Method::GET, &framed));
        let browser = by("user-agent", &[b"Mozilla/5.0 (", bytes, b")"].concat()).unwrap();
        assert!(!counts || counts_as_opening(&Method::GET, &browser));
        for name in ["sec-purpose", "purpose", "x-purpose", "x-moz"] {
            let purpose = by(name, bytes).unwrap();
            let lower = bytes.to_ascii_lowercase();
            let is_ahead = [&b"prefetch"[..], b"prerender", b"preview"]
                .iter()
                .any(|word| lower.windows(word.len()).any(|part| part == *word));
            assert_eq!(counts_as_opening(&Method::GET, &purpose), !is_ahead);
        }
    });
}
