//! Payments and refunds as this API lists them.

use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::payment::Payment;
use kadi_engine::domain::refund::Refund;
use kadi_engine::domain::refusal::Fault;
use serde::Serialize;

use super::money::rupees;
use super::sign::{NimbblKey, SignedTransaction};
use super::status::{payment_word, refund_word};
use super::whole::Whole;
use crate::shared::js::JsAmount;

/// A member of `transaction` (vendor page).
#[derive(Clone, Debug, Serialize)]
pub(super) struct Transaction {
    transaction_id: String,
    status: &'static str,
    transaction_amount: JsAmount,
    transaction_type: &'static str,
    transaction_currency: String,
    payment_partner: String,
    additional_charges: JsAmount,
    offer_discount: JsAmount,
    offer_id: &'static str,
    psp_transaction_id: String,
}

/// A transaction with its own signature, in bodies that are the vendor's libraries'.
#[derive(Debug, Serialize)]
pub(super) struct Signed {
    #[serde(flatten)]
    transaction: Transaction,
    signature_version: &'static str,
    signature: String,
}

/// `order_id` of a link: there is one order for each.
pub(super) fn order_id(code: &str) -> String {
    format!("o_{code}")
}

impl Transaction {
    /// Of a payment of the link with this code. Its amount is what was or will be taken.
    pub(super) fn of_payment(code: &str, payment: &Payment) -> Result<Self, Fault> {
        let amount = payment.taken.map_or_else(|| payment.charged(), Ok)?;
        Ok(Self {
            transaction_id: format!("{}-{}", order_id(code), payment.id.get()),
            status: payment_word(payment),
            transaction_amount: JsAmount { minor: amount.get(), currency: payment.money_currency() },
            transaction_type: "payment",
            transaction_currency: payment.money_currency().code().to_owned(),
            payment_partner: payment.rail.clone(),
            additional_charges: rupees(payment.surcharge),
            offer_discount: rupees(payment.discount),
            offer_id: "",
            psp_transaction_id: payment.rail_reference.clone().unwrap_or_default(),
        })
    }

    /// Of a refund of a payment that this rail took.
    fn of_refund(code: &str, refund: &Refund, rail: &str) -> Self {
        Self {
            transaction_id: format!("{}-{}", order_id(code), refund.id.get()),
            status: refund_word(&refund.state),
            transaction_amount: JsAmount { minor: refund.amount.get(), currency: refund.currency },
            transaction_type: "refund",
            transaction_currency: refund.currency.code().to_owned(),
            payment_partner: rail.to_owned(),
            additional_charges: rupees(Minor::ZERO),
            offer_discount: rupees(Minor::ZERO),
            offer_id: "",
            psp_transaction_id: refund.rail_reference.clone().unwrap_or_default(),
        }
    }

    /// With its signature.
    pub(super) fn signed(self, key: &NimbblKey, invoice_id: &str) -> Signed {
        let text = SignedTransaction {
            invoice_id,
            transaction_id: &self.transaction_id,
            amount: self.transaction_amount.minor,
            currency: &self.transaction_currency,
            status: self.status,
            kind: self.transaction_type,
        }
        .text();
        Signed { transaction: self, signature_version: "v3", signature: key.sign(&text) }
    }
}

/// Every payment and refund of a link, oldest first.
pub(super) fn of(code: &str, whole: &Whole) -> Result<Vec<Transaction>, Fault> {
    let mut all = Vec::new();
    for payment in &whole.payments {
        all.push((payment.created_at, payment.id.get(), Transaction::of_payment(code, payment)?));
        for refund in whole.refunds.iter().filter(|refund| refund.payment_id == payment.id) {
            let shown = Transaction::of_refund(code, refund, &payment.rail);
            all.push((refund.created_at, refund.id.get(), shown));
        }
    }
    all.sort_by_key(|(at, id, _)| (*at, *id));
    Ok(all.into_iter().map(|(_, _, transaction)| transaction).collect())
}
