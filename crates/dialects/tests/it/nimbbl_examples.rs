//! The vendor's own examples: the answer by invoice id and the error object, compared field by field.

use axum::http::Method;
use kadi_dialects::nimbbl::sign::{NimbblKey, SignedLink};
use kadi_domain::amount::Minor;
use kadi_domain::rail::{RefundReport, Report, Taken};
use kadi_engine::commands::record_refund::RecordRefund;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::commands::send_message::Sending;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::merchants::access_secret;
use crate::support::nimbbl::{CREATE, ENQUIRY, call, wish};
use crate::support::rail::Says;
use crate::support::shop::Shop;

const BY_INVOICE: &str = include_str!("nimbbl_examples/by_invoice.json");
const ERROR: &str = include_str!("nimbbl_examples/error.json");
const INVOICE: &str = "inv_asjjeibdhakk49hnek3";

fn example(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A request for the link that the page shows: what it sells is worth more than what it asks for.
fn as_on_the_page() -> Value {
    let product = example(BY_INVOICE)["product_details"].clone();
    let mut body = wish(INVOICE);
    body["order_line_items"] = json!([{
        "sku_id": "P1", "title": product["title"], "description": product["description"],
        "image_url": product["image_url"], "rate": 1050, "quantity": product["quantity"],
        "amount_before_tax": product["amount_before_tax"], "tax": product["tax"],
        "total_amount": product["total_amount"],
    }]);
    body["send_sms"] = json!(true);
    body["send_email"] = json!(true);
    body
}

/// The same names, nested alike, with values of the same JSON types; lists by their first member.
fn assert_alike(place: &str, found: &Value, expected: &Value) {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            let names = |map: &serde_json::Map<String, Value>| map.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(found), names(expected), "{place}");
            for (name, value) in expected {
                assert_alike(&format!("{place}.{name}"), &found[name], value);
            }
        }
        (Value::Array(found), Value::Array(expected)) => {
            assert_alike(&format!("{place}[0]"), &found[0], &expected[0]);
        }
        (found, expected) => {
            assert_eq!(std::mem::discriminant(found), std::mem::discriminant(expected), "{place}: {found}");
        }
    }
}

/// Members of the vendor's example, without the one that Kadi adds behind them.
fn without_addition(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let mut body = answer.json();
    assert!(body.as_object_mut().unwrap().remove("order_line_items").is_some());
    body
}

#[test]
fn a_link_is_read_by_its_invoice_id_as_on_the_page() {
    let shop = Shop::nimbbl();
    let (made, link) = shop.nimbbl_link(&as_on_the_page());
    shop.provider_says(&link, &Sending::Accepted("accepted".to_owned()));
    let payment = shop.pay(&link, Says::Paid);
    let answer = shop.nimbbl_get(&format!("/api/v3/payment-link/{INVOICE}"));
    let (found, expected) = (without_addition(&answer), example(BY_INVOICE));
    assert_alike("", &found, &expected);
    for name in [
        "payment_link_currency",
        "payment_link_amount",
        "payment_link_invoice_id",
        "payer_info",
        "product_details",
        "sms_sent",
        "email_sent",
    ] {
        assert_eq!(found[name], expected[name], "{name}");
    }
    // The page's word `open` is not in its own list, and its amount paid is half.
    assert_eq!(
        (&found["payment_link_status"], &found["payment_link_amount_paid"]),
        (&json!("paid"), &json!(10))
    );
    let code = shop.door.code(link.id).unwrap();
    assert_eq!(found["payment_link_hash"], code);
    assert_eq!(made.json()["payment_link_hash"], code);
    let transaction = json!({
        "transaction_id": format!("o_{code}-{}", payment.id.get()), "status": "succeeded",
        "transaction_amount": 10, "transaction_type": "payment", "transaction_currency": "INR",
        "payment_partner": "test", "additional_charges": 0, "offer_discount": 0, "offer_id": "",
        "psp_transaction_id": payment.rail_reference,
    });
    assert_eq!(found["transaction"], json!([transaction]));
    let shape = |name: &str| -> String {
        found[name].as_str().unwrap().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
    };
    assert_eq!([shape("created_at"), shape("link_expiry")], ["0000-00-00 00:00:00.000000"; 2]);
    let signed =
        SignedLink { invoice_id: INVOICE, status: "paid", currency: "INR", amount_paid: 1_000, hash: &code };
    let key = NimbblKey::new(&access_secret("demo")).unwrap();
    assert_eq!(found["payment_link_signature"], key.sign(&signed.text()));
    // Order of the members is the page's too.
    let order = |text: &str| {
        let value: serde_json::Map<String, Value> = serde_json::from_str(text).unwrap();
        let mut names: Vec<_> =
            value.keys().map(|name| (text.find(&format!("\"{name}\"")).unwrap(), name.clone())).collect();
        names.sort();
        names.into_iter().map(|(_, name)| name).filter(|name| name != "order_line_items").collect::<Vec<_>>()
    };
    assert_eq!(order(&answer.text), order(BY_INVOICE));
}

#[test]
fn every_alias_and_the_hash_answer_the_same() {
    let shop = Shop::nimbbl();
    let (made, _) = shop.nimbbl_link(&wish("a/b c%é?"));
    let (hash, id) = (made.json()["payment_link_hash"].clone(), "a%2Fb%20c%25%C3%A9%3F");
    let answers: Vec<_> = [
        format!("/api/v3/payment-link/{id}"),
        format!("/api/v3/payment-link/invoice/{id}"),
        format!("/api/v3/payment-links/invoice/{id}"),
        format!("/nimbbl/api/v3/payment-link/{id}"),
        format!("/api/v3/payment-link/hash/{}", hash.as_str().unwrap()),
    ]
    .iter()
    .map(|path| shop.nimbbl_get(path))
    .collect();
    for answer in &answers {
        assert_eq!((answer.status.as_u16(), &answer.text), (200, &answers[0].text));
    }
    let found = answers[0].json();
    assert_eq!(
        (&found["payment_link_invoice_id"], &found["product_details"]),
        (&json!("a/b c%é?"), &json!({}))
    );
    assert_eq!((&found["sms_sent"], &found["transaction"]), (&json!(false), &json!([])));
}

#[test]
fn the_error_object_is_the_pages_with_its_three_texts() {
    let shop = Shop::nimbbl();
    let mut body = wish("e-1");
    body["total_amount"] = json!("ten");
    let answer = shop.nimbbl_post(CREATE, &body);
    let mut found = answer.json();
    assert_eq!(found["error"].as_object_mut().unwrap().remove("detail"), Some(json!("total_amount")));
    assert_eq!((answer.status.as_u16(), found), (400, example(ERROR)));
    let absent = shop.nimbbl_get("/api/v3/payment-link/nobody");
    assert_eq!(absent.nimbbl_no(), (404, "PAYMENT_LINK_NOT_FOUND".into(), String::new()));
    assert_eq!(
        absent.json()["error"]["nimbbl_consumer_message"],
        example(ERROR)["error"]["nimbbl_consumer_message"]
    );
    let other = shop.send(call(Method::PUT, CREATE, &shop.nimbbl_token("demo"), ""));
    assert_eq!(other.nimbbl_no(), (405, "METHOD_NOT_ALLOWED".into(), String::new()));
}

/// Statuses and types of the page: a payment that waits, failed, came, was held and was taken back; a refund
/// that waits, came and came back.
#[test]
fn every_transaction_is_listed_with_its_word() {
    let shop = Shop::nimbbl();
    let (_, link) = shop.nimbbl_link(&wish("t-1"));
    let words = || -> Vec<(String, String, Value)> {
        let found = shop.nimbbl_get("/api/v3/payment-link/t-1").json();
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        let listed = found["transaction"].as_array().unwrap().iter();
        listed
            .map(|t| (word(&t["transaction_type"]), word(&t["status"]), t["transaction_amount"].clone()))
            .collect()
    };
    let row = |kind: &str, status: &str, amount: Value| (kind.to_owned(), status.to_owned(), amount);
    shop.pay(&link, Says::Declined);
    assert_eq!(words(), [row("payment", "failed", json!(10))]);
    let waiting = shop.pay(&link, Says::Wait);
    assert_eq!(words()[1], row("payment", "pending", json!(10)));
    let taken = Taken {
        reference: "UTR-1".to_owned(),
        charged: Minor::new(1_000),
        currency: waiting.currency,
        payee: waiting.rail_account.clone(),
    };
    let paid = shop.submit(RecordReport::about(&waiting, Report::Succeeded(taken)));
    assert_eq!(words()[1], row("payment", "succeeded", json!(10)));
    let asked = shop.post(&format!("/v1/payments/{}/refunds", paid.id.get()), &json!({"amount": 250}));
    assert_eq!(asked.status, 201, "{}", asked.text);
    assert_eq!(words()[2], row("refund", "pending", json!(2.5)));
    let refund = shop.read(move |reader| reader.newest_refund_of(paid.id)).unwrap();
    let came = RefundReport::Succeeded { reference: "RRN-1".to_owned() };
    shop.submit(RecordRefund::about(&refund, came));
    assert_eq!(words()[2], row("refund", "succeeded", json!(2.5)));
    let found = shop.nimbbl_get("/api/v3/payment-link/t-1").json();
    assert_eq!(found["transaction"][2]["psp_transaction_id"], "RRN-1");
    assert_eq!(
        (&found["payment_link_status"], &found["payment_link_amount_paid"]),
        (&json!("paid"), &json!(10))
    );
    let gone = RefundReport::Reversed { reference: "RRN-2".to_owned() };
    shop.submit(RecordRefund::about(&refund, gone));
    assert_eq!(words()[2], row("refund", "reversed", json!(2.5)));
    shop.reverse(&shop.read(move |reader| reader.payment(paid.id)).unwrap());
    assert_eq!(words()[1], row("payment", "reversed", json!(10)));
    assert_eq!(shop.nimbbl_post(ENQUIRY, &json!({"invoice_id": "t-1"})).nimbbl_status(), "created");
    assert!(shop.verify().is_clean(), "{:?}", shop.verify().broken);
}
