//! Money that goes back: never more than is left, and where it is taken from.

use super::Shop;
use super::link::Link;
use super::price::{Cost, Part};

/// A rail's word about a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SayBack {
    Paid,
    Failed,
    Pending,
    /// The money came back.
    CameBack,
}

/// A refund.
#[derive(Clone, Debug)]
pub(crate) struct Refund {
    pub(crate) payment: usize,
    pub(crate) amount: i64,
    pub(crate) fee: i64,
    pub(crate) tax: i64,
    /// Whose part it comes from: a child's by its number, or the merchant's own under `OWN`; none where all
    /// parts give in proportion.
    pub(crate) of: Option<usize>,
    /// What it takes out of the children's parts, in the order of the shares.
    pub(crate) cuts: Vec<Part>,
    /// Out of held money.
    pub(crate) is_of_hold: bool,
    /// The rail paid it when nothing was left for it: the merchant's loss.
    pub(crate) is_excess: bool,
    pub(crate) state: &'static str,
}

impl Refund {
    /// Its money is on its way or with the payer.
    pub(crate) fn is_out(&self) -> bool {
        matches!(self.state, "pending" | "succeeded")
    }
}

impl Link {
    /// The refunds of a payment that are out of its money.
    pub(crate) fn out(&self, payment: usize) -> impl Iterator<Item = &Refund> {
        self.refunds.iter().filter(move |it| it.payment == payment && it.is_out() && !it.is_excess)
    }

    /// What was paid beyond what was left.
    pub(crate) fn excess(&self, payment: usize) -> i64 {
        let own = self.refunds.iter().filter(|it| it.payment == payment && it.is_out() && it.is_excess);
        own.map(|refund| refund.amount).sum()
    }

    /// What may be refunded of a payment.
    pub(crate) fn refundable(&self, number: usize) -> i64 {
        (self.left_of(number) - self.excess(number)).max(0)
    }

    /// What refunds have left of a payment.
    pub(crate) fn left_of(&self, number: usize) -> i64 {
        let payment = &self.payments[number];
        let came = payment.took.as_ref().map_or(0, |took| took.amount);
        let counts =
            if payment.reason.is_some() && !payment.was_captured { came } else { came.min(payment.applied) };
        counts - self.out(number).map(|refund| refund.amount).sum::<i64>()
    }

    /// The merchant asks for a refund: its number.
    pub(crate) fn refund(
        &mut self,
        shop: &Shop,
        number: usize,
        of: Option<usize>,
        amount: i64,
    ) -> Result<usize, &'static str> {
        if amount <= 0 || amount > 1_000_000_000_000_000 {
            return Err("AmountInvalid");
        }
        if self.payments[number].state != "captured" {
            return Err("PaymentNotCaptured");
        }
        if amount > self.room(number, of)? {
            return Err("RefundTooLarge");
        }
        let cuts = self.cuts(number, of, amount);
        let Cost { fee, tax } = self.fee_back(shop, number, &cuts, amount);
        let (payment, is_of_hold, is_excess, state) = (number, false, false, "pending");
        Ok(self.give_back(Refund { payment, amount, fee, tax, of, cuts, is_of_hold, is_excess, state }))
    }

    pub(crate) fn give_back(&mut self, refund: Refund) -> usize {
        self.refunds.push(refund);
        self.refunds.len() - 1
    }

    /// The rail says something about a refund. A notice of failure is only a reason to ask.
    pub(crate) fn hear_refund(&mut self, shop: &Shop, number: usize, say: SayBack, was_asked: bool) {
        let state = self.refunds[number].state;
        let (word, event) = match (say, state) {
            (SayBack::Paid, "pending") => ("succeeded", "refund.succeeded"),
            (SayBack::Paid, "failed") if was_asked => {
                let Refund { payment, amount, of, is_of_hold, .. } = self.refunds[number];
                let is_excess = amount > self.refundable(payment);
                if is_excess {
                    let refund = &mut self.refunds[number];
                    (refund.fee, refund.tax, refund.is_excess) = (0, 0, true);
                    refund.cuts.fill(Part::default());
                } else if !is_of_hold {
                    let cuts = self.cuts(payment, of, amount);
                    let cost = self.fee_back(shop, payment, &cuts, amount);
                    let refund = &mut self.refunds[number];
                    (refund.fee, refund.tax, refund.cuts) = (cost.fee, cost.tax, cuts);
                }
                if !is_excess && is_of_hold && self.payments[payment].state == "held" {
                    self.payments[payment].decided = Some("refund");
                }
                ("succeeded", "refund.succeeded")
            }
            (SayBack::Failed, "pending") if was_asked => ("failed", "refund.failed"),
            (SayBack::Failed, "succeeded") if was_asked => ("reversed", "refund.reversed"),
            (SayBack::CameBack, "pending" | "succeeded") => ("reversed", "refund.reversed"),
            _ => return,
        };
        let refund = &mut self.refunds[number];
        refund.state = word;
        let (payment, is_back) = (refund.payment, !refund.is_out() && !refund.is_excess);
        if is_back && refund.is_of_hold && self.payments[payment].state == "held" {
            self.payments[payment].decided = None;
        }
        self.tell_about(event, number);
    }
}
