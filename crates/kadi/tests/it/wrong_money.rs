//! Money that is not what an attempt asked for, told by scripts of the sandbox rail: in another currency, for
//! another account, again in another amount, under the reference of another payment, and of no payment.

use serde_json::{Value, json};

use crate::harness::http::Call;
use crate::harness::own_api::{fixed, problem, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_until;
use crate::holds::decide;

/// A payment of a new link as this script tells it.
fn told(server: &Server, shop: &Shop<'_>, script: &Value) -> Value {
    let answer = server.pay_with(text(&shop.link(&fixed())["code"]), &json!({ "script": script }));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The only open hold: its reason, amount and currency are these.
fn hold(shop: &Shop<'_>, reason: &str, amount: i64, currency: &str) -> Value {
    let holds = shop.found("/v1/holds")["data"].clone();
    assert_eq!(holds.as_array().unwrap().len(), 1, "{holds}");
    let hold = holds[0].clone();
    let seen = [&hold["reason"], &hold["amount"], &hold["currency"]];
    assert_eq!(seen, [&json!(reason), &json!(amount), &json!(currency)], "{hold}");
    assert_eq!(hold["payment"]["state"], "held");
    hold
}

/// How the next refunds of a payment go.
fn refunds_go(server: &Server, payment: &Value, outcome: &str) {
    let path = format!("/sandbox/payments/{}/refunds", text(payment));
    let answer = server.send(&Call::post(&path).json(&json!({ "outcome": outcome })));
    assert_eq!(answer.status, 204, "{}", answer.text());
}

fn goes_back(shop: &Shop<'_>, hold: &Value) {
    assert_eq!(decide(shop, hold, "refund").status, 200);
    let path = "/v1/events?limit=100";
    wait_until("it has gone back", || {
        let events = shop.found(path)["data"].clone();
        let is_it =
            |event: &Value| event["type"] == "refund.succeeded" && event["data"]["payment_id"] == hold["id"];
        events.as_array().unwrap().iter().any(is_it)
    });
    assert_eq!(shop.found("/v1/holds")["data"], json!([]));
}

#[test]
fn money_in_another_currency_is_held_in_it_and_goes_back_in_it() {
    let server = Server::dev();
    let shop = Shop::open(&server, "abroad");
    for answer in ["succeeded", "none"] {
        let paid =
            told(&server, &shop, &json!({"answer": answer, "check": "succeeded", "takes_currency": "USD"}));
        server.advance(600);
        let hold = hold(&shop, "currency", 100_000, "USD");
        assert_eq!(hold["id"], paid["id"], "{answer}");
        problem(&decide(&shop, &hold, "apply"), 409, "hold_not_applicable");
        let link = shop.found(&format!("/v1/links/{}", text(&paid["link_id"])));
        assert_eq!(link["amount_captured"], 0);
        goes_back(&shop, &hold);
    }
    let accounts = shop.found("/v1/statement?limit=1")["accounts"].clone();
    assert!(accounts.as_array().unwrap().iter().all(|row| row["currency"] == "USD" && row["closing"] == 0));
    server.verify();
}

#[test]
fn money_for_another_account_is_held_where_it_was_asked_for() {
    let server = Server::dev();
    let (shop, other) = (Shop::open(&server, "payee"), Shop::open(&server, "neighbour"));
    for account in ["neighbour", "somebody-else"] {
        let paid = told(&server, &shop, &json!({"answer": "succeeded", "takes_account": account}));
        assert_eq!(paid["state"], "held", "{paid}");
        let hold = hold(&shop, "mismatched", 100_000, "INR");
        problem(&decide(&shop, &hold, "apply"), 409, "hold_not_applicable");
        assert_eq!(other.found("/v1/holds")["data"], json!([]), "{account}");
        goes_back(&shop, &hold);
    }
    server.verify();
}

#[test]
fn money_that_comes_again_in_another_amount_is_held_beside_the_payment() {
    let server = Server::dev();
    let shop = Shop::open(&server, "partly");
    let again = json!({"at_s": 60, "notice": "succeeded", "reference": 2, "percent": 40, "times": 2});
    let paid = told(&server, &shop, &json!({"answer": "succeeded", "steps": [again]}));
    server.advance(70);
    let hold = hold(&shop, "duplicate", 40_000, "INR");
    assert_eq!(hold["beside_payment"], paid["id"]);
    assert_ne!(hold["id"], paid["id"]);
    // The tester's word about the money beside the payment, and about the payment, is about both.
    refunds_go(&server, &hold["id"], "failure");
    assert_eq!(decide(&shop, &hold, "refund").status, 200);
    wait_until("held again", || shop.found("/v1/holds")["data"][0]["id"] == hold["id"]);
    refunds_go(&server, &paid["id"], "success");
    goes_back(&shop, &hold);
    let shown = shop.found(&format!("/v1/payments/{}", text(&paid["id"])));
    assert_eq!((&shown["state"], &shown["charged"]), (&json!("captured"), &json!(100_000)));
    server.verify();
}

#[test]
fn money_under_the_reference_of_another_payment_is_not_booked_again() {
    let server = Server::dev();
    let (shop, other) = (Shop::open(&server, "twice"), Shop::open(&server, "outsider"));
    let first = told(&server, &shop, &json!({"answer": "succeeded"}));
    let claim = |answer: &str| {
        json!({"answer": answer, "check": "succeeded", "takes_reference_of": first["id"],
               "steps": [{"at_s": 30, "check": "succeeded", "notice": "succeeded", "times": 2}]})
    };
    for answer in ["succeeded", "pending", "none"] {
        let paid = told(&server, &shop, &claim(answer));
        server.advance(900);
        let shown = shop.found(&format!("/v1/payments/{}", text(&paid["id"])));
        let seen = [&shown["state"], &shown["hold_reason"], &shown["charged"], &shown["rail_reference"]];
        assert_eq!(seen, [&json!("held"), &json!("duplicate"), &json!(0), &Value::Null], "{answer}: {shown}");
    }
    let accounts = shop.found("/v1/statement?limit=1")["accounts"].clone();
    let rail = accounts.as_array().unwrap().iter().find(|row| row["account"] == "rail_receivable").unwrap();
    assert_eq!(rail["closing"], -100_000, "booked once: {accounts}");
    // Nobody names the money of a merchant's payments for another one's.
    let link = other.link(&fixed());
    let refused = server.pay_with(text(&link["code"]), &json!({"script": claim("succeeded")}));
    problem(&refused, 422, "invalid_request");
    server.verify();
}

#[test]
fn money_that_no_payment_asked_for_is_kept_in_a_book_of_its_own() {
    let run = || {
        let server = Server::dev();
        let shop = Shop::open(&server, "finder");
        let paid = told(
            &server,
            &shop,
            &json!({"answer": "succeeded", "takes_percent": 100, "steps": [
                {"at_s": 30, "stray": "succeeded"}, {"at_s": 40, "stray": "succeeded"}]}),
        );
        server.advance(60);
        let hold = hold(&shop, "unmatched", 100_000, "INR");
        assert_ne!(hold["payment"]["link_id"], paid["link_id"]);
        problem(&decide(&shop, &hold, "apply"), 409, "hold_not_applicable");
        let book = shop.found(&format!("/v1/links/{}", text(&hold["payment"]["link_id"])));
        assert_eq!(book["status"], "cancelled");
        problem(
            &server.pay_with(text(&book["code"]), &json!({"outcome": "success", "amount": "5"})),
            409,
            "link_cancelled",
        );
        refunds_go(&server, &hold["id"], "timeout_after_refund");
        assert_eq!(decide(&shop, &hold, "refund").status, 200);
        server.advance(3_600);
        goes_back(&shop, &hold);
        server.verify();
        server.send(&Call::get(&format!("/sandbox/log/{}", text(&book["code"])))).text().to_owned()
    };
    let first = run();
    assert!(first.contains("payment.held") && first.contains("refund.succeeded"), "{first}");
    assert_eq!(first, run(), "the same bytes on every run");
}

#[test]
fn money_that_no_payment_asked_for_is_its_accounts() {
    let server = Server::dev();
    let shop = Shop::open(&server, "sender");
    let other = Shop::open_with(&server, "receiver", "hold = \"refund\"");
    for account in ["receiver", "nobody-at-all"] {
        let paid = told(
            &server,
            &shop,
            &json!({"answer": "failed", "takes_account": account, "steps": [
                {"at_s": 9, "stray": "succeeded"}, {"at_s": 99, "stray": "reversed"}]}),
        );
        assert_eq!(paid["state"], "failed");
        server.advance(20);
        assert_eq!(shop.found("/v1/holds")["data"], json!([]));
        server.advance(100);
    }
    let events = other.found("/v1/events?limit=100")["data"].clone();
    let kinds: Vec<_> = events.as_array().unwrap().iter().rev().map(|event| text(&event["type"])).collect();
    assert!(kinds.starts_with(&["link.created", "link.cancelled", "payment.held"]), "{kinds:?}");
    assert!(kinds.contains(&"payment.reversed"), "{kinds:?}");
    assert!(server.kadi_ok(&["merchant", "list"]).contains("kadi-unmatched"));
    server.verify();
}
