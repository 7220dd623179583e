//! Many payers at once: sums stay right, one batch is one update of the link, and no link takes more than it
//! may.

use std::sync::Arc;

use kadi_domain::amount::Minor;
use kadi_domain::create::NewLink;
use kadi_domain::link::{Link, LinkStatus};
use kadi_domain::payment::Payment;
use kadi_domain::refusal::Refusal;
use kadi_engine::command::Failure;
use kadi_engine::commands::create_link::Once;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::commands::start_payment::StartPayment;
use kadi_engine::pay::{Pay, pay};

use crate::gate::{hold, queued};
use crate::rail::{TestRail, attempt, succeeded};
use crate::world::{World, many, once, one_order};

const CROWD: i64 = 1_000;
/// The most commands of one batch (queue.rs).
const BATCH_MAX: i64 = 256;

fn start(link: &Link) -> StartPayment {
    StartPayment { merchant_id: link.merchant_id, link_id: link.id, attempt: attempt() }
}

/// Lets a crowd start to pay at one moment.
async fn rush(world: &World, link: &Link) -> Vec<Result<Payment, Failure>> {
    let held = hold(&world.engine);
    let calls: Vec<_> = (0..CROWD).map(|_| queued(&world.engine, start(link))).collect();
    held.open().await;
    let mut ends = Vec::new();
    for call in calls {
        ends.push(call.await.map(Once::either));
    }
    ends
}

#[tokio::test]
async fn a_thousand_payers_on_one_reusable_link_are_a_link_update_for_each_batch() {
    let world = World::new().await;
    let link = world.link(many(None)).await;
    let batches = (CROWD + BATCH_MAX - 1) / BATCH_MAX;

    let payments: Vec<Payment> = rush(&world, &link).await.into_iter().map(Result::unwrap).collect();
    let started = world.stored(link.id).await;
    assert_eq!(started.version, link.version + batches);
    assert_eq!((started.sums.reserved, started.sums.reserved_count), (Minor::new(CROWD * 1_000), CROWD));
    world.assert_clean().await;

    let held = hold(&world.engine);
    let reports = payments.iter().map(|payment| RecordReport::about(payment, succeeded(payment)));
    let calls: Vec<_> = reports.map(|report| queued(&world.engine, report)).collect();
    held.open().await;
    for call in calls {
        assert_eq!(call.await.unwrap().state.word(), "captured");
    }
    let paid = world.stored(link.id).await;
    assert_eq!(paid.version, started.version + batches);
    assert_eq!((paid.sums.captured, paid.sums.captured_count), (Minor::new(CROWD * 1_000), CROWD));
    assert_eq!((paid.sums.reserved, paid.sums.reserved_count), (Minor::ZERO, 0));
    assert_eq!(paid.chain.count, CROWD * 4);
    assert_eq!(paid.event_count, 1 + CROWD);
    world.assert_clean().await;
}

#[tokio::test]
async fn a_thousand_payers_on_one_obligation_are_exactly_one_reservation() {
    let world = World::new().await;
    for new in [once(), one_order(), many(Some(1))] {
        let link = world.link(new).await;
        let (won, lost): (Vec<_>, Vec<_>) = rush(&world, &link).await.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        assert!(lost.iter().all(|end| *end == Err(Failure::Refused(Refusal::LinkBusy))));
        let sums = world.stored(link.id).await.sums;
        assert_eq!((sums.reserved, sums.reserved_count), (Minor::new(1_000), 1));
        let payments = world.read(move |reader| reader.payments_page(link.id, None, i64::MAX)).await;
        assert_eq!(payments.len(), 1, "a refused start leaves no payment");
    }
    world.assert_clean().await;
}

#[tokio::test]
async fn ten_places_are_ten_reservations() {
    let world = World::new().await;
    let link = world.link(many(Some(10))).await;
    let won = rush(&world, &link).await.into_iter().filter(Result::is_ok).count();
    assert_eq!(won, 10);
    world.assert_clean().await;
}

/// Waves of payers who meet every kind of end, truly at the same time; at most so many, until the link is
/// completed.
async fn waves(world: &World, new: NewLink, choices: &'static [&'static str], most: usize) -> Link {
    let (link, rail) = (world.link(new).await, Arc::new(TestRail::default()));
    for wave in 0..most {
        if world.stored(link.id).await.status != LinkStatus::Active {
            break;
        }
        let payers: Vec<_> = (0..60)
            .map(|at| {
                let (engine, rail) = (world.engine.clone(), Arc::clone(&rail));
                let (merchant_id, link_id) = (link.merchant_id, link.id);
                // Whoever comes first in a wave meets another end than in the wave before.
                let choice = choices[(wave + at) % choices.len()].to_owned();
                let asked = Pay { merchant_id, link_id, attempt: attempt(), choice };
                tokio::spawn(async move { pay(&engine, rail.as_ref(), asked).await })
            })
            .collect();
        for payer in payers {
            let end = payer.await.unwrap();
            let refused = [Refusal::LinkBusy, Refusal::LinkCompleted].map(|no| Err(Failure::Refused(no)));
            assert!(end.is_ok() || refused.contains(&end), "{end:?}");
        }
        world.assert_clean().await;
    }
    world.stored(link.id).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_number_of_payments_is_never_exceeded_whatever_becomes_of_them() {
    let world = World::new().await;
    let mixed = &["failure", "success", "reversal", "failure", "success", "pending", "silence"];
    let link = waves(&world, many(Some(12)), mixed, 4).await;
    assert!(link.sums.captured_count + link.sums.reserved_count <= 12, "{:?}", link.sums);
    assert!(link.sums.captured_count > 0);

    let sure = waves(&world, many(Some(12)), &["failure", "success"], 40).await;
    assert_eq!((sure.sums.captured_count, sure.sums.reserved_count), (12, 0));
    assert!(matches!(sure.status, LinkStatus::Completed { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_one_order_link_has_one_end_whatever_it_is() {
    let world = World::new().await;
    for choices in [&["success"][..], &["failure"], &["failure", "success"]] {
        let link = waves(&world, one_order(), choices, 4).await;
        assert!(matches!(link.status, LinkStatus::Completed { .. }));
        let payments = world.read(move |reader| reader.payments_page(link.id, None, i64::MAX)).await;
        assert_eq!(payments.len(), 1, "{choices:?}");
    }
}

#[tokio::test]
async fn commands_of_one_batch_see_each_others_changes() {
    let world = World::new().await;
    let link = world.link(many(Some(2))).await;
    let first = world.engine.submit(start(&link)).await.unwrap().either();
    let held = hold(&world.engine);
    let second = queued(&world.engine, start(&link));
    let third = queued(&world.engine, start(&link));
    held.open().await;
    let second = second.await.unwrap().either();
    assert_eq!(third.await, Err(Failure::Refused(Refusal::LinkBusy)));

    // Two outcomes and their duplicates in one batch: the link is completed once, with both.
    let held = hold(&world.engine);
    let calls: Vec<_> = [&first, &second, &first, &second]
        .map(|payment| queued(&world.engine, RecordReport::about(payment, succeeded(payment))))
        .into_iter()
        .collect();
    held.open().await;
    for call in calls {
        assert_eq!(call.await.unwrap().state.word(), "captured");
    }
    let stored = world.stored(link.id).await;
    assert_eq!(stored.event_count, 1 + 2 + 1);
    assert_eq!(stored.sums.captured, Minor::new(2_000));
    assert!(matches!(stored.status, LinkStatus::Completed { .. }));
    world.assert_clean().await;
}
