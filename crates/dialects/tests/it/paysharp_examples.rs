//! The vendor's own examples: every request and response body of its page, compared field by field.

use kadi_domain::time::{HOUR_MS, MINUTE_MS};
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::paysharp::wish;
use crate::support::rail::Says;
use crate::support::shop::Shop;

const CREATE_REQUEST: &str = include_str!("paysharp_examples/create_request.json");
const CREATE_RESPONSE: &str = include_str!("paysharp_examples/create_response.json");
const STATUS_SUCCESS: &str = include_str!("paysharp_examples/status_success.json");
const STATUS_PENDING: &str = include_str!("paysharp_examples/status_pending.json");
const STATUS_EXPIRED: &str = include_str!("paysharp_examples/status_expired.json");
const RESEND_REQUEST: &str = include_str!("paysharp_examples/resend_request.json");
const RESEND_RESPONSE: &str = include_str!("paysharp_examples/resend_response.json");
const ERROR: &str = include_str!("paysharp_examples/error.json");

/// What differs from link to link: everything else is the example's to the letter.
const OWN: [&str; 7] = [
    "linkPaymentUrl",
    "linkPaymentId",
    "createdDate",
    "expiredDate",
    "paysharpReferenceNo",
    "utrNumber",
    "transactionDate",
];

fn example(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The same members with the same types, and the same values but for those of [`OWN`].
fn assert_like(answer: &Answer, text: &str) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let (mut expected, mut found) = (example(text), answer.json());
    for name in OWN {
        let (expected, found) = (&mut expected["data"], &mut found["data"]);
        assert_eq!(expected.get(name).is_some(), found.get(name).is_some(), "{name}: {}", answer.text);
        if let (Some(Value::String(_)), Some(Value::String(shown))) = (expected.get(name), found.get(name)) {
            assert!(!shown.is_empty(), "{name}");
            expected[name] = json!("own");
            found[name] = json!("own");
        }
    }
    assert_eq!(found, expected);
}

#[test]
fn a_link_is_made_as_on_the_page() {
    let shop = Shop::paysharp();
    let answer = shop.paysharp_create(&example(CREATE_REQUEST));
    assert_like(&answer, CREATE_RESPONSE);
    let (link, data) = (shop.link(&answer), answer.json()["data"].clone());
    let id = answer.id();
    assert_eq!(id, shop.door.code(link.id).unwrap() + "--a");
    assert!(id.len() <= 36);
    assert_eq!(data["linkPaymentUrl"], format!("https://pay.example/p/{id}"));
    assert_eq!(link.expires_at.unwrap().ms() - link.created_at.ms(), 24 * HOUR_MS);
    let shape = |name: &str| -> String {
        let text = data[name].as_str().unwrap().to_owned();
        text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
    };
    assert_eq!(shape("createdDate"), "0000-00-00T00:00:00+00:00");
    let clock = |name: &str| data[name].as_str().unwrap().split_once('T').unwrap().1.to_owned();
    assert_eq!(clock("createdDate"), clock("expiredDate"));
}

/// Numbers as the page prints them, which a parsed body no longer shows.
#[test]
fn a_collected_link_has_its_payment_and_money_as_printed() {
    let shop = Shop::paysharp();
    let link = shop.paysharp_create(&example(CREATE_REQUEST));
    assert_like(&shop.paysharp_status(&link.id()), STATUS_PENDING);
    let payment = shop.pay(&shop.link(&link), Says::Paid);
    let answer = shop.paysharp_status(&link.id());
    assert_like(&answer, STATUS_SUCCESS);
    for printed in
        ["\"amount\":500,", "\"fee\":5,", "\"tax\":0.90,", "\"totalFee\":5.90,", "\"netAmount\":494.10,"]
    {
        assert!(answer.text.contains(printed), "{printed} in {}", answer.text);
    }
    let data = &answer.json()["data"];
    let digits = format!("{:0>12}", payment.id.get());
    assert_eq!(data["utrNumber"], digits, "the digits of {:?}", payment.rail_reference);
    let reference = shop.door.engine.keys().code().encode_payment(payment.id).unwrap();
    assert_eq!(data["paysharpReferenceNo"], format!("upi{reference}"));
}

#[test]
fn a_link_that_is_over_says_so_without_a_payment() {
    let shop = Shop::paysharp();
    let link = shop.paysharp_create(&example(CREATE_REQUEST));
    shop.advance(24 * HOUR_MS - MINUTE_MS);
    assert_like(&shop.paysharp_status(&link.id()), STATUS_PENDING);
    shop.advance(MINUTE_MS);
    assert_like(&shop.paysharp_status(&link.id()), STATUS_EXPIRED);
}

/// The page's request has the em dash that typesetting made of two hyphens.
#[test]
fn a_link_is_sent_again_as_on_the_page() {
    let shop = Shop::paysharp();
    let link = shop.paysharp_create(&wish());
    let mut request = example(RESEND_REQUEST);
    let printed = request["linkPaymentId"].as_str().unwrap().to_owned();
    assert_eq!(printed, "rpghin6\u{2014}a");
    request["linkPaymentId"] = json!(link.id().replace("--", "\u{2014}"));
    let answer = shop.paysharp_resend(&request);
    assert_like(&answer, RESEND_RESPONSE);
    assert_eq!(answer.id(), link.id());
    assert_eq!(shop.paysharp_status(&link.id().replace("--", "%E2%80%94")).id(), link.id());
}

#[test]
fn an_unknown_link_is_refused_as_on_the_page() {
    let shop = Shop::paysharp();
    let (shown, resent) = (
        shop.paysharp_status("rpghin6--a"),
        shop.paysharp_resend(&json!({"linkPaymentId": "rpghin6--a", "sendSms": true})),
    );
    for answer in [shown, resent] {
        assert_eq!(answer.status, 400);
        assert_eq!(answer.json(), example(ERROR));
    }
}
