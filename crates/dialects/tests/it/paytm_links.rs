//! What a create call stores: uses, contacts, texts, dates.

use kadi_domain::link::{Link, LinkText, TextKind};
use kadi_domain::merchant::Feature;
use kadi_domain::time::DAY_MS;
use serde_json::{Value, json};

use crate::support::merchants::{merchant, with_keys};
use crate::support::paytm::{KEY, fixed, generic, with};
use crate::support::shop::Shop;

fn texts(shop: &Shop, link: &Link) -> Vec<(TextKind, i64, String)> {
    let id = link.id;
    let texts = shop.read(move |reader| reader.texts_of(id));
    texts.into_iter().map(|LinkText { kind, position, value }| (kind, position, value)).collect()
}

fn made(shop: &Shop, body: &Value) -> Link {
    let answer = shop.create(body);
    assert_eq!(answer.word(), "200", "{body}");
    shop.link(&answer)
}

#[test]
fn a_link_takes_as_many_payments_as_its_type_and_members_say() {
    let shop = Shop::paytm();
    let uses = |body: &Value| {
        let link = made(&shop, body);
        (link.due.is_some(), link.max_payments, link.one_order)
    };
    assert_eq!(uses(&fixed()), (false, None, false));
    assert_eq!(uses(&generic()), (false, None, false));
    assert_eq!(uses(&shop.invoice("1")), (true, None, false));
    assert_eq!(uses(&with(shop.invoice("2"), "maxPaymentsAllowed", 5)), (true, None, false));
    assert_eq!(uses(&with(fixed(), "maxPaymentsAllowed", "5")), (false, Some(5), false));
    assert_eq!(uses(&with(generic(), "maxPaymentsAllowed", 1)), (false, Some(1), false));
    for body in [fixed(), generic(), shop.invoice("3")] {
        assert_eq!(uses(&with(body, "singleTransactionOnly", true)), (false, Some(1), true));
    }
    assert_eq!(uses(&with(fixed(), "linkOrderId", "A")), (false, Some(1), true));
    assert_eq!(uses(&with(fixed(), "singleTransactionOnly", false)), (false, None, false));
}

#[test]
fn a_link_in_parts_is_one_obligation_of_its_amount() {
    let shop = Shop::paytm();
    let uses = |body: Value| {
        let link = made(&shop, &with(body, "partialPayment", "true"));
        (link.due == link.amount && link.due.is_some(), link.max_payments, link.terms.parts.is_some())
    };
    assert_eq!(uses(fixed()), (true, None, true));
    assert_eq!(uses(shop.invoice("P1")), (true, None, true));
    assert_eq!(uses(with(fixed(), "maxPaymentsAllowed", "5")), (true, Some(5), true));
    assert_eq!(uses(with(shop.invoice("P2"), "maxPaymentsAllowed", 3)), (true, Some(3), true));
    for (member, value) in [("singleTransactionOnly", json!(true)), ("linkOrderId", json!("A"))] {
        let both = with(with(fixed(), "partialPayment", true), member, value);
        assert_eq!(shop.create(&both).word(), "502 partialPayment", "one order is not several payments");
    }
    let mut without = merchant("demo");
    without.features.remove(&Feature::Partial);
    let shop = Shop::open(vec![with_keys(without, &[("C11", KEY)])]);
    assert_eq!(shop.create(&with(fixed(), "partialPayment", true)).word(), "502 partialPayment");
    assert_eq!(shop.create(&with(fixed(), "partialPayment", false)).word(), "200");
}

#[test]
fn a_link_ends_when_it_was_said_or_after_ninety_days() {
    let shop = Shop::paytm();
    let link = made(&shop, &fixed());
    let life = link.expires_at.unwrap().ms() - link.created_at.ms();
    assert!((90 * DAY_MS - 5_000..=90 * DAY_MS).contains(&life), "{life}");
    let day = shop.day(10);
    let link = made(&shop, &with(fixed(), "expiryDate", day.as_str()));
    let end = kadi_dialects::shared::ist::ist_text(link.expires_at.unwrap().ms()).unwrap();
    assert_eq!(end, format!("{day} 23:59:59"));
}

#[test]
fn everything_the_merchant_wrote_is_kept() {
    let shop = Shop::paytm();
    let mut body = shop.invoice("INV-9");
    let more = json!({
        "merchantRequestId": "R-1", "linkNotes": "private\nनोट", "resellerId": "Dipend011",
        "customPaymentSuccessMessage": "धन्यवाद", "redirectionUrlSuccess": "https://shop.example/yes",
        "redirectionUrlFailure": "https://shop.example/no", "orderId": "O 1",
        "callbackUrl": "https://shop.example/back", "merchantUniqueReference": "M-1",
        "extendInfo": {"ref12": "twelve", "ref1": "one", "ref2": 2, "ref3": null, "ref4": ""},
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let link = made(&shop, &body);
    let found: Vec<String> =
        texts(&shop, &link).into_iter().map(|(kind, at, value)| format!("{kind:?} {at} {value:?}")).collect();
    insta::assert_snapshot!("paytm_texts", found.join("\n"));
    let lines = shop.read(move |reader| reader.lines_of(link.id));
    insta::assert_debug_snapshot!("paytm_lines", lines);
}

#[test]
fn extend_info_may_be_an_object_or_its_json_text() {
    let shop = Shop::paytm();
    let kept = |value: Value| texts(&shop, &made(&shop, &with(fixed(), "extendInfo", value)));
    let both = [(TextKind::Extend, 1, "a".to_owned()), (TextKind::Extend, 10, "b".to_owned())];
    assert_eq!(kept(json!({"ref10": "b", "ref1": "a"})), both);
    assert_eq!(kept(json!("{\"ref10\":\"b\",\"ref1\":\"a\"}")), both);
    assert_eq!(kept(json!(" { \"ref1\" : \"a\", \"ref10\" : \"b\" } ")), both);
    for nothing in [json!({}), json!("{}"), json!([]), json!(""), json!("  "), Value::Null] {
        assert_eq!(kept(nothing), []);
    }
    let refused = [
        (json!({"ref0": "a"}), "extendInfo"),
        (json!({"ref13": "a"}), "extendInfo"),
        (json!({"ref01": "a"}), "extendInfo"),
        (json!({"ref+1": "a", "ref1": "b"}), "extendInfo"),
        (json!({"other": "a"}), "extendInfo"),
        (json!("{\"ref1\":\"a\"} x"), "extendInfo"),
        (json!("[]x"), "extendInfo"),
        (json!("[\"a\"]"), "extendInfo"),
        (json!({"ref1": true}), "extendInfo.ref1"),
        (json!("{\"ref2\":{}}"), "extendInfo.ref2"),
        (json!({"ref1": "a".repeat(255)}), "extendInfo.ref1"),
        (json!({"ref1": "a\u{202e}"}), "extendInfo.ref1"),
    ];
    for (value, path) in refused {
        let answer = shop.create(&with(fixed(), "extendInfo", value.clone()));
        assert_eq!(answer.word(), format!("502 {path}"), "{value}");
    }
}

#[test]
fn the_customers_phone_stands_for_a_missing_mobile_number() {
    let shop = Shop::paytm();
    let contacts = |contact: Value| {
        let body = with(with(fixed(), "customerContact", contact), "sendSms", true);
        let answer = shop.create(&body).json();
        answer["body"]["notificationDetails"][0]["contact"].as_str().unwrap().to_owned()
    };
    assert_eq!(contacts(json!({"customerPhone": "09000000002"})), "9000000002");
    assert_eq!(
        contacts(json!({"customerMobile": "9000000001", "customerPhone": "9000000002"})),
        "9000000001"
    );
    assert_eq!(contacts(json!({"customerMobile": null, "customerPhone": "919000000003"})), "9000000003");
}

#[test]
fn a_refused_request_stores_nothing() {
    let shop = Shop::paytm();
    for body in [with(fixed(), "amount", 0), with(fixed(), "currency", "USD")] {
        assert_ne!(shop.create(&body).word(), "200");
    }
    assert_eq!(shop.get("/v1/links").text, "{\"data\":[],\"next\":null}");
}
