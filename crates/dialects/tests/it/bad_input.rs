//! Bad input for every call that is served, made from its right request: no answer is a server's error, each
//! is in the dialect's own words, and what is not a "yes" changes nothing.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, Request};
use kadi_dialects::table::DIALECTS;
use kadi_domain::time::Timestamp;
use serde_json::Value;

use crate::samples::{Known, Sample, furnished};
use crate::support::answer::Answer;
use crate::support::shop::Shop;

/// The longest answer to one request but a page of a list or the description, in bytes.
const ANSWER_BYTES_MAX: usize = 16 * 1024;

/// What stands in the place of each member, as it is written in JSON or is not.
const VALUES: &[&str] = &[
    "null",
    "true",
    "0",
    "-1",
    "-0",
    "0.1",
    "1.5",
    "1e2",
    "1e400",
    "-5e-324",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "\"\"",
    "\" \"",
    "\"0\"",
    "\"-1\"",
    "\"1e2\"",
    "\"9999999999999999999999\"",
    "\"null\"",
    "\"a\\u0000b\"",
    "\"a\\u0007\\u001b[31m\\r\\nb\"",
    "\"\\u202ea\\u2066b\\u200f\"",
    "\"\\ud800\"",
    "\"\u{1f642}\u{301}\u{feff}\"",
    "\"<script>alert(1)</script>\"",
    "\"' OR 1=1; --\"",
    "[]",
    "[null]",
    "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
    "{}",
    "{\"a\":{\"b\":[{}]}}",
    "NaN",
    "01",
    "'x'",
    "\"raw\ttab\"",
];

/// Whole bodies that are no object of the call.
const BODIES: &[&str] = &[
    "",
    " ",
    "null",
    "true",
    "1",
    "\"x\"",
    "[]",
    "[{}]",
    "{",
    "}",
    "{]",
    "{}x",
    "{}{}",
    "{\"a\":1,}",
    "{a:1}",
    "\u{feff}{}",
    "{\"a\":1 /* c */}",
    "a=1&b=2",
    "<a/>",
    "\u{0}",
    "{\"\":\"\"}",
    "{\"__proto__\":{}}",
];

/// What stands for a parameter of a query, as it is sent.
const PARAMETERS: &[&str] = &[
    "",
    "%20",
    "0",
    "-1",
    "101",
    "1e2",
    "05",
    "1.0",
    "NaN",
    "null",
    "9223372036854775807",
    "99999999999999999999",
    "-9223372036854775808",
    "%00",
    "%ff",
    "%E2%80%AE",
    "%zz",
    "[]",
    "{}",
    "'",
    "%22",
    "2027-13-45T99:00:00Z",
    "9999-12-31T23:59:59Z",
    "-0001-01-01T00:00:00Z",
    "1.2.3",
    "%D9%A3",
];

/// Whole queries.
const QUERIES: &[&str] =
    &["&", "=", "&&=&", "colour=red", "limit", "limit=1&limit=2", "%", "?", "limit[]=1", "a.b=c"];

/// What stands for an id in a path.
const IDS: &[&str] = &[
    "0",
    "-1",
    "+1",
    "01",
    "1e3",
    "1.0",
    "null",
    "%20",
    "%00",
    "%ff",
    "%2e%2e",
    "..",
    "%2f",
    "%E2%80%AE",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "99999999999999999999",
    "%D9%A3",
    "--a",
    "x--a",
    "%7B%7D",
    "'",
    "~",
];

const KINDS: &[Option<&str>] = &[
    None,
    Some(""),
    Some("text/plain"),
    Some("application/x-www-form-urlencoded"),
    Some("multipart/form-data; boundary=x"),
    Some("application/json; charset=utf-16"),
    Some("application/jsonx"),
    Some("nonsense"),
    Some("application/xml"),
];

/// A call under one address, and what came of the requests to it.
struct Walk<'a> {
    shop: &'a Shop,
    known: &'a Known,
    sample: &'static Sample,
    name: String,
    prefix: &'static str,
    asked: usize,
    statuses: BTreeMap<u16, usize>,
}

impl Walk<'_> {
    fn address(&self) -> String {
        format!("{}{}", self.prefix, self.sample.path(self.known))
    }

    /// What a call may have changed: the newest event and message, and every balance.
    fn books(&self) -> String {
        let merchant = self.known.merchant;
        self.shop.read(move |reader| {
            let (from, to) = (Timestamp::from_ms(i64::MIN), Timestamp::from_ms(i64::MAX));
            let newest = reader.events_page(merchant, None, 1)?;
            Ok(format!(
                "{newest:?}{:?}{:?}",
                reader.messages(None, 1)?,
                reader.account_sums(merchant, from, to)?
            ))
        })
    }

    fn ask(&mut self, what: &str, request: Request<Body>) -> Answer {
        let before = self.books();
        let is_get = request.method() == Method::GET;
        let answer = self.shop.send(request);
        let shown = format!("{}: {}: {} {:.300}", self.name, what, answer.status, answer.text);
        assert!(answer.status.as_u16() < 500, "{shown}");
        if is_get || !is_yes(&answer) {
            assert_eq!(self.books(), before, "{shown}");
        }
        if !answer.status.is_success() || !is_get {
            assert!(answer.text.len() < ANSWER_BYTES_MAX, "{shown}");
        }
        // An address that the router does not know is answered by the server.
        let is_nowhere = answer.status == 404 && answer.text.is_empty();
        assert!(is_nowhere || is_file(&answer) || answer.json().is_object(), "{shown}");
        if self.sample.is_of("native") && answer.status.is_client_error() && !is_nowhere {
            assert!(answer.problem().is_some(), "{shown}");
        }
        *self.statuses.entry(answer.status.as_u16()).or_default() += 1;
        self.asked += 1;
        answer
    }

    fn bodies(&mut self, body: &Value) {
        let address = self.address();
        let deep = |open: &str, times: usize| open.repeat(times);
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(2_000_000));
        let made = [deep("[", 200), deep("{\"a\":", 200), deep("[", 100_000), deep("[[1],", 5_000), long];
        for text in BODIES.iter().map(|text| (*text).to_owned()).chain(made) {
            self.ask(
                &format!("the text {text:.40}"),
                self.sample.raw(&address, Some("application/json"), text.clone()),
            );
            self.ask(&format!("the body {text:.40}"), self.sample.request(&address, &text));
        }
        for bytes in [&b"\xff\xfe{\x00}\x00"[..], b"{\"a\":\"\xc3\x28\"}", b"\x1f\x8b\x08\x00"] {
            self.ask("bytes", self.sample.raw(&address, Some("application/json"), bytes.to_vec()));
        }
        for kind in KINDS {
            self.ask(&format!("{kind:?}"), self.sample.raw(&address, *kind, body.to_string()));
        }
        for (name, value) in [("content-encoding", "gzip"), ("idempotency-key", ""), ("accept", "image/png")]
        {
            let mut request = self.sample.request(&address, &body.to_string());
            request.headers_mut().append(name, value.parse().unwrap());
            self.ask(name, request);
        }
    }

    /// Each member, at any depth, in every wrong way.
    fn members(&mut self, body: &Value) {
        let address = self.address();
        let long = format!("\"{}\"", "x".repeat(20_000));
        let many = format!("[{}1]", "1,".repeat(2_000));
        for place in places(body, "") {
            for value in VALUES.iter().copied().chain([long.as_str(), many.as_str()]) {
                let text = replaced(body, &place, value);
                self.ask(&format!("{place} is {value:.40}"), self.sample.request(&address, &text));
            }
        }
        if let Value::Object(members) = body {
            for (name, value) in members {
                let mut less = members.clone();
                less.remove(name);
                self.ask(
                    &format!("without {name}"),
                    self.sample.request(&address, &Value::from(less).to_string()),
                );
                let whole = body.to_string();
                for again in [value.to_string(), "null".to_owned()] {
                    let twice = format!("{{\"{name}\":{again},{}", whole.trim_start_matches('{'));
                    let answer = self.ask(&format!("{name} twice"), self.sample.request(&address, &twice));
                    assert!(!is_yes(&answer), "{}: {name} twice: {}", self.name, answer.text);
                }
            }
        }
    }

    fn queries(&mut self) {
        let address = self.address();
        let with = |query: &str| format!("{address}?{query}");
        let sample = self.sample;
        let rest = |name: &str| -> String {
            let others = sample.query.iter().filter(|(other, _)| *other != name);
            others.map(|(other, value)| format!("&{other}={value}")).collect()
        };
        for (name, right) in sample.query {
            let (long, twice) = ("9".repeat(5_000), format!("{right}&{name}={right}"));
            for value in PARAMETERS.iter().copied().chain([long.as_str(), twice.as_str()]) {
                let query = format!("{name}={value}{}", rest(name));
                let answer = self.ask(&format!("?{query:.60}"), sample.request(&with(&query), ""));
                let is_refused = answer.status.is_client_error();
                assert!(!value.is_empty() || is_refused, "{}: ?{name}= is empty: {}", self.name, answer.text);
            }
        }
        for query in QUERIES {
            self.ask(&format!("?{query}"), sample.request(&with(query), ""));
        }
    }

    fn ids(&mut self, body: &str) {
        let long = "9".repeat(3_000);
        for id in IDS.iter().copied().chain([long.as_str()]) {
            let address = format!("{}{}", self.prefix, self.sample.path_of(id));
            let answer = self.ask(&format!("{address:.60}"), self.sample.request(&address, body));
            assert!(!is_yes(&answer), "{}: {id}: {}", self.name, answer.text);
        }
    }
}

/// Is it a file, and no JSON?
fn is_file(answer: &Answer) -> bool {
    answer.header("content-type") == Some("application/pdf")
}

/// Was the call carried out?
pub(crate) fn is_yes(answer: &Answer) -> bool {
    if is_file(answer) {
        return answer.status == 200;
    }
    if !answer.status.is_success() {
        return false;
    }
    let body = answer.json();
    if body["statusCode"].as_str().is_some_and(|code| !code.starts_with("OTS0")) {
        return false;
    }
    let result = body["body"]["resultInfo"]["resultStatus"].clone();
    result.is_null() || ["SUCCESS", "S", "PENDING"].iter().any(|word| result == *word)
}

/// Where the members of a value are, those of its members too, as JSON pointers.
fn places(value: &Value, at: &str) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (format!("{at}/{name}"), value)).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(n, value)| (format!("{at}/{n}"), value)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    let below = |(at, value): (String, &Value)| [vec![at.clone()], places(value, &at)].concat();
    inner.into_iter().flat_map(below).collect()
}

/// The text of a body in which this stands at that place, whether it is JSON or not.
fn replaced(body: &Value, place: &str, with: &str) -> String {
    let mut body = body.clone();
    *body.pointer_mut(place).unwrap() = Value::from("@here@");
    body.to_string().replace("\"@here@\"", with)
}

fn walks<'a>(shop: &'a Shop, known: &'a Known) -> Vec<Walk<'a>> {
    let mut walks = Vec::new();
    for row in DIALECTS {
        for (method, path) in (row.routes)().addresses() {
            let sample = Sample::find(row.name, method, path);
            let name = format!("{} {method} {path}", row.name);
            // What answers is the same under every prefix.
            let prefix = row.prefixes[0];
            walks.push(Walk { shop, known, sample, name, prefix, asked: 0, statuses: BTreeMap::new() });
        }
    }
    walks
}

#[test]
fn no_call_fails_or_changes_anything_by_a_request_that_is_not_right() {
    let (shop, known) = furnished();
    let mut walks = walks(&shop, &known);
    assert_eq!(walks.len(), Sample::count(), "a sample of a call that is not served");
    for walk in &mut walks {
        let body = walk.sample.body.map(|body| body(&known));
        let text = body.as_ref().map_or_else(String::new, Value::to_string);
        if let Some(body) = &body {
            walk.bodies(body);
            walk.members(body);
        }
        walk.queries();
        if walk.sample.names_a_thing() {
            walk.ids(&text);
        }
        println!("{}: {} requests, {:?}", walk.name, walk.asked, walk.statuses);
        assert!(walk.asked > 5);
    }
    assert!(shop.verify().is_clean(), "{:?}", shop.verify().broken);
}

/// So that what is refused above is refused for what is wrong with it.
#[test]
fn every_sample_is_right() {
    let (shop, known) = furnished();
    for walk in walks(&shop, &known) {
        let query: Vec<String> =
            walk.sample.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let address = format!("{}?{}", walk.address(), query.join("&"));
        let answer = shop.send(walk.sample.request(&address, &walk.sample.body_text(&known)));
        assert!(is_yes(&answer), "{}: {}", walk.name, answer.text);
    }
}
