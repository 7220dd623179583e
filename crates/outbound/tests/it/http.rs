//! What is sent, what is read, and how a call ends that gets no answer.

use std::process::Command;
use std::time::{Duration, Instant};

use kadi_outbound::http::{Answer, GuardPolicy, GuardRefusal, GuardedClient, PostFault, PostTimeouts};

use crate::support::http_server::{HttpServer, Manner, answer};

fn client() -> GuardedClient {
    client_within(Duration::from_secs(20))
}

fn client_within(whole: Duration) -> GuardedClient {
    let timeouts = PostTimeouts { connect: Duration::from_secs(10), whole };
    GuardedClient::new(GuardPolicy { allow_loopback: true, timeouts, ..GuardPolicy::default() }).unwrap()
}

async fn post(server: &HttpServer) -> Result<Answer, PostFault> {
    post_by(&client(), server).await
}

async fn post_by(client: &GuardedClient, server: &HttpServer) -> Result<Answer, PostFault> {
    client.post(&format!("http://{}/hook", server.address), "text/plain", &[], b"hello".to_vec()).await
}

#[tokio::test]
async fn the_request_carries_type_headers_and_body() {
    let server = HttpServer::plain(answer("202 Accepted", "", "ठीक".as_bytes())).await;
    let url = format!("http://{}/hook?x=1", server.address);
    let headers = [("webhook-id", "evt_1"), ("webhook-timestamp", "1790000000")];
    let body = b"{\"a\":1}".to_vec();
    let answer = client().post(&url, "application/json", &headers, body).await.unwrap();
    let expected = Answer { status: 202, body: "ठीक".as_bytes().to_vec(), truncated: false };
    assert_eq!(answer, expected);
    let [request] = server.requests().try_into().unwrap();
    let lower = request.to_lowercase();
    assert!(lower.starts_with("post /hook?x=1 http/1.1\r\n"), "{request}");
    for line in ["content-type: application/json", "webhook-id: evt_1", "webhook-timestamp: 1790000000"] {
        assert_eq!(lower.matches(&format!("\r\n{line}\r\n")).count(), 1, "{line} in {request}");
    }
    assert!(lower.contains("\r\nuser-agent: kadi/"), "{request}");
    assert!(!lower.contains("accept-encoding"), "a packed answer could be a bomb: {request}");
    assert!(request.ends_with("\r\n\r\n{\"a\":1}"), "{request}");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_nobody_follows_it() {
    let target = HttpServer::plain(answer("200 OK", "", b"")).await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let location = format!("location: http://{}/\r\n", target.address);
        let server = HttpServer::plain(answer(status, &location, b"")).await;
        let answered = post(&server).await.unwrap().status;
        assert!(status.starts_with(&answered.to_string()), "{answered}");
        assert_eq!(server.requests().len(), 1);
    }
    assert_eq!(target.connections(), 0);
}

#[tokio::test]
async fn a_long_answer_is_cut_at_64_kib() {
    let exact = HttpServer::plain(answer("200 OK", "", &vec![b'x'; 64 * 1024])).await;
    let answer_64k = post(&exact).await.unwrap();
    assert_eq!((answer_64k.body.len(), answer_64k.truncated), (65_536, false));
    let huge = HttpServer::plain(answer("500 Oops", "", &vec![b'x'; 5_000_000])).await;
    let answer = post(&huge).await.unwrap();
    assert_eq!((answer.status, answer.body.len(), answer.truncated), (500, 65_536, true));
}

#[tokio::test]
async fn silence_and_dripping_end_at_the_deadline() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n".to_vec();
    for manner in [Manner::Silent, Manner::Drip(head), Manner::Drip(b"HTTP/1.1 2".to_vec())] {
        let server = HttpServer::plain(manner).await;
        let begun = Instant::now();
        let fault = post_by(&client_within(Duration::from_millis(800)), &server).await.unwrap_err();
        assert_eq!(fault, PostFault::Timeout(800));
        assert!(fault.may_have_arrived());
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_broken_answer_may_have_arrived() {
    let short = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec();
    let head = [b"HTTP/1.1 200 OK\r\nx: ".to_vec(), vec![b'x'; 1_000_000], b"\r\n\r\n".to_vec()].concat();
    for manner in [Manner::HangUp, Manner::Answer(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()), Manner::Answer(head)]
    {
        let server = HttpServer::plain(manner).await;
        let fault = post(&server).await.unwrap_err();
        assert!(matches!(fault, PostFault::Broken(_)), "{fault:?}");
        assert!(fault.may_have_arrived());
        assert_eq!(server.requests().len(), 1, "no second try behind the caller's back");
    }
    let server = HttpServer::plain(Manner::Drip(short)).await;
    let answer = post(&server).await.unwrap();
    assert_eq!(answer.body.len(), 10, "the length given ends the answer, not the connection");
}

#[tokio::test]
async fn nobody_listening_is_a_failed_connection_whose_text_hides_the_address() {
    let url = "http://127.0.0.1:1/hook?token=canary";
    let fault = client().post(url, "text/plain", &[], vec![]).await.unwrap_err();
    assert!(matches!(&fault, PostFault::Connect(_)), "{fault:?}");
    assert!(!fault.may_have_arrived());
    assert!(!fault.to_string().contains("canary"), "{fault}");
}

#[tokio::test]
async fn headers_that_would_start_a_new_line_are_refused() {
    let server = HttpServer::plain(answer("200 OK", "", b"")).await;
    let url = format!("http://{}/", server.address);
    let cases =
        [("a\r\nb", "c"), ("x", "a\r\nhost: inner"), ("x", "a\nb"), ("x", "\0"), ("", "x"), ("a b", "x")];
    for header in cases {
        let fault = client().post(&url, "text/plain", &[header], vec![]).await.unwrap_err();
        assert_eq!(fault, PostFault::Refused(GuardRefusal::Header(header.0.to_owned())));
    }
    let fault = client().post(&url, "text/plain\r\nx: y", &[], vec![]).await.unwrap_err();
    assert_eq!(fault, PostFault::Refused(GuardRefusal::Header("content-type".to_owned())));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn connections_are_kept_for_the_next_call() {
    let server = HttpServer::plain(answer("200 OK", "", b"ok")).await;
    let client = client();
    for _ in 0..3 {
        let url = format!("http://{}/", server.address);
        assert_eq!(client.post(&url, "text/plain", &[], vec![]).await.unwrap().status, 200);
    }
    assert_eq!((server.connections(), server.requests().len()), (1, 3));
}

/// Proxy variables can only be set before a process starts, so the test of a plain call is run again with
/// them.
#[test]
fn proxy_variables_change_nothing() {
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "http::the_request_carries_type_headers_and_body"]);
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        again.env(name, "http://127.0.0.1:1");
    }
    let output = again.env_remove("NO_PROXY").env_remove("no_proxy").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}
