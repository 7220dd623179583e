//! What strangers try: other payers' payments, endless bodies, silent connections, endpoints that hang.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::http::Call;
use crate::harness::own_api::text;
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_until;

#[test]
fn a_payer_who_knows_the_link_does_not_find_another_payers_payment() {
    let server = Server::dev();
    let shop = Shop::open(&server, "many");
    let link = shop.link(&json!({"kind": "open", "name": "Gifts", "reusable": true}));
    let page = format!("/p/{}", text(&link["code"]));
    let form = [("outcome", "success"), ("amount", "10")];
    let paid = server.send(&Call::post(&format!("{page}/pay")).form(&form));
    assert_eq!(paid.status, 303);
    let own = paid.header("location").expect("a way on").to_owned();
    assert_eq!(server.send(&Call::get(&own)).status, 200);
    for payment in shop.payments(&link) {
        let guessed = format!("{page}/payments/{}", text(&payment["id"]));
        assert_eq!(server.send(&Call::get(&guessed)).status, 404, "{guessed}");
        assert!(!own.contains(text(&payment["id"])), "{own}");
    }
    let other = shop.link(&json!({"kind": "open", "name": "Other", "reusable": true}));
    let elsewhere = own.replace(text(&link["code"]), text(&other["code"]));
    assert_eq!(server.send(&Call::get(&elsewhere)).status, 404, "a payment of another link");
}

#[test]
fn a_client_that_writes_an_endless_body_to_its_end_still_hears_413() {
    let server = Server::dev();
    for path in ["/paytm/link/create", "/v1/links"] {
        let body = vec![b'x'; 5_000_000];
        let key = text(&server.demo["native"]["api_key"]);
        let mut stream = TcpStream::connect(&server.address).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: kadi\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 413 "), "{path}: {answer}");
    }
}

#[test]
fn connections_that_say_nothing_or_never_finish_are_closed() {
    let server = Server::dev();
    for start in ["", "PRI * HT", "GET / HTTP/1.1\r\nHost: kadi\r\n"] {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        stream.write_all(start.as_bytes()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let (began, mut answer) = (Instant::now(), Vec::new());
        stream.read_to_end(&mut answer).expect("the server closes the connection");
        assert!(began.elapsed() < Duration::from_secs(20), "{start:?}");
    }
}

#[test]
fn an_endpoint_that_hangs_keeps_no_one_elses_message_waiting() {
    let server = Server::dev();
    let hole = TcpListener::bind("127.0.0.1:0").unwrap();
    let shop = Shop::open(&server, "hangs");
    let mut body = shop.fixed();
    body["statusCallbackUrl"] = json!(format!("http://{}/", hole.local_addr().unwrap()));
    let code = shop.create(&body).link_code();
    for _ in 0..100 {
        server.pay(&code, "success");
    }
    let other = Shop::open(&server, "quick");
    let began = Instant::now();
    other.link(&json!({
        "kind": "open", "name": "Gift", "customer": {"mobile": "9000000042"}, "send": ["sms"],
    }));
    wait_until("the other merchant's message is sent", || {
        server.messages("9000000042").iter().any(|message| message["state"] == "sent")
    });
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
}
