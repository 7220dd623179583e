//! Two taps are one payment: the form of a page sent again, by programs and in a browser that goes back.

use kadi_testkit::postgres::Cluster;
use serde_json::{Value, json};

use crate::harness::browser::{Browser, PHONE, body_text, click, open, step};
use crate::harness::http::{Answer, Call, Line};
use crate::harness::own_api::{fixed, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const PAY: &str = "button[name=outcome][value=success]";

fn reusable() -> Value {
    json!({"kind": "fixed", "amount": 100_000, "currency": "INR", "name": "Tea", "reusable": true})
}

fn page(link: &Value) -> String {
    format!("/p/{}", text(&link["code"]))
}

/// The token in the page's form.
fn token(server: &Server, link: &Value) -> String {
    let answer = server.send(&Call::get(&page(link)));
    assert_eq!(answer.header("cache-control"), Some("private, max-age=0, must-revalidate"));
    let (_, rest) = answer.text().split_once("name=\"attempt\" value=\"").expect("a token");
    rest.split_once('"').expect("its end").0.to_owned()
}

fn form(link: &Value, token: &str) -> Call {
    let fields = [("outcome", "success"), ("asked", "100000"), ("attempt", token)];
    Call::post(&format!("{}/pay", page(link))).form(&fields)
}

/// Where the answer leads.
fn leads(answer: &Answer) -> &str {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").expect("a way")
}

#[test]
fn the_same_form_leads_to_the_same_payment_and_a_reloaded_page_pays_again() {
    let server = Server::dev();
    let shop = Shop::open(&server, "taps");
    let link = shop.link(&reusable());
    let first = token(&server, &link);
    let way = leads(&server.send(&form(&link, &first))).to_owned();
    assert_eq!(leads(&server.send(&form(&link, &first))), way);
    assert_eq!(shop.payments(&link).len(), 1);
    let second = token(&server, &link);
    assert_ne!(first, second);
    assert_ne!(leads(&server.send(&form(&link, &second))), way);
    assert_eq!(shop.show(&link)["amount_captured"], 200_000);
    // Without a token every form is an attempt of its own, as it was before there were tokens.
    let bare = Call::post(&format!("{}/pay", page(&link))).form(&[("outcome", "success")]);
    assert_ne!(leads(&server.send(&bare)), leads(&server.send(&bare)));
    assert_eq!(server.send(&form(&link, "no token")).status, 422);
    server.verify();
}

#[test]
fn a_token_opens_its_own_links_payment_alone_also_when_the_link_is_closed() {
    let server = Server::dev();
    let shop = Shop::open(&server, "tapsclosed");
    let (once, other) = (shop.link(&fixed()), shop.link(&fixed()));
    let own = token(&server, &once);
    let way = leads(&server.send(&form(&once, &own))).to_owned();
    assert_eq!(shop.show(&once)["status"], "completed");
    assert_eq!(leads(&server.send(&form(&once, &own))), way, "not that the link is closed");
    let stranger = "0123456789abcdef0123456789abcdef";
    for (link, token) in [(&once, stranger), (&once, ""), (&other, stranger)] {
        let answer = server.send(&form(link, token));
        assert!(!answer.header("location").is_some_and(|to| to.contains(&way)), "{answer:?}");
    }
    // On another link the token is any token: a payment of that link's own.
    let third = shop.link(&fixed());
    assert!(leads(&server.send(&form(&third, &own))).starts_with(&page(&third)));
    server.verify();
}

/// Two processes on one database, and payers whose fingers are fast.
#[test]
fn taps_on_two_nodes_at_once_are_one_payment_for_each_form() {
    const TAPS: usize = 8;
    let server = Server::on(Cluster::shared().database());
    let shop = Shop::open(&server, "tapsnodes");
    let other = server.neighbour();
    let link = shop.link(&reusable());
    let tokens: Vec<String> = (0..10).map(|_| token(&server, &link)).collect();
    let ways: Vec<String> = std::thread::scope(|scope| {
        let taps: Vec<_> = (0..TAPS * tokens.len())
            .map(|number| {
                let address = if number % 2 == 0 { &server.address } else { &other.address };
                let call = form(&link, &tokens[number / TAPS]);
                scope.spawn(move || leads(&call.send_on(&mut Line::open(address))).to_owned())
            })
            .collect();
        taps.into_iter().map(|tap| tap.join().unwrap()).collect()
    });
    for taps in ways.chunks(TAPS) {
        assert!(taps.iter().all(|way| *way == taps[0]), "{taps:?}");
    }
    assert_eq!(shop.payments(&link).len(), tokens.len());
    server.verify();
}

#[test]
fn going_back_and_paying_again_shows_the_payment_and_a_reload_pays_anew() {
    let server = Server::dev();
    let shop = Shop::open(&server, "tapsback");
    for person in [PHONE, Browser { javascript: false, ..PHONE }] {
        let link = shop.link(&reusable());
        let plan = [
            open(&page(&link)),
            click(PAY),
            step("back"),
            click(PAY),
            body_text(),
            step("back"),
            step("reload"),
            click(PAY),
            body_text(),
        ];
        let seen = person.walk(&server, &plan);
        assert_eq!(seen.step(1), seen.step(3), "one page of one payment");
        assert_ne!(seen.step(3), seen.step(7), "a payment of its own");
        assert_eq!(shop.payments(&link).len(), 2, "{}", seen.text(8));
    }
    server.verify();
}
