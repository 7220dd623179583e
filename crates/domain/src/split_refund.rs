//! Refunds of divided payments: what each takes out of whose part, so that no part gives back more than it
//! got, and all that make up the whole give back each part exactly.

use crate::amount::Minor;
use crate::apportion::give_back;
use crate::fee::Charges;
use crate::id::MerchantId;
use crate::merchant::FeeBearer;
use crate::payment::{Payment, PaymentState};
use crate::refusal::{Fault, Refusal, Stop};
use crate::split::{Part, SplitRule, divide};

/// A child's part of a captured payment, with what refunds have taken out of it: those on their way and those
/// that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitPart {
    /// The child.
    pub child_id: MerchantId,
    /// What the child got.
    pub part: Part,
    /// What refunds have taken out of it.
    pub back: Part,
}

/// What one refund takes out of a child's part. The child gives its net; fee and tax in it are given back by
/// whoever bears them on a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitRefund {
    /// The child.
    pub child_id: MerchantId,
    /// What is taken out of its part.
    pub part: Part,
}

/// A refund shared out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Fee and tax that the platform gives back, and the rest, which merchant and children give.
    pub(crate) shares: Charges,
    /// What is taken out of the children's parts.
    pub(crate) children: Vec<SplitRefund>,
}

impl SplitPart {
    /// What refunds have left of it.
    pub fn left(&self) -> Result<Part, Fault> {
        self.part.minus(self.back)
    }
}

/// The children's parts of a payment: as refunds have left them, or as the capture divided it where there was
/// no refund yet. None before a capture.
pub fn parts_of(
    payment: &Payment,
    rules: &[SplitRule],
    stored: Option<&Vec<SplitPart>>,
) -> Result<Vec<SplitPart>, Fault> {
    if let Some(parts) = stored {
        return Ok(parts.clone());
    }
    if !matches!(payment.state, PaymentState::Captured { .. }) {
        return Ok(Vec::new());
    }
    let division = divide(payment.applied, &payment.charges(), rules)?;
    let part = |(child_id, part)| SplitPart { child_id, part, back: Part::default() };
    Ok(division.children.into_iter().map(part).collect())
}

/// How much may be refunded: of the whole payment, or of the part of the merchant `of`. Refused where that
/// merchant has no part.
pub(crate) fn room(payment: &Payment, parts: &[SplitPart], of: Option<MerchantId>) -> Result<Minor, Stop> {
    let left = payment.refundable()?;
    match of {
        None => Ok(left),
        Some(own) if own == payment.merchant_id => Ok(own_left(left, parts)?),
        Some(child) => {
            let part = parts.iter().find(|part| part.child_id == child).ok_or(Refusal::PartUnknown)?;
            Ok(part.left()?.amount.min(left))
        }
    }
}

/// What is left of the merchant's own part.
fn own_left(left: Minor, parts: &[SplitPart]) -> Result<Minor, Fault> {
    let mut own = left;
    for part in parts {
        own = own.minus(part.left()?.amount)?;
    }
    Ok(own.max(Minor::ZERO))
}

/// Shares out a refund of captured money, in proportion to what is left of each part, or out of the part of
/// `of` alone; what that part has not got is the merchant's.
pub(crate) fn cut(
    payment: &Payment,
    parts: &[SplitPart],
    bearer: FeeBearer,
    of: Option<MerchantId>,
    amount: Minor,
) -> Result<Cut, Fault> {
    let mut children = Vec::new();
    for (part, taken) in parts.iter().zip(taken(payment, parts, of, amount)?) {
        if of.is_none_or(|of| of == part.child_id) {
            let left = part.left()?;
            let shares = shares(left.amount, left.fee, left.fee_tax, taken)?;
            let part_back = Part { amount: taken, fee: shares.fee, fee_tax: shares.fee_tax };
            children.push(SplitRefund { child_id: part.child_id, part: part_back });
        }
    }
    let shares = match bearer {
        FeeBearer::Merchant => Charges { net: amount, ..Charges::default() },
        FeeBearer::Platform => platform_shares(payment, parts, &children, amount)?,
    };
    Ok(Cut { shares, children })
}

/// What each child's part gives of a refund.
fn taken(
    payment: &Payment,
    parts: &[SplitPart],
    of: Option<MerchantId>,
    amount: Minor,
) -> Result<Vec<Minor>, Fault> {
    let mut left = parts.iter().map(|part| Ok(part.left()?.amount)).collect::<Result<Vec<_>, Fault>>()?;
    if let Some(of) = of {
        let given = |(part, left): (&SplitPart, &Minor)| {
            if part.child_id == of { amount.min(*left) } else { Minor::ZERO }
        };
        return Ok(parts.iter().zip(&left).map(given).collect());
    }
    left.push(own_left(payment.left()?, parts)?);
    give_back(&left, amount)
}

/// Where the platform bears the fee, fee and tax go back in proportion to what is left of each: those in the
/// children's parts as they are taken out, the others as what is refunded beside those parts. So refunds that
/// make up the whole give back exactly the whole fee and the whole tax.
fn platform_shares(
    payment: &Payment,
    parts: &[SplitPart],
    children: &[SplitRefund],
    amount: Minor,
) -> Result<Charges, Fault> {
    let (cost, gone) = (payment.charges(), payment.refunds);
    let (fee_left, tax_left) = (cost.fee.minus(gone.fee)?, cost.fee_tax.minus(gone.fee_tax)?);
    let mut beside = Part { amount: payment.left()?, fee: fee_left, fee_tax: tax_left };
    for part in parts.iter().filter(|part| part.part.has_fee()) {
        beside = beside.minus(part.left()?)?;
    }
    let (mut taken, mut borne) = (amount, Part::default());
    for child in children {
        let is_own = parts.iter().any(|part| part.child_id == child.child_id && part.part.has_fee());
        if is_own {
            taken = taken.minus(child.part.amount)?;
            borne = borne.plus(child.part)?;
        }
    }
    // While the setting changes between refunds, the parts may have more fee left than the platform.
    let rest = beside.amount.max(Minor::ZERO);
    let (fee, tax) = (beside.fee.max(Minor::ZERO), beside.fee_tax.max(Minor::ZERO));
    let own = if taken == rest {
        Charges { fee, fee_tax: tax, net: Minor::ZERO }
    } else {
        shares(rest, fee, tax, taken.min(rest))?
    };
    let fee = borne.fee.plus(own.fee)?.min(fee_left).min(amount);
    let fee_tax = borne.fee_tax.plus(own.fee_tax)?.min(tax_left).min(amount.minus(fee)?);
    Ok(Charges { fee, fee_tax, net: amount.minus(fee)?.minus(fee_tax)? })
}

/// What `taken` of what is `left` takes of the fee and the tax in it, and of the rest.
fn shares(left: Minor, fee: Minor, fee_tax: Minor, taken: Minor) -> Result<Charges, Fault> {
    let fee = fee.min(left);
    let fee_tax = fee_tax.min(left.minus(fee)?);
    let net = left.minus(fee)?.minus(fee_tax)?;
    let &[fee, fee_tax, net] = give_back(&[fee, fee_tax, net], taken)?.as_slice() else {
        return Err(Fault::new("three parts gave back another number of shares"));
    };
    Ok(Charges { fee, fee_tax, net })
}
