//! Several links for what is owed once, from outside: many payers at once, one payment that counts.

use serde_json::{Value, json};

use crate::harness::http::Call;
use crate::harness::own_api::{fixed, problem, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_until;

fn owed(name: &str) -> Value {
    let mut wish = fixed();
    wish["obligation"] = json!(name);
    wish
}

#[test]
fn of_many_payers_on_many_links_one_pays_and_the_others_are_held_and_proposed_for_refund() {
    let server = Server::dev();
    let shop = Shop::open(&server, "owed");
    let links: Vec<Value> = (0..12).map(|_| shop.link(&owed("Term 2"))).collect();
    assert!(links.iter().all(|link| link["obligation"] == "Term 2"));
    let waiting: Vec<Value> = links.iter().map(|link| server.pay(text(&link["code"]), "pending")).collect();
    // All of them succeed at one moment, each told twice.
    std::thread::scope(|scope| {
        for payment in waiting.iter().chain(&waiting) {
            let (server, id) = (&server, text(&payment["id"]));
            scope.spawn(move || server.settle(id, "success"));
        }
    });
    let state =
        |payment: &Value| shop.found(&format!("/v1/payments/{}", text(&payment["id"])))["state"].clone();
    let states: Vec<Value> = waiting.iter().map(state).collect();
    assert_eq!(states.iter().filter(|state| **state == "captured").count(), 1, "{states:?}");
    assert_eq!(states.iter().filter(|state| **state == "held").count(), 11, "{states:?}");
    let holds = shop.found("/v1/holds");
    let holds = holds["data"].as_array().unwrap();
    assert_eq!(holds.len(), 11);
    for hold in holds {
        assert_eq!((&hold["reason"], &hold["refund_proposed"]), (&json!("duplicate"), &json!(true)));
        assert_eq!(hold["amount"], 100_000);
    }
    let statuses = || links.iter().map(|link| shop.show(link)["status"].clone()).collect::<Vec<_>>();
    wait_until("closed", || statuses().iter().filter(|status| **status == "cancelled").count() == 11);
    let captured: i64 = links.iter().map(|link| shop.show(link)["amount_captured"].as_i64().unwrap()).sum();
    assert_eq!(captured, 100_000);
    let decide = format!("/v1/holds/{}/decide", text(&holds[0]["id"]));
    problem(&shop.post_json(&decide, &json!({"decision": "apply"})), 409, "hold_has_no_room");
    assert_eq!(shop.post_json(&decide, &json!({"decision": "refund"})).status, 200);
    server.verify();
}

#[test]
fn the_page_of_a_closed_link_says_that_it_was_paid_through_another() {
    let server = Server::dev();
    let shop = Shop::open(&server, "closed");
    let (first, second) = (shop.link(&owed("Rent")), shop.link(&owed("Rent")));
    assert_eq!(server.pay(text(&first["code"]), "success")["state"], "captured");
    // Refused from the capture on, whether or not the job has run.
    let refused = server.pay_with(text(&second["code"]), &json!({"outcome": "success"}));
    problem(&refused, 409, "link_cancelled");
    wait_until("closed", || shop.show(&second)["status"] == "cancelled");
    assert_eq!(shop.events_of(&second), ["link.created", "link.cancelled"]);
    assert_eq!(shop.show(&first)["status"], "completed");
    for (lang, says) in [("en", "It was paid through another link."), ("hi", "दूसरे लिंक से")]
    {
        let page = server.send(&Call::get(&format!("/p/{}?lang={lang}", text(&second["code"]))));
        assert_eq!(page.status, 200);
        assert!(page.text().contains(says), "{}", page.text());
    }
    server.verify();
}

#[test]
fn an_obligation_is_one_amount_and_takes_no_links_once_it_is_paid() {
    let server = Server::dev();
    let (shop, other) = (Shop::open(&server, "rules"), Shop::open(&server, "another"));
    let first = shop.link(&owed("Rent"));
    let mut less = owed("Rent");
    less["amount"] = json!(99_999);
    problem(&shop.post_json("/v1/links", &less), 409, "obligation_mismatch");
    let mut reusable = owed("Rent");
    reusable["reusable"] = json!(true);
    problem(&shop.post_json("/v1/links", &reusable), 422, "invalid_request");
    problem(&shop.post_json("/v1/links", &owed("")), 422, "invalid_request");
    server.pay(text(&first["code"]), "success");
    problem(&shop.post_json("/v1/links", &owed("Rent")), 409, "obligation_paid");
    assert_eq!(shop.show(&first)["obligation"], "Rent");
    // What another merchant calls so is another's.
    assert_eq!(server.pay(text(&other.link(&owed("Rent"))["code"]), "success")["state"], "captured");
    server.verify();
}
