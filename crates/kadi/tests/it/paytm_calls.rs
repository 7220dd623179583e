//! A link's life by Paytm's calls, as its official clients make them: looked for, changed, sent again, paid,
//! listed, expired.

use serde_json::{Value, json};

use crate::harness::http::Call;
use crate::harness::own_api::text;
use crate::harness::paytm::Reply;
use crate::harness::peers::{Peer, ist, node, python};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

fn assert_signed_and_stable(shop: &Shop<'_>, reply: &Reply) {
    let seen = node().answer(&shop.paytm_key, &reply.text);
    assert_eq!(seen, json!({"stable": true, "verified": true}), "node: {}", reply.text);
    let seen = python().answer(&shop.paytm_key, &reply.text);
    assert_eq!(seen, json!({"head_first": true, "verified": true}), "python: {}", reply.text);
}

/// Asks and expects success with a signature that both libraries accept.
fn ask(shop: &Shop<'_>, client: &Peer, call: &str, body: &Value) -> Value {
    let reply = shop.link_call_by(client, call, body);
    let body = reply.ok().clone();
    assert_signed_and_stable(shop, &reply);
    body
}

fn live(server: &Server, shop: &Shop<'_>, client: &Peer) {
    let mut wish = shop.fixed();
    wish["customerContact"] = json!({"customerName": "आशा/Rao", "customerMobile": "9000000001",
        "customerEmail": "asha@customer.example", "customerId": "C\"1"});
    wish["linkNotes"] = json!("note: नोट </script>\nline two");
    wish["merchantRequestId"] = json!("REQ-1");
    wish["orderId"] = json!("ORDER-1");
    let made = shop.create_by(client, &shop.head(), &wish);
    let link = made.ok()["linkId"].clone();

    // Paytm's own server for agents lists all links of a merchant by the mid alone, and reads these members.
    let listed = ask(shop, client, "fetch", &json!({"mid": shop.mid}));
    let row = &listed["links"][0];
    for name in ["linkName", "shortUrl", "createdDate", "expiryDate", "status"] {
        assert!(row[name].is_string(), "{name}: {row}");
    }
    for name in ["linkId", "shortUrl", "longUrl", "amount", "createdDate", "expiryDate", "merchantHtml"] {
        assert_eq!(row[name], made.ok()[name], "{name}");
    }
    assert_eq!((&row["status"], &row["linkNotes"]), (&json!("INIT"), &wish["linkNotes"]));
    assert_eq!(row["transactions"], json!([]));

    let end = ist(&server.now(), 20, Some("21:30:05"));
    let change = json!({"linkId": link, "amount": "250.50", "expiryDate": end, "maxPaymentsAllowed": "1"});
    let changed = ask(shop, client, "update", &change);
    assert_eq!((&changed["amount"], &changed["expiryDate"]), (&json!(250.5), &json!(end)));

    // The link's id is a text in one of the vendor's clients and a number in the other.
    let again = json!({"linkId": link.to_string(), "sendSms": true, "sendEmail": true,
        "notifyContact": {"customerName": "Ravi", "customerMobile": "9000000002"}});
    let sent = ask(shop, client, "resendNotification", &again);
    let told = sent["notificationDetails"].as_array().unwrap();
    let told: Vec<_> =
        told.iter().map(|entry| (text(&entry["contact"]), text(&entry["notifyStatus"]))).collect();
    assert_eq!(told, [("9000000002", "SUCCESS"), ("", "FAILED")]);
    let messages = server.messages("9000000002");
    let message = text(&messages[0]["text"]);
    assert!(message.contains(text(&made.ok()["shortUrl"])) && message.contains("250.50"), "{message}");

    let none = shop.link_call("fetchTransaction", &json!({"linkId": link}));
    none.refused("nobody has paid", "404", "Data Not Found");
    assert_signed_and_stable(shop, &none);
    let payment = server.pay(&made.link_code(), "success");
    let paid = ask(shop, client, "fetchTransaction", &json!({"linkId": link.to_string()}));
    let order = &paid["orders"][0];
    assert_eq!((&order["txnAmount"], &order["payableAmount"]), (&json!(250.5), &json!(250.5)));
    assert_eq!((&order["orderId"], &order["txnId"]), (&json!("ORDER-1"), &payment["id"]));
    assert_eq!((&order["orderStatus"], &order["customerId"]), (&json!("SUCCESS"), &json!("C\"1")));
    assert!(!text(&order["orderCompletedTime"]).is_empty(), "{order}");
    let found = ask(shop, client, "fetch", &json!({"merchantRequestId": "REQ-1", "paymentStatus": "PAID"}));
    assert_eq!(found["links"][0]["transactions"], json!([order]));
    assert_eq!((&found["links"][0]["isActive"], &found["totalCount"]), (&json!(false), &json!(1)));
    let over = ask(shop, client, "expire", &json!({"linkId": link}));
    assert_eq!((&over["isActive"], &over["status"]), (&json!(false), &json!("PAID")));
}

#[test]
fn a_link_lives_by_calls_signed_in_node() {
    let server = Server::dev();
    live(&server, &Shop::open(&server, "nodelife"), node());
    server.verify();
}

#[test]
fn a_link_lives_by_calls_signed_in_python() {
    let server = Server::dev();
    live(&server, &Shop::open(&server, "snakelife"), python());
    server.verify();
}

#[test]
fn every_call_is_served_at_both_paths() {
    let server = Server::dev();
    let shop = Shop::open(&server, "paths");
    let made = shop.create(&shop.fixed());
    server.pay(&made.link_code(), "success");
    let body = json!({"mid": shop.mid, "linkId": made.ok()["linkId"], "linkNotes": "n", "sendSms": true});
    for call in ["fetch", "fetchTransaction", "update", "resendNotification", "expire"] {
        for prefix in ["", "/paytm"] {
            let mut body = body.clone();
            if call == "update" {
                body.as_object_mut().unwrap().remove("sendSms");
            }
            let request = node().request(&shop.paytm_key, &shop.head(), &body);
            let path = format!("{prefix}/link/{call}");
            let answer = server.send(&Call::post(&path).body("application/json", request));
            assert_eq!(answer.json()["body"]["resultInfo"]["resultCode"], "200", "{path}: {}", answer.text());
            assert_eq!(server.send(&Call::get(&path)).status, 405, "{path} by GET");
        }
    }
}

#[test]
fn an_expired_link_says_so_on_its_page_and_a_changed_one_asks_for_its_new_amount() {
    let server = Server::dev();
    let shop = Shop::open(&server, "pages");
    let made = shop.create(&shop.fixed());
    let page = |link: &Reply| server.send(&Call::get(&format!("/p/{}", link.link_code()))).text().to_owned();
    assert!(page(&made).contains("499.00"));
    let old_page = [("outcome", "success"), ("mode", "UPI"), ("asked", "49900")];
    shop.link_call("update", &json!({"linkId": made.ok()["linkId"], "amount": 77, "linkNotes": "secret"}))
        .ok();
    let changed = page(&made);
    assert!(changed.contains("77.00") && !changed.contains("499.00") && !changed.contains("secret"));
    let press =
        |form: &[(&str, &str)]| server.send(&Call::post(&format!("/p/{}/pay", made.link_code())).form(form));
    let surprised = press(&old_page);
    assert_eq!(surprised.status, 422, "who saw 499 pays nothing else: {}", surprised.text());
    assert!(surprised.text().contains("77.00"), "{}", surprised.text());
    assert_eq!(press(&[("outcome", "success"), ("mode", "UPI"), ("asked", "x")]).status, 422);
    assert_eq!(shop.link_with_code(&made.link_code())["amount_captured"], 0);
    assert_eq!(press(&[("outcome", "success"), ("mode", "UPI"), ("asked", "7700")]).status, 303);
    let paid = server.pay(&made.link_code(), "success");
    assert_eq!(paid["amount"], 7_700);
    shop.link_call("expire", &json!({"linkId": made.ok()["linkId"]})).ok();
    let refused = server.pay_with(&made.link_code(), &json!({"outcome": "success"}));
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("link_cancelled")));
}
