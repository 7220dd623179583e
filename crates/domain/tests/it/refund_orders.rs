//! Every sequence of up to six reports about two refunds of a payment, and about the payment itself.
//!
//! A failure that nobody asked about only makes Kadi ask, and an answer to a question is the rail's own
//! truth: so what comes unasked ends the same in every order, and with the rail's answer behind it the end is
//! the rail's.

use kadi_domain::amount::Minor;
use kadi_domain::ledger::Account;
use kadi_domain::merchant::FeeBearer;
use kadi_domain::rail::RefundReport;
use kadi_domain::refund::{Refund, Refunded, request, settle_refund};

use crate::books::balance;
use crate::permutations::{Ends, every_order};
use crate::refunds::paid;
use crate::world::{World, once, reusable};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Say {
    Succeeded(usize),
    Failed(usize),
    Pending(usize),
    Reversed(usize),
    PaymentSucceeded,
    PaymentFailed,
    PaymentReversed,
}

const SAYS: [Say; 10] = [
    Say::Succeeded(0),
    Say::Failed(0),
    Say::Reversed(0),
    Say::Succeeded(1),
    Say::Failed(1),
    Say::Pending(1),
    Say::Reversed(1),
    Say::PaymentSucceeded,
    Say::PaymentFailed,
    Say::PaymentReversed,
];

#[derive(Clone)]
struct Shop {
    world: World,
    refunds: Vec<Refund>,
    /// Refunds that the rail is to be asked about.
    doubtful: [bool; 2],
}

impl Shop {
    /// 1,000 captured, 600 and 400 on their way back.
    fn refunding(mut world: World, bearer: FeeBearer) -> Self {
        world.merchant.refund_fee_bearer = bearer;
        let success = world.succeeded(0);
        world.report(0, &success);
        let mut shop = Self { world, refunds: Vec::new(), doubtful: [false; 2] };
        for amount in [600, 400] {
            let (paid, merchant) = (paid(&shop.world, 0), shop.world.merchant.clone());
            let done = shop.world.with_moment(|m| request(paid, &merchant, None, Minor::new(amount), m));
            let refund = shop.keep(done.unwrap());
            shop.refunds.push(refund);
        }
        shop
    }

    fn keep(&mut self, done: Refunded) -> Refund {
        self.world.link = done.link;
        self.world.payments[0] = done.payment;
        self.world.entries.extend(done.entries);
        done.refund
    }

    fn tell(&mut self, at: usize, report: &RefundReport, was_asked: bool) {
        let paid = paid(&self.world, 0);
        let (merchant, refund) = (self.world.merchant.clone(), self.refunds[at].clone());
        let done = self.world.with_moment(|moment| {
            settle_refund(paid, refund, Vec::new(), &merchant, report, was_asked, moment).unwrap()
        });
        self.doubtful[at] |= done.ask_rail;
        self.refunds[at] = self.keep(done);
    }

    fn hear(&mut self, say: Say) {
        let reference = || "RFN".to_owned();
        match say {
            Say::Succeeded(at) => self.tell(at, &RefundReport::Succeeded { reference: reference() }, false),
            Say::Failed(at) => self.tell(at, &RefundReport::Failed { reason: "closed".into() }, false),
            Say::Pending(at) => self.tell(at, &RefundReport::Pending, false),
            Say::Reversed(at) => self.tell(at, &RefundReport::Reversed { reference: reference() }, false),
            Say::PaymentSucceeded => drop(self.world.report(0, &self.world.succeeded(0))),
            Say::PaymentFailed => drop(self.world.report(0, &crate::world::failed())),
            Say::PaymentReversed => drop(self.world.report(0, &self.world.reversed(0))),
        }
    }

    /// Asks the rail about what is doubtful. Its truth: back again where it ever said so, else with the payer
    /// where it ever said so, else not.
    fn ask(&mut self, says: &[Say]) {
        for at in [0, 1] {
            let reference = || "RFN".to_owned();
            let truth = if says.contains(&Say::Reversed(at)) {
                RefundReport::Reversed { reference: reference() }
            } else if says.contains(&Say::Succeeded(at)) {
                RefundReport::Succeeded { reference: reference() }
            } else {
                RefundReport::Failed { reason: "closed".into() }
            };
            if self.doubtful[at] {
                self.tell(at, &truth, true);
            }
        }
    }

    fn end(&self) -> impl Ord + std::fmt::Debug + use<> {
        let (sums, payment) = (self.world.link.sums, &self.world.payments[0]);
        let gone = payment.refunds;
        let words: Vec<_> = self.refunds.iter().map(|refund| refund.state.word()).collect();
        let accounts = Account::CHART.map(|(account, ..)| balance(&self.world, |of| of == account));
        (
            (sums.captured, sums.refunded, sums.refund_pending, sums.held, sums.captured_count),
            (payment.state.word(), gone.refunded, gone.pending, gone.fee, gone.fee_tax),
            words,
            accounts,
        )
    }

    /// Never more back than came, and the rail's money is what it says.
    fn assert_bounds(&self, says: &[Say]) {
        let gone = self.world.payments[0].refunds;
        assert!(gone.refunded.get() >= 0 && gone.pending.get() >= 0, "{says:?}");
        assert!(gone.refunded.get() + gone.pending.get() <= 1_000, "{says:?}");
        let came = if says.contains(&Say::PaymentReversed) { 0 } else { 1_000 };
        let rail = balance(&self.world, |account| account == Account::RailReceivable);
        assert_eq!(rail, came - gone.refunded.get(), "{says:?}");
        assert_eq!(balance(&self.world, |_| true), 0, "{says:?}");
    }
}

/// Four in every run; all six where there is time.
fn longest() -> usize {
    if std::env::var_os("KADI_LONG").is_some() { 6 } else { 4 }
}

#[test]
fn every_order_of_reports_about_refunds_and_their_payment_ends_in_the_same_state() {
    for (world, bearer) in
        [(World::paying(once()), FeeBearer::Merchant), (World::paying(reusable()), FeeBearer::Platform)]
    {
        let mut ends = Ends::default();
        every_order(&Shop::refunding(world, bearer), &SAYS, longest(), &mut |shop, says| {
            if let Some(&say) = says.last() {
                shop.hear(say);
                let before = shop.end();
                shop.hear(say);
                assert!(shop.end() == before, "told twice: {says:?}");
            }
            shop.assert_bounds(says);
            let mut asked = shop.clone();
            asked.ask(says);
            asked.assert_bounds(says);
            ends.add(says, (shop.end(), asked.end()));
        });
        ends.assert_one_each(380);
    }
}
