//! Watching a payment: who is woken, and how many may.

use std::time::Duration;

use kadi_domain::id::PaymentId;
use kadi_domain::payment::Payment;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::pay::{Pay, pay};
use kadi_engine::watches::{WATCHES_MAX, WATCHES_OF_PAYMENT_MAX, Watch};

use crate::rail::{TestRail, attempt, succeeded};
use crate::world::{World, once};

async fn pending(world: &World) -> Payment {
    let link = world.link(once()).await;
    let choice = "pending".to_owned();
    let asked = Pay { merchant_id: link.merchant_id, link_id: link.id, attempt: attempt(), choice };
    pay(&world.engine, &TestRail::default(), asked).await.unwrap()
}

async fn is_woken(watch: &mut Watch) -> bool {
    tokio::time::timeout(Duration::from_millis(200), watch.changed()).await.is_ok()
}

#[tokio::test]
async fn a_commit_wakes_those_who_watch_its_payment_and_nobody_else() {
    let world = World::new().await;
    let (one, other) = (pending(&world).await, pending(&world).await);
    let watch = |payment: &Payment| world.engine.watch_payment(payment.id).unwrap();
    let (mut first, mut second, mut elsewhere) = (watch(&one), watch(&one), watch(&other));
    assert!(!is_woken(&mut first).await, "what happened before is not told");
    world.engine.submit(RecordReport::about(&one, succeeded(&one))).await.unwrap();
    assert!(is_woken(&mut first).await && is_woken(&mut second).await);
    assert!(!is_woken(&mut first).await, "a change is told once");
    assert!(!is_woken(&mut elsewhere).await);
}

#[tokio::test]
async fn places_are_limited_for_a_payment_and_for_all_and_are_given_back() {
    let world = World::new().await;
    let watch = |id: i64| world.engine.watch_payment(PaymentId::new(id));
    let mut of_one: Vec<Watch> = (0..WATCHES_OF_PAYMENT_MAX).map(|_| watch(1).unwrap()).collect();
    assert!(watch(1).is_none());
    of_one.pop();
    of_one.push(watch(1).unwrap());
    assert!(watch(1).is_none());
    let mut rest: Vec<Watch> = (2..).take(WATCHES_MAX - of_one.len()).map(|id| watch(id).unwrap()).collect();
    assert!(watch(-1).is_none(), "no place is left for anybody");
    drop(of_one);
    rest.extend((0..WATCHES_OF_PAYMENT_MAX).map(|_| watch(1).unwrap()));
    assert!(watch(-1).is_none());
}
