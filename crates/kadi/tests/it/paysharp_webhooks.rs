//! Paysharp's webhook from outside: on success only, tried again after the table, with a count that grows.

use serde_json::{Value, json};

use crate::harness::own_api::text;
use crate::harness::paysharp::{Paysharp, wish};
use crate::harness::receiver::Receiver;
use crate::harness::server::Server;
use crate::harness::wait::wait_until;
use crate::holds::decide;

const PATH: &str = "/paysharp-hook?secret=s3cret%21";
/// Minutes between the tries: DECISIONS.md, "All dialects".
const WAITS_MIN: [u64; 5] = [1, 5, 15, 60, 60];

fn pay(server: &Server, merchant: &Paysharp<'_>, outcome: &str) -> Value {
    let link = merchant.create(&wish("9111100021"));
    server.pay(text(&link["linkPaymentId"]), outcome);
    link
}

#[test]
fn only_a_success_is_told_and_once() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let merchant = Paysharp::open(&server, "successes", Some(&receiver.url(PATH)));
    for outcome in ["failure", "pending", "late_success", "pending_then_failure"] {
        pay(&server, &merchant, outcome);
    }
    let told: Vec<Value> = ["success", "duplicate_notice", "reversal", "timeout_after_capture"]
        .into_iter()
        .map(|outcome| pay(&server, &merchant, outcome)["linkPaymentId"].clone())
        .collect();
    for _ in 0..3 {
        server.advance(3_600);
    }
    let posts = receiver.wait_for_posts(PATH, told.len());
    let mut seen: Vec<Value> = posts.iter().map(|post| post.json()["linkPaymentId"].clone()).collect();
    let mut told = told;
    seen.sort_by_key(Value::to_string);
    told.sort_by_key(Value::to_string);
    assert_eq!(seen, told);
    for post in posts {
        assert_eq!(post.message.header("content-type"), Some("application/json"));
        assert_eq!((&post.json()["status"], &post.json()["attemptCount"]), (&json!("SUCCESS"), &json!(1)));
    }
}

/// Less came than was asked for, and was applied: the rest is another payment.
#[test]
fn a_link_that_was_paid_in_two_is_told_once_it_is_paid_in_full_with_the_sums_of_both() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let merchant = Paysharp::open(&server, "sums", Some(&receiver.url(PATH)));
    let link = pay(&server, &merchant, "underpaid");
    let held = || merchant.shop.found("/v1/holds")["data"][0].clone();
    wait_until("held", || !held().is_null());
    assert_eq!(decide(&merchant.shop, &held(), "apply").status, 200);
    let shown = merchant.status(&link);
    assert_eq!((&shown["status"], &shown["fee"]), (&json!("PENDING"), &Value::Null), "{shown}");
    server.advance(3_600);
    assert_eq!(receiver.posts(PATH).len(), 0, "told before it was paid in full");
    server.pay(text(&link["linkPaymentId"]), "success");
    let told = receiver.wait_for_posts(PATH, 1)[0].json();
    server.advance(3_600);
    assert_eq!(receiver.posts(PATH).len(), 1);
    for body in [&told, &merchant.status(&link)] {
        let amounts = ["amount", "fee", "tax", "totalFee", "netAmount"].map(|name| body[name].clone());
        assert_eq!(json!(amounts), json!([500, 5, 0.9, 5.9, 494.1]), "{body}");
        assert_eq!(body["status"], "SUCCESS", "{body}");
    }
    server.verify();
}

#[test]
fn a_refused_webhook_is_tried_again_after_the_table_and_then_parked() {
    for status in [500, 302, 0] {
        let (server, receiver) = (Server::dev(), Receiver::start());
        receiver.answer_with(status);
        let merchant = Paysharp::open(&server, "retries", Some(&receiver.url(PATH)));
        pay(&server, &merchant, "success");
        receiver.wait_for_posts(PATH, 1);
        for (index, minutes) in WAITS_MIN.into_iter().enumerate() {
            let twentieths = wait_in_twentieths(&server, &receiver, minutes * 60);
            assert!((17..=23).contains(&twentieths), "status {status}: {twentieths}/20 of {minutes} min");
            assert_eq!(receiver.posts(PATH).len(), index + 2, "status {status}");
        }
        server.advance(10 * 86_400);
        let posts = receiver.posts(PATH);
        let mut first = posts[0].json();
        assert_eq!(posts.len(), 6, "status {status}: parked");
        for (index, post) in posts.iter().enumerate() {
            first["attemptCount"] = json!(index + 1);
            assert_eq!(post.json(), first, "only the count changes");
        }
    }
}

/// Moves the clock by twentieths of the wait until the next try arrives: 20, with a tenth of jitter and the
/// length of a step.
fn wait_in_twentieths(server: &Server, receiver: &Receiver, seconds: u64) -> u64 {
    let before = receiver.posts(PATH).len();
    let mut twentieths = 0;
    while receiver.posts(PATH).len() == before && twentieths < 40 {
        server.advance(seconds / 20);
        twentieths += 1;
    }
    twentieths
}
