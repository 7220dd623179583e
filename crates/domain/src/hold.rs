//! Holds: money that came and was not applied, until the merchant (or the merchant's policy) decides.

use crate::amount::Minor;
use crate::event::EventKind;
use crate::fee::charges;
use crate::ledger::{Account, Entry, Posting};
use crate::link::Link;
use crate::merchant::Merchant;
use crate::moment::Moment;
use crate::payment::{Decided, HoldDecision, HoldReason, Payment, PaymentState};
use crate::postings::post;
use crate::refund::{Refund, request_held};
use crate::refusal::{Refusal, Stop};
use crate::settle::count_capture;
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
    merchant: &Merchant,
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
        HoldDecision::Apply => apply(link, payment, merchant, reason, moment),
        HoldDecision::Refund if payment.taken == Some(Minor::ZERO) => {
            let asked = payment.applied;
            let payment = Payment { decided: Some(Decided { decision, reason, asked }), ..payment };
            Ok(Settlement { link, payment, refund: None, entries: Vec::new(), events: Vec::new() })
        }
        HoldDecision::Refund => {
            let asked = payment.applied;
            let mut done = request_held(link, payment, reason, moment)?;
            done.payment.decided = Some(Decided { decision, reason, asked });
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

/// Is a refund proposed, for nobody has decided for 72 hours?
pub fn is_refund_proposed(payment: &Payment, now: Timestamp) -> bool {
    match &payment.state {
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
    merchant: &Merchant,
    reason: HoldReason,
    moment: &mut Moment<'_>,
) -> Result<Settlement, Stop> {
    let came = payment.taken.unwrap_or(Minor::ZERO);
    // How held money is divided over children is not decided here.
    if payment.is_foreign || !came.is_positive() || link.terms.split_count > 0 {
        return Err(Refusal::HoldNotApplicable.into());
    }
    if !link.has_room(came)? {
        return Err(Refusal::HoldHasNoRoom.into());
    }
    let cost = charges(&merchant.fees, &payment.rail, &payment.mode, came)?;
    payment.decided = Some(Decided { decision: HoldDecision::Apply, reason, asked: payment.applied });
    (payment.applied, payment.discount, payment.surcharge) = (came, Minor::ZERO, Minor::ZERO);
    payment.state = PaymentState::Captured { at: moment.now, charges: cost };
    link.sums.held = link.sums.held.minus(came)?;
    let events = count_capture(&mut link, came, moment)?;
    let postings = [
        Posting::debit(Account::Hold(reason), came),
        Posting::credit(Account::MerchantPayable, cost.net),
        Posting::credit(Account::FeeIncome, cost.fee),
        Posting::credit(Account::FeeTax, cost.fee_tax),
    ];
    let entries = post(&mut link, &payment, &postings, moment)?;
    Ok(Settlement { link, payment, refund: None, entries, events })
}
