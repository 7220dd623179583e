//! What each member of a request may hold, in the order of checks, and what the body may be.

use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::nimbbl::{ACTIONS, CREATE, CREATE_V2, ENQUIRY, TOKEN, wish, wish_v2};
use crate::support::paytm::{with, without};
use crate::support::shop::Shop;

const OK: &str = "";

fn assert_told(what: &str, answer: &Answer, detail: &str) {
    if detail == OK {
        assert_eq!(answer.status, 200, "{what:.300}: {}", answer.text);
        assert!(answer.json().get("error").is_none());
        return;
    }
    let told = (400, "INVALID_REQUEST_PARAMETER".to_owned(), detail.to_owned());
    assert_eq!(answer.nimbbl_no(), told, "{what:.300}");
}

/// Every body gets an invoice id of its own unless it says otherwise.
fn check(shop: &Shop, path: &str, rows: Vec<(Value, &str)>) {
    for (number, (mut body, detail)) in rows.into_iter().enumerate() {
        if body["invoice_id"] == "i" {
            body["invoice_id"] = json!(format!("i-{number}"));
        }
        assert_told(&format!("{number}: {body}"), &shop.nimbbl_post(path, &body), detail);
    }
}

fn own(name: &str, value: Value) -> Value {
    with(wish("i"), name, value)
}

fn user(name: &str, value: Value) -> Value {
    let mut body = wish("i");
    body["user"][name] = value;
    body
}

#[test]
fn what_a_create_may_hold() {
    let id = "invoice_id";
    let mut rows = vec![
        (without(wish("i"), id), id),
        (own(id, Value::Null), id),
        (own(id, json!(" ")), id),
        (own(id, json!(7)), id),
        (own(id, json!("a\nb")), id),
        (own(id, json!("x".repeat(255))), id),
        (own(id, json!("च".repeat(254))), OK),
        (own(id, json!("a|b|INR|<b>'\"")), OK),
        (without(wish("i"), "currency"), OK),
        (own("currency", json!("USD")), "currency"),
        (own("currency", json!("inr")), "currency"),
        (without(wish("i"), "user"), "user"),
        (own("user", json!([])), "user"),
        (own("description", json!("a\u{202e}b")), "description"),
        (own("description", json!("x".repeat(4_001))), "description"),
        (own("description", json!("x".repeat(4_000))), OK),
        (own("terms_and_conditions", json!(1)), "terms_and_conditions"),
        (own("custom_attributes", json!([])), OK),
        (own("custom_attributes", json!([1])), "custom_attributes"),
        (own("custom_attributes", json!("{}")), "custom_attributes"),
        (own("custom_attributes", json!({"a": {"b": null}})), OK),
        (own("custom_attributes", json!({"a": "x".repeat(7_992)})), OK),
        (own("custom_attributes", json!({"a": "x".repeat(7_993)})), "custom_attributes"),
    ];
    for value in [json!(0), json!(-1), json!(1.001), json!("ten"), json!(""), json!(true), Value::Null] {
        rows.push((own("total_amount", value), "total_amount"));
    }
    for value in [json!(0.99), json!(100_000.01), json!(1e20), json!("99999999999999999999")] {
        rows.push((own("total_amount", value), "total_amount"));
    }
    rows.push((own("total_amount", json!(50_000.01)), "total_amount: refused by risk rules"));
    rows.extend([json!(1), json!("10.50"), json!(50_000)].map(|value| (own("total_amount", value), OK)));
    let past = ["2020-01-01 00:00:00", "2199-01-01", "2199-01-01T00:00:00", "2199-02-30 00:00:00", "soon"];
    rows.extend(past.map(|text| (own("expires_at", json!(text)), "expires_at")));
    rows.extend(
        ["2199-01-01 00:00:00", "2199-01-01 00:00:00.5", ""].map(|t| (own("expires_at", json!(t)), OK)),
    );
    for url in ["http://shop.example/", "https://a:b@shop.example/", "shop", "javascript:alert(1)"] {
        rows.push((own("callback_url", json!(url)), "callback_url"));
    }
    rows.push((own("callback_url", json!("http://127.0.0.1:9/back")), OK));
    check(&Shop::nimbbl(), CREATE, rows);
}

#[test]
fn what_a_payer_and_switches_may_be() {
    let mut rows = vec![
        (user("email", Value::Null), "user.email"),
        (user("email", json!("diana")), "user.email"),
        (user("first_name", json!("")), "user.first_name"),
        (user("first_name", json!("a\tb")), "user.first_name"),
        (user("last_name", json!(5)), "user.last_name"),
        (user("last_name", Value::Null), OK),
        (user("country_code", json!("+1")), "user.country_code"),
        (user("country_code", json!("91")), OK),
        (user("country_code", Value::Null), OK),
        (user("mobile_number", Value::Null), "user.mobile_number"),
        (user("mobile_number", json!("1234567890")), "user.mobile_number"),
        (user("mobile_number", json!(9_876_543_210_i64)), "user.mobile_number"),
        (user("mobile_number", json!("+919876543210")), OK),
    ];
    for name in ["send_sms", "send_email", "send_whatsapp"] {
        rows.push((own(name, json!("yes")), name));
        rows.push((own(name, json!(1)), name));
        rows.extend([json!(true), json!("false"), Value::Null].map(|value| (own(name, value), OK)));
    }
    for (name, value) in [
        ("reminder_frequency", json!("daily")),
        ("email_template_id", json!("T1")),
        ("sms_template_id", json!("T1")),
        ("bank_account", json!({"ifsc": "HDFC0000001"})),
    ] {
        rows.push((own(name, value), name));
        rows.push((own(name, json!("")), OK));
    }
    let at = |text: &str| with(own("send_sms", json!(true)), "notification_scheduled_at", text);
    let later = (own("notification_scheduled_at", json!("2098-01-01 00:00:00")), "notification_scheduled_at");
    rows.extend([later, (at("2020-01-01 00:00:00"), "notification_scheduled_at")]);
    for (text, detail) in [
        ("2099-01-01 00:00:00", "notification_scheduled_at"),
        ("2098-12-31 23:59:59", OK),
        ("tomorrow", "notification_scheduled_at"),
    ] {
        rows.push((with(at(text), "expires_at", "2099-01-01 00:00:00"), detail));
    }
    check(&Shop::nimbbl(), CREATE, rows);
}

#[test]
fn what_a_line_may_be() {
    let line = |name: &str, value: Value| {
        let line = json!({
            "title": "Mango", "rate": 1050, "quantity": 2, "amount_before_tax": 2100, "tax": 105,
            "total_amount": 2205,
        });
        own("order_line_items", json!([{"title": "First", "rate": 1}, with(line, name, value)]))
    };
    let named: Vec<(&str, &str, Vec<Value>)> = vec![
        ("title", "order_line_items[1].title", vec![json!(""), json!(1), Value::Null]),
        ("rate", "order_line_items[1].rate", vec![Value::Null, json!(-1), json!(0.001), json!("x")]),
        (
            "quantity",
            "order_line_items[1].quantity",
            vec![json!(0), json!(-2), json!(1.5), json!("two"), json!(true)],
        ),
        (
            "amount_before_tax",
            "order_line_items[1].amount_before_tax",
            vec![json!(2099.99), json!(2100.01), json!("x")],
        ),
        ("tax", "order_line_items[1].tax", vec![json!(-1), json!([])]),
        ("total_amount", "order_line_items[1].total_amount", vec![json!(2205.01), json!(0)]),
        ("image_url", "order_line_items[1].image_url", vec![json!("ftp://x"), json!(7)]),
        ("currency", "order_line_items[1].currency", vec![json!("USD")]),
        ("serial_numbers", "order_line_items[1].serial_numbers", vec![json!("S"), json!([1]), json!([""])]),
    ];
    let mut rows = vec![
        (line("amount_before_tax", Value::Null), OK),
        (line("total_amount", json!("2205.00")), OK),
        (line("currency", json!("INR")), OK),
        (own("order_line_items", json!({"title": "One", "rate": 1})), OK),
        (own("order_line_items", json!("x")), "order_line_items[0]"),
        (own("order_line_items", json!(vec![json!({"title": "x", "rate": 1}); 201])), "order_line_items"),
        (own("order_line_items", json!(vec![json!({"title": "x", "rate": 1}); 200])), OK),
    ];
    for (name, detail, values) in named {
        rows.extend(values.into_iter().map(|value| (line(name, value), detail)));
    }
    let huge = json!([{"title": "x", "rate": "999999999999999", "quantity": 1_000_000_000}]);
    rows.push((own("order_line_items", huge), "order_line_items[0].amount_before_tax"));
    check(&Shop::nimbbl(), CREATE, rows);
}

#[test]
fn what_an_older_create_may_hold() {
    let own = |name: &str, value: Value| with(wish_v2("i"), name, value);
    let rows = vec![
        (without(wish_v2("i"), "payer_first_name"), "payer_first_name"),
        (without(wish_v2("i"), "payer_mobile_number"), "payer_mobile_number"),
        (own("payer_email_address", json!("x")), "payer_email_address"),
        (without(wish_v2("i"), "payer_email_address"), OK),
        (own("notification_channel_sms", json!(2)), "notification_channel_sms"),
        (own("generate_only", json!("maybe")), "generate_only"),
        (own("sms_template_name", json!("T")), "sms_template_name"),
        (own("email_template_name", json!("T")), "email_template_name"),
        (own("products", json!([{"title": "x"}])), "products[0].rate"),
        (own("total_amount", json!(0)), "total_amount"),
        (wish_v2("i"), OK),
    ];
    check(&Shop::nimbbl(), CREATE_V2, rows);
}

#[test]
fn what_enquiries_and_actions_may_hold() {
    let shop = Shop::nimbbl();
    shop.nimbbl_link(&wish("there"));
    let there = json!({"invoice_id": "there"});
    check(
        &shop,
        ENQUIRY,
        vec![
            (json!({}), "invoice_id"),
            (json!({"invoice_id": 1}), "invoice_id"),
            (json!({"payment_link_id": 1}), "payment_link_id"),
            (there.clone(), OK),
        ],
    );
    check(
        &shop,
        ACTIONS,
        vec![
            (there.clone(), "action"),
            (with(there.clone(), "action", "pay"), "action"),
            (with(there.clone(), "action", "SEND"), "action"),
            (with(with(there.clone(), "action", "send"), "send_sms", 3), "send_sms"),
            (with(there, "action", "send"), OK),
        ],
    );
    for path in [ENQUIRY, ACTIONS] {
        let absent = shop.nimbbl_post(path, &json!({"invoice_id": "nobody", "action": "cancel"}));
        assert_eq!(absent.nimbbl_no(), (404, "PAYMENT_LINK_NOT_FOUND".to_owned(), String::new()));
    }
}

/// Each fault beside every later one: the earlier is told.
#[test]
fn the_first_fault_in_the_order_of_checks_is_told() {
    let shop = Shop::nimbbl();
    shop.nimbbl_link(&wish("used"));
    let faults: [(&str, Value, &str); 14] = [
        ("invoice_id", json!(7), "invoice_id"),
        ("total_amount", json!(-1), "total_amount"),
        ("currency", json!("USD"), "currency"),
        ("expires_at", json!("x"), "expires_at"),
        ("user", json!({}), "user.email"),
        ("order_line_items", json!([{}]), "order_line_items[0].title"),
        ("description", json!(1), "description"),
        ("terms_and_conditions", json!(1), "terms_and_conditions"),
        ("callback_url", json!("x"), "callback_url"),
        ("custom_attributes", json!([1]), "custom_attributes"),
        ("send_sms", json!("x"), "send_sms"),
        ("send_email", json!("x"), "send_email"),
        ("send_whatsapp", json!("x"), "send_whatsapp"),
        ("bank_account", json!("x"), "bank_account"),
    ];
    for (at, (name, value, detail)) in faults.iter().enumerate() {
        for (later, other, _) in &faults[at + 1..] {
            let body = with(with(wish("order"), name, value.clone()), later, other.clone());
            assert_told(&format!("{name} {later}"), &shop.nimbbl_post(CREATE, &body), detail);
        }
        // What the engine refuses comes last: a used id, an amount beyond the limits.
        let mut body = with(wish("used"), "total_amount", 1_000_000);
        body[*name] = value.clone();
        assert_told(name, &shop.nimbbl_post(CREATE, &body), detail);
    }
    let both = with(wish("used"), "total_amount", 1_000_000);
    assert_told("limit first", &shop.nimbbl_post(CREATE, &both), "total_amount");
    assert_told("then the id", &shop.nimbbl_post(CREATE, &wish("used")), "invoice_id: was used before");
}

#[test]
fn what_is_no_json_object_is_named() {
    let shop = Shop::nimbbl();
    let deep = format!("{{\"user\":{}{}}}", "[".repeat(40), "]".repeat(40));
    let rows: [(Vec<u8>, &str); 7] = [
        (b"".to_vec(), "the body is empty"),
        (b"{".to_vec(), "the body is not JSON"),
        (b"[]".to_vec(), "the body is not an object"),
        (b"\xff".to_vec(), "the body is not UTF-8"),
        (b"\xef\xbb\xbf{}".to_vec(), "the body starts with a byte order mark"),
        (b"{\"invoice_id\":1,\"invoice_id\":2}".to_vec(), "an object in the body has the same key twice"),
        (deep.into_bytes(), "the body is nested more than 32 deep"),
    ];
    for path in [CREATE, CREATE_V2, ENQUIRY, ACTIONS, TOKEN] {
        for (body, told) in &rows {
            assert_told(told, &shop.nimbbl_raw(path, body.clone()), told);
        }
        let large = shop.nimbbl_raw(path, vec![b' '; 256 * 1024 + 1]);
        let told = "the request is larger than 256 KiB".to_owned();
        assert_eq!(large.nimbbl_no(), (413, "INVALID_REQUEST_PARAMETER".to_owned(), told));
        let mut request =
            crate::support::nimbbl::call(axum::http::Method::POST, path, &shop.nimbbl_token("demo"), "{}");
        request.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
        let told = "an encoded request body is not accepted".to_owned();
        assert_eq!(shop.send(request).nimbbl_no(), (415, "INVALID_REQUEST_PARAMETER".to_owned(), told));
    }
}
