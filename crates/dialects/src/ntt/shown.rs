//! An invoice as answers show it (specs, part 3).

use kadi_engine::domain::invoice::invoice_number;
use kadi_engine::domain::link::Link;
use kadi_engine::domain::reference::ReferenceKey;
use kadi_engine::domain::refusal::Fault;
use serde::Serialize;

use super::namespaces::MERCHANT_TXN_ID;
use crate::door::Door;
use crate::shared::amount::money_text;
use crate::shared::ist::ist_dashed_text;
use crate::table::page_url;

/// What stands in the answers to create and resend beside the code, and is posted to `return_url`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    merch_id: String,
    /// Of links that this dialect made.
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_txn_id: Option<String>,
    invoice_no: String,
    /// None of an open link of another dialect.
    amount: Option<String>,
    payment_link: String,
    /// None of a link without an end.
    expiry_date: Option<String>,
}

impl Shown {
    /// A link with its references, as the merchant with this `merchId` sees it.
    pub(super) fn new(
        door: &Door,
        merch_id: &str,
        link: &Link,
        references: &[ReferenceKey],
    ) -> Result<Self, Fault> {
        let end = link.expires_at.map(|end| ist_dashed_text(end.ms()));
        let expiry_date = end.map(|text| text.ok_or_else(|| Fault::new("a date outside the calendar")));
        Ok(Self {
            merch_id: merch_id.to_owned(),
            merchant_txn_id: merchant_txn_id(references).map(str::to_owned),
            invoice_no: invoice_number(link.id),
            amount: link.amount.map(|amount| money_text(amount.get())),
            payment_link: page_url(door, link)?,
            expiry_date: expiry_date.transpose()?,
        })
    }
}

/// The merchant's own id of a link that this dialect made.
pub(super) fn merchant_txn_id(references: &[ReferenceKey]) -> Option<&str> {
    references.iter().find(|key| key.namespace == MERCHANT_TXN_ID).map(|key| key.value.as_str())
}
