//! Every shape of answer of Paytm's create call, byte for byte.

use axum::body::Body;
use axum::http::Request;
use kadi_dialects::paytm::sign::PaytmKey;
use kadi_domain::moment::Setup;
use serde_json::json;

use crate::support::answer::Answer;
use crate::support::merchants::{merchant, with_keys};
use crate::support::paytm::{KEY, fixed, generic, with, without};
use crate::support::shop::Shop;

/// The answer, once its signature was found right or absent as it must be.
fn shown(answer: &Answer, is_signed: bool) -> String {
    let parsed = answer.json();
    let signature = parsed["head"]["signature"].as_str();
    assert_eq!(signature.is_some(), is_signed, "{}", answer.text);
    if let Some(signature) = signature {
        let (_, body) = answer.text.split_once("\"body\":").unwrap();
        let body = body.strip_suffix('}').unwrap();
        assert!(PaytmKey::new(KEY).unwrap().verify(body, signature), "{}", answer.text);
    }
    answer.shown()
}

#[test]
fn a_fixed_link_with_all_that_is_told_and_echoed() {
    let shop = Shop::paytm();
    let mut body = fixed();
    let more = json!({
        "merchantRequestId": "REQ-77", "amount": "499.50", "sendSms": true, "sendEmail": true,
        "customerContact": {"customerName": "आशा \"A\" Rao", "customerEmail": "asha@customer.example",
            "customerMobile": "+919000000001", "customerId": "CUST-1"},
        "linkName": "Fees for 2026",
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let head = json!({"tokenType": "AES", "version": "v2", "channelId": "WAP", "clientId": "C11"});
    let answer = shop.create_with(&head, KEY, &body.to_string());
    insta::assert_snapshot!("paytm_fixed", shown(&answer, true));
}

#[test]
fn a_generic_link_has_no_amount() {
    let answer = Shop::paytm().create(&with(generic(), "amount", 10));
    insta::assert_snapshot!("paytm_generic", shown(&answer, true));
}

#[test]
fn an_invoice() {
    let shop = Shop::paytm();
    let answer = shop.create(&shop.invoice("INV-1"));
    insta::assert_snapshot!("paytm_invoice", shown(&answer, true));
}

#[test]
fn a_channel_that_cannot_be_used_is_told_as_failed() {
    let setup = Setup { email: false, ..Setup::sandbox() };
    let shop = Shop::with_setup(setup, vec![with_keys(merchant("demo"), &[("C11", KEY)])]);
    let mut body = with(fixed(), "customerContact", json!({"customerEmail": "asha@customer.example"}));
    body = with(with(body, "sendSms", true), "sendEmail", true);
    insta::assert_snapshot!("paytm_notify_failed", shown(&shop.create(&body), true));
}

#[test]
fn every_shape_of_refusal() {
    let shop = Shop::paytm();
    let encoded = Request::post("/paytm/link/create").header("content-encoding", "gzip");
    let stranger = without(fixed(), "mid");
    let shapes = [
        ("a rule", shown(&shop.create(&with(fixed(), "linkName", "a-b")), true)),
        (
            "a field",
            shown(&shop.create(&with(fixed(), "customerContact", json!({"customerEmail": 1}))), true),
        ),
        ("nobody", shown(&shop.create(&stranger), false)),
        ("an empty request", shown(&shop.send_raw(" \n"), false)),
        ("no JSON", shown(&shop.send_raw("{\"head\":{}"), false)),
        ("too large", shown(&shop.send_raw("x".repeat(1 << 20)), false)),
        ("encoded", shown(&shop.send(encoded.body(Body::from("x")).unwrap()), false)),
    ];
    let shapes = shapes.map(|(what, answer)| format!("# {what}\n{answer}\n"));
    insta::assert_snapshot!("paytm_refusals", shapes.join("\n"));
}

#[test]
fn overload_is_503_with_the_internal_error_and_says_when_to_come_back() {
    let shop = Shop::paytm();
    shop.engine().stop();
    insta::assert_snapshot!("paytm_overload", shown(&shop.create(&fixed()), false));
}
