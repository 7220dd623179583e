//! Obligations: several links for what is owed once. The first capture counts and closes the other links;
//! what comes after it is held.

use crate::amount::{Currency, Minor};
use crate::id::{MerchantId, ObligationId, PaymentId};
use crate::link::{Link, LinkStatus};
use crate::payment::{Payment, PaymentState};
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// How many links one obligation may have: they are closed in one commit.
const LINKS_MAX: i64 = 100;

/// What a merchant calls an obligation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObligationKey {
    /// Whose.
    pub merchant_id: MerchantId,
    /// The merchant's name for it, unique for ever.
    pub name: String,
}

/// An obligation as stored. Its row is locked before those of links by whatever counts money for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// The row.
    pub id: ObligationId,
    /// What the merchant calls it.
    pub key: ObligationKey,
    /// The currency of its amount.
    pub currency: Currency,
    /// What is owed, once.
    pub amount: Minor,
    /// How many links it has.
    pub link_count: i64,
    /// The payment that counts for it, while one does.
    pub paid_by: Option<PaymentId>,
    /// Counts the row's changes.
    pub version: i64,
}

impl Obligation {
    /// Adds a link of this amount. Refused where the obligation is another amount, is paid or has links
    /// enough.
    pub fn join(self, currency: Currency, amount: Minor) -> Result<Self, Refusal> {
        if (self.currency, self.amount) != (currency, amount) {
            return Err(Refusal::ObligationMismatch);
        }
        if self.paid_by.is_some() {
            return Err(Refusal::ObligationPaid);
        }
        if self.link_count >= LINKS_MAX {
            return Err(Refusal::ObligationFull);
        }
        Ok(Self { link_count: self.link_count + 1, ..self })
    }

    /// The obligation after one of its payments was changed: a capture counts, until it is taken back.
    pub fn after(self, payment: &Payment) -> Self {
        let counts = matches!(payment.state, PaymentState::Captured { .. });
        match self.paid_by {
            None if counts => Self { paid_by: Some(payment.id), ..self },
            Some(paid_by) if paid_by == payment.id && !counts => Self { paid_by: None, ..self },
            None | Some(_) => self,
        }
    }
}

/// Closes a link because its obligation was paid by another; none where it takes no payments anyway.
pub fn close(link: Link, at: Timestamp) -> Option<Link> {
    (link.status == LinkStatus::Active).then_some(Link { status: LinkStatus::Closed { at }, ..link })
}
