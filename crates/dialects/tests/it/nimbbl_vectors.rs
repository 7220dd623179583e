//! The recorded signatures of the vendor's rule, and the encryption.

use aes_gcm::aead::consts::U16;
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use kadi_dialects::nimbbl::sign::{NimbblKey, SignedLink, SignedTransaction};
use serde_json::Value;

fn records() -> Value {
    let file: Value =
        serde_json::from_str(include_str!("../../../../tests/peers/vectors/signature-vectors.json")).unwrap();
    file["nimbbl"].clone()
}

fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record[name].as_str().unwrap_or_else(|| panic!("{name}"))
}

/// An amount with two decimals, in minor units.
fn minor(amount: &str) -> i64 {
    amount.replace('.', "").parse().unwrap()
}

#[test]
fn links_transactions_and_refunds_are_signed_as_recorded() {
    let records = records();
    let records = records["hmac_sha256_fields"].as_array().unwrap();
    assert_eq!(records.len(), 5);
    for record in records {
        let key = NimbblKey::new(text(record, "key")).unwrap();
        let parts: Vec<_> = text(record, "signed_string").split('|').collect();
        let signed = match parts[..] {
            [invoice_id, status, currency, paid, hash] => {
                SignedLink { invoice_id, status, currency, amount_paid: minor(paid), hash }.text()
            }
            [invoice_id, transaction_id, amount, currency, status, kind] => {
                let amount = minor(amount);
                SignedTransaction { invoice_id, transaction_id, amount, currency, status, kind }.text()
            }
            _ => panic!("{parts:?}"),
        };
        assert_eq!(signed, text(record, "signed_string"));
        assert_eq!(key.sign(&signed), text(record, "signature_hex_lower"), "{}", record["name"]);
    }
}

#[test]
fn the_envelope_is_signed_over_the_bytes_of_its_payload() {
    let record = records()["v4_envelope"].clone();
    let inner = text(&record, "inner_compact_json");
    assert_eq!(STANDARD.encode(inner), text(&record, "payload_b64"));
    let key = NimbblKey::new(text(&record, "key")).unwrap();
    assert_eq!(key.sign(inner), text(&record, "signature_hex_lower"));
}

#[test]
fn what_is_encrypted_is_as_recorded_and_opens_again() {
    let record = records()["aes_256_gcm"].clone();
    let nonce: [u8; 16] = HEXLOWER.decode(text(&record, "nonce_hex").as_bytes()).unwrap().try_into().unwrap();
    let key = NimbblKey::new(text(&record, "access_secret")).unwrap();
    let sealed = key.encrypt(text(&record, "plaintext"), nonce).unwrap();
    assert_eq!(sealed, text(&record, "output_hex"));
    let raw: [u8; 32] = HEXLOWER.decode(text(&record, "key_hex").as_bytes()).unwrap().try_into().unwrap();
    let other = NimbblKey::new("access_secret_another").unwrap();
    assert_eq!(open(&raw, &sealed).unwrap(), text(&record, "plaintext"));
    assert_eq!(open(&raw, &other.encrypt("x", nonce).unwrap()), None);
    for at in 0..sealed.len() {
        let change = |(index, digit)| match digit {
            _ if index != at => digit,
            '0' => '1',
            _ => '0',
        };
        let changed: String = sealed.chars().enumerate().map(change).collect();
        assert_eq!(open(&raw, &changed), None, "{at}");
    }
}

/// What a receiver makes of `encrypted_response`.
pub(crate) fn open(key: &[u8; 32], sealed: &str) -> Option<String> {
    let bytes = HEXLOWER.decode(sealed.as_bytes()).unwrap();
    let (nonce, sealed) = bytes.split_at(16);
    let nonce: [u8; 16] = nonce.try_into().unwrap();
    let plain = AesGcm::<Aes256, U16>::new(key.into()).decrypt(&Nonce::from(nonce), sealed).ok()?;
    Some(String::from_utf8(plain).unwrap())
}
