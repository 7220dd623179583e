//! The order of checks: of any two faults in one request the earlier one answers.

use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::paytm::{KEY, signed};
use crate::support::shop::Shop;

/// A request before it is signed.
struct Asked {
    head: Value,
    body: Value,
    key: &'static str,
}

type Make = fn(&mut Asked);

fn set(asked: &mut Asked, member: &str, value: Value) {
    asked.body[member] = value;
}

fn item(asked: &mut Asked, member: &str, value: Value) {
    asked.body["invoiceDetails"][1][member] = value;
}

/// In the order of DECISIONS.md and of the vendor's table of members: what is answered, and the fault.
const FAULTS: &[(&str, Make)] = &[
    ("5030", |asked| asked.head = json!({})),
    ("5029", |asked| asked.body = json!({})),
    ("5004", |asked| set(asked, "mid", Value::Null)),
    ("5052", |asked| set(asked, "mid", json!(7))),
    ("5053", |asked| set(asked, "mid", json!("A".repeat(21)))),
    ("5023", |asked| set(asked, "mid", json!("NOBODY"))),
    ("5028", |asked| asked.head["tokenType"] = json!("JWT")),
    ("5028", |asked| asked.key = "fedcba9876543210"),
    ("502 merchantRequestId", |asked| set(asked, "merchantRequestId", json!(1))),
    ("5005", |asked| set(asked, "linkName", json!(" "))),
    ("5006", |asked| set(asked, "linkDescription", json!("ab"))),
    ("502 linkType", |asked| set(asked, "linkType", json!("OTHER"))),
    ("5009", |asked| set(asked, "amount", json!(0))),
    ("502 sendSms", |asked| set(asked, "sendSms", json!(1))),
    ("502 sendEmail", |asked| set(asked, "sendEmail", json!(1))),
    ("502 customerContact.customerEmail", |asked| {
        set(asked, "customerContact", json!({"customerEmail": "x", "customerMobile": "x"}));
    }),
    ("502 statusCallbackUrl", |asked| set(asked, "statusCallbackUrl", json!("x"))),
    ("502 maxPaymentsAllowed", |asked| set(asked, "maxPaymentsAllowed", json!(0))),
    ("5022", |asked| set(asked, "templateId", json!("T"))),
    ("502 linkNotes", |asked| set(asked, "linkNotes", json!(1))),
    ("5011", |asked| set(asked, "invoiceId", json!(""))),
    ("5021", |asked| set(asked, "expiryDate", json!("x"))),
    ("5050", |asked| set(asked, "invoicePhoneNo", json!("x"))),
    ("5051", |asked| set(asked, "invoiceEmail", json!("x"))),
    ("5017", |asked| item(asked, "productName", json!("x"))),
    ("5018", |asked| item(asked, "perUnitAmount", json!("-1"))),
    ("5019", |asked| item(asked, "noOfUnits", json!("0"))),
    ("5020", |asked| item(asked, "perUnitTax", json!([{"taxAmount": "-1"}]))),
    ("5016", |asked| asked.body["invoiceDetails"].as_array_mut().unwrap().push(json!({}))),
    ("5014", |asked| asked.body["invoiceDetails"][0]["noOfUnits"] = json!("3")),
    ("502 partialPayment", |asked| set(asked, "partialPayment", json!("yes"))),
    ("502 bindLinkIdMobile", |asked| set(asked, "bindLinkIdMobile", json!(true))),
    ("502 resellerId", |asked| set(asked, "resellerId", json!("x"))),
    ("5024", |asked| set(asked, "splitSettlementInfo", json!({"splitInfo": {"mid": "x"}}))),
    ("502 extendInfo", |asked| set(asked, "extendInfo", json!({"x": 1}))),
    ("502 customPaymentSuccessMessage", |asked| set(asked, "customPaymentSuccessMessage", json!(1))),
    ("502 redirectionUrlSuccess", |asked| set(asked, "redirectionUrlSuccess", json!("x"))),
    ("502 redirectionUrlFailure", |asked| set(asked, "redirectionUrlFailure", json!("x"))),
    ("502 simplifiedSubvention", |asked| set(asked, "simplifiedSubvention", json!({"a": 1}))),
    ("502 simplifiedPaymentOffers", |asked| set(asked, "simplifiedPaymentOffers", json!({"a": 1}))),
    ("502 simplifiedUnifiedOffers", |asked| set(asked, "simplifiedUnifiedOffers", json!({"a": 1}))),
    ("502 unifiedOffersToken", |asked| set(asked, "unifiedOffersToken", json!("x"))),
    ("502 enablePaymentMode[0]", |asked| set(asked, "enablePaymentMode", json!([1]))),
    ("502 disablePaymentMode[0]", |asked| set(asked, "disablePaymentMode", json!([1]))),
    ("502 linkOrderId", |asked| set(asked, "linkOrderId", json!("a b"))),
    ("502 singleTransactionOnly", |asked| set(asked, "singleTransactionOnly", json!("yes"))),
    ("502 orderId", |asked| set(asked, "orderId", json!(1))),
    ("502 callbackUrl", |asked| set(asked, "callbackUrl", json!("x"))),
    ("502 merchantUniqueReference", |asked| set(asked, "merchantUniqueReference", json!(1))),
    ("502 currency", |asked| set(asked, "currency", json!("USD"))),
    ("5015", |asked| set(asked, "invoiceId", json!("TAKEN"))),
];

/// Sends an invoice with these faults, the last made first, so that the first one stays where two are in one
/// place.
fn send(shop: &Shop, faults: &[&(&str, Make)]) -> Answer {
    let mut asked = Asked { head: json!({"tokenType": "AES"}), body: shop.invoice("ORDER"), key: KEY };
    for (_, make) in faults.iter().rev() {
        make(&mut asked);
    }
    let text = signed(&asked.head, asked.key, &asked.body.to_string());
    // An empty head has no signature either.
    let head_is_empty = asked.head == json!({});
    shop.send_raw(if head_is_empty { json!({"head": {}, "body": asked.body}).to_string() } else { text })
}

fn prepared() -> Shop {
    let shop = Shop::paytm();
    assert_eq!(shop.create(&shop.invoice("TAKEN")).word(), "200");
    shop
}

#[test]
fn each_fault_alone_is_told() {
    let shop = prepared();
    for fault in FAULTS {
        assert_eq!(send(&shop, &[fault]).word(), fault.0);
    }
}

#[test]
fn of_every_two_faults_the_earlier_one_is_told() {
    let shop = prepared();
    let mut pairs = 0;
    for (index, first) in FAULTS.iter().enumerate() {
        for second in &FAULTS[index + 1..] {
            pairs += 1;
            assert_eq!(send(&shop, &[first, second]).word(), first.0, "{} and {}", first.0, second.0);
        }
    }
    assert_eq!(pairs, FAULTS.len() * (FAULTS.len() - 1) / 2);
}
