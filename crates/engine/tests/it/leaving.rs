//! Callers that leave: before their command is taken it is never carried out, later it is.

use kadi_domain::id::MerchantId;
use kadi_domain::moment::Moment;
use kadi_domain::reference::ReferenceKey;
use kadi_domain::refusal::Stop;
use kadi_domain::view::View;
use kadi_domain::work::Needs;
use kadi_engine::command::{Command, Decision, Lane, Route};
use kadi_engine::commands::create_link::CreateLink;

use crate::gate::{gate, hold, queued};
use crate::note::Log;
use crate::world::{ORDERS, World, referenced};

fn create(world: &World, reference: &str) -> CreateLink {
    CreateLink { merchant_id: world.merchant, new: referenced(reference), idempotency: None }
}

async fn exists(world: &World, reference: &str) -> bool {
    let value = reference.to_owned();
    let key = ReferenceKey { merchant_id: world.merchant, namespace: ORDERS, value };
    world.read(move |reader| reader.link_by_reference(&key)).await.is_some()
}

#[tokio::test]
async fn a_command_whose_caller_left_before_it_was_taken_is_never_carried_out() {
    let world = World::new().await;
    let held = hold(&world.engine);
    let stays = queued(&world.engine, create(&world, "stays"));
    drop(queued(&world.engine, create(&world, "leaves")));
    let last = queued(&world.engine, create(&world, "last"));
    held.open().await;
    stays.await.unwrap();
    last.await.unwrap();
    assert!(exists(&world, "stays").await && exists(&world, "last").await);
    assert!(!exists(&world, "leaves").await);
    world.assert_clean().await;
}

#[tokio::test]
async fn a_command_whose_caller_left_after_it_was_taken_is_carried_out() {
    let world = World::new().await;
    let held = hold(&world.engine);
    // The second gate stands in one batch with the create: when it is reached, both were taken.
    let inside = gate(&world.engine);
    let leaves = queued(&world.engine, create(&world, "leaves"));
    held.open().await;
    inside.wait();
    drop(leaves);
    inside.open().await;
    // The answer to a later command comes after the batch of the one before.
    world.engine.submit(Log::default().note("later", Lane::Request, 1)).await.unwrap();
    assert!(exists(&world, "leaves").await);
    world.assert_clean().await;
}

#[tokio::test]
async fn many_callers_that_leave_free_their_places() {
    let (world, log) = (World::new().await, Log::default());
    let held = hold(&world.engine);
    for _ in 0..2_048 {
        drop(queued(&world.engine, log.note("gone", Lane::Request, 1)));
    }
    held.open().await;
    // The batch of another merchant's command clears the lane of those who have gone.
    world.engine.submit(log.note("other", Lane::Request, 2)).await.unwrap();
    world.engine.submit(log.note("here", Lane::Request, 1)).await.unwrap();
    assert_eq!(log.names(), ["other", "here"]);
}

/// A reply that panics when nobody takes it.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "a deliberate panic");
    }
}

struct Arm;

impl Command for Arm {
    type Reply = Bomb;

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: MerchantId::new(1), meets: 0 }
    }

    fn needs(&self, _: &mut Needs) {}

    fn decide(&self, _: &View, _: &mut Moment<'_>) -> Result<Decision<Bomb>, Stop> {
        Ok(Decision::unchanged(Bomb))
    }
}

#[tokio::test]
async fn the_engine_outlives_a_panic_after_the_commit() {
    let world = World::new().await;
    let held = hold(&world.engine);
    let inside = gate(&world.engine);
    let bomb = queued(&world.engine, Arm);
    held.open().await;
    inside.wait();
    drop(bomb);
    inside.open().await;
    world.link(referenced("afterwards")).await;
    assert!(exists(&world, "afterwards").await);
}
