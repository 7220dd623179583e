//! Once and only once: idempotency keys and references, in order and all at the same time.

use std::collections::BTreeSet;

use kadi_domain::id::LinkId;
use kadi_domain::link::LinkStatus;
use kadi_domain::refusal::Refusal;
use kadi_engine::command::Failure;
use kadi_engine::commands::cancel_link::CancelLink;
use kadi_engine::commands::create_link::{CreateLink, Idempotency, Once};

use crate::world::{ORDERS, World, import, merchant, once, referenced};

const fn key(key: u8, fingerprint: u8) -> Option<Idempotency> {
    Some(Idempotency { key_hash: [key; 32], fingerprint: [fingerprint; 32] })
}

fn keyed(world: &World, idempotency: Option<Idempotency>) -> CreateLink {
    CreateLink { merchant_id: world.merchant, new: once(), idempotency }
}

async fn links(world: &World) -> usize {
    let merchant = world.merchant;
    world.read(move |reader| reader.links_page(merchant, None, 10_000)).await.len()
}

fn made<T: std::fmt::Debug>(end: Result<Once<Box<T>>, Failure>) -> Box<T> {
    match end {
        Ok(Once::Done(made)) => made,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_repeated_request_is_answered_with_its_link_for_ever() {
    let world = World::new().await;
    let first = made(world.engine.submit(keyed(&world, key(1, 1))).await);
    assert_eq!(world.engine.submit(keyed(&world, key(1, 1))).await, Ok(Once::Replayed(first.link.id)));
    world.pass(400 * 24 * 60).await;
    let world = world.restarted();
    assert_eq!(world.engine.submit(keyed(&world, key(1, 1))).await, Ok(Once::Replayed(first.link.id)));
    assert_eq!(links(&world).await, 1);
}

#[tokio::test]
async fn another_request_under_a_used_key_is_refused_and_does_nothing() {
    let world = World::new().await;
    made(world.engine.submit(keyed(&world, key(1, 1))).await);
    let reused = world.engine.submit(keyed(&world, key(1, 2))).await;
    assert_eq!(reused, Err(Failure::Refused(Refusal::IdempotencyReused)));
    made(world.engine.submit(keyed(&world, key(2, 2))).await);
    assert_eq!(links(&world).await, 2);
}

#[tokio::test]
async fn keys_of_two_merchants_are_two_keys() {
    let world = World::new().await;
    let other = import(&world.engine, merchant("other")).await;
    let first = made(world.engine.submit(keyed(&world, key(1, 1))).await);
    let second = CreateLink { merchant_id: other, ..keyed(&world, key(1, 2)) };
    assert_ne!(made(world.engine.submit(second).await).link.id, first.link.id);
}

#[tokio::test]
async fn a_refused_request_does_not_use_up_its_key() {
    let world = World::new().await;
    world.link(referenced("taken")).await;
    let create = |new| CreateLink { merchant_id: world.merchant, new, idempotency: key(1, 1) };
    let refused = world.engine.submit(create(referenced("taken"))).await;
    assert_eq!(refused, Err(Failure::Refused(Refusal::ReferenceUsed(ORDERS))));
    made(world.engine.submit(create(referenced("free"))).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_requests_with_one_key_make_one_link() {
    let world = World::new().await;
    for round in 0..5 {
        let calls: Vec<_> = (0..100)
            .map(|at| {
                let (engine, create) = (world.engine.clone(), keyed(&world, key(round, at % 10 / 9)));
                tokio::spawn(async move { engine.submit(create).await })
            })
            .collect();
        let (mut done, mut replayed, mut refused) = (Vec::new(), BTreeSet::new(), 0);
        for call in calls {
            match call.await.unwrap() {
                Ok(Once::Done(made)) => done.push(made.link.id),
                Ok(Once::Replayed(id)) => drop(replayed.insert(id)),
                Err(Failure::Refused(Refusal::IdempotencyReused)) => refused += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
        let only: [LinkId; 1] = done.try_into().unwrap();
        assert_eq!(replayed.into_iter().collect::<Vec<_>>(), only);
        // Nine of ten have one body, one of ten another; the body that came first has won.
        assert!(refused == 10 || refused == 90, "{refused}");
    }
    assert_eq!(links(&world).await, 5);
    world.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_requests_with_one_reference_make_one_link() {
    let world = World::new().await;
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let (engine, merchant_id) = (world.engine.clone(), world.merchant);
            let create = CreateLink { merchant_id, new: referenced("order 1"), idempotency: None };
            tokio::spawn(async move { engine.submit(create).await })
        })
        .collect();
    let mut done = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(Once::Done(_)) => done += 1,
            other => assert_eq!(other, Err(Failure::Refused(Refusal::ReferenceUsed(ORDERS)))),
        }
    }
    assert_eq!((done, links(&world).await), (1, 1));
    world.assert_clean().await;
}

#[tokio::test]
async fn a_reference_stays_used_after_its_link_was_cancelled() {
    let world = World::new().await;
    let link = world.link(referenced("order 1")).await;
    let cancel =
        CancelLink { merchant_id: world.merchant, link_id: link.id, idempotency: None, also: Vec::new() };
    world.engine.submit(cancel).await.unwrap();
    let again = CreateLink { merchant_id: world.merchant, new: referenced("order 1"), idempotency: None };
    assert_eq!(world.engine.submit(again).await, Err(Failure::Refused(Refusal::ReferenceUsed(ORDERS))));
}

#[tokio::test]
async fn a_reference_that_stands_twice_in_one_request_is_refused_as_used() {
    let world = World::new().await;
    let mut new = referenced("order 1");
    new.references.push((ORDERS, "order 1".to_owned()));
    let create = CreateLink { merchant_id: world.merchant, new, idempotency: None };
    assert_eq!(world.engine.submit(create).await, Err(Failure::Refused(Refusal::ReferenceUsed(ORDERS))));
    assert_eq!(links(&world).await, 0);
}

#[tokio::test]
async fn a_repeated_cancel_is_answered_and_a_second_one_is_refused() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let cancel = |idempotency| CancelLink {
        merchant_id: world.merchant,
        link_id: link.id,
        idempotency,
        also: Vec::new(),
    };
    let cancelled = made(world.engine.submit(cancel(key(1, 1))).await);
    assert!(matches!(cancelled.status, LinkStatus::Cancelled { .. }));
    assert_eq!(world.engine.submit(cancel(key(1, 1))).await, Ok(Once::Replayed(link.id)));
    for other in [None, key(2, 1)] {
        assert_eq!(world.engine.submit(cancel(other)).await, Err(Failure::Refused(Refusal::LinkCancelled)));
    }
    let reused = world.engine.submit(cancel(key(1, 2))).await;
    assert_eq!(reused, Err(Failure::Refused(Refusal::IdempotencyReused)));
    world.assert_clean().await;
}
