//! Idempotency keys of the own API: one key, one request, one effect, one answer, for ever.

use serde_json::json;

use crate::harness::own_api::{fixed, problem, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

#[test]
fn a_replay_answers_the_same_and_says_so() {
    let server = Server::dev();
    let shop = Shop::open(&server, "replay");
    let first = shop.post_with_key("/v1/links", "key-1", &fixed());
    assert_eq!((first.status, first.header("idempotency-replayed")), (201, None));
    server.pay(text(&first.json()["code"]), "success");
    let again = shop.post_with_key("/v1/links", "key-1", &fixed());
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, Some("true")), "{}", again.text());
    assert_eq!(again.json()["id"], first.json()["id"]);
    assert_eq!(again.text(), first.text(), "the answer of that time, though the link was paid since");
    assert_eq!(again.header("location"), first.header("location"));
}

#[test]
fn a_key_with_another_body_is_refused_and_another_merchants_key_is_another() {
    let server = Server::dev();
    let (shop, other) = (Shop::open(&server, "first"), Shop::open(&server, "second"));
    assert_eq!(shop.post_with_key("/v1/links", "key", &fixed()).status, 201);
    let mut changed = fixed();
    changed["amount"] = json!(100_001);
    problem(&shop.post_with_key("/v1/links", "key", &changed), 409, "idempotency_key_reused");
    let theirs = other.post_with_key("/v1/links", "key", &changed);
    assert_eq!((theirs.status, theirs.header("idempotency-replayed")), (201, None));
}

#[test]
fn without_a_key_every_call_is_new() {
    let server = Server::dev();
    let shop = Shop::open(&server, "keyless");
    assert_ne!(shop.link(&fixed())["id"], shop.link(&fixed())["id"]);
}

#[test]
fn many_calls_with_one_key_at_once_make_one_link() {
    let server = Server::dev();
    let shop = Shop::open(&server, "together");
    let ids: Vec<String> = std::thread::scope(|scope| {
        let call = || {
            let answer = shop.post_with_key("/v1/links", "once", &fixed());
            assert_eq!(answer.status, 201, "{}", answer.text());
            text(&answer.json()["id"]).to_owned()
        };
        let threads: Vec<_> = (0..12).map(|_| scope.spawn(call)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|id| id == &ids[0]), "{ids:?}");
    assert_eq!(shop.found("/v1/links")["data"].as_array().map(Vec::len), Some(1));
}

#[test]
fn keys_live_through_a_kill_and_cover_cancel_too() {
    let mut server = Server::dev();
    let (id, first) = {
        let shop = Shop::open(&server, "survive");
        let link = shop.post_with_key("/v1/links", "made", &fixed());
        let id = text(&link.json()["id"]).to_owned();
        let cancelled = shop.post_with_key(&format!("/v1/links/{id}/cancel"), "gone", &json!({}));
        assert_eq!(cancelled.status, 200, "{}", cancelled.text());
        (id, link.text().to_owned())
    };
    server.kill9();
    server.start_again();
    let shop = Shop::credentials(&server, "survive");
    let again = shop.post_with_key("/v1/links", "made", &fixed());
    assert_eq!(again.header("idempotency-replayed"), Some("true"), "{}", again.text());
    assert_eq!(again.json()["id"], serde_json::from_str::<serde_json::Value>(&first).unwrap()["id"]);
    let cancelled = shop.post_with_key(&format!("/v1/links/{id}/cancel"), "gone", &json!({}));
    assert_eq!((cancelled.status, cancelled.header("idempotency-replayed")), (200, Some("true")));
}

#[test]
fn odd_keys_are_taken_or_refused_but_never_break() {
    let server = Server::dev();
    let shop = Shop::open(&server, "odd");
    let long = "k".repeat(5_000);
    for (key, status) in [("a b", 201), ("\"quoted\"", 201), ("", 422), (long.as_str(), 422)] {
        let answer = shop.post_with_key("/v1/links", key, &fixed());
        assert_eq!(answer.status, status, "{key:.20}: {}", answer.text());
    }
}
