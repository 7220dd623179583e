//! Links: what a merchant asks for, and the facts that decide whether it may still be paid.

mod link_text;

use crate::amount::{AMOUNT_MAX, Currency, LINK_TOTAL_MAX, Minor};
use crate::id::{CustomerId, LinkId, MerchantId, ObligationId, TemplateId};
use crate::ledger::Chain;
use crate::parts::PartRules;
use crate::reference::Dialect;
use crate::refusal::{Fault, Refusal, Stop};
use crate::time::Timestamp;
use crate::ways::Ways;

pub use link_text::{LinkText, TextKind, text_of};

/// What a link asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// An amount that the merchant sets.
    Fixed,
    /// An amount that the payer chooses.
    Open,
    /// An amount that may be shown as lines with taxes.
    Invoice,
}

/// How a link ended, or that it has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkStatus {
    /// May be paid, as long as its time is not over.
    Active,
    /// Has taken all that it may take, or its one order found its end.
    Completed {
        /// When.
        at: Timestamp,
    },
    /// Cancelled by the merchant.
    Cancelled {
        /// When.
        at: Timestamp,
    },
    /// Its obligation was paid by another of its links.
    Closed {
        /// When.
        at: Timestamp,
    },
    /// Its time is over and the event is written; the clock alone makes a link expired before that.
    Expired {
        /// When the event was written.
        at: Timestamp,
    },
}

/// The word for a link at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkWord {
    /// May be paid.
    Active,
    /// Has taken all that it may take, or its one order found its end.
    Completed,
    /// Cancelled by the merchant, or its obligation was paid by another link.
    Cancelled,
    /// Its time is over.
    Expired,
}

impl LinkWord {
    /// Every word.
    pub const ALL: [Self; 4] = [Self::Active, Self::Completed, Self::Cancelled, Self::Expired];
}

/// A tax on one unit of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineTax {
    /// Its name, such as GST.
    pub name: String,
    /// The amount per unit.
    pub amount: Minor,
}

/// A line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is sold.
    pub name: String,
    /// The merchant's code for it.
    pub code: Option<String>,
    /// How many.
    pub units: i64,
    /// The price of one, without tax.
    pub unit_amount: Minor,
    /// Taxes on one.
    pub taxes: Vec<LineTax>,
}

impl Line {
    /// Units times (price plus taxes).
    pub fn total(&self) -> Result<Minor, Fault> {
        let mut unit = self.unit_amount;
        for tax in &self.taxes {
            unit = unit.plus(tax.amount)?;
        }
        unit.times(self.units)
    }
}

/// The sum of all lines with their taxes.
pub fn lines_total(lines: &[Line]) -> Result<Minor, Fault> {
    let mut sum = Minor::ZERO;
    for line in lines {
        sum = sum.plus(line.total()?)?;
    }
    Ok(sum)
}

/// The changing sums of a link, in minor units of its currency and of the applied amounts. Refunds are those
/// of payments that stand captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Sums {
    /// Captured and not reversed.
    pub captured: Minor,
    /// Refunded.
    pub refunded: Minor,
    /// Refunds on their way.
    pub refund_pending: Minor,
    /// Held: received, and not applied.
    pub held: Minor,
    /// Reserved by payments under way.
    pub reserved: Minor,
    /// How many payments stand captured.
    pub captured_count: i64,
    /// How many payments hold a reservation.
    pub reserved_count: i64,
    /// All that payers ever began to pay, whatever became of it: so much may still come.
    pub attempted: Minor,
}

/// What a link was made with beyond its amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Terms {
    /// How many children share its payments.
    pub split_count: i64,
    /// How small its payments may be, where it may be paid in parts.
    pub parts: Option<PartRules>,
    /// How many instalments its plan has.
    pub plan_count: i64,
    /// Its customer has an e-mail address, to which receipts go.
    pub has_email: bool,
    /// What it is one of several links for.
    pub obligation: Option<ObligationId>,
    /// Only its customer's mobile may pay it.
    pub only_mobile: bool,
    /// The version of the form that its payers fill in.
    pub form: Option<TemplateId>,
    /// The version of the template that its invoice is drawn from.
    pub invoice: Option<TemplateId>,
}

/// A link as stored: what it asks for, which never changes, and its facts, which do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The row; public codes are computed from it.
    pub id: LinkId,
    /// Whose link it is.
    pub merchant_id: MerchantId,
    /// The dialect that made it.
    pub origin: Dialect,
    /// What it asks for.
    pub kind: LinkKind,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// What each payment is for; none where the payer chooses.
    pub amount: Option<Minor>,
    /// All that may be captured; none without limit.
    pub due: Option<Minor>,
    /// How many payments may succeed; none without limit.
    pub max_payments: Option<i64>,
    /// Used up by one final outcome, success or failure.
    pub one_order: bool,
    /// What else it was made with.
    pub terms: Terms,
    /// By what it may be paid.
    pub ways: Ways,
    /// The name that payers see.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Who was asked to pay, if anyone was named.
    pub customer_id: Option<CustomerId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its time is over, if ever.
    pub expires_at: Option<Timestamp>,
    /// How it ended, or that it has not.
    pub status: LinkStatus,
    /// When a message was first accepted for sending.
    pub sent_at: Option<Timestamp>,
    /// When a person first opened the page.
    pub opened_at: Option<Timestamp>,
    /// The changing sums.
    pub sums: Sums,
    /// How often it was sent again.
    pub resent_count: i64,
    /// How often its terms were changed since it was made.
    pub edit_count: i64,
    /// How many events it has; the next one's number is one more.
    pub event_count: i64,
    /// The chain of its ledger entries.
    pub chain: Chain,
    /// Counts the row's changes.
    pub version: i64,
}

impl Link {
    /// The word for the link at `now`: expired follows from the clock at once.
    pub fn word(&self, now: Timestamp) -> LinkWord {
        match self.status {
            LinkStatus::Completed { .. } => LinkWord::Completed,
            LinkStatus::Cancelled { .. } | LinkStatus::Closed { .. } => LinkWord::Cancelled,
            LinkStatus::Expired { .. } => LinkWord::Expired,
            LinkStatus::Active if self.is_over(now) => LinkWord::Expired,
            LinkStatus::Active => LinkWord::Active,
        }
    }

    /// Is its time over?
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| now >= end)
    }

    /// Refuses where the link takes no payment at all at `now`.
    pub fn check_payable(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.word(now) {
            LinkWord::Active => Ok(()),
            LinkWord::Completed => Err(Refusal::LinkCompleted),
            LinkWord::Cancelled => Err(Refusal::LinkCancelled),
            LinkWord::Expired => Err(Refusal::LinkExpired),
        }
    }

    /// What may still be captured; none without limit.
    pub fn left(&self) -> Result<Option<Minor>, Fault> {
        self.due.map(|due| due.minus(self.sums.captured)).transpose()
    }

    /// What a payment would be for that names no amount; none where the payer must choose.
    pub fn default_amount(&self) -> Result<Option<Minor>, Fault> {
        Ok(self.left()?.or(self.amount))
    }

    /// The least and the most that the next part may be, by what is neither captured nor under way; none
    /// where the link is not paid in parts.
    pub fn part_bounds(&self) -> Result<Option<(Minor, Minor)>, Fault> {
        let (Some(rules), Some(left)) = (self.terms.parts, self.left()?) else { return Ok(None) };
        let free = left.minus(self.sums.reserved)?;
        let taken = self.sums.captured_count + self.sums.reserved_count;
        Ok(Some((rules.least(free, taken, self.max_payments), free)))
    }

    /// Refuses an amount that the link does not take as one payment.
    fn check_size(&self, amount: Minor) -> Result<(), Stop> {
        if !amount.is_positive() || amount > AMOUNT_MAX {
            return Err(Refusal::AmountInvalid.into());
        }
        let asked = self.default_amount()?;
        match self.part_bounds()? {
            None if asked.is_some_and(|asked| amount != asked) => Err(Refusal::AmountInvalid.into()),
            Some(_) if asked.is_some_and(|left| amount > left) => Err(Refusal::AmountInvalid.into()),
            // What is under way leaves no room for a part that would fit otherwise: `reserve` says so.
            Some((least, most)) if amount < least && amount <= most => Err(Refusal::AmountInvalid.into()),
            None | Some(_) => Ok(()),
        }
    }

    /// Reserves room for one payment of `amount`: the only way in, so that no link ever takes more than it
    /// may.
    pub fn reserve(mut self, amount: Minor, now: Timestamp) -> Result<Self, Stop> {
        self.check_payable(now)?;
        self.check_size(amount)?;
        // Of what was begun and has ended, all may come late. Older links did not count it.
        let attempted = self.sums.attempted.max(self.sums.captured.plus(self.sums.reserved)?);
        let in_all = [attempted, self.sums.held, amount].map(|part| i128::from(part.get()));
        if in_all.iter().sum::<i128>() > i128::from(LINK_TOTAL_MAX.get()) {
            return Err(Refusal::LinkCompleted.into());
        }
        if let Some(left) = self.left()?
            && amount > left.minus(self.sums.reserved)?
        {
            return Err(Refusal::LinkBusy.into());
        }
        let taken = self.sums.captured_count + self.sums.reserved_count;
        if self.max_payments.is_some_and(|max| taken >= max) {
            return Err(Refusal::LinkBusy.into());
        }
        self.sums.reserved = self.sums.reserved.plus(amount)?;
        self.sums.reserved_count += 1;
        self.sums.attempted = self.sums.attempted.plus(amount)?;
        Ok(self)
    }

    /// Is there room for a capture of `amount` beside what is captured and reserved? The last of so many
    /// parts must be all that is left, or the rest could never be paid.
    pub fn has_room(&self, amount: Minor) -> Result<bool, Fault> {
        let taken = self.sums.captured_count + self.sums.reserved_count;
        let has_count = self.max_payments.is_none_or(|max| taken < max);
        let is_last = self.max_payments.is_some_and(|max| taken + 1 >= max);
        Ok(match self.left()? {
            None => has_count,
            Some(left) => {
                let free = left.minus(self.sums.reserved)?;
                has_count && (amount == free || (amount < free && !is_last))
            }
        })
    }

    /// Gives back a reservation.
    pub fn release(mut self, amount: Minor) -> Result<Self, Fault> {
        self.sums.reserved = self.sums.reserved.minus(amount)?;
        self.sums.reserved_count -= 1;
        if self.sums.reserved < Minor::ZERO || self.sums.reserved_count < 0 {
            return Err(Fault::new(format!("link {} released more than was reserved", self.id.get())));
        }
        Ok(self)
    }

    /// Has it taken all that it may take?
    pub fn is_full(&self) -> Result<bool, Fault> {
        let paid = self.due.is_some_and(|due| self.sums.captured >= due);
        Ok(paid || self.max_payments.is_some_and(|max| self.sums.captured_count >= max))
    }

    /// Cancels an active link. Cancelling twice is refused with the word it already has.
    pub fn cancel(mut self, now: Timestamp) -> Result<Self, Refusal> {
        self.check_payable(now)?;
        self.status = LinkStatus::Cancelled { at: now };
        Ok(self)
    }

    /// The link as it was when it was made, but for its terms ([`Link::as_of_event`]): the answer that a
    /// repeated create gives again.
    pub fn as_born(mut self) -> Self {
        self.status = LinkStatus::Active;
        self.sent_at = self.sent_at.filter(|&at| at == self.created_at);
        self.opened_at = None;
        self.resent_count = 0;
        self.sums = Sums::default();
        self
    }
}
