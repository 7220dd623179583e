//! Refunds: money on its way back to the payer, never more than what is left of its payment, and what the
//! rail's word does to it.
//!
//! | state | succeeded | failed | pending | reversed |
//! |---|---|---|---|---|
//! | pending | succeeded | ask the rail; failed when asked | – | reversed |
//! | succeeded | – | ask the rail; reversed when asked | – | reversed |
//! | failed | ask the rail; succeeded when asked, in excess where no room is left | – | – | – |
//! | reversed | – | – | – | – |
//!
//! A failure counts only when the rail says so on being asked, for it frees the money for another refund: so
//! every order of the same reports ends where the rail's own truth is.

use crate::amount::{AMOUNT_MAX, Currency, Minor};
use crate::event::{Event, EventKind};
use crate::fee::Charges;
use crate::id::{LinkId, MerchantId, PaymentId, RefundId};
use crate::ledger::Entry;
use crate::link::Link;
use crate::merchant::Merchant;
use crate::moment::Moment;
use crate::payment::{Decided, HoldDecision, HoldReason, Payment, PaymentState};
use crate::rail::RefundReport;
use crate::refund_money::Money;
use crate::refusal::{Fault, Refusal, Stop};
use crate::split_refund::{SplitPart, SplitRefund, cut, room};
use crate::time::Timestamp;

/// Where a refund stands, with the facts of that state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// The rail was or is about to be asked; no last word yet.
    Pending,
    /// The payer has the money.
    Succeeded {
        /// When that was booked.
        at: Timestamp,
    },
    /// The rail refunded nothing.
    Failed {
        /// When that was booked.
        at: Timestamp,
        /// The rail's reason.
        reason: String,
    },
    /// The money came back.
    Reversed {
        /// When that was booked.
        at: Timestamp,
    },
}

impl RefundState {
    /// The word of Kadi's own API.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded { .. } => "succeeded",
            Self::Failed { .. } => "failed",
            Self::Reversed { .. } => "reversed",
        }
    }

    /// Is its money out of the payment: on its way or with the payer?
    pub const fn is_out(&self) -> bool {
        matches!(self, Self::Pending | Self::Succeeded { .. })
    }
}

/// A refund as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// The row, and the refund's key at the rail.
    pub id: RefundId,
    /// The payment whose money goes back.
    pub payment_id: PaymentId,
    /// The payment's link.
    pub link_id: LinkId,
    /// Whose money it is.
    pub merchant_id: MerchantId,
    /// The currency.
    pub currency: Currency,
    /// How much.
    pub amount: Minor,
    /// Where it comes from: fee and tax that the platform gives back, and `net` out of the merchant's money
    /// or of the hold.
    pub shares: Charges,
    /// Whose part of a divided payment it comes from: a child's, or the merchant's own; none where all parts
    /// give in proportion.
    pub of: Option<MerchantId>,
    /// Why the money had been held, where it never was the merchant's.
    pub held: Option<HoldReason>,
    /// The rail paid it after it had refused it, when nothing was left for it: it is the merchant's loss.
    pub is_excess: bool,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// The rail's reference of the refund, once known.
    pub rail_reference: Option<String>,
    /// Where it stands.
    pub state: RefundState,
    /// Counts the row's changes.
    pub version: i64,
}

impl Refund {
    /// The refund as it was when it was asked for: the answer that a repeated request gives again.
    pub fn as_born(self) -> Self {
        Self { state: RefundState::Pending, rail_reference: None, is_excess: false, ..self }
    }

    /// The refund as it stood right after an event about it, so that the event reads the same for ever.
    pub fn as_of(&self, event: &Event) -> Result<Self, Fault> {
        let at = event.at;
        let state = match (event.kind, &self.state) {
            (EventKind::RefundSucceeded, _) => RefundState::Succeeded { at },
            (EventKind::RefundFailed, RefundState::Failed { .. }) => self.state.clone(),
            (EventKind::RefundFailed, _) => RefundState::Failed { at, reason: String::new() },
            (EventKind::RefundReversed, _) => RefundState::Reversed { at },
            _ => return Err(Fault::new(format!("event {} does not fit its refund", event.id.get()))),
        };
        let is_failure = event.kind == EventKind::RefundFailed;
        let rail_reference = self.rail_reference.clone().filter(|_| !is_failure);
        let is_excess = self.is_excess && !is_failure;
        Ok(Self { state, rail_reference, is_excess, ..self.clone() })
    }
}

/// A payment whose money is to go back, with its link and what children got of it.
#[derive(Clone, Debug)]
pub struct Refundable {
    /// The link.
    pub link: Link,
    /// The payment.
    pub payment: Payment,
    /// The children's parts (`split_refund::parts_of`).
    pub parts: Vec<SplitPart>,
}

/// What a request or a report changed.
#[derive(Debug)]
pub struct Refunded {
    /// The link with its new sums and chain.
    pub link: Link,
    /// The payment with its new sums.
    pub payment: Payment,
    /// The children's parts with what was taken out of them.
    pub parts: Vec<SplitPart>,
    /// The refund.
    pub refund: Refund,
    /// What the refund takes out of the children's parts.
    pub children: Vec<SplitRefund>,
    /// New ledger entries.
    pub entries: Vec<Entry>,
    /// What happened, if anything.
    pub event: Option<EventKind>,
    /// The report does not fit what is known: the rail must be asked which is true.
    pub ask_rail: bool,
}

/// Asks for a refund of captured money: it is the payer's from now on, whatever the rail takes to carry it
/// out. `of` names the merchant out of whose part it comes; without, all parts give in proportion.
pub fn request(
    wanted: Refundable,
    merchant: &Merchant,
    of: Option<MerchantId>,
    amount: Minor,
    moment: &mut Moment<'_>,
) -> Result<Refunded, Stop> {
    if !amount.is_positive() || amount > AMOUNT_MAX {
        return Err(Refusal::AmountInvalid.into());
    }
    let payment = &wanted.payment;
    if !matches!(payment.state, PaymentState::Captured { .. }) {
        return Err(Refusal::PaymentNotCaptured.into());
    }
    if amount > room(payment, &wanted.parts, of)? {
        return Err(Refusal::RefundTooLarge.into());
    }
    let cut = cut(payment, &wanted.parts, merchant.refund_fee_bearer, of, amount)?;
    let refund = Refund { of, ..born(payment, cut.shares, None, moment)? };
    let mut money = Money::new(wanted, cut.children);
    money.take_out(&refund, moment)?;
    Ok(money.done(refund, None, false))
}

/// Asks for a refund of all that is left of held money: out of the hold, and without any fee.
pub(crate) fn request_held(
    link: Link,
    payment: Payment,
    reason: HoldReason,
    moment: &mut Moment<'_>,
) -> Result<Refunded, Stop> {
    let amount = payment.refundable()?;
    if !amount.is_positive() {
        return Err(Refusal::HoldUnknown.into());
    }
    let shares = Charges { net: amount, ..Charges::default() };
    let refund = born(&payment, shares, Some(reason), moment)?;
    let mut money = Money::new(Refundable { link, payment, parts: Vec::new() }, Vec::new());
    money.take_out(&refund, moment)?;
    Ok(money.done(refund, None, false))
}

fn born(
    payment: &Payment,
    shares: Charges,
    held: Option<HoldReason>,
    moment: &mut Moment<'_>,
) -> Result<Refund, Fault> {
    Ok(Refund {
        id: RefundId::new(moment.mint(payment.merchant_id)?),
        payment_id: payment.id,
        link_id: payment.link_id,
        merchant_id: payment.merchant_id,
        currency: payment.money_currency(),
        amount: shares.fee.plus(shares.fee_tax)?.plus(shares.net)?,
        shares,
        of: None,
        held,
        is_excess: false,
        created_at: moment.now,
        rail_reference: None,
        state: RefundState::Pending,
        version: 0,
    })
}

/// Applies a rail's report. Applying one twice changes nothing. `was_asked` tells an answer to a question
/// from a notice. `children` are what the refund takes out of the children's parts.
pub fn settle_refund(
    paid: Refundable,
    mut refund: Refund,
    children: Vec<SplitRefund>,
    merchant: &Merchant,
    report: &RefundReport,
    was_asked: bool,
    moment: &mut Moment<'_>,
) -> Result<Refunded, Fault> {
    let mut money = Money::new(paid, children);
    let at = moment.now;
    match (report, &refund.state) {
        (RefundReport::Succeeded { reference }, RefundState::Pending) => {
            money.succeed(&refund, moment)?;
            refund.rail_reference = Some(reference.clone());
            refund.state = RefundState::Succeeded { at };
            Ok(money.done(refund, Some(EventKind::RefundSucceeded), false))
        }
        (RefundReport::Succeeded { reference }, RefundState::Failed { .. }) if was_asked => {
            if refund.amount > money.payment.refundable()? {
                refund.shares = Charges { net: refund.amount, ..Charges::default() };
                refund.is_excess = true;
                money.pay_in_excess(&refund, moment)?;
            } else {
                take_out_again(&mut money, &mut refund, merchant, moment)?;
            }
            refund.rail_reference = Some(reference.clone());
            refund.state = RefundState::Succeeded { at };
            Ok(money.done(refund, Some(EventKind::RefundSucceeded), false))
        }
        (RefundReport::Failed { reason }, RefundState::Pending) if was_asked => {
            money.give_back(&refund, moment)?;
            refund.state = RefundState::Failed { at, reason: reason.clone() };
            Ok(money.done(refund, Some(EventKind::RefundFailed), false))
        }
        (RefundReport::Reversed { reference }, RefundState::Pending | RefundState::Succeeded { .. }) => {
            money.give_back(&refund, moment)?;
            refund.rail_reference = Some(reference.clone());
            refund.state = RefundState::Reversed { at };
            Ok(money.done(refund, Some(EventKind::RefundReversed), false))
        }
        (RefundReport::Failed { .. }, RefundState::Succeeded { .. }) if was_asked => {
            money.give_back(&refund, moment)?;
            refund.state = RefundState::Reversed { at };
            Ok(money.done(refund, Some(EventKind::RefundReversed), false))
        }
        (RefundReport::Succeeded { .. }, RefundState::Failed { .. })
        | (RefundReport::Failed { .. }, RefundState::Pending | RefundState::Succeeded { .. }) => {
            Ok(money.done(refund, None, true))
        }
        (
            RefundReport::Succeeded { .. }
            | RefundReport::Failed { .. }
            | RefundReport::Pending
            | RefundReport::Reversed { .. },
            RefundState::Pending
            | RefundState::Succeeded { .. }
            | RefundState::Failed { .. }
            | RefundState::Reversed { .. },
        ) => Ok(money.done(refund, None, false)),
    }
}

/// Books a refund that had failed and has succeeded after all, out of what is left by now.
fn take_out_again(
    money: &mut Money,
    refund: &mut Refund,
    merchant: &Merchant,
    moment: &mut Moment<'_>,
) -> Result<(), Fault> {
    if refund.held.is_none() {
        let bearer = merchant.refund_fee_bearer;
        let cut = cut(&money.payment, &money.parts, bearer, refund.of, refund.amount)?;
        (refund.shares, money.children) = (cut.shares, cut.children);
    }
    if let (Some(reason), PaymentState::Held { .. }) = (refund.held, &money.payment.state) {
        money.payment.decided = Some(Decided::about(&money.payment, HoldDecision::Refund, reason));
    }
    money.take_out(refund, moment)?;
    money.succeed(refund, moment)
}
