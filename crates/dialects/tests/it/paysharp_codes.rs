//! Every code with its exact text, and what each member of a request may hold.

use kadi_domain::time::HOUR_MS;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::merchants::{merchant, with_keys};
use crate::support::paysharp::{CREATE, RESEND, again, wish};
use crate::support::paytm::{with, without};
use crate::support::rail::Says;
use crate::support::shop::Shop;

const BELOW: (u64, &str) = (7001, "Amount should be greater than or equal to Minimum amount.");
const ABOVE: (u64, &str) = (7001, "Amount should be less than or equal to the Maximum amount.");
const POLICY: (u64, &str) =
    (7001, "Amount should be less than or equal to The Maximum amount as per your account policy.");
const NO_CHANNEL: (u64, &str) = (400, "at least one of sendEmail, sendSms, sendWhatsApp must be true");
const OK: (u64, &str) = (0, "success");

fn assert_told(what: &str, answer: &Answer, (code, text): (u64, &str)) {
    let status = if code == 0 { 200 } else { 400 };
    assert_eq!(answer.paysharp_no(), (status, u64::from(status), code, text.to_owned()), "{what:.300}");
    let members: Vec<_> = answer.json().as_object().unwrap().keys().cloned().collect();
    let last = if code == 0 { ["code", "data", "message"] } else { ["code", "errorCode", "message"] };
    assert_eq!(members, last, "{what:.300}");
}

fn check(shop: &Shop, path: &str, rows: Vec<(Value, (u64, &str))>) {
    for (number, (body, told)) in rows.into_iter().enumerate() {
        let answer = shop.paysharp_raw(path, body.to_string());
        assert_told(&format!("{number}: {body}"), &answer, told);
    }
}

/// The merchant of the tests takes 1.00 to 100,000.00; this one's account takes less than its links.
#[test]
fn amounts_are_within_the_merchants_three_limits() {
    let mut narrow = merchant("demo");
    narrow.limit.min = kadi_domain::amount::Minor::new(1_050);
    narrow.limit.max = Some(kadi_domain::amount::Minor::new(400_000));
    narrow.limit.account_max = Some(kadi_domain::amount::Minor::new(300_000));
    let shop = Shop::open(vec![with_keys(narrow, &[])]);
    let amount = |value: Value| with(wish(), "amount", value);
    let rows = vec![
        (amount(json!(10.49)), BELOW),
        (amount(json!(0)), BELOW),
        (amount(json!(-500)), BELOW),
        (amount(json!(10.50)), OK),
        (amount(json!(3000)), OK),
        (amount(json!(3000.01)), POLICY),
        (amount(json!(4000)), POLICY),
        (amount(json!(4000.01)), ABOVE),
        (amount(json!(999_999_999_999_999_i64)), ABOVE),
        (amount(json!(9_999_999_999_999_999_i64)), ABOVE),
    ];
    check(&shop, CREATE, rows);
    for (lexeme, told) in [("-99999999999999999999", BELOW), ("99999999999999999999.99", ABOVE)] {
        let body = wish().to_string().replace("\"amount\":500", &format!("\"amount\":{lexeme}"));
        assert_told(lexeme, &shop.paysharp_raw(CREATE, body), told);
    }
    let rule = (400, "Transaction refused by risk rules");
    check(&Shop::paysharp(), CREATE, vec![(amount(json!(50_000.01)), rule), (amount(json!(50_000)), OK)]);
}

#[test]
fn amounts_and_validities_are_plain_numbers() {
    let (amount, hours) = (|v: Value| with(wish(), "amount", v), |v: Value| with(wish(), "validity", v));
    let missing = (400, "amount is required");
    let no_number = (400, "amount must be a number");
    let no_hours = (400, "validity must be an integer from 1 to 1440");
    let rows = vec![
        (without(wish(), "amount"), missing),
        (amount(Value::Null), missing),
        (amount(json!("500")), no_number),
        (amount(json!("")), no_number),
        (amount(json!(true)), no_number),
        (amount(json!([500])), no_number),
        (amount(json!(1.001)), (400, "amount must have at most two decimals")),
        (amount(json!(1e300)), (400, "amount must be a plain decimal number")),
        (without(wish(), "validity"), (400, "validity is required")),
        (hours(json!(0)), no_hours),
        (hours(json!(-1)), no_hours),
        (hours(json!(1441)), no_hours),
        (hours(json!(1.5)), no_hours),
        (hours(json!("24")), no_hours),
        (hours(json!(u64::MAX)), no_hours),
        (hours(json!(1)), OK),
        (hours(json!(1440)), OK),
    ];
    check(&Shop::paysharp(), CREATE, rows);
}

#[test]
fn texts_have_lengths_in_characters_and_stand_on_one_line() {
    let mut rows = Vec::new();
    for (name, most) in [("remarks", 20), ("customerName", 100)] {
        let text = |value: Value| with(wish(), name, value);
        let told =
            |what: String| -> (u64, &str) { (400, Box::leak(format!("{name} {what}").into_boxed_str())) };
        rows.extend([
            (without(wish(), name), told("is required".into())),
            (text(json!("")), told("is required".into())),
            (text(json!("  ")), told("is required".into())),
            (text(json!(5)), told("must be a string".into())),
            (text(json!({})), told("must be a string".into())),
            (text(json!("च".repeat(most + 1))), told(format!("must have at most {most} characters"))),
            (text(json!("a\nb")), told("must not have control characters".into())),
            (text(json!("a\u{202e}b")), told("must not have control characters".into())),
            (text(json!("च".repeat(most))), OK),
            (text(json!("<b>&'\"")), OK),
        ]);
    }
    check(&Shop::paysharp(), CREATE, rows);
}

#[test]
fn contacts_and_switches() {
    let mobile = |v: Value| with(wish(), "customerMobileNo", v);
    let email = |v: Value| with(wish(), "customerEmail", v);
    let digits = (400, "customerMobileNo must have exactly 10 digits");
    let long = format!("a@{}.example", "b".repeat(250));
    let mut rows = vec![
        (without(wish(), "customerMobileNo"), (400, "customerMobileNo is required")),
        (mobile(json!("")), (400, "customerMobileNo is required")),
        (mobile(json!(9_111_100_000_i64)), (400, "customerMobileNo must be a string")),
        (mobile(json!("911110000")), digits),
        (mobile(json!("91111000000")), digits),
        (mobile(json!("+911110000")), digits),
        (mobile(json!("९१११९०००००")), digits),
        (mobile(json!("9111 10000")), digits),
        (mobile(json!("1111100000")), OK),
        (without(wish(), "customerEmail"), OK),
        (email(Value::Null), OK),
        (email(json!(1)), (400, "customerEmail must be a string")),
        (email(json!("ram")), (400, "customerEmail must be an e-mail address")),
        (email(json!(long)), (400, "customerEmail must have at most 250 characters")),
        (email(json!("ram@customer.example")), OK),
    ];
    for (name, told) in [
        ("sendEmail", "sendEmail must be true or false"),
        ("sendSms", "sendSms must be true or false"),
        ("sendWhatsApp", "sendWhatsApp must be true or false"),
    ] {
        rows.extend([
            (with(wish(), name, json!("true")), (400, told)),
            (with(wish(), name, json!(1)), (400, told)),
            (with(wish(), name, Value::Null), OK),
            (without(wish(), name), OK),
        ]);
    }
    check(&Shop::paysharp(), CREATE, rows);
}

#[test]
fn what_a_resend_is_refused_for() {
    let shop = Shop::paysharp();
    let link = shop.paysharp_create(&wish());
    let ask = |member: &str, value: Value| with(again(&link), member, value);
    let not_found = (7003, "Link Payment Id not found");
    let rows = vec![
        (without(again(&link), "linkPaymentId"), (400, "linkPaymentId is required")),
        (ask("linkPaymentId", json!(7)), (400, "linkPaymentId must be a string")),
        (ask("linkPaymentId", json!("a".repeat(37))), (400, "linkPaymentId must have at most 36 characters")),
        (ask("linkPaymentId", json!("a".repeat(36))), not_found),
        (ask("linkPaymentId", json!(link.id().trim_end_matches("--a"))), not_found),
        (ask("sendSms", json!(false)), NO_CHANNEL),
        (ask("sendSms", json!(1)), (400, "sendSms must be true or false")),
        (with(without(again(&link), "sendSms"), "sendEmail", json!(true)), NO_CHANNEL),
        (again(&link), OK),
        (again(&link), OK),
        (again(&link), OK),
        (again(&link), (7002, "Maximum Resend attempts reached.")),
    ];
    check(&shop, RESEND, rows);
    shop.pay(&shop.link(&link), Says::Paid);
    let paid = (7004, "Unable to re-sent the Link Payment, link payment status is SUCCESS.");
    check(&shop, RESEND, vec![(again(&link), paid)]);
    let other = shop.paysharp_create(&wish());
    shop.advance(25 * HOUR_MS);
    let over = (7005, "Unable to re-sent the Link Payment, link payment status is EXPIRED.");
    check(&shop, RESEND, vec![(again(&other), over)]);
}

/// A link that is reopened by a reversal waits again; one that another API cancelled is over.
#[test]
fn a_reversal_reopens_and_a_cancel_ends() {
    let shop = Shop::paysharp();
    let link = shop.paysharp_create(&wish());
    let payment = shop.pay(&shop.link(&link), Says::Paid);
    let status = |answer: &Answer| answer.json()["data"]["status"].as_str().unwrap().to_owned();
    assert_eq!(status(&shop.paysharp_status(&link.id())), "SUCCESS");
    shop.reverse(&payment);
    let shown = shop.paysharp_status(&link.id());
    assert_eq!(status(&shown), "PENDING");
    assert!(shown.json()["data"].get("fee").is_none());
    assert_told("reopened", &shop.paysharp_resend(&again(&link)), OK);
    let paid = shop.pay(&shop.link(&link), Says::Paid);
    let shown = shop.paysharp_status(&link.id());
    let reference = shop.door.engine.keys().code().encode_payment(paid.id).unwrap();
    assert_eq!(shown.json()["data"]["paysharpReferenceNo"], format!("upi{reference}"));
    let other = shop.paysharp_create(&wish());
    let id = shop.link(&other).id.get();
    assert_eq!(shop.post(&format!("/v1/links/{id}/cancel"), &json!({})).status, 200);
    assert_eq!(status(&shop.paysharp_status(&other.id())), "EXPIRED");
    let over = (7005, "Unable to re-sent the Link Payment, link payment status is EXPIRED.");
    assert_told("cancelled", &shop.paysharp_resend(&again(&other)), over);
}

#[test]
fn bodies_that_are_no_request() {
    let shop = Shop::paysharp();
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(40), "]".repeat(40));
    let rows: [(Vec<u8>, &str); 8] = [
        (b"".to_vec(), "the body is empty"),
        (b"  ".to_vec(), "the body is empty"),
        (b"{".to_vec(), "the body is not JSON"),
        (b"[]".to_vec(), "the body is not an object"),
        (b"\"x\"".to_vec(), "the body is not an object"),
        (b"\xff".to_vec(), "the body is not UTF-8"),
        (b"{\"amount\":1,\"amount\":2}".to_vec(), "an object in the body has the same key twice"),
        (deep.into_bytes(), "the body is nested more than 32 deep"),
    ];
    for path in [CREATE, RESEND] {
        for (body, told) in &rows {
            assert_told(told, &shop.paysharp_raw(path, body.clone()), (400, told));
        }
        let large = shop.paysharp_raw(path, vec![b' '; 256 * 1024 + 1]);
        let told = "the request is larger than 256 KiB".to_owned();
        assert_eq!(large.paysharp_no(), (413, 413, 413, told));
    }
}
