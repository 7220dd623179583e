//! Signing of Kadi's own webhooks after Standard Webhooks (github.com/standard-webhooks/standard-webhooks).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

const SECRET_PREFIX: &str = "whsec_";
const SECRET_BYTES_MIN: usize = 24;
const SECRET_BYTES_MAX: usize = 64;

/// A merchant's signing secret, 24 to 64 bytes, written `whsec_<base64>`. Only the keyed HMAC is kept,
/// never shown.
#[derive(Clone)]
pub struct WebhookSecret(Hmac<Sha256>);

/// Why a text is not a webhook secret. It never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretFault {
    /// It does not start with `whsec_`.
    #[error("a webhook secret starts with whsec_")]
    Prefix,
    /// What follows is not base64 with padding.
    #[error("a webhook secret is base64 after whsec_")]
    Base64,
    /// It decodes to fewer than 24 or more than 64 bytes.
    #[error("a webhook secret has 24 to 64 bytes")]
    Length,
}

impl WebhookSecret {
    /// Reads `whsec_<base64>`.
    ///
    /// # Errors
    /// [`SecretFault`], named after the first rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, SecretFault> {
        let encoded = text.strip_prefix(SECRET_PREFIX).ok_or(SecretFault::Prefix)?;
        let bytes = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| SecretFault::Base64)?);
        if !(SECRET_BYTES_MIN..=SECRET_BYTES_MAX).contains(&bytes.len()) {
            return Err(SecretFault::Length);
        }
        Hmac::new_from_slice(&bytes).map(Self).map_err(|_| SecretFault::Length)
    }

    fn signature(&self, id: &str, timestamp_s: i64, body: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(format!("{id}.{timestamp_s}.").as_bytes());
        mac.update(body.as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(hidden)")
    }
}

/// The value of `webhook-signature`: one signature per live secret, separated by spaces, so that a receiver
/// verifies with the old or the new one while they change.
///
/// `id` is the event's id, without a full stop; `timestamp_s` is the time of this try, in Unix seconds;
/// `body` is the text exactly as sent.
#[must_use]
pub fn sign(secrets: &[WebhookSecret], id: &str, timestamp_s: i64, body: &str) -> String {
    let signatures: Vec<String> =
        secrets.iter().map(|secret| secret.signature(id, timestamp_s, body)).collect();
    signatures.join(" ")
}

/// The three headers of a delivery.
#[must_use]
pub fn headers(
    secrets: &[WebhookSecret],
    id: &str,
    timestamp_s: i64,
    body: &str,
) -> [(&'static str, String); 3] {
    [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", timestamp_s.to_string()),
        ("webhook-signature", sign(secrets, id, timestamp_s, body)),
    ]
}
