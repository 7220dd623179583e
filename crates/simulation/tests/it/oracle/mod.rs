//! What must be true, from what the rails did and what was asked for: a small model with rules of its own,
//! which knows nothing of Kadi's types.

mod alone;
mod books;
mod hold;
mod link;
mod pay;
mod price;
mod refund;
mod shown;
mod split;

pub(crate) use link::{Kind, Link, Subscriber, Terms};
pub(crate) use pay::{Payment, Say, Took};
pub(crate) use price::{Fee, Share};
pub(crate) use refund::SayBack;
pub(crate) use shown::{Shown, ShownPayment, ShownRefund};
pub(crate) use split::OWN;

/// What a merchant has agreed to.
#[derive(Clone, Debug)]
pub(crate) struct Shop {
    pub(crate) fees: Vec<Fee>,
    /// Fee and tax go back with a refund.
    pub(crate) platform_bears: bool,
    /// Payers whose address is known get a receipt for each capture.
    pub(crate) sends_receipts: bool,
    /// What becomes of held money without being asked: "apply", "refund", or nothing.
    pub(crate) policy: Option<&'static str>,
    /// The least that a payer may choose.
    pub(crate) min: i64,
}

/// For so long a payment holds its place, in milliseconds; and while it is pending.
pub(crate) const PLACE_MS: i64 = 15 * 60_000;
pub(crate) const PENDING_PLACE_MS: i64 = 6 * 24 * 60 * 60_000;
