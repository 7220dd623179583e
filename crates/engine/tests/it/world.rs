//! An engine on a store of its own, with one merchant; gone with the test.

use std::collections::BTreeSet;
use std::path::Path;

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::create::{Expiry, Extras, NewLink, Use};
use kadi_domain::customer::Contact;
use kadi_domain::fee::FeeRule;
use kadi_domain::id::{LinkId, MerchantId, PaymentId};
use kadi_domain::job::{Job, JobKey, JobKind};
use kadi_domain::link::{Link, LinkKind, Sums};
use kadi_domain::merchant::{Environment, FeeBearer, Limit, Merchant, Risk};
use kadi_domain::moment::Setup;
use kadi_domain::payment::Payment;
use kadi_domain::reference::{Dialect, Namespace};
use kadi_domain::seal::{Keyring, NumberedKey};
use kadi_domain::secret::Secret;
use kadi_domain::time::{MINUTE_MS, Timestamp};
use kadi_engine::commands::administer::ImportMerchants;
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::engine::Engine;
use kadi_engine::{Reader, Trouble};
use kadi_store::Location;
use tempfile::TempDir;

pub(crate) const ORDERS: Namespace = Namespace { dialect: Dialect::NATIVE, kind: 1 };

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) merchant: MerchantId,
    folder: TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_setup(Setup::sandbox()).await
    }

    /// An engine of an installation with other settings.
    pub(crate) async fn with_setup(setup: Setup) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::start(&location(folder.path()), setup, keys()).unwrap();
        let merchant = import(&engine, merchant("demo")).await;
        Self { engine, merchant, folder }
    }

    /// As [`World::new`], outside the sandbox.
    pub(crate) async fn live() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup { sandbox: false, ..Setup::sandbox() };
        let engine = Engine::start(&location(folder.path()), setup, keys()).unwrap();
        let merchant = import(&engine, merchant("demo")).await;
        Self { engine, merchant, folder }
    }

    /// Stops the engine cleanly and starts another on the same store.
    pub(crate) fn restarted(mut self) -> Self {
        self.engine.stop();
        self.engine = start(self.folder.path()).unwrap();
        self
    }

    /// Takes the store away; the engine goes on without one.
    pub(crate) fn take_away(&self) {
        std::fs::rename(self.folder.path().join("kadi.db"), self.folder.path().join("away")).unwrap();
    }

    /// Puts the store back.
    pub(crate) fn put_back(&self) {
        std::fs::rename(self.folder.path().join("away"), self.folder.path().join("kadi.db")).unwrap();
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Reader) -> Result<T, Trouble> + Send + 'static,
    ) -> T {
        self.engine.query(|reader| ask(reader)).await.unwrap()
    }

    pub(crate) async fn link(&self, new: NewLink) -> Link {
        let command = CreateLink { merchant_id: self.merchant, new, idempotency: None };
        match self.engine.submit(command).await.unwrap() {
            Once::Done(made) => made.link,
            Once::Replayed(id) => panic!("{id:?} was there before"),
        }
    }

    /// The link as it stands now.
    pub(crate) async fn stored(&self, id: LinkId) -> Link {
        self.read(move |reader| reader.link(id)).await.unwrap()
    }

    pub(crate) async fn payment(&self, id: PaymentId) -> Payment {
        self.read(move |reader| reader.payment(id)).await.unwrap()
    }

    /// The job of this kind for this record, whenever it is due and whoever has it.
    pub(crate) async fn job(&self, kind: JobKind, subject: i64) -> Option<Job> {
        let far = Timestamp::from_ms(i64::MAX);
        let jobs = self.read(move |reader| reader.due_jobs(far, far, 100_000)).await;
        jobs.into_iter().find(|job| job.key == JobKey { kind, subject })
    }

    pub(crate) async fn pass(&self, minutes: i64) {
        self.engine.advance_clock(minutes * MINUTE_MS).await.unwrap();
    }

    /// Requires every invariant of the stored books.
    pub(crate) async fn assert_clean(&self) {
        let engine = self.engine.clone();
        assert_report(
            &self.read(move |reader| kadi_store::verify(reader, engine.keys(), engine.now())).await,
        );
    }
}

impl Drop for World {
    /// Every scenario ends with a clean stop and clean books, whatever else it was about.
    fn drop(&mut self) {
        self.engine.stop();
        if !std::thread::panicking() {
            let reader = Reader::open(&location(self.folder.path())).unwrap();
            assert_report(&kadi_store::verify(&reader, self.engine.keys(), self.engine.now()).unwrap());
        }
    }
}

fn assert_report(report: &kadi_store::Report) {
    assert!(report.is_clean(), "{:#?}", report.broken);
}

pub(crate) fn start(folder: &Path) -> Result<Engine, Trouble> {
    Engine::start(&location(folder), Setup::sandbox(), keys())
}

fn location(folder: &Path) -> Location {
    Location::sqlite(folder.join("kadi.db"))
}

pub(crate) fn keys() -> Keyring {
    let key = |id| NumberedKey { id, key: Secret::new([9; 32]) };
    Keyring::new(&Secret::new([1; 32]), vec![key(1)], Secret::new([2; 32]), vec![key(1)]).unwrap()
}

/// Imports a merchant without credentials; its row.
pub(crate) async fn import(engine: &Engine, merchant: Merchant) -> MerchantId {
    let import = ImportMerchants::new(vec![(merchant, BTreeSet::new(), Vec::new())], engine.keys()).unwrap();
    engine.submit(import).await.unwrap()[0].merchant_id
}

pub(crate) fn merchant(slug: &str) -> Merchant {
    let fee = FeeRule::plain("*".into(), "*".into(), 100, Minor::ZERO, 1_800);
    Merchant {
        id: MerchantId::new(0),
        slug: slug.into(),
        name: "Demo Traders".into(),
        active: true,
        environment: Environment::Test,
        vpa: None,
        gstin: None,
        state_code: None,
        address: None,
        features: BTreeSet::new(),
        redirect_hosts: Vec::new(),
        aggregator: None,
        resellers: Vec::new(),
        limit: Limit { min: Minor::new(100), max: None, account_max: None },
        fees: vec![fee],
        refund_fee_bearer: FeeBearer::default(),
        hold_policy: None,
        receipts: true,
        risk: Risk::default(),
        settings: Vec::new(),
        version: 0,
    }
}

/// The sums of a link of which one payment was begun, and has left nothing.
pub(crate) fn begun(link: &Link) -> Sums {
    Sums { attempted: Minor::new(1_000), ..link.sums }
}

/// One obligation of 1,000.
pub(crate) fn once() -> NewLink {
    NewLink {
        origin: Dialect::NATIVE,
        kind: LinkKind::Fixed,
        currency: Currency::INR,
        amount: Some(Minor::new(1_000)),
        uses: Use::Once,
        name: "Fees".into(),
        description: String::new(),
        expiry: Expiry::Never,
        contact: Contact::default(),
        send: Vec::new(),
        lines: Vec::new(),
        texts: Vec::new(),
        references: Vec::new(),
        subscriptions: Vec::new(),
        extras: Extras::default(),
    }
}

/// 1,000 for each payment, at most so many of them where it is said.
pub(crate) fn many(max_payments: Option<i64>) -> NewLink {
    NewLink { uses: Use::Many { max_payments }, ..once() }
}

/// One order of 1,000.
pub(crate) fn one_order() -> NewLink {
    NewLink { uses: Use::OneOrder, ..once() }
}

/// One obligation under a merchant's own reference.
pub(crate) fn referenced(value: &str) -> NewLink {
    NewLink { references: vec![(ORDERS, value.to_owned())], ..once() }
}
