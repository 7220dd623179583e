//! Who may call: several live tokens, revoked ones, other merchants, and merchants that are switched off.

use axum::body::Body;
use axum::http::Method;
use kadi_domain::merchant::Merchant;
use kadi_domain::moment::Setup;
use kadi_domain::time::HOUR_MS;
use kadi_engine::commands::administer::ImportMerchants;
use serde_json::json;

use crate::support::answer::Answer;
use crate::support::merchants::{api_key, merchant, tokens, with_keys};
use crate::support::paysharp::{CREATE, RESEND, again, bearer, call, wish};
use crate::support::shop::Shop;

/// The addresses that clients know, without the paths of the calls.
const BASES: [&str; 8] = [
    "",
    "/v1/upi",
    "/api/v1/upi",
    "/external/api/v1/upi",
    "/paysharp",
    "/paysharp/v1/upi",
    "/paysharp/api/v1/upi",
    "/paysharp/external/api/v1/upi",
];

fn assert_denied(what: &str, answer: &Answer) {
    assert_eq!(answer.status, 401, "{what}: {}", answer.text);
    assert_eq!(answer.json(), json!({"code": 401, "message": "Access denied"}), "{what}");
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{what}");
}

/// Every call with this value of `authorization`.
fn all(shop: &Shop, id: &str, authorization: &str) -> [Answer; 3] {
    let resend = json!({"linkPaymentId": id, "sendSms": true}).to_string();
    [
        shop.send(call(Method::POST, CREATE, authorization, wish().to_string())),
        shop.send(call(Method::GET, &format!("/linkpayment/{id}"), authorization, Body::empty())),
        shop.send(call(Method::POST, RESEND, authorization, resend)),
    ]
}

#[test]
fn each_base_address_serves_each_call() {
    let shop = Shop::paysharp();
    for base in BASES {
        let send = |method, path: &str, body: String| {
            let answer = shop.send(call(method, &format!("{base}{path}"), &bearer("demo"), body));
            assert_eq!(answer.status, 200, "{base}{path}: {}", answer.text);
            answer
        };
        let made = send(Method::POST, CREATE, wish().to_string());
        send(Method::GET, &format!("/linkpayment/{}", made.id()), String::new());
        send(Method::POST, RESEND, again(&made).to_string());
        let other = shop.send(call(Method::PUT, &format!("{base}{CREATE}"), &bearer("demo"), Body::empty()));
        assert_eq!(other.paysharp_no(), (405, 405, 0, "Method not allowed".to_owned()), "{base}");
    }
    assert_eq!(shop.get("/v1/links").status, 200, "the own API stays where it is");
}

#[test]
fn only_a_live_token_opens() {
    let shop = Shop::paysharp();
    let id = shop.paysharp_create(&wish()).id();
    let [one, two] = tokens("demo");
    for right in [format!("Bearer {one}"), format!("bearer {two}"), format!("BEARER  {one} ")] {
        for answer in all(&shop, &id, &right) {
            assert_eq!(answer.status, 200, "{right}: {}", answer.text);
        }
    }
    let own_api = format!("Bearer {}", api_key("demo"));
    let wrong = ["", "Bearer", "Bearer ", &one, &format!("Basic {one}"), "Bearer x", &own_api];
    for wrong in wrong {
        all(&shop, &id, wrong).iter().for_each(|answer| assert_denied(wrong, answer));
    }
    let unsent = axum::http::Request::get(format!("/linkpayment/{id}")).body(Body::empty()).unwrap();
    assert_denied("no header", &shop.send(unsent));
}

#[test]
fn every_link_in_rupees_of_the_merchant_is_found_and_no_other() {
    let shop = Shop::paysharp();
    let made = shop.paysharp_create(&wish());
    let own = |currency: &str| {
        let answer = shop
            .post("/v1/links", &json!({"kind": "fixed", "name": "x", "amount": 150, "currency": currency}));
        shop.door.code(shop.link(&answer).id).unwrap() + "--a"
    };
    let found = shop.paysharp_status(&own("INR"));
    let data = found.json()["data"].clone();
    assert_eq!((found.status.as_u16(), &data["status"]), (200, &json!("PENDING")), "{}", found.text);
    assert_eq!(data["amount"].to_string(), "1.50".parse::<serde_json::Value>().unwrap().to_string());
    assert!(data.get("validity").is_none() && data.get("expiredDate").is_none(), "it has no end: {data}");
    for (id, authorization) in [(made.id(), bearer("other")), (own("USD"), bearer("demo"))] {
        let [_, status, resend] = all(&shop, &id, &authorization);
        let absent = all(&shop, "nobody's--a", &authorization);
        assert_eq!(status.text, absent[1].text);
        assert_eq!(resend.text, absent[2].text);
        assert_eq!(status.paysharp_no().2, 7003);
    }
}

#[test]
fn a_merchant_that_is_switched_off_is_denied() {
    let shop = Shop::paysharp();
    let made = shop.paysharp_create(&wish());
    let off = Merchant { active: false, ..merchant("demo") };
    shop.submit(ImportMerchants::new(vec![with_keys(off, &[])], shop.engine().keys()).unwrap());
    all(&shop, &made.id(), &bearer("demo")).iter().for_each(|answer| assert_denied("off", answer));
}

/// Outside the sandbox nothing carries WhatsApp messages and SMS yet: the answer says so, and a resend that
/// could only go there is none.
#[test]
fn a_channel_that_is_not_set_up_is_told() {
    let setup = Setup { sms: false, whatsapp: false, ..Setup::sandbox() };
    let shop = Shop::with_setup(setup, vec![with_keys(merchant("demo"), &[])]);
    let mut body = wish();
    body["customerEmail"] = json!("ram@customer.example");
    body["sendEmail"] = json!(true);
    let made = shop.paysharp_create(&body);
    assert_eq!(made.status, 200);
    let missing = "sendSms, sendWhatsApp: no such channel is set up";
    assert_eq!(made.json()["data"]["detail"], missing);
    assert_eq!(shop.messages_of(&shop.link(&made)).len(), 1, "by e-mail");
    let refused = shop.paysharp_resend(&again(&made));
    assert_eq!(refused.paysharp_no(), (400, 400, 400, "no such channel is set up".to_owned()));
    let mixed = json!({"linkPaymentId": made.id(), "sendEmail": true, "sendSms": true});
    let resent = shop.paysharp_resend(&mixed);
    assert_eq!(resent.json()["data"]["resentCount"], 1);
    assert_eq!(resent.json()["data"]["detail"], "sendSms: no such channel is set up");
    shop.advance(25 * HOUR_MS);
    assert_eq!(shop.paysharp_resend(&mixed).paysharp_no().2, 7005);
}

#[test]
fn overload_is_503_with_the_internal_error_and_says_when_to_come_back() {
    let shop = Shop::paysharp();
    let id = shop.paysharp_create(&wish()).id();
    shop.engine().stop();
    for answer in all(&shop, &id, &bearer("demo")) {
        assert_eq!(answer.paysharp_no(), (503, 500, 5001, "Internal Server Error".to_owned()));
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
}
