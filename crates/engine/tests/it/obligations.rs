//! Several links for what is owed once: whatever payers do at one moment, one payment counts.

use std::sync::Arc;

use kadi_domain::amount::Minor;
use kadi_domain::create::{Extras, NewLink, Use};
use kadi_domain::event::EventKind;
use kadi_domain::job::JobKind;
use kadi_domain::link::{Link, LinkStatus, LinkWord};
use kadi_domain::payment::{HoldDecision, HoldReason, Payment, PaymentState};
use kadi_domain::refusal::Refusal;
use kadi_engine::command::Failure;
use kadi_engine::commands::close_links::CloseLinks;
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::commands::decide_hold::DecideHold;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::commands::start_payment::StartPayment;
use kadi_engine::pay::{Pay, pay};

use crate::gate::{hold, queued};
use crate::rail::{TestRail, attempt, reversed, succeeded};
use crate::world::{World, once};

fn owed(name: &str) -> NewLink {
    NewLink { extras: Extras { obligation: Some(name.to_owned()), ..Extras::default() }, ..once() }
}

async fn refused(world: &World, new: NewLink) -> Failure {
    let command = CreateLink { merchant_id: world.merchant, new, idempotency: None };
    world.engine.submit(command).await.unwrap_err()
}

async fn started(world: &World, link: &Link) -> Result<Payment, Failure> {
    let command = StartPayment { merchant_id: link.merchant_id, link_id: link.id, attempt: attempt() };
    world.engine.submit(command).await.map(Once::either)
}

/// What the worker does about the job of the payment that counts.
async fn close(world: &World, paid: &Payment) {
    let Payment { id, link_id, merchant_id, .. } = *paid;
    let look = move |reader: &kadi_engine::Reader| {
        let obligation = reader.link(link_id)?.and_then(|link| link.terms.obligation).unwrap();
        reader.active_links_of(obligation)
    };
    let link_ids = world.read(look).await;
    let command = CloseLinks { merchant_id, payment_id: id, paid_link_id: link_id, link_ids };
    world.engine.submit(command).await.unwrap();
    assert!(world.job(JobKind::CloseLinks, id.get()).await.is_none());
}

fn is_second(payment: &Payment) -> bool {
    matches!(payment.state, PaymentState::Held { reason: HoldReason::Duplicate, .. })
}

#[tokio::test]
async fn of_payments_on_many_links_at_one_moment_one_counts_and_the_rest_is_held() {
    let world = World::new().await;
    let (mut links, mut payments) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        let link = world.link(owed("Term 2")).await;
        payments.push(started(&world, &link).await.unwrap());
        links.push(link);
    }
    let gate = hold(&world.engine);
    let calls: Vec<_> = [&payments, &payments]
        .into_iter()
        .flatten()
        .map(|payment| queued(&world.engine, RecordReport::about(payment, succeeded(payment))))
        .collect();
    gate.open().await;
    let mut ends = Vec::new();
    for call in calls {
        ends.push(call.await.unwrap());
    }
    assert!(ends[..20].iter().zip(&ends[20..]).all(|(first, again)| first.state == again.state));
    let counting: Vec<_> = ends[..20].iter().filter(|end| end.state.word() == "captured").collect();
    assert_eq!((counting.len(), ends[..20].iter().filter(|end| is_second(end)).count()), (1, 19));
    let (mut captured, mut held) = (Minor::ZERO, Minor::ZERO);
    for link in &links {
        let sums = world.stored(link.id).await.sums;
        captured = captured.plus(sums.captured).unwrap();
        held = held.plus(sums.held).unwrap();
    }
    assert_eq!((captured, held), (Minor::new(1_000), Minor::new(19_000)));
    world.assert_clean().await;

    // Held money has no room as long as the first counts.
    let second = ends.iter().find(|end| is_second(end)).unwrap();
    let Payment { merchant_id, link_id, id, .. } = *second;
    let apply = || DecideHold {
        merchant_id,
        link_id,
        payment_id: id,
        decision: HoldDecision::Apply,
        idempotency: None,
    };
    let refused = Err(Failure::Refused(Refusal::HoldHasNoRoom));
    assert_eq!(world.engine.submit(apply()).await.map(|_| ()), refused);
    let first = counting[0];
    world.engine.submit(RecordReport::about(first, reversed(first))).await.unwrap();
    world.engine.submit(apply()).await.unwrap();
    assert_eq!(world.payment(id).await.state.word(), "captured");
    world.assert_clean().await;
}

#[tokio::test]
async fn the_first_capture_closes_the_other_links_at_once_and_by_a_job() {
    let world = World::new().await;
    let (first, second) = (world.link(owed("Rent")).await, world.link(owed("Rent")).await);
    let other = world.link(owed("Garage")).await;
    let paid = started(&world, &first).await.unwrap();
    world.engine.submit(RecordReport::about(&paid, succeeded(&paid))).await.unwrap();
    // Before the job has run.
    assert_eq!(world.stored(second.id).await.status, LinkStatus::Active);
    assert_eq!(started(&world, &second).await, Err(Failure::Refused(Refusal::LinkCancelled)));
    assert_eq!(started(&world, &first).await, Err(Failure::Refused(Refusal::LinkCompleted)));
    assert!(world.job(JobKind::CloseLinks, paid.id.get()).await.is_some());
    close(&world, &paid).await;
    let closed = world.stored(second.id).await;
    assert!(matches!(closed.status, LinkStatus::Closed { .. }));
    assert_eq!(closed.word(world.engine.now()), LinkWord::Cancelled);
    assert_eq!(started(&world, &second).await, Err(Failure::Refused(Refusal::LinkCancelled)));
    let events = world.read(move |reader| reader.events_of(second.id)).await;
    let told: Vec<_> = events.into_iter().map(|event| event.kind).collect();
    assert_eq!(told, [EventKind::LinkCreated, EventKind::LinkCancelled]);
    assert_eq!(world.stored(other.id).await.status, LinkStatus::Active, "another obligation");
    world.assert_clean().await;

    // Money that has gone again leaves the obligation open, by its first link.
    world.engine.submit(RecordReport::about(&paid, reversed(&paid))).await.unwrap();
    assert!(matches!(world.stored(second.id).await.status, LinkStatus::Closed { .. }));
    let again = started(&world, &first).await.unwrap();
    world.engine.submit(RecordReport::about(&again, succeeded(&again))).await.unwrap();
    close(&world, &again).await;
    world.assert_clean().await;
}

#[tokio::test]
async fn a_capture_that_was_taken_back_before_the_job_ran_closes_nothing() {
    let world = World::new().await;
    let (first, second) = (world.link(owed("Rent")).await, world.link(owed("Rent")).await);
    let paid = started(&world, &first).await.unwrap();
    world.engine.submit(RecordReport::about(&paid, succeeded(&paid))).await.unwrap();
    world.engine.submit(RecordReport::about(&paid, reversed(&paid))).await.unwrap();
    close(&world, &paid).await;
    assert_eq!(world.stored(second.id).await.status, LinkStatus::Active);
    assert!(started(&world, &second).await.is_ok());
}

#[tokio::test]
async fn an_obligation_takes_links_of_its_amount_until_it_is_paid() {
    let world = World::new().await;
    let first = world.link(owed("Term 2")).await;
    let mismatch = Failure::Refused(Refusal::ObligationMismatch);
    let less = NewLink { amount: Some(Minor::new(999)), ..owed("Term 2") };
    assert_eq!(refused(&world, less).await, mismatch);
    let many = NewLink { uses: Use::Many { max_payments: None }, ..owed("Term 2") };
    assert_eq!(refused(&world, many).await, mismatch);
    for _ in 1..100 {
        world.link(owed("Term 2")).await;
    }
    assert_eq!(refused(&world, owed("Term 2")).await, Failure::Refused(Refusal::ObligationFull));
    let paid = started(&world, &first).await.unwrap();
    world.engine.submit(RecordReport::about(&paid, succeeded(&paid))).await.unwrap();
    close(&world, &paid).await;
    assert_eq!(refused(&world, owed("Term 2")).await, Failure::Refused(Refusal::ObligationPaid));
    // A name is one merchant's.
    assert_eq!(world.link(owed("Term 3")).await.terms.split_count, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn crowds_on_the_links_of_one_obligation_never_pay_it_twice() {
    let world = World::new().await;
    for round in 0..3 {
        let (name, rail) = (format!("Term {round}"), Arc::new(TestRail::default()));
        let mut links = Vec::new();
        for _ in 0..8 {
            links.push(world.link(owed(&name)).await);
        }
        let choices = ["success", "failure", "success", "reversal", "silence"];
        let payers: Vec<_> = (0..160)
            .map(|at| {
                let (engine, rail) = (world.engine.clone(), Arc::clone(&rail));
                let (merchant_id, link_id) = (world.merchant, links[at % links.len()].id);
                let choice = choices[at % choices.len()].to_owned();
                let asked = Pay { merchant_id, link_id, attempt: attempt(), choice };
                tokio::spawn(async move { pay(&engine, rail.as_ref(), asked).await })
            })
            .collect();
        for payer in payers {
            let end = payer.await.unwrap();
            let refused = [Refusal::LinkBusy, Refusal::LinkCompleted, Refusal::LinkCancelled]
                .map(|no| Err(Failure::Refused(no)));
            assert!(end.is_ok() || refused.contains(&end), "{end:?}");
        }
        let mut captured = 0;
        for link in &links {
            captured += world.stored(link.id).await.sums.captured_count;
        }
        assert!(captured <= 1, "{captured} payments count");
        world.assert_clean().await;
    }
}
