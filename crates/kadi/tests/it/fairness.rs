//! One merchant floods, another goes on as if nothing were: nobody hears anything but the truth.

use std::collections::BTreeSet;
use std::io::{BufReader, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::harness::http::Message;
use crate::harness::load::all_links;
use crate::harness::own_api::{fixed, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

/// More at once than are worked on and wait (`admission.rs`), fewer than file descriptors.
const AT_ONCE: usize = 800;
/// The machine may be so slow to ask that the server answers in between: then once more.
const ROUNDS_MAX: usize = 10;
const PATIENCE: Duration = Duration::from_secs(60);

/// What a flood was answered.
#[derive(Default)]
struct Flood {
    /// Ids of links that were made.
    made: BTreeSet<String>,
    /// References of links that were not made.
    refused: Vec<String>,
}

impl Flood {
    /// Asks for many links at once, each with a reference of its own.
    fn pour(&mut self, shop: &Shop<'_>, round: usize) {
        let connect = |_| TcpStream::connect(&shop.server.address).unwrap();
        let mut streams: Vec<TcpStream> = (0..AT_ONCE).map(connect).collect();
        let reference = |number: usize| format!("flood-{round}-{number}");
        for (number, stream) in streams.iter_mut().enumerate() {
            stream.write_all(create(shop, &reference(number)).as_bytes()).unwrap();
        }
        for (number, stream) in streams.into_iter().enumerate() {
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            let answer = Message::read(&mut BufReader::new(stream), false, true).expect("an answer");
            let body: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
            if answer.first_line.contains(" 201 ") {
                assert!(self.made.insert(text(&body["id"]).to_owned()), "one link for two requests: {body}");
                continue;
            }
            assert!(answer.first_line.contains(" 503 "), "{}: {body}", answer.first_line);
            assert_eq!((answer.header("retry-after"), &body["code"]), (Some("1"), &json!("busy")));
            self.refused.push(reference(number));
        }
    }
}

fn create(shop: &Shop<'_>, reference: &str) -> String {
    let body = with_reference(reference).to_string();
    format!(
        "POST /v1/links HTTP/1.1\r\nHost: kadi\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        shop.api_key,
        body.len()
    )
}

fn with_reference(reference: &str) -> serde_json::Value {
    let mut body = fixed();
    body["reference"] = json!(reference);
    body
}

#[test]
fn a_flood_is_told_to_come_back_and_nobody_else_is() {
    let server = Server::serve(&["--sandbox", "--listen", "127.0.0.1:0"]);
    let (greedy, small) = (Shop::open(&server, "greedy"), Shop::open(&server, "small"));
    let (mut flood, is_over) = (Flood::default(), AtomicBool::new(false));
    let first = small.link(&fixed());
    let served = std::thread::scope(|scope| {
        // Each of its calls must succeed.
        let served = scope.spawn(|| {
            let mut served = BTreeSet::new();
            while !is_over.load(Ordering::Relaxed) || served.is_empty() {
                let link = small.link(&fixed());
                small.show(&link);
                served.insert(text(&link["id"]).to_owned());
            }
            served
        });
        let mut round = 0;
        while flood.refused.is_empty() && round < ROUNDS_MAX {
            flood.pour(&greedy, round);
            round += 1;
        }
        is_over.store(true, Ordering::Relaxed);
        served.join().unwrap()
    });
    assert!(!flood.refused.is_empty(), "nobody was refused");
    assert!(!flood.made.is_empty(), "nobody was served");
    let made = |shop: &Shop<'_>| all_links(shop).into_keys().collect::<BTreeSet<_>>();
    assert_eq!(made(&greedy), flood.made);
    assert_eq!(made(&small), served.into_iter().chain([text(&first["id"]).to_owned()]).collect());
    // What was refused was not done: the same references are free, and the flooder is served again.
    for reference in flood.refused.iter().take(20) {
        greedy.link(&with_reference(reference));
    }
    server.verify();
}
