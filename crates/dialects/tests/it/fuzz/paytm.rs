//! Whole requests of Paytm's link API: answered with a code of the vendor, signed where the caller is known.

use kadi_dialects::paytm::sign::PaytmKey;
use kadi_dialects::shared::amount::parse_amount;
use kadi_dialects::shared::ist::parse_ist;
use kadi_dialects::shared::json::scan;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::paytm::{KEY, signed};
use crate::support::shop::Shop;

/// What stands in a kept request where its signature belongs.
const SIGN_HERE: &str = "{signature}";
/// The longest answer, in bytes.
const ANSWER_BYTES_MAX: usize = 16 * 1024;

/// What holds for every answer; its code.
fn judge(answer: &Answer) -> String {
    let Answer { status, text, .. } = answer;
    assert!([200, 400, 413, 415].contains(&status.as_u16()), "{status}: {text}");
    assert!(text.len() < ANSWER_BYTES_MAX, "{} bytes", text.len());
    let (code, message, detail) = answer.told();
    assert!(!message.is_empty() && code != "501", "{text}");
    assert!(*status == 200 || code == "502" && !detail.is_empty(), "{text}");
    let whole = scan(text.as_bytes()).unwrap();
    let (head, body) = (answer.json()["head"].clone(), whole.member("body").unwrap());
    assert_eq!(*text, format!("{{\"head\":{},\"body\":{body}}}", whole.member("head").unwrap()));
    if let Some(signature) = head["signature"].as_str() {
        assert!(PaytmKey::new(KEY).unwrap().verify(body, signature), "{text}");
    }
    code
}

#[test]
fn paytm_request() {
    let shop = Shop::paytm();
    kadi_fuzz::target!("paytm_request", 150, |bytes: &[u8]| {
        let mut sent = bytes.to_vec();
        if let Ok(text) = std::str::from_utf8(bytes)
            && let Some(body) = scan(bytes).ok().and_then(|json| json.member("body"))
        {
            let signature = PaytmKey::new(KEY).unwrap().sign(body, *b"salt");
            sent = text.replacen(SIGN_HERE, &signature, 1).into_bytes();
        }
        let answer = shop.send_raw(&sent);
        let code = judge(&answer);
        assert!(code != "200" || answer.json()["head"]["signature"].is_string());
    });
}

/// The link of a "yes" is the one that was asked for.
fn made_as_asked(shop: &Shop, asked: &Value, answer: &Answer) {
    let made = &answer.json()["body"];
    let link = shop.link(answer);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if let (Some(amount), "FIXED" | "INVOICE") = (link.amount, asked["linkType"].as_str().unwrap()) {
        assert_eq!(parse_amount(&text(&made["amount"])), Ok(amount.get()));
        assert_eq!(parse_amount(&text(&asked["amount"])), Ok(amount.get()));
    }
    assert_eq!(made["linkType"], asked["linkType"]);
    let end = link.expires_at.unwrap().ms();
    assert_eq!(parse_ist(made["expiryDate"].as_str().unwrap()).unwrap(), end.div_euclid(1_000) * 1_000);
    if let Some(date) = asked["expiryDate"].as_str().filter(|date| !date.is_empty()) {
        assert_eq!(parse_ist(date), Ok(end));
    }
    for address in ["shortUrl", "longUrl"] {
        let address = url::Url::parse(made[address].as_str().unwrap()).unwrap();
        let code = address.path_segments().unwrap().next_back().unwrap();
        assert_eq!(shop.door.link_of(code), Some(link.id), "{address}");
    }
}

#[test]
fn paytm_link() {
    let shop = Shop::paytm();
    let head = json!({"tokenType": "AES", "clientId": "C11"});
    kadi_fuzz::target!("paytm_link", 150, |bytes: &[u8]| {
        let Ok(body) = std::str::from_utf8(bytes) else { return };
        // Dates move with the days; the kept ones do not.
        let body = body.replace("{date}", &shop.date(30)).replace("{day}", &shop.day(30));
        let answer = shop.send_raw(signed(&head, KEY, &body));
        if judge(&answer) == "200" {
            made_as_asked(&shop, &serde_json::from_str(&body).unwrap(), &answer);
        }
    });
}
