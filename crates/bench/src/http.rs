//! Over HTTP: the server against the bare one, in interleaved rounds.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use crate::child::Server;
use crate::client::ask_all;
use crate::figure::Milli;
use crate::generator::{Load, Pace, run};
use crate::machine::resident_kib;
use crate::report::Report;
use crate::requests::Requests;
use crate::rounds::{Plan, Series, Subject, measure};
use crate::server::{Kadi, Store};
use crate::shop::{AUTHORIZATION, BENCH_MID, CREATE_PATH, Customer, MADE, Shop};

/// Links that are read so often that the server keeps them.
const HOT_LINKS: usize = 1_000;
/// Links that are read in turn: five times what the server keeps (`KEPT_MAX` in its `faces.rs`).
const COLD_LINKS: usize = 50_000;
/// The header of a machine that draws previews: a page that it reads has not been opened by anyone.
const PREVIEW: &str = "User-Agent: WhatsApp/2.24\r\n";
const PREPARE_PATIENCE: Duration = Duration::from_secs(120);
/// Different bodies that are echoed.
const ECHOES: usize = 1_000;
/// Connections of the open loop: so many that one is free even in a stall.
const OPEN_CONNECTIONS: usize = 256;

/// Measures both servers, and checks afterwards that the store holds what was answered.
pub(crate) fn over_http(
    program: &Path,
    folder: &Path,
    store: &Store,
    plan: Plan,
    report: &mut Report,
) -> Result<(), String> {
    store.import(program)?;
    let kadi = store.start(program, None)?;
    let figure = |key: &str| store.figure(key);
    report.set_milli(&figure("rss_mb"), Milli::ratio(resident_kib(kadi.server.id())?, 1_024));
    let bytes_empty = store.bytes();
    let shop = RefCell::new(Shop::new(BENCH_MID)?);
    let reads = Reads::prepare(&kadi, &shop)?;
    let page_bytes = format!("--page-bytes={}", reads.page_bytes);
    let baseline = Server::start(program, &["bench".to_owned(), "baseline".to_owned(), page_bytes], folder)?;
    let own = [std::process::id(), baseline.id(), kadi.server.id()];
    let mut subjects = of_the_baseline(&baseline, &shop);
    subjects.extend(of_kadi(&kadi, &shop, &reads));
    let mut series = measure(plan, &mut subjects, &own)?;
    let peak = series.iter().filter(|series| series.name == "create").map(|series| series.row.rate).max();
    let mut open = create(&kadi, &shop, "create, open loop at half the peak", OPEN_CONNECTIONS);
    open.pace = Pace::Open { per_second: peak.unwrap_or(0) / 2 };
    series.extend(measure(plan, &mut [open], &own)?);
    report.set(
        &figure("rss_after_load_mb"),
        Milli::ratio(resident_kib(kadi.server.id())?, 1_024).map(Milli::json),
    );
    kadi.server.stop()?;
    let made = series.iter().filter(|series| series.name.starts_with("create"));
    let answers = made.map(|series| series.row.good).sum::<u64>();
    let answers = answers + u64::try_from(COLD_LINKS).unwrap_or(0);
    let rows = store.links()?;
    report.set(&figure("rows"), rows);
    report.set(&figure("rows_equal_answers"), rows == answers);
    let bytes = store.bytes().zip(bytes_empty).map(|(after, before)| after.saturating_sub(before));
    report.set(&figure("bytes_per_link"), bytes.and_then(|bytes| bytes.checked_div(rows)));
    figures(store, &series, report);
    report.add(series);
    Ok(())
}

/// The ratios that targets speak of.
fn figures(store: &Store, series: &[Series], report: &mut Report) {
    let figure = |key: &str| store.figure(key);
    let of = |name: &str, connections| {
        series.iter().find(|s| s.name == name && s.connections == connections).map(|series| series.row)
    };
    let rate = |name, connections| of(name, connections).map_or(0, |row| row.rate);
    report.set(&figure("echo_rps"), rate("echo", 64));
    report.set(&figure("create_rps"), rate("create", 64));
    report.set_milli(&figure("create_ratio"), Milli::ratio(rate("create", 64), rate("echo", 64)));
    report.set_milli(&figure("create_ratio_256"), Milli::ratio(rate("create", 256), rate("echo", 256)));
    report.set_milli(&figure("page_ratio"), Milli::ratio(rate("page", 64), rate("static page", 64)));
    report.set_milli(
        &figure("page_cached_ratio"),
        Milli::ratio(rate("page, kept", 64), rate("static page", 64)),
    );
    report.set_milli(&figure("status_ratio"), Milli::ratio(rate("status", 64), rate("hello", 64)));
    report
        .set_milli(&figure("status_cached_ratio"), Milli::ratio(rate("status, kept", 64), rate("hello", 64)));
    if let Some(create) = of("create", 64) {
        report.set_milli(&figure("create_p50_ms"), Some(Milli(create.latency.p50_us)));
        report.set_milli(&figure("create_p99_ms"), Some(Milli(create.latency.p99_us)));
        report.set_milli(&figure("create_spread"), create.latency.spread());
        report.set_milli(&figure("create_cpu_us"), Some(create.cpu_us));
        report.set_milli(&figure("create_batch"), create.batch);
        let echo = of("echo", 64).map_or(0, |echo| echo.cpu_us.0);
        report.set_milli(&figure("create_cpu_ratio"), Milli::ratio(create.cpu_us.0, echo));
    }
}

/// What is read: the requests for pages of links and for their states.
struct Reads {
    cold_pages: Requests,
    cold_states: Requests,
    hot_pages: Requests,
    hot_states: Requests,
    /// What the server answers without asking anybody: what its layers cost.
    healthz: Requests,
    /// The size of a page.
    page_bytes: usize,
}

impl Reads {
    /// Makes links, and opens some of them once, as their customers would.
    fn prepare(kadi: &Kadi, shop: &RefCell<Shop>) -> Result<Self, String> {
        let mut creates = shop.borrow_mut().creates(CREATE_PATH, Customer::Nobody, COLD_LINKS);
        let load = Load {
            address: kadi.server.address,
            connections: 64,
            pace: Pace::Closed,
            warm_up: Duration::ZERO,
            length: PREPARE_PATIENCE,
            expected: MADE,
            keep: Some(id_and_code),
        };
        let made = run(&load, &mut creates)?;
        if made.kept.len() != COLD_LINKS {
            return Err(format!("{} of {COLD_LINKS} links could be made", made.kept.len()));
        }
        let endless = Requests::again_and_again;
        let mut reads = Self {
            cold_pages: endless(),
            cold_states: endless(),
            hot_pages: endless(),
            hot_states: endless(),
            healthz: endless(),
            page_bytes: 0,
        };
        reads.healthz.add_get("/healthz", "");
        let mut once = Requests::once();
        for (at, text) in made.kept.iter().enumerate() {
            let (id, code) = text.split_once(' ').unwrap_or_default();
            let (page, state) = (format!("/p/{code}"), format!("/v1/links/{id}"));
            reads.cold_pages.add_get(&page, PREVIEW);
            reads.cold_states.add_get(&state, AUTHORIZATION);
            if at < HOT_LINKS {
                once.add_get(&page, "");
                reads.hot_pages.add_get(&page, "");
                reads.hot_states.add_get(&state, AUTHORIZATION);
            }
        }
        let pages = ask_all(kadi.server.address, once)?;
        reads.page_bytes = pages.first().map_or(0, String::len);
        Ok(reads)
    }
}

/// The id and the code of a link that was made, from the answer.
fn id_and_code(answer: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(answer).ok()?;
    let (_, id) = text.split_once("\"linkId\":")?;
    let (_, code) = text.split_once("\"shortUrl\":\"")?;
    let (id, code) = (id.split_once(',')?.0, code.split_once('"')?.0.rsplit('/').next()?);
    Some(format!("{id} {code}"))
}

/// What is measured at the bare server.
fn of_the_baseline<'a>(baseline: &Server, shop: &RefCell<Shop>) -> Vec<Subject<'a>> {
    let subject = |name, connections, expected, requests: Requests| Subject {
        store: "none",
        name,
        address: baseline.address,
        process: baseline.id(),
        admin: None,
        connections,
        pace: Pace::Closed,
        expected,
        requests: Box::new(move |_| requests.clone()),
    };
    let get = |path: &str| {
        let mut requests = Requests::again_and_again();
        requests.add_get(path, "");
        requests
    };
    let mut echoes = Requests::again_and_again();
    echoes.append(&shop.borrow_mut().creates("/echo", Customer::Nobody, ECHOES));
    vec![
        subject("hello", 64, "hello", get("/hello")),
        subject("static page", 64, "xxxx", get("/page")),
        subject("echo", 64, "invoiceId", echoes.clone()),
        subject("echo", 256, "invoiceId", echoes.clone()),
        subject("echo", 1, "invoiceId", echoes),
    ]
}

/// What is measured at Kadi.
fn of_kadi<'a>(kadi: &Kadi, shop: &'a RefCell<Shop>, reads: &'a Reads) -> Vec<Subject<'a>> {
    let read = |name, expected, requests: &'a Requests| Subject {
        name,
        expected,
        requests: Box::new(|_| requests.clone()),
        ..create(kadi, shop, name, 64)
    };
    let mut with_customer = create(kadi, shop, "create with a customer", 64);
    with_customer.requests = Box::new(|count| shop.borrow_mut().creates(CREATE_PATH, Customer::Named, count));
    vec![
        create(kadi, shop, "create", 64),
        create(kadi, shop, "create", 256),
        create(kadi, shop, "create", 1),
        with_customer,
        read("healthz", "ok", &reads.healthz),
        read("page", "</html>", &reads.cold_pages),
        read("page, kept", "</html>", &reads.hot_pages),
        read("status", "\"status\"", &reads.cold_states),
        read("status, kept", "\"status\"", &reads.hot_states),
    ]
}

fn create<'a>(kadi: &Kadi, shop: &'a RefCell<Shop>, name: &'static str, connections: usize) -> Subject<'a> {
    Subject {
        store: kadi.store,
        name,
        address: kadi.server.address,
        process: kadi.server.id(),
        admin: Some(kadi.admin),
        connections,
        pace: Pace::Closed,
        expected: MADE,
        requests: Box::new(|count| shop.borrow_mut().creates(CREATE_PATH, Customer::Nobody, count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_links_that_are_read_are_found_in_the_answers() {
        let answer = br#"{"body":{"linkId":7170,"linkType":"INVOICE","shortUrl":"http://h:1/p/0aB","a":1}}"#;
        assert_eq!(id_and_code(answer).as_deref(), Some("7170 0aB"));
        assert_eq!(id_and_code(b"{}"), None);
    }
}
