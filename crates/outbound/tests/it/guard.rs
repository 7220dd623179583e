//! What the guard refuses: inner addresses in every spelling, names that lead inside, all that is not https.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kadi_outbound::http::{GuardPolicy, GuardRefusal, GuardedClient, PostFault, PostTimeouts};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::support::http_server::{HttpServer, answer};

/// Hosts that are this machine, or a machine inside, in every spelling that some parser understands.
const INNER_HOSTS: &[&str] = &[
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7F.0x0.0x0.0x1",
    "017700000001",
    "0177.0.0.1",
    "0177.1",
    "00000177.0.0.1",
    "0x7f.0.0.1",
    "127.0.0.0x1",
    "127.255.255.254",
    "１２７.０.０.１",
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
    "%31%32%37.0.0.1",
    "0",
    "0.0.0.0",
    "0x0",
    "00",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::0001]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:FFFF:7F00:0001]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[::ffff:0:127.0.0.1]",
    "[fe80::1]",
    "[fd00::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[fec0::1]",
    "10.0.0.1",
    "167772161",
    "0xa000001",
    "012.0.0.1",
    "172.16.0.1",
    "172.31.1.1",
    "192.168.0.1",
    "192.168.1",
    "3232235521",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "[::ffff:169.254.169.254]",
    "100.64.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "4294967295",
    "192.88.99.1",
    "192.0.0.170",
];

fn strict() -> GuardPolicy {
    GuardPolicy::default()
}

fn sandbox() -> GuardPolicy {
    GuardPolicy { allow_loopback: true, ..GuardPolicy::default() }
}

async fn post(client: &GuardedClient, url: &str) -> Result<u16, PostFault> {
    client.post(url, "text/plain", &[], b"x".to_vec()).await.map(|answer| answer.status)
}

async fn refusal(client: &GuardedClient, url: &str) -> GuardRefusal {
    match post(client, url).await {
        Err(PostFault::Refused(refusal)) => refusal,
        other => panic!("{url} was not refused: {other:?}"),
    }
}

#[tokio::test]
async fn no_spelling_of_an_inner_address_opens_a_connection() {
    let v4 = HttpServer::listen("0.0.0.0:0", answer("200 OK", "", b""), None).await;
    let v6 = HttpServer::listen(&format!("[::1]:{}", v4.port()), answer("200 OK", "", b""), None).await;
    let client = GuardedClient::new(strict()).unwrap();
    assert!(INNER_HOSTS.len() >= 60);
    for host in INNER_HOSTS {
        let refused = refusal(&client, &format!("https://{host}:{}/hook", v4.port())).await;
        assert!(matches!(refused, GuardRefusal::Address(_)), "{host}: {refused:?}");
        assert_eq!(refusal(&client, &format!("http://{host}:{}/", v4.port())).await, GuardRefusal::NotHttps);
    }
    assert_eq!((v4.connections(), v6.connections()), (0, 0));
}

#[tokio::test]
async fn the_system_resolver_is_checked_too() {
    let server = HttpServer::plain(answer("200 OK", "", b"")).await;
    let client = GuardedClient::new(strict()).unwrap();
    for host in ["localhost", "LOCALHOST"] {
        let refused = refusal(&client, &format!("https://{host}:{}/", server.port())).await;
        assert!(matches!(refused, GuardRefusal::Address(ip) if ip.is_loopback()), "{host}: {refused:?}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn what_is_no_plain_https_address_is_refused_by_name() {
    let client = GuardedClient::new(strict()).unwrap();
    let long = format!("https://shop.example/{}", "a".repeat(2048));
    let cases: &[(&str, GuardRefusal)] = &[
        ("", GuardRefusal::NotAWebAddress),
        ("shop.example/hook", GuardRefusal::NotAWebAddress),
        ("//shop.example", GuardRefusal::NotAWebAddress),
        ("https://", GuardRefusal::NotAWebAddress),
        ("https://[::1", GuardRefusal::NotAWebAddress),
        ("https://[fe80::1%25eth0]/", GuardRefusal::NotAWebAddress),
        ("https://256.1.1.1/", GuardRefusal::NotAWebAddress),
        ("https://0x100000000/", GuardRefusal::NotAWebAddress),
        ("https://shop.example:99999/", GuardRefusal::NotAWebAddress),
        ("http://shop.example/", GuardRefusal::NotHttps),
        ("ftp://shop.example/", GuardRefusal::NotHttps),
        ("file:///etc/passwd", GuardRefusal::NotHttps),
        ("gopher://127.0.0.1:25/_MAIL", GuardRefusal::NotHttps),
        ("javascript:alert(1)", GuardRefusal::NotHttps),
        ("data:text/plain,x", GuardRefusal::NotHttps),
        ("unix:/run/docker.sock", GuardRefusal::NotHttps),
        ("https://user@shop.example/", GuardRefusal::UserPart),
        ("https://user:secret@shop.example/", GuardRefusal::UserPart),
        ("https://:secret@shop.example/", GuardRefusal::UserPart),
        ("https://shop.example@127.0.0.1/", GuardRefusal::UserPart),
        ("https://shop.example\n.evil.example/", GuardRefusal::ControlCharacter),
        ("https://shop.example/\r\nHost: inner", GuardRefusal::ControlCharacter),
        ("https://127.0.\t0.1/", GuardRefusal::ControlCharacter),
        (" https://shop.example/", GuardRefusal::ControlCharacter),
        ("https://shop.example/a b", GuardRefusal::ControlCharacter),
        ("https://shop.example/\u{0}", GuardRefusal::ControlCharacter),
        (&long, GuardRefusal::TooLong),
    ];
    for (url, expected) in cases {
        assert_eq!(refusal(&client, url).await, *expected, "{url:?}");
    }
}

#[tokio::test]
async fn the_sandbox_reaches_this_machine_and_nothing_else_inside() {
    let server = HttpServer::plain(answer("200 OK", "", b"")).await;
    let client = GuardedClient::new(sandbox()).unwrap();
    for host in ["127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]"] {
        assert_eq!(post(&client, &format!("http://{host}:{}/", server.port())).await, Ok(200), "{host}");
    }
    let reached = server.connections();
    for host in INNER_HOSTS.iter().filter(|host| !is_this_machine(host)) {
        for scheme in ["http", "https"] {
            let refused = refusal(&client, &format!("{scheme}://{host}:{}/", server.port())).await;
            assert!(matches!(refused, GuardRefusal::Address(_)), "{scheme}://{host}: {refused:?}");
        }
    }
    assert_eq!(refusal(&client, "http://8.8.8.8/").await, GuardRefusal::NotHttps);
    assert_eq!(server.connections(), reached);
}

fn is_this_machine(host: &str) -> bool {
    let url = reqwest::Url::parse(&format!("http://{host}/")).unwrap();
    let host = url.host_str().unwrap().trim_matches(['[', ']']);
    host.parse().is_ok_and(kadi_outbound::http::is_loopback)
}

/// Gives the next list of addresses at each lookup, and counts them.
struct Script {
    answers: Mutex<VecDeque<io::Result<Vec<IpAddr>>>>,
    lookups: Mutex<usize>,
    port: u16,
}

impl Script {
    fn new(port: u16, answers: Vec<io::Result<Vec<&str>>>) -> Arc<Self> {
        let parsed = answers
            .into_iter()
            .map(|answer| answer.map(|ips| ips.into_iter().map(|ip| ip.parse().unwrap()).collect()));
        Arc::new(Self { answers: Mutex::new(parsed.collect()), lookups: Mutex::new(0), port })
    }

    fn lookups(&self) -> usize {
        *self.lookups.lock().unwrap()
    }
}

impl Resolve for Script {
    fn resolve(&self, _: Name) -> Resolving {
        *self.lookups.lock().unwrap() += 1;
        let answer = self.answers.lock().unwrap().pop_front().expect("no lookup beyond the script");
        let port = self.port;
        Box::pin(async move {
            let addresses: Addrs = Box::new(answer?.into_iter().map(move |ip| SocketAddr::new(ip, port)));
            Ok(addresses)
        })
    }
}

/// Public by its number, given to nobody: connecting to it leads nowhere.
const NOBODYS: &str = "2a0f:ffff:ffff::1";

#[tokio::test]
async fn a_name_that_moves_inside_between_lookups_finds_nobody_there() {
    let server = HttpServer::plain(answer("200 OK", "", b"")).await;
    let script = Script::new(server.port(), vec![Ok(vec![NOBODYS]), Ok(vec!["127.0.0.1"])]);
    let timeouts = PostTimeouts { connect: Duration::from_millis(500), whole: Duration::from_secs(5) };
    let policy = GuardPolicy { timeouts, ..strict() };
    let client = GuardedClient::with_resolver(policy, script.clone()).unwrap();
    let url = format!("https://rebind.example:{}/", server.port());

    let first = post(&client, &url).await.unwrap_err();
    assert!(matches!(first, PostFault::Connect(_)), "{first:?}");
    assert_eq!(script.lookups(), 1, "a call resolves once and connects to what was checked");
    assert_eq!(refusal(&client, &url).await, GuardRefusal::Address("127.0.0.1".parse().unwrap()));
    assert_eq!((script.lookups(), server.connections()), (2, 0));
}

#[tokio::test]
async fn one_inner_address_among_public_ones_refuses_the_name() {
    let server = HttpServer::plain(answer("200 OK", "", b"")).await;
    for inner in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"] {
        let answers = vec![Ok(vec!["8.8.8.8", NOBODYS, inner])];
        let client = GuardedClient::with_resolver(strict(), Script::new(server.port(), answers)).unwrap();
        let refused = refusal(&client, "https://mixed.example/").await;
        assert_eq!(refused, GuardRefusal::Address(inner.parse().unwrap()));
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_resolver_cannot_choose_the_port() {
    let server = HttpServer::plain(answer("200 OK", "", b"")).await;
    let script = Script::new(server.port(), vec![Ok(vec!["127.0.0.1"])]);
    let client = GuardedClient::with_resolver(sandbox(), script).unwrap();
    let fault = post(&client, "http://hook.example/").await.unwrap_err();
    assert!(matches!(fault, PostFault::Connect(_)), "port 80 has no server here: {fault:?}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_name_without_addresses_is_a_failed_lookup() {
    let missing = io::Error::new(io::ErrorKind::NotFound, "no such name");
    let script = Script::new(0, vec![Err(missing), Ok(vec![])]);
    let client = GuardedClient::with_resolver(strict(), script).unwrap();
    for expected in ["no such name", "it has no address"] {
        let fault = post(&client, "https://nowhere.example/").await.unwrap_err();
        assert_eq!(fault, PostFault::Lookup(expected.to_owned()));
        assert!(!fault.may_have_arrived());
    }
}

#[tokio::test]
async fn in_the_sandbox_a_public_name_still_needs_https() {
    let script = Script::new(0, vec![Ok(vec!["8.8.8.8"]), Ok(vec!["8.8.8.8"])]);
    let client = GuardedClient::with_resolver(sandbox(), script).unwrap();
    assert_eq!(refusal(&client, "http://shop.example/").await, GuardRefusal::NotHttps);
}
