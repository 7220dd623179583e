//! Receipts: one mail for each captured payment, to payers whose e-mail address is known.

use serde_json::{Value, json};

use crate::harness::mail::{MailServer, header, part};
use crate::harness::own_api::{fixed, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_until;

const ASHA: &str = "asha@customer.example";

/// A link for Asha, of which she is told by no mail.
fn for_asha(shop: &Shop<'_>, wish: Value) -> Value {
    let mut wish = wish;
    wish["customer"] = json!({"name": "आशा", "email": ASHA, "mobile": "9000000001"});
    shop.link(&wish)
}

/// The receipts that arrived, once there are so many.
fn receipts(mail_server: &MailServer, count: usize) -> Vec<Value> {
    wait_until(&format!("{count} receipts"), || mail_server.mails(ASHA).len() >= count);
    mail_server.mails(ASHA)
}

#[test]
fn each_part_that_is_captured_is_confirmed_by_one_mail_in_both_languages() {
    let mail_server = MailServer::start(&[]);
    let server = Server::dev_with_config(&MailServer::config(mail_server.port));
    let shop = Shop::open(&server, "parts");
    let mut wish = fixed();
    wish["parts"] = json!(true);
    let link = for_asha(&shop, wish);
    let first =
        server.pay_with(text(&link["code"]), &json!({"outcome": "success", "amount": "400.50"})).json();
    let mail = receipts(&mail_server, 1).remove(0);
    assert!(header(&mail, "Subject").contains("Receipt from Shop of parts: ₹400.50"), "{mail}");
    let (plain, html) = (part(&mail, "text/plain"), part(&mail, "text/html"));
    let reference = text(&first["rail_reference"]);
    for word in ["आशा", "Shop of parts", "School fees", "₹400.50", "₹599.50", reference, "IST"] {
        assert!(plain.contains(word) && html.contains(word), "{word}: {plain}");
    }
    for word in [text(&link["url"]), text(&link["code"]), "Left to pay: ₹599.50", "शेष राशि: ₹599.50"]
    {
        assert!(plain.contains(word), "{word}: {plain}");
    }
    server.pay(text(&link["code"]), "duplicate_notice");
    for _ in 0..3 {
        server.advance(3_600);
    }
    let mails = receipts(&mail_server, 2);
    assert_eq!(mails.len(), 2, "once for each payment, whatever the rail repeats");
    assert!(part(&mails[1], "text/plain").contains("Left to pay: ₹0.00"), "{}", mails[1]);
    let recorded = server.messages(ASHA);
    let told = |at: usize| text(&recorded[at]["text"]).contains("Left to pay: ₹599.50");
    assert!(!told(0) && told(1), "a receipt reads the same for ever: {recorded:?}");
    server.verify();
}

#[test]
fn what_is_not_captured_has_no_receipt_and_held_money_has_one_when_it_counts() {
    let server = Server::dev();
    let shop = Shop::open(&server, "held");
    let late = for_asha(&shop, fixed());
    for outcome in ["failure", "pending"] {
        server.pay(text(&for_asha(&shop, fixed())["code"]), outcome);
    }
    let payment = server.pay(text(&late["code"]), "late_success");
    server.advance(3_600);
    let payment = shop.found(&format!("/v1/payments/{}", text(&payment["id"])));
    assert_eq!(payment["state"], "held", "{payment}");
    assert_eq!(server.messages(ASHA), Vec::<Value>::new());
    let decided =
        shop.post_json(&format!("/v1/holds/{}/decide", text(&payment["id"])), &json!({"decision": "apply"}));
    assert_eq!(decided.status, 200, "{}", decided.text());
    assert_eq!(server.messages(ASHA).len(), 1);
    server.verify();
}

#[test]
fn a_merchant_can_do_without_and_who_has_no_address_gets_none() {
    let server = Server::dev();
    let shop = Shop::open(&server, "quiet");
    let mut nobody = fixed();
    nobody["customer"] = json!({"mobile": "9000000001"});
    server.pay(text(&shop.link(&nobody)["code"]), "success");
    assert_eq!(server.messages("9000000001"), Vec::<Value>::new());
    let shop = Shop::open_with(&server, "quiet", "receipts = false");
    let link = for_asha(&shop, fixed());
    server.pay(text(&link["code"]), "success");
    assert_eq!(server.messages(ASHA), Vec::<Value>::new());
    let shop = Shop::open(&server, "quiet");
    server.pay(text(&for_asha(&shop, fixed())["code"]), "success");
    assert_eq!(server.messages(ASHA).len(), 1);
}

#[test]
fn money_that_has_gone_again_is_not_confirmed() {
    let server = Server::dev_with_config(&MailServer::config(MailServer::start(&[]).port));
    let shop = Shop::open(&server, "gone");
    server.pay(text(&for_asha(&shop, fixed())["code"]), "reversal");
    assert_eq!(server.messages(ASHA)[0]["state"], "queued", "the mail server is down");
    for _ in 0..20 {
        server.advance(3_600);
    }
    assert_eq!(server.messages(ASHA)[0]["state"], "failed");
}
