//! Everything that was asked is answered, counted and checked.

use std::net::SocketAddr;
use std::sync::mpsc::channel;
use std::time::Duration;

use kadi_bench::baseline;
use kadi_bench::generator::{Load, Outcome, Pace, run};
use kadi_bench::requests::Requests;

/// The bare server, on a thread of its own until the tests end.
fn baseline_server() -> SocketAddr {
    let (told, address) = channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let ready = |address| told.send(address).map_err(|error| error.to_string());
        runtime.block_on(baseline::serve(1_024, ready)).unwrap();
    });
    address.recv().unwrap()
}

fn load(pace: Pace, expected: &str) -> Load<'_> {
    Load {
        address: baseline_server(),
        connections: 8,
        pace,
        warm_up: Duration::from_millis(20),
        length: Duration::from_millis(200),
        expected,
        keep: Some(|body| String::from_utf8(body.to_vec()).ok()),
    }
}

fn hellos() -> Requests {
    let mut requests = Requests::again_and_again();
    requests.add_get("/hello", "");
    requests
}

fn is_whole(outcome: &Outcome) {
    assert!(outcome.asked > 0);
    assert_eq!(outcome.good + outcome.bad, outcome.asked);
    assert!(outcome.measured <= outcome.good);
    assert!(outcome.latency.count() <= outcome.asked);
}

#[test]
fn every_request_of_a_closed_loop_is_answered() {
    let outcome = run(&load(Pace::Closed, "hello"), &mut hellos()).unwrap();
    is_whole(&outcome);
    assert_eq!((outcome.bad, outcome.wrong), (0, 0));
    assert_eq!(outcome.sampled, outcome.asked / 16);
    assert_eq!(u64::try_from(outcome.kept.len()).unwrap(), outcome.good);
    assert!(outcome.kept.iter().all(|body| body == "hello"));
}

#[test]
fn an_open_loop_asks_as_often_as_it_was_told() {
    let outcome = run(&load(Pace::Open { per_second: 1_000 }, "hello"), &mut hellos()).unwrap();
    is_whole(&outcome);
    // 220 ms at 1,000 a second; fewer only where no connection was free at the end.
    assert!(outcome.asked <= 221, "{}", outcome.asked);
    assert_eq!((outcome.bad, outcome.wrong), (0, 0));
}

#[test]
fn requests_that_are_sent_once_end_the_round() {
    let mut requests = Requests::once();
    (0..100).for_each(|_| requests.add_get("/hello", ""));
    let outcome = run(&load(Pace::Closed, "hello"), &mut requests).unwrap();
    assert_eq!((outcome.asked, outcome.good), (100, 100));
}

#[test]
fn a_status_and_a_body_that_are_not_as_expected_are_counted() {
    let mut unknown = Requests::again_and_again();
    unknown.add_get("/nothing", "");
    let outcome = run(&load(Pace::Closed, ""), &mut unknown).unwrap();
    is_whole(&outcome);
    assert_eq!((outcome.good, outcome.bad), (0, outcome.asked));
    let outcome = run(&load(Pace::Closed, "good bye"), &mut hellos()).unwrap();
    assert_eq!((outcome.bad, outcome.wrong), (0, outcome.sampled));
    assert!(outcome.sampled > 0);
}

#[test]
fn a_server_that_is_not_there_is_an_error() {
    let mut load = load(Pace::Closed, "hello");
    load.address = SocketAddr::from(([127, 0, 0, 1], 1));
    assert!(run(&load, &mut hellos()).is_err());
}
