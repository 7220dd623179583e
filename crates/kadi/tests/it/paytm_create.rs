//! Paytm's create call as its official clients make it: what is answered, and what the link then is.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::http::Call;
use crate::harness::own_api::text;
use crate::harness::paytm::{CREATE, Reply};
use crate::harness::peers::{self, epoch_s, ist, node, python};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

/// Everything the call knows and this build serves.
fn rich(shop: &Shop<'_>) -> Value {
    let mut body = shop.fixed();
    let more = json!({
        "merchantRequestId": "REQ-77", "amount": 499.50, "sendSms": true, "sendEmail": true,
        "customerContact": {"customerName": "आशा Rao", "customerEmail": "asha@customer.example",
            "customerMobile": "9000000001", "customerId": "CUST-1"},
        "statusCallbackUrl": "https://shop.example/cb?a=1&b=2", "maxPaymentsAllowed": "3",
        "linkNotes": "private: नोट", "expiryDate": ist(&shop.server.now(), 10, Some("21:30:05")),
        "extendInfo": {"ref1": "one", "ref12": "twelve"}, "customPaymentSuccessMessage": "धन्यवाद, Asha!",
        "redirectionUrlSuccess": "https://shop.example/thanks",
        "redirectionUrlFailure": "https://shop.example/sorry",
        "partialPayment": "false", "bindLinkIdMobile": false,
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn assert_signed_and_stable(shop: &Shop<'_>, reply: &Reply) {
    assert!(reply.text.starts_with(r#"{"head":{"#), "{}", reply.text);
    let seen = node().answer(&shop.paytm_key, &reply.text);
    assert_eq!(seen, json!({"stable": true, "verified": true}), "node: {}", reply.text);
    let seen = python().answer(&shop.paytm_key, &reply.text);
    assert_eq!(seen, json!({"head_first": true, "verified": true}), "python: {}", reply.text);
}

fn assert_every_member(shop: &Shop<'_>, asked: &Value, reply: &Reply) {
    let now_s = epoch_s(&shop.server.now());
    let near_now = |seconds: i64| (now_s - 60..=now_s).contains(&seconds);
    let head = &reply.value["head"];
    assert_eq!(head["version"], "v1");
    assert_eq!(head["channelId"], "WEB");
    assert_eq!(head["tokenType"], "AES");
    assert_eq!(head["clientId"], "C11");
    assert!(near_now(text(&head["timestamp"]).parse().unwrap()), "{head}");
    let body = reply.ok();
    let members = "resultInfo linkId merchantRequestId longUrl shortUrl linkType amount lsActive isActive \
                   expiryDate createdDate merchantHtml status linkStatus notificationDetails";
    assert_eq!(keys(body), members.split_whitespace().collect());
    let ok = json!({
        "resultCode": "200", "resultStatus": "SUCCESS", "resultMessage": "Success", "resultMsg": "Success",
    });
    assert_eq!(body["resultInfo"], ok);
    assert!((1..1_i64 << 53).contains(&body["linkId"].as_i64().expect("a number")), "{body}");
    let code = reply.link_code();
    assert!(code.len() == 13 && code.chars().all(|letter| letter.is_ascii_alphanumeric()), "{code}");
    assert_eq!(body["shortUrl"], format!("{}/p/{code}", shop.server.base_url()));
    assert_eq!(body["longUrl"], format!("{}/l/{}/{code}", shop.server.base_url(), text(&asked["linkName"])));
    for member in ["merchantRequestId", "linkType", "amount", "expiryDate"] {
        assert_eq!(body[member], asked[member], "{member}");
    }
    assert_eq!((&body["isActive"], &body["lsActive"]), (&json!(true), &json!(true)));
    assert_eq!((&body["status"], &body["linkStatus"]), (&json!("ACTIVE"), &json!("ACTIVE")));
    assert!(near_now(epoch_s(text(&body["createdDate"]))), "{body}");
    assert!(text(&body["merchantHtml"]).contains(text(&body["shortUrl"])), "{body}");
    let told = body["notificationDetails"].as_array().expect("a list");
    let contacts: BTreeSet<_> = told.iter().map(|entry| text(&entry["contact"])).collect();
    assert_eq!(contacts, BTreeSet::from(["9000000001", "asha@customer.example"]));
    for entry in told {
        assert_eq!(keys(entry), BTreeSet::from(["customerName", "contact", "notifyStatus", "timestamp"]));
        assert_eq!((&entry["customerName"], &entry["notifyStatus"]), (&json!("आशा Rao"), &json!("SUCCESS")));
        assert!(near_now(text(&entry["timestamp"]).parse().unwrap()), "{entry}");
    }
}

#[test]
fn a_fixed_link_signed_by_node_is_answered_with_every_member_and_a_signature_both_libraries_accept() {
    let server = Server::dev();
    let shop = Shop::open(&server, "noder");
    let reply = shop.create(&rich(&shop));
    assert_every_member(&shop, &rich(&shop), &reply);
    assert_signed_and_stable(&shop, &reply);
}

#[test]
fn a_fixed_link_signed_by_python_with_blanks_and_escapes_is_answered_alike() {
    let server = Server::dev();
    let shop = Shop::open(&server, "snake");
    let reply = shop.create_by(python(), &shop.head(), &rich(&shop));
    assert_every_member(&shop, &rich(&shop), &reply);
    assert_signed_and_stable(&shop, &reply);
}

#[test]
fn the_demo_merchant_of_the_first_line_can_create_at_both_paths() {
    let server = Server::dev();
    let demo = &server.demo["paytm"];
    let body = json!({
        "mid": demo["mid"], "linkType": "GENERIC", "linkDescription": "Test Payment", "linkName": "Test",
    });
    for path in [CREATE, "/link/create"] {
        let request = node().request(text(&demo["key"]), &json!({"tokenType": "AES"}), &body);
        let answer = server.send(&Call::post(path).body("application/json", request));
        assert_eq!(answer.json()["body"]["resultInfo"]["resultCode"], "200", "{path}: {}", answer.text());
    }
}

#[test]
fn a_generic_link_takes_the_payers_amount_as_often_as_payers_like() {
    let server = Server::dev();
    let shop = Shop::open(&server, "donor");
    let reply = shop.create_by(python(), &shop.head(), &shop.generic());
    assert_signed_and_stable(&shop, &reply);
    let code = reply.link_code();
    for amount in ["10.00", "25.50"] {
        let paid = server.pay_with(&code, &json!({"outcome": "success", "amount": amount}));
        assert_eq!((paid.status, &paid.json()["state"]), (200, &json!("captured")), "{}", paid.text());
    }
    assert_eq!(shop.link_with_code(&code)["amount_captured"], 3550);
    server.verify();
}

#[test]
fn a_fixed_link_is_paid_any_number_of_times_unless_a_maximum_is_said() {
    let server = Server::dev();
    let shop = Shop::open(&server, "often");
    let endless = shop.create(&shop.fixed()).link_code();
    let mut body = shop.fixed();
    body["maxPaymentsAllowed"] = json!(2);
    let twice = shop.create(&body).link_code();
    for code in [&endless, &twice] {
        assert_eq!(server.pay(code, "success")["state"], "captured");
        assert_eq!(server.pay(code, "success")["state"], "captured");
    }
    assert_eq!(server.pay(&endless, "success")["state"], "captured");
    let third = server.pay_with(&twice, &json!({"outcome": "success"}));
    crate::harness::own_api::problem(&third, 409, "link_completed");
    server.verify();
}

#[test]
fn one_final_outcome_uses_up_a_link_for_one_order_even_a_failure() {
    let server = Server::dev();
    let shop = Shop::open(&server, "order");
    for (member, value) in [("singleTransactionOnly", json!(true)), ("linkOrderId", json!("ORDER_1-a.b"))] {
        for outcome in ["success", "failure"] {
            let mut body = shop.fixed();
            body[member] =
                if value.is_string() { json!(format!("{}{outcome}", text(&value))) } else { value.clone() };
            let code = shop.create(&body).link_code();
            server.pay(&code, outcome);
            let again = server.pay_with(&code, &json!({"outcome": "success"}));
            crate::harness::own_api::problem(&again, 409, "link_completed");
        }
    }
    server.verify();
}

#[test]
fn amounts_are_answered_as_javascript_prints_them() {
    let server = Server::dev();
    let shop = Shop::open(&server, "money");
    let asked = [
        ("499", "499"),
        ("499.0", "499"),
        ("499.50", "499.5"),
        ("\"100.00\"", "100"),
        ("1303.05", "1303.05"),
        ("\"1\"", "1"),
        ("99999.99", "99999.99"),
        ("1.10", "1.1"),
    ];
    for (sent, answered) in asked {
        let mid = &shop.mid;
        let start = format!(r#"{{"mid":"{mid}","linkType":"FIXED","linkName":"Sum","#);
        let reply = shop.create_raw(&format!(r#"{start}"linkDescription":"A sum","amount":{sent}}}"#));
        reply.ok();
        assert!(reply.text.contains(&format!("\"amount\":{answered},")), "{sent}: {}", reply.text);
        assert_signed_and_stable(&shop, &reply);
    }
}

#[test]
fn the_head_is_echoed_where_the_vendor_echoes_it() {
    let server = Server::dev();
    let shop = Shop::open(&server, "echo");
    let head = json!({"tokenType": "AES", "clientId": "C11", "version": "v2", "channelId": "WAP"});
    let reply = shop.create_by(node(), &head, &shop.fixed());
    reply.ok();
    for member in ["clientId", "version", "channelId", "tokenType"] {
        assert_eq!(reply.value["head"][member], head[member], "{member}");
    }
    let bare = shop.create_by(node(), &json!({"tokenType": "AES"}), &shop.fixed());
    bare.ok();
}

#[test]
fn members_that_official_clients_send_beside_the_documented_ones_are_accepted() {
    let server = Server::dev();
    let shop = Shop::open(&server, "extra");
    let mut skills = shop.fixed();
    let more = json!({
        "orderId": "ORD-1", "callbackUrl": "https://shop.example/back", "merchantUniqueReference": "MUR-1",
        "currency": "INR", "minAmount": 1, "maxAmount": 1000, "resellerId": null,
        "someFutureMember": {"a": [1]},
        "customerContact": {"customerName": "Asha", "customerPhone": "9000000001"},
    });
    skills.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    shop.create(&skills).ok();
    let mut tool = shop.fixed();
    let more = json!({
        "maxPaymentsAllowed": 1, "sendSms": true, "sendEmail": false,
        "customerContact": {"customerName": "Asha", "customerEmail": null, "customerMobile": "9000000001"},
    });
    tool.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    tool["linkName"] = json!("Diwali_order_Asha_K");
    shop.create_by(python(), &json!({"tokenType": "AES"}), &tool).ok();
}

#[test]
fn a_repeated_request_id_makes_two_links() {
    let server = Server::dev();
    let shop = Shop::open(&server, "repeat");
    let mut body = shop.fixed();
    body["merchantRequestId"] = json!("SAME");
    let (first, second) = (shop.create(&body), shop.create(&body));
    assert_ne!(first.ok()["linkId"], second.ok()["linkId"]);
    assert_ne!(first.link_code(), second.link_code());
}

#[test]
fn a_contact_without_a_name_is_told_with_an_empty_one() {
    let server = Server::dev();
    let shop = Shop::open(&server, "namele");
    let mut body = shop.fixed();
    body["sendSms"] = json!(true);
    body["customerContact"] = json!({"customerMobile": "9000000001"});
    let reply = shop.create(&body);
    let told = &reply.ok()["notificationDetails"];
    assert_eq!(told.as_array().map(Vec::len), Some(1));
    assert_eq!((&told[0]["customerName"], &told[0]["contact"]), (&json!(""), &json!("9000000001")));
}

#[test]
fn nobody_is_told_when_nothing_was_asked_for() {
    let server = Server::dev();
    let shop = Shop::open(&server, "quiet");
    let mut body = shop.fixed();
    body["customerContact"] = json!({"customerName": "Asha", "customerMobile": "9000000001"});
    let reply = shop.create(&body);
    let told = &reply.ok()["notificationDetails"];
    assert!(told.is_null() || told == &json!([]), "{told}");
    server.advance(60);
    assert!(server.messages("9000000001").is_empty());
}

#[test]
fn any_live_key_may_sign_and_a_named_client_must_use_its_own() {
    let server = Server::dev();
    let mut shop = Shop::credentials(&server, "twokeys");
    let second = "Second#Key#Here!";
    let file = shop
        .file(None, "")
        .replace("}] }", &format!("}}, {{ client_id = \"C12\", key = \"{second}\" }}] }}"));
    let path = server.write("two.toml", &file);
    server.kadi_ok(&["merchant", "import", path.to_str().unwrap()]);
    let anonymous = json!({"tokenType": "AES"});
    let first = std::mem::replace(&mut shop.paytm_key, second.to_owned());
    shop.create_by(node(), &anonymous, &shop.fixed()).ok();
    let named = json!({"tokenType": "AES", "clientId": "C12"});
    let reply = shop.create_by(node(), &named, &shop.fixed());
    assert_eq!(reply.value["head"]["clientId"], "C12");
    assert_signed_and_stable(&shop, &reply);
    let other = json!({"tokenType": "AES", "clientId": "C11"});
    shop.create_by(node(), &other, &shop.fixed()).refused("C11", "5028", "Checksum provided is invalid.");
    shop.paytm_key = first;
    shop.create_by(peers::python(), &anonymous, &shop.fixed()).ok();
}
