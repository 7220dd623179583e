//! Every code and text that the calls beside create can answer, reached by requests of a real client.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::own_api::text;
use crate::harness::paytm::Reply;
use crate::harness::peers;
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const TABLE: &str = include_str!("tables/paytm_call_codes.tsv");

/// The row of a server that is not sound, and the test that reaches it.
const ELSEWHERE: (&str, fn()) = ("501", crate::faults::a_database_that_is_gone_in_the_words_of_paytms_calls);

pub(crate) const CALLS: [&str; 5] = ["fetch", "update", "expire", "resendNotification", "fetchTransaction"];

const EMPTY: &str = "linkId cannot be empty";
const MISSING: &str = "Link Id cannot be empty";
const NOT_FOUND: &str = "Data Not Found";
const UNKNOWN: &str = "Unknown Error Occurred";
const ENDED: &str = "Link is expired or inactive";
const AMOUNT_LOW: &str = "Amount should be greater than equal to Rs 1";
const SUM: &str = "The amount sent in the request does not match the total amount of the invoice items.";
const FORMS: &str = "Merchant not allowed payment forms";
const TOO_LATE: &str = "Expiry date cannot be set as more than 365 days from the current date";
const NOT_FIXED: &str = "Amount can be updated only for Fixed Link";
const RISK: &str = "Transaction refused by risk rules";

/// A shop with a link for each case.
struct Stock<'a> {
    shop: Shop<'a>,
    open: Value,
    lined: Value,
    donation: Value,
    paid: Value,
    ended: Value,
}

impl<'a> Stock<'a> {
    fn new(server: &'a Server) -> Self {
        let shop = Shop::open_with(server, "callcodes", "risk = { amount_max = \"50000.00\" }");
        let made = |body: Value| shop.create(&body).ok()["linkId"].clone();
        let contact = json!({"customerMobile": "9000000001"});
        let with = |mut body: Value, name: &str, value: Value| {
            body[name] = value;
            body
        };
        let item = json!({"productName": "Atlas", "perUnitAmount": 499});
        let paid = shop.create(&shop.fixed());
        server.pay(&paid.link_code(), "success");
        let ended = made(shop.fixed());
        shop.link_call("expire", &json!({"linkId": ended})).ok();
        Self {
            open: made(with(shop.fixed(), "customerContact", contact)),
            lined: made(with(shop.fixed(), "invoiceDetails", item)),
            donation: made(shop.generic()),
            paid: paid.ok()["linkId"].clone(),
            ended,
            shop,
        }
    }

    fn ask(&self, call: &str, body: Value) -> Reply {
        self.shop.link_call(call, &body)
    }

    /// Changes the open link.
    fn change(&self, name: &str, value: Value) -> Reply {
        self.ask("update", json!({"linkId": self.open, name: value}))
    }

    fn day(&self, days: i64) -> Value {
        json!(peers::ist(&self.shop.server.now(), days, Some("00:00:00")))
    }
}

/// Makes a call in the stock of links.
type Send = fn(&Stock<'_>, &'static str) -> Reply;

struct Case {
    call: &'static str,
    code: &'static str,
    text: &'static str,
    send: Send,
}

const fn case(call: &'static str, code: &'static str, text: &'static str, send: Send) -> Case {
    Case { call, code, text, send }
}

/// What every call answers alike; `call` is one of them.
const COMMON: [(&str, &str, Send); 10] = [
    ("5004", "empty merchant Id.", |it, call| it.ask(call, json!({"mid": ""}))),
    ("5023", "Merchant Id is invalid.", |it, call| it.ask(call, json!({"mid": "NOBODY00000000000000"}))),
    ("5028", "Checksum provided is invalid.", |it, call| {
        let body = json!({"mid": it.shop.mid});
        it.shop.link_post(call, peers::node().request("fedcba9876543210", &it.shop.head(), &body))
    }),
    ("5028", "Checksum provided is invalid.", |it, call| {
        let body = json!({"mid": it.shop.mid, "linkId": it.open});
        let request = peers::python().request(&it.shop.paytm_key, &it.shop.head(), &body);
        it.shop.link_post(call, request.replace("\"linkId\": ", "\"linkId\":"))
    }),
    ("5029", "request body cannot be empty", |it, call| {
        it.shop.link_post(call, json!({"head": it.shop.head()}).to_string())
    }),
    ("5029", "empty request.", |it, call| it.shop.link_post(call, "{}")),
    ("5030", "request head cannot be empty", |it, call| {
        it.shop.link_post(call, json!({"body": {"mid": it.shop.mid}}).to_string())
    }),
    ("5052", "Invalid mid type", |it, call| it.ask(call, json!({"mid": 7}))),
    ("5053", "invalid mid length", |it, call| it.ask(call, json!({"mid": "A".repeat(21)}))),
    ("502", UNKNOWN, |it, call| it.ask(call, json!({"linkId": "seven"}))),
];

const CASES: &[Case] = &[
    case("fetch", "200", "Success", |it, call| it.ask(call, json!({}))),
    case("fetch", "404", NOT_FOUND, |it, call| it.ask(call, json!({"linkId": 7}))),
    case("update", "200", "Success", |it, call| it.ask(call, json!({"linkId": it.open}))),
    case("update", "312", MISSING, |it, call| it.ask(call, json!({}))),
    case("update", "404", NOT_FOUND, |it, call| it.ask(call, json!({"linkId": "7"}))),
    case("update", "5056", ENDED, |it, call| it.ask(call, json!({"linkId": it.ended}))),
    case("update", "5082", NOT_FIXED, |it, call| it.ask(call, json!({"linkId": it.donation, "amount": 5}))),
    case("update", "5014", SUM, |it, call| it.ask(call, json!({"linkId": it.lined, "amount": 5}))),
    case("update", "5009", AMOUNT_LOW, |it, _| it.change("amount", json!("0.99"))),
    case("update", "100", RISK, |it, _| it.change("amount", json!(50_001))),
    case("update", "5022", FORMS, |it, _| it.change("templateId", json!(12))),
    case("update", "5022", FORMS, |it, _| it.change("changeTemplate", json!(true))),
    case("update", "5021", "Expiry date is invalid.", |it, _| it.change("expiryDate", it.day(-1))),
    case("update", "5021", "Expiry date is invalid.", |it, _| it.change("expiryDate", json!("1/1/2030"))),
    case("update", "5027", TOO_LATE, |it, _| it.change("expiryDate", it.day(366))),
    case("expire", "302", EMPTY, |it, call| it.ask(call, json!({"linkId": ""}))),
    case("expire", "404", NOT_FOUND, |it, call| it.ask(call, json!({"linkId": 7}))),
    case("expire", "200", "Success", |it, call| it.ask(call, json!({"linkId": it.ended}))),
    case("resendNotification", "200", "Success", |it, call| {
        it.ask(call, json!({"linkId": it.open, "sendSms": true}))
    }),
    case("resendNotification", "302", EMPTY, |it, call| it.ask(call, json!({"sendSms": true}))),
    case("resendNotification", "404", NOT_FOUND, |it, call| it.ask(call, json!({"linkId": 7}))),
    case("resendNotification", "5056", ENDED, |it, call| {
        it.ask(call, json!({"linkId": it.ended, "sendSms": true}))
    }),
    case("fetchTransaction", "200", "Success", |it, call| it.ask(call, json!({"linkId": it.paid}))),
    case("fetchTransaction", "312", MISSING, |it, call| it.ask(call, json!({"linkId": null}))),
    case("fetchTransaction", "404", NOT_FOUND, |it, call| it.ask(call, json!({"linkId": it.open}))),
];

fn check(wrong: &mut Vec<String>, call: &str, (code, message): (&str, &str), reply: &Reply) {
    let status = if code == "200" { "SUCCESS" } else { "FAILED" };
    let told = (reply.http, reply.code(), reply.value["body"]["resultInfo"]["resultStatus"].as_str());
    let is_named = code != "502" || !reply.detail().is_empty();
    if told != (200, code, Some(status)) || reply.message() != message || !is_named {
        wrong.push(format!("{call} {code}: HTTP {} {}", reply.http, reply.text));
    }
}

#[test]
pub(crate) fn every_row_of_the_calls_is_answered_letter_by_letter() {
    let server = Server::dev();
    let stock = Stock::new(&server);
    let mut wrong = Vec::new();
    for case in CASES {
        check(&mut wrong, case.call, (case.code, case.text), &(case.send)(&stock, case.call));
    }
    for call in CALLS {
        for (code, text, send) in COMMON {
            check(&mut wrong, call, (code, text), &send(&stock, call));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    server.verify();
}

#[test]
fn no_row_of_the_calls_is_without_a_case() {
    let rows: BTreeSet<_> = TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|cells| cells[1] != ELSEWHERE.0)
        .inspect(|cells| assert_eq!(cells[2], if cells[1] == "200" { "SUCCESS" } else { "FAILED" }))
        .map(|cells| (cells[0], cells[1], cells[3]))
        .collect();
    let mut cases: BTreeSet<_> = CASES.iter().map(|case| (case.call, case.code, case.text)).collect();
    for call in CALLS {
        cases.extend(COMMON.iter().map(|(code, text, _)| (call, *code, *text)));
    }
    assert_eq!(rows, cases);
}

#[test]
fn a_childs_links_are_looked_for_under_its_aggregators_key() {
    let server = Server::dev();
    let parent = Shop::open(&server, "parent");
    let child = Shop::open_with(&server, "kiddie", "aggregator = \"parent\"");
    let link = child.create(&child.fixed()).ok()["linkId"].clone();
    let found = parent.link_call("fetch", &json!({"mid": child.mid}));
    assert_eq!(found.ok()["links"][0]["linkId"], link);
    assert!(text(&found.ok()["links"][0]["shortUrl"]).contains("/p/"));
    assert_eq!(parent.link_call("fetch", &json!({"linkId": link})).code(), "404", "not the aggregator's own");
}
