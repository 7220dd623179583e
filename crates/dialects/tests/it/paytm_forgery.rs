//! Signatures that were tampered with or made up: all refused, none of them a panic.

use aes::Aes128;
use aes::cipher::array::Array;
use aes::cipher::{BlockModeEncrypt, KeyIvInit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use kadi_dialects::paytm::sign::{PaytmKey, SIGNATURE_CHARS};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::paytm_vectors::vectors;
use crate::support::numbers::Numbers;

const KEY: &str = "0123456789abcdef";
const TEXT: &str = r#"{"mid":"TESTMID00000000001"}"#;

#[test]
fn every_flipped_bit_of_the_text_of_a_signature_is_refused() {
    for vector in vectors("deterministic") {
        for (at, bit) in (0..SIGNATURE_CHARS).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            // A flipped top bit is no longer ASCII; as a character it is still tried.
            let changed: String = vector
                .signature
                .bytes()
                .enumerate()
                .map(|(index, byte)| char::from(if index == at { byte ^ (1 << bit) } else { byte }))
                .collect();
            assert!(!vector.key.verify(&vector.text, &changed), "{} {at}.{bit}", vector.name);
        }
    }
}

#[test]
fn every_flipped_bit_of_the_bytes_of_a_signature_is_refused() {
    for vector in vectors("deterministic") {
        let bytes = STANDARD.decode(&vector.signature).unwrap();
        assert_eq!(bytes.len(), 80);
        for (at, bit) in (0..bytes.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            assert!(
                !vector.key.verify(&vector.text, &STANDARD.encode(changed)),
                "{} {at}.{bit}",
                vector.name
            );
        }
    }
}

#[test]
fn every_cut_and_every_addition_is_refused() {
    for vector in vectors("deterministic") {
        let refused = |changed: &str| assert!(!vector.key.verify(&vector.text, changed), "{changed:?}");
        for at in 0..SIGNATURE_CHARS {
            let (front, back) = vector.signature.split_at(at);
            refused(front);
            refused(&format!("{front}{}", "A".repeat(SIGNATURE_CHARS - at)));
            refused(back.strip_prefix(|_: char| true).unwrap());
            refused(&format!("{front} {back}"));
            refused(&format!("{front}\n{}", back.strip_prefix(|_: char| true).unwrap()));
        }
        for tail in ["=", " ", "\n", "\0", "A", "A==="] {
            refused(&format!("{}{tail}", vector.signature));
        }
        refused(&vector.signature.repeat(10_000));
    }
}

#[test]
fn every_other_spelling_of_the_same_bytes_is_refused() {
    for vector in vectors("deterministic") {
        let without_padding = vector.signature.strip_suffix('=').unwrap();
        assert!(!vector.key.verify(&vector.text, without_padding));
        let url_safe = vector.signature.replace('+', "-").replace('/', "_");
        assert!(url_safe == vector.signature || !vector.key.verify(&vector.text, &url_safe));
        // The last character before the padding has two bits that mean nothing and must be zero.
        let (kept, last) = without_padding.split_at(SIGNATURE_CHARS - 2);
        let same_bytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
            .chars()
            .filter(|character| vector.key.verify(&vector.text, &format!("{kept}{character}=")));
        assert_eq!(same_bytes.collect::<String>(), last);
    }
}

#[test]
fn the_signature_of_a_text_signs_no_shorter_one() {
    for vector in vectors("deterministic") {
        for (at, _) in vector.text.char_indices() {
            let (shorter, _) = vector.text.split_at(at);
            assert!(!vector.key.verify(shorter, &vector.signature), "{shorter}");
        }
        assert!(!vector.key.verify(&format!("{} ", vector.text), &vector.signature));
    }
}

#[test]
fn a_salt_outside_the_libraries_alphabets_is_refused() {
    let key = PaytmKey::new(KEY).unwrap();
    for byte in 0..=u8::MAX {
        let salt = [b'a', byte, b'Z', b'9'];
        let is_allowed = byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
        assert_eq!(key.verify(TEXT, &key.sign(TEXT, salt)), is_allowed, "{byte:#x}");
    }
}

/// What the key encrypts to when the plain text is this, padding included.
fn encrypted(mut plain: Vec<u8>) -> String {
    let (blocks, _) = Array::slice_as_chunks_mut(&mut plain);
    cbc::Encryptor::<Aes128>::new_from_slices(KEY.as_bytes(), b"@@@@&&&&####$$$$")
        .unwrap()
        .encrypt_blocks(blocks);
    STANDARD.encode(plain)
}

#[test]
fn the_right_hash_with_the_wrong_padding_is_refused() {
    let key = PaytmKey::new(KEY).unwrap();
    let hash = Sha256::digest(format!("{TEXT}|AbCd"));
    let right = [HEXLOWER.encode(&hash).as_bytes(), b"AbCd", &[12; 12]].concat();
    assert!(key.verify(TEXT, &encrypted(right.clone())));
    for (at, value) in (68..80).flat_map(|at| (0..=u8::MAX).map(move |value| (at, value))) {
        let mut wrong = right.clone();
        wrong[at] = value;
        assert_eq!(key.verify(TEXT, &encrypted(wrong)), value == 12, "{at} {value}");
    }
    let upper_case = right.to_ascii_uppercase();
    assert!(!key.verify(&TEXT.to_ascii_uppercase(), &encrypted(upper_case.clone())));
    assert!(!key.verify(TEXT, &encrypted([upper_case[..64].to_vec(), right[64..].to_vec()].concat())));
}

/// Random blocks, and blocks of genuine signatures of the same key over other texts in any order, some of
/// them changed in one bit; and genuine signatures of another key.
#[test]
fn a_million_forgeries_are_refused() {
    let key = PaytmKey::new(KEY).unwrap();
    let known: Vec<[[u8; 16]; 5]> = (0..64_u8)
        .map(|n| key.sign(&format!("{TEXT}{n}"), [b'a' + n % 26; 4]))
        .map(|signature| STANDARD.decode(signature).unwrap().as_chunks::<16>().0.try_into().unwrap())
        .collect();
    let other = PaytmKey::new("fedcba9876543210").unwrap();
    let mut numbers = Numbers(17);
    for count in 0..1_000_000 {
        let signature = match count % 10 {
            0 => other.sign(TEXT, numbers.block()[..4].try_into().unwrap()),
            1 | 2 => STANDARD.encode([(); 5].map(|()| numbers.block()).as_flattened()),
            // Whole and in their order but for one bit, or blocks from anywhere.
            3 | 4 => {
                let mut bytes = known[numbers.below(known.len())];
                bytes[numbers.below(5)][numbers.below(16)] ^= 1 << numbers.below(8);
                STANDARD.encode(bytes.as_flattened())
            }
            _ => {
                let mut block = || known[numbers.below(known.len())][numbers.below(5)];
                let bytes = [block(), block(), block(), block(), block()];
                STANDARD.encode(bytes.as_flattened())
            }
        };
        assert!(!key.verify(TEXT, &signature), "{signature}");
    }
}

proptest! {
    #[test]
    fn no_signature_makes_it_panic(
        text: String,
        signature in prop_oneof![any::<String>(), "[ -~]{108}", "\\PC{100,108}", "[A-Za-z0-9+/]{107}="],
    ) {
        prop_assert!(!PaytmKey::new(KEY).unwrap().verify(&text, &signature));
    }
}
