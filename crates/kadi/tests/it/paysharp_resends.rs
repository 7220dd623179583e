//! Resends from outside: three for each link, whatever the crowd and the kill, and each that counts is sent.

use std::collections::BTreeMap;
use std::sync::Barrier;

use serde_json::{Value, json};

use crate::crowds::patiently;
use crate::harness::http::Line;
use crate::harness::own_api::text;
use crate::harness::paysharp::{Paysharp, wish};
use crate::harness::server::Server;

/// Callers, each on a line of its own, all at once.
const CROWD: usize = 1_000;

fn sms(server: &Server, mobile: &str) -> usize {
    server.messages(mobile).iter().filter(|message| message["channel"] == "sms").count()
}

#[test]
fn of_a_thousand_at_once_three_are_sent() {
    let mut server = Server::dev();
    let mobile = "9111100011";
    {
        let merchant = Paysharp::open(&server, "crowd", None);
        let link = merchant.create(&wish(mobile));
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        let mut lines: Vec<Line> = (0..CROWD).map(|_| server.line()).collect();
        let (call, ready) = (merchant.resend_call(&link), Barrier::new(CROWD));
        let answers: Vec<Value> = std::thread::scope(|scope| {
            let ask = |line: &mut Line| {
                ready.wait();
                patiently(|| call.send_on(line)).json()
            };
            let callers: Vec<_> = lines.iter_mut().map(|line| scope.spawn(move || ask(line))).collect();
            callers.into_iter().map(|caller| caller.join().unwrap()).collect()
        });
        for answer in answers {
            let word = match answer["data"]["resentCount"].as_i64() {
                Some(count) => count.to_string(),
                None => answer["errorCode"].to_string(),
            };
            *told.entry(word).or_default() += 1;
        }
        let expected = [("1", 1), ("2", 1), ("3", 1), ("7002", 997)];
        assert_eq!(told, expected.map(|(word, count)| (word.to_owned(), count)).into());
        assert_eq!(sms(&server, mobile), 3);
    }
    server.verify();
    server.kill9();
    server.start_again();
    assert_eq!(sms(&server, mobile), 3);
    server.verify();
}

#[test]
fn the_answer_repeats_the_request_and_counts() {
    let server = Server::dev();
    let merchant = Paysharp::open(&server, "counts", None);
    let link = merchant.create(&wish("9111100012"));
    let body = json!({
        "linkPaymentId": text(&link["linkPaymentId"]).replace("--", "\u{2014}"),
        "sendWhatsApp": true, "sendEmail": true,
    });
    let answer = merchant.post("/paysharp/linkpayment/resend", &body);
    let expected = json!({"code": 200, "message": "success", "data": {
        "linkPaymentId": link["linkPaymentId"], "sendEmail": true, "sendSms": false, "sendWhatsApp": true,
        "resentCount": 1,
    }});
    assert_eq!(answer.json(), expected);
    assert_eq!(server.message("9111100012", "whatsapp")["channel"], "whatsapp");
    assert_eq!(merchant.resend(&link).json()["data"]["resentCount"], 2);
    server.pay(text(&link["linkPaymentId"]), "success");
    assert_eq!(merchant.resend(&link).json()["errorCode"], 7004);
    server.verify();
}
