//! Tokens that were tampered with or made up: all refused, none of them a panic.

use data_encoding::BASE64URL_NOPAD;
use kadi_dialects::nimbbl::sign::NimbblKey;
use kadi_dialects::nimbbl::token::{Claims, LIFE_MS, issue, read, verify};
use kadi_domain::time::Timestamp;
use proptest::prelude::*;

use crate::support::numbers::Numbers;

const SECRET: &str = "access_secret_testSecret123";
const NOW: Timestamp = Timestamp::from_ms(1_795_298_264_000);

fn key() -> NimbblKey {
    NimbblKey::new(SECRET).unwrap()
}

fn claims(number: i64) -> Claims {
    Claims::at(NOW.plus_ms(number * 1_000), "access_key_demo", number, "demo")
}

fn parts(token: &str) -> [&str; 3] {
    token.split('.').collect::<Vec<_>>().try_into().unwrap()
}

#[test]
fn a_token_says_what_it_was_given_and_ends_in_time() {
    let token = issue(&key(), &claims(7)).unwrap();
    assert!(verify(&key(), &token).unwrap());
    let read = read(&token).unwrap();
    assert_eq!(read, claims(7));
    let end = NOW.plus_ms(7_000 + LIFE_MS);
    assert_eq!(read.ends_at_ms(), end.ms());
    assert!(!read.is_over(end.plus_ms(-1)) && read.is_over(end));
}

#[test]
fn every_flipped_bit_and_every_cut_is_refused() {
    let token = issue(&key(), &claims(1)).unwrap();
    for (at, bit) in (0..token.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let changed: String = token
            .bytes()
            .enumerate()
            .map(|(index, byte)| char::from(if index == at { byte ^ (1 << bit) } else { byte }))
            .collect();
        assert!(read(&changed).is_none() || !verify(&key(), &changed).unwrap(), "{at}.{bit}");
    }
    for at in 0..token.len() {
        let (front, back) = token.split_at(at);
        for changed in [
            front.to_owned(),
            back.chars().skip(1).collect(),
            format!("{front} {back}"),
            format!("{front}A{back}"),
        ] {
            assert!(read(&changed).is_none() || !verify(&key(), &changed).unwrap(), "{changed}");
        }
    }
    for tail in ["=", ".", "A", " ", "\0"] {
        let changed = format!("{token}{tail}");
        assert!(read(&changed).is_none() || !verify(&key(), &changed).unwrap(), "{changed}");
    }
}

/// The text that a token signs is not signed by the secret itself, with which webhooks are signed.
#[test]
fn a_signature_of_a_webhook_is_no_token() {
    let token = issue(&key(), &claims(1)).unwrap();
    let [head, body, tag] = parts(&token);
    let signed = format!("{head}.{body}");
    let webhook = data_encoding::HEXLOWER.decode(key().sign(&signed).as_bytes()).unwrap();
    let webhook = BASE64URL_NOPAD.encode(&webhook);
    assert_ne!(webhook, tag);
    assert!(!verify(&key(), &format!("{signed}.{webhook}")).unwrap());
    for algorithm in [r#"{"alg":"none","typ":"JWT"}"#, r#"{"alg":"HS512","typ":"JWT"}"#] {
        let head = BASE64URL_NOPAD.encode(algorithm.as_bytes());
        assert!(read(&format!("{head}.{body}.")).is_none());
        assert!(read(&format!("{head}.{body}.{tag}")).is_none());
    }
}

/// Random tags, tags of other tokens, tags with a bit changed, bodies that were lengthened or are another's,
/// and tokens of another secret.
#[test]
fn a_million_forgeries_are_refused() {
    let (key, other) = (key(), NimbblKey::new("access_secret_another").unwrap());
    let known: Vec<String> = (0..64).map(|number| issue(&key, &claims(number)).unwrap()).collect();
    let foreign: Vec<String> = (0..64).map(|number| issue(&other, &claims(number)).unwrap()).collect();
    let mut numbers = Numbers(23);
    for count in 0..1_000_000 {
        let mine = numbers.below(known.len());
        let theirs = (mine + 1 + numbers.below(known.len() - 1)) % known.len();
        let [head, body, tag] = parts(&known[mine]);
        let forged = match count % 5 {
            0 => {
                let tag = [numbers.block(), numbers.block()].concat();
                format!("{head}.{body}.{}", BASE64URL_NOPAD.encode(&tag))
            }
            1 => format!("{head}.{body}.{}", parts(&known[theirs])[2]),
            2 => {
                let mut bytes = BASE64URL_NOPAD.decode(tag.as_bytes()).unwrap();
                let at = numbers.below(bytes.len());
                bytes[at] ^= 1 << numbers.below(8);
                format!("{head}.{body}.{}", BASE64URL_NOPAD.encode(&bytes))
            }
            3 => {
                let mut claims = read(&known[mine]).unwrap();
                claims.exp += 1 + i64::try_from(numbers.below(1_000_000)).unwrap();
                let body = BASE64URL_NOPAD.encode(&serde_json::to_vec(&claims).unwrap());
                format!("{head}.{body}.{tag}")
            }
            _ => foreign[mine].clone(),
        };
        assert!(!verify(&key, &forged).unwrap(), "{forged}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(
        token in prop_oneof![any::<String>(), "[A-Za-z0-9_.-]{0,160}"],
    ) {
        prop_assert!(read(&token).is_none());
        prop_assert!(!verify(&key(), &token).unwrap());
    }
}
