//! Orders: what the payment of a link is called, in callbacks and lists alike.

use kadi_engine::domain::id::PaymentId;
use kadi_engine::domain::link::Link;

/// The id of the order of a payment: the merchant's, where it named one and the link has one order or this is
/// its first payment; otherwise the payment's own.
pub(super) fn order_id(link: &Link, named: Option<&str>, payment: PaymentId, is_first: bool) -> String {
    let named = named.filter(|_| link.one_order || is_first);
    named.map_or_else(|| payment.get().to_string(), str::to_owned)
}
