//! The merchant hears by Paytm's form post, which both official libraries accept, until it is taken.

use serde_json::{Value, json};

use crate::harness::browser::{Browser, PHONE, click, open};
use crate::harness::own_api::text;
use crate::harness::peers::{epoch_s, node, python};
use crate::harness::receiver::{PAYTM_WAITS_MIN, Post, Receiver};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const PATH: &str = "/status-callback";

/// A fixed link that calls back, and its code.
fn link(shop: &Shop<'_>, receiver: &Receiver) -> (Value, String) {
    let mut body = shop.fixed();
    body["statusCallbackUrl"] = json!(receiver.url(PATH));
    body["linkNotes"] = json!("नोट & more|=");
    let reply = shop.create(&body);
    (reply.ok().clone(), reply.link_code())
}

fn verified_form(shop: &Shop<'_>, post: &Post) -> Value {
    let fields = Value::from(post.form());
    for library in [node(), python()] {
        assert!(library.verify_form(&shop.paytm_key, &fields), "{fields}");
        let mut changed = fields.clone();
        changed["TXNAMOUNT"] = json!("1.00");
        assert!(!library.verify_form(&shop.paytm_key, &changed));
    }
    fields
}

#[test]
fn a_success_is_told_with_every_field_and_a_checksum_both_libraries_accept() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = Shop::open(&server, "caller");
    let (link, code) = link(&shop, &receiver);
    let paid = server.pay(&code, "success");
    let posts = receiver.wait_for_posts(PATH, 1);
    assert!(posts[0].message.first_line.starts_with("POST "));
    let fields = verified_form(&shop, &posts[0]);
    let names = "ORDERID MID TXNID TXNAMOUNT CURRENCY PAYMENTMODE TXNDATE TXNDATETIME STATUS RESPCODE \
                 RESPMSG GATEWAYNAME BANKTXNID BANKNAME CUSTID MERC_UNQ_REF LINKDESCRIPTION LINKNOTES \
                 PAYMENTEMAILID PAYMENTMOBILENUMBER CHECKSUMHASH";
    for name in names.split_whitespace() {
        assert!(fields[name].is_string(), "{name} is missing: {fields}");
        assert_ne!(fields[name], "null", "{name}");
    }
    let expected = json!({
        "MID": shop.mid, "TXNAMOUNT": "499.00", "CURRENCY": "INR", "PAYMENTMODE": "UPI",
        "STATUS": "TXN_SUCCESS", "RESPCODE": "01", "RESPMSG": "Txn Success",
        "LINKDESCRIPTION": "Payment for Inv 001",
        "LINKNOTES": "नोट & more|=", "MERC_UNQ_REF": format!("LI_{}", link["linkId"]),
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&fields[name], value, "{name}");
    }
    assert_eq!(fields["BANKTXNID"], paid["rail_reference"]);
    let date = text(&fields["TXNDATETIME"]);
    let shape: String =
        date.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
    assert_eq!(shape, "0000-00-00 00:00:00.0");
}

#[test]
fn a_failure_is_told_too_and_a_waiting_payment_is_not() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = Shop::open(&server, "failer");
    let (_, code) = link(&shop, &receiver);
    let waiting = server.pay(&code, "pending");
    server.advance(30);
    assert!(receiver.posts(PATH).is_empty());
    assert_eq!(server.settle(text(&waiting["id"]), "failure").status, 200);
    let posts = receiver.wait_for_posts(PATH, 1);
    assert_eq!(verified_form(&shop, &posts[0])["STATUS"], "TXN_FAILURE");
    server.pay(&code, "success");
    let posts = receiver.wait_for_posts(PATH, 2);
    let (first, second) = (posts[0].form(), verified_form(&shop, &posts[1]));
    assert_eq!(second["STATUS"], "TXN_SUCCESS");
    assert_ne!(first["ORDERID"], second["ORDERID"]);
}

#[test]
fn one_payment_is_told_once_whatever_the_rail_repeats() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = Shop::open(&server, "once");
    for outcome in ["duplicate_notice", "reordered_notices", "contradiction"] {
        let (_, code) = link(&shop, &receiver);
        server.pay(&code, outcome);
    }
    receiver.wait_for_posts(PATH, 3);
    for _ in 0..3 {
        server.advance(3600);
    }
    assert_eq!(receiver.posts(PATH).len(), 3);
}

#[test]
fn a_refused_callback_is_tried_again_after_the_table_and_then_parked() {
    for status in [500, 302, 404, 0] {
        let (server, receiver) = (Server::dev(), Receiver::start());
        receiver.answer_with(status);
        let shop = Shop::open(&server, "retries");
        let (_, code) = link(&shop, &receiver);
        server.pay(&code, "success");
        let first = receiver.wait_for_posts(PATH, 1)[0].form();
        for (index, minutes) in PAYTM_WAITS_MIN.into_iter().enumerate() {
            let twentieths = receiver.twentieths_to_next(&server, PATH, minutes * 60);
            assert!((17..=23).contains(&twentieths), "status {status}: {twentieths}/20 of {minutes} min");
            assert_eq!(receiver.posts(PATH).len(), index + 2, "status {status}");
        }
        server.advance(10 * 86_400);
        let posts = receiver.posts(PATH);
        assert_eq!(posts.len(), 11, "status {status}: parked");
        for (field, value) in posts[10].form().iter().filter(|(field, _)| *field != "CHECKSUMHASH") {
            assert_eq!(Some(value), first.get(field), "{field} changed");
        }
    }
}

#[test]
fn any_2xx_ends_the_tries_and_410_gives_up_at_once() {
    for (status, tries) in [(204, 1), (299, 1), (410, 1)] {
        let (server, receiver) = (Server::dev(), Receiver::start());
        receiver.answer_with(status);
        let shop = Shop::open(&server, "ended");
        let (_, code) = link(&shop, &receiver);
        server.pay(&code, "success");
        receiver.wait_for_posts(PATH, tries);
        for _ in 0..3 {
            server.advance(86_400);
        }
        assert_eq!(receiver.posts(PATH).len(), tries, "{status}");
    }
}

#[test]
fn a_callback_that_waits_survives_a_kill_and_arrives() {
    let (mut server, receiver) = (Server::dev(), Receiver::start());
    receiver.answer_with(503);
    {
        let shop = Shop::open(&server, "survivor");
        let (_, code) = link(&shop, &receiver);
        server.pay(&code, "success");
    }
    receiver.wait_for_posts(PATH, 1);
    server.kill9();
    receiver.answer_with(200);
    server.start_again();
    server.advance(600);
    let posts = receiver.wait_for_posts(PATH, 2);
    let shop = Shop::credentials(&server, "survivor");
    assert_eq!(verified_form(&shop, &posts[1])["STATUS"], "TXN_SUCCESS");
    server.advance(86_400);
    assert_eq!(receiver.posts(PATH).len(), 2);
    server.verify();
}

#[test]
fn the_time_of_the_payment_is_told_in_india() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = Shop::open(&server, "indian");
    let (_, code) = link(&shop, &receiver);
    let paid = server.pay(&code, "success");
    let fields = receiver.wait_for_posts(PATH, 1)[0].form();
    let date = text(&fields["TXNDATETIME"]);
    let (day, time) = date.trim_end_matches(".0").split_once(' ').unwrap();
    let parts: Vec<&str> = day.split('-').collect();
    let told = epoch_s(&format!("{}/{}/{} {time}", parts[2], parts[1], parts[0]));
    assert_eq!(told, epoch_s(text(&paid["captured_at"])));
}

#[test]
fn the_payers_browser_posts_the_signed_form_where_the_merchants_program_said() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = Shop::open(&server, "browserpost");
    let mut body = shop.fixed();
    body["callbackUrl"] = json!(receiver.url("/back"));
    body["orderId"] = json!("ORDER-1");
    body["linkNotes"] = json!("private");
    body["customerContact"] = json!({"customerMobile": "9000000061", "customerEmail": "asha@shop.example",
        "customerId": "C-61"});
    let code = shop.create(&body).link_code();
    let steps = [
        open(&format!("/p/{code}")),
        click("button[name=outcome][value=success]"),
        click("form[action*='/back'] button"),
    ];
    Browser { javascript: false, ..PHONE }.walk(&server, &steps);
    let posts = receiver.wait_for_posts("/back", 1);
    let fields = verified_form(&shop, &posts[0]);
    assert_eq!(fields["STATUS"], "TXN_SUCCESS");
    assert_eq!(fields["ORDERID"], "ORDER-1");
    assert_eq!(fields["CUSTID"], "C-61");
    for hidden in ["LINKNOTES", "PAYMENTEMAILID", "PAYMENTMOBILENUMBER"] {
        assert_eq!(fields[hidden], "", "{hidden} stands on the page of whoever has the address");
    }
}
