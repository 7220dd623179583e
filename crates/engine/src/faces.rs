//! What doors ask for on every request, read once and kept: who calls, and how a link looks.

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use kadi_domain::create::Extras;
use kadi_domain::credential::{Credential, CredentialKey};
use kadi_domain::customer::Customer;
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::invoice::SealedInvoice;
use kadi_domain::link::{Line, LineTax, Link, LinkText};
use kadi_domain::merchant::Merchant;
use kadi_domain::parts::Instalment;
use kadi_domain::reference::{Dialect, ReferenceKey};
use kadi_domain::split::{NewShare, SplitRule};
use kadi_domain::tax::Taxes;
use kadi_domain::template::Template;
use kadi_domain::view::View;
use kadi_store::{Location, Reader, Trouble};

use crate::command::Failure;
use crate::engine::Engine;
use crate::kept::{Kept, Lifetime, Stamps};

/// The most records of a kind that are kept.
const KEPT_MAX: usize = 10_000;
/// The record of which a stamp is kept for all merchants and credentials together: they change seldom.
const ADMINISTRATION: &str = "administration";
/// How long another process's change of merchants and keys may go unnoticed, in milliseconds.
const ADMINISTRATION_MS: i64 = 500;

/// A merchant with the credentials that may speak for it.
#[derive(Debug)]
pub struct Account {
    /// The merchant.
    pub merchant: Merchant,
    /// Its own credentials, live and revoked, then those of its active aggregator.
    pub credentials: Vec<Credential>,
}

/// A link with what a page shows of it.
#[derive(Debug)]
pub struct LinkPage {
    /// The link.
    pub link: Link,
    /// Its lines, in order.
    pub lines: Vec<Line>,
    /// Its texts, by kind and position.
    pub texts: Vec<LinkText>,
    /// Its references.
    pub references: Vec<ReferenceKey>,
    /// Its plan.
    pub plan: Vec<Instalment>,
    /// What is left of each of its taxes, where it is paid in parts.
    pub taxes_left: Vec<LineTax>,
    /// Its form.
    pub form: Option<Template>,
    /// Its invoice, still sealed, where it is drawn from a template (`open` with [`Engine::keys`]).
    pub invoice: Option<SealedInvoice>,
    /// The customer, still sealed, whose mobile alone may pay it.
    pub payer: Option<Customer>,
}

/// A link with what a merchant's program is told of it.
#[derive(Debug)]
pub struct LinkFace {
    /// The link.
    pub link: Link,
    /// Its customer, still sealed.
    pub customer: Option<Customer>,
    /// Its references.
    pub references: Vec<ReferenceKey>,
    /// What few links have.
    pub extras: Extras,
    /// Its invoice, still sealed, where it is drawn from a template (`open` with [`Engine::keys`]).
    pub invoice: Option<SealedInvoice>,
}

/// All that is kept.
pub(crate) struct Faces {
    stamps: Stamps,
    administration: Lifetime,
    accounts: Kept<(Dialect, String, String), Account>,
    bearers: Kept<CredentialKey, MerchantId>,
    merchants: Kept<MerchantId, Merchant>,
    pages: Kept<LinkId, LinkPage>,
    faces: Kept<LinkId, LinkFace>,
}

impl Faces {
    pub(crate) fn new(location: &Location) -> Self {
        let (link, administration) = match location {
            Location::Sqlite(_) => (Lifetime::UntilChanged, Lifetime::UntilChanged),
            // Another process may take a payment at any moment.
            Location::Postgres(_) => (Lifetime::Milliseconds(0), Lifetime::Milliseconds(ADMINISTRATION_MS)),
        };
        Self {
            stamps: Stamps::new(),
            administration,
            accounts: Kept::new(KEPT_MAX, administration),
            bearers: Kept::new(KEPT_MAX, administration),
            merchants: Kept::new(KEPT_MAX, administration),
            pages: Kept::new(KEPT_MAX, link),
            faces: Kept::new(KEPT_MAX, link),
        }
    }

    /// A commit of this batch has ended, or may have.
    pub(crate) fn change(&self, view: &View) {
        for link in view.links.changed_ones() {
            self.stamps.change(&link.id);
        }
        let merchants = view.merchants.new_ones().chain(view.merchants.changed_ones()).next().is_some();
        if merchants || view.credentials.new_ones().chain(view.credentials.changed_ones()).next().is_some() {
            self.stamps.change(&ADMINISTRATION);
        }
    }
}

impl Engine {
    /// The merchant whose identifying setting `name` of the dialect has this value, active or not.
    pub async fn account(
        &self,
        dialect: Dialect,
        name: &str,
        value: &str,
    ) -> Result<Option<Arc<Account>>, Failure> {
        let key = (dialect, name.to_owned(), value.to_owned());
        let read = move |reader: &mut Reader, (dialect, name, value): &(Dialect, String, String)| {
            let Some(merchant) = reader.merchant_by_identity(*dialect, name, value)? else { return Ok(None) };
            let mut credentials = reader.credentials_of(merchant.id)?;
            if let Some(aggregator) = aggregator_of(reader, &merchant)? {
                credentials.extend(reader.credentials_of(aggregator.id)?);
            }
            Ok(Some(Account { merchant, credentials }))
        };
        self.keep(&self.faces().accounts, &ADMINISTRATION, key, read).await
    }

    /// The merchant with this live bearer key, active or not.
    pub async fn bearer(&self, key: CredentialKey) -> Result<Option<Arc<Merchant>>, Failure> {
        let read = |reader: &mut Reader, key: &CredentialKey| {
            let credential = reader.credential_by_print(key)?.filter(Credential::is_live);
            Ok(credential.map(|credential| credential.merchant_id))
        };
        let owner = self.keep(&self.faces().bearers, &ADMINISTRATION, key, read).await?;
        match owner {
            Some(owner) => self.merchant(*owner).await,
            None => Ok(None),
        }
    }

    /// A merchant.
    pub async fn merchant(&self, id: MerchantId) -> Result<Option<Arc<Merchant>>, Failure> {
        let read = |reader: &mut Reader, id: &MerchantId| reader.merchant(*id);
        self.keep(&self.faces().merchants, &ADMINISTRATION, id, read).await
    }

    /// A link with what a page shows of it.
    pub async fn link_page(&self, id: LinkId) -> Result<Option<Arc<LinkPage>>, Failure> {
        let read = |reader: &mut Reader, id: &LinkId| {
            let Some(link) = reader.link(*id)? else { return Ok(None) };
            let (lines, texts) = (reader.lines_of(*id)?, reader.texts_of(*id)?);
            let plan = if link.terms.plan_count > 0 { reader.plan_of(*id)? } else { Vec::new() };
            let taxes_left = match link.terms.parts {
                Some(_) => taxes_of(reader, &link, &lines)?.left(),
                None => Vec::new(),
            };
            let references = reader.references_of(*id)?;
            let (form, invoice) = (form_of(reader, &link)?, reader.invoice_of(&link)?);
            let payer = link.customer_id.filter(|_| link.terms.only_mobile);
            let payer = payer.map(|id| reader.customer(id)).transpose()?.flatten();
            Ok(Some(LinkPage { references, lines, texts, plan, taxes_left, form, invoice, payer, link }))
        };
        self.keep(&self.faces().pages, &id, id, read).await
    }

    /// A link with what a merchant's program is told of it.
    pub async fn link_face(&self, id: LinkId) -> Result<Option<Arc<LinkFace>>, Failure> {
        let read = |reader: &mut Reader, id: &LinkId| {
            reader.link(*id)?.map(|link| link_face(reader, link)).transpose()
        };
        self.keep(&self.faces().faces, &id, id, read).await
    }

    /// Ends when no process on this database goes by merchants and keys as they were before the last commit.
    pub async fn seen_everywhere(&self) {
        if let Lifetime::Milliseconds(most) = self.faces().administration {
            tokio::time::sleep(Duration::from_millis(most.unsigned_abs())).await;
        }
    }

    /// What is kept under a key, or what `read` finds now.
    async fn keep<K, V>(
        &self,
        kept: &Kept<K, V>,
        record: &impl Hash,
        key: K,
        read: impl FnOnce(&mut Reader, &K) -> Result<Option<V>, Trouble> + Send + 'static,
    ) -> Result<Option<Arc<V>>, Failure>
    where
        K: Eq + Hash + Clone + Send + 'static,
        V: Send + Sync + 'static,
    {
        let (stamp, real_now) = (self.faces().stamps.of(record), self.real_now());
        if let Some(found) = kept.get(&key, stamp, real_now) {
            return Ok(Some(found));
        }
        let asked = key.clone();
        let found = self.query(move |reader| read(reader, &asked)).await?.map(Arc::new);
        if let Some(found) = &found {
            kept.put(key, Arc::clone(found), stamp, real_now);
        }
        Ok(found)
    }
}

/// What a merchant's program is told of a link just read.
pub fn link_face(reader: &mut Reader, link: Link) -> Result<LinkFace, Trouble> {
    let customer = link.customer_id.map(|id| reader.customer(id)).transpose()?.flatten();
    let (references, extras) = (reader.references_of(link.id)?, extras_of(reader, &link)?);
    let invoice = reader.invoice_of(&link)?;
    Ok(LinkFace { customer, references, extras, invoice, link })
}

/// A link with the terms that it had when it had so many events; nothing is read where they never changed.
pub fn link_as_of(reader: &Reader, link: Link, event_count: i64) -> Result<Link, Trouble> {
    if link.edit_count == 0 {
        return Ok(link);
    }
    let edits = reader.edits_of(link.id)?;
    Ok(link.as_of_event(event_count, &edits)?)
}

/// How the taxes of a link lie over its payments; its history is not read where it has none.
pub fn taxes_of(reader: &Reader, link: &Link, lines: &[Line]) -> Result<Taxes, Trouble> {
    if lines.iter().all(|line| line.taxes.is_empty()) {
        return Ok(Taxes::default());
    }
    Ok(Taxes::over(link, lines, &reader.tax_steps(link.id)?)?)
}

/// What few links have, as they were asked for; nothing is read for a link without.
pub fn extras_of(reader: &Reader, link: &Link) -> Result<Extras, Trouble> {
    let shares = if link.terms.split_count > 0 { reader.split_of(link.id)? } else { Vec::new() };
    let named =
        |(child, rule): (String, SplitRule)| NewShare { child, share: rule.share, bears_fee: rule.bears_fee };
    let plan = if link.terms.plan_count > 0 { reader.plan_of(link.id)? } else { Vec::new() };
    let obligation = link.terms.obligation.map(|id| reader.obligation(id)).transpose()?.flatten();
    let obligation = obligation.map(|obligation| obligation.key.name);
    Ok(Extras {
        split: shares.into_iter().map(named).collect(),
        plan,
        obligation,
        ways: link.ways.clone(),
        send_at: None,
        only_mobile: link.terms.only_mobile,
        form: form_of(reader, link)?.map(|form| form.key.number),
        invoice: None,
    })
}

/// The version of its form that a link was made with.
pub fn form_of(reader: &Reader, link: &Link) -> Result<Option<Template>, Trouble> {
    Ok(link.terms.form.map(|id| reader.template(id)).transpose()?.flatten())
}

/// The merchant's aggregator, unless it is switched off.
pub fn aggregator_of(reader: &mut Reader, merchant: &Merchant) -> Result<Option<Merchant>, Trouble> {
    let found = merchant.aggregator.as_deref().map(|slug| reader.merchant_by_slug(slug)).transpose()?;
    Ok(found.flatten().filter(|aggregator| aggregator.active))
}
