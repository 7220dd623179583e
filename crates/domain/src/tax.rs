//! The taxes of an invoice over the payments that pay it: each has its share of every tax, and the shares of
//! payments that are together the whole are together exactly the tax.

use std::collections::BTreeMap;

use crate::amount::Minor;
use crate::apportion::{apportion, give_back};
use crate::id::PaymentId;
use crate::link::{Line, LineTax, Link, lines_total};
use crate::refusal::Fault;

/// A step in the history of a link's money: a payment was captured, or taken back by the rail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxStep {
    /// The payment.
    pub payment_id: PaymentId,
    /// What the link is owed less by it.
    pub applied: Minor,
    /// Was it captured? Otherwise it was taken back.
    pub is_capture: bool,
}

/// How the taxes of a link lie over its payments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taxes {
    names: Vec<String>,
    left: Vec<Minor>,
    shares: BTreeMap<PaymentId, Vec<Minor>>,
}

/// The taxes on all lines: those of one name together, in the order in which they first appear.
pub fn totals(lines: &[Line]) -> Result<Vec<LineTax>, Fault> {
    let mut totals: Vec<LineTax> = Vec::new();
    for line in lines {
        for tax in &line.taxes {
            let amount = tax.amount.times(line.units)?;
            match totals.iter_mut().find(|total| total.name == tax.name) {
                Some(total) => total.amount = total.amount.plus(amount)?,
                None => totals.push(LineTax { name: tax.name.clone(), amount }),
            }
        }
    }
    Ok(totals)
}

impl Taxes {
    /// The shares that the payments of a link have had, each as it was captured: of an obligation in
    /// proportion to what was left of each tax and of the rest then, by the largest remainder; elsewhere of
    /// the whole invoice. So a share depends on what came before alone, and never changes.
    pub fn over(link: &Link, lines: &[Line], history: &[TaxStep]) -> Result<Self, Fault> {
        let totals = totals(lines)?;
        let mut whole: Vec<Minor> = totals.iter().map(|total| total.amount).collect();
        let mut rest = lines_total(lines)?;
        for amount in &whole {
            rest = rest.minus(*amount)?;
        }
        whole.push(rest);
        let names = totals.into_iter().map(|total| total.name).collect();
        let mut taxes = Self { names, left: whole.clone(), shares: BTreeMap::new() };
        let weights: Vec<i128> = whole.iter().map(|amount| i128::from(amount.get())).collect();
        for step in history.iter().filter(|_| !taxes.names.is_empty()) {
            if step.is_capture {
                let shares = if link.due.is_some() {
                    give_back(&taxes.left, step.applied)?
                } else {
                    apportion(step.applied, &weights)?
                };
                taxes.shares.insert(step.payment_id, shares);
            }
            let moved = taxes.shares.get(&step.payment_id).filter(|_| link.due.is_some());
            for (left, share) in taxes.left.iter_mut().zip(moved.into_iter().flatten()) {
                *left = if step.is_capture { left.minus(*share)? } else { left.plus(*share)? };
            }
        }
        Ok(taxes)
    }

    /// What a payment has of each tax; nothing where it was never captured or the link has no taxes.
    pub fn of(&self, payment: PaymentId) -> Vec<LineTax> {
        self.shares.get(&payment).map_or_else(Vec::new, |shares| self.named(shares))
    }

    /// What is left of each tax for the payments to come.
    pub fn left(&self) -> Vec<LineTax> {
        self.named(&self.left)
    }

    fn named(&self, amounts: &[Minor]) -> Vec<LineTax> {
        let tax = |(name, amount): (&String, &Minor)| LineTax { name: name.clone(), amount: *amount };
        self.names.iter().zip(amounts).map(tax).collect()
    }
}
