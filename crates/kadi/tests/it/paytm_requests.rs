//! Payment requests from outside: sent by SMS, paid, asked about, and sent again.

use serde_json::json;

use crate::harness::http::Call;
use crate::harness::own_api::text;
use crate::harness::paytm_orders::{RESEND, SEND};
use crate::harness::peers::{node, python};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

#[test]
fn a_request_reaches_the_payer_by_sms_is_paid_and_its_status_tells_so() {
    let server = Server::dev();
    let shop = Shop::open_for_orders(&server, "requests", None, "");
    for (number, client) in [node(), python()].into_iter().enumerate() {
        let (order, phone) = (format!("ORD@{number}.a_b-c"), format!("922220000{number}"));
        let mut body = shop.payment_request(&order);
        body["userPhoneNo"] = json!(phone);
        body["displayName"] = json!("Corner Grocery");
        let sent = shop.order_call_by(client, SEND, &shop.order_head(), &body);
        assert_eq!(sent.row(), ["SPR_001", "SUCCESS", "Payment request sent successfully"], "{}", sent.text);
        let sms = server.message(&phone, "sms");
        let sms = text(&sms["text"]);
        assert!(sms.contains("Corner Grocery") && sms.contains(text(&sent.body()["paymentUrl"])), "{sms}");
        assert_eq!(shop.order_status(&order).row()[..2], ["402", "PENDING"]);
        let paid = server.pay(&sent.link_code(), "success");
        let status = shop.order_status(&order);
        assert_eq!(status.row(), ["01", "TXN_SUCCESS", "Txn Success"]);
        let told = status.body();
        assert_eq!((&told["txnAmount"], &told["posId"]), (&json!("1303.00"), &json!("S1234_P1235")));
        assert_eq!((&told["bankTxnId"], &told["txnId"]), (&paid["rail_reference"], &paid["id"]));
    }
    server.verify();
}

#[test]
fn the_answer_has_the_head_of_this_family_and_both_libraries_accept_it() {
    let server = Server::dev();
    let shop = Shop::open_for_orders(&server, "heads", None, "");
    let sent = shop.send_request("HEAD-1");
    let head = sent.value["head"].as_object().unwrap();
    let names: Vec<&String> = head.keys().collect();
    assert_eq!(names, ["clientId", "responseTimestamp", "signature", "version"]);
    assert_eq!((&head["clientId"], &head["version"]), (&json!("C11"), &json!("v1")));
    for answer in [&sent, &shop.send_request("HEAD-1"), &shop.order_status("HEAD-1")] {
        for client in [node(), python()] {
            assert_eq!(client.answer(&shop.paytm_key, &answer.text)["verified"], true, "{}", answer.text);
        }
        assert_eq!(node().answer(&shop.paytm_key, &answer.text)["stable"], true);
    }
    let stranger = node().request("fedcba9876543210", &shop.order_head(), &shop.payment_request("HEAD-2"));
    let refused = shop.order_post(SEND, stranger);
    assert_eq!((refused.code(), refused.value["head"].get("signature")), ("GE_0003", None));
}

#[test]
fn the_payer_sees_what_the_merchant_wrote_for_payers() {
    let server = Server::dev();
    let shop = Shop::open_for_orders(&server, "pages", None, "");
    let mut body = shop.payment_request("PAGE-1");
    let more = json!({
        "displayName": "Corner <Grocery>", "orderDetails": "Grocery items",
        "invoiceDetails": "#INV_ORDERID_98765",
        "comment": "Ring twice, please", "gstInformation": {"gstIn": "29ABCDE1234F1Z5"},
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let code = shop.order_call(SEND, &body).link_code();
    let page = server.send(&Call::get(&format!("/p/{code}")));
    for shown in
        ["Corner &#60;Grocery&#62;", "Grocery items", "#INV_ORDERID_98765", "Ring twice, please", "1,303"]
    {
        assert!(page.text().contains(shown), "{shown} in {}", page.text());
    }
    for kept in ["29ABCDE1234F1Z5", "S1234_P1235"] {
        assert!(!page.text().contains(kept), "{kept}");
    }
}

#[test]
fn a_wallet_pays_within_the_caps_of_the_request() {
    let server = Server::dev();
    let shop = Shop::open_for_orders(&server, "wallets", None, "");
    let mut body = shop.payment_request("WALLET-1");
    body["subwalletAmount"] = json!({"FOOD": "2", "GIFT": "1300"});
    let code = shop.order_call(SEND, &body).link_code();
    let wallet = json!({"outcome": "success", "mode": "PPI"});
    assert_eq!(server.pay_with(&code, &wallet).json()["code"], "mode_not_allowed", "a rupee too little");
    body["merchantOrderId"] = json!("WALLET-2");
    body["subwalletAmount"]["FOOD"] = json!("3");
    let code = shop.order_call(SEND, &body).link_code();
    assert_eq!(server.pay_with(&code, &wallet).status, 200);
    let status = shop.order_status("WALLET-2");
    assert_eq!((status.code(), &status.body()["paymentMode"]), ("01", &json!("PPI")));
}

#[test]
fn a_request_is_sent_again_until_it_is_paid() {
    let server = Server::dev();
    let shop = Shop::open_for_orders(&server, "again", None, "");
    let mut body = shop.payment_request("AGAIN-1");
    body["userPhoneNo"] = json!("9222200011");
    let code = shop.order_call(SEND, &body).link_code();
    for path in [RESEND, "/order/resendPaymentRequest", "/order/resendpaymentrequest"] {
        let again = shop.order_call(path, &json!({"mid": shop.mid, "merchantOrderId": "AGAIN-1"}));
        assert_eq!(again.row(), ["SPR_001", "SUCCESS", "Payment request sent successfully"]);
    }
    crate::harness::wait::wait_for("four SMS", || (server.messages("9222200011").len() == 4).then_some(()));
    assert_eq!(shop.resend_request("AGAIN-2").code(), "GE_0003");
    server.pay(&code, "success");
    let paid = shop.resend_request("AGAIN-1");
    assert_eq!(paid.row(), ["SPRO_006", "FAILURE", "Payment has been completed on this order"]);
    assert_eq!(shop.send_request("AGAIN-1").code(), "SPRO_006");
    shop.send_request("AGAIN-3");
    server.advance(25 * 3_600);
    assert_eq!(shop.resend_request("AGAIN-3").code(), "GE_0003", "its day is over");
    assert_eq!(shop.order_status("AGAIN-3").row()[..2], ["227", "TXN_FAILURE"]);
}

#[test]
fn an_order_is_paid_once_whoever_pays() {
    let server = Server::dev();
    let shop = Shop::open_for_orders(&server, "onlyonce", None, "");
    let code = shop.send_request("ONCE-1").link_code();
    server.pay(&code, "failure");
    assert_eq!(shop.order_status("ONCE-1").row()[..2], ["227", "TXN_FAILURE"]);
    server.pay(&code, "success");
    assert_eq!(server.pay_with(&code, &json!({"outcome": "success"})).status, 409);
    assert_eq!(shop.order_status("ONCE-1").code(), "01");
}
