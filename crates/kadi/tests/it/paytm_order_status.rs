//! Order status of payment links, by the same ids that callbacks tell.

use serde_json::{Value, json};

use crate::harness::own_api::text;
use crate::harness::paytm_orders::STATUS;
use crate::harness::peers::node;
use crate::harness::server::Server;
use crate::harness::shop::Shop;

/// A fixed link with this member, and its code.
fn link(shop: &Shop<'_>, member: &str, value: Value) -> String {
    let mut body = shop.fixed();
    body[member] = value;
    shop.create(&body).link_code()
}

#[test]
fn a_payment_is_found_by_the_order_that_callbacks_name() {
    let server = Server::dev();
    let shop = Shop::open(&server, "orders");
    let one = link(&shop, "linkOrderId", json!("LINK-1"));
    assert_eq!(shop.order_status("LINK-1").row()[..2], ["402", "PENDING"]);
    let paid = server.pay(&one, "success");
    assert_eq!(shop.order_status("LINK-1").body()["txnId"], paid["id"]);
    assert_eq!(shop.order_status(text(&paid["id"])).code(), "334", "callbacks call it LINK-1");

    let many = link(&shop, "orderId", json!("FIRST-1"));
    let (first, second) = (server.pay(&many, "failure"), server.pay(&many, "success"));
    let told = shop.order_status("FIRST-1");
    assert_eq!((told.code(), &told.body()["txnId"]), ("227", &first["id"]));
    let told = shop.order_status(text(&second["id"]));
    assert_eq!((told.code(), &told.body()["orderId"]), ("01", &second["id"]));
    assert_eq!(told.body()["mid"], json!(shop.mid));
}

#[test]
fn the_newest_link_of_an_order_speaks_for_it() {
    let server = Server::dev();
    let shop = Shop::open(&server, "newest");
    let old = link(&shop, "linkOrderId", json!("SAME"));
    server.pay(&old, "failure");
    assert_eq!(shop.order_status("SAME").code(), "227");
    let new = link(&shop, "linkOrderId", json!("SAME"));
    assert_eq!(shop.order_status("SAME").code(), "402");
    server.pay(&new, "success");
    assert_eq!(shop.order_status("SAME").code(), "01");
}

#[test]
fn what_is_refunded_and_what_waits_is_told() {
    let server = Server::dev();
    let shop = Shop::open(&server, "refunded");
    let code = link(&shop, "linkOrderId", json!("BACK-1"));
    let paid = server.pay(&code, "success");
    assert_eq!(shop.order_status("BACK-1").body()["refundAmt"], "0.00");
    let refunds = format!("/v1/payments/{}/refunds", text(&paid["id"]));
    assert_eq!(shop.post_json(&refunds, &json!({"amount": 12_345})).status, 201);
    crate::harness::wait::wait_for("the refund", || {
        (shop.order_status("BACK-1").body()["refundAmt"] == "123.45").then_some(())
    });
    let code = link(&shop, "linkOrderId", json!("WAIT-1"));
    let waiting = server.pay(&code, "pending");
    let told = shop.order_status("WAIT-1");
    assert_eq!((told.code(), &told.body()["txnId"]), ("402", &waiting["id"]));
    let code = link(&shop, "linkOrderId", json!("TAKEN-1"));
    server.pay(&code, "reversal");
    server.advance(120);
    assert_eq!(shop.order_status("TAKEN-1").row()[..2], ["227", "TXN_FAILURE"]);
}

#[test]
fn another_merchants_order_is_not_there() {
    let server = Server::dev();
    let (shop, other) = (Shop::open(&server, "mine"), Shop::open_for_orders(&server, "theirs", None, ""));
    let code = link(&shop, "linkOrderId", json!("MINE-1"));
    let paid = server.pay(&code, "success");
    let plain = server.pay(&shop.create(&shop.fixed()).link_code(), "success");
    let native = server.pay(text(&shop.link(&crate::harness::own_api::fixed())["code"]), "success");
    other.send_request("THEIRS-1");
    let absent = other.order_status("NOBODY-1");
    assert_eq!(absent.row(), ["334", "TXN_FAILURE", "Invalid Order ID"]);
    let of_link = format!("LI_{}", text(&native["link_id"]));
    for id in ["MINE-1", text(&paid["id"]), text(&plain["id"]), text(&native["id"]), &of_link] {
        assert_eq!(other.order_status(id).body(), absent.body(), "{id}");
    }
    assert_eq!(shop.order_status("THEIRS-1").body(), absent.body());
    for id in [text(&native["id"]), &of_link] {
        assert_eq!(shop.order_status(id).code(), "01", "a payment of another API");
    }
    let digits = of_link.trim_start_matches("LI_");
    for id in [format!("LI_0{digits}"), format!("LI_+{digits}"), "LI_".to_owned()] {
        assert_eq!(shop.order_status(&id).body(), absent.body(), "{id}");
    }
}

#[test]
fn what_is_wrong_with_a_question_is_told_by_its_own_code() {
    let server = Server::dev();
    let shop = Shop::open_for_orders(&server, "asks", None, "");
    shop.send_request("ASK-1");
    let ask = |body: Value| {
        let told = shop.order_call(STATUS, &body);
        assert_eq!(told.http, 200);
        told.row().map(str::to_owned)
    };
    let mid = &shop.mid;
    assert_eq!(ask(json!({"orderId": "ASK-1"}))[..2], ["335", "TXN_FAILURE"]);
    assert_eq!(ask(json!({"mid": "NOBODY00000000000000", "orderId": "ASK-1"}))[0], "335");
    assert_eq!(ask(json!({"mid": mid}))[..2], ["334", "TXN_FAILURE"]);
    assert_eq!(ask(json!({"mid": mid, "orderId": 7}))[0], "334");
    assert_eq!(ask(json!({"mid": mid, "orderId": "a".repeat(51)}))[0], "334");
    for kind in ["PREAUTH", "CAPTURE", "RELEASE", "WITHDRAW"] {
        let told = ask(json!({"mid": mid, "orderId": "ASK-1", "txnType": kind}));
        assert_eq!(told[..2], ["331", "NO_RECORD_FOUND"], "{kind}");
    }
    assert_eq!(ask(json!({"mid": mid, "orderId": "ASK-1", "txnType": ""}))[0], "402");
    let body = json!({"mid": mid, "orderId": "ASK-1"});
    let forged = node().request("fedcba9876543210", &shop.order_head(), &body);
    let told = shop.order_post(STATUS, forged);
    assert_eq!((told.http, told.row()[..2].to_vec()), (200, vec!["330", "TXN_FAILURE"]));
    for broken in ["", "{}", "not JSON", "{\"head\":{}}"] {
        let told = shop.order_post(STATUS, broken);
        assert_eq!((told.http, told.row()[..2].to_vec()), (200, vec!["501", "TXN_FAILURE"]), "{broken}");
    }
    let python_date = json!({"requestTimestamp": "2026-11-21 10:00:00.123456", "version": "v2"});
    let told = shop.order_call_by(node(), STATUS, &python_date, &body);
    assert_eq!((told.code(), &told.value["head"]["version"]), ("402", &json!("v2")));
}
