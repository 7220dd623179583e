//! Splits from outside: shares are refused or shown, captured to the last paisa, taken back, and checked.

use serde_json::{Value, json};

use crate::harness::own_api::{fixed, problem, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

pub(crate) fn family(server: &Server) -> [Shop<'_>; 3] {
    let child = "aggregator = \"parent\"";
    [
        Shop::open(server, "parent"),
        Shop::open_with(server, "trainer", child),
        Shop::open_with(server, "hall", child),
    ]
}

pub(crate) fn shared(amount: i64, split: &Value) -> Value {
    let mut wish = fixed();
    (wish["amount"], wish["split"]) = (json!(amount), split.clone());
    wish
}

fn parts(shop: &Shop<'_>, payment: &Value) -> Vec<Vec<Value>> {
    let found = shop.found(&format!("/v1/payments/{}/split", text(&payment["id"])));
    let part = |part: &Value| {
        ["merchant", "amount", "fee", "fee_tax", "net"].map(|name| part[name].clone()).to_vec()
    };
    found["data"].as_array().unwrap().iter().map(part).collect()
}

#[test]
fn a_payment_is_divided_to_the_last_paisa_and_a_reversal_takes_it_back() {
    let server = Server::dev();
    let [shop, ..] = family(&server);
    let split = json!([{"merchant": "trainer", "percent": "33.33", "bears_fee": true},
                       {"merchant": "hall", "amount": 12_345, "bears_fee": false}]);
    let link = shop.link(&shared(100_001, &split));
    let shown = json!([{"merchant": "trainer", "percent": "33.33", "bears_fee": true},
                       {"merchant": "hall", "amount": 12_345, "bears_fee": false}]);
    assert_eq!((&link["split"], &shop.show(&link)["split"]), (&shown, &shown));
    let paid = server.pay(text(&link["code"]), "success");
    let expected = [
        json!(["trainer", 33_330, 333, 60, 32_937]),
        json!(["hall", 12_345, 0, 0, 12_345]),
        json!(["parent", 54_326, 667, 120, 53_539]),
    ];
    assert_eq!(json!(parts(&shop, &paid)), json!(expected));
    assert_eq!(json!([paid["fee"], paid["fee_tax"], paid["net"]]), json!([1_000, 180, 98_821]));
    let gone = server.pay(text(&shop.link(&shared(777, &json!([split[0]])))["code"]), "reversal");
    server.advance(3_600);
    assert_eq!(shop.found(&format!("/v1/payments/{}", text(&gone["id"])))["state"], "reversed");
    assert!(parts(&shop, &gone).is_empty());
    let gift = json!({"kind": "open", "name": "Gift", "split": [{"merchant": "hall", "percent": "100"}]});
    let gift =
        server.pay_with(text(&shop.link(&gift)["code"]), &json!({"outcome": "success", "amount": "500.00"}));
    let all = [json!(["hall", 50_000, 0, 0, 50_000]), json!(["parent", 0, 500, 90, -590])];
    assert_eq!(json!(parts(&shop, &gift.json())), json!(all));
    server.verify();
}

#[test]
fn shares_that_do_not_fit_or_are_for_strangers_are_refused_and_leave_no_link() {
    let server = Server::dev();
    let [shop, trainer, _] = family(&server);
    Shop::open(&server, "stranger");
    Shop::open_with(&server, "asleep", "aggregator = \"parent\"\nactive = false");
    Shop::open_with(&server, "single", "feature = [\"upi\"]");
    let cases = [
        json!([{"merchant": "nobody", "amount": 1}]),
        json!([{"merchant": "asleep", "amount": 1}]),
        json!([{"merchant": "stranger", "amount": 1}]),
        json!([{"merchant": "parent", "amount": 1}]),
        json!([{"merchant": "hall", "amount": 100_001}]),
        json!([{"merchant": "hall", "amount": 50_001}, {"merchant": "trainer", "percent": "50"}]),
        json!([{"merchant": "hall", "amount": 1}, {"merchant": "hall", "amount": 1}]),
    ];
    for split in cases {
        problem(&shop.post_json("/v1/links", &shared(100_000, &split)), 422, "split_invalid");
    }
    for (split, code) in [
        (json!([{"merchant": "hall"}]), "invalid_request"),
        (json!([{"merchant": "hall", "amount": 1, "percent": "1"}]), "invalid_request"),
        (json!([{"merchant": "hall", "percent": "0"}]), "invalid_request"),
        (json!([{"merchant": "hall", "percent": "100.01"}]), "invalid_request"),
        (json!([{"merchant": "hall", "percent": "1.005"}]), "invalid_request"),
        (json!([{"merchant": "hall", "amount": 0}]), "amount_invalid"),
    ] {
        problem(&shop.post_json("/v1/links", &shared(100_000, &split)), 422, code);
    }
    let open = json!({"kind": "open", "name": "x", "split": [{"merchant": "hall", "amount": 1}]});
    problem(&shop.post_json("/v1/links", &open), 422, "split_invalid");
    let single = Shop::credentials(&server, "single");
    let split = json!([{"merchant": "hall", "amount": 1}]);
    problem(&single.post_json("/v1/links", &shared(100_000, &split)), 409, "feature_off");
    assert_eq!(shop.found("/v1/links")["data"], json!([]));
    let sibling = trainer.link(&shared(100_000, &split));
    let paid = server.pay(text(&sibling["code"]), "success");
    assert_eq!(json!(parts(&trainer, &paid)[0]), json!(["hall", 1, 0, 0, 1]));
    server.verify();
}
