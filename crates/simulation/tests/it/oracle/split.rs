//! Refunds of divided payments: whose part gives how much, and who gives fee and tax back.

use super::Shop;
use super::link::Link;
use super::price::{Cost, Part, parts, proportional, slice};

/// The merchant's own part, where a refund names one.
pub(crate) const OWN: usize = usize::MAX;

impl Link {
    /// What refunds have left of each child's part of a captured payment.
    pub(crate) fn parts_left(&self, number: usize) -> Vec<Part> {
        let payment = &self.payments[number];
        let mut left = parts(&self.terms.shares, payment.applied, payment.cost);
        for refund in self.out(number) {
            for (part, cut) in left.iter_mut().zip(&refund.cuts) {
                part.amount -= cut.amount;
                part.fee -= cut.fee;
                part.tax -= cut.tax;
            }
        }
        left
    }

    /// How much may be refunded, of all of a payment or of one merchant's part of it.
    pub(crate) fn room(&self, number: usize, of: Option<usize>) -> Result<i64, &'static str> {
        let (all, left) = (self.refundable(number), self.parts_left(number));
        match of {
            None => Ok(all),
            Some(OWN) => Ok((all - left.iter().map(|part| part.amount).sum::<i64>()).max(0)),
            Some(child) => {
                let at = self.terms.shares.iter().position(|share| share.child == child);
                Ok(left[at.ok_or("PartUnknown")?].amount.min(all))
            }
        }
    }

    /// What a refund takes out of the children's parts.
    pub(crate) fn cuts(&self, number: usize, of: Option<usize>, amount: i64) -> Vec<Part> {
        let left = self.parts_left(number);
        let taken = match of {
            None => {
                let mut weights: Vec<i64> = left.iter().map(|part| part.amount).collect();
                weights.push(self.left_of(number) - weights.iter().sum::<i64>());
                proportional(amount, &weights)
            }
            Some(of) => {
                let is_it = |share: &super::Share| if share.child == of { amount } else { 0 };
                self.terms.shares.iter().map(is_it).collect()
            }
        };
        left.into_iter().zip(taken).map(|(part, taken)| slice(part, taken)).collect()
    }

    /// Fee and tax that the platform gives back with a refund: those in the parts of children who bore some,
    /// and of what is beside those parts in proportion to what is left of it.
    pub(crate) fn fee_back(&self, shop: &Shop, number: usize, cuts: &[Part], amount: i64) -> Cost {
        if !shop.platform_bears {
            return Cost::default();
        }
        let (payment, left) = (&self.payments[number], self.parts_left(number));
        let mut beside = Part {
            amount: self.left_of(number),
            fee: payment.cost.fee - self.out(number).map(|refund| refund.fee).sum::<i64>(),
            tax: payment.cost.tax - self.out(number).map(|refund| refund.tax).sum::<i64>(),
        };
        let (mut taken, mut back) = (amount, Cost::default());
        let whole = parts(&self.terms.shares, payment.applied, payment.cost);
        for ((part, left), cut) in whole.iter().zip(&left).zip(cuts) {
            if part.fee + part.tax > 0 {
                beside.amount -= left.amount;
                beside.fee -= left.fee;
                beside.tax -= left.tax;
                taken -= cut.amount;
                back = Cost { fee: back.fee + cut.fee, tax: back.tax + cut.tax };
            }
        }
        let own = if taken == beside.amount { beside } else { slice(beside, taken) };
        let fee = (back.fee + own.fee).min(amount);
        Cost { fee, tax: (back.tax + own.tax).min(amount - fee) }
    }
}
