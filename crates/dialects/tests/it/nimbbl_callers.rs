//! Who may call: tokens of twenty minutes, several secrets, revoked ones, and merchants that are switched
//! off.

use axum::body::Body;
use axum::http::{Method, Request};
use kadi_dialects::nimbbl::settings::{ACCESS_SECRET, DIALECT};
use kadi_dialects::nimbbl::sign::NimbblKey;
use kadi_dialects::nimbbl::token::{Claims, LIFE_MS, issue, read};
use kadi_domain::merchant::Merchant;
use kadi_domain::secret::Secret;
use kadi_domain::time::MINUTE_MS;
use kadi_engine::commands::administer::{ImportMerchants, NewCredential, RevokeCredential};
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::merchants::{access_key, access_secret, api_key, merchant, with_keys};
use crate::support::nimbbl::{ACTIONS, CREATE, CREATE_V2, ENQUIRY, TOKEN, call, wish, wish_v2};
use crate::support::paytm::with;
use crate::support::shop::Shop;

fn assert_denied(what: &str, answer: &Answer) {
    let told = (401, "AUTHENTICATION_FAILED".to_owned(), String::new());
    assert_eq!(answer.nimbbl_no(), told, "{what}: {}", answer.text);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{what}");
}

/// Every call about the link `invoice` with this token.
fn all(shop: &Shop, invoice: &str, token: &str) -> Vec<Answer> {
    let post = |path: &str, body: Value| shop.send(call(Method::POST, path, token, body.to_string()));
    let get = |path: String| shop.send(call(Method::GET, &path, token, Body::empty()));
    vec![
        get(format!("/api/v3/payment-link/{invoice}")),
        get(format!("/api/v3/payment-link/invoice/{invoice}")),
        get(format!("/api/v3/payment-links/invoice/{invoice}")),
        post(ENQUIRY, json!({"invoice_id": invoice})),
        post(ACTIONS, json!({"invoice_id": invoice, "action": "send"})),
        post(CREATE, wish(invoice)),
        post(CREATE_V2, wish_v2(invoice)),
    ]
}

#[test]
fn a_token_is_given_for_twenty_minutes_and_several_live_at_once() {
    let shop = Shop::nimbbl();
    shop.nimbbl_link(&wish("i-1"));
    let given = shop.nimbbl_login(&access_key("demo"), &access_secret("demo"));
    let (body, names) = (given.json(), ["expires_at", "token"]);
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), names);
    let shape: String = body["expires_at"]
        .as_str()
        .unwrap()
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    assert_eq!((given.status.as_u16(), shape.as_str()), (200, "0000-00-00T00:00:00.000000"));
    let first = body["token"].as_str().unwrap().to_owned();
    let left = read(&first).unwrap().ends_at_ms() - shop.engine().now().ms();
    assert!((LIFE_MS - 5_000..=LIFE_MS).contains(&left), "{left}");
    shop.advance(MINUTE_MS);
    let second = shop.nimbbl_token("demo");
    assert_ne!(first, second);
    let ask = |token: &str| shop.send(call(Method::GET, "/api/v3/payment-link/i-1", token, Body::empty()));
    assert_eq!((ask(&first).status.as_u16(), ask(&second).status.as_u16()), (200, 200));
    shop.advance(LIFE_MS - MINUTE_MS - 10_000);
    assert_eq!(ask(&first).status, 200);
    shop.advance(10_000);
    all(&shop, "i-1", &first).iter().for_each(|answer| assert_denied("over", answer));
    assert_eq!(ask(&second).status, 200);
}

#[test]
fn only_a_live_token_opens() {
    let shop = Shop::nimbbl();
    shop.nimbbl_link(&wish("i-1"));
    let token = shop.nimbbl_token("demo");
    let key = NimbblKey::new(&access_secret("demo")).unwrap();
    let claims = read(&token).unwrap();
    let other_key = NimbblKey::new(&access_secret("other")).unwrap();
    let wrong = [
        String::new(),
        "x".to_owned(),
        access_secret("demo"),
        api_key("demo"),
        issue(&other_key, &claims).unwrap(),
        issue(&key, &Claims { sub: access_key("other"), ..claims.clone() }).unwrap(),
        issue(&key, &Claims { kid: claims.kid + 1, ..claims.clone() }).unwrap(),
        issue(&key, &Claims { exp: shop.engine().now().seconds(), ..claims.clone() }).unwrap(),
        issue(&key, &Claims { sub: "access_key_nobody".to_owned(), ..claims }).unwrap(),
        token.to_ascii_uppercase(),
    ];
    for wrong in wrong {
        all(&shop, "i-1", &wrong).iter().for_each(|answer| assert_denied(&wrong, answer));
    }
    let unsent = Request::get("/api/v3/payment-link/i-1").body(Body::empty()).unwrap();
    assert_denied("no header", &shop.send(unsent));
}

#[test]
fn only_the_right_key_and_secret_get_a_token() {
    let shop = Shop::nimbbl();
    let (key, secret) = (access_key("demo"), access_secret("demo"));
    for (key, secret) in [
        (key.as_str(), "access_secret_wrong"),
        (&key, &access_secret("other")),
        ("access_key_nobody", &secret),
        (&secret, &key),
    ] {
        assert_denied(key, &shop.nimbbl_login(key, secret));
    }
    let body = json!({"access_key": key, "access_secret": secret});
    let ask = |body: Value| {
        let request = Request::post(TOKEN).body(Body::from(body.to_string())).unwrap();
        shop.send(request).nimbbl_no()
    };
    let invalid = |name: &str| (400, "INVALID_REQUEST_PARAMETER".to_owned(), name.to_owned());
    for name in ["access_key", "access_secret"] {
        for value in [Value::Null, json!(""), json!("  "), json!(7), json!("x".repeat(513))] {
            assert_eq!(ask(with(body.clone(), name, value)), invalid(name));
        }
    }
}

/// An access key with two secrets: tokens of the old one end with it, those of the new one do not.
#[test]
fn a_revoked_secret_ends_its_tokens() {
    let shop = Shop::nimbbl();
    shop.nimbbl_link(&wish("i-1"));
    let (mut input, old) = (with_keys(merchant("demo"), &[]), shop.nimbbl_token("demo"));
    input.2.push(NewCredential {
        dialect: DIALECT,
        slot: ACCESS_SECRET.to_owned(),
        label: access_key("demo"),
        secret: Secret::new("access_secret_second".to_owned()),
        is_bearer: false,
    });
    shop.submit(ImportMerchants::new(vec![input], shop.engine().keys()).unwrap());
    let new = shop.nimbbl_login(&access_key("demo"), "access_secret_second").json()["token"].clone();
    let new = new.as_str().unwrap();
    let ask = |token: &str| shop.send(call(Method::GET, "/api/v3/payment-link/i-1", token, Body::empty()));
    assert_eq!((ask(&old).status.as_u16(), ask(new).status.as_u16()), (200, 200));
    let first = read(&old).unwrap().kid;
    revoke(&shop, first);
    all(&shop, "i-1", &old).iter().for_each(|answer| assert_denied("revoked", answer));
    assert_denied("revoked", &shop.nimbbl_login(&access_key("demo"), &access_secret("demo")));
    assert_eq!(ask(new).status, 200);
    let signed = ask(new).json()["payment_link_signature"].clone();
    let second = NimbblKey::new("access_secret_second").unwrap();
    let hash = ask(new).json()["payment_link_hash"].as_str().unwrap().to_owned();
    assert_eq!(signed, second.sign(&format!("i-1|created|INR|0.00|{hash}")));
}

fn revoke(shop: &Shop, number: i64) {
    let merchant = shop.read(|reader| reader.merchant_by_slug("demo")).unwrap();
    let credentials = shop.read(move |reader| reader.credentials_of(merchant.id));
    let credential = credentials.into_iter().find(|credential| credential.id.get() == number).unwrap();
    shop.submit(RevokeCredential { slug: "demo".to_owned(), credential_id: credential.id });
}

#[test]
fn another_merchants_link_is_not_there() {
    let shop = Shop::nimbbl();
    let (made, _) = shop.nimbbl_link(&wish("i-1"));
    let stranger = shop.nimbbl_token("other");
    let (found, absent) = (all(&shop, "i-1", &stranger), all(&shop, "i-2", &stranger));
    for (found, absent) in found.iter().zip(&absent).take(5) {
        assert_eq!((found.status, &found.text), (absent.status, &absent.text));
        assert_eq!(found.nimbbl_no().0, 404);
    }
    let hash = made.json()["payment_link_hash"].as_str().unwrap().to_owned();
    let path = format!("/api/v3/payment-link/hash/{hash}");
    assert_eq!(shop.send(call(Method::GET, &path, &stranger, Body::empty())).nimbbl_no().0, 404);
    for (path, body) in [(ENQUIRY, json!({})), (ACTIONS, json!({"action": "cancel"}))] {
        let body = with(body, "payment_link_id", format!("pl_{hash}")).to_string();
        assert_eq!(shop.send(call(Method::POST, path, &stranger, body)).nimbbl_no().0, 404);
    }
    assert_eq!(shop.nimbbl_get(&path).nimbbl_status(), "created");
}

#[test]
fn a_merchant_that_is_switched_off_is_denied() {
    let shop = Shop::nimbbl();
    shop.nimbbl_link(&wish("i-1"));
    let token = shop.nimbbl_token("demo");
    let off = Merchant { active: false, ..merchant("demo") };
    shop.submit(ImportMerchants::new(vec![with_keys(off, &[])], shop.engine().keys()).unwrap());
    all(&shop, "i-1", &token).iter().for_each(|answer| assert_denied("off", answer));
    assert_denied("off", &shop.nimbbl_login(&access_key("demo"), &access_secret("demo")));
}

#[test]
fn overload_is_503_with_the_internal_error_and_says_when_to_come_back() {
    let shop = Shop::nimbbl();
    shop.nimbbl_link(&wish("i-1"));
    let token = shop.nimbbl_token("demo");
    shop.engine().stop();
    for answer in all(&shop, "i-1", &token) {
        assert_eq!(answer.nimbbl_no(), (503, "INTERNAL_SERVER_ERROR".to_owned(), String::new()));
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
}
