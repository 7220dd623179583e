//! From stored records to the bodies of Kadi's own API.

use std::collections::BTreeMap;

use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::create::Extras;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::event::{Event, LinkFacts};
use kadi_engine::domain::invoice::Invoice;
use kadi_engine::domain::link::{Link, LinkKind, LinkWord};
use kadi_engine::domain::mode::Channel;
use kadi_engine::domain::parts::{Instalment, PartRules};
use kadi_engine::domain::payment::{HoldReason, Payment, PaymentState};
use kadi_engine::domain::reference::ReferenceKey;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::split::{NewShare, Share};
use serde::Serialize;
use utoipa::ToSchema;

use super::invoices::show_invoice;
use super::time::write_time;
use super::wire::{
    CustomerBody, EventBody, EventData, InstalmentBody, Kind, LinkBody, PartRulesBody, ReferenceBody,
    ShareBody,
};
use crate::door::Door;
use crate::table::dialect;

/// A payment. All amounts are minor units of `currency`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaymentBody {
    /// Its id.
    pub id: String,
    /// The link it pays.
    pub link_id: String,
    /// `started`, `pending`, `captured`, `failed`, `held` or `reversed`.
    pub state: &'static str,
    /// What the link is owed less by it.
    pub amount: i64,
    /// The ISO 4217 code.
    pub currency: String,
    /// A discount on it.
    pub discount: i64,
    /// A surcharge on it.
    pub surcharge: i64,
    /// What the rail takes from the payer.
    pub charged: i64,
    /// The fee of a capture.
    pub fee: i64,
    /// The tax on the fee.
    pub fee_tax: i64,
    /// What the merchant is owed for a capture.
    pub net: i64,
    /// The payment mode, such as UPI.
    pub mode: String,
    /// The bank, card scheme or sub-wallet, where one was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<&'static str>,
    /// What it takes of each sub-wallet, where the link caps them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_wallets: Option<BTreeMap<&'static str, i64>>,
    /// The rail.
    pub rail: String,
    /// The rail's reference of the money.
    pub rail_reference: Option<String>,
    /// Why the money is held: `late`, `over`, `duplicate`, `unmatched`, `mismatched` or `currency`.
    pub hold_reason: Option<&'static str>,
    /// When the attempt began.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was captured.
    #[schema(format = DateTime)]
    pub captured_at: Option<String>,
}

/// Shows a payment.
pub fn show_payment(payment: &Payment) -> Result<PaymentBody, Fault> {
    let charges = payment.charges();
    Ok(PaymentBody {
        id: payment.id.get().to_string(),
        link_id: payment.link_id.get().to_string(),
        state: payment.state.word(),
        amount: payment.applied.get(),
        currency: payment.currency.code().to_owned(),
        discount: payment.discount.get(),
        surcharge: payment.surcharge.get(),
        charged: payment.taken.map_or_else(|| payment.charged(), Ok)?.get(),
        fee: charges.fee.get(),
        fee_tax: charges.fee_tax.get(),
        net: charges.net.get(),
        mode: payment.mode.clone(),
        channel: payment.means.channel.map(Channel::word),
        sub_wallets: sub_wallets(payment),
        rail: payment.rail.clone(),
        rail_reference: payment.reference().map(str::to_owned),
        hold_reason: hold_reason(&payment.state).map(HoldReason::word),
        created_at: write_time(payment.created_at)?,
        captured_at: payment.captured_at().map(write_time).transpose()?,
    })
}

fn sub_wallets(payment: &Payment) -> Option<BTreeMap<&'static str, i64>> {
    let drawn = &payment.means.drawn;
    (!drawn.is_empty()).then(|| drawn.iter().map(|(wallet, sum)| (wallet.word(), sum.get())).collect())
}

/// Why the money of a payment is held, where it is.
pub(super) const fn hold_reason(state: &PaymentState) -> Option<HoldReason> {
    match state {
        PaymentState::Held { reason, .. } => Some(*reason),
        PaymentState::Started
        | PaymentState::Pending
        | PaymentState::Captured { .. }
        | PaymentState::Failed { .. }
        | PaymentState::Reversed { .. } => None,
    }
}

/// Shows a link with these facts: its own of now, or those of an event.
pub(super) fn show_link(
    door: &Door,
    link: &Link,
    facts: LinkFacts,
    contact: &Contact,
    references: &[ReferenceKey],
    extras: &Extras,
    invoice: Option<&Invoice>,
) -> Result<LinkBody, Fault> {
    let code = door.code(link.id)?;
    Ok(LinkBody {
        id: link.id.get().to_string(),
        url: door.page_url_of(&code),
        code,
        kind: match link.kind {
            LinkKind::Fixed => Kind::Fixed,
            LinkKind::Open => Kind::Open,
            LinkKind::Invoice => Kind::Invoice,
        },
        name: link.name.clone(),
        description: link.description.clone(),
        amount: link.amount.map(Minor::get),
        currency: link.currency.code().to_owned(),
        amount_captured: facts.captured.get(),
        amount_refunded: facts.refunded.get(),
        status: match facts.word {
            LinkWord::Active => "active",
            LinkWord::Completed => "completed",
            LinkWord::Cancelled => "cancelled",
            LinkWord::Expired => "expired",
        },
        sent_at: facts.sent_at.map(write_time).transpose()?,
        opened_at: facts.opened_at.map(write_time).transpose()?,
        expires_at: link.expires_at.map(write_time).transpose()?,
        reusable: link.due.is_none() && !link.one_order && link.max_payments != Some(1),
        max_payments: link.max_payments,
        parts: link.terms.parts.is_some(),
        part_rules: link.terms.parts.map(|rules| show_rules(link, rules, extras)).transpose()?,
        customer: show_customer(contact),
        references: references.iter().map(show_reference).collect(),
        split: extras.split.iter().map(show_share).collect(),
        obligation: extras.obligation.clone(),
        invoice: invoice.map(|invoice| show_invoice(link.id, invoice)),
        created_at: write_time(link.created_at)?,
    })
}

fn show_customer(contact: &Contact) -> Option<CustomerBody> {
    let text = |value: &Option<Pii>| value.as_ref().map(|pii| pii.expose().to_owned());
    (!contact.is_empty()).then(|| CustomerBody {
        name: text(&contact.name),
        mobile: text(&contact.mobile),
        email: text(&contact.email),
        id: text(&contact.external_id),
    })
}

fn show_rules(link: &Link, rules: PartRules, extras: &Extras) -> Result<PartRulesBody, Fault> {
    let instalment = |instalment: &Instalment| {
        Ok(InstalmentBody { amount: instalment.amount.get(), due: write_time(instalment.due_at)? })
    };
    Ok(PartRulesBody {
        max: link.max_payments,
        min_first: rules.min_first.map(Minor::get),
        min: rules.min.map(Minor::get),
        plan: extras.plan.iter().map(instalment).collect::<Result<_, Fault>>()?,
    })
}

fn show_share(share: &NewShare) -> ShareBody {
    let (amount, percent) = match share.share {
        Share::Amount(amount) => (Some(amount.get()), None),
        Share::Percent(bps) => (None, Some(format!("{}.{:02}", bps / 100, bps % 100))),
    };
    ShareBody { merchant: share.child.clone(), amount, percent, bears_fee: share.bears_fee }
}

fn show_reference(key: &ReferenceKey) -> ReferenceBody {
    let name = dialect(key.namespace.dialect).map_or("", |row| row.name);
    ReferenceBody { dialect: name, value: key.value.clone() }
}

/// Shows an event: the row of the list, or (without its id) the body of a webhook.
pub(super) fn show_event(event: &Event, with_id: bool, data: EventData) -> Result<EventBody, Fault> {
    Ok(EventBody {
        id: with_id.then(|| event.id.get().to_string()),
        kind: event.kind.name(),
        timestamp: write_time(event.at)?,
        data,
    })
}
