//! The members of a create call: wrong types, lengths and values are named, everything else is taken.

use serde_json::{Value, json};

use crate::support::merchants::{merchant, with_keys};
use crate::support::paytm::{KEY, fixed, generic, with};
use crate::support::shop::Shop;

/// Members that are texts, and nothing else.
const TEXTS: [&str; 17] = [
    "merchantRequestId",
    "linkName",
    "linkDescription",
    "linkType",
    "statusCallbackUrl",
    "linkNotes",
    "expiryDate",
    "invoiceEmail",
    "resellerId",
    "customPaymentSuccessMessage",
    "redirectionUrlSuccess",
    "redirectionUrlFailure",
    "linkOrderId",
    "orderId",
    "callbackUrl",
    "merchantUniqueReference",
    "currency",
];
/// Members that are numbers or texts.
const NUMBERS: [&str; 4] = ["amount", "maxPaymentsAllowed", "invoiceId", "invoicePhoneNo"];
/// Members that are true or false.
const FLAGS: [&str; 3] = ["sendSms", "sendEmail", "singleTransactionOnly"];
const CONTACTS: [&str; 5] =
    ["customerName", "customerEmail", "customerMobile", "customerPhone", "customerId"];

/// `CODE` or `502 DETAIL` of every body beside what was expected, for all at once.
fn check(shop: &Shop, rows: Vec<(Value, String)>) {
    let wrong: Vec<String> = rows
        .into_iter()
        .filter_map(|(body, expected)| {
            let word = shop.create(&body).word();
            (word != expected).then(|| format!("{expected} was answered {word}: {body:.300}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_wrong_type_of_every_member_is_named_with_its_path() {
    let shop = Shop::paytm();
    let mut rows = Vec::new();
    let mut wrong = |names: &[&str], values: &[Value], place: &dyn Fn(&str, &Value) -> (Value, String)| {
        for (name, value) in names.iter().flat_map(|name| values.iter().map(move |value| (*name, value))) {
            let (body, path) = place(name, value);
            rows.push((body, format!("502 {path}")));
        }
    };
    let (number, flag, list, object) = (json!(7), json!(true), json!([1]), json!({"a": 1}));
    let top = |name: &str, value: &Value| (with(shop.invoice("T"), name, value.clone()), name.to_owned());
    let contact = |name: &str, value: &Value| {
        let contact = json!({ name: value });
        (with(fixed(), "customerContact", contact), format!("customerContact.{name}"))
    };
    let item = |name: &str, value: &Value| {
        let mut body = shop.invoice("T");
        body["invoiceDetails"][1][name] = value.clone();
        (body, format!("invoiceDetails[1].{name}"))
    };
    let tax = |name: &str, value: &Value| {
        let mut body = shop.invoice("T");
        body["invoiceDetails"][0]["perUnitTax"][1][name] = value.clone();
        (body, format!("invoiceDetails[0].perUnitTax[1].{name}"))
    };
    wrong(&TEXTS, &[number.clone(), flag.clone(), list.clone(), object.clone()], &top);
    wrong(&NUMBERS, &[flag.clone(), list.clone(), object.clone()], &top);
    wrong(&FLAGS, &[number.clone(), json!("yes"), list.clone(), object.clone()], &top);
    wrong(&["partialPayment", "bindLinkIdMobile"], &[number.clone(), list.clone(), json!("yes")], &top);
    wrong(&["customerContact"], &[number.clone(), json!("Asha"), list.clone()], &top);
    wrong(&["splitSettlementInfo"], &[number.clone(), json!("none"), list.clone()], &top);
    wrong(&["extendInfo"], &[number.clone(), flag.clone(), list.clone(), json!("none")], &top);
    wrong(&CONTACTS, &[number.clone(), flag.clone(), list.clone(), object.clone()], &contact);
    wrong(&["productName", "productCode"], &[number.clone(), list.clone(), object.clone()], &item);
    wrong(&["perUnitAmount", "noOfUnits"], &[flag.clone(), list.clone(), object.clone(), json!("x")], &item);
    wrong(&["taxName"], &[number.clone(), list.clone(), object.clone()], &tax);
    wrong(&["taxAmount"], &[flag, list, object, json!("1e2")], &tax);
    for value in [number, json!(["a"])] {
        rows.push((with(shop.invoice("T"), "invoiceDetails", value), "502 invoiceDetails[0]".to_owned()));
    }
    let split = |info: Value| with(fixed(), "splitSettlementInfo", info);
    rows.push((split(json!({"splitMethod": "AMOUNT"})), "502 splitSettlementInfo.splitInfo".to_owned()));
    rows.push((split(json!({"splitInfo": []})), "502 splitSettlementInfo.splitInfo".to_owned()));
    rows.push((split(json!({"splitInfo": [7]})), "502 splitSettlementInfo.splitInfo[0]".to_owned()));
    assert!(rows.len() > 120, "{}", rows.len());
    check(&shop, rows);
}

#[test]
fn texts_have_their_lengths() {
    let shop = Shop::paytm();
    let mut rows = Vec::new();
    for (name, chars_max) in [
        ("merchantRequestId", 64),
        ("linkNotes", 254),
        ("customPaymentSuccessMessage", 254),
        ("linkOrderId", 50),
        ("orderId", 50),
        ("merchantUniqueReference", 254),
    ] {
        rows.push((with(fixed(), name, "x".repeat(chars_max)), "200".to_owned()));
        rows.push((with(fixed(), name, "x".repeat(chars_max + 1)), format!("502 {name}")));
    }
    rows.push((with(fixed(), "linkName", "x".repeat(65)), "502 linkName".to_owned()));
    rows.push((with(fixed(), "linkNotes", "नोट".repeat(84)), "200".to_owned()));
    for (name, chars_max) in [("customerId", 64), ("customerName", 254)] {
        let contact = |chars| with(fixed(), "customerContact", json!({ name: "x".repeat(chars) }));
        rows.push((contact(chars_max), "200".to_owned()));
        rows.push((contact(chars_max + 1), format!("502 customerContact.{name}")));
    }
    check(&shop, rows);
}

#[test]
fn amounts_are_plain_digits_as_numbers_and_as_texts() {
    let shop = Shop::paytm();
    let sent = |lexeme: &str| {
        let body = with(fixed(), "amount", "AMOUNT").to_string().replace("\"AMOUNT\"", lexeme);
        shop.create_with(&json!({"tokenType": "AES"}), KEY, &body)
    };
    for (lexeme, answered) in [
        ("499", "499"),
        ("499.0", "499"),
        ("499.50", "499.5"),
        ("499.05", "499.05"),
        ("1303.05", "1303.05"),
        ("\"100.00\"", "100"),
        ("\"0001.10\"", "1.1"),
        ("50000.00", "50000"),
    ] {
        let text = sent(lexeme).text;
        assert!(text.contains(&format!("\"amount\":{answered},")), "{lexeme}: {text}");
    }
    let thirty = "9".repeat(30);
    for lexeme in [
        "1e2",
        "1E2",
        "1303.005",
        "10.000",
        &thirty,
        "\"1e2\"",
        "\"1303.005\"",
        "\" 10\"",
        "\"10 \"",
        "\"+10\"",
        "\"1,000\"",
        "\"0x10\"",
        "\"१०\"",
        "\"10.\"",
        "\".5\"",
        "\"NaN\"",
        "\"10.5.5\"",
        "1e400",
        "100000.01",
        "-1.005",
    ] {
        assert_eq!(sent(lexeme).word(), "502 amount", "{lexeme}");
    }
}

#[test]
fn amounts_outside_the_merchants_limits_and_javascripts_are_named() {
    let open = |min, max| {
        let mut merchant = merchant("demo");
        merchant.risk.amount_max = None;
        merchant.limit = kadi_domain::merchant::Limit {
            min: kadi_domain::amount::Minor::new(min),
            max,
            account_max: None,
        };
        Shop::open(vec![with_keys(merchant, &[("C11", KEY)])])
    };
    let word = |shop: &Shop, amount: &str| shop.create(&with(fixed(), "amount", amount)).word();
    let picky = open(1_000, Some(kadi_domain::amount::Minor::new(2_000)));
    for (amount, told) in
        [("0.99", "5009"), ("9.99", "502 amount"), ("10", "200"), ("20", "200"), ("20.01", "502 amount")]
    {
        assert_eq!(word(&picky, amount), told, "{amount}");
    }
    let endless = open(1, None);
    for (amount, told) in [("0.5", "5009"), ("10000000000000", "200"), ("10000000000000.01", "502 amount")] {
        assert_eq!(word(&endless, amount), told, "{amount}");
    }
}

#[test]
fn values_that_no_code_fits_are_named() {
    let shop = Shop::paytm();
    let contact = |name: &str, value: &str| {
        (with(fixed(), "customerContact", json!({ name: value })), format!("502 customerContact.{name}"))
    };
    let named = |name: &str, value: Value| (with(fixed(), name, value), format!("502 {name}"));
    let mut rows = vec![
        contact("customerMobile", "12345"),
        contact("customerMobile", "5000000001"),
        contact("customerPhone", "90000 00001"),
        contact("customerEmail", "asha"),
        contact("customerEmail", "a@b.example\r\nBcc: x@y.example"),
        contact("customerName", "a\u{202e}b"),
        contact("customerName", "a\nb"),
        contact("customerId", "\u{7}"),
        named("linkType", json!("fixed")),
        named("linkType", json!("REUSABLE")),
        named("linkType", json!("")),
        named("linkType", Value::Null),
        named("maxPaymentsAllowed", json!(0)),
        named("maxPaymentsAllowed", json!("-1")),
        named("maxPaymentsAllowed", json!(1.5)),
        named("maxPaymentsAllowed", json!("many")),
        named("maxPaymentsAllowed", json!("9".repeat(40))),
        named("resellerId", json!("somebody")),
        named("linkOrderId", json!("a b")),
        named("linkOrderId", json!("आदेश")),
        named("currency", json!("USD")),
        named("currency", json!("inr")),
        named("merchantRequestId", json!("a\u{0}")),
        named("orderId", json!("a\nb")),
        named("merchantUniqueReference", json!("a\u{2066}")),
        named("linkNotes", json!("a\u{1b}[2J")),
        named("customPaymentSuccessMessage", json!("a\u{2028}b")),
    ];
    for name in ["statusCallbackUrl", "redirectionUrlSuccess", "redirectionUrlFailure", "callbackUrl"] {
        for address in
            ["http://shop.example/", "javascript:alert(1)", "//a.example", "https://u:p@a.example/"]
        {
            rows.push(named(name, json!(address)));
        }
        rows.push(named(name, json!(format!("https://a.example/{}", "p".repeat(2_048)))));
        rows.push((with(fixed(), name, "https://a.example/?a=1&b=2"), "200".to_owned()));
        rows.push((with(fixed(), name, "http://127.0.0.1:1/"), "200".to_owned()));
    }
    check(&shop, rows);
}

#[test]
fn what_is_not_built_is_refused_by_name_and_may_be_empty() {
    let shop = Shop::paytm();
    let mut rows = Vec::new();
    for name in
        ["simplifiedSubvention", "simplifiedPaymentOffers", "simplifiedUnifiedOffers", "unifiedOffersToken"]
    {
        for value in [json!({"a": 1}), json!([{"mode": "UPI"}]), json!("x"), json!(true), json!(0)] {
            rows.push((with(fixed(), name, value), format!("502 {name}")));
        }
        for value in [Value::Null, json!({}), json!([]), json!("")] {
            rows.push((with(fixed(), name, value), "200".to_owned()));
        }
    }
    for value in [json!(true), json!("true"), json!("TRUE")] {
        rows.push((with(fixed(), "bindLinkIdMobile", value.clone()), "502 bindLinkIdMobile".to_owned()));
        rows.push((with(generic(), "partialPayment", value), "502 partialPayment".to_owned()));
    }
    for name in ["partialPayment", "bindLinkIdMobile"] {
        for value in [json!(false), json!("false"), json!("False"), json!(""), Value::Null] {
            rows.push((with(fixed(), name, value), "200".to_owned()));
        }
    }
    rows.push((
        with(generic(), "invoiceDetails", json!({"productName": "Tea"})),
        "502 invoiceDetails".to_owned(),
    ));
    check(&shop, rows);
}

#[test]
fn nulls_empty_texts_and_unknown_members_are_taken() {
    let shop = Shop::paytm();
    let mut rows: Vec<(Value, String)> = Vec::new();
    let mandatory = ["linkName", "linkDescription", "linkType", "amount", "invoiceId", "expiryDate"];
    for name in TEXTS.iter().chain(&NUMBERS).chain(&FLAGS).filter(|name| !mandatory.contains(name)) {
        rows.push((with(fixed(), name, Value::Null), "200".to_owned()));
    }
    for name in TEXTS.iter().filter(|name| !mandatory.contains(name)) {
        rows.push((with(fixed(), name, ""), "200".to_owned()));
    }
    for name in CONTACTS {
        rows.push((with(fixed(), "customerContact", json!({ name: null, "foo": 1 })), "200".to_owned()));
    }
    for (name, value) in [
        ("minAmount", json!(1)),
        ("maxAmount", json!("x")),
        ("customerMobile", json!("x")),
        ("someFutureMember", json!({"a": [1]})),
        ("currency", json!("INR")),
        ("resellerId", json!("Dipend011")),
        ("maxPaymentsAllowed", json!(1)),
        ("maxPaymentsAllowed", json!("3")),
        ("linkNotes", json!("one\r\n\ttwo")),
        ("customerContact", json!({})),
        ("linkOrderId", json!("ORDER_1-a.b")),
    ] {
        rows.push((with(fixed(), name, value), "200".to_owned()));
    }
    check(&shop, rows);
}

#[test]
fn one_wrong_member_does_not_hide_another() {
    let shop = Shop::paytm();
    let both = with(with(fixed(), "linkOrderId", "A"), "singleTransactionOnly", "yes");
    let nested = with(fixed(), "extendInfo", "{\"ref1\":\"a\",\"ref1\":\"b\"}");
    check(&shop, vec![(both, "502 singleTransactionOnly".to_owned()), (nested, "502 extendInfo".to_owned())]);
}
