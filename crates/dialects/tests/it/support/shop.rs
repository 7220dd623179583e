//! A Kadi in this process, with merchants of the test's choice; gone with the test.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use kadi_dialects::door::Door;
use kadi_dialects::table;
use kadi_dialects::telling::{Call, Telling};
use kadi_domain::attempt::Attempt;
use kadi_domain::delivery::Delivery;
use kadi_domain::id::LinkId;
use kadi_domain::invoice::link_of_invoice_number;
use kadi_domain::link::Link;
use kadi_domain::moment::Setup;
use kadi_domain::payment::Payment;
use kadi_domain::rail::Report;
use kadi_domain::seal::{Keyring, NumberedKey};
use kadi_domain::secret::Secret;
use kadi_engine::command::{Command, Failure};
use kadi_engine::commands::administer::ImportMerchants;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::engine::Engine;
use kadi_engine::pay::{Pay, pay};
use kadi_engine::{Reader, Trouble};
use kadi_store::Location;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use super::answer::Answer;
use super::merchants::{Input, api_key};
use super::rail::Says;

pub(crate) struct Shop {
    pub(crate) door: Door,
    router: Router,
    runtime: Runtime,
    _folder: TempDir,
}

impl Shop {
    pub(crate) fn open(merchants: Vec<Input>) -> Self {
        Self::with_setup(Setup::sandbox(), merchants)
    }

    pub(crate) fn with_setup(setup: Setup, merchants: Vec<Input>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = |id| NumberedKey { id, key: Secret::new([9; 32]) };
        let keys =
            Keyring::new(&Secret::new([1; 32]), vec![key(1)], Secret::new([2; 32]), vec![key(1)]).unwrap();
        let engine = Engine::start(&Location::sqlite(folder.path().join("kadi.db")), setup, keys).unwrap();
        let door = Door { engine, public_url: Arc::from("https://pay.example") };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let shop = Self { router: table::router(door.clone()), door, runtime, _folder: folder };
        shop.submit(ImportMerchants::new(merchants, shop.engine().keys()).unwrap());
        shop
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.door.engine
    }

    pub(crate) fn submit<C: Command>(&self, command: C) -> C::Reply {
        self.try_submit(command).unwrap_or_else(|failure| panic!("{failure:?}"))
    }

    pub(crate) fn try_submit<C: Command>(&self, command: C) -> Result<C::Reply, Failure> {
        self.runtime.block_on(self.engine().submit(command))
    }

    pub(crate) fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Reader) -> Result<T, Trouble> + Send + 'static,
    ) -> T {
        self.runtime.block_on(self.engine().query(ask)).unwrap()
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.runtime.block_on(self.engine().advance_clock(ms)).unwrap();
    }

    pub(crate) fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(answer(self.router.clone(), request))
    }

    /// All of them at once.
    pub(crate) fn send_all(&self, requests: Vec<Request<Body>>) -> Vec<Answer> {
        self.runtime.block_on(async {
            let mut calls = JoinSet::new();
            for request in requests {
                calls.spawn(answer(self.router.clone(), request));
            }
            calls.join_all().await
        })
    }

    /// What `kadi verify` finds.
    pub(crate) fn verify(&self) -> kadi_store::Report {
        let engine = self.engine().clone();
        self.read(move |reader| kadi_store::verify(reader, engine.keys(), engine.now()))
    }

    /// A call of the own API by `demo`.
    pub(crate) fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let bearer = format!("Bearer {}", api_key("demo"));
        let mut request = Request::builder().method(method).uri(path).header("authorization", bearer);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[], "")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, &[], &body.to_string())
    }

    /// The stored link of an answer of any API.
    pub(crate) fn link(&self, answer: &Answer) -> Link {
        let body = answer.json();
        let own = body["id"].as_str().map(|id| id.parse().unwrap());
        let coded = || self.door.link_of(body["data"]["linkPaymentId"].as_str()?).map(LinkId::get);
        let hashed = || self.door.link_of(body["payment_link_hash"].as_str()?).map(LinkId::get);
        let numbered = || link_of_invoice_number(body["invoiceNo"].as_str()?).map(LinkId::get);
        let id = own.or(body["body"]["linkId"].as_i64()).or_else(coded).or_else(hashed).or_else(numbered);
        let id = LinkId::new(id.unwrap_or_else(|| panic!("no link: {}", answer.text)));
        self.read(move |reader| reader.link(id)).unwrap()
    }

    /// One attempt to pay the link, and what the rail says to it.
    pub(crate) fn pay(&self, link: &Link, says: Says) -> Payment {
        let attempt = Attempt {
            amount: link.amount.is_none().then(|| kadi_domain::amount::Minor::new(2_500)),
            by: kadi_domain::mode::Mode::Upi.into(),
            payer_mobile: None,
            answers: None,
            token: None,
            rail: "test".to_owned(),
            rail_is_sandbox: true,
        };
        let (merchant_id, link_id) = (link.merchant_id, link.id);
        let attempt = Pay { merchant_id, link_id, attempt, choice: String::new() };
        self.runtime.block_on(pay(self.engine(), &says, attempt)).unwrap()
    }

    /// The rail says at last that it took the money of a payment.
    pub(crate) fn capture(&self, payment: &Payment) -> Payment {
        let taken = kadi_domain::rail::Taken {
            reference: format!("UTR-{}", payment.id.get()),
            charged: payment.charged().unwrap(),
            currency: payment.currency,
            payee: payment.rail_account.clone(),
        };
        self.submit(RecordReport::about(payment, Report::Succeeded(taken)))
    }

    /// The rail takes the money of a payment back.
    pub(crate) fn reverse(&self, payment: &Payment) -> Payment {
        let taken = kadi_domain::rail::Taken {
            reference: payment.rail_reference.clone().unwrap(),
            charged: payment.taken.unwrap(),
            currency: payment.currency,
            payee: payment.rail_account.clone(),
        };
        self.submit(RecordReport::about(payment, Report::Reversed(taken)))
    }

    /// Every delivery of a link, oldest first, as it would be posted now.
    pub(crate) fn deliveries(&self, link: &Link) -> Vec<(Delivery, Call)> {
        let id = link.id;
        let deliveries = self.read(move |reader| reader.deliveries_of(id));
        let told = deliveries.into_iter().map(|delivery| {
            let (delivery, telling) =
                self.runtime.block_on(Telling::of_delivery(&self.door, delivery.id)).unwrap();
            let row = table::dialect(delivery.dialect).unwrap();
            let call = (row.tell)(&self.door, &telling).unwrap();
            (delivery, call)
        });
        told.collect()
    }

    pub(crate) fn return_form(&self, payment: &Payment) -> Option<kadi_engine::ports::ReturnForm> {
        self.runtime.block_on(table::return_form(&self.door, payment.id)).unwrap()
    }
}

async fn answer(router: Router, request: Request<Body>) -> Answer {
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: parts.status, headers: parts.headers, text }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.engine().stop();
    }
}
