//! Contacts and lines of text: what is taken is in one form and hides nothing.

use kadi_dialects::native::sign::{WebhookSecret, sign};
use kadi_dialects::shared::text::{EMAIL_BYTES_MAX, has_control_or_bidi, indian_mobile, is_email, is_prose};

#[test]
fn contact_text() {
    kadi_fuzz::target!("contact_text", 2_000, |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        if let Some(mobile) = indian_mobile(text) {
            assert!(mobile.len() == 10 && mobile.bytes().all(|byte| byte.is_ascii_digit()), "{text}");
            assert_eq!(indian_mobile(&format!("+91{mobile}")), Some(mobile.clone()));
            assert!(text.ends_with(&mobile) && text.len() <= 13, "{text}");
        }
        if is_email(text) {
            assert!(text.len() <= EMAIL_BYTES_MAX && text.is_ascii(), "{text}");
            assert_eq!(text.matches('@').count(), 1, "{text}");
            assert!(!text.contains(|c: char| c.is_whitespace() || "<>,;:()[]\\\"".contains(c)), "{text}");
            assert!(is_email(&text.to_lowercase()) && !has_control_or_bidi(text), "{text}");
        }
        assert!(has_control_or_bidi(text) || is_prose(text));
        assert_eq!(has_control_or_bidi(text), text.chars().any(|c| has_control_or_bidi(&c.to_string())));
        assert_eq!(is_prose(text), !has_control_or_bidi(&text.replace(['\n', '\r', '\t'], " ")));
        if let Ok(secret) = WebhookSecret::parse(text) {
            assert!((38..=96).contains(&text.len()), "{}", text.len());
            let signature = sign(&[secret.clone(), secret], "evt", 1, text);
            let (one, other) = signature.split_once(' ').unwrap();
            assert!(one == other && one.starts_with("v1,") && one.len() == 47, "{signature}");
        }
    });
}
