//! What merchants do with links, and people with their pages.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::create::{Expiry, Extras, NewLink, Use};
use kadi_domain::customer::Contact;
use kadi_domain::delivery::{EventSet, Subscription};
use kadi_domain::event::EventKind;
use kadi_domain::link::LinkKind;
use kadi_domain::message::ChannelKind;
use kadi_domain::parts::PartRules;
use kadi_domain::reference::{Dialect, Namespace};
use kadi_domain::resend::Resend;
use kadi_domain::secret::Pii;
use kadi_domain::split::{NewShare, Share as ShareOf};
use kadi_domain::time::Timestamp;
use kadi_engine::commands::cancel_link::CancelLink;
use kadi_engine::commands::create_link::{CreateLink, Idempotency, Once};
use kadi_engine::commands::open_link::OpenLink;
use kadi_engine::commands::resend_link::ResendLink;

use super::telling::{Play, Told, Wrong};
use crate::gate::together;
use crate::oracle::{Kind, Link, Share, Subscriber, Terms};

const ORDERS: Namespace = Namespace { dialect: Dialect::NATIVE, kind: 1 };
/// How often a link may be sent again.
const RESENDS_MAX: i64 = 3;

impl Play<'_> {
    pub(super) async fn make(&mut self, terms: &Terms) -> Result<(), Wrong> {
        let terms = Terms { ends_at: terms.ends_at.map(|after| self.now() + after), ..terms.clone() };
        let command = self.create(&terms, self.links.len(), Some(1));
        let answered = self.stage.engine.submit(command).await;
        let Some((made, model)) = self.agree(answered, Ok(Link::new(terms)))? else { return Ok(()) };
        let Once::Done(made) = made else { return Err("made before".to_owned()) };
        let (payments, refunds) = (Vec::new(), Vec::new());
        self.links.push(Told { id: made.link.id, model, payments, refunds });
        self.compare(self.links.len() - 1)
    }

    pub(super) async fn make_again(&mut self, link: usize, is_same: bool) -> Result<(), Wrong> {
        let Some(link) = self.link(link) else { return Ok(()) };
        let terms = self.links[link].model.terms.clone();
        let command = self.create(&terms, link, Some(if is_same { 1 } else { 2 }));
        let answered = self.stage.engine.submit(command).await;
        let expected = if is_same { Ok(()) } else { Err("IdempotencyReused") };
        if let Some((again, ())) = self.agree(answered, expected)?
            && again != Once::Replayed(self.links[link].id)
        {
            return Err("a repeated request made another link".to_owned());
        }
        self.compare(link)
    }

    pub(super) async fn make_under_used(&mut self, link: usize) -> Result<(), Wrong> {
        let Some(link) = self.link(link) else { return Ok(()) };
        let terms = Terms { ends_at: None, ..self.links[link].model.terms.clone() };
        let command = self.create(&terms, link, None);
        let answered = self.stage.engine.submit(command).await;
        self.agree::<_, ()>(answered, Err("ReferenceUsed"))?;
        self.compare(link)
    }

    /// The request for the link with this number; its reference and its key follow from the number.
    fn create(&self, terms: &Terms, number: usize, fingerprint: Option<u8>) -> CreateLink {
        let mut key_hash = [0; 32];
        key_hash[..8].copy_from_slice(&number.to_le_bytes());
        let idempotency = |byte| Idempotency { key_hash, fingerprint: [byte; 32] };
        CreateLink {
            merchant_id: self.merchant,
            new: self.new_link(terms, number),
            idempotency: fingerprint.map(idempotency),
        }
    }

    fn new_link(&self, terms: &Terms, number: usize) -> NewLink {
        let share = |share: &Share| NewShare {
            child: format!("{}-{}", self.slug, share.child),
            share: share
                .amount
                .map_or(ShareOf::Percent(share.bps), |amount| ShareOf::Amount(Minor::new(amount))),
            bears_fee: share.bears_fee,
        };
        let email = terms.is_sent.then(|| Pii::new("meera@example.com"));
        NewLink {
            origin: Dialect::NATIVE,
            kind: if terms.amount.is_some() { LinkKind::Fixed } else { LinkKind::Open },
            currency: Currency::INR,
            amount: terms.amount.map(Minor::new),
            uses: uses(&terms.kind),
            name: "Fees".to_owned(),
            description: String::new(),
            expiry: terms.ends_at.map_or(Expiry::Never, |at| Expiry::At(Timestamp::from_ms(at))),
            contact: Contact { email, ..Contact::default() },
            send: if terms.is_sent { vec![ChannelKind::Email] } else { Vec::new() },
            lines: Vec::new(),
            texts: Vec::new(),
            references: vec![(ORDERS, format!("order-{number}"))],
            subscriptions: terms.subscribers.iter().map(subscription).collect(),
            extras: Extras { split: terms.shares.iter().map(share).collect(), ..Extras::default() },
        }
    }

    pub(super) async fn cancel(&mut self, link: usize) -> Result<(), Wrong> {
        let Some(link) = self.link(link) else { return Ok(()) };
        let (merchant_id, link_id, now) = (self.merchant, self.links[link].id, self.now());
        let answered = self
            .stage
            .engine
            .submit(CancelLink { merchant_id, link_id, idempotency: None, also: Vec::new() })
            .await;
        let expected = self.links[link].model.cancel(now);
        self.agree(answered, expected)?;
        self.compare(link)
    }

    pub(super) async fn open(&mut self, link: usize) -> Result<(), Wrong> {
        let Some(link) = self.link(link) else { return Ok(()) };
        let (merchant_id, link_id) = (self.merchant, self.links[link].id);
        let answered = self.stage.engine.submit(OpenLink { merchant_id, link_id }).await;
        self.links[link].model.open();
        self.agree(answered, Ok(()))?;
        self.compare(link)
    }

    pub(super) async fn resend(&mut self, link: usize, times: usize) -> Result<(), Wrong> {
        let Some(link) = self.link(link) else { return Ok(()) };
        let (merchant_id, link_id, now) = (self.merchant, self.links[link].id, self.now());
        let command = || {
            let asked =
                Resend { channels: vec![ChannelKind::Email], to: None, resends_max: Some(RESENDS_MAX) };
            ResendLink { merchant_id, link_id, asked, mark: None }
        };
        let commands: Vec<_> = (0..times).map(|_| command()).collect();
        for answered in together(&self.stage.engine, commands).await {
            let expected = self.links[link].model.resend(RESENDS_MAX, now);
            if let Some((count, expected)) = self.agree(answered, expected)?
                && count != expected
            {
                return Err(format!("sent {count} times, expected {expected}"));
            }
        }
        self.compare(link)
    }
}

fn uses(kind: &Kind) -> Use {
    match kind {
        Kind::Once => Use::Once,
        Kind::Many(max_payments) => Use::Many { max_payments: *max_payments },
        Kind::Parts(max_payments, first, each) => Use::Parts {
            max_payments: *max_payments,
            rules: PartRules { min_first: Some(Minor::new(*first)), min: Some(Minor::new(*each)) },
        },
        Kind::OneOrder => Use::OneOrder,
    }
}

fn subscription(subscriber: &Subscriber) -> Subscription {
    let kinds: Vec<_> = subscriber.only.iter().map(|name| EventKind::parse(name).unwrap()).collect();
    let events = if kinds.is_empty() { EventSet::all() } else { EventSet::of(&kinds) };
    Subscription {
        dialect: Dialect::NATIVE,
        form: 1,
        url: Some("https://shop.example/hook".to_owned()),
        events,
    }
}
