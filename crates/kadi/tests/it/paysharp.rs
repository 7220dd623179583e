//! Paysharp's links from outside: made, shown, paid, read, sent, under tokens that come and go.

use serde_json::{Value, json};

use crate::harness::http::{Answer, Call};
use crate::harness::own_api::text;
use crate::harness::paysharp::{Paysharp, wish};
use crate::harness::peers::node;
use crate::harness::receiver::Receiver;
use crate::harness::sandbox::code_of;
use crate::harness::server::Server;

fn assert_denied(answer: &Answer) {
    assert_eq!((answer.status, answer.text()), (401, "{\"code\":401,\"message\":\"Access denied\"}"));
}

#[test]
fn a_link_is_made_shown_paid_and_told() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    // What the merchant wrote behind the host is sent byte for byte: it may be a secret.
    let path = "/hook/%7Eme?secret=a%2Fb+c%20d&x=~!()*'";
    let refused = server.write("quote.toml", &file("quote", &receiver.url(path)));
    assert!(!server.kadi(&["merchant", "import", refused.to_str().unwrap()]).status.success());
    let path = "/hook/%7Eme?secret=a%2Fb+c%20d&x=~!()*";
    let merchant = Paysharp::open(&server, "whole", Some(&receiver.url(path)));
    let link = merchant.create(&wish("9111100001"));
    let id = text(&link["linkPaymentId"]);
    assert_eq!(link["linkPaymentUrl"], format!("{}/p/{id}", server.base_url()));
    let page = server.send(&Call::get(&format!("/p/{id}")));
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Inv-1001") && page.text().contains("500.00"), "{}", page.text());
    let waiting = merchant.status(&link);
    assert_eq!(waiting["status"], "PENDING");
    assert!(waiting.get("fee").is_none());
    let paid = server.pay(id, "success");
    let shown = merchant.status(&link);
    let expected = json!(["SUCCESS", 500, 5, 0.9, 5.9, 494.1]);
    let names = ["status", "amount", "fee", "tax", "totalFee", "netAmount"];
    assert_eq!(Value::from(names.map(|name| shown[name].clone()).to_vec()), expected);
    assert!(text(&paid["rail_reference"]).ends_with(text(&shown["utrNumber"]).trim_start_matches('0')));
    let posts = receiver.wait_for_posts(path, 1);
    let body = node().ask(&json!({"op": "paysharp_webhook", "payload": posts[0].text()}));
    assert_eq!(body["linkPaymentId"], link["linkPaymentId"]);
    assert_eq!((&body["status"], &body["attemptCount"]), (&json!("SUCCESS"), &json!(1)));
    server.verify();
}

fn file(id: &str, url: &str) -> String {
    format!("[[merchant]]\nid = \"{id}\"\nname = \"x\"\npaysharp = {{ webhook_url = \"{url}\" }}\n")
}

#[test]
fn the_demo_merchant_can_call_at_once() {
    let server = Server::dev();
    let token = text(&server.demo["paysharp"]["token"]).to_owned();
    let body = wish("9111100002");
    for base in ["", "/v1/upi", "/api/v1/upi", "/external/api/v1/upi", "/paysharp"] {
        let call = Call::post(&format!("{base}/linkpayment")).bearer(&token).json(&body);
        assert_eq!(server.send(&call).status, 200, "{base}");
    }
}

#[test]
fn each_channel_is_recorded_with_the_address() {
    let server = Server::dev();
    let merchant = Paysharp::open(&server, "channels", None);
    let mut body = wish("9111100003");
    body["customerEmail"] = json!("asha@customer.example");
    for name in ["sendEmail", "sendSms", "sendWhatsApp"] {
        body[name] = json!(true);
    }
    let link = merchant.create(&body);
    for (to, channel) in
        [("9111100003", "sms"), ("+919111100003", "whatsapp"), ("asha@customer.example", "email")]
    {
        let message = server.message(to, channel);
        assert!(text(&message["text"]).contains(text(&link["linkPaymentUrl"])), "{message}");
        assert_eq!(format!("{}--a", text(&message["link_code"])), code_of(&link["linkPaymentUrl"]));
    }
    assert_eq!(server.messages("9111100003").len(), 2);
}

#[test]
fn tokens_live_side_by_side_until_one_is_revoked() {
    let server = Server::dev();
    let merchant = Paysharp::open(&server, "bearers", None);
    let link = merchant.create(&wish("9111100004"));
    let path = format!("/linkpayment/{}", text(&link["linkPaymentId"]));
    let ask = |token: &str| server.send(&Call::get(&path).bearer(token));
    let other = merchant.other_token();
    assert_eq!((ask(&merchant.token).status, ask(&other).status), (200, 200));
    assert_denied(&ask("paysharp_nobody_token"));
    assert_denied(&server.send(&Call::get(&path)));
    let listed = server.kadi_ok(&["merchant", "list"]);
    let own = listed.lines().skip_while(|line| !line.starts_with("bearers")).skip(1);
    let own = own.take_while(|line| line.starts_with(' ')).find(|line| line.contains("paysharp"));
    let number = own.and_then(|line| line.split_whitespace().next()).expect("a number");
    server.kadi_ok(&["merchant", "revoke", "bearers", number]);
    let mut statuses = [ask(&merchant.token).status, ask(&other).status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    let off = server.write("off.toml", "[[merchant]]\nid = \"bearers\"\nname = \"x\"\nactive = false\n");
    server.kadi_ok(&["merchant", "import", off.to_str().unwrap()]);
    assert_denied(&ask(&merchant.token));
    assert_denied(&ask(&other));
}

#[test]
fn a_link_ends_after_its_hours_to_the_second() {
    let server = Server::dev();
    let merchant = Paysharp::open(&server, "hours", None);
    let link = merchant.create(&wish("9111100005"));
    server.advance(24 * 3600 - 60);
    assert_eq!(merchant.status(&link)["status"], "PENDING");
    server.advance(60);
    let over = merchant.status(&link);
    assert_eq!(over["status"], "EXPIRED");
    assert_eq!(over["validity"], 24);
    let refused = server.pay_with(&code_of(&link["linkPaymentUrl"]), &json!({"outcome": "success"}));
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("link_expired")));
    assert_eq!(merchant.resend(&link).json()["errorCode"], 7005);
}
