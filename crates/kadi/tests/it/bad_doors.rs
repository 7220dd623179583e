//! Bad input for the doors that are no dialect's: the payer's form, and every call of testers. No answer is a
//! server's error, and what is refused makes no payment.

use serde_json::{Value, json};

use crate::doors::rows;
use crate::harness::http::{Answer, Call, encode};
use crate::harness::own_api::text;
use crate::harness::server::Server;
use crate::harness::shop::Shop;

/// What stands in the place of each member, as it is written in JSON or is not.
const VALUES: [&str; 25] = [
    "null",
    "false",
    "0",
    "-1",
    "0.1",
    "1e400",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "\"\"",
    "\" \"",
    "\"-1\"",
    "\"0.001\"",
    "\"1e3\"",
    "\"99999999999999999999\"",
    "\"a\\u0000b\\r\\n\"",
    "\"\\u202e\\u2066\"",
    "\"\\ud800\"",
    "\"<script>\"",
    "[]",
    "[null]",
    "[[[[[[[[[[[[]]]]]]]]]]]]",
    "{}",
    "{\"a\":{}}",
    "NaN",
];

const BODIES: [&str; 12] = [
    "",
    " ",
    "null",
    "1",
    "\"x\"",
    "[]",
    "{",
    "{}x",
    "{\"a\":1,}",
    "\u{0}",
    "a=1&b=%ff&%zz",
    "{\"a\":1,\"a\":2}",
];

/// What a call of testers takes, with everything that it may take.
fn wish(address: &str) -> Value {
    match address {
        "/sandbox/pay/{code}" => json!({
            "amount": "10.00", "mode": "UPI", "payer_mobile": "9000000001", "form": {},
            "script": {
                "answer": "pending", "check": "pending", "takes_percent": 100, "takes_currency": "INR",
                "takes_account": "demo", "takes_reference_of": "1024", "refunds": "success",
                "steps": [
                    {"at_s": 900_000, "check": "succeeded", "notice": "succeeded", "times": 2, "reference": 1,
                     "percent": 5},
                    {"after_reservation_s": 900_000, "stray": "succeeded"},
                    {"at_s": 900_000, "refund": "failed"},
                    {"at_s": 900_000, "restart": true},
                ],
            },
        }),
        "/sandbox/clock" => json!({"advance_s": 1}),
        "/sandbox/payments/{id}/settle"
        | "/sandbox/payments/{id}/refunds"
        | "/sandbox/refunds/{id}/settle" => json!({"outcome": "success"}),
        _ => panic!("{address} is not walked"),
    }
}

/// The texts of a body in which one member, at any depth, is something else or is not there.
fn worse(whole: &Value, at: &Value) -> Vec<String> {
    let mut texts = Vec::new();
    let inner: Vec<(String, &Value)> = match at {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(n, value)| (n.to_string(), value)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (name, value) in inner {
        let put = |with: Value| {
            let mut changed = at.clone();
            let place = changed.pointer_mut(&format!("/{name}")).unwrap();
            *place = with;
            changed
        };
        let marked = put(json!("@here@")).to_string();
        let wrong = VALUES.iter().map(|with| marked.replace("\"@here@\"", with));
        let below = worse(value, value).into_iter().map(|text| marked.replace("\"@here@\"", &text));
        texts.extend(wrong.chain(below));
    }
    if at == whole {
        texts.extend(BODIES.map(str::to_owned));
        texts.push(format!("[{}]", "[".repeat(50_000)));
        texts.push(format!("{{\"outcome\":\"{}\"}}", "x".repeat(2_000_000)));
    }
    texts
}

fn judge(what: &str, answer: &Answer) {
    assert!(answer.status < 500, "{what:.300}: {} {}", answer.status, answer.text());
    assert!(answer.text().len() < 64 * 1024, "{what:.300}: {} bytes", answer.text().len());
}

/// How many payments there are.
fn count(shop: &Shop<'_>, link: &Value) -> usize {
    let (mut count, mut after) = (0, String::new());
    loop {
        let page = shop.found(&format!("/v1/links/{}/payments?limit=100{after}", text(&link["id"])));
        count += page["data"].as_array().unwrap().len();
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return count,
        }
    }
}

fn gifts(shop: &Shop<'_>) -> Value {
    shop.link(&json!({"kind": "open", "name": "Gifts", "reusable": true}))
}

#[test]
fn no_call_of_testers_fails_and_what_it_refuses_is_not_done() {
    let server = Server::dev();
    let shop = Shop::open(&server, "clumsy");
    let link = gifts(&shop);
    let code = text(&link["code"]);
    let paid = server.pay_with(code, &json!({"outcome": "pending", "amount": "5"})).json();
    let (mut asked, mut taken, mut line) = (0, 1, server.line());
    for (method, address) in rows("Testers").into_iter().filter(|(method, _)| method == "POST") {
        let path = address.replace("{code}", code).replace("{id}", text(&paid["id"]));
        let body = wish(&address);
        for text in worse(&body, &body) {
            let call = Call::post(&path).body("application/json", text.clone());
            // A body that is too long ends its line.
            let answer = if text.len() > 100_000 { server.send(&call) } else { call.send_on(&mut line) };
            judge(&format!("{method} {address}: {text}"), &answer);
            asked += 1;
            taken += usize::from(answer.status == 200 && address == "/sandbox/pay/{code}");
        }
    }
    assert!(asked > 500, "{asked}");
    assert_eq!(count(&shop, &link), taken, "what was refused made no payment");
    for query in ["?to=", "?to=%00", "?to=%ff", "?to=1&to=2", "?to=%E2%80%AE", "?x", "?to=@", "?%zz"] {
        let answer = server.send(&Call::get(&format!("/sandbox/messages{query}")));
        judge(query, &answer);
        assert!(query != "?to=" || answer.status == 422, "{}", answer.text());
    }
    server.verify();
}

#[test]
fn no_form_of_a_payer_fails_and_what_is_refused_makes_no_payment() {
    let server = Server::dev();
    let shop = Shop::open(&server, "fumbler");
    let link = gifts(&shop);
    let path = format!("/p/{}/pay", text(&link["code"]));
    let long = "9".repeat(3_000);
    let amounts = [
        "",
        " ",
        "0",
        "-1",
        "0.001",
        "1e3",
        "1,0,0",
        "99999999999999999999",
        "\u{663}",
        "\u{202e}5",
        "\u{0}",
        "<b>",
        &long,
    ];
    let mut bodies: Vec<String> =
        amounts.iter().map(|amount| format!("outcome=success&amount={}", encode(amount))).collect();
    bodies.extend(
        [
            "",
            "=",
            "&&",
            "outcome",
            "outcome=&amount=5",
            "outcome=won&amount=5",
            "amount=5",
            "outcome=success",
            "outcome=success&amount=%ff",
            "outcome=success&amount=%zz",
            "outcome=success&outcome=failure&amount=5",
            "outcome=success&amount=5&amount=6",
            "outcome=success&amount[]=5",
            "{\"outcome\":\"success\"}",
        ]
        .map(str::to_owned),
    );
    bodies.push(format!("outcome=success&amount=5&x={}", "y".repeat(100_000)));
    let mut taken = 0;
    for kind in
        ["application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "", "x"]
    {
        for body in &bodies {
            let answer = server.send(&Call::post(&path).body(kind, body.clone()));
            judge(&format!("{kind}: {body}"), &answer);
            taken += usize::from(answer.status == 303);
        }
    }
    assert_eq!(count(&shop, &link), taken, "what was refused made no payment");
    for query in ["?lang=", "?lang=%ff", "?lang=xx&stay", "?stay=1&stay=2", "?%zz", "?lang=%00"] {
        let page = path.trim_end_matches("/pay");
        let answer = server.send(&Call::get(&format!("{page}{query}")));
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    }
    server.verify();
}
