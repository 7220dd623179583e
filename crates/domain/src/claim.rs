//! Whose money a rail speaks of. Each of its references is money of its own, and is booked once: what comes
//! under a second reference of one attempt becomes a payment beside it, which is held; what is claimed for an
//! attempt and was booked for another is not booked again.

use crate::amount::Minor;
use crate::event::EventKind;
use crate::id::{MerchantId, PaymentId};
use crate::link::Link;
use crate::moment::Moment;
use crate::payment::{HoldReason, Payment, PaymentState, Refunds};
use crate::rail::{Report, Taken};
use crate::refusal::Fault;
use crate::settle::{Parties, Settled, end_reservation, fail, settle, use_up};

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
}

/// Applies a report about the attempt `payment`, whatever money it speaks of. `known` is the payment that has
/// the money under the rail's reference, if any has. `was_asked` tells an answer to a question from a notice.
/// Applying a report twice changes nothing.
pub fn hear(
    link: Link,
    payment: Payment,
    known: Option<&Payment>,
    parties: &Parties<'_>,
    report: &Report,
    was_asked: bool,
    moment: &mut Moment<'_>,
) -> Result<Heard, Fault> {
    let (Report::Succeeded(taken) | Report::Reversed(taken)) = report else {
        return Ok(Heard { settled: settle(link, payment, parties, report, moment)?, is_new: false });
    };
    let is_reversal = matches!(report, Report::Reversed(_));
    // A reversal under another reference may mean the attempt's own money.
    let is_doubtful = is_reversal && !matches!(payment.state, PaymentState::Reversed { .. });
    let (settled, is_new) = match known {
        Some(known) if known.id == payment.id => (settle(link, payment, parties, report, moment)?, false),
        Some(known) if known.beside == Some(payment.id) => {
            let mut settled = settle(link, known.clone(), parties, report, moment)?;
            settled.ask_rail |= is_doubtful;
            (settled, false)
        }
        Some(_) => (contested(link, payment, report, was_asked, moment)?, false),
        None if payment.taken.is_none() || !taken.charged.is_positive() || (is_reversal && was_asked) => {
            (settle(link, payment, parties, report, moment)?, false)
        }
        None => {
            let other = beside(&payment, taken, moment)?;
            let mut settled = settle(link, other, parties, report, moment)?;
            settled.ask_rail = !was_asked;
            (settled, true)
        }
    };
    Ok(Heard { settled, is_new })
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
        created_at: moment.now,
        reserved_until: None,
        rail_reference: None,
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
