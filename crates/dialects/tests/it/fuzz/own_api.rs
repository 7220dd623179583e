//! Whole requests of the own API: answered in its own words, never a server error, and done once.

use axum::http::StatusCode;
use jiff::Timestamp;
use kadi_fuzz::RequestText;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::merchants::{merchant, with_keys};
use crate::support::rail::Says;
use crate::support::shop::Shop;

/// The longest answer to one request but a page of a list, in bytes.
const ANSWER_BYTES_MAX: usize = 16 * 1024;

/// Every code that a request, however wrong, may be refused with.
const CODES: [&str; 29] = [
    "amount_invalid",
    "broken_body",
    "encoded_body",
    "feature_off",
    "hold_decided",
    "hold_has_no_room",
    "hold_not_applicable",
    "idempotency_key_reused",
    "invalid_request",
    "link_busy",
    "link_cancelled",
    "link_completed",
    "link_expired",
    "malformed_json",
    "method_not_allowed",
    "not_found",
    "obligation_full",
    "obligation_mismatch",
    "obligation_paid",
    "part_unknown",
    "parts_invalid",
    "payment_not_captured",
    "reference_used",
    "refund_too_large",
    "risk_refused",
    "split_invalid",
    "too_large",
    "unauthorized",
    "unsupported_media_type",
];

fn shop() -> (Shop, Vec<(&'static str, String)>) {
    let mut demo = merchant("demo");
    demo.risk.amount_max = None;
    let shop = Shop::open(vec![with_keys(demo, &[])]);
    let made = shop.post("/v1/links", &json!({"kind": "open", "name": "Donation", "reusable": true}));
    let link = shop.link(&made);
    let payment = shop.pay(&link, Says::Paid);
    let (held, payment) = (shop.pay(&link, Says::TooMuch), payment.id.get().to_string());
    let refund = shop.post(&format!("/v1/payments/{payment}/refunds"), &json!({"amount": 5})).json();
    let known = vec![
        ("{link}", link.id.get().to_string()),
        ("{payment}", payment),
        ("{hold}", held.id.get().to_string()),
        ("{refund}", refund["id"].as_str().unwrap().to_owned()),
    ];
    (shop, known)
}

/// What holds for every answer.
fn judge(answer: &Answer) {
    let Answer { status, text, .. } = answer;
    assert!(status.as_u16() < 500, "{status}: {text}");
    if status.is_success() {
        let shown = answer.json();
        assert!(
            shown.get("data").is_some() || shown.get("openapi").is_some() || text.len() < ANSWER_BYTES_MAX
        );
    } else if !text.is_empty() {
        let code = answer.problem().unwrap_or_else(|| panic!("no problem: {status}: {text}"));
        assert!(CODES.contains(&code.as_str()), "{code}");
        assert_eq!(answer.json()["status"], status.as_u16());
        assert!(text.len() < 2 * 1024, "{text}");
    } else {
        // An address that the router does not know; the server has words for it.
        assert_eq!(*status, StatusCode::NOT_FOUND);
    }
}

#[test]
fn own_api_request() {
    let (shop, known) = shop();
    kadi_fuzz::target!("own_api_request", 150, |bytes: &[u8]| {
        let request = || RequestText::read(bytes, &known).and_then(RequestText::request);
        let Some(asked) = request() else { return };
        let is_keyed = asked.headers().contains_key("idempotency-key");
        let answer = shop.send(asked);
        judge(&answer);
        if is_keyed && answer.status.is_success() && bytes.starts_with(b"POST") {
            let again = shop.send(request().unwrap());
            assert_eq!((again.status, &again.text), (answer.status, &answer.text));
            assert_eq!(again.header("idempotency-replayed"), Some("true"));
        }
    });
}

/// The members of a new link that are answered as they were asked for.
const KEPT: [&str; 6] = ["kind", "amount", "currency", "name", "description", "max_payments"];

#[test]
fn own_api_link() {
    let (shop, _) = shop();
    kadi_fuzz::target!("own_api_link", 150, |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let answer = shop.call("POST", "/v1/links", &[], text);
        judge(&answer);
        if answer.status != StatusCode::CREATED {
            return;
        }
        let (asked, made): (Value, Value) = (serde_json::from_str(text).unwrap(), answer.json());
        for member in KEPT {
            let is_same = asked.get(member).is_none_or(|value| value.is_null() || *value == made[member]);
            assert!(is_same, "{member}: {made}");
        }
        let read = shop.get(&format!("/v1/links/{}", made["id"].as_str().unwrap()));
        assert_eq!(read.json()["created_at"], made["created_at"]);
        // A time means the same as it was asked for, and again when it is sent as it was answered.
        let ms = |time: &Value| Some(time.as_str()?.parse::<Timestamp>().unwrap().as_millisecond());
        assert_eq!(asked.get("expires_at").and_then(ms), ms(&made["expires_at"]), "{made}");
        if let Some(end) = made["expires_at"].as_str() {
            let body = json!({"kind": "open", "name": "Again", "expires_at": end});
            assert_eq!(shop.post("/v1/links", &body).json()["expires_at"], made["expires_at"]);
        }
    });
}
