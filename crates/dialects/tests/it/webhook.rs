//! Signatures, held against the specification's example and the official Python package.

use kadi_dialects::native::sign::{SecretFault, WebhookSecret, headers, sign};
use kadi_engine::clock::KadiClock;
use serde_json::{Map, Value, json};

use crate::oracle;

const OLD: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NEW: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD4Ua3Q0V2o5w=";
const BODY: &str = "{\"type\":\"payment.captured\",\"data\":{\"name\":\"चाय & पानी\"}}";

fn secrets(texts: &[&str]) -> Vec<WebhookSecret> {
    texts.iter().map(|text| WebhookSecret::parse(text).unwrap()).collect()
}

#[test]
fn the_specifications_own_example_comes_out() {
    let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "{\"test\": 2432232314}");
    let signed = sign(&secrets(&[OLD]), id, 1_614_265_330, body);
    assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn the_official_package_accepts_each_live_secret_and_nothing_else() {
    let now = KadiClock::new(0).real_now().seconds();
    let signed = |texts: &[&str], timestamp_s, body| {
        let rows = headers(&secrets(texts), "1048577", timestamp_s, body);
        rows.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect::<Map<_, _>>()
    };
    let tampered = BODY.replace("captured", "reversed");
    let cases = [
        (true, NEW, signed(&[NEW], now, BODY), BODY),
        (true, NEW, signed(&[OLD, NEW], now, BODY), BODY),
        (true, OLD, signed(&[OLD, NEW], now, BODY), BODY),
        (false, OLD, signed(&[NEW], now, BODY), BODY),
        (false, NEW, signed(&[], now, BODY), BODY),
        (false, NEW, signed(&[NEW], now, BODY), tampered.as_str()),
        (false, NEW, signed(&[NEW], now - 3600, BODY), BODY),
    ];
    let asked: Vec<Value> = cases
        .iter()
        .map(|(_, secret, headers, body)| json!({ "secret": secret, "headers": headers, "body": body }))
        .collect();
    let heard = oracle::ask("webhook.py", &asked);
    for (number, ((accepted, ..), heard)) in cases.iter().zip(heard).enumerate() {
        assert_eq!(heard == true, *accepted, "case {number}: {heard}");
    }
}

#[test]
fn secrets_are_whole_or_refused() {
    let of = |bytes: usize| {
        use base64::Engine as _;
        let encoded = base64::engine::general_purpose::STANDARD.encode(vec![7; bytes]);
        WebhookSecret::parse(&format!("whsec_{encoded}")).map(|_| ())
    };
    for bytes in [24, 32, 64] {
        assert_eq!(of(bytes), Ok(()), "{bytes}");
    }
    for bytes in [0, 1, 23, 65, 1000] {
        assert_eq!(of(bytes), Err(SecretFault::Length), "{bytes}");
    }
    let cases = [
        ("", SecretFault::Prefix),
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", SecretFault::Prefix),
        ("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", SecretFault::Prefix),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=", SecretFault::Base64),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa w", SecretFault::Base64),
        ("whsec_C2FVsBQIhrscChlQIMV-b5sSYspob7oD4Ua3Q0V2o5w=", SecretFault::Base64),
        ("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD4Ua3Q0V2o5w", SecretFault::Base64),
    ];
    for (text, expected) in cases {
        assert_eq!(WebhookSecret::parse(text).map(|_| ()), Err(expected), "{text}");
    }
}

#[test]
fn debug_never_shows_a_secret() {
    assert_eq!(format!("{:?}", secrets(&[NEW])), "[WebhookSecret(hidden)]");
}
