//! One bad command never fails its neighbours, wherever it stands in the batch.

use kadi_domain::link::LinkWord;
use kadi_domain::reference::ReferenceKey;
use kadi_domain::refusal::Refusal;
use kadi_engine::command::Failure;
use kadi_engine::commands::create_link::{CreateLink, Once};

use crate::bad::{Bad, Traces, Wrong};
use crate::gate::{hold, queued};
use crate::world::{ORDERS, World, referenced};

const BATCH: usize = 8;

fn create(world: &World, reference: &str) -> CreateLink {
    CreateLink { merchant_id: world.merchant, new: referenced(reference), idempotency: None }
}

/// A batch of seven creates and one bad command at `position`; the other seven must be stored, and nothing of
/// the bad one.
async fn meet(world: &World, wrong: &[(usize, Wrong)], round: usize) {
    let (held, traces) = (hold(&world.engine), Traces::default());
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for position in 0..BATCH {
        match wrong.iter().find(|(at, _)| *at == position) {
            Some((_, wrong)) => {
                let command = Bad { merchant: world.merchant, wrong: *wrong, traces: traces.clone() };
                bad.push((*wrong, queued(&world.engine, command)));
            }
            None => {
                let reference = format!("order {round}.{position}");
                good.push((reference.clone(), queued(&world.engine, create(world, &reference))));
            }
        }
    }
    held.open().await;
    for (reference, call) in good {
        let Once::Done(made) = call.await.unwrap() else { panic!("{reference} was there before") };
        let key = ReferenceKey { merchant_id: world.merchant, namespace: ORDERS, value: reference };
        let found = world.read(move |reader| reader.link_by_reference(&key)).await;
        assert_eq!(found, Some(made.link.id));
        let stored = world.stored(made.link.id).await;
        assert_eq!(stored.word(world.engine.now()), LinkWord::Active);
    }
    for (wrong, call) in bad {
        assert!(matches!(call.await, Err(Failure::Broken(_))), "{wrong:?}");
    }
    for id in traces.ids() {
        assert_eq!(world.read(move |reader| reader.link(id)).await, None, "{wrong:?} left a link");
        assert!(world.read(move |reader| reader.events_of(id)).await.is_empty(), "{wrong:?} left an event");
    }
}

#[tokio::test]
async fn a_bad_command_fails_alone_at_every_position() {
    let world = World::new().await;
    let mut round = 0;
    for wrong in Wrong::ALL {
        for position in 0..BATCH {
            meet(&world, &[(position, wrong)], round).await;
            round += 1;
        }
    }
    world.assert_clean().await;
}

#[tokio::test]
async fn several_bad_commands_of_all_kinds_fail_alone_together() {
    let world = World::new().await;
    let all: Vec<(usize, Wrong)> = Wrong::ALL.into_iter().enumerate().collect();
    meet(&world, &all, 0).await;
    let spread = [(1, Wrong::Poison), (3, Wrong::Conflict), (4, Wrong::Poison), (6, Wrong::Stale)];
    meet(&world, &spread, 1).await;
    world.assert_clean().await;
}

#[tokio::test]
async fn a_bad_command_alone_in_its_batch_is_broken_too() {
    let world = World::new().await;
    for wrong in Wrong::ALL {
        let command = Bad { merchant: world.merchant, wrong, traces: Traces::default() };
        let end = world.engine.submit(command).await;
        assert!(matches!(end, Err(Failure::Broken(_))), "{wrong:?}: {end:?}");
    }
    world.assert_clean().await;
}

#[tokio::test]
async fn a_refused_neighbour_changes_nothing_for_the_others() {
    let world = World::new().await;
    world.link(referenced("taken")).await;
    let held = hold(&world.engine);
    let first = queued(&world.engine, create(&world, "before"));
    let refused = queued(&world.engine, create(&world, "taken"));
    let last = queued(&world.engine, create(&world, "after"));
    held.open().await;
    assert!(matches!(first.await, Ok(Once::Done(_))));
    assert_eq!(refused.await, Err(Failure::Refused(Refusal::ReferenceUsed(ORDERS))));
    assert!(matches!(last.await, Ok(Once::Done(_))));
    assert_eq!(world.read(|reader| reader.links_page(reader.merchants()?[0].id, None, 100)).await.len(), 3);
    world.assert_clean().await;
}
