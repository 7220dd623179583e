//! What a link must show: the model's answer to what is read from the store.

use super::books::Balances;
use super::link::Link;

/// A link as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) word: String,
    pub(crate) captured: i64,
    pub(crate) refunded: i64,
    pub(crate) refund_pending: i64,
    pub(crate) held: i64,
    pub(crate) reserved: i64,
    pub(crate) is_opened: bool,
    pub(crate) is_sent: bool,
    pub(crate) resent: i64,
    pub(crate) payments: Vec<ShownPayment>,
    pub(crate) refunds: Vec<ShownRefund>,
    pub(crate) events: Vec<String>,
    /// How many deliveries there are of its events.
    pub(crate) deliveries: usize,
    pub(crate) balances: Balances,
}

/// A payment as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShownPayment {
    pub(crate) state: String,
    pub(crate) applied: i64,
    pub(crate) surcharge: i64,
    pub(crate) has_place: bool,
    pub(crate) took: Option<i64>,
    pub(crate) reason: Option<String>,
    pub(crate) decided: Option<String>,
    pub(crate) fee: i64,
    pub(crate) tax: i64,
    pub(crate) refunded: i64,
    pub(crate) refund_pending: i64,
}

/// A refund as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShownRefund {
    pub(crate) payment: usize,
    pub(crate) state: String,
    pub(crate) amount: i64,
    pub(crate) fee: i64,
    pub(crate) tax: i64,
    pub(crate) is_excess: bool,
}

impl Link {
    /// How many messages there must be in all, and how many of them are receipts.
    pub(crate) fn messages(&self, shop: &super::Shop) -> (usize, usize) {
        let captures = self.events.iter().filter(|event| event.starts_with("payment.captured")).count();
        let receipts = if shop.sends_receipts && self.terms.is_sent { captures } else { 0 };
        let asked = usize::from(self.terms.is_sent) + usize::try_from(self.resent).unwrap();
        (asked + receipts, receipts)
    }

    /// What it must show.
    pub(crate) fn shown(&self, now: i64) -> Shown {
        let payments: Vec<_> = (0..self.payments.len()).map(|number| self.shown_payment(number)).collect();
        let captured = || payments.iter().filter(|payment| payment.state == "captured");
        let is_held = |payment: &super::Payment| payment.state == "held" && payment.is_rupees();
        let held = (0..payments.len()).filter(|number| is_held(&self.payments[*number]));
        let tells = |event: &String| {
            let name = event.split(' ').next().unwrap();
            let hears = |only: &Vec<&str>| only.is_empty() || only.contains(&name);
            self.terms.subscribers.iter().filter(|subscriber| hears(&subscriber.only)).count()
        };
        let refund = |refund: &super::refund::Refund| ShownRefund {
            payment: refund.payment,
            state: refund.state.to_owned(),
            amount: refund.amount,
            fee: refund.fee,
            tax: refund.tax,
            is_excess: refund.is_excess,
        };
        Shown {
            word: self.word(now).to_owned(),
            captured: self.captured(),
            refunded: captured().map(|payment| payment.refunded).sum(),
            refund_pending: captured().map(|payment| payment.refund_pending).sum(),
            held: held.map(|number| self.left_of(number)).sum(),
            reserved: self.reserved(),
            is_opened: self.is_opened,
            is_sent: self.is_sent,
            resent: self.resent,
            refunds: self.refunds.iter().map(refund).collect(),
            events: self.events.clone(),
            deliveries: self.events.iter().map(tells).sum(),
            balances: self.balances(),
            payments,
        }
    }

    fn shown_payment(&self, number: usize) -> ShownPayment {
        let payment = &self.payments[number];
        let out =
            |state| self.out(number).filter(move |refund| refund.state == state).map(|refund| refund.amount);
        ShownPayment {
            state: payment.state.to_owned(),
            applied: payment.applied,
            surcharge: payment.surcharge,
            has_place: payment.holds_place(),
            took: payment.took.as_ref().map(|took| took.amount),
            reason: payment
                .reason
                .filter(|_| !payment.was_captured || payment.decided.is_some())
                .map(str::to_owned),
            decided: payment.decided.map(str::to_owned),
            fee: payment.cost.fee,
            tax: payment.cost.tax,
            refunded: out("succeeded").sum(),
            refund_pending: out("pending").sum(),
        }
    }
}
