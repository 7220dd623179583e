//! Making a link: the rules that every door shares, and everything that is written with it.

use crate::amount::{AMOUNT_MAX, Currency, Minor};
use crate::customer::{Contact, Customer};
use crate::delivery::Subscription;
use crate::event::EventKind;
use crate::fields::FieldValues;
use crate::follow_up::{announce, queue_message};
use crate::id::{LinkId, ObligationId, TemplateId};
use crate::invoice::seal_invoice;
use crate::job::{Job, JobKind};
use crate::ledger::Chain;
use crate::link::{Line, Link, LinkKind, LinkStatus, LinkText, Sums, Terms, lines_total};
use crate::merchant::{Feature, Merchant};
use crate::message::{ChannelKind, Notice, Occasion};
use crate::moment::{Moment, Setup};
use crate::parts::{Instalment, PartRules};
use crate::reference::{Dialect, Namespace, ReferenceKey};
use crate::refusal::{Fault, Refusal, Stop};
use crate::risk::{Pace, check_new};
use crate::split::{NewShare, SplitRule};
use crate::time::Timestamp;
use crate::ways::Ways;
use crate::work::Changes;

/// How often a link may be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// One obligation, paid once.
    Once,
    /// Any number of payments, or at most so many.
    Many {
        /// How many may succeed.
        max_payments: Option<i64>,
    },
    /// One obligation, paid in parts.
    Parts {
        /// How many payments there may be; the last of them pays all that is left.
        max_payments: Option<i64>,
        /// How small they may be.
        rules: PartRules,
    },
    /// One order: used up by its first final outcome, success or failure.
    OneOrder,
}

/// When a link's time is to be over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// Never.
    Never,
    /// At this time.
    At(Timestamp),
    /// So long after its making, in milliseconds.
    After {
        /// How long.
        ms: i64,
    },
}

impl Expiry {
    /// The end of a link that is made at `now`.
    pub const fn end(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Never => None,
            Self::At(end) => Some(end),
            Self::After { ms } => Some(now.plus_ms(ms)),
        }
    }
}

impl Use {
    /// How small payments may be, where there may be several for one obligation.
    pub const fn part_rules(self) -> Option<PartRules> {
        match self {
            Self::Parts { rules, .. } => Some(rules),
            Self::Once | Self::Many { .. } | Self::OneOrder => None,
        }
    }
}

/// A link that a merchant asks for, in Kadi's words.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// The dialect that asks.
    pub origin: Dialect,
    /// What it asks for.
    pub kind: LinkKind,
    /// The currency.
    pub currency: Currency,
    /// The amount of each payment; none for an open link.
    pub amount: Option<Minor>,
    /// How often it may be paid.
    pub uses: Use,
    /// The name that payers see.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// When its time is over.
    pub expiry: Expiry,
    /// Who is asked to pay; may be empty.
    pub contact: Contact,
    /// The channels by which it is to be sent at once.
    pub send: Vec<ChannelKind>,
    /// Lines of an invoice.
    pub lines: Vec<Line>,
    /// Texts.
    pub texts: Vec<LinkText>,
    /// References that must not have been used before, in the order in which they are refused.
    pub references: Vec<(Namespace, String)>,
    /// Who wants to hear.
    pub subscriptions: Vec<Subscription>,
    /// What few links have.
    pub extras: Extras,
}

/// What few links have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// Which children get which share of its payments.
    pub split: Vec<NewShare>,
    /// The plan of an obligation that is paid in parts.
    pub plan: Vec<Instalment>,
    /// What the merchant calls the obligation that it is one of several links for.
    pub obligation: Option<String>,
    /// By what it may be paid.
    pub ways: Ways,
    /// When it is to be sent by its channels; at once where there is none.
    pub send_at: Option<Timestamp>,
    /// Only the mobile number of its contact may pay it.
    pub only_mobile: bool,
    /// The merchant's number for the form that its payers fill in.
    pub form: Option<String>,
    /// The values of the fields of an invoice template of the merchant's. As read back it is none: sealed
    /// values stand beside what is read.
    pub invoice: Option<FieldValues>,
}

/// What was looked up for a new link.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// The shares of its children (`split::resolve`).
    pub split: Vec<SplitRule>,
    /// Its obligation, which it has joined.
    pub obligation: Option<ObligationId>,
    /// How often its customer's number has paid, where a risk rule counts that.
    pub pace: Option<Pace>,
    /// The newest version of its form.
    pub form: Option<TemplateId>,
}

impl NewLink {
    /// The references as keys of `merchant`.
    pub fn reference_keys(&self, merchant: crate::id::MerchantId) -> Vec<ReferenceKey> {
        let key = |(namespace, value): &(Namespace, String)| ReferenceKey {
            merchant_id: merchant,
            namespace: *namespace,
            value: value.clone(),
        };
        self.references.iter().map(key).collect()
    }
}

/// A link that was made, with what is known about its messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The link.
    pub link: Link,
    /// One for each channel that was asked for, in order.
    pub notices: Vec<Notice>,
}

/// Makes a link of `merchant`. `is_used` tells whether a reference was used before.
pub fn create(
    merchant: &Merchant,
    new: &NewLink,
    resolved: Resolved,
    mut is_used: impl FnMut(&ReferenceKey) -> Result<bool, Fault>,
    moment: &mut Moment<'_>,
) -> Result<(Made, Changes), Stop> {
    check(merchant, new, moment.now)?;
    new.extras.ways.modes.check(moment.setup.modes)?;
    check_new(merchant, new.amount, new.currency, &new.contact, resolved.pace.as_ref(), moment)?;
    check_payers(merchant, new, &resolved, moment.setup)?;
    let keys = new.reference_keys(merchant.id);
    for (at, key) in keys.iter().enumerate() {
        if is_used(key)? || keys.iter().take(at).any(|earlier| earlier == key) {
            return Err(Refusal::ReferenceUsed(key.namespace).into());
        }
    }
    let mut changes = Changes::default();
    let mut link = born(merchant, new, &resolved, moment)?;
    let notices = send(&mut link, merchant, new, &mut changes, moment)?;
    announce(&mut link, merchant, &new.subscriptions, EventKind::LinkCreated, None, &mut changes, moment)?;
    if link.sent_at.is_some() {
        announce(&mut link, merchant, &new.subscriptions, EventKind::LinkSent, None, &mut changes, moment)?;
    }
    if let Some(end) = link.expires_at {
        changes.jobs.new.push(Job::new(JobKind::ExpireLink, link.id.get(), merchant.id, end));
    }
    if !new.lines.is_empty() {
        changes.lines.push((link.id, new.lines.clone()));
    }
    if !new.texts.is_empty() {
        changes.texts.push((link.id, new.texts.clone()));
    }
    if !new.subscriptions.is_empty() {
        changes.subscriptions.push((link.id, new.subscriptions.clone()));
    }
    if !resolved.split.is_empty() {
        changes.splits.push((link.id, resolved.split));
    }
    if !new.extras.plan.is_empty() {
        changes.plans.push((link.id, new.extras.plan.clone()));
    }
    if let Some(values) = &new.extras.invoice {
        changes.invoices.push((link.id, seal_invoice(link.id, values, moment)?));
    }
    changes.references.extend(keys.into_iter().map(|key| (key, link.id)));
    changes.links.new.push(link.clone());
    Ok((Made { link, notices }, changes))
}

fn check(merchant: &Merchant, new: &NewLink, now: Timestamp) -> Result<(), Stop> {
    merchant.check_active()?;
    if new.extras.invoice.as_ref().is_some_and(|values| !values.is_invoice_of(merchant.id)) {
        return Err(Refusal::TemplateUnknown.into());
    }
    match (new.kind, new.amount) {
        (LinkKind::Open, None) => {}
        (LinkKind::Fixed | LinkKind::Invoice, None) => return Err(Refusal::AmountRequired.into()),
        (LinkKind::Open, Some(_)) => return Err(Refusal::AmountInvalid.into()),
        (LinkKind::Fixed | LinkKind::Invoice, Some(amount)) => {
            if !amount.is_positive() || amount > AMOUNT_MAX {
                return Err(Refusal::AmountInvalid.into());
            }
            merchant.check_amount(amount, new.currency)?;
            // Lines so large that their sum overflows add up to no amount.
            if !new.lines.is_empty() && lines_total(&new.lines).ok() != Some(amount) {
                return Err(Refusal::LinesMismatch.into());
            }
        }
    }
    check_parts(merchant, new, now)?;
    // What is owed once is paid at once, by any of its links.
    if new.extras.obligation.is_some() && (new.uses != Use::Once || new.amount.is_none()) {
        return Err(Refusal::ObligationMismatch.into());
    }
    let sent_at = new.extras.send_at.unwrap_or(now);
    if new.expiry.end(now).is_some_and(|end| end <= sent_at.max(now) || end > Timestamp::LATEST) {
        return Err(Refusal::ExpiryInvalid.into());
    }
    Ok(())
}

/// Refuses what its payers could never do: prove a number that is not there, fill in a form that is not.
fn check_payers(
    merchant: &Merchant,
    new: &NewLink,
    resolved: &Resolved,
    setup: &Setup,
) -> Result<(), Refusal> {
    if new.extras.only_mobile && new.contact.mobile.is_none() {
        return Err(Refusal::MobileRequired);
    }
    if new.extras.only_mobile && !setup.has(ChannelKind::Sms) {
        return Err(Refusal::ChannelMissing);
    }
    match &new.extras.form {
        Some(_) if !merchant.features.contains(&Feature::Forms) => Err(Refusal::FeatureOff(Feature::Forms)),
        Some(_) if resolved.form.is_none() => Err(Refusal::TemplateUnknown),
        Some(_) | None => Ok(()),
    }
}

fn check_parts(merchant: &Merchant, new: &NewLink, now: Timestamp) -> Result<(), Stop> {
    match (new.uses.part_rules(), new.amount) {
        (Some(_), _) if !merchant.features.contains(&Feature::Partial) => {
            Err(Refusal::FeatureOff(Feature::Partial).into())
        }
        (Some(rules), Some(amount)) => rules.check(amount, &new.extras.plan, now),
        (Some(_), None) => Err(Refusal::PartsInvalid.into()),
        (None, _) if !new.extras.plan.is_empty() => Err(Refusal::PartsInvalid.into()),
        (None, _) => Ok(()),
    }
}

fn born(
    merchant: &Merchant,
    new: &NewLink,
    resolved: &Resolved,
    moment: &mut Moment<'_>,
) -> Result<Link, Fault> {
    let (due, max_payments, one_order) = match new.uses {
        Use::Once => (new.amount, new.amount.is_none().then_some(1), false),
        Use::Parts { max_payments, .. } => (new.amount, max_payments, false),
        Use::Many { max_payments } => (None, max_payments, false),
        Use::OneOrder => (None, Some(1), true),
    };
    Ok(Link {
        id: LinkId::new(moment.mint(merchant.id)?),
        merchant_id: merchant.id,
        origin: new.origin,
        kind: new.kind,
        currency: new.currency,
        amount: new.amount,
        due,
        max_payments,
        one_order,
        terms: Terms {
            split_count: i64::try_from(resolved.split.len()).unwrap_or(i64::MAX),
            parts: new.uses.part_rules(),
            plan_count: i64::try_from(new.extras.plan.len()).unwrap_or(i64::MAX),
            has_email: new.contact.email.is_some(),
            obligation: resolved.obligation,
            only_mobile: new.extras.only_mobile,
            form: resolved.form,
            invoice: new.extras.invoice.as_ref().map(FieldValues::template_id),
        },
        ways: new.extras.ways.clone(),
        name: new.name.clone(),
        description: new.description.clone(),
        customer_id: None,
        created_at: moment.now,
        expires_at: new.expiry.end(moment.now),
        status: LinkStatus::Active,
        sent_at: None,
        opened_at: None,
        sums: Sums::default(),
        resent_count: 0,
        edit_count: 0,
        event_count: 0,
        chain: Chain::default(),
        version: 0,
    })
}

/// Keeps the customer, and queues a message for each channel that is set up and has a contact.
fn send(
    link: &mut Link,
    merchant: &Merchant,
    new: &NewLink,
    changes: &mut Changes,
    moment: &mut Moment<'_>,
) -> Result<Vec<Notice>, Fault> {
    if !new.contact.is_empty() {
        let customer = Customer::seal(&new.contact, merchant.id, moment)?;
        link.customer_id = Some(customer.id);
        changes.customers.push(customer);
    }
    let mut notices = Vec::new();
    for &channel in &new.send {
        let contact = new.contact.of_channel(channel);
        let is_set_up = moment.setup.has(channel);
        let (Some(customer), true, true) = (link.customer_id, contact.is_some(), is_set_up) else {
            notices.push(Notice::Impossible(channel));
            continue;
        };
        let due = new.extras.send_at.unwrap_or(moment.now);
        queue_message(link, customer, channel, (Occasion::Request { resend: 0 }, due), changes, moment)?;
        // What is to be sent later is sent when a provider takes it.
        link.sent_at = link.sent_at.or((due <= moment.now).then_some(moment.now));
        notices.push(Notice::Accepted(channel));
    }
    Ok(notices)
}
