//! A clean stop, and what a restart sees.

use std::collections::BTreeSet;

use kadi_domain::id::LinkId;
use kadi_domain::time::HOUR_MS;
use kadi_engine::Trouble;
use kadi_engine::clock::OFFSET_VALUE;
use kadi_engine::command::{Failure, Lane};
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_store::Session;

use crate::gate::{hold, queued, submit};
use crate::note::Log;
use crate::world::{World, once, referenced, start};

#[tokio::test]
async fn everything_that_waits_is_carried_out_and_nothing_is_taken_any_more() {
    let (world, log) = (World::new().await, Log::default());
    let held = hold(&world.engine);
    let create = |at| CreateLink { merchant_id: world.merchant, new: referenced(at), idempotency: None };
    let numbers: Vec<String> = (0..600).map(|number| number.to_string()).collect();
    let calls: Vec<_> = numbers.iter().map(|number| queued(&world.engine, create(number))).collect();
    let engine = world.engine.clone();
    let stop = std::thread::spawn(move || engine.stop());
    // Until the stop has closed the queue, commands are still taken, and then they are carried out too.
    let mut late = Vec::new();
    let closed = loop {
        match submit(&world.engine, log.note("late", Lane::Request, 2)) {
            Ok(call) => late.push(call),
            Err(failure) => break failure,
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    };
    assert_eq!(closed, Failure::Unavailable);
    held.open().await;
    let mut ids = BTreeSet::new();
    for call in calls {
        let Once::Done(made) = call.await.unwrap() else { panic!("made twice") };
        ids.insert(made.link.id);
    }
    let late_ones = late.len();
    for call in late {
        call.await.unwrap();
    }
    stop.join().unwrap();
    assert_eq!(log.count("late"), late_ones);
    assert_eq!(world.engine.submit(log.note("after", Lane::Outcome, 2)).await, Err(Failure::Unavailable));

    let world = world.restarted();
    let merchant = world.merchant;
    let stored = world.read(move |reader| reader.links_page(merchant, None, 1_000)).await;
    assert_eq!(stored.into_iter().map(|link| link.id).collect::<BTreeSet<_>>(), ids);
    world.assert_clean().await;
}

#[tokio::test]
async fn stopping_twice_is_stopping_once() {
    let world = World::new().await;
    world.engine.stop();
    world.engine.stop();
    assert_eq!(world.engine.advance_clock(1).await, Err(Failure::Unavailable));
}

#[tokio::test]
async fn ids_never_come_again_after_a_restart() {
    let mut world = World::new().await;
    let mut ids: Vec<LinkId> = Vec::new();
    for _ in 0..4 {
        for _ in 0..3 {
            ids.push(world.link(once()).await.id);
        }
        world = world.restarted();
    }
    assert!(ids.is_sorted(), "{ids:?}");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[tokio::test]
async fn the_clock_of_the_sandbox_goes_on_after_a_restart() {
    let world = World::new().await;
    let before = world.engine.now();
    let moved = world.engine.advance_clock(HOUR_MS).await.unwrap();
    assert!(moved.ms() - before.ms() >= HOUR_MS);
    let world = world.restarted();
    assert!(world.engine.now() >= moved);
    assert!(world.engine.advance_clock(-1).await.is_err());
    assert!(world.engine.advance_clock(i64::MAX).await.is_err());
    assert!(world.engine.now() < moved.plus_ms(HOUR_MS));
}

#[tokio::test]
async fn a_corrupt_clock_stops_the_start_instead_of_going_back() {
    let folder = tempfile::tempdir().unwrap();
    let engine = start(folder.path()).unwrap();
    engine.advance_clock(1).await.unwrap();
    engine.stop();
    let location = kadi_store::Location::sqlite(folder.path().join("kadi.db"));
    let mut session = Session::open(&location, 1).unwrap();
    let mut needs = kadi_domain::work::Needs::default();
    needs.values.insert(OFFSET_VALUE);
    let mut view = session.load(&needs).unwrap();
    let values = vec![(OFFSET_VALUE, "soon".to_owned())];
    view.apply(kadi_domain::work::Changes { values, ..Default::default() });
    assert_eq!(session.save(&view, [3; 16]), kadi_store::Commit::Committed);
    assert!(matches!(start(folder.path()).map(|_| ()), Err(Trouble::Broken(_))));
}
