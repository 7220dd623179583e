//! Tamarind's calls: who may call, the codes with their texts, and the words for how a pod is.

use axum::http::{HeaderValue, Request};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::answer::Answer;
use crate::support::merchants::{merchant, with_keys};
use crate::support::rail::Says;
use crate::support::shop::Shop;

/// The farm of the merchant with this name.
pub(crate) fn farm(slug: &str) -> String {
    format!("farm_{slug}")
}

/// Its secret.
pub(crate) fn secret(slug: &str) -> String {
    format!("secret_of_{slug}")
}

/// Signs a request as the merchant with this name would.
pub(crate) fn sign(slug: &str, request: &mut Request<Vec<u8>>) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    sign_at(slug, i64::try_from(now.as_secs()).unwrap(), request);
}

fn sign_at(slug: &str, time: i64, request: &mut Request<Vec<u8>>) {
    let address = request.uri().to_string();
    let address = address.strip_prefix("/tamarind").unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret(slug).as_bytes()).unwrap();
    mac.update(format!("{}\n{address}\n{time}\n", request.method()).as_bytes());
    mac.update(request.body());
    let signature = data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes());
    let values = [
        ("tamarind-farm", farm(slug)),
        ("tamarind-time", time.to_string()),
        ("tamarind-signature", signature),
    ];
    for (name, value) in values {
        request.headers_mut().insert(name, HeaderValue::from_str(&value).unwrap());
    }
}

/// A right body.
pub(crate) fn wish(basket: &str) -> Value {
    let (price, phone) = ("INR 1.234,50", "9000000001");
    json!({"basket": basket, "label": "Two pods", "price": price, "hours": 20, "phone": phone})
}

fn shop() -> Shop {
    Shop::open(vec![with_keys(merchant("demo"), &[])])
}

fn post(shop: &Shop, path: &str, body: &Value) -> Answer {
    send(shop, Request::post(path).body(body.to_string().into_bytes()).unwrap())
}

fn send(shop: &Shop, mut request: Request<Vec<u8>>) -> Answer {
    sign("demo", &mut request);
    shop.send(request.map(Into::into))
}

fn state(shop: &Shop, pod: &str) -> String {
    let answer = send(shop, Request::get(format!("/tamarind/pods/{pod}")).body(Vec::new()).unwrap());
    answer.json()["state"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

#[test]
fn a_call_is_known_by_its_own_signature_alone() {
    let shop = shop();
    let now = shop.engine().real_now().seconds();
    let whole = || Request::post("/tamarind/pods").body(wish("B-1").to_string().into_bytes()).unwrap();
    let with = |change: fn(&mut Request<Vec<u8>>), time: i64| {
        let mut request = whole();
        sign_at("demo", time, &mut request);
        change(&mut request);
        shop.send(request.map(Into::into))
    };
    let late: [(fn(&mut Request<Vec<u8>>), i64); 6] = [
        (|_| {}, now - 400),
        (|_| {}, now + 400),
        (|request| request.body_mut().push(b' '), now),
        (|request| *request.uri_mut() = "/tamarind/pods?a=b".parse().unwrap(), now),
        (|request| drop(request.headers_mut().remove("tamarind-signature")), now),
        (|request| drop(request.headers_mut().insert("tamarind-time", HeaderValue::from_static("0"))), now),
    ];
    for (change, time) in late {
        let answer = with(change, time);
        assert_eq!(answer.status, 401, "{}", answer.text);
        assert_eq!(answer.json(), json!({"worm": {"code": "T1", "says": "Nobody knows this farm"}}));
    }
    assert_eq!(with(|_| {}, now - 200).status, 200);
}

#[test]
fn every_code_has_its_text() {
    let shop = shop();
    let made = post(&shop, "/tamarind/pods", &wish("B-1"));
    let pod = made.json()["pod"].as_str().unwrap().to_owned();
    let shake = format!("/tamarind/pods/{pod}/shake");
    assert_eq!(post(&shop, &shake, &json!({})).json()["state"], "shaken");
    let priced = |price: &str| {
        let mut body = wish("B-2");
        body["price"] = json!(price);
        body
    };
    for (path, body, status, code, says) in [
        ("/tamarind/pods/x/shake", json!({}), 404, "T2", "No such pod hangs here"),
        ("/tamarind/pods", wish("B-1"), 409, "T3", "The basket has a pod"),
        (shake.as_str(), json!({}), 409, "T4", "The pod has fallen"),
        ("/tamarind/pods", priced("INR 0,99"), 422, "T5", "The price is too small"),
        ("/tamarind/pods", priced("INR 1.000.000,00"), 422, "T6", "The price is too large"),
        ("/tamarind/pods", priced("INR 60.000,00"), 403, "T7", "The elders refuse"),
        ("/tamarind/pods", priced("1234.50"), 400, "T8", "price is not of the form INR 1.234,50"),
    ] {
        let answer = post(&shop, path, &body);
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.text);
        assert_eq!(answer.json(), json!({"worm": {"code": code, "says": says}}), "{path} {body}");
    }
    let answer = send(&shop, Request::delete("/tamarind/pods").body(Vec::new()).unwrap());
    assert_eq!((answer.status.as_u16(), &answer.json()["worm"]["code"]), (405, &json!("T11")));
}

#[test]
fn a_pod_has_words_that_kadi_lacks() {
    let shop = shop();
    let made = post(&shop, "/tamarind/pods", &wish("B-1"));
    let pod = made.json()["pod"].as_str().unwrap().to_owned();
    assert_eq!(made.json()["price"], "INR 1.234,50");
    assert_eq!(state(&shop, &pod), "ripening");
    let mut unsent = wish("B-0");
    unsent["phone"] = Value::Null;
    assert_eq!(post(&shop, "/tamarind/pods", &unsent).json()["state"], "green");
    shop.advance(17 * 3_600_000);
    assert_eq!(state(&shop, &pod), "ripening");
    shop.advance(3_600_000 + 60_000);
    assert_eq!(state(&shop, &pod), "overripe");
    let link = shop.door.link_of(&pod).unwrap();
    let link = shop.read(move |reader| reader.link(link)).unwrap();
    shop.pay(&link, Says::Paid);
    assert_eq!(state(&shop, &pod), "eaten");
    let (_, call) = shop.deliveries(&link).remove(0);
    assert!(call.body.contains("basket=B-1&state=eaten&eaten=INR+1.234%2C50&at="), "{}", call.body);
    let rotten = post(&shop, "/tamarind/pods", &wish("B-2")).json()["pod"].as_str().unwrap().to_owned();
    shop.advance(20 * 3_600_000);
    assert_eq!(state(&shop, &rotten), "rotten");
    assert!(shop.verify().is_clean());
}
