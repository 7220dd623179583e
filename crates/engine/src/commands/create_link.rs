//! A merchant asks for a link.

use kadi_domain::create::{Made, NewLink, Resolved, create};
use kadi_domain::id::{LinkId, MerchantId, ObligationId};
use kadi_domain::merchant::Merchant;
use kadi_domain::moment::Moment;
use kadi_domain::obligation::{Obligation, ObligationKey};
use kadi_domain::reference::{IdempotencyKey, IdempotencyRecord};
use kadi_domain::refusal::{Fault, Refusal, Stop};
use kadi_domain::risk::{Pace, PaceKey, Rates};
use kadi_domain::seal::Keyring;
use kadi_domain::split::resolve;
use kadi_domain::template::{TemplateKey, TemplateKind};
use kadi_domain::view::View;
use kadi_domain::work::Needs;
use kadi_store::Reader;

use crate::command::{Command, Decision, Failure, Lane, Route};
use crate::engine::Engine;

/// Makes a link, once for each idempotency key.
#[derive(Debug)]
pub struct CreateLink {
    /// Whose link.
    pub merchant_id: MerchantId,
    /// What is asked for.
    pub new: NewLink,
    /// The caller's key with the fingerprint of the request, if one was given.
    pub idempotency: Option<Idempotency>,
}

/// A request that is to be carried out once.
#[derive(Clone, Copy, Debug)]
pub struct Idempotency {
    /// SHA-256 of the caller's key.
    pub key_hash: [u8; 32],
    /// SHA-256 over method, path and body.
    pub fingerprint: [u8; 32],
}

impl Idempotency {
    pub(crate) const fn key(self, merchant_id: MerchantId) -> IdempotencyKey {
        IdempotencyKey { merchant_id, key_hash: self.key_hash }
    }

    /// The link of an earlier request with the same key; refused where that was another request.
    pub(crate) fn earlier(self, merchant: MerchantId, view: &View) -> Result<Option<LinkId>, Stop> {
        Ok(self.earlier_record(merchant, view)?.map(|record| record.link_id))
    }

    /// What was done by an earlier request with the same key; refused where that was another request.
    pub(crate) fn earlier_record(
        self,
        merchant: MerchantId,
        view: &View,
    ) -> Result<Option<&IdempotencyRecord>, Stop> {
        let record = view.idempotency.get(&self.key(merchant))?;
        record.map(|record| self.check(record).map(|()| record)).transpose().map_err(Stop::from)
    }

    /// The link of an earlier request with the same key, asked before there is anything to commit: for a door
    /// whose request no longer reads as it did. Refused where that was another request.
    pub async fn earlier_now(self, engine: &Engine, merchant: MerchantId) -> Result<Option<LinkId>, Failure> {
        let key = self.key(merchant);
        let record = engine.query(move |reader: &mut Reader| reader.idempotency_record(&key)).await?;
        let Some(record) = record else { return Ok(None) };
        self.check(&record).map_err(Failure::Refused)?;
        Ok(Some(record.link_id))
    }

    fn check(self, record: &IdempotencyRecord) -> Result<(), Refusal> {
        let is_same = record.fingerprint == self.fingerprint;
        if is_same { Ok(()) } else { Err(Refusal::IdempotencyReused) }
    }

    pub(crate) const fn record(self, link_id: LinkId) -> IdempotencyRecord {
        IdempotencyRecord { fingerprint: self.fingerprint, link_id, refund_id: None }
    }
}

/// What became of a request that makes or changes what has an id of kind `K`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once<T, K = LinkId> {
    /// It was carried out now.
    Done(T),
    /// It had been carried out before, on this one.
    Replayed(K),
}

impl<T> Once<T, T> {
    /// What it was carried out on, now or before.
    pub fn either(self) -> T {
        match self {
            Self::Done(it) | Self::Replayed(it) => it,
        }
    }
}

impl Command for CreateLink {
    type Reply = Once<Box<Made>>;

    fn route(&self) -> Route {
        // Creates that could collide on a reference or key of one merchant meet.
        Route { lane: Lane::Request, merchant: self.merchant_id, meets: self.merchant_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.merchants.insert(self.merchant_id);
        needs.slugs.extend(self.new.extras.split.iter().map(|share| share.child.clone()));
        needs.references.extend(self.new.reference_keys(self.merchant_id));
        needs.idempotency.extend(self.idempotency.map(|i| i.key(self.merchant_id)));
        needs.obligation_names.extend(self.obligation_key());
        needs.templates.extend(self.form_key());
    }

    fn needs_by_index(&self, keys: &Keyring, needs: &mut Needs) {
        let mobile = self.new.contact.mobile.as_ref();
        needs.risk.paces.extend(mobile.and_then(|mobile| PaceKey::of(self.merchant_id, mobile, keys).ok()));
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let merchant = view.merchant(self.merchant_id)?;
        if let Some(idempotency) = self.idempotency
            && let Some(link) = idempotency.earlier(merchant.id, view)?
        {
            return Ok(Decision::unchanged(Once::Replayed(link)));
        }
        let is_used = |key: &_| view.references.get(key).map(|found| found.is_some());
        let (obligation, is_new) = self.join(view, moment)?.unzip();
        let mut resolved = self.resolve(merchant, view)?;
        resolved.pace = self.pace(merchant, view, moment)?.cloned();
        resolved.obligation = obligation.as_ref().map(|obligation| obligation.id);
        let (made, mut changes) = create(merchant, &self.new, resolved, is_used, moment)?;
        match is_new {
            Some(true) => changes.obligations.new.extend(obligation),
            Some(false) | None => changes.obligations.changed.extend(obligation),
        }
        if let Some(idempotency) = self.idempotency {
            changes.idempotency.push((idempotency.key(merchant.id), idempotency.record(made.link.id)));
        }
        Ok(Decision { reply: Once::Done(Box::new(made)), changes })
    }
}

impl CreateLink {
    /// Looks up whom and what the link names.
    fn resolve(&self, merchant: &Merchant, view: &View) -> Result<Resolved, Stop> {
        let child = |slug: &str| match view.slugs.get(&slug.to_owned())? {
            Some(id) => view.merchants.get(id),
            None => Ok(None),
        };
        let new = &self.new;
        let in_parts = new.uses.part_rules().is_some();
        let split = resolve(merchant, &new.extras.split, new.kind, new.amount, in_parts, child)?;
        let form = self.form_key().map(|key| view.templates.get(&key)).transpose()?.flatten();
        Ok(Resolved { split, form: form.map(|form| form.id), ..Resolved::default() })
    }

    fn form_key(&self) -> Option<TemplateKey> {
        let number = self.new.extras.form.clone()?;
        Some(TemplateKey { merchant_id: self.merchant_id, kind: TemplateKind::Form, number })
    }

    /// How often the customer's number has paid, where a risk rule counts that.
    fn pace<'v>(
        &self,
        merchant: &Merchant,
        view: &'v View,
        moment: &Moment<'_>,
    ) -> Result<Option<&'v Pace>, Fault> {
        let rates = Rates::of(&merchant.risk).and(Rates::of(&moment.setup.risk));
        let Some(mobile) = self.new.contact.mobile.as_ref().filter(|_| rates.per_mobile.is_some()) else {
            return Ok(None);
        };
        view.risk.paces.get(&PaceKey::of(merchant.id, mobile, moment.keys)?)
    }

    fn obligation_key(&self) -> Option<ObligationKey> {
        let name = self.new.extras.obligation.clone()?;
        Some(ObligationKey { merchant_id: self.merchant_id, name })
    }

    /// The obligation with this link counted, and whether it is a new one; none where the link is for none.
    fn join(&self, view: &View, moment: &mut Moment<'_>) -> Result<Option<(Obligation, bool)>, Stop> {
        let Some(key) = self.obligation_key() else { return Ok(None) };
        let currency = self.new.currency;
        let amount = self.new.amount.ok_or(Refusal::ObligationMismatch)?;
        if let Some(known) = view.obligation_named(&key)? {
            return Ok(Some((known.clone().join(currency, amount)?, false)));
        }
        let id = ObligationId::new(moment.mint(self.merchant_id)?);
        Ok(Some((Obligation { id, key, currency, amount, link_count: 1, paid_by: None, version: 0 }, true)))
    }
}
