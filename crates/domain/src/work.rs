//! The plain data between a decision and the store: what it needs and what it changes (what it sees:
//! `view.rs`).

use std::collections::BTreeSet;

use crate::attempt::AttemptToken;
use crate::claim::MoneyKey;
use crate::credential::{Credential, CredentialKey};
use crate::customer::Customer;
use crate::delivery::{Delivery, Subscription};
use crate::edit::FormerTerms;
use crate::event::Event;
use crate::id::{CredentialId, DeliveryId, LinkId, MerchantId, MessageId, PaymentId, RefundId};
use crate::job::{Job, JobKey};
use crate::ledger::{Chain, Entry, Seal};
use crate::link::{Line, Link, LinkText};
use crate::merchant::Merchant;
use crate::message::Message;
use crate::obligation::{Obligation, ObligationKey};
use crate::one_time_code::OneTimeCode;
use crate::parts::Instalment;
use crate::payment::Payment;
use crate::reference::{Dialect, IdempotencyKey, IdempotencyRecord, ReferenceKey};
use crate::refund::Refund;
use crate::risk::{Pace, RiskNeeds};
use crate::sandbox::{Charge, Payback};
use crate::split::SplitRule;
use crate::split_refund::{SplitPart, SplitRefund};
use crate::template::{Template, TemplateKey};

/// Names the records that the decisions of a batch ask for. Links and payments are locked, in this order, by
/// id.
#[derive(Debug, Default)]
pub struct Needs {
    /// Links, locked.
    pub links: BTreeSet<LinkId>,
    /// Payments, locked.
    pub payments: BTreeSet<PaymentId>,
    /// The payments that have the money under a rail's reference, not locked: what changes them locks their
    /// link.
    pub money: BTreeSet<MoneyKey>,
    /// The payments that forms of these links' pages have started, not locked; the links must be asked for
    /// too.
    pub tokens: BTreeSet<(LinkId, AttemptToken)>,
    /// Refunds, locked after payments.
    pub refunds: BTreeSet<RefundId>,
    /// The obligations of these links, locked before links.
    pub obligations: BTreeSet<LinkId>,
    /// Obligations by what their merchants call them, locked before links.
    pub obligation_names: BTreeSet<ObligationKey>,
    /// The customers of these links.
    pub payers: BTreeSet<LinkId>,
    /// The one-time codes of these links, which must be asked for too.
    pub codes: BTreeSet<LinkId>,
    /// Messages.
    pub messages: BTreeSet<MessageId>,
    /// Deliveries.
    pub deliveries: BTreeSet<DeliveryId>,
    /// Jobs.
    pub jobs: BTreeSet<JobKey>,
    /// Merchants.
    pub merchants: BTreeSet<MerchantId>,
    /// Merchants by the `id` of the merchant file.
    pub slugs: BTreeSet<String>,
    /// Who owns an account id of a dialect: (dialect, setting name, value).
    pub identities: BTreeSet<(Dialect, String, String)>,
    /// Credentials by row.
    pub credentials: BTreeSet<CredentialId>,
    /// Credentials by print.
    pub prints: BTreeSet<CredentialKey>,
    /// The newest versions of templates.
    pub templates: BTreeSet<TemplateKey>,
    /// References.
    pub references: BTreeSet<ReferenceKey>,
    /// Idempotency keys.
    pub idempotency: BTreeSet<IdempotencyKey>,
    /// The subscriptions of links.
    pub subscriptions: BTreeSet<LinkId>,
    /// The shares of the children of links.
    pub splits: BTreeSet<LinkId>,
    /// How many lines links have.
    pub line_counts: BTreeSet<LinkId>,
    /// The children's parts of payments, with what refunds have taken out of them.
    pub split_parts: BTreeSet<(LinkId, PaymentId)>,
    /// The same of the payments that have the money under a rail's reference, which must be asked for too.
    pub split_parts_of_money: BTreeSet<MoneyKey>,
    /// What refunds take out of the children's parts.
    pub split_refunds: BTreeSet<(LinkId, RefundId)>,
    /// What the sandbox rail remembers of payments.
    pub charges: BTreeSet<PaymentId>,
    /// What the sandbox rail remembers of refunds.
    pub paybacks: BTreeSet<RefundId>,
    /// The books of merchants: the last seal and the heads that are not sealed yet.
    pub books: BTreeSet<MerchantId>,
    /// What risk rules go by; paces are locked after refunds.
    pub risk: RiskNeeds,
    /// Whole-installation values by name.
    pub values: BTreeSet<&'static str>,
}

/// The unsealed part of a merchant's books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenBooks {
    /// Number and tag of the last seal, if any.
    pub last: Option<(i64, [u8; 32])>,
    /// Chains that grew since, by link.
    pub heads: Vec<(LinkId, Chain)>,
}

/// New and changed records of one kind.
#[derive(Debug)]
pub struct Puts<V> {
    /// Made by this decision.
    pub new: Vec<V>,
    /// Changed by this decision.
    pub changed: Vec<V>,
}

impl<V> Default for Puts<V> {
    fn default() -> Self {
        Self { new: Vec::new(), changed: Vec::new() }
    }
}

/// Everything that a decision changes, as a value: it takes effect only if the decision succeeds.
#[derive(Debug, Default)]
pub struct Changes {
    /// Links.
    pub links: Puts<Link>,
    /// Payments.
    pub payments: Puts<Payment>,
    /// Refunds.
    pub refunds: Puts<Refund>,
    /// The children's parts of payments.
    pub split_parts: Puts<((LinkId, PaymentId), Vec<SplitPart>)>,
    /// What refunds take out of the children's parts.
    pub split_refunds: Puts<((LinkId, RefundId), Vec<SplitRefund>)>,
    /// How often mobile numbers pay.
    pub paces: Puts<Pace>,
    /// Obligations.
    pub obligations: Puts<Obligation>,
    /// One-time codes.
    pub codes: Puts<OneTimeCode>,
    /// Messages.
    pub messages: Puts<Message>,
    /// Deliveries.
    pub deliveries: Puts<Delivery>,
    /// Jobs.
    pub jobs: Puts<Job>,
    /// Jobs that are done.
    pub jobs_done: Vec<JobKey>,
    /// Merchants.
    pub merchants: Puts<Merchant>,
    /// Credentials.
    pub credentials: Puts<Credential>,
    /// What the sandbox rail remembers.
    pub charges: Puts<Charge>,
    /// What the sandbox rail remembers of refunds.
    pub paybacks: Puts<Payback>,
    /// Whole-installation values: (name, value).
    pub values: Vec<(&'static str, String)>,
    /// New template versions.
    pub templates: Vec<Template>,
    /// New customers.
    pub customers: Vec<Customer>,
    /// The customers of these links, by another name.
    pub customers_renamed: Vec<(LinkId, Customer)>,
    /// New lines of links, in order.
    pub lines: Vec<(LinkId, Vec<Line>)>,
    /// New texts of links.
    pub texts: Vec<(LinkId, Vec<LinkText>)>,
    /// Texts that stand instead of what was there of their kinds and positions, if anything was.
    pub texts_replaced: Vec<(LinkId, LinkText)>,
    /// What the terms of links were before they were changed.
    pub edits: Vec<(LinkId, FormerTerms)>,
    /// What links are for from now on.
    pub descriptions: Vec<(LinkId, String)>,
    /// New subscriptions of links.
    pub subscriptions: Vec<(LinkId, Vec<Subscription>)>,
    /// Shares of the children of new links.
    pub splits: Vec<(LinkId, Vec<SplitRule>)>,
    /// Plans of new links.
    pub plans: Vec<(LinkId, Vec<Instalment>)>,
    /// Sealed values of the invoices of new links.
    pub invoices: Vec<(LinkId, Vec<u8>)>,
    /// New references.
    pub references: Vec<(ReferenceKey, LinkId)>,
    /// New idempotency records.
    pub idempotency: Vec<(IdempotencyKey, IdempotencyRecord)>,
    /// New events.
    pub events: Vec<Event>,
    /// New ledger entries.
    pub entries: Vec<Entry>,
    /// New seals.
    pub seals: Vec<Seal>,
}
