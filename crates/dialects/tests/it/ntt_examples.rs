//! The bodies of the specs, field by field (specs/ntt-link.md, part 3; the vendor's page prints none).

use kadi_domain::time::DAY_MS;
use serde_json::{Value, json};

use crate::support::ntt::{CANCEL, CREATE, DETAILS, LIST, RESEND, about, asks, password, signature, wish};
use crate::support::shop::Shop;

/// Names, nesting and JSON types.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, it)| (name.clone(), shape(it))).collect(),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::String(_) => json!("text"),
        Value::Number(_) => json!("number"),
        Value::Bool(_) => json!("switch"),
        Value::Null => Value::Null,
    }
}

const CREATED: &str = r#"{"statusCode":"OTS0001","statusMessage":"Invoice Link Sent Successfully",
    "responseDetails":{"statusCode":"OTS0001","message":"SUCCESS",
    "description":"Invoice Link Sent Successfully"},
    "merchId":"446442","merchantTxnId":"TXN0001","invoiceNo":"INV202611210001","amount":"100.00",
    "paymentLink":"https://host/n/x1Ab2","expiryDate":"2026-12-21 23:59:59"}"#;

#[test]
fn a_create_is_answered_as_the_specs_print_it() {
    let shop = Shop::ntt();
    let body = json!({"merchId": "446442", "password": "Test@123", "templateNo": "T001",
        "merchantTxnId": "TXN0001", "amount": "100.00", "custName": "Asha", "custEmail": "asha@example.com",
        "custMobile": "9000000001", "templateFields": {"course": "Maths"},
        "returnUrl": "https://shop.example/ret", "signature": signature("demo", &["100.00", "TXN0001"])});
    let answer = shop.ots(CREATE, &body);
    let (told, expected): (Value, Value) = (answer.json(), serde_json::from_str(CREATED).unwrap());
    assert_eq!(shape(&told), shape(&expected), "{}", answer.text);
    for name in ["statusCode", "statusMessage", "responseDetails", "merchId", "merchantTxnId", "amount"] {
        assert_eq!(told[name], expected[name], "{name}");
    }
    let link = shop.link(&answer);
    let code = shop.door.code(link.id).unwrap();
    assert_eq!(told["paymentLink"], format!("https://pay.example/p/{code}"));
    assert!(told["invoiceNo"].as_str().unwrap().starts_with("INV"));
    assert!(told["expiryDate"].as_str().unwrap().ends_with(" 23:59:59"));
    let life = link.expires_at.unwrap().ms() - link.created_at.ms();
    assert!((30 * DAY_MS..31 * DAY_MS).contains(&life), "to the end of the thirtieth day: {life}");
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[test]
fn templates_are_told_with_number_and_name_and_in_all_details() {
    let shop = Shop::ntt();
    let success = |body: Value| {
        let mut whole = json!({"statusCode": "OTS0000", "statusMessage": "Request Executed Successfully",
            "responseDetails": {"statusCode": "OTS0000", "message": "SUCCESS",
                "description": "Request Executed Successfully"}});
        whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        whole
    };
    let listed = shop.ots(LIST, &asks()).json();
    let named = json!({"templateNo": "T001", "templateName": "Course fees"});
    assert_eq!(listed, success(json!({"templates": [named]})));
    let mut body = asks();
    body["templateNo"] = json!("T001");
    let fields = json!([
        {"name": "course", "label": "Course", "type": "text", "mandatory": true, "maxLength": 40,
         "defaultValue": null, "minLength": 2, "pattern": "[A-Za-z ]+"},
        {"name": "batch", "label": "Batch", "type": "choice", "mandatory": false, "maxLength": null,
         "defaultValue": "Morning", "choices": ["Morning", "Evening"]},
        {"name": "fee", "label": "Fee", "type": "amount", "mandatory": false, "maxLength": null,
         "defaultValue": null},
    ]);
    let details = json!({"templateNo": "T001", "templateName": "Course fees", "fields": fields});
    assert_eq!(shop.ots(DETAILS, &body).json(), success(details));
}

#[test]
fn a_resend_shows_the_invoice_and_a_cancel_names_it() {
    let shop = Shop::ntt();
    let created = shop.ots(CREATE, &wish("TXN0001")).json();
    let number = created["invoiceNo"].as_str().unwrap();
    assert_eq!(shop.ots(RESEND, &about(number)).json(), created);
    let cancelled = json!({"statusCode": "OTS0002", "statusMessage": "Invoice Link Cancelled Successfully",
        "responseDetails": {"statusCode": "OTS0002", "message": "SUCCESS",
            "description": "Invoice Link Cancelled Successfully"},
        "merchId": "446442", "merchantTxnId": "TXN0001", "invoiceNo": number,
        "detail": "signature: was seen on a resend of this invoice before"});
    assert_eq!(shop.ots(CANCEL, &about(number)).json(), cancelled);
    assert!(!shop.ots(CANCEL, &about(number)).text.contains(&password("demo")));
}
