//! Held money from outside: listed, decided about once, applied where there is room, sent back, and proposed
//! for a refund after 72 hours.

use serde_json::{Value, json};

use crate::harness::own_api::{fixed, problem, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_until;
use crate::splits::{family, shared};

const PAID: i64 = 100_000;

/// A link with money that came late; its hold.
fn held(server: &Server, shop: &Shop<'_>) -> (Value, Value) {
    held_of(server, shop, &fixed())
}

fn held_of(server: &Server, shop: &Shop<'_>, wish: &Value) -> (Value, Value) {
    let link = shop.link(wish);
    let payment = server.pay(text(&link["code"]), "late_success");
    server.advance(17 * 60);
    let id = text(&payment["id"]).to_owned();
    wait_until("held", || shop.found(&format!("/v1/payments/{id}"))["state"] == "held");
    (link, shop.found("/v1/holds")["data"][0].clone())
}

pub(crate) fn decide(shop: &Shop<'_>, hold: &Value, decision: &str) -> crate::harness::http::Answer {
    shop.post_json(&format!("/v1/holds/{}/decide", text(&hold["id"])), &json!({ "decision": decision }))
}

#[test]
fn late_money_waits_is_proposed_for_refund_and_counts_once_it_is_applied() {
    let server = Server::dev();
    let (shop, other) = (Shop::open(&server, "apply"), Shop::open(&server, "others"));
    let (link, hold) = held(&server, &shop);
    assert_eq!(
        [&hold["amount"], &hold["reason"], &hold["decision"], &hold["refund_proposed"]],
        [&json!(PAID), &json!("late"), &Value::Null, &json!(false)]
    );
    assert_eq!(other.found("/v1/holds")["data"], json!([]));
    problem(&decide(&other, &hold, "apply"), 404, "not_found");
    problem(&decide(&shop, &hold, "keep"), 422, "invalid_request");
    server.advance(72 * 3_600);
    assert_eq!(shop.found("/v1/holds")["data"][0]["refund_proposed"], true);
    for _ in 0..2 {
        let applied = decide(&shop, &hold, "apply");
        assert_eq!(applied.status, 200, "{}", applied.text());
        let applied = applied.json();
        let states = [&applied["decision"], &applied["payment"]["state"]];
        assert_eq!(states, [&json!("apply"), &json!("captured")]);
    }
    problem(&decide(&shop, &hold, "refund"), 409, "hold_decided");
    assert_eq!(shop.found("/v1/holds")["data"], json!([]));
    let shown = shop.show(&link);
    assert_eq!((&shown["status"], &shown["amount_captured"]), (&json!("completed"), &json!(PAID)));
    let events = shop.events_of(&link);
    for kind in ["payment.held", "payment.captured", "link.completed"] {
        assert_eq!(events.iter().filter(|event| *event == kind).count(), 1, "{kind}: {events:?}");
    }
    let calls = format!("/v1/payments/{}/refunds", text(&hold["id"]));
    let refund = shop.post_json(&calls, &json!({ "amount": 5 }));
    assert_eq!(refund.status, 201, "applied money is refunded like any other: {}", refund.text());
    server.verify();
}

#[test]
fn held_money_goes_back_whole_and_only_once() {
    let server = Server::dev();
    let shop = Shop::open(&server, "goback");
    let (link, hold) = held(&server, &shop);
    for _ in 0..2 {
        let answer = decide(&shop, &hold, "refund");
        assert_eq!((answer.status, &answer.json()["decision"]), (200, &json!("refund")), "{}", answer.text());
    }
    problem(&decide(&shop, &hold, "apply"), 409, "hold_decided");
    wait_until("refunded", || shop.events_of(&link).iter().any(|kind| kind == "refund.succeeded"));
    assert_eq!(shop.events_of(&link).iter().filter(|kind| *kind == "refund.succeeded").count(), 1);
    let shown = shop.show(&link);
    assert_eq!((&shown["amount_captured"], &shown["amount_refunded"]), (&json!(0), &json!(0)));
    assert_eq!(shop.found("/v1/holds")["data"], json!([]));
    server.verify();
}

#[test]
fn money_that_finds_no_room_stays_held_until_it_goes_back() {
    let server = Server::dev();
    let shop = Shop::open(&server, "noroom");
    let (link, hold) = held(&server, &shop);
    assert_eq!(server.pay(text(&link["code"]), "success")["state"], "captured");
    problem(&decide(&shop, &hold, "apply"), 409, "hold_has_no_room");
    assert_eq!(decide(&shop, &hold, "refund").status, 200);
    server.verify();
}

#[test]
fn a_refund_of_held_money_that_failed_leaves_it_to_be_decided_again() {
    let server = Server::dev();
    let shop = Shop::open(&server, "again");
    let (_, hold) = held(&server, &shop);
    let path = format!("/sandbox/payments/{}/refunds", text(&hold["id"]));
    let call = crate::harness::http::Call::post(&path).json(&json!({ "outcome": "failure" }));
    assert_eq!(server.send(&call).status, 204);
    assert_eq!(decide(&shop, &hold, "refund").status, 200);
    wait_until("held again", || shop.found("/v1/holds")["data"][0]["id"] == hold["id"]);
    assert_eq!(decide(&shop, &hold, "apply").json()["payment"]["state"], "captured");
    server.verify();
}

#[test]
fn a_policy_decides_at_once_as_far_as_it_can() {
    let server = Server::dev();
    for (policy, state) in [("apply", "captured"), ("refund", "held")] {
        let shop = Shop::open_with(&server, policy, &format!("hold = \"{policy}\"\n"));
        let link = shop.link(&fixed());
        let payment = server.pay(text(&link["code"]), "late_success");
        server.advance(17 * 60);
        let path = format!("/v1/payments/{}", text(&payment["id"]));
        wait_until(policy, || shop.found(&path)["state"] == state);
        assert_eq!(shop.found("/v1/holds")["data"], json!([]), "{policy}");
        if policy == "refund" {
            wait_until("refunded", || shop.events_of(&link).iter().any(|kind| kind == "refund.succeeded"));
        }
    }
    server.verify();
}

#[test]
fn held_money_of_a_split_link_is_divided_when_it_is_applied() {
    let server = Server::dev();
    let [shop, ..] = family(&server);
    let split = json!([{"merchant": "trainer", "percent": "30", "bears_fee": true},
                       {"merchant": "hall", "amount": 20_000, "bears_fee": false}]);
    let (link, hold) = held_of(&server, &shop, &shared(PAID, &split));
    let payment = format!("/v1/payments/{}", text(&hold["id"]));
    assert_eq!(shop.found(&format!("{payment}/split"))["data"], json!([]));
    assert_eq!(decide(&shop, &hold, "apply").json()["payment"]["state"], "captured");
    let found = shop.found(&format!("{payment}/split"))["data"].clone();
    let nets: Vec<_> = found.as_array().unwrap().iter().map(|part| part["net"].as_i64().unwrap()).collect();
    assert_eq!(nets, [29_646, 20_000, 49_174]);
    let refund = shop.post_json(&format!("{payment}/refunds"), &json!({"amount": PAID}));
    assert_eq!(refund.status, 201, "{}", refund.text());
    wait_until("refunded", || shop.show(&link)["amount_refunded"] == PAID);
    server.verify();
}

#[test]
fn a_decision_with_a_key_is_made_once_and_answered_the_same_for_ever() {
    let server = Server::dev();
    let shop = Shop::open(&server, "keyed");
    for decision in ["apply", "refund"] {
        let (_, hold) = held(&server, &shop);
        let path = format!("/v1/holds/{}/decide", text(&hold["id"]));
        let body = json!({ "decision": decision });
        let first = shop.post_with_key(&path, decision, &body);
        assert_eq!((first.status, first.header("idempotency-replayed")), (200, None), "{}", first.text());
        if decision == "apply" {
            let refunds = format!("/v1/payments/{}/refunds", text(&hold["id"]));
            assert_eq!(shop.post_json(&refunds, &json!({ "amount": PAID })).status, 201);
        } else {
            let payment = format!("/sandbox/payments/{}/refunds", text(&hold["id"]));
            let call = crate::harness::http::Call::post(&payment).json(&json!({ "outcome": "failure" }));
            assert_eq!(server.send(&call).status, 204);
        }
        server.advance(3_600);
        let again = shop.post_with_key(&path, decision, &body);
        assert_eq!((again.status, again.header("idempotency-replayed")), (200, Some("true")));
        assert_eq!(again.text(), first.text());
        let other = json!({ "decision": if decision == "apply" { "refund" } else { "apply" } });
        problem(&shop.post_with_key(&path, decision, &other), 409, "idempotency_key_reused");
    }
    let (_, hold) = held(&server, &shop);
    let path = format!("/v1/holds/{}/decide", text(&hold["id"]));
    let refused = shop.post_with_key(&path, "refund", &json!({ "decision": "refund" }));
    problem(&refused, 409, "idempotency_key_reused");
    let answers: Vec<String> = std::thread::scope(|scope| {
        let call = || {
            let answer = shop.post_with_key(&path, "together", &json!({ "decision": "refund" }));
            assert_eq!(answer.status, 200, "{}", answer.text());
            answer.text().to_owned()
        };
        let threads: Vec<_> = (0..12).map(|_| scope.spawn(call)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    server.verify();
}
