//! Splits: what each child merchant gets of a payment, to the last minor unit.
//!
//! Shares by percentage and every division here go by **largest remainder**: each gets its exact share
//! rounded down, and what is then left goes, one minor unit each, to the largest remainders; of equals to the
//! first. The merchant's own share, the rest, stands behind those of the children.

use crate::amount::{AMOUNT_MAX, Minor};
use crate::apportion::apportion;
use crate::fee::Charges;
use crate::id::MerchantId;
use crate::link::LinkKind;
use crate::merchant::{Feature, Merchant};
use crate::refusal::{Fault, Refusal, Stop};

/// A whole in hundredths of a percent.
const WHOLE_BPS: i64 = 10_000;
/// The most children of one link.
pub const CHILDREN_MAX: usize = 50;

/// How much of a payment's applied amount a child gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// So many minor units of each payment; positive.
    Amount(Minor),
    /// So many hundredths of a percent; from 1 to 10,000.
    Percent(i64),
}

/// A child's share as a merchant asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewShare {
    /// The `id` of the child's merchant file.
    pub child: String,
    /// How much.
    pub share: Share,
    /// Does the child bear its part of fee and tax? Otherwise the merchant bears it.
    pub bears_fee: bool,
}

/// A child's share of every payment of a link; never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitRule {
    /// The child.
    pub child_id: MerchantId,
    /// How much.
    pub share: Share,
    /// Does the child bear its part of fee and tax?
    pub bears_fee: bool,
}

/// What falls to one merchant of a captured payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Part {
    /// Of the applied amount.
    pub amount: Minor,
    /// Of the fee.
    pub fee: Minor,
    /// Of the tax on the fee.
    pub fee_tax: Minor,
}

impl Part {
    /// What the merchant is owed. A child's is never negative; the merchant's own is where it bears more fee
    /// than its part.
    pub fn net(self) -> Result<Minor, Fault> {
        self.amount.minus(self.fee)?.minus(self.fee_tax)
    }

    /// Each amount with that of the other.
    pub fn plus(self, other: Self) -> Result<Self, Fault> {
        Ok(Self {
            amount: self.amount.plus(other.amount)?,
            fee: self.fee.plus(other.fee)?,
            fee_tax: self.fee_tax.plus(other.fee_tax)?,
        })
    }

    /// Each amount less that of the other.
    pub fn minus(self, other: Self) -> Result<Self, Fault> {
        Ok(Self {
            amount: self.amount.minus(other.amount)?,
            fee: self.fee.minus(other.fee)?,
            fee_tax: self.fee_tax.minus(other.fee_tax)?,
        })
    }

    /// Does it bear any fee or tax?
    pub fn has_fee(self) -> bool {
        self.fee.is_positive() || self.fee_tax.is_positive()
    }
}

/// A captured payment divided: all parts together are its applied amount, its fee and its tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// The children's parts, in the order of the link's rules.
    pub children: Vec<(MerchantId, Part)>,
    /// The merchant's own.
    pub own: Part,
}

/// Finds the children and checks that the shares fit the link. `child` tells the merchant with an id of the
/// merchant file.
pub fn resolve<'m>(
    merchant: &Merchant,
    shares: &[NewShare],
    kind: LinkKind,
    amount: Option<Minor>,
    in_parts: bool,
    mut child: impl FnMut(&str) -> Result<Option<&'m Merchant>, Fault>,
) -> Result<Vec<SplitRule>, Stop> {
    if shares.is_empty() {
        return Ok(Vec::new());
    }
    if !merchant.features.contains(&Feature::Split) {
        return Err(Refusal::FeatureOff(Feature::Split).into());
    }
    let mut rules: Vec<SplitRule> = Vec::new();
    for share in shares {
        let found = check_child(merchant, child(&share.child)?)?;
        if found.id == merchant.id || rules.iter().any(|rule| rule.child_id == found.id) {
            return Err(Refusal::SplitInvalid.into());
        }
        rules.push(SplitRule { child_id: found.id, share: share.share, bears_fee: share.bears_fee });
    }
    // A fixed share fits payments of a fixed amount only.
    let each = amount.filter(|_| kind != LinkKind::Open && !in_parts);
    let by_amount = rules.iter().any(|rule| matches!(rule.share, Share::Amount(_)));
    if rules.len() > CHILDREN_MAX || (by_amount && each.is_none()) || !fit(&rules, each) {
        return Err(Refusal::SplitInvalid.into());
    }
    Ok(rules)
}

/// The child, if `merchant` may share its payments with it: it is active, and a child of the merchant or of
/// the merchant's aggregator.
pub fn check_child<'m>(merchant: &Merchant, found: Option<&'m Merchant>) -> Result<&'m Merchant, Refusal> {
    let found = found.filter(|found| found.active).ok_or(Refusal::ChildUnknown)?;
    let is_own = found.aggregator.as_deref() == Some(&merchant.slug);
    let is_sibling = merchant.aggregator.is_some() && found.aggregator == merchant.aggregator;
    if is_own || is_sibling { Ok(found) } else { Err(Refusal::ChildNotLinked) }
}

/// Are all shares in range, and together no more than a payment of `each`?
fn fit(rules: &[SplitRule], each: Option<Minor>) -> bool {
    let whole = i128::from(each.unwrap_or(AMOUNT_MAX).get());
    let mut asked = 0_i128;
    for rule in rules {
        asked += match rule.share {
            Share::Amount(amount) if amount.is_positive() && amount <= AMOUNT_MAX => {
                i128::from(amount.get()) * i128::from(WHOLE_BPS)
            }
            Share::Percent(bps) if (1..=WHOLE_BPS).contains(&bps) => whole * i128::from(bps),
            Share::Amount(_) | Share::Percent(_) => return false,
        };
    }
    asked <= whole * i128::from(WHOLE_BPS)
}

/// Are the shares no more than a payment of so much?
pub(crate) fn can_divide(applied: Minor, rules: &[SplitRule]) -> bool {
    amounts(applied, rules).is_ok()
}

/// Divides a captured payment. Without rules all is the merchant's own.
pub fn divide(applied: Minor, charges: &Charges, rules: &[SplitRule]) -> Result<Division, Fault> {
    let amounts = amounts(applied, rules)?;
    // The merchant bears the fee of its own part and of those who bear none.
    let mut bearing: Vec<i128> = Vec::new();
    let mut own = i128::from(applied.get());
    for (rule, amount) in rules.iter().zip(&amounts) {
        let weight = if rule.bears_fee { i128::from(amount.get()) } else { 0 };
        own -= weight;
        bearing.push(weight);
    }
    bearing.push(own);
    let (fees, taxes) = (apportion(charges.fee, &bearing)?, apportion(charges.fee_tax, &bearing)?);
    let mut rest = Part { amount: applied, fee: charges.fee, fee_tax: charges.fee_tax };
    let mut children = Vec::new();
    for (((rule, amount), fee), tax) in rules.iter().zip(amounts).zip(fees).zip(taxes) {
        // Rounded up twice, fee and tax could be one unit more than a tiny part.
        let fee = fee.min(amount);
        let part = Part { amount, fee, fee_tax: tax.min(amount.minus(fee)?) };
        rest = Part {
            amount: rest.amount.minus(part.amount)?,
            fee: rest.fee.minus(part.fee)?,
            fee_tax: rest.fee_tax.minus(part.fee_tax)?,
        };
        children.push((rule.child_id, part));
    }
    Ok(Division { children, own: rest })
}

/// The children's parts of the applied amount.
fn amounts(applied: Minor, rules: &[SplitRule]) -> Result<Vec<Minor>, Fault> {
    let mut shared = i128::from(applied.get());
    for rule in rules {
        if let Share::Amount(amount) = rule.share {
            shared -= i128::from(amount.get());
        }
    }
    let mut weights: Vec<i128> = Vec::new();
    let mut own = shared * i128::from(WHOLE_BPS);
    for rule in rules {
        let weight = match rule.share {
            Share::Amount(_) => 0,
            Share::Percent(bps) => i128::from(applied.get()) * i128::from(bps),
        };
        own -= weight;
        weights.push(weight);
    }
    weights.push(own);
    let shared = i64::try_from(shared).map_err(|_| Fault::new("a split is more than its payment"))?;
    let by_percent = apportion(Minor::new(shared), &weights)?;
    let amount = |(rule, percent): (&SplitRule, Minor)| match rule.share {
        Share::Amount(amount) => amount,
        Share::Percent(_) => percent,
    };
    Ok(rules.iter().zip(by_percent).map(amount).collect())
}
