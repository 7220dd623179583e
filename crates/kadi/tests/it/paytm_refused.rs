//! Attributes that this build does not serve are refused by name, and so are values that no code fits.

use serde_json::{Value, json};

use crate::harness::server::Server;
use crate::harness::shop::Shop;

fn links(shop: &Shop<'_>) -> usize {
    shop.found("/v1/links?limit=100")["data"].as_array().expect("a list").len()
}

fn not_served() -> Vec<(&'static str, Value)> {
    let offers = json!({"promoDetails": {"applyAvailablePromo": true}});
    let item = json!({
        "quantity": "1", "productId": "p", "price": "10", "brandId": "b", "categoryList": ["c"], "id": "1",
    });
    vec![
        ("simplifiedSubvention", json!({"customerId": "c", "subventionAmount": "10"})),
        ("simplifiedSubvention", json!({"items": [item]})),
        ("simplifiedPaymentOffers", json!({"promoCode": "TESTXXWALLET", "applyAvailablePromo": "true"})),
        ("simplifiedUnifiedOffers", offers),
        ("unifiedOffersToken", json!("token")),
    ]
}

fn wrong_values() -> Vec<(&'static str, Value)> {
    vec![
        ("linkType", Value::Null),
        ("linkType", json!("fixed")),
        ("linkType", json!("")),
        ("linkType", json!(["FIXED"])),
        ("linkName", json!("n".repeat(65))),
        ("linkName", json!(12)),
        ("linkName", json!(["a"])),
        ("linkDescription", json!(123)),
        ("linkDescription", json!({"a": 1})),
        ("linkNotes", json!("n".repeat(255))),
        ("linkNotes", json!(5)),
        ("customPaymentSuccessMessage", json!("m".repeat(255))),
        ("merchantRequestId", json!("r".repeat(65))),
        ("merchantRequestId", json!({})),
        ("linkOrderId", json!("o".repeat(51))),
        ("linkOrderId", json!("a b")),
        ("linkOrderId", json!("आदेश")),
        ("customerId", json!({"customerId": "c".repeat(65)})),
        ("customerMobile", json!({"customerMobile": "12345"})),
        ("customerMobile", json!({"customerMobile": "5000000001"})),
        ("customerMobile", json!({"customerMobile": {"a": 1}})),
        ("customerEmail", json!({"customerEmail": "asha"})),
        ("customerEmail", json!({"customerEmail": "a@b\r\nBcc: x@y.z"})),
        ("statusCallbackUrl", json!("http://shop.example/cb")),
        ("statusCallbackUrl", json!("https://user:pw@shop.example/")),
        ("statusCallbackUrl", json!("javascript:alert(1)")),
        ("statusCallbackUrl", json!("https://a.example/\n")),
        ("statusCallbackUrl", json!(format!("https://a.example/{}", "p".repeat(2048)))),
        ("enablePaymentMode", json!([{"mode": "UPI", "channels": ["GOLD"]}])),
        ("disablePaymentMode", json!({"mode": 7})),
        ("redirectionUrlSuccess", json!("data:text/html,hi")),
        ("redirectionUrlFailure", json!("//a.example")),
        ("currency", json!("USD")),
        ("maxPaymentsAllowed", json!("many")),
        ("maxPaymentsAllowed", json!(1.5)),
        ("maxPaymentsAllowed", json!(0)),
        ("singleTransactionOnly", json!("perhaps")),
        ("sendSms", json!(7)),
        ("customerContact", json!("Asha")),
        ("invoiceDetails", json!("none")),
        ("extendInfo", json!([1])),
        ("partialPayment", json!("perhaps")),
        ("bindLinkIdMobile", json!("perhaps")),
        ("splitSettlementInfo", json!("none")),
    ]
}

fn each_is_refused_by_name(id: &str, wishes: Vec<(&'static str, Value)>) {
    let server = Server::dev();
    let shop = Shop::open(&server, id);
    let mut wrong = Vec::new();
    for (field, value) in wishes {
        let mut body = shop.fixed();
        let member = if field.starts_with("customer") { "customerContact" } else { field };
        body[member] = value;
        let reply = shop.create(&body);
        let named = reply.detail().contains(field);
        if (reply.http, reply.code(), reply.message()) != (200, "502", "Unknown Error Occurred") || !named {
            wrong.push(format!("{field} {}: HTTP {} {}", body[member], reply.http, reply.text));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(links(&shop), 0, "a refused request leaves nothing");
}

#[test]
fn attributes_of_later_builds_are_refused_by_name_and_store_nothing() {
    each_is_refused_by_name("notyet", not_served());
}

#[test]
fn values_without_a_code_are_refused_by_name_and_store_nothing() {
    each_is_refused_by_name("wrongv", wrong_values());
}

#[test]
fn false_and_absent_ask_for_nothing_and_are_accepted() {
    let server = Server::dev();
    let shop = Shop::open(&server, "falses");
    let asked = [
        ("partialPayment", json!("false")),
        ("partialPayment", json!(false)),
        ("partialPayment", json!("False")),
        ("bindLinkIdMobile", json!(false)),
        ("bindLinkIdMobile", json!("false")),
        ("singleTransactionOnly", json!(false)),
        ("sendSms", json!(false)),
        ("customerContact", json!({})),
        ("customerContact", Value::Null),
        ("extendInfo", json!("{\"ref1\":\"a\"}")),
        ("linkNotes", json!("")),
        ("currency", json!("INR")),
        ("linkName", json!("Snake_case and 9 spaces")),
    ];
    for (member, value) in asked {
        let mut body = shop.fixed();
        body[member] = value;
        let reply = shop.create(&body);
        assert_eq!(reply.code(), "200", "{member} {}: {}", body[member], reply.text);
    }
}

#[test]
fn an_amount_over_the_merchants_limit_is_refused_by_name() {
    let server = Server::dev();
    let shop = Shop::open(&server, "limits");
    for (amount, fits) in [("100000", true), ("100000.01", false), ("99999999999999", false)] {
        let mut body = shop.fixed();
        body["amount"] = json!(amount);
        let reply = shop.create(&body);
        if fits {
            reply.ok();
        } else {
            reply.refused_by_name(amount, "amount");
        }
    }
}

#[test]
fn amounts_are_digits_with_at_most_two_decimals_and_nothing_else() {
    let server = Server::dev();
    let shop = Shop::open(&server, "digits");
    let long = "9".repeat(30);
    let named = [
        "1e2",
        "1E2",
        "1303.005",
        "10.000",
        &long,
        "\"1e2\"",
        "\"1303.005\"",
        "\" 10\"",
        "\"10 \"",
        "\"+10\"",
        "\"1,000\"",
        "\"0x10\"",
        "\"१०\"",
        "\"10.\"",
        "\"NaN\"",
        "\"Infinity\"",
        "true",
        "[10]",
        "{\"value\":10}",
        "1e400",
        "\"10.5.5\"",
        "1.1e1",
        "12345678901234567890.12",
    ];
    for amount in named {
        let mid = &shop.mid;
        let start = format!(r#"{{"mid":"{mid}","linkType":"FIXED","linkName":"Sum","#);
        let reply = shop.create_raw(&format!(r#"{start}"linkDescription":"A sum","amount":{amount}}}"#));
        reply.refused_by_name(amount, "amount");
    }
    assert_eq!(links(&shop), 0);
}
