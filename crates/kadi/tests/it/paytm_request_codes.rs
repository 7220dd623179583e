//! Every row of the vendor's table of result codes of payment requests, as answered to a real client.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::paytm_orders::{RESEND, SEND, Told};
use crate::harness::peers::{self, node};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const TABLE: &str = include_str!("tables/paytm_request_codes.tsv");

const NOT_NOTIFIED: &str = "Could not notify user. Either resend notification or try with new orderId";

struct Case {
    code: &'static str,
    text: &'static str,
    what: &'static str,
    send: fn(&Shop<'_>, &str) -> Told,
}

const fn case(
    code: &'static str,
    text: &'static str,
    what: &'static str,
    send: fn(&Shop<'_>, &str) -> Told,
) -> Case {
    Case { code, text, what, send }
}

/// A request for this order with this member.
fn with(shop: &Shop<'_>, order: &str, member: &str, value: Value) -> Told {
    let mut body = shop.payment_request(order);
    body[member] = value;
    shop.order_call(SEND, &body)
}

fn without(shop: &Shop<'_>, order: &str, member: &str) -> Told {
    let mut body = shop.payment_request(order);
    body.as_object_mut().unwrap().remove(member);
    shop.order_call(SEND, &body)
}

/// `yyyy-MM-dd HH:mm:ss` in India, so many days from now.
fn date(shop: &Shop<'_>, days: i64) -> String {
    let slashed = peers::ist(&shop.server.now(), days, None);
    let (day, time) = slashed.split_once(' ').unwrap();
    let parts: Vec<&str> = day.split('/').collect();
    format!("{}-{}-{} {time}", parts[2], parts[1], parts[0])
}

/// The merchant imported again with other lines of the merchant file, for one request.
fn changed(shop: &Shop<'_>, lines: &str, order: &str) -> Told {
    let import = |lines: &str| {
        let file = shop.server.write("changed.toml", &shop.file(None, lines));
        shop.server.kadi_ok(&["merchant", "import", file.to_str().unwrap()]);
    };
    import(lines);
    let told = shop.send_request(order);
    import("vpa = \"codes@kadi\"");
    told
}

const SENT: &str = "Payment request sent successfully";
const ORDER_BLANK: &str = "merchantOrderid cannot be blank";
const MID_BLANK: &str = "MID cannot be blank";
const AMOUNT: &str = "Invalid amount";
const EXPIRY: &str = "Invalid expiry date";
const PHONE: &str = "Invalid userPhoneNo";
const OTHER: &str = "We could not get the requested details. Please try again.";
const CHARACTERS: &str = "OrderId contains restricted special characters";

const CASES: &[Case] = &[
    case("SPR_001", SENT, "the vendor's example", |shop, order| shop.send_request(order)),
    case("SPR_001", SENT, "the longest id", |shop, _| shop.send_request(&"a".repeat(50))),
    case("SPR_001", SENT, "an expiry", |shop, order| with(shop, order, "expiry", json!(date(shop, 1)))),
    case("SPR_001", SENT, "a number", |shop, order| with(shop, order, "amount", json!(1303))),
    case("SPR_002", ORDER_BLANK, "no order", |shop, order| without(shop, order, "merchantOrderId")),
    case("SPR_002", ORDER_BLANK, "an empty order", |shop, _| shop.send_request("")),
    case("SPR_002", ORDER_BLANK, "a blank order", |shop, _| shop.send_request("  ")),
    case("SPR_002", MID_BLANK, "no mid", |shop, order| without(shop, order, "mid")),
    case("SPR_002", MID_BLANK, "an empty mid", |shop, order| with(shop, order, "mid", json!(""))),
    case("SPR_002", AMOUNT, "no amount", |shop, order| without(shop, order, "amount")),
    case("SPR_002", AMOUNT, "nothing", |shop, order| with(shop, order, "amount", json!("0.00"))),
    case("SPR_002", AMOUNT, "less than nothing", |shop, order| with(shop, order, "amount", json!("-1"))),
    case("SPR_002", AMOUNT, "three decimals", |shop, order| with(shop, order, "amount", json!("1.001"))),
    case("SPR_002", AMOUNT, "a word", |shop, order| with(shop, order, "amount", json!("ten"))),
    case("SPR_002", AMOUNT, "an object", |shop, order| with(shop, order, "amount", json!({"value": "1"}))),
    case("SPR_002", AMOUNT, "below the limit", |shop, order| with(shop, order, "amount", json!("0.99"))),
    case("SPR_002", AMOUNT, "over the limit", |shop, order| with(shop, order, "amount", json!("100000.01"))),
    case("SPR_002", EXPIRY, "past", |shop, order| with(shop, order, "expiry", json!(date(shop, -1)))),
    case("SPR_002", EXPIRY, "without a time", |shop, order| with(shop, order, "expiry", json!("2099-01-30"))),
    case("SPR_002", EXPIRY, "the links' form", |shop, order| {
        with(shop, order, "expiry", json!("30/01/2099 12:30:30"))
    }),
    case("SPR_002", EXPIRY, "no such day", |shop, order| {
        with(shop, order, "expiry", json!("2099-02-30 12:30:30"))
    }),
    case("SPR_002", PHONE, "no phone", |shop, order| without(shop, order, "userPhoneNo")),
    case("SPR_002", PHONE, "nine digits", |shop, order| with(shop, order, "userPhoneNo", json!("777777777"))),
    case("SPR_002", PHONE, "a country", |shop, order| {
        with(shop, order, "userPhoneNo", json!("+917777777777"))
    }),
    case("SPR_003", "UPI paymode not enabled on merchant", "no UPI", |shop, order| {
        changed(shop, "vpa = \"codes@kadi\"\nfeature = [\"payment_request\"]", order)
    }),
    case("WM_1011", "Duplicate Order ID", "the same order again", |shop, order| {
        assert_eq!(shop.send_request(order).code(), "SPR_001");
        shop.send_request(order)
    }),
    case("WM_1011", "Duplicate Order ID", "the same order where UPI is off", |shop, order| {
        assert_eq!(shop.send_request(order).code(), "SPR_001");
        changed(shop, "vpa = \"codes@kadi\"\nfeature = [\"payment_request\"]", order)
    }),
    case("GE_0003", OTHER, "no posId", |shop, order| without(shop, order, "posId")),
    case("GE_0003", OTHER, "not JSON", |shop, _| shop.order_post(SEND, "not JSON")),
    case("GE_0003", OTHER, "an unknown merchant", |shop, order| {
        with(shop, order, "mid", json!("NOBODY00000000000000"))
    }),
    case("GE_0003", OTHER, "a forged signature", |shop, order| {
        let body = shop.payment_request(order);
        shop.order_post(SEND, node().request("fedcba9876543210", &shop.order_head(), &body))
    }),
    case("GE_0003", OTHER, "no signature", |shop, order| {
        let request = json!({"head": shop.order_head(), "body": shop.payment_request(order)});
        shop.order_post(SEND, request.to_string())
    }),
    case("GE_0003", OTHER, "GST as a list", |shop, order| with(shop, order, "gstInformation", json!([1]))),
    case("GE_0003", OTHER, "deep GST", |shop, order| {
        with(shop, order, "gstInformation", json!({"a": {"b": "c"}}))
    }),
    case("GE_0003", OTHER, "an unknown sub-wallet", |shop, order| {
        with(shop, order, "subwalletAmount", json!({"DRINK": "2"}))
    }),
    case("GE_0003", OTHER, "an inactive merchant", |shop, order| {
        changed(shop, "vpa = \"codes@kadi\"\nactive = false", order)
    }),
    case("DQR_0004", "Merchant's VPA-address not found", "no UPI address", |shop, order| {
        changed(shop, "", order)
    }),
    case("RSPR_005", "Preference not enabled on Merchant", "no payment requests", |shop, order| {
        changed(shop, "vpa = \"codes@kadi\"\nfeature = [\"upi\"]", order)
    }),
    case("SPRO_006", "Payment has been completed on this order", "a paid order", |shop, order| {
        shop.server.pay(&shop.send_request(order).link_code(), "success");
        shop.send_request(order)
    }),
    case("SPRO_007", CHARACTERS, "a slash", |shop, _| shop.send_request("a/b")),
    case("SPRO_007", CHARACTERS, "Devanagari", |shop, _| shop.send_request("आदेश")),
    case("SPRO_007", CHARACTERS, "51 letters", |shop, _| shop.send_request(&"a".repeat(51))),
];

/// A row that no create reaches: a sandbox has every channel, and no server starts outside it yet. The resend
/// of one request reaches its words; the create is tried in process (paytm_requests.rs of the dialects).
const ELSEWHERE: (&str, &str, fn()) =
    ("SPRO_005", NOT_NOTIFIED, a_user_who_cannot_be_notified_is_told_letter_by_letter);

#[test]
fn every_row_of_the_vendors_table_is_answered_letter_by_letter() {
    let server = Server::dev();
    let shop = Shop::open_for_orders(&server, "codes", None, "");
    let mut wrong = Vec::new();
    for (number, case) in CASES.iter().enumerate() {
        let told = (case.send)(&shop, &format!("ORDER-{number}"));
        let status = if case.code == "SPR_001" { "SUCCESS" } else { "FAILURE" };
        if told.http != 200 || told.row() != [case.code, status, case.text] {
            wrong
                .push(format!("{} ({}) was answered HTTP {} {}", case.what, case.code, told.http, told.text));
        }
        let has_url = told.body().get("paymentUrl").is_some();
        assert_eq!(has_url, case.code == "SPR_001", "{}", told.text);
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), CASES.len(), wrong.join("\n"));
}

/// Sent too often, a request is not sent.
#[test]
fn a_user_who_cannot_be_notified_is_told_letter_by_letter() {
    let server = Server::dev();
    let shop = Shop::open_for_orders(&server, "unsent", None, "");
    shop.send_request("UNSENT-1");
    let body = json!({"mid": shop.mid, "merchantOrderId": "UNSENT-1"});
    for _ in 0..100 {
        assert_eq!(shop.order_call(RESEND, &body).code(), "SPR_001");
    }
    let told = shop.order_call(RESEND, &body);
    assert_eq!(told.row(), ["SPRO_005", "FAILURE", NOT_NOTIFIED]);
}

#[test]
fn no_row_of_the_vendors_table_is_without_a_case() {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells[0], "/order/sendpaymentrequest");
        assert_eq!(cells[2], if cells[1] == "SPR_001" { "SUCCESS" } else { "FAILURE" }, "{line}");
        (cells[1], cells[3])
    });
    let rows: BTreeSet<_> = rows.collect();
    let cases: BTreeSet<_> = CASES.iter().map(|case| (case.code, case.text)).collect();
    assert_eq!(rows.len(), 14);
    let (code, text, _) = ELSEWHERE;
    assert_eq!(rows, cases.into_iter().chain([(code, text)]).collect());
}
