//! What no polite HTTP client sends, to every call of every dialect: refused or cut off, never a server's
//! error, nothing made by it, and no second request smuggled in behind the first.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use kadi_dialects::table::DIALECTS;

use crate::harness::http::Call;
use crate::harness::own_api::text;
use crate::harness::server::Server;

/// Every method and path that is served, with an id where there is one.
fn calls() -> Vec<(String, String)> {
    let mut calls = Vec::new();
    for row in DIALECTS {
        for (method, path) in (row.routes)().addresses() {
            let paths = row.prefixes.iter().map(|prefix| format!("{prefix}{}", path.replace("{id}", "1024")));
            calls.extend(paths.map(|path| (method.to_string(), path)));
        }
    }
    assert!(calls.len() > 30, "{} calls", calls.len());
    calls
}

/// Everything that comes back until the server closes, after this was sent and no more will be.
fn said(server: &Server, bytes: &[u8]) -> String {
    let stream = sent(server, bytes);
    // A server that has refused may have closed already.
    let _ = stream.shutdown(Shutdown::Write);
    heard(stream)
}

fn sent(server: &Server, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let _ = stream.write_all(bytes);
    stream
}

/// Everything until the server closes.
fn heard(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn statuses(answer: &str) -> Vec<u16> {
    let status = |part: &str| part.split(' ').nth(1).and_then(|status| status.parse().ok());
    answer.split("HTTP/1.").skip(1).filter_map(status).collect()
}

/// A server, and the lines that make its demo merchant the caller.
fn server() -> (Server, String) {
    let server = Server::dev();
    let key = text(&server.demo["native"]["api_key"]).to_owned();
    (server, format!("Host: kadi\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"))
}

#[test]
fn a_request_with_a_length_and_an_encoding_is_refused_and_nothing_behind_it_is_read() {
    let (server, lines) = server();
    let smuggled = "GET /healthz HTTP/1.1\r\nHost: kadi\r\n\r\n";
    for (method, path) in calls() {
        for both in [
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "CONTENT-LENGTH:0\r\nX: y\r\ntransfer-encoding:\tchunked",
        ] {
            let request = format!("{method} {path} HTTP/1.1\r\n{lines}{both}\r\n\r\n0\r\n\r\n{smuggled}");
            let answer = heard(sent(&server, request.as_bytes()));
            assert_eq!(statuses(&answer), [400], "{method} {path}: {both}: {answer}");
            assert!(answer.contains("ambiguous_length"), "{answer}");
        }
    }
    // Behind right requests, too; and chunks alone are as right as a length.
    let body = "{\"kind\":\"open\",\"name\":\"Gift\"}";
    let chunks = format!(
        "POST /v1/links HTTP/1.1\r\n{lines}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
        body.len()
    );
    let length = format!("POST /v1/links HTTP/1.1\r\n{lines}Content-Length: {}\r\n\r\n{body}", body.len());
    let both =
        format!("POST /v1/links HTTP/1.1\r\n{lines}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n");
    let last = chunks.replace("Host:", "Connection: close\r\nHost:");
    let answer = heard(sent(&server, [length.as_str(), &chunks, &length, &last].concat().as_bytes()));
    assert_eq!(statuses(&answer), [201; 4], "{answer}");
    let answer = heard(sent(&server, [length.as_str(), &both, &length].concat().as_bytes()));
    assert_eq!(statuses(&answer), [201, 400], "{answer}");
    server.verify();
}

/// Lines of a head that mean nothing, or nothing good.
const LINES: &[&str] = &[
    "Content-Length: -1",
    "Content-Length: +5",
    "Content-Length: 5, 5",
    "Content-Length: 99999999999999999999",
    "Content-Length: 1\r\nContent-Length: 2",
    "Content-Length: 0x10",
    "Transfer-Encoding: gzip",
    "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding : chunked",
    "Host: other",
    "X : y",
    " folded",
    ": nameless",
    "nocolon",
    "X: a\u{0}b",
    "X\u{1}: y",
    "Expect: 200-maybe",
    "Expect: 100-continue\r\nContent-Length: 2",
    "Connection: upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
    "Connection: close, keep-alive, x",
    "Range: bytes=0-1",
    "Content-Encoding: gzip",
    "Content-Type: \u{fc}",
    "Authorization: Basic \u{ff}",
    "Cookie: \u{202e}",
];

/// Bodies in chunks that are none.
const CHUNKS: &[&str] = &[
    "zz\r\n",
    "5\r\nhel",
    "-1\r\n",
    "ffffffffffffffff\r\nx",
    "5 5\r\nhello\r\n0\r\n\r\n",
    "5\nhello\n0\n\n",
];

/// First lines; the path stands where `*` is.
const FIRST: &[&str] = &[
    "GET * HTTP/2.0",
    "GET * HTTP/9.9",
    "GET * HTTP/1.0",
    "GET *",
    "GET  *  HTTP/1.1",
    "get * HTTP/1.1",
    "BREW * HTTP/1.1",
    "POST\t*\tHTTP/1.1",
    "OPTIONS * HTTP/1.1",
    "TRACE * HTTP/1.1",
    "HEAD * HTTP/1.1",
    "PUT * HTTP/1.1",
    "DELETE * HTTP/1.1",
    "PATCH * HTTP/1.1",
    "CONNECT kadi:80 HTTP/1.1",
    "GET http://other.example* HTTP/1.1",
    "GET //other* HTTP/1.1",
    "GET *\u{0} HTTP/1.1",
    "GET *%00 HTTP/1.1",
    "GET *%ff HTTP/1.1",
    "GET */../.. HTTP/1.1",
    "GET */ HTTP/1.1",
    "GET *;x=y HTTP/1.1",
    "GET *# HTTP/1.1",
    "GET \u{fc}* HTTP/1.1",
    "\u{16}\u{3}\u{1} *",
];

#[test]
fn what_is_hardly_http_is_refused_or_cut_off_by_every_call() {
    let (server, lines) = server();
    let key = text(&server.demo["native"]["api_key"]).to_owned();
    let links = || server.send(&Call::get("/v1/links?limit=100").bearer(&key)).text().to_owned();
    let before = links();
    let mut seen = std::collections::BTreeMap::new();
    let mut send = |what: &str, request: String| {
        let answer = said(&server, request.as_bytes());
        for status in statuses(&answer) {
            // 501 and 505 are words of HTTP itself about methods and versions.
            assert!(status < 500 || status == 505, "{what}: {answer}");
            *seen.entry(status).or_insert(0) += 1;
        }
    };
    for (method, path) in calls() {
        for line in LINES {
            let what = format!("{method} {path}: {line}");
            send(&what, format!("{method} {path} HTTP/1.1\r\n{lines}{line}\r\n\r\n"));
        }
        for chunks in CHUNKS {
            let what = format!("{method} {path}: {chunks}");
            send(
                &what,
                format!("{method} {path} HTTP/1.1\r\n{lines}Transfer-Encoding: chunked\r\n\r\n{chunks}"),
            );
        }
        send("no host", format!("{method} {path} HTTP/1.1\r\n\r\n"));
        send("no end", format!("{method} {path} HTTP/1.1\r\n{lines}Content-Length: 9\r\n\r\n{{"));
    }
    for path in ["/v1/links", "/paytm/link/create", "/linkpayment", "/p/x", "/sandbox/clock"] {
        for first in FIRST {
            let first = first.replace('*', path);
            send(&first, format!("{first}\r\n{lines}\r\n"));
        }
        let long = "a".repeat(600_000);
        send("a long address", format!("GET {path}?{long} HTTP/1.1\r\n{lines}\r\n"));
        send("a long line", format!("GET {path} HTTP/1.1\r\n{lines}X: {long}\r\n\r\n"));
        send("many lines", format!("GET {path} HTTP/1.1\r\n{lines}{}\r\n", "X: y\r\n".repeat(5_000)));
    }
    assert!(seen.contains_key(&400) && seen.contains_key(&405), "{seen:?}");
    assert_eq!(links(), before, "nothing was made");
    server.verify();
}

#[test]
fn a_stop_does_not_wait_for_requests_that_never_arrive() {
    let (mut server, lines) = server();
    let whole = format!("GET /v1/links HTTP/1.1\r\n{lines}\r\n");
    let halves = [
        String::new(),
        "GET / HT".to_owned(),
        format!("POST /v1/links HTTP/1.1\r\n{lines}"),
        format!("POST /v1/links HTTP/1.1\r\n{lines}Content-Length: 90\r\n\r\n{{"),
        format!("POST /v1/links HTTP/1.1\r\n{lines}Transfer-Encoding: chunked\r\n\r\n5\r\nhel"),
        format!("{whole}POST /v1/links HTTP/1.1\r\n{lines}Content-Length: 90\r\n\r\n{{"),
        whole.clone(),
    ];
    let lines: Vec<TcpStream> = halves
        .iter()
        .map(|half| {
            let mut stream = TcpStream::connect(&server.address).unwrap();
            stream.write_all(half.as_bytes()).unwrap();
            stream
        })
        .collect();
    assert_eq!(server.send(&Call::get("/healthz")).status, 200);
    let began = Instant::now();
    server.stop();
    assert!(began.elapsed() < Duration::from_secs(6), "the stop took {:?}", began.elapsed());
    for (mut line, half) in lines.into_iter().zip(halves) {
        let mut answer = String::new();
        let _ = line.read_to_string(&mut answer); // a reset is an end too
        let expected: &[u16] = if half.contains(&whole) { &[200] } else { &[] };
        assert_eq!(statuses(&answer), expected, "{half}: {answer}");
    }
    server.start_again();
    server.verify();
}
