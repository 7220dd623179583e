//! Refunds of divided payments from outside: of the whole and of one part, who bears the fee, and never more
//! out of a part than it got whatever is asked for at once.

use serde_json::{Value, json};

use crate::harness::own_api::{problem, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::size::size;
use crate::harness::wait::wait_until;
use crate::splits::{family, shared};

/// 100,000 with a fee of 1,000 and a tax of 180: 30,000 for a child that bears its part of them, 20,000 for
/// one that does not, 50,000 for the merchant.
fn divided(server: &Server, shop: &Shop<'_>) -> (Value, String) {
    let split = json!([{"merchant": "trainer", "percent": "30", "bears_fee": true},
                       {"merchant": "hall", "amount": 20_000, "bears_fee": false}]);
    let link = shop.link(&shared(100_000, &split));
    let payment = server.pay(text(&link["code"]), "success");
    (link, format!("/v1/payments/{}", text(&payment["id"])))
}

/// Amount, net, what was refunded and what was given back, of each part.
fn parts(shop: &Shop<'_>, payment: &str) -> Value {
    let found = shop.found(&format!("{payment}/split"));
    let part =
        |part: &Value| json!(["amount", "net", "refunded", "given_back"].map(|name| part[name].clone()));
    found["data"].as_array().unwrap().iter().map(part).collect()
}

fn ask(shop: &Shop<'_>, payment: &str, amount: i64, of: Option<&str>) -> crate::harness::http::Answer {
    let mut body = json!({ "amount": amount });
    if let Some(of) = of {
        body["merchant"] = json!(of);
    }
    shop.post_json(&format!("{payment}/refunds"), &body)
}

fn refund(shop: &Shop<'_>, payment: &str, amount: i64, of: Option<&str>, end: &str) {
    let answer = ask(shop, payment, amount, of);
    assert_eq!(answer.status, 201, "{}", answer.text());
    let path = format!("/v1/refunds/{}", text(&answer.json()["id"]));
    wait_until(end, || shop.found(&path)["state"] == end);
}

/// The balances that a statement shows of those who are owed.
fn owed(shop: &Shop<'_>) -> Vec<Value> {
    let accounts = shop.found("/v1/statement")["accounts"].clone();
    let rows = accounts.as_array().unwrap().iter();
    let rows = rows.filter(|row| text(&row["account"]).ends_with("_payable"));
    rows.map(|row| json!([row["merchant"], row["closing"]])).collect()
}

#[test]
fn the_whole_and_single_parts_go_back_and_each_gives_what_it_got() {
    let server = Server::dev();
    let [shop, trainer, _] = family(&server);
    Shop::open_with(&server, "stranger", "aggregator = \"parent\"");
    let (link, payment) = divided(&server, &shop);
    let fresh = json!([[30_000, 29_646, 0, 0], [20_000, 20_000, 0, 0], [50_000, 49_174, 0, 0]]);
    assert_eq!(parts(&shop, &payment), fresh);
    problem(&ask(&shop, &payment, 20_001, Some("hall")), 409, "refund_too_large");
    problem(&ask(&shop, &payment, 50_001, Some("parent")), 409, "refund_too_large");
    problem(&ask(&shop, &payment, 100_001, None), 409, "refund_too_large");
    for none in ["stranger", "nobody", ""] {
        problem(&ask(&shop, &payment, 1, Some(none)), 409, "part_unknown");
    }
    problem(&ask(&trainer, &payment, 1, Some("trainer")), 404, "not_found");
    assert_eq!(parts(&shop, &payment), fresh, "what was refused left nothing");
    refund(&shop, &payment, 20_000, Some("hall"), "succeeded");
    let one = json!([[30_000, 29_646, 0, 0], [20_000, 20_000, 20_000, 20_000], [50_000, 49_174, 0, 0]]);
    assert_eq!(parts(&shop, &payment), one);
    problem(&ask(&shop, &payment, 1, Some("hall")), 409, "refund_too_large");
    server.send(
        &crate::harness::http::Call::post(&format!("{}/refunds", payment.replace("/v1/", "/sandbox/")))
            .json(&json!({ "outcome": "failure" })),
    );
    refund(&shop, &payment, 80_000, None, "failed");
    assert_eq!(parts(&shop, &payment), one, "what failed is given to each again");
    server.send(
        &crate::harness::http::Call::post(&format!("{}/refunds", payment.replace("/v1/", "/sandbox/")))
            .json(&json!({ "outcome": "success" })),
    );
    refund(&shop, &payment, 8, None, "succeeded");
    refund(&shop, &payment, 10_000, Some("parent"), "succeeded");
    refund(&shop, &payment, 69_992, None, "succeeded");
    let all = json!([
        [30_000, 29_646, 30_000, 29_646],
        [20_000, 20_000, 20_000, 20_000],
        [50_000, 49_174, 50_000, 50_354],
    ]);
    assert_eq!(parts(&shop, &payment), all, "the fee stays with the merchant");
    assert_eq!(shop.show(&link)["amount_refunded"], 100_000);
    let ends = [json!([null, -1_180]), json!(["trainer", 0]), json!(["hall", 0])];
    let found = owed(&shop);
    assert!(found.len() == 3 && ends.iter().all(|end| found.contains(end)), "{found:?}");
    server.verify();
}

#[test]
fn the_bearer_of_the_fee_is_the_merchants_setting() {
    let server = Server::dev();
    for (id, lines, left) in [("bears", "", -1_180), ("is-spared", "refund_fee_bearer = \"platform\"", 0)] {
        let shop = Shop::open_with(&server, id, lines);
        let paid = server.pay(text(&shop.link(&crate::harness::own_api::fixed())["code"]), "success");
        let payment = format!("/v1/payments/{}", text(&paid["id"]));
        refund(&shop, &payment, 33_333, None, "succeeded");
        refund(&shop, &payment, 66_667, None, "succeeded");
        let balance = |account: &str| {
            let accounts = shop.found("/v1/statement")["accounts"].clone();
            let row = accounts.as_array().unwrap().iter().find(|row| row["account"] == account).cloned();
            row.unwrap()["closing"].as_i64().unwrap()
        };
        assert_eq!(balance("merchant_payable"), left, "{id}");
        assert_eq!(balance("fee_income") + balance("fee_tax"), -left, "{id}");
    }
    let shop = Shop::open_with(&server, "parent", "refund_fee_bearer = \"platform\"");
    Shop::open_with(&server, "trainer", "aggregator = \"parent\"");
    Shop::open_with(&server, "hall", "aggregator = \"parent\"");
    let (_, payment) = divided(&server, &shop);
    refund(&shop, &payment, 20_000, Some("hall"), "succeeded");
    let hall = json!([[30_000, 29_646, 0, 0], [20_000, 20_000, 20_000, 20_000], [50_000, 49_174, 0, -236]]);
    assert_eq!(parts(&shop, &payment), hall, "the merchant has its fee for that part again");
    refund(&shop, &payment, 80_000, None, "succeeded");
    assert!(owed(&shop).iter().all(|row| row[1] == 0), "{:?}", owed(&shop));
    server.verify();
}

#[test]
fn refunds_of_parts_and_of_the_whole_at_once_take_no_part_below_nothing() {
    let server = Server::dev();
    let [shop, ..] = family(&server);
    let payments: Vec<(Value, String)> = (0..size(4, 40)).map(|_| divided(&server, &shop)).collect();
    let sources = [None, Some("trainer"), Some("hall"), Some("parent")];
    let wish = |caller: usize, payment: usize| -> (i64, Option<&str>) {
        let mixed = (caller * 7_919 + payment * 104_729 + 17) * 2_654_435_761 % 1_000_003;
        (i64::try_from(mixed % 7_000).unwrap() + 1, sources[mixed / 7_000 % 4])
    };
    let answered: Vec<Vec<u16>> = std::thread::scope(|scope| {
        let call = |caller: usize| {
            let (shop, payments) = (&shop, &payments);
            move || -> Vec<u16> {
                let mut line = shop.server.line();
                let ask = |(at, (_, path)): (usize, &(Value, String))| {
                    let (amount, of) = wish(caller, at);
                    let body = json!({ "amount": amount, "merchant": of });
                    shop.post_json_on(&mut line, &format!("{path}/refunds"), &body).status
                };
                payments.iter().enumerate().map(ask).collect()
            }
        };
        let threads: Vec<_> = (0..size(48, 500)).map(|caller| scope.spawn(call(caller))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut refused = 0;
    for (at, (link, path)) in payments.iter().enumerate() {
        let accepted = |of: Option<&str>| -> i64 {
            let calls = answered.iter().enumerate().filter(|(_, statuses)| statuses[at] == 201);
            calls
                .map(|(caller, _)| wish(caller, at))
                .filter(|(_, from)| *from == of)
                .map(|(sum, _)| sum)
                .sum()
        };
        refused += answered.iter().filter(|statuses| statuses[at] == 409).count();
        assert!(answered.iter().all(|statuses| [201, 409].contains(&statuses[at])));
        let all: i64 = sources.iter().map(|of| accepted(*of)).sum();
        assert!(all <= 100_000, "{all} of 100000 went back");
        wait_until("all refunds are done", || shop.show(link)["amount_refunded"] == all);
        let found = shop.found(&format!("{path}/split"))["data"].clone();
        let mut refunded = 0;
        for (part, of) in found.as_array().unwrap().iter().zip(["trainer", "hall", "parent"]) {
            let number = |name: &str| part[name].as_i64().unwrap();
            assert!(number("refunded") <= number("amount"), "{part}");
            assert!(number("refunded") >= accepted(Some(of)), "{part}");
            assert!(of == "parent" || (0..=number("net")).contains(&number("given_back")), "{part}");
            refunded += number("refunded");
        }
        assert_eq!(refunded, all);
    }
    assert!(refused > 0, "the refunds competed");
    server.verify();
}
