//! A link that only one mobile may pay: the number, the one-time code, the proof, and what is none.

use serde_json::{Value, json};

use crate::harness::http::{Answer, Call};
use crate::harness::own_api::{problem, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const MOBILE: &str = "9812345670";
const OTHER: &str = "9812345671";

fn bound(shop: &Shop<'_>, mobile: &str) -> Value {
    let mut body = shop.fixed();
    body["bindLinkIdMobile"] = json!(true);
    body["customerContact"] = json!({"customerName": "Asha", "customerMobile": mobile});
    body
}

/// A link that only this mobile may pay, and its page's path.
fn page(shop: &Shop<'_>, mobile: &str) -> String {
    format!("/p/{}", shop.create(&bound(shop, mobile)).link_code())
}

fn code_in(page: &str) -> &str {
    page.strip_prefix("/p/").expect("a page")
}

fn post(server: &Server, path: &str, cookie: Option<&str>, fields: &[(&str, &str)]) -> Answer {
    let call = Call::post(path).form(fields);
    server.send(&match cookie {
        Some(cookie) => call.header("cookie", cookie),
        None => call,
    })
}

fn ask(server: &Server, page: &str, mobile: &str) -> Answer {
    post(server, &format!("{page}/mobile"), None, &[("mobile", mobile)])
}

fn type_code(server: &Server, page: &str, code: &str) -> Answer {
    post(server, &format!("{page}/code"), None, &[("code", code)])
}

fn pay(server: &Server, page: &str, cookie: Option<&str>) -> Answer {
    post(server, &format!("{page}/pay"), cookie, &[("outcome", "success")])
}

/// The digits of the newest code for this number.
fn newest_code(server: &Server, mobile: &str) -> String {
    let message = server.message(mobile, "sms");
    let digits = text(&message["text"]).get(..6).expect("digits").to_owned();
    assert!(digits.bytes().all(|byte| byte.is_ascii_digit()), "{message}");
    digits
}

/// Proves to hold the number; the cookie.
fn prove(server: &Server, page: &str, mobile: &str) -> String {
    assert_eq!(ask(server, page, mobile).status, 303);
    cookie(&type_code(server, page, &newest_code(server, mobile)))
}

fn cookie(proven: &Answer) -> String {
    assert_eq!(proven.status, 303, "{}", proven.text());
    let line = proven.header("set-cookie").expect("a cookie");
    let (pair, rest) = line.split_once("; ").expect("attributes");
    for attribute in ["HttpOnly", "SameSite=Strict", "Max-Age=1800", "Path=/p/"] {
        assert!(rest.contains(attribute), "{line}");
    }
    assert!(!rest.contains("Secure"), "the test's server speaks http: {line}");
    pair.to_owned()
}

fn another(code: &str) -> String {
    let number: u32 = code.parse().expect("digits");
    format!("{:06}", (number + 1) % 1_000_000)
}

#[test]
fn the_page_asks_for_the_number_and_the_code_before_it_takes_the_payment() {
    let server = Server::dev();
    let shop = Shop::open(&server, "bound");
    let link = page(&shop, MOBILE);
    let asked = server.send(&Call::get(&link));
    assert_eq!(asked.status, 200);
    assert!(asked.text().contains("name=\"mobile\"") && !asked.text().contains("name=\"outcome\""));
    let sent = ask(&server, &link, "+91 98123-45670");
    let there = sent.header("location").expect("a way on").to_owned();
    assert_eq!((sent.status, there.as_str()), (303, format!("{link}/code?lang=en").as_str()));
    assert!(server.send(&Call::get(&there)).text().contains("name=\"code\""));
    let cookie = prove(&server, &link, MOBILE);
    let open = server.send(&Call::get(&link).header("cookie", &cookie));
    assert!(open.text().contains("name=\"outcome\"") && open.text().contains("••••••5670"));
    for shown in [&asked, &open] {
        assert!(!shown.text().contains(MOBILE), "the number stands whole on the page");
    }
    assert_eq!(pay(&server, &link, Some(&cookie)).status, 303);
    assert_eq!(shop.link_with_code(code_in(&link))["amount_captured"], 49_900);
    server.verify();
}

#[test]
fn without_a_proof_nothing_is_paid_by_any_door() {
    let server = Server::dev();
    let shop = Shop::open(&server, "unproven");
    let link = page(&shop, MOBILE);
    let code = code_in(&link);
    assert_eq!(pay(&server, &link, None).status, 403);
    for wish in [json!({"outcome": "success"}), json!({"outcome": "success", "payer_mobile": OTHER})] {
        problem(&server.pay_with(code, &wish), 409, "mobile_required");
    }
    assert_eq!(shop.payments(&shop.link_with_code(code)).len(), 0);
    let paid = server.pay_with(code, &json!({"outcome": "success", "payer_mobile": format!("+91{MOBILE}")}));
    assert_eq!((paid.status, &paid.json()["state"]), (200, &json!("captured")), "{}", paid.text());
    server.verify();
}

#[test]
fn a_proof_counts_for_its_link_alone_and_for_half_an_hour() {
    let server = Server::dev();
    let shop = Shop::open(&server, "proofs");
    let (link, neighbour) = (page(&shop, MOBILE), page(&shop, MOBILE));
    let cookie = prove(&server, &link, MOBILE);
    assert_eq!(pay(&server, &neighbour, Some(&cookie)).status, 403, "another link of the same number");
    let (name, token) = cookie.split_once('=').expect("a cookie");
    let (until, tag) = token.split_once('-').expect("a proof");
    let later = until.parse::<i64>().expect("a time") + 1;
    let zeros = "0".repeat(64);
    let forged = [
        format!("{later}-{tag}"),
        format!("{until}-{zeros}"),
        format!("{until}-{}", tag.to_uppercase()),
        format!("0{until}-{tag}"),
        format!("+{until}-{tag}"),
        format!("{until}-{}", tag.get(..62).expect("hex")),
        format!("{until}-"),
        tag.to_owned(),
        "-".to_owned(),
        String::new(),
        "é".repeat(40),
        "1".repeat(100_000).chars().take(4_000).collect(),
    ];
    for token in &forged {
        assert_eq!(pay(&server, &link, Some(&format!("{name}={token}"))).status, 403, "{token}");
    }
    server.advance(1_790);
    assert_eq!(pay(&server, &link, Some(&cookie)).status, 303);
    server.advance(20);
    assert_eq!(pay(&server, &link, Some(&cookie)).status, 403, "half an hour is over");
    server.verify();
}

#[test]
fn a_wrong_number_is_answered_like_the_right_one_and_gets_nothing() {
    let server = Server::dev();
    let shop = Shop::open(&server, "oracle");
    let (right, wrong) = (page(&shop, MOBILE), page(&shop, MOBILE));
    let hidden = |answer: &Answer, path: &str| {
        let head = answer.header("location").map(str::to_owned);
        format!("{} {head:?} {}", answer.status, answer.text()).replace(path, "")
    };
    let mut slowest = [0_u128; 2];
    for _ in 0..3 {
        let mut answers = Vec::new();
        for (at, (page, number)) in [(&right, MOBILE), (&wrong, OTHER)].into_iter().enumerate() {
            let began = std::time::Instant::now();
            let answer = ask(&server, page, number);
            slowest[at] = slowest[at].max(began.elapsed().as_millis());
            assert!(began.elapsed().as_millis() >= 300, "an answer before its time");
            answers.push(hidden(&answer, page));
            answers.push(hidden(&server.send(&Call::get(&format!("{page}/code"))), page));
            answers.push(hidden(&type_code(&server, page, "000000"), page));
        }
        let (first, second) = answers.split_at(3);
        assert_eq!(first, second);
    }
    assert!(server.messages(OTHER).is_empty(), "nothing is sent to a number that was only typed");
    assert_eq!(server.messages(MOBILE).len(), 3);
    // The code of a number that is not the link's is no proof, even if somebody guesses it.
    let not_a_number = ask(&server, &right, "12345");
    assert_eq!(not_a_number.status, 422);
    assert!(!not_a_number.text().contains("12345"), "what was typed is not shown again");
    server.verify();
}

#[test]
fn five_wrong_tries_end_a_code_and_a_right_one_is_spent() {
    let server = Server::dev();
    let shop = Shop::open(&server, "tries");
    let link = page(&shop, MOBILE);
    assert_eq!(type_code(&server, &link, "123456").status, 422, "before any code was asked for");
    ask(&server, &link, MOBILE);
    let code = newest_code(&server, MOBILE);
    for _ in 0..5 {
        assert_eq!(type_code(&server, &link, &another(&code)).status, 422);
    }
    assert_eq!(type_code(&server, &link, &code).status, 422, "the sixth try, though right");
    ask(&server, &link, MOBILE);
    let second = newest_code(&server, MOBILE);
    for nonsense in ["", "12", "१२३४५६", "1234567", &"9".repeat(3_000)] {
        assert_ne!(type_code(&server, &link, nonsense).status, 303, "{nonsense}");
    }
    assert_eq!(type_code(&server, &link, &second).status, 422, "nonsense counts too");
    ask(&server, &link, MOBILE);
    let third = newest_code(&server, MOBILE);
    let (head, tail) = third.split_at(3);
    assert_eq!(type_code(&server, &link, &format!(" {head} {tail} ")).status, 303);
    assert_eq!(type_code(&server, &link, &third).status, 422, "a code is used once");
    server.verify();
}

#[test]
fn codes_end_after_ten_minutes_and_a_new_one_makes_the_old_void() {
    let server = Server::dev();
    let shop = Shop::open(&server, "voids");
    let (link, neighbour) = (page(&shop, MOBILE), page(&shop, OTHER));
    ask(&server, &link, MOBILE);
    let old = newest_code(&server, MOBILE);
    server.advance(1);
    ask(&server, &link, MOBILE);
    let new = newest_code(&server, MOBILE);
    if old != new {
        assert_eq!(type_code(&server, &link, &old).status, 422, "void");
    }
    ask(&server, &neighbour, OTHER);
    if newest_code(&server, OTHER) != new {
        assert_eq!(type_code(&server, &neighbour, &new).status, 422, "the code of another link");
    }
    server.advance(590);
    assert_eq!(type_code(&server, &link, &new).status, 303);
    ask(&server, &link, MOBILE);
    let late = newest_code(&server, MOBILE);
    server.advance(600);
    assert_eq!(type_code(&server, &link, &late).status, 422, "ten minutes are over");
    server.verify();
}

#[test]
fn a_link_gives_five_codes_in_ten_minutes_to_whoever_asks() {
    let server = Server::dev();
    let shop = Shop::open(&server, "often");
    for number in [MOBILE, OTHER] {
        let link = page(&shop, MOBILE);
        for _ in 0..5 {
            assert_eq!(ask(&server, &link, number).status, 303, "{number}");
        }
        assert_eq!(ask(&server, &link, number).status, 429, "{number}");
        assert_eq!(ask(&server, &link, MOBILE).status, 429, "the limit is the link's");
        server.advance(600);
        assert_eq!(ask(&server, &link, number).status, 303, "{number}");
    }
    assert_eq!(server.messages(MOBILE).len(), 6);
    server.verify();
}

#[test]
fn a_restart_loses_nothing() {
    let mut server = Server::dev();
    let shop = Shop::open(&server, "restart");
    let link = page(&shop, MOBILE);
    ask(&server, &link, MOBILE);
    let code = newest_code(&server, MOBILE);
    for _ in 0..3 {
        assert_eq!(type_code(&server, &link, &another(&code)).status, 422);
    }
    drop(shop);
    server.kill9();
    server.start_again();
    assert_eq!(newest_code(&server, MOBILE), code);
    assert_eq!(type_code(&server, &link, &another(&code)).status, 422);
    let proven = cookie(&type_code(&server, &link, &code));
    server.kill9();
    server.start_again();
    assert_eq!(pay(&server, &link, Some(&proven)).status, 303);
    assert!(!server.log().contains(MOBILE) && !server.log().contains(&code), "in the log");
    server.verify();
}

#[test]
fn a_link_bound_to_no_number_is_refused_by_name() {
    let server = Server::dev();
    let shop = Shop::open(&server, "nobody");
    for contact in [Value::Null, json!({}), json!({"customerEmail": "asha@example.com"})] {
        let mut body = bound(&shop, MOBILE);
        body["customerContact"] = contact;
        for wish in [json!(true), json!("True")] {
            body["bindLinkIdMobile"] = wish;
            shop.create(&body).refused_by_name("no mobile", "bindLinkIdMobile");
        }
    }
}

#[test]
fn what_is_closed_asks_for_no_number_and_what_is_free_for_no_proof() {
    let server = Server::dev();
    let shop = Shop::open(&server, "closed");
    let free = format!("/p/{}", shop.create(&shop.fixed()).link_code());
    assert_eq!(ask(&server, &free, MOBILE).status, 303);
    assert_eq!(type_code(&server, &free, "123456").status, 303);
    assert!(server.messages(MOBILE).is_empty());
    let link = page(&shop, MOBILE);
    shop.cancel(&shop.link_with_code(code_in(&link)));
    for answer in [ask(&server, &link, MOBILE), type_code(&server, &link, "123456")] {
        assert_eq!(answer.status, 410);
    }
    assert!(server.messages(MOBILE).is_empty());
    let unknown = "/p/0000000000000";
    assert_eq!(ask(&server, unknown, MOBILE).status, 404);
    for path in ["mobile", "code", "pay"] {
        let path = format!("{link}/{path}");
        let huge = Call::post(&path).form(&[("mobile", &"9".repeat(10_000_000))]);
        assert_eq!(server.send(&huge).status, if path.ends_with("pay") { 413 } else { 410 }, "{path}");
    }
    server.verify();
}

#[test]
fn of_a_crowd_of_wrong_codes_five_count() {
    let server = Server::dev();
    let shop = Shop::open(&server, "crowdcodes");
    let link = page(&shop, MOBILE);
    ask(&server, &link, MOBILE);
    let code = newest_code(&server, MOBILE);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(type_code(&server, &link, &another(&code)).status, 422);
                }
            });
        }
    });
    assert_eq!(type_code(&server, &link, &code).status, 422);
    ask(&server, &link, MOBILE);
    let code = newest_code(&server, MOBILE);
    let proven = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                if type_code(&server, &link, &code).status == 303 {
                    proven.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(proven.into_inner(), 1, "a right code is spent by one of many");
    server.verify();
}
