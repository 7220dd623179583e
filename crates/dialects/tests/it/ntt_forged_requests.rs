//! Requests that somebody else made up or changed: each is refused with the very same answer, encrypted or
//! not.

use kadi_dialects::ntt::crypt::DataKey;
use kadi_dialects::ntt::settings;
use kadi_dialects::ntt::sign::NttKey;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::support::ntt::{CANCEL, CREATE, about, hash_key, merch_id, password, shown_by, signature, wish};
use crate::support::ntt_account::{ENCRYPTION, RESPONSE_KEY, shop};
use crate::support::paytm::with;
use crate::support::shop::Shop;

/// Everything that can be made of a genuine signature without the key.
fn damaged(genuine: &str) -> Vec<String> {
    let mut all = vec![genuine.repeat(2), "0".repeat(128), "null".to_owned()];
    for at in 0..genuine.len() {
        let (front, back) = genuine.split_at(at);
        all.push(front.to_owned());
        all.push(back.chars().skip(1).collect());
        all.push(format!("{front} {back}"));
        for bit in 0..7 {
            let flipped = genuine.bytes().enumerate();
            let flipped =
                flipped.map(|(index, byte)| char::from(if index == at { byte ^ (1 << bit) } else { byte }));
            all.push(flipped.collect());
        }
    }
    // The vendor's programs write either case.
    all.retain(|signature| !signature.eq_ignore_ascii_case(genuine) && !signature.is_empty());
    all
}

#[test]
fn every_forged_request_gets_the_same_answer_and_does_nothing() {
    let shop = shop(&[], &[]);
    let refused = shop.ntt_text(CREATE, &with(wish("T-1"), "signature", "00").to_string());
    assert_eq!((refused.status.as_u16(), &refused.json()["statusCode"]), (200, &json!("OTS1011")));
    assert_eq!(refused.json()["statusMessage"], "Signature Mismatched");
    let same = |what: &str, path: &str, body: &Value| {
        let answer = shop.ntt_text(path, &body.to_string());
        assert_eq!((answer.status, answer.text), (refused.status, refused.text.clone()), "{what}");
    };
    let right = signature("demo", &["100.00", "T-1"]);
    let genuine = with(wish("T-1"), "signature", &*right);
    for signature in damaged(&right) {
        same(&format!("{signature:?}"), CREATE, &with(genuine.clone(), "signature", &*signature));
    }
    same("another amount", CREATE, &with(genuine.clone(), "amount", "1.00"));
    same("the amount with other decimals", CREATE, &with(genuine.clone(), "amount", "100.0"));
    same("another id", CREATE, &with(genuine.clone(), "merchantTxnId", "T-2"));
    let parts = [&*merch_id("demo"), &password("demo"), "100.00", "T-1"];
    for key in [&*hash_key("other"), RESPONSE_KEY] {
        let theirs = NttKey::new(key).unwrap().sign(&parts);
        same(key, CREATE, &with(genuine.clone(), "signature", &*theirs));
    }
    assert_eq!(shop.get("/v1/links").json()["data"], json!([]), "nothing was made");
    let (_, number) = shop.ntt_link(&genuine);
    same("the signature of the create", CANCEL, &with(about(&number), "signature", right));
    let another = signature("demo", &["INV1"]);
    same("another invoice's", CANCEL, &with(about(&number), "signature", another));
    assert_eq!(shop.get("/v1/links").json()["data"][0]["status"], "active");
    shop.ntt_done(CANCEL, &about(&number));
}

fn sealed(shop: &Shop, merch_id: &str, data: &str) -> (u16, String) {
    let mut form = Serializer::new(String::new());
    let body = form.append_pair("merchId", merch_id).append_pair("encData", data).finish();
    let answer = shop.ntt_raw(CREATE, "application/x-www-form-urlencoded", body);
    (answer.status.as_u16(), answer.text)
}

/// What was changed, cut, lengthened or put together anew, encrypted with another key or for another
/// merchant, and what opens and is no JSON: nobody learns which it was.
#[test]
fn all_that_does_not_open_to_a_request_gets_one_answer() {
    let keys = [(settings::ENCRYPTION, ENCRYPTION)];
    let shop = shop(&[], &keys);
    let key = DataKey::derive("request key", "request salt");
    let wish = shown_by(Some("demo"), &wish("T-1").to_string());
    let genuine = key.encrypt(&wish);
    let refused = sealed(&shop, &merch_id("demo"), &key.encrypt("no JSON"));
    assert!(refused.1.contains("OTS1008"), "{}", refused.1);
    let same = |what: &str, data: &str| assert_eq!(sealed(&shop, &merch_id("demo"), data), refused, "{what}");
    let flipped = |at: usize| {
        let change = |digit: char| if digit == '0' { '1' } else { '0' };
        let all = genuine.chars().enumerate();
        all.map(|(index, digit)| if index == at { change(digit) } else { digit }).collect::<String>()
    };
    for at in (0..genuine.len()).step_by(7) {
        same(&format!("changed at {at}"), &flipped(at));
        same(&format!("cut at {at}"), genuine.split_at(at).0);
    }
    same("lengthened", &format!("{genuine}{}", "0".repeat(32)));
    same("blocks left out", &format!("{}{}", genuine.split_at(64).0, genuine.split_at(128).1));
    same("the key of answers", &DataKey::derive("response key", "response salt").encrypt(&wish));
    same("no object", &key.encrypt("[]"));
    same("half an object", &key.encrypt("{\"merchId\""));
    for nobody in ["999999", &merch_id("other")] {
        assert_eq!(sealed(&shop, nobody, &genuine), refused, "{nobody} has no such key");
    }
    assert_eq!(shop.get("/v1/links").json()["data"], json!([]), "nothing was made");
    let (status, text) = sealed(&shop, &merch_id("demo"), &genuine);
    assert_eq!((status, text.starts_with("merchId=446442&encData=")), (200, true), "{text}");
}
