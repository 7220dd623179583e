//! A child's view: what it is owed, from whom and by link, and nothing of anybody else's.

use serde_json::{Value, json};

use crate::harness::own_api::{problem, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_until;
use crate::splits::{family, shared};

fn pay(server: &Server, shop: &Shop<'_>, amount: i64, split: &Value) -> (String, String) {
    let link = shop.link(&shared(amount, split));
    let payment = server.pay(text(&link["code"]), "success");
    (text(&link["id"]).to_owned(), text(&payment["id"]).to_owned())
}

/// From whom, and what was owed before, taken away, added and is owed now.
fn totals(shop: &Shop<'_>, period: &str) -> Value {
    let page = shop.found(&format!("/v1/statement?limit=100{period}"));
    let row = |row: &Value| {
        assert_eq!(row["currency"], "INR");
        json!(["merchant", "opening", "debit", "credit", "closing"].map(|name| row[name].clone()))
    };
    page["owed"].as_array().into_iter().flatten().map(row).collect()
}

/// The links in pages of this size: from whom, which, what was taken away, added and is owed.
fn links(shop: &Shop<'_>, limit: usize) -> Vec<Value> {
    let (mut rows, mut after) = (Vec::new(), String::new());
    loop {
        let page = shop.found(&format!("/v1/statement/owed?limit={limit}{after}"));
        let data = page["data"].as_array().unwrap();
        assert!(data.len() <= limit);
        rows.extend(data.iter().map(|row| {
            json!(["merchant", "link_id", "debit", "credit", "owed"].map(|name| row[name].clone()))
        }));
        let Some(next) = page["next"].as_str() else { return rows };
        after = format!("&after={next}");
    }
}

#[test]
fn a_child_sees_what_it_is_owed_from_whom_and_by_link_and_nothing_else() {
    let server = Server::dev();
    let [parent, trainer, hall] = family(&server);
    let stranger = Shop::open(&server, "stranger");
    let to = |child: &str, amount: i64| json!([{"merchant": child, "amount": amount}]);
    let (first, refunded) = pay(&server, &parent, 10_000, &to("trainer", 4_000));
    let (second, _) = pay(&server, &parent, 10_000, &to("trainer", 300));
    let (_, of_hall) = pay(&server, &parent, 10_000, &to("hall", 777));
    let (sibling, _) = pay(&server, &hall, 5_000, &to("trainer", 55));
    pay(&server, &parent, 10_000, &json!([]));
    pay(&server, &stranger, 10_000, &json!([]));
    server.advance(1);
    let middle = server.now();
    server.advance(1);
    let answer = parent.post_json(&format!("/v1/payments/{refunded}/refunds"), &json!({"amount": 2_500}));
    assert_eq!(answer.status, 201, "{}", answer.text());
    wait_until("given back", || totals(&trainer, "")[0][2] == 1_000);

    assert_eq!(totals(&trainer, ""), json!([["parent", 0, 1_000, 4_300, 3_300], ["hall", 0, 0, 55, 55]]));
    let (before, later) = (format!("&to={middle}"), format!("&from={middle}"));
    assert_eq!(totals(&trainer, &before), json!([["parent", 0, 0, 4_300, 4_300], ["hall", 0, 0, 55, 55]]));
    let now = json!([["parent", 4_300, 1_000, 0, 3_300], ["hall", 55, 0, 0, 55]]);
    assert_eq!(totals(&trainer, &later), now);
    let mut expected = [
        json!(["parent", first, 1_000, 4_000, 3_000]),
        json!(["parent", second, 0, 300, 300]),
        json!(["hall", sibling, 0, 55, 55]),
    ];
    expected.sort_by_key(|row| text(&row[1]).parse::<i64>().unwrap());
    for limit in [1, 2, 100] {
        assert_eq!(links(&trainer, limit), expected, "pages of {limit}");
    }
    let in_time = trainer.found(&format!("/v1/statement/owed?from={middle}"));
    assert_eq!(in_time["data"].as_array().map(Vec::len), Some(1), "one link moved: {in_time}");

    assert_eq!(totals(&hall, ""), json!([["parent", 0, 0, 777, 777]]));
    assert_eq!((totals(&parent, ""), totals(&stranger, "")), (json!([]), json!([])));
    assert_eq!((links(&parent, 9), links(&stranger, 9)), (vec![], vec![]));
    let own = trainer.found("/v1/statement?limit=100");
    assert_eq!((&own["accounts"], &own["data"]), (&json!([]), &json!([])), "no entry of others");
    for path in [format!("/v1/payments/{refunded}"), format!("/v1/payments/{of_hall}/split")] {
        problem(&trainer.get(&path), 404, "not_found");
    }
    let told = trainer.get("/v1/statement/owed").text().to_owned() + &own.to_string();
    for other in [refunded.as_str(), of_hall.as_str(), "stranger"] {
        assert!(!told.contains(other), "{other}: {told}");
    }
    for query in ["after=x", "after=1.2.3", "limit=0", "colour=1"] {
        problem(&trainer.get(&format!("/v1/statement/owed?{query}")), 422, "invalid_request");
    }
    server.verify();
}
