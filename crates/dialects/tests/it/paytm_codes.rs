//! Every result code that a create call can give, with its exact text and the values on both sides of its
//! limit.

use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::merchants::{merchant, mid, with_keys};
use crate::support::paytm::{KEY, fixed, generic, with, without};
use crate::support::shop::Shop;

const NAME_EMPTY: (&str, &str) = ("5005", "empty link name.");
const NAME_BLANK: (&str, &str) = ("5005", "link name cannot be blank");
const NAME_SPECIAL: (&str, &str) = ("5007", "link name contains special character.");
const DESCRIPTION_LENGTH: (&str, &str) = ("5006", "Link Description should be from 3 to 30 characters.");
const DESCRIPTION_SPECIAL: (&str, &str) =
    ("5033", "Link Description should not contain any special characters");
const FIXED_AMOUNT: (&str, &str) = ("5008", "Payment amount is mandatory for Fixed Link");
const AMOUNT_LOW: (&str, &str) = ("5009", "Amount should be greater than equal to Rs 1");
const NO_EXPIRY: (&str, &str) = ("5010", "Expiry date is mandatory for Invoice Link Type");
const NO_INVOICE_ID: (&str, &str) = ("5011", "Empty Invoice Id for Invoice type Payment Link");
const INVOICE_AMOUNT: (&str, &str) = ("5012", "Amount cannot be empty for invoice link");
const TOO_MANY_ITEMS: (&str, &str) = ("5013", "Invoice details cannot be greater than 50");
const SUM: (&str, &str) =
    ("5014", "The amount sent in the request does not match the total amount of the invoice items.");
const INVOICE_USED: (&str, &str) =
    ("5015", "This invoice ID has already been used for your account. Enter a new invoice ID");
const PRODUCT_BLANK: (&str, &str) = ("5016", "Product name cannot be blank");
const PRODUCT_LENGTH: (&str, &str) = ("5017", "Product Name should be from 3 to 30 characters.");
const PRICE: (&str, &str) = ("5018", "Amount cannot be less than 0");
const UNITS: (&str, &str) = ("5019", "Number of units cannot be less than or equal to 0");
const TAX: (&str, &str) = ("5020", "Tax amount cannot be less than 0");
const EXPIRY: (&str, &str) = ("5021", "Expiry date is invalid.");
const FORMS: (&str, &str) = ("5022", "Merchant not allowed payment forms");
const TOO_LATE: (&str, &str) =
    ("5027", "Expiry date cannot be set as more than 365 days from the current date");
const PHONE: (&str, &str) = ("5050", "Invoice phone number is invalid");
const EMAIL: (&str, &str) = ("5051", "Invoice email id is invalid");
const RISK: (&str, &str) = ("100", "Transaction refused by risk rules");
const OK: (&str, &str) = ("200", "Success");

/// Each request and what it is answered; all are told apart by their place in the list.
fn check(shop: &Shop, rows: Vec<(Value, (&str, &str))>) {
    for (number, (body, (code, text))) in rows.into_iter().enumerate() {
        assert_told(&format!("{number}: {body}"), &shop.create(&body), code, text);
    }
}

fn assert_told(what: &str, answer: &Answer, code: &str, text: &str) {
    let told = answer.told();
    assert_eq!((told.0.as_str(), told.1.as_str()), (code, text), "{what:.300}");
    assert_eq!(answer.status, 200, "{what:.300}");
    let info = &answer.json()["body"]["resultInfo"];
    assert_eq!(info["resultStatus"], if code == "200" { "SUCCESS" } else { "FAILED" }, "{what:.300}");
    assert_eq!(info["resultMsg"], text, "{what:.300}");
    assert_eq!(info["detail"].is_null(), code != "502", "{what:.300}: {}", answer.text);
}

#[test]
fn names_and_descriptions() {
    let name = |value: Value| with(fixed(), "linkName", value);
    let description = |value: Value| with(fixed(), "linkDescription", value);
    let rows = vec![
        (without(fixed(), "linkName"), NAME_EMPTY),
        (name(Value::Null), NAME_EMPTY),
        (name(json!("")), NAME_EMPTY),
        (name(json!(" ")), NAME_BLANK),
        (name(json!("   ")), NAME_BLANK),
        (name(json!("a")), OK),
        (name(json!("a".repeat(64))), OK),
        (name(json!("Aa0 _")), OK),
        (name(json!("Inv-1")), NAME_SPECIAL),
        (name(json!("<b>")), NAME_SPECIAL),
        (name(json!("शुल्क")), NAME_SPECIAL),
        (name(json!("a\u{202e}b")), NAME_SPECIAL),
        (name(json!("a\nb")), NAME_SPECIAL),
        (without(fixed(), "linkDescription"), DESCRIPTION_LENGTH),
        (description(Value::Null), DESCRIPTION_LENGTH),
        (description(json!("")), DESCRIPTION_LENGTH),
        (description(json!("ab")), DESCRIPTION_LENGTH),
        (description(json!("    ")), DESCRIPTION_LENGTH),
        (description(json!("abc")), OK),
        (description(json!("a".repeat(30))), OK),
        (description(json!("a".repeat(31))), DESCRIPTION_LENGTH),
        (description(json!("#".repeat(31))), DESCRIPTION_LENGTH),
        (description(json!("a_b")), DESCRIPTION_SPECIAL),
        (description(json!("Fees <b>")), DESCRIPTION_SPECIAL),
    ];
    check(&Shop::paytm(), rows);
}

#[test]
fn amounts() {
    let shop = Shop::paytm();
    let amount = |value: Value| with(fixed(), "amount", value);
    let invoice = |value: Value| with(shop.invoice("A"), "amount", value);
    let generic = |value: Value| with(generic(), "amount", value);
    let rows = vec![
        (without(fixed(), "amount"), FIXED_AMOUNT),
        (amount(Value::Null), FIXED_AMOUNT),
        (amount(json!("")), FIXED_AMOUNT),
        (amount(json!("  ")), FIXED_AMOUNT),
        (without(shop.invoice("A"), "amount"), INVOICE_AMOUNT),
        (invoice(json!("")), INVOICE_AMOUNT),
        (amount(json!(0)), AMOUNT_LOW),
        (amount(json!(0.99)), AMOUNT_LOW),
        (amount(json!("0.99")), AMOUNT_LOW),
        (amount(json!(-1)), AMOUNT_LOW),
        (amount(json!("-99999999999999999999")), AMOUNT_LOW),
        (invoice(json!("0.5")), AMOUNT_LOW),
        (amount(json!(1)), OK),
        (amount(json!("1.00")), OK),
        (amount(json!(50_000)), OK),
        (amount(json!("50000.01")), RISK),
        (amount(json!(100_000)), RISK),
        (generic(json!(0)), OK),
        (generic(json!("any")), OK),
        (generic(json!({"a": 1})), OK),
    ];
    check(&shop, rows);
}

#[test]
fn invoices() {
    let shop = Shop::paytm();
    let change = |member: &str, value: Value| with(shop.invoice("never"), member, value);
    shop.create(&shop.invoice("used"));
    let rows = vec![
        (without(shop.invoice("x"), "invoiceId"), NO_INVOICE_ID),
        (change("invoiceId", Value::Null), NO_INVOICE_ID),
        (change("invoiceId", json!("")), NO_INVOICE_ID),
        (change("invoiceId", json!(" ")), NO_INVOICE_ID),
        (change("invoiceId", json!("used")), INVOICE_USED),
        (change("invoiceId", json!("USED")), OK),
        (change("invoiceId", json!(7)), OK),
        (change("invoiceId", json!("7")), INVOICE_USED),
        (with(fixed(), "invoiceId", "used"), OK),
        (without(shop.invoice("x"), "expiryDate"), NO_EXPIRY),
        (change("expiryDate", json!("")), NO_EXPIRY),
        (change("expiryDate", Value::Null), NO_EXPIRY),
        (change("invoicePhoneNo", json!("987654321")), PHONE),
        (change("invoicePhoneNo", json!("98765432101234")), PHONE),
        (change("invoicePhoneNo", json!("+")), PHONE),
        (change("invoicePhoneNo", json!("98765x43210")), PHONE),
        (change("invoicePhoneNo", json!("9876543210\n")), PHONE),
        (change("invoicePhoneNo", json!("9".repeat(1_024))), PHONE),
        (with(change("invoicePhoneNo", json!("+91 98765-43210")), "invoiceId", "p1"), OK),
        (with(change("invoicePhoneNo", json!("080 2345 6789")), "invoiceId", "p2"), OK),
        (with(change("invoicePhoneNo", json!(9_876_543_210_i64)), "invoiceId", "p3"), OK),
        (change("invoiceEmail", json!("books.shop.example")), EMAIL),
        (change("invoiceEmail", json!("a@b")), EMAIL),
        (change("invoiceEmail", json!(format!("{}@b.example", "a".repeat(300)))), EMAIL),
        (with(change("invoiceEmail", Value::Null), "invoiceId", "e1"), OK),
    ];
    check(&shop, rows);
}

#[test]
fn items() {
    let shop = Shop::paytm();
    let items = |value: Value| with(shop.invoice("never"), "invoiceDetails", value);
    let second = |member: &str, value: Value| {
        let mut body = shop.invoice("never");
        body["invoiceDetails"][1][member] = value;
        body
    };
    let item = json!({"productName": "Pencil", "noOfUnits": "1", "perUnitAmount": "1"});
    let fifty = with(with(items(Value::from(vec![item.clone(); 50])), "amount", 50), "invoiceId", "50");
    let one = with(with(items(item.clone()), "amount", "1.00"), "invoiceId", "one");
    let rows = vec![
        (items(Value::from(vec![item; 51])), TOO_MANY_ITEMS),
        (items(Value::from(vec![json!({}); 51])), TOO_MANY_ITEMS),
        (fifty, OK),
        (one, OK),
        (with(items(json!([])), "invoiceId", "none"), OK),
        (second("productName", Value::Null), PRODUCT_BLANK),
        (second("productName", json!("   ")), PRODUCT_BLANK),
        (second("productName", json!("ab")), PRODUCT_LENGTH),
        (second("productName", json!("a".repeat(31))), PRODUCT_LENGTH),
        (with(second("productName", json!("a".repeat(30))), "invoiceId", "30"), OK),
        (with(second("productName", json!("चाय")), "invoiceId", "3"), OK),
        (second("perUnitAmount", json!("-0.01")), PRICE),
        (second("perUnitAmount", json!(-1)), PRICE),
        (second("noOfUnits", json!("0")), UNITS),
        (second("noOfUnits", json!(-2)), UNITS),
        (second("noOfUnits", json!("0.00")), UNITS),
        (with(second("noOfUnits", json!("1.00")), "invoiceId", "unit"), OK),
        (second("perUnitTax", json!([{"taxName": "GST", "taxAmount": "-0.01"}])), TAX),
        (with(shop.invoice("never"), "amount", "291.01"), SUM),
        (with(shop.invoice("never"), "amount", "290.99"), SUM),
        (second("perUnitAmount", json!("999999999999999")), SUM),
        (second("noOfUnits", json!("999999999999999")), SUM),
        (with(fixed(), "invoiceDetails", json!([{"productName": "Pencil", "perUnitAmount": 499}])), OK),
    ];
    check(&shop, rows);
}

#[test]
fn dates() {
    let shop = Shop::paytm();
    let date = |text: &str| with(fixed(), "expiryDate", text);
    let day = |days: i64, time: &str| format!("{} {time}", shop.day(days));
    let rows = vec![
        (date(&day(365, "23:59:59")), OK),
        (date(&day(366, "00:00:00")), TOO_LATE),
        (date("31/12/9999"), TOO_LATE),
        (date(&shop.date(0)), EXPIRY),
        (date(&day(-1, "23:59:59")), EXPIRY),
        (date(&shop.day(0)), OK),
        (date("31/02/2030"), EXPIRY),
        (date("1/1/2030"), EXPIRY),
        (date("2030-01-01"), EXPIRY),
        (date(" "), EXPIRY),
        (date(&"9".repeat(5_000)), EXPIRY),
        (date(""), OK),
        (with(fixed(), "expiryDate", Value::Null), OK),
    ];
    check(&shop, rows);
}

#[test]
fn forms() {
    let shop = Shop::paytm();
    let rows = vec![
        (with(fixed(), "templateId", "T1"), FORMS),
        (with(fixed(), "templateId", 7), FORMS),
        (with(fixed(), "templateId", ""), OK),
    ];
    check(&shop, rows);
}

#[test]
fn merchants_that_are_not_there() {
    let off = kadi_domain::merchant::Merchant { active: false, ..merchant("off") };
    let shop = Shop::open(vec![with_keys(merchant("demo"), &[("C11", KEY)]), with_keys(off, &[("", KEY)])]);
    let is = |value: Value| with(fixed(), "mid", value);
    const EMPTY: (&str, &str) = ("5004", "empty merchant Id.");
    const INVALID: (&str, &str) = ("5023", "Merchant Id is invalid.");
    let rows = vec![
        (without(fixed(), "mid"), EMPTY),
        (is(Value::Null), EMPTY),
        (is(json!("")), EMPTY),
        (is(json!(7)), ("5052", "Invalid mid type")),
        (is(json!([])), ("5052", "Invalid mid type")),
        (is(json!("A".repeat(21))), ("5053", "invalid mid length")),
        (is(json!("A".repeat(20))), INVALID),
        (is(json!(" ")), INVALID),
        (is(json!("demo")), INVALID),
        (is(json!(mid("off"))), INVALID),
    ];
    check(&shop, rows);
}

#[test]
fn envelopes() {
    let shop = Shop::paytm();
    const REQUEST: (&str, &str) = ("5029", "empty request.");
    const BODY: (&str, &str) = ("5029", "request body cannot be empty");
    const HEAD: (&str, &str) = ("5030", "request head cannot be empty");
    let rows = [
        ("", REQUEST),
        (" \r\n\t", REQUEST),
        ("{}", REQUEST),
        (" { } ", REQUEST),
        ("{\"body\":{\"mid\":\"DEMO\"}}", HEAD),
        ("{\"head\":{},\"body\":{}}", HEAD),
        ("{\"head\":{ },\"body\":{\"mid\":\"DEMO\"}}", HEAD),
        ("{\"head\":null,\"body\":{\"mid\":\"DEMO\"}}", HEAD),
        ("{\"head\":\"\",\"body\":{\"mid\":\"DEMO\"}}", HEAD),
        ("{\"head\":[],\"body\":{\"mid\":\"DEMO\"}}", HEAD),
        ("[]", HEAD),
        ("7", HEAD),
        ("{\"head\":{\"a\":1}}", BODY),
        ("{\"head\":{\"a\":1},\"body\":{}}", BODY),
        ("{\"head\":{\"a\":1},\"body\":[ ]}", BODY),
        ("{\"head\":{\"a\":1},\"body\":null}", BODY),
        ("{\"head\":7,\"body\":{}}", ("502", "Unknown Error Occurred")),
        ("{\"head\":{\"a\":1},\"body\":\"text\"}", ("502", "Unknown Error Occurred")),
    ];
    for (request, (code, text)) in rows {
        assert_told(request, &shop.send_raw(request), code, text);
    }
    assert_eq!(shop.send_raw("{\"head\":[1],\"body\":{}}").word(), "502 head");
    assert_eq!(shop.send_raw("{\"head\":{\"a\":1},\"body\":7}").word(), "502 body");
}
