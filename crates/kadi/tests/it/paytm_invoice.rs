//! Paytm INVOICE links: lines that add up, and an invoice id that is used once, for ever.

use serde_json::{Value, json};

use crate::harness::http::Call;
use crate::harness::own_api::text;
use crate::harness::paytm::Reply;
use crate::harness::peers::{ist, python};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

fn used(reply: &Reply) {
    let message = "This invoice ID has already been used for your account. Enter a new invoice ID";
    reply.refused("a used invoice id", "5015", message);
}

#[test]
fn an_invoice_with_lines_and_taxes_is_made_paid_once_and_complete() {
    let server = Server::dev();
    let shop = Shop::open(&server, "books");
    let reply = shop.create_by(python(), &shop.head(), &shop.invoice("INV-1"));
    assert_eq!(reply.ok()["linkType"], "INVOICE");
    let code = reply.link_code();
    let page = server.send(&Call::get(&format!("/p/{code}"))).text().to_owned();
    for shown in ["9876543210", "books@shop.example", "AT-1", "Atlas", "CGST"] {
        assert!(page.contains(shown), "{shown} is not on the page: {page}");
    }
    assert_eq!(server.pay(&code, "success")["amount"], 29_100);
    let again = server.pay_with(&code, &json!({"outcome": "success"}));
    crate::harness::own_api::problem(&again, 409, "link_completed");
    assert_eq!(shop.link_with_code(&code)["status"], "completed");
    server.verify();
}

#[test]
fn lines_may_be_a_lone_object_and_numbers() {
    let server = Server::dev();
    let shop = Shop::open(&server, "lone");
    let mut body = shop.invoice("LONE-1");
    body["amount"] = json!(23.6);
    body["invoiceDetails"] = json!({
        "productName": "Pen", "noOfUnits": 2, "perUnitAmount": 10,
        "perUnitTax": [{"taxName": "GST", "taxAmount": 1.8}],
    });
    shop.create(&body).ok();
    let mut body = shop.invoice("LONE-2");
    body.as_object_mut().unwrap().remove("invoiceDetails");
    shop.create(&body).ok();
}

#[test]
fn fifty_items_are_allowed() {
    let server = Server::dev();
    let shop = Shop::open(&server, "fifty");
    let mut body = shop.invoice("FIFTY");
    body["amount"] = json!(50);
    let item = json!({"productName": "Pencil", "noOfUnits": "1", "perUnitAmount": "1.00"});
    body["invoiceDetails"] = Value::from(vec![item; 50]);
    shop.create(&body).ok();
}

#[test]
fn the_first_bad_item_answers_and_the_sum_comes_last() {
    let server = Server::dev();
    let shop = Shop::open(&server, "items");
    let mut body = shop.invoice("ITEMS");
    body["invoiceDetails"][0]["perUnitAmount"] = json!("-1");
    body["invoiceDetails"][1]["productName"] = json!(" ");
    shop.create(&body).refused(
        "5018 in the first item, 5016 in the second",
        "5018",
        "Amount cannot be less than 0",
    );
}

#[test]
fn an_invoice_id_is_used_up_for_ever_whatever_becomes_of_its_link() {
    let server = Server::dev();
    let shop = Shop::open(&server, "forever");
    let made = |id: &str| shop.create(&shop.invoice(id)).link_code();
    let (paid, cancelled) = (made("PAID"), made("CANCELLED"));
    made("EXPIRED");
    server.pay(&paid, "success");
    assert_eq!(shop.cancel(&shop.link_with_code(&cancelled)).status, 200);
    server.advance(40 * 86_400);
    for id in ["PAID", "CANCELLED", "EXPIRED"] {
        used(&shop.create(&shop.invoice(id)));
    }
    let other = Shop::open(&server, "another");
    other.create(&other.invoice("PAID")).ok();
}

#[test]
fn a_refused_invoice_leaves_its_id_free() {
    let server = Server::dev();
    let shop = Shop::open(&server, "free");
    let mut body = shop.invoice("FREE");
    body["amount"] = json!(1);
    assert_eq!(shop.create(&body).code(), "5014");
    shop.create(&shop.invoice("FREE")).ok();
}

#[test]
fn of_many_creates_of_one_invoice_at_the_same_time_exactly_one_wins() {
    let server = Server::dev();
    let shop = Shop::open(&server, "race");
    let body = shop.invoice("RACE");
    let replies: Vec<Reply> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..12).map(|_| scope.spawn(|| shop.create(&body))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let winners: Vec<_> = replies.iter().filter(|reply| reply.code() == "200").collect();
    assert_eq!(winners.len(), 1);
    replies.iter().filter(|reply| reply.code() != "200").for_each(used);
    let links = shop.found("/v1/links?limit=100");
    assert_eq!(links["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(text(&links["data"][0]["code"]), winners[0].link_code());
}

#[test]
fn the_amount_is_compared_with_the_lines_to_the_paisa() {
    let server = Server::dev();
    let shop = Shop::open(&server, "paisa");
    let expiry = ist(&server.now(), 3, None);
    let cases = [
        ("0.40", "3", "0.02", "1.26", "200"),
        ("33.33", "3", "0.01", "100.02", "200"),
        ("33.33", "3", "0", "100", "5014"),
        ("33.33", "3", "0", "99.99", "200"),
        ("0", "7", "0.70", "4.90", "200"),
    ];
    for (index, (price, units, tax, amount, code)) in cases.into_iter().enumerate() {
        let mut body = shop.invoice(&format!("P{index}"));
        body["expiryDate"] = json!(expiry);
        body["amount"] = json!(amount);
        body["invoiceDetails"] = json!([{"productName": "Piece", "noOfUnits": units, "perUnitAmount": price,
            "perUnitTax": [{"taxName": "GST", "taxAmount": tax}]}]);
        assert_eq!(shop.create(&body).code(), code, "{units} x ({price} + {tax}) = {amount}");
    }
}
