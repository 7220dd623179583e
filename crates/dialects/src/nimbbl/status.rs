//! The words of this API for how links, payments and refunds stand.

use kadi_engine::domain::event::LinkFacts;
use kadi_engine::domain::link::{Link, LinkWord};
use kadi_engine::domain::payment::{HoldDecision, Payment, PaymentState};
use kadi_engine::domain::refund::RefundState;
use kadi_engine::domain::search::Standing;
use kadi_engine::domain::time::Timestamp;

/// How a link stands (vendor page, "Possible values").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Created,
    Sent,
    Opened,
    Paid,
    Cancelled,
    Expired,
}

impl Status {
    /// The word of a link, whichever API made it. One that takes no payment any more is paid where what is
    /// owed is paid, however it ended; one whose only order was used up by a failure is not.
    pub(super) fn of_link(link: &Link, now: Timestamp) -> Self {
        match (link.word(now), link.standing(now)) {
            (LinkWord::Completed | LinkWord::Cancelled | LinkWord::Expired, Standing::Paid) => Self::Paid,
            (LinkWord::Completed, _) => Self::Expired,
            (LinkWord::Active | LinkWord::Cancelled | LinkWord::Expired, _) => {
                Self::of(&LinkFacts::of(link, now))
            }
        }
    }

    /// The word of a link's facts at an event. The page has none for a link that is paid in part: such a one
    /// has been opened.
    pub(super) fn of(facts: &LinkFacts) -> Self {
        match facts.word {
            LinkWord::Completed => Self::Paid,
            LinkWord::Cancelled => Self::Cancelled,
            LinkWord::Expired => Self::Expired,
            LinkWord::Active if facts.opened_at.is_some() || facts.captured.is_positive() => Self::Opened,
            LinkWord::Active if facts.sent_at.is_some() => Self::Sent,
            LinkWord::Active => Self::Created,
        }
    }

    /// The word.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Sent => "sent",
            Self::Opened => "opened",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// The word for a payment. Money that is held has neither come nor failed; once it is decided that it goes
/// back, it is on its way back.
pub(super) fn payment_word(payment: &Payment) -> &'static str {
    let goes_back = payment.decided.is_some_and(|decided| decided.decision == HoldDecision::Refund);
    match payment.state {
        PaymentState::Captured { .. } => "succeeded",
        PaymentState::Failed { .. } => "failed",
        PaymentState::Reversed { .. } => "reversed",
        PaymentState::Held { .. } if goes_back && payment.refunds.refunded.is_positive() => "reversed",
        PaymentState::Held { .. } if goes_back => "reversing",
        PaymentState::Started | PaymentState::Pending | PaymentState::Held { .. } => "pending",
    }
}

/// The word for a refund.
pub(super) const fn refund_word(state: &RefundState) -> &'static str {
    match state {
        RefundState::Pending => "pending",
        RefundState::Succeeded { .. } => "succeeded",
        RefundState::Failed { .. } => "failed",
        RefundState::Reversed { .. } => "reversed",
    }
}

#[cfg(test)]
mod tests {
    use kadi_engine::domain::amount::Minor;
    use kadi_engine::domain::time::Timestamp;

    use super::*;

    #[test]
    fn every_combination_of_facts_has_its_word() {
        let then = Some(Timestamp::from_ms(1));
        for (sent_at, opened_at, captured, active) in [
            (None, None, 0, "created"),
            (then, None, 0, "sent"),
            (None, then, 0, "opened"),
            (then, then, 0, "opened"),
            (None, None, 1, "opened"),
            (then, None, 1, "opened"),
        ] {
            for (word, expected) in [
                (LinkWord::Active, active),
                (LinkWord::Completed, "paid"),
                (LinkWord::Cancelled, "cancelled"),
                (LinkWord::Expired, "expired"),
            ] {
                let captured = Minor::new(captured);
                let facts = LinkFacts { word, captured, refunded: Minor::ZERO, sent_at, opened_at };
                assert_eq!(Status::of(&facts).word(), expected, "{facts:?}");
            }
        }
    }
}
