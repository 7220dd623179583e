//! Paytm's checksum: signs and verifies requests, answers and form callbacks as the vendor's libraries do.
//!
//! The scheme (specs: npm `paytmchecksum` 1.5.1, PyPI `paytmchecksum` 1.7.0): SHA-256 of the text, a `|`
//! and a salt of four characters, in lower-case hex, then the salt again: 68 characters, encrypted with
//! AES-128-CBC under the merchant's key and a fixed IV, in base64.

use aes::Aes128;
use aes::cipher::array::Array;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

const IV: [u8; 16] = *b"@@@@&&&&####$$$$";
/// The name of the form field that carries the signature, which is never part of the signed text.
pub const SIGNATURE_FIELD: &str = "CHECKSUMHASH";
/// How many characters every signature has.
pub const SIGNATURE_CHARS: usize = 108;
/// Hash and salt are 68 bytes; PKCS#7 fills the last block with twelve bytes of value twelve.
const PADDED_BYTES: usize = 80;
const PADDING: u8 = 12;

/// Why a text cannot be a merchant key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Not sixteen bytes long.
    #[error("a Paytm key has exactly 16 characters")]
    Length,
    /// Sixteen bytes, but not all of them ASCII.
    #[error("a Paytm key is ASCII")]
    NotAscii,
}

/// A merchant's Paytm key, ready to sign and verify: its AES key schedule, wiped when dropped.
#[derive(Clone)]
pub struct PaytmKey {
    cipher: Aes128,
}

impl std::fmt::Debug for PaytmKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PaytmKey(hidden)")
    }
}

/// A form field: its name and its value, none for null.
pub type FormPair<'a> = (&'a str, Option<&'a str>);

impl PaytmKey {
    /// Takes a key of exactly sixteen ASCII bytes; the vendor's SDKs use other ciphers for 24 and 32.
    ///
    /// # Errors
    /// [`KeyFault`] for any other text.
    pub fn new(key: &str) -> Result<Self, KeyFault> {
        let bytes: &[u8; 16] = key.as_bytes().try_into().map_err(|_| KeyFault::Length)?;
        if !key.is_ascii() {
            return Err(KeyFault::NotAscii);
        }
        Ok(Self { cipher: Aes128::new(bytes.into()) })
    }

    /// The signature of `text`: [`SIGNATURE_CHARS`] characters of base64.
    ///
    /// `salt` comes from [`salt_from`]; with other bytes than letters, digits, `+` and `/` nobody accepts
    /// the signature.
    pub fn sign(&self, text: &str, salt: [u8; 4]) -> String {
        let mut bytes = salted_hash(text, salt);
        let (blocks, _) = Array::slice_as_chunks_mut(&mut bytes);
        cbc::Encryptor::inner_iv_init(&self.cipher, &IV.into()).encrypt_blocks(blocks);
        STANDARD.encode(bytes)
    }

    /// Was `signature` made over exactly `text` with this key?
    ///
    /// Takes the one canonical spelling of a signature only. Whatever is wrong, the same work is done and
    /// the answer is the same "no": it tells nothing about padding, salt or hash (GUARANTEES.md, Paytm's
    /// padding oracle).
    pub fn verify(&self, text: &str, signature: &str) -> bool {
        let sent = decode(signature);
        let is_spelled_right = Choice::from(u8::from(sent.is_some()));
        let mut bytes = sent.unwrap_or([0; PADDED_BYTES]);
        let (blocks, _) = Array::slice_as_chunks_mut(&mut bytes);
        cbc::Decryptor::inner_iv_init(&self.cipher, &IV.into()).decrypt_blocks(blocks);
        let salt = [bytes[64], bytes[65], bytes[66], bytes[67]];
        let is_same = bytes.ct_eq(&salted_hash(text, salt));
        bool::from(is_spelled_right & is_salt(salt) & is_same)
    }

    /// The signature of a form: that of its [`form_text`].
    pub fn sign_form(&self, pairs: &[FormPair<'_>], salt: [u8; 4]) -> String {
        self.sign(&form_text(pairs), salt)
    }

    /// Was `signature` made over exactly this form's values with this key?
    pub fn verify_form(&self, pairs: &[FormPair<'_>], signature: &str) -> bool {
        self.verify(&form_text(pairs), signature)
    }
}

/// What is signed of a form: its values in the byte order of their names, joined by `|`; null is the empty
/// text, and [`SIGNATURE_FIELD`] is left out.
///
/// The names are not signed, so the reader of a form must refuse unknown and repeated ones. Never send the
/// text "null" (in any case) as a value: the vendor's Python library reads it as empty and its Node library
/// does not.
pub fn form_text(pairs: &[FormPair<'_>]) -> String {
    let mut signed: Vec<_> = pairs.iter().filter(|(name, _)| *name != SIGNATURE_FIELD).collect();
    signed.sort_by_key(|(name, _)| *name);
    let values: Vec<_> = signed.iter().map(|(_, value)| value.unwrap_or_default()).collect();
    values.join("|")
}

/// Four random bytes as a salt of letters and digits, the alphabet of the vendor's Python library.
///
/// Eight of the letters come up a little more often; a salt only has to differ.
pub fn salt_from(random: [u8; 4]) -> [u8; 4] {
    random.map(|byte| match byte % 62 {
        letter @ 0..=25 => b'A' + letter,
        letter @ 26..=51 => b'a' + (letter - 26),
        digit => b'0' + (digit - 52),
    })
}

/// Hash, salt and padding: the plain text that a signature encrypts.
fn salted_hash(text: &str, salt: [u8; 4]) -> [u8; PADDED_BYTES] {
    let hash = Sha256::new().chain_update(text).chain_update("|").chain_update(salt).finalize();
    let mut bytes = [PADDING; PADDED_BYTES];
    for (slot, byte) in bytes.iter_mut().zip(HEXLOWER.encode(&hash).into_bytes().into_iter().chain(salt)) {
        *slot = byte;
    }
    bytes
}

fn decode(signature: &str) -> Option<[u8; PADDED_BYTES]> {
    if signature.len() != SIGNATURE_CHARS {
        return None;
    }
    STANDARD.decode(signature).ok()?.try_into().ok()
}

/// Are these characters that a vendor library draws salts from: letters and digits, and base64's `+` and `/`?
fn is_salt(salt: [u8; 4]) -> Choice {
    salt.iter().fold(Choice::from(1), |so_far, byte| {
        so_far & Choice::from(u8::from(byte.is_ascii_alphanumeric() | (*byte == b'+') | (*byte == b'/')))
    })
}
