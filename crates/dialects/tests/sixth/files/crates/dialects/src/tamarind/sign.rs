//! Tamarind's signatures: HMAC-SHA256 in hex over lines of text, the same for calls and for what is told.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use kadi_domain::refusal::Fault;
use sha2::Sha256;

/// The farm that calls.
pub(super) const FARM_HEADER: &str = "tamarind-farm";
/// When it was signed, in seconds since 1970.
pub(super) const TIME_HEADER: &str = "tamarind-time";
/// The signature.
pub(super) const SIGNATURE_HEADER: &str = "tamarind-signature";

/// The signature of these parts, joined by line feeds.
pub(super) fn sign(secret: &str, parts: &[&[u8]]) -> Result<String, Fault> {
    Ok(HEXLOWER.encode(&keyed(secret, parts)?.finalize().into_bytes()))
}

/// Is it their signature? Compares in constant time.
pub(super) fn verify(secret: &str, parts: &[&[u8]], signature: &str) -> Result<bool, Fault> {
    let Ok(signature) = HEXLOWER.decode(signature.as_bytes()) else { return Ok(false) };
    Ok(keyed(secret, parts)?.verify_slice(&signature).is_ok())
}

fn keyed(secret: &str, parts: &[&[u8]]) -> Result<Hmac<Sha256>, Fault> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
    let mut mac = mac.map_err(|_| Fault::new("a secret that is no key"))?;
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            mac.update(b"\n");
        }
        mac.update(part);
    }
    Ok(mac)
}
