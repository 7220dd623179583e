//! A small world of links and payments in every state, made by the domain's own rules and then sealed.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::attempt::{Attempt, AttemptToken, start};
use kadi_domain::create::{Expiry, Extras, NewLink, Resolved, Use, create};
use kadi_domain::customer::Contact;
use kadi_domain::delivery::{EventSet, Subscription};
use kadi_domain::event::EventKind;
use kadi_domain::fields::FieldValues;
use kadi_domain::follow_up::announce;
use kadi_domain::id::{LinkId, MerchantId, PaymentId, SealId};
use kadi_domain::job::{Job, JobKey, JobKind};
use kadi_domain::ledger::{Seal, seal_parts};
use kadi_domain::link::{LinkKind, lines_total};
use kadi_domain::merchant::{Environment, Feature, Limit, Merchant, Risk};
use kadi_domain::message::ChannelKind;
use kadi_domain::mode::Mode;
use kadi_domain::moment::{Moment, Setup, Source};
use kadi_domain::payment::Payment;
use kadi_domain::rail::{Report, Taken, Weight};
use kadi_domain::reference::{Dialect, IdempotencyKey, IdempotencyRecord, Namespace};
use kadi_domain::refusal::Fault;
use kadi_domain::sandbox::{Charge, RefundStory, Story};
use kadi_domain::seal::{Keyring, NumberedKey};
use kadi_domain::secret::{Pii, Secret};
use kadi_domain::settle::{Parties, settle};
use kadi_domain::split::{Share, SplitRule};
use kadi_domain::time::{MINUTE_MS, Timestamp};
use kadi_domain::work::{Changes, Needs};
use kadi_store::{Commit, Session};

use crate::sample;
use crate::store::Store;

pub(crate) const NOW: Timestamp = Timestamp::from_ms(1_800_000_000_000);
/// Children of the shops' links.
pub(crate) const CHILDREN: [i64; 2] = [1_001, 1_002];
const SHOPS: [MerchantId; 2] = [MerchantId::new(1), MerchantId::new(2)];

pub(crate) fn keys(books: u8) -> Keyring {
    let key = |id, byte| NumberedKey { id, key: Secret::new([byte; 32]) };
    Keyring::new(&Secret::new([1; 32]), vec![key(1, 2)], Secret::new([3; 32]), vec![key(4, books)]).unwrap()
}

struct Counter(i64);

impl Source for Counter {
    fn sequence(&mut self) -> Result<i64, Fault> {
        self.0 += 1;
        Ok(self.0)
    }

    fn random(&mut self, bytes: &mut [u8]) -> Result<(), Fault> {
        self.0 += 1;
        bytes.iter_mut().zip(self.0.to_le_bytes()).for_each(|(to, from)| *to = from);
        Ok(())
    }
}

/// Makes the world in an empty store.
pub(crate) fn build(store: &Store) {
    let mut builder = Builder {
        session: store.session(),
        source: Counter(100),
        keys: keys(5),
        setup: Setup::sandbox(),
        shop: SHOPS[0],
        charged: 0,
    };
    let mut changes = Changes::default();
    changes.merchants.new.extend(SHOPS.map(merchant));
    builder.commit(&Needs::default(), |_, _| changes);
    for shop in SHOPS {
        builder.shop = shop;
        builder.everything();
        builder.seal();
        builder.invoice_paid();
        builder.seal();
    }
}

pub(crate) fn merchant(id: MerchantId) -> Merchant {
    Merchant {
        environment: Environment::Test,
        receipts: true,
        features: Feature::ALL.into(),
        limit: Limit { min: Minor::new(1), max: None, account_max: None },
        risk: Risk::default(),
        ..sample::merchant(id)
    }
}

/// What the sandbox rail remembers of a payment a minute after it was asked, when all its notices were sent.
fn charge(payment: &Payment, story: Story) -> Charge {
    let opened_at = NOW.plus_ms(-MINUTE_MS);
    let mut charge = Charge {
        payment_id: payment.id,
        merchant_id: payment.merchant_id,
        account: payment.rail_account.clone(),
        currency: payment.currency,
        amount: payment.charged().unwrap(),
        plot: story.into(),
        opened_at,
        reserved_until: payment.reserved_until.unwrap(),
        told: 0,
        settled: None,
        refund_story: RefundStory::default(),
    };
    while charge.next_step().is_some() {
        charge.told += 1;
    }
    charge
}

pub(crate) struct Builder {
    session: Session,
    source: Counter,
    keys: Keyring,
    setup: Setup,
    pub(crate) shop: MerchantId,
    /// What the payment begun last is to take.
    pub(crate) charged: i64,
}

impl Builder {
    fn everything(&mut self) {
        let once = self.link(LinkKind::Fixed, Use::Once, "once");
        self.paid(once);
        let cancelled = self.link(LinkKind::Fixed, Use::Once, "cancelled");
        self.cancel(cancelled);
        let one_order = self.link(LinkKind::Fixed, Use::OneOrder, "one order");
        self.failed_with(one_order, None);
        let split = self.split("split");
        self.paid(split);
        let parts = self.parts();
        self.paid_part(parts, 400);
        self.paid_part(parts, 250);
        self.obligation();
        self.edited();
        let waiting = self.link(LinkKind::Fixed, Use::Once, "waiting");
        self.pay(waiting, Some(Story::TimeoutAfterCapture));
        let many = self.link(LinkKind::Fixed, Use::Many { max_payments: Some(4) }, "many");
        self.paid(many);
        self.reversed(many);
        self.held(many);
        self.reversed_hold(many);
        let pending = self.pay(many, Some(Story::Pending));
        self.report(many, pending, &Report::Pending);
        self.paid(many);
        self.refunds();
        self.decided();
        self.payers();
        self.drawn();
    }

    fn invoice_paid(&mut self) {
        let invoice = self.link(LinkKind::Invoice, Use::Once, "invoice");
        self.paid(invoice);
    }

    fn paid(&mut self, link: LinkId) {
        let payment = self.pay(link, Some(Story::Success));
        self.report(link, payment, &Report::Succeeded(self.taken(payment, self.charged)));
    }

    pub(crate) fn failed_with(&mut self, link: LinkId, answers: Option<FieldValues>) {
        let payment = self.begin(link, Some(Story::Failure), None, answers);
        self.report(link, payment, &Report::Failed { reason: "no money".into() });
    }

    fn reversed(&mut self, link: LinkId) {
        let payment = self.pay(link, Some(Story::Reversal));
        let taken = self.taken(payment, self.charged);
        self.report(link, payment, &Report::Succeeded(taken.clone()));
        self.report(link, payment, &Report::Reversed(taken));
    }

    fn held(&mut self, link: LinkId) {
        let payment = self.pay(link, None);
        self.report(link, payment, &Report::Succeeded(self.taken(payment, 900)));
    }

    fn reversed_hold(&mut self, link: LinkId) {
        let payment = self.pay(link, None);
        let taken = self.taken(payment, 2_000);
        self.report(link, payment, &Report::Succeeded(taken.clone()));
        self.report(link, payment, &Report::Reversed(taken));
    }

    pub(crate) fn taken(&self, payment: PaymentId, charged: i64) -> Taken {
        Taken {
            reference: format!("SBX{}", payment.get()),
            charged: Minor::new(charged),
            currency: Currency::INR,
            payee: format!("shop-{}", self.shop.get()),
        }
    }

    pub(crate) fn link(&mut self, kind: LinkKind, uses: Use, name: &str) -> LinkId {
        let new = Self::new_link(kind, uses, name);
        self.make(&new, Resolved::default())
    }

    pub(crate) fn new_link(kind: LinkKind, uses: Use, name: &str) -> NewLink {
        let namespace = Namespace { dialect: Dialect(1), kind: 1 };
        NewLink {
            origin: Dialect(1),
            kind,
            currency: Currency::INR,
            amount: Some(lines_total(&sample::lines()).unwrap()),
            uses,
            name: name.into(),
            description: String::new(),
            expiry: Expiry::At(NOW.plus_ms(1_000_000)),
            contact: Contact {
                mobile: Some(Pii::new("9000000001")),
                email: Some(Pii::new("asha@customer.example")),
                ..Contact::default()
            },
            send: vec![ChannelKind::Sms],
            lines: if kind == LinkKind::Invoice { sample::lines() } else { vec![] },
            texts: sample::texts(),
            references: vec![(namespace, name.into())],
            subscriptions: vec![Subscription {
                dialect: Dialect(1),
                form: 1,
                url: None,
                events: EventSet::all(),
            }],
            extras: Extras::default(),
        }
    }

    /// A link whose payments are shared with two children: one by percentage, one by amount without its fee.
    pub(crate) fn split(&mut self, name: &str) -> LinkId {
        let rule = |child, share, bears_fee| SplitRule { child_id: MerchantId::new(child), share, bears_fee };
        let split = vec![
            rule(CHILDREN[0], Share::Percent(3_333), true),
            rule(CHILDREN[1], Share::Amount(Minor::new(101)), false),
        ];
        let new = Self::new_link(LinkKind::Fixed, Use::Once, name);
        self.make(&new, Resolved { split, ..Resolved::default() })
    }

    pub(crate) fn make(&mut self, new: &NewLink, resolved: Resolved) -> LinkId {
        let shop = merchant(self.shop);
        let mut made = None;
        self.commit(&Needs::default(), |_, moment| {
            let (link, mut changes) = create(&shop, new, resolved, |_| Ok(false), moment).unwrap();
            let key = IdempotencyKey { merchant_id: shop.id, key_hash: moment.random().unwrap() };
            let record = IdempotencyRecord { fingerprint: [1; 32], link_id: link.link.id, refund_id: None };
            changes.idempotency.push((key, record));
            made = Some(link.link.id);
            changes
        });
        made.unwrap()
    }

    /// A payment at the sandbox rail, which tells this story; without one at a rail with a mind of its own.
    pub(crate) fn pay(&mut self, link: LinkId, story: Option<Story>) -> PaymentId {
        self.pay_amount(link, story, None)
    }

    pub(crate) fn pay_amount(
        &mut self,
        link: LinkId,
        story: Option<Story>,
        amount: Option<i64>,
    ) -> PaymentId {
        self.begin(link, story, amount, None)
    }

    fn begin(
        &mut self,
        link: LinkId,
        story: Option<Story>,
        amount: Option<i64>,
        answers: Option<FieldValues>,
    ) -> PaymentId {
        let attempt = Attempt {
            amount: amount.map(Minor::new),
            by: Mode::CreditCard.into(),
            payer_mobile: None,
            answers,
            token: Some(AttemptToken::new(i128::from(self.source.0).to_be_bytes())),
            rail: story.map_or("bank", |_| "sandbox").into(),
            rail_is_sandbox: true,
        };
        let mut needs = Needs::default();
        needs.links.insert(link);
        let shop = merchant(self.shop);
        let mut started = None;
        self.commit(&needs, |view, moment| {
            let (link, payment) = start(view.link(link).unwrap().clone(), &shop, &attempt, moment).unwrap();
            started = Some((payment.id, payment.charged().unwrap().get()));
            let mut changes = Changes::default();
            changes.jobs.new.push(Job::new(JobKind::CheckPayment, payment.id.get(), shop.id, moment.now));
            changes.links.changed.push(link);
            changes.charges.new.extend(story.map(|story| charge(&payment, story)));
            changes.payments.new.push(payment);
            changes
        });
        let (payment, charged) = started.unwrap();
        self.charged = charged;
        payment
    }

    pub(crate) fn report(&mut self, link: LinkId, payment: PaymentId, report: &Report) {
        let mut needs = Needs::default();
        needs.links.insert(link);
        needs.payments.insert(payment);
        needs.splits.insert(link);
        needs.split_parts.insert((link, payment));
        needs.subscriptions.insert(link);
        let shop = merchant(self.shop);
        self.commit(&needs, |view, moment| {
            let parts = view.split_parts.get(&(link, payment)).unwrap().cloned().unwrap_or_default();
            let split = view.split_of(link).unwrap();
            let parties = Parties { merchant: &shop, split, parts: &parts, paid_by: None };
            let (old_link, old) = (view.link(link).unwrap(), view.payment(payment).unwrap());
            let settled =
                settle(old_link.clone(), old.clone(), &parties, report, Weight::Notice, moment).unwrap();
            let (mut changes, mut link) = (Changes::default(), settled.link);
            let subscriptions = view.subscriptions_of(link.id).unwrap();
            for kind in settled.events {
                let about = kind.is_payment().then_some(payment);
                announce(&mut link, &shop, subscriptions, kind, about, &mut changes, moment).unwrap();
            }
            if !settled.payment.state.is_open() {
                let subject = payment.get();
                changes.jobs_done.push(JobKey { kind: JobKind::CheckPayment, subject });
            }
            changes.entries = settled.entries;
            changes.links.changed.push(link);
            changes.payments.changed.push(settled.payment);
            changes
        });
    }

    fn cancel(&mut self, link: LinkId) {
        let mut needs = Needs::default();
        needs.links.insert(link);
        needs.subscriptions.insert(link);
        let shop = merchant(self.shop);
        self.commit(&needs, |view, moment| {
            let mut link = view.link(link).unwrap().clone().cancel(moment.now).unwrap();
            let mut changes = Changes::default();
            let subscriptions = view.subscriptions_of(link.id).unwrap();
            let kind = EventKind::LinkCancelled;
            announce(&mut link, &shop, subscriptions, kind, None, &mut changes, moment).unwrap();
            changes.links.changed.push(link);
            changes
        });
    }

    fn seal(&mut self) {
        let mut needs = Needs::default();
        needs.books.insert(self.shop);
        let shop = self.shop;
        self.commit(&needs, |view, moment| {
            let books = view.books.get(&shop).unwrap().unwrap();
            let (last, previous) = books.last.unwrap_or((0, [0; 32]));
            let parts = seal_parts(shop, last + 1, moment.now, &previous, &books.heads);
            let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            let (key_id, tag) = moment.keys.tag_books(&parts).unwrap();
            let seal = Seal {
                id: SealId::new(moment.mint(shop).unwrap()),
                merchant_id: shop,
                number: last + 1,
                sealed_at: moment.now,
                key_id,
                tag,
                heads: books.heads.clone(),
            };
            Changes { seals: vec![seal], ..Changes::default() }
        });
    }

    pub(crate) fn commit(
        &mut self,
        needs: &Needs,
        decide: impl FnOnce(&kadi_domain::view::View, &mut Moment<'_>) -> Changes,
    ) {
        let mut view = self.session.load(needs).unwrap();
        let mut moment = Moment::new(NOW, NOW, &self.setup, &self.keys, &mut self.source);
        let changes = decide(&view, &mut moment);
        view.apply(changes);
        assert_eq!(self.session.save(&view, [1; 16]), Commit::Committed);
    }
}
