//! Paytm's own SDKs ask for the status of orders, and check the signatures of the answers.

use serde_json::{Value, json};

use crate::harness::peers::{Peer, node, python};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

fn ask(client: &Peer, shop: &Shop<'_>, order_id: &str, key: &str) -> Value {
    client.ask(&json!({
        "op": "order_status", "base_url": format!("http://{}", shop.server.address), "mid": shop.mid,
        "key": key, "client_id": shop.client_id, "order_id": order_id,
    }))
}

#[test]
fn both_sdks_take_every_answer() {
    let server = Server::dev();
    let shop = Shop::open_for_orders(&server, "sdks", None, "");
    let paid = server.pay(&shop.send_request("SDK-PAID").link_code(), "success");
    server.pay(&shop.send_request("SDK-FAILED").link_code(), "failure");
    server.pay(&shop.send_request("SDK-WAITS").link_code(), "pending");
    shop.send_request("SDK-NEW");
    for client in [node(), python()] {
        let told = |order: &str| ask(client, &shop, order, &shop.paytm_key);
        let row = |order: &str| [&told(order)["code"], &told(order)["status"]].map(Value::clone);
        assert_eq!(row("SDK-FAILED"), [json!("227"), json!("TXN_FAILURE")]);
        assert_eq!(row("SDK-WAITS"), [json!("402"), json!("PENDING")]);
        assert_eq!(row("SDK-NEW"), [json!("402"), json!("PENDING")]);
        assert_eq!(row("SDK-NONE"), [json!("334"), json!("TXN_FAILURE")]);
        let told = told("SDK-PAID");
        let expected = json!({
            "code": "01", "status": "TXN_SUCCESS", "text": "Txn Success", "txnAmount": "1303.00",
            "txnType": "SALE", "mid": shop.mid, "orderId": "SDK-PAID", "posId": "S1234_P1235",
            "refundAmt": "0.00", "paymentMode": "UPI", "txnId": paid["id"],
            "bankTxnId": paid["rail_reference"], "gatewayName": "SANDBOX",
        });
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&told[name], value, "{name} of {told}");
        }
    }
}

#[test]
fn an_sdk_with_another_key_is_refused_and_says_so() {
    let server = Server::dev();
    let shop = Shop::open_for_orders(&server, "wrongkey", None, "");
    server.pay(&shop.send_request("KEY-1").link_code(), "success");
    for client in [node(), python()] {
        let told = ask(client, &shop, "KEY-1", "fedcba9876543210");
        assert_eq!((&told["code"], &told["status"]), (&json!("330"), &json!("TXN_FAILURE")), "{told}");
    }
}
