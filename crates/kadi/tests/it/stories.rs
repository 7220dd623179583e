//! The sandbox rail's stories: told twice they leave the same log, and every dialect answers as it is
//! written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::http::{Answer, Call};
use crate::harness::own_api::{fixed, problem, text};
use crate::harness::paysharp::{Paysharp, wish};
use crate::harness::receiver::{Post, Receiver};
use crate::harness::server::Server;
use crate::harness::shop::{Shop, WEBHOOK_PATH};

/// Between two looks: before and after every step of the stories, and past the end of everything.
const ADVANCES_S: [u64; 7] = [35, 30, 60, 900, 120, 5 * 86_400, 2 * 86_400];
const HOOK: &str = "/paysharp-hook";
/// The first event of every link: no row shows it.
const BORN: &str = "link.created";
const PAGE: &str = "docs/sandbox.md";
/// Writes the table of [`PAGE`] instead of comparing it.
const WRITE: &str = "KADI_WRITE_TABLE";
const BEGIN: &str = "<!-- the stories -->\n";
const END: &str = "<!-- the end of the stories -->\n";

/// What came of one story.
#[derive(Default)]
struct Told {
    about: String,
    /// The code of the link of each dialect.
    codes: [String; 3],
    payment: String,
    refund: Option<String>,
    /// What was seen at each look, without repetitions.
    links: Vec<String>,
    states: Vec<String>,
    refunds: Vec<String>,
    statuses: Vec<String>,
    logs: [String; 3],
    events: Vec<String>,
    callbacks: Vec<String>,
    webhooks: usize,
}

/// Who looks: a merchant of each API, on whatever start of the server.
fn merchants(server: &Server) -> (Shop<'_>, Paysharp<'_>) {
    let (shop, other) = (Shop::credentials(server, "teller"), Shop::credentials(server, "sharpteller"));
    (shop, Paysharp { shop: other, token: "paysharp_sharpteller_token".to_owned() })
}

/// Makes a link of each dialect for a story, and pays it so; where the story is about refunds, all is
/// refunded.
fn begin(server: &Server, receiver: &Receiver, story: &Value) -> Told {
    let (shop, sharp) = merchants(server);
    let name = text(&story["name"]);
    let own = shop.link(&fixed());
    let mut body = shop.fixed();
    body["statusCallbackUrl"] = json!(receiver.url(&format!("/paytm/{name}")));
    let paytm = shop.create(&body).link_code();
    let mut body = wish("9111100021");
    body["validity"] = json!(240);
    let theirs = sharp.create(&body);
    let codes = [text(&own["code"]).to_owned(), paytm, text(&theirs["linkPaymentId"]).to_owned()];
    let paid = codes.each_ref().map(|code| server.pay(code, name));
    let mut refund = None;
    if name.starts_with("refund_") {
        for (merchant, payment) in [(&sharp.shop, &paid[2]), (&shop, &paid[1]), (&shop, &paid[0])] {
            let path = format!("/v1/payments/{}/refunds", text(&payment["id"]));
            let all = payment["amount"].clone();
            let answer = merchant.post_json(&path, &json!({"amount": all}));
            assert_eq!(answer.status, 201, "{name}");
            refund = Some(text(&answer.json()["id"]).to_owned());
        }
    }
    let (about, payment) = (text(&story["about"]).to_owned(), text(&paid[0]["id"]).to_owned());
    Told { about, codes, payment, refund, ..Told::default() }
}

impl Told {
    /// Is this payment money of which the story's payment did not know?
    fn is_stray(&self, payment: &Value) -> bool {
        payment["rail_reference"] == json!(format!("SBX{}-stray", self.payment))
    }

    /// Is an event about this story's link, its payments or its refund?
    fn is_about(&self, event: &Value) -> bool {
        let data = &event["data"];
        // Money that no payment asked for is in a book of its own, about which nobody is told.
        let again = format!("SBX{}-", self.payment);
        let is_again = text_or_nothing(&data["rail_reference"]).starts_with(&again) && !self.is_stray(data);
        is_again
            || data["code"] == json!(self.codes[0])
            || self.logs_payment(&data["id"])
            || self.logs_payment(&data["payment_id"])
    }

    fn logs_payment(&self, id: &Value) -> bool {
        *id == json!(self.payment)
    }
}

fn text_or_nothing(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Every event of a merchant, oldest first.
fn events(shop: &Shop<'_>) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = shop.found(&format!("/v1/events?limit=100{after}"));
        all.extend(page["data"].as_array().expect("a list").clone());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    all.reverse();
    all
}

/// The types of what was told about a story, and of what is listed about it: the same, whatever the order.
fn told_about(told: &Told, events: &[Value], posted: &BTreeMap<String, Value>) -> Vec<String> {
    let kind = |event: &Value| text(&event["type"]).to_owned();
    let about = |event: &&Value| told.is_about(event) && event["type"] != BORN;
    let listed: Vec<String> = events.iter().filter(about).map(kind).collect();
    let (mut sorted, mut came) =
        (listed.clone(), posted.values().filter(about).map(kind).collect::<Vec<_>>());
    sorted.sort();
    came.sort();
    assert_eq!(came, sorted, "{}", told.about);
    listed
}

fn push(seen: &mut Vec<String>, word: String) {
    if seen.last() != Some(&word) {
        seen.push(word);
    }
}

/// Asks `/v1` and Paysharp how a story stands.
fn look(server: &Server, told: &mut Told) {
    let (shop, sharp) = merchants(server);
    let payment = shop.found(&format!("/v1/payments/{}", told.payment));
    let link = shop.found(&format!("/v1/links/{}", text(&payment["link_id"])));
    let state = |payment: &Value| {
        let held = payment["hold_reason"].as_str().map(|reason| format!(" ({reason})"));
        format!("{}{}", text(&payment["state"]), held.unwrap_or_default())
    };
    // More than one where the rail took the money more than once.
    let mut states: Vec<String> = shop.payments(&link).iter().rev().map(state).collect();
    let holds = shop.found("/v1/holds?limit=100")["data"].clone();
    let strays = holds.as_array().expect("a list").iter().filter(|hold| told.is_stray(&hold["payment"]));
    states.extend(strays.map(|hold| state(&hold["payment"])));
    push(&mut told.states, states.join(" and "));
    let refunded = if link["amount_refunded"] == 0 { "" } else { ", refunded" };
    push(&mut told.links, format!("{}{refunded}", text(&link["status"])));
    if let Some(refund) = &told.refund {
        let refund = shop.found(&format!("/v1/refunds/{refund}"));
        push(&mut told.refunds, text(&refund["state"]).to_owned());
    }
    let status = sharp.status(&json!({"linkPaymentId": told.codes[2]}));
    push(&mut told.statuses, text(&status["status"]).to_owned());
}

fn log(server: &Server, code: &str) -> String {
    let answer = server.send(&Call::get(&format!("/sandbox/log/{code}")));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text().to_owned()
}

/// Tells every ready story on a fresh database, all at once; with `kills`, the server dies and starts again
/// before every move of the clock.
fn tell(kills: bool) -> BTreeMap<String, Told> {
    let (mut server, receiver) = (Server::dev(), Receiver::start());
    Shop::open_with_webhook(&server, "teller", &receiver.url(WEBHOOK_PATH));
    Paysharp::open(&server, "sharpteller", Some(&receiver.url(HOOK)));
    let stories = server.send(&Call::get("/sandbox/stories")).json();
    let stories = stories.as_array().expect("a list");
    let name = |story: &Value| text(&story["name"]).to_owned();
    let mut all: BTreeMap<String, Told> =
        stories.iter().map(|story| (name(story), begin(&server, &receiver, story))).collect();
    // What the start has left to do is done before the first look.
    server.advance(1);
    all.values_mut().for_each(|told| look(&server, told));
    for seconds in ADVANCES_S {
        if kills {
            server.kill9();
            server.start_again();
        }
        server.advance_through_restarts(seconds);
        all.values_mut().for_each(|told| look(&server, told));
    }
    let (shop, _) = merchants(&server);
    let events = events(&shop);
    // One may come twice where the server died before it knew that it had come.
    let posted = || {
        let posts = receiver.posts(WEBHOOK_PATH);
        let id = |post: &Post| post.message.header("webhook-id").expect("an id").to_owned();
        posts.iter().map(|post| (id(post), post.json())).collect::<BTreeMap<_, _>>()
    };
    // What did not come through in the crowd comes again.
    server.advance(3_600);
    let is_told = |event: &&Value| all.values().any(|told| told.is_about(event));
    let expected = events.iter().filter(is_told).count();
    let came = || posted().values().filter(is_told).count();
    for _ in 0..200 {
        if came() >= expected {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let posted = posted();
    let hooks = receiver.posts(HOOK);
    for (name, told) in &mut all {
        told.events = told_about(told, &events, &posted);
        told.logs = told.codes.each_ref().map(|code| log(&server, code));
        let posts = receiver.posts(&format!("/paytm/{name}"));
        told.callbacks = posts.iter().map(|post| text(&post.form()["STATUS"]).to_owned()).collect();
        told.webhooks = hooks.iter().filter(|hook| hook.json()["linkPaymentId"] == told.codes[2]).count();
    }
    server.verify();
    all
}

fn row(name: &str, told: &Told) -> String {
    let list = |words: &[String]| match words {
        [] => "nothing".to_owned(),
        words => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
    };
    let seen = |words: &[String]| words.join(" → ");
    let refunds = if told.refunds.is_empty() { "none".to_owned() } else { seen(&told.refunds) };
    let (links, events) = (seen(&told.links), list(&told.events));
    let webhooks = if told.webhooks == 0 { "none" } else { "one" };
    assert!(told.webhooks <= 1, "{name}: {} webhooks", told.webhooks);
    let (about, states, statuses) = (&told.about, seen(&told.states), seen(&told.statuses));
    let callbacks = list(&told.callbacks);
    format!(
        "| `{name}` | {about} | {links} | {states} | {refunds} | {events} | {callbacks} | {statuses}; {webhooks} |\n"
    )
}

#[test]
fn every_story_leaves_the_same_log_on_every_run_and_every_dialect_answers_as_it_is_written() {
    let (first, second) = (tell(false), tell(true));
    assert!(first.len() >= 20 && first.len() == second.len());
    for (name, told) in &first {
        assert_eq!(told.logs, second[name].logs, "{name}");
        assert!(told.logs[0].starts_with("1 +0s link.created"), "{name}: {}", told.logs[0]);
    }
    let head = "| story | what happens | `/v1`: link | `/v1`: payments | `/v1`: refunds | `/v1`: webhooks | \
                Paytm: callbacks | Paysharp: status; webhooks |\n|---|---|---|---|---|---|---|---|\n";
    let rows: String = first.iter().map(|(name, told)| row(name, told)).collect();
    let table = format!("{head}{rows}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(PAGE);
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the mark before the table");
    let (written, after) = rest.split_once(END).expect("the mark after the table");
    if std::env::var_os(WRITE).is_some() {
        return std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    }
    assert_eq!(
        written, table,
        "{PAGE} is not what happens: run this test with {WRITE}=1, and read the difference"
    );
}

fn scripted(server: &Server, shop: &Shop<'_>, script: &Value) -> Answer {
    let link = shop.link(&fixed());
    server.pay_with(text(&link["code"]), &json!({"script": script}))
}

#[test]
fn a_script_of_ones_own_is_told_step_by_step() {
    let server = Server::dev();
    let shop = Shop::open(&server, "author");
    let script = json!({
        "answer": "none", "check": "pending", "takes_percent": 100, "refunds": "pending",
        "steps": [
            {"at_s": 20, "notice": "pending", "times": 2},
            {"at_s": 100, "check": "succeeded", "notice": "succeeded"},
            {"at_s": 200, "refund": "succeeded"},
            {"after_reservation_s": 60, "check": "reversed", "notice": "reversed"},
        ],
    });
    let answer = scripted(&server, &shop, &script);
    assert_eq!((answer.status, &answer.json()["state"]), (200, &json!("started")));
    let id = text(&answer.json()["id"]).to_owned();
    let shown = || shop.found(&format!("/v1/payments/{id}"));
    server.advance(30);
    assert_eq!(shown()["state"], "pending");
    server.advance(80);
    assert_eq!(shown()["state"], "captured");
    let refund = shop.post_json(&format!("/v1/payments/{id}/refunds"), &json!({"amount": 777})).json();
    let refund = || shop.found(&format!("/v1/refunds/{}", text(&refund["id"])));
    server.advance(10);
    assert_eq!(refund()["state"], "pending");
    server.advance(100);
    assert_eq!(refund()["state"], "succeeded");
    server.advance(6 * 86_400 + 120);
    assert_eq!(shown()["state"], "reversed");
    server.verify();
}

#[test]
fn what_is_no_script_is_refused_with_the_key() {
    let server = Server::dev();
    let shop = Shop::open(&server, "critic");
    let step = |step: Value| json!({"answer": "pending", "steps": [step]});
    let bad = [
        (json!({"answer": "succeeded", "colour": "red"}), "colour"),
        (json!({}), "answer"),
        (json!({"answer": "won"}), "answer"),
        (json!({"answer": "pending", "check": 1}), "invalid type"),
        (json!({"answer": "pending", "takes_percent": 0}), "takes_percent"),
        (json!({"answer": "pending", "takes_percent": 1001}), "takes_percent"),
        (json!({"answer": "pending", "refunds": "never"}), "refunds"),
        (json!({"answer": "reversed"}), "begin reversed"),
        (json!({"answer": "succeeded", "check": "failed"}), "answer"),
        (json!({"answer": "pending", "steps": vec![json!({"at_s": 1, "notice": "pending"}); 33]}), "steps"),
        (step(json!({"at_s": 1, "check": "failed", "sound": "bell"})), "sound"),
        (step(json!({"at_s": 1})), "steps[0]"),
        (step(json!({"check": "failed"})), "at_s"),
        (step(json!({"at_s": 1, "after_reservation_s": 1, "check": "failed"})), "at_s"),
        (step(json!({"at_s": -1, "check": "failed"})), "30 days"),
        (step(json!({"at_s": 2_592_001, "check": "failed"})), "30 days"),
        (step(json!({"at_s": i64::MAX, "check": "failed"})), "30 days"),
        (step(json!({"at_s": 1, "notice": "failed", "times": 11})), "times"),
        (step(json!({"at_s": 1, "notice": "failed", "times": 0})), "times"),
        (step(json!({"at_s": 1, "check": "failed", "times": 2})), "times"),
        (step(json!({"at_s": 1, "notice": "failed", "refund": "failed"})), "steps of their own"),
        (step(json!({"at_s": 1, "stray": "succeeded", "restart": true})), "steps of their own"),
        (step(json!({"at_s": 1, "restart": false})), "restart"),
        (step(json!({"at_s": 1, "stray": "failed"})), "stray"),
        (step(json!({"at_s": 1, "refund": "pending"})), "refunds says that one waits"),
        (step(json!({"at_s": 1, "stray": "succeeded", "percent": 5})), "of a notice"),
        (json!({"answer": "succeeded", "takes_currency": "rupees"}), "takes_currency"),
        (json!({"answer": "succeeded", "takes_account": "A B"}), "takes_account"),
        (json!({"answer": "succeeded", "takes_reference_of": "x"}), "takes_reference_of"),
        (json!({"answer": "succeeded", "takes_reference_of": "1024"}), "takes_reference_of"),
        (step(json!({"at_s": 1, "notice": "failed", "reference": 2})), "reference"),
        (step(json!({"at_s": 1, "check": "succeeded", "notice": "succeeded", "reference": 10})), "reference"),
        (
            step(json!({"at_s": 1, "check": "succeeded", "notice": "succeeded", "reference": 2})),
            "first money",
        ),
        (json!({"answer": "failed", "check": "succeeded"}), "nobody asks"),
        (step(json!({"after_reservation_s": 1_987_201, "check": "failed"})), "23"),
        (json!(["pending", null, 200, [], null]), "invalid type"),
        (json!({"answer": "pending", "steps": [[1, "failed"]]}), "invalid type"),
        (step(json!({"at_s": 1, "notice": "succeeded"})), "success"),
        (step(json!({"at_s": 1, "notice": "reversed"})), "reversal"),
        (step(json!({"at_s": 1, "check": "reversed", "notice": "reversed"})), "only money"),
    ];
    for (script, word) in bad {
        let answer = scripted(&server, &shop, &script);
        problem(&answer, 422, "invalid_request");
        assert!(answer.text().contains(word), "{word} is not in {}", answer.text());
    }
    for both in [json!({"outcome": "success", "script": {"answer": "failed"}}), json!({})] {
        let link = shop.link(&fixed());
        problem(&server.pay_with(text(&link["code"]), &both), 422, "invalid_request");
        assert!(shop.payments(&link).is_empty());
    }
}

/// The words between backticks in a complaint about an unknown key: that key, and those that are known.
fn keys(complaint: &str) -> BTreeSet<String> {
    let known = complaint.split_once("expected one of").expect("the known keys").1;
    known.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_schema_names_the_keys_that_are_read() {
    let server = Server::dev();
    let shop = Shop::open(&server, "schema");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sandbox-script.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let step = &schema["properties"]["steps"]["items"];
    let wrong_step = json!({"answer": "pending", "steps": [{"sound": "bell"}]});
    for (described, wrong) in [(&schema, json!({"colour": "red"})), (step, wrong_step)] {
        assert_eq!(described["additionalProperties"], false);
        let written: BTreeSet<String> =
            described["properties"].as_object().unwrap().keys().cloned().collect();
        let answer = scripted(&server, &shop, &wrong).json();
        assert_eq!(keys(text(&answer["detail"])), written, "{answer}");
    }
    let stories = server.send(&Call::get("/sandbox/stories")).json();
    for story in stories.as_array().unwrap().iter().filter(|story| !story["script"].is_null()) {
        assert_eq!(scripted(&server, &shop, &story["script"]).status, 200, "{story}");
    }
}

/// The page's own form is a payer's: it takes three words and no script.
#[test]
fn a_payer_cannot_tell_stories() {
    let server = Server::dev();
    let shop = Shop::open(&server, "page");
    let link = shop.link(&fixed());
    let script = "answer=succeeded check=succeeded takes=1 refunds=success";
    for outcome in [script, "late_success", "overpaid"] {
        let form = Call::post(&format!("/p/{}/pay", text(&link["code"]))).form(&[("outcome", outcome)]);
        assert_eq!(server.send(&form).status, 422, "{outcome}");
    }
    assert!(shop.payments(&link).is_empty());
}
