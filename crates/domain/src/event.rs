//! Events: what happened to a link, numbered per link without gaps, each with the link's facts at that
//! moment.

use crate::amount::Minor;
use crate::id::{EventId, LinkId, MerchantId, PaymentId, RefundId};
use crate::link::{Link, LinkWord};
use crate::time::Timestamp;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// A link was made.
    LinkCreated,
    /// A message with it was accepted for sending.
    LinkSent,
    /// A person opened its page for the first time.
    LinkOpened,
    /// It has taken all that it may take.
    LinkCompleted,
    /// The merchant cancelled it.
    LinkCancelled,
    /// Its time is over.
    LinkExpired,
    /// Money arrived and was applied.
    PaymentCaptured,
    /// The rail took nothing.
    PaymentFailed,
    /// Money arrived and is held.
    PaymentHeld,
    /// The rail took money back.
    PaymentReversed,
    /// The payer has a refund.
    RefundSucceeded,
    /// The rail refunded nothing.
    RefundFailed,
    /// A refund came back.
    RefundReversed,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::LinkCreated,
        Self::LinkSent,
        Self::LinkOpened,
        Self::LinkCompleted,
        Self::LinkCancelled,
        Self::LinkExpired,
        Self::PaymentCaptured,
        Self::PaymentFailed,
        Self::PaymentHeld,
        Self::PaymentReversed,
        Self::RefundSucceeded,
        Self::RefundFailed,
        Self::RefundReversed,
    ];

    /// The type in Kadi's own API, webhooks and the events table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LinkCreated => "link.created",
            Self::LinkSent => "link.sent",
            Self::LinkOpened => "link.opened",
            Self::LinkCompleted => "link.completed",
            Self::LinkCancelled => "link.cancelled",
            Self::LinkExpired => "link.expired",
            Self::PaymentCaptured => "payment.captured",
            Self::PaymentFailed => "payment.failed",
            Self::PaymentHeld => "payment.held",
            Self::PaymentReversed => "payment.reversed",
            Self::RefundSucceeded => "refund.succeeded",
            Self::RefundFailed => "refund.failed",
            Self::RefundReversed => "refund.reversed",
        }
    }

    /// The kind with this type.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Does it tell about a payment (and not about the link itself)?
    pub const fn is_payment(self) -> bool {
        match self {
            Self::PaymentCaptured | Self::PaymentFailed | Self::PaymentHeld | Self::PaymentReversed => true,
            Self::LinkCreated
            | Self::LinkSent
            | Self::LinkOpened
            | Self::LinkCompleted
            | Self::LinkCancelled
            | Self::LinkExpired
            | Self::RefundSucceeded
            | Self::RefundFailed
            | Self::RefundReversed => false,
        }
    }

    /// Does it tell about a refund?
    pub const fn is_refund(self) -> bool {
        matches!(self, Self::RefundSucceeded | Self::RefundFailed | Self::RefundReversed)
    }
}

/// An event as stored; never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The row; lists go by it.
    pub id: EventId,
    /// Whose link.
    pub merchant_id: MerchantId,
    /// The link.
    pub link_id: LinkId,
    /// Its number on the link, from 1, without gaps.
    pub number: i64,
    /// What happened.
    pub kind: EventKind,
    /// The payment it tells about, if any.
    pub payment_id: Option<PaymentId>,
    /// The refund it tells about, if any.
    pub refund_id: Option<RefundId>,
    /// When.
    pub at: Timestamp,
    /// The link's facts right after it, so that it reads the same for ever.
    pub facts: LinkFacts,
}

/// The changing facts of a link at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkFacts {
    /// The word.
    pub word: LinkWord,
    /// Captured so far.
    pub captured: Minor,
    /// Refunded so far.
    pub refunded: Minor,
    /// When it was first sent.
    pub sent_at: Option<Timestamp>,
    /// When it was first opened.
    pub opened_at: Option<Timestamp>,
}

impl LinkFacts {
    /// The facts of a link at `now`.
    pub fn of(link: &Link, now: Timestamp) -> Self {
        Self {
            word: link.word(now),
            captured: link.sums.captured,
            refunded: link.sums.refunded,
            sent_at: link.sent_at,
            opened_at: link.opened_at,
        }
    }
}
