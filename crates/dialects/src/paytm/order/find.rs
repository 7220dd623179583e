//! Which order an id names, and the payment that says how it stands.

use kadi_engine::domain::id::{MerchantId, PaymentId};
use kadi_engine::domain::link::{Link, LinkText, TextKind, text_of};
use kadi_engine::domain::payment::{HoldDecision, Payment, PaymentState};
use kadi_engine::domain::reference::ReferenceKey;
use kadi_engine::{Reader, Trouble};

use crate::paytm::namespaces::MERCHANT_ORDER_ID;
use crate::paytm::order_id::order_id;
use crate::paytm::settings::DIALECT;

/// So many of an order's payments are looked at, newest first, where none of them was captured.
const PAYMENTS_MAX: i64 = 100;

/// An order of the merchant's.
pub(super) struct Order {
    /// Its link.
    pub(super) link: Link,
    /// The link's texts.
    pub(super) texts: Vec<LinkText>,
    /// The payment that says how it stands, once there is one.
    pub(super) payment: Option<Payment>,
}

impl Order {
    /// A text of the link that stands once.
    pub(super) fn text(&self, kind: TextKind) -> Option<&str> {
        text_of(&self.texts, kind)
    }
}

/// How final a payment is for its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The money is there and counts.
    Paid,
    /// Nobody knows, or money is held about which nothing is decided.
    Open,
    /// Nothing came, or it went back.
    Failed,
}

/// How a payment stands.
pub(super) fn standing(payment: &Payment) -> Standing {
    let goes_back = payment.decided.is_some_and(|decided| decided.decision == HoldDecision::Refund);
    match &payment.state {
        PaymentState::Captured { .. } => Standing::Paid,
        PaymentState::Started | PaymentState::Pending => Standing::Open,
        PaymentState::Held { .. } if !goes_back => Standing::Open,
        PaymentState::Held { .. } | PaymentState::Failed { .. } | PaymentState::Reversed { .. } => {
            Standing::Failed
        }
    }
}

/// The merchant's order with this id: a payment request's, one that the merchant gave to a link, or the
/// payment of a link without.
pub(super) fn find(reader: &Reader, merchant: MerchantId, id: &str) -> Result<Option<Order>, Trouble> {
    let value = id.to_owned();
    let key = ReferenceKey { merchant_id: merchant, namespace: MERCHANT_ORDER_ID, value };
    if let Some(link) = reader.link_by_reference(&key)? {
        let Some(link) = reader.link(link)? else { return Ok(None) };
        let payment = last_of(reader, &link)?;
        return with_texts(reader, link, payment).map(Some);
    }
    if let Some(link) = reader.link_by_order_id(merchant, id)? {
        let Some(link) = reader.link(link)?.filter(|link| link.origin == DIALECT) else { return Ok(None) };
        let payment = if link.one_order {
            last_of(reader, &link)?
        } else {
            let first = reader.first_payment_of(link.id)?;
            first.map(|id| reader.payment(id)).transpose()?.flatten()
        };
        return with_texts(reader, link, payment).map(Some);
    }
    by_payment(reader, merchant, id)
}

/// The payment that callbacks call by its own id.
fn by_payment(reader: &Reader, merchant: MerchantId, id: &str) -> Result<Option<Order>, Trouble> {
    let Ok(number) = id.parse() else { return Ok(None) };
    let payment = reader.payment(PaymentId::new(number))?;
    let Some(payment) = payment.filter(|payment| payment.merchant_id == merchant) else { return Ok(None) };
    let link = reader.link(payment.link_id)?.filter(|link| link.origin == DIALECT);
    let Some(link) = link else { return Ok(None) };
    let is_first = reader.first_payment_of(link.id)? == Some(payment.id);
    let references = reader.references_of(link.id)?;
    let order = with_texts(reader, link, Some(payment.clone()))?;
    let told = order_id(&order.link, &order.texts, &references, payment.id, is_first);
    Ok((told == id).then_some(order))
}

fn with_texts(reader: &Reader, link: Link, payment: Option<Payment>) -> Result<Order, Trouble> {
    Ok(Order { texts: reader.texts_of(link.id)?, link, payment })
}

/// The captured payment of a link with one order; else the newest about which nothing final is known; else
/// the newest.
fn last_of(reader: &Reader, link: &Link) -> Result<Option<Payment>, Trouble> {
    if let Some(captured) = reader.captured_payments_of(link.id)?.pop() {
        return Ok(Some(captured));
    }
    let payments = reader.payments_page(link.id, None, PAYMENTS_MAX)?;
    let open = payments.iter().find(|payment| standing(payment) == Standing::Open).cloned();
    Ok(open.or_else(|| payments.into_iter().next()))
}
