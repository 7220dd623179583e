//! Nimbbl's signatures and encryption, by which merchants tell that a message comes from their account
//! (specs, part 8; the rule is that of the vendor's PHP and .NET libraries).

use aes_gcm::aead::consts::U16;
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, Nonce};
use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac};
use kadi_domain::refusal::Fault;
use sha2::{Digest, Sha256};

use crate::shared::amount::money_text;

/// What the vendor puts before every secret.
const SECRET_PREFIX: &str = "access_secret_";
/// How many random bytes an encryption starts with.
pub const NONCE_BYTES: usize = 16;

/// An access secret, ready to sign and to encrypt; only keyed states are kept.
#[derive(Clone)]
pub struct NimbblKey {
    mac: Hmac<Sha256>,
    cipher: AesGcm<Aes256, U16>,
}

impl std::fmt::Debug for NimbblKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NimbblKey(hidden)")
    }
}

/// What is signed of a link.
#[derive(Clone, Copy, Debug)]
pub struct SignedLink<'a> {
    /// The merchant's id of the link, or empty.
    pub invoice_id: &'a str,
    /// The word of its state.
    pub status: &'a str,
    /// ISO 4217.
    pub currency: &'a str,
    /// In minor units.
    pub amount_paid: i64,
    /// `payment_link_hash`.
    pub hash: &'a str,
}

/// What is signed of a transaction.
#[derive(Clone, Copy, Debug)]
pub struct SignedTransaction<'a> {
    /// The merchant's id of the link, or empty.
    pub invoice_id: &'a str,
    /// `transaction_id`.
    pub transaction_id: &'a str,
    /// In minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: &'a str,
    /// The word of its state.
    pub status: &'a str,
    /// `payment` or `refund`.
    pub kind: &'a str,
}

impl SignedLink<'_> {
    /// The text that is signed; the amount has two decimals.
    pub fn text(&self) -> String {
        let Self { invoice_id, status, currency, amount_paid, hash } = self;
        format!("{invoice_id}|{status}|{currency}|{}|{hash}", money_text(*amount_paid))
    }
}

impl SignedTransaction<'_> {
    /// The text that is signed; the amount has two decimals.
    pub fn text(&self) -> String {
        let Self { invoice_id, transaction_id, amount, currency, status, kind } = self;
        format!("{invoice_id}|{transaction_id}|{}|{currency}|{status}|{kind}", money_text(*amount))
    }
}

impl NimbblKey {
    /// Takes a secret as the merchant has it, with the vendor's prefix or without. Signatures use it whole;
    /// encryption the SHA-256 of what stands without the prefix.
    pub fn new(secret: &str) -> Result<Self, Fault> {
        let short = |_| Fault::new("a secret that is no key");
        let mac = Hmac::new_from_slice(secret.as_bytes()).map_err(short)?;
        let key = Sha256::digest(secret.replacen(SECRET_PREFIX, "", 1));
        Ok(Self { mac, cipher: AesGcm::new(&key) })
    }

    /// HMAC-SHA256 of the text in lower-case hex.
    pub fn sign(&self, text: &str) -> String {
        HEXLOWER.encode(&self.mac.clone().chain_update(text).finalize().into_bytes())
    }

    /// A key that follows from this one, for a use of its own: nothing that is signed with one is a signature
    /// of the other.
    pub(super) fn derived(&self, purpose: &str) -> Result<Hmac<Sha256>, Fault> {
        let derived = self.mac.clone().chain_update(purpose).finalize().into_bytes();
        Hmac::new_from_slice(&derived).map_err(|_| Fault::new("a derived key that is no key"))
    }

    /// Nonce, cipher text and tag of AES-256-GCM in lower-case hex.
    pub fn encrypt(&self, text: &str, nonce: [u8; NONCE_BYTES]) -> Result<String, Fault> {
        let sealed = self.cipher.encrypt(&Nonce::from(nonce), text.as_bytes());
        let sealed = sealed.map_err(|_| Fault::new("a text too long to be encrypted"))?;
        Ok(HEXLOWER.encode(&nonce) + &HEXLOWER.encode(&sealed))
    }
}
