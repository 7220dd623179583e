//! The payments of a link as orders (specs, part 8), with what is read for them.

use kadi_engine::domain::attempt::payer_mobile_place;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::id::PaymentId;
use kadi_engine::domain::link::{Link, LinkText, TextKind, text_of};
use kadi_engine::domain::payment::{Payment, PaymentState};
use kadi_engine::domain::reference::ReferenceKey;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::seal::Keyring;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::time::Timestamp;
use kadi_engine::{Reader, Trouble};
use serde::Serialize;

use super::shown::other_currency;
use crate::paytm::order_id::{order_id, reference_of_link};
use crate::shared::ist::ist_dashed_text;
use crate::shared::js::JsAmount;

/// A payment as an order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Order {
    txn_id: String,
    order_id: String,
    merc_uniq_ref: String,
    order_status: &'static str,
    txn_amount: JsAmount,
    payable_amount: JsAmount,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    order_created_time: String,
    order_completed_time: String,
    customer_name: String,
    customer_email: String,
    customer_phone_number: String,
    customer_id: String,
}

/// What the orders of a link are written from.
pub(super) struct Story {
    /// The link.
    pub(super) link: Link,
    /// Its texts.
    pub(super) texts: Vec<LinkText>,
    references: Vec<ReferenceKey>,
    contact: Contact,
    first: Option<PaymentId>,
}

impl Story {
    /// Reads it.
    pub(super) fn gather(reader: &mut Reader, keys: &Keyring, link: Link) -> Result<Self, Trouble> {
        let customer = link.customer_id.map(|id| reader.customer(id)).transpose()?.flatten();
        let contact = customer.map(|customer| customer.open(keys)).transpose().map_err(Trouble::Broken)?;
        Ok(Self {
            texts: reader.texts_of(link.id)?,
            references: reader.references_of(link.id)?,
            first: reader.first_payment_of(link.id)?,
            contact: contact.unwrap_or_default(),
            link,
        })
    }

    /// These payments of the link as orders.
    pub(super) fn orders(&self, keys: &Keyring, payments: &[Payment]) -> Result<Vec<Order>, Fault> {
        payments.iter().map(|payment| self.order(keys, payment)).collect()
    }

    fn order(&self, keys: &Keyring, payment: &Payment) -> Result<Order, Fault> {
        let own = |value: &Option<Pii>| value.as_ref().map(|pii| pii.expose().to_owned()).unwrap_or_default();
        let amount = |minor| JsAmount { minor, currency: payment.currency };
        let is_first = self.first == Some(payment.id);
        let reference = text_of(&self.texts, TextKind::MerchantReference).map(str::to_owned);
        let sealed = payment.payer_mobile.as_ref();
        let mobile =
            sealed.map(|sealed| keys.open_text(payer_mobile_place(payment.id), sealed)).transpose()?;
        let (order_status, completed) = outcome(payment);
        Ok(Order {
            txn_id: payment.id.get().to_string(),
            order_id: order_id(&self.link, &self.texts, &self.references, payment.id, is_first),
            merc_uniq_ref: reference.unwrap_or_else(|| reference_of_link(self.link.id)),
            order_status,
            txn_amount: amount(payment.applied.get()),
            payable_amount: amount(payment.charged()?.get()),
            currency: other_currency(payment.currency),
            order_created_time: time(payment.created_at)?,
            order_completed_time: completed.map(time).transpose()?.unwrap_or_default(),
            customer_name: own(&self.contact.name),
            customer_email: own(&self.contact.email),
            customer_phone_number: mobile.unwrap_or_else(|| own(&self.contact.mobile)),
            customer_id: own(&self.contact.external_id),
        })
    }
}

/// `orderStatus`, and when it was known. Held money and an unknown end are neither success nor failure.
const fn outcome(payment: &Payment) -> (&'static str, Option<Timestamp>) {
    match &payment.state {
        PaymentState::Captured { at, .. } => ("SUCCESS", Some(*at)),
        PaymentState::Failed { at, .. } | PaymentState::Reversed { at, .. } => ("FAILED", Some(*at)),
        PaymentState::Started | PaymentState::Pending | PaymentState::Held { .. } => ("PENDING", None),
    }
}

fn time(at: Timestamp) -> Result<String, Fault> {
    ist_dashed_text(at.ms()).ok_or_else(|| Fault::new("a date outside the calendar"))
}
