//! The bodies of Kadi's own API. Amounts are whole minor units, ids are texts, times are RFC 3339 in UTC.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::invoices::{InvoiceBody, NewInvoiceBody};

/// What a link asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// An amount that the merchant sets.
    Fixed,
    /// An amount that the payer chooses.
    Open,
    /// An amount that is shown as lines with taxes.
    Invoice,
}

/// A channel by which a link is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SendBy {
    /// A text message.
    Sms,
    /// An e-mail.
    Email,
}

/// A tax on one unit of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaxBody {
    /// Its name, such as GST; at most 64 characters.
    pub name: String,
    /// The amount per unit, in minor units, at least 0.
    pub amount: i64,
}

/// A line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LineBody {
    /// What is sold; 1 to 100 characters.
    pub name: String,
    /// The merchant's code for it; at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// How many, at least 1.
    pub units: i64,
    /// The price of one without tax, in minor units, at least 0.
    pub unit_amount: i64,
    /// Taxes on one unit; at most 10.
    #[serde(default)]
    pub taxes: Vec<TaxBody>,
}

/// A customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomerBody {
    /// The name; at most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// An Indian mobile number: ten digits, with or without 0, 91 or +91.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<String>,
    /// An e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The merchant's own id of the customer; at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// A child merchant's share of a link's payments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareBody {
    /// The `id` of the child's merchant file: a child of the merchant, or of its aggregator.
    pub merchant: String,
    /// So many minor units of each payment; only where all payments are of the link's amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// So much of each payment in percent, `0.01` to `100`, with at most two decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<String>,
    /// Does the child bear its part of fee and tax? Unless said, the merchant bears it.
    #[serde(default)]
    pub bears_fee: bool,
}

/// How a link may be paid in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartRulesBody {
    /// How many payments there may be; the last of them pays all that is left. Any number unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// The first payment is at least this, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_first: Option<i64>,
    /// Every payment is at least this, in minor units; the last may be smaller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// What is due when, at most 60 instalments that are together the amount; the page shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plan: Vec<InstalmentBody>,
}

/// An instalment of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InstalmentBody {
    /// How much, in minor units.
    pub amount: i64,
    /// Until when; later than the instalment before.
    #[schema(format = DateTime)]
    pub due: String,
}

/// The body of `POST /v1/links`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLinkBody {
    /// What the link asks for.
    pub kind: Kind,
    /// The amount in minor units; required for `fixed` and `invoice`, absent for `open`.
    #[serde(default)]
    pub amount: Option<i64>,
    /// The ISO 4217 code; `INR` unless said otherwise.
    #[serde(default)]
    pub currency: Option<String>,
    /// What payers see as the link's name; 1 to 100 characters.
    pub name: String,
    /// What it is for; at most 500 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// The lines of an invoice, at most 50; with their taxes they add up to the amount.
    #[serde(default)]
    pub lines: Vec<LineBody>,
    /// May be paid any number of times; otherwise it is one obligation.
    #[serde(default)]
    pub reusable: Option<bool>,
    /// May be paid at most so many times; makes the link reusable.
    #[serde(default)]
    pub max_payments: Option<i64>,
    /// Who is asked to pay.
    #[serde(default)]
    pub customer: Option<CustomerBody>,
    /// The channels by which the link is sent to the customer at once.
    #[serde(default)]
    pub send: Vec<SendBy>,
    /// When its time is over; never unless said.
    #[serde(default)]
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// Where the browser goes after a successful payment.
    #[serde(default)]
    pub success_url: Option<String>,
    /// Where the browser goes after a failed payment.
    #[serde(default)]
    pub failure_url: Option<String>,
    /// Shown after a successful payment; at most 254 characters.
    #[serde(default)]
    pub success_message: Option<String>,
    /// A note that payers never see; at most 254 characters.
    #[serde(default)]
    pub notes: Option<String>,
    /// The merchant's reference, unique for ever; at most 100 characters.
    #[serde(default)]
    pub reference: Option<String>,
    /// May be paid in parts, any number unless `part_rules` says otherwise.
    #[serde(default)]
    pub parts: Option<bool>,
    /// How it may be paid in parts; makes the link one that is.
    #[serde(default)]
    pub part_rules: Option<PartRulesBody>,
    /// Which child merchants share its payments, at most 50; the rest is the merchant's own.
    #[serde(default)]
    pub split: Vec<ShareBody>,
    /// What is owed once, whatever links there are for it: the first capture closes the other links of the
    /// same obligation. At most 100 characters, and at most 100 links, all of one amount.
    #[serde(default)]
    pub obligation: Option<String>,
    /// Draws its invoice from one of the merchant's invoice templates.
    #[serde(default)]
    pub invoice: Option<NewInvoiceBody>,
}

/// A merchant's reference of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ReferenceBody {
    /// The dialect in whose namespace it stands.
    pub dialect: &'static str,
    /// The reference as it was sent.
    pub value: String,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct LinkBody {
    /// Its id.
    pub id: String,
    /// Its public code.
    pub code: String,
    /// The address of its page.
    pub url: String,
    /// What it asks for.
    pub kind: Kind,
    /// The name that payers see.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The amount in minor units; null where the payer chooses.
    pub amount: Option<i64>,
    /// The ISO 4217 code.
    pub currency: String,
    /// Captured and not reversed, in minor units.
    pub amount_captured: i64,
    /// Refunded, in minor units.
    pub amount_refunded: i64,
    /// `active`, `completed`, `cancelled` or `expired`.
    pub status: &'static str,
    /// When a message was first accepted for sending.
    #[schema(format = DateTime)]
    pub sent_at: Option<String>,
    /// When a person first opened the page.
    #[schema(format = DateTime)]
    pub opened_at: Option<String>,
    /// When its time is over.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// May be paid more than once.
    pub reusable: bool,
    /// May be paid at most so many times.
    pub max_payments: Option<i64>,
    /// May be paid in parts.
    pub parts: bool,
    /// How it may be paid in parts; absent where it may not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_rules: Option<PartRulesBody>,
    /// Who was asked to pay.
    pub customer: Option<CustomerBody>,
    /// The merchant's references.
    pub references: Vec<ReferenceBody>,
    /// The shares of child merchants; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub split: Vec<ShareBody>,
    /// What it is one of several links for; absent where it is the only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obligation: Option<String>,
    /// Its invoice, where it is drawn from a template; absent where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice: Option<InvoiceBody>,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
}

/// A page of links.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LinkList {
    /// The links, newest first.
    pub data: Vec<LinkBody>,
    /// What `after` takes for the next page; null on the last.
    pub next: Option<String>,
}

/// A page of payments.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PaymentList {
    /// The payments, newest first.
    pub data: Vec<super::show::PaymentBody>,
    /// What `after` takes for the next page; null on the last.
    pub next: Option<String>,
}

/// An event, also the body of a webhook.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct EventBody {
    /// Its id, which is the `webhook-id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What happened, such as `payment.captured`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// When.
    #[schema(format = DateTime)]
    pub timestamp: String,
    /// The link, payment or refund right after it.
    pub data: EventData,
}

/// What an event tells about.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum EventData {
    /// A link.
    Link(Box<LinkBody>),
    /// A payment.
    Payment(Box<super::show::PaymentBody>),
    /// A refund.
    Refund(super::refunds::RefundBody),
}

/// A page of events.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct EventList {
    /// The events, newest first.
    pub data: Vec<EventBody>,
    /// What `after` takes for the next page; null on the last.
    pub next: Option<String>,
}
