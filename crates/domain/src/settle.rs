//! What a rail's report does to a payment, its link and the books: every order of the same reports ends with
//! the same money, and at one moment in the same state. A failure gives an attempt's room back, but not its
//! time: a success that lands while that time runs takes the room again, if it is still there.
//!
//! | state | succeeded | failed | pending | reversed |
//! |---|---|---|---|---|
//! | started, pending | captured, or held | failed | pending | reversed |
//! | failed | captured, or held; ask the rail | – | more time | reversed |
//! | captured, held | – (other: ask the rail) | ask the rail | – | reversed (other: ask the rail) |
//! | reversed | – (other: ask the rail) | – | – | – |
//!
//! "Other" is money that the payment does not know: another amount, currency or account, or the rail gives it
//! another reference and `claim.rs` did not make it a payment of its own. What the rail says when it is asked
//! about the payment as it stands is believed: money that was not taken, or was taken back, is reversed, and
//! of other money `claim.rs` makes a payment in its place.

use crate::amount::Minor;
use crate::event::EventKind;
use crate::fee::charges;
use crate::id::PaymentId;
use crate::ledger::{Account, Entry, Posting};
use crate::link::{Link, LinkStatus, LinkWord};
use crate::merchant::Merchant;
use crate::moment::Moment;
use crate::payment::{HoldReason, Payment, PaymentState};
use crate::postings::{capture_postings, post, reversal_postings};
use crate::rail::{Report, Taken, Weight};
use crate::refusal::Fault;
use crate::split::{SplitRule, can_divide};
use crate::split_refund::SplitPart;
use crate::time::Timestamp;

/// What a report changed.
#[derive(Debug)]
pub struct Settled {
    /// The link with its new sums and chain.
    pub link: Link,
    /// The payment in its new state.
    pub payment: Payment,
    /// New ledger entries.
    pub entries: Vec<Entry>,
    /// What happened, in order.
    pub events: Vec<EventKind>,
    /// The reports contradict each other: the rail must be asked which is true.
    pub ask_rail: bool,
}

impl Settled {
    pub(crate) const fn unchanged(link: Link, payment: Payment) -> Self {
        Self { link, payment, entries: Vec::new(), events: Vec::new(), ask_rail: false }
    }
}

/// Who shares in the money of a link.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'a> {
    /// Whose link it is.
    pub merchant: &'a Merchant,
    /// The shares of its children.
    pub split: &'a [SplitRule],
    /// What refunds have left of the children's parts of the payment; empty where there were none.
    pub parts: &'a [SplitPart],
    /// The payment that counts for the link's obligation, if one does.
    pub paid_by: Option<PaymentId>,
}

impl<'a> Parties<'a> {
    /// A merchant who shares with nobody.
    pub const fn alone(merchant: &'a Merchant) -> Self {
        Self { merchant, split: &[], parts: &[], paid_by: None }
    }
}

/// Applies a report. Applying one twice changes nothing.
pub fn settle(
    link: Link,
    payment: Payment,
    parties: &Parties<'_>,
    report: &Report,
    weight: Weight,
    moment: &mut Moment<'_>,
) -> Result<Settled, Fault> {
    let (is_open, is_true) = (payment.state.is_open(), weight == Weight::Truth);
    match (report, &payment.state) {
        (
            Report::Succeeded(taken),
            PaymentState::Started | PaymentState::Pending | PaymentState::Failed { .. },
        ) => {
            // The rail may have been asked before, and have answered that it took nothing.
            let ask_rail = !is_open && !weight.was_asked();
            let settled = take_in(link, payment, parties, taken, moment)?;
            Ok(Settled { ask_rail, ..settled })
        }
        (Report::Failed { reason }, _) if is_open => fail(link, payment, reason, moment),
        (Report::Pending, PaymentState::Started | PaymentState::Pending | PaymentState::Failed { .. }) => {
            Ok(wait(link, payment, moment))
        }
        (
            Report::Reversed(taken),
            PaymentState::Started | PaymentState::Pending | PaymentState::Failed { .. },
        ) => reverse(link, payment, parties, Some(taken), moment),
        (Report::Reversed(taken), PaymentState::Captured { .. } | PaymentState::Held { .. })
            if is_true || is_known(&payment, taken) =>
        {
            reverse(link, payment, parties, Some(taken), moment)
        }
        (Report::Failed { .. }, PaymentState::Captured { .. } | PaymentState::Held { .. })
            if is_true && payment.taken.is_some_and(Minor::is_positive) =>
        {
            reverse(link, payment, parties, None, moment)
        }
        (
            Report::Succeeded(taken),
            PaymentState::Captured { .. } | PaymentState::Held { .. } | PaymentState::Reversed { .. },
        ) => {
            let ask_rail = !is_known(&payment, taken);
            Ok(Settled { ask_rail, ..Settled::unchanged(link, payment) })
        }
        (
            Report::Failed { .. } | Report::Reversed(_),
            PaymentState::Captured { .. } | PaymentState::Held { .. },
        ) => Ok(Settled { ask_rail: true, ..Settled::unchanged(link, payment) }),
        (
            Report::Failed { .. } | Report::Pending | Report::Reversed(_),
            PaymentState::Started
            | PaymentState::Pending
            | PaymentState::Captured { .. }
            | PaymentState::Failed { .. }
            | PaymentState::Held { .. }
            | PaymentState::Reversed { .. },
        ) => Ok(Settled::unchanged(link, payment)),
    }
}

/// Books money that came for an attempt: captured, or held.
fn take_in(
    link: Link,
    payment: Payment,
    parties: &Parties<'_>,
    taken: &Taken,
    moment: &mut Moment<'_>,
) -> Result<Settled, Fault> {
    match hold_reason(&link, &payment, parties.paid_by, taken, moment.now)? {
        // What is left of a link may be less than its shares, once held money was applied.
        None if !can_divide(payment.applied, parties.split) => {
            hold(link, payment, taken, HoldReason::Mismatched, moment)
        }
        None => capture(link, payment, parties, taken, moment),
        Some(reason) => hold(link, payment, taken, reason, moment),
    }
}

/// Ends a reservation whose time is over while the rail has no word: the amount is free again, the payment
/// stays open, and a success that lands later is held.
pub fn end_reservation(link: Link, mut payment: Payment) -> Result<(Link, Payment), Fault> {
    let link = give_room_back(link, &payment)?;
    payment.reserved_until = None;
    Ok((link, payment))
}

/// The link without what the payment reserves of it, if it does.
fn give_room_back(link: Link, payment: &Payment) -> Result<Link, Fault> {
    if payment.reserves() { link.release(payment.applied) } else { Ok(link) }
}

/// Is this the money that the payment already knows of? Of money in another currency the account is not kept.
pub(crate) fn is_known(payment: &Payment, taken: &Taken) -> bool {
    let is_own_account = taken.payee == payment.rail_account;
    payment.rail_reference.as_ref() == Some(&taken.reference)
        && payment.taken == Some(taken.charged)
        && payment.money_currency() == taken.currency
        && (payment.came_in.is_some() || is_own_account != payment.is_foreign)
}

/// Why the money may not be applied, if it may not. A reservation ends by the clock, also before a job has
/// written it; money of its own beside an attempt never had one.
fn hold_reason(
    link: &Link,
    payment: &Payment,
    paid_by: Option<PaymentId>,
    taken: &Taken,
    now: Timestamp,
) -> Result<Option<HoldReason>, Fault> {
    let is_in_time = payment.reserved_until.is_some_and(|until| until > now);
    let is_live = is_in_time && (payment.reserves() || link.has_room(payment.applied)?);
    let charged = payment.charged()?;
    Ok(if taken.currency != payment.currency {
        Some(HoldReason::Currency)
    } else if payment.beside.is_some() && payment.reserved_until.is_none() {
        Some(HoldReason::Duplicate)
    } else if taken.payee != payment.rail_account || taken.charged < charged {
        Some(HoldReason::Mismatched)
    } else if taken.charged > charged {
        Some(HoldReason::Over)
    } else if paid_by.is_some_and(|paid_by| paid_by != payment.id) {
        Some(HoldReason::Duplicate)
    } else if !is_live {
        Some(HoldReason::Late)
    } else {
        None
    })
}

fn capture(
    link: Link,
    mut payment: Payment,
    parties: &Parties<'_>,
    taken: &Taken,
    moment: &mut Moment<'_>,
) -> Result<Settled, Fault> {
    let cost = charges(&parties.merchant.fees, &payment.rail, &payment.mode, payment.applied)?;
    let mut link = give_room_back(link, &payment)?;
    payment.state = PaymentState::Captured { at: moment.now, charges: cost };
    payment.rail_reference = Some(taken.reference.clone());
    payment.taken = Some(taken.charged);
    let events = count_capture(&mut link, payment.applied, moment)?;
    let postings = capture_postings(Account::RailReceivable, &payment, &cost, parties.split)?;
    let entries = post(&mut link, &payment, &postings, moment)?;
    Ok(Settled { link, payment, entries, events, ask_rail: false })
}

pub(crate) fn hold(
    link: Link,
    mut payment: Payment,
    taken: &Taken,
    reason: HoldReason,
    moment: &mut Moment<'_>,
) -> Result<Settled, Fault> {
    let mut link = give_room_back(link, &payment)?;
    payment.state = PaymentState::Held { at: moment.now, reason };
    payment.rail_reference = Some(taken.reference.clone());
    payment.taken = Some(taken.charged);
    payment.is_foreign = taken.currency != payment.currency || taken.payee != payment.rail_account;
    payment.came_in = Some(taken.currency).filter(|currency| *currency != payment.currency);
    // The link's sums are in its own currency.
    if payment.came_in.is_none() {
        link.sums.held = link.sums.held.plus(taken.charged)?;
    }
    let mut events = vec![EventKind::PaymentHeld];
    use_up(&mut link, &mut events, moment);
    let postings = [
        Posting::debit(Account::RailReceivable, taken.charged),
        Posting::credit(Account::Hold(reason), taken.charged),
    ];
    let entries = post(&mut link, &payment, &postings, moment)?;
    Ok(Settled { link, payment, entries, events, ask_rail: false })
}

pub(crate) fn fail(
    link: Link,
    mut payment: Payment,
    reason: &str,
    moment: &Moment<'_>,
) -> Result<Settled, Fault> {
    let mut link = give_room_back(link, &payment)?;
    payment.state = PaymentState::Failed { at: moment.now, reason: reason.to_owned() };
    let mut events = vec![EventKind::PaymentFailed];
    use_up(&mut link, &mut events, moment);
    Ok(Settled { link, payment, entries: Vec::new(), events, ask_rail: false })
}

fn wait(link: Link, mut payment: Payment, moment: &Moment<'_>) -> Settled {
    if payment.state == PaymentState::Started {
        payment.state = PaymentState::Pending;
    }
    // What is over by the clock is over, whether or not a job has written it.
    if payment.reserved_until.is_some_and(|until| until > moment.now) {
        payment.reserved_until = Some(payment.created_at.plus_ms(moment.setup.pending_ms));
    }
    Settled::unchanged(link, payment)
}

/// Takes back what is booked of a payment; `told` is the money that the rail named, where it named any.
pub(crate) fn reverse(
    link: Link,
    mut payment: Payment,
    parties: &Parties<'_>,
    told: Option<&Taken>,
    moment: &mut Moment<'_>,
) -> Result<Settled, Fault> {
    let mut link = give_room_back(link, &payment)?;
    let mut events = vec![EventKind::PaymentReversed];
    if payment.state.is_open() {
        use_up(&mut link, &mut events, moment);
    }
    let cost = payment.charges();
    let captured_at = payment.captured_at();
    let mut held = None;
    let received = payment.taken.unwrap_or(Minor::ZERO);
    let booked = match &payment.state {
        PaymentState::Captured { .. } => {
            link.sums.captured = link.sums.captured.minus(payment.applied)?;
            link.sums.captured_count -= 1;
            link.sums.refunded = link.sums.refunded.minus(payment.refunds.refunded)?;
            link.sums.refund_pending = link.sums.refund_pending.minus(payment.refunds.pending)?;
            reopen(&mut link, moment)?;
            reversal_postings(&payment, &cost, parties)?
        }
        PaymentState::Held { reason, .. } => {
            held = Some(*reason);
            let left = payment.left()?;
            if payment.came_in.is_none() {
                link.sums.held = link.sums.held.minus(left)?;
            }
            vec![
                Posting::credit(Account::RailReceivable, received),
                Posting::debit(Account::Hold(*reason), left),
                // What refunds had taken out is gone twice.
                Posting::debit(Account::MerchantPayable, received.minus(left)?),
            ]
        }
        PaymentState::Started
        | PaymentState::Pending
        | PaymentState::Failed { .. }
        | PaymentState::Reversed { .. } => {
            payment.taken = told.map(|taken| taken.charged);
            payment.rail_reference = told.map(|taken| taken.reference.clone());
            Vec::new()
        }
    };
    payment.state = PaymentState::Reversed { at: moment.now, captured_at, held, charges: cost };
    let entries = post(&mut link, &payment, &booked, moment)?;
    Ok(Settled { link, payment, entries, events, ask_rail: false })
}

/// Counts captured money for its link, which it may complete; what happened, in order.
pub(crate) fn count_capture(
    link: &mut Link,
    applied: Minor,
    moment: &Moment<'_>,
) -> Result<Vec<EventKind>, Fault> {
    link.sums.captured = link.sums.captured.plus(applied)?;
    link.sums.captured_count += 1;
    let mut events = vec![EventKind::PaymentCaptured];
    // Money that was in time completes a link whose time is over by now.
    let is_open = matches!(link.status, LinkStatus::Active | LinkStatus::Expired { .. });
    if (link.is_full()? || link.one_order) && is_open {
        link.status = LinkStatus::Completed { at: moment.now };
        events.push(EventKind::LinkCompleted);
    }
    Ok(events)
}

/// A one-order link is used up by the first final outcome of a payment, whatever it is.
pub(crate) fn use_up(link: &mut Link, events: &mut Vec<EventKind>, moment: &Moment<'_>) {
    if link.one_order && link.status == LinkStatus::Active {
        link.status = LinkStatus::Completed { at: moment.now };
        events.push(EventKind::LinkCompleted);
    }
}

/// A link that was completed by money that has gone again may be paid again, unless its one order found its
/// end.
fn reopen(link: &mut Link, moment: &Moment<'_>) -> Result<(), Fault> {
    if link.word(moment.now) == LinkWord::Completed && !link.one_order && !link.is_full()? {
        link.status = LinkStatus::Active;
    }
    Ok(())
}
