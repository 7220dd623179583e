//! Rightly signed bodies of Paytm's payment requests and of questions about orders: answered in their words,
//! and a "yes" is what was asked for.

use std::cell::Cell;

use kadi_dialects::paytm::sign::PaytmKey;
use kadi_dialects::shared::amount::parse_amount;
use kadi_dialects::shared::ist::parse_ist_dashed;
use kadi_dialects::shared::json::scan;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::paytm::{KEY, signed};
use crate::support::paytm_orders::{RESEND, SEND, STATUS, payment_request};
use crate::support::shop::Shop;

/// What stands in a kept request where an id belongs that was never used.
const ORDER_HERE: &str = "{order}";
/// The longest answer, in bytes.
const ANSWER_BYTES_MAX: usize = 4 * 1024;

/// What holds for every answer; its code.
fn judge(answer: &Answer, codes: &[&str]) -> String {
    let Answer { status, text, .. } = answer;
    assert_eq!(*status, 200, "{text}");
    assert!(text.len() < ANSWER_BYTES_MAX && text.is_ascii(), "{text}");
    let [code, status, message] = answer.row();
    assert!(codes.contains(&code.as_str()) && !status.is_empty() && !message.is_empty(), "{text}");
    let whole = scan(text.as_bytes()).unwrap();
    let (head, body) = (whole.member("head").unwrap(), whole.member("body").unwrap());
    assert_eq!(*text, format!("{{\"head\":{head},\"body\":{body}}}"));
    if let Some(signature) = answer.json()["head"]["signature"].as_str() {
        assert!(PaytmKey::new(KEY).unwrap().verify(body, signature), "{text}");
    }
    code
}

fn call(shop: &Shop, path: &str, body: &str) -> Answer {
    shop.order_raw(path, signed(&json!({"clientId": "C11"}), KEY, body))
}

#[test]
fn paytm_payment_request() {
    let shop = Shop::orders();
    let count = Cell::new(0_u64);
    let codes = ["SPR_001", "SPR_002", "WM_1011", "GE_0003", "SPRO_007"];
    kadi_fuzz::target!("paytm_payment_request", 150, |bytes: &[u8]| {
        let Ok(body) = std::str::from_utf8(bytes) else { return };
        count.set(count.get() + 1);
        let body = body.replace(ORDER_HERE, &format!("F{}", count.get()));
        let answer = call(&shop, SEND, &body);
        if judge(&answer, &codes) != "SPR_001" {
            return;
        }
        let asked: Value = serde_json::from_str(&body).unwrap();
        let text = |name: &str| {
            let value = &asked[name];
            value.as_str().map_or_else(|| value.to_string(), str::to_owned)
        };
        let link = shop.requested_link(&answer);
        assert_eq!(parse_amount(&text("amount")), Ok(link.amount.unwrap().get()));
        if let Some(date) = asked["expiry"].as_str().filter(|date| !date.is_empty()) {
            assert_eq!(parse_ist_dashed(date), Ok(link.expires_at.unwrap().ms()));
        }
        let told = shop.order_status(&text("merchantOrderId"));
        assert_eq!((told.row()[0].as_str(), &told.json()["body"]["posId"]), ("402", &asked["posId"]));
    });
}

#[test]
fn paytm_order() {
    let shop = Shop::orders();
    shop.requested(&payment_request("KNOWN"));
    kadi_fuzz::target!("paytm_order", 150, |bytes: &[u8]| {
        let Ok(body) = std::str::from_utf8(bytes) else { return };
        let codes = ["SPR_001", "SPR_002", "SPRO_005", "SPRO_007", "GE_0003"];
        judge(&call(&shop, RESEND, body), &codes);
        judge(&call(&shop, STATUS, body), &["402", "331", "334", "335", "501", "330"]);
    });
}
