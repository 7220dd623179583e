//! The signature of the vendor's dialect, written anew from its description: SHA-256 over the text, `|` and a
//! salt, in hex, and the salt again, encrypted with AES-128-CBC under the merchant's key and a fixed IV.

use aes::Aes128;
use aes::cipher::array::Array;
use aes::cipher::{BlockModeEncrypt as _, KeyIvInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

const IV: [u8; 16] = *b"@@@@&&&&####$$$$";
const SALT: &str = "Kdi7";
const BLOCK: usize = 16;

/// Signs a text with a key of sixteen bytes.
pub(crate) fn sign(key: &[u8; BLOCK], text: &str) -> String {
    let mut plain = hex(&Sha256::digest(format!("{text}|{SALT}")));
    plain.push_str(SALT);
    let padding = BLOCK - plain.len() % BLOCK;
    let mut bytes = plain.into_bytes();
    bytes.resize(bytes.len() + padding, u8::try_from(padding).unwrap_or(0));
    let (blocks, _) = Array::slice_as_chunks_mut(&mut bytes);
    cbc::Encryptor::<Aes128>::new(key.into(), &IV.into()).encrypt_blocks(blocks);
    STANDARD.encode(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A fingerprint of bytes that must be the same again.
pub(crate) fn print(bytes: &[u8]) -> u64 {
    Sha256::digest(bytes).iter().take(8).fold(0, |so_far, byte| so_far << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_has_the_form_of_the_vendors() {
        let signature = sign(b"0123456789abcdef", "{}");
        assert_eq!(signature.len(), 108);
        assert_ne!(signature, sign(b"0123456789abcdeF", "{}"));
        assert_ne!(signature, sign(b"0123456789abcdef", "{ }"));
    }

    #[test]
    fn a_fingerprint_is_the_start_of_the_hash() {
        // FIPS 180-4, the example "abc".
        assert_eq!(print(b"abc"), 0xba78_16bf_8f01_cfea);
    }
}
