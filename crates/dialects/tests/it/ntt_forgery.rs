//! Signatures that were tampered with or made up: all refused, none of them a panic.

use data_encoding::HEXLOWER;
use kadi_dialects::ntt::sign::{NttKey, SIGNATURE_CHARS};
use proptest::prelude::*;

use crate::support::numbers::Numbers;

const KEY: &str = "KEY123657234";
const RESPONSE_KEY: &str = "KEYRESP123657234";
const CREATE: [&str; 4] = ["446442", "Test@123", "100.00", "TXN0001"];
const CALLBACK: [&str; 7] =
    ["446442", "11000000679315", "TXN0001", "100.00", "OTS0000", "UP", "0011000000679315624"];

fn key(text: &str) -> NttKey {
    NttKey::new(text).unwrap()
}

#[test]
fn every_flipped_bit_but_that_of_the_case_and_every_cut_is_refused() {
    let genuine = key(KEY).sign(&CREATE);
    assert_eq!(genuine.len(), SIGNATURE_CHARS);
    assert!(key(KEY).verify(&CREATE, &genuine) && key(KEY).verify(&CREATE, &genuine.to_uppercase()));
    for (at, bit) in (0..genuine.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let changed: String = genuine
            .bytes()
            .enumerate()
            .map(|(index, byte)| char::from(if index == at { byte ^ (1 << bit) } else { byte }))
            .collect();
        let is_same = changed.eq_ignore_ascii_case(&genuine);
        assert_eq!(key(KEY).verify(&CREATE, &changed), is_same, "{at}.{bit}");
    }
    for at in 0..genuine.len() {
        let (front, back) = genuine.split_at(at);
        for changed in [
            front.to_owned(),
            back.chars().skip(1).collect(),
            format!("{front} {back}"),
            format!("{front}0{back}"),
        ] {
            assert!(!key(KEY).verify(&CREATE, &changed), "{changed}");
        }
    }
    assert!(!key(KEY).verify(&CREATE, &genuine.repeat(2)));
}

/// A key signs what it is for: what merchants sign is no answer of ours, and the other way round.
#[test]
fn a_request_is_no_response() {
    assert!(!key(RESPONSE_KEY).verify(&CREATE, &key(KEY).sign(&CREATE)));
    assert!(!key(KEY).verify(&CALLBACK, &key(RESPONSE_KEY).sign(&CALLBACK)));
}

/// Random signatures, those of other texts of the same key, those with a bit changed, those of another key,
/// and genuine ones under a text of which one part was changed.
fn none_of_a_million_verifies(own: &str, other: &str, parts: &[&str], seed: u64) {
    let (own, other) = (key(own), key(other));
    let numbered = |number: usize| {
        let mut all: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        all.iter_mut().for_each(|part| part.push_str(&format!("-{number}")));
        all
    };
    let sign =
        |key: &NttKey, texts: &[String]| key.sign(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    let texts: Vec<_> = (0..64).map(numbered).collect();
    let known: Vec<_> = texts.iter().map(|texts| sign(&own, texts)).collect();
    let foreign: Vec<_> = texts.iter().map(|texts| sign(&other, texts)).collect();
    let mut numbers = Numbers(seed);
    for count in 0..1_000_000 {
        let mine = numbers.below(known.len());
        let theirs = (mine + 1 + numbers.below(known.len() - 1)) % known.len();
        let mut told: Vec<&str> = texts[mine].iter().map(String::as_str).collect();
        let changed;
        let forged = match count % 5 {
            0 => HEXLOWER.encode([(); 4].map(|()| numbers.block()).as_flattened()),
            1 => known[theirs].clone(),
            2 => {
                let mut bytes = HEXLOWER.decode(known[mine].as_bytes()).unwrap();
                let at = numbers.below(bytes.len());
                bytes[at] ^= 1 << numbers.below(8);
                HEXLOWER.encode(&bytes)
            }
            3 => foreign[mine].clone(),
            _ => {
                let at = numbers.below(told.len());
                changed = format!("{}{}", told[at], numbers.below(10));
                told[at] = &changed;
                known[mine].clone()
            }
        };
        assert!(!own.verify(&told, &forged), "{told:?} {forged}");
    }
}

#[test]
fn a_million_forged_requests_are_refused() {
    none_of_a_million_verifies(KEY, RESPONSE_KEY, &CREATE, 29);
}

#[test]
fn a_million_forged_responses_are_refused() {
    none_of_a_million_verifies(RESPONSE_KEY, KEY, &CALLBACK, 31);
}

proptest! {
    #[test]
    fn no_signature_makes_it_panic(
        text: String,
        signature in prop_oneof![any::<String>(), "[0-9a-f]{126,130}", "[0-9A-F]{128}"],
    ) {
        prop_assert!(!key(KEY).verify(&[&text], &signature));
    }
}
