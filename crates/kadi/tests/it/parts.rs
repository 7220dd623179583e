//! Paying in parts: the rules of a link in parts, its page at 320 px with and without script, and its books.

use serde_json::{Value, json};

use crate::harness::browser::{Browser, PHONE, body_text, click, fill, open, step};
use crate::harness::http::Call;
use crate::harness::own_api::{fixed, problem, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const PAY: &str = "button[name=outcome][value=success]";
const AMOUNT: &str = "input[name=amount]";

fn in_parts(rules: &Value) -> Value {
    let mut wish = fixed();
    wish["part_rules"] = rules.clone();
    wish
}

fn part(server: &Server, link: &Value, amount: &str) -> (u16, Value) {
    let wish = json!({"outcome": "success", "amount": amount});
    let answer = server.pay_with(text(&link["code"]), &wish);
    (answer.status, answer.json())
}

#[test]
fn parts_are_paid_until_nothing_is_left_and_small_ones_are_refused() {
    let server = Server::dev();
    let shop = Shop::open(&server, "rules");
    let rules = json!({"max": 4, "min_first": 40_000, "min": 20_000});
    let link = shop.link(&in_parts(&rules));
    assert_eq!((&link["parts"], &link["part_rules"]), (&json!(true), &rules), "{link}");
    assert_eq!((&link["reusable"], &shop.show(&link)["part_rules"]), (&json!(false), &rules));
    for amount in ["399.99", "1000.01", "0"] {
        let (status, said) = part(&server, &link, amount);
        assert_eq!((status, &said["code"]), (422, &json!("amount_invalid")), "{amount}: {said}");
    }
    for (amount, captured) in [("400.00", 40_000), ("450.50", 85_050)] {
        assert_eq!(part(&server, &link, amount).0, 200, "{amount}");
        let shown = shop.show(&link);
        assert_eq!((&shown["amount_captured"], &shown["status"]), (&json!(captured), &json!("active")));
    }
    assert_eq!(
        part(&server, &link, "149.49").1["code"],
        "amount_invalid",
        "less than the rest, which is small"
    );
    assert_eq!(part(&server, &link, "149.50").0, 200, "the last may be smaller");
    let shown = shop.show(&link);
    assert_eq!((&shown["amount_captured"], &shown["status"]), (&json!(100_000), &json!("completed")));
    assert_eq!(part(&server, &link, "1.00").1["code"], "link_completed");
    let plain = shop.link(&json!({"kind": "fixed", "amount": 500, "name": "Tea", "parts": true}));
    assert_eq!(plain["part_rules"], json!({}));
    let codes: Vec<u16> = (0..5).map(|_| part(&server, &plain, "1.00").0).collect();
    assert_eq!((codes, part(&server, &plain, "0.01").0), (vec![200; 5], 409));
    server.verify();
}

#[test]
fn the_last_part_that_is_allowed_pays_all_and_a_part_under_way_leaves_the_rest() {
    let server = Server::dev();
    let shop = Shop::open(&server, "last");
    let link = shop.link(&in_parts(&json!({"max": 2})));
    let waiting = server.pay_with(text(&link["code"]), &json!({"outcome": "pending", "amount": "300.00"}));
    assert_eq!(waiting.status, 200, "{}", waiting.text());
    assert_eq!(part(&server, &link, "699.99").1["code"], "amount_invalid");
    assert_eq!(part(&server, &link, "700.01").1["code"], "link_busy");
    assert_eq!(part(&server, &link, "700.00").0, 200);
    assert_eq!(server.settle(text(&waiting.json()["id"]), "failure").status, 200);
    let shown = shop.show(&link);
    assert_eq!((&shown["amount_captured"], &shown["status"]), (&json!(70_000), &json!("active")));
    assert_eq!(part(&server, &link, "300.00").0, 200);
    assert_eq!(shop.show(&link)["status"], "completed");
    server.verify();
}

/// 118,000 with 9,000 of each tax, in parts of which one is taken back.
#[test]
fn each_part_has_its_share_of_the_taxes_and_together_they_are_the_tax() {
    let server = Server::dev();
    let (shop, other) = (Shop::open(&server, "taxed"), Shop::open(&server, "other"));
    let taxes = json!([{"name": "CGST", "amount": 4_500}, {"name": "SGST", "amount": 4_500}]);
    let lines = json!([{"name": "Course", "units": 2, "unit_amount": 50_000, "taxes": taxes}]);
    let wish = json!({"kind": "invoice", "amount": 118_000, "name": "Fees", "lines": lines, "parts": true});
    let link = shop.link(&wish);
    let tax_of = |payment: &Value| -> Vec<i64> {
        let found = shop.found(&format!("/v1/payments/{}/tax", text(&payment["id"])));
        let rows = found["data"].as_array().unwrap().clone();
        assert!(rows.is_empty() || (rows[0]["name"] == "CGST" && rows[1]["name"] == "SGST"), "{found}");
        rows.iter().map(|row| row["amount"].as_i64().unwrap()).collect()
    };
    let page = || server.send(&Call::get(&format!("/p/{}", text(&link["code"])))).text().to_owned();
    assert!(page().contains("<bdi>CGST</bdi> in what is left</th><td>₹90.00"), "{}", page());
    let first = part(&server, &link, "333.33").1;
    let gone = {
        let wish = json!({"outcome": "reversal", "amount": "100.01"});
        server.pay_with(text(&link["code"]), &wish).json()
    };
    let second = part(&server, &link, "0.01").1;
    server.advance(3_600);
    let shown = || shop.found(&format!("/v1/payments/{}", text(&gone["id"])));
    crate::harness::wait::wait_until("taken back", || shown()["state"] == "reversed");
    assert_eq!(tax_of(&first), [2_543, 2_542]);
    assert_eq!(tax_of(&gone), [763, 763], "what it had stays known");
    assert!(page().contains("<bdi>SGST</bdi> in what is left</th><td>₹64.58"), "{}", page());
    let failed =
        server.pay_with(text(&link["code"]), &json!({"outcome": "failure", "amount": "1.00"})).json();
    assert!(tax_of(&failed).is_empty());
    let third = part(&server, &link, "846.66").1;
    assert_eq!(shop.show(&link)["status"], "completed");
    let all = [tax_of(&first), tax_of(&second), tax_of(&third)];
    assert_eq!(all[2], [6_457, 6_458]);
    for at in 0..2 {
        assert_eq!(all.iter().map(|shares| shares[at]).sum::<i64>(), 9_000);
    }
    problem(&other.get(&format!("/v1/payments/{}/tax", text(&first["id"]))), 404, "not_found");
    server.verify();
}

#[test]
fn rules_and_plans_that_fit_nothing_are_refused() {
    let server = Server::dev();
    let shop = Shop::open(&server, "misfits");
    let instalment = |amount: i64, due: &str| json!({"amount": amount, "due": due});
    let (may, june) = ("2036-05-01T00:00:00Z", "2036-06-01T00:00:00Z");
    for (rules, status, code) in [
        (json!({"min": 100_001}), 422, "parts_invalid"),
        (json!({"min_first": 100_001}), 422, "parts_invalid"),
        (json!({"min": 0}), 422, "amount_invalid"),
        (json!({"max": 0}), 422, "invalid_request"),
        (json!({"most": 1}), 422, "invalid_request"),
        (json!({"plan": [instalment(40_000, may), instalment(59_999, june)]}), 422, "parts_invalid"),
        (json!({"plan": [instalment(40_000, june), instalment(60_000, may)]}), 422, "parts_invalid"),
        (json!({"plan": [instalment(100_000, "2006-05-01T00:00:00Z")]}), 422, "parts_invalid"),
        (json!({"plan": [instalment(100_000, "May")]}), 422, "invalid_request"),
    ] {
        problem(&shop.post_json("/v1/links", &in_parts(&rules)), status, code);
    }
    for (member, value) in [("reusable", json!(true)), ("max_payments", json!(3)), ("parts", json!(false))] {
        let mut wish = in_parts(&json!({"max": 2}));
        wish[member] = value;
        problem(&shop.post_json("/v1/links", &wish), 422, "invalid_request");
    }
    let open = json!({"kind": "open", "name": "Gift", "parts": true});
    problem(&shop.post_json("/v1/links", &open), 422, "parts_invalid");
    let single = Shop::open_with(&server, "single", "feature = [\"upi\"]");
    problem(&single.post_json("/v1/links", &in_parts(&json!({}))), 409, "feature_off");
    assert_eq!(shop.found("/v1/links")["data"], json!([]));
}

#[test]
fn the_page_shows_what_is_left_the_plan_and_takes_a_part() {
    let server = Server::dev();
    let shop = Shop::open(&server, "page");
    let plan = json!([{"amount": 40_000, "due": "2036-05-01T00:00:00Z"},
                      {"amount": 60_000, "due": "2036-06-01T00:00:00Z"}]);
    for (javascript, locale) in [(true, "en-IN"), (true, "hi-IN"), (false, "en-IN")] {
        // What looks for faults is a script itself.
        let axe = || step(if javascript { "axe" } else { "url" });
        let link = shop.link(&in_parts(&json!({"min_first": 25_000, "min": 10_000, "plan": plan})));
        let path = format!("/p/{}", text(&link["code"]));
        let steps = [
            open(&path),
            body_text(),
            axe(),
            step("overflow"),
            fill(AMOUNT, "249.99"),
            click(PAY),
            body_text(),
            axe(),
            fill(AMOUNT, "250"),
            click(PAY),
            open(&path),
            body_text(),
            json!({"do": "attribute", "selector": AMOUNT, "name": "value"}),
            axe(),
            step("overflow"),
            click(PAY),
            open(&path),
            click(PAY),
            open(&path),
            body_text(),
        ];
        let person = Browser { javascript, width: 320, locale, ..PHONE };
        let seen = person.walk(&server, &steps);
        for at in [2, 7, 13].into_iter().filter(|_| javascript) {
            assert_eq!(seen.step(at), &json!([]), "axe at {at}");
        }
        assert_eq!((seen.step(3), seen.step(14)), (&json!(0), &json!(0)));
        for amount in ["₹1,000.00", "₹400.00", "₹600.00", "₹250.00"] {
            assert!(seen.text(1).contains(amount), "{amount}: {}", seen.text(1));
        }
        assert!(seen.text(6).contains("₹250.00"), "the least is told: {}", seen.text(6));
        assert!(seen.text(11).contains("₹750.00") && seen.text(11).contains("₹150.00"), "{}", seen.text(11));
        assert_eq!(seen.text(12), "150.00", "what is left of the first instalment is proposed");
        let shown = shop.show(&link);
        assert_eq!((&shown["amount_captured"], &shown["status"]), (&json!(100_000), &json!("completed")));
        let parts: Vec<_> = shop.payments(&link).iter().rev().map(|paid| paid["amount"].clone()).collect();
        assert_eq!(parts, [25_000, 15_000, 60_000]);
    }
    server.verify();
}
