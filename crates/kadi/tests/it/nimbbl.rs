//! Nimbbl's links from outside, through a program that shares no code with Kadi.

use serde_json::{Value, json};

use crate::harness::http::Call;
use crate::harness::nimbbl::{Nimbbl, key, secret, wish, wish_v2, yes};
use crate::harness::own_api::text;
use crate::harness::peers::{folder, nimbbl};
use crate::harness::receiver::Receiver;
use crate::harness::sandbox::code_of;
use crate::harness::server::Server;
use crate::harness::wait::wait_until;

/// The webhooks that came, in the order of the link's states.
fn told(receiver: &Receiver, path: &str, count: usize) -> Vec<Value> {
    let mut bodies: Vec<Value> = receiver
        .wait_for_posts(path, count)
        .iter()
        .map(|post| serde_json::from_str(post.text()).unwrap())
        .collect();
    let order = ["created", "sent", "opened", "paid", "cancelled", "expired"];
    bodies.sort_by_key(|body| order.iter().position(|word| body["status"] == *word));
    bodies
}

#[test]
fn a_link_is_made_sent_paid_read_and_told() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let merchant = Nimbbl::open(&server, "whole", &format!(", webhook_url = \"{}\"", receiver.url("/hook")));
    let mut body = wish("inv/0001 x");
    body["send_sms"] = json!(true);
    body["order_line_items"] =
        json!([{"title": "Mango", "rate": 4.75, "quantity": 2, "tax": 0.5, "total_amount": 10}]);
    let made = merchant.create(&body);
    assert_eq!(made["status"], "sent");
    let message = server.message("9111100031", "sms");
    assert!(text(&message["text"]).contains(text(&made["payment_link_url"])), "{message}");
    wait_until("the provider took it", || server.message("9111100031", "sms")["state"] == "sent");
    let code = code_of(&made["payment_link_url"]);
    let paid = server.pay(&code, "success");
    let found = merchant.by_invoice("inv/0001 x");
    assert_eq!(
        (
            &found["payment_link_status"],
            &found["payment_link_amount_paid"],
            &found["sms_sent"],
            &found["email_sent"]
        ),
        (&json!("paid"), &json!(10), &json!(true), &json!(false))
    );
    assert_eq!(found["product_details"]["title"], "Mango");
    let transaction = &found["transaction"][0];
    assert_eq!(transaction["psp_transaction_id"], paid["rail_reference"]);
    let secret = secret("whole");
    let ask = |question: Value| nimbbl().ask(&question);
    assert_eq!(ask(json!({"op": "verify_link", "secret": secret, "link": found})), true);
    let mut forged = found.clone();
    forged["payment_link_amount_paid"] = json!(9);
    assert_eq!(ask(json!({"op": "verify_link", "secret": secret, "link": forged})), false);
    let enquiry =
        yes(&merchant.call("POST", "/api/v3/payment-link/enquiry", &json!({"invoice_id": "inv/0001 x"})));
    let listed = &enquiry["orders_with_transactions"][0]["transactions"][0];
    let question =
        json!({"op": "verify_transaction", "secret": secret, "invoice_id": "inv/0001 x", "it": listed});
    assert_eq!(ask(question), true);
    let bodies = told(&receiver, "/hook", 3);
    assert_eq!(
        bodies.iter().map(|body| text(&body["status"])).collect::<Vec<_>>(),
        ["created", "sent", "paid"]
    );
    for body in bodies {
        let verified = ask(json!({"op": "verify_v3", "secret": secret, "body": body}));
        assert_eq!(verified, json!({"nested": true, "top": true}), "{body}");
        let wrong = ask(json!({"op": "verify_v3", "secret": "access_secret_wrong", "body": body}));
        assert_eq!(wrong, json!({"nested": false, "top": false}));
    }
    server.verify();
}

#[test]
fn the_demo_merchant_can_call_at_once() {
    let server = Server::dev();
    let account = &server.demo["nimbbl"];
    assert_eq!(account.as_object().unwrap().keys().collect::<Vec<_>>(), ["access_key", "access_secret"]);
    for base in ["", "/nimbbl"] {
        let reply = nimbbl().ask(&json!({
            "op": "call", "base_url": format!("{}{base}", server.base_url()),
            "access_key": account["access_key"],
            "access_secret": account["access_secret"], "method": "POST", "path": "/api/v2/payment-link",
            "body": wish_v2(&format!("demo{}", base.len())),
        }));
        assert_eq!((&reply["status"], &reply["body"]["status"]), (&json!(200), &json!("created")), "{reply}");
    }
}

#[test]
fn a_token_outlives_a_restart_and_ends_with_its_time_and_its_secret() {
    let mut server = Server::dev();
    let merchant = Nimbbl::open(&server, "tokens", "");
    merchant.create(&wish("t-1"));
    let first = merchant.call("POST", "/api/v3/payment-link/enquiry", &json!({"invoice_id": "t-1"}));
    let token = text(&first["token"]).to_owned();
    assert_eq!(first["logins"], 1);
    server.stop();
    server.start_again();
    let read = |server: &Server| {
        let (base_url, path) = (server.base_url(), "/api/v3/payment-link/t-1");
        nimbbl().ask(&json!({"op": "with_token", "base_url": base_url, "token": token, "path": path}))
    };
    assert_eq!(read(&server)["status"], 200);
    server.advance(20 * 60);
    let over = read(&server);
    assert_eq!(
        (&over["status"], &over["body"]["error"]["nimbbl_error_code"]),
        (&json!(401), &json!("AUTHENTICATION_FAILED"))
    );
    // The program asks for another one by itself.
    let merchant = Nimbbl { server: &server, id: "tokens".to_owned() };
    assert_eq!(merchant.by_invoice("t-1")["payment_link_status"], "created");
    let listed = server.kadi_ok(&["merchant", "list"]);
    let own = listed.lines().skip_while(|line| !line.starts_with("tokens")).skip(1);
    let own = own.take_while(|line| line.starts_with(' ')).find(|line| line.contains("nimbbl"));
    let number = own.and_then(|line| line.split_whitespace().next()).expect("a number").to_owned();
    server.kadi_ok(&["merchant", "revoke", "tokens", &number]);
    let refused = nimbbl().try_ask(&json!({
        "op": "call", "base_url": server.base_url(), "access_key": key("tokens"),
        "access_secret": secret("tokens"),
        "method": "POST", "path": "/api/v3/payment-link/enquiry", "body": {"invoice_id": "t-1"},
    }));
    assert!(refused.unwrap_err().contains("AUTHENTICATION_FAILED"));
}

#[test]
fn a_link_is_sent_cancelled_and_expires_and_the_envelope_tells_it() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let more = format!(", v4_envelope = true, webhook_url = \"{}\"", receiver.url("/v4"));
    let merchant = Nimbbl::open(&server, "ends", &more);
    let act = |id: &str, action: &str| {
        merchant.call("POST", "/api/v3/payment-link/actions", &json!({"invoice_id": id, "action": action}))
    };
    merchant.create(&wish("e-1"));
    assert_eq!(yes(&act("e-1", "send"))["status"], "sent");
    assert_eq!(yes(&act("e-1", "cancel"))["status"], "cancelled");
    let refused = act("e-1", "cancel");
    assert_eq!(
        (&refused["status"], &refused["body"]["error"]["nimbbl_error_code"]),
        (&json!(400), &json!("LINK_CANNOT_BE_CANCELLED"))
    );
    let mut statuses: Vec<String> = receiver
        .wait_for_posts("/v4", 3)
        .iter()
        .map(|post| {
            let envelope: Value = serde_json::from_str(post.text()).unwrap();
            let body =
                nimbbl().ask(&json!({"op": "verify_v4", "secret": secret("ends"), "envelope": envelope}));
            text(&body["payment_link"]["status"]).to_owned()
        })
        .collect();
    statuses.sort();
    assert_eq!(statuses, ["cancelled", "created", "sent"]);
    merchant.create(&wish("e-2"));
    let change = json!({"invoice_id": "e-2", "total_amount": 25.5, "terms_and_conditions": "No returns"});
    let made = yes(&merchant.call("PATCH", "/api/v3/payment-link", &change));
    assert_eq!(made["total_amount"], 25.5);
    let page = server.send(&Call::get(&format!("/p/{}", text(&made["payment_link_hash"]))));
    assert!(page.text().contains("25.50"), "{}", page.text());
    server.advance(90 * 86_400);
    assert_eq!(merchant.by_invoice("e-2")["payment_link_status"], "expired");
    let late = server.pay_with(&code_of(&made["payment_link_url"]), &json!({"outcome": "success"}));
    assert_eq!((late.status, &late.json()["code"]), (409, &json!("link_expired")));
    server.verify();
}

/// Messages wait for their time; a link that was cancelled meanwhile is not sent.
#[test]
fn a_message_goes_out_at_its_time() {
    let server = Server::dev();
    let merchant = Nimbbl::open(&server, "later", "");
    let now = server.now();
    let mut body = wish("s-1");
    body["user"]["mobile_number"] = json!("9111100032");
    body["send_sms"] = json!(true);
    body["notification_scheduled_at"] = nimbbl().ask(&json!({"op": "day_after", "now": now}));
    for id in ["s-1", "s-2"] {
        body["invoice_id"] = json!(id);
        assert_eq!(merchant.create(&body)["status"], "created");
    }
    let cancel = json!({"invoice_id": "s-2", "action": "cancel"});
    yes(&merchant.call("POST", "/api/v3/payment-link/actions", &cancel));
    server.advance(86_000);
    assert_eq!(merchant.by_invoice("s-1")["payment_link_status"], "created");
    server.advance(401);
    let found = merchant.by_invoice("s-1");
    assert_eq!((&found["payment_link_status"], &found["sms_sent"]), (&json!("sent"), &json!(true)));
    let gone = merchant.by_invoice("s-2");
    assert_eq!((&gone["payment_link_status"], &gone["sms_sent"]), (&json!("cancelled"), &json!(false)));
    server.verify();
}

/// The program that verifies is right about the recorded signatures itself.
#[test]
fn the_independent_program_signs_as_recorded() {
    let file = std::fs::read_to_string(folder().join("vectors/signature-vectors.json")).unwrap();
    let records = serde_json::from_str::<Value>(&file).unwrap()["nimbbl"].take();
    let sign = |key: &Value, text: &Value| nimbbl().ask(&json!({"op": "sign", "secret": key, "text": text}));
    let list = records["hmac_sha256_fields"].as_array().unwrap();
    assert_eq!(list.len(), 5);
    for record in list {
        assert_eq!(sign(&record["key"], &record["signed_string"]), record["signature_hex_lower"]);
    }
    let envelope = &records["v4_envelope"];
    assert_eq!(sign(&envelope["key"], &envelope["inner_compact_json"]), envelope["signature_hex_lower"]);
}
