//! Whatever comes in, the answer is the dialect's own and never a server error.

use axum::http::Method;
use kadi_dialects::shared::fields::{Fields, is_nothing};
use kadi_dialects::shared::json::scan;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use crate::oracle;
use crate::support::merchants::{merchant, mid, with_keys};
use crate::support::nimbbl::{ACTIONS, CREATE, CREATE_V2, ENQUIRY, call, wish};
use crate::support::paytm::{KEY, fixed, signed, with};
use crate::support::paytm_orders::{RESEND, SEND, STATUS, payment_request};
use crate::support::rail::Says;
use crate::support::shop::Shop;

/// Members of both APIs, so that random objects often hit one.
const NAMES: [&str; 29] = [
    "mid",
    "merchantOrderId",
    "userPhoneNo",
    "expiry",
    "gstInformation",
    "posId",
    "linkName",
    "linkDescription",
    "linkType",
    "amount",
    "customerContact",
    "customerName",
    "invoiceId",
    "expiryDate",
    "invoiceDetails",
    "perUnitTax",
    "splitSettlementInfo",
    "splitInfo",
    "extendInfo",
    "ref1",
    "maxPaymentsAllowed",
    "kind",
    "name",
    "lines",
    "taxes",
    "customer",
    "send",
    "expires_at",
    "reference",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![6 => prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,8}"]
}

/// Texts that mean something somewhere, and any others.
fn text() -> impl Strategy<Value = String> {
    let meaning = [
        "",
        " ",
        "null",
        "true",
        "1e2",
        "-1",
        "0.01",
        "100",
        "9999999999999999",
        "31/12/2030",
        "INVOICE",
        "GENERIC",
        "fixed",
        "open",
        "invoice",
        "INR",
        "https://a.example",
        "a@b.example",
        "9000000001",
        "\u{0}",
        "\u{202e}",
        "{\"ref1\":1}",
        "2099-01-01T00:00:00Z",
    ];
    prop_oneof![
        3 => prop::sample::select(meaning.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => (0..300_usize).prop_map(|length| "च".repeat(length)),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        2 => any::<i64>().prop_map(Value::from),
        2 => (-5..500_i64).prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        5 => text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..6)
                .prop_map(|members| Value::from(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A body with some of its members, at any depth, replaced, added or taken away.
fn changed(whole: Value) -> impl Strategy<Value = Value> {
    let change = (prop::collection::vec(any::<Index>(), 1..4), name(), prop::option::weighted(0.8, value()));
    prop::collection::vec(change, 1..4).prop_map(move |changes| {
        let mut body = whole.clone();
        for (path, name, value) in changes {
            change_at(&mut body, &path, name, value);
        }
        body
    })
}

fn change_at(place: &mut Value, path: &[Index], name: String, value: Option<Value>) {
    let (Some((step, rest)), true) = (path.split_first(), place.is_object() || place.is_array()) else {
        *place = value.unwrap_or_default();
        return;
    };
    match place {
        Value::Object(members) if rest.is_empty() || members.is_empty() => match value {
            Some(value) => drop(members.insert(name, value)),
            None => drop(members.remove(&name)),
        },
        Value::Object(members) => {
            let at = step.index(members.len());
            change_at(members.values_mut().nth(at).unwrap(), rest, name, value);
        }
        Value::Array(items) if items.is_empty() => items.extend(value),
        Value::Array(items) => {
            let at = step.index(items.len());
            change_at(&mut items[at], rest, name, value);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A text with some bytes changed, cut out or doubled.
fn garbled(text: String) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<Index>(), any::<Index>(), prop::collection::vec(any::<u8>(), 0..4));
    prop::collection::vec(change, 1..5).prop_map(move |changes| {
        let mut bytes = text.clone().into_bytes();
        for (from, length, with) in changes {
            let from = from.index(bytes.len() + 1);
            let to = (from + length.index(8)).min(bytes.len());
            bytes.splice(from..to, with);
        }
        bytes
    })
}

fn own_body() -> Value {
    json!({
        "kind": "invoice", "amount": 300, "name": "Fees", "send": ["sms"],
        "customer": {"name": "Asha", "mobile": "9000000001"}, "expires_at": "2099-01-01T00:00:00Z",
        "lines": [{"name": "Tea", "units": 3, "unit_amount": 90, "taxes": [{"name": "GST", "amount": 10}]}],
    })
}

fn shop() -> Shop {
    Shop::open(vec![with_keys(merchant("demo"), &[("C11", KEY)])])
}

#[test]
fn five_thousand_changed_paytm_requests_are_answered() {
    let shop = shop();
    let head = json!({"tokenType": "AES", "clientId": "C11"});
    let whole = shop.invoice("R");
    let request = signed(&head, KEY, &whole.to_string());
    let bodies = oracle::sample(&changed(whole.clone()), 2_500);
    let rightly_signed = bodies.iter().map(|body| signed(&head, KEY, &body.to_string()).into_bytes());
    let envelope = json!({"head": {"tokenType": "AES", "signature": "x"}, "body": whole});
    let unsigned =
        oracle::sample(&changed(envelope), 1_250).into_iter().map(|it| it.to_string().into_bytes());
    let broken = oracle::sample(&garbled(request), 1_250);
    let (mut codes, mut count) = (std::collections::BTreeSet::new(), 0);
    for request in rightly_signed.chain(unsigned).chain(broken) {
        let answer = shop.send_raw(&request);
        let shown = String::from_utf8_lossy(&request);
        assert!([200, 400].contains(&answer.status.as_u16()), "{}: {shown}", answer.status);
        let (code, ..) = answer.told();
        assert!(!code.is_empty() && code != "501", "{code}: {shown}");
        codes.insert(code);
        count += 1;
    }
    assert_eq!(count, 5_000);
    assert!(codes.contains("200") && codes.contains("5028") && codes.len() > 15, "one-sided: {codes:?}");
}

/// A whole body for each of the calls about a link, so that changes of it fall on every member.
fn link_bodies(link: i64) -> [(&'static str, Value); 5] {
    let filter = json!({"fromDate": "01/01/2020", "toDate": "31/12/2099", "linkStatus": "ACTIVE",
        "linkId": link, "paymentStatus": "INIT", "isActive": true, "customerName": "Asha",
        "customerMobile": "9000000001", "customerEmail": "asha@shop.example"});
    let contact = json!({"customerName": "Ravi", "customerMobile": "9000000002",
        "customerEmail": "ravi@shop.example"});
    [
        (
            "fetch",
            json!({"mid": "DEMO", "merchantRequestId": "R", "pageNo": 1, "pageSize": 5,
            "linkTypeMultiple": ["FIXED"], "searchFilterRequestBody": filter}),
        ),
        (
            "update",
            json!({"mid": "DEMO", "linkId": link, "amount": 12.5, "maxPaymentsAllowed": "9",
            "linkNotes": "note", "expiryDate": "", "changeTemplate": false, "linkType": "FIXED"}),
        ),
        (
            "resendNotification",
            json!({"mid": "DEMO", "linkId": link, "sendSms": true, "sendEmail": true,
            "notifyContact": contact}),
        ),
        (
            "fetchTransaction",
            json!({"mid": "DEMO", "linkId": link, "pageNo": "1", "pageSize": "5",
            "searchStartDate": "01/01/2020", "searchEndDate": "31/12/2099", "fetchAllTxns": true}),
        ),
        ("expire", json!({"mid": "DEMO", "linkId": link, "merchantRequestId": "R"})),
    ]
}

#[test]
fn two_thousand_changed_calls_about_a_link_are_answered() {
    let shop = shop();
    let head = json!({"tokenType": "AES", "clientId": "C11"});
    let wish = with(
        with(fixed(), "merchantRequestId", "R"),
        "customerContact",
        json!({
        "customerName": "Asha", "customerMobile": "9000000001", "customerEmail": "asha@shop.example"}),
    );
    let link = shop.made(&wish);
    shop.pay(&link, Says::Declined);
    for (call, whole) in link_bodies(link.id.get()) {
        assert_eq!(shop.link_call(call, &whole).word(), "200", "{call}");
        let mut codes = std::collections::BTreeSet::new();
        for body in oracle::sample(&changed(whole), 400) {
            let request = axum::http::Request::post(format!("/link/{call}"));
            let answer = shop.send(request.body(signed(&head, KEY, &body.to_string()).into()).unwrap());
            assert_eq!(answer.status, 200, "{call} {body}");
            let (code, ..) = answer.told();
            assert!(!code.is_empty() && code != "501", "{call} {code}: {body}");
            codes.insert(code);
        }
        assert!(codes.contains("502") && codes.len() > 2, "{call}: one-sided: {codes:?}");
    }
    assert!(shop.verify().is_clean());
}

#[test]
fn five_thousand_changed_payment_requests_and_questions_are_answered() {
    let shop = Shop::orders();
    let head = json!({"clientId": "C11", "version": "v1"});
    let status = json!({"mid": mid("demo"), "orderId": "R", "txnType": ""});
    let mut whole = payment_request("R");
    whole["expiry"] = json!("2099-01-30 12:30:30");
    whole["gstInformation"] = json!({"gstIn": "29"});
    whole["comment"] = json!("Thanks");
    let (mut codes, mut count) = (std::collections::BTreeSet::new(), 0);
    for (path, whole) in [(SEND, &whole), (RESEND, &whole), (STATUS, &status)] {
        let request = signed(&head, KEY, &whole.to_string());
        let bodies = oracle::sample(&changed(whole.clone()), 1_000);
        let rightly_signed = bodies.iter().map(|body| signed(&head, KEY, &body.to_string()).into_bytes());
        let envelope = json!({"head": {"signature": "x"}, "body": whole});
        let unsigned = oracle::sample(&changed(envelope), 350);
        let unsigned = unsigned.into_iter().map(|it| it.to_string().into_bytes());
        let broken = oracle::sample(&garbled(request), 317);
        for request in rightly_signed.chain(unsigned).chain(broken) {
            let answer = shop.order_raw(path, request.clone());
            let shown = String::from_utf8_lossy(&request);
            assert_eq!(answer.status.as_u16(), 200, "{}: {shown}", answer.text);
            let [code, status, text] = answer.row();
            assert!(!code.is_empty() && !status.is_empty() && !text.is_empty(), "{}: {shown}", answer.text);
            codes.insert(code);
            count += 1;
        }
    }
    assert_eq!(count, 5_001);
    for code in ["SPR_001", "SPR_002", "SPRO_007", "WM_1011", "GE_0003", "402", "334", "335", "330", "501"] {
        assert!(codes.contains(code), "one-sided: {codes:?}");
    }
}

#[test]
fn five_thousand_changed_requests_of_the_own_api_are_answered() {
    let shop = shop();
    let changed_bodies =
        oracle::sample(&changed(own_body()), 3_000).into_iter().map(|it| it.to_string().into_bytes());
    let garbled_bodies = oracle::sample(&garbled(own_body().to_string()), 2_000);
    let (mut words, mut count) = (std::collections::BTreeSet::new(), 0);
    for (number, body) in changed_bodies.chain(garbled_bodies).enumerate() {
        // Few keys, so that some are sure to come again with another request.
        let key = format!("k{}", number % 3);
        let request = axum::http::Request::post("/v1/links")
            .header("authorization", if number % 50 == 0 { "Bearer x" } else { "Bearer kadi_test_demo" })
            .header("idempotency-key", key)
            .body(axum::body::Body::from(body.clone()));
        let answer = shop.send(request.unwrap());
        let shown = String::from_utf8_lossy(&body);
        assert!(answer.status.as_u16() < 500, "{}: {shown}", answer.text);
        words.insert(answer.problem().unwrap_or_else(|| answer.status.to_string()));
        count += 1;
    }
    assert_eq!(count, 5_000);
    for word in
        ["201 Created", "amount_invalid", "idempotency_key_reused", "invalid_request", "malformed_json"]
    {
        assert!(words.contains(word), "one-sided: {words:?}");
    }
}

#[test]
fn five_thousand_changed_nimbbl_requests_are_answered() {
    let shop = shop();
    let token = shop.nimbbl_token("demo");
    let mut whole = wish("r");
    whole["order_line_items"] =
        json!([{"title": "Tea", "rate": 10, "quantity": 2, "tax": 1, "total_amount": 21}]);
    whole["action"] = json!("send");
    let bodies =
        oracle::sample(&changed(whole.clone()), 3_000).into_iter().map(|it| it.to_string().into_bytes());
    let garbled_bodies = oracle::sample(&garbled(whole.to_string()), 2_000);
    let (mut words, mut count) = (std::collections::BTreeSet::new(), 0);
    for (number, body) in bodies.chain(garbled_bodies).enumerate() {
        let path = [CREATE, CREATE, ENQUIRY, ACTIONS, CREATE_V2][number % 5];
        let answer = shop.send(call(Method::POST, path, &token, body.clone()));
        let shown = String::from_utf8_lossy(&body);
        assert!([200, 400, 404].contains(&answer.status.as_u16()), "{}: {shown}", answer.text);
        let is_yes = answer.status == 200;
        words.insert(if is_yes { answer.nimbbl_status() } else { answer.nimbbl_no().2 });
        count += 1;
    }
    assert_eq!(count, 5_000);
    for word in ["sent", "total_amount", "user.email", "invoice_id: was used before", "the body is not JSON"]
    {
        assert!(words.contains(word), "one-sided: {words:?}");
    }
}

fn touch(fields: &Fields<'_>, depth: usize) {
    let names: Vec<String> = fields.names().map(str::to_owned).collect();
    assert_eq!(fields.is_empty(), names.is_empty());
    for name in names.iter().map(String::as_str).chain(["absent"]) {
        let wrong = fields.wrong(name);
        assert!(wrong.0.ends_with(name), "{wrong}");
        for text in
            [fields.text(name, 5), fields.filled(name, 5), fields.line(name, 5), fields.prose(name, 5)]
        {
            assert!(text.is_err() || text.unwrap().is_none_or(|text| text.chars().count() <= 5));
        }
        let is_absent = fields.raw(name).is_none_or(|raw| raw == "null");
        assert_eq!(fields.flag(name) == Ok(None), is_absent);
        let _any_type = (fields.flag_or_text(name).is_ok(), fields.number_or_text(name).is_ok());
        assert!(!fields.has_content(name) || fields.raw(name).is_some_and(|raw| !is_nothing(raw)));
        if let (Ok(Some(inner)), true) = (fields.object(name), depth < 5) {
            touch(&inner, depth + 1);
        }
        for (at, raw) in fields.list_or_one(name).unwrap_or_default().into_iter().enumerate() {
            if let Ok(item) = fields.item(name, at, raw) {
                assert!(item.wrong("x").0.ends_with(&format!("{name}[{at}].x")));
            }
        }
        let read = fields.object_or_text(name, |inner| Ok(inner.is_empty()));
        assert!(!is_absent || read == Ok(None));
    }
}

proptest! {
    #[test]
    fn members_of_any_object_are_read_as_anything(members in prop::collection::vec((name(), value()), 0..8)) {
        let object = Value::from(members.into_iter().collect::<Map<_, _>>()).to_string();
        prop_assert!(scan(object.as_bytes()).is_ok());
        touch(&Fields::parse(&object).unwrap(), 0);
    }

    #[test]
    fn only_objects_have_members(value in value()) {
        prop_assert_eq!(Fields::parse(&value.to_string()).is_some(), value.is_object());
    }

    #[test]
    fn any_text_has_members_or_none(text: String) {
        let _either = Fields::parse(&text).map(|fields| touch(&fields, 0));
    }
}
