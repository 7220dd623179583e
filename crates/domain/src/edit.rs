//! Changing a link that may still be paid: what a merchant may change afterwards, and what money that is
//! there or under way forbids. What it was before is kept, so that what was told of it once reads the same
//! for ever.

use crate::amount::{AMOUNT_MAX, Minor};
use crate::link::{Link, LinkKind, LinkText};
use crate::merchant::Merchant;
use crate::moment::Setup;
use crate::refusal::{Fault, Refusal, Stop};
use crate::risk;
use crate::secret::Pii;
use crate::split::{SplitRule, can_divide};
use crate::time::Timestamp;

/// A term of a link that may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// The amount of each payment, or of the obligation.
    Amount,
    /// How many payments may succeed.
    MaxPayments,
    /// The name of who is asked to pay.
    PayerName,
}

/// What is to be changed; what is none stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The amount, of a link whose amount the merchant sets.
    pub amount: Option<Minor>,
    /// How many payments may succeed.
    pub max_payments: Option<i64>,
    /// When its time is over.
    pub expires_at: Option<Timestamp>,
    /// What it is for.
    pub description: Option<String>,
    /// The name of who is asked to pay, where one is kept: it stands among the customers, not on the link.
    pub payer_name: Option<Pii>,
    /// Texts, each in the place of what stands there.
    pub texts: Vec<LinkText>,
}

/// The terms of a link before one of its edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerTerms {
    /// Which edit, from 1.
    pub number: i64,
    /// How many events the link had before the edit.
    pub after_event: i64,
    /// When it was changed.
    pub changed_at: Timestamp,
    /// The amount.
    pub amount: Option<Minor>,
    /// How many payments might succeed.
    pub max_payments: Option<i64>,
    /// When its time was to be over.
    pub expires_at: Option<Timestamp>,
    /// What it was for, where the edit changed that.
    pub description: Option<String>,
}

/// What an edit is judged by beside the link itself.
#[derive(Clone, Copy, Debug)]
pub struct Grounds<'a> {
    /// Whose link.
    pub merchant: &'a Merchant,
    /// What the platform allows.
    pub setup: &'a Setup,
    /// The shares of its children.
    pub split: &'a [SplitRule],
    /// How many lines it has.
    pub line_count: i64,
}

/// Changes the terms of a link that is active at `now`; with them what they were, where any differs.
/// Payments that are under way keep the amount with which they began. A link that has all it may take by its
/// new terms is full: whoever saves it says so.
pub fn edit(
    link: Link,
    wished: &Edit,
    grounds: &Grounds<'_>,
    now: Timestamp,
) -> Result<(Link, Option<FormerTerms>), Stop> {
    grounds.merchant.check_active()?;
    link.check_payable(now)?;
    let mut edited = link.clone();
    if let Some(amount) = wished.amount.filter(|amount| Some(*amount) != link.amount) {
        check_amount(&link, amount, grounds)?;
        edited.amount = Some(amount);
        edited.due = link.due.map(|_| amount);
    }
    if let Some(max) = wished.max_payments.filter(|max| !is_as_it_is(&link, *max)) {
        if max < 1 || link.one_order || (link.due.is_some() && link.terms.parts.is_none()) {
            return Err(Refusal::TermFixed(Term::MaxPayments).into());
        }
        edited.max_payments = Some(max);
    }
    check_room(&link, &edited)?;
    if let Some(end) = wished.expires_at {
        if end <= now || end > Timestamp::LATEST {
            return Err(Refusal::ExpiryInvalid.into());
        }
        edited.expires_at = Some(end);
    }
    if let Some(description) = &wished.description {
        edited.description.clone_from(description);
    }
    if edited == link {
        return Ok((link, None));
    }
    edited.edit_count += 1;
    let former = FormerTerms {
        number: edited.edit_count,
        after_event: link.event_count,
        changed_at: now,
        amount: link.amount,
        max_payments: link.max_payments,
        expires_at: link.expires_at,
        description: (edited.description != link.description).then_some(link.description),
    };
    Ok((edited, Some(former)))
}

/// Is that the number already, also where it is one by another rule?
fn is_as_it_is(link: &Link, max: i64) -> bool {
    let is_paid_once = link.due.is_some() && link.terms.parts.is_none();
    link.max_payments == Some(max) || (is_paid_once && max == 1)
}

/// Refuses an amount that the link cannot ask for instead of its own.
fn check_amount(link: &Link, amount: Minor, grounds: &Grounds<'_>) -> Result<(), Stop> {
    if link.kind != LinkKind::Fixed {
        return Err(Refusal::TermFixed(Term::Amount).into());
    }
    if !amount.is_positive() || amount > AMOUNT_MAX {
        return Err(Refusal::AmountInvalid.into());
    }
    grounds.merchant.check_amount(amount, link.currency)?;
    risk::check_amount(grounds.merchant, grounds.setup, amount, link.currency)?;
    if grounds.line_count > 0 {
        return Err(Refusal::LinesMismatch.into());
    }
    // The obligation is of that amount, and so are its other links.
    if link.terms.obligation.is_some() {
        return Err(Refusal::ObligationMismatch.into());
    }
    if !can_divide(amount, grounds.split) {
        return Err(Refusal::SplitInvalid.into());
    }
    match link.terms.parts {
        // The instalments add up to the amount as it is.
        Some(_) if link.terms.plan_count > 0 => Err(Refusal::PartsInvalid.into()),
        Some(rules) => rules.check(amount, &[], link.created_at),
        // What is owed once is under way, or was taken, in one piece.
        None if link.due.is_some() && link.sums.captured_count + link.sums.reserved_count > 0 => {
            Err(Refusal::TermTaken(Term::Amount).into())
        }
        None => Ok(()),
    }
}

/// Refuses terms that are less than what is captured and under way, and those by which the rest of an
/// obligation could never be paid.
fn check_room(before: &Link, after: &Link) -> Result<(), Stop> {
    let sums = &after.sums;
    let taken = sums.captured.plus(sums.reserved)?;
    let count = sums.captured_count + sums.reserved_count;
    if after.due.is_some_and(|due| due < taken) {
        return Err(Refusal::TermTaken(Term::Amount).into());
    }
    let Some(max) = after.max_payments else { return Ok(()) };
    let is_left_over =
        after.terms.parts.is_some() && count >= max && after.due.is_some_and(|due| due > taken);
    // What was so before the edit is not its fault.
    if (count > max || is_left_over) && (before.due, before.max_payments) != (after.due, after.max_payments) {
        let term = if before.max_payments == after.max_payments { Term::Amount } else { Term::MaxPayments };
        return Err(Refusal::TermTaken(term).into());
    }
    Ok(())
}

impl Link {
    /// The link with the terms that it had when it had `event_count` events, by all its edits in order.
    pub fn as_of_event(mut self, event_count: i64, edits: &[FormerTerms]) -> Result<Self, Fault> {
        if i64::try_from(edits.len()) != Ok(self.edit_count) {
            return Err(Fault::new(format!("link {} lacks what it was before an edit", self.id.get())));
        }
        let mut later = edits.iter().filter(|edit| edit.after_event >= event_count);
        if let Some(former) = later.clone().next() {
            self.amount = former.amount;
            self.due = self.due.and(former.amount);
            self.max_payments = former.max_payments;
            self.expires_at = former.expires_at;
        }
        if let Some(description) = later.find_map(|edit| edit.description.clone()) {
            self.description = description;
        }
        Ok(self)
    }
}
