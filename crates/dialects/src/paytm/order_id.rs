//! By which id merchants know the order of a payment: the same in callbacks, webhooks and answers.

use kadi_engine::domain::id::{LinkId, PaymentId};
use kadi_engine::domain::link::{Link, LinkText, TextKind, text_of};
use kadi_engine::domain::reference::ReferenceKey;

use super::namespaces::MERCHANT_ORDER_ID;
use crate::telling::Telling;

/// The order of a link's payment: a payment request's `merchantOrderId`; else the id that the merchant gave
/// to the link's one or first order; else the payment's own id.
pub(super) fn order_id(
    link: &Link,
    texts: &[LinkText],
    references: &[ReferenceKey],
    payment: PaymentId,
    is_first: bool,
) -> String {
    let given = text_of(texts, TextKind::OrderId).filter(|_| link.one_order || is_first);
    merchant_order_id(references)
        .map(String::as_str)
        .or(given)
        .map(str::to_owned)
        .unwrap_or_else(|| payment.get().to_string())
}

/// What the id of a link is told with, where the merchant gave it no reference of its own.
const LINK_PREFIX: &str = "LI_";

/// `MERC_UNQ_REF` of callbacks and `mercUniqRef` of orders: an id that every link has from its birth.
pub(super) fn reference_of_link(link: LinkId) -> String {
    format!("{LINK_PREFIX}{}", link.get())
}

/// The link of such an id.
pub(super) fn link_of_reference(reference: &str) -> Option<LinkId> {
    let digits = reference.strip_prefix(LINK_PREFIX)?;
    let link = LinkId::new(digits.parse().ok()?);
    // Only as it is told: no sign, no leading zeros.
    (reference_of_link(link) == reference).then_some(link)
}

/// The order of the payment that is told about.
pub(super) fn order_id_of_told(telling: &Telling, payment: PaymentId) -> String {
    let Telling { link, texts, references, is_first_payment, .. } = telling;
    order_id(link, texts, references, payment, *is_first_payment)
}

/// The `merchantOrderId` of a payment request; links of other calls have none.
pub(super) fn merchant_order_id(references: &[ReferenceKey]) -> Option<&String> {
    references.iter().find(|key| key.namespace == MERCHANT_ORDER_ID).map(|key| &key.value)
}
