//! Payments: one attempt to pay a link, from its reservation to the rail's last word.

use crate::amount::{Currency, Minor};
use crate::attempt::AttemptToken;
use crate::fee::Charges;
use crate::id::{LinkId, MerchantId, PaymentId};
use crate::refusal::Fault;
use crate::time::Timestamp;
use crate::ways::Means;

/// Why money that arrived is held instead of applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HoldReason {
    /// No reservation was live when the success landed.
    Late,
    /// More than was asked for.
    Over,
    /// Taken a second time.
    Duplicate,
    /// No payment is known for it.
    Unmatched,
    /// Amount or payee are not those of the attempt.
    Mismatched,
    /// In another currency than the attempt asked for.
    Currency,
}

impl HoldReason {
    /// Every reason.
    pub const ALL: [Self; 6] =
        [Self::Late, Self::Over, Self::Duplicate, Self::Unmatched, Self::Mismatched, Self::Currency];

    /// The word of answers and logs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Over => "over",
            Self::Duplicate => "duplicate",
            Self::Unmatched => "unmatched",
            Self::Mismatched => "mismatched",
            Self::Currency => "currency",
        }
    }
}

/// Where a payment stands, with the facts of that state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentState {
    /// The rail was or is about to be asked; no word yet.
    Started,
    /// The rail knows of it and waits itself.
    Pending,
    /// The money is there and applied.
    Captured {
        /// When it was booked.
        at: Timestamp,
        /// What it cost.
        charges: Charges,
    },
    /// The rail took nothing.
    Failed {
        /// When that was known.
        at: Timestamp,
        /// The rail's reason.
        reason: String,
    },
    /// The money is there and not applied.
    Held {
        /// When it was booked.
        at: Timestamp,
        /// Why.
        reason: HoldReason,
    },
    /// The money was there and has been taken back by the rail.
    Reversed {
        /// When it was booked.
        at: Timestamp,
        /// When it had been captured, if it had been.
        captured_at: Option<Timestamp>,
        /// Why it had been held, if it had been.
        held: Option<HoldReason>,
        /// What the capture had cost.
        charges: Charges,
    },
}

impl PaymentState {
    /// The word of Kadi's own API.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Pending => "pending",
            Self::Captured { .. } => "captured",
            Self::Failed { .. } => "failed",
            Self::Held { .. } => "held",
            Self::Reversed { .. } => "reversed",
        }
    }

    /// Is the rail's last word still to come?
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Started | Self::Pending)
    }
}

/// What may become of held money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldDecision {
    /// It counts for the link.
    Apply,
    /// It goes back to the payer.
    Refund,
}

impl HoldDecision {
    /// Every decision with its word.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Apply, "apply"), (Self::Refund, "refund")];

    /// The word of answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Refund => "refund",
        }
    }

    /// The decision with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, w)| *w == word).map(|(decision, _)| *decision)
    }
}

/// What was decided about a payment whose money was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// What.
    pub decision: HoldDecision,
    /// Why it had been held.
    pub reason: HoldReason,
    /// What the attempt had asked to be applied.
    pub asked: Minor,
    /// The discount that it had asked for.
    pub asked_discount: Minor,
    /// The surcharge that it had asked for.
    pub asked_surcharge: Minor,
}

impl Decided {
    /// A decision about money that was held for this reason.
    pub const fn about(payment: &Payment, decision: HoldDecision, reason: HoldReason) -> Self {
        let (asked, asked_discount, asked_surcharge) = (payment.applied, payment.discount, payment.surcharge);
        Self { decision, reason, asked, asked_discount, asked_surcharge }
    }
}

/// What refunds have taken out of a payment: those on their way and those that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Refunds {
    /// Refunded.
    pub refunded: Minor,
    /// On its way.
    pub pending: Minor,
    /// How much of the fee both gave back.
    pub fee: Minor,
    /// How much of the tax on the fee both gave back.
    pub fee_tax: Minor,
    /// Paid by the rail beyond what was left of the payment: the merchant's loss, and in none of the others.
    pub excess: Minor,
}

/// A payment as stored: what the attempt recorded, which never changes, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The row, and the attempt's reference at the rail.
    pub id: PaymentId,
    /// The link it pays.
    pub link_id: LinkId,
    /// Whose money it is.
    pub merchant_id: MerchantId,
    /// The rail's name.
    pub rail: String,
    /// The merchant's account at the rail, which must receive the money.
    pub rail_account: String,
    /// The payment mode, such as UPI.
    pub mode: String,
    /// By what within the mode.
    pub means: Means,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// What the link is owed less by it.
    pub applied: Minor,
    /// A discount on it.
    pub discount: Minor,
    /// A surcharge on it.
    pub surcharge: Minor,
    /// The payer's mobile number, sealed, where the payer gave one.
    pub payer_mobile: Option<Vec<u8>>,
    /// What the payer answered to the link's form, sealed.
    pub answers: Option<Vec<u8>>,
    /// The token of the form that began it, where a page had given it one.
    pub token: Option<AttemptToken>,
    /// When the attempt began.
    pub created_at: Timestamp,
    /// Until when its money may be applied; it reserves its amount so long while it is open. None when that
    /// time is known to be over.
    pub reserved_until: Option<Timestamp>,
    /// The rail's reference of the money, once known.
    pub rail_reference: Option<String>,
    /// The reference that its money had, where another payment has that money now: when the rail was asked,
    /// it said otherwise of it.
    pub gave_away: Option<String>,
    /// What the rail really took, once known.
    pub taken: Option<Minor>,
    /// The money that came is in another account or another currency than the attempt asked for, or no
    /// attempt asked for it: it cannot count for the link.
    pub is_foreign: bool,
    /// The currency in which the money came, where it is another than the attempt asked for.
    pub came_in: Option<Currency>,
    /// The attempt about which the rail spoke, where this is money of its own that no attempt asked for.
    pub beside: Option<PaymentId>,
    /// What was decided about its money, where it had been held and that was decided.
    pub decided: Option<Decided>,
    /// What became of its money by refunds.
    pub refunds: Refunds,
    /// Where it stands.
    pub state: PaymentState,
    /// Counts the row's changes.
    pub version: i64,
}

impl Payment {
    /// What the rail is to take: applied less discount plus surcharge.
    pub fn charged(&self) -> Result<Minor, Fault> {
        self.applied.minus(self.discount)?.plus(self.surcharge)
    }

    /// The currency of the money that came.
    pub fn money_currency(&self) -> Currency {
        self.came_in.unwrap_or(self.currency)
    }

    /// Does the link keep room for it?
    pub const fn reserves(&self) -> bool {
        self.state.is_open() && self.reserved_until.is_some()
    }

    /// Applied, discount and surcharge as the attempt asked for them, whatever was applied later.
    pub fn asked(&self) -> (Minor, Minor, Minor) {
        self.decided.map_or((self.applied, self.discount, self.surcharge), |decided| {
            (decided.asked, decided.asked_discount, decided.asked_surcharge)
        })
    }

    /// Did another payment take its place, because the rail says otherwise of its money?
    pub const fn is_withdrawn(&self) -> bool {
        self.gave_away.is_some()
    }

    /// The rail's reference of the money that it has or had.
    pub fn reference(&self) -> Option<&str> {
        self.rail_reference.as_deref().or(self.gave_away.as_deref())
    }

    /// What may still be refunded: what refunds have left, less what the rail has paid beyond that.
    pub fn refundable(&self) -> Result<Minor, Fault> {
        Ok(self.left()?.minus(self.refunds.excess)?.max(Minor::ZERO))
    }

    /// What refunds have left: what came and counts, less what they have taken out; of held money, of all
    /// that came.
    pub fn left(&self) -> Result<Minor, Fault> {
        let came = self.taken.unwrap_or(Minor::ZERO);
        let counts = match &self.state {
            PaymentState::Held { .. } | PaymentState::Reversed { held: Some(_), .. } => came,
            PaymentState::Captured { .. }
            | PaymentState::Reversed { held: None, .. }
            | PaymentState::Started
            | PaymentState::Pending
            | PaymentState::Failed { .. } => came.min(self.applied),
        };
        counts.minus(self.refunds.refunded)?.minus(self.refunds.pending)
    }

    /// What the capture cost, or would not have: zeros before a capture.
    pub fn charges(&self) -> Charges {
        match &self.state {
            PaymentState::Captured { charges, .. } | PaymentState::Reversed { charges, .. } => *charges,
            PaymentState::Started
            | PaymentState::Pending
            | PaymentState::Failed { .. }
            | PaymentState::Held { .. } => Charges::default(),
        }
    }

    /// When it was captured, if it ever was.
    pub const fn captured_at(&self) -> Option<Timestamp> {
        match &self.state {
            PaymentState::Captured { at, .. } => Some(*at),
            PaymentState::Reversed { captured_at, .. } => *captured_at,
            PaymentState::Started
            | PaymentState::Pending
            | PaymentState::Failed { .. }
            | PaymentState::Held { .. } => None,
        }
    }
}
