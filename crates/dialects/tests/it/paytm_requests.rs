//! Payment requests: what is kept, who may ask, what is told first, and what cannot be sent.

use std::collections::BTreeSet;

use kadi_dialects::shared::ist::parse_ist_dashed;
use kadi_domain::link::{LinkText, TextKind};
use kadi_domain::merchant::{Feature, Merchant};
use kadi_domain::moment::Setup;
use kadi_domain::time::DAY_MS;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::merchants::{mid, with_keys};
use crate::support::paytm::{KEY, fixed, signed, with, without};
use crate::support::paytm_orders::{RESEND, SEND, payee, payment_request};
use crate::support::rail::Says;
use crate::support::shop::Shop;

const OTHER_KEY: &str = "fedcba9876543210";
const PRINTED: &str = include_str!("paytm_request_examples/printed.json");

#[test]
fn everything_the_merchant_wrote_is_kept_and_the_order_is_owed_once() {
    let shop = Shop::orders();
    let mut body = payment_request("KEPT-1");
    let more = json!({
        "displayName": "Merchant Brand Name", "orderDetails": "Grocery Items\nand more",
        "invoiceDetails": "#INV_ORDERID_98765", "comment": "धन्यवाद", "expiry": "2099-01-30 12:30:30",
        "gstInformation": {"gstIn": "29ABCDE1234F1Z5", "gstBreakUp": "CGST:9.00|SGST:9.00"},
        "subwalletAmount": {}, "splitSettlementInfo": null, "unknown": [1],
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let link = shop.requested(&body);
    assert_eq!((link.name.as_str(), link.description.as_str()), ("Merchant Brand Name", ""));
    assert_eq!((link.due, link.max_payments, link.one_order), (link.amount, None, false));
    assert_eq!(link.amount.unwrap().get(), 130_300);
    assert_eq!(link.expires_at.unwrap().ms(), parse_ist_dashed("2099-01-30 12:30:30").unwrap());
    let id = link.id;
    let texts = shop.read(move |reader| reader.texts_of(id));
    let texts: Vec<_> = texts.into_iter().map(|LinkText { kind, value, .. }| (kind, value)).collect();
    let gst = r#"{"gstBreakUp":"CGST:9.00|SGST:9.00","gstIn":"29ABCDE1234F1Z5"}"#;
    let expected = [
        (TextKind::PosId, "S1234_P1235"),
        (TextKind::OrderDetails, "Grocery Items\nand more"),
        (TextKind::InvoiceDetails, "#INV_ORDERID_98765"),
        (TextKind::Comment, "धन्यवाद"),
        (TextKind::GstInformation, gst),
    ];
    assert_eq!(texts, expected.map(|(kind, text)| (kind, text.to_owned())));
}

#[test]
fn without_a_name_the_order_names_the_page_and_without_an_expiry_a_day_is_left() {
    let shop = Shop::orders();
    let link = shop.requested(&with(payment_request("BARE-1"), "displayName", "  "));
    assert_eq!(link.name, "BARE-1");
    let life = link.expires_at.unwrap().ms() - link.created_at.ms();
    assert!((DAY_MS - 5_000..=DAY_MS).contains(&life), "{life}");
}

/// The vendor's page prints a brace too many, so that nobody can ever have sent its example.
#[test]
fn the_vendors_example_is_taken_once_its_brace_is_mended() {
    let shop = Shop::orders();
    let printed = PRINTED.replace("{mid}", &mid("demo"));
    let refused = shop.order_raw(SEND, printed.replace("{signature}", "x"));
    assert_eq!((refused.status.as_u16(), refused.row()[0].as_str()), (200, "GE_0003"));
    let mended = printed.replace("\"S1234_P1235\"}}", "\"S1234_P1235\"}");
    let request: Value = serde_json::from_str(&mended).unwrap();
    let mut head = request["head"].clone();
    head.as_object_mut().unwrap().remove("signature");
    let answer = shop.order_raw(SEND, signed(&head, KEY, &request["body"].to_string()));
    let answer = answer.json();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&answer["head"]), ["clientId", "responseTimestamp", "signature", "version"]);
    assert_eq!(names(&answer["body"]), ["paymentUrl", "resultInfo"]);
    assert_eq!(names(&answer["body"]["resultInfo"]), ["resultCode", "resultMsg", "resultStatus"]);
    assert_eq!((&answer["head"]["clientId"], &answer["head"]["version"]), (&json!("C11"), &json!("v1")));
    for text in [&answer["head"]["responseTimestamp"], &answer["head"]["signature"]] {
        assert!(text.as_str().is_some_and(|text| !text.is_empty()), "{answer}");
    }
}

#[test]
fn a_client_id_says_which_key_where_there_are_several() {
    let keys = [("C11", KEY), ("C12", OTHER_KEY)];
    let shop = Shop::open(vec![with_keys(payee("demo"), &keys)]);
    let send = |head: Value, key: &str, order: &str| {
        shop.order_raw(SEND, signed(&head, key, &payment_request(order).to_string())).row()[0].clone()
    };
    assert_eq!(send(json!({"clientId": "C12"}), OTHER_KEY, "A"), "SPR_001");
    assert_eq!(send(json!({"clientId": "C11"}), OTHER_KEY, "B"), "GE_0003");
    assert_eq!(send(json!({}), KEY, "B"), "GE_0003", "which of them is meant?");
    let status = signed(&json!({}), OTHER_KEY, &json!({"mid": mid("demo"), "orderId": "A"}).to_string());
    assert_eq!(shop.order_raw("/v3/order/status", status).row()[0], "402", "optional there");
    let one = Shop::orders();
    let request = signed(&json!({}), KEY, &payment_request("A").to_string());
    assert_eq!(one.order_raw(SEND, request).row()[0], "SPR_001");
}

#[test]
fn a_request_that_cannot_be_sent_is_kept_and_its_order_is_used() {
    let shop = Shop::orders_with(Setup { sms: false, ..Setup::sandbox() });
    let answer = shop.order_call(SEND, &payment_request("MUTE-1"));
    let text = "Could not notify user. Either resend notification or try with new orderId";
    assert_eq!(answer.row(), ["SPRO_005", "FAILURE", text]);
    assert_eq!(answer.json()["body"].get("paymentUrl"), None);
    assert_eq!(shop.order_status("MUTE-1").row()[0], "402");
    assert_eq!(shop.order_call(SEND, &payment_request("MUTE-1")).row()[0], "WM_1011");
    let again = json!({"mid": mid("demo"), "merchantOrderId": "MUTE-1"});
    assert_eq!(shop.order_call(RESEND, &again).row()[0], "SPRO_005");
}

#[test]
fn of_many_requests_for_one_order_exactly_one_wins() {
    let shop = Shop::orders();
    let head = json!({"clientId": "C11"});
    let request = || {
        let request = signed(&head, KEY, &payment_request("RACE-1").to_string());
        axum::http::Request::post(SEND).body(axum::body::Body::from(request)).unwrap()
    };
    let answers = shop.send_all((0..50).map(|_| request()).collect());
    let mut codes: Vec<String> = answers.iter().map(|answer| answer.row()[0].clone()).collect();
    codes.sort();
    assert_eq!((codes[0].as_str(), &codes[1..]), ("SPR_001", vec!["WM_1011".to_owned(); 49].as_slice()));
}

type Make = fn(&mut Value, &mut Value, &mut &'static str);

/// In the order in which they are told; what has no code of its own comes behind.
const FAULTS: &[(&str, Make)] = &[
    ("GE_0003", |_, head, _| *head = json!({})),
    ("MID cannot be blank", |body, _, _| body["mid"] = json!("")),
    ("GE_0003", |body, _, _| body["mid"] = json!("NOBODY")),
    ("GE_0003", |_, _, key| *key = OTHER_KEY),
    ("merchantOrderid cannot be blank", |body, _, _| body["merchantOrderId"] = json!(" ")),
    ("SPRO_007", |body, _, _| body["merchantOrderId"] = json!("a b")),
    ("Invalid amount", |body, _, _| body["amount"] = json!("0")),
    ("Invalid expiry date", |body, _, _| body["expiry"] = json!("2020-01-30 12:30:30")),
    ("Invalid expiry date", |body, _, _| body["expiry"] = json!("9999-12-31 23:59:59")),
    ("Invalid userPhoneNo", |body, _, _| body["userPhoneNo"] = json!("7")),
    ("GE_0003", |body, _, _| body["posId"] = json!("")),
    ("GE_0003", |body, _, _| body["displayName"] = json!("x".repeat(51))),
    ("GE_0003", |body, _, _| body["orderDetails"] = json!(["x"])),
    ("GE_0003", |body, _, _| body["gstInformation"] = json!("x")),
    ("GE_0003", |body, _, _| body["splitSettlementInfo"] = json!({"splitInfo": {"mid": "x"}})),
    ("WM_1011", |body, _, _| body["merchantOrderId"] = json!("TAKEN")),
];

/// The code, or the text where a code has several.
fn word(answer: &Answer) -> String {
    let [code, _, text] = answer.row();
    if code == "SPR_002" { text } else { code }
}

fn send_with(shop: &Shop, faults: &[&(&str, Make)]) -> String {
    let (mut body, mut head, mut key) = (payment_request("ORDER"), json!({"clientId": "C11"}), KEY);
    for (_, make) in faults.iter().rev() {
        make(&mut body, &mut head, &mut key);
    }
    let is_empty = head == json!({});
    let request = signed(&head, key, &body.to_string());
    let bare = json!({"head": {}, "body": body}).to_string();
    word(&shop.order_raw(SEND, if is_empty { bare } else { request }))
}

#[test]
fn of_every_two_faults_the_earlier_one_is_told() {
    let shop = Shop::orders();
    shop.requested(&payment_request("TAKEN"));
    for (index, first) in FAULTS.iter().enumerate() {
        assert_eq!(send_with(&shop, &[first]), first.0);
        for second in &FAULTS[index + 1..] {
            assert_eq!(send_with(&shop, &[first, second]), first.0, "{} and {}", first.0, second.0);
        }
    }
}

fn off(change: impl Fn(&mut Merchant)) -> String {
    let mut merchant = payee("demo");
    change(&mut merchant);
    let is_active = merchant.active;
    let shop = Shop::open(vec![with_keys(merchant, &[("C11", KEY)])]);
    let wrong = shop.order_call(SEND, &with(payment_request("A"), "amount", "x"));
    assert_eq!(word(&wrong), if is_active { "Invalid amount" } else { "GE_0003" });
    word(&shop.order_call(SEND, &payment_request("A")))
}

#[test]
fn what_is_off_is_told_in_the_order_of_the_table() {
    let features = |list: &[Feature]| list.iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(off(|merchant| merchant.features = features(&[])), "SPR_003");
    assert_eq!(off(|merchant| (merchant.features, merchant.vpa) = (features(&[]), None)), "SPR_003");
    let no_vpa =
        |merchant: &mut Merchant| (merchant.features, merchant.vpa) = (features(&[Feature::Upi]), None);
    assert_eq!(off(no_vpa), "DQR_0004");
    assert_eq!(off(|merchant| merchant.features = features(&[Feature::Upi])), "RSPR_005");
    assert_eq!(off(|merchant| merchant.active = false), "GE_0003");
}

#[test]
fn an_order_of_a_link_is_an_order_too() {
    let shop = Shop::orders();
    let paid = shop.made(&with(fixed(), "linkOrderId", "LINK-1"));
    shop.pay(&paid, Says::Paid);
    shop.made(&with(fixed(), "linkOrderId", "LINK-2"));
    let before = shop.order_status("LINK-1").row();
    assert_eq!(before[0], "01");
    for (id, code) in [("LINK-1", "SPRO_006"), ("LINK-2", "WM_1011")] {
        assert_eq!(shop.order_call(SEND, &payment_request(id)).row()[0], code, "{id}");
    }
    assert_eq!(shop.order_status("LINK-1").row(), before, "a paid order stays paid");
}

#[test]
fn a_wrong_type_or_length_is_refused_and_stores_nothing() {
    let shop = Shop::orders();
    let cases = [
        ("merchantOrderId", json!(7)),
        ("posId", json!(7)),
        ("posId", json!("x".repeat(51))),
        ("posId", json!("दुकान")),
        ("posId", json!("S'1")),
        ("displayName", json!("a\u{202e}b")),
        ("orderDetails", json!("x".repeat(1_001))),
        ("invoiceDetails", json!(1)),
        ("comment", json!({})),
        ("gstInformation", json!({"gstIn": 29})),
        ("gstInformation", json!({"gstIn": null})),
        ("gstInformation", json!(vec!["x"])),
        ("gstInformation", json!({"gstIn": "x".repeat(255)})),
        ("subwalletAmount", json!({"FOOD": 2})),
        ("subwalletAmount", json!("FOOD")),
        ("subwalletAmount", json!({"DRINK": "2"})),
        ("subwalletAmount", json!({"FOOD": "-2"})),
        ("subwalletAmount", json!({"FOOD": "2.001"})),
        ("subwalletAmount", json!({"FOOD": ""})),
        ("splitSettlementInfo", json!({"splitMethod": "AMOUNT", "splitInfo": []})),
    ];
    for (member, value) in cases {
        let answer = shop.order_call(SEND, &with(payment_request("WRONG"), member, value.clone()));
        assert_eq!(answer.row()[0], "GE_0003", "{member}: {value}");
        assert!(answer.json()["head"]["signature"].is_string(), "the caller is known");
    }
    assert_eq!(shop.order_call(SEND, &without(payment_request("WRONG"), "posId")).row()[0], "GE_0003");
    assert_eq!(shop.order_status("WRONG").row()[0], "334");
}

#[test]
fn sub_wallets_have_caps_within_which_the_wallet_pays() {
    let shop = Shop::orders();
    let caps = json!({"FOOD": "2", "GIFT": "1500.50"});
    let link = shop.requested(&with(payment_request("CAPS-1"), "subwalletAmount", caps));
    let caps: Vec<_> = link.ways.caps.iter().map(|(wallet, cap)| (wallet.word(), cap.get())).collect();
    assert_eq!(caps, [("FOOD", 200), ("GIFT", 150_050)]);
    let link = shop.requested(&with(payment_request("CAPS-2"), "subwalletAmount", json!({})));
    assert!(link.ways.caps.is_empty());
}

#[test]
fn a_request_may_be_divided_among_children() {
    let mut child = payee("child");
    child.aggregator = Some("demo".to_owned());
    let shop = Shop::open(vec![with_keys(payee("demo"), &[("C11", KEY)]), with_keys(child, &[])]);
    let split = json!({"splitMethod": "AMOUNT", "splitInfo":
        [{"mid": mid("child"), "amount": {"value": "3.00", "currency": "INR"}}]});
    let link = shop.requested(&with(payment_request("SPLIT-1"), "splitSettlementInfo", split));
    assert_eq!(link.terms.split_count, 1);
    shop.pay(&link, Says::Paid);
    assert_eq!(shop.order_status("SPLIT-1").row()[0], "01");
    assert!(shop.verify().is_clean(), "{:?}", shop.verify());
}
