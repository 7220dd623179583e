//! Hostile texts: controls, bidirectional overrides and script in every member a merchant may write.

use serde_json::{Value, json};

use crate::harness::browser::{PHONE, body_text, open};
use crate::harness::http::Call;
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_until;

const SCRIPT: &str = "</textarea></title></style><script>alert(1)</script><img src=x onerror=alert(2)>\
                      \"'><svg onload=alert(3)>";

/// Members that hold free text, with what fits into the vendor's lengths.
fn with_text(shop: &Shop<'_>, id: &str, text: &str) -> Vec<(&'static str, Value)> {
    let short: String = text.chars().take(28).collect();
    let member = |name: &'static str, value: Value| {
        let mut body = shop.invoice(id);
        body["invoiceId"] = json!(format!("{id}-{name}"));
        body[name] = value;
        (name, body)
    };
    let mut product = shop.invoice(id);
    product["invoiceId"] = json!(format!("{id}-product"));
    product["invoiceDetails"][0]["productName"] = json!(short);
    product["invoiceDetails"][0]["productCode"] = json!(text);
    product["invoiceDetails"][0]["perUnitTax"][0]["taxName"] = json!(text);
    vec![
        member("linkName", json!(short)),
        member("linkDescription", json!(short)),
        member("merchantRequestId", json!(text.chars().take(60).collect::<String>())),
        member("customerContact", json!({"customerName": text, "customerId": short})),
        member("linkNotes", json!(text)),
        member("customPaymentSuccessMessage", json!(text)),
        member("extendInfo", json!({"ref1": text})),
        member("resellerId", json!(text)),
        member("merchantUniqueReference", json!(text)),
        member("invoiceId", json!(format!("{id} {text}"))),
        ("invoiceDetails", product),
    ]
}

#[test]
fn script_is_refused_where_the_vendor_says_so_and_inert_everywhere_else() {
    let server = Server::dev();
    let shop = Shop::open(&server, "script");
    let mut pages = Vec::new();
    for (member, body) in with_text(&shop, "S", SCRIPT) {
        let reply = shop.create(&body);
        match member {
            "linkName" => reply.refused(member, "5007", "link name contains special character."),
            "linkDescription" => {
                reply.refused(member, "5033", "Link Description should not contain any special characters");
            }
            _ => {
                assert!(["200", "502"].contains(&reply.code()), "{member}: {}", reply.text);
                if reply.code() == "200" {
                    pages.push(reply.link_code());
                }
            }
        }
    }
    assert!(pages.len() >= 4, "only {} links", pages.len());
    let mut steps = Vec::new();
    for code in pages {
        let page = server.send(&Call::get(&format!("/p/{code}")));
        assert_eq!(page.status, 200);
        for live in ["<script>alert", "<img src=x", "<svg onload"] {
            assert!(!page.text().contains(live), "{live} in {}", page.text());
        }
        steps.push(open(&format!("/p/{code}")));
        server.pay(&code, "success");
        steps.push(open(&format!("/p/{code}")));
        steps.push(body_text());
    }
    PHONE.walk(&server, &steps).was_clean(&server);
}

fn is_bad(letter: char) -> bool {
    let bidi = ['\u{202a}'..='\u{202e}', '\u{2066}'..='\u{2069}'];
    let control = ['\u{0}'..='\u{8}', '\u{7f}'..='\u{9f}'];
    bidi.iter().chain(&control).any(|range| range.contains(&letter))
}

#[test]
fn controls_and_bidirectional_overrides_never_reach_a_page() {
    let server = Server::dev();
    let shop = Shop::open(&server, "bidi");
    let mut shown = Vec::new();
    for (index, odd) in
        ["a\u{202e}gnp.exe", "a\u{2066}b\u{2067}c", "nul\u{0}nul", "line\r\nline", "\u{7f}\u{85}\u{200b}"]
            .into_iter()
            .enumerate()
    {
        for (member, body) in with_text(&shop, &format!("B{index}"), odd) {
            let reply = shop.create(&body);
            assert!(
                reply.http == 200 && reply.code() != "501",
                "{member} {odd:?}: HTTP {} {}",
                reply.http,
                reply.text
            );
            if ["linkName", "linkDescription"].contains(&member) {
                assert_ne!(reply.code(), "200", "{member} {odd:?}");
            }
            if reply.code() == "200" {
                let page = server.send(&Call::get(&format!("/p/{}", reply.link_code())));
                assert_eq!(page.status, 200, "{member} {odd:?}");
                if page.text().contains(is_bad) {
                    shown.push(format!("{member} {odd:?}"));
                }
            }
        }
    }
    assert!(shown.is_empty(), "reached a page: {shown:#?}");
    server.verify();
}

#[test]
fn a_private_note_is_on_no_page_and_in_no_message() {
    let server = Server::dev();
    let shop = Shop::open(&server, "private");
    let mut body = shop.fixed();
    body["linkNotes"] = json!("Zweitmahnung");
    body["customerContact"] = json!({"customerMobile": "9000000071", "customerEmail": "note@shop.example"});
    (body["sendSms"], body["sendEmail"]) = (json!(true), json!(true));
    let link = shop.create(&body).link_code();
    let page = |path: &str| server.send(&Call::get(path)).text().to_owned();
    let mut seen = vec![page(&format!("/p/{link}"))];
    let paid =
        server.send(&Call::post(&format!("/p/{link}/pay")).form(&[("outcome", "success"), ("mode", "UPI")]));
    seen.push(page(paid.header("location").expect("the way to the payment")));
    server.message("9000000071", "sms");
    wait_until("the request and the receipt", || server.messages("note@shop.example").len() == 2);
    for to in ["9000000071", "note@shop.example"] {
        seen.extend(server.messages(to).iter().map(Value::to_string));
    }
    assert_eq!(seen.len(), 5, "two pages, an SMS, a mail and a receipt: {seen:?}");
    assert!(seen.iter().all(|text| !text.contains("Zweitmahnung")), "{seen:?}");
}
