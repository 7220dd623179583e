//! Whole bodies of Paysharp's link API: answered in its words, and a "yes" is what was asked for.

use kadi_dialects::shared::amount::parse_amount;
use kadi_dialects::shared::json::scan;
use kadi_domain::time::HOUR_MS;
use serde_json::Value;

use crate::support::answer::Answer;
use crate::support::paysharp::{CREATE, RESEND, wish};
use crate::support::shop::Shop;

/// What stands in a kept resend where the id of a link belongs.
const ID_HERE: &str = "{id}";

/// What holds for every answer; is it a "yes"?
fn judge(answer: &Answer) -> bool {
    let (status, code, error, message) = answer.paysharp_no();
    assert!([200, 400, 413, 415].contains(&status), "{}", answer.text);
    assert_eq!(u64::from(status), code, "{}", answer.text);
    assert!(!message.is_empty());
    let is_yes = status == 200;
    assert_eq!(is_yes, error == 0, "{}", answer.text);
    let codes = [0, 400, 413, 415, 7001, 7002, 7003, 7004, 7005];
    assert!(codes.contains(&error), "{}", answer.text);
    is_yes
}

/// The raw text of a member, which no reader of numbers has changed.
fn raw<'a>(text: &'a str, name: &str) -> &'a str {
    scan(text.as_bytes()).unwrap().member(name).unwrap()
}

fn flag(asked: &Value, name: &str) -> bool {
    asked[name] == true
}

/// The link and the answer say what the request said.
fn made_as_asked(shop: &Shop, asked: &str, answer: &Answer) {
    let link = shop.link(answer);
    let data = raw(&answer.text, "data");
    let amount = link.amount.unwrap().get();
    assert_eq!(parse_amount(raw(asked, "amount")), Ok(amount));
    assert_eq!(parse_amount(raw(data, "amount")), Ok(amount));
    let (asked, made): (Value, Value) =
        (serde_json::from_str(asked).unwrap(), serde_json::from_str(data).unwrap());
    for name in ["remarks", "validity", "customerName", "customerMobileNo"] {
        assert_eq!(made[name], asked[name], "{name}");
    }
    for name in ["sendEmail", "sendSms", "sendWhatsApp"] {
        assert_eq!(made[name], flag(&asked, name), "{name}");
    }
    assert_eq!(made["customerEmail"], asked["customerEmail"].as_str().unwrap_or_default());
    let hours = asked["validity"].as_i64().unwrap();
    assert_eq!(link.expires_at.unwrap().ms() - link.created_at.ms(), hours * HOUR_MS);
    let status = shop.paysharp_status(&answer.id()).json()["data"].clone();
    for name in ["linkPaymentUrl", "amount", "remarks", "validity", "createdDate", "expiredDate"] {
        assert_eq!(status[name], made[name], "{name}");
    }
}

#[test]
fn paysharp_link() {
    let shop = Shop::paysharp();
    kadi_fuzz::target!("paysharp_link", 150, |bytes: &[u8]| {
        let answer = shop.paysharp_raw(CREATE, bytes.to_vec());
        if judge(&answer) {
            made_as_asked(&shop, std::str::from_utf8(bytes).unwrap(), &answer);
        }
    });
}

#[test]
fn paysharp_resend() {
    let shop = Shop::paysharp();
    let fresh = || shop.paysharp_create(&wish());
    let mut link = fresh();
    kadi_fuzz::target!("paysharp_resend", 150, |bytes: &[u8]| {
        let mut sent = bytes.to_vec();
        if let Ok(text) = std::str::from_utf8(bytes) {
            sent = text.replacen(ID_HERE, &link.id(), 1).into_bytes();
        }
        let before = shop.link(&link).resent_count;
        let answer = shop.paysharp_raw(RESEND, sent);
        let after = shop.link(&link).resent_count;
        assert_eq!(after, before + i64::from(judge(&answer)));
        if after == 3 {
            link = fresh();
        }
    });
}
