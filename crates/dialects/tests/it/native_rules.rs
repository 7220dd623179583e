//! What a body or query of Kadi's own API may hold: types, lengths, ranges, times.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::merchants::{merchant, with_keys};
use crate::support::shop::Shop;

fn open() -> Shop {
    let mut demo = merchant("demo");
    demo.risk.amount_max = None;
    Shop::open(vec![with_keys(demo, &[])])
}

fn fixed() -> Value {
    json!({"kind": "fixed", "amount": 10_000, "name": "Fees"})
}

fn invoice(line: Value) -> Value {
    json!({"kind": "invoice", "amount": 10_000, "name": "Fees", "lines": [line]})
}

fn with(mut body: Value, member: &str, value: Value) -> Value {
    body[member] = value;
    body
}

/// Asserts 422 with this code and a detail that begins with the member's name.
fn assert_named(answer: &Answer, code: &str, member: &str) {
    assert_eq!((answer.status.as_u16(), answer.problem().as_deref()), (422, Some(code)), "{}", answer.text);
    assert!(answer.detail().starts_with(member), "{member}: {}", answer.text);
}

#[test]
fn unknown_members_and_wrong_types_are_refused_by_name() {
    let shop = open();
    let line = json!({"name": "Tea", "units": 1, "unit_amount": 10_000});
    let customer = |member: &str, value: Value| with(fixed(), "customer", json!({ member: value }));
    let bodies = [
        ("colour", with(fixed(), "colour", json!(1))),
        ("colour", with(fixed(), "colour", json!(true))),
        ("customer.age", customer("age", json!(1))),
        ("lines[0].colour", invoice(with(line.clone(), "colour", json!(1)))),
        ("lines[0].taxes[0].rate", invoice(with(line.clone(), "taxes", json!([{"rate": 1}])))),
        ("kind", with(fixed(), "kind", json!("sale"))),
        ("kind", with(fixed(), "kind", json!(1))),
        ("kind", with(fixed(), "kind", Value::Null)),
        ("amount", with(fixed(), "amount", json!("1000"))),
        ("amount", with(fixed(), "amount", json!(10.5))),
        ("amount", with(fixed(), "amount", json!(1e30))),
        ("amount", with(fixed(), "amount", json!(true))),
        ("currency", with(fixed(), "currency", json!(356))),
        ("name", with(fixed(), "name", json!(["a"]))),
        ("name", with(fixed(), "name", Value::Null)),
        ("description", with(fixed(), "description", json!(1))),
        ("reusable", with(fixed(), "reusable", json!("yes"))),
        ("max_payments", with(fixed(), "max_payments", json!("3"))),
        ("customer", with(fixed(), "customer", json!("Asha"))),
        ("customer.mobile", customer("mobile", json!(9_000_000_001_i64))),
        ("send", with(fixed(), "send", json!("sms"))),
        ("send[1]", with(fixed(), "send", json!(["sms", "fax"]))),
        ("expires_at", with(fixed(), "expires_at", json!(1_800_000_000))),
        ("success_url", with(fixed(), "success_url", json!({}))),
        ("lines", with(fixed(), "lines", json!({}))),
        ("lines[0].units", invoice(with(line, "units", json!(1.5)))),
    ];
    for (member, body) in bodies {
        assert_named(&shop.post("/v1/links", &body), "invalid_request", member);
    }
    for (body, missing) in [(json!({}), "kind"), (json!({"kind": "open"}), "name"), (json!([]), "")] {
        let answer = shop.post("/v1/links", &body);
        assert_eq!(answer.problem().as_deref(), Some("invalid_request"), "{}", answer.text);
        assert!(answer.detail().contains(missing), "{}", answer.text);
    }
    let long = shop.post("/v1/links", &with(fixed(), "amount", json!("9".repeat(200_000))));
    assert!(long.text.len() < 1_000, "{} bytes", long.text.len());
    assert_eq!(shop.get("/v1/links").json()["data"], json!([]), "nothing was stored");
}

#[test]
fn texts_have_lengths_and_no_hidden_characters() {
    let shop = open();
    let line = |member: &str, text: &str| {
        let line = json!({"name": "Tea", "units": 1, "unit_amount": 10_000});
        match member {
            "tax name" => invoice(with(line, "taxes", json!([{"name": text, "amount": 0}]))),
            "line code" => invoice(with(line, "code", json!(text))),
            _ => invoice(with(line, "name", json!(text))),
        }
    };
    let top = |member: &str, text: &str| with(fixed(), member, json!(text));
    let customer = |member: &str, text: &str| {
        let member = member.strip_prefix("customer.").unwrap();
        with(fixed(), "customer", json!({ member: text }))
    };
    type Place<'a> = &'a dyn Fn(&str, &str) -> Value;
    let members: [(&str, usize, Place<'_>); 10] = [
        ("name", 100, &top),
        ("description", 500, &top),
        ("success_message", 254, &top),
        ("notes", 254, &top),
        ("reference", 100, &top),
        ("customer.name", 100, &customer),
        ("customer.id", 64, &customer),
        ("line name", 100, &line),
        ("line code", 64, &line),
        ("tax name", 64, &line),
    ];
    for (member, chars_max, place) in members {
        let longest = "च".repeat(chars_max);
        assert_eq!(shop.post("/v1/links", &place(member, &longest)).status, 201, "{member}");
        let hidden = ["a\nb", "a\u{0}", "a\u{7f}b", "a\u{202e}b", "a\u{2028}b", "\u{85}"];
        for text in hidden.into_iter().chain([format!("{longest}x").as_str()]) {
            assert_named(&shop.post("/v1/links", &place(member, text)), "invalid_request", member);
        }
        let blank = shop.post("/v1/links", &place(member, "  "));
        assert_eq!(blank.status == 201, member == "description", "{member}: {}", blank.text);
    }
}

#[test]
fn values_have_their_ranges() {
    let shop = open();
    let line = |member: &str, value: Value| {
        invoice(with(json!({"name": "Tea", "units": 1, "unit_amount": 10_000}), member, value))
    };
    let customer = |member: &str, text: &str| with(fixed(), "customer", json!({ member: text }));
    let open_link = json!({"kind": "open", "name": "Gift"});
    let invalid = [
        ("currency", with(fixed(), "currency", json!("inr"))),
        ("currency", with(fixed(), "currency", json!("XXX"))),
        ("max_payments", with(fixed(), "max_payments", json!(0))),
        ("max_payments", with(fixed(), "max_payments", json!(1_000_000_001))),
        ("max_payments", with(with(fixed(), "max_payments", json!(2)), "reusable", json!(false))),
        ("customer.mobile", customer("mobile", "123")),
        ("customer.email", customer("email", "nobody")),
        ("send", with(fixed(), "send", json!(["sms"]))),
        ("send", with(customer("mobile", "9000000001"), "send", json!(["sms", "email"]))),
        ("success_url", with(fixed(), "success_url", json!("http://shop.example/"))),
        ("failure_url", with(fixed(), "failure_url", json!("javascript:alert(1)"))),
        ("lines", with(fixed(), "lines", json!([{"name": "Tea", "units": 1, "unit_amount": 1}]))),
        ("lines", line("units", json!(0))),
        ("lines", line("units", json!(1_000_000_001))),
        (
            "lines",
            with(fixed(), "lines", json!(vec![json!({"name": "a", "units": 1, "unit_amount": 1}); 51])),
        ),
        (
            "lines",
            with(
                with(fixed(), "kind", json!("invoice")),
                "lines",
                json!(vec![json!({"name": "a", "units": 1, "unit_amount": 1}); 51]),
            ),
        ),
        ("lines", line("taxes", json!(vec![json!({"name": "a", "amount": 0}); 11]))),
        ("lines", line("unit_amount", json!(9_999))),
    ];
    for (member, body) in invalid {
        assert_named(&shop.post("/v1/links", &body), "invalid_request", member);
    }
    let amounts = [
        ("amount", with(fixed(), "amount", json!(0))),
        ("amount", with(fixed(), "amount", json!(-100))),
        ("amount", with(fixed(), "amount", json!(i64::MAX))),
        ("amount", with(fixed(), "amount", Value::Null)),
        ("amount", with(open_link, "amount", json!(100))),
        ("unit_amount", line("unit_amount", json!(-1))),
        ("tax amount", line("taxes", json!([{"name": "a", "amount": -1}]))),
        ("the amount", with(fixed(), "amount", json!(99))),
        ("the amount", with(fixed(), "amount", json!(10_000_001))),
    ];
    for (member, body) in amounts {
        assert_named(&shop.post("/v1/links", &body), "amount_invalid", member);
    }
    for amount in [100, 10_000_000] {
        assert_eq!(shop.post("/v1/links", &with(fixed(), "amount", json!(amount))).status, 201, "{amount}");
    }
}

#[test]
fn times_are_rfc_3339_with_any_offset_to_the_millisecond() {
    let shop = open();
    let shown = |text: &str| {
        let answer = shop.post("/v1/links", &with(fixed(), "expires_at", json!(text)));
        answer.json()["expires_at"].as_str().map(str::to_owned)
    };
    for (sent, written) in [
        ("2099-01-31T18:29:59Z", "2099-01-31T18:29:59Z"),
        ("2099-01-31t18:29:59z", "2099-01-31T18:29:59Z"),
        ("2099-02-01T00:00:00+05:30", "2099-01-31T18:30:00Z"),
        ("2099-01-31T10:29:59-08:00", "2099-01-31T18:29:59Z"),
        ("2099-01-31T18:29:59.5Z", "2099-01-31T18:29:59.5Z"),
        ("2099-01-31T18:29:59.123+00:00", "2099-01-31T18:29:59.123Z"),
        ("2099-01-31T18:29:59.123999Z", "2099-01-31T18:29:59.123Z"),
        ("2096-02-29T00:00:00Z", "2096-02-29T00:00:00Z"),
    ] {
        assert_eq!(shown(sent).as_deref(), Some(written), "{sent}");
    }
    for text in [
        "",
        "tomorrow",
        "2099-01-31",
        "2099-01-31T18:29:59",
        "2099-01-31 18:29:59Z",
        "2099-01-31T18:29Z",
        "2099-01-31T18:29:59+0530",
        "2099-01-31T18:29:59+05",
        "2099-01-31T18:29:59.Z",
        "2099-01-31T18:29:59,5Z",
        "2099-01-31T18:29:59Z[Asia/Kolkata]",
        "2099-02-29T00:00:00Z",
        "2099-13-01T00:00:00Z",
        "2099-01-31T24:00:00Z",
        "20990131T182959Z",
        "+002099-01-31T18:29:59Z",
        "२०९९-०१-३१T१८:२९:५९Z",
        "4070908799",
    ] {
        let answer = shop.post("/v1/links", &with(fixed(), "expires_at", json!(text)));
        assert_named(&answer, "invalid_request", "expires_at");
    }
    let past = shop.post("/v1/links", &with(fixed(), "expires_at", json!("2020-01-01T00:00:00Z")));
    assert_named(&past, "invalid_request", "expires_at");
}

#[test]
fn pages_have_one_to_a_hundred_rows_and_cursors() {
    let shop = open();
    for _ in 0..21 {
        shop.post("/v1/links", &fixed());
    }
    let count = |query: &str| {
        let page = shop.get(&format!("/v1/links{query}")).json();
        (page["data"].as_array().unwrap().len(), page["next"].is_string())
    };
    assert_eq!(count(""), (20, true));
    assert_eq!(count("?limit=1"), (1, true));
    assert_eq!(count("?limit=21"), (21, false));
    assert_eq!(count("?limit=100"), (21, false));
    assert_eq!(count("?after=1"), (0, false));
    for path in ["/v1/links", "/v1/events"] {
        for query in [
            "limit=0",
            "limit=101",
            "limit=-1",
            "limit=x",
            "limit=",
            "limit=1.0",
            "after=x",
            "after=",
            "after=%00",
            "after=+1",
            "limit=1&limit=2",
            "page=2",
        ] {
            let answer = shop.get(&format!("{path}?{query}"));
            assert_eq!(
                answer.problem().as_deref(),
                Some("invalid_request"),
                "{path} {query}: {}",
                answer.text
            );
        }
    }
}

#[test]
fn a_cancel_has_no_body_or_an_empty_object() {
    let shop = open();
    for (body, problem) in
        [("", None), ("{}", None), ("{\"a\":1}", Some("invalid_request")), ("x", Some("malformed_json"))]
    {
        let link = shop.link(&shop.post("/v1/links", &fixed())).id.get();
        let answer = shop.call("POST", &format!("/v1/links/{link}/cancel"), &[], body);
        assert_eq!(answer.problem().as_deref(), problem, "{body}");
        assert_eq!(answer.status == 200, problem.is_none(), "{body}");
    }
}

#[test]
fn any_whole_number_is_an_amount_or_is_refused_as_one() {
    let shop = open();
    let limits = 100..=10_000_000_i64;
    let around = prop_oneof![any::<i64>(), -1_000..1_000_i64, 9_999_000..10_001_000_i64];
    for amount in crate::oracle::sample(&around, 300) {
        let answer = shop.post("/v1/links", &with(fixed(), "amount", json!(amount)));
        if limits.contains(&amount) {
            assert_eq!((answer.status.as_u16(), &answer.json()["amount"]), (201, &json!(amount)));
        } else {
            assert_eq!(answer.problem().as_deref(), Some("amount_invalid"), "{amount}: {}", answer.text);
        }
    }
    for limit in crate::oracle::sample(&prop_oneof![any::<i64>(), -5..120_i64], 300) {
        let answer = shop.get(&format!("/v1/events?limit={limit}"));
        assert_eq!(answer.status == 200, (1..=100).contains(&limit), "{limit}: {}", answer.text);
    }
}
