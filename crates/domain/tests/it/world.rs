//! One merchant with one link and its payments, driven without a store: ids are counted, time is set by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::attempt::{Attempt, start};
use kadi_domain::claim::{MoneyKey, hear};
use kadi_domain::event::EventKind;
use kadi_domain::fee::FeeRule;
use kadi_domain::id::{LinkId, MerchantId, PaymentId};
use kadi_domain::ledger::{Chain, Entry};
use kadi_domain::link::{Link, LinkKind, LinkStatus, Sums, Terms};
use kadi_domain::merchant::{Environment, FeeBearer, Limit, Merchant, Risk};
use kadi_domain::mode::Mode;
use kadi_domain::moment::{Moment, Setup, Source};
use kadi_domain::payment::Payment;
use kadi_domain::rail::{Report, Taken, Weight};
use kadi_domain::reference::Dialect;
use kadi_domain::refusal::{Fault, Stop};
use kadi_domain::seal::{Keyring, NumberedKey};
use kadi_domain::secret::Secret;
use kadi_domain::settle::{Parties, Settled, end_reservation};
use kadi_domain::split::SplitRule;
use kadi_domain::split_refund::SplitPart;
use kadi_domain::time::{MINUTE_MS, Timestamp};
use kadi_domain::ways::Ways;

pub(crate) const MERCHANT: MerchantId = MerchantId::new(7);
pub(crate) const START: Timestamp = Timestamp::from_ms(1_800_000_000_000);

pub(crate) static KEYS: LazyLock<Keyring> = LazyLock::new(|| {
    let key = |id| NumberedKey { id, key: Secret::new([9; 32]) };
    Keyring::new(&Secret::new([1; 32]), vec![key(1)], Secret::new([2; 32]), vec![key(1)]).unwrap()
});

/// Counts ids and gives the same bytes for randomness.
#[derive(Clone)]
pub(crate) struct Counter(i64);

impl Counter {
    pub(crate) const fn at(number: i64) -> Self {
        Self(number)
    }
}

impl Source for Counter {
    fn sequence(&mut self) -> Result<i64, Fault> {
        self.0 += 1;
        Ok(self.0)
    }

    fn random(&mut self, bytes: &mut [u8]) -> Result<(), Fault> {
        bytes.fill(5);
        Ok(())
    }
}

/// What one step did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Did {
    pub(crate) events: Vec<EventKind>,
    pub(crate) entries: usize,
    pub(crate) ask_rail: bool,
}

impl Did {
    /// Nothing at all, not even a question to the rail.
    pub(crate) fn is_nothing(&self) -> bool {
        self.events.is_empty() && self.entries == 0 && !self.ask_rail
    }
}

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) merchant: Merchant,
    pub(crate) split: Vec<SplitRule>,
    /// What refunds have left of the children's parts, by payment.
    pub(crate) parts: BTreeMap<usize, Vec<SplitPart>>,
    pub(crate) link: Link,
    pub(crate) payments: Vec<Payment>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) now: Timestamp,
    /// The payment that counts for the link's obligation.
    pub(crate) paid_by: Option<PaymentId>,
    setup: Setup,
    source: Counter,
}

impl World {
    pub(crate) fn new(link: Link) -> Self {
        Self {
            merchant: merchant(),
            split: Vec::new(),
            parts: BTreeMap::new(),
            link,
            payments: Vec::new(),
            entries: Vec::new(),
            now: START,
            paid_by: None,
            setup: Setup::sandbox(),
            source: Counter(100),
        }
    }

    /// A world whose link has one started payment of all that it asks for (of 1,000 where the payer chooses).
    pub(crate) fn paying(link: Link) -> Self {
        let mut world = Self::new(link);
        world.start(None).unwrap();
        world
    }

    pub(crate) fn with_moment<T>(&mut self, act: impl FnOnce(&mut Moment<'_>) -> T) -> T {
        act(&mut Moment::new(self.now, self.now, &self.setup, &KEYS, &mut self.source))
    }

    /// Starts a payment; its number in the order of starts.
    pub(crate) fn start(&mut self, amount: Option<i64>) -> Result<usize, Stop> {
        let chosen = if self.link.kind == LinkKind::Open { Some(1_000) } else { None };
        let attempt = attempt(amount.or(chosen));
        let (link, merchant) = (self.link.clone(), self.merchant.clone());
        let (link, payment) = self.with_moment(|moment| start(link, &merchant, &attempt, moment))?;
        self.link = link;
        self.payments.push(payment);
        Ok(self.payments.len() - 1)
    }

    /// A notice.
    pub(crate) fn report(&mut self, at: usize, report: &Report) -> Did {
        self.hear(at, report, false)
    }

    /// A notice, or the answer to a question.
    pub(crate) fn hear(&mut self, at: usize, report: &Report, was_asked: bool) -> Did {
        let (link, payment) = (self.link.clone(), self.payments[at].clone());
        let (merchant, split) = (self.merchant.clone(), self.split.clone());
        let key = MoneyKey::named(&payment, report);
        let has_it = |payment: &&Payment| key.is_some() && MoneyKey::of(payment) == key;
        let known_at = self.payments.iter().position(|payment| has_it(&payment));
        let known = known_at.map(|at| self.payments[at].clone());
        let parts = self.parts.get(&known_at.unwrap_or(at)).cloned().unwrap_or_default();
        let parties = Parties { merchant: &merchant, split: &split, parts: &parts, paid_by: self.paid_by };
        let weight = if was_asked { Weight::Truth } else { Weight::Notice };
        let heard = self
            .with_moment(|moment| hear(link, payment, known.as_ref(), &parties, report, weight, moment))
            .unwrap();
        let Settled { link, payment, entries, events, ask_rail } = heard.settled;
        self.link = link;
        let mut told = Vec::new();
        if let Some(gone) = heard.withdrawn {
            told = gone.events;
            let known = self.payments.iter_mut().find(|known| known.id == gone.payment.id);
            *known.unwrap() = gone.payment;
        }
        match self.payments.iter_mut().find(|known| known.id == payment.id) {
            Some(known) => *known = payment,
            None => {
                assert!(heard.is_new && payment.beside.is_some());
                self.payments.push(payment);
            }
        }
        told.extend(events);
        let did = Did { events: told, entries: entries.len(), ask_rail };
        self.entries.extend(entries);
        did
    }

    /// What the job does about a payment whose time is over.
    pub(crate) fn end_reservation(&mut self, at: usize) {
        let (link, payment) = end_reservation(self.link.clone(), self.payments[at].clone()).unwrap();
        self.link = link;
        self.payments[at] = payment;
    }

    pub(crate) fn set_up(&mut self, setup: Setup) {
        self.setup = setup;
    }

    pub(crate) fn pass(&mut self, minutes: i64) {
        self.now = self.now.plus_ms(minutes * MINUTE_MS);
    }

    /// The rail's money for a payment, exactly as its attempt asked for.
    pub(crate) fn taken(&self, at: usize) -> Taken {
        let payment = &self.payments[at];
        Taken {
            reference: format!("UTR{}", payment.id.get()),
            charged: payment.charged().unwrap(),
            currency: payment.currency,
            payee: payment.rail_account.clone(),
        }
    }

    pub(crate) fn succeeded(&self, at: usize) -> Report {
        Report::Succeeded(self.taken(at))
    }

    pub(crate) fn reversed(&self, at: usize) -> Report {
        Report::Reversed(self.taken(at))
    }
}

pub(crate) fn failed() -> Report {
    Report::Failed { reason: "declined".to_owned() }
}

pub(crate) fn attempt(amount: Option<i64>) -> Attempt {
    Attempt {
        amount: amount.map(Minor::new),
        by: Mode::Upi.into(),
        payer_mobile: None,
        answers: None,
        token: None,
        rail: "test".to_owned(),
        rail_is_sandbox: true,
    }
}

pub(crate) fn merchant() -> Merchant {
    let fee = FeeRule::plain("*".into(), "*".into(), 100, Minor::ZERO, 1_800);
    Merchant {
        id: MERCHANT,
        slug: "demo".into(),
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

/// One obligation of 1,000, paid once.
pub(crate) fn once() -> Link {
    Link {
        id: LinkId::new(1_031),
        merchant_id: MERCHANT,
        origin: Dialect::NATIVE,
        kind: LinkKind::Fixed,
        currency: Currency::INR,
        amount: Some(Minor::new(1_000)),
        due: Some(Minor::new(1_000)),
        max_payments: None,
        one_order: false,
        terms: Terms::default(),
        ways: Ways::default(),
        name: "Fees".into(),
        description: String::new(),
        customer_id: None,
        created_at: START,
        expires_at: None,
        status: LinkStatus::Active,
        sent_at: None,
        opened_at: None,
        sums: Sums::default(),
        resent_count: 0,
        edit_count: 0,
        event_count: 1,
        chain: Chain::default(),
        version: 0,
    }
}

/// 1,000 for each payment, any number of them.
pub(crate) fn reusable() -> Link {
    Link { due: None, ..once() }
}

/// 1,000 for each payment, at most so many of them.
pub(crate) fn at_most(payments: i64) -> Link {
    Link { due: None, max_payments: Some(payments), ..once() }
}

/// One order: used up by its first final outcome.
pub(crate) fn one_order() -> Link {
    Link { due: None, max_payments: Some(1), one_order: true, ..once() }
}

/// The payer chooses the amount, once.
pub(crate) fn open() -> Link {
    Link { kind: LinkKind::Open, amount: None, due: None, max_payments: Some(1), ..once() }
}
