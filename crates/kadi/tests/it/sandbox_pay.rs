//! Payments through the sandbox rail: every outcome, every refusal, and books that hold after all of them.

use serde_json::{Value, json};

use crate::harness::own_api::{fixed, problem, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_until;

/// An outcome, the state right after the call, the state once everything came in, and what the link then is.
const STORIES: [(&str, &[&str], &str, &str); 12] = [
    ("success", &["captured"], "captured", "completed"),
    ("failure", &["failed"], "failed", "active"),
    ("pending", &["pending"], "pending", "active"),
    ("pending_then_success", &["pending"], "captured", "completed"),
    ("pending_then_failure", &["pending"], "failed", "active"),
    ("late_success", &["started", "pending"], "held", "active"),
    ("duplicate_notice", &["captured"], "captured", "completed"),
    ("reordered_notices", &["captured"], "captured", "completed"),
    ("contradiction", &["captured"], "captured", "completed"),
    ("timeout_before_capture", &["started", "pending"], "failed", "active"),
    ("timeout_after_capture", &["started", "pending"], "captured", "completed"),
    ("reversal", &["captured"], "reversed", "active"),
];

fn payment(shop: &Shop<'_>, id: &Value) -> Value {
    shop.found(&format!("/v1/payments/{}", text(id)))
}

#[test]
fn every_outcome_ends_as_told_and_the_books_hold() {
    let server = Server::dev();
    let shop = Shop::open(&server, "stories");
    let mut running = Vec::new();
    for (outcome, at_once, ..) in STORIES {
        let link = shop.link(&fixed());
        let paid = server.pay(text(&link["code"]), outcome);
        assert!(at_once.contains(&text(&paid["state"])), "{outcome}: {paid}");
        assert_eq!(
            (&paid["amount"], &paid["charged"]),
            (&json!(100_000), &json!(100_000)),
            "{outcome}: {paid}"
        );
        running.push((link, paid["id"].clone()));
    }
    for _ in 0..4 {
        server.advance(3600);
    }
    let mut wrong = Vec::new();
    for ((outcome, _, state, word), (link, id)) in STORIES.into_iter().zip(&running) {
        let (paid, shown) = (payment(&shop, id), shop.show(link));
        if (text(&paid["state"]), text(&shown["status"])) != (state, word) {
            wrong.push(format!("{outcome}: {} and {}", paid["state"], shown["status"]));
        }
        assert_eq!(shop.payments(link).len(), 1, "{outcome}");
        let captured = if state == "captured" { 100_000 } else { 0 };
        assert_eq!(shown["amount_captured"], captured, "{outcome}: {shown}");
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    server.verify();
}

#[test]
fn the_fee_its_tax_and_the_net_follow_the_named_rounding() {
    let server = Server::dev();
    let shop = Shop::open(&server, "fees");
    let cases =
        [(50_000, 500, 90, 49_410), (100, 1, 0, 99), (12_345, 123, 22, 12_200), (99_999, 1_000, 180, 98_819)];
    for (amount, fee, tax, net) in cases {
        let mut wish = fixed();
        wish["amount"] = json!(amount);
        let paid = server.pay(text(&shop.link(&wish)["code"]), "success");
        let parts = (&paid["fee"], &paid["fee_tax"], &paid["net"]);
        assert_eq!(parts, (&json!(fee), &json!(tax), &json!(net)), "{amount}: {paid}");
        assert_eq!((&paid["mode"], &paid["rail"]), (&json!("UPI"), &json!("sandbox")));
        assert!(!text(&paid["rail_reference"]).is_empty() && paid["captured_at"].is_string(), "{paid}");
    }
    server.verify();
}

#[test]
fn a_pending_payment_is_settled_by_hand_once() {
    let server = Server::dev();
    let shop = Shop::open(&server, "settle");
    for (outcome, state) in [("success", "captured"), ("failure", "failed")] {
        let link = shop.link(&fixed());
        let paid = server.pay(text(&link["code"]), "pending");
        let answer = server.settle(text(&paid["id"]), outcome);
        assert_eq!(answer.status, 200, "{}", answer.text());
        wait_until(state, || payment(&shop, &paid["id"])["state"] == state);
        let again = server.settle(text(&paid["id"]), "failure");
        assert!((400..500).contains(&again.status), "{}", again.text());
    }
    assert_eq!(server.settle("no-such-payment", "success").status, 404);
    server.verify();
}

#[test]
fn while_one_payment_is_pending_a_second_is_told_to_wait() {
    let server = Server::dev();
    let shop = Shop::open(&server, "busy");
    let link = shop.link(&fixed());
    let code = text(&link["code"]);
    server.pay(code, "pending");
    problem(&server.pay_with(code, &json!({"outcome": "success"})), 409, "link_busy");
    assert_eq!(shop.payments(&link).len(), 1, "a refused attempt leaves no payment");
}

#[test]
fn a_failed_payment_leaves_the_link_payable() {
    let server = Server::dev();
    let shop = Shop::open(&server, "retry");
    let link = shop.link(&fixed());
    server.pay(text(&link["code"]), "failure");
    assert_eq!(server.pay(text(&link["code"]), "success")["state"], "captured");
    let states: Vec<_> = shop.payments(&link).iter().map(|paid| text(&paid["state"]).to_owned()).collect();
    assert_eq!(states, ["captured", "failed"]);
}

#[test]
fn a_link_that_takes_no_money_says_why() {
    let server = Server::dev();
    let shop = Shop::open(&server, "closed");
    let success = json!({"outcome": "success"});
    problem(&server.pay_with("0000000000000", &success), 404, "not_found");
    problem(&server.pay_with("no code at all".replace(' ', "%20").as_str(), &success), 404, "not_found");
    let cancelled = shop.link(&fixed());
    assert_eq!(shop.cancel(&cancelled).status, 200);
    problem(&server.pay_with(text(&cancelled["code"]), &success), 409, "link_cancelled");
    let paid = shop.link(&fixed());
    server.pay(text(&paid["code"]), "success");
    problem(&server.pay_with(text(&paid["code"]), &success), 409, "link_completed");
    let open = shop.link(&json!({"kind": "open", "currency": "INR", "name": "Gift"}));
    problem(&server.pay_with(text(&open["code"]), &success), 409, "amount_required");
}

#[test]
fn amounts_of_payers_are_two_decimal_texts_or_refused() {
    let server = Server::dev();
    let shop = Shop::open(&server, "typed");
    let open = shop.link(&json!({"kind": "open", "currency": "INR", "name": "Gift"}));
    let bad = [
        "0",
        "-1",
        "1e2",
        "1303.005",
        "",
        " 5",
        "१०",
        "NaN",
        "1,000",
        "0.999",
        "999999999999999999999999999999",
    ];
    for amount in bad {
        let answer = server.pay_with(text(&open["code"]), &json!({"outcome": "success", "amount": amount}));
        problem(&answer, 422, "amount_invalid");
    }
    assert!(shop.payments(&open).is_empty());
    let paid = server.pay_with(text(&open["code"]), &json!({"outcome": "success", "amount": "10.5"}));
    assert_eq!(paid.json()["amount"], 1050, "{}", paid.text());
    let exact = shop.link(&fixed());
    let other = server.pay_with(text(&exact["code"]), &json!({"outcome": "success", "amount": "999.99"}));
    problem(&other, 422, "amount_invalid");
    let same = server.pay_with(text(&exact["code"]), &json!({"outcome": "success", "amount": "1000.00"}));
    assert_eq!(same.status, 200, "{}", same.text());
    server.verify();
}

#[test]
fn a_payment_that_nobody_ends_frees_its_link_at_last() {
    let server = Server::dev();
    let shop = Shop::open(&server, "stuck");
    let link = shop.link(&fixed());
    let code = text(&link["code"]);
    server.pay(code, "pending");
    server.advance(7 * 86_400);
    assert_eq!(server.pay(code, "success")["state"], "captured");
    assert_eq!(shop.show(&link)["amount_captured"], 100_000);
    server.verify();
}

#[test]
fn unknown_outcomes_and_malformed_wishes_are_refused() {
    let server = Server::dev();
    let shop = Shop::open(&server, "wishes");
    let link = shop.link(&fixed());
    for wish in [
        json!({"outcome": "wonder"}),
        json!({}),
        json!([]),
        json!({"outcome": 7}),
        json!({"outcome": "success", "odd": 1}),
    ] {
        let answer = server.pay_with(text(&link["code"]), &wish);
        assert!((400..500).contains(&answer.status), "{wish}: {} {}", answer.status, answer.text());
    }
    assert!(shop.payments(&link).is_empty());
}

#[test]
fn many_payers_at_once_pay_one_obligation_once() {
    let server = Server::dev();
    let shop = Shop::open(&server, "crowd");
    let link = shop.link(&fixed());
    let wish = json!({"outcome": "success"});
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let pay = || server.pay_with(text(&link["code"]), &wish).status;
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(pay)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 409].contains(status)), "{statuses:?}");
    assert_eq!(shop.show(&link)["amount_captured"], 100_000);
    server.verify();
}

#[test]
fn the_clock_goes_forward_only() {
    let server = Server::dev();
    let before = crate::harness::peers::epoch_s(&server.now());
    let after = crate::harness::peers::epoch_s(&server.advance(3600));
    assert!((3600..3660).contains(&(after - before)), "{before} {after}");
    for wish in [json!({"advance_s": -1}), json!({"advance_s": "1"}), json!({}), json!({"advance_s": 1e300})]
    {
        let answer = server.send(&crate::harness::http::Call::post("/sandbox/clock").json(&wish));
        assert!((400..500).contains(&answer.status), "{wish}: {}", answer.status);
    }
}
