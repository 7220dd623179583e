//! Money that lands at the end of something: after a link's time, as the last part, beside an obligation,
//! with a surcharge. It counts whole, or it is held.

use serde_json::{Value, json};

use crate::harness::http::Call;
use crate::harness::own_api::{fixed, problem, text};
use crate::harness::paysharp::Paysharp;
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_until;
use crate::holds::decide;

const CARD: &str = "fee = [{ mode = \"CC\", bps = 200, surcharge_bps = 150, surcharge_flat = \"0.25\" }]";

fn hold(shop: &Shop<'_>) -> Value {
    wait_until("held", || shop.found("/v1/holds")["data"].as_array().is_some_and(|holds| !holds.is_empty()));
    shop.found("/v1/holds")["data"][0].clone()
}

#[test]
fn a_payment_that_began_in_time_completes_a_link_whose_time_is_over() {
    let server = Server::dev();
    let merchant = Paysharp::open(&server, "ends", None);
    let link = merchant.create(&json!({
        "amount": 500, "remarks": "Inv-1", "validity": 1, "customerName": "Asha",
        "customerMobileNo": "9111100077",
    }));
    let waiting = server.pay(text(&link["linkPaymentId"]), "pending");
    server.advance(4_000);
    // Money under way may still pay it.
    assert_eq!(merchant.status(&link)["status"], "PENDING");
    assert_eq!(server.settle(text(&waiting["id"]), "success").status, 200);
    let shown = merchant.status(&link);
    assert_eq!((&shown["status"], &shown["netAmount"]), (&json!("SUCCESS"), &json!(494.1)), "{shown}");
    assert_eq!(merchant.resend(&link).json()["errorCode"], 7004);
    let own = merchant.shop.found("/v1/links")["data"][0].clone();
    assert_eq!(own["status"], "completed");
    let events = merchant.shop.events_of(&own);
    assert_eq!(events.iter().filter(|kind| *kind == "link.completed").count(), 1, "{events:?}");
    let page = server.send(&Call::get(&format!("/p/{}", text(&own["code"]))));
    assert!(!page.text().contains("expired"), "{}", page.text());
    server.verify();
}

#[test]
fn less_than_an_obligation_asks_is_never_counted_for_it() {
    let server = Server::dev();
    let shop = Shop::open(&server, "owed");
    let owed = || {
        let mut wish = fixed();
        wish["obligation"] = json!("Term 1");
        shop.link(&wish)
    };
    let (first, second) = (owed(), owed());
    server.pay(text(&second["code"]), "underpaid");
    let hold = hold(&shop);
    problem(&decide(&shop, &hold, "apply"), 409, "hold_not_applicable");
    server.pay(text(&first["code"]), "success");
    assert_eq!(shop.show(&first)["status"], "completed");
    wait_until("closed", || shop.show(&second)["status"] == "cancelled");
    assert_eq!(decide(&shop, &hold, "refund").status, 200);
    server.verify();
}

#[test]
fn the_last_of_so_many_parts_is_all_that_is_left_or_is_held() {
    let server = Server::dev();
    let shop = Shop::open(&server, "last");
    let mut wish = fixed();
    wish["part_rules"] = json!({"max": 2});
    let link = shop.link(&wish);
    let part = |outcome: &str, amount: &str| {
        let answer = server.pay_with(text(&link["code"]), &json!({"outcome": outcome, "amount": amount}));
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    part("failure_then_success", "300.00");
    part("success", "500.00");
    server.advance(70);
    let hold = hold(&shop);
    problem(&decide(&shop, &hold, "apply"), 409, "hold_has_no_room");
    assert_eq!(shop.show(&link)["status"], "active");
    part("success", "500.00");
    let shown = shop.show(&link);
    assert_eq!((&shown["status"], &shown["amount_captured"]), (&json!("completed"), &json!(100_000)));
    server.verify();
}

#[test]
fn late_money_with_a_surcharge_counts_for_what_was_asked() {
    let server = Server::dev();
    let shop = Shop::open_with(&server, "dear", CARD);
    let link = shop.link(&fixed());
    let paid = server.pay_with(text(&link["code"]), &json!({"outcome": "late_success", "mode": "CC"})).json();
    assert_eq!((&paid["surcharge"], &paid["charged"]), (&json!(1_525), &json!(101_525)), "{paid}");
    server.advance(17 * 60);
    let hold = hold(&shop);
    assert_eq!(hold["amount"], 101_525);
    let applied = decide(&shop, &hold, "apply");
    assert_eq!(applied.status, 200, "{}", applied.text());
    let applied = applied.json()["payment"].clone();
    assert_eq!(
        [&applied["amount"], &applied["surcharge"], &applied["charged"]],
        [&json!(100_000), &json!(1_525), &json!(101_525)]
    );
    assert_eq!(shop.show(&link)["status"], "completed");
    server.verify();
}

#[test]
fn what_is_charged_is_what_came() {
    let server = Server::dev();
    let shop = Shop::open(&server, "came");
    for (outcome, came) in [("overpaid", 150_000), ("underpaid", 50_000)] {
        let paid = server.pay(text(&shop.link(&fixed())["code"]), outcome);
        let shown = shop.found(&format!("/v1/payments/{}", text(&paid["id"])));
        assert_eq!((&shown["state"], &shown["charged"]), (&json!("held"), &json!(came)), "{shown}");
    }
}
