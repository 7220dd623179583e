//! Which order an id names, and the payment that says how it stands.

use kadi_engine::domain::amount::{Currency, Minor};
use kadi_engine::domain::id::{MerchantId, PaymentId};
use kadi_engine::domain::link::{Link, LinkText, TextKind, text_of};
use kadi_engine::domain::payment::{HoldDecision, Payment, PaymentState};
use kadi_engine::domain::reference::ReferenceKey;
use kadi_engine::domain::search::Standing as LinkStanding;
use kadi_engine::domain::time::Timestamp;
use kadi_engine::{Reader, Trouble};

use crate::paytm::namespaces::MERCHANT_ORDER_ID;
use crate::paytm::order_id::{link_of_reference, order_id};

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
    /// Is all that the link is owed meant, or that payment alone?
    is_link: bool,
}

impl Order {
    /// A text of the link that stands once.
    pub(super) fn text(&self, kind: TextKind) -> Option<&str> {
        text_of(&self.texts, kind)
    }

    /// How it stands; none where nobody has tried to pay. A link that is paid in part is not paid.
    pub(super) fn standing(&self, now: Timestamp) -> Option<Standing> {
        let of_payment = standing(self.payment.as_ref()?);
        if !self.is_link || of_payment != Standing::Paid {
            return Some(of_payment);
        }
        Some(match self.link.standing(now) {
            LinkStanding::Paid => Standing::Paid,
            LinkStanding::UnderWay | LinkStanding::Untouched => Standing::Open,
            LinkStanding::Over => Standing::Failed,
        })
    }

    /// Its amount, and what of it was refunded: of a link that is paid, all that was, in however many
    /// payments.
    pub(super) fn amounts(&self, now: Timestamp) -> (Minor, Minor) {
        let (sums, asked) = (&self.link.sums, self.link.amount.unwrap_or_default());
        match &self.payment {
            None => (asked, Minor::ZERO),
            Some(_) if self.is_link && self.standing(now) == Some(Standing::Paid) => {
                (sums.captured, sums.refunded)
            }
            Some(_) if self.is_link && sums.captured.is_positive() => (asked, sums.refunded),
            Some(payment) => (payment.applied, payment.refunds.refunded),
        }
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
fn standing(payment: &Payment) -> Standing {
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

/// The merchant's order with this id: a payment request's, one that the merchant gave to a link, the payment
/// of a link without, or the link itself, whichever API made it.
pub(super) fn find(reader: &Reader, merchant: MerchantId, id: &str) -> Result<Option<Order>, Trouble> {
    if let Some(link) = requested(reader, merchant, id)? {
        return of_link(reader, link).map(Some);
    }
    if let Some(link) = reader.link_by_order_id(merchant, id)? {
        let Some(link) = reader.link(link)? else { return Ok(None) };
        if link.one_order {
            return of_link(reader, link).map(Some);
        }
        let first = reader.first_payment_of(link.id)?;
        let payment = first.map(|id| reader.payment(id)).transpose()?.flatten();
        return with_texts(reader, link, payment).map(Some);
    }
    if let Some(order) = by_payment(reader, merchant, id)? {
        return Ok(Some(order));
    }
    named(reader, merchant, id)?.map(|link| of_link(reader, link)).transpose()
}

/// The link that a payment request's id names, or else the id that every link has from its birth.
pub(super) fn find_link(reader: &Reader, merchant: MerchantId, id: &str) -> Result<Option<Link>, Trouble> {
    let requested = requested(reader, merchant, id)?;
    if requested.is_some() { Ok(requested) } else { named(reader, merchant, id) }
}

/// The link of the payment request with this `merchantOrderId`.
fn requested(reader: &Reader, merchant: MerchantId, id: &str) -> Result<Option<Link>, Trouble> {
    let value = id.to_owned();
    let key = ReferenceKey { merchant_id: merchant, namespace: MERCHANT_ORDER_ID, value };
    Ok(reader.link_by_reference(&key)?.map(|id| reader.link(id)).transpose()?.flatten())
}

/// The merchant's link of the id with which `mercUniqRef` names it.
fn named(reader: &Reader, merchant: MerchantId, id: &str) -> Result<Option<Link>, Trouble> {
    let link = link_of_reference(id).map(|id| reader.link(id)).transpose()?.flatten();
    Ok(link.filter(|link| is_told(link, merchant)))
}

/// Is it one that this merchant is told of here? These calls have no word for a currency: amounts are rupees.
fn is_told(link: &Link, merchant: MerchantId) -> bool {
    link.merchant_id == merchant && link.currency == Currency::INR
}

/// The payment that callbacks and `/link/fetchTransaction` call by its own id.
fn by_payment(reader: &Reader, merchant: MerchantId, id: &str) -> Result<Option<Order>, Trouble> {
    let Ok(number) = id.parse() else { return Ok(None) };
    let Some(payment) = reader.payment(PaymentId::new(number))? else { return Ok(None) };
    let link = reader.link(payment.link_id)?.filter(|link| is_told(link, merchant));
    let Some(link) = link else { return Ok(None) };
    let is_first = reader.first_payment_of(link.id)? == Some(payment.id);
    let references = reader.references_of(link.id)?;
    let order = with_texts(reader, link, Some(payment.clone()))?;
    let told = order_id(&order.link, &order.texts, &references, payment.id, is_first);
    Ok((told == id).then_some(order))
}

fn with_texts(reader: &Reader, link: Link, payment: Option<Payment>) -> Result<Order, Trouble> {
    Ok(Order { texts: reader.texts_of(link.id)?, link, payment, is_link: false })
}

fn of_link(reader: &Reader, link: Link) -> Result<Order, Trouble> {
    let payment = last_of(reader, &link)?;
    Ok(Order { is_link: true, ..with_texts(reader, link, payment)? })
}

/// The last captured payment of a link; else the newest about which nothing final is known; else
/// the newest.
fn last_of(reader: &Reader, link: &Link) -> Result<Option<Payment>, Trouble> {
    if let Some(captured) = reader.captured_payments_of(link.id)?.pop() {
        return Ok(Some(captured));
    }
    let payments = reader.payments_page(link.id, None, PAYMENTS_MAX)?;
    let open = payments.iter().find(|payment| standing(payment) == Standing::Open).cloned();
    Ok(open.or_else(|| payments.into_iter().next()))
}
