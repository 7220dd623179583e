//! Whose money a rail speaks of. Each of its references is money of its own, and is booked once: what comes
//! under a second reference of one attempt becomes a payment beside it, which is held; what is claimed for an
//! attempt and was booked for another is not booked again. Where the rail, when it is asked, says something
//! else of money that is booked, the payment is reversed, and the money is a new payment in its place.

use crate::amount::{Minor, TAKEN_MAX};
use crate::event::EventKind;
use crate::id::{MerchantId, PaymentId};
use crate::link::Link;
use crate::moment::Moment;
use crate::payment::{HoldReason, Payment, PaymentState, Refunds};
use crate::rail::{Report, Taken, Weight};
use crate::refusal::Fault;
use crate::settle::{Parties, Settled, end_reservation, fail, is_known, reverse, settle, use_up};

/// What tells a rail's money from all other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MoneyKey {
    /// Whose payments.
    pub merchant_id: MerchantId,
    /// The rail's name.
    pub rail: String,
    /// The account of the attempt.
    pub account: String,
    /// The rail's reference.
    pub reference: String,
}

impl MoneyKey {
    /// The key of the money that a report about `payment` names, if it names any.
    pub fn named(payment: &Payment, report: &Report) -> Option<Self> {
        let taken = match report {
            Report::Succeeded(taken) | Report::Reversed(taken) => taken,
            Report::Failed { .. } | Report::Pending => return None,
        };
        Some(Self::new(payment, &taken.reference))
    }

    /// The key of the money that a payment has, if it has any.
    pub fn of(payment: &Payment) -> Option<Self> {
        payment.rail_reference.as_ref().map(|reference| Self::new(payment, reference))
    }

    fn new(payment: &Payment, reference: &str) -> Self {
        Self {
            merchant_id: payment.merchant_id,
            rail: payment.rail.clone(),
            account: payment.rail_account.clone(),
            reference: reference.to_owned(),
        }
    }
}

/// What a report about an attempt changed.
#[derive(Debug)]
pub struct Heard {
    /// What it changed: of the attempt's payment, or of the one beside it.
    pub settled: Settled,
    /// Was that payment made by this report?
    pub is_new: bool,
    /// The payment in whose place that one stands.
    pub withdrawn: Option<Withdrawn>,
}

/// A payment whose money is not what the rail had said first.
#[derive(Debug)]
pub struct Withdrawn {
    /// The payment, which has given its reference away.
    pub payment: Payment,
    /// What happened to it.
    pub events: Vec<EventKind>,
}

impl Withdrawn {
    /// The payment gives its reference away.
    pub(crate) fn of(payment: Payment, events: Vec<EventKind>) -> Self {
        let gave_away = payment.reference().map(str::to_owned);
        Self { payment: Payment { rail_reference: None, gave_away, ..payment }, events }
    }
}

impl Heard {
    const fn of(settled: Settled) -> Self {
        Self { settled, is_new: false, withdrawn: None }
    }
}

/// Applies a report about the attempt `payment`, whatever money it speaks of. `known` is the payment that has
/// the money under the rail's reference, if any has. Applying a report twice changes nothing.
pub fn hear(
    link: Link,
    payment: Payment,
    known: Option<&Payment>,
    parties: &Parties<'_>,
    report: &Report,
    weight: Weight,
    moment: &mut Moment<'_>,
) -> Result<Heard, Fault> {
    let (Report::Succeeded(taken) | Report::Reversed(taken)) = report else {
        return Ok(Heard::of(settle(link, payment, parties, report, weight, moment)?));
    };
    if !(Minor::ZERO..=TAKEN_MAX).contains(&taken.charged) {
        return Err(Fault::new("a rail names an amount that no payment has"));
    }
    let is_reversal = matches!(report, Report::Reversed(_));
    // A reversal under another reference may mean the attempt's own money.
    let is_doubtful = is_reversal && !matches!(payment.state, PaymentState::Reversed { .. });
    let was_asked = weight.was_asked();
    match known {
        Some(known) if known.id == payment.id || known.beside == Some(payment.id) => {
            let is_true = weight == Weight::Truth && !is_reversal && taken.charged.is_positive();
            if is_true && is_otherwise(known, taken) {
                return in_its_place(link, &payment, known, parties, report, moment);
            }
            let mut settled = settle(link, known.clone(), parties, report, weight, moment)?;
            settled.ask_rail |= is_doubtful && known.id != payment.id;
            Ok(Heard::of(settled))
        }
        Some(_) => Ok(Heard::of(contested(link, payment, report, was_asked, moment)?)),
        None if payment.taken.is_none() || !taken.charged.is_positive() || (is_reversal && was_asked) => {
            Ok(Heard::of(settle(link, payment, parties, report, weight, moment)?))
        }
        None => {
            let other = beside(&payment, taken, moment)?;
            let mut settled = settle(link, other, parties, report, weight, moment)?;
            settled.ask_rail = !was_asked;
            Ok(Heard { is_new: true, ..Heard::of(settled) })
        }
    }
}

/// Do the books say something else of money that is there? What the rail has taken back stays so.
fn is_otherwise(known: &Payment, taken: &Taken) -> bool {
    match known.state {
        PaymentState::Captured { .. } | PaymentState::Held { .. } | PaymentState::Reversed { .. } => {
            !is_known(known, taken)
        }
        PaymentState::Started | PaymentState::Pending | PaymentState::Failed { .. } => false,
    }
}

/// Reverses the payment that has the money otherwise than the rail says, and books the money as the first
/// word about it would have: for the attempt, where it was the attempt's, in its time and after its amounts.
fn in_its_place(
    link: Link,
    attempt: &Payment,
    known: &Payment,
    parties: &Parties<'_>,
    report: &Report,
    moment: &mut Moment<'_>,
) -> Result<Heard, Fault> {
    let (Report::Succeeded(taken) | Report::Reversed(taken)) = report else {
        return Err(Fault::new("a report without money stands in no payment's place"));
    };
    let is_own = known.id == attempt.id || attempt.is_withdrawn();
    let mut new = beside(attempt, taken, moment)?;
    if is_own {
        // As a failure does, it keeps the attempt's time and no room.
        new.state = PaymentState::Failed { at: moment.now, reason: String::new() };
        new.reserved_until = Some(attempt.reserved_until.unwrap_or(attempt.created_at));
        (new.applied, new.discount, new.surcharge) = attempt.asked();
    }
    let gone = match known.state {
        PaymentState::Reversed { .. } => Settled::unchanged(link, known.clone()),
        PaymentState::Started
        | PaymentState::Pending
        | PaymentState::Captured { .. }
        | PaymentState::Failed { .. }
        | PaymentState::Held { .. } => reverse(link, known.clone(), parties, None, moment)?,
    };
    let paid_by = parties.paid_by.filter(|paid_by| *paid_by != known.id);
    let parties = Parties { parts: &[], paid_by, ..*parties };
    let mut settled = settle(gone.link, new, &parties, report, Weight::Truth, moment)?;
    let entries = gone.entries.into_iter().chain(settled.entries);
    settled.entries = entries.collect();
    let withdrawn = Some(Withdrawn::of(gone.payment, gone.events));
    Ok(Heard { settled, is_new: true, withdrawn })
}

/// A payment for money that came beside an attempt: no link keeps room for it.
fn beside(payment: &Payment, taken: &Taken, moment: &mut Moment<'_>) -> Result<Payment, Fault> {
    Ok(Payment {
        id: PaymentId::new(moment.mint(payment.merchant_id)?),
        applied: taken.charged,
        discount: Minor::ZERO,
        surcharge: Minor::ZERO,
        payer_mobile: None,
        answers: None,
        token: None,
        created_at: moment.now,
        reserved_until: None,
        rail_reference: None,
        gave_away: None,
        taken: None,
        is_foreign: false,
        came_in: None,
        beside: Some(payment.id),
        decided: None,
        refunds: Refunds::default(),
        state: PaymentState::Started,
        version: 0,
        ..payment.clone()
    })
}

/// The rail claims money for an attempt that is booked for another. It is asked first; if it insists, the
/// attempt ends, and no money is booked: held with nothing where money is said to be there, else failed.
fn contested(
    link: Link,
    payment: Payment,
    report: &Report,
    was_asked: bool,
    moment: &mut Moment<'_>,
) -> Result<Settled, Fault> {
    let is_waiting = payment.state.is_open() || matches!(payment.state, PaymentState::Failed { .. });
    if !was_asked || !is_waiting {
        return Ok(Settled { ask_rail: !was_asked, ..Settled::unchanged(link, payment) });
    }
    if matches!(report, Report::Reversed(_)) {
        return match payment.state {
            PaymentState::Failed { .. } => Ok(Settled::unchanged(link, payment)),
            PaymentState::Started
            | PaymentState::Pending
            | PaymentState::Captured { .. }
            | PaymentState::Held { .. }
            | PaymentState::Reversed { .. } => {
                fail(link, payment, "The rail names the money of another payment", moment)
            }
        };
    }
    let (mut link, mut payment) = end_reservation(link, payment)?;
    payment.state = PaymentState::Held { at: moment.now, reason: HoldReason::Duplicate };
    payment.taken = Some(Minor::ZERO);
    let mut events = vec![EventKind::PaymentHeld];
    use_up(&mut link, &mut events, moment);
    Ok(Settled { events, ..Settled::unchanged(link, payment) })
}
