//! Messages to customers: rows of the commit that caused them, sent later by a worker.

use crate::id::{CustomerId, EventId, LinkId, MerchantId, MessageId};
use crate::time::Timestamp;

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelKind {
    /// E-mail.
    Email,
    /// A text message to a mobile number.
    Sms,
    /// A WhatsApp message to a mobile number.
    WhatsApp,
}

impl ChannelKind {
    /// The word of answers and logs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::WhatsApp => "whatsapp",
        }
    }
}

/// Where a message stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// Accepted by Kadi, not yet by the provider.
    Queued,
    /// Accepted by the provider.
    Sent {
        /// When.
        at: Timestamp,
        /// The provider's reference.
        reference: String,
    },
    /// Refused by the provider for good.
    Failed {
        /// When.
        at: Timestamp,
        /// Why, without personal data.
        reason: String,
    },
}

impl MessageState {
    /// The word of answers.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent { .. } => "sent",
            Self::Failed { .. } => "failed",
        }
    }
}

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// It brings the link: when that is made (0), or with its resend of this number, from 1.
    Request {
        /// Which resend.
        resend: i64,
    },
    /// The receipt for a payment: of the event that tells of the capture.
    Receipt {
        /// Which event.
        event_id: EventId,
    },
    /// The one-time code of this number, from 1, by which the payer proves to hold the link's mobile.
    Code {
        /// Which code of the link.
        number: i64,
    },
}

/// A message about a link to a customer. Its text follows from the link, the customer and the occasion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The row.
    pub id: MessageId,
    /// Whose link.
    pub merchant_id: MerchantId,
    /// The link.
    pub link_id: LinkId,
    /// The person.
    pub customer_id: CustomerId,
    /// The channel.
    pub channel: ChannelKind,
    /// What it is for.
    pub occasion: Occasion,
    /// When it was accepted, or for which later time.
    pub created_at: Timestamp,
    /// Where it stands.
    pub state: MessageState,
}

/// What is known at the commit about a message that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Accepted for sending on a channel that is set up.
    Accepted(ChannelKind),
    /// Known to be impossible: no such channel is set up, or there is no such contact.
    Impossible(ChannelKind),
}
