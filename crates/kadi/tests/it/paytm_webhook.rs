//! The JSON webhook tells the merchant how each payment ended, signed over its body's text.

use serde_json::{Value, json};

use crate::harness::own_api::text;
use crate::harness::paytm_orders::PAYTM_WEBHOOK;
use crate::harness::peers::{node, python};
use crate::harness::receiver::{PAYTM_WAITS_MIN, Post, Receiver};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

/// The body of a webhook that both libraries accept.
fn verified(shop: &Shop<'_>, post: &Post) -> Value {
    assert_eq!(post.message.header("content-type"), Some("application/json"));
    for client in [node(), python()] {
        assert_eq!(client.answer(&shop.paytm_key, post.text())["verified"], true, "{}", post.text());
    }
    assert_eq!(node().answer(&shop.paytm_key, post.text())["stable"], true);
    post.json()["body"].clone()
}

fn open<'a>(server: &'a Server, receiver: &Receiver, id: &str) -> Shop<'a> {
    Shop::open_for_orders(server, id, Some(&receiver.url(PAYTM_WEBHOOK)), "")
}

#[test]
fn requests_and_links_are_told_with_every_member_as_text() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = open(&server, &receiver, "hooked");
    let paid = server.pay(&shop.send_request("HOOK-1").link_code(), "success");
    let body = verified(&shop, &receiver.wait_for_posts(PAYTM_WEBHOOK, 1)[0]);
    let date = shop.order_status("HOOK-1").body()["txnDate"].clone();
    let expected = json!({
        "mid": shop.mid, "orderId": "HOOK-1", "txnId": paid["id"], "txnAmount": "1303.00", "currency": "INR",
        "status": "TXN_SUCCESS", "respCode": "01", "respMsg": "Txn Success", "txnType": "SALE",
        "paymentMode": "UPI", "bankTxnId": paid["rail_reference"], "bankName": "", "txnDate": date,
    });
    assert_eq!(body, expected);
    let code = shop.create(&shop.fixed()).link_code();
    let failed = server.pay(&code, "failure");
    let body = verified(&shop, &receiver.wait_for_posts(PAYTM_WEBHOOK, 2)[1]);
    assert_eq!((&body["status"], &body["respCode"]), (&json!("TXN_FAILURE"), &json!("227")));
    assert_eq!((&body["orderId"], &body["txnId"]), (&failed["id"], &failed["id"]));
}

#[test]
fn an_end_is_told_once_beside_the_form_and_a_wait_is_not() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = open(&server, &receiver, "hookonce");
    let mut body = shop.fixed();
    body["statusCallbackUrl"] = json!(receiver.url("/form"));
    let code = shop.create(&body).link_code();
    let waiting = server.pay(&code, "pending");
    server.advance(30);
    assert!(receiver.posts(PAYTM_WEBHOOK).is_empty());
    assert_eq!(server.settle(text(&waiting["id"]), "success").status, 200);
    server.pay(&code, "duplicate_notice");
    receiver.wait_for_posts(PAYTM_WEBHOOK, 2);
    receiver.wait_for_posts("/form", 2);
    for _ in 0..3 {
        server.advance(3_600);
    }
    assert_eq!((receiver.posts(PAYTM_WEBHOOK).len(), receiver.posts("/form").len()), (2, 2));
}

#[test]
fn a_refused_webhook_comes_again_after_the_table_with_the_same_body_and_is_parked() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    receiver.answer_with(500);
    let shop = open(&server, &receiver, "hookagain");
    server.pay(&shop.send_request("AGAIN-1").link_code(), "success");
    receiver.wait_for_posts(PAYTM_WEBHOOK, 1);
    for minutes in PAYTM_WAITS_MIN {
        let twentieths = receiver.twentieths_to_next(&server, PAYTM_WEBHOOK, minutes * 60);
        assert!((17..=23).contains(&twentieths), "{twentieths}/20 of {minutes} min");
    }
    server.advance(10 * 86_400);
    let posts = receiver.posts(PAYTM_WEBHOOK);
    let first = verified(&shop, &posts[0]);
    assert!(posts.iter().all(|post| verified(&shop, post) == first));
    assert_eq!(posts.len(), 11, "parked");
}
