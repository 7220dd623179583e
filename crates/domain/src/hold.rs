//! Holds: money that came and was not applied, until the merchant (or the merchant's policy) decides.

use crate::amount::Minor;
use crate::event::EventKind;
use crate::fee::charges;
use crate::ledger::{Account, Entry};
use crate::link::Link;
use crate::moment::Moment;
use crate::payment::{Decided, HoldDecision, HoldReason, Payment, PaymentState};
use crate::postings::{capture_postings, post};
use crate::refund::{Refund, request_held};
use crate::refusal::{Fault, Refusal, Stop};
use crate::settle::{Parties, count_capture};
use crate::split::can_divide;
use crate::time::{HOUR_MS, Timestamp};

/// After so long without a decision a refund is proposed.
const PROPOSED_AFTER_MS: i64 = 72 * HOUR_MS;

/// What a decision changed.
#[derive(Debug)]
pub struct Settlement {
    /// The link with its new sums and chain.
    pub link: Link,
    /// The payment.
    pub payment: Payment,
    /// The refund, where the money goes back.
    pub refund: Option<Refund>,
    /// New ledger entries.
    pub entries: Vec<Entry>,
    /// What happened, in order.
    pub events: Vec<EventKind>,
}

/// Decides about held money. The same decision again changes nothing; another one is refused.
pub fn decide(
    link: Link,
    payment: Payment,
    parties: &Parties<'_>,
    decision: HoldDecision,
    moment: &mut Moment<'_>,
) -> Result<Settlement, Stop> {
    if let Some(decided) = payment.decided {
        if decided.decision != decision {
            return Err(Refusal::HoldDecided.into());
        }
        return Ok(Settlement { link, payment, refund: None, entries: Vec::new(), events: Vec::new() });
    }
    let PaymentState::Held { reason, .. } = payment.state else {
        return Err(Refusal::HoldUnknown.into());
    };
    match decision {
        HoldDecision::Apply => apply(link, payment, parties, reason, moment),
        HoldDecision::Refund if payment.taken == Some(Minor::ZERO) => {
            let decided = Some(Decided::about(&payment, decision, reason));
            let payment = Payment { decided, ..payment };
            Ok(Settlement { link, payment, refund: None, entries: Vec::new(), events: Vec::new() })
        }
        HoldDecision::Refund => {
            let decided = Decided::about(&payment, decision, reason);
            let mut done = request_held(link, payment, reason, moment)?;
            done.payment.decided = Some(decided);
            Ok(Settlement {
                link: done.link,
                payment: done.payment,
                refund: Some(done.refund),
                entries: done.entries,
                events: Vec::new(),
            })
        }
    }
}

/// The payment as it stood right after this decision about its held money, whatever became of it since: so a
/// repeated request has the answer of the first. (The time of the hold is not kept for ever; that of the
/// attempt stands for it.)
pub fn as_decided(mut payment: Payment, decision: HoldDecision) -> Result<Payment, Fault> {
    (payment.rail_reference, payment.gave_away) = (payment.reference().map(str::to_owned), None);
    let unfit = || Fault::new(format!("payment {} was not decided about like this", payment.id.get()));
    let (at, decided) = (payment.created_at, payment.decided);
    let (asked, discount, surcharge) = payment.asked();
    match (decision, &payment.state) {
        (HoldDecision::Apply, PaymentState::Captured { .. }) => Ok(payment),
        (HoldDecision::Apply, PaymentState::Reversed { captured_at: Some(at), charges, .. }) => {
            let state = PaymentState::Captured { at: *at, charges: *charges };
            Ok(Payment { state, ..payment })
        }
        (HoldDecision::Refund, state) => {
            let reason = match state {
                PaymentState::Held { reason, .. } | PaymentState::Reversed { held: Some(reason), .. } => {
                    Some(*reason)
                }
                PaymentState::Captured { .. } | PaymentState::Reversed { held: None, .. } => {
                    decided.map(|decided| decided.reason)
                }
                PaymentState::Started | PaymentState::Pending | PaymentState::Failed { .. } => None,
            };
            let reason = reason.ok_or_else(unfit)?;
            let state = PaymentState::Held { at, reason };
            let payment = Payment { state, applied: asked, discount, surcharge, ..payment };
            let decided = Some(Decided::about(&payment, decision, reason));
            Ok(Payment { decided, ..payment })
        }
        (
            HoldDecision::Apply,
            PaymentState::Started
            | PaymentState::Pending
            | PaymentState::Failed { .. }
            | PaymentState::Held { .. }
            | PaymentState::Reversed { captured_at: None, .. },
        ) => Err(unfit()),
    }
}

/// Is a refund proposed? At once for money that was paid twice, else when nobody has decided for 72 hours.
pub fn is_refund_proposed(payment: &Payment, now: Timestamp) -> bool {
    match &payment.state {
        PaymentState::Held { reason: HoldReason::Duplicate, .. } => {
            payment.decided.is_none() && payment.taken.is_some_and(Minor::is_positive)
        }
        PaymentState::Held { at, .. } => payment.decided.is_none() && at.plus_ms(PROPOSED_AFTER_MS) <= now,
        PaymentState::Started
        | PaymentState::Pending
        | PaymentState::Captured { .. }
        | PaymentState::Failed { .. }
        | PaymentState::Reversed { .. } => false,
    }
}

/// Applies all that came, as a capture would have, where the link has room for it.
fn apply(
    mut link: Link,
    mut payment: Payment,
    parties: &Parties<'_>,
    reason: HoldReason,
    moment: &mut Moment<'_>,
) -> Result<Settlement, Stop> {
    let came = payment.taken.unwrap_or(Minor::ZERO);
    let decided = Decided::about(&payment, HoldDecision::Apply, reason);
    // Where exactly what was asked for came, a discount or surcharge stays what it was.
    if came != payment.charged()? {
        (payment.applied, payment.discount, payment.surcharge) = (came, Minor::ZERO, Minor::ZERO);
    }
    let applied = payment.applied;
    // Shares of fixed amounts may be more than what came; an obligation is paid whole.
    let is_too_little = link.terms.obligation.is_some() && link.left()?.is_some_and(|left| applied < left);
    if payment.is_foreign || !came.is_positive() || is_too_little || !can_divide(applied, parties.split) {
        return Err(Refusal::HoldNotApplicable.into());
    }
    if parties.paid_by.is_some_and(|paid_by| paid_by != payment.id) {
        return Err(Refusal::HoldHasNoRoom.into());
    }
    if !link.has_room(applied)? {
        return Err(Refusal::HoldHasNoRoom.into());
    }
    let cost = charges(&parties.merchant.fees, &payment.rail, &payment.mode, applied)?;
    payment.decided = Some(decided);
    payment.state = PaymentState::Captured { at: moment.now, charges: cost };
    link.sums.held = link.sums.held.minus(came)?;
    let events = count_capture(&mut link, applied, moment)?;
    let postings = capture_postings(Account::Hold(reason), &payment, &cost, parties.split)?;
    let entries = post(&mut link, &payment, &postings, moment)?;
    Ok(Settlement { link, payment, refund: None, entries, events })
}
