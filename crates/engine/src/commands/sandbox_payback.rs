//! The sandbox rail's memory of refunds: what it was asked to give back, and what a tester decided.

use kadi_domain::id::{MerchantId, PaymentId, RefundId};
use kadi_domain::moment::Moment;
use kadi_domain::refusal::{Fault, Refusal, Stop};
use kadi_domain::sandbox::{Charge, ChargeWord, Payback, RefundStory};
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};
use crate::ports::RefundOrder;

const fn route(merchant: MerchantId, meets: i64) -> Route {
    Route { lane: Lane::Outcome, merchant, meets }
}

/// A tester chooses what the next refunds of a payment will be like.
#[derive(Debug)]
pub struct ChooseRefundStory {
    /// On whose behalf.
    pub merchant_id: MerchantId,
    /// Which payment.
    pub payment_id: PaymentId,
    /// The story.
    pub story: RefundStory,
}

impl Command for ChooseRefundStory {
    type Reply = ();

    fn route(&self) -> Route {
        route(self.merchant_id, self.payment_id.get())
    }

    fn needs(&self, needs: &mut Needs) {
        needs.charges.insert(self.payment_id);
    }

    fn decide(&self, view: &View, _moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let mut charge = view.charges.get(&self.payment_id)?.ok_or(Refusal::PaymentUnknown)?.clone();
        charge.refund_story = self.story;
        let mut changes = Changes::default();
        changes.charges.changed.push(charge);
        Ok(Decision { reply: (), changes })
    }
}

/// The rail is asked to give money back. Asking again for the same refund changes nothing.
#[derive(Debug)]
pub struct OpenPayback {
    /// What it is asked for.
    pub order: RefundOrder,
}

impl OpenPayback {
    fn behind(&self) -> PaymentId {
        Charge::behind(self.order.payment_id, Some(&self.order.rail_reference))
    }
}

impl Command for OpenPayback {
    type Reply = Payback;

    fn route(&self) -> Route {
        route(self.order.merchant_id, self.order.payment_id.get())
    }

    fn needs(&self, needs: &mut Needs) {
        needs.charges.insert(self.behind());
        needs.paybacks.insert(self.order.refund_id);
    }

    fn decide(&self, view: &View, _moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        if let Some(payback) = view.paybacks.get(&self.order.refund_id)? {
            return Ok(Decision::unchanged(payback.clone()));
        }
        let charge = view.charges.get(&self.behind())?;
        let charge = charge.ok_or_else(|| Fault::new("a refund of money that the rail never took"))?;
        let payback = Payback {
            refund_id: self.order.refund_id,
            payment_id: self.order.payment_id,
            merchant_id: self.order.merchant_id,
            amount: self.order.amount,
            story: charge.refund_story,
            settled: None,
        };
        let mut changes = Changes::default();
        changes.paybacks.new.push(payback.clone());
        Ok(Decision { reply: payback, changes })
    }
}

/// A tester decides a refund; the reply is the payback to send a notice about.
#[derive(Debug)]
pub struct SettlePayback {
    /// On whose behalf.
    pub merchant_id: MerchantId,
    /// Which payment's money.
    pub payment_id: PaymentId,
    /// Which refund.
    pub refund_id: RefundId,
    /// How it ends.
    pub word: ChargeWord,
}

impl Command for SettlePayback {
    type Reply = Payback;

    fn route(&self) -> Route {
        route(self.merchant_id, self.payment_id.get())
    }

    fn needs(&self, needs: &mut Needs) {
        needs.paybacks.insert(self.refund_id);
    }

    fn decide(&self, view: &View, _moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let mut payback = view.paybacks.get(&self.refund_id)?.ok_or(Refusal::RefundNotPending)?.clone();
        if !payback.may_end(self.word) {
            return Err(Refusal::RefundNotPending.into());
        }
        payback.settled = Some(self.word);
        let mut changes = Changes::default();
        changes.paybacks.changed.push(payback.clone());
        Ok(Decision { reply: payback, changes })
    }
}
