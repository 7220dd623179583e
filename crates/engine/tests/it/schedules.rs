//! Random schedules on a real store: what meets in a batch, what rails say and when time passes is drawn;
//! after every batch all books are checked, and the money in them is what the rails have.

use std::collections::BTreeMap;
use std::sync::Arc;

use kadi_domain::create::{Expiry, NewLink};
use kadi_domain::id::PaymentId;
use kadi_domain::link::Link;
use kadi_domain::payment::Payment;
use kadi_domain::rail::Report;
use kadi_domain::time::{DAY_MS, MINUTE_MS};
use kadi_engine::command::Failure;
use kadi_engine::commands::cancel_link::CancelLink;
use kadi_engine::commands::expire_link::ExpireLink;
use kadi_engine::commands::open_link::OpenLink;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::commands::seal_books::SealBooks;
use kadi_engine::commands::start_payment::StartPayment;
use kadi_engine::pay::check;
use kadi_engine::ports::Word;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::gate::{Call, hold};
use crate::rail::{TestRail, attempt, failed, reversed, succeeded};
use crate::world::{World, many, once, one_order};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Say {
    Success,
    Failure,
    Pending,
    Reversed,
}

#[derive(Clone, Debug)]
enum Act {
    Start(Index),
    /// The rail sends a notice.
    Tell(Index, Say),
    /// The rail is asked; none is silence.
    Ask(Index, Option<Say>),
    Cancel(Index),
    Expire(Index),
    Open(Index),
    Seal,
}

/// Minutes that pass, and then what meets in one batch.
type Batch = (i64, Vec<Act>);

fn say() -> impl Strategy<Value = Say> {
    select(vec![Say::Success, Say::Success, Say::Failure, Say::Pending, Say::Reversed])
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => any::<Index>().prop_map(Act::Start),
        6 => (any::<Index>(), say()).prop_map(|(payment, say)| Act::Tell(payment, say)),
        3 => (any::<Index>(), prop::option::of(say())).prop_map(|(payment, say)| Act::Ask(payment, say)),
        1 => any::<Index>().prop_map(Act::Cancel),
        1 => any::<Index>().prop_map(Act::Expire),
        1 => any::<Index>().prop_map(Act::Open),
        1 => Just(Act::Seal),
    ]
}

fn batches() -> impl Strategy<Value = Vec<Batch>> {
    prop::collection::vec((select(vec![0, 0, 0, 1, 5, 15]), prop::collection::vec(act(), 1..8)), 1..12)
}

struct Schedule {
    world: World,
    links: Vec<Link>,
    payments: Vec<Payment>,
    /// What the rail has said about each payment.
    said: BTreeMap<PaymentId, Vec<Say>>,
}

fn report(payment: &Payment, say: Say) -> Report {
    match say {
        Say::Success => succeeded(payment),
        Say::Failure => failed(),
        Say::Pending => Report::Pending,
        Say::Reversed => reversed(payment),
    }
}

impl Schedule {
    async fn new() -> Self {
        let world = World::new().await;
        let now = world.engine.now();
        let expiring = |at_ms| NewLink { expiry: Expiry::At(now.plus_ms(at_ms)), ..once() };
        let asked =
            [once(), many(None), many(Some(2)), one_order(), expiring(20 * MINUTE_MS), expiring(DAY_MS)];
        let mut links = Vec::new();
        for new in asked {
            links.push(world.link(new).await);
        }
        Self { world, links, payments: Vec::new(), said: BTreeMap::new() }
    }

    /// The command of an act, not yet submitted; none where it needs a payment and there is none.
    fn call(&mut self, act: &Act) -> Option<Call<Option<Payment>>> {
        let engine = self.world.engine.clone();
        let (merchant_id, links) = (self.world.merchant, &self.links);
        let link = |index: &Index| links[index.index(links.len())].id;
        Some(match act {
            Act::Start(index) => {
                let start = StartPayment { merchant_id, link_id: link(index), attempt: attempt() };
                Box::pin(async move { engine.submit(start).await.map(|begun| Some(begun.either())) })
            }
            Act::Tell(index, say) => {
                let payment = self.payment(index)?;
                self.said.entry(payment.id).or_default().push(*say);
                let tell = RecordReport::about(&payment, report(&payment, *say));
                Box::pin(async move { engine.submit(tell).await.map(|_| None) })
            }
            Act::Ask(index, say) => {
                let (payment, rail) = (self.payment(index)?, Arc::new(TestRail::default()));
                if let Some(say) = say {
                    self.said.entry(payment.id).or_default().push(*say);
                    rail.tell(&payment, Word::Report(report(&payment, *say)));
                }
                Box::pin(async move { check(&engine, rail.as_ref(), &payment).await.map(|_| None) })
            }
            Act::Cancel(index) => {
                let cancel =
                    CancelLink { merchant_id, link_id: link(index), idempotency: None, also: Vec::new() };
                Box::pin(async move { engine.submit(cancel).await.map(|_| None) })
            }
            Act::Expire(index) => {
                let expire = ExpireLink { merchant_id, link_id: link(index) };
                Box::pin(async move { engine.submit(expire).await.map(|()| None) })
            }
            Act::Open(index) => {
                let open = OpenLink { merchant_id, link_id: link(index) };
                Box::pin(async move { engine.submit(open).await.map(|()| None) })
            }
            Act::Seal => {
                Box::pin(async move { engine.submit(SealBooks { merchant_id }).await.map(|_| None) })
            }
        })
    }

    fn payment(&self, index: &Index) -> Option<Payment> {
        let count = self.payments.len();
        (count > 0).then(|| self.payments[index.index(count)].clone())
    }

    /// Carries out a batch: all of it waits before any of it is decided.
    async fn meet(&mut self, acts: &[Act]) {
        let calls: Vec<_> = acts.iter().filter_map(|act| self.call(act)).collect();
        let held = hold(&self.world.engine);
        let waiting = calls.into_iter().map(tokio::spawn).collect::<Vec<_>>();
        tokio::task::yield_now().await;
        held.open().await;
        for call in waiting {
            match call.await.unwrap() {
                Ok(started) => self.payments.extend(started),
                Err(Failure::Refused(_)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
    }

    /// What the rails have taken and not given back, by what they said in whatever order.
    fn rails_money(&self) -> i64 {
        let has = |says: &&Vec<Say>| says.contains(&Say::Success) && !says.contains(&Say::Reversed);
        i64::try_from(self.said.values().filter(has).count()).unwrap() * 1_000
    }

    async fn booked_money(&self) -> i64 {
        let mut money = 0;
        for link in &self.links {
            let sums = self.world.stored(link.id).await.sums;
            money += sums.captured.get() + sums.held.get();
        }
        money
    }
}

async fn run(batches: Vec<Batch>) {
    let mut schedule = Schedule::new().await;
    for (minutes, acts) in batches {
        schedule.world.pass(minutes).await;
        schedule.meet(&acts).await;
        schedule.world.assert_clean().await;
        assert_eq!(schedule.booked_money().await, schedule.rails_money(), "{acts:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_every_batch_the_books_are_right_and_hold_what_the_rails_have(batches in batches()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(run(batches));
    }
}
