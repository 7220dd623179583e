//! `encData`: the recorded vector, and texts that nobody encrypted.

use std::sync::OnceLock;

use kadi_dialects::ntt::crypt::{DataKey, ROUNDS};
use proptest::prelude::*;
use serde_json::Value;

fn record() -> Value {
    let file: Value =
        serde_json::from_str(include_str!("../../../../tests/peers/vectors/signature-vectors.json")).unwrap();
    file["ntt"]["aes_256_cbc_pbkdf2 (other NTT APIs, optional here)"].clone()
}

fn text(name: &str) -> String {
    record()[name].as_str().unwrap_or_else(|| panic!("{name}")).to_owned()
}

/// The key of the vector; deriving it is slow, and does not differ.
fn key() -> &'static DataKey {
    static KEY: OnceLock<DataKey> = OnceLock::new();
    KEY.get_or_init(|| DataKey::derive(&text("key_and_salt"), &text("key_and_salt")))
}

#[test]
fn the_vector_is_reproduced_both_ways() {
    assert_eq!(record()["iterations"], ROUNDS);
    let (plain, sealed) = (text("plaintext"), text("ciphertext_hex_upper"));
    assert_eq!(key().encrypt(&plain), sealed);
    assert_eq!(key().decrypt(&sealed), Some(plain.clone()));
    assert_eq!(key().decrypt(&sealed.to_lowercase()), Some(plain));
}

#[test]
fn another_key_or_salt_opens_nothing() {
    let (right, sealed) = (text("key_and_salt"), key().encrypt("{\"password\":\"Test@123\"}"));
    for other in [DataKey::derive(&right, "salt"), DataKey::derive("key", &right)] {
        assert_eq!(other.decrypt(&sealed), None);
    }
}

#[test]
fn every_cut_and_what_is_no_hex_is_refused() {
    let sealed = key().encrypt("a text that is longer than one block of the cipher");
    for (at, _) in sealed.char_indices() {
        assert_eq!(key().decrypt(sealed.split_at(at).0), None, "{at}");
    }
    for wrong in ["", "0", "zz", &"0".repeat(32), &format!(" {sealed}"), &format!("{sealed}\n"), "ॐ"] {
        assert_eq!(key().decrypt(wrong), None, "{wrong}");
    }
}

proptest! {
    #[test]
    fn every_text_comes_back(plain: String) {
        let sealed = key().encrypt(&plain);
        prop_assert!(sealed.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte)));
        prop_assert_eq!(sealed.len(), (plain.len() / 16 + 1) * 32);
        prop_assert_eq!(key().decrypt(&sealed), Some(plain));
    }

    #[test]
    fn no_text_makes_it_panic(sealed in prop_oneof![any::<String>(), "([0-9A-F]{32}){1,4}"]) {
        let opened = key().decrypt(&sealed);
        prop_assert!(opened.is_none_or(|text| text.len() < sealed.len() / 2));
    }
}
