//! The sandbox rail's stories: told twice they leave the same log, and every dialect answers as it is
//! written.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::http::Call;
use crate::harness::own_api::{fixed, text};
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
