//! Deliveries: one event on its way to one endpoint of the merchant, until it is accepted or parked.

use crate::event::EventKind;
use crate::id::{DeliveryId, EventId, LinkId, MerchantId};
use crate::reference::Dialect;
use crate::time::Timestamp;

/// Who wants to hear about a link: made with the link by its dialect, never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The dialect that writes the body.
    pub dialect: Dialect,
    /// Which of that dialect's bodies; numbered by the dialect, never changed.
    pub form: u8,
    /// The address; none takes the merchant's `webhook_url` or `callback_url` of that dialect at the time of
    /// the event.
    pub url: Option<String>,
    /// The events that are told.
    pub events: EventSet,
}

/// A set of event kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventSet(i64);

impl EventSet {
    /// The set of these kinds.
    pub fn of(kinds: &[EventKind]) -> Self {
        Self(kinds.iter().fold(0, |set, &kind| set | bit(kind)))
    }

    /// Every kind that there is, and will be.
    pub const fn all() -> Self {
        Self(-1)
    }

    /// The set stored as this number.
    pub const fn from_bits(bits: i64) -> Self {
        Self(bits)
    }

    /// The number that rows hold.
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// Is the kind in it?
    pub fn contains(self, kind: EventKind) -> bool {
        self.0 & bit(kind) != 0
    }
}

fn bit(kind: EventKind) -> i64 {
    EventKind::ALL.iter().position(|&k| k == kind).map_or(0, |at| 1_i64 << at)
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// Will be tried (again).
    Waiting,
    /// Accepted by the endpoint.
    Delivered {
        /// When.
        at: Timestamp,
    },
    /// All tries were in vain, or the endpoint is gone; kept, and can be sent again.
    Parked {
        /// When.
        at: Timestamp,
    },
}

/// A delivery as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The row.
    pub id: DeliveryId,
    /// Whose endpoint.
    pub merchant_id: MerchantId,
    /// The link.
    pub link_id: LinkId,
    /// The event that is told.
    pub event_id: EventId,
    /// The dialect that writes the body.
    pub dialect: Dialect,
    /// Which of that dialect's bodies.
    pub form: u8,
    /// The address.
    pub url: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
    /// The last answer's HTTP status, or 0 where there was no answer.
    pub last_status: Option<i64>,
    /// How the last answer began, as text, if there was one.
    pub last_answer: Option<String>,
    /// Where it stands.
    pub state: DeliveryState,
}
