//! Over HTTP: the server against the bare one, in interleaved rounds.

use std::cell::RefCell;
use std::path::Path;

use crate::child::Server;
use crate::client::ask_all;
use crate::figure::Milli;
use crate::generator::Pace;
use crate::machine::resident_kib;
use crate::report::Report;
use crate::requests::Requests;
use crate::rounds::{Plan, Series, Subject, measure};
use crate::server::{Kadi, Store};
use crate::shop::{AUTHORIZATION, CREATE_PATH, Customer, MADE, Shop};

/// Links whose pages and states are read.
const READ_LINKS: usize = 2_000;
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
    let baseline = Server::start(program, &["bench".to_owned(), "baseline".to_owned()], folder)?;
    store.import(program)?;
    let kadi = store.start(program, None)?;
    report.set_milli("rss_mb", Milli::ratio(resident_kib(kadi.server.id())?, 1_024));
    let bytes_empty = store.bytes();
    let shop = RefCell::new(Shop::new()?);
    let reads = Reads::prepare(&kadi, &shop)?;
    let own = [std::process::id(), baseline.id(), kadi.server.id()];
    let mut subjects = of_the_baseline(&baseline, &shop);
    subjects.extend(of_kadi(&kadi, &shop, &reads));
    let mut series = measure(plan, &mut subjects, &own)?;
    let peak = series.iter().filter(|series| series.name == "create").map(|series| series.row.rate).max();
    let mut open = create(&kadi, &shop, "create, open loop at half the peak", OPEN_CONNECTIONS);
    open.pace = Pace::Open { per_second: peak.unwrap_or(0) / 2 };
    series.extend(measure(plan, &mut [open], &own)?);
    report.set("rss_after_load_mb", Milli::ratio(resident_kib(kadi.server.id())?, 1_024).map(Milli::json));
    kadi.server.stop()?;
    let made = series.iter().filter(|series| series.name.starts_with("create"));
    let answers = made.map(|series| series.row.good).sum::<u64>();
    let answers = answers + u64::try_from(READ_LINKS).unwrap_or(0);
    let rows = store.links()?;
    report.set("rows", rows);
    report.set("rows_equal_answers", rows == answers);
    report.set("bytes_per_link", store.bytes().saturating_sub(bytes_empty).checked_div(rows));
    figures(&series, report);
    report.add(series);
    Ok(())
}

/// The ratios that targets speak of.
fn figures(series: &[Series], report: &mut Report) {
    let of = |name: &str, connections| {
        series.iter().find(|s| s.name == name && s.connections == connections).map(|series| series.row)
    };
    let rate = |name, connections| of(name, connections).map_or(0, |row| row.rate);
    report.set("echo_rps", rate("echo", 64));
    report.set("create_rps", rate("create", 64));
    report.set_milli("create_ratio", Milli::ratio(rate("create", 64), rate("echo", 64)));
    report.set_milli("create_ratio_256", Milli::ratio(rate("create", 256), rate("echo", 256)));
    report.set_milli("page_ratio", Milli::ratio(rate("page", 64), rate("static page", 64)));
    report.set_milli("status_ratio", Milli::ratio(rate("status", 64), rate("hello", 64)));
    if let Some(create) = of("create", 64) {
        report.set_milli("create_p50_ms", Some(Milli(create.latency.p50_us)));
        report.set_milli("create_p99_ms", Some(Milli(create.latency.p99_us)));
        report.set_milli("create_spread", create.latency.spread());
        report.set_milli("create_cpu_us", Some(create.cpu_us));
        report.set_milli("create_batch", create.batch);
        let echo = of("echo", 64).map_or(0, |echo| echo.cpu_us.0);
        report.set_milli("create_cpu_ratio", Milli::ratio(create.cpu_us.0, echo));
    }
}

/// What is read: the requests for the pages of links and for their states.
struct Reads {
    pages: Requests,
    states: Requests,
}

impl Reads {
    /// Makes links and opens each once, as its customer would.
    fn prepare(kadi: &Kadi, shop: &RefCell<Shop>) -> Result<Self, String> {
        let creates = shop.borrow_mut().creates(CREATE_PATH, Customer::Nobody, READ_LINKS);
        let mut reads = Self { pages: Requests::again_and_again(), states: Requests::again_and_again() };
        let mut once = Requests::once();
        for answer in ask_all(kadi.server.address, creates)? {
            let value: serde_json::Value = serde_json::from_str(&answer).map_err(|e| e.to_string())?;
            let body = value.get("body").ok_or("an answer without a body")?;
            let text = |name: &str| body.get(name).map(ToString::to_string).unwrap_or_default();
            let address = text("shortUrl");
            let code = address.trim_matches('"').rsplit('/').next().unwrap_or_default();
            once.add_get(&format!("/p/{code}"), "");
            reads.pages.add_get(&format!("/p/{code}"), "");
            reads.states.add_get(&format!("/v1/links/{}", text("linkId")), AUTHORIZATION);
        }
        ask_all(kadi.server.address, once)?;
        Ok(reads)
    }
}

/// What is measured at the bare server.
fn of_the_baseline<'a>(baseline: &Server, shop: &RefCell<Shop>) -> Vec<Subject<'a>> {
    let subject = |name, connections, expected, requests: Requests| Subject {
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
        read("page", "</html>", &reads.pages),
        read("status", "\"status\"", &reads.states),
    ]
}

fn create<'a>(kadi: &Kadi, shop: &'a RefCell<Shop>, name: &'static str, connections: usize) -> Subject<'a> {
    Subject {
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
