//! Kills without a word at bad moments: what was answered stays true, and what was open is asked for.

use serde_json::{Value, json};

use crate::harness::own_api::{fixed, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_until;

#[test]
fn a_kill_between_reserve_and_record_leaves_a_job_that_asks_the_rail() {
    for (outcome, state) in [("timeout_after_capture", "captured"), ("timeout_before_capture", "failed")] {
        let mut server = Server::dev();
        let (link, paid) = {
            let shop = Shop::open(&server, "asker");
            let link = shop.link(&fixed());
            let paid = server.pay(text(&link["code"]), outcome);
            (link, paid)
        };
        assert!(["started", "pending"].contains(&text(&paid["state"])), "{paid}");
        server.kill9();
        server.start_again();
        let shop = Shop::credentials(&server, "asker");
        wait_until(state, || {
            server.advance(600);
            shop.found(&format!("/v1/payments/{}", text(&paid["id"])))["state"] == state
        });
        let captured = if state == "captured" { 100_000 } else { 0 };
        assert_eq!(shop.show(&link)["amount_captured"], captured, "{outcome}");
        server.verify();
    }
}

#[test]
fn every_answer_given_before_a_kill_is_true_after_it() {
    let mut server = Server::dev();
    Shop::open(&server, "truth");
    for round in 0..3 {
        let answers = std::sync::Mutex::new(Vec::<(Value, Value)>::new());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| pay_until_it_dies(&server, &answers));
            }
            std::thread::sleep(std::time::Duration::from_millis(700));
            let id = std::process::Command::new("kill").args(["-KILL", &server.id().to_string()]).status();
            assert!(id.unwrap().success());
        });
        server.kill9();
        server.start_again();
        let shop = Shop::credentials(&server, "truth");
        let answers = answers.into_inner().unwrap();
        assert!(!answers.is_empty(), "round {round} paid nothing");
        for (link, paid) in answers {
            assert_eq!(shop.show(&link)["amount_captured"], 100_000, "{link}");
            let shown = shop.found(&format!("/v1/payments/{}", text(&paid["id"])));
            assert_eq!(
                (&shown["state"], &shown["rail_reference"]),
                (&json!("captured"), &paid["rail_reference"])
            );
        }
        for _ in 0..3 {
            server.advance(3600);
        }
        server.verify();
    }
}

/// Makes and pays links until the server is gone; keeps what it answered.
fn pay_until_it_dies(server: &Server, answers: &std::sync::Mutex<Vec<(Value, Value)>>) {
    let shop = Shop::credentials(server, "truth");
    loop {
        let link = crate::harness::http::Call::post("/v1/links").bearer(&shop.api_key).json(&fixed());
        let Some(link) = link.try_send(&server.address).filter(|answer| answer.status == 201) else { return };
        let link = link.json();
        let path = format!("/sandbox/pay/{}", text(&link["code"]));
        let pay = crate::harness::http::Call::post(&path).json(&json!({"outcome": "success"}));
        let Some(paid) = pay.try_send(&server.address).filter(|answer| answer.status == 200) else { return };
        answers.lock().unwrap().push((link, paid.json()));
    }
}

#[test]
fn a_polite_stop_ends_in_time_and_starts_again_on_the_same_books() {
    let mut server = Server::dev();
    let link = {
        let shop = Shop::open(&server, "polite");
        let link = shop.link(&fixed());
        server.pay(text(&link["code"]), "success");
        link
    };
    server.stop();
    server.verify();
    server.start_again();
    assert_eq!(Shop::credentials(&server, "polite").show(&link)["status"], "completed");
}
