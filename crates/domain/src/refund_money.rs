//! What refunds do to the sums of a link and a payment, and to the books.

use crate::amount::Minor;
use crate::event::EventKind;
use crate::ledger::{Account, Entry, Posting};
use crate::link::Link;
use crate::moment::Moment;
use crate::payment::{Payment, PaymentState};
use crate::postings::post;
use crate::refund::{Refund, RefundState, Refunded};
use crate::refusal::Fault;

/// The link and the payment whose money moves.
pub(crate) struct Money {
    pub(crate) link: Link,
    pub(crate) payment: Payment,
    pub(crate) entries: Vec<Entry>,
}

impl Money {
    pub(crate) fn done(self, refund: Refund, event: Option<EventKind>, ask_rail: bool) -> Refunded {
        let Self { link, payment, entries } = self;
        Refunded { link, payment, refund, entries, event, ask_rail }
    }

    /// The money leaves the merchant or the hold, and is on its way.
    pub(crate) fn take_out(&mut self, refund: &Refund, moment: &mut Moment<'_>) -> Result<(), Fault> {
        let (amount, sums) = (refund.amount, &mut self.payment.refunds);
        sums.pending = sums.pending.plus(amount)?;
        sums.fee = sums.fee.plus(refund.shares.fee)?;
        sums.fee_tax = sums.fee_tax.plus(refund.shares.fee_tax)?;
        self.count(Minor::ZERO, amount)?;
        let mut postings = self.sources(refund).to_vec();
        postings.push(Posting::credit(Account::RefundPending, amount));
        self.post(&postings, moment)
    }

    /// The money has left the rail.
    pub(crate) fn succeed(&mut self, refund: &Refund, moment: &mut Moment<'_>) -> Result<(), Fault> {
        let (amount, sums) = (refund.amount, &mut self.payment.refunds);
        sums.pending = sums.pending.minus(amount)?;
        sums.refunded = sums.refunded.plus(amount)?;
        self.count(amount, amount.negated()?)?;
        let postings = [
            Posting::debit(Account::RefundPending, amount),
            Posting::credit(Account::RailReceivable, amount),
        ];
        self.post(&postings, moment)
    }

    /// The money is where it came from again.
    pub(crate) fn give_back(&mut self, refund: &Refund, moment: &mut Moment<'_>) -> Result<(), Fault> {
        let (amount, sums) = (refund.amount, &mut self.payment.refunds);
        sums.fee = sums.fee.minus(refund.shares.fee)?;
        sums.fee_tax = sums.fee_tax.minus(refund.shares.fee_tax)?;
        let was_there = matches!(refund.state, RefundState::Succeeded { .. });
        let from = if was_there {
            sums.refunded = sums.refunded.minus(amount)?;
            self.count(amount.negated()?, Minor::ZERO)?;
            Account::RailReceivable
        } else {
            sums.pending = sums.pending.minus(amount)?;
            self.count(Minor::ZERO, amount.negated()?)?;
            Account::RefundPending
        };
        if refund.held.is_some() && matches!(self.payment.state, PaymentState::Held { .. }) {
            // The money is in the hold again, and to be decided about anew.
            self.payment.decided = None;
        }
        let mut postings = vec![Posting::debit(from, amount)];
        postings.extend(self.sources(refund).map(Posting::inverse));
        self.post(&postings, moment)
    }

    /// Where a refund's money comes from, on the debit side. Held money that the rail has taken back since is
    /// the merchant's loss.
    fn sources(&self, refund: &Refund) -> [Posting; 3] {
        let shares = refund.shares;
        let account = match refund.held {
            Some(reason) if matches!(self.payment.state, PaymentState::Held { .. }) => Account::Hold(reason),
            Some(_) | None => Account::MerchantPayable,
        };
        [
            Posting::debit(account, shares.net),
            Posting::debit(Account::FeeIncome, shares.fee),
            Posting::debit(Account::FeeTax, shares.fee_tax),
        ]
    }

    /// Adds to the link's sums: those of refunds while the payment stands captured, that of holds while it is
    /// held.
    fn count(&mut self, refunded: Minor, pending: Minor) -> Result<(), Fault> {
        let sums = &mut self.link.sums;
        match self.payment.state {
            PaymentState::Captured { .. } => {
                sums.refunded = sums.refunded.plus(refunded)?;
                sums.refund_pending = sums.refund_pending.plus(pending)?;
            }
            // The link's sums are in its own currency.
            PaymentState::Held { .. } if self.payment.came_in.is_some() => {}
            PaymentState::Held { .. } => sums.held = sums.held.minus(refunded.plus(pending)?)?,
            PaymentState::Started
            | PaymentState::Pending
            | PaymentState::Failed { .. }
            | PaymentState::Reversed { .. } => {}
        }
        Ok(())
    }

    fn post(&mut self, postings: &[Posting], moment: &mut Moment<'_>) -> Result<(), Fault> {
        self.entries.extend(post(&mut self.link, &self.payment, postings, moment)?);
        Ok(())
    }
}
