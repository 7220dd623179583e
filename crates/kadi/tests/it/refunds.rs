//! Refunds from outside: in whole and in part, once for each key, through lost answers and kills, told to the
//! merchant, and never more than was captured whatever is asked for at once.

use serde_json::{Value, json};

use crate::harness::http::Call;
use crate::harness::own_api::{fixed, problem, text};
use crate::harness::receiver::Receiver;
use crate::harness::server::Server;
use crate::harness::shop::{Shop, WEBHOOK_PATH};
use crate::harness::size::size;
use crate::harness::wait::wait_until;

/// What `fixed()` asks for.
const PAID: i64 = 100_000;

fn paid(server: &Server, shop: &Shop<'_>) -> (Value, String) {
    let link = shop.link(&fixed());
    let payment = server.pay(text(&link["code"]), "success");
    (link, format!("/v1/payments/{}/refunds", text(&payment["id"])))
}

fn refund(shop: &Shop<'_>, calls: &str, amount: i64) -> Value {
    let answer = shop.post_json(calls, &json!({ "amount": amount }));
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.json()["state"], "pending", "an answer comes before the rail is asked");
    answer.json()
}

fn state(shop: &Shop<'_>, refund: &Value) -> String {
    text(&shop.found(&format!("/v1/refunds/{}", text(&refund["id"])))["state"]).to_owned()
}

fn wait_for(shop: &Shop<'_>, refund: &Value, word: &str) {
    wait_until(word, || state(shop, refund) == word);
}

fn choose(server: &Server, calls: &str, outcome: &str) {
    let path = calls.replace("/v1/", "/sandbox/");
    let answer = server.send(&Call::post(&path).json(&json!({ "outcome": outcome })));
    assert_eq!(answer.status, 204, "{}", answer.text());
}

fn settle(server: &Server, refund: &Value, outcome: &str) -> (u16, Value) {
    let path = format!("/sandbox/refunds/{}/settle", text(&refund["id"]));
    let answer = server.send(&Call::post(&path).json(&json!({ "outcome": outcome })));
    (answer.status, answer.json())
}

#[test]
fn parts_and_the_rest_go_back_and_the_link_says_how_much() {
    let server = Server::dev();
    let shop = Shop::open(&server, "parts");
    let (link, calls) = paid(&server, &shop);
    let first = refund(&shop, &calls, 777);
    wait_for(&shop, &first, "succeeded");
    assert_eq!(shop.show(&link)["amount_refunded"], 777);
    problem(&shop.post_json(&calls, &json!({ "amount": PAID - 776 })), 409, "refund_too_large");
    let rest = refund(&shop, &calls, PAID - 777);
    wait_for(&shop, &rest, "succeeded");
    problem(&shop.post_json(&calls, &json!({ "amount": 1 })), 409, "refund_too_large");
    let shown = shop.show(&link);
    assert_eq!((&shown["amount_captured"], &shown["amount_refunded"]), (&json!(PAID), &json!(PAID)));
    let events = shop.events_of(&link);
    assert_eq!(events.iter().filter(|kind| *kind == "refund.succeeded").count(), 2, "{events:?}");
    server.verify();
}

#[test]
fn bad_requests_for_refunds_are_refused_by_name() {
    let server = Server::dev();
    let (shop, other) = (Shop::open(&server, "strict"), Shop::open(&server, "stranger"));
    let (_, calls) = paid(&server, &shop);
    for amount in [0, -1, i64::MIN, i64::MAX, PAID * 100_000_000_000] {
        problem(&shop.post_json(&calls, &json!({ "amount": amount })), 422, "amount_invalid");
    }
    for body in [
        json!({}),
        json!([7, null]),
        json!({ "amount": "5" }),
        json!({ "amount": 1.5 }),
        json!({ "amount": 5, "x": 1 }),
    ] {
        problem(&shop.post_json(&calls, &body), 422, "invalid_request");
    }
    problem(&other.post_json(&calls, &json!({ "amount": 1 })), 404, "not_found");
    problem(&shop.post_json("/v1/payments/1/refunds", &json!({ "amount": 1 })), 404, "not_found");
    problem(&shop.get("/v1/refunds/1"), 404, "not_found");
    let own = refund(&shop, &calls, 5);
    problem(&other.get(&format!("/v1/refunds/{}", text(&own["id"]))), 404, "not_found");
    let link = shop.link(&fixed());
    let waiting = server.pay(text(&link["code"]), "pending");
    let calls = format!("/v1/payments/{}/refunds", text(&waiting["id"]));
    problem(&shop.post_json(&calls, &json!({ "amount": 1 })), 409, "payment_not_captured");
    server.verify();
}

#[test]
fn one_key_makes_one_refund_and_answers_the_same_for_ever() {
    let mut server = Server::dev();
    let (calls, first) = {
        let shop = Shop::open(&server, "onekey");
        let (_, calls) = paid(&server, &shop);
        let first = shop.post_with_key(&calls, "key", &json!({ "amount": 777 }));
        assert_eq!((first.status, first.header("idempotency-replayed")), (201, None));
        wait_for(&shop, &first.json(), "succeeded");
        (calls, first)
    };
    server.kill9();
    server.start_again();
    server.advance(400 * 86_400);
    let shop = Shop::credentials(&server, "onekey");
    let again = shop.post_with_key(&calls, "key", &json!({ "amount": 777 }));
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, Some("true")));
    assert_eq!(again.text(), first.text());
    problem(&shop.post_with_key(&calls, "key", &json!({ "amount": 778 })), 409, "idempotency_key_reused");
    problem(&shop.post_with_key("/v1/links", "key", &fixed()), 409, "idempotency_key_reused");
}

#[test]
fn a_refund_ends_as_the_rail_says_and_an_answer_that_was_lost_is_asked_for() {
    let server = Server::dev();
    let shop = Shop::open(&server, "endings");
    let (link, calls) = paid(&server, &shop);
    choose(&server, &calls, "failure");
    let refused = refund(&shop, &calls, PAID);
    wait_for(&shop, &refused, "failed");
    choose(&server, &calls, "pending");
    let waiting = ["success", "failure", "reversal"].map(|_| refund(&shop, &calls, 1_000));
    server.advance(61);
    for (refund, (outcome, end)) in
        waiting.iter().zip([("success", "succeeded"), ("failure", "failed"), ("reversal", "reversed")])
    {
        assert_eq!(state(&shop, refund), "pending");
        assert_eq!(settle(&server, refund, outcome).0, 200);
        wait_for(&shop, refund, end);
    }
    assert_eq!(settle(&server, &waiting[1], "success").0, 409, "it has ended");
    assert_eq!(settle(&server, &waiting[0], "reversal").1["state"], "reversed", "it came back");
    for (outcome, end) in [("timeout_before_refund", "failed"), ("timeout_after_refund", "succeeded")] {
        choose(&server, &calls, outcome);
        let lost = refund(&shop, &calls, 2_000);
        server.advance(3_600);
        wait_for(&shop, &lost, end);
    }
    assert_eq!(shop.show(&link)["amount_refunded"], 2_000);
    server.verify();
}

#[test]
fn refunds_are_told_as_they_stood() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = Shop::open_with_webhook(&server, "toldback", &receiver.url(WEBHOOK_PATH));
    let (_, calls) = paid(&server, &shop);
    choose(&server, &calls, "pending");
    let refund = refund(&shop, &calls, 300);
    server.advance(1);
    assert_eq!(settle(&server, &refund, "success").0, 200);
    assert_eq!(settle(&server, &refund, "reversal").0, 200);
    for (kind, word) in [("refund.succeeded", "succeeded"), ("refund.reversed", "reversed")] {
        let told = receiver.wait_for_event(WEBHOOK_PATH, kind).json();
        assert_eq!((&told["data"]["id"], &told["data"]["state"]), (&refund["id"], &json!(word)), "{told}");
        let rows = shop.found("/v1/events?limit=100");
        let row = rows["data"].as_array().unwrap().iter().find(|row| row["type"] == kind).cloned();
        assert_eq!(row.unwrap()["data"], told["data"]);
    }
}

#[test]
fn refunds_of_random_sizes_at_once_never_add_up_to_more_than_was_captured() {
    let server = Server::dev();
    let shop = Shop::open(&server, "race");
    let payments: Vec<(Value, String)> = (0..size(8, 200)).map(|_| paid(&server, &shop)).collect();
    let sizes = |caller: usize, payment: usize| -> i64 {
        let mixed = (caller * 7_919 + payment * 104_729 + 17) * 2_654_435_761 % 1_000_003;
        match mixed % 10 {
            0 => 0,
            1 => -1,
            2 => i64::MAX,
            _ => i64::try_from(mixed % 9_000).unwrap() + 1,
        }
    };
    let calls = size(40, 500);
    let answered: Vec<Vec<(i64, u16)>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..calls)
            .map(|caller| {
                let (shop, payments) = (&shop, &payments);
                scope.spawn(move || {
                    let mut line = shop.server.line();
                    let call = |(at, (_, path)): (usize, &(Value, String))| {
                        let amount = sizes(caller, at);
                        (amount, shop.post_json_on(&mut line, path, &json!({ "amount": amount })).status)
                    };
                    payments.iter().enumerate().map(call).collect()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut refused_for_room = 0;
    for (at, (link, _)) in payments.iter().enumerate() {
        let of_payment = || answered.iter().map(|calls| calls[at]);
        let accepted: i64 = of_payment().filter(|(_, status)| *status == 201).map(|(amount, _)| amount).sum();
        assert!(accepted <= PAID, "{accepted} of {PAID} went back");
        for (amount, status) in of_payment() {
            match status {
                201 => assert!(amount > 0),
                // What was left then was no less than what is left now.
                409 => {
                    refused_for_room += 1;
                    assert!(amount > PAID - accepted, "{amount} would have fitted beside {accepted}");
                }
                422 => assert!(!(1..=PAID).contains(&amount), "{amount}"),
                other => panic!("{other} for {amount}"),
            }
        }
        wait_until("all refunds are done", || shop.show(link)["amount_refunded"] == accepted);
    }
    assert!(refused_for_room > 0, "the refunds competed");
    server.verify();
}
