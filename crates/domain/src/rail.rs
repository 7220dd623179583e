//! What rails say, in Kadi's words: reports about one payment, whatever way they came.

use crate::amount::{Currency, Minor};

/// Money that a rail says it has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The rail's own reference of the money (a UTR or its like).
    pub reference: String,
    /// How much was taken from the payer.
    pub charged: Minor,
    /// In which currency.
    pub currency: Currency,
    /// The account at the rail that received it.
    pub payee: String,
}

/// A rail's word about one payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// The money was taken.
    Succeeded(Taken),
    /// It was not, and will not be.
    Failed {
        /// The rail's reason, for people.
        reason: String,
    },
    /// The rail does not know yet.
    Pending,
    /// The money was taken and has been given back by the rail.
    Reversed(Taken),
}

/// A rail's word about one refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundReport {
    /// The payer has the money, or it is on its way and will not come back.
    Succeeded {
        /// The rail's own reference of the refund.
        reference: String,
    },
    /// Nothing was refunded, and will not be.
    Failed {
        /// The rail's reason, for people.
        reason: String,
    },
    /// The rail does not know yet.
    Pending,
    /// The money came back to the merchant's account at the rail.
    Reversed {
        /// The rail's own reference of the refund.
        reference: String,
    },
}

/// What a rail's word about a payment weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It came unasked: it is authentic, and may be wrong.
    Notice,
    /// It answers a question that was put before the last change of the payment.
    Answer,
    /// It answers a question about the payment as it stands: what the books say otherwise is wrong.
    Truth,
}

impl Weight {
    /// Did the rail say so when it was asked?
    pub const fn was_asked(self) -> bool {
        matches!(self, Self::Answer | Self::Truth)
    }
}
