//! What the decisions of a batch see: the records they asked for, with the changes of those that came before.

use std::collections::BTreeMap;

use crate::attempt::AttemptToken;
use crate::claim::MoneyKey;
use crate::credential::{Credential, CredentialKey};
use crate::customer::Customer;
use crate::delivery::{Delivery, Subscription};
use crate::edit::FormerTerms;
use crate::event::Event;
use crate::id::{
    CredentialId, CustomerId, DeliveryId, LinkId, MerchantId, MessageId, ObligationId, PaymentId, RefundId,
};
use crate::job::{Job, JobKey};
use crate::ledger::{Entry, Seal};
use crate::link::{Line, Link, LinkText, TextKind};
use crate::merchant::Merchant;
use crate::message::Message;
use crate::obligation::{Obligation, ObligationKey};
use crate::one_time_code::OneTimeCode;
use crate::parts::Instalment;
use crate::payment::Payment;
use crate::reference::{Dialect, IdempotencyKey, IdempotencyRecord, ReferenceKey};
use crate::refund::Refund;
use crate::refusal::{Fault, Refusal, Stop};
use crate::risk::RiskView;
use crate::sandbox::{Charge, Payback};
use crate::shelf::{Shelf, put, put_keyed};
use crate::split::SplitRule;
use crate::split_refund::{SplitPart, SplitRefund};
use crate::template::{Template, TemplateKey};
use crate::work::{Changes, OpenBooks, Puts};

/// The records of a batch. Loaded by the store, changed by [`View::apply`], read back by the store's save.
#[derive(Debug, Default)]
pub struct View {
    /// Links.
    pub links: Shelf<LinkId, Link>,
    /// Payments.
    pub payments: Shelf<PaymentId, Payment>,
    /// Who has the money under a rail's reference; the payment stands among the payments.
    pub money: Shelf<MoneyKey, PaymentId>,
    /// Which payment of a link a page's form has started; the payment stands among the payments.
    pub tokens: Shelf<(LinkId, AttemptToken), PaymentId>,
    /// Refunds.
    pub refunds: Shelf<RefundId, Refund>,
    /// Obligations.
    pub obligations: Shelf<ObligationId, Obligation>,
    /// Which obligation a link is for.
    pub obligations_of: Shelf<LinkId, ObligationId>,
    /// Which obligation a merchant calls so.
    pub obligation_names: Shelf<ObligationKey, ObligationId>,
    /// The customers of links.
    pub payers: Shelf<LinkId, Customer>,
    /// The one-time codes of links.
    pub codes: Shelf<LinkId, OneTimeCode>,
    /// Messages.
    pub messages: Shelf<MessageId, Message>,
    /// Deliveries.
    pub deliveries: Shelf<DeliveryId, Delivery>,
    /// Jobs.
    pub jobs: Shelf<JobKey, Job>,
    /// Merchants.
    pub merchants: Shelf<MerchantId, Merchant>,
    /// Merchants' rows by the `id` of the merchant file.
    pub slugs: Shelf<String, MerchantId>,
    /// Owners of account ids of dialects.
    pub identities: Shelf<(Dialect, String, String), MerchantId>,
    /// Credentials by row.
    pub credentials: Shelf<CredentialId, Credential>,
    /// Credentials' rows by print.
    pub prints: Shelf<CredentialKey, Credential>,
    /// Newest versions of templates.
    pub templates: Shelf<TemplateKey, Template>,
    /// References.
    pub references: Shelf<ReferenceKey, LinkId>,
    /// Idempotency records.
    pub idempotency: Shelf<IdempotencyKey, IdempotencyRecord>,
    /// Subscriptions of links.
    pub subscriptions: Shelf<LinkId, Vec<Subscription>>,
    /// Shares of the children of links.
    pub splits: Shelf<LinkId, Vec<SplitRule>>,
    /// How many lines links have.
    pub line_counts: Shelf<LinkId, i64>,
    /// The children's parts of payments of which there were refunds.
    pub split_parts: Shelf<(LinkId, PaymentId), Vec<SplitPart>>,
    /// What refunds take out of the children's parts.
    pub split_refunds: Shelf<(LinkId, RefundId), Vec<SplitRefund>>,
    /// What the sandbox rail remembers.
    pub charges: Shelf<PaymentId, Charge>,
    /// What the sandbox rail remembers of refunds.
    pub paybacks: Shelf<RefundId, Payback>,
    /// Unsealed books.
    pub books: Shelf<MerchantId, OpenBooks>,
    /// What risk rules go by.
    pub risk: RiskView,
    /// Whole-installation values.
    pub values: Shelf<&'static str, String>,
    /// Rows that are added.
    pub added: Added,
}

impl View {
    /// A link that must be there for the caller: refused as unknown otherwise.
    pub fn link(&self, id: LinkId) -> Result<&Link, Stop> {
        self.links.get(&id)?.ok_or_else(|| Refusal::LinkUnknown.into())
    }

    /// A payment that must be there for the caller: refused as unknown otherwise.
    pub fn payment(&self, id: PaymentId) -> Result<&Payment, Stop> {
        self.payments.get(&id)?.ok_or_else(|| Refusal::PaymentUnknown.into())
    }

    /// The payment that has the money of this key, if any has; none without a key.
    pub fn payment_with(&self, key: Option<&MoneyKey>) -> Result<Option<&Payment>, Fault> {
        match key.map(|key| self.money.get(key)).transpose()?.flatten() {
            None => Ok(None),
            Some(id) => self.payments.get(id),
        }
    }

    /// The payment that a form of a link's page has started, if it has; none without its token.
    pub fn payment_by_token(
        &self,
        link: LinkId,
        token: Option<AttemptToken>,
    ) -> Result<Option<&Payment>, Fault> {
        match token.map(|token| self.tokens.get(&(link, token))).transpose()?.flatten() {
            None => Ok(None),
            Some(id) => self.payments.get(id),
        }
    }

    /// The obligation that a link is for, if it is for one.
    pub fn obligation_of(&self, id: LinkId) -> Result<Option<&Obligation>, Fault> {
        self.obligations_of.get(&id)?.map_or(Ok(None), |obligation| self.obligations.get(obligation))
    }

    /// The payment that counts for a link's obligation, if the link is for one and it is paid.
    pub fn obligation_paid_by(&self, id: LinkId) -> Result<Option<PaymentId>, Fault> {
        Ok(self.obligation_of(id)?.and_then(|obligation| obligation.paid_by))
    }

    /// The obligation that its merchant calls so, if there is one.
    pub fn obligation_named(&self, key: &ObligationKey) -> Result<Option<&Obligation>, Fault> {
        self.obligation_names.get(key)?.map_or(Ok(None), |obligation| self.obligations.get(obligation))
    }

    /// A refund that must be there for the caller: refused as unknown otherwise.
    pub fn refund(&self, id: RefundId) -> Result<&Refund, Stop> {
        self.refunds.get(&id)?.ok_or_else(|| Refusal::RefundUnknown.into())
    }

    /// A merchant that must be there for the caller: refused as unknown otherwise.
    pub fn merchant(&self, id: MerchantId) -> Result<&Merchant, Stop> {
        self.merchants.get(&id)?.ok_or_else(|| Refusal::MerchantUnknown.into())
    }

    /// The subscriptions of a link, none where it has none.
    pub fn subscriptions_of(&self, id: LinkId) -> Result<&[Subscription], Fault> {
        Ok(self.subscriptions.get(&id)?.map_or(&[], Vec::as_slice))
    }

    /// The shares of a link's children, none where it has none.
    pub fn split_of(&self, id: LinkId) -> Result<&[SplitRule], Fault> {
        Ok(self.splits.get(&id)?.map_or(&[], Vec::as_slice))
    }

    /// Takes over a decision's changes, so that the next decision of the batch sees them.
    pub fn apply(&mut self, changes: Changes) {
        put(&mut self.links, changes.links, |link| link.id);
        self.apply_payments(&changes.payments);
        self.risk.apply(&changes.payments.new, changes.paces);
        put(&mut self.payments, changes.payments, |payment| payment.id);
        for obligation in &changes.obligations.new {
            self.obligation_names.load(obligation.key.clone(), Some(obligation.id));
        }
        put(&mut self.obligations, changes.obligations, |obligation| obligation.id);
        put(&mut self.refunds, changes.refunds, |refund| refund.id);
        put_keyed(&mut self.split_parts, changes.split_parts);
        put_keyed(&mut self.split_refunds, changes.split_refunds);
        put(&mut self.codes, changes.codes, |code| code.link_id);
        put(&mut self.messages, changes.messages, |message| message.id);
        put(&mut self.deliveries, changes.deliveries, |delivery| delivery.id);
        put(&mut self.jobs, changes.jobs, |job| job.key);
        put(&mut self.charges, changes.charges, |charge| charge.payment_id);
        put(&mut self.paybacks, changes.paybacks, |payback| payback.refund_id);
        for key in changes.jobs_done {
            self.jobs.remove(key);
        }
        self.apply_administration(changes.merchants, changes.credentials, &changes.templates);
        for (name, value) in changes.values {
            let known = matches!(self.values.get(&name), Ok(Some(_)));
            if known { self.values.put_changed(name, value) } else { self.values.put_new(name, value) }
        }
        for (key, link) in &changes.references {
            self.references.load(key.clone(), Some(*link));
        }
        for (key, record) in &changes.idempotency {
            self.idempotency.load(key.clone(), Some(record.clone()));
        }
        for (link, subscriptions) in &changes.subscriptions {
            self.subscriptions.load(*link, Some(subscriptions.clone()));
        }
        for (link, split) in &changes.splits {
            self.splits.load(*link, Some(split.clone()));
        }
        for (link, lines) in &changes.lines {
            self.line_counts.load(*link, i64::try_from(lines.len()).ok());
        }
        for (link, text) in changes.texts_replaced {
            self.added.texts_replaced.insert((link, text.kind, text.position), text.value);
        }
        for (link, customer) in changes.customers_renamed {
            self.payers.load(link, Some(customer.clone()));
            self.added.customers_renamed.insert(customer.id, customer);
        }
        self.added.descriptions.extend(changes.descriptions);
        self.added.edits.extend(changes.edits);
        self.added.templates.extend(changes.templates);
        self.added.customers.extend(changes.customers);
        self.added.lines.extend(changes.lines);
        self.added.texts.extend(changes.texts);
        self.added.subscriptions.extend(changes.subscriptions);
        self.added.splits.extend(changes.splits);
        self.added.plans.extend(changes.plans);
        self.added.invoices.extend(changes.invoices);
        self.added.references.extend(changes.references);
        self.added.idempotency.extend(changes.idempotency);
        self.added.events.extend(changes.events);
        self.added.entries.extend(changes.entries);
        self.added.seals.extend(changes.seals);
    }

    /// Takes over what payments are found by.
    fn apply_payments(&mut self, payments: &Puts<Payment>) {
        for payment in &payments.new {
            // Nothing was taken out of the parts of what is new.
            let key = (payment.link_id, payment.id);
            if self.split_parts.get(&key).is_err() {
                self.split_parts.load(key, None);
            }
            if let Some(token) = payment.token {
                self.tokens.load((payment.link_id, token), Some(payment.id));
            }
        }
        for payment in payments.new.iter().chain(&payments.changed) {
            if let Some(key) = MoneyKey::of(payment) {
                self.money.load(key, Some(payment.id));
            }
        }
    }

    fn apply_administration(
        &mut self,
        merchants: Puts<Merchant>,
        credentials: Puts<Credential>,
        templates: &[Template],
    ) {
        for merchant in merchants.new.iter().chain(&merchants.changed) {
            self.slugs.load(merchant.slug.clone(), Some(merchant.id));
            for setting in merchant.settings.iter().filter(|setting| setting.identifies) {
                let key = (setting.dialect, setting.name.clone(), setting.value.clone());
                self.identities.load(key, Some(merchant.id));
            }
        }
        put(&mut self.merchants, merchants, |merchant| merchant.id);
        for credential in credentials.new.iter().chain(&credentials.changed) {
            self.prints.load(credential.key(), Some(credential.clone()));
        }
        put(&mut self.credentials, credentials, |credential| credential.id);
        for template in templates {
            self.templates.load(template.key.clone(), Some(template.clone()));
        }
    }
}

/// Rows that are added, and texts that take the place of others.
#[derive(Debug, Default)]
pub struct Added {
    /// Templates.
    pub templates: Vec<Template>,
    /// Customers.
    pub customers: Vec<Customer>,
    /// Customers by another name; the last one counts.
    pub customers_renamed: BTreeMap<CustomerId, Customer>,
    /// Lines of links.
    pub lines: Vec<(LinkId, Vec<Line>)>,
    /// Texts of links.
    pub texts: Vec<(LinkId, Vec<LinkText>)>,
    /// Texts of links by kind and position that take the place of what stands there; the last one counts.
    pub texts_replaced: BTreeMap<(LinkId, TextKind, i64), String>,
    /// Former terms of links.
    pub edits: Vec<(LinkId, FormerTerms)>,
    /// What links are for from now on; the last one counts.
    pub descriptions: BTreeMap<LinkId, String>,
    /// Subscriptions of links.
    pub subscriptions: Vec<(LinkId, Vec<Subscription>)>,
    /// Shares of the children of links.
    pub splits: Vec<(LinkId, Vec<SplitRule>)>,
    /// Plans of links.
    pub plans: Vec<(LinkId, Vec<Instalment>)>,
    /// Sealed values of the invoices of links.
    pub invoices: Vec<(LinkId, Vec<u8>)>,
    /// References.
    pub references: Vec<(ReferenceKey, LinkId)>,
    /// Idempotency records.
    pub idempotency: Vec<(IdempotencyKey, IdempotencyRecord)>,
    /// Events.
    pub events: Vec<Event>,
    /// Ledger entries.
    pub entries: Vec<Entry>,
    /// Seals.
    pub seals: Vec<Seal>,
}
