//! A link: what it asks for, what became of it, and the word that it must show.

use super::Payment;
use super::price::Share;
use super::refund::Refund;

/// How often a link may be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Its amount, once.
    Once,
    /// Each payment its amount, at most so many.
    Many(Option<i64>),
    /// Its amount in parts: how many, the least of the first, the least of each.
    Parts(Option<i64>, i64, i64),
    /// Used up by the first final outcome.
    OneOrder,
}

/// Who is told of which events; of all where none is named.
#[derive(Clone, Debug)]
pub(crate) struct Subscriber {
    pub(crate) only: Vec<&'static str>,
}

/// What a link asks for.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    /// None where the payer chooses.
    pub(crate) amount: Option<i64>,
    pub(crate) kind: Kind,
    pub(crate) shares: Vec<Share>,
    /// When its time is over.
    pub(crate) ends_at: Option<i64>,
    /// The customer has an address, and the link is sent there.
    pub(crate) is_sent: bool,
    pub(crate) subscribers: Vec<Subscriber>,
}

/// A link.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) terms: Terms,
    /// "active", "completed", "cancelled" or "expired", as last written down.
    pub(crate) status: &'static str,
    pub(crate) is_opened: bool,
    pub(crate) is_sent: bool,
    pub(crate) resent: i64,
    pub(crate) payments: Vec<Payment>,
    pub(crate) refunds: Vec<Refund>,
    /// What happened, in order, with the number of the payment or refund it is about.
    pub(crate) events: Vec<String>,
}

impl Link {
    /// A link that was just made.
    pub(crate) fn new(terms: Terms) -> Self {
        let is_sent = terms.is_sent;
        let mut link = Self {
            terms,
            status: "active",
            is_opened: false,
            is_sent,
            resent: 0,
            payments: Vec::new(),
            refunds: Vec::new(),
            events: Vec::new(),
        };
        link.tell("link.created");
        if is_sent {
            link.tell("link.sent");
        }
        link
    }

    pub(crate) fn tell(&mut self, event: &str) {
        self.events.push(event.to_owned());
    }

    pub(crate) fn tell_about(&mut self, event: &str, number: usize) {
        self.events.push(format!("{event} {number}"));
    }

    /// All that may be captured.
    fn due(&self) -> Option<i64> {
        match self.terms.kind {
            Kind::Once | Kind::Parts(..) => self.terms.amount,
            Kind::Many(_) | Kind::OneOrder => None,
        }
    }

    /// How many payments may succeed.
    pub(crate) fn most(&self) -> Option<i64> {
        match self.terms.kind {
            Kind::Once => self.terms.amount.is_none().then_some(1),
            Kind::Many(most) | Kind::Parts(most, ..) => most,
            Kind::OneOrder => Some(1),
        }
    }

    pub(crate) fn captured(&self) -> i64 {
        self.payments
            .iter()
            .filter(|payment| payment.state == "captured")
            .map(|payment| payment.applied)
            .sum()
    }

    pub(crate) fn captured_count(&self) -> i64 {
        i64::try_from(self.payments.iter().filter(|payment| payment.state == "captured").count()).unwrap()
    }

    pub(crate) fn reserved(&self) -> i64 {
        self.payments.iter().filter(|payment| payment.holds_place()).map(|payment| payment.applied).sum()
    }

    pub(crate) fn reserved_count(&self) -> i64 {
        i64::try_from(self.payments.iter().filter(|payment| payment.holds_place()).count()).unwrap()
    }

    /// What is still to be captured; none without limit.
    pub(crate) fn left(&self) -> Option<i64> {
        self.due().map(|due| due - self.captured())
    }

    pub(crate) fn is_full(&self) -> bool {
        self.left().is_some_and(|left| left <= 0)
            || self.most().is_some_and(|most| self.captured_count() >= most)
    }

    /// The word that it must show.
    pub(crate) fn word(&self, now: i64) -> &'static str {
        match self.status {
            "active" if self.terms.ends_at.is_some_and(|end| now >= end) => "expired",
            status => status,
        }
    }

    fn closed(&self, now: i64) -> Option<&'static str> {
        match self.word(now) {
            "active" => None,
            "completed" => Some("LinkCompleted"),
            "cancelled" => Some("LinkCancelled"),
            _ => Some("LinkExpired"),
        }
    }

    pub(crate) fn check_open(&self, now: i64) -> Result<(), &'static str> {
        self.closed(now).map_or(Ok(()), Err)
    }

    /// It has taken all that it may.
    pub(crate) fn complete(&mut self) {
        if self.status == "active" {
            self.status = "completed";
            self.tell("link.completed");
        }
    }

    pub(crate) fn cancel(&mut self, now: i64) -> Result<(), &'static str> {
        self.check_open(now)?;
        self.status = "cancelled";
        self.tell("link.cancelled");
        Ok(())
    }

    /// Its time is over, and that is written down.
    pub(crate) fn expire(&mut self, now: i64) {
        if self.status == "active" && self.word(now) == "expired" {
            self.status = "expired";
            self.tell("link.expired");
        }
    }

    pub(crate) fn open(&mut self) {
        if !self.is_opened {
            self.is_opened = true;
            self.tell("link.opened");
        }
    }

    pub(crate) fn resend(&mut self, most: i64, now: i64) -> Result<i64, &'static str> {
        if !self.terms.is_sent {
            return Err("ChannelMissing");
        }
        self.check_open(now)?;
        if self.resent >= most {
            return Err("ResendsUsedUp");
        }
        self.resent += 1;
        Ok(self.resent)
    }
}
