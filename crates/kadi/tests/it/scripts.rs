//! Scripts of the sandbox rail: told step by step, refused with the key where they are none, and described by
//! their schema.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::http::{Answer, Call};
use crate::harness::own_api::{fixed, problem, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_until;

fn scripted(server: &Server, shop: &Shop<'_>, script: &Value) -> Answer {
    let link = shop.link(&fixed());
    server.pay_with(text(&link["code"]), &json!({"script": script}))
}

#[test]
fn a_script_of_ones_own_is_told_step_by_step() {
    let server = Server::dev();
    let shop = Shop::open(&server, "author");
    let script = json!({
        "answer": "none", "check": "pending", "takes_percent": 100, "refunds": "pending",
        "steps": [
            {"at_s": 20, "notice": "pending", "times": 2},
            {"at_s": 100, "check": "succeeded", "notice": "succeeded"},
            {"at_s": 200, "refund": "succeeded"},
            {"after_reservation_s": 60, "check": "reversed", "notice": "reversed"},
        ],
    });
    let answer = scripted(&server, &shop, &script);
    assert_eq!((answer.status, &answer.json()["state"]), (200, &json!("started")));
    let id = text(&answer.json()["id"]).to_owned();
    let shown = || shop.found(&format!("/v1/payments/{id}"));
    server.advance(30);
    assert_eq!(shown()["state"], "pending");
    server.advance(80);
    assert_eq!(shown()["state"], "captured");
    let refund = shop.post_json(&format!("/v1/payments/{id}/refunds"), &json!({"amount": 777})).json();
    let refund = || shop.found(&format!("/v1/refunds/{}", text(&refund["id"])));
    server.advance(10);
    assert_eq!(refund()["state"], "pending");
    server.advance(100);
    assert_eq!(refund()["state"], "succeeded");
    server.advance(6 * 86_400 + 120);
    assert_eq!(shown()["state"], "reversed");
    server.verify();
}

#[test]
fn what_is_no_script_is_refused_with_the_key() {
    let server = Server::dev();
    let shop = Shop::open(&server, "critic");
    let step = |step: Value| json!({"answer": "pending", "steps": [step]});
    let bad = [
        (json!({"answer": "succeeded", "colour": "red"}), "colour"),
        (json!({}), "answer"),
        (json!({"answer": "won"}), "answer"),
        (json!({"answer": "pending", "check": 1}), "invalid type"),
        (json!({"answer": "pending", "takes_percent": 0}), "takes_percent"),
        (json!({"answer": "pending", "takes_percent": 1001}), "takes_percent"),
        (json!({"answer": "pending", "refunds": "never"}), "refunds"),
        (json!({"answer": "reversed"}), "begin reversed"),
        (json!({"answer": "succeeded", "check": "failed"}), "answer"),
        (json!({"answer": "pending", "steps": vec![json!({"at_s": 1, "notice": "pending"}); 33]}), "steps"),
        (step(json!({"at_s": 1, "check": "failed", "sound": "bell"})), "sound"),
        (step(json!({"at_s": 1})), "steps[0]"),
        (step(json!({"check": "failed"})), "at_s"),
        (step(json!({"at_s": 1, "after_reservation_s": 1, "check": "failed"})), "at_s"),
        (step(json!({"at_s": -1, "check": "failed"})), "30 days"),
        (step(json!({"at_s": 2_592_001, "check": "failed"})), "30 days"),
        (step(json!({"at_s": i64::MAX, "check": "failed"})), "30 days"),
        (step(json!({"at_s": 1, "notice": "failed", "times": 11})), "times"),
        (step(json!({"at_s": 1, "notice": "failed", "times": 0})), "times"),
        (step(json!({"at_s": 1, "check": "failed", "times": 2})), "times"),
        (step(json!({"at_s": 1, "notice": "failed", "refund": "failed"})), "steps of their own"),
        (step(json!({"at_s": 1, "stray": "succeeded", "restart": true})), "steps of their own"),
        (step(json!({"at_s": 1, "restart": false})), "restart"),
        (step(json!({"at_s": 1, "stray": "failed"})), "stray"),
        (step(json!({"at_s": 1, "refund": "pending"})), "refunds says that one waits"),
        (step(json!({"at_s": 1, "stray": "succeeded", "percent": 5})), "of a notice"),
        (json!({"answer": "succeeded", "takes_currency": "rupees"}), "takes_currency"),
        (json!({"answer": "succeeded", "takes_account": "A B"}), "takes_account"),
        (json!({"answer": "succeeded", "takes_reference_of": "x"}), "takes_reference_of"),
        (json!({"answer": "succeeded", "takes_reference_of": "1024"}), "takes_reference_of"),
        (step(json!({"at_s": 1, "notice": "failed", "reference": 2})), "reference"),
        (step(json!({"at_s": 1, "check": "succeeded", "notice": "succeeded", "reference": 10})), "reference"),
        (
            step(json!({"at_s": 1, "check": "succeeded", "notice": "succeeded", "reference": 2})),
            "first money",
        ),
        (json!({"answer": "failed", "check": "succeeded"}), "nobody asks"),
        (step(json!({"after_reservation_s": 1_987_201, "check": "failed"})), "23"),
        (json!(["pending", null, 200, [], null]), "invalid type"),
        (json!({"answer": "pending", "steps": [[1, "failed"]]}), "invalid type"),
        (step(json!({"at_s": 1, "notice": "succeeded"})), "success"),
        (step(json!({"at_s": 1, "notice": "reversed"})), "reversal"),
        (step(json!({"at_s": 1, "check": "reversed", "notice": "reversed"})), "only money"),
    ];
    for (script, word) in bad {
        let answer = scripted(&server, &shop, &script);
        problem(&answer, 422, "invalid_request");
        assert!(answer.text().contains(word), "{word} is not in {}", answer.text());
    }
    for both in [json!({"outcome": "success", "script": {"answer": "failed"}}), json!({})] {
        let link = shop.link(&fixed());
        problem(&server.pay_with(text(&link["code"]), &both), 422, "invalid_request");
        assert!(shop.payments(&link).is_empty());
    }
}

#[test]
fn a_restart_ends_all_that_the_process_had_but_its_number_and_its_address() {
    let server = Server::dev_fresh().unwrap_or_else(Server::dev);
    let shop = Shop::open(&server, "phoenix");
    let script = json!({"answer": "none", "check": "pending", "steps": [
        {"at_s": 20, "restart": true}, {"at_s": 60, "check": "succeeded", "notice": "succeeded"}]});
    let mut line = server.line();
    let before = shop.link(&fixed());
    assert_eq!(Call::get("/healthz").send_on(&mut line).status, 200);
    let paid = scripted(&server, &shop, &script).json();
    let clock = Call::post("/sandbox/clock").json(&json!({"advance_s": 30}));
    assert!(clock.try_send(&server.address).is_none(), "the call that moved the clock has no answer");
    wait_until("a new start", || server.log().matches("kadi ready on http://").count() == 2);
    assert!(Path::new(&format!("/proc/{}", server.id())).exists());
    assert!(line.is_closed(), "no connection outlives the restart");
    // Nor does `--fresh` count again: what was stored is there.
    assert_eq!(shop.show(&before), before);
    assert_eq!(shop.found(&format!("/v1/payments/{}", text(&paid["id"])))["state"], "started");
    server.advance(60);
    assert_eq!(shop.found(&format!("/v1/payments/{}", text(&paid["id"])))["state"], "captured");
    assert_eq!(server.log().matches("kadi ready on http://").count(), 2, "killed once");
    server.verify();
}

/// The words between backticks in a complaint about an unknown key: that key, and those that are known.
fn keys(complaint: &str) -> BTreeSet<String> {
    let known = complaint.split_once("expected one of").expect("the known keys").1;
    known.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_schema_names_the_keys_that_are_read() {
    let server = Server::dev();
    let shop = Shop::open(&server, "schema");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sandbox-script.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let step = &schema["properties"]["steps"]["items"];
    let wrong_step = json!({"answer": "pending", "steps": [{"sound": "bell"}]});
    for (described, wrong) in [(&schema, json!({"colour": "red"})), (step, wrong_step)] {
        assert_eq!(described["additionalProperties"], false);
        let written: BTreeSet<String> =
            described["properties"].as_object().unwrap().keys().cloned().collect();
        let answer = scripted(&server, &shop, &wrong).json();
        assert_eq!(keys(text(&answer["detail"])), written, "{answer}");
    }
    let stories = server.send(&Call::get("/sandbox/stories")).json();
    for story in stories.as_array().unwrap().iter().filter(|story| !story["script"].is_null()) {
        assert_eq!(scripted(&server, &shop, &story["script"]).status, 200, "{story}");
    }
}

/// The page's own form is a payer's: it takes three words and no script.
#[test]
fn a_payer_cannot_tell_stories() {
    let server = Server::dev();
    let shop = Shop::open(&server, "page");
    let link = shop.link(&fixed());
    let script = "answer=succeeded check=succeeded takes=1 refunds=success";
    for outcome in [script, "late_success", "overpaid"] {
        let form = Call::post(&format!("/p/{}/pay", text(&link["code"]))).form(&[("outcome", outcome)]);
        assert_eq!(server.send(&form).status, 422, "{outcome}");
    }
    assert!(shop.payments(&link).is_empty());
}
