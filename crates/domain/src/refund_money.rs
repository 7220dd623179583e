//! What refunds do to the sums of a link and a payment, and to the books.

use crate::amount::Minor;
use crate::event::EventKind;
use crate::fee::Charges;
use crate::ledger::{Account, Entry, Posting};
use crate::link::Link;
use crate::moment::Moment;
use crate::payment::{Payment, PaymentState};
use crate::postings::post;
use crate::refund::{Refund, RefundState, Refundable, Refunded};
use crate::refusal::Fault;
use crate::split::Part;
use crate::split_refund::{SplitPart, SplitRefund};

/// The link and the payment whose money moves.
pub(crate) struct Money {
    pub(crate) link: Link,
    pub(crate) payment: Payment,
    /// The children's parts of the payment.
    pub(crate) parts: Vec<SplitPart>,
    /// What the refund takes out of them.
    pub(crate) children: Vec<SplitRefund>,
    pub(crate) entries: Vec<Entry>,
}

impl Money {
    pub(crate) fn new(paid: Refundable, children: Vec<SplitRefund>) -> Self {
        let Refundable { link, payment, parts } = paid;
        Self { link, payment, parts, children, entries: Vec::new() }
    }

    pub(crate) fn done(self, refund: Refund, event: Option<EventKind>, ask_rail: bool) -> Refunded {
        let Self { link, payment, parts, children, entries } = self;
        Refunded { link, payment, parts, refund, children, entries, event, ask_rail }
    }

    /// The money leaves the merchant or the hold, and is on its way.
    pub(crate) fn take_out(&mut self, refund: &Refund, moment: &mut Moment<'_>) -> Result<(), Fault> {
        let (amount, sums) = (refund.amount, &mut self.payment.refunds);
        sums.pending = sums.pending.plus(amount)?;
        sums.fee = sums.fee.plus(refund.shares.fee)?;
        sums.fee_tax = sums.fee_tax.plus(refund.shares.fee_tax)?;
        self.count(Minor::ZERO, amount)?;
        self.move_parts(Part::plus)?;
        let mut postings = self.sources(refund)?;
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

    /// The money has left the rail, and there was none of the payment's left: the merchant gives it, and the
    /// children nothing.
    pub(crate) fn pay_in_excess(&mut self, refund: &Refund, moment: &mut Moment<'_>) -> Result<(), Fault> {
        self.payment.refunds.excess = self.payment.refunds.excess.plus(refund.amount)?;
        self.children.iter_mut().for_each(|child| child.part = Part::default());
        self.post(&excess_postings(refund.amount), moment)
    }

    /// The money is where it came from again.
    pub(crate) fn give_back(&mut self, refund: &Refund, moment: &mut Moment<'_>) -> Result<(), Fault> {
        if refund.is_excess {
            self.payment.refunds.excess = self.payment.refunds.excess.minus(refund.amount)?;
            return self.post(&excess_postings(refund.amount).map(Posting::inverse), moment);
        }
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
        self.move_parts(Part::minus)?;
        let mut postings = vec![Posting::debit(from, amount)];
        postings.extend(self.sources(refund)?.into_iter().map(Posting::inverse));
        self.post(&postings, moment)
    }

    /// What children give: of money that the rail has taken back since, nothing, for its reversal has settled
    /// with them.
    fn given_by_children(&self) -> &[SplitRefund] {
        match self.payment.state {
            PaymentState::Captured { .. } => &self.children,
            PaymentState::Started
            | PaymentState::Pending
            | PaymentState::Failed { .. }
            | PaymentState::Held { .. }
            | PaymentState::Reversed { .. } => &[],
        }
    }

    /// Counts in the children's parts what the refund takes out or puts back, also of money that the rail has
    /// taken back since: so the parts tell the same in whatever order that was heard.
    fn move_parts(&mut self, how: fn(Part, Part) -> Result<Part, Fault>) -> Result<(), Fault> {
        for child in &self.children {
            let part = self.parts.iter_mut().find(|part| part.child_id == child.child_id);
            let part = part.ok_or_else(|| Fault::new("a refund takes from a child without a part"))?;
            part.back = how(part.back, child.part)?;
        }
        Ok(())
    }

    /// Where a refund's money comes from, on the debit side; the merchant gives what the others do not, and
    /// gets the fee back that it bore for others. Money that the rail has taken back since is the merchant's
    /// loss, all of it: its fee is given back already, and held money is in no hold any more.
    fn sources(&self, refund: &Refund) -> Result<Vec<Posting>, Fault> {
        let is_reversed = matches!(self.payment.state, PaymentState::Reversed { .. });
        let whole = Charges { fee: Minor::ZERO, fee_tax: Minor::ZERO, net: refund.amount };
        let shares = if is_reversed { whole } else { refund.shares };
        let account = match refund.held {
            Some(reason) if matches!(self.payment.state, PaymentState::Held { .. }) => Account::Hold(reason),
            Some(_) | None => Account::MerchantPayable,
        };
        let (mut own, mut of_children) = (shares.net, Vec::new());
        for child in self.given_by_children() {
            let net = child.part.net()?;
            own = own.minus(net)?;
            of_children.push(Posting::owed_to(child.child_id, net).inverse());
        }
        let mut postings = vec![Posting::balance(account, own)?.inverse()];
        postings.extend(of_children);
        postings.extend([
            Posting::debit(Account::FeeIncome, shares.fee),
            Posting::debit(Account::FeeTax, shares.fee_tax),
        ]);
        Ok(postings)
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

/// What a refund in excess books.
const fn excess_postings(amount: Minor) -> [Posting; 2] {
    [Posting::debit(Account::MerchantPayable, amount), Posting::credit(Account::RailReceivable, amount)]
}
