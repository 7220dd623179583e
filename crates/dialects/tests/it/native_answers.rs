//! Every answer of Kadi's own API, byte for byte: links, lists, payments, events and their webhooks.

use kadi_domain::event::EventKind;
use kadi_domain::time::{DAY_MS, MINUTE_MS};
use kadi_engine::commands::expire_link::ExpireLink;
use kadi_engine::commands::open_link::OpenLink;
use serde_json::{Value, json};

use crate::oracle;
use crate::support::answer::{Answer, redact};
use crate::support::merchants::{WEBHOOK_SECRET, merchant, with_keys};
use crate::support::rail::Says;
use crate::support::shop::Shop;

fn open() -> Shop {
    Shop::open(vec![with_keys(merchant("demo"), &[]), with_keys(merchant("other"), &[])])
}

fn fixed() -> Value {
    json!({"kind": "fixed", "amount": 100_000, "name": "Course fees"})
}

fn rich() -> Value {
    json!({
        "kind": "invoice", "amount": 29_100, "currency": "INR", "name": "किताबें & <books>",
        "description": "Two books", "reference": "ORDER-7", "notes": "private", "success_message": "Thanks",
        "customer": {"name": "Asha", "mobile": "+919000000001", "email": "asha@customer.example",
            "id": "C-1"},
        "send": ["email", "sms", "email"], "expires_at": "2099-12-31T23:59:59.5+05:30",
        "success_url": "https://shop.example/yes", "failure_url": "https://shop.example/no",
        "lines": [
            {"name": "Atlas", "code": "AT-1", "units": 2, "unit_amount": 10_000,
             "taxes": [{"name": "CGST", "amount": 900}, {"name": "SGST", "amount": 900}]},
            {"name": "Reader", "units": 1, "unit_amount": 5_500},
        ],
    })
}

/// Calls and their answers, one after the other.
#[derive(Default)]
struct Transcript(Vec<String>);

impl Transcript {
    fn add(&mut self, what: &str, answer: &Answer) -> Value {
        self.0.push(format!("# {what}\n{}\n", answer.shown()));
        answer.json()
    }

    fn text(&self) -> String {
        self.0.join("\n")
    }
}

#[test]
fn creating_links() {
    let shop = open();
    let mut told = Transcript::default();
    told.add("fixed", &shop.post("/v1/links", &fixed()));
    told.add("open", &shop.post("/v1/links", &json!({"kind": "open", "name": "Gift"})));
    told.add("invoice with everything", &shop.post("/v1/links", &rich()));
    let reusable = json!({"kind": "fixed", "amount": 1, "name": "Tea", "currency": "JPY", "reusable": true});
    told.add("reusable, in yen", &shop.post("/v1/links", &with(reusable, "amount", json!(100))));
    let limited = with(fixed(), "max_payments", json!(3));
    told.add("at most three payments", &shop.post("/v1/links", &limited));
    let nothing = json!({
        "kind": "fixed", "amount": 100, "name": "n", "currency": null, "description": null,
        "reusable": null, "max_payments": null, "expires_at": null, "success_url": null, "reference": null,
        "customer": {"name": "", "mobile": null}, "send": [], "lines": [],
    });
    told.add("nulls and empty members are absent", &shop.post("/v1/links", &nothing));
    insta::assert_snapshot!("native_create", told.text());
}

fn with(mut body: Value, member: &str, value: Value) -> Value {
    body[member] = value;
    body
}

#[test]
fn repeating_a_request_answers_the_same() {
    let shop = open();
    let call = |path: &str, key: &str, body: &Value| {
        shop.call("POST", path, &[("idempotency-key", key)], &body.to_string())
    };
    let first = call("/v1/links", "k-1", &rich());
    let link = shop.link(&first);
    shop.pay(&link, Says::Paid);
    shop.advance(DAY_MS);
    let again = call("/v1/links", "k-1", &rich());
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(
        (first.header("idempotency-replayed"), again.header("idempotency-replayed")),
        (None, Some("true"))
    );

    let other = shop.link(&shop.post("/v1/links", &fixed()));
    let path = format!("/v1/links/{}/cancel", other.id.get());
    let late = shop.pay(&other, Says::Wait);
    let first = call(&path, "k-2", &json!({}));
    shop.advance(MINUTE_MS);
    shop.submit(kadi_engine::commands::record_report::RecordReport::about(
        &late,
        kadi_domain::rail::Report::Failed { reason: "late".to_owned() },
    ));
    let again = call(&path, "k-2", &json!({}));
    assert_eq!(
        (first.status, again.status, &again.text),
        (200.try_into().unwrap(), first.status, &first.text)
    );
    assert_eq!(
        (first.header("idempotency-replayed"), again.header("idempotency-replayed")),
        (None, Some("true"))
    );
    insta::assert_snapshot!("native_cancel_replayed", again.shown());
}

#[test]
fn reading_listing_and_cancelling_links() {
    let shop = open();
    let mut told = Transcript::default();
    told.add("no links", &shop.get("/v1/links"));
    let made: Vec<Value> = (0..3).map(|_| shop.post("/v1/links", &fixed()).json()).collect();
    let path = format!("/v1/links/{}", made[0]["id"].as_str().unwrap());
    assert_eq!(told.add("a link", &shop.get(&path)), made[0], "reads as it was made");
    let page = told.add("a page of two", &shop.get("/v1/links?limit=2"));
    assert_eq!(page["data"], json!([made[2], made[1]]), "newest first");
    let next = page["next"].as_str().unwrap();
    let rest = told.add("the rest", &shop.get(&format!("/v1/links?limit=2&after={next}")));
    assert_eq!(rest, json!({"data": [made[0]], "next": null}));
    told.add("cancelled", &shop.call("POST", &format!("{path}/cancel"), &[], ""));
    told.add("a cancelled link", &shop.get(&path));
    insta::assert_snapshot!("native_links", told.text());
}

#[test]
fn a_link_shows_what_happened_to_it() {
    let shop = open();
    let mut told = Transcript::default();
    let paid = shop.link(&shop.post("/v1/links", &fixed()));
    shop.submit(OpenLink { merchant_id: paid.merchant_id, link_id: paid.id });
    shop.pay(&paid, Says::Paid);
    told.add("opened and paid", &shop.get(&format!("/v1/links/{}", paid.id.get())));
    let soon = with(fixed(), "expires_at", json!(later(&shop, MINUTE_MS)));
    let over = shop.link(&shop.post("/v1/links", &soon));
    shop.advance(2 * MINUTE_MS);
    told.add("expired by the clock alone", &shop.get(&format!("/v1/links/{}", over.id.get())));
    insta::assert_snapshot!("native_link_facts", told.text());
}

/// A time from now, as RFC 3339.
fn later(shop: &Shop, ms: i64) -> String {
    jiff::Timestamp::from_millisecond(shop.engine().now().ms() + ms).unwrap().to_string()
}

#[test]
fn payments_in_every_state() {
    let shop = open();
    let mut told = Transcript::default();
    let link = shop.link(&shop.post("/v1/links", &with(fixed(), "reusable", json!(true))));
    let path = format!("/v1/links/{}/payments", link.id.get());
    told.add("no payments", &shop.get(&path));
    for (what, says) in [
        ("started", Says::Nothing),
        ("pending", Says::Wait),
        ("failed", Says::Declined),
        ("held", Says::TooMuch),
        ("captured", Says::Paid),
    ] {
        let payment = shop.pay(&link, says);
        let shown = told.add(what, &shop.get(&format!("/v1/payments/{}", payment.id.get())));
        assert_eq!(shown["state"], what);
    }
    let payment = shop.pay(&link, Says::Paid);
    shop.reverse(&payment);
    let shown = told.add("reversed", &shop.get(&format!("/v1/payments/{}", payment.id.get())));
    assert_eq!(shown["state"], "reversed");
    let page = told.add("a page of two", &shop.get(&format!("{path}?limit=2")));
    let states = |page: &Value| -> Vec<String> {
        let rows = page["data"].as_array().unwrap();
        rows.iter().map(|row| row["state"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(states(&page), ["reversed", "captured"]);
    let next = page["next"].as_str().unwrap();
    let rest = shop.get(&format!("{path}?limit=4&after={next}")).json();
    assert_eq!(
        (states(&rest), &rest["next"]),
        (strings(&["held", "failed", "pending", "started"]), &Value::Null)
    );
    insta::assert_snapshot!("native_payments", told.text());
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// Links to which everything happens that can happen.
fn whole_story(shop: &Shop) -> Vec<kadi_domain::link::Link> {
    let story = shop.link(&shop.post("/v1/links", &with(rich(), "expires_at", Value::Null)));
    shop.submit(OpenLink { merchant_id: story.merchant_id, link_id: story.id });
    shop.pay(&story, Says::Declined);
    shop.pay(&story, Says::TooMuch);
    let payment = shop.pay(&story, Says::Paid);
    shop.reverse(&payment);
    let cancelled = shop.link(&shop.post("/v1/links", &fixed()));
    shop.call("POST", &format!("/v1/links/{}/cancel", cancelled.id.get()), &[], "");
    let soon = with(fixed(), "expires_at", json!(later(shop, MINUTE_MS)));
    let expired = shop.link(&shop.post("/v1/links", &soon));
    shop.advance(2 * MINUTE_MS);
    shop.submit(ExpireLink { merchant_id: expired.merchant_id, link_id: expired.id });
    vec![story, cancelled, expired]
}

#[test]
fn every_type_of_event_is_listed_as_it_was() {
    let shop = open();
    whole_story(&shop);
    let answer = shop.get("/v1/events?limit=100");
    let mut types: Vec<String> = answer.json()["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["type"].as_str().unwrap().to_owned())
        .collect();
    types.sort();
    types.dedup();
    let names = EventKind::ALL.iter().map(|kind| kind.name().to_owned());
    // Those of refunds are seen from outside (`crates/kadi/tests/it/refunds.rs`).
    let mut every: Vec<String> = names.filter(|name| !name.starts_with("refund.")).collect();
    every.sort();
    assert_eq!(types, every);
    insta::assert_snapshot!("native_events", answer.shown());
    let first = shop.get("/v1/events?limit=1").json();
    let rest = shop.get(&format!("/v1/events?limit=100&after={}", first["next"].as_str().unwrap())).json();
    let rows = [first["data"].as_array().unwrap().clone(), rest["data"].as_array().unwrap().clone()].concat();
    assert_eq!(json!({"data": rows, "next": rest["next"]}), answer.json());
}

#[test]
fn webhooks_are_the_rows_of_the_events_without_their_ids_and_the_official_package_accepts_them() {
    let shop = open();
    let links = whole_story(&shop);
    let rows = shop.get("/v1/events?limit=100").json();
    let rows = rows["data"].as_array().unwrap();
    let (mut bodies, mut cases) = (Vec::new(), Vec::new());
    for (delivery, call) in links.iter().flat_map(|link| shop.deliveries(link)) {
        assert_eq!(
            (delivery.url.as_str(), call.content_type),
            ("https://hooks.example/kadi", "application/json")
        );
        let id = delivery.event_id.get().to_string();
        let headers: std::collections::BTreeMap<_, _> = call.headers.into_iter().collect();
        assert_eq!(headers["webhook-id"], id);
        let mut row = rows.iter().find(|row| row["id"] == id.as_str()).unwrap().clone();
        row.as_object_mut().unwrap().remove("id");
        assert_eq!(serde_json::from_str::<Value>(&call.body).unwrap(), row);
        cases.push(json!({"secret": WEBHOOK_SECRET, "headers": headers, "body": call.body}));
        bodies.push(call.body);
    }
    assert_eq!(bodies.len(), rows.len(), "one for each event");
    assert!(oracle::ask("webhook.py", &cases).iter().all(|answer| answer == true));
    insta::assert_snapshot!("native_webhooks", redact(&bodies.join("\n")));
}
