//! The store in process: batches of links, decided beforehand, loaded and saved as a batcher would.

use std::ops::Range;
use std::time::{Duration, Instant};

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::create::{Expiry, Extras, NewLink, Resolved, Use, create};
use kadi_domain::customer::Contact;
use kadi_domain::link::{LinkKind, LinkText, TextKind};
use kadi_domain::merchant::Merchant;
use kadi_domain::moment::{Moment, Setup, Source};
use kadi_domain::reference::{Dialect, Namespace, ReferenceKey};
use kadi_domain::refusal::Fault;
use kadi_domain::seal::{Keyring, NumberedKey};
use kadi_domain::secret::Secret;
use kadi_domain::time::DAY_MS;
use kadi_domain::work::{Changes, Needs};
use kadi_engine::clock::KadiClock;
use kadi_store::{Commit, Location, Reader, Session, Trouble};

use crate::shop::{Order, scattered};

/// A batcher's number that no engine uses.
const BATCHER: i64 = 1_000;
/// Sequence numbers taken at a time.
const BLOCK: i64 = 1 << 20;
/// Below so many numbers left, new ones are taken: more than a batch needs.
const RESERVE: i64 = 1 << 14;

/// Where the references of these links stand: as those of the dialect that is measured over HTTP.
const NAMESPACE: Namespace = Namespace { dialect: Dialect(1), kind: 1 };

/// One session with all that decisions need.
pub(crate) struct Workbench {
    session: Session,
    merchant: Merchant,
    keys: Keyring,
    setup: Setup,
    clock: KadiClock,
    numbers: Numbers,
    order: Order,
    location: Location,
    first: u64,
    next: u64,
}

/// What came of some batches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    /// Links that were stored.
    pub(crate) links: u64,
    /// The time of load, save and checkpoint.
    pub(crate) time: Duration,
}

/// Sequence numbers of a block, and bytes that only look random.
#[derive(Default)]
struct Numbers {
    block: Range<i64>,
    drawn: u64,
}

impl Source for Numbers {
    fn sequence(&mut self) -> Result<i64, Fault> {
        self.block.next().ok_or_else(|| Fault::new("the block of numbers is used up"))
    }

    fn random(&mut self, bytes: &mut [u8]) -> Result<(), Fault> {
        for part in bytes.chunks_mut(8) {
            self.drawn += 1;
            for (byte, drawn) in part.iter_mut().zip(scattered(self.drawn).to_be_bytes()) {
                *byte = drawn;
            }
        }
        Ok(())
    }
}

impl Workbench {
    /// Opens a store in which the merchant of the benchmark stands. References are counted from `first` on.
    pub(crate) fn open(location: &Location, order: Order, first: u64) -> Result<Self, String> {
        let session = Session::open(location, BATCHER).map_err(told)?;
        let merchants = Reader::open(location).and_then(|reader| reader.merchants()).map_err(told)?;
        let merchant = merchants.into_iter().next().ok_or("the store has no merchant")?;
        Ok(Self {
            session,
            merchant,
            keys: keys()?,
            setup: Setup::sandbox(),
            clock: KadiClock::new(0),
            numbers: Numbers::default(),
            order,
            location: location.clone(),
            first,
            next: first,
        })
    }

    /// Stores links in batches of this size until the time is over.
    pub(crate) fn work_for(&mut self, batch: usize, length: Duration) -> Result<Work, String> {
        self.work(batch, |work| work.time < length)
    }

    /// Stores so many links in batches of this size.
    pub(crate) fn work_through(&mut self, batch: usize, links: u64) -> Result<Work, String> {
        self.work(batch, |work| work.links < links)
    }

    fn work(&mut self, batch: usize, go_on: impl Fn(&Work) -> bool) -> Result<Work, String> {
        let mut work = Work { links: 0, time: Duration::ZERO };
        while go_on(&work) {
            work.time += self.one_batch(batch)?;
            work.links += u64::try_from(batch).unwrap_or(0);
        }
        Ok(work)
    }

    /// Looks up so many links by their references, anywhere among those made here, as a status call does.
    pub(crate) fn look_up(&self, links: u64) -> Result<(), String> {
        let reader = Reader::open(&self.location).map_err(told)?;
        let made = (self.next - self.first).max(1);
        for asked in 0..links {
            let value = self.order.reference(self.first + scattered(asked) % made);
            let key = ReferenceKey { namespace: NAMESPACE, merchant_id: self.merchant.id, value };
            let id = reader.link_by_reference(&key).map_err(told)?.ok_or("a link is missing")?;
            let link = reader.link(id).map_err(told)?.ok_or("a link's row is missing")?;
            link.customer_id.map(|id| reader.customer(id)).transpose().map_err(told)?;
        }
        Ok(())
    }

    /// How long a transaction takes that changes one row and is durable.
    pub(crate) fn bare_transaction(&mut self) -> Result<Duration, String> {
        let begun = Instant::now();
        self.session.take_block(1).map_err(told)?;
        Ok(begun.elapsed())
    }

    fn one_batch(&mut self, batch: usize) -> Result<Duration, String> {
        if self.numbers.block.end - self.numbers.block.start < RESERVE {
            self.numbers.block = self.session.take_block(BLOCK).map_err(told)?;
        }
        let (needs, decided) = self.decide(batch)?;
        let mark = scattered(self.next).to_be_bytes();
        let [a, b, c, d, e, f, g, h] = mark;
        let begun = Instant::now();
        let mut view = self.session.load(&needs).map_err(told)?;
        for changes in decided {
            view.apply(changes);
        }
        match self.session.save(&view, [a, b, c, d, e, f, g, h, a, b, c, d, e, f, g, h]) {
            Commit::Committed => {}
            other @ (Commit::Aborted(_) | Commit::Unknown(_)) => return Err(format!("a batch: {other:?}")),
        }
        self.session.checkpoint_if_due().map_err(told)?;
        Ok(begun.elapsed())
    }

    fn decide(&mut self, batch: usize) -> Result<(Needs, Vec<Changes>), String> {
        let mut needs = Needs::default();
        needs.merchants.insert(self.merchant.id);
        let mut decided = Vec::with_capacity(batch);
        for _ in 0..batch {
            let new = new_link(self.next, self.order, &self.clock);
            self.next += 1;
            needs.references.extend(new.reference_keys(self.merchant.id));
            let (now, real_now) = (self.clock.now(), self.clock.real_now());
            let mut moment = Moment::new(now, real_now, &self.setup, &self.keys, &mut self.numbers);
            let made = create(&self.merchant, &new, Resolved::default(), |_| Ok(false), &mut moment);
            let (_, changes) = made.map_err(|stop| format!("a link was refused: {stop:?}"))?;
            decided.push(changes);
        }
        Ok((needs, decided))
    }
}

/// A link as a signed request asks for it.
pub(crate) fn new_link(number: u64, order: Order, clock: &KadiClock) -> NewLink {
    let text = LinkText { kind: TextKind::RequestId, position: 0, value: format!("req-{number}") };
    NewLink {
        origin: NAMESPACE.dialect,
        kind: LinkKind::Invoice,
        currency: Currency::INR,
        amount: Some(Minor::new(49_900)),
        uses: Use::Once,
        name: format!("Order {number}"),
        description: "Two books and a map".to_owned(),
        expiry: Expiry::At(clock.now().plus_ms(30 * DAY_MS)),
        contact: Contact::default(),
        send: Vec::new(),
        lines: Vec::new(),
        texts: vec![text],
        references: vec![(NAMESPACE, order.reference(number))],
        subscriptions: Vec::new(),
        extras: Extras::default(),
    }
}

/// Keys of a store that is thrown away.
pub(crate) fn keys() -> Result<Keyring, String> {
    let key = NumberedKey { id: 1, key: Secret::new([9; 32]) };
    let ring = Keyring::new(&Secret::new([1; 32]), vec![key.clone()], Secret::new([2; 32]), vec![key]);
    ring.map_err(|fault| fault.to_string())
}

pub(crate) fn told(trouble: Trouble) -> String {
    format!("the store: {trouble:?}")
}
