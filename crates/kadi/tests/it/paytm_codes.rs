//! Every row of the vendor's table of result codes, as answered to a request of a real client.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::paytm::Reply;
use crate::harness::peers;
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const TABLE: &str = include_str!("tables/paytm_create_codes.tsv");

/// Rows that need more than a request, and the test that reaches them. A create looks nothing up that could
/// be absent: the row of 404 is that of the other calls.
const ELSEWHERE: [(&str, fn()); 3] = [
    ("404", crate::paytm_call_codes::every_row_of_the_calls_is_answered_letter_by_letter),
    ("100", crate::paytm_risk::a_create_is_refused_by_each_rule),
    ("501", crate::faults::a_full_disk_in_paytms_words),
];

struct Case {
    code: &'static str,
    text: &'static str,
    what: &'static str,
    send: fn(&Shop<'_>) -> Reply,
}

const fn case(
    code: &'static str,
    text: &'static str,
    what: &'static str,
    send: fn(&Shop<'_>) -> Reply,
) -> Case {
    Case { code, text, what, send }
}

fn fixed(shop: &Shop<'_>, member: &str, value: Value) -> Reply {
    let mut body = shop.fixed();
    body[member] = value;
    shop.create(&body)
}

fn invoice(shop: &Shop<'_>, member: &str, value: Value) -> Reply {
    let mut body = shop.invoice("codes");
    body[member] = value;
    shop.create(&body)
}

/// An invoice whose second product has this member.
fn product(shop: &Shop<'_>, member: &str, value: Value) -> Reply {
    let mut body = shop.invoice("codes");
    body["invoiceDetails"][1][member] = value;
    shop.create(&body)
}

fn without(shop: &Shop<'_>, mut body: Value, member: &str) -> Reply {
    body.as_object_mut().unwrap().remove(member);
    shop.create(&body)
}

fn days_from_now(shop: &Shop<'_>, days: i64, at: &str) -> Value {
    json!(peers::ist(&shop.server.now(), days, Some(at)))
}

const NAME_EMPTY: &str = "empty link name.";
const NAME_BLANK: &str = "link name cannot be blank";
const NAME_SPECIAL: &str = "link name contains special character.";
const DESCRIPTION_LENGTH: &str = "Link Description should be from 3 to 30 characters.";
const DESCRIPTION_SPECIAL: &str = "Link Description should not contain any special characters";
const FIXED_AMOUNT: &str = "Payment amount is mandatory for Fixed Link";
const AMOUNT_LOW: &str = "Amount should be greater than equal to Rs 1";
const NO_EXPIRY: &str = "Expiry date is mandatory for Invoice Link Type";
const NO_INVOICE_ID: &str = "Empty Invoice Id for Invoice type Payment Link";
const NO_INVOICE_AMOUNT: &str = "Amount cannot be empty for invoice link";
const TOO_MANY_ITEMS: &str = "Invoice details cannot be greater than 50";
const SUM: &str = "The amount sent in the request does not match the total amount of the invoice items.";
const INVOICE_USED: &str = "This invoice ID has already been used for your account. Enter a new invoice ID";
const PRODUCT_BLANK: &str = "Product name cannot be blank";
const PRODUCT_LENGTH: &str = "Product Name should be from 3 to 30 characters.";
const PRICE: &str = "Amount cannot be less than 0";
const UNITS: &str = "Number of units cannot be less than or equal to 0";
const TAX: &str = "Tax amount cannot be less than 0";
const EXPIRY: &str = "Expiry date is invalid.";
const FORMS: &str = "Merchant not allowed payment forms";
const MID: &str = "Merchant Id is invalid.";
const NOT_LINKED: &str = "Invalid Merchant ID. Mentioned ID is not linked to Aggregator.";
const TOO_LATE: &str = "Expiry date cannot be set as more than 365 days from the current date";
const CHECKSUM: &str = "Checksum provided is invalid.";
const NO_BODY: &str = "request body cannot be empty";
const NO_REQUEST: &str = "empty request.";
const NO_HEAD: &str = "request head cannot be empty";
const UNKNOWN: &str = "Unknown Error Occurred";

const CASES: &[Case] = &[
    case("200", "Success", "a fixed link", |shop| shop.create(&shop.fixed())),
    case("502", UNKNOWN, "a link type of its own", |shop| fixed(shop, "linkType", json!("REUSABLE"))),
    case("5004", "empty merchant Id.", "no mid", |shop| without(shop, shop.fixed(), "mid")),
    case("5004", "empty merchant Id.", "an empty mid", |shop| fixed(shop, "mid", json!(""))),
    case("5005", NAME_EMPTY, "no linkName", |shop| without(shop, shop.fixed(), "linkName")),
    case("5005", NAME_EMPTY, "linkName null", |shop| fixed(shop, "linkName", Value::Null)),
    case("5005", NAME_EMPTY, "linkName empty", |shop| fixed(shop, "linkName", json!(""))),
    case("5005", NAME_BLANK, "linkName of spaces", |shop| fixed(shop, "linkName", json!("   "))),
    case("5006", DESCRIPTION_LENGTH, "no description", |shop| without(shop, shop.fixed(), "linkDescription")),
    case("5006", DESCRIPTION_LENGTH, "two letters", |shop| fixed(shop, "linkDescription", json!("ab"))),
    case("5006", DESCRIPTION_LENGTH, "31 letters", |shop| {
        fixed(shop, "linkDescription", json!("a".repeat(31)))
    }),
    case("5007", NAME_SPECIAL, "a hyphen", |shop| fixed(shop, "linkName", json!("Inv-1"))),
    case("5007", NAME_SPECIAL, "Devanagari", |shop| fixed(shop, "linkName", json!("शुल्क"))),
    case("5008", FIXED_AMOUNT, "no amount", |shop| without(shop, shop.fixed(), "amount")),
    case("5008", FIXED_AMOUNT, "amount null", |shop| fixed(shop, "amount", Value::Null)),
    case("5009", AMOUNT_LOW, "99 paise", |shop| fixed(shop, "amount", json!(0.99))),
    case("5009", AMOUNT_LOW, "nothing", |shop| fixed(shop, "amount", json!(0))),
    case("5009", AMOUNT_LOW, "less than nothing", |shop| fixed(shop, "amount", json!(-1))),
    case("5009", AMOUNT_LOW, "as text", |shop| fixed(shop, "amount", json!("0.50"))),
    case("5010", NO_EXPIRY, "an invoice without expiry", |shop| {
        without(shop, shop.invoice("codes"), "expiryDate")
    }),
    case("5011", NO_INVOICE_ID, "an invoice without id", |shop| {
        without(shop, shop.invoice("codes"), "invoiceId")
    }),
    case("5011", NO_INVOICE_ID, "an empty invoice id", |shop| invoice(shop, "invoiceId", json!(""))),
    case("5012", NO_INVOICE_AMOUNT, "an invoice without amount", |shop| {
        without(shop, shop.invoice("codes"), "amount")
    }),
    case("5013", TOO_MANY_ITEMS, "51 items", |shop| {
        let item = json!({"productName": "Pencil", "noOfUnits": "1", "perUnitAmount": "1"});
        invoice(shop, "invoiceDetails", Value::from(vec![item; 51]))
    }),
    case("5014", SUM, "a paisa too much", |shop| invoice(shop, "amount", json!("291.01"))),
    case("5015", INVOICE_USED, "the same invoice again", |shop| {
        shop.create(&shop.invoice("used")).ok();
        shop.create(&shop.invoice("used"))
    }),
    case("5016", PRODUCT_BLANK, "a product of spaces", |shop| product(shop, "productName", json!("  "))),
    case("5017", PRODUCT_LENGTH, "two letters of product", |shop| product(shop, "productName", json!("ab"))),
    case("5017", PRODUCT_LENGTH, "31 letters of product", |shop| {
        product(shop, "productName", json!("a".repeat(31)))
    }),
    case("5018", PRICE, "a negative price", |shop| product(shop, "perUnitAmount", json!("-1"))),
    case("5019", UNITS, "no units", |shop| product(shop, "noOfUnits", json!("0"))),
    case("5019", UNITS, "negative units", |shop| product(shop, "noOfUnits", json!("-2"))),
    case("5020", TAX, "a negative tax", |shop| {
        product(shop, "perUnitTax", json!([{"taxName": "GST", "taxAmount": "-0.01"}]))
    }),
    case("5021", EXPIRY, "a day that is not", |shop| fixed(shop, "expiryDate", json!("31/02/2027"))),
    case("5021", EXPIRY, "single digits", |shop| fixed(shop, "expiryDate", json!("1/1/2027"))),
    case("5021", EXPIRY, "the other order", |shop| fixed(shop, "expiryDate", json!("2027-01-31 10:00:00"))),
    case("5021", EXPIRY, "24 o'clock", |shop| fixed(shop, "expiryDate", json!("01/01/2027 24:00:00"))),
    case("5021", EXPIRY, "yesterday", |shop| fixed(shop, "expiryDate", days_from_now(shop, -1, "10:00:00"))),
    case("5022", FORMS, "a form", |shop| fixed(shop, "templateId", json!("T001"))),
    case("5023", MID, "an unknown merchant", |shop| fixed(shop, "mid", json!("NOBODY00000000000000"))),
    case("5024", "Invalid child MID", "a split", |shop| {
        fixed(
            shop,
            "splitSettlementInfo",
            json!({
                "splitMethod": "AMOUNT",
                "splitInfo": [{"mid": "CHILD000000000000001",
                    "amount": {"value": "1.00", "currency": "INR"}}],
            }),
        )
    }),
    case("5024", "Invalid child MID", "a split as a lone object", |shop| {
        fixed(
            shop,
            "splitSettlementInfo",
            json!({
                "splitMethod": "PERCENTAGE", "splitInfo": {"mid": "CHILD000000000000001", "percentage": "10"},
            }),
        )
    }),
    case("5025", NOT_LINKED, "another merchant's child", |shop| {
        let loner = Shop::open(shop.server, "loner");
        let share = json!({"mid": loner.mid, "percentage": "10"});
        fixed(shop, "splitSettlementInfo", json!({"splitMethod": "PERCENTAGE", "splitInfo": [share]}))
    }),
    case("5027", TOO_LATE, "366 days", |shop| {
        fixed(shop, "expiryDate", days_from_now(shop, 366, "00:00:00"))
    }),
    case("5028", CHECKSUM, "another's key", |shop| {
        shop.post(peers::node().request("fedcba9876543210", &shop.head(), &shop.fixed()))
    }),
    case("5028", CHECKSUM, "no signature", |shop| {
        shop.post(json!({"head": shop.head(), "body": shop.fixed()}).to_string())
    }),
    case("5028", CHECKSUM, "no tokenType", |shop| {
        shop.create_by(peers::node(), &json!({"timestamp": "1795298264"}), &shop.fixed())
    }),
    case("5028", CHECKSUM, "another tokenType", |shop| {
        shop.create_by(peers::node(), &json!({"tokenType": "JWT"}), &shop.fixed())
    }),
    case("5028", CHECKSUM, "a changed amount", |shop| {
        let request = peers::node().request(&shop.paytm_key, &shop.head(), &shop.fixed());
        shop.post(request.replace(":499", ":498"))
    }),
    case("5028", CHECKSUM, "an added blank", |shop| {
        let request = peers::node().request(&shop.paytm_key, &shop.head(), &shop.fixed());
        shop.post(request.replace(":499", ": 499"))
    }),
    case("5029", NO_BODY, "no body member", |shop| shop.post(json!({"head": shop.head()}).to_string())),
    case("5029", NO_BODY, "an empty body", |shop| shop.create(&json!({}))),
    case("5029", NO_REQUEST, "no bytes", |shop| shop.post("")),
    case("5029", NO_REQUEST, "an empty object", |shop| shop.post("{}")),
    case("5030", NO_HEAD, "no head", |shop| shop.post(json!({"body": shop.fixed()}).to_string())),
    case("5030", NO_HEAD, "an empty head", |shop| {
        shop.post(json!({"head": {}, "body": shop.fixed()}).to_string())
    }),
    case("5033", DESCRIPTION_SPECIAL, "a bracket", |shop| fixed(shop, "linkDescription", json!("Fees <b>"))),
    case("5050", "Invoice phone number is invalid", "nine digits", |shop| {
        invoice(shop, "invoicePhoneNo", json!("987654321"))
    }),
    case("5051", "Invoice email id is invalid", "no at-sign", |shop| {
        invoice(shop, "invoiceEmail", json!("books.shop.example"))
    }),
    case("5052", "Invalid mid type", "a number", |shop| fixed(shop, "mid", json!(1))),
    case("5053", "invalid mid length", "21 letters", |shop| fixed(shop, "mid", json!("A".repeat(21)))),
];

#[test]
fn every_row_of_the_vendors_table_is_answered_letter_by_letter() {
    let server = Server::dev();
    let shop = Shop::open(&server, "codes");
    let mut wrong = Vec::new();
    for case in CASES {
        let reply = (case.send)(&shop);
        let status = if case.code == "200" { "SUCCESS" } else { "FAILED" };
        let told = (reply.http, reply.code(), reply.value["body"]["resultInfo"]["resultStatus"].as_str());
        if told != (200, case.code, Some(status)) || reply.message() != case.text {
            wrong.push(format!(
                "{} ({}) was answered HTTP {} {}",
                case.what, case.code, reply.http, reply.text
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), CASES.len(), wrong.join("\n"));
}

#[test]
fn no_row_of_the_vendors_table_is_without_a_case() {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells[1], if cells[0] == "200" { "SUCCESS" } else { "FAILED" }, "{line}");
        (cells[0], cells[2])
    });
    let rows: BTreeSet<_> =
        rows.filter(|(code, _)| !ELSEWHERE.iter().any(|(other, _)| code == other)).collect();
    let cases: BTreeSet<_> = CASES.iter().map(|case| (case.code, case.text)).collect();
    assert_eq!(rows.len(), 35);
    assert_eq!(rows, cases);
}

#[test]
fn an_authenticated_refusal_is_signed_and_any_other_is_not() {
    let server = Server::dev();
    let shop = Shop::open(&server, "signs");
    let refused = fixed(&shop, "amount", json!(0.5));
    for client in [peers::node(), peers::python()] {
        assert_eq!(client.answer(&shop.paytm_key, &refused.text)["verified"], true, "{}", refused.text);
    }
    let strangers = [
        fixed(&shop, "mid", json!("NOBODY00000000000000")),
        shop.post(peers::node().request("fedcba9876543210", &shop.head(), &shop.fixed())),
        shop.post("{}"),
        shop.post("not JSON"),
    ];
    for reply in strangers {
        assert_eq!(reply.signature(), None, "{}", reply.text);
    }
}

#[test]
fn an_inactive_merchant_is_an_invalid_one() {
    let server = Server::dev();
    let shop = Shop::open_with(&server, "closed", "active = false");
    shop.create(&shop.fixed()).refused("an inactive merchant", "5023", MID);
}
