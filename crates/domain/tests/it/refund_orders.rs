//! Every sequence of up to six reports about two refunds of a payment, and about the payment itself.
//!
//! A failure that nobody asked about only makes Kadi ask, and an answer to a question is the rail's own
//! truth: so what comes unasked ends the same in every order, and with the rail's answer behind it the end is
//! the rail's.

use kadi_domain::amount::Minor;
use kadi_domain::id::MerchantId;
use kadi_domain::ledger::Account;
use kadi_domain::merchant::FeeBearer;
use kadi_domain::rail::RefundReport;
use kadi_domain::refund::{Refund, Refundable, Refunded, request, settle_refund};
use kadi_domain::split::{Part, Share, SplitRule};
use kadi_domain::split_refund::{SplitRefund, parts_of};

use crate::books::balance;
use crate::permutations::{Ends, every_order};
use crate::size::size;
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
    /// What each takes of the children's parts.
    children: [Vec<SplitRefund>; 2],
    /// Refunds that the rail is to be asked about.
    doubtful: [bool; 2],
}

impl Shop {
    /// 1,000 captured, 600 and 400 on their way back.
    fn refunding(mut world: World, bearer: FeeBearer) -> Self {
        world.merchant.refund_fee_bearer = bearer;
        let success = world.succeeded(0);
        world.report(0, &success);
        let children = [Vec::new(), Vec::new()];
        let mut shop = Self { world, refunds: Vec::new(), children, doubtful: [false; 2] };
        for (at, amount) in [600, 400].into_iter().enumerate() {
            let (paid, merchant) = (shop.paid(), shop.world.merchant.clone());
            let done = shop.world.with_moment(|m| request(paid, &merchant, None, Minor::new(amount), m));
            let refund = shop.keep(at, done.unwrap());
            shop.refunds.push(refund);
        }
        shop
    }

    fn paid(&self) -> Refundable {
        let payment = self.world.payments[0].clone();
        let parts = parts_of(&payment, &self.world.split, self.world.parts.get(&0)).unwrap();
        Refundable { link: self.world.link.clone(), payment, parts }
    }

    fn keep(&mut self, at: usize, done: Refunded) -> Refund {
        self.world.link = done.link;
        self.world.payments[0] = done.payment;
        self.world.parts.insert(0, done.parts);
        self.world.entries.extend(done.entries);
        self.children[at] = done.children;
        done.refund
    }

    fn tell(&mut self, at: usize, report: &RefundReport, was_asked: bool) {
        let (paid, children) = (self.paid(), self.children[at].clone());
        let (merchant, refund) = (self.world.merchant.clone(), self.refunds[at].clone());
        let done = self.world.with_moment(|moment| {
            settle_refund(paid, refund, children, &merchant, report, was_asked, moment).unwrap()
        });
        self.doubtful[at] |= done.ask_rail;
        self.refunds[at] = self.keep(at, done);
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
            (accounts, self.of_children()),
        )
    }

    /// What the books owe each child, and what its part says to have given back.
    fn of_children(&self) -> Vec<(i64, Part)> {
        let owed = |child| -> i64 {
            let postings = self.world.entries.iter().map(|entry| entry.posting);
            let own = postings.filter(|posting| posting.child == Some(child));
            own.map(|posting| posting.credit.get() - posting.debit.get()).sum()
        };
        self.paid().parts.iter().map(|part| (owed(part.child_id), part.back)).collect()
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
        assert!(self.of_children().iter().all(|(owed, _)| *owed >= 0), "{says:?}");
    }
}

/// Four in every run; all six where there is time.
fn longest() -> usize {
    size(4, 6)
}

/// Half for a child that bears its part of the fee, a fifth for one that does not.
fn divided() -> World {
    let mut world = World::paying(reusable());
    let rule = |child, bps, bears_fee| SplitRule {
        child_id: MerchantId::new(child),
        share: Share::Percent(bps),
        bears_fee,
    };
    world.split = vec![rule(101, 5_000, true), rule(102, 2_000, false)];
    world
}

#[test]
fn every_order_of_reports_about_refunds_and_their_payment_ends_in_the_same_state() {
    for (world, bearer) in [
        (World::paying(once()), FeeBearer::Merchant),
        (divided(), FeeBearer::Merchant),
        (divided(), FeeBearer::Platform),
    ] {
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
