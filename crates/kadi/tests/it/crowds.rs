//! Crowds: payers who meet on one link, and calls that meet under one key. Nothing is taken twice, and what
//! the rail took is in the books to the paisa.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::harness::http::{Answer, Call, Line};
use crate::harness::load::all_links;
use crate::harness::own_api::{fixed, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::size::size;
use crate::harness::wait::wait_until;

const DAY_S: u64 = 86_400;

/// Asks until the server is not too busy for the answer.
pub(crate) fn patiently(mut ask: impl FnMut() -> Answer) -> Answer {
    for _ in 0..2_000 {
        let answer = ask();
        if answer.status != 503 {
            return answer;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("too busy for ever");
}

/// What a payer of the crowd does, by number: what comes of it, and how much is paid where the payer chooses.
fn payer(number: usize, in_parts: bool) -> Value {
    let outcome = ["success", "success", "late_success", "failure"][number % 4];
    if in_parts {
        json!({"outcome": outcome, "amount": format!("{}.00", 10 + number * 7 % 140)})
    } else {
        json!({"outcome": outcome})
    }
}

/// Lets a crowd of payers meet on this link; what the rail took of it, now or later.
fn taken(link: &Value, payers: &mut [Line]) -> i64 {
    let path = format!("/sandbox/pay/{}", text(&link["code"]));
    std::thread::scope(|scope| {
        let pay = |number, line: &mut Line| {
            let wish = payer(number, link["parts"] == true);
            let call = Call::post(&path).json(&wish);
            let answer = patiently(|| call.send_on(line));
            match answer.status {
                200 if wish["outcome"] != "failure" => answer.json()["charged"].as_i64().unwrap(),
                200 | 409 | 422 => 0,
                other => panic!("{other}: {}", answer.text()),
            }
        };
        let payers = payers.iter_mut().enumerate();
        let payers: Vec<_> = payers.map(|(number, line)| scope.spawn(move || pay(number, line))).collect();
        payers.into_iter().map(|payer| payer.join().unwrap()).sum()
    })
}

fn balance(shop: &Shop<'_>, account: &str) -> i64 {
    let accounts = shop.found("/v1/statement?limit=1")["accounts"].clone();
    let is_it = |row: &&Value| row["account"].as_str().unwrap().starts_with(account);
    accounts.as_array().unwrap().iter().filter(is_it).map(|row| row["closing"].as_i64().unwrap()).sum()
}

#[test]
fn whatever_a_crowd_pays_no_link_takes_more_than_it_asks_and_the_rest_is_held() {
    let server = Server::dev();
    let shop = Shop::open(&server, "crowded");
    let (links, payers) = (size(4, 100), size(120, 1_000));
    let [once, ten_times, parts] =
        [json!({}), json!({"reusable": true, "max_payments": 10}), json!({"parts": true})];
    let made: Vec<(Value, i64)> = (0..links)
        .map(|number| {
            let (more, most) = [(&once, 1), (&ten_times, 10), (&parts, 1)][number % 3];
            let mut wish = fixed();
            wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            (shop.link(&wish), most * 100_000)
        })
        .collect();
    let mut lines: Vec<Line> = (0..payers).map(|_| server.line()).collect();
    let mut crowd =
        |payers: usize| made.iter().map(|(link, _)| taken(link, &mut lines[..payers])).sum::<i64>();
    let mut rail = crowd(payers);
    // Reservations end, what succeeds late comes in, and others pay what is left.
    server.advance(2 * 3_600);
    rail += crowd(payers / 10);
    let (mut captured, mut completed) = (0, 0);
    server.advance(2 * 3_600);
    wait_until("the rail has told everything", || -balance(&shop, "rail_receivable") == rail);
    for (link, most) in &made {
        let shown = shop.show(link);
        let taken = shown["amount_captured"].as_i64().unwrap();
        assert!((0..=*most).contains(&taken), "{taken} of {most}: {shown}");
        captured += taken;
        completed += usize::from(shown["status"] == "completed");
    }
    assert!(completed > 0, "no link was ever paid");
    let held = balance(&shop, "hold.");
    assert_eq!(captured + held, rail, "captured and held is what the rail took");
    assert!(held > 0, "some came late");
    server.verify();
}

/// What came of all calls under one key: the answer to the body that came first.
fn one_key(shop: &Shop<'_>, key: &str, calls: usize) -> String {
    let (body, mut other) = (named(key), named(key));
    other["amount"] = json!(50_000);
    let answers: Vec<(bool, Answer)> = std::thread::scope(|scope| {
        let call = |number: usize| {
            let is_other = number % 10 == 3;
            let body = if is_other { &other } else { &body };
            if number % 10 == 7 {
                let call = Call::post("/v1/links").bearer(&shop.api_key).header("idempotency-key", key);
                call.json(body).send_and_hang_up(&shop.server.address);
                return None;
            }
            Some((is_other, patiently(|| shop.post_with_key("/v1/links", key, body))))
        };
        let callers: Vec<_> = (0..calls).map(|number| scope.spawn(move || call(number))).collect();
        callers.into_iter().filter_map(|caller| caller.join().unwrap()).collect()
    });
    let mut texts: BTreeMap<bool, BTreeSet<String>> = BTreeMap::new();
    for (is_other, answer) in answers {
        match answer.status {
            201 => drop(texts.entry(is_other).or_default().insert(answer.text().to_owned())),
            409 => assert_eq!(answer.json()["code"], "idempotency_key_reused", "{}", answer.text()),
            status => panic!("{status}: {}", answer.text()),
        }
    }
    let (_, texts) = texts.pop_first().expect("one body came first");
    assert_eq!(texts.len(), 1, "one answer to the letter: {texts:?}");
    texts.into_iter().next().unwrap()
}

fn named(key: &str) -> Value {
    let mut wish = fixed();
    wish["name"] = json!(key);
    wish
}

#[test]
fn calls_that_meet_under_one_key_have_one_effect_and_one_answer_for_more_than_a_year() {
    let server = Server::dev();
    let shop = Shop::open(&server, "keys");
    let (keys, calls) = (size(12, 1_000), size(20, 100));
    let answers: BTreeMap<String, String> = (0..keys)
        .map(|number| {
            let key = format!("key-{number}");
            let answer = one_key(&shop, &key, calls);
            (key, answer)
        })
        .collect();
    for seconds in [1, DAY_S, 400 * DAY_S] {
        server.advance(seconds);
        for (key, first) in &answers {
            let made: Value = serde_json::from_str(first).unwrap();
            let mut wish = named(key);
            wish["amount"] = made["amount"].clone();
            let again = patiently(|| shop.post_with_key("/v1/links", key, &wish));
            assert_eq!((again.status, again.text()), (201, first.as_str()), "after {seconds} s");
        }
    }
    assert_eq!(all_links(&shop).len(), keys, "one link for each key");
    server.verify();
}
