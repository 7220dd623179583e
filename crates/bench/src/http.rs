//! Over HTTP: the server against the bare one, in interleaved rounds.

use std::cell::RefCell;

use crate::child::Server;
use crate::client::ask_all;
use crate::generator::Pace;
use crate::requests::Requests;
use crate::rounds::Subject;
use crate::server::Kadi;
use crate::shop::{AUTHORIZATION, CREATE_PATH, Customer, MADE, Shop};

/// Links whose pages and states are read.
const READ_LINKS: usize = 2_000;

/// What is read: the requests for the pages of links and for their states.
pub(crate) struct Reads {
    pages: Requests,
    states: Requests,
}

impl Reads {
    /// Makes links and opens each once, as its customer would.
    pub(crate) fn prepare(kadi: &Kadi, shop: &RefCell<Shop>) -> Result<Self, String> {
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
pub(crate) fn of_the_baseline<'a>(baseline: &Server, shop: &'a RefCell<Shop>) -> Vec<Subject<'a>> {
    let subject = |name, connections, expected, requests| Subject {
        name,
        address: baseline.address,
        process: baseline.id(),
        admin: None,
        connections,
        pace: Pace::Closed,
        expected,
        requests,
    };
    let get = |path: &str| {
        let mut requests = Requests::again_and_again();
        requests.add_get(path, "");
        Box::new(move |_| requests.clone())
    };
    let mut echoes = Requests::again_and_again();
    echoes.append(&shop.borrow_mut().creates("/echo", Customer::Nobody, 1_000));
    let mut subjects =
        vec![subject("hello", 64, "hello", get("/hello")), subject("static page", 64, "xxxx", get("/page"))];
    for connections in [64, 256, 1] {
        let echoes = echoes.clone();
        subjects.push(subject("echo", connections, "invoiceId", Box::new(move |_| echoes.clone())));
    }
    subjects
}

/// What is measured at Kadi.
pub(crate) fn of_kadi<'a>(kadi: &Kadi, shop: &'a RefCell<Shop>, reads: &'a Reads) -> Vec<Subject<'a>> {
    let subject = |name, connections, expected, requests| Subject {
        name,
        address: kadi.server.address,
        process: kadi.server.id(),
        admin: Some(kadi.admin),
        connections,
        pace: Pace::Closed,
        expected,
        requests,
    };
    let create = |customer| {
        Box::new(move |count| shop.borrow_mut().creates(CREATE_PATH, customer, count))
            as Box<dyn FnMut(usize) -> Requests + 'a>
    };
    vec![
        subject("create", 64, MADE, create(Customer::Nobody)),
        subject("create", 256, MADE, create(Customer::Nobody)),
        subject("create", 1, MADE, create(Customer::Nobody)),
        subject("create with a customer", 64, MADE, create(Customer::Named)),
        subject("page", 64, "</html>", Box::new(|_| reads.pages.clone())),
        subject("status", 64, "\"status\"", Box::new(|_| reads.states.clone())),
    ]
}
