//! Links of Paytm's API that are paid in parts and divided over children, from the create to the statement.

use serde_json::{Value, json};

use crate::harness::own_api::text;
use crate::harness::paytm::Reply;
use crate::harness::peers;
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_until;
use crate::splits::family;

fn divided(shop: &Shop<'_>, children: &Value) -> Value {
    let mut body = shop.fixed();
    body["amount"] = json!("1000.01");
    body["splitSettlementInfo"] = json!({"splitMethod": "PERCENTAGE", "splitInfo": children});
    body
}

fn pay(server: &Server, link: &Reply, amount: &str) -> Value {
    let paid = server.pay_with(&link.link_code(), &json!({"outcome": "success", "amount": amount}));
    assert_eq!(paid.status, 200, "{}", paid.text());
    paid.json()
}

/// What each is owed, by the statement.
fn owed(shop: &Shop<'_>) -> Value {
    let accounts = shop.found("/v1/statement")["accounts"].clone();
    let rows = accounts.as_array().unwrap().iter();
    let rows = rows.filter(|row| text(&row["account"]).ends_with("_payable"));
    rows.map(|row| json!([row["merchant"], row["closing"]])).collect()
}

#[test]
fn parts_of_a_divided_link_add_up_and_refunds_take_the_same_shares_back() {
    let server = Server::dev();
    let [shop, trainer, hall] = family(&server);
    let children =
        json!([{"mid": trainer.mid, "percentage": "33.33"}, {"mid": hall.mid, "percentage": "20"}]);
    let mut body = divided(&shop, &children);
    body["partialPayment"] = json!("true");
    let link = shop.create(&body);
    let path = format!("/v1/links/{}", link.ok()["linkId"]);
    pay(&server, &link, "333.33");
    assert_eq!(shop.found(&path)["amount_captured"], 33_333);
    let too_much = server.pay_with(&link.link_code(), &json!({"outcome": "success", "amount": "666.69"}));
    assert_eq!((too_much.status, &too_much.json()["code"]), (422, &json!("amount_invalid")));
    let last = pay(&server, &link, "666.68");
    assert_eq!(
        (&shop.found(&path)["status"], &shop.found(&path)["amount_captured"]),
        (&json!("completed"), &json!(100_001))
    );
    // 33,333 by percentage: 11,109.89, 6,666.6 and 15,556.51 less 393 of fee and tax. 66,668: 22,220.44,
    // 13,333.6 and 31,113.96 less 787. The largest remainders are rounded up.
    let all = json!([["hall", 20_001], ["trainer", 33_330], [null, 45_490]]);
    let mut found: Vec<Value> = owed(&shop).as_array().unwrap().clone();
    found.sort_by_key(ToString::to_string);
    assert_eq!(json!(found), all, "{found:?}");
    let refunds = format!("/v1/payments/{}/refunds", text(&last["id"]));
    let refund = shop.post_json(&refunds, &json!({"amount": 66_668}));
    assert_eq!(refund.status, 201, "{}", refund.text());
    let refund = format!("/v1/refunds/{}", text(&refund.json()["id"]));
    wait_until("the refund succeeds", || shop.found(&refund)["state"] == "succeeded");
    let mut found: Vec<Value> = owed(&shop).as_array().unwrap().clone();
    found.sort_by_key(ToString::to_string);
    let first_alone = json!([["hall", 6_667], ["trainer", 11_110], [null, 14_376]]);
    assert_eq!(json!(found), first_alone, "{found:?}");
    server.verify();
}

#[test]
fn an_aggregator_makes_a_link_for_its_child_and_reads_what_it_is_owed() {
    let server = Server::dev();
    let [parent, trainer, hall] = family(&server);
    let stranger = Shop::open(&server, "stranger");
    let mut body = divided(&trainer, &json!([{"mid": hall.mid, "percentage": "50"}]));
    body["amount"] = json!("100");
    let request = |key: &str| peers::python().request(key, &parent.head(), &body);
    let made = trainer.post(request(&parent.paytm_key));
    let link = format!("/v1/links/{}", made.ok()["linkId"]);
    assert_eq!(peers::node().answer(&parent.paytm_key, &made.text)["verified"], true, "{}", made.text);
    assert_eq!(trainer.found(&link)["amount"], 10_000, "the link is the child's");
    for other in [&parent, &hall, &stranger] {
        assert_eq!(other.get(&link).status, 404, "{}", other.id);
    }
    trainer.post(request(&hall.paytm_key)).refused(
        "a sibling's key",
        "5028",
        "Checksum provided is invalid.",
    );
    body["splitSettlementInfo"]["splitInfo"] = json!({"mid": stranger.mid, "percentage": "1"});
    trainer.create(&body).refused(
        "a stranger's share",
        "5025",
        "Invalid Merchant ID. Mentioned ID is not linked to Aggregator.",
    );
    server.verify();
}
