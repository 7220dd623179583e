//! Everything that a store holds for its users, as one value that can be compared.

use std::collections::{BTreeMap, BTreeSet};

use kadi_domain::customer::Customer;
use kadi_domain::delivery::Delivery;
use kadi_domain::event::Event;
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::job::{Job, JobKey, JobKind};
use kadi_domain::link::{Line, Link, LinkText};
use kadi_domain::merchant::Merchant;
use kadi_domain::message::Message;
use kadi_domain::payment::Payment;
use kadi_domain::reference::ReferenceKey;
use kadi_domain::sandbox::Charge;
use kadi_domain::time::Timestamp;
use kadi_store::{Reader, Trouble};

use crate::stock::ORDERS;

const MANY: i64 = 100_000;

/// A link and all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) link: Link,
    pub(crate) references: Vec<ReferenceKey>,
    pub(crate) lines: Vec<Line>,
    pub(crate) texts: Vec<LinkText>,
    pub(crate) customer: Option<Customer>,
    pub(crate) events: Vec<Event>,
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) messages: Vec<Message>,
    /// Newest first.
    pub(crate) payments: Vec<Payment>,
    pub(crate) charges: Vec<Charge>,
    pub(crate) jobs: Vec<Job>,
}

/// All that a store holds, but for seals, which `verify` reads, and the idempotency keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct World {
    pub(crate) merchants: Vec<Merchant>,
    pub(crate) pictures: BTreeMap<LinkId, Picture>,
    /// Merchants whose books have grown since their last seal.
    pub(crate) unsealed: Vec<MerchantId>,
    /// The offset of the sandbox clock.
    pub(crate) offset: Option<String>,
    /// Jobs that belong to no link.
    pub(crate) strays: Vec<Job>,
}

impl World {
    /// Reads all of it.
    pub(crate) fn read(reader: &Reader) -> Result<Self, Trouble> {
        reader.snapshot(|reader| {
            let far = Timestamp::from_ms(i64::MAX);
            let merchants = reader.merchants()?;
            let mut messages = reader.messages(None, MANY)?;
            let mut jobs = reader.due_jobs(far, far, MANY)?;
            jobs.sort_by_key(|job| job.key);
            let mut pictures = BTreeMap::new();
            for merchant in &merchants {
                for link in reader.links_page(merchant.id, None, MANY)? {
                    pictures.insert(link.id, picture(reader, link, &mut messages, &mut jobs)?);
                }
            }
            let unsealed = reader.merchants_with_open_books(MANY)?;
            let offset = reader.value(kadi_engine::clock::OFFSET_VALUE)?;
            Ok(Self { merchants, pictures, unsealed, offset, strays: jobs })
        })
    }

    /// The link with this reference.
    pub(crate) fn link(&self, reference: &str) -> Option<&Picture> {
        let is_it = |key: &ReferenceKey| key.namespace == ORDERS && key.value == reference;
        self.pictures.values().find(|picture| picture.references.iter().any(is_it))
    }

    /// What differs between two states, in few words.
    pub(crate) fn difference(&self, other: &Self) -> String {
        let links: BTreeSet<_> = self.pictures.keys().chain(other.pictures.keys()).collect();
        let differ = links.into_iter().filter(|id| self.pictures.get(id) != other.pictures.get(id));
        let told = differ.map(|id| tell(self.pictures.get(id), other.pictures.get(id)));
        let mut told: Vec<String> = told.collect();
        if (&self.merchants, &self.unsealed, &self.offset, &self.strays)
            != (&other.merchants, &other.unsealed, &other.offset, &other.strays)
        {
            let rest = |it: &Self| format!("{:?} {:?} {:?}", it.unsealed, it.offset, it.strays);
            told.push(format!("{} merchants, {}", self.merchants.len(), rest(self)));
            told.push(format!("or {} merchants, {}", other.merchants.len(), rest(other)));
        }
        told.join("; ")
    }
}

fn tell(one: Option<&Picture>, other: Option<&Picture>) -> String {
    let short = |picture: &Picture| {
        let payments: Vec<_> = picture.payments.iter().map(|payment| payment.state.word()).collect();
        format!(
            "{} v{} {:?} {} events {payments:?} {} jobs",
            picture.references.first().map_or("", |key| key.value.as_str()),
            picture.link.version,
            picture.link.status,
            picture.events.len(),
            picture.jobs.len()
        )
    };
    let or_none = |picture: Option<&Picture>| picture.map_or_else(|| "absent".to_owned(), short);
    format!("[{} | {}]", or_none(one), or_none(other))
}

fn picture(
    reader: &Reader,
    link: Link,
    messages: &mut Vec<Message>,
    jobs: &mut Vec<Job>,
) -> Result<Picture, Trouble> {
    let id = link.id;
    let payments = reader.payments_page(id, None, MANY)?;
    let deliveries = reader.deliveries_of(id)?;
    let messages: Vec<_> = messages.extract_if(.., |message| message.link_id == id).collect();
    let mut charges = Vec::new();
    for payment in &payments {
        charges.extend(reader.charge(payment.id)?);
    }
    let mut keys = BTreeSet::from([JobKey { kind: JobKind::ExpireLink, subject: id.get() }]);
    for payment in &payments {
        let key = |kind| JobKey { kind, subject: payment.id.get() };
        keys.extend([key(JobKind::CheckPayment), key(JobKind::RailNotice)]);
    }
    keys.extend(deliveries.iter().map(|it| JobKey { kind: JobKind::Deliver, subject: it.id.get() }));
    keys.extend(messages.iter().map(|it| JobKey { kind: JobKind::SendMessage, subject: it.id.get() }));
    Ok(Picture {
        references: reader.references_of(id)?,
        lines: reader.lines_of(id)?,
        texts: reader.texts_of(id)?,
        customer: link.customer_id.map(|id| reader.customer(id)).transpose()?.flatten(),
        events: reader.events_of(id)?,
        jobs: jobs.extract_if(.., |job| keys.contains(&job.key)).collect(),
        link,
        deliveries,
        messages,
        payments,
        charges,
    })
}
