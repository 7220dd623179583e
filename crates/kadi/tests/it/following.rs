//! The page that waits follows its payment live: raw, in a browser with script, and without.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use kadi_testkit::postgres::Cluster;
use serde_json::{Value, json};

use crate::harness::browser::{Browser, PHONE, click, open};
use crate::harness::http::Call;
use crate::harness::own_api::{fixed, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_for;

/// The most streams of one payment.
const OF_ONE_MAX: usize = 4;

/// A payer who has begun a payment on the page of a new link: the payment, and the path of its page.
fn waiting(server: &Server, shop: &Shop<'_>) -> (Value, String) {
    let link = shop.link(&fixed());
    let form = Call::post(&format!("/p/{}/pay", text(&link["code"]))).form(&[("outcome", "pending")]);
    let answer = server.send(&form);
    let path = answer.header("location").expect("the way to the payment's page").to_owned();
    let path = path.split('?').next().unwrap().to_owned();
    (shop.payments(&link).remove(0), path)
}

/// An open stream of events.
struct Stream {
    lines: BufReader<TcpStream>,
    head: String,
}

impl Stream {
    fn open(server: &Server, path: &str) -> Self {
        let base = server.base_url();
        let address = base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
        let head =
            format!("GET {path}/events HTTP/1.1\r\nHost: {address}\r\nAccept: text/event-stream\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(lines.read_line(&mut head).unwrap() > 0, "{head}");
        }
        Self { lines, head: head.to_ascii_lowercase() }
    }

    fn status(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }

    /// The next line that begins so; none where the stream ends before.
    fn next(&mut self, start: &str) -> Option<String> {
        let mut line = String::new();
        while self.lines.read_line(&mut line).unwrap() > 0 {
            if let Some(rest) = line.strip_prefix(start) {
                return Some(rest.trim().to_owned());
            }
            // Ends the body of this length: nothing follows.
            if line == "0\r\n" {
                return None;
            }
            line.clear();
        }
        None
    }
}

#[test]
fn the_stream_tells_a_change_within_a_second_and_ends_with_the_last_word() {
    let server = Server::dev();
    let shop = Shop::open(&server, "raw");
    for (outcome, word) in [("success", "captured"), ("failure", "failed")] {
        let (payment, path) = waiting(&server, &shop);
        let mut stream = Stream::open(&server, &path);
        assert_eq!(stream.status(), "200", "{}", stream.head);
        for header in ["content-type: text/event-stream", "cache-control: no-store", "x-accel-buffering: no"]
        {
            assert!(stream.head.contains(header), "{}", stream.head);
        }
        assert_eq!(stream.next("data:").as_deref(), Some("pending"));
        assert_eq!(server.settle(text(&payment["id"]), outcome).status, 200);
        let settled = Instant::now();
        assert_eq!(stream.next("data:").as_deref(), Some(word));
        assert!(settled.elapsed() < Duration::from_secs(1), "{:?}", settled.elapsed());
        assert_eq!(stream.next("data:"), None, "nothing follows the last word");
        let mut late = Stream::open(&server, &path);
        assert_eq!((late.next("data:").as_deref(), late.next("data:")), (Some(word), None));
    }
}

#[test]
fn what_another_process_did_is_told_within_a_second_too() {
    let server = Server::on(Cluster::shared().database());
    let shop = Shop::open(&server, "nodes");
    let other = server.neighbour();
    for _ in 0..3 {
        let (payment, path) = waiting(&server, &shop);
        let mut streams = [Stream::open(&other, &path), Stream::open(&other, &path)];
        for stream in &mut streams {
            assert_eq!(stream.next("data:").as_deref(), Some("pending"));
        }
        assert_eq!(server.settle(text(&payment["id"]), "success").status, 200);
        let settled = Instant::now();
        for stream in &mut streams {
            assert_eq!(stream.next("data:").as_deref(), Some("captured"));
        }
        assert!(settled.elapsed() < Duration::from_secs(1), "{:?}", settled.elapsed());
    }
}

#[test]
fn a_silent_stream_shows_that_it_lives() {
    let server = Server::dev();
    let (_, path) = waiting(&server, &Shop::open(&server, "silent"));
    let (mut stream, opened) = (Stream::open(&server, &path), Instant::now());
    assert_eq!(stream.next(":").as_deref(), Some(""), "a comment");
    assert!(opened.elapsed() < Duration::from_secs(20), "{:?}", opened.elapsed());
}

#[test]
fn what_is_unknown_is_answered_as_its_page_is() {
    let server = Server::dev();
    let shop = Shop::open(&server, "unknown");
    let ((_, one), (_, other)) = (waiting(&server, &shop), waiting(&server, &shop));
    let mixed =
        format!("/p/{}/payments/{}", one.split('/').nth(2).unwrap(), other.rsplit('/').next().unwrap());
    let made_up = "/p/0000000000000/payments/0000000000000".to_owned();
    let no_payment = format!("/p/{}/payments/0000000000000", one.split('/').nth(2).unwrap());
    for path in [mixed, made_up, no_payment] {
        let page = server.send(&Call::get(&path));
        let events = server.send(&Call::get(&format!("{path}/events")));
        assert_eq!((page.status, events.status), (404, 404), "{path}");
        assert_eq!(page.text(), events.text(), "{path}");
    }
}

#[test]
fn streams_beyond_the_limit_are_refused_and_places_are_given_back() {
    let server = Server::dev();
    let shop = Shop::open(&server, "crowd");
    let (payment, path) = waiting(&server, &shop);
    let mut streams: Vec<_> = (0..OF_ONE_MAX).map(|_| Stream::open(&server, &path)).collect();
    let refused = Stream::open(&server, &path);
    assert_eq!(refused.status(), "503", "{}", refused.head);
    assert!(refused.head.contains("retry-after: 1"), "{}", refused.head);
    let (_, other) = waiting(&server, &shop);
    assert_eq!(Stream::open(&server, &other).status(), "200", "the limit is each payment's own");
    streams.pop();
    let mut again = wait_for("a place", || {
        let stream = Stream::open(&server, &path);
        (stream.status() == "200").then_some(stream)
    });
    server.settle(text(&payment["id"]), "success");
    for stream in streams.iter_mut().chain([&mut again]) {
        while stream.next("data:").is_some_and(|word| word != "captured") {}
    }
}

#[test]
fn a_server_that_stops_does_not_wait_for_streams() {
    let mut server = Server::dev();
    let (_, path) = waiting(&server, &Shop::open(&server, "stop"));
    let mut stream = Stream::open(&server, &path);
    assert_eq!(stream.next("data:").as_deref(), Some("pending"));
    let asked = Instant::now();
    server.stop();
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    assert_eq!(stream.next("data:"), None);
}

/// How long after the rail's word the payer saw the result (and the browser was closed); what was fetched.
fn followed(server: &Server, shop: &Shop<'_>, browser: Browser) -> (Duration, Vec<Value>) {
    let link = shop.link(&fixed());
    let steps = [
        open(&format!("/p/{}", text(&link["code"]))),
        click("button[name=outcome][value=pending]"),
        json!({"do": "appears", "selector": "h1.good", "timeout_ms": 20_000}),
    ];
    std::thread::scope(|scope| {
        let walk = scope.spawn(|| browser.walk(server, &steps));
        let payment = wait_for("a payment that waits", || {
            shop.payments(&link).into_iter().find(|payment| payment["state"] == "pending")
        });
        // The page is there by then.
        std::thread::sleep(Duration::from_secs(2));
        assert_eq!(server.settle(text(&payment["id"]), "success").status, 200);
        let said = Instant::now();
        let seen = walk.join().unwrap();
        let took = said.elapsed();
        seen.was_clean(server);
        (took, seen.requests().to_vec())
    })
}

#[test]
fn a_browser_shows_the_result_at_once_and_without_script_by_asking_again() {
    let server = Server::dev();
    let shop = Shop::open(&server, "live");
    let (took, requests) = followed(&server, &shop, PHONE);
    assert!(took < Duration::from_secs(7), "{took:?}, as long as asking again takes");
    assert!(requests.iter().any(|url| text(url).ends_with("/events")), "{requests:?}");
    let (took, requests) = followed(&server, &shop, Browser { javascript: false, ..PHONE });
    assert!(took < Duration::from_secs(14), "{took:?}");
    let scripts = requests.iter().filter(|url| text(url).contains("/events") || text(url).contains(".js"));
    assert_eq!(scripts.count(), 0, "{requests:?}");
}

#[test]
fn only_the_page_that_waits_may_run_a_script_and_only_this_servers() {
    let server = Server::dev();
    let shop = Shop::open(&server, "policy");
    let (payment, path) = waiting(&server, &shop);
    let policy = |path: &str| {
        let page = server.send(&Call::get(path));
        page.header("content-security-policy").expect("a policy").to_owned()
    };
    let waits = policy(&path);
    assert!(waits.ends_with("; script-src 'self'; connect-src 'self'"), "{waits}");
    assert!(waits.starts_with("default-src 'none'") && !waits.contains("unsafe"), "{waits}");
    let page = server.send(&Call::get(&path));
    let script = page.text().split("<script src=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let script = server.send(&Call::get(script));
    assert_eq!((script.status, script.header("content-type")), (200, Some("text/javascript; charset=utf-8")));
    assert!(script.text().len() < 1_024, "{} bytes", script.text().len());
    assert_eq!(page.header("refresh"), Some("10"));
    server.settle(text(&payment["id"]), "success");
    let paid = policy(&path);
    assert!(!paid.contains("script-src") && !paid.contains("connect-src"), "{paid}");
    assert!(!server.send(&Call::get(&path)).text().contains("<script"));
}
