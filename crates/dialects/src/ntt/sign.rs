//! NTT DATA's signatures: HMAC-SHA512 over texts that are joined without anything between them, in
//! lower-case hex (specs, part 5).

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, KeyInit, Mac};
use kadi_domain::refusal::Fault;
use sha2::Sha512;

/// How many characters every signature has.
pub const SIGNATURE_CHARS: usize = 128;

/// A hash key of a merchant, ready to sign and to verify; only the keyed state is kept.
#[derive(Clone)]
pub struct NttKey {
    mac: Hmac<Sha512>,
}

impl std::fmt::Debug for NttKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NttKey(hidden)")
    }
}

impl NttKey {
    /// Takes the text of a request or response hash key.
    pub fn new(key: &str) -> Result<Self, Fault> {
        let mac = Hmac::new_from_slice(key.as_bytes()).map_err(|_| Fault::new("a secret that is no key"))?;
        Ok(Self { mac })
    }

    /// The signature of `parts` in this order: [`SIGNATURE_CHARS`] characters.
    pub fn sign(&self, parts: &[&str]) -> String {
        HEXLOWER.encode(&self.over(parts).finalize().into_bytes())
    }

    /// Was `signature` made over `parts` in this order? Its letters may be of either case.
    pub fn verify(&self, parts: &[&str], signature: &str) -> bool {
        let sent = HEXLOWER_PERMISSIVE.decode(signature.as_bytes());
        sent.is_ok_and(|sent| self.over(parts).verify_slice(&sent).is_ok())
    }

    fn over(&self, parts: &[&str]) -> Hmac<Sha512> {
        parts.iter().fold(self.mac.clone(), |mac, part| mac.chain_update(part))
    }
}
