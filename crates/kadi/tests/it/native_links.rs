//! Kadi's own API: making, showing, listing and cancelling links, and who may.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::http::Call;
use crate::harness::own_api::{fixed, problem, text};
use crate::harness::peers::epoch_s;
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const MEMBERS: &str = "id code url kind name amount currency amount_captured amount_refunded status sent_at \
                       opened_at expires_at reusable max_payments parts customer references created_at";

#[test]
fn a_new_link_has_every_member_of_the_contract_and_reads_back_the_same() {
    let server = Server::dev();
    let shop = Shop::open(&server, "own");
    let answer = shop.post_json("/v1/links", &fixed());
    assert_eq!(answer.status, 201, "{}", answer.text());
    let link = answer.json();
    let known: BTreeSet<&str> = link.as_object().unwrap().keys().map(String::as_str).collect();
    for member in MEMBERS.split_whitespace() {
        assert!(known.contains(member), "{member} is missing: {link}");
    }
    let id = text(&link["id"]);
    assert!(answer.header("location").is_some_and(|path| path.ends_with(&format!("/v1/links/{id}"))));
    assert_eq!(text(&link["code"]).len(), 13);
    assert_eq!(link["url"], format!("{}/p/{}", server.base_url(), text(&link["code"])));
    assert_eq!(
        (&link["kind"], &link["amount"], &link["currency"]),
        (&json!("fixed"), &json!(100_000), &json!("INR"))
    );
    assert_eq!((&link["status"], &link["amount_captured"]), (&json!("active"), &json!(0)));
    let age = epoch_s(&server.now()) - epoch_s(text(&link["created_at"]));
    assert!((0..60).contains(&age), "{link}");
    assert!(text(&link["created_at"]).ends_with('Z'));
    assert_eq!(shop.show(&link), link);
}

#[test]
fn open_reusable_and_limited_links_take_what_they_say() {
    let server = Server::dev();
    let shop = Shop::open(&server, "kinds");
    let pay = |link: &Value, amount: &str| {
        server.pay_with(text(&link["code"]), &json!({"outcome": "success", "amount": amount}))
    };
    let open = shop.link(&json!({"kind": "open", "currency": "INR", "name": "Gift"}));
    assert_eq!(pay(&open, "12.34").status, 200);
    problem(&pay(&open, "12.34"), 409, "link_completed");
    let mut wish = fixed();
    wish["reusable"] = json!(true);
    let reusable = shop.link(&wish);
    for _ in 0..3 {
        assert_eq!(pay(&reusable, "1000").status, 200);
    }
    assert_eq!(shop.show(&reusable)["amount_captured"], 300_000);
    wish["max_payments"] = json!(2);
    let limited = shop.link(&wish);
    assert_eq!(pay(&limited, "1000").status, 200);
    assert_eq!(pay(&limited, "1000").status, 200);
    problem(&pay(&limited, "1000"), 409, "link_completed");
    server.verify();
}

#[test]
fn an_invoice_adds_up_or_is_refused() {
    let server = Server::dev();
    let shop = Shop::open(&server, "invoices");
    let mut wish = json!({
        "kind": "invoice", "amount": 29_100, "currency": "INR", "name": "Books", "reference": "INV-7",
        "customer": {"name": "Asha", "mobile": "+919000000001", "email": "asha@customer.example",
                     "id": "C-1"},
        "send": ["sms", "email"], "notes": "private",
        "lines": [
            {"name": "Atlas", "code": "AT-1", "units": 2, "unit_amount": 10_000,
             "taxes": [{"name": "CGST", "amount": 900}, {"name": "SGST", "amount": 900}]},
            {"name": "Reader", "units": 1, "unit_amount": 5_500},
        ],
    });
    let link = shop.link(&wish);
    assert_eq!(link["references"], json!([{"dialect": "native", "value": "INV-7"}]));
    assert_eq!(link["customer"]["mobile"], "9000000001");
    assert!(link["sent_at"].is_string(), "{link}");
    assert!(text(&server.message("9000000001", "sms")["text"]).contains(text(&link["url"])));
    problem(&shop.post_json("/v1/links", &wish), 409, "reference_used");
    wish["reference"] = json!("INV-8");
    wish["amount"] = json!(29_101);
    problem(&shop.post_json("/v1/links", &wish), 422, "invalid_request");
    assert_eq!(server.pay(text(&link["code"]), "success")["amount"], 29_100);
    let story = ["link.created", "link.sent", "payment.captured", "link.completed"];
    assert_eq!(shop.events_of(&link), story);
    server.verify();
}

#[test]
fn a_link_expires_at_its_time() {
    let server = Server::dev();
    let shop = Shop::open(&server, "timed");
    let mut wish = fixed();
    wish["expires_at"] = json!("2031-01-01T00:00:00Z");
    let link = shop.link(&wish);
    assert_eq!(epoch_s(text(&link["expires_at"])), epoch_s("2031-01-01T00:00:00Z"));
    let seconds = epoch_s("2031-01-01T00:00:00Z") - epoch_s(&server.now());
    server.advance(u64::try_from(seconds).unwrap());
    assert_eq!(shop.show(&link)["status"], "expired");
    problem(&server.pay_with(text(&link["code"]), &json!({"outcome": "success"})), 409, "link_expired");
    wish["expires_at"] = json!("2030-01-01T00:00:00Z");
    let answer = shop.post_json("/v1/links", &wish);
    assert!((400..500).contains(&answer.status), "an expiry in the past: {}", answer.text());
}

#[test]
fn lists_are_newest_first_and_page_without_gap_or_repeat() {
    let server = Server::dev();
    let shop = Shop::open(&server, "pages");
    let mut made: Vec<String> = (0..25).map(|_| text(&shop.link(&fixed())["id"]).to_owned()).collect();
    made.reverse();
    let default = shop.found("/v1/links");
    assert_eq!(default["data"].as_array().map(Vec::len), Some(20));
    let (mut seen, mut path) = (Vec::new(), "/v1/links?limit=7".to_owned());
    loop {
        let page = shop.found(&path);
        seen.extend(page["data"].as_array().unwrap().iter().map(|link| text(&link["id"]).to_owned()));
        match page["next"].as_str() {
            Some(next) => path = format!("/v1/links?limit=7&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, made);
    for query in ["limit=0", "limit=101", "limit=x", "limit=-1", "after=%00", "after=not-a-cursor"] {
        let answer = shop.get(&format!("/v1/links?{query}"));
        assert!((400..500).contains(&answer.status), "{query}: {} {}", answer.status, answer.text());
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{query}");
    }
}

#[test]
fn a_cancelled_link_stays_cancelled_and_shows_it() {
    let server = Server::dev();
    let shop = Shop::open(&server, "cancel");
    let link = shop.link(&fixed());
    let answer = shop.cancel(&link);
    assert_eq!((answer.status, &answer.json()["status"]), (200, &json!("cancelled")), "{}", answer.text());
    assert_eq!(shop.show(&link)["status"], "cancelled");
    shop.cancel(&link);
    assert_eq!(shop.events_of(&link).iter().filter(|kind| *kind == "link.cancelled").count(), 1);
    let paid = shop.link(&fixed());
    server.pay(text(&paid["code"]), "success");
    assert!((400..500).contains(&shop.cancel(&paid).status), "a completed link is not cancelled");
    assert_eq!(shop.show(&paid)["status"], "completed");
}

#[test]
fn what_belongs_to_another_merchant_is_not_there() {
    let server = Server::dev();
    let (mine, theirs) = (Shop::open(&server, "mine"), Shop::open(&server, "theirs"));
    let link = mine.link(&fixed());
    let paid = server.pay(text(&link["code"]), "success");
    let id = text(&link["id"]);
    for path in [
        format!("/v1/links/{id}"),
        format!("/v1/links/{id}/payments"),
        format!("/v1/payments/{}", text(&paid["id"])),
    ] {
        assert_eq!(mine.get(&path).status, 200, "{path}");
        problem(&theirs.get(&path), 404, "not_found");
    }
    problem(&theirs.cancel(&link), 404, "not_found");
    assert_eq!(theirs.found("/v1/links")["data"], json!([]));
    assert_eq!(theirs.found("/v1/events")["data"], json!([]));
    for nothing in
        ["/v1/links/0", "/v1/links/xyz", "/v1/links/99999999999999999999", "/v1/payments/1", "/v1/links/%00"]
    {
        problem(&mine.get(nothing), 404, "not_found");
    }
}

#[test]
fn without_a_live_key_there_is_only_401() {
    let server = Server::dev();
    let shop = Shop::open(&server, "keyed");
    shop.found("/v1/links");
    let attempts =
        [None, Some("Bearer "), Some("Bearer kadi_test_wrong"), Some("Basic a2FkaTo="), Some("kadi_test_x")];
    for (path, attempt) in ["/v1/links", "/v1/events", "/v1/links/1"]
        .into_iter()
        .flat_map(|path| attempts.map(|with| (path, with)))
    {
        let call = Call::get(path);
        let call = match attempt {
            Some(value) => call.header("authorization", value),
            None => call,
        };
        problem(&server.send(&call), 401, "unauthorized");
    }
    let call = Call::post("/v1/links").json(&fixed());
    problem(&server.send(&call), 401, "unauthorized");
}

#[test]
fn bad_bodies_are_problems_and_make_nothing() {
    let server = Server::dev();
    let shop = Shop::open(&server, "bad");
    let change = |member: &str, value: Value| {
        let mut wish = fixed();
        wish[member] = value;
        wish.to_string()
    };
    let bodies = [
        String::new(),
        "not JSON".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        "{\"kind\":\"fixed\",\"kind\":\"fixed\"}".to_owned(),
        "[".repeat(10_000),
        change("kind", json!("sale")),
        change("kind", json!(1)),
        change("amount", json!(0)),
        change("amount", json!(-100)),
        change("amount", json!(10.5)),
        change("amount", json!("1000")),
        change("amount", Value::Null),
        change("amount", json!(1e30)),
        change("amount", json!(99)),
        change("amount", json!(10_000_001)),
        change("currency", json!("XXX")),
        change("currency", json!("inr")),
        change("name", json!("")),
        change("name", json!("n".repeat(5000))),
        change("expires_at", json!("tomorrow")),
        change("max_payments", json!(0)),
        change("reusable", json!("yes")),
        change("customer", json!({"email": "nobody"})),
        change("no_such_member", json!(1)),
        change("customer", json!({"mobile": "123"})),
        change("colour", json!(true)),
    ];
    for body in bodies {
        let call = Call::post("/v1/links").bearer(&shop.api_key).body("application/json", body.clone());
        let answer = server.send(&call);
        assert!((400..500).contains(&answer.status), "{body:.80}: {} {}", answer.status, answer.text());
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{body:.80}");
        assert!(answer.json()["code"].is_string());
    }
    let large = Call::post("/v1/links").bearer(&shop.api_key).body("application/json", "x".repeat(1 << 20));
    assert_eq!(server.send(&large).status, 413);
    assert_eq!(shop.found("/v1/links")["data"], json!([]));
}

#[test]
fn events_tell_the_story_in_order() {
    let server = Server::dev();
    let shop = Shop::open(&server, "story");
    let link = shop.link(&fixed());
    server.pay(text(&link["code"]), "failure");
    server.pay(text(&link["code"]), "success");
    let story = shop.events_of(&link);
    assert_eq!(story, ["link.created", "payment.failed", "payment.captured", "link.completed"]);
}

#[test]
fn the_description_of_the_api_is_openapi_3_1() {
    let server = Server::dev();
    let answer = server.send(&Call::get("/v1/openapi.json"));
    assert_eq!(answer.status, 200);
    let api = answer.json();
    assert!(text(&api["openapi"]).starts_with("3.1"));
    for path in
        ["/v1/links", "/v1/links/{id}", "/v1/links/{id}/cancel", "/v1/links/{id}/payments", "/v1/events"]
    {
        assert!(api["paths"][path].is_object(), "{path}");
    }
}
