//! One request in all its forms: flat and nested, each spelling, each address, numbers and texts.

use axum::body::Body;
use axum::http::{Method, Request};
use kadi_dialects::table::DIALECTS;
use serde_json::{Value, json};

use crate::support::ntt::{
    ACTION, CANCEL, CREATE, DETAILS, LIST, MINE, RESEND, about, asks, signature, wish,
};
use crate::support::paytm::{with, without};
use crate::support::shop::Shop;

/// The same body with a member under another name.
fn renamed(mut body: Value, name: &str, other: &str) -> Value {
    let value = body.as_object_mut().unwrap().remove(name).unwrap_or_else(|| panic!("{name}"));
    body[other] = value;
    body
}

/// A create whose signature is written out: the tests find what to sign under the first names alone.
fn signed(txn_id: &str) -> Value {
    with(wish(txn_id), "signature", json!(signature("demo", &["100.00", txn_id])))
}

#[test]
fn each_spelling_of_each_member_is_understood() {
    let shop = Shop::ntt();
    let all = [
        ("merchId", vec!["MID", "mid"]),
        ("password", vec!["Password"]),
        ("signature", vec!["Signature"]),
        ("templateNo", vec!["templateNumber", "templateId"]),
        ("merchantTxnId", vec!["merchTxnId"]),
        ("custName", vec!["customerName"]),
        ("custEmail", vec!["email"]),
        ("custMobile", vec!["mobile"]),
        ("templateFields", vec!["fields"]),
    ];
    let mut number = 0;
    for (name, others) in all {
        for other in others {
            number += 1;
            let body = renamed(signed(&format!("S-{number}")), name, other);
            let answer = shop.ots(CREATE, &body);
            assert_eq!(answer.ots().0, "OTS0001", "{other}: {}", answer.text);
            let link = shop.link(&answer);
            assert_eq!(shop.messages_of(&link).len(), 2, "{other}");
            let both = with(body, name, json!(null));
            assert_eq!(
                shop.ots(CREATE, &both).ots_no().1,
                "merchantTxnId: was used before",
                "null is absent"
            );
            let twice = with(renamed(signed("S-0"), name, other), name, json!("x"));
            assert_eq!(
                shop.ots(CREATE, &twice).ots_no(),
                ("OTS1009".into(), format!("{name}: stands twice"))
            );
        }
    }
    let (_, invoice) = shop.ntt_link(&wish("T-1"));
    let signature = signature("demo", &[&invoice]);
    let body = with(renamed(about(&invoice), "invoiceNo", "InvoiceNo"), "signature", json!(signature));
    assert_eq!(shop.ots(RESEND, &body).ots().0, "OTS0001");
    assert_eq!(shop.ots(CANCEL, &body).ots().0, "OTS0002");
}

#[test]
fn the_nested_form_is_understood_in_every_call() {
    let shop = Shop::ntt();
    let nested = |body: Value| {
        let (mut account, mut param) = (json!({}), json!({}));
        for (name, value) in body.as_object().unwrap() {
            let is_account = ["merchId", "password", "signature"].contains(&name.as_str());
            if is_account { account[name] = value.clone() } else { param[name] = value.clone() }
        }
        json!({"accountValidation": account, "param": param})
    };
    let code = |path: &str, body: Value| shop.ots(path, &nested(body)).ots().0;
    assert_eq!(code(LIST, asks()), "OTS0000");
    assert_eq!(code(DETAILS, with(asks(), "templateNo", json!("T001"))), "OTS0000");
    let made = shop.ots(CREATE, &nested(signed("N-1")));
    assert_eq!(made.ots().0, "OTS0001", "{}", made.text);
    let number = made.json()["invoiceNo"].as_str().unwrap().to_owned();
    let of_invoice = with(about(&number), "signature", json!(signature("demo", &[&number])));
    assert_eq!(code(RESEND, of_invoice.clone()), "OTS0001");
    assert_eq!(code(CANCEL, of_invoice), "OTS0002");
    let mut action = nested(with(asks(), "action", json!("GETTEMPLATE")));
    assert_eq!(shop.ots(ACTION, &action).ots().0, "OTS0000", "the action in param");
    action = with(nested(asks()), "action", json!("GETTEMPLATE"));
    assert_eq!(shop.ots(ACTION, &action).ots().0, "OTS0000", "the action beside it");
    let twice = with(nested(signed("N-2")), "amount", json!("200.00"));
    assert_eq!(shop.ots(CREATE, &twice).ots_no(), ("OTS1009".into(), "amount: stands twice".into()));
    let strange = json!({"accountValidation": asks(), "param": {"colour": "red"}});
    let told = ("OTS1009".to_owned(), "param.colour: is not known to this call".to_owned());
    assert_eq!(shop.ots(LIST, &strange).ots_no(), told);
    for wrong in [json!([]), json!("x"), json!(1)] {
        let body = with(nested(asks()), "param", wrong);
        assert_eq!(shop.ots(LIST, &body).ots_no(), ("OTS1009".into(), "param".into()));
    }
}

#[test]
fn one_address_with_an_action_serves_all_five_calls() {
    let shop = Shop::ntt();
    let code = |action: &str, body: Value| shop.ots(ACTION, &with(body, "action", json!(action))).ots().0;
    assert_eq!(code("GETTEMPLATE", asks()), "OTS0000");
    assert_eq!(code("GetTemplateDetails", with(asks(), "templateNo", json!("T001"))), "OTS0000");
    let made = shop.ots(ACTION, &with(wish("A-1"), "action", json!("CREATE")));
    let number = made.json()["invoiceNo"].as_str().unwrap().to_owned();
    assert_eq!(code("RESEND", about(&number)), "OTS0001");
    assert_eq!(code("cancel", about(&number)), "OTS0002");
    for unknown in ["DELETE", "CREATE ", "createPaymentLink"] {
        assert_eq!(code(unknown, wish("A-2")), "OTS1013", "{unknown}");
        let stranger = with(wish("A-2"), "password", json!("Test@124"));
        assert_eq!(code(unknown, stranger), "OTS1002", "{unknown}: nobody learns which there are");
        assert_eq!(code(unknown, without(wish("A-2"), "merchId")), "OTS1001", "{unknown}");
    }
    let answer = shop.ots(ACTION, &with(asks(), "action", json!(1)));
    assert_eq!(answer.ots_no(), ("OTS1009".into(), "action".into()));
    // An address of one call has no action beside it.
    let answer = shop.ots(LIST, &with(asks(), "action", json!("GETTEMPLATE")));
    assert_eq!(answer.ots_no(), ("OTS1009".into(), "action: is not known to this call".into()));
}

/// Numbers are signed as their lexemes stand in the JSON.
#[test]
fn merchant_ids_amounts_and_template_numbers_may_be_numbers() {
    let shop = Shop::ntt();
    let number = |text: &str, name: &str| text.replace(&format!("\"{}\"", MINE[0]), name);
    for (at, amount) in ["100", "100.0", "100.00"].into_iter().enumerate() {
        let body = wish(&format!("L-{at}")).to_string().replace("\"100.00\"", amount);
        let answer = shop.ntt_text(CREATE, &number(&body, "446442"));
        assert_eq!(answer.ots().0, "OTS0001", "{amount}: {}", answer.text);
        assert_eq!(answer.json()["amount"], "100.00");
        assert_eq!(answer.json()["merchId"], "446442");
    }
    let other = wish("L-9").to_string().replace("\"100.00\"", "100");
    let lexeme = other.replace(MINE[2], &signature("demo", &["100.00", "L-9"]));
    assert_eq!(shop.ntt_text(CREATE, &lexeme).ots().0, "OTS1011", "100 was not signed");
    shop.template("demo", kadi_domain::template::TemplateKind::Invoice, "7");
    assert_eq!(shop.ots(DETAILS, &with(asks(), "templateNo", json!(7))).ots().0, "OTS0000");
    for name in ["merchantTxnId", "custName"] {
        let answer = shop.ots(CREATE, &with(wish("L-9"), name, json!(7)));
        assert_eq!(answer.ots_no(), ("OTS1009".into(), name.into()));
    }
}

#[test]
fn each_call_is_served_under_both_prefixes_and_by_post_alone() {
    let shop = Shop::ntt();
    let row = DIALECTS.iter().find(|row| row.name == "ntt").unwrap();
    let routes = (row.routes)();
    assert_eq!(routes.addresses().len(), 6);
    for prefix in ["", "/ntt"] {
        assert!(row.prefixes.contains(&prefix));
        assert_eq!(shop.ots(&format!("{prefix}{LIST}"), &asks()).ots().0, "OTS0000");
        for (_, path) in routes.addresses() {
            let request = Request::builder().method(Method::GET).uri(format!("{prefix}{path}"));
            let answer = shop.send(request.body(Body::empty()).unwrap());
            assert_eq!(
                (answer.status.as_u16(), answer.json()["statusCode"].clone()),
                (405, json!("OTS1009"))
            );
        }
    }
}

#[test]
fn bodies_that_are_no_request() {
    let shop = Shop::ntt();
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
    for path in [ACTION, LIST, DETAILS, CREATE, RESEND, CANCEL] {
        for (body, told) in &rows {
            let answer = shop.ntt_raw(path, "application/json", body.clone());
            assert_eq!(answer.ots_no(), ("OTS1008".to_owned(), (*told).to_owned()), "{path}");
        }
        let large = shop.ntt_raw(path, "application/json", vec![b' '; 256 * 1024 + 1]);
        assert_eq!((large.status.as_u16(), large.json()["statusCode"].clone()), (413, json!("OTS1009")));
    }
}
