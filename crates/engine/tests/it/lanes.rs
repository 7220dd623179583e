//! The queue: lanes, fair turns, shares, and what happens when it is full.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kadi_engine::command::{Failure, Lane};

use crate::gate::{hold, queued, submit};
use crate::note::Log;
use crate::world::World;

/// Limits and weights of queue.rs.
const WAITING_MAX: usize = 8_192;
const SHARE_MAX: usize = 2_048;
const BATCH_MAX: usize = 256;
const LANES: [(Lane, &str, usize); 4] = [
    (Lane::Outcome, "outcome", 112),
    (Lane::Request, "request", 96),
    (Lane::Page, "page", 32),
    (Lane::Job, "job", 16),
];

#[tokio::test]
async fn an_outcome_overtakes_a_long_queue_of_jobs() {
    let (world, log) = (World::new().await, Log::default());
    let held = hold(&world.engine);
    let mut calls: Vec<_> =
        (0..2_000).map(|_| queued(&world.engine, log.note("job", Lane::Job, 1))).collect();
    calls.push(queued(&world.engine, log.note("outcome", Lane::Outcome, 1)));
    held.open().await;
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(log.names()[0], "outcome");
    assert_eq!(log.count("job"), 2_000);
}

#[tokio::test]
async fn every_lane_has_its_places_in_a_full_batch() {
    let (world, log) = (World::new().await, Log::default());
    let held = hold(&world.engine);
    let mut calls = Vec::new();
    for (lane, name, _) in LANES {
        calls.extend((0..1_000).map(|_| queued(&world.engine, log.note(name, lane, 1))));
    }
    held.open().await;
    for call in calls {
        call.await.unwrap();
    }
    let first = &log.names()[..BATCH_MAX];
    for (_, name, places) in LANES {
        assert_eq!(first.iter().filter(|noted| **noted == name).count(), places, "{name}");
    }
}

#[tokio::test]
async fn a_merchant_with_one_command_does_not_wait_for_one_with_a_thousand() {
    let (world, log) = (World::new().await, Log::default());
    let held = hold(&world.engine);
    let mut calls: Vec<_> =
        (0..1_000).map(|_| queued(&world.engine, log.note("many", Lane::Request, 1))).collect();
    calls.push(queued(&world.engine, log.note("one", Lane::Request, 2)));
    held.open().await;
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(log.names().iter().position(|name| *name == "one"), Some(1));
}

#[tokio::test]
async fn a_merchant_that_fills_its_share_is_told_busy_and_others_are_served() {
    let (world, log) = (World::new().await, Log::default());
    let held = hold(&world.engine);
    let mut calls: Vec<_> =
        (0..SHARE_MAX).map(|_| queued(&world.engine, log.note("greedy", Lane::Request, 1))).collect();
    let one_more = submit(&world.engine, log.note("one more", Lane::Request, 1));
    assert_eq!(one_more.err(), Some(Failure::Busy));
    calls.push(queued(&world.engine, log.note("other merchant", Lane::Request, 2)));
    calls.push(queued(&world.engine, log.note("other lane", Lane::Outcome, 1)));
    held.open().await;
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(log.count("greedy"), SHARE_MAX);
    assert_eq!((log.count("other merchant"), log.count("other lane")), (1, 1));
    assert_eq!(log.count("one more"), 0);
    world.engine.submit(log.note("one more", Lane::Request, 1)).await.unwrap();
}

#[tokio::test]
async fn a_full_queue_is_busy_for_everyone_and_nothing_of_it_is_lost() {
    let (world, log) = (World::new().await, Log::default());
    let held = hold(&world.engine);
    let mut calls = Vec::new();
    for merchant in 1..=4 {
        let notes = (0..SHARE_MAX).map(|_| log.note("waiting", Lane::Request, merchant));
        calls.extend(notes.map(|note| queued(&world.engine, note)));
    }
    assert_eq!(calls.len(), WAITING_MAX);
    for lane in [Lane::Outcome, Lane::Request] {
        assert_eq!(submit(&world.engine, log.note("late", lane, 5)).err(), Some(Failure::Busy));
    }
    held.open().await;
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!((log.count("waiting"), log.count("late")), (WAITING_MAX, 0));
    world.engine.submit(log.note("late", Lane::Request, 5)).await.unwrap();
    world.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rail_notice_waits_at_most_four_batches_while_others_flood_the_queue() {
    const FLOODERS: i64 = 600;
    const NOTICES: usize = 200;
    let (world, log) = (World::new().await, Log::default());
    let stop = Arc::new(AtomicBool::new(false));
    let flood: Vec<_> = (0..FLOODERS)
        .map(|number| {
            let (engine, log, stop) = (world.engine.clone(), log.clone(), Arc::clone(&stop));
            // Three greedy merchants, in every lane.
            let (lane, _, _) = LANES[usize::try_from(number).unwrap() % LANES.len()];
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    engine.submit(log.note("flood", lane, number % 3 + 1)).await.unwrap();
                }
            })
        })
        .collect();
    while log.count("flood") < 2_000 {
        tokio::task::yield_now().await;
    }
    let mut waited = Vec::new();
    for _ in 0..NOTICES {
        let before = world.engine.counts().batches;
        world.engine.submit(log.note("notice", Lane::Outcome, 9)).await.unwrap();
        waited.push(world.engine.counts().batches - before);
    }
    stop.store(true, Ordering::Relaxed);
    for task in flood {
        task.await.unwrap();
    }
    assert_eq!(log.count("notice"), NOTICES);
    // The batch under way when it came, then at most four. A busy machine may count late now and then.
    waited.sort_unstable();
    assert!(waited[NOTICES * 9 / 10] <= 5, "{waited:?}");
}
